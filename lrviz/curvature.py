"""Curvature: what the second derivatives say about a point, and what they cost a run.

Where the gradient vanishes the Hessian decides. Both of its eigenvalues positive: a minimum. Both negative: a maximum.
One of each: a saddle, with a way down along the eigenvector of the negative one. An eigenvalue of zero: degenerate, the
second derivatives do not tell. Away from such points they say how a step will fare: gradient descent is stable up to
a rate of 2 / (largest eigenvalue).

Two races follow from it. Beside a saddle the gradient is small in proportion to the distance, so gradient descent
lingers: `escape_steps` counts for how long. And where there are several minima, the start decides which one a run
ends in: `basins` maps it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .descent import LARGEST_WORK, descend, first_step
from .params import integer, number
from .surfaces import SURFACES

PORTION = 1_000_000  # positions held at once while starts are mapped: 16 MB
STEP = np.finfo(float).eps ** (1 / 3)

TOLERANCE = number("tolerance", 1e-6, low=0.0, high=1.0, open_high=True)
X, Y = number("x", 0.0), number("y", 0.0)
OFFSET = number("offset", 1e-3, label="offset from the saddle", slider=(1e-12, 1.0), log=True)
RADIUS = number("radius", 1.0, low=0.0, open_low=True)
LR = number("lr", 0.05, low=0.0)
CURVATURE = number("curvature", 2.0, low=0.0)
GRID = integer("n", 32, low=2, high=512, label="starts along a side")
NEAR = number("tolerance", 0.1, low=0.0, open_low=True, label="distance that counts as arrived")


def hessian(surface: Any, x: Any, y: Any) -> np.ndarray:
    """Second derivatives [[f_xx, f_xy], [f_xy, f_yy]] at each point: (..., 2, 2) for x and y that broadcast to (...).

    Central differences of the analytic gradient, made symmetric. Their step is h = eps^(1/3) = 6.1e-6 times
    max(1, |coordinate|): the truncation error grows like h^2 and the rounding error like eps / h, and their sum is
    smallest where the two are alike, which leaves about 1e-10 of the surface's scale. Exact but for rounding where the
    gradient is at most quadratic. NaN (or inf) where the point is NaN or the gradient overflows.

    surface: an entry or its name (KeyError if unknown).
    """
    return _differences(SURFACES.resolve(surface).gradient, x, y, STEP)


def _differences(gradient: Callable, x: Any, y: Any, step: float) -> np.ndarray:
    x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    hx, hy = step * np.maximum(1.0, np.abs(x)), step * np.maximum(1.0, np.abs(y))
    with np.errstate(over="ignore", invalid="ignore"):
        right, left, up, down = gradient(x + hx, y), gradient(x - hx, y), gradient(x, y + hy), gradient(x, y - hy)
        f_xx, f_yx = ((right[i] - left[i]) / ((x + hx) - (x - hx)) for i in (0, 1))
        f_xy, f_yy = ((up[i] - down[i]) / ((y + hy) - (y - hy)) for i in (0, 1))
        mixed = (f_xy + f_yx) / 2
    return np.stack([np.stack([f_xx, mixed], axis=-1), np.stack([mixed, f_yy], axis=-1)], axis=-2)


def eigen(surface: Any, x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues of the Hessian, ascending, (..., 2), and their unit directions (..., 2, 2).

    directions[..., k, :] is the (x, y) direction in which the surface curves by eigenvalues[..., k]; its sign is free.
    Where both eigenvalues are equal the axes are given. NaN where the Hessian is.
    """
    h = hessian(surface, x, y)
    angle = np.arctan2(2 * h[..., 0, 1], h[..., 0, 0] - h[..., 1, 1]) / 2
    across, along = (
        np.stack([-np.sin(angle), np.cos(angle)], axis=-1),
        np.stack([np.cos(angle), np.sin(angle)], axis=-1),
    )
    return _eigenvalues(h), np.stack([across, along], axis=-2)


