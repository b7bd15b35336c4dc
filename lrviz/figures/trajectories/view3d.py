"""The surface in three dimensions, with the paths on it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.trajectories import Results
from ...lessons.trajectories.run import Run
from ..plot import meta
from ..plot.identity import identity
from ..plot.surface_map import head_3d, line_3d, scene, surface_3d
from ..plot.text import counted
from ..plot.theme import spec
from .paths import heights, picture, time_bar
from .section_words import view3d_caption
from .sweeps import margin, optimizer_key


def on_surface(r: Results, run: Run) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and height of the drawn points of a path, with gaps outside the box; a hair above the surface."""
    xy, loss = run.path.xy[r.drawn], run.path.loss[r.drawn]
    ground = heights(r.land, r.land.loss)
    height = heights(r.land, loss) + 0.01 * float(np.ptp(ground))
    inside = r.land.inside(xy)
    x, y, z = (np.where(inside, v, np.nan) for v in (xy[:, 0], xy[:, 1], height))
    return x, y, z


@picture(label="The surface in three dimensions", caption=view3d_caption)
def view3d(r: Results) -> dict[str, Any]:
    """The surface with the paths on it; the camera stays where it is while settings change."""
    ground = surface_3d(r.land.x, r.land.y, heights(r.land, r.land.loss))
    paths = [line_3d(on_surface(r, run), run.label, identity(run.name)["colour"]) for run in r.runs]
    heads = [head_3d(path, time_bar(r)["at"], identity(run.name)) for run, path in zip(r.runs, paths, strict=True)]
    pairs = [(1 + len(paths) + i, 1 + i) for i in range(len(paths))]
    height = "log₁₀ loss" if r.land.surface.log else "loss"
    return spec(
        [ground, *paths, *heads],
        title=f"{r.land.surface.label}: the same paths in three dimensions",
        alt=f"The surface {r.land.surface.label} in three dimensions with the paths of {counted(len(r.runs), 'optimizer')}",
        style=r.settings["style"], height=560, showlegend=False, margin={"l": 0, "r": 0, "t": margin(r)["t"], "b": 0},
        meta={"still": 1, "bar": time_bar(r), "heads": meta.heads(pairs, three=True)}, annotations=[optimizer_key(r)],
        scene=scene(height, r.land.surface.box, (1.3, -1.6, 1.0)),
    )  # fmt: skip
