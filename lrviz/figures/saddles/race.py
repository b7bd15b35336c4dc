"""The race on a terrain, seen from above with its panels, and in three dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.saddles import Results
from ..plot import meta
from ..plot.axes import axis, log_range, narrow_axis, padded, positive
from ..plot.identity import identity, key_entries
from ..plot.surface_map import head_3d, line_3d, scene, surface_3d
from ..plot.text import counted
from ..plot.theme import MUTED, key_line, spec
from ..plot.traces import head, hline, line, on_panel
from .surface import background, heights_of, picture
from .words import race_caption, race_title, view3d_caption

SHALLOW = 6.0  # decades of gradient norm that are drawn where no saddle takes it further down
DEEPEST = 1e-20  # the smallest distance and gradient norm that are drawn
SMALL = {"nticks": 6, "tickfont": {"size": 12}}


def time_bar(r: Results) -> meta.Bar:
    """The bar of every figure of the race: its values are the drawn steps."""
    return meta.bar("time", "step", r.drawn, r.shown, np.clip(len(r.drawn) / 8, 10, 60))


def _paths(r: Results) -> list[tuple[str, dict[str, Any]]]:
    """(optimizer, line): the path, the upper and the lower panel of each, panel after panel."""
    steps, out = r.drawn, []
    for panel, what in ((1, "path"), (2, "upper"), (3, "lower")):
        for name, run in r.runs.items():
            style, words = identity(name), f"{r.surface.label}: {name} {what}"
            if what == "path":
                (x, y), hover = run.xy[steps].T, "(%{x:.4g}, %{y:.4g})"
            else:
                x, y, hover = steps, _panel(r, name, what)[steps], "step %{x:,}: %{y:.4g}"
            out.append((name, line(x, y, words, style["colour"], hover, dash=style["dash"], **on_panel(panel))))
    return out


def _panel(r: Results, name: str, what: str) -> np.ndarray:
    if what == "lower":
        return positive(r.runs[name].grad_norm)
    return r.runs[name].loss if r.settings["panel"] == "loss" else positive(r.distance[name])


def _upper_axis(r: Results) -> dict[str, Any]:
    z = heights_of(r)[2]
    if r.settings["panel"] == "loss":
        return axis("loss", range=padded(z, 0.04))
    x0, x1, y0, y1 = r.surface.box
    span = _depth([v[r.drawn] for v in r.distance.values()], 1.5 * max(x1 - x0, y1 - y0))
    return axis("distance", type="log", range=span, **SMALL)


def _lower_axis(r: Results) -> dict[str, Any]:
    x, y, _ = heights_of(r)
    steepest = float(np.hypot(*r.surface.gradient(*np.meshgrid(x, y))).max())
    span = _depth([run.grad_norm[r.drawn] for run in r.runs.values()], 2 * steepest)
    if not r.terrain.saddled:
        span[0] = max(span[0], span[1] - SHALLOW)
    return axis("gradient norm", type="log", range=span, **SMALL)


def _depth(values: list[np.ndarray], top: float) -> list[float]:
    """Range of a log axis: down to what is drawn, in jumps of four decades so that it stays put while dragged."""
    drawn = np.concatenate(values)
    drawn = drawn[np.isfinite(drawn) & (drawn > 0)]
    lowest = min(float(drawn.min(initial=0.9)), 0.9) if len(drawn) else 1e-4
    return log_range([max(lowest, DEEPEST)], grain=4, top=top)


def _reach_lines(r: Results) -> list[dict[str, Any]]:
    """Dashed lines at the distance that counts as gone, on the panel and on the contour."""
    across = [hline(r.terrain.reach, MUTED, xref="x2 domain", yref="y2")] if r.settings["panel"] == "distance" else []
    if r.terrain.origin is None:
        return across
    for side in (-1, 1):
        middle = r.terrain.origin + side * r.terrain.reach * r.terrain.down
        (x0, y0), (x1, y1) = (middle + along * r.terrain.ridge for along in (-20, 20))
        ends = {"x0": float(x0), "y0": float(y0), "x1": float(x1), "y1": float(y1)}
        across.append(hline(0, MUTED, xref="x", yref="y") | ends)
    return across


def picked_start(r: Results, x: float, y: float) -> dict[str, Any]:
    """A point of the terrain as the start of the race."""
    return {"start_x": x, "start_y": y}


@picture(label="The race, its distance and its gradient", caption=race_caption, pick=picked_start)
def race(r: Results) -> dict[str, Any]:
    """The contour with every path; distance from the ridge (or loss) and gradient norm against the step."""
    still, paths = background(r), _paths(r)
    heads = [head(path, r.shown, identity(name)) for name, path in paths]
    first = len(still) + len(paths)
    return spec(
        [*still, *(path for _, path in paths), *heads],
        title=race_title(r),
        alt=f"Contour of {r.surface.label} with the paths of {counted(len(r.runs), 'optimizer')}, and two panels of "
        f"{'the loss' if r.settings['panel'] == 'loss' else 'the distance'} and the gradient norm against the step",
        style=r.settings["style"],
        height=470,
        showlegend=False,
        margin={"l": 64, "r": 14, "t": 84, "b": 50},
        annotations=[key_line(key_entries(r.runs), a_line=3)],
        shapes=_reach_lines(r),
        meta={
            "still": len(still),
            "bar": time_bar(r),
            "heads": meta.heads([(first + i, len(still) + i) for i in range(len(paths))]),
            "pick": meta.pick(r.start),
            "narrow": map_and_panels(r, _upper_axis(r), _lower_axis(r), narrow=True),
        },
        **map_and_panels(r, _upper_axis(r), _lower_axis(r)),
    )


def map_and_panels(r: Results, upper: dict[str, Any], lower: dict[str, Any], *, narrow: bool = False) -> dict[str, Any]:
    """Axes of a map with two panels against the step beside it; on a narrow screen one below the other."""
    x0, x1, y0, y1 = r.surface.box
    steps = [0, max(r.settings["steps"], 1)]
    left, right = ([0, 1], [0, 1]) if narrow else ([0, 0.45], [0.58, 1])
    over, middle, under = ([0.58, 1], [0.27, 0.48], [0, 0.21]) if narrow else ([0, 1], [0.54, 1], [0, 0.46])
    upper, lower = (narrow_axis(upper, nticks=4), narrow_axis(lower, nticks=4)) if narrow else (upper, lower)
    return {
        "xaxis": axis("x", domain=left, anchor="y", range=[x0, x1]),
        "yaxis": axis("y", domain=over, anchor="x", range=[y0, y1]),
        "xaxis2": axis("", domain=right, anchor="y2", range=steps, showticklabels=False),
        "yaxis2": upper | {"domain": middle, "anchor": "x2"},
        "xaxis3": axis("step", domain=right, anchor="y3", range=steps),
        "yaxis3": lower | {"domain": under, "anchor": "x3"},
    } | ({"height": 700} if narrow else {})  # fmt: skip


# ---- three dimensions ---------------------------------------------------------------------------------------


def _path_3d(r: Results, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A path on the surface as far as the box goes, a little above it so that it can be seen."""
    x, y = r.runs[name].xy[r.drawn].T
    x0, x1, y0, y1 = r.surface.box
    inside = np.logical_and.accumulate((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))
    lift = 0.01 * float(np.ptp(heights_of(r)[2]))
    x, y, z = (np.where(inside, v, np.nan) for v in (x, y, r.runs[name].loss[r.drawn] + lift))
    return x, y, z


@picture(label="The race in three dimensions", caption=view3d_caption)
def view3d(r: Results) -> dict[str, Any]:
    """The terrain as a surface that can be turned, with every path on it as far as the box goes."""
    x, y, z = heights_of(r)
    paths = [line_3d(_path_3d(r, name), name, identity(name)["colour"]) for name in r.runs]
    heads = [head_3d(path, r.shown, identity(path["name"])) for path in paths]
    return spec(
        [surface_3d(x[::2], y[::2], z[::2, ::2]), *paths, *heads],
        title=race_title(r),
        alt=f"Three-dimensional view of {r.surface.label} with the paths of {counted(len(r.runs), 'optimizer')} on it",
        style=r.settings["style"],
        height=520,
        showlegend=False,
        margin={"l": 0, "r": 0, "t": 74, "b": 0},
        annotations=[key_line([(text, colour, "solid") for text, colour, _ in key_entries(r.runs)])],
        meta={
            "still": 1,
            "bar": time_bar(r),
            "heads": meta.heads([(1 + len(paths) + i, 1 + i) for i in range(len(paths))], three=True),
        },
        scene=scene("loss", r.surface.box, (1.45, 1.15, 0.85)),
    )
