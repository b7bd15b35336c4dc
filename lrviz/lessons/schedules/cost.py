"""What the figures of the schedules page cost at some settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cost import DRAWING, Cost
from .training import MOST_STEPS

DRAWN = 2e-3  # seconds for one curve on a long axis
TRAINED = 40e-6  # one step of 200 runs on the bowl, with what is computed beside it
TUNED = 40e-6  # one step of the search for the factor with which a schedule ends nearest
RIPPLED = 90e-6  # one step of 200 runs on the ripples, with the minimum each is close to
THROWN = 6e-6  # one step of one run down the long valley
SEARCHED = 0.1  # seconds for all short runs at fixed rates
LOOKED = 3.5e-4  # seconds for one look at a watched run, and all that came before it


def cost(settings: Mapping[str, Any], figure: str) -> Cost:
    """The upper estimate for one figure."""
    steps = min(settings["total"], MOST_STEPS)
    each, looks = len(settings["curves"]) * steps, steps / settings["plateau.every"] + 1
    lower = ("total", "curves")
    costs = {
        "rates": Cost(DRAWING + DRAWN * len(settings["curves"]), ("curves",)),
        "training": Cost(DRAWING + TRAINED * each, lower),
        "distance": Cost(DRAWING + (TRAINED + TUNED) * each, lower),
        "cloud": Cost(DRAWING + TRAINED * each, lower),
        "ripples": Cost(DRAWING + RIPPLED * each, lower),
        "burst": Cost(DRAWING + THROWN * each, lower),
        "range": Cost(SEARCHED), "budgets": Cost(SEARCHED), "range_test": Cost(SEARCHED),
        "plateau": Cost(DRAWING + 2 * looks * LOOKED, ("total",)),
        "by_hand": Cost(DRAWING + looks * LOOKED, ("total",)),
    }  # fmt: skip
    return costs.get(figure, Cost(DRAWING))
