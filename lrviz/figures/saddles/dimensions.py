"""Critical points in many dimensions: how rare minima are under three models, and what high and low points look like."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...dimensions import descent_fraction
from ...lessons.saddles import Results
from ...lessons.saddles.many import DIMENSIONS
from ..plot.axes import axis, log_axis, narrow_axis
from ..plot.theme import BLUE, GREEN, INK, MUTED, RED, key_line, spec
from ..plot.traces import annotation, line, points, vline
from .section_words import MODELS, directions_caption, directions_title, heights_caption, minima_caption, sampled_shares
from .surface import picture

COLOUR = {"independent": BLUE, "goe": RED, "field": GREEN}
DASH = {"independent": "solid", "goe": "dash", "field": "dot"}
SYMBOL = {"independent": "circle", "goe": "square", "field": "diamond"}


@picture(label="How rare a minimum is", caption=minima_caption)
def minima(r: Results) -> dict[str, Any]:
    """The exact share of minima in 1 to 8 dimensions under three models, and what was drawn with its error."""
    data = [
        line(DIMENSIONS, r.samples["exact"].result[model], name, COLOUR[model], f"{name}, N = %{{x:,}}: %{{y:.4g}}", dash=DASH[model],
             mode="lines+markers", marker={"color": COLOUR[model], "symbol": SYMBOL[model], "size": 8})
        for model, name in MODELS.items()
    ]  # fmt: skip
    for model, shift in (("goe", -0.13), ("field", 0.13)):
        shares, errors = sampled_shares(r, model)
        data.append(points(
            [r.settings["n"] + shift], np.where(shares[:1] > 0, shares[:1], np.nan), f"{MODELS[model]}, drawn", INK, "drawn %{y:.4g}",
            symbol=f"{SYMBOL[model]}-open", size=12, line={"width": 2, "color": INK}, error_y=_bars(2 * errors[:1], 1.6, 6),
        ))  # fmt: skip
    key = [(name, COLOUR[model], DASH[model]) for model, name in MODELS.items()]
    logarithmic = log_axis("share of minima", [-9.5, 0.2], tickfont={"size": 12})
    return spec(
        data,
        title="Minima grow rare with N; how fast depends on the model",
        alt="Line chart on a log axis of the share of minima among critical points in 1 to 8 dimensions, for three models",
        style=r.settings["style"],
        height=430,
        showlegend=False,
        margin={"t": 84, "l": 76},
        annotations=[key_line([*key, ("drawn, ± 2 standard errors", INK, "marker")], a_line=2)],
        xaxis=axis("dimensions N", range=[0.6, 8.4], dtick=1),
        meta={"narrow": {"yaxis": narrow_axis(logarithmic)}},
        yaxis=logarithmic,
    )


def _bars(half: np.ndarray, thickness: float, width: float) -> dict[str, Any]:
    """Error bars of this length either way."""
    return {"type": "data", "array": half, "color": INK, "thickness": thickness, "width": width}


@picture(label="How many directions go down", caption=directions_caption)
def directions(r: Results) -> dict[str, Any]:
    """Shares of critical points by number of negative directions under the three models."""
    n = r.settings["n"]
    data = []
    for model, name in MODELS.items():
        shares, errors = sampled_shares(r, model)
        data.append({
            "type": "bar", "x": np.arange(n + 1), "y": 100 * shares, "name": name,
            "marker": {"color": COLOUR[model], "pattern": {"shape": {"independent": "", "goe": "/", "field": "."}[model], "solidity": 0.35}},
            "error_y": _bars(200 * errors, 1.2, 3),
            "hovertemplate": f"{name}, %{{x:,}} down: %{{y:.3g}} %<extra></extra>",
        })  # fmt: skip
    return spec(
        data,
        title=directions_title(r),
        alt=f"Bar chart of the share of critical points by number of negative directions, in {n} dimensions, for three models",
        style=r.settings["style"],
        height=400,
        showlegend=False,
        barmode="group",
        margin={"t": 84},
        annotations=[key_line([(name, COLOUR[model], "marker") for model, name in MODELS.items()])],
        xaxis=axis("directions that go down", dtick=1, range=[-0.6, n + 0.6]),
        yaxis=axis("share (%)", rangemode="tozero"),
    )  # fmt: skip


@picture(label="High points go down, low ones up", caption=heights_caption)
def index_height(r: Results) -> dict[str, Any]:
    """The fraction of directions that go down against the height of a critical point."""
    n = r.settings["n"]
    edge = 2 * float(np.sqrt(n))
    h = np.linspace(-1.5 * edge, 1.5 * edge, 241)
    curve = line(h, 100 * descent_fraction(h, n), "directions that go down", GREEN, "height %{x:.2f}: %{y:.1f} %")
    notes = [
        annotation("minima", -edge, 0.97, yref="paper", xanchor="right", xshift=-6),
        annotation("maxima", edge, 0.03, yref="paper", xanchor="left", xshift=6),
    ]
    return spec(
        [curve],
        title="High critical points have many ways down, low ones few",
        alt=f"Line chart of the share of directions that go down against the height of a critical point, for N = {n}",
        style=r.settings["style"],
        height=380,
        showlegend=False,
        annotations=notes,
        shapes=[vline(x, MUTED) for x in (-edge, edge)],
        xaxis=axis("height (standard deviations from the mean)", range=[-1.5 * edge, 1.5 * edge]),
        yaxis=axis("directions that go down (%)", range=[-3, 103]),
    )
