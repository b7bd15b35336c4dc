"""The figures below the year: one day unrolled, the moving window, and the error against the decay rate."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import averages
from ...lessons.ewma import CURVE, Results
from ..plot.axes import axis
from ..plot.text import counted, number, with_unit
from ..plot.theme import BLUE, FAINT, INK, MUTED, RED, SKY, key_line, spec
from ..plot.traces import annotation, hline, line, points, vline
from .style import colours, picture, value_axis
from .words import error_caption, error_title, unrolled_caption, unrolled_title, window_caption, window_title


@picture(label="One day's average, unrolled", caption=unrolled_caption)
def unrolled(r: Results) -> dict[str, Any]:
    """The weights as bars over the days they weigh, the readings above them, 1/e and the window of 1/(1 - beta) days."""
    age = averages.window(r.beta)
    n = min(r.today, int(np.ceil(min(5 * age, 150))) + 1)
    days = r.today - np.arange(n)
    w, colour = r.weights[:n], colours(r.betas)[r.focus]
    top = float(w[0]) * 1.12
    left, right = float(days[-1]) - 0.7, float(r.today) + 0.7
    hover = with_unit("day %{x:,}: %{y:.1f}", r.unit)
    bars = {"type": "bar", "x": days, "y": w, "name": "weight", "marker": {"color": colour}, "width": 0.7,
            "hovertemplate": "day %{x:,}: weight %{y:.4f}<extra></extra>"}  # fmt: skip
    readings = line(days, r.value[days - 1], "reading", MUTED, hover, width=1.4, mode="lines+markers",
                    marker={"color": MUTED, "size": 5}, yaxis="y2")  # fmt: skip
    e = float(w[0]) / np.e
    border = r.today - age + 0.5
    shapes = [
        hline(e, INK, width=1.4, dash="dash", xref="x domain"),
        vline(border, INK, width=1.4, yref="y domain"),
    ]
    notes = [
        annotation("1/e of today's weight", left, e, xanchor="left", yanchor="bottom"),
        annotation(f"{counted(age, 'day')} back", border, top, xanchor="right", yanchor="top"),
    ]
    return spec(
        [bars, readings],
        title=unrolled_title(r),
        alt=f"Bar chart of the weights in the average of day {r.today} for β = {number(r.beta)}, below the readings they weigh",
        style=r.settings["style"], height=420, showlegend=False, bargap=0,
        annotations=notes if border > left else notes[:1], shapes=shapes if border > left else shapes[:1],
        xaxis=axis("day", range=[left, right], anchor="y"),
        yaxis=axis("weight", range=[0, top], domain=[0, 0.58]),
        yaxis2=axis(f"reading ({r.unit})" if r.unit else "reading", domain=[0.66, 1], anchor="x"),
    )  # fmt: skip


@picture(label="Against a true moving window", caption=window_caption)
def against_window(r: Results) -> dict[str, Any]:
    """The focused average, the moving window of the chosen length, and the known mean."""
    n, k = r.shown, r.focus
    x = r.day[:n]
    colour = colours(r.betas)[k]
    data = [line(x, r.value[:n], "reading", FAINT, "reading %{y:.1f}", width=1.1)]
    key = [("reading", FAINT, "thin")]
    if r.mean is not None:
        data.append(line(x, r.mean[:n], "known mean", INK, "known mean %{y:.2f}", width=1.6, dash="dash"))
        key.append(("known mean", INK, "dash"))
    data.append(line(x, r.corrected[k, :n], "average", colour, "average %{y:.2f}"))
    data.append(line(x, r.moving[:n], "moving window", BLUE, "window %{y:.2f}", dash="dot"))
    key += [
        (f"β = {number(r.beta, 4)} corrected", colour, "solid"),
        (f"mean of {counted(r.window_days, 'day')}", BLUE, "dot"),
    ]
    return spec(
        data,
        title=window_title(r),
        alt=f"Line chart of the average for β = {number(r.beta)} and a moving mean of {counted(r.window_days, 'day')}",
        style=r.settings["style"], height=420, showlegend=False,
        meta={"still": len(data) - 2},
        margin={"t": 74},
        annotations=[key_line(key)],
        xaxis=axis("day", range=[0, n + 1]), yaxis=value_axis(r.value, r.unit),
    )  # fmt: skip


@picture(label="Error against β", caption=error_caption)
def error_against_beta(r: Results) -> dict[str, Any]:
    """Distance to the known mean over 30 years against memory, for the average and for moving windows."""
    curve, chosen, degree = r.error_curve, r.error_chosen, r.degree
    x = averages.window(CURVE)
    unit = r.unit or "units"
    data = [
        line(x, degree * curve.average, "average", RED, f"β = %{{customdata:.3f}}: %{{y:.2f}} {unit}", customdata=CURVE),
        line(x, degree * curve.window, "window of 1/(1 − β) days", BLUE, f"%{{y:.2f}} {unit}", dash="dot"),
        line(x, degree * curve.equal_lag, "window of (1 + β)/(1 − β) days", SKY, f"%{{y:.2f}} {unit}", dash="dash"),
        points(averages.window(r.betas), degree * chosen.average, "chosen", INK, f"%{{text}}: %{{y:.2f}} {unit}", mode="markers+text",
               text=[f"β = {number(b)}" for b in r.betas], textposition="top center", showlegend=False, cliponaxis=False),
    ]  # fmt: skip
    return spec(
        data,
        title=error_title(r),
        alt="Line chart of the distance to the known mean against the days remembered, for averages and moving windows",
        style=r.settings["style"], height=420, showlegend=False, margin={"t": 84},
        annotations=[key_line([("average", RED, "solid"), ("window of 1/(1 − β) days", BLUE, "dot"),
                               ("window of (1 + β)/(1 − β) days", SKY, "dash")], a_line=2)],
        xaxis=axis("memory 1/(1 − β) (days)", type="log", tickvals=[1, 2, 5, 10, 20, 50, 100, 200]),
        yaxis=axis(f"error to the known mean ({unit})", rangemode="tozero"),
    )  # fmt: skip
