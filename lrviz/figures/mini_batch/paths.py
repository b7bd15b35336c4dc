"""The lecture's picture: batch, mini-batch and stochastic paths on the true cost, and the cost along each."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.mini_batch import Results
from ...lessons.mini_batch.training import Path, thinned
from ..plot.theme import FAINT, INK, axis, key_line, spec
from .style import (  # fmt: skip
    COLOUR,
    LINE_POINTS,
    PANELS,
    SIGN,
    STROKE,
    SYMBOL,
    amount,
    box,
    contour,
    dots,
    duration,
    figure,
    line,
    listed,
    minimum_mark,
    named,
    picture,
)

STEPS = 240  # of the time bar
COUNTED = {
    "updates": ("update", "updates"),
    "epochs": ("epoch", "epochs"),
    "samples": ("sample", "samples"),
    "seconds": ("s", "s"),
}
AXIS = {"updates": "update t", "epochs": "epochs", "samples": "samples seen", "seconds": "time, measured here"}


# ---- the sentence -------------------------------------------------------------------------------------------


def paths_caption(r: Results) -> str:
    """How soon each arrives, whether batch cost falls, and whether the smallest batches settle."""
    parts = [f"Not drawn: {refusal}." for refusal in r.refusals]
    if not r.paths:
        return " ".join([*parts, "No path can be drawn."])
    lost = [f"{named(p.name)} diverged at update {p.diverged_at:,}" for p in r.paths if p.diverged_at is not None]
    if lost:
        parts.append(f"{listed(lost).capitalize()}.")
    parts.append(_arrivals(r))
    parts += [text for p in r.paths if p.name != "stochastic" for text in _batch_cost(r, p)]
    parts.append(_staying(r, r.paths[-1]))
    parts += [
        f"The {named(p.name)} path stops after {p.updates:,} updates, {figure(p.epoch[-1])} of {p.epochs} epochs."
        for p in r.paths
        if not p.complete
    ]
    if r.settings["axis"] == "seconds":
        took = [f"{duration(r.seconds(p))} for {named(p.name)}" for p in r.paths]
        parts.append(f"Measured on this machine, an update takes {listed(took)}.")
    return " ".join(part for part in parts if part)


def _arrivals(r: Results) -> str:
    if r.start_cost <= r.least * (1 + 1e-9):
        return "All start at the minimum."
    if r.minimum is None:
        return "A line separates the two classes, so the cost has no minimum: it falls for ever as w grows."
    one, many = COUNTED[r.settings["axis"]]
    seconds = r.settings["axis"] == "seconds"
    there = [
        f"{duration(a) if seconds else amount(a, one, many)} for {named(p.name)}"
        for p, a in zip(r.paths, r.arrivals, strict=True)
        if a is not None
    ]
    absent = [named(p.name) for p, a in zip(r.paths, r.arrivals, strict=True) if a is None]
    parts = [f"Nine tenths of the excess cost are gone after {listed(there)}"] if there else []
    if absent:
        parts.append(f"{listed(absent)} {'does' if len(absent) == 1 else 'do'} not get that far")
    text = "; ".join(parts) + "."
    return text if there else f"Of the excess cost, nine tenths have to go: {text}"


def _batch_cost(r: Results, path: Path) -> list[str]:
    """Whether the batch cost falls at every update, and how noisy a mini-batch's is."""
    cost = path.run.batch_cost[np.isfinite(path.run.batch_cost)]
    if path.name == "batch":
        if path.rises_at is not None:
            gd = r.settings["optimizer"] == "gd"
            why = (
                "the rate is too big"
                if gd
                else "the rate is too big, or what the optimizer remembers carries it past the minimum"
            )
            return [f"Batch cost rises at update {path.rises_at:,}: {why}."]
        if cost.size < 2:
            return ["Batch makes a single update."]
        falls = "falls at each" if (np.diff(cost) < 0).all() else "never rises in any"
        return [f"Batch cost {falls} of its {cost.size:,} updates."]
    if path.diverged_at is not None or path.epochs < 2 or path.updates < 2 * path.cut.number:
        return []
    n = path.cut.number
    return [
        f"Mini-batch cost is noisy, up {int((np.diff(cost) > 0).sum()):,} times in {cost.size:,} updates; its mean over an "
        f"epoch goes from {figure(cost[:n].mean())} to {figure(cost[-n:].mean())}."
    ]


def _staying(r: Results, path: Path) -> str:
    """Whether the path with the smallest batches settles."""
    word, near, far = r.stay(path)
    who, between = named(path.name), f"{figure(near)} to {figure(far)} from the minimum"
    return {
        "lost": "",
        "settled": f"In its second half {who} stays within {far:.1g} of the minimum: it settles.",
        "on its way": f"In its second half {who} is {between}, still on its way.",
        "wanders": f"In its second half {who} wanders {between} and does not settle.",
    }[word]