def _eigenvalues(h: np.ndarray) -> np.ndarray:
    middle = (h[..., 0, 0] + h[..., 1, 1]) / 2
    radius = np.hypot((h[..., 0, 0] - h[..., 1, 1]) / 2, h[..., 0, 1])
    return np.stack([middle - radius, middle + radius], axis=-1)


def classify(surface: Any, x: Any, y: Any, tolerance: float = TOLERANCE.default) -> Any:
    """The second-derivative test: "minimum", "maximum", "saddle" or "degenerate"; for arrays an array of these.

    An eigenvalue counts as zero, and the point as degenerate, if its size is at most `tolerance` (in [0, 1)) times the
    larger one, or within the error of the differences (how much the Hessian changes when their step is doubled). The
    words are about critical points; elsewhere they only say which way the surface curves.

    ValueError where x or y is not finite.
    """
    x, y, tolerance = (p.check(v, "classify") for p, v in ((X, x), (Y, y), (TOLERANCE, tolerance)))
    gradient = SURFACES.resolve(surface).gradient
    h, coarse = _differences(gradient, x, y, STEP), _differences(gradient, x, y, 2 * STEP)
    low, high = np.moveaxis(_eigenvalues(h), -1, 0)
    size = np.abs([low, high])
    zero = np.maximum(tolerance * size.max(axis=0), np.abs(coarse - h).max(axis=(-2, -1)))
    kinds = np.select([size.min(axis=0) <= zero, low > 0, high < 0], ["degenerate", "minimum", "maximum"], "saddle")
    return kinds if kinds.ndim else str(kinds)


# ------------------------------------------------------------------------------------------ leaving a saddle


def escape_steps(
    surface: Any,
    optimizer: Any,
    offsets: Any,
    *,
    radius: float = 1.0,
    steps: int = 1000,
    **hyperparameters: Any,
) -> np.ndarray:
    """Steps from (1, offset) until |y| > radius for the first time; -1 where that takes more than `steps`.

    Meant for the saddle (a x^2 - b y^2) / 2, whose way down is y; there an offset of 0 never leaves, and neither does a
    run that diverges along x first. All offsets run as one batch of `descend`.

    offsets          finite numbers of any shape; the result has it, broadcast with the hyperparameters'
    radius           a number > 0
    hyperparameters  those of the optimizer, and what else `descend` takes (schedule, noise, seed, ...)

    Raises what `descend` raises, and ValueError for offsets and radius.
    """
    offsets, radius = OFFSET.check(offsets, "escape_steps"), RADIUS.check(radius, "escape_steps")
    start = np.stack([np.ones_like(offsets), offsets], axis=-1)
    return first_step(np.abs(descend(surface, optimizer, start, steps, **hyperparameters).xy[..., 1]) > radius)


def escape_steps_gd(offset: Any, radius: Any, lr: Any, curvature: Any) -> Any:
    """Gradient descent's steps away from a saddle in closed form: ceil(ln(radius / |offset|) / ln(1 + lr curvature)).

    Each step multiplies y by 1 + lr * curvature, `curvature` being the size of the downward one (b of the saddle). As
    floats: inf where nothing ever moves (offset, lr or curvature 0), 0 where the start is outside already. Where the
    quotient is whole, y lands on the radius and passes it one step later. Arrays broadcast; lr and curvature >= 0,
    radius > 0, else ValueError.
    """
    given = ((OFFSET, offset), (RADIUS, radius), (LR, lr), (CURVATURE, curvature))
    offset, radius, lr, curvature = (p.check(v, "escape_steps_gd") for p, v in given)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        steps = np.ceil(np.log(radius / np.abs(offset)) / np.log1p(np.multiply(lr, curvature)))
    return np.where(np.abs(offset) >= radius, 0.0, steps)[()]


# --------------------------------------------------------------------------------------------- which minimum


