"""Local optima: where starts all over the ripples end, and how the share that finds the best depends on the rate."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...curvature import Basins
from ...lessons.saddles import Results
from ...lessons.saddles.many import FACTORS
from ..plot.axes import axis, log_axis
from ..plot.identity import identity, key_entries, label
from ..plot.surface_map import marks
from ..plot.text import number
from ..plot.theme import FAINT, GREEN, MUTED, PAPER, SKY, key_line, spec
from ..plot.traces import line, on_panel, points, vline
from .section_words import optima_caption, optima_title
from .surface import picture

OUTCOMES = (("no minimum", PAPER), ("another minimum", SKY), ("the lowest minimum", GREEN))


def outcomes(found: Basins) -> np.ndarray:
    """(n, n) 0 where a start reached no minimum, 1 where it reached another than the best, 2 where it reached that."""
    return np.where(found.reached < 0, 0, np.where(np.isin(found.reached, found.best), 2, 1))


@picture(label="Which starts find the lowest minimum", caption=optima_caption)
def local_optima(r: Results) -> dict[str, Any]:
    """A map of the starts of the watched rule, and the share that finds the lowest minimum against the rate."""
    name, factor = r.settings["watched"], r.settings["basin_factor"]
    found = r.lotteries[name].result.chosen
    scale = [[edge, colour] for i, (_, colour) in enumerate(OUTCOMES) for edge in (i / 3, (i + 1) / 3)]
    square = {
        "type": "heatmap", "x": found.x, "y": found.y, "z": outcomes(found), "name": "starts", "zmin": -0.5, "zmax": 2.5,
        "colorscale": scale, "showscale": False, "xgap": 0.5, "ygap": 0.5, "hovertemplate": "start (%{x:.2f}, %{y:.2f})<extra></extra>",
    }  # fmt: skip
    data = [square, marks([(x, y, "minimum") for x, y, *_ in found.minima], 7)]
    for rule, work in r.lotteries.items():
        style, here = identity(rule), 100 * work.result.chosen.share_reaching_best
        order = np.argsort([*FACTORS, factor], kind="stable")
        x, y = np.array([*FACTORS, factor])[order], np.array([*(100 * work.result.shares), here])[order]
        data.append(
            line(x, y, label(rule), style["colour"], "rate × %{x:.3g}: %{y:.1f} %", dash=style["dash"], **on_panel(2))
        )
        data.append(points([factor], [here], f"{label(rule)} here", style["colour"], symbol=style["symbol"], size=11,
                           line={"color": PAPER, "width": 1.5}, **on_panel(2)))  # fmt: skip
    key = [(text, FAINT if colour == PAPER else colour, "marker") for text, colour in OUTCOMES]
    return spec(
        data,
        title=optima_title(r),
        alt=f"Map of the ripples: which starts of {label(name)} reach the lowest minimum; beside it a line chart of that share "
        "against the rate for every optimizer",
        style=r.settings["style"],
        height=470,
        showlegend=False,
        margin={"l": 52, "r": 14, "t": 104, "b": 50},
        annotations=[key_line([*key_entries(r.lotteries), *key], a_line=3)],
        shapes=[vline(factor, MUTED, xref="x2", yref="y2 domain")] if factor > 0 else [],
        meta={"still": 0, "narrow": _axes(r, narrow=True) | {"height": 700}},
        **_axes(r, narrow=False),
    )  # fmt: skip


def _axes(r: Results, *, narrow: bool) -> dict[str, Any]:
    top = max(float(max(w.result.shares.max(), w.result.chosen.share_reaching_best)) for w in r.lotteries.values())
    left, right = ([0, 1], [0, 1]) if narrow else ([0, 0.45], [0.58, 1])
    upper, lower = ([0.5, 1], [0, 0.38]) if narrow else ([0, 1], [0, 1])
    factor = r.settings["basin_factor"]
    reach = np.log10([min(FACTORS[0], factor or FACTORS[0]) / 1.3, max(FACTORS[-1], factor) * 1.3])
    return {
        "xaxis": axis("start, x", domain=left, anchor="y"),
        "yaxis": axis("start, y", domain=upper, anchor="x"),
        "xaxis2": log_axis("rate, times the usual", reach, domain=right, anchor="y2", tickvals=list(FACTORS), ticktext=[number(f) for f in FACTORS]),
        "yaxis2": axis("starts that find the lowest (%)", domain=lower, anchor="x2", range=[0, 108 * max(top, 0.1)]),
    }  # fmt: skip
