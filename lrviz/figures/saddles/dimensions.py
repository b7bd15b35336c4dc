"""Critical points in many dimensions: how rare minima are under three models, and what high and low points look like."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...dimensions import descent_fraction
from ...lessons.saddles import Results
from ...lessons.saddles.many import DIMENSIONS
from ..plot.theme import BLUE, GREEN, INK, MUTED, RED, WIDTH, axis, key_line, spec
from .dimension_words import MODELS, directions_caption, directions_title, heights_caption, minima_caption, sampled
from .parts import picture

COLOUR = {"independent": BLUE, "goe": RED, "field": GREEN}
DASH = {"independent": "solid", "goe": "dash", "field": "dot"}
SYMBOL = {"independent": "circle", "goe": "square", "field": "diamond"}


@picture(label="How rare a minimum is", caption=minima_caption)
def minima(r: Results) -> dict[str, Any]:
    """The exact share of minima in 1 to 8 dimensions under three models, and what was drawn with its error."""
    data = []
    for model, name in MODELS.items():
        data.append({
            "type": "scatter", "mode": "lines+markers", "x": DIMENSIONS, "y": r.samples["exact"].result[model], "name": name,
            "line": {"color": COLOUR[model], "width": WIDTH, "dash": DASH[model]},
            "marker": {"color": COLOUR[model], "symbol": SYMBOL[model], "size": 8},
            "hovertemplate": f"{name}, N = %{{x}}: %{{y:.4g}}<extra></extra>",
        })  # fmt: skip
    for model, shift in (("goe", -0.13), ("field", 0.13)):
        shares, errors = sampled(r, model)
        data.append({
            "type": "scatter", "mode": "markers", "name": f"{MODELS[model]}, drawn", "x": np.array([r.settings["n"] + shift]),
            "y": np.where(shares[:1] > 0, shares[:1], np.nan),
            "error_y": {"type": "data", "array": 2 * errors[:1], "color": INK, "thickness": 1.6, "width": 6},
            "marker": {"color": INK, "symbol": f"{SYMBOL[model]}-open", "size": 12, "line": {"width": 2, "color": INK}},
            "hovertemplate": "drawn %{y:.4g}<extra></extra>",
        })  # fmt: skip
    key = [(name, COLOUR[model], DASH[model]) for model, name in MODELS.items()]
    logarithmic = axis(
        "share of minima", type="log", range=[-9.5, 0.2], exponentformat="power", dtick=1, tickfont={"size": 12}
    )
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
        meta={"narrow": {"yaxis": logarithmic | {"ticklabelposition": "inside", "ticks": ""}}},
        yaxis=logarithmic,
    )


@picture(label="How many directions go down", caption=directions_caption)
def directions(r: Results) -> dict[str, Any]:
    """Shares of critical points by number of negative directions under the three models."""
    n = r.settings["n"]
    data = []
    for model, name in MODELS.items():
        shares, errors = sampled(r, model)
        data.append({
            "type": "bar", "x": np.arange(n + 1), "y": 100 * shares, "name": name,
            "marker": {"color": COLOUR[model], "pattern": {"shape": {"independent": "", "goe": "/", "field": "."}[model], "solidity": 0.35}},
            "error_y": {"type": "data", "array": 200 * errors, "color": INK, "thickness": 1.2, "width": 3},
            "hovertemplate": f"{name}, %{{x}} down: %{{y:.3g}} %<extra></extra>",
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
    curve = {
        "type": "scatter", "mode": "lines", "x": h, "y": 100 * descent_fraction(h, n), "name": "directions that go down",
        "line": {"color": GREEN, "width": WIDTH}, "hovertemplate": "height %{x:.2f}: %{y:.1f} %<extra></extra>",
    }  # fmt: skip
    marks = [{"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": MUTED, "width": 1.2, "dash": "dot"}}
             for x in (-edge, edge)]  # fmt: skip
    notes = [
        {
            "x": -edge,
            "y": 0.97,
            "yref": "paper",
            "text": "minima",
            "xanchor": "right",
            "showarrow": False,
            "xshift": -6,
        },
        {"x": edge, "y": 0.03, "yref": "paper", "text": "maxima", "xanchor": "left", "showarrow": False, "xshift": 6},
    ]
    return spec(
        [curve],
        title="High critical points have many ways down, low ones few",
        alt=f"Line chart of the share of directions that go down against the height of a critical point, for N = {n}",
        style=r.settings["style"],
        height=380,
        showlegend=False,
        annotations=notes,
        shapes=marks,
        xaxis=axis("height (standard deviations from the mean)", range=[-1.5 * edge, 1.5 * edge]),
        yaxis=axis("directions that go down (%)", range=[-3, 103]),
    )
