"""What the figures of the saddles page cost at some settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cost import BATCHED, CELL, DRAWING, SINGLE, Cost
from .many import BASIN_STEPS, FACTORS

PATIENCE = 1000  # steps after which a run has not left a saddle
SHELVES = 13  # values of a terrain's parameter that are tried
LAWS = 0.8  # seconds for the exact laws, once
MATRICES = {1: 1.6e-6, 2: 3.2e-6, 3: 5.5e-6, 4: 6.5e-6, 5: 7e-6, 6: 9e-6, 7: 11e-6, 8: 13e-6}  # seconds a pair


def cost(settings: Mapping[str, Any], figure: str) -> Cost:
    """The upper estimate for one figure."""
    runs, steps = len(settings["optimizers"]), settings["steps"]
    watched = len({*settings["optimizers"], settings["watched"]})
    starts = watched * (len(FACTORS) + 1) * BASIN_STEPS * settings["basin_grid"] ** 2
    sampled = Cost(LAWS + settings["draws"] * MATRICES[settings["n"]], ("draws", "n"))
    costs = {
        "race": Cost(DRAWING + runs * steps * SINGLE, ("steps", "optimizers")),
        "escape": Cost(runs * PATIENCE * max(BATCHED, SHELVES * SINGLE), ("optimizers",)),
        "meter": Cost(DRAWING + steps * SINGLE, ("steps",)),
        "local_optima": Cost(starts * CELL, ("basin_grid", "optimizers")),
        "dimensions": sampled, "minima": sampled, "directions": sampled, "index_height": sampled,
    }  # fmt: skip
    return costs.get(figure, Cost(DRAWING))
