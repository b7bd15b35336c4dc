"""Linear and logistic regression with two parameters: loss, cost, gradient, Hessian, minimum.

A data set is X of shape (2, m) and Y of shape (1, m): samples are columns, as the lecture writes them. The
prediction depends on z = w1 x1 + w2 x2, every sample has a loss L(z, y), and the cost is their mean
J(w) = 1/m sum L. With only two parameters the cost of ALL samples can be drawn as a contour, and on it the path of a
learner that sees a few samples at a time. The chain rule gives the gradient of one sample: (dL/dz) x.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .optimizers import either, maximum

BLOCK = 1_000_000  # elements of a temporary array
EXACT_UP_TO = 10_000  # samples; the cost of a larger logistic regression is summed over groups
CELLS = 80  # groups along each axis

log1p = either(math.log1p, np.log1p)
exp = either(math.exp, np.exp)
tanh = either(math.tanh, np.tanh)


def softplus(z: Any) -> Any:
    """log(1 + e^z) without overflow, of a float or an array."""
    return maximum(z, 0.0) + log1p(exp(-abs(z)))


def sigmoid(z: Any) -> Any:
    """1 / (1 + e^-z) without overflow, of a float or an array."""
    return 0.5 + 0.5 * tanh(0.5 * z)


@dataclass(frozen=True, eq=False)
class Data(ABC):
    """m samples and what can be said about all of them at once.

    samples: (3, m), the rows x1, x2, y; `X` (2, m) and `Y` (1, m) are views of it. Positions `w` have shape (..., 2).
    penalty >= 0 adds penalty/2 (w1^2 + w2^2) to the cost (and its share to the gradient, Hessian and minimum).
    """

    name: str
    samples: np.ndarray

    @property
    def m(self) -> int:
        """The number of samples."""
        return self.samples.shape[1]

    @property
    def X(self) -> np.ndarray:
        """The features (n_x, m) with n_x = 2, one sample a column."""
        return self.samples[:2]

    @property
    def Y(self) -> np.ndarray:
        """The labels (1, m)."""
        return self.samples[2:]

    @staticmethod
    @abstractmethod
    def losses(z: Any, y: Any) -> Any:
        """The loss of each sample."""

    @staticmethod
    @abstractmethod
    def slopes(z: Any, y: Any) -> Any:
        """dL/dz of each sample."""

    @abstractmethod
    def cost(self, w: Any, penalty: float = 0.0) -> np.ndarray:
        """J(w) over all samples, (...,)."""

    @abstractmethod
    def gradient(self, w: Any, penalty: float = 0.0) -> np.ndarray:
        """dJ/dw over all samples, (..., 2)."""

    @abstractmethod
    def hessian(self, w: Any, penalty: float = 0.0) -> np.ndarray:
        """(2, 2) over all samples."""

    @abstractmethod
    def minimum(self, penalty: float = 0.0) -> np.ndarray:
        """Where J is smallest, (2,)."""

    def bowl(self, penalty: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """Eigenvalues (2,) of the Hessian at the minimum, flat one first, and eigenvectors (2, 2), one a column."""
        return np.linalg.eigh(self.hessian(self.minimum(penalty), penalty))

    @cached_property
    def gradient_noise(self) -> np.ndarray:
        """Standard deviation (2,) of ONE sample's gradient at the minimum, along the eigenvectors of `bowl`.

        A batch of B samples drawn with replacement has this divided by sqrt(B).
        """
        w, (_, directions) = self.minimum(), self.bowl()
        return (directions.T @ self.X * self.slopes(w @ self.X, self.Y[0])).std(axis=1)


class LinearRegression(Data):
    """L(z, y) = (z - y)^2 / 2. The cost is exactly quadratic, so two by two numbers stand for all samples."""

    @staticmethod
    def losses(z: Any, y: Any) -> Any:
        """The loss of each sample."""
        return 0.5 * (z - y) * (z - y)

    @staticmethod
    def slopes(z: Any, y: Any) -> Any:
        """dL/dz of each sample: the residual."""
        return z - y

    @cached_property
    def _quadratic(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Hessian X X^T/m, minimum (the normal equations, refined once), and the cost there."""
        X, y = self.X, self.Y[0]
        H = X @ X.T / self.m
        w = np.linalg.solve(H, X @ y / self.m)
        w = w + np.linalg.solve(H, X @ (y - w @ X) / self.m)
        return H, w, float(self.losses(w @ X, y).mean())

    def cost(self, w: Any, penalty: float = 0.0) -> np.ndarray:
        """J(w) over all samples, (...,), exact at a price that does not depend on m."""
        H, best, floor = self._quadratic
        w = np.asarray(w, dtype=float)
        d1, d2 = np.moveaxis(w - best, -1, 0)
        excess = 0.5 * (H[0, 0] * d1 * d1 + 2 * H[0, 1] * d1 * d2 + H[1, 1] * d2 * d2)
        return floor + excess + 0.5 * penalty * (w * w).sum(-1)

    def gradient(self, w: Any, penalty: float = 0.0) -> np.ndarray:
        """dJ/dw over all samples, (..., 2)."""
        H, best, _ = self._quadratic
        w = np.asarray(w, dtype=float)
        return (w - best) @ H + penalty * w

    def hessian(self, w: Any = None, penalty: float = 0.0) -> np.ndarray:
        """d2J/dw2, (2, 2): the same everywhere."""
        return self._quadratic[0] + penalty * np.eye(2)

    def minimum(self, penalty: float = 0.0) -> np.ndarray:
        """Where the cost is least, (2,), in closed form: (H + penalty I) w = X y / m."""
        H, best, _ = self._quadratic
        return np.linalg.solve(H + penalty * np.eye(2), H @ best) if penalty else best


