"""What the figures of the schedules page cost at some settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cost import BATCHED, DRAWING, SINGLE, Cost
from .training import MOST_STEPS

TRAINED = 2 * BATCHED  # one step of 200 runs on the bowl, with what is computed beside it
RIPPLED = 5 * BATCHED  # one step of 200 runs on the ripples, with the minimum each is close to
SEARCHED = 0.4  # seconds for all short runs at fixed rates
LOOKED = 5e-4  # seconds for one look at a watched run, and all that came before it


def cost(settings: Mapping[str, Any], figure: str) -> Cost:
    """The upper estimate for one figure."""
    steps = min(settings["total"], MOST_STEPS)
    each, looks = len(settings["curves"]) * steps, steps / settings["plateau.every"] + 1
    lower = ("total", "curves")
    costs = {
        "rates": Cost(DRAWING + 0.02 * len(settings["curves"]), ("curves",)),
        "training": Cost(DRAWING + TRAINED * each, lower),
        "distance": Cost(DRAWING + TRAINED * each, lower),
        "cloud": Cost(DRAWING + TRAINED * each, lower),
        "ripples": Cost(DRAWING + RIPPLED * each, lower),
        "burst": Cost(DRAWING + 2 * SINGLE * each, lower),
        "range": Cost(SEARCHED), "budgets": Cost(SEARCHED), "range_test": Cost(SEARCHED),
        "plateau": Cost(DRAWING + 2 * looks * LOOKED, ("total",)),
        "by_hand": Cost(DRAWING + looks * LOOKED, ("total",)),
    }  # fmt: skip
    return costs.get(figure, Cost(DRAWING))
