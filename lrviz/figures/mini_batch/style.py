"""What the pictures of mini-batches share: colours and symbols, the contour of the cost and its minimum."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...datasets import DATASETS
from ...lessons.memo import memo
from ...lessons.mini_batch import Results
from ...lessons.mini_batch.training import Source, data_of, source_of
from ..gallery import gallery
from ..plot import surface_map
from ..plot.axes import axis
from ..plot.theme import BLUE, GREEN, PURPLE, spec

PICTURES, picture = gallery("mini_batch")

COLOUR = {"batch": BLUE, "mini_batch": GREEN, "stochastic": PURPLE}
SYMBOL = {"batch": "circle", "mini_batch": "square", "stochastic": "diamond"}
GLYPH = {"batch": "●", "mini_batch": "■", "stochastic": "◆"}
LINE_WIDTHS = {"batch": 2.6, "mini_batch": 1.8, "stochastic": 0.9}
LINE_POINTS = 1500
# Two panels, one above the other: where the lower one ends and the upper one begins, and where the lower one's key stands.
PANELS = {"screen": (0.34, 0.355, 0.49), "slide": (0.3, 0.315, 0.53)}


def box(r: Results) -> tuple[float, float, float, float]:
    """What the contour shows: the data set's own box, widened to hold the start."""
    x0, x1, y0, y1 = DATASETS[r.settings["data"]].box
    w1, w2 = r.start
    return min(x0, w1 - 0.5), max(x1, w1 + 0.5), min(y0, w2 - 0.5), max(y1, w2 + 0.5)


def contour(r: Results, corners: tuple[float, float, float, float] | None = None) -> dict[str, Any]:
    """The cost of all samples as a filled contour, level by level in the root of what is above the least cost."""
    x, y, cost = grid(source_of(r.settings), corners or box(r))
    hover = "w = (%{x:.2f}, %{y:.2f})<br>cost of all samples %{customdata:.3f}"
    return surface_map.contour(
        x, y, np.sqrt(cost - cost.min()), name="cost of all samples", hover=hover, customdata=cost
    )


@memo(entries=8, long=True)
def grid(source: Source, corners: tuple[float, float, float, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and the cost over a box."""
    return surface_map.grid(lambda *w: data_of(source).cost(np.stack(w, axis=-1)), corners)


def minimum_mark(r: Results) -> dict[str, Any]:
    """The mark at the minimum; nowhere if there is none."""
    return surface_map.marks([] if r.minimum is None else [(*r.minimum, "minimum")], 13)


def empty_figure(r: Results, why: str, title: str) -> dict[str, Any]:
    """An empty picture: the sentence under it says why."""
    blank = axis("", visible=False)
    return spec([], title=title, alt=why, style=r.settings["style"], height=330, xaxis=blank, yaxis=blank)
