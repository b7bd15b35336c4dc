"""The burst of a root mean square over all steps (A3, A4): calm on a flat stretch, then thrown sideways.

A rule that divides by sigma, the root of the mean of all squared gradients so far, forgets the walls of a valley on its
way along the floor: with C^2 the sum of the squares, sigma = C / sqrt(t) falls. Across the valley, where the curvature
is lambda, a step overshoots by more than it corrects once lr / sigma > 2 / lambda. That is the case from about step
(2 C / (lr lambda))^2 on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...curvature import hessian
from ...descent import first_step
from .run import Run

CALM, BACK, CALM_STEPS = 0.15, 0.4, 10  # calm and burst, as shares of the first gradient
EARLY = 0.9  # a burst is the predicted one if it comes no sooner than this share of the step it is due from
SIDEWAYS = 0.9  # and sideways if so much of the gradient lies across the valley
ALIKE = 0.1  # the valley is one valley if its curvature changes by less than this share


@dataclass(frozen=True)
class Burst:
    """What became of the calm of a run.

    calm      first of ten steps in a row whose gradient is below 0.15 of the first
    step      first step after that, and before arriving, whose gradient is back above 0.4 of the first; -1 where none is
    sideways  whether that gradient lies across the valley
    due       (2 C / (lr lambda))^2; NaN where the run does not fit the assumptions: no noise, eps 0, the same rate and
              the same curvature across the valley from the calm on, and a burst that is not before its time
    tame      2 / lambda if from the calm on the effective rate across the valley never exceeds it; else NaN
    """

    calm: int
    step: int
    sideways: bool
    due: float
    tame: float


def calm_from(run: Run) -> int:
    """First of ten steps in a row whose gradient is below 0.15 of the first; -1 where there are none."""
    small = run.path.grad_norm < CALM * run.path.grad_norm[0]
    if len(small) < CALM_STEPS:
        return -1
    return int(first_step(np.convolve(small, np.ones(CALM_STEPS), mode="valid") > CALM_STEPS - 0.5))


def burst_of(run: Run, warm: int) -> Burst | None:
    """What became of the calm of a run after a warm-up of `warm` steps; None where it was never calm before arriving."""
    calm = calm_from(run)
    if calm < 0 or not len(run.land.minima) or 0 <= run.arrived <= calm:
        return None
    end = run.arrived if run.arrived >= 0 else run.last
    found = int(first_step(run.path.grad_norm[calm : end + 1] > BACK * run.path.grad_norm[0]))
    step = calm + found if found >= 0 else -1
    i, curve, one_valley = _across(run, calm, step if step >= 0 else end)
    slopes = run.land.surface.gradient(*run.path.xy[: run.last + 1].T)
    sideways = step >= 0 and abs(slopes[i][step]) >= SIDEWAYS * run.path.grad_norm[step]
    k = max(calm + CALM_STEPS, warm)
    rates = run.path.lr[k : run.last]
    due = np.nan
    if one_valley and not run.noise and not run.given.get("eps", 0.0) and len(rates) and np.ptp(rates) == 0 < rates[0]:
        due = float(4 * np.sum(slopes[i][: k + 1] ** 2) / (rates[0] * curve) ** 2)
    if step >= 0 and not (EARLY * due <= step and sideways):
        due = np.nan
    after = run.effective[calm:end, i]
    tame = 2 / curve if one_valley and np.isfinite(after).any() and np.nanmax(after) <= 2 / curve else np.nan
    return Burst(calm, step, bool(sideways), due, tame)


def _across(run: Run, calm: int, end: int) -> tuple[int, float, bool]:
    """The coordinate that curves most when the run is calm, its curvature, and whether that stays alike until `end`."""
    curves = np.diagonal(hessian(run.land.surface, *run.path.xy[calm : end + 1].T), axis1=-2, axis2=-1)
    i = int(np.argmax(curves[0]))
    curve = float(curves[0, i])
    return i, curve, bool(curve > 0 and np.ptp(curves[:, i]) <= ALIKE * curve)
