"""One path for each batch size, over the same samples for the same number of epochs.

B = m is batch gradient descent, B = 1 stochastic, and what lies between is mini-batch gradient descent. All start at the
same point, run the same optimizer under the same schedule, and see every sample once an epoch; what differs is how
many updates they make of it. Which of them is quickest depends on what is counted: updates, samples or seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...batches import Batches, batches
from ...datasets import DATASETS
from ...minibatch import Run, train
from ...optimizers import OPTIMIZERS
from ...regression import Data, LinearRegression
from ...schedules import SCHEDULES
from ..memo import memo
from ..registry_params import values_of

NAMES = ("batch", "mini_batch", "stochastic")
LONGEST = 20_000  # updates of one path; beyond, it stops inside the run, and the sentence says where
LOOKED = 2_000_000  # samples that one path looks at; the same
LOOKS = 500  # positions of a path, at most, at which the cost of all samples is computed
MOST_TERMS = 2_000_000  # losses summed to find where a path arrives
STEPS_AN_EPOCH = 100  # schedules count in hundredths of an epoch, so that every batch size decays alike

Source = tuple[str, tuple[tuple[str, Any], ...]]
Words = tuple[tuple[str, Any], ...]


def source_of(settings: Mapping[str, Any]) -> Source:
    """Which data the settings ask for, as a key for caches."""
    name = settings["data"]
    given = {"m": settings["m"], **values_of(settings, name, DATASETS[name].params)}
    return name, tuple(given.items())


@memo(entries=4)
def data_of(source: Source) -> Data:
    """The data set itself."""
    name, given = source
    return DATASETS[name](**dict(given))


@memo(entries=16, long=True)
def minimum_of(source: Source, penalty: float = 0.0) -> np.ndarray | None:
    """Where the cost of all samples is least, (2,); None where it falls for ever (classes that a line separates)."""
    try:
        return data_of(source).minimum(penalty)
    except ValueError:
        return None


@dataclass(frozen=True)
class Plan:
    """Everything that the paths of a picture share, hashable: a key for caches."""

    source: Source
    optimizer: str
    hyperparameters: Words
    schedule: str
    decay: Words
    start: tuple[float, float]
    epochs: int
    drawing: str
    seed: int

    def factors(self, cut: Batches) -> Callable[[np.ndarray], np.ndarray]:
        """The schedule as a factor on the learning rate: a function of the update number, for this cut.

        The function raises ValueError where the schedule (a noisy one, say) would make the rate negative.
        """
        entry, values = SCHEDULES[self.schedule], dict(self.decay)
        if any(p.name == "initial_learning_rate" for p in entry.params):
            values["initial_learning_rate"] = 1.0

        def factor(update: np.ndarray) -> np.ndarray:
            rates = entry(update * STEPS_AN_EPOCH / cut.number, **values)
            if not np.isfinite(rates).all():
                raise ValueError(f"{self.schedule}: rate must be finite at every update, got one beyond all numbers")
            if rates.min() < 0:
                raise ValueError(
                    f"{self.schedule}: rate must be >= 0 at every update, got {rates.min():.3g} times the learning rate"
                )
            return rates

        return factor


def plan_of(settings: Mapping[str, Any], schedule: str | None = None) -> Plan:
    """The plan the settings ask for, under their own schedule or another one."""
    optimizer, decay = settings["optimizer"], schedule or settings["schedule"]
    return Plan(
        source=source_of(settings),
        optimizer=optimizer,
        hyperparameters=tuple(values_of(settings, optimizer, OPTIMIZERS[optimizer].params).items()),
        schedule=decay,
        decay=tuple(values_of(settings, decay, SCHEDULES[decay].params).items()),
        start=(settings["w1"], settings["w2"]),
        epochs=settings["epochs"],
        drawing=settings["drawing"],
        seed=settings["seed"],
    )


@memo(entries=16, long=True)
def run_of(plan: Plan, batch_size: int) -> Run:
    """One path of at most LONGEST updates and LOOKED samples. A batch of all samples is all samples, however the others
    are drawn.

    ValueError for a batch larger than the data, or a schedule whose parameters do not fit each other.
    """
    return walked(plan, batch_size, LONGEST)


def walked(plan: Plan, batch_size: int, most: int) -> Run:
    """The same of at most so many updates, made anew each time."""
    data = data_of(plan.source)
    cut = batches(data.m, batch_size)
    updates = min(plan.epochs * cut.number, most, max(LOOKED // batch_size, 1))
    return train(
        data, plan.optimizer, plan.start, plan.epochs, batch_size,
        schedule=plan.factors(cut), drawing="reshuffle" if batch_size == data.m else plan.drawing,
        seed=plan.seed, updates=updates, **dict(plan.hyperparameters),
    )  # fmt: skip


def thinned(count: int, most: int) -> np.ndarray:
    """At most so many of the indices 0 .. count - 1: half of them evenly spread, half ever denser towards the start.

    A path has most to tell at its start, which even steps would jump over.
    """
    if count <= most:
        return np.arange(count)
    even = np.linspace(0, count - 1, most // 2)
    early = np.geomspace(1, count - 1, most - most // 2)
    return np.unique(np.concatenate([even, early]).round().astype(int))


@dataclass(frozen=True, eq=False)
class Path:
    """One batch size's run, and what can be said of it."""

    name: str
    data: Data
    cut: Batches
    run: Run
    epochs: int

    @property
    def size(self) -> int:
        """Samples in a batch."""
        return self.cut.batch_size

    @property
    def updates(self) -> int:
        return self.run.batch_cost.size

    @property
    def complete(self) -> bool:
        """Whether the path ran all its epochs, not just the first LONGEST updates or LOOKED samples."""
        return self.updates == self.epochs * self.cut.number

    @property
    def epoch(self) -> np.ndarray:
        """(updates + 1,) epochs gone before each position."""
        return self.run.samples_seen / self.data.m

    @cached_property
    def looks(self) -> np.ndarray:
        """At which positions the cost of all samples is computed."""
        return thinned(self.updates + 1, LOOKS)

    @cached_property
    def cost(self) -> np.ndarray:
        """(len(looks),) cost of all samples."""
        return self.data.cost(self.run.path[self.looks])

    @cached_property
    def diverged_at(self) -> int | None:
        """The update with which the path left the limit; None if it did not."""
        lost = np.isnan(self.run.path[:, 0])
        return int(np.argmax(lost)) if lost.any() else None

    @cached_property
    def rises(self) -> np.ndarray:
        """The updates, counted from 1, whose batch cost J{t} is above that of the update before."""
        cost = self.run.batch_cost
        return np.flatnonzero(np.diff(cost) > 1e-12 * np.abs(cost[:-1])) + 2

    @property
    def rises_at(self) -> int | None:
        """The first update whose batch cost is above the one before; None if it falls every time."""
        return int(self.rises[0]) if self.rises.size else None

    def updates_to(self, target: float) -> int | None:
        """Updates until the cost of all samples is first at or below the target; None if that does not happen.

        Every position is looked at, unless the samples are so many that it would take long (not for linear regression):
        then a path that comes down and up again between two looks is overlooked.
        """
        if isinstance(self.data, LinearRegression) or self.data.m * self.updates <= MOST_TERMS:
            hits = np.flatnonzero(self.data.cost(self.run.path) <= target)
            return int(hits[0]) if hits.size else None
        hits = np.flatnonzero(self.cost <= target)
        if not hits.size:
            return None
        last = self.looks[hits[0]]
        first = self.looks[max(hits[0] - 1, 0)]
        fine = self.data.cost(self.run.path[first : last + 1])
        return int(first + np.flatnonzero(fine <= target)[0])


def along(path: Path, axis: str, seconds: float = 0.0) -> np.ndarray:
    """(updates + 1,) the positions of a path on an axis: updates, epochs, samples, or seconds at so many an update."""
    if axis == "epochs":
        return path.epoch
    if axis == "samples":
        return path.run.samples_seen.astype(float)
    return np.arange(path.updates + 1) * (seconds if axis == "seconds" else 1.0)
