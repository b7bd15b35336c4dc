"""The figure of what leaving costs: steps against the offset from the ridge, or against a parameter of the surface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...lessons.saddles import OFFSETS, Results
from ..plot.axes import axis, log_axis
from ..plot.identity import identity, key_entries, label
from ..plot.theme import INK, MUTED, key_line, spec
from ..plot.traces import annotation, line, vline
from .escape_words import escape_caption, escape_title, shelf_title
from .surface import picture
from .words import learning_rate


def _curves(x: np.ndarray, found: Mapping[str, np.ndarray], hover: str) -> list[dict[str, Any]]:
    """Steps against x for each optimizer, with gaps where it took too long."""
    return [
        line(
            x,
            np.where(steps >= 0, steps, np.nan),
            label(name),
            identity(name)["colour"],
            hover,
            dash=identity(name)["dash"],
        )
        for name, steps in found.items()
    ]


def _chart(
    r: Results, data: list[dict[str, Any]], found: Mapping[str, np.ndarray], upward: str, **layout: Any
) -> dict[str, Any]:
    """The figure of these curves, its axis high enough for all of them."""
    most = max([float(steps.max()) for steps in found.values()] + [10.0])
    return spec(
        data, style=r.settings["style"], height=420, showlegend=False, yaxis=axis(upward, range=[0, 1.06 * most]), **layout
    )  # fmt: skip


def _offsets(r: Results) -> dict[str, Any]:
    """Steps to leave against the offset from the ridge, for every optimizer; gradient descent's closed form dashed."""
    data = _curves(OFFSETS, r.escapes, "offset %{x:.3g}: step %{y:,}")
    key = key_entries(r.runs)
    if r.terrain.curvature and "gd" in r.runs and learning_rate(r, "gd"):
        title = "closed form" if r.terrain.quadratic else "closed form (curvature at the saddle)"
        data.append(line(OFFSETS, r.closed_forms, title, INK, "closed form %{y:,}", dash="dash", width=1.6))
        key.append((title, INK, "dash"))
    marks = dict.fromkeys((below for below in r.waits_below.values() if below), "ε/b")
    if r.settings["place"] == "beside" and not r.picked:
        marks[r.offset] = "δ"
    marks = {x: text for x, text in marks.items() if OFFSETS[0] <= x <= OFFSETS[-1]}
    notes = [
        annotation(text, float(np.log10(x)), 1, yref="paper", yanchor="top", xanchor="left")
        for x, text in marks.items()
    ]
    offsets = log_axis("offset from the ridge", [-16.3, -0.7], dtick=2, tickfont={"size": 12})
    return _chart(
        r, data, r.escapes, "steps to leave",
        title=escape_title(r),
        alt=f"Line chart of the steps to leave {r.surface.label} against the offset from its ridge, on a log axis",
        margin={"t": 94},
        annotations=[key_line(key, a_line=3), *notes],
        shapes=[vline(x, MUTED) for x in marks],
        meta={"narrow": {"xaxis": offsets | {"dtick": 4}}},
        xaxis=offsets,
    )  # fmt: skip


def _shelf(r: Results) -> dict[str, Any]:
    """Steps to the minimum against the terrain's first parameter, for every optimizer."""
    values, found = r.shelves or (np.array([0.0, 1.0]), {})
    param = r.surface.params[0] if r.shelves else None
    return _chart(
        r, _curves(values, found, "%{x:.3g}: step %{y:,}"), found, "steps to the minimum",
        title=shelf_title(r),
        alt=f"Line chart of the steps to the minimum against the first parameter of {r.surface.label}",
        margin={"t": 84},
        annotations=[key_line(key_entries(found), a_line=3)],
        xaxis=axis(f"{param.label} {param.symbol}".strip() if param else ""),
    )  # fmt: skip


@picture(label="Steps to escape", caption=escape_caption)
def escape(r: Results) -> dict[str, Any]:
    """Steps to leave a saddle against the offset from its ridge; without a saddle, against the terrain's parameter."""
    return _offsets(r) if r.terrain.saddled else _shelf(r)