class LogisticRegression(Data):
    """L(z, y) = log(1 + e^z) - y z for labels y in {0, 1}: the cross-entropy of the prediction 1/(1 + e^-z)."""

    @staticmethod
    def losses(z: Any, y: Any) -> Any:
        """The loss of each sample."""
        return softplus(z) - y * z

    @staticmethod
    def slopes(z: Any, y: Any) -> Any:
        """dL/dz of each sample: predicted probability minus label."""
        return sigmoid(z) - y

    @cached_property
    def _groups(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Shares (k,), centres (2, k) and covariances (3, k) of groups of neighbouring samples.

        With s = (1 - 2y) x every loss is softplus(w s), so samples with nearly the same s can be counted together.
        """
        s = (1 - 2 * self.Y) * self.X
        if self.m <= EXACT_UP_TO:
            return np.full(self.m, 1 / self.m), s, np.zeros((3, 1))
        low, high = s.min(axis=1, keepdims=True), s.max(axis=1, keepdims=True)
        column, row = np.minimum((s - low) / (high - low) * CELLS, CELLS - 1).astype(int)
        cell = CELLS * column + row
        count = np.bincount(cell)
        used = count > 0

        def mean(values):
            return np.bincount(cell, values)[used] / count[used]

        centre = np.stack([mean(s[0]), mean(s[1])])
        squares = np.stack([mean(s[0] * s[0]), mean(s[0] * s[1]), mean(s[1] * s[1])])
        return count[used] / self.m, centre, squares - centre[[0, 0, 1]] * centre[[0, 1, 1]]

    def cost(self, w: Any, penalty: float = 0.0) -> np.ndarray:
        """J(w) over all samples, (...,).

        Exact up to 10,000 samples. Beyond, neighbouring samples are summed as a group by its size, centre and
        spread (a second-order expansion of the loss): within 1e-6 for |w| <= 5, and 100 times as fast.
        """
        share, centre, spread = self._groups
        w = np.asarray(w, dtype=float)
        points = w.reshape(-1, 2)
        value = np.empty(len(points))
        rows = max(1, BLOCK // share.size)
        for start in range(0, len(points), rows):
            part = points[start : start + rows]
            z = part @ centre
            loss = softplus(z)
            if share.size < self.m:
                p, (w1, w2) = sigmoid(z), part.T
                loss += 0.5 * p * (1 - p) * (np.stack([w1 * w1, 2 * w1 * w2, w2 * w2], axis=1) @ spread)
            value[start : start + rows] = loss @ share
        return value.reshape(w.shape[:-1]) + 0.5 * penalty * (w * w).sum(-1)

    def gradient(self, w: Any, penalty: float = 0.0) -> np.ndarray:
        """dJ/dw over all samples, (..., 2), exact."""
        w = np.asarray(w, dtype=float)
        points = w.reshape(-1, 2)
        value = np.empty_like(points)
        rows = max(1, BLOCK // self.m)
        for start in range(0, len(points), rows):
            part = points[start : start + rows]
            value[start : start + rows] = self.slopes(part @ self.X, self.Y[0]) @ self.X.T / self.m
        return value.reshape(w.shape) + penalty * w

    def hessian(self, w: Any, penalty: float = 0.0) -> np.ndarray:
        """d2J/dw2 at one position w (2,), shape (2, 2)."""
        p = sigmoid(np.asarray(w, dtype=float) @ self.X)
        return (p * (1 - p) * self.X) @ self.X.T / self.m + penalty * np.eye(2)

    def minimum(self, penalty: float = 0.0) -> np.ndarray:
        """Where the cost is least, (2,), by Newton's method; each step is halved until the gradient shrinks.

        ValueError when a line separates the two classes: then the cost falls for ever as w grows.
        """
        w = np.zeros(2)
        for _ in range(100):
            if not penalty and ((w @ self.X) * (2 * self.Y[0] - 1) > 0).all():
                break
            g = self.gradient(w, penalty)
            step = np.linalg.solve(self.hessian(w, penalty), g)
            if g @ step < 1e-24:
                return w - step
            while np.linalg.norm(self.gradient(w - step, penalty)) > np.linalg.norm(g):
                step = step / 2
            w = w - step
        raise ValueError(f"{self.name}: classes must overlap for a minimum to exist, got {self.m} separable samples")
