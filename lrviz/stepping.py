"""The time loop: one update rule, one gradient after the other, for one run or a batch of runs.

`walk` is the only loop over steps. `descend` hands it the gradients of a surface and `train` those of mini-batches. The
other functions here bring what both are given, starts, schedules and shapes, into the form that the loop takes.

The same loop serves plain floats and arrays. A single run is done in plain Python floats, which for two coordinates are
many times quicker than arrays; a batch keeps either coordinate as one contiguous array and advances all runs together.
Either way the rule sees one coordinate at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .optimizers import Optimizer
from .params import number
from .registry import complete

LIMIT = number("limit", 1e6, low=0.0, open_low=True)
SCHEDULE = number("schedule", 1.0, low=0.0)
START = number("start", 0.0)

Shape = tuple[int, ...]
Observe = Callable[[int, Sequence[Any], Sequence[Mapping[str, Any]]], Sequence[Any]]


def walk(
    optimizer: Optimizer, hyperparameters: Mapping[str, Any], start: np.ndarray, lr: np.ndarray, batch: Shape,
    observe: Observe, limit: float,
) -> np.ndarray:  # fmt: skip
    """Take one step for each rate; returns the positions (steps + 1, 2, *batch), the start first.

    hyperparameters  those besides lr: numbers, or arrays that broadcast to the batch
    start            (..., 2) and lr (..., steps), both with axes that broadcast to the batch
    observe          (step, w, memory) -> the two derivatives at w. It is called at every position, the last one
                     included, where its result is not used; memory holds the rule's slots for either coordinate

    A single run ends when it leaves the limit; what was not reached is NaN. A batch walks on: see `lost`.
    """
    rule, w, rates, single = optimizer.rule, _coordinates(start, batch), _by_step(lr), batch == ()
    path = np.full((len(rates) + 1, 2, *np.shape(w[0])), np.nan)
    memory = [dict.fromkeys(optimizer.slots, 0.0)] * 2
    try:
        for t in range(len(rates) + 1):
            if single and not (abs(w[0]) <= limit and abs(w[1]) <= limit):
                break
            path[t, 0], path[t, 1] = w
            g = observe(t, w, memory)
            if t == len(rates):
                break
            dx, kept_x = rule(w[0], g[0], memory[0], t + 1, lr=rates[t], **hyperparameters)
            dy, kept_y = rule(w[1], g[1], memory[1], t + 1, lr=rates[t], **hyperparameters)
            w, memory = (w[0] + dx, w[1] + dy), (kept_x, kept_y)
    except ArithmeticError:  # plain floats raise where arrays give inf or NaN; what is not yet recorded stays NaN
        pass
    return path


def lost(path: np.ndarray, limit: float) -> np.ndarray:
    """(steps + 1, *batch) True from where a run of `walk` has left the limit, or is no number any more."""
    return np.logical_or.accumulate(~(np.abs(path) <= limit).all(axis=1), axis=0)


# -------------------------------------------------------------------------------------------- what the loop is given


def plain(value: Any) -> Any:
    """An array without axes as the number in it: scalars stay scalar."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def hyperparameters_of(optimizer: Optimizer, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every hyperparameter: those given, checked, and the defaults of the others."""
    return {name: plain(value) for name, value in complete(optimizer.name, optimizer.params, given).items()}


def starts(who: str, start: Any, axes: str) -> np.ndarray:
    """(*batch, 2) where the runs start; ValueError for what are no pairs."""
    start = np.asarray(START.check(start, who))
    if start.shape[-1:] != (2,):
        raise ValueError(f"{who}: start must be pairs ({axes}), shape (..., 2), got shape {start.shape}")
    return start


def factors(who: str, schedule: Any, steps: int, unit: str) -> np.ndarray:
    """(*batch, steps) factors on the learning rate; ValueError for a negative one, or another number of them."""
    factors = np.asarray(SCHEDULE.check(schedule, who))
    if factors.ndim == 0:
        return np.full(steps, float(factors))
    if factors.shape[-1] != steps:
        raise ValueError(f"{who}: schedule must have one factor for each of {steps} {unit}, got shape {factors.shape}")
    return factors


def broadcast(who: str, what: str, shapes: Mapping[str, Shape]) -> Shape:
    """The common shape; ValueError with the names of those that do not fit."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        got = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
        raise ValueError(f"{who}: {what} shapes must broadcast, got {got}") from None


def shapes_of(hyperparameters: Mapping[str, Any]) -> dict[str, Shape]:
    """The shape of every hyperparameter that can be a batch."""
    return {name: np.shape(value) for name, value in hyperparameters.items() if not isinstance(value, str)}


def _coordinates(start: np.ndarray, batch: Shape) -> list[Any]:
    """Starts (..., 2) as two floats, or for a batch as two arrays of its shape."""
    w = np.moveaxis(np.broadcast_to(start, (*batch, 2)), -1, 0)
    return w.tolist() if batch == () else list(np.ascontiguousarray(w))


def _by_step(values: np.ndarray) -> list[Any]:
    """(*batch, steps) as a list over steps, of floats where there is no batch."""
    return values.tolist() if values.ndim == 1 else list(np.ascontiguousarray(np.moveaxis(values, -1, 0)))
