"""What the pictures of saddles share: the gallery, the surface under a figure, and two panels beside a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...lessons.memo import memo
from ...lessons.saddles import Results
from ...lessons.saddles.terrain import terrain
from ..gallery import gallery
from ..plot.surface_map import contour, grid, marks

PICTURES, picture = gallery("saddles")


@memo(entries=16)
def heights(name: str, bound: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The surface over its box: x, y and the loss."""
    surface = terrain(name, bound).surface
    return grid(surface.value, surface.box)


def heights_of(r: Results) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The surface of these results over its box."""
    return heights(r.surface.name, r.surface.bound)


def background(r: Results) -> list[dict[str, Any]]:
    """What stays: the contour of the terrain, and its critical points."""
    return [contour(*heights_of(r), hover="(%{x:.2f}, %{y:.2f}): loss %{z:.3f}"), marks(r.surface.points)]
