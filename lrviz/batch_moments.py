"""The mean and the covariance of gradient descent on random batches of a linear regression, exactly.

With h = x x^T and g = x (w* x - y), the distance e = w - w* of a run from the minimum w* follows

    e <- e - lr (h e + g),  h and g averaged over the batch.

Over independent draws the mean of e and its second moments M = E[e e^T] thus follow a linear recursion whose coefficients
are moments of the samples: no small rate need be assumed, and the noise of h (a batch sees another bowl than all samples
do) is counted as well as that of g. `batch_noise.floor` is the limit of small rates, where the noise of g is all there is.

Reshuffled batches are not independent: each epoch sums to the whole data set. For them the small-rate picture is solved
with that constraint and scaled, along each eigenvector, by what the noise of h adds under independent draws: right to a tenth
while that is no more than as much again (MOST).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .batch_noise import TINY, floor
from .batches import DRAWING, batches
from .regression import LinearRegression

MOST = 2.0  # times the small-rate variance, up to which reshuffled batches are approximated


class LongRun(NamedTuple):
    """How far a run is from the minimum, long after its start.

    end   root mean square distance at the ends of epochs
    mean  the same over all updates
    cost  the mean over all updates of the cost of all samples, above the least cost
    more  how many times as large as in the small-rate formula a variance is: large where rare bursts make most of it
    """

    end: float
    mean: float
    cost: float
    more: float = 1.0


class BatchLaw:
    """What one update does to the mean and the second moments of e, for one data set.

    The state is (mean of e, M row by row, 1), seven numbers; an update multiplies it by
    I + lr A1 + lr^2 (A2 + A3 / B).
    """

    def __init__(self, data: LinearRegression):
        x, y = data.X, data.Y[0]
        self.data, self.best, self.hessian = data, data.minimum(), data.hessian()
        h = (x[:, None] * x[None]).reshape(4, -1)
        g = x * (self.best @ x - y)
        H, eye = self.hessian, np.eye(2)
        squares = (h @ h.T / data.m).reshape(2, 2, 2, 2).transpose(0, 2, 1, 3).reshape(4, 4)  # E[h_ij h_kl] at (ik, jl)
        mixed = (h @ g.T / data.m).reshape(2, 2, 2)  # E[h_ij g_k]
        self.a1, self.a2, self.a3 = np.zeros((3, 7, 7))
        self.a1[:2, :2] = -H
        self.a1[2:6, 2:6] = -(np.kron(H, eye) + np.kron(eye, H))
        self.a2[2:6, 2:6] = np.kron(H, H)
        self.a3[2:6, 2:6] = squares - np.kron(H, H)
        self.a3[2:6, :2] = (mixed.transpose(0, 2, 1) + mixed.transpose(2, 0, 1)).reshape(4, 2)
        self.a3[2:6, 6] = (g @ g.T / data.m).ravel()

    def update(self, lr: Any, size: Any) -> np.ndarray:
        """(..., 7, 7) the matrix of one update; lr and size broadcast."""
        lr, size = (np.asarray(v, float)[..., None, None] for v in (lr, size))
        return np.eye(7) + lr * self.a1 + lr * lr * (self.a2 + self.a3 / size)

    def spread(self, batch_size: int, rates: Any, start: Any) -> np.ndarray:
        """(epochs + 1,) root mean square distance of independent runs from their mean, at the start and after each epoch.

        rates: (epochs x batches,) the learning rate of each update. inf where it is beyond all numbers.
        """
        cut, e = batches(self.data.m, batch_size), np.asarray(start, float) - self.best
        state = np.array([*e, *np.outer(e, e).ravel(), 1.0])
        out = [0.0]
        with np.errstate(all="ignore"):
            for epoch in np.asarray(rates, float).reshape(-1, cut.number):
                for step in self.update(epoch, cut.sizes):
                    state = step @ state
                variance = state[2] + state[5] - state[0] ** 2 - state[1] ** 2
                out.append(np.sqrt(max(variance, 0.0)) if np.isfinite(variance) else np.inf)
        return np.array(out)

    def long_run(self, batch_size: int, lr: float, drawing: str = "replacement") -> LongRun | None:
        """Where the balance of noise and pull lies under a fixed rate; None where there is none: the mean square grows.

        Under reshuffled batches also None where the approximation does not hold.
        """
        DRAWING.check(drawing, "long_run")
        cut = batches(self.data.m, batch_size)
        values, directions = self.data.bowl()
        if lr == 0 or (drawing == "reshuffle" and cut.number == 1):
            return LongRun(0.0, 0.0, 0.0) if lr * values[1] < 2 else None
        if lr * values[0] < TINY:
            small = floor(self.data, batch_size, lr, drawing=drawing)
            width = float(np.hypot(*small))
            return LongRun(width, width, float(0.5 * values @ small**2))
        found = self._independent(cut.number, batch_size, cut.last, lr)
        if found is None:
            return None
        steady, end, mean = (directions.T @ m.reshape(2, 2) @ directions for m in found)
        end, mean = np.diag(end), np.diag(mean)
        small = floor(self.data, batch_size, lr) ** 2
        more = np.divide(np.diag(steady), small, out=np.ones(2), where=small > 0)
        if drawing == "reshuffle":
            if more.max() > MOST:
                return None
            end, mean = (more * v for v in reshuffled(self.data, batch_size, lr))
        width, mean_width = float(np.sqrt(end.sum())), float(np.sqrt(mean.sum()))
        return LongRun(width, mean_width, float(0.5 * values @ mean), float(more.max()))

    def _independent(self, n: int, size: int, last: int, lr: float) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """M (4,) in a balance of full batches alone, at the ends of epochs, and on average over an epoch."""
        with np.errstate(all="ignore"):
            full, short = self.update(lr, size), self.update(lr, last)
        if not np.isfinite(full).all() or np.abs(np.linalg.eigvals(full[2:6, 2:6])).max() >= 1:
            return None
        k, c, eye = full[2:6, 2:6], full[2:6, 6], np.eye(4)
        steady = np.linalg.solve(eye - k, c)
        if last == size:
            return steady, steady, steady
        power = np.linalg.matrix_power(k, n - 1)
        k_last, c_last = short[2:6, 2:6], short[2:6, 6]
        if np.abs(np.linalg.eigvals(k_last @ power)).max() >= 1:
            return None
        end = np.linalg.solve(eye - k_last @ power, k_last @ (steady - power @ steady) + c_last)
        between = np.linalg.solve(eye - k, k @ (eye - power)) @ (end - steady)  # the sum over the full batches
        return steady, end, ((n - 1) * steady + between + end) / n


def reshuffled(data: LinearRegression, batch_size: int, lr: float) -> tuple[np.ndarray, np.ndarray]:
    """Variances (2,) under reshuffled batches and a small rate, at the ends of epochs and on average over all updates.

    Along the eigenvectors of `data.bowl()`. The means of two disjoint batches have the covariance -sigma^2/(m - 1).
    """
    cut, noise = batches(data.m, batch_size), data.gradient_noise**2 * lr * lr / (data.m - 1)
    end = floor(data, batch_size, lr, drawing="reshuffle") ** 2
    k = np.arange(1, cut.number)
    mean = np.empty(2)
    for i, a in enumerate(1 - lr * data.bowl()[0]):
        squares, total = np.cumsum(a ** (2 * (k - 1))), np.cumsum(a ** (k - 1))
        inside = a ** (2 * k) * end[i] + noise[i] * (data.m * squares / batch_size - total * total)
        mean[i] = (inside.sum() + end[i]) / cut.number
    return end, mean
