"""Axes: their numbers as the house writes them, ranges that stay put while somebody drags, room on a narrow screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .theme import FAINT, GRID

# Numbers as the house writes them: 10,000 and 10⁻⁶, never 10k and 1µ; written out up to ten to this power.
NUMBER_FORMAT = {"exponentformat": "power", "separatethousands": True, "minexponent": 6}
ROUND_STEPS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12)


def axis(title: str, **fields: Any) -> dict[str, Any]:
    """An axis with its title and the house's lines and numbers."""
    return {
        "title": {"text": title, "standoff": 8}, "gridcolor": GRID, "zeroline": False, "linecolor": FAINT, "showline": True,
        "ticks": "outside", "tickcolor": FAINT, "automargin": False,
    } | NUMBER_FORMAT | fields  # fmt: skip


def log_axis(title: str, span: Any, **fields: Any) -> dict[str, Any]:
    """A logarithmic axis over a range in powers of ten, with a tick at each of them unless `fields` says otherwise."""
    return axis(title, type="log", range=[float(end) for end in span], dtick=1) | fields


def log_range(
    values: Any, *, grain: float = 1.0, pad: float = 0.0, top: float | None = None, most: float = np.inf
) -> list[float]:
    """A range, in powers of ten, that holds the positive values, its ends multiples of `grain` at least `pad` beyond them.

    `top` fixes the upper end, as a value; at most `most` powers of ten below the upper end are shown. Without any positive
    value the range is that of 1.
    """
    values = np.asarray(values, float)
    known = np.log10(values[np.isfinite(values) & (values > 0)]) if values.size else values
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    upper = np.ceil((high + pad) / grain) * grain if top is None else np.log10(top)
    lower = max(np.floor((low - pad) / grain) * grain, upper - most)
    return [float(lower), float(upper)]


def positive(values: Any) -> np.ndarray:
    """Values for a logarithmic axis: gaps where they are not positive."""
    return np.where(np.asarray(values) > 0, values, np.nan)


def padded(values: Any, share: float = 0.05) -> list[float]:
    """A range that holds the values, with a share of its length to spare at either end."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    air = share * (high - low or 1.0)
    return [low - air, high + air]


def rounded_up(value: float) -> float:
    """The next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 times a power of ten: an axis that does not creep while one drags."""
    if not value > 1e-300:  # nothing, or so little that its power of ten is no number
        return 1.0
    ten = 10.0 ** np.floor(np.log10(value))
    return float(next(step * ten for step in ROUND_STEPS if step * ten >= value * (1 - 1e-12)))


def narrow_axis(axis: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """An axis for a narrow screen: its numbers stand within the panel, for lack of room beside it."""
    return {**axis, "ticklabelposition": "inside", "ticks": ""} | fields
