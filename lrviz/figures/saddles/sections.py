"""The figure of what leaving costs: steps against the offset from the ridge, or against a parameter of the surface."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.saddles import OFFSETS, Results
from ..plot.theme import INK, MUTED, axis, key_line, spec
from .escape_words import escape_caption, escape_title, shelf_title
from .parts import key_entries, label, line, look, picture
from .words import rate


def _known(steps: np.ndarray) -> np.ndarray:
    """Steps with a gap where it took too long."""
    return np.where(steps >= 0, steps, np.nan)


def _offsets(r: Results) -> dict[str, Any]:
    """Steps to leave against the offset from the ridge, for every optimizer; gradient descent's closed form dashed."""
    data = [
        line(OFFSETS, _known(steps), label(name), look(name)["colour"], "offset %{x}: %{y} steps", dash=look(name)["dash"])
        for name, steps in r.escapes.items()
    ]  # fmt: skip
    key = key_entries(r.runs)
    if r.terrain.curvature and "gd" in r.runs and rate(r, "gd"):
        title = "closed form" if r.terrain.quadratic else "closed form (curvature at the saddle)"
        data.append(line(OFFSETS, r.closed_forms, title, INK, "closed form %{y}", dash="dash", width=1.6))
        key.append((title, INK, "dash"))
    most = max([float(steps.max()) for steps in r.escapes.values()] + [10.0])
    marks = dict.fromkeys((below for below in r.waits_below.values() if below), "ε/b")
    if r.settings["place"] == "beside" and not r.picked:
        marks[r.offset] = "δ"
    marks = {x: text for x, text in marks.items() if OFFSETS[0] <= x <= OFFSETS[-1]}
    notes = [
        {
            "x": float(np.log10(x)),
            "y": 1,
            "yref": "paper",
            "yanchor": "top",
            "xanchor": "left",
            "text": text,
            "showarrow": False,
        }
        for x, text in marks.items()
    ]
    offsets = axis(
        "offset from the ridge", type="log", range=[-16.3, -0.7], exponentformat="power", tickfont={"size": 12}
    )
    return spec(
        data,
        title=escape_title(r),
        alt=f"Line chart of the steps to leave {r.surface.label} against the offset from its ridge, on a log axis",
        style=r.settings["style"],
        height=420,
        showlegend=False,
        margin={"t": 94},
        annotations=[key_line(key, a_line=3), *notes],
        shapes=[_upright(x) for x in marks],
        meta={"narrow": {"xaxis": offsets | {"dtick": 4}}},
        xaxis=offsets | {"dtick": 2},
        yaxis=axis("steps to leave", range=[0, 1.06 * most]),
    )


def _upright(x: float) -> dict[str, Any]:
    line = {"color": MUTED, "width": 1.2, "dash": "dot"}
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _shelf(r: Results) -> dict[str, Any]:
    """Steps to the minimum against the terrain's first parameter, for every optimizer."""
    values, found = r.shelves or (np.array([0.0, 1.0]), {})
    data = [
        line(values, _known(steps), label(rule), look(rule)["colour"], "%{x:.3g}: %{y} steps", dash=look(rule)["dash"])
        for rule, steps in found.items()
    ]
    most = max([float(steps.max()) for steps in found.values()] + [10.0])
    param = r.surface.params[0] if r.shelves else None
    title = f"{param.label} {param.symbol}".strip() if param else ""
    return spec(
        data,
        title=shelf_title(r),
        alt=f"Line chart of the steps to the minimum against the first parameter of {r.surface.label}",
        style=r.settings["style"],
        height=420,
        showlegend=False,
        margin={"t": 84},
        annotations=[key_line(key_entries(found), a_line=3)],
        xaxis=axis(title),
        yaxis=axis("steps to the minimum", range=[0, 1.06 * most]),
    )  # fmt: skip


@picture(label="Steps to escape", caption=escape_caption)
def escape(r: Results) -> dict[str, Any]:
    """Steps to leave a saddle against the offset from its ridge; without a saddle, against the terrain's parameter."""
    return _offsets(r) if r.terrain.saddled else _shelf(r)
