"""A surface as a figure shows it: one grid, one filled contour, one set of marks for its critical points, one relief."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .axes import NUMBER_FORMAT
from .theme import GRID, INK, PAPER, SURFACE
from .traces import hover_text, last_known, points

CELLS = 81
LEVELS = 20
COLORSCALE = [list(stop) for stop in SURFACE]
MARKS = {"minimum": ("star", "minimum"), "saddle": ("x", "saddle"), "maximum": ("triangle-up", "maximum"),
         "degenerate": ("diamond", "level point")}  # fmt: skip
CROWDED = 30  # so many marks are smaller


def grid(
    value: Callable[[Any, Any], Any], box: tuple[float, float, float, float], cells: int = CELLS
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x (cells,), y (cells,) and value(x, y) (cells, cells) over a box."""
    x, y = np.linspace(*box[:2], cells), np.linspace(*box[2:], cells)
    return x, y, value(*np.meshgrid(x, y))


def contour(
    x: np.ndarray, y: np.ndarray, z: np.ndarray, *, name: str = "loss", hover: str = "", **fields: Any
) -> dict[str, Any]:
    """Filled contours, evenly spaced from the lowest value to the highest."""
    low, high = float(z.min()), float(z.max())
    return {
        "type": "contour", "x": x, "y": y, "z": z, "name": name, "colorscale": COLORSCALE, "showscale": False, "autocontour": False,
        "contours": {"start": low, "end": high, "size": (high - low) / LEVELS or 1.0, "coloring": "fill"},
        "line": {"width": 0.5, "color": PAPER},
    } | hover_text(hover) | fields  # fmt: skip


def marks(places: Iterable[tuple[float, float, str]], size: Any = None) -> dict[str, Any]:
    """The critical points of a surface, (x, y, kind) each, as symbols by kind; one trace, also where there are none."""
    places = list(places)
    xy = np.array([place[:2] for place in places], float).reshape(-1, 2)
    if size is None:
        size = np.array([11 if kind == "minimum" else 9 for *_, kind in places]) - 4 * (len(places) >= CROWDED)
    return points(
        xy[:, 0], xy[:, 1], "critical points", PAPER, "%{text} (%{x:.4g}, %{y:.4g})", size=size, line={"width": 1.4, "color": INK},
        symbol=[MARKS[kind][0] for *_, kind in places], text=[MARKS[kind][1] for *_, kind in places],
    )  # fmt: skip


def surface_3d(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> dict[str, Any]:
    """The surface in three dimensions."""
    return {
        "type": "surface", "x": x, "y": y, "z": z, "name": "loss", "showscale": False, "opacity": 0.92, "hoverinfo": "skip",
        "colorscale": COLORSCALE, "contours": {"z": {"show": True, "color": PAPER, "width": 1}},
    }  # fmt: skip


def line_3d(xyz: tuple[Any, Any, Any], name: str, colour: str) -> dict[str, Any]:
    """A line in three dimensions."""
    return _trace_3d("lines", xyz, name) | {"line": {"color": colour, "width": 5}}


def head_3d(path: dict[str, Any], at: int, style: dict[str, str]) -> dict[str, Any]:
    """The marker on a line in three dimensions at point `at`, or at the last point that the line has before it."""
    here = last_known(path["z"], at)
    symbol = (
        style["symbol"] if style["symbol"] in ("circle", "square", "diamond", "cross") else "x"
    )  # of ours, the solid ones there
    marker = {"color": style["colour"], "size": 6, "symbol": symbol, "line": {"color": PAPER, "width": 1}}
    xyz = tuple(path[side][here] for side in "xyz")
    return _trace_3d("markers", xyz, f"{path['name']}, now") | {"marker": marker}


def _trace_3d(mode: str, xyz: tuple[Any, Any, Any], name: str) -> dict[str, Any]:
    return {"type": "scatter3d", "mode": mode, "name": name, "hoverinfo": "skip"} | dict(zip("xyz", xyz, strict=True))


def scene(height: str, box: tuple[float, float, float, float], eye: tuple[float, float, float]) -> dict[str, Any]:
    """The axes of three dimensions, the upright one called `height`, first seen from `eye`; once turned, they stay so."""
    ends = {"x": list(box[:2]), "y": list(box[2:])}
    sides = {
        f"{side}axis": {"title": {"text": side}, "gridcolor": GRID, "range": ends[side]} | NUMBER_FORMAT
        for side in ends
    }
    return sides | {
        "zaxis": {"title": {"text": height}, "gridcolor": GRID} | NUMBER_FORMAT, "uirevision": "kept",
        "aspectmode": "manual", "aspectratio": {"x": 1.3, "y": 1.3, "z": 0.8},
        "camera": {"eye": dict(zip("xyz", eye, strict=True)), "center": {"x": 0, "y": 0, "z": -0.15}},
    }  # fmt: skip
