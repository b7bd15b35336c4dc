"""Terrains: a surface, the saddle a race begins at, and what counts as having left it.

At a saddle one eigenvector of the Hessian points down, the other along the ridge. A race beside it starts at a given
place along the ridge and a small offset in the direction that goes down; a run has left once it is further from the
ridge than `reach`. Where a surface has no saddle (a plateau, a cliff) the race starts at the surface's own start, and
what is measured is the distance to its minimum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...curvature import eigen, hessian
from ...surfaces import SURFACES, Surface
from ..memo import memo

NEAR = 0.5
GRID = 21


@dataclass(frozen=True, eq=False)
class Terrain:
    """A surface seen from its saddle.

    surface     the surface, parameters bound
    origin      (2,) the saddle (or degenerate point) nearest the surface's start; None where there is none
    down, ridge (2,) unit vectors at the origin: the way down, and the way across it
    along       how far along the ridge from the origin the surface's own start lies
    reach       a run has left the saddle once it is further than this from the ridge: half the way to the nearest
                minimum, 1 where there is none; without a saddle it has arrived within this distance of a minimum
    curvature   size of the downward curvature at the origin; 0 at a degenerate point
    quadratic   whether the curvature is the same everywhere, so that the closed form for gradient descent holds
    minima      (n, 2)
    """

    surface: Surface
    origin: np.ndarray | None
    down: np.ndarray
    ridge: np.ndarray
    along: float
    reach: float
    curvature: float
    quadratic: bool
    minima: np.ndarray

    @property
    def saddled(self) -> bool:
        return self.origin is not None

    def beside(self, offset: Any) -> np.ndarray:
        """(..., 2) the starts at these offsets from the ridge."""
        if self.origin is None:
            raise ValueError(f"{self.surface.name}: surface must have a saddle to start beside")
        return self.origin + self.along * self.ridge + np.multiply.outer(offset, self.down)

    def distance(self, xy: np.ndarray) -> np.ndarray:
        """(...) distance from the ridge of points (..., 2); from the nearest minimum where there is no saddle."""
        if self.origin is not None:
            return np.abs((xy - self.origin) @ self.down)
        away = xy[..., None, :] - self.minima
        return np.hypot(away[..., 0], away[..., 1]).min(axis=-1)

    def gone(self, xy: np.ndarray) -> np.ndarray:
        """(...) whether points have left the saddle (or arrived at the minimum)."""
        return self.distance(xy) > self.reach if self.saddled else self.distance(xy) < self.reach


def curves_down(surface: Surface) -> bool:
    """Whether some direction curves down somewhere in the surface's box: what this page is about."""
    x0, x1, y0, y1 = surface.box
    values, _ = eigen(surface, *np.meshgrid(np.linspace(x0, x1, GRID), np.linspace(y0, y1, GRID)))
    return bool((values < -1e-9).any())


def terrain_names() -> tuple[str, ...]:
    """The surfaces a race can be seen on: those that curve down somewhere and are drawn on a linear scale."""
    return tuple(name for name, surface in SURFACES.items() if not surface.log and curves_down(surface))


@memo(entries=32)
def terrain(name: str, bound: Mapping[str, float]) -> Terrain:
    """The terrain of a surface with these parameters."""
    surface = SURFACES[name].bind(**bound)
    start = np.array(surface.start)
    minima = np.array([(x, y) for x, y, kind in surface.points if kind == "minimum"]).reshape(-1, 2)
    saddles = np.array([(x, y) for x, y, kind in surface.points if kind in ("saddle", "degenerate")]).reshape(-1, 2)
    if not len(saddles):
        nothing = np.full(2, np.nan)
        return Terrain(surface, None, nothing, nothing, np.nan, NEAR, np.nan, False, minima)
    origin = saddles[np.argmin(np.hypot(*(saddles - start).T))]
    values, directions = eigen(surface, *origin)
    down, ridge = (_facing(direction, start - origin) for direction in np.round(directions, 15) + 0.0)
    reach = float(np.hypot(*(minima - origin).T).min()) / 2 if len(minima) else 1.0
    here, there = hessian(surface, *origin), hessian(surface, *start)
    return Terrain(
        surface, origin, down, ridge, float((start - origin) @ ridge), reach, max(0.0, float(-values[0])),
        bool(np.allclose(here, there, rtol=1e-6, atol=1e-9)), minima,
    )  # fmt: skip


def _facing(direction: np.ndarray, towards: np.ndarray) -> np.ndarray:
    """The direction or its opposite, whichever faces the same way; its sign is free."""
    return direction + 0.0 if direction @ towards >= 0 else 0.0 - direction
