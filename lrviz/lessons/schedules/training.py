"""What a schedule does to noisy training: 200 runs on the same noisy bowl, driven by each schedule.

The loss is half of lambda times the squared distance to the minimum, and every gradient carries Gaussian noise of
standard deviation sigma in each direction, as a mini-batch's does. A step multiplies the distance by
1 - lr lambda and adds noise of size lr sigma, so the mean squared distance m is known beforehand, for any schedule:

    m <- (1 - lr lambda)^2 m + 2 lr^2 sigma^2

A fixed rate comes to rest where both balance: sigma sqrt(lr / (lambda (2 - lr lambda))) in each direction, and
sqrt 2 times that in distance. Above lr = 2/lambda nothing balances, and the run diverges.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...averages import ewma
from ...descent import Trajectory, descend, diverged_at, first_step
from ...surfaces import SURFACES
from ..memo import memo

BOWL = SURFACES["ravine"].bind(kappa=1.0)
START = (-4.0, 3.0)
REPLICAS = 200
LIMIT = 1e3
MOST_STEPS = 1000
CONSTANTS = np.sort([*np.geomspace(1e-15, 1.999, 8000), 1.0])
PEAKS = np.geomspace(1e-15, 1e3, 361)  # highest rates times lambda that are tried when tuning; the best is refined
BAND = (0.16, 0.5, 0.84)
FAR = 0.5
AT_REST = 0.05

SWEPT = np.geomspace(1e-4, 10.0, 101)
BUDGETS = (10, 30, 100, 300, 1000)
SHORT_RUNS = 10
RANGE_STEPS = 300


def driven(rates: np.ndarray, curvature: float, noise: float, seed: Any, start: Any = START) -> Trajectory:
    """Gradient descent on the bowl, one step for each of the `rates` (*batch, steps).

    lr = lambda on the bowl of curvature 1 is the same run as lr = 1 on the bowl of curvature lambda.
    """
    return descend(BOWL, "gd", start, rates.shape[-1], lr=curvature, schedule=rates, noise=noise / curvature,
                   seed=seed, limit=LIMIT)  # fmt: skip


def expected_distance(rates: np.ndarray, curvature: float, noise: float) -> np.ndarray:
    """Root mean square distance to the minimum before the first step and after each: (steps + 1,), inf from where it is beyond LIMIT."""
    square = [float(np.dot(START, START))]
    for rate in rates.tolist():
        grown = (1 - rate * curvature) ** 2 * square[-1] + 2 * (rate * noise) ** 2
        square.append(grown if grown <= LIMIT**2 else np.inf)  # a comparison that also sends NaN, 0 times inf, there
    return np.sqrt(square)


def floor(rate: Any, curvature: float, noise: float) -> Any:
    """Distance at which a fixed rate comes to rest, root mean square in two dimensions; inf from 2/lambda on."""
    room = 2 - np.asarray(rate) * curvature
    with np.errstate(divide="ignore"):
        return np.where(room > 0, noise * np.sqrt(2 * rate / (curvature * np.where(room > 0, room, 1))), np.inf)


def best_constant(steps: int, curvature: float, noise: float) -> float:
    """The fixed rate that is expected to end nearest to the minimum after `steps` steps, to three digits or so.

    Without noise 1/lambda, which is there after one step.
    """
    if noise == 0:
        return 1 / curvature
    pace = CONSTANTS
    kept = (1 - pace) ** (2 * steps)
    square = kept * np.dot(START, START) + 2 * (noise / curvature) ** 2 * pace * (1 - kept) / (2 - pace)
    return float(pace[np.argmin(square)] / curvature)


@memo(entries=24, long=True)
def tuned(rates: np.ndarray, curvature: float, noise: float) -> tuple[float, float]:
    """The factor on all the rates that is expected to end nearest to the minimum, and the distance then."""
    rates = np.maximum(rates, 0.0)
    if not rates.any():
        return 1.0, float(np.hypot(*START))
    if noise == 0:
        return 1 / max(rates.max() * curvature, 1e-200), 0.0  # the step at its highest rate ends at the minimum
    factors = PEAKS / max(rates.max() * curvature, 1e-200)
    coarse = factors[squares(rates, factors, curvature, noise).argmin()]
    fine = coarse * np.geomspace(0.88, 1 / 0.88, 129)  # a little more than the neighbours of the best
    square = squares(rates, fine, curvature, noise)
    return float(fine[square.argmin()]), float(np.sqrt(square.min()))


def squares(rates: np.ndarray, factors: np.ndarray, curvature: float, noise: float) -> np.ndarray:
    """(factors,) mean squared distance expected at the end with all `rates` times a factor, at most LIMIT squared."""
    square = np.full(len(factors), float(np.dot(START, START)))
    for rate in rates:
        pace = np.minimum(rate * factors, LIMIT**2 / curvature)
        square = np.minimum((1 - pace * curvature) ** 2 * square + 2 * (pace * noise) ** 2, LIMIT**2)
    return square


@dataclass(frozen=True)
class Runs:
    """What one schedule makes of the noisy bowl.

    rates        (steps,) the rates that drove it
    skipped      how many of them were negative: such a step is not taken
    ends         (replicas, 2) where the runs ended, NaN for those that diverged
    band         (3, steps + 1) distance to the minimum: the 16th, 50th and 84th percentile of the runs
    rms          (steps + 1,) root mean square distance of the runs
    expected     (steps + 1,) the same, as the equation has it
    diverged     the step at which the first run diverged, -1 if none did
    """

    rates: np.ndarray
    skipped: int
    ends: np.ndarray
    band: np.ndarray
    rms: np.ndarray
    expected: np.ndarray
    diverged: int

    @property
    def constant(self) -> bool:
        return bool((self.rates == self.rates[0]).all())

    @property
    def end(self) -> float:
        return float(self.rms[-1])

    @cached_property
    def left(self) -> np.ndarray:
        """(left, 2) the end points of the runs that have not diverged."""
        return self.ends[np.isfinite(self.ends[:, 0])]

    @property
    def centre(self) -> np.ndarray:
        """(2,) the middle of those end points."""
        return self.left.mean(axis=0)

    @property
    def spread(self) -> float:
        """Their standard deviation in one coordinate, round their middle."""
        return float(np.sqrt(self.left.var(axis=0).mean()))

    @property
    def off_centre(self) -> bool:
        """Whether their middle is farther from the minimum than chance brings it: by more than 4 standard errors."""
        return bool(np.hypot(*self.centre) > 4 * self.spread / np.sqrt(len(self.left)))

    @property
    def arrived(self) -> int:
        """The first step at which the root mean square distance is at most FAR; -1 for never."""
        return int(first_step(self.rms <= FAR))


def state(runs: Runs, curvature: float, noise: float) -> str:
    """What has become of the runs of one schedule. Of a fixed rate theory says more than that it has "diverged":

    "still"       the rate is 0
    "leaving"     the rate is 2/lambda or more: the expected distance never falls
    "at rest"     the expected distance is within AT_REST of the one at which this rate stays
    "on the way"  it is larger than that, and larger than FAR
    """
    if runs.diverged >= 0:
        return "diverged"
    if not runs.constant or not np.isfinite(runs.expected[-1]):
        return ""
    rate, end = runs.rates[0], runs.expected[-1]
    if rate == 0 or rate * curvature >= 2:
        return "still" if rate == 0 else "leaving"
    rest = float(floor(rate, curvature, noise))
    if abs(end - rest) <= AT_REST * rest:
        return "at rest"
    return "on the way" if end > max(rest, FAR) else ""


@memo(entries=24, long=True)
def train(rates: np.ndarray, curvature: float, noise: float) -> Runs:
    """200 runs driven by the rates (steps,)."""
    given, rates = rates, np.maximum(rates, 0.0)
    runs = driven(rates, curvature, noise, np.arange(REPLICAS))
    square = (runs.xy**2).sum(axis=-1)
    gone = diverged_at(runs)
    whole = np.where(np.isnan(square), np.inf, square)
    return Runs(
        rates=rates,
        skipped=int((given < 0).sum()),
        ends=runs.xy[:, -1],
        band=np.sqrt(np.sort(whole, axis=0)[[int(part * (REPLICAS - 1)) for part in BAND]]),
        rms=np.sqrt(whole.mean(axis=0)),
        expected=expected_distance(rates, curvature, noise),
        diverged=int(gone[gone >= 0].min()) if (gone >= 0).any() else -1,
    )


@dataclass(frozen=True)
class Search:
    """Looking for a good fixed rate (O8).

    losses      (budgets, rates) mean loss of ten short runs after each budget of steps, inf where one diverged
    rising      (steps,) the rates of one run in which the rate rises all the time
    raw, calm   (steps,) its loss after each step, and the corrected average of it; NaN once diverged
    """

    curvature: float
    noise: float
    losses: np.ndarray
    rising: np.ndarray
    raw: np.ndarray

    @cached_property
    def best(self) -> np.ndarray:
        """(budgets,) the best rate for each budget."""
        return SWEPT[self.losses.argmin(axis=1)]

    @cached_property
    def calm(self) -> np.ndarray:
        return ewma(self.raw, 0.9, corrected=True)

    @cached_property
    def steepest(self) -> float:
        """The rate at which the calm loss of the rising run falls fastest."""
        return float(self.rising[np.argmin(np.diff(self.calm))])

    @cached_property
    def lowest(self) -> float:
        """The rate at which that loss is lowest."""
        return float(self.rising[np.argmin(self.calm)])

    @cached_property
    def diverged(self) -> float | None:
        """The rate at which the rising run diverged; None if it did not."""
        gone = np.isnan(self.raw)
        return float(self.rising[gone.argmax()]) if gone.any() else None

    @cached_property
    def theory(self) -> tuple[float, ...]:
        """(budgets,) the fixed rate that is expected to end nearest to the minimum after each budget."""
        return tuple(best_constant(budget, self.curvature, self.noise) for budget in BUDGETS)


@memo(entries=8, long=True)
def search(curvature: float, noise: float) -> Search:
    """A thousand runs at fixed rates, and one run through all rates."""
    fixed = np.broadcast_to(SWEPT[:, None, None], (len(SWEPT), 1, max(BUDGETS)))
    runs = driven(fixed, curvature, noise, np.arange(SHORT_RUNS))
    mean = curvature * runs.loss[..., list(BUDGETS)].mean(axis=1)
    rising = np.geomspace(SWEPT[0], SWEPT[-1], RANGE_STEPS)
    raw = curvature * driven(rising, curvature, noise, 0).loss[1:]
    return Search(curvature, noise, np.where(np.isnan(mean), np.inf, mean).T, rising, raw)
