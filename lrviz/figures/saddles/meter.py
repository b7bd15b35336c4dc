"""The curvature meter: eigenvalues and their directions along a path, and the rate against its stability limit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.saddles import Results
from ..plot import meta
from ..plot.axes import axis, log_axis, log_range, padded, positive
from ..plot.identity import identity, label
from ..plot.text import number
from ..plot.theme import GREY, INK, MUTED, key_line, spec
from ..plot.traces import annotation, head, line, on_panel
from .race import map_and_panels, time_bar
from .section_words import meter_caption, meter_title
from .surface import background, picture


def _curvature_directions(r: Results) -> list[dict[str, Any]]:
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
    still, style = background(r), identity(name)
    colour = style["colour"]
    limit = np.full(len(steps), np.nan) if m.limit is None else positive(m.limit)
    lines = [
        line(m.xy[:, 0], m.xy[:, 1], label(name), colour, "(%{x:.4g}, %{y:.4g})", dash=style["dash"]),
        line(steps, m.values[:, 0], "smaller eigenvalue", INK, "step %{x:,}: %{y:.4g}", dash="dot", **on_panel(2)),
        line(steps, m.values[:, 1], "larger eigenvalue", INK, "step %{x:,}: %{y:.4g}", **on_panel(2)),
        line(steps, limit, "stability limit", GREY, "limit %{y:.4g}", dash="dash", width=1.8, **on_panel(3)),
        line(steps, np.full(len(steps), positive(m.rate)), "rate", colour, "rate %{y:.4g}", **on_panel(3)),
    ]
    moving = (0, 1, 2, 4)
    heads = [head(lines[i], r.shown, style) for i in moving]
    compass = _curvature_directions(r)
    first = len(still) + len(lines) + len(compass)
    key = [("curves up", INK, "solid"), ("curves down", INK, "dot"), ("rate", colour, "solid")]
    notes = [key_line([*key, ("limit", GREY, "dash")] if m.limit is not None else key)]
    if m.limit is None:
        notes.append(annotation("no limit of this kind", 0.79, 0.04, xref="paper", yref="paper", font={"color": MUTED}))
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
            "heads": meta.heads([(first + k, len(still) + i) for k, i in enumerate(moving)]),
            "narrow": map_and_panels(r, *_panels(r), narrow=True),
        },
        **map_and_panels(r, *_panels(r)),
    )


def _panels(r: Results) -> tuple[dict[str, Any], dict[str, Any]]:
    """The axes of the eigenvalues, as far as the path is on the map, and of the rate with its limit."""
    x0, x1, y0, y1 = r.surface.box
    m = r.meter
    (x, y), finite = m.xy.T, np.isfinite(m.values).all(axis=-1)
    inside = m.values[finite & (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)]
    rates = np.append(m.rate, m.limit if m.limit is not None else np.nan)
    return (
        axis(
            "eigenvalues",
            range=padded(inside if len(inside) else [-1.0, 1.0], 0.12),
            zeroline=True,
            zerolinecolor=MUTED,
        ),
        log_axis("rate", log_range(rates, pad=0.2), tickfont={"size": 12}),
    )
