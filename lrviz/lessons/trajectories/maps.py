"""Many runs at once: rates swept, seeds compared, rate and memory mapped, a range test, and starts mapped to minima.

All of them follow one `Setup`: the surface, start, number of steps, schedule and noise that the page's own runs have.
A setup can be hashed, so that results are kept as long as nothing of it changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...curvature import Basins, basins
from ...descent import Trajectory, descend, steps_to
from ...optimizers import OPTIMIZERS
from ...schedules import SCHEDULES, warmup
from ..memo import memo
from .run import Land, land
from .settings import MAP_STEPS, MEMORY

Given = tuple[tuple[str, Any], ...]  # hyperparameters besides lr, in a form that can be hashed

PER_DECADE, HIGHEST = 12, 10.0
EPSILONS = tuple(np.logspace(-12, 1, 27).tolist())
LONGEST_MEMORY = 100.0  # 1 / (1 - beta) at the top of a map
GOOD = 100.0  # a rate of a map is good if its loss is within this factor of the best in its row
PORTION = 2_000_000  # positions held at once while a map is computed
LAST = 5  # a rate is judged by its mean loss over the last fifth of the steps,
REPLICAS, REPLICA_STEPS = 8, 2000  # and where there is noise over so many seeds, as long as they take so many steps
SEEDS = 20  # streams of noise over which arrivals are compared


@dataclass(frozen=True)
class Setup:
    """What all runs of a page have in common. `schedule` is its name, its parameters and the steps of warm-up."""

    surface: str
    bound: Given
    start: tuple[float, float]
    steps: int
    schedule: tuple[str, Given, int]
    noise: float
    seed: int

    @property
    def land(self) -> Land:
        return land(self.surface, self.bound)

    def factors(self, steps: int) -> np.ndarray:
        """(steps,) factors on the rate. ValueError where its settings do not fit, or give a negative rate."""
        return factors(*self.schedule, steps)

    def common(self, steps: int) -> dict[str, Any]:
        """What `descend` is told besides surface, optimizer, start and hyperparameters."""
        return {"schedule": self.factors(steps), "noise": self.noise, "seed": self.seed}

    def run(self, name: str, steps: int, **changes: Any) -> Trajectory:
        """`descend` with this setup; `changes` are hyperparameters, or take the place of what `common` gives."""
        start = changes.pop("start", self.start)
        return descend(self.land.surface, name, start, steps, **(self.common(steps) | changes))


@memo(entries=64)
def factors(name: str, given: Given, warm: int, steps: int) -> np.ndarray:
    """A schedule of initial rate 1 after `warm` steps of warm-up, at each of the first steps."""
    entry = SCHEDULES[name]
    initial = {"initial_learning_rate": 1.0} if "initial_learning_rate" in [p.name for p in entry.params] else {}
    rates = warmup(entry, warm)(np.arange(steps), **initial, **dict(given))
    if not np.all(np.isfinite(rates) & (rates >= 0)):
        wrong = "a negative one" if np.any(rates < 0) else "one that overflows"
        raise ValueError(f"{name}: every rate must be finite and not negative, got {wrong}")
    return rates


@memo(entries=32, long=True)
def path(setup: Setup, name: str, lr: float, given: Given) -> Trajectory:
    """One optimizer's run, with what its rule remembers."""
    return setup.run(name, setup.steps, lr=lr, slots=True, **dict(given))


def swept(area: Land) -> np.ndarray:
    """Learning rates for a sweep on this surface: from a tenth of the smallest it names up to 10, evenly over decades."""
    low = np.floor(np.log10(min(area.surface.rates.values(), default=1e-3))) - 1
    return np.logspace(low, np.log10(HIGHEST), round((np.log10(HIGHEST) - low) * PER_DECADE) + 1)