@dataclass(frozen=True, eq=False)
class Basins:
    """Which minimum each start of a grid over the surface's box leads to.

    x, y      (n,) coordinates of the starts
    reached   (n, n) index into `minima`, -1 for none of them; reached[i, j] belongs to the start (x[j], y[i])
    minima    ((x, y, value), ...) the surface's own, in its order
    shares    (len(minima),) share of the starts that reach each
    best      indices of the lowest minima (several where their values agree to 1e-9)
    """

    x: np.ndarray
    y: np.ndarray
    reached: np.ndarray
    minima: tuple[tuple[float, float, float], ...]
    shares: np.ndarray
    best: tuple[int, ...]

    @property
    def share_reaching_best(self) -> float:
        """Share of the starts that reach one of the lowest minima."""
        return float(np.isin(self.reached, self.best).mean())


def basins(
    surface: Any, optimizer: Any, steps: int, n: int = GRID.default, *, tolerance: float = 0.1, **hyperparameters: Any
) -> Basins:
    """Run from n x n starts over the surface's box, some rows of them at a time, and see which minimum each run ends at.

    A run has reached a minimum if its last position is within `tolerance` of it (of the nearest, if of several); a run
    that diverged, or is still on its way after `steps`, has reached none.

    n                a whole number in [2, 512], n * n * (steps + 1) within the limit of `descend`
    tolerance        a distance > 0 in the plane
    hyperparameters  single values: those of the optimizer, and what else `descend` takes (schedule, noise, seed, ...)

    ValueError if the surface has no minimum among its points; else raises what `descend` raises.
    """
    surface = SURFACES.resolve(surface)
    n, tolerance = GRID.check(n, "basins"), NEAR.check(tolerance, "basins")
    minima = np.array([(x, y, float(surface.value(x, y))) for x, y, kind in surface.points if kind == "minimum"])
    if not minima.size:
        raise ValueError(f"basins: surface must have a minimum among its points, got {surface.name!r}")
    x0, x1, y0, y1 = surface.box
    x, y = np.linspace(x0, x1, n), np.linspace(y0, y1, n)
    if n * n * (steps + 1) > LARGEST_WORK:
        raise ValueError(f"basins: starts times steps must be <= {LARGEST_WORK}, got {n * n} times {steps}")
    starts, rows = np.stack(np.meshgrid(x, y), axis=-1), max(PORTION // (n * (steps + 1)), 1)
    parts = (starts[i : i + rows] for i in range(0, n, rows))
    ends = np.concatenate([_ends(surface, optimizer, part, steps, hyperparameters) for part in parts])
    away = np.hypot(ends[..., :1] - minima[:, 0], ends[..., 1:] - minima[:, 1])
    reached = np.where(away.min(axis=-1) <= tolerance, away.argmin(axis=-1), -1)
    lowest = np.isclose(minima[:, 2], minima[:, 2].min(), rtol=1e-9, atol=1e-9)
    return Basins(
        x=x,
        y=y,
        reached=reached,
        minima=tuple(map(tuple, minima.tolist())),
        shares=(reached[..., None] == np.arange(len(minima))).mean(axis=(0, 1)),
        best=tuple(np.flatnonzero(lowest).tolist()),
    )


def _ends(surface: Any, optimizer: Any, starts: np.ndarray, steps: int, hyperparameters: dict[str, Any]) -> np.ndarray:
    """Where the runs from starts (..., 2) end, NaN for those that diverged."""
    ends = descend(surface, optimizer, starts, steps, heights=False, **hyperparameters).xy[..., -1, :]
    if ends.shape != starts.shape:
        raise ValueError(f"basins: hyperparameters must be single values, got a batch of shape {ends.shape[:-1]}")
    return ends.copy()


def share_reaching_best(surface: Any, optimizer: Any, steps: int, n: int = GRID.default, **settings: Any) -> float:
    """Share of the starts of `basins`, with the same arguments, that end at one of the lowest minima."""
    return basins(surface, optimizer, steps, n, **settings).share_reaching_best
