"""What a batch size costs on the machine at hand, measured once for each setting and remembered."""

from __future__ import annotations

import time
from dataclasses import replace

from ...batch_timing import EpochTime, TargetTime, time_per_epoch, time_to_target
from ...batches import batches
from ..memo import memo
from .training import Plan, Source, data_of, walked

BUDGET = 0.05  # seconds of measuring for one batch size, more or less
MOST_EPOCHS = 50  # after which a batch size has not come down to the target,
MOST_UPDATES = 5_000  # or after so many updates
PACED = 2_000, 500_000  # updates that are timed to know the pace of a path, and samples


def powers_of_two(m: int) -> tuple[int, ...]:
    """1, 2, 4, ... below m, and m itself."""
    return (*(2**k for k in range((m - 1).bit_length())), m)


@memo(entries=256, long=True)
def timed(source: Source, optimizer: str, batch_size: int) -> EpochTime:
    """An epoch of one batch size: measured, then remembered."""
    return next(time_per_epoch(data_of(source), [batch_size], optimizer, budget=BUDGET))


def paced_updates(batch_size: int) -> int:
    """How many updates of a path are timed, at most."""
    most, looked = PACED
    return min(most, max(looked // batch_size, 1))


@memo(entries=64, long=True)
def seconds_an_update(plan: Plan, batch_size: int) -> float:
    """Measured seconds of one update of a path: the better of two runs over its first updates, shuffling included.

    Where the path starts and how large its rate is does not change its pace, so neither is part of the key: pass
    `paced(plan)`.
    """
    seconds = []
    for _ in range(2):
        begin = time.perf_counter()
        run = walked(plan, batch_size, paced_updates(batch_size))
        seconds.append(time.perf_counter() - begin)
    return min(seconds) / run.batch_cost.size


def paced(plan: Plan) -> Plan:
    """The plan with all that does not change the pace of a path taken out."""
    return replace(plan, start=(0.0, 0.0), hyperparameters=(), seed=0)


@memo(entries=256, long=True)
def to_target(plan: Plan, batch_size: int, target: float, timing: EpochTime) -> TargetTime:
    """What one batch size needs to bring the cost of all samples down to the target, in MOST_EPOCHS and MOST_UPDATES.

    Updates and samples are the same on every machine; the seconds follow from `timing`, what `timed` has measured.
    """
    data = data_of(plan.source)
    cut = batches(data.m, batch_size)
    found = time_to_target(
        data, [timing], target, plan.optimizer, plan.start,
        epochs=MOST_EPOCHS, budget=min((MOST_UPDATES + 0.5) / timing.updates_per_second, 600.0), schedule=plan.factors(cut),
        drawing="reshuffle" if batch_size == data.m else plan.drawing, seed=plan.seed, **dict(plan.hyperparameters),
    )  # fmt: skip
    return next(found)


def measure_again() -> None:
    """Forget what was measured: the machine may have been busy with something else."""
    timed.forget()
    seconds_an_update.forget()
    to_target.forget()
