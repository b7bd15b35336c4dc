"""How samples are cut into batches, with the numbers."""

from __future__ import annotations

from typing import Any

from ...batches import Batches
from ...lessons.mini_batch import Results
from ..plot.axes import axis
from ..plot.text import whole
from ..plot.theme import BLUE, FAINT, GREEN, INK, MUTED, spec
from ..plot.traces import annotation, hline, points
from .style import empty_figure, picture
from .words import cutting_alt, cutting_caption, cutting_title, too_large

GAP = 0.06  # between blocks, of a block's width
MOST = 5  # blocks drawn; of more, the first ones and the last
WIDE = 100_000  # numbers from which on the blocks have to be wider, and fewer


def _columns(cut: Batches) -> list[int]:
    """The batches that are drawn, counted from 1, with 0 for those left out."""
    most, first = (MOST, [1, 2]) if cut.batch_size < WIDE else (MOST - 2, [1])
    return list(range(1, cut.number + 1)) if cut.number <= most else [*first, 0, cut.number]


@picture(label="Cutting samples into batches", caption=cutting_caption)
def cutting(r: Results) -> dict[str, Any]:
    """X{t} above Y{t}, a column a batch; the width of a block is its share of a full batch."""
    cut = r.cut
    if cut is None:
        return empty_figure(r, too_large(r), "B is larger than m")
    columns = _columns(cut)
    shapes, x, y, text = _blocks(cut, columns)
    words = {"mode": "text", "text": text, "cliponaxis": False, "textfont": {"size": 12, "color": INK}}
    labels = points(x, y, "batches", INK, **words)
    span = hline(2.8, MUTED, width=1.5, dash="solid", xref="x") | {"x0": GAP / 2, "x1": len(columns) - GAP / 2}
    epoch = annotation(f"m = {whole(cut.m)}: one epoch", len(columns) / 2, 2.82, yanchor="bottom")
    return spec(
        [labels],
        title=cutting_title(cut),
        alt=cutting_alt(cut),
        style=r.settings["style"], height=330, showlegend=False, shapes=[*shapes, span], annotations=[epoch],
        margin={"l": 8, "r": 8, "t": 44, "b": 8},
        xaxis=axis("", visible=False, range=[0, len(columns)], fixedrange=True),
        yaxis=axis("", visible=False, range=[0, 3.15], fixedrange=True),
    )  # fmt: skip


def _blocks(cut: Batches, columns: list[int]) -> tuple[list[dict[str, Any]], list[float], list[float], list[str]]:
    """Rectangles of X{t} and Y{t}, and the place and words of their labels; dots where batches are left out."""
    shapes, x, y, text = [], [], [], []
    for i, t in enumerate(columns):
        size = cut.last if t == cut.number else cut.batch_size
        left = i + GAP / 2
        width = (1 - GAP) * max(size / cut.batch_size, 0.1)
        x += [left + width / 2] * 3
        y += [1.87, 0.7, 0.2]
        if not t:
            text += ["…"] * 3
            continue
        shapes += [_block(left, left + width, 1.15, 2.6, BLUE), _block(left, left + width, 0.4, 1.0, GREEN)]
        text += [f"<b>X{{{t:,}}}</b><br>{cut.n_x:,} × {size:,}", f"<b>Y{{{t:,}}}</b><br>1 × {size:,}", f"update {t:,}"]
    return shapes, x, y, text


def _block(x0: float, x1: float, y0: float, y1: float, colour: str) -> dict[str, Any]:
    return {
        "type": "rect", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "layer": "below", "fillcolor": colour, "opacity": 0.25,
        "line": {"color": FAINT, "width": 1},
    }  # fmt: skip
