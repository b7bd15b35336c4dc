"""What a schedule does to noisy training: 200 runs on the same noisy bowl, driven by each schedule.

The loss is half of lambda times the squared distance to the minimum, and every gradient carries Gaussian noise of
standard deviation sigma in each coordinate, as a mini-batch's does. A step multiplies the distance by
1 - lr lambda and adds noise of size lr sigma, so the mean squared distance m is known beforehand, for any schedule:

    m <- (1 - lr lambda)^2 m + 2 lr^2 sigma^2

A fixed rate comes to rest where both balance: sigma sqrt(lr / (lambda (2 - lr lambda))) in each coordinate, and
sqrt 2 times that in distance. Above lr = 2/lambda nothing balances, and the run diverges.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from ...averages import ewma
from ...descent import Trajectory, descend, diverged_at
from ...surfaces import SURFACES

BOWL = SURFACES["ravine"].bind(kappa=1.0)
START = (-4.0, 3.0)
REPLICAS = 200
LIMIT = 1e3
MOST_STEPS = 1000
CONSTANTS = np.geomspace(1e-5, 1.999, 4000)
FACTORS = np.geomspace(1e-3, 1e3, 241)
BAND = (0.16, 0.5, 0.84)

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
    """The fixed rate that is expected to end nearest to the minimum after `steps` steps, to three digits or so."""
    pace = CONSTANTS
    keep = (1 - pace) ** 2
    kept = keep**steps
    square = kept * np.dot(START, START) + 2 * (pace * noise / curvature) ** 2 * (1 - kept) / (1 - keep)
    return float(pace[np.argmin(square)] / curvature)


def tuned(rates: np.ndarray, curvature: float, noise: float) -> tuple[float, float]:
    """The factor on all the rates that is expected to end nearest to the minimum, and the distance then."""
    return _tuned(np.ascontiguousarray(rates, dtype=float).tobytes(), curvature, noise)


@lru_cache(maxsize=24)
def _tuned(packed: bytes, curvature: float, noise: float) -> tuple[float, float]:
    rates = np.maximum(np.frombuffer(packed), 0.0)
    square = np.full(len(FACTORS), float(np.dot(START, START)))
    for rate in rates:
        square = np.minimum(
            (1 - rate * FACTORS * curvature) ** 2 * square + 2 * (rate * FACTORS * noise) ** 2, LIMIT**2
        )
    best = int(square.argmin())
    return float(FACTORS[best]), float(np.sqrt(square[best]))


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


def train(rates: np.ndarray, curvature: float, noise: float) -> Runs:
    """200 runs driven by the rates (steps,)."""
    return _train(np.ascontiguousarray(rates, dtype=float).tobytes(), curvature, noise)


@lru_cache(maxsize=24)
def _train(packed: bytes, curvature: float, noise: float) -> Runs:
    given = np.frombuffer(packed)
    rates = np.maximum(given, 0.0)
    runs = driven(rates, curvature, noise, np.arange(REPLICAS))
    square = (runs.xy**2).sum(axis=-1)
    gone = diverged_at(runs)
    whole = np.where(np.isnan(square), np.inf, square)
    return Runs(
        rates=rates,
        skipped=int((given < 0).sum()),
        ends=runs.xy[:, -1].copy(),
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
        """The rate at which that loss is lowest: beyond it the run begins to leave again."""
        return float(self.rising[np.argmin(self.calm)])


@lru_cache(maxsize=8)
def search(curvature: float, noise: float) -> Search:
    """A thousand runs at fixed rates, and one run through all rates."""
    fixed = np.broadcast_to(SWEPT[:, None, None], (len(SWEPT), 1, max(BUDGETS)))
    runs = driven(fixed, curvature, noise, np.arange(SHORT_RUNS))
    mean = curvature * runs.loss[..., list(BUDGETS)].mean(axis=1)
    rising = np.geomspace(SWEPT[0], SWEPT[-1], RANGE_STEPS)
    raw = curvature * driven(rising, curvature, noise, 0).loss[1:]
    return Search(curvature, np.where(np.isnan(mean), np.inf, mean).T, rising, raw)
