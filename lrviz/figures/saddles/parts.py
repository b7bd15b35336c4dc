"""What the pictures of saddles are made of: the gallery, the contour, lines and heads."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from ...lessons.saddles import Results
from ...lessons.saddles.terrain import terrain
from ...optimizers import OPTIMIZERS
from ..gallery import gallery
from ..plot.theme import INK, PAPER, SURFACE, WIDTH, cue

PICTURES, picture = gallery("saddles")
GRID = 81
LEVELS = 18
NOTED = ("gd", "momentum", "rmsprop", "adam")  # in the notes' colours: blue, red, green, purple
MARKS = {"minimum": "circle", "saddle": "x", "maximum": "triangle-up", "degenerate": "star"}
DASH = {"longdash": "11px,3px", "longdashdot": "11px,3px,2px,3px"}  # shorter gaps than Plotly's


def look(name: str) -> dict[str, str]:
    """Colour, dash and symbol of an optimizer, the same on every picture: the notes' rules first, then the others."""
    return cue([*NOTED, *(other for other in OPTIMIZERS if other not in NOTED)].index(name))


def label(name: str) -> str:
    """An optimizer's name for people."""
    return OPTIMIZERS[name].label


def key_entries(names: Any) -> list[tuple[str, str, str]]:
    """Entries of the key for these optimizers."""
    cues = {name: look(name) for name in names}
    return [(label(name), c["colour"], c["dash"]) for name, c in cues.items()]


def line(x: Any, y: Any, name: str, colour: str, hover: str, panel: str = "", **stroke: Any) -> dict[str, Any]:
    """A line in one panel: "" for the first axes, "2" and "3" for the others."""
    dash = stroke.pop("dash", "solid")
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "name": name, "xaxis": f"x{panel}", "yaxis": f"y{panel}",
        "line": {"color": colour, "width": WIDTH, "dash": DASH.get(dash, dash)} | stroke, "hovertemplate": f"{hover}<extra></extra>",
    }  # fmt: skip


def head(path: dict[str, Any], at: int, name: str) -> dict[str, Any]:
    """The marker that stands on a path at the step shown."""
    return {
        "type": "scatter", "mode": "markers", "x": path["x"][at : at + 1], "y": path["y"][at : at + 1],
        "name": f"{path['name']}, now", "xaxis": path["xaxis"], "yaxis": path["yaxis"], "hoverinfo": "skip",
        "marker": {"color": look(name)["colour"], "symbol": look(name)["symbol"], "size": 12, "line": {"color": PAPER, "width": 1.6}},
    }  # fmt: skip


@lru_cache(maxsize=16)
def heights(name: str, bound: tuple[tuple[str, float], ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The surface over its box: x (GRID,), y (GRID,) and the loss (GRID, GRID)."""
    surface = terrain(name, dict(bound)).surface
    x0, x1, y0, y1 = surface.box
    x, y = np.linspace(x0, x1, GRID), np.linspace(y0, y1, GRID)
    return x, y, surface.value(*np.meshgrid(x, y))


def ground(r: Results) -> list[dict[str, Any]]:
    """What stays: the contour of the terrain, and its critical points."""
    x, y, z = heights(r.surface.name, tuple(r.surface.bound.items()))
    low, high = float(z.min()), float(z.max())
    contour = {
        "type": "contour", "x": x, "y": y, "z": z, "name": "loss", "showscale": False, "autocontour": False,
        "contours": {"start": low, "end": high, "size": (high - low) / LEVELS, "coloring": "fill"},
        "colorscale": [list(stop) for stop in SURFACE], "line": {"width": 0.5, "color": PAPER},
        "hovertemplate": "(%{x:.2f}, %{y:.2f}): loss %{z:.3f}<extra></extra>",
    }  # fmt: skip
    kinds = [kind for _, _, kind in r.surface.points]
    marks = {
        "type": "scatter", "mode": "markers", "name": "critical points", "text": kinds,
        "x": np.array([p[0] for p in r.surface.points]), "y": np.array([p[1] for p in r.surface.points]),
        "marker": {"symbol": [MARKS[kind] for kind in kinds], "size": 9 if len(kinds) < 30 else 5, "color": PAPER,
                   "line": {"color": INK, "width": 1.6}},
        "hovertemplate": "%{text} at (%{x:.3f}, %{y:.3f})<extra></extra>",
    }  # fmt: skip
    return [contour, marks]


def decades(values: Any, top: float) -> list[float]:
    """Range of a log axis, in decades: down to what is drawn, in jumps of four so that it stays put while dragged."""
    values = np.concatenate([np.ravel(v) for v in values])
    positive = values[np.isfinite(values) & (values > 0)]
    low = np.log10(positive.min()) if len(positive) else -4.0
    return [float(max(-20.0, -4.0 * np.ceil(max(-low, 0.01) / 4.0))), float(np.log10(top))]


def ready(values: np.ndarray) -> np.ndarray:
    """Values for a log axis: 0 has no place on it."""
    return np.where(values > 0, values, np.nan)
