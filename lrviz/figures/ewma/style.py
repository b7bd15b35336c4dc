"""What the figures of the averages share: the gallery, the colours of the decay rates, the axis of the readings."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..gallery import gallery
from ..plot.axes import axis, padded
from ..plot.theme import AMBER, BLUE, BROWN, GREEN, GREY, INK, PURPLE, RED, SKY

PICTURES, picture = gallery("ewma")
SPARE = (BLUE, SKY, BROWN, GREY, PURPLE, INK)


def colours(betas: Any) -> list[str]:
    """The notes' colours: yellow for quick averages, red for middling, green for slow ones; others where one is taken."""
    taken: list[str] = []
    for beta in betas:
        wanted = AMBER if beta < 0.75 else RED if beta < 0.95 else GREEN
        taken.append(next(colour for colour in (wanted, *SPARE) if colour not in taken))
    return taken


def value_axis(values: Any, unit: str) -> dict[str, Any]:
    """The axis of the readings, from the lowest of them or 0 to the highest, with some air."""
    ends = padded([min(np.nanmin(values), 0.0), np.nanmax(values)])
    return axis(f"temperature ({unit})" if "°" in unit else "value", range=ends)
