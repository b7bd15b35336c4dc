"""The look that the pictures of schedules share: each letter its colour, dash and symbol, and room for their key."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.schedules import Results
from ...lessons.schedules.slots import LETTERS, Curve
from ..gallery import gallery
from ..plot.axes import log_range
from ..plot.theme import cue, key_line
from ..plot.traces import line

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


def key_layout(r: Results, *more: tuple[str, str, str], sides: tuple[int, int] = (76, 30)) -> dict[str, Any]:
    """The part of a layout that every picture of the curves has: the key, and room above for its lines."""
    entries = [*map(key_entry, r.curves), *more]
    return {
        "style": r.settings["style"], "showlegend": False, "annotations": [key_line(entries, a_line=3)],
        "margin": {"l": sides[0], "r": sides[1], "t": 38 + 24 * ((len(entries) + 2) // 3), "b": 52},
    }  # fmt: skip


def band(x: np.ndarray, low: np.ndarray, high: np.ndarray, name: str, colour: str) -> dict[str, Any]:
    """The area between two curves, one closed outline in a thin shade of the colour."""
    outline = np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])
    return line(*outline, name, colour, width=0, fill="toself", fillcolor=colour + "33")


def decades(values: Any, most: float) -> list[float]:
    """Range of a logarithmic axis, in powers of ten, over at most `most` decades below the top; whole tenths."""
    return log_range(values, grain=0.1, pad=0.1, most=most)
