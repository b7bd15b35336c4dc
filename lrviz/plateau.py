"""A rate that reacts: cut it when the loss has stopped falling.

A schedule is fixed before the run begins. `reduce_on_plateau` instead does what a person watching a run would do: as
long as the loss keeps reaching new bests the rate stays, and once it has failed to for more than `patience`
checks in a row the rate is multiplied by `factor`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .params import integer, number
from .registry import complete
from .schedule_params import INITIAL

SMALLEST_CHANGE = 1e-8
"""A cut that changes the rate by no more than this is not made (`eps` in PyTorch)."""

PLATEAU = (
    INITIAL.with_default(0.1, help="The rate until the first cut."),
    number(
        "factor",
        0.1,
        symbol="f",
        help="A cut multiplies the rate by this.",
        low=0.0,
        high=1.0,
        open_high=True,
        slider=(0.05, 0.95),
        step=0.05,
    ),
    integer(
        "patience",
        10,
        symbol="P",
        help="So many looks in a row may bring no new best; at the next one the rate is cut.",
        low=0,
        slider=(0, 100),
        step=1,
    ),
    number(
        "threshold",
        1e-4,
        help="A new best is a loss that is lower than the old best by more than this fraction of it.",
        low=0.0,
        high=1.0,
        open_high=True,
        slider=(1e-6, 0.1),
        log=True,
    ),
    integer(
        "cooldown",
        0,
        help="For so many looks after a cut, a missing new best is not counted.",
        low=0,
        slider=(0, 100),
        step=1,
    ),
    number(
        "min_lr",
        0.0,
        label="lowest rate",
        help="No cut goes below this rate.",
        low=0.0,
        slider=(0.0, 0.1),
    ),
)


def reduce_on_plateau(
    losses: Any,
    *,
    initial_learning_rate: Any,
    factor: Any = 0.1,
    patience: Any = 10,
    threshold: Any = 1e-4,
    cooldown: Any = 0,
    min_lr: Any = 0.0,
) -> np.ndarray:
    """The learning rate after each loss has been seen: losses (..., time) -> rates (..., time).

    As PyTorch's ReduceLROnPlateau with mode "min", threshold_mode "rel" and eps 1e-8. A NaN loss is not a new
    best. ValueError for a parameter out of its range, or losses without a time axis.
    """
    given = {
        "initial_learning_rate": initial_learning_rate,
        "factor": factor,
        "patience": patience,
        "threshold": threshold,
        "cooldown": cooldown,
        "min_lr": min_lr,
    }
    values = complete("reduce_on_plateau", PLATEAU, given)
    losses = np.asarray(losses, dtype=float)
    if losses.ndim == 0:
        raise ValueError(f"reduce_on_plateau: losses must have a time axis, got {losses}")
    rows = losses.reshape(math.prod(losses.shape[:-1]), losses.shape[-1])
    return np.reshape([_react(row.tolist(), **values) for row in rows], losses.shape)


def _react(
    losses: list[float],
    *,
    initial_learning_rate: float,
    factor: float,
    patience: int,
    threshold: float,
    cooldown: int,
    min_lr: float,
) -> list[float]:
    rate, best, bad, resting, rates = initial_learning_rate, math.inf, 0, 0, []
    for loss in losses:
        if loss < best * (1 - threshold):
            best, bad = loss, 0
        else:
            bad += 1
        if resting > 0:
            resting, bad = resting - 1, 0
        if bad > patience:
            lower = max(rate * factor, min_lr)
            rate = lower if rate - lower > SMALLEST_CHANGE else rate
            resting, bad = cooldown, 0
        rates.append(rate)
    return rates
