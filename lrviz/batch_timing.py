"""Which batch size is quickest, on the machine at hand?

One sample at a time wastes the machine: an update costs nearly the same for 1 sample as for 64. All the samples at a
time makes every update slow. `time_per_epoch` measures this, and `time_to_target` asks what counts in the end: how long
until the cost of all samples is low enough.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from .batches import Batches, batches
from .minibatch import LARGEST_RECORD, LARGEST_VISITS, Run, train
from .params import integer, number
from .regression import Data

BUDGET = number("budget", 0.2, low=0.0, high=600.0, open_low=True, unit="seconds")
EPOCHS = integer("epochs", 50, low=1)
TARGET = number("target", 0.0)
LOOKS = 1000  # positions of a run that are compared with the target


class EpochTime(NamedTuple):
    """What one batch size costs.

    seconds        for one epoch of `updates` updates, shuffling included
    timed_updates  how many of them were really run; if fewer than `updates`, the rest is `extrapolated`
    bytes          of one X{t} and Y{t}
    """

    batch_size: int
    updates: int
    seconds: float
    updates_per_second: float
    bytes: int
    timed_updates: int
    extrapolated: bool


class TargetTime(NamedTuple):
    """What it took to bring the cost down: updates, samples and estimated seconds; all NaN if it was not `reached`."""

    batch_size: int
    reached: bool
    updates: float
    samples: float
    seconds: float


def time_per_epoch(
    data: Data,
    batch_sizes: Iterable[int],
    optimizer: Any = "gd",
    *,
    budget: float = 0.2,
    clock: Callable[[], float] = time.perf_counter,
    **training: Any,
) -> Iterator[EpochTime]:
    """Measure an epoch of one path for each batch size; each result is yielded as soon as it is there.

    budget: seconds, in (0, 600]. Once the updates run for a batch size took half of it, the rest of its epoch is
    extrapolated, so that a batch size takes a few budgets at most. Every time is the best of two to five runs; the
    first update, with the shuffling, is timed by itself. clock: seconds now. Everything else goes to `train`, whose
    errors it raises; ValueError for a batch size outside [1, m].
    """
    cuts, budget = [batches(data.m, size) for size in batch_sizes], BUDGET.check_scalar(budget, "time_per_epoch")

    def seconds(cut: Batches, updates: int) -> float:
        runs: list[float] = []
        while len(runs) < 2 or (len(runs) < 5 and sum(runs) < budget / 4):
            begin = clock()
            train(data, optimizer, (0.0, 0.0), 1, cut.batch_size, updates=updates, **training)
            runs.append(clock() - begin)
        return min(runs)

    for cut in cuts:
        first = took = seconds(cut, 1)
        count = 1
        while count < cut.number and took - first < budget / 2:
            count = min(cut.number, 4 * count)
            took = seconds(cut, count)
        if count < cut.number:
            took = first + (took - first) * (cut.number - 1) / (count - 1)
        yield EpochTime(cut.batch_size, cut.number, took, cut.number / took, cut.bytes, count, count < cut.number)


def time_to_target(
    data: Data,
    timings: Iterable[EpochTime],
    target: float,
    optimizer: Any,
    start: Any,
    *,
    epochs: int = 50,
    budget: float = 1.0,
    **training: Any,
) -> Iterator[TargetTime]:
    """For each batch size: train one path until the cost of all samples (without penalty) is down to `target`.

    It is down at the first update t where it is at most the target and stays so, on average, for t updates more: a
    noisy path that crosses the target by chance has not arrived.

    timings: results of `time_per_epoch`, which turn updates into seconds. A batch size is given up when it diverges,
    after `epochs`, or after `budget` seconds of training by its timing (finding out takes up to four times as long).
    Updates are exact up to 1000 and right to 0.2 % beyond. Everything else goes to `train`, whose errors it raises; a
    schedule must be a function, since the number of updates is not known.
    """
    target, budget = TARGET.check_scalar(target, "time_to_target"), BUDGET.check_scalar(budget, "time_to_target")
    epochs = EPOCHS.check_scalar(epochs, "time_to_target")
    for timing in timings:
        size, each = timing.batch_size, timing.seconds / timing.updates
        most = min(epochs * timing.updates, (LARGEST_RECORD - 1) // 2, LARGEST_VISITS // (2 * size))
        walk = partial(train, data, optimizer, start, 2 * epochs, size, **training)
        updates = _updates_to(data, target, walk, max(1, min(most, int(budget / each))))
        if updates is None:
            yield TargetTime(size, False, math.nan, math.nan, math.nan)
        else:
            samples = updates // timing.updates * data.m + updates % timing.updates * size
            yield TargetTime(size, True, updates, samples, updates * each)


def _updates_to(data: Data, target: float, walk: Callable[..., Run], most: int) -> int | None:
    """Updates until the cost is down to the target and stays, looked for in stretches of doubling length; None if `most`
    do not do. One run serves the first stretch, another all the longer ones: its beginning is the same."""
    count = min(LOOKS, most)
    run = walk(updates=2 * count)
    if run.path.ndim != 2:
        raise ValueError(f"time_to_target: one run at a time is followed, got replicas {run.path.shape[:-2]}")
    while True:
        stride = -(-count // LOOKS)
        cost = data.cost(run.path[: 2 * count + 1 : stride])
        t = np.arange(count // stride + 1)
        total = np.append(0, np.cumsum(cost))
        hits = np.flatnonzero((cost[t] <= target) & (total[2 * t + 1] - total[t] <= target * (t + 1)))
        if hits.size:
            return stride * int(hits[0])
        if count == most or np.isnan(run.path[2 * count]).any():
            return None
        if count == LOOKS:
            run = walk(updates=2 * most)
        count = min(2 * count, most)
