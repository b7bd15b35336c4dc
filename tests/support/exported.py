"""Read exported figures back: the arrays of a trace, the table of a CSV file, and when two are the same."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd

GRIDS = ("contour", "heatmap", "surface")


def points(trace: dict) -> dict[str, np.ndarray]:
    """x, y and z of every point of a trace as the figure has them; a grid's cells row by row."""
    arrays = {key: np.asarray(trace[key]) for key in ("x", "y", "z") if key in trace}
    if trace["type"] in GRIDS:
        arrays |= dict(zip("xy", np.meshgrid(arrays["x"], arrays["y"]), strict=True))
    return {key: array.ravel() for key, array in arrays.items()}


def same(got, wanted) -> None:
    """Equal as numbers to 12 digits, gaps included; words equal."""
    wanted = np.asarray(wanted)
    if wanted.dtype.kind in "OUS":
        assert [str(v) for v in got] == [str(v) for v in wanted]
    else:
        np.testing.assert_allclose(np.asarray(got, dtype=float), wanted, rtol=1e-12, atol=0, equal_nan=True)


def read_csv(text: str) -> tuple[dict[str, str], pd.DataFrame]:
    """The header's facts and the table of a CSV file."""
    facts = dict(line[2:].split(": ", 1) for line in text.splitlines() if line.startswith("# "))
    return facts, pd.read_csv(io.StringIO(text), comment="#", dtype={"frame": str, "trace": str}, keep_default_na=True)


def same_table(table: pd.DataFrame, drawn: dict[str, Any]) -> None:
    """A table of what stands before anything plays holds the arrays of the figure, trace by trace."""
    if "frame" in table:
        table = table[table["frame"].isna()]
    expected = [points(trace) for trace in drawn["data"]]
    for column in ("x", "y", "z"):
        if column in table:
            gaps = [part.get(column, np.full(len(part["x"]), np.nan)) for part in expected]
            same(table[column], np.concatenate(gaps))
        else:
            assert not any(column in part for part in expected)
    sizes = [len(part["x"]) for part in expected if len(part["x"])]
    assert table.groupby("trace", sort=False).size().tolist() == sizes
