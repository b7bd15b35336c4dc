"""The main figure of the averages: the year with an average for every decay rate."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.ewma import SWEEP, Results
from ..plot import meta
from ..plot.axes import axis
from ..plot.text import listed, number, with_unit
from ..plot.theme import FAINT, INK, MUTED, PURPLE, key_line, spec
from ..plot.traces import line, open_circles, vline
from .style import colours, picture, value_axis
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
    sweep = line(x, np.full(n, np.nan), "sweep", INK, with_unit("sweep: %{y:.2f}", r.unit), width=3.2)
    chosen = open_circles(np.full(len(here), float(t)), here, "chosen day")
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
            "bar": meta.bar("sweep", "β", SWEEP, -1, 12),
            "pick": meta.pick([t, float(here[r.focus])], [1, 0]),
        },
        margin={"t": 74},
        showlegend=False,
        annotations=[key_line(key + names)],
        shapes=[vline(t)],
        xaxis=axis("day", range=[0, n + 1]),
        yaxis=value_axis(r.value, r.unit),
    )


def _background(r: Results, n: int) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
    """What stays while β is dragged: the readings and, if wanted, the known mean; with their entries for the key."""
    x = r.day[:n]
    data = [line(x, r.value[:n], "reading", FAINT, with_unit("day %{x:,}: %{y:.1f}", r.unit), width=1.1)]
    key = [("reading", FAINT, "thin")]
    if r.settings["mean"] and r.mean is not None:
        hover = with_unit("known mean %{y:.1f}", r.unit)
        data.append(line(x, r.mean[:n], "known mean", INK, hover, width=1.4, dash="dash"))
        key.append(("known mean", INK, "dash"))
    return data, key


def _averages(r: Results, n: int) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
    """A line for each decay rate; with the correction on, a dotted one more that starts from 0."""
    both, alone = r.settings["corrected"], len(r.betas) == 1
    hover = with_unit("day %{x:,}: v = %{y:.2f}", r.unit)
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
