"""What happened to one run: where it arrived, whether it left, zigzagged, circled or got stuck.

Every fact is a number of steps or a size that a reader can check in the figure. "Steep" is the direction of the
largest curvature at the minimum nearest to the start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from ...curvature import eigen, hessian
from ...descent import Trajectory, diverged_at, first_step, path_length, steps_to, zigzags
from ...optimizers import Optimizer
from ...surfaces import SURFACES, Surface

CELLS = 80  # points of the drawn grid along a side
CALM, BACK, CALM_STEPS = 0.15, 0.4, 10  # a burst: calm, as shares of the first gradient, then back
FLAT, STEEP = 0.01, 0.1  # stuck: the loss changes by less than this share, the gradient keeps more than that


@dataclass(frozen=True, eq=False)
class Land:
    """A surface as far as it is drawn.

    x, y      (CELLS,) the grid over the surface's box
    loss      (CELLS, CELLS) its values there; loss[i, j] belongs to (x[j], y[i])
    minima    (n, 3) x, y and value of the known minima
    floor     the lowest of these values; None where there is no minimum
    top       the largest loss in the box, above the floor if there is one
    steepest  the largest gradient in the box
    """

    surface: Surface
    x: np.ndarray
    y: np.ndarray
    loss: np.ndarray
    minima: np.ndarray
    floor: float | None
    top: float
    steepest: float

    @property
    def diagonal(self) -> float:
        """From corner to corner of the box."""
        x0, x1, y0, y1 = self.surface.box
        return float(np.hypot(x1 - x0, y1 - y0))

    def excess(self, loss: Any) -> Any:
        """Loss above the lowest minimum; the loss itself where there is none."""
        return loss if self.floor is None else loss - self.floor

    def nearest(self, x: float, y: float) -> int:
        """Index of the minimum nearest to a point."""
        return int(np.argmin(np.hypot(self.minima[:, 0] - x, self.minima[:, 1] - y)))

    def steep(self, start: Sequence[float]) -> tuple[float, np.ndarray]:
        """The largest curvature, and its direction, at the minimum nearest to the start."""
        x, y, _ = self.minima[self.nearest(*start)]
        values, vectors = eigen(self.surface, x, y)
        return float(values[1]), vectors[1]

    def inside(self, xy: np.ndarray) -> np.ndarray:
        """Whether positions (..., 2) lie in the box."""
        x0, x1, y0, y1 = self.surface.box
        return (xy[..., 0] >= x0) & (xy[..., 0] <= x1) & (xy[..., 1] >= y0) & (xy[..., 1] <= y1)


@lru_cache(maxsize=16)
def land(name: str, bound: tuple[tuple[str, float], ...]) -> Land:
    """The land of a surface with these parameters."""
    surface = SURFACES[name].bind(**dict(bound))
    x0, x1, y0, y1 = surface.box
    x, y = np.linspace(x0, x1, CELLS), np.linspace(y0, y1, CELLS)
    grid = np.meshgrid(x, y)
    loss = surface.value(*grid)
    minima = [(px, py, float(surface.value(px, py))) for px, py, kind in surface.points if kind == "minimum"]
    floor = min(m[2] for m in minima) if minima else None
    top = float(loss.max() - (floor or 0.0))
    steepest = float(np.hypot(*surface.gradient(*grid)).max())
    return Land(surface, x, y, loss, np.reshape(minima, (-1, 3)), floor, top, steepest)


@dataclass(frozen=True, eq=False)
class Run:
    """One optimizer's way. `given` holds its hyperparameters besides lr, `path` the trajectory with slots."""

    entry: Optimizer
    lr: float
    given: Mapping[str, Any]
    path: Trajectory
    land: Land
    tolerance: float

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def label(self) -> str:
        return self.entry.label

    @cached_property
    def arrived(self) -> int:
        """First step within the tolerance of a minimum; -1 where there was none."""
        if not len(self.land.minima):
            return -1
        return int(steps_to(self.path, self.land.minima[:, :2], self.tolerance))

    @cached_property
    def diverged(self) -> int:
        """The step that took it beyond all limits; -1 where none did."""
        return int(diverged_at(self.path))

    @cached_property
    def left(self) -> int:
        """First step outside the box, after having been in it; -1 where it stayed."""
        inside = self.land.inside(self.path.xy)
        return int(first_step(np.logical_or.accumulate(inside) & ~inside & ~np.isnan(self.path.xy[:, 0])))

    @cached_property
    def last(self) -> int:
        """The last step at which it still was a number."""
        return len(self.path.loss) - 1 if self.diverged < 0 else self.diverged - 1

    @cached_property
    def away(self) -> np.ndarray:
        """(steps + 1,) distance to the nearest minimum."""
        gaps = self.path.xy[:, None, :] - self.land.minima[:, :2]
        return np.hypot(gaps[..., 0], gaps[..., 1]).min(axis=1)

    @cached_property
    def home(self) -> int:
        """Index of the minimum it is nearest to in the end."""
        return self.land.nearest(*self.path.xy[self.last])

    @cached_property
    def limit(self) -> float | None:
        """The largest rate that does not diverge at that minimum, for the rules that have one."""
        if self.entry.stability is None or not len(self.land.minima):
            return None
        return float(self.entry.stability(self.land.steep(self.path.xy[0])[0], **self.given))

    @cached_property
    def turns(self) -> int:
        """How often it turned back across the steep direction, until it arrived."""
        if not len(self.land.minima):
            return 0
        until = self.arrived if self.arrived >= 0 else self.last
        return int(zigzags(replace(self.path, xy=self.path.xy[: until + 1]), self.land.steep(self.path.xy[0])[1]))

    @cached_property
    def circling(self) -> float:
        """Root mean square distance to the nearest minimum over the last quarter, if it circles there; else 0.

        It circles if that is more than the tolerance and less than a twentieth of the box's diagonal, no longer shrinks
        (to under half of the third quarter's), and if the way gone in the last quarter is more than four times as long as
        the line from its first point to its last.
        """
        quarter = len(self.path.loss) // 4
        if not len(self.land.minima) or self.diverged >= 0 or quarter < 5:
            return 0.0
        before, after = (
            float(np.sqrt(np.mean(part**2))) for part in (self.away[-2 * quarter : -quarter], self.away[-quarter:])
        )
        end = replace(self.path, xy=self.path.xy[-quarter:])
        net, way = float(np.hypot(*(end.xy[-1] - end.xy[0]))), float(path_length(end))
        near = max(self.tolerance, 0.5 * before) < after < 0.05 * self.land.diagonal
        return after if near and way > 4 * net else 0.0

    @cached_property
    def stuck(self) -> float:
        """Mean gradient norm over the last quarter if the loss stood still there and the gradient is large; else 0."""
        quarter = len(self.path.loss) // 4
        if self.diverged >= 0 or quarter < 5:
            return 0.0
        loss, norm = self.land.excess(self.path.loss[-quarter:]), float(self.path.grad_norm[-quarter:].mean())
        still = np.ptp(loss) <= FLAT * abs(loss.mean())
        return norm if still and norm > STEEP * self.path.grad_norm[0] else 0.0

    @cached_property
    def calm(self) -> int:
        """First step of ten in a row whose gradient is below 0.15 of the first; -1 where there are none."""
        small = self.path.grad_norm < CALM * self.path.grad_norm[0]
        windows = (
            np.convolve(small, np.ones(CALM_STEPS), mode="valid") == CALM_STEPS if len(small) >= CALM_STEPS else [False]
        )
        return int(first_step(windows))

    @cached_property
    def burst(self) -> int:
        """First step after the calm whose gradient is back above 0.4 of the first; -1 where there is none."""
        if self.calm < 0:
            return -1
        after = first_step(self.path.grad_norm[self.calm :] > BACK * self.path.grad_norm[0])
        return int(after) + self.calm if after >= 0 else -1

    def due(self, warm: int) -> float:
        """Step from which a root mean square over all steps lets the path burst: (2 C / (lr lambda))^2.

        C^2 is the sum of the squared gradients until it has been calm for ten steps (or until the end of a warm-up of
        `warm` steps, if later), and lambda the curvature, both of the coordinate that curves most at the minimum
        nearest to the start.
        """
        x, y, _ = self.land.minima[self.land.nearest(*self.path.xy[0])]
        curves = np.diag(hessian(self.land.surface, x, y))
        i = int(np.argmax(curves))
        k = min(max(self.calm + CALM_STEPS, warm), len(self.path.lr) - 1)
        slopes = self.land.surface.gradient(*self.path.xy[: k + 1].T)[i]
        return float(4 * np.sum(slopes * slopes) / (self.path.lr[k] * curves[i]) ** 2)

    @cached_property
    def effective(self) -> np.ndarray:
        """(steps, 2) rate of each step along x and along y: the learning rate over what the rule divides by."""
        lr = np.broadcast_to(self.path.lr[:, None], (len(self.path.lr), 2))
        if self.entry.denominator is None:
            return lr
        slots = {name: kept[1:] for name, kept in self.path.slots.items()}
        with np.errstate(all="ignore"):
            rates = lr / self.entry.denominator(slots, np.arange(1, len(lr) + 1)[:, None], **self.given)
        return np.where(np.isfinite(rates), rates, np.nan)
