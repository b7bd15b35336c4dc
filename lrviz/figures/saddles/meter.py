"""The curvature meter: eigenvalues and their directions along a path, and the rate against its stability limit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.saddles import Results
from ..plot.text import number
from ..plot.theme import GREY, INK, MUTED, axis, key_line, spec
from .dimension_words import meter_caption, meter_title
from .parts import ground, head, label, line, look, picture, ready
from .race import time_bar


def _compass(r: Results) -> list[dict[str, Any]]:
    """The two directions at the point, as lines a tenth of the box long either way: solid up, dotted down."""
    x0, x1, y0, y1 = r.surface.box
    size = 0.11 * min(x1 - x0, y1 - y0)
    m, at = r.meter, r.shown
    out = []
    for value, direction in zip(m.values[at], m.directions[at], strict=True):
        up = value > 0
        ends = m.xy[at] + np.array([[-size], [size]]) * direction
        words = f"curvature {number(value)}" if np.isfinite(value) else "no reading"
        out.append(line(ends[:, 0], ends[:, 1], words, INK, words, width=5, dash="solid" if up else "dot"))
    return out


@picture(label="Curvature along the path", caption=meter_caption)
def meter(r: Results) -> dict[str, Any]:
    """The watched path with the two directions drawn at the chosen step; eigenvalues and the limit on the rate against the step."""
    m, name, steps = r.meter, r.settings["watched"], r.drawn
    still, colour = ground(r), look(name)["colour"]
    low, high = (line(steps, m.values[:, k], words, c, "step %{x}: %{y:.4g}", "2", dash=dash)
                 for k, words, c, dash in ((0, "smaller eigenvalue", INK, "dot"), (1, "larger eigenvalue", INK, "solid")))  # fmt: skip
    limit = np.full(len(steps), np.nan) if m.limit is None else ready(m.limit)
    lines = [
        line(m.xy[:, 0], m.xy[:, 1], label(name), colour, "(%{x:.4g}, %{y:.4g})", dash=look(name)["dash"]),
        low,
        high,
        line(steps, limit, "stability limit", GREY, "limit %{y:.4g}", "3", dash="dash", width=1.8),
        line(steps, np.full(len(steps), ready(np.array(m.rate))), "rate", colour, "rate %{y:.4g}", "3"),
    ]
    moving = (0, 1, 2, 4)
    heads = [head(lines[i], r.shown, name) for i in moving]
    compass = _compass(r)
    first = len(still) + len(lines) + len(compass)
    key = [("curves up", INK, "solid"), ("curves down", INK, "dot"), ("rate", colour, "solid")]
    notes = [key_line([*key, ("limit", GREY, "dash")] if m.limit is not None else key)]
    if m.limit is None:
        notes.append({"text": "no limit of this kind", "x": 0.79, "y": 0.04, "xref": "paper", "yref": "paper",
                      "showarrow": False, "font": {"color": MUTED}})  # fmt: skip
    return spec(
        [*still, *lines, *compass, *heads],
        title=meter_title(r),
        alt=f"Contour of {r.surface.label} with the path of {label(name)} and the two directions of curvature at a step, "
        "beside the eigenvalues and the stability limit along the path",
        style=r.settings["style"],
        height=460,
        showlegend=False,
        margin={"l": 52, "r": 14, "t": 74, "b": 50},
        annotations=notes,
        meta={
            "still": len(still),
            "bar": time_bar(r),
            "heads": [{"trace": first + k, "of": len(still) + i} for k, i in enumerate(moving)],
            "narrow": _axes(r, narrow=True) | {"height": 700},
        },
        **_axes(r, narrow=False),
    )


def _axes(r: Results, *, narrow: bool) -> dict[str, Any]:
    x0, x1, y0, y1 = r.surface.box
    m, steps = r.meter, [0, max(r.settings["steps"], 1)]
    (x, y), finite = m.xy.T, np.isfinite(m.values).all(axis=-1)
    inside = m.values[finite & (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)]
    low, high = (float(inside.min()), float(inside.max())) if len(inside) else (-1.0, 1.0)
    pad = 0.12 * (high - low or 1.0)
    shown = np.append(m.rate, m.limit if m.limit is not None else np.nan)
    shown = np.log10(shown[np.isfinite(shown) & (shown > 0)]) if np.isfinite(shown).any() else np.zeros(1)
    shown = shown if len(shown) else np.zeros(1)
    across, beside = ([0, 1], [0, 1]) if narrow else ([0, 0.45], [0.58, 1])
    left, upper, lower = ([0.58, 1], [0.27, 0.48], [0, 0.21]) if narrow else ([0, 1], [0.54, 1], [0, 0.46])
    return {
        "xaxis": axis("x", domain=across, anchor="y", range=[x0, x1]),
        "yaxis": axis("y", domain=left, anchor="x", range=[y0, y1]),
        "xaxis2": axis("", domain=beside, anchor="y2", range=steps, showticklabels=False),
        "yaxis2": axis("eigenvalues", domain=upper, anchor="x2", range=[low - pad, high + pad], zeroline=True, zerolinecolor=MUTED),
        "xaxis3": axis("step", domain=beside, anchor="y3", range=steps),
        "yaxis3": axis("rate", domain=lower, anchor="x3", type="log", range=[float(np.floor(shown.min() - 0.2)), float(np.ceil(shown.max() + 0.2))],
                       exponentformat="power", dtick=1, tickfont={"size": 12}),
    }  # fmt: skip
