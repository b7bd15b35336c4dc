"""What the figures of the trajectories page cost at some settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...optimizers import OPTIMIZERS
from ..cost import BATCHED, CELL, DRAWING, SINGLE, Cost
from .settings import MAP_STEPS, hyperparameters, switches

MOST_SEEDED = 2000  # steps of all runs together up to which arrivals are compared over seeds
TUNED = 40_000  # steps that the sweeps may take, of all optimizers together, while every rate is tuned


def tunable(settings: Mapping[str, Any]) -> bool:
    """Whether the best rate of every chosen optimizer can be searched for before the runs are drawn."""
    return len(settings["optimizers"]) * settings["steps"] <= TUNED


def cost(settings: Mapping[str, Any], figure: str) -> Cost:
    """The upper estimate for one figure."""
    runs, steps = len(settings["optimizers"]), settings["steps"]
    mapped = settings["resolution"] ** 2 * min(steps, MAP_STEPS) * CELL
    swept = BATCHED * runs
    costs = {
        "paths": Cost(_paths(settings), ("steps", "optimizers")),
        "sensitivity": Cost(swept * steps, ("steps", "optimizers")),
        "range_test": Cost(swept * (steps + settings["budget"]), ("steps", "budget", "optimizers")),
        "epsilon": Cost(swept * steps, ("steps", "optimizers")),
        "rate_beta": Cost(mapped, ("resolution",)),
        "rate_beta_beside": Cost(mapped, ("resolution",)),
        "basins": Cost(mapped * runs, ("resolution", "steps", "optimizers")),
    }
    return costs.get(figure, Cost(DRAWING))


def _paths(settings: Mapping[str, Any]) -> float:
    """Every run, once more where one of its switches is changed, and the sweeps that tune the rates."""
    names, steps = settings["optimizers"], settings["steps"]
    usual = {name: {p.name: p.default for p in OPTIMIZERS[name].params} for name in names}
    changed = [n for n in names if any(hyperparameters(settings, n)[k] != usual[n][k] for k in switches(n))]
    batched = len(names) * steps * BATCHED if settings["rule"] == "tuned" and tunable(settings) else 0.0
    if settings["noise"] and len(names) * steps <= MOST_SEEDED:
        batched += len(names) * steps * BATCHED
    return DRAWING + (len(names) + len(changed)) * steps * SINGLE + batched
