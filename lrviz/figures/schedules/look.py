"""The look that the pictures of schedules share: each letter its colour, dash and symbol."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.schedules.slots import LETTERS, Curve
from ..gallery import gallery
from ..plot.theme import WIDTH, cue

PICTURES, picture = gallery("schedules")

CUES = {letter: cue(i) for i, letter in enumerate(LETTERS)}


def colour(curve: Curve) -> str:
    return CUES[curve.letter]["colour"]


def dash(curve: Curve) -> str:
    return CUES[curve.letter]["dash"]


def symbol(curve: Curve) -> str:
    return CUES[curve.letter]["symbol"]


def key_entry(curve: Curve) -> tuple[str, str, str]:
    """A curve's entry in a key line."""
    return curve.name, colour(curve), dash(curve)


def line(x: Any, y: Any, name: str, colour: str, hover: str, **fields: Any) -> dict[str, Any]:
    """A line trace; `dash` and `width` go to the line, everything else to the trace."""
    look = {key: fields.pop(key) for key in ("dash", "width") if key in fields}
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "name": name,
        "line": {"color": colour, "width": WIDTH} | look, "hovertemplate": f"{hover}<extra></extra>",
    } | fields  # fmt: skip


def band(x: np.ndarray, low: np.ndarray, high: np.ndarray, name: str, colour: str) -> dict[str, Any]:
    """The area between two curves, one closed outline in a thin shade of the colour."""
    return {
        "type": "scatter", "mode": "lines", "x": np.concatenate([x, x[::-1]]), "y": np.concatenate([low, high[::-1]]),
        "name": name, "fill": "toself", "fillcolor": colour + "33", "line": {"width": 0, "color": colour}, "hoverinfo": "skip",
    }  # fmt: skip


def rounded_up(value: float) -> float:
    """The next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 times a power of ten: an axis that does not creep while one drags."""
    if not value > 1e-300:  # nothing, or so little that its power of ten is no number
        return 1.0
    ten = 10.0 ** np.floor(np.log10(value))
    return float(
        next(step * ten for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12) if step * ten >= value * (1 - 1e-12))
    )


def decades(low: float, high: float, most: float) -> list[float]:
    """Range of a logarithmic axis, in powers of ten, over at most `most` decades below the top; whole tenths."""
    top = np.ceil(10 * np.log10(high)) / 10 + 0.1
    return [float(max(np.floor(10 * np.log10(low)) / 10 - 0.1, top - most)), float(top)]
