"""One look for every figure: colours, type, line widths, margins; light and dark, desk and lecture hall.

Figures are written in the colours of the light theme. The dark theme is a map from those colours to others,
applied by `themed` here and by stage.js in the browser, so a figure need not be computed again to change it.
The colours are those of Okabe and Ito ("Color Universal Design", 2008), which stay apart for colour-blind
eyes; their yellow is a darker amber here, since yellow on white cannot be seen from the back row. Colour is
never the only cue: `cue` gives a dash and a symbol with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType

from .meta import Meta

INK, MUTED, GRID, PAPER, FAINT = "#1b1f24", "#55606d", "#e2e6eb", "#ffffff", "#aab4bf"
BLUE, RED, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#b3508f"
AMBER, SKY, BROWN, GREY = "#b98600", "#2f9bd8", "#8c564b", "#6b7785"

DARK = {
    INK: "#eef1f5",
    MUTED: "#aab4c0",
    GRID: "#2b333d",
    PAPER: "#11151b",
    FAINT: "#5c6875",
    BLUE: "#4aa8e8",
    RED: "#ff8a3d",
    GREEN: "#2fc79b",
    PURPLE: "#df8fc4",
    AMBER: "#f0c23c",
    SKY: "#86cdf7",
    BROWN: "#c79a8f",
    GREY: "#98a4b1",
    "#f4f8fb": "#141c26",
    "#d5e4ef": "#1d2c3b",
    "#b2cde0": "#294054",
    "#8cb2cd": "#37566f",
    "#6694b5": "#4a6f8d",
}
THEMES: dict[str, dict[str, str]] = {"light": {}, "dark": DARK}

SURFACE = ((0.0, "#f4f8fb"), (0.25, "#d5e4ef"), (0.5, "#b2cde0"), (0.75, "#8cb2cd"), (1.0, "#6694b5"))
COLOURS = (BLUE, RED, GREEN, PURPLE, AMBER, SKY, BROWN, GREY)
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "hexagon")
FONT_FAMILY = (
    "lrviz Sans"  # comes with the app and inside every file; scripts that it lacks fall back to the system's fonts
)
FONT = (
    f"'{FONT_FAMILY}', 'Noto Sans', 'DejaVu Sans', 'Helvetica Neue', Arial, "
    "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
)
FONT_SIZE, LINE_WIDTH = 15, 2.4
STYLE_SCALES = {"screen": 1.0, "slide": 1.45}
FIGURE_WIDTHS = {"screen": 960, "slide": 1280}  # pixels, where nothing else is asked for
STROKES = {  # what stands for a line in a key
    "solid": "━━", "dash": "╍╍", "dot": "┅┅", "dashdot": "━ · ━", "longdash": "━ ━", "longdashdot": "━━ · ━━", "marker": "●", "thin": "──",
}  # fmt: skip
_HEX = re.compile("#[0-9a-f]{6}")


def cue(i: int) -> dict[str, str]:
    """Colour, dash and symbol of the i-th thing of a kind: no two of the first 24 share all three.

    When the colours begin again they do so elsewhere in the row and with other dashes, so that neighbours in a registry,
    which are often shown together (Adam and its relatives), keep apart.
    """
    again, place = divmod(i, len(COLOURS))
    return {
        "colour": COLOURS[(place + 5 * again) % len(COLOURS)],
        "dash": DASHES[(place + 2 * again) % len(DASHES)],
        "symbol": SYMBOLS[(place + again) % len(SYMBOLS)],
    }


def key_line(entries: Iterable[tuple[str, str, str]], *, a_line: int = 8) -> dict[str, Any]:
    """A legend in one annotation above the axes: (text, colour, stroke) for each entry, `a_line` of them on a line
    (stage.js breaks them into shorter lines on a narrow screen).

    Plotly's own legend is drawn anew whenever a name changes; an annotation may change while a slider is dragged.
    """
    words = [f"<span style='color:{colour}'>{STROKES[stroke]}</span> {text}" for text, colour, stroke in entries]
    lines = ["    ".join(words[i : i + a_line]) for i in range(0, len(words), a_line)]
    return {
        "text": "<br>".join(lines), "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
        "align": "left", "showarrow": False, "name": "key",
    }  # fmt: skip


def spec(
    data: list[dict[str, Any]],
    *,
    title: str,
    alt: str,
    style: str = "screen",
    frames: list[dict[str, Any]] | None = None,
    meta: Meta | None = None,
    **layout: Any,
) -> dict[str, Any]:
    """A figure in the house's look, in Plotly's plain form: data, layout, frames.

    The stage sends this form as it is; `go.Figure` of it is the same figure checked by Plotly. `title` states what is seen,
    `alt` says it to somebody who cannot see it. `meta` carries what the stage reads (see meta.py); `layout` is Plotly's.
    """
    scale = STYLE_SCALES[style]
    base: dict[str, Any] = {
        "title": {
            "text": title, "x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top",
            "pad": {"t": 10}, "font": {"size": round(1.15 * FONT_SIZE * scale)},
        },
        "font": {"family": FONT, "size": round(FONT_SIZE * scale), "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": {"l": 64, "r": 16, "t": 44, "b": 52, "autoexpand": False},
        "height": 470,
        "hovermode": "closest",
        "hoverlabel": {"font": {"size": round(0.95 * FONT_SIZE * scale)}},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"},
        "uirevision": "kept",
        "template": {},  # else go.Figure adds Plotly's own look, which the stage does not have
        "meta": {"alt": alt, "style": style} | (meta or {}),
    }  # fmt: skip
    merged = base | layout
    margin = base["margin"] | layout.get("margin", {})
    merged["margin"] = {k: v if k == "autoexpand" else round(v * (1 + 0.6 * (scale - 1))) for k, v in margin.items()}
    return {"data": [scaled_trace(trace, scale) for trace in data], "layout": merged, "frames": frames or []}


def scaled_trace(trace: dict[str, Any], scale: float) -> dict[str, Any]:
    """The trace with lines and markers for this scale; lines without a width get the house's."""
    if scale == 1.0 or trace.get("type", "scatter") not in ("scatter", "scatter3d"):
        return trace
    out = dict(trace)
    if "line" in trace:
        out["line"] = trace["line"] | {"width": scale * trace["line"].get("width", LINE_WIDTH)}
    if isinstance(trace.get("marker", {}).get("size"), (int, float)):
        out["marker"] = trace["marker"] | {"size": scale * trace["marker"]["size"]}
    return out


def recolour(node: Any, colours: dict[str, str]) -> Any:
    """Every colour of a figure in its plain form (dicts, lists, strings) replaced by its fellow of another theme."""
    if isinstance(node, str):
        return _HEX.sub(lambda found: colours.get(found[0], found[0]), node)
    if isinstance(node, dict):
        return {key: recolour(child, colours) for key, child in node.items()}
    if isinstance(node, (list, tuple)):
        return [recolour(child, colours) for child in node]
    return node


def themed(picture: go.Figure, theme: str) -> go.Figure:
    """The same figure in another theme, "light" or "dark"."""
    if not THEMES[theme]:
        return picture
    return go.Figure(recolour(plain(picture), THEMES[theme]))


def plain(picture: go.Figure) -> dict[str, Any]:
    """The figure as dicts and lists, its arrays still NumPy arrays."""
    traces = cast(tuple[BaseTraceType, ...], picture.data)  # as its docstring has it; the code of Plotly names no type
    return {
        "data": [trace.to_plotly_json() for trace in traces],
        "layout": picture.layout.to_plotly_json(),
        "frames": [frame.to_plotly_json() for frame in picture.frames],
    }
