"""The surface in three dimensions, with the paths on it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.trajectories import Results
from ...lessons.trajectories.run import Run
from ..plot.text import counted
from ..plot.theme import GRID, INK, PAPER, SURFACE, spec
from .below import relief_caption
from .paths import bar, heights, picture
from .sweeps import key, looks, margin


def on_surface(r: Results, run: Run) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and height of the drawn points of a path, with gaps outside the box; a hair above the surface."""
    xy, loss = run.path.xy[r.drawn], run.path.loss[r.drawn]
    ground = heights(r.land, r.land.loss)
    height = heights(r.land, loss) + 0.01 * float(np.ptp(ground))
    inside = r.land.inside(xy)
    return tuple(np.where(inside, v, np.nan) for v in (xy[:, 0], xy[:, 1], height))


@picture(label="The surface in three dimensions", caption=relief_caption)
def view3d(r: Results) -> dict[str, Any]:
    """The surface with the paths on it; the camera stays where it is while settings change."""
    data: list[dict[str, Any]] = [{
        "type": "surface", "x": r.land.x, "y": r.land.y, "z": heights(r.land, r.land.loss), "showscale": False, "hoverinfo": "skip",
        "colorscale": [list(stop) for stop in SURFACE], "name": "loss", "opacity": 0.92,
        "contours": {"z": {"show": True, "color": PAPER, "width": 1}},
    }]  # fmt: skip
    time, heads = bar(r), []
    sets = [(run, look, on_surface(r, run)) for run, look in looks(r)]
    for run, look, (x, y, z) in sets:
        data.append({"type": "scatter3d", "mode": "lines", "x": x, "y": y, "z": z, "name": run.label,
                     "line": {"color": look["colour"], "width": 5}, "hoverinfo": "skip"})  # fmt: skip
    for i, (run, look, (x, y, z)) in enumerate(sets, 1):
        known = np.flatnonzero(np.isfinite(z[: time["at"] + 1]))
        k = known[-1] if len(known) else 0
        heads.append({"trace": len(data), "of": i, "three": True})
        data.append({"type": "scatter3d", "mode": "markers", "x": x[k : k + 1], "y": y[k : k + 1], "z": z[k : k + 1], "name": run.label,
                     "marker": {"color": look["colour"], "size": 6, "line": {"color": INK, "width": 1}}, "hoverinfo": "skip"})  # fmt: skip
    ends = {"x": r.land.surface.box[:2], "y": r.land.surface.box[2:]}
    scene = {f"{a}axis": {"title": {"text": a}, "gridcolor": GRID, "range": list(ends[a])} for a in ends}
    scene["zaxis"] = {"title": {"text": "log₁₀ loss" if r.land.surface.log else "loss"}, "gridcolor": GRID}
    return spec(
        data,
        title=f"{r.land.surface.label}: the same paths in three dimensions",
        alt=f"The surface {r.land.surface.label} in three dimensions with the paths of {counted(len(r.runs), 'optimizer')}",
        style=r.settings["style"], height=560, showlegend=False, margin={"l": 0, "r": 0, "t": margin(r)["t"], "b": 0},
        meta={"still": 1, "bar": time, "heads": heads}, annotations=[key(r)],
        scene=scene | {"aspectmode": "manual", "aspectratio": {"x": 1.3, "y": 1.3, "z": 0.8}, "uirevision": "kept",
                       "camera": {"eye": {"x": 1.3, "y": -1.6, "z": 1.0}, "center": {"x": 0, "y": 0, "z": -0.15}}},
    )  # fmt: skip
