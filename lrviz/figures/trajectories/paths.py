"""The main picture of the trajectories page: paths on the contour, and what they cost, beside it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.memo import memo
from ...lessons.trajectories import Results
from ...lessons.trajectories.run import Land, Run
from ...lessons.trajectories.settings import start_keys
from ..gallery import gallery
from ..plot import meta
from ..plot.axes import axis, log_axis, positive
from ..plot.identity import identity
from ..plot.surface_map import contour, marks
from ..plot.text import number
from ..plot.theme import FONT_SIZE, MUTED, STYLE_SCALES, key_line, spec
from ..plot.traces import head, line, open_circles, panel_title
from .words import paths_alt, paths_caption, paths_title

PICTURES, picture = gallery("trajectories")

LOWEST_DECADE = -6  # decades of loss that are drawn
MOST_DOTS = 240  # as many steps are drawn as dots, too


def key_room(entries: int, style: str, wide: bool = False) -> tuple[int, int]:
    """How many entries of a key stand on a line, and how high title and key are together; a slide holds fewer."""
    a_line = {"screen": (3, 7), "slide": (2, 4)}[style][wide]
    return a_line, 66 + 20 * ((entries - 1) // a_line)


@memo(entries=8)
def background(land: Land) -> list[dict[str, Any]]:
    """The traces that stay while anything moves: the filled contour and the critical points."""
    return [contour(land.x, land.y, heights(land, land.loss)), marks(land.surface.points)]


def heights(land: Land, loss: Any) -> np.ndarray:
    """What is drawn for a loss: the loss, or the logarithm of it plus 1e-4 of its range where the surface asks for that."""
    if not land.surface.log:
        return np.asarray(loss, float)
    return np.log10(np.maximum(land.excess(loss), 0.0) + 1e-4 * land.top)


def lines(r: Results, run: Run) -> list[dict[str, Any]]:
    """One run as lines: its path, its loss, its gradient norm and its effective rates along x and y."""
    at, path, style = r.drawn, run.path, identity(run.name)
    loss = run.land.excess(path.loss[at])
    rate = positive(np.append(run.effective, run.effective[-1:], axis=0)[at])
    few = len(at) * len(r.runs) <= MOST_DOTS
    way = {"mode": "lines+markers", "marker": {"size": 4, "color": style["colour"]}} if few else {}
    panels = (
        ("2", loss if run.land.floor is None else positive(loss), {"dash": style["dash"]}),
        ("3", positive(path.grad_norm[at]), {"dash": style["dash"]}),
        ("4", rate[:, 0], {"width": 1.8}),
        ("4", rate[:, 1], {"width": 1.8, "dash": "dot"}),
    )
    return [
        line(path.xy[at, 0], path.xy[at, 1], run.label, style["colour"], f"{run.label}, step %{{customdata:,}}: (%{{x:.3g}}, %{{y:.3g}})",
             dash=style["dash"], customdata=at, **way),
        *(line(at, y, run.label, style["colour"], f"{run.label}, step %{{x:,}}: %{{y:.3g}}", xaxis="x2", yaxis=f"y{panel}", **stroke)
          for panel, y, stroke in panels),
    ]  # fmt: skip


def usual_path(r: Results, run: Run) -> dict[str, Any]:
    """The path that a run would take with its switches as usual."""
    xy = run.path.xy[r.drawn]
    return line(xy[:, 0], xy[:, 1], f"{run.label}, as usual", MUTED, width=1.4, dash="dot")


def time_bar(r: Results) -> meta.Bar:
    """The time bar of every figure of this page: some eight seconds for all the steps."""
    return meta.bar("time", "step", r.drawn, int(np.searchsorted(r.drawn, r.step)), max(len(r.drawn) / 8, 4))


def _axes(r: Results, narrow: bool) -> dict[str, Any]:
    """Contour on the left and three panels on the right; one below the other on a narrow screen."""
    x0, x1, y0, y1 = r.land.surface.box
    across, beside = ([0, 1], [0, 1]) if narrow else ([0, 0.59], [0.65, 1])
    panels = ([0.36, 0.49], [0.18, 0.31], [0, 0.13]) if narrow else ([0.71, 0.94], [0.36, 0.59], [0, 0.24])
    small = {"tickfont": {"size": round(0.85 * FONT_SIZE * STYLE_SCALES[r.settings["style"]])}}
    power = small | {"dtick": 2 if r.settings["style"] == "screen" else 4, "anchor": "x2"}
    start = float(r.runs[0].path.loss[0])
    if r.land.floor is None:
        low, high = float(r.land.loss.min()), float(r.land.loss.max())
        loss = axis("", range=[low, high], domain=panels[0], anchor="x2")
    else:
        top = np.log10(max(r.land.top, r.land.excess(start), 1e-3)) + 0.3
        loss = log_axis("", [LOWEST_DECADE, top], domain=panels[0], **power)
    steepest = np.log10(max(r.land.steepest, r.runs[0].path.grad_norm[0], 1e-3)) + 0.3
    return {
        "xaxis": axis("x", range=[x0, x1], domain=across, anchor="y"),
        "yaxis": axis("y", range=[y0, y1], domain=[0.6, 1] if narrow else [0, 1], anchor="x"),
        "xaxis2": axis("step", range=[0, r.steps], domain=beside, anchor="y4"),
        "yaxis2": loss,
        "yaxis3": log_axis("", [steepest - 6, steepest], domain=panels[1], **power),
        "yaxis4": log_axis("", [np.log10(r.rates[0]), 2], domain=panels[2], **power),
    }  # fmt: skip


def _panel_names(r: Results) -> list[dict[str, Any]]:
    """What each panel shows, above it; anchored to the panels, so that the names go with them."""
    loss = "loss" if r.land.floor in (None, 0.0) else "loss above the lowest minimum"
    size = {"size": round(0.9 * FONT_SIZE * STYLE_SCALES[r.settings["style"]])}
    panels = ((loss, "2"), ("gradient norm", "3"), ("rates: x ━━, y ┅┅", "4"))
    return [panel_title(text, panel, font=size) | {"xref": "x2 domain"} for text, panel in panels]


def picked_start(r: Results, x: float, y: float) -> dict[str, Any]:
    """A point of the surface as the start of every run."""
    return dict(zip(start_keys(r.settings["surface"]), (round(x, 3), round(y, 3)), strict=True))


@picture(label="Paths on the surface", caption=paths_caption, pick=picked_start)
def paths(r: Results) -> dict[str, Any]:
    """The paths of the chosen optimizers on the contour, with loss, gradient norm and effective rates against the step."""
    data = list(background(r.land))
    still = len(data)
    data += [usual_path(r, run) for run in r.plain.values()]
    sets = [lines(r, run) for run in r.runs]
    first, time = len(data), time_bar(r)
    data += [curve for each in sets for curve in each]
    data.append(open_circles([r.setup.start[0]], [r.setup.start[1]], "start", 15))
    moved = [first + i * len(each) + j for i, each in enumerate(sets) for j in range(len(each) - 1)]
    heads = meta.heads(list(enumerate(moved, len(data))))
    data += [
        head(curve, time["at"], identity(run.name))
        for run, each in zip(r.runs, sets, strict=True)
        for curve in each[:-1]
    ]
    key = [
        (f"{run.label} α {number(run.lr)}", identity(run.name)["colour"], identity(run.name)["dash"]) for run in r.runs
    ]
    a_line, top = key_room(len(key), r.settings["style"])
    return spec(
        data,
        title=paths_title(r),
        alt=paths_alt(r),
        style=r.settings["style"],
        meta={
            "still": still, "bar": time, "heads": heads,
            "pick": meta.pick(r.setup.start),
            "narrow": _axes(r, narrow=True) | {"height": 860},
        },
        height=510 if r.settings["style"] == "screen" else 640,
        margin={"l": 52, "r": 14, "t": top, "b": 46},
        showlegend=False,
        annotations=[key_line(key, a_line=a_line) | {"yshift": 8}, *_panel_names(r)],
        **_axes(r, narrow=False),
    )  # fmt: skip
