"""The lecture's picture: batch, mini-batch and stochastic paths on the true cost, and the cost along each."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.mini_batch import Results
from ...lessons.mini_batch.training import Path, thinned
from ..plot import meta
from ..plot.axes import axis, log_axis, rounded_up
from ..plot.text import duration, whole
from ..plot.theme import INK, key_line, spec
from ..plot.traces import head, hline, line, on_panel, open_circles
from .style import COLOUR, GLYPH, LINE_POINTS, LINE_WIDTHS, PANELS, SYMBOL, box, contour, minimum_mark, picture
from .words import AXIS, NAME, paths_alt, paths_caption, paths_title

STEPS = 240  # of the time bar


# ---- the picture --------------------------------------------------------------------------------------------


def picked_start(r: Results, x: float, y: float) -> dict[str, Any]:
    """A point of the contour as the first weights."""
    return {"w1": x, "w2": y}


@picture(label="Paths and their cost", caption=paths_caption, pick=picked_start)
def paths(r: Results) -> dict[str, Any]:
    """The paths on the contour of the true cost, and below it J{t} of each batch and the cost of all samples.

    Every update is computed; a line is drawn through at most LINE_POINTS of them. The time bar runs over epochs, and
    an invisible track gives each head its place at each step of the bar.
    """
    bar = np.linspace(0, max((float(p.epoch[-1]) for p in r.paths), default=1.0), STEPS + 1)
    at = STEPS if r.settings["epoch"] is None else int(np.argmin(np.abs(bar - r.settings["epoch"])))
    data = [contour(r)]
    still = len(data)
    lines = [_lines(r, path) for path in reversed(r.paths)]
    data += [trace for kind in zip(*lines, strict=True) for trace in kind]
    data += [minimum_mark(r), open_circles([r.start[0]], [r.start[1]], "start", 15)]
    tracks = [(track, path.name) for path in r.paths for track in _tracks(r, path, bar)]
    first = len(data)
    for track, name in tracks:
        look = {"colour": COLOUR[name], "symbol": SYMBOL[name]}
        data.append(head(track, at, look, track["name"].replace(" by epoch", " now")))
    data += [track | {"visible": False} for track, _ in tracks]
    x0, x1, y0, y1 = box(r)
    return spec(
        data, title=paths_title(r), alt=paths_alt(r), style=r.settings["style"], height=560, showlegend=False,
        margin={"l": 64, "r": 16, "t": 66, "b": 52},
        meta={
            "still": still,
            "bar": meta.bar("time", "epoch", bar, at, 40),
            "heads": meta.heads([(first + i, first + len(tracks) + i) for i in range(len(tracks))]),
            "pick": meta.pick(r.start),
        },
        annotations=[
            key_line([(f"{GLYPH[p.name]} {NAME[p.name]}", COLOUR[p.name], "solid") for p in r.paths]),
            key_line([("J{t} of the batch", INK, "thin"), ("cost of all samples", INK, "dash")]) | {"y": PANELS[r.settings["style"]][1]},
        ],
        shapes=[hline(r.least, xref="x2 domain", yref="y2") | {"visible": r.least > 0}],
        xaxis=axis("", range=[x0, x1], domain=[0, 1], anchor="y"),
        yaxis=axis("w₂", range=[y0, y1], domain=[PANELS[r.settings["style"]][2], 1]),
        xaxis2=_counted_axis(r),
        yaxis2=_cost_axis(r),
    )  # fmt: skip


def _x(r: Results, path: Path) -> np.ndarray:
    """(updates + 1,) where positions stand on the cost axes. Update t, counted from 1, starts from position t - 1.

    J{t} is measured before update t, at the same position as the cost of all samples there, so both share an x.
    """
    return r.along(path) + (r.settings["axis"] == "updates")


def _lines(r: Results, path: Path) -> list[dict[str, Any]]:
    """The path, its J{t} at updates 1, 2, ..., and the cost of all samples along it."""
    colour, who, x = COLOUR[path.name], NAME[path.name], _x(r, path)
    points, batch = thinned(path.updates + 1, LINE_POINTS), thinned(path.updates, LINE_POINTS)
    faint = {"opacity": 0.6} if path.name == "stochastic" else {}
    marked = {"mode": "lines+markers", "marker": {"color": colour, "size": 4}} if path.name == "batch" else {}
    w = path.run.path[points]
    walked = line(
        w[:, 0], w[:, 1], f"{who} path", colour, f"{who} (%{{x:.3f}}, %{{y:.3f}})", width=LINE_WIDTHS[path.name]
    )
    noisy = line(
        x[batch], path.run.batch_cost[batch], f"{who} J{{t}}", colour, f"{who} J{{t}} = %{{y:.3f}}",
        width=min(LINE_WIDTHS[path.name], 1.2), **on_panel(2),
    )  # fmt: skip
    all_samples = f"{who}, all samples %{{y:.3f}}"
    true = line(x[path.looks], path.cost, f"{who} cost of all samples", colour, all_samples, dash="dash", **on_panel(2))
    return [walked | marked | faint, noisy | marked | faint, true]


def _tracks(r: Results, path: Path, bar: np.ndarray) -> list[dict[str, Any]]:
    """Where the path stands at each step of the bar, on the contour and on the cost axes; never shown."""
    index = np.searchsorted(path.epoch, bar + 1e-9, side="right") - 1
    look = np.searchsorted(path.looks, index, side="right") - 1
    colour, who = COLOUR[path.name], NAME[path.name]
    w, x = path.run.path[index], _x(r, path)[path.looks[look]]
    return [
        line(w[:, 0], w[:, 1], f"{who} by epoch", colour),
        line(x, path.cost[look], f"{who} cost by epoch", colour, **on_panel(2)),
    ]


def _counted_axis(r: Results) -> dict[str, Any]:
    """What is counted; updates and seconds span decades, so over decades."""
    kind = r.settings["axis"]
    ends = [_x(r, path) for path in r.paths] or [np.array([0.0, 1.0])]
    last = max(float(end[-1]) for end in ends)
    fields = {"anchor": "y2", "domain": [0, 1]}
    if kind in ("epochs", "samples"):
        return axis(AXIS[kind], range=[0, last], **fields)
    first = min(float(end[end > 0][0]) for end in ends)
    ticks = [float(f"1e{k}") for k in range(-8, 6)]
    fields |= {"tickvals": ticks, "ticktext": [duration(v) if kind == "seconds" else whole(v) for v in ticks]}
    return log_axis(AXIS[kind], np.log10([first, max(last, 2 * first)]), **fields)


def _cost_axis(r: Results) -> dict[str, Any]:
    """From below the least cost to above the start's; room for a batch cost that rises, up to four times as high."""
    batch = [float(np.nanmax(p.run.batch_cost)) for p in r.paths if p.name == "batch"]
    top = rounded_up(1.1 * max(r.start_cost, *(min(b, 4 * r.start_cost) for b in batch), 2 * r.least, 1e-9))
    fields = {"domain": [0, PANELS[r.settings["style"]][0]], "anchor": "x2"}
    if r.settings["scale"] == "linear":
        return axis("cost", range=[0.0, top], **fields)
    bottom = 0.5 * r.least if r.least > 1e-6 * top else 1e-6 * top
    return log_axis("cost", np.log10([bottom, 2 * top]), **fields)
