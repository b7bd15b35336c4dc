"""What happened to one run: where it arrived, whether it left, zigzagged, circled or got stuck.

Every fact is a number of steps or a size that a reader can check in the figure, and each word has one meaning here.
"Steep" is the direction of the largest curvature at a minimum: the one nearest to the start for the stability limit,
which belongs to the settings, and the one nearest to the end for what the run did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ...curvature import eigen, hessian
from ...descent import Trajectory, diverged_at, first_step, path_length, steps_to, zigzags
from ...optimizers import Optimizer
from ...surfaces import SURFACES, Surface
from ..memo import memo

CELLS = 80  # points of the drawn grid along a side
CALM, BACK, CALM_STEPS = 0.15, 0.4, 10  # a burst: calm, as shares of the first gradient, then back
FLAT, STEEP = 0.01, 0.1  # stuck: the loss changes by less than this share, the gradient keeps more than that
LOPSIDED = 1.01  # a direction is steep if it curves at least so many times as much as the other


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

    def steep(self, point: Sequence[float]) -> tuple[float, np.ndarray]:
        """The largest curvature, and its direction, at the minimum nearest to a point."""
        values, vectors = self._curvatures(point)
        return float(values[1]), vectors[1]

    def lopsided(self, point: Sequence[float]) -> bool:
        """Whether the minimum nearest to a point has a steep direction at all."""
        values, _ = self._curvatures(point)
        return bool(values[1] >= LOPSIDED * values[0])

    def _curvatures(self, point: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
        x, y, _ = self.minima[self.nearest(*point)]
        return eigen(self.surface, x, y)

    @cached_property
    def quadratic(self) -> bool:
        """Whether the curvature is the same in the corners and the middle of the box: there stability limits are exact."""
        x0, x1, y0, y1 = self.surface.box
        x, y = np.array([x0, x1, x0, x1, (x0 + x1) / 2]), np.array([y0, y0, y1, y1, (y0 + y1) / 2])
        h = hessian(self.surface, x, y)
        return bool(np.abs(h - h[0]).max() <= 1e-6 * np.abs(h).max())

    def inside(self, xy: np.ndarray) -> np.ndarray:
        """Whether positions (..., 2) lie in the box."""
        x0, x1, y0, y1 = self.surface.box
        return (xy[..., 0] >= x0) & (xy[..., 0] <= x1) & (xy[..., 1] >= y0) & (xy[..., 1] <= y1)


@memo(entries=16)
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
    """One optimizer's way. `given` holds its hyperparameters besides lr, `path` the trajectory with slots, `noise` the
    standard deviation on its gradients."""

    entry: Optimizer
    lr: float
    given: Mapping[str, Any]
    path: Trajectory
    land: Land
    tolerance: float
    noise: float = 0.0

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
        """First step outside the box (or diverged) after having been in it; -1 where there was none."""
        inside = self.land.inside(self.path.xy)
        return int(first_step(np.logical_or.accumulate(inside) & ~inside))

    @cached_property
    def entered(self) -> bool:
        """Whether it was in the box at any step."""
        return bool(self.land.inside(self.path.xy).any())

    @cached_property
    def moves(self) -> bool:
        """Whether it ever leaves its start."""
        return self.diverged >= 0 or bool(np.any(self.path.xy != self.path.xy[0]))

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
    def limit(self) -> float | None:
        """The largest rate that is stable at the minimum nearest to the start, for the rules that have one."""
        if self.entry.stability is None or not len(self.land.minima):
            return None
        return float(self.entry.stability(self.land.steep(self.path.xy[0])[0], **self.given))

    @cached_property
    def turns(self) -> int:
        """How often it turned back in the steep direction, until it arrived; 0 where no direction is steep."""
        until = self.arrived if self.arrived >= 0 else self.last
        end = self.path.xy[until]
        if not len(self.land.minima) or not self.land.lopsided(end):
            return 0
        return int(zigzags(replace(self.path, xy=self.path.xy[: until + 1]), self.land.steep(end)[1]))

    @cached_property
    def circling(self) -> float:
        """Root mean square distance to the nearest minimum over the last quarter, if it circles there; else 0.

        It circles if that is more than the tolerance and less than a twentieth of the box's diagonal, if the way gone in
        the last quarter is more than four times as long as the line from its first point to its last, and if the distance
        neither shrinks nor grows: with noise not threefold from the third quarter to the last; without noise not
        from each eighth of the run to the next, unless by less than FLAT altogether.
        """
        quarter = len(self.path.loss) // 4
        if not len(self.land.minima) or self.diverged >= 0 or quarter < 5:
            return 0.0
        before, after = (_root_mean_square(part) for part in np.split(self.away[-2 * quarter :], 2))
        end = replace(self.path, xy=self.path.xy[-quarter:])
        net, way = float(np.hypot(*(end.xy[-1] - end.xy[0]))), float(path_length(end))
        near = self.tolerance < after < 0.05 * self.land.diagonal
        return after if near and way > 4 * net and self._steady(before, after, quarter) else 0.0

    def _steady(self, before: float, after: float, quarter: int) -> bool:
        if self.noise:
            return before / 3 < after < 3 * before
        eighths = np.array([_root_mean_square(part) for part in np.array_split(self.away[-2 * quarter :], 4)])
        change = np.diff(eighths)
        return bool(np.ptp(eighths) <= FLAT * after or not (np.all(change < 0) or np.all(change > 0)))

    @cached_property
    def stuck(self) -> float:
        """Mean gradient norm over the last quarter if it bounced there without getting lower; else 0.

        It bounces if at least half of its steps turn back on the ones before, gets no lower if the loss changes by less
        than FLAT, and is stuck if the gradient is still more than STEEP of the first. Who crawls is not stuck.
        """
        quarter = len(self.path.loss) // 4
        if self.diverged >= 0 or quarter < 5:
            return 0.0
        loss, norm = self.land.excess(self.path.loss[-quarter:]), float(self.path.grad_norm[-quarter:].mean())
        moved = np.diff(self.path.xy[-quarter:], axis=0)
        back = np.mean((moved[1:] * moved[:-1]).sum(axis=-1) < 0) >= 0.5
        still = np.ptp(loss) <= FLAT * abs(loss.mean())
        return norm if still and back and norm > STEEP * self.path.grad_norm[0] else 0.0

    @cached_property
    def effective(self) -> np.ndarray:
        """(steps, 2) rate of each step along x and along y: the learning rate times what the rule scales it by.

        NaN where that is no number: after divergence, where a rule divides by 0, and for one that normalises without
        saying by what.
        """
        lr = np.broadcast_to(self.path.lr[:, None], (len(self.path.lr), 2))
        before, after = (
            {name: kept[part] for name, kept in self.path.slots.items()} for part in (slice(-1), slice(1, None))
        )
        with np.errstate(all="ignore"):
            if self.entry.denominator is not None:
                rates = lr / self.entry.denominator(after, np.arange(1, len(lr) + 1)[:, None], **self.given)
            elif self.entry.factor is not None:
                rates = lr * self.entry.factor(before, after, **self.given)
            else:
                return np.full_like(lr, np.nan) if self.entry.normalises else lr
        return np.where(np.isfinite(rates), rates, np.nan)

    @property
    def scales(self) -> bool:
        """Whether its rule gives each coordinate a rate of its own that is known."""
        return self.entry.denominator is not None or self.entry.factor is not None


def _root_mean_square(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))
