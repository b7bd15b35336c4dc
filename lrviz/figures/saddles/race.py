"""The race on a terrain, seen from above with its panels, and in three dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.saddles import Results
from ..plot.text import counted
from ..plot.theme import FAINT, MUTED, PAPER, SURFACE, axis, key_line, spec
from .parts import decades, ground, head, heights, key_entries, line, look, picture, ready
from .words import race_caption, race_title, view3d_caption

SHALLOW = 6.0  # decades of gradient norm that are drawn where no saddle takes it further down
INSIDE = {"ticklabelposition": "inside", "ticks": "", "nticks": 4}  # on a narrow screen there is no room outside
SYMBOLS_3D = ("circle", "square", "diamond", "cross")  # of ours; for the others Plotly has no solid


def time_bar(r: Results) -> dict[str, Any]:
    """The bar of every figure of the race: its values are the drawn steps."""
    rate = float(np.clip(len(r.drawn) / 8, 10, 60))
    return {"kind": "time", "label": "step", "values": r.drawn, "at": r.shown, "rate": rate}


def _paths(r: Results) -> list[tuple[str, dict[str, Any]]]:
    """(optimizer, line): the path, the upper and the lower panel of each, panel after panel."""
    steps, out = r.drawn, []
    for panel, what in (("", "path"), ("2", "upper"), ("3", "lower")):
        for name, run in r.runs.items():
            stroke = {"dash": look(name)["dash"]}
            words = f"{r.surface.label}: {name} {what}"
            if what == "path":
                x, y = run.xy[steps, 0], run.xy[steps, 1]
                hover = "(%{x:.4g}, %{y:.4g})"
            else:
                x, y, hover = steps, _panel(r, name, what)[steps], "step %{x}: %{y:.4g}"
            out.append((name, line(x, y, words, look(name)["colour"], hover, panel, **stroke)))
    return out


def _panel(r: Results, name: str, what: str) -> np.ndarray:
    if what == "lower":
        return ready(r.runs[name].grad_norm)
    return r.runs[name].loss if r.settings["panel"] == "loss" else ready(r.distance[name])


def _upper_axis(r: Results) -> dict[str, Any]:
    z = heights(r.surface.name, tuple(r.surface.bound.items()))[2]
    if r.settings["panel"] == "loss":
        pad = 0.04 * float(z.max() - z.min())
        return axis("loss", range=[float(z.min()) - pad, float(z.max()) + pad])
    x0, x1, y0, y1 = r.surface.box
    reach = decades([v[r.drawn] for v in r.distance.values()], 1.5 * max(x1 - x0, y1 - y0))
    return axis("distance", type="log", range=reach, exponentformat="power", nticks=6, tickfont={"size": 12})


def _lower_axis(r: Results) -> dict[str, Any]:
    x, y, _ = heights(r.surface.name, tuple(r.surface.bound.items()))
    steepest = float(np.hypot(*r.surface.gradient(*np.meshgrid(x, y))).max())
    reach = decades([run.grad_norm[r.drawn] for run in r.runs.values()], 2 * steepest)
    if not r.terrain.saddled:
        reach[0] = max(reach[0], reach[1] - SHALLOW)
    return axis("gradient norm", type="log", range=reach, exponentformat="power", nticks=6, tickfont={"size": 12})


def _reach_mark(r: Results) -> list[dict[str, Any]]:
    """Dashed lines at the distance that counts as gone, on the panel and on the contour."""
    mark = {"type": "line", "line": {"color": MUTED, "width": 1.2, "dash": "dot"}, "layer": "above"}
    shapes = []
    if r.settings["panel"] == "distance":
        y = r.terrain.reach
        shapes.append(mark | {"xref": "x2 domain", "yref": "y2", "x0": 0, "x1": 1, "y0": y, "y1": y})
    if not r.terrain.saddled:
        return shapes
    for side in (-1, 1):
        middle = r.terrain.origin + side * r.terrain.reach * r.terrain.down
        (a, c), (b, d) = middle - 20 * r.terrain.ridge, middle + 20 * r.terrain.ridge
        shapes.append(mark | {"xref": "x", "yref": "y", "x0": float(a), "y0": float(c), "x1": float(b), "y1": float(d)})
    return shapes


def picked_start(r: Results, x: float, y: float) -> dict[str, Any]:
    """A point of the terrain as the start of the race."""
    return {"start_x": x, "start_y": y}


@picture(label="The race, its distance and its gradient", caption=race_caption, pick=picked_start)
def race(r: Results) -> dict[str, Any]:
    """The contour with every path; distance from the ridge (or loss) and gradient norm against the step."""
    still, paths = ground(r), _paths(r)
    heads = [head(path, r.shown, name) for name, path in paths]
    first = len(still) + len(paths)
    x0, x1, y0, y1 = r.surface.box
    steps = [0, max(r.settings["steps"], 1)]
    upper, lower = _upper_axis(r), _lower_axis(r)
    wide = {
        "xaxis": axis("x", domain=[0, 0.45], anchor="y", range=[x0, x1]),
        "yaxis": axis("y", domain=[0, 1], anchor="x", range=[y0, y1]),
        "xaxis2": axis("", domain=[0.58, 1], anchor="y2", range=steps, showticklabels=False),
        "yaxis2": upper | {"domain": [0.54, 1], "anchor": "x2"},
        "xaxis3": axis("step", domain=[0.58, 1], anchor="y3", range=steps),
        "yaxis3": lower | {"domain": [0, 0.46], "anchor": "x3"},
    }
    narrow = {
        "height": 700,
        "xaxis": wide["xaxis"] | {"domain": [0, 1]},
        "yaxis": wide["yaxis"] | {"domain": [0.58, 1]},
        "xaxis2": wide["xaxis2"] | {"domain": [0, 1]},
        "yaxis2": upper | {"domain": [0.27, 0.48], "anchor": "x2"} | INSIDE,
        "xaxis3": wide["xaxis3"] | {"domain": [0, 1]},
        "yaxis3": lower | {"domain": [0, 0.21], "anchor": "x3"} | INSIDE,
    }
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
        shapes=_reach_mark(r),
        meta={
            "still": len(still),
            "bar": time_bar(r),
            "heads": [{"trace": first + i, "of": len(still) + i} for i in range(len(paths))],
            "pick": {"xaxis": "xaxis", "yaxis": "yaxis", "at": list(r.start)},
            "narrow": narrow,
        },
        **wide,
    )


# ---- three dimensions ---------------------------------------------------------------------------------------


def _lifted(r: Results, name: str) -> dict[str, np.ndarray]:
    """A path on the surface as far as the box goes, a little above it so that it can be seen."""
    x, y = r.runs[name].xy[r.drawn].T
    x0, x1, y0, y1 = r.surface.box
    inside = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    inside = np.logical_and.accumulate(inside)
    z = heights(r.surface.name, tuple(r.surface.bound.items()))[2]
    lift = 0.01 * float(z.max() - z.min())
    return {
        axis: np.where(inside, v, np.nan) for axis, v in (("x", x), ("y", y), ("z", r.runs[name].loss[r.drawn] + lift))
    }


@picture(label="The race in three dimensions", caption=view3d_caption)
def view3d(r: Results) -> dict[str, Any]:
    """The terrain as a surface that can be turned, with every path on it as far as the box goes."""
    x, y, z = heights(r.surface.name, tuple(r.surface.bound.items()))
    surface = {
        "type": "surface", "x": x[::2], "y": y[::2], "z": z[::2, ::2], "name": "loss", "showscale": False, "opacity": 0.92,
        "colorscale": [list(stop) for stop in SURFACE], "hoverinfo": "skip",
        "contours": {"z": {"show": True, "color": FAINT, "width": 1}},
    }  # fmt: skip
    lines, heads = [], []
    for name in r.runs:
        path = _lifted(r, name)
        cues = look(name)
        common = {"type": "scatter3d", "hoverinfo": "skip"}
        lines.append(common | path | {"mode": "lines", "name": name, "line": {"color": cues["colour"], "width": 6}})
        reached = np.flatnonzero(np.isfinite(path["z"][: r.shown + 1]))
        at = int(reached[-1]) if len(reached) else 0
        point = {axis: v[at : at + 1] for axis, v in path.items()}
        symbol = cues["symbol"] if cues["symbol"] in SYMBOLS_3D else "x"
        mark = {"color": cues["colour"], "size": 6, "symbol": symbol, "line": {"color": PAPER, "width": 1}}
        heads.append(common | point | {"mode": "markers", "name": f"{name}, now", "marker": mark})
    return spec(
        [surface, *lines, *heads],
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
            "heads": [{"trace": 1 + len(lines) + i, "of": 1 + i, "three": True} for i in range(len(lines))],
        },
        scene={
            "xaxis": {"title": {"text": "x"}, "backgroundcolor": "rgba(0,0,0,0)"},
            "yaxis": {"title": {"text": "y"}, "backgroundcolor": "rgba(0,0,0,0)"},
            "zaxis": {"title": {"text": "loss"}, "backgroundcolor": "rgba(0,0,0,0)"},
            "camera": {"eye": {"x": 1.45, "y": 1.15, "z": 0.85}, "center": {"x": 0, "y": 0, "z": -0.15}},
            "aspectmode": "manual",
            "aspectratio": {"x": 1.2, "y": 1.2, "z": 0.8},
        },
    )
