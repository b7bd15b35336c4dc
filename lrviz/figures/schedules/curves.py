"""The main picture of the schedules page: the rate against the step, for every letter drawn."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.schedules import Results
from ...lessons.schedules.slots import Curve
from ..plot import meta
from ..plot.axes import axis, log_axis, rounded_up
from ..plot.text import fixed, listed, whole
from ..plot.theme import PAPER, spec
from ..plot.traces import annotation, line, open_circles, vline
from . import words
from .style import band, colour, dash, decades, key_layout, picture, symbol
from .words import LARGEST, curve_label

FEW_STEPS = 60
MOST_DECADES = 7


def rate_range(r: Results) -> list[float]:
    """Range of the rate axis: from 0 (or below, for a noisy curve) to a round number above the highest rate."""
    drawn = r.rates[r.rates < LARGEST]
    high = float(drawn.max(initial=0.0))
    if r.settings["scale"] == "log":
        positive = drawn[drawn > 0]
        return decades(positive, MOST_DECADES) if positive.size else [-3.0, 0.0]
    top = rounded_up(1.03 * high)
    low = float(drawn.min(initial=0.0))
    return [-rounded_up(-low) if low < 0 else -0.015 * top, top]


def curve_traces(r: Results, i: int) -> list[dict[str, Any]]:
    """One curve: a line, with its band where it is noisy and its points where they are few."""
    curve, x = r.curves[i], r.steps / r.unit
    hover = f"{curve_label(curve)}, {'epoch' if r.unit != 1 else 'step'} %{{x:,}}: %{{y:.4g}}"
    bottom = 0.0 if r.settings["scale"] == "log" else -np.inf  # what a logarithmic axis has no place for is a gap
    rates = np.where((r.rates[i] < LARGEST) & (r.rates[i] > bottom), r.rates[i], np.nan)
    drawn = line(x, rates, curve.name, colour(curve), hover, dash=dash(curve))
    if len(x) <= FEW_STEPS:
        drawn |= {"mode": "lines+markers", "marker": {"color": colour(curve), "size": 7, "symbol": symbol(curve)}}
    if not curve.noisy:
        return [drawn]
    drawn["line"] = drawn["line"] | {"width": 1.0, "dash": "solid"}
    mean, deviation = (r.factors[i] * part for part in curve.band(r.steps))
    lower = mean - deviation if bottom < 0 else np.maximum(mean - deviation, 10 ** rate_range(r)[0])
    shade = band(x, lower, mean + deviation, f"{curve.name}, ± 1 sd", colour(curve))
    middle = line(x, mean, f"{curve.name}, mean", colour(curve), "mean %{y:.4g}", dash=dash(curve))
    return [drawn | {"opacity": 0.6}, shade, middle]


def curve_annotation(curve: Curve, part: float, r: Results, i: int, span: list[float]) -> dict[str, Any] | None:
    """The letter on its curve, `part` of the way along; None where the curve is off the picture there."""
    step = round(part * r.total)
    y = float(r.factors[i] * curve.rate(float(step)))
    if not np.isfinite(y) or (r.settings["scale"] == "log" and y <= 0):
        return None
    y = float(np.log10(y)) if r.settings["scale"] == "log" else y
    if not span[0] <= y <= span[1]:
        return None
    return annotation(
        f"<b>{curve_label(curve)}</b>", step / r.unit, y, bgcolor=PAPER, borderpad=1, font={"color": colour(curve)}
    )


def picked_step(r: Results, x: float, y: float) -> dict[str, Any]:
    """The step under a point of the figure, whatever its axis counts."""
    return {"step": min(max(round(x * r.unit), 0), r.total)}


@picture(label="Learning rate against step", caption=words.rates_caption, pick=picked_step)
def rates(r: Results) -> dict[str, Any]:
    """Every letter's rate, with the chosen step marked."""
    span, count = rate_range(r), len(r.curves)
    data = [trace for i in range(count) for trace in curve_traces(r, i)]
    here = r.step / r.unit
    data.append(open_circles(np.full(count, here), np.minimum(r.at(r.step), LARGEST), "chosen step"))
    labels = [curve_annotation(c, (i + 1) / (count + 1), r, i, span) for i, c in enumerate(r.curves)]
    unit, look, logarithmic = "epoch" if r.unit != 1 else "step", key_layout(r), r.settings["scale"] == "log"
    look["annotations"] += [label for label in labels if label]
    return spec(
        data,
        title=words.rates_title(r),
        alt="Line chart of the learning rate against the step: " + listed([c.name for c in r.curves]),
        height=480, shapes=[vline(here)],
        meta={"pick": meta.pick([here, min(float(r.at(r.step)[r.in_hand]), LARGEST)], [max(r.total / 1000, 1) / r.unit, 0])},
        xaxis=axis(unit, range=[0, r.total / r.unit]),
        yaxis=log_axis("learning rate", span) if logarithmic else axis("learning rate", range=span), **look,
    )  # fmt: skip


def rate_table(r: Results) -> list[dict[str, str]]:
    """The rates of all curves at the chosen steps, as words."""
    per = r.settings["steps_per_epoch"]
    rows = []
    for step in r.settings["table_steps"]:
        after = f"after epoch {whole(step / per)}" if step > 0 and step % per == 0 else ""
        rates = {c.name: words.rate_text(v) for c, v in zip(r.curves, r.at(step), strict=True)}
        shown = whole(step) if step.is_integer() else fixed(step, 2)
        rows.append({"step": shown, "epoch": after or f"in epoch {whole(np.floor(step / per) + 1)}"} | rates)
    return rows
