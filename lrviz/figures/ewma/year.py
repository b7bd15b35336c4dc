"""The main figure of the averages: the year with an average for every decay rate."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.ewma import SWEEP, Results
from ..plot.text import listed, number
from ..plot.theme import FAINT, INK, MUTED, PURPLE, axis, key_line, spec
from .traces import colours, line, picture, reading, value_range, value_title
from .words import averages_caption, year_title


def picked_day(r: Results, x: float, y: float) -> dict[str, Any]:
    """The day under a point of the main figure."""
    return {"day": min(max(round(x), 1), len(r.day))}


@picture(label="Daily readings and their averages", caption=averages_caption, pick=picked_day)
def year(r: Results) -> dict[str, Any]:
    """The series and the average for every decay rate; its bar sweeps β through one batch of averages."""
    n, t = r.shown, r.today
    x = r.day[:n]
    background, key = _background(r, n)
    lines, names = _averages(r, n)
    here = (r.corrected if r.settings["corrected"] else r.plain)[:, t - 1]
    sweep = line(x, np.full(n, np.nan), "sweep", INK, reading("sweep: %{y:.2f}", r.unit), width=3.2)
    chosen = {
        "type": "scatter", "mode": "markers", "name": "chosen day", "x": np.full(len(here), float(t)), "y": here, "hoverinfo": "skip",
        "marker": {"color": INK, "size": 8, "symbol": "circle-open", "line": {"width": 2, "color": INK}},
    }  # fmt: skip
    place = len(background) + len(lines)
    return spec(
        [*background, *lines, sweep, chosen],
        title=year_title(r),
        alt=f"Line chart of {r.source}, days 1 to {n} in {r.unit or 'units'}, with averages for β = "
        + listed([number(b) for b in r.betas]),
        style=r.settings["style"],
        frames=[
            {"name": number(b), "data": [{"y": v[:n]}], "traces": [place]} for b, v in zip(SWEEP, r.sweep, strict=True)
        ],
        meta={
            "still": len(background),
            "bar": {"kind": "sweep", "label": "β", "values": SWEEP, "at": -1, "rate": 12},
            "pick": {"xaxis": "xaxis", "yaxis": "yaxis", "at": [t, float(here[r.focus])], "by": [1, 0]},
        },
        margin={"t": 74},
        showlegend=False,
        annotations=[key_line(key + names)],
        shapes=[_upright(t)],
        xaxis=axis("day", range=[0, n + 1]),
        yaxis=axis(value_title(r.unit), range=value_range(r.value)),
    )


def _background(r: Results, n: int) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
    """What stays while β is dragged: the readings and, if wanted, the known mean; with their entries for the key."""
    x = r.day[:n]
    data = [line(x, r.value[:n], "reading", FAINT, reading("day %{x}: %{y:.1f}", r.unit), width=1.1)]
    key = [("reading", FAINT, "thin")]
    if r.settings["mean"] and r.mean is not None:
        data.append(
            line(x, r.mean[:n], "known mean", INK, reading("known mean %{y:.1f}", r.unit), width=1.4, dash="dash")
        )
        key.append(("known mean", INK, "dash"))
    return data, key


def _averages(r: Results, n: int) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
    """A line for each decay rate; with the correction on, a dotted one more that starts from 0."""
    both, alone = r.settings["corrected"], len(r.betas) == 1
    hover = reading("day %{x}: v = %{y:.2f}", r.unit)
    data, key = [], []
    for k, colour in enumerate(colours(r.betas)):
        if both:
            start = PURPLE if alone else colour
            data.append(line(r.day[:n], r.plain[k, :n], f"average {k + 1} from 0", start, hover, dash="dot"))
        curve = r.corrected if both else r.plain
        data.append(line(r.day[:n], curve[k, :n], f"average {k + 1}", colour, hover))
        key.append((f"β = {number(r.betas[k])}", colour, "solid"))
    if both:
        key.append(("from 0", PURPLE if alone else MUTED, "dot"))
    return data, key


def _upright(day: float) -> dict[str, Any]:
    return {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": FAINT, "width": 1, "dash": "dot"}}  # fmt: skip
