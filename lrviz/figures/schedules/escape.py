"""Pictures of getting out of a local minimum (S8) and of the burst in the long valley (A4)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.memo import memo
from ...lessons.schedules import Results
from ...lessons.schedules.escape import CLOSE, RUNS, VALLEY, minima, outermost, rippled
from ..plot.axes import axis, rounded_up
from ..plot.surface_map import contour, grid, marks
from ..plot.text import listed, number, whole
from ..plot.theme import INK, key_line, spec
from ..plot.traces import annotation, line, on_panel, points
from . import run_words
from .style import colour, dash, key_layout, picture, symbol
from .words import curve_label

WALL, MOST_OFF = 0.38, 2.0  # distances from the valley floor that are drawn: at least, at most


@memo(entries=8)
def _surface_grid(depth: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    surface = rippled(depth)
    return grid(surface.value, surface.box)


@picture(label="Jumping out of a local minimum", caption=run_words.ripples_caption)
def ripples(r: Results) -> dict[str, Any]:
    """The ripples from above, and the first run of each curve on them."""
    surface = rippled(r.settings["ripples.depth"])
    data = [
        contour(*_surface_grid(r.settings["ripples.depth"])),
        marks([(x, y, "minimum") for x, y in minima(surface)]),
    ]
    for c, j in zip(r.curves, r.jumps, strict=True):
        hover = f"{curve_label(c)} (%{{x:.2f}}, %{{y:.2f}})"
        data.append(line(j.path[:, 0], j.path[:, 1], c.name, colour(c), hover, width=1.2))
    for c, j in zip(r.curves, r.jumps, strict=True):
        last = j.path[np.isfinite(j.path[:, 0])][-1:]
        data.append(
            points(
                last[:, 0],
                last[:, 1],
                f"{c.name}, end",
                colour(c),
                symbol=symbol(c),
                size=13,
                line={"color": INK, "width": 1.5},
            )
        )
    look = key_layout(r, sides=(60, 16))
    start = annotation("start", *outermost(surface)[:2], xanchor="left", yanchor="bottom")
    look["annotations"] = [key_line([(c.name, colour(c), "marker") for c in r.curves], a_line=3), start]
    x0, x1, y0, y1 = surface.box
    return spec(
        data,
        title="One run of each curve among many local minima",
        alt="Contour map of the ripples with one path for each of " + listed([c.name for c in r.curves]),
        height=520, meta={"still": 2},
        xaxis=axis("w₁", range=[x0, x1]), yaxis=axis("w₂", range=[y0, y1]),
        **look,
    )  # fmt: skip


def jumps_table(r: Results) -> list[dict[str, str]]:
    """The counts of every curve."""
    return [
        {
            "curve": c.name, "runs that jumped": f"{whole(j.escaped)} of {RUNS}", "in the second half": whole(j.still),
            "jumps per run": number(j.made.mean()), f"last within {number(CLOSE)} of the best minimum": whole(j.centre),
            "mean loss at the end": number(j.loss) if j.diverged < RUNS else "all diverged",
        }
        for c, j in zip(r.curves, r.jumps, strict=True)
    ]  # fmt: skip


@picture(label="A burst, postponed or cured", caption=run_words.burst_caption)
def burst(r: Results) -> dict[str, Any]:
    """Distance from the floor of the valley against the step, for every curve, and the paths seen from above."""
    x = np.arange(len(r.run_steps) + 1.0)
    floor_x = np.linspace(VALLEY.box[0], VALLEY.box[1], 200)
    data = [
        line(
            floor_x,
            0.1 * np.sin(3 * floor_x),
            "floor of the valley",
            INK,
            "floor",
            width=0.8,
            dash="dot",
            **on_panel(2),
        )
    ]
    for c, b in zip(r.curves, r.bursts, strict=True):
        look = {"colour": colour(c), "dash": dash(c)}
        data.append(
            line(
                x, b.off, c.name, hover=f"{curve_label(c)}, step %{{x:,}}: %{{y:.3g}} off the floor", width=1.8, **look
            )
        )
        path = f"{curve_label(c)} (%{{x:.2f}}, %{{y:.2f}})"
        data.append(line(b.path[:, 0], b.path[:, 1], f"{c.name}, path", hover=path, width=1.4, **look, **on_panel(2)))
    highest = max(float(np.nanmax(b.off, initial=WALL)) for b in r.bursts)
    return spec(
        data,
        title=run_words.burst_title(r),
        alt="Two line charts: distance from the valley floor against the step, and the paths from above, for " + listed([c.name for c in r.curves]),
        height=520, meta={"still": 1}, **key_layout(r),
        xaxis=axis("step", range=[0, len(x) - 1], anchor="y"), yaxis=axis("off the floor", range=[-0.01, rounded_up(min(highest, MOST_OFF))], domain=[0.58, 1]),
        xaxis2=axis("w₁, along the valley", range=list(VALLEY.box[:2]), anchor="y2"),
        yaxis2=axis("w₂", range=list(VALLEY.box[2:]), domain=[0, 0.4], anchor="x2"),
    )  # fmt: skip
