"""Lines, markers and guides: every trace, shape and note of a figure is made by one of these functions.

A hover text is words with slots, in each a format that the stage writes as the house writes numbers (static/number.js):
`%{y:.3g}` for significant digits, `%{y:.2f}` for decimals, `%{x:,}` for whole numbers and other counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .theme import FAINT, INK, LINE_WIDTH, PAPER

STROKE = ("width", "dash", "shape")  # what belongs to a line rather than to its trace
MARKER = ("symbol", "size", "line")  # and to a marker
TIGHT = {"longdash": "11px,3px", "longdashdot": "11px,3px,2px,3px"}  # shorter gaps than Plotly's


def on_panel(panel: int | str) -> dict[str, str]:
    """The axes of a panel; the first panel's are Plotly's own choice."""
    return {"xaxis": f"x{panel}", "yaxis": f"y{panel}"} if panel not in (1, "", "1") else {}


def line(x: Any, y: Any, name: str, colour: str, hover: str = "", **fields: Any) -> dict[str, Any]:
    """A line with its hover text; `width`, `dash` and `shape` are the line's, all other fields the trace's."""
    stroke = {"color": colour, "width": LINE_WIDTH} | {key: fields.pop(key) for key in STROKE if key in fields}
    if "dash" in stroke:
        stroke["dash"] = TIGHT.get(stroke["dash"], stroke["dash"])
    return _trace("lines", x, y, name, hover) | {"line": stroke} | fields


def points(x: Any, y: Any, name: str, colour: str, hover: str = "", **fields: Any) -> dict[str, Any]:
    """Markers with their hover text; `symbol`, `size` and `line` (the edge) are the marker's, all other fields the trace's."""
    marker = {"color": colour, "size": 9} | {key: fields.pop(key) for key in MARKER if key in fields}
    return _trace("markers", x, y, name, hover) | {"marker": marker} | fields


def _trace(mode: str, x: Any, y: Any, name: str, hover: str) -> dict[str, Any]:
    return {"type": "scatter", "mode": mode, "x": np.asarray(x), "y": np.asarray(y), "name": name} | hover_text(hover)


def hover_text(words: str) -> dict[str, str]:
    """What a trace says under the pointer; nothing without words."""
    return {"hovertemplate": f"{words}<extra></extra>"} if words else {"hoverinfo": "skip"}


def last_known(values: Any, at: int) -> slice:
    """Where a line has its point `at`, or the last one that it has before that."""
    known = np.flatnonzero(np.isfinite(values[: at + 1]))
    return slice(known[-1], known[-1] + 1) if len(known) else slice(0, 1)


def head(path: dict[str, Any], at: int, style: dict[str, str], name: str = "") -> dict[str, Any]:
    """The marker on a line at point `at`, or at the last point that the line has before it."""
    here = last_known(path["y"], at)
    return points(
        path["x"][here], path["y"][here], name or f"{path['name']}, now", style["colour"], symbol=style["symbol"], size=11, line={"width": 1.5, "color": PAPER},
        **{key: path[key] for key in ("xaxis", "yaxis") if key in path},
    )  # fmt: skip


def open_circles(x: Any, y: Any, name: str, size: float = 8, **fields: Any) -> dict[str, Any]:
    """Open circles round chosen points."""
    return points(x, y, name, INK, symbol="circle-open", size=size, line={"width": 2, "color": INK}, **fields)


def vline(x: float, colour: str = FAINT, *, width: float = 1.2, dash: str = "dot", **refs: str) -> dict[str, Any]:
    """A vertical line across the whole figure, or across the panel that `xref` and `yref` name."""
    return _guide(colour, width, dash) | {"x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper"} | refs


def hline(y: float, colour: str = FAINT, *, width: float = 1.2, dash: str = "dot", **refs: str) -> dict[str, Any]:
    """A horizontal line across the whole figure, or across the panel that `xref` and `yref` name."""
    return _guide(colour, width, dash) | {"x0": 0, "x1": 1, "xref": "paper", "y0": y, "y1": y} | refs


def _guide(colour: str, width: float, dash: str) -> dict[str, Any]:
    return {"type": "line", "line": {"color": colour, "width": width, "dash": dash}}


def annotation(text: str, x: float, y: float, **fields: Any) -> dict[str, Any]:
    """An annotation without an arrow."""
    return {"text": text, "x": x, "y": y, "showarrow": False} | fields


def panel_title(text: str, panel: int | str, **fields: Any) -> dict[str, Any]:
    """A title above the left end of a panel; it moves with the panel."""
    axes = {"xaxis": "x", "yaxis": "y"} | on_panel(panel)
    refs = {"xref": f"{axes['xaxis']} domain", "yref": f"{axes['yaxis']} domain"}
    return annotation(text, 0, 1, **refs, xanchor="left", yanchor="bottom", **fields)
