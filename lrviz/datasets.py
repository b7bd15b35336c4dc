"""Data sets to learn from: m samples, two parameters, every one drawn from a seed.

The features are drawn and then brought to an exact covariance, so the bowl has the stated shape: for linear
regression the Hessian X X^T / m has the eigenvalues 1 (steep) and 1/condition (flat). The labels carry noise. It is
this noise that keeps small batches from settling: without it every sample agrees on the minimum, and even one sample
at a time settles there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .params import Param, integer, number
from .registry import Registry, complete
from .regression import EXACT_UP_TO, Data, LinearRegression, LogisticRegression, sigmoid

LARGEST_M = 1_000_000


@dataclass(frozen=True, eq=False)
class Recipe:
    """A recipe for data: `entry(m=..., seed=..., ...)` draws it and returns a `Data`.

    start: a good first position for a path. box: (w1 from, to, w2 from, to) of a good contour picture.
    summed: how many samples the cost of all of them looks at, at most; 1 where it has a closed form.
    """

    name: str
    label: str
    params: tuple[Param, ...]
    formula: str
    start: tuple[float, float]
    box: tuple[float, float, float, float]
    draw: Callable[..., Data]
    summed: int = LARGEST_M

    def __call__(self, **params: Any) -> Data:
        """The data. TypeError for an unknown parameter, ValueError for a value out of range or an array."""
        return self.draw(**complete(self.name, self.params, params, scalar=True))


DATASETS: Registry[Recipe] = Registry("data set")


def dataset(label: str, *, params: tuple[Param, ...], **fields: Any) -> Callable[[Callable[..., Data]], Recipe]:
    """Register the decorated function as a data set under its own name."""

    def register(draw: Callable[..., Data]) -> Recipe:
        return DATASETS.add(Recipe(draw.__name__, label, params, draw=draw, **fields))

    return register


M = integer(
    "m", 2000, low=2, high=LARGEST_M, slider=(10, LARGEST_M), log=True, label="samples", symbol="m",
    help="The number of samples in the training set.",
)  # fmt: skip
CONDITION = number(
    "condition", 5.0, low=1, high=1e4, slider=(1, 100), log=True, label="condition number", symbol="κ",
    help="Variance of the features in their widest direction over that in their narrowest: in linear regression the ratio of curvatures, 1 a round bowl.",
)  # fmt: skip
ANGLE = number(
    "angle", 0.0, low=-90, high=90, slider=(-90, 90), step=1, unit="degrees", label="angle of the bowl",
    help="Turns the long axis of the bowl away from the w1 axis, anticlockwise.",
)  # fmt: skip
NOISE = number(
    "noise", 1.0, low=0, high=100, slider=(0, 3), step=0.05, label="residual noise", symbol="σᵣ",
    help="Standard deviation of what the line cannot explain. At 0 every sample agrees on the minimum.",
)  # fmt: skip
FLIPPED = number(
    "flipped", 0.05, low=0, high=0.5, slider=(0, 0.5), step=0.01, label="labels flipped",
    help="The share of labels that are wrong, on top of the doubt that the model itself has.",
)  # fmt: skip
SEED = integer(
    "seed", 0, low=0, high=2**31 - 1, slider=(0, 100), label="seed of the data",
    help="One seed always draws the same samples.",
)  # fmt: skip


def features(rng: np.random.Generator, m: int, condition: float, angle: float) -> np.ndarray:
    """Gaussian features (2, m) with X X^T / m = R diag(1/condition, 1) R^T, to rounding; R turns by `angle` degrees."""
    z = rng.standard_normal((2, m))
    z = np.linalg.solve(np.linalg.cholesky(z @ z.T / m), z)
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array([[c, -s], [s, c]]) @ (np.array([[condition**-0.5], [1.0]]) * z)


@dataset(
    "linear regression",
    params=(M, CONDITION, ANGLE, NOISE, SEED),
    formula=r"J(w)=\frac{1}{m}\sum_{i=1}^{m}\tfrac12\left(w^{\top}x^{(i)}-y^{(i)}\right)^2",
    start=(-4.0, 3.0),
    box=(-5.0, 5.0, -4.0, 4.0),
    summed=1,
)
def linear_regression(*, m: int, condition: float, angle: float, noise: float, seed: int) -> Data:
    """y = w x + noise with w = (1, -0.5)."""
    rng = np.random.default_rng(seed)
    x = features(rng, m, condition, angle)
    y = np.array([1.0, -0.5]) @ x + noise * rng.standard_normal(m)
    return LinearRegression("linear_regression", np.vstack([x, y]))


@dataset(
    "logistic regression",
    params=(M, CONDITION, ANGLE, FLIPPED, SEED),
    formula=r"J(w)=\frac{1}{m}\sum_{i=1}^{m}\log\left(1+e^{z_i}\right)-y^{(i)}z_i,\quad z_i=w^{\top}x^{(i)}",
    start=(-4.0, 3.0),
    box=(-5.0, 5.0, -4.0, 4.0),
    summed=EXACT_UP_TO,
)
def logistic_regression(*, m: int, condition: float, angle: float, flipped: float, seed: int) -> Data:
    """P(y = 1) = 1/(1 + e^-z), z = w x with w = (1.5, -1), then some labels are flipped."""
    rng = np.random.default_rng(seed)
    x = features(rng, m, condition, angle)
    y = rng.random(m) < sigmoid(np.array([1.5, -1.0]) @ x)
    y ^= rng.random(m) < flipped
    return LogisticRegression("logistic_regression", np.vstack([x, y]))
