"""What the pictures of mini-batches share: colours, symbols, lines and dots, the contour of the cost."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from ...datasets import DATASETS
from ...lessons.mini_batch import Results
from ...lessons.mini_batch.training import Source, data_of, source_of
from ..gallery import gallery
from ..plot.theme import BLUE, GREEN, INK, PURPLE, SURFACE, WIDTH, axis, spec

PICTURES, picture = gallery("mini_batch")

COLOUR = {"batch": BLUE, "mini_batch": GREEN, "stochastic": PURPLE}
SYMBOL = {"batch": "circle", "mini_batch": "square", "stochastic": "diamond"}
SIGN = {"batch": "●", "mini_batch": "■", "stochastic": "◆"}
STROKE = {"batch": 2.6, "mini_batch": 1.8, "stochastic": 0.9}
CELLS = 80
LINE_POINTS = 1500
# Two panels, one above the other: where the lower one ends and the upper one begins, and where the lower one's key stands.
PANELS = {"screen": (0.34, 0.355, 0.49), "slide": (0.3, 0.315, 0.53)}


def line(x: Any, y: Any, name: str, colour: str, hover: str, **fields: Any) -> dict[str, Any]:
    """A thin line; `width` and `dash` are the line's, everything else the trace's."""
    stroke = {key: fields.pop(key) for key in ("width", "dash") if key in fields}
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "name": name,
        "line": {"color": colour, "width": WIDTH} | stroke, "hovertemplate": f"{hover}<extra></extra>", **fields,
    }  # fmt: skip


def dots(x: Any, y: Any, name: str, colour: str, hover: str, **fields: Any) -> dict[str, Any]:
    """Markers; `symbol` and `size` are the marker's, everything else the trace's."""
    marker = {"color": colour, "size": 9} | {key: fields.pop(key) for key in ("symbol", "size") if key in fields}
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "name": name, "marker": marker,
        "hovertemplate": f"{hover}<extra></extra>", **fields,
    }  # fmt: skip


def box(r: Results) -> tuple[float, float, float, float]:
    """What the contour shows: the data set's own box, widened to hold the start."""
    x0, x1, y0, y1 = DATASETS[r.settings["data"]].box
    w1, w2 = r.start
    return min(x0, w1 - 0.5), max(x1, w1 + 0.5), min(y0, w2 - 0.5), max(y1, w2 + 0.5)


def contour(r: Results, corners: tuple[float, float, float, float] | None = None) -> dict[str, Any]:
    """The cost of all samples as a filled contour, level by level in the root of what is above the least cost."""
    x, y, cost, root = grid(source_of(r.settings), corners or box(r))
    return {
        "type": "contour", "x": x, "y": y, "z": root, "customdata": cost, "name": "cost of all samples",
        "ncontours": 14, "colorscale": [list(stop) for stop in SURFACE], "showscale": False,
        "line": {"width": 0.6, "color": "#8cb2cd"},
        "hovertemplate": "w = (%{x:.2f}, %{y:.2f})<br>cost of all samples %{customdata:.3f}<extra></extra>",
    }  # fmt: skip


@lru_cache(maxsize=8)
def grid(source: Source, corners: tuple[float, float, float, float]) -> tuple[np.ndarray, ...]:
    """x (n,), y (n,), cost (n, n) and the root of its excess over the least cost on the grid."""
    x0, x1, y0, y1 = corners
    x, y = np.linspace(x0, x1, CELLS), np.linspace(y0, y1, CELLS)
    cost = data_of(source).cost(np.stack(np.meshgrid(x, y), axis=-1))
    return x, y, cost, np.sqrt(cost - cost.min())


def minimum_mark(r: Results) -> dict[str, Any]:
    """A cross at the minimum; nowhere if there is none."""
    x, y = ([], []) if r.minimum is None else ([r.minimum[0]], [r.minimum[1]])
    return dots(x, y, "minimum", INK, "minimum (%{x:.3f}, %{y:.3f})", symbol="x", size=10)


def refused(r: Results, why: str, title: str) -> dict[str, Any]:
    """An empty picture: the sentence under it says why."""
    blank = axis("", visible=False)
    return spec([], title=title, alt=why, style=r.settings["style"], height=330, xaxis=blank, yaxis=blank)