def last(steps: int) -> int:
    """How many of the last losses a rate is judged by."""
    return max(steps // LAST, 1)


def replicas(setup: Setup, steps: int) -> int:
    """Over how many seeds, from the page's own on."""
    return min(max(REPLICA_STEPS // steps, 1), REPLICAS) if setup.noise else 1


@memo(entries=64, long=True)
def sweep(setup: Setup, name: str, given: Given, steps: int) -> tuple[float, np.ndarray]:
    """Best rate and loss at each of `swept`, inf where diverged, in one batched call.

    The loss is the mean over the last fifth of the steps and over `replicas` seeds: a single last loss depends on where
    an oscillation, or the noise, happens to end. The best rate has the smallest loss, the smaller one where two are
    equal, and is the smallest of all where every run diverged.
    """
    rates, seeds = swept(setup.land), setup.seed + np.arange(replicas(setup, steps))[:, None]
    path = setup.run(name, steps, lr=rates, seed=seeds, **dict(given))
    with np.errstate(over="ignore"):
        loss = np.broadcast_to(path.loss, (len(seeds), *path.loss.shape[-2:]))[..., -last(steps) :].mean(axis=(0, -1))
    loss = np.where(np.isnan(loss), np.inf, loss)
    return float(rates[np.argmin(loss)]), loss


@memo(entries=64, long=True)
def arrivals_by_seed(setup: Setup, name: str, lr: float, given: Given, tolerance: float) -> np.ndarray:
    """(SEEDS,) steps to a minimum with each of the seeds from the page's own on, -1 where it is not reached; one batch."""
    path = setup.run(name, setup.steps, lr=lr, seed=setup.seed + np.arange(SEEDS), **dict(given))
    return np.broadcast_to(steps_to(path, setup.land.minima[:, :2], tolerance), (SEEDS,))


@dataclass(frozen=True, eq=False)
class RateMap:
    """Final loss over rate and memory: loss[i, j] with rate[j] and beta[i]; NaN where the run diverged.

    `param` is the name of the decay rate that is varied, `steps` how many steps each run took, `limit` (n,) the largest
    stable rate for each beta (None for rules without one).
    """

    name: str
    param: str
    rate: np.ndarray
    beta: np.ndarray
    loss: np.ndarray
    steps: int
    limit: np.ndarray | None

    @property
    def best(self) -> np.ndarray:
        """(n,) the rate with the smallest final loss, for each beta; NaN where all of them diverged."""
        loss = np.where(np.isnan(self.loss), np.inf, self.loss)
        return np.where(np.isfinite(loss.min(axis=1)), self.rate[loss.argmin(axis=1)], np.nan)

    def middle(self, floor: float | None) -> np.ndarray:
        """(n,) geometric mean of the good rates for each beta: final losses above the floor within GOOD of the smallest.

        The best rate jumps from row to row, since a final loss depends on where an oscillation happens to end; the
        middle does not. Without a floor it is the best rate.
        """
        if floor is None:
            return self.best
        loss = np.where(np.isnan(self.loss), np.inf, np.maximum(self.loss - floor, 1e-12))
        least = loss.min(axis=1, keepdims=True)
        good = (loss <= GOOD * least) & np.isfinite(loss)
        with np.errstate(invalid="ignore"):
            return np.exp((good * np.log(self.rate)).sum(axis=1) / np.where(good.any(axis=1), good.sum(axis=1), np.nan))

    def cell(self, rate: float, beta: float) -> tuple[float, float]:
        """Rate and beta of the cell that holds a point."""
        i = int(np.argmin(np.abs(np.log(1 - self.beta) - np.log(1 - beta))))
        return float(self.rate[np.argmin(np.abs(np.log(self.rate) - np.log(rate)))]), float(self.beta[i])


@memo(entries=16, long=True)
def rate_map(setup: Setup, name: str, given: Given, n: int) -> RateMap:
    """A map of n x n cells for an optimizer of MEMORY: the other hyperparameters stay as given."""
    steps, param, area = min(setup.steps, MAP_STEPS), MEMORY[name].name, setup.land
    rates = swept(area)
    rate = np.array([float(f"{r:.3g}") for r in np.geomspace(rates[0], rates[-1], n)])
    beta = np.round(1 - np.geomspace(1, 1 / LONGEST_MEMORY, n), 4)
    fixed = {k: v for k, v in given if k != param}
    rows = max(PORTION // (n * (steps + 1)), 1)
    parts = [beta[i : i + rows, None] for i in range(0, n, rows)]
    loss = [setup.run(name, steps, lr=rate, **fixed, **{param: part}).loss[..., -1] for part in parts]
    limit, stability = None, OPTIMIZERS[name].stability
    if stability and len(area.minima):
        limit = np.broadcast_to(stability(area.steep(setup.start)[0], **fixed, **{param: beta}), beta.shape)
    return RateMap(name, param, rate, beta, np.concatenate(loss), steps, limit)


def near(area: Land, tolerance: float) -> float:
    """How near to a minimum a run must end on a map of starts: the tolerance, or enough to tell where it still circles."""
    return max(tolerance, 0.02 * area.diagonal)


@memo(entries=16, long=True)
def basin_map(setup: Setup, name: str, lr: float, given: Given, n: int, tolerance: float) -> Basins:
    """Which minimum each of n x n starts leads this optimizer to.

    Arrived is who ends within the tolerance, or within a fiftieth of the box's diagonal if that is more: near enough to
    tell the minima apart, where a fixed rate still circles.
    """
    area, steps = setup.land, min(setup.steps, MAP_STEPS)
    within = near(area, tolerance)
    return basins(area.surface, name, steps, n, tolerance=within, lr=lr, **setup.common(steps), **dict(given))


@dataclass(frozen=True, eq=False)
class RangeTest:
    """One run whose rate rises at every step, and the sweeps beside it: with the budget and with all steps.

    rate (budget,), loss (budget + 1,) before each step and after the last, NaN after divergence; `final` maps steps to
    what `sweep` finds: (best rate, loss at each of `rates`).
    """

    rate: np.ndarray
    loss: np.ndarray
    rates: np.ndarray
    final: dict[int, tuple[float, np.ndarray]]

    @property
    def lowest(self) -> float | None:
        """The rate in force when the loss was lowest; None where it never fell below its start."""
        at = int(np.nanargmin(self.loss))
        return float(self.rate[at - 1]) if at else None


@memo(entries=32)
def range_test(setup: Setup, name: str, given: Given, budget: int) -> RangeTest:
    """The range test of one optimizer with a budget of steps."""
    rates = swept(setup.land)
    rising = np.geomspace(rates[0], rates[-1], budget)
    final = {steps: sweep(setup, name, given, steps) for steps in (budget, setup.steps)}
    return RangeTest(rising, _driven(setup, name, given, rising), rates, final)


@memo(entries=32, long=True)
def _driven(setup: Setup, name: str, given: Given, rates: np.ndarray) -> np.ndarray:
    return setup.run(name, len(rates), lr=1.0, schedule=rates, **dict(given)).loss


@memo(entries=32, long=True)
def arrivals_by_eps(setup: Setup, name: str, lr: float, given: Given, tolerance: float) -> np.ndarray:
    """Steps to within the tolerance of a minimum for each eps of EPSILONS, -1 where it is not reached; one batch."""
    fixed = {k: v for k, v in given if k != "eps"}
    path = setup.run(name, setup.steps, lr=lr, eps=np.array(EPSILONS), **fixed)
    return steps_to(path, setup.land.minima[:, :2], tolerance)
