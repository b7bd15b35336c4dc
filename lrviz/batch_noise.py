"""How far mini-batches wander round the minimum, and how that depends on batch size, learning rate and schedule.

Near the minimum the cost is a bowl. Along an eigenvector of its Hessian, with eigenvalue lambda, the distance e from
the minimum follows e <- (1 - lr lambda) e - lr xi, where xi is the noise of the batch's gradient, of standard deviation
sigma (one sample's, divided by sqrt(B)). What one update adds and what the pull takes away balance when

    sd(e) = sigma sqrt(lr / (lambda (2 - lr lambda))).

A fixed rate thus keeps a cloud of fixed width; a smaller rate or a larger batch makes it narrower; a decaying rate lets
it shrink for ever. The formula wants independent batches (drawn with replacement), gradient descent without momentum
and an lr small enough that the noise is that AT the minimum. Reshuffled batches add up to the whole data set once an
epoch, so that most of their noise cancels by its end.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .batches import DRAWING
from .params import integer, number
from .regression import Data

TINY = 1e-9  # below this, lr times the curvature is a small rate to all digits
RATE = number("lr", 0.1, low=0.0)
INITIAL = number("initial", 0.0, low=0.0)


def sigma(data: Data, batch_size: Any) -> np.ndarray:
    """(..., 2) standard deviation of the gradient of a batch drawn with replacement, at the minimum.

    Along the eigenvectors of `data.bowl()`, the flat one first. batch_size: whole numbers (...,) in [1, m].
    """
    size = integer("batch_size", 1, low=1, high=data.m).check(batch_size, "sigma")
    return data.gradient_noise / np.sqrt(np.asarray(size, float))[..., None]


def floor(data: Data, batch_size: Any, lr: Any, *, drawing: str = "replacement") -> np.ndarray:
    """(..., 2) standard deviation of the position round the minimum, long after the start, under a fixed lr.

    Along the eigenvectors of `data.bowl()`, the flat one first; batch_size and lr (>= 0) broadcast. inf where
    lr lambda >= 2: no cloud is left. With drawing="reshuffle": at the END of an epoch, when it is narrowest (exact for
    this linear picture, a smaller last batch included). ValueError for a value out of range.
    """
    DRAWING.check(drawing, "floor")
    noise, lr = sigma(data, batch_size), np.asarray(RATE.check(lr, "floor"), float)[..., None]
    curvature = data.bowl()[0]
    pull = lr * curvature
    shown = (lr > 0) & (curvature > 0) & (pull < 2)
    if drawing == "replacement":
        share = 1 / (2 - np.where(shown, pull, 1.0))
    else:
        size, tiny = np.asarray(batch_size, float)[..., None], pull < TINY
        n = np.ceil(data.m / size)
        last = data.m - (n - 1) * size
        p = np.where(shown & ~tiny, pull, 0.5)
        a = 1 - p  # what is left of e after one update
        squares, total = np.where(tiny, n, (1 - a ** (2 * n)) / (1 - a * a)), np.where(tiny, n, (1 - a**n) / p)
        # Without replacement the noises of an epoch sum to zero, so the mean of their weights 1, a, a^2, ... drops out.
        left = np.maximum(data.m * (squares - 1 + size / last) - size * total * total, 0.0) / (data.m - 1)
        share = left * np.where(tiny, 0.5 / n, p / (1 - a ** (2 * n)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(shown, noise * np.sqrt(lr) * np.sqrt(share / curvature), np.where(lr > 0, np.inf, 0.0))


def spread(data: Data, batch_size: int, rates: Any, initial: Any = 0.0) -> np.ndarray:
    """(updates + 1, 2) standard deviation round the mean path after each update, under any schedule.

    rates: (updates,) the learning rate of each update, >= 0. initial: that of the start, a number or (2,), >= 0.
    Batches drawn with replacement; along the eigenvectors of `data.bowl()`. Under a fixed rate it tends to `floor`.
    """
    rates = np.asarray(RATE.check(rates, "spread"), float)
    if rates.ndim != 1:
        raise ValueError(f"spread: rates must be one for each update, shape (updates,), got shape {rates.shape}")
    decay, added = (1 - rates[:, None] * data.bowl()[0]) ** 2, (rates[:, None] * sigma(data, batch_size)) ** 2
    variance = np.empty((rates.size + 1, 2))
    variance[0] = np.square(INITIAL.check(initial, "spread"))
    with np.errstate(over="ignore"):
        for t in range(rates.size):
            variance[t + 1] = decay[t] * variance[t] + added[t]
    return np.sqrt(variance)


def measured_spread(data: Data, points: Any) -> np.ndarray:
    """(..., 2) standard deviation of replicas (replicas, ..., 2) round their mean, along the eigenvectors of the bowl.

    NaN where a replica has diverged (leave those out first). ValueError for fewer than two replicas.
    """
    points = np.asarray(points, float)
    if points.ndim < 2 or points.shape[-1] != 2 or len(points) < 2:
        raise ValueError(f"measured_spread: points must be two or more replicas (n, ..., 2), got shape {points.shape}")
    return (points @ data.bowl()[1]).std(axis=0, ddof=1)
