"""Tables for export. pandas is imported here and in the readers only, never by `import lrviz`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

GRIDS = ("contour", "heatmap", "surface")
COLUMNS = ("x", "y", "z")


def drawn_points(figure: Any) -> pd.DataFrame:
    """What a Plotly figure draws, a row a point, in full precision.

    Columns: `trace`, the name of the line, bars or map (a name that comes again is numbered: "path", "path (2)"); `x` and
    `y`; `z` where a figure has one. A map has a row a cell, row by row from its first y. Points that are not drawn, where a
    run has diverged or an average has no value yet, are rows with empty cells. A figure that plays frame by frame has one
    column more, `frame`: empty for what is drawn before it plays, else the frame's name.
    """
    names = _distinct([trace.name or trace.type for trace in figure.data])
    parts = [_points(trace.to_plotly_json(), name) for trace, name in zip(figure.data, names, strict=True)]
    for frame in figure.frames:
        for trace, i in zip(frame.data, frame.traces, strict=True):
            merged = figure.data[i].to_plotly_json() | trace.to_plotly_json()
            parts.append(_points(merged, names[i]).assign(frame=frame.name))
    parts = [part for part in parts if len(part)]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["trace", "x", "y"])
    return table.loc[:, [name for name in ("frame", "trace", *COLUMNS) if name in table]]


def _distinct(names: list[str]) -> list[str]:
    """The names with every repetition numbered, from 2."""
    before = [names[:i].count(name) + 1 for i, name in enumerate(names)]
    return [name if count == 1 else f"{name} ({count})" for name, count in zip(names, before, strict=True)]


def _points(trace: dict[str, Any], name: str) -> pd.DataFrame:
    if trace["type"] in GRIDS:
        columns = _cells(trace)
    else:
        columns = {key: np.asarray(trace[key]) for key in COLUMNS if trace.get(key) is not None}
        if "x" not in columns and "y" in columns:
            columns = {"x": np.arange(len(columns["y"]))} | columns
    return pd.DataFrame({"trace": name} | columns)


def _cells(trace: dict[str, Any]) -> dict[str, np.ndarray]:
    """A map's cells: the coordinates of each, and its value."""
    z = np.asarray(trace["z"], dtype=float)
    x = np.arange(z.shape[1]) if trace.get("x") is None else np.asarray(trace["x"])
    y = np.arange(z.shape[0]) if trace.get("y") is None else np.asarray(trace["y"])
    if x.ndim == 1:
        x, y = np.meshgrid(x, y)
    return {"x": x.ravel(), "y": y.ravel(), "z": z.ravel()}
