"""The main picture of the trajectories page: paths on the contour, and what they cost, beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from ...lessons.trajectories import Results
from ...lessons.trajectories.run import Land, Run
from ...lessons.trajectories.settings import start_keys
from ..gallery import gallery
from ..plot.text import number
from ..plot.theme import (  # fmt: skip
    BLUE,
    COLOURS,
    GREEN,
    INK,
    MUTED,
    PAPER,
    PURPLE,
    RED,
    SCALE,
    SIZE,
    SURFACE,
    axis,
    cue,
    key_line,
    spec,
)
from .words import paths_alt, paths_caption, paths_title

PICTURES, picture = gallery("trajectories")

NOTES = {"gd": BLUE, "momentum": RED, "rmsprop": GREEN, "adam": PURPLE}  # the notes' own colours, where they have one
MARKS = {"minimum": ("star", "minimum"), "saddle": ("x-thin", "saddle"), "maximum": ("triangle-up-open", "maximum"),
         "degenerate": ("diamond-open", "level point")}  # fmt: skip
LEVELS = 22
LOWEST = -6  # decades of loss that are drawn
DOTTED = 240  # as many steps are drawn as dots, too


def cues(names: Sequence[str]) -> list[dict[str, str]]:
    """Colour, dash and symbol for each optimizer: the notes' colours for those they name, free ones for the others.

    Dash and symbol follow the order of choice, so that the first line is always solid.
    """
    taken = [NOTES[name] for name in names if name in NOTES]
    free = [
        colour for colour in (*(c for c in COLOURS if c not in NOTES.values()), *NOTES.values()) if colour not in taken
    ]
    return [cue(i) | {"colour": NOTES[name] if name in NOTES else free.pop(0)} for i, name in enumerate(names)]


def room(entries: int, style: str, wide: bool = False) -> tuple[int, int]:
    """How many entries of a key stand on a line, and how high title and key are together; a slide holds fewer."""
    a_line = {"screen": (3, 7), "slide": (2, 4)}[style][wide]
    return a_line, 66 + 20 * ((entries - 1) // a_line)


@lru_cache(maxsize=8)
def ground(land: Land) -> list[dict[str, Any]]:
    """The traces that stay while anything moves: the filled contour, and the critical points by kind."""
    z = heights(land, land.loss)
    low, high = float(z.min()), float(z.max())
    data: list[dict[str, Any]] = [{
        "type": "contour", "x": land.x, "y": land.y, "z": z, "name": "loss", "showscale": False, "hoverinfo": "skip",
        "colorscale": [list(stop) for stop in SURFACE], "autocontour": False,
        "contours": {"start": low, "end": high, "size": (high - low) / LEVELS, "coloring": "fill"},
        "line": {"width": 0.5, "color": PAPER},
    }]  # fmt: skip
    for kind, (symbol, name) in MARKS.items():
        points = np.array([(x, y) for x, y, k in land.surface.points if k == kind]).reshape(-1, 2)
        if len(points):
            data.append({
                "type": "scatter", "mode": "markers", "x": points[:, 0], "y": points[:, 1], "name": name,
                "marker": {"symbol": symbol, "size": 11 if kind == "minimum" else 8, "color": INK, "line": {"width": 1.4, "color": INK}},
                "hovertemplate": f"{name} (%{{x:.4g}}, %{{y:.4g}})<extra></extra>",
            })  # fmt: skip
    return data


def heights(land: Land, loss: Any) -> np.ndarray:
    """What is drawn for a loss: the loss, or its logarithm where the surface asks for it, with a floor of 1e-3 of its range."""
    if not land.surface.log:
        return np.asarray(loss, float)
    return np.log10(np.maximum(land.excess(loss), 0.0) + 1e-4 * land.top)


def positive(values: np.ndarray) -> np.ndarray:
    """Values for a logarithmic axis: gaps where they are not positive."""
    return np.where(values > 0, values, np.nan)


def lines(r: Results, run: Run, look: dict[str, str]) -> list[dict[str, Any]]:
    """One run as lines: its path, its loss, its gradient norm and its effective rates along x and y."""
    at, path = r.drawn, run.path
    loss = run.land.excess(path.loss[at])
    rate = np.append(run.effective, run.effective[-1:], axis=0)[at]
    pen = {"color": look["colour"], "dash": look["dash"], "width": 2.2}
    base = {"type": "scatter", "mode": "lines", "name": run.label, "line": pen}
    steps = {"x": at, "xaxis": "x2"}
    hover = f"{run.label}, step %{{x}}: %{{y:.3g}}<extra></extra>"
    dots = len(at) * len(r.runs) <= DOTTED
    return [
        base | {"x": path.xy[at, 0], "y": path.xy[at, 1], "customdata": at, "mode": "lines+markers" if dots else "lines",
                "marker": {"size": 4, "color": look["colour"]},
                "hovertemplate": f"{run.label}, step %{{customdata}}: (%{{x:.3g}}, %{{y:.3g}})<extra></extra>"},
        base | steps | {"y": loss if run.land.floor is None else positive(loss), "yaxis": "y2", "hovertemplate": hover},
        base | steps | {"y": positive(path.grad_norm[at]), "yaxis": "y3", "hovertemplate": hover},
        base | steps | {"y": positive(rate[:, 0]), "yaxis": "y4", "hovertemplate": hover, "line": pen | {"dash": "solid", "width": 1.8}},
        base | steps | {"y": positive(rate[:, 1]), "yaxis": "y4", "hovertemplate": hover, "line": pen | {"dash": "dot", "width": 1.8}},
    ]  # fmt: skip


def head(line: dict[str, Any], look: dict[str, str], k: int) -> dict[str, Any]:
    """A marker at point k of a line, or at its last point where it ends before."""
    known = np.flatnonzero(np.isfinite(line["y"][: k + 1]))
    i = known[-1] if len(known) else 0
    marker = {"color": look["colour"], "symbol": look["symbol"], "size": 11, "line": {"width": 1.5, "color": PAPER}}
    axes = {name: line[name] for name in ("xaxis", "yaxis") if name in line}
    return axes | {"type": "scatter", "mode": "markers", "name": line["name"], "x": line["x"][i : i + 1], "y": line["y"][i : i + 1],
                   "marker": marker, "hoverinfo": "skip"}  # fmt: skip


def thin(r: Results, run: Run) -> dict[str, Any]:
    """The path that a run would take with its switches as usual."""
    xy = run.path.xy[r.drawn]
    return {"type": "scatter", "mode": "lines", "name": f"{run.label}, as usual", "x": xy[:, 0], "y": xy[:, 1],
            "line": {"color": MUTED, "width": 1.4, "dash": "dot"}, "hoverinfo": "skip"}  # fmt: skip


def beginning(r: Results) -> dict[str, Any]:
    """The ring round the start."""
    x, y = (np.array([v]) for v in r.setup.start)
    ring = {"symbol": "circle-open", "size": 15, "color": INK, "line": {"width": 2, "color": INK}}
    return {"type": "scatter", "mode": "markers", "name": "start", "x": x, "y": y, "hoverinfo": "skip", "marker": ring}


def bar(r: Results) -> dict[str, Any]:
    """The time bar of every figure of this page: some eight seconds for all the steps."""
    at = int(np.searchsorted(r.drawn, r.step))
    return {"kind": "time", "label": "step", "values": r.drawn, "at": at, "rate": max(len(r.drawn) / 8, 4)}


def _axes(r: Results, narrow: bool) -> dict[str, Any]:
    """Contour on the left and three panels on the right; one below the other on a narrow screen."""
    x0, x1, y0, y1 = r.land.surface.box
    across, beside = ([0, 1], [0, 1]) if narrow else ([0, 0.59], [0.65, 1])
    panels = ([0.36, 0.49], [0.18, 0.31], [0, 0.13]) if narrow else ([0.71, 0.94], [0.36, 0.59], [0, 0.24])
    small = {"tickfont": {"size": round(0.85 * SIZE * SCALE[r.settings["style"]])}}
    power = small | {
        "type": "log",
        "exponentformat": "power",
        "dtick": 2 if r.settings["style"] == "screen" else 4,
        "anchor": "x2",
    }
    start = float(r.runs[0].path.loss[0])
    if r.land.floor is None:
        low, high = float(r.land.loss.min()), float(r.land.loss.max())
        loss = axis("", range=[low, high], domain=panels[0], anchor="x2")
    else:
        top = np.log10(max(r.land.top, r.land.excess(start), 1e-3)) + 0.3
        loss = axis("", range=[LOWEST, top], domain=panels[0], **power)
    steepest = np.log10(max(r.land.steepest, r.runs[0].path.grad_norm[0], 1e-3)) + 0.3
    return {
        "xaxis": axis("x", range=[x0, x1], domain=across, anchor="y"),
        "yaxis": axis("y", range=[y0, y1], domain=[0.6, 1] if narrow else [0, 1], anchor="x"),
        "xaxis2": axis("step", range=[0, r.steps], domain=beside, anchor="y4"),
        "yaxis2": loss,
        "yaxis3": axis("", range=[steepest - 6, steepest], domain=panels[1], **power),
        "yaxis4": axis("", range=[np.log10(r.rates[0]), 2], domain=panels[2], **power),
    }  # fmt: skip


def _panel_names(r: Results) -> list[dict[str, Any]]:
    """What each panel shows, above it; anchored to the panels, so that the names go with them."""
    loss = "loss" if r.land.floor in (None, 0.0) else "loss above the lowest minimum"
    size = {"size": round(0.9 * SIZE * SCALE[r.settings["style"]])}
    return [
        {"text": text, "x": 0, "y": 1, "xref": "x2 domain", "yref": f"{y} domain", "xanchor": "left", "yanchor": "bottom",
         "showarrow": False, "font": size}
        for text, y in ((loss, "y2"), ("gradient norm", "y3"), ("rates: x ━━, y ┅┅", "y4"))
    ]  # fmt: skip


def picked_start(r: Results, x: float, y: float) -> dict[str, Any]:
    """A point of the surface as the start of every run."""
    return dict(zip(start_keys(r.settings["surface"]), (round(x, 3), round(y, 3)), strict=True))


@picture(label="Paths on the surface", caption=paths_caption, pick=picked_start)
def paths(r: Results) -> dict[str, Any]:
    """The paths of the chosen optimizers on the contour, with loss, gradient norm and effective rates against the step."""
    data = list(ground(r.land))
    still = len(data)
    looks = cues([run.name for run in r.runs])
    data += [thin(r, run) for run in r.plain.values()]
    sets = [lines(r, run, look) for run, look in zip(r.runs, looks, strict=True)]
    first = len(data)
    data += [line for each in sets for line in each]
    data.append(beginning(r))
    heads, time = [], bar(r)
    for i, (each, look) in enumerate(zip(sets, looks, strict=True)):
        for j in range(4):
            heads.append({"trace": len(data), "of": first + i * len(each) + j})
            data.append(head(each[j], look, time["at"]))
    key = [
        (f"{run.label} α {number(run.lr)}", look["colour"], look["dash"])
        for run, look in zip(r.runs, looks, strict=True)
    ]
    a_line, top = room(len(key), r.settings["style"])
    return spec(
        data,
        title=paths_title(r),
        alt=paths_alt(r),
        style=r.settings["style"],
        meta={
            "still": still, "bar": time, "heads": heads,
            "pick": {"xaxis": "xaxis", "yaxis": "yaxis", "at": list(r.setup.start)},
            "narrow": _axes(r, narrow=True) | {"height": 860},
        },
        height=510 if r.settings["style"] == "screen" else 640,
        margin={"l": 52, "r": 14, "t": top, "b": 46},
        showlegend=False,
        annotations=[key_line(key, a_line=a_line) | {"yshift": 8}, *_panel_names(r)],
        **_axes(r, narrow=False),
    )  # fmt: skip