def _title(r: Results) -> str:
    shown = {p.name: p for p in r.paths}
    if "batch" in shown and shown["batch"].rises_at is not None and r.settings["optimizer"] == "gd":
        return "The rate is too big: batch cost rises"
    if r.paths and r.stay(r.paths[-1])[0] == "wanders":
        return f"{named(r.paths[-1].name).capitalize()} wanders round the minimum"
    if r.paths and r.stay(r.paths[-1])[0] == "settled":
        return f"{named(r.paths[-1].name).capitalize()} settles at the minimum"
    return "Small batches make many noisy updates"


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
    data += [minimum_mark(r), dots([r.start[0]], [r.start[1]], "start", INK, "start", symbol="circle-open", size=11)]
    tracks = [track for path in r.paths for track in _tracks(r, path, bar)]
    first = len(data)
    data += [_head(track, at) for track in tracks] + tracks
    x0, x1, y0, y1 = box(r)
    return spec(
        data, title=_title(r), alt=_alt(r), style=r.settings["style"], height=560, showlegend=False,
        margin={"l": 64, "r": 16, "t": 66, "b": 52},
        meta={
            "still": still,
            "bar": {"kind": "time", "label": "epoch", "values": bar, "at": at, "rate": 40},
            "heads": [{"trace": first + i, "of": first + len(tracks) + i} for i in range(len(tracks))],
            "pick": {"xaxis": "xaxis", "yaxis": "yaxis", "at": list(r.start)},
        },
        annotations=[
            key_line([(f"{SIGN[p.name]} {named(p.name)}", COLOUR[p.name], "solid") for p in r.paths]),
            key_line([("J{t} of the batch", INK, "thin"), ("cost of all samples", INK, "dash")]) | {"y": PANELS[r.settings["style"]][1]},
        ],
        shapes=[_least(r)],
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
    colour, who, x = COLOUR[path.name], named(path.name), _x(r, path)
    points, batch = thinned(path.updates + 1, LINE_POINTS), thinned(path.updates, LINE_POINTS)
    faint = {"opacity": 0.6} if path.name == "stochastic" else {}
    marked = {"mode": "lines+markers", "marker": {"color": colour, "size": 4}} if path.name == "batch" else {}
    below = {"xaxis": "x2", "yaxis": "y2"}
    w = path.run.path[points]
    walked = line(w[:, 0], w[:, 1], f"{who} path", colour, f"{who} (%{{x:.3f}}, %{{y:.3f}})", width=STROKE[path.name])
    noisy = line(
        x[batch], path.run.batch_cost[batch], f"{who} J{{t}}", colour, f"{who} J{{t}} = %{{y:.3f}}",
        width=min(STROKE[path.name], 1.2), **below,
    )  # fmt: skip
    true = line(
        x[path.looks],
        path.cost,
        f"{who} cost of all samples",
        colour,
        f"{who}, all samples %{{y:.3f}}",
        dash="dash",
        **below,
    )
    return [walked | marked | faint, noisy | marked | faint, true]


def _tracks(r: Results, path: Path, bar: np.ndarray) -> list[dict[str, Any]]:
    """Where the path stands at each step of the bar, on the contour and on the cost axes; never shown."""
    index = np.searchsorted(path.epoch, bar + 1e-9, side="right") - 1
    look = np.searchsorted(path.looks, index, side="right") - 1
    colour, who = COLOUR[path.name], named(path.name)
    w, x = path.run.path[index], _x(r, path)[path.looks[look]]
    return [
        line(w[:, 0], w[:, 1], f"{who} by epoch", colour, "", visible=False),
        line(x, path.cost[look], f"{who} cost by epoch", colour, "", visible=False, xaxis="x2", yaxis="y2"),
    ]


def _head(track: dict[str, Any], at: int) -> dict[str, Any]:
    """A marker where the track stands at a step of the bar, or where it ended."""
    here = int(np.flatnonzero(np.isfinite(track["y"][: at + 1]))[-1])
    who = track["name"].removesuffix(" by epoch")
    name = who.removesuffix(" cost").replace("-", "_")
    axes = {key: track[key] for key in ("xaxis", "yaxis") if key in track}
    return dots(
        [track["x"][here]], [track["y"][here]], f"{who} now", COLOUR[name], named(name), symbol=SYMBOL[name], size=11, **axes
    )  # fmt: skip


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
    fields |= {"tickvals": ticks, "ticktext": [duration(v) if kind == "seconds" else f"{v:,.0f}" for v in ticks]}
    return axis(AXIS[kind], type="log", range=[float(np.log10(first)), float(np.log10(max(last, 2 * first)))], **fields)


def _cost_axis(r: Results) -> dict[str, Any]:
    """From below the least cost to above the start's; room for a batch cost that rises, up to four times as high."""
    batch = [float(np.nanmax(p.run.batch_cost)) for p in r.paths if p.name == "batch"]
    top = _rounded(1.1 * max(r.start_cost, *(min(b, 4 * r.start_cost) for b in batch), 2 * r.least, 1e-9))
    fields = {"domain": [0, PANELS[r.settings["style"]][0]], "anchor": "x2"}
    if r.settings["scale"] == "linear":
        return axis("cost", range=[0.0, top], **fields)
    bottom = 0.5 * r.least if r.least > 1e-6 * top else 1e-6 * top
    return axis("cost", type="log", dtick=1, range=[float(np.log10(bottom)), float(np.log10(2 * top))], **fields)


def _rounded(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 7, 10, ...: an axis that ends there does not move with every drag."""
    decade = 10.0 ** np.floor(np.log10(value))
    return float(decade * next(step for step in (1, 1.5, 2, 3, 5, 7, 10) if step * decade >= value * (1 - 1e-9)))


def _least(r: Results) -> dict[str, Any]:
    """A dotted line at the least cost there is."""
    style = {"color": FAINT, "width": 1.2, "dash": "dot"}
    return {
        "type": "line",
        "xref": "x2 domain",
        "yref": "y2",
        "x0": 0,
        "x1": 1,
        "y0": r.least,
        "y1": r.least,
        "line": style,
        "visible": r.least > 0,
    }


def _alt(r: Results) -> str:
    who = listed([f"{named(p.name)} (B = {p.size:,})" for p in r.paths]) if r.paths else "none"
    counted = AXIS[r.settings["axis"]].split(",")[0]
    return (
        f"Contour of the cost of all {r.settings['m']:,} samples with the paths of {who} from ({figure(r.start[0])}, "
        f"{figure(r.start[1])}); below, the cost of each batch and of all samples against {counted}"
    )
