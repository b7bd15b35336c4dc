"""What the figures of the averages share: the gallery, the colours of the decay rates, lines and ranges."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..gallery import gallery
from ..plot.text import with_unit
from ..plot.theme import AMBER, BLUE, BROWN, GREEN, GREY, INK, PURPLE, RED, SKY, WIDTH

PICTURES, picture = gallery("ewma")
SPARE = (BLUE, SKY, BROWN, GREY, PURPLE, INK)


def colours(betas: Any) -> list[str]:
    """The notes' colours: yellow for quick averages, red for middling, green for slow ones; others where one is taken."""
    taken: list[str] = []
    for beta in betas:
        wanted = AMBER if beta < 0.75 else RED if beta < 0.95 else GREEN
        taken.append(next(colour for colour in (wanted, *SPARE) if colour not in taken))
    return taken


def line(x: Any, y: Any, name: str, colour: str, hover: str, **stroke: Any) -> dict[str, Any]:
    """A line with its tooltip."""
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "name": name,
        "line": {"color": colour, "width": WIDTH} | stroke, "hovertemplate": f"{hover}<extra></extra>",
    }  # fmt: skip


def value_range(values: Any) -> list[float]:
    """An axis from the lowest value or 0 to the highest, with some air."""
    low, high = min(np.nanmin(values), 0.0), np.nanmax(values)
    pad = 0.05 * (high - low or 1.0)
    return [float(low - pad), float(high + pad)]


def value_title(unit: str) -> str:
    """The title of the axis of the readings."""
    return f"temperature ({unit})" if "°" in unit else "value"


def reading(value: str, unit: str) -> str:
    """The part of a tooltip that shows a value: `value` is its slot, as in %{y:.1f}."""
    return with_unit(value, unit)
