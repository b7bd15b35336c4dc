"""Whether a path settles, wanders or is still on its way: one definition, with the noise floor in it.

A path is judged by the second half of its updates and, where there is a theory, by its noise floor: the root mean square
distance from the minimum that gradient descent keeps in the long run at a fixed rate (`BatchLaw.long_run`). The theory is
for gradient descent at a fixed rate on a linear regression; elsewhere only distances are stated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...batch_moments import BatchLaw, LongRun
from ...regression import LinearRegression
from ..memo import memo
from .training import Path, Plan, Source, data_of, minimum_of

SETTLED = 1e-6  # of the start's distance from the minimum
BURSTS = 4.0  # times the small-rate variance, from which on rare bursts make the mean square, which few runs show
AGREE = 1e-9  # of the start's distance: a noise floor below is rounding, the samples agree about the minimum


@dataclass(frozen=True)
class Stay:
    """How the second half of a path lies to the minimum.

    word      lost        the path left the limit, or there is no minimum
              at rest     its rate is 0: it does not move
              settled     it is never farther than a millionth of the start's distance
              coming      it is farther, and has no noise that would keep it away
              wanders     without noise it would be nearer than its noise floor from the middle of its updates on
              comes down  without noise it would be so by the end only
              on its way  without noise it would at the end still be farther than its noise floor
              unbounded   independent draws at a rate so large that the mean square distance grows for ever
              open        there is no theory for it, or one that few runs show
    near, far, rms        least, greatest and root mean square distance
    quarters              root mean square distance in the third and in the fourth quarter of the updates
    floor     the noise floor; None where there is none
    left      the distance at the end without noise; None where there is no theory
    """

    word: str
    near: float = np.nan
    far: float = np.nan
    rms: float = np.nan
    quarters: tuple[float, float] = (np.nan, np.nan)
    floor: float | None = None
    left: float | None = None


def has_theory(plan: Plan) -> bool:
    """Whether the noise floor of this plan is known: gradient descent at a fixed rate on a linear regression."""
    known = plan.optimizer == "gd" and plan.schedule == "constant"
    return known and isinstance(data_of(plan.source), LinearRegression)


@memo(entries=4)
def law_of(source: Source) -> BatchLaw:
    """What an update does on average, for a linear regression."""
    data = data_of(source)
    if not isinstance(data, LinearRegression):
        raise TypeError(f"law_of: data must be a linear regression, got {data.name}")
    return BatchLaw(data)


@memo(entries=256)
def long_run(source: Source, batch_size: int, lr: float, drawing: str) -> LongRun | None:
    """The balance of noise and pull, remembered; a batch of all samples is all samples, however the others are drawn."""
    law = law_of(source)
    return law.long_run(batch_size, lr, "reshuffle" if batch_size == law.data.m else drawing)


def rate_of(plan: Plan) -> float:
    """The learning rate of a plan."""
    return dict(plan.hyperparameters)["lr"]


def without_noise(plan: Plan, updates: int) -> float:
    """How far from the minimum gradient descent on all samples is after so many updates."""
    law, lr = law_of(plan.source), rate_of(plan)
    values, directions = law.data.bowl()
    with np.errstate(all="ignore"):
        e = (1 - lr * values) ** updates * (directions.T @ (np.array(plan.start) - law.best))
        return float(np.hypot(*e))


def stay(path: Path, plan: Plan) -> Stay:
    """How the second half of a path lies to the minimum."""
    minimum = minimum_of(plan.source)
    if minimum is None or path.diverged_at is not None:
        return Stay("lost")
    half, later = path.updates // 2, 3 * path.updates // 4 + 1
    square = ((path.run.path - minimum) ** 2).sum(axis=1)
    away = np.sqrt(square[half:])
    near, far, rms = float(away.min()), float(away.max()), float(np.sqrt(square[half:].mean()))
    quarters = float(np.sqrt(square[half:later].mean())), float(np.sqrt(square[later:].mean()))
    begin = float(np.sqrt(square[0]))
    distances = {"near": near, "far": far, "rms": rms, "quarters": quarters}
    if not path.run.lr.any():
        return Stay("at rest", **distances)
    if far <= SETTLED * begin:
        return Stay("settled", **distances)
    if not has_theory(plan):
        return Stay("open", **distances)
    found = long_run(plan.source, path.size, rate_of(plan), plan.drawing)
    if found is None:
        return Stay("unbounded" if plan.drawing == "replacement" and path.size < path.data.m else "open", **distances)
    if found.more > BURSTS or not np.isfinite(found.mean):
        return Stay("open", **distances)
    left, floor = without_noise(plan, path.updates), found.mean
    word = "on its way" if left > floor else "comes down" if without_noise(plan, half) > floor else "wanders"
    word = "coming" if floor <= AGREE * begin else word
    return Stay(word, **distances, floor=floor, left=left)
