"""What the figures of the mini-batch page cost at some settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...batch_timing import LOOKS as TARGET_LOOKS
from ...datasets import DATASETS
from ..cost import DRAWING, Cost
from .noise import penalised_updates
from .timing import BUDGET, MOST_EPOCHS, MOST_UPDATES, paced_updates, powers_of_two
from .training import LONGEST, LOOKED, LOOKS, NAMES

VISIT = 60e-9  # seconds to draw a sample and look at it
DRAWN = 1e-6  # seconds to make a sample
SUMMED = 30e-9  # seconds to look at a sample for the cost of all
UPDATE = 12e-6  # seconds for an update of one path, whatever its batch
SPREAD = 60e-6, 0.15e-6  # seconds for an update of many runs, and for each of them
SHARED = 0.6  # of VISIT, where many runs do it together
NEWTON = 100  # sums over all samples that find a minimum
TRIES = 4  # stretches of growing length in which a target is looked for
TIMED = 1.2 * BUDGET  # seconds to measure one batch size, more or less


def cost(settings: Mapping[str, Any], figure: str) -> Cost:
    """The upper estimate for one figure."""
    parts = {"paths": _paths, "timing": _timing, "target": _target, "regularisation": _regularisation, "noise": _noise}
    return parts[figure](settings) if figure in parts else Cost(DRAWING)


def _sum(settings: Mapping[str, Any]) -> float:
    """Seconds for the cost of all samples at one position."""
    return SUMMED * min(settings["m"], DATASETS[settings["data"]].summed)


def _visit(settings: Mapping[str, Any]) -> float:
    """Seconds to draw a sample and look at it: longer where its loss has no simple form."""
    return VISIT + (2 * SUMMED if DATASETS[settings["data"]].summed > 1 else 0.0)


def _minimum(settings: Mapping[str, Any]) -> float:
    """Seconds to find where the cost is least; next to nothing where it is known in closed form."""
    return NEWTON * SUMMED * settings["m"] if DATASETS[settings["data"]].summed > 1 else 0.0


def _paths(settings: Mapping[str, Any]) -> Cost:
    m, seconds = settings["m"], DRAWING + DRAWN * settings["m"] + _minimum(settings)
    for name, size in zip(NAMES, (m, min(settings["batch_size"], m), 1), strict=True):
        if name in settings["shown"]:
            updates = min(settings["epochs"] * -(-m // size), LONGEST, max(LOOKED // size, 1))
            paced = 2 * min(updates, paced_updates(size)) if settings["axis"] == "seconds" else 0
            seconds += (updates + paced) * (UPDATE + size * _visit(settings)) + 2 * LOOKS * _sum(settings)
    return Cost(seconds, ("epochs", "m"))


def _timing(settings: Mapping[str, Any]) -> Cost:
    m = settings["m"]
    return Cost(DRAWING + len(powers_of_two(m)) * TIMED + 10 * m * _visit(settings), ("m",))


def _target(settings: Mapping[str, Any]) -> Cost:
    m, seconds = settings["m"], _timing(settings).seconds
    for size in powers_of_two(m):
        updates = 2 * min(MOST_UPDATES, MOST_EPOCHS * -(-m // size))
        looks = min(updates, 2 * TARGET_LOOKS)
        seconds += (updates + (looks if updates > looks else 0)) * (
            UPDATE + size * _visit(settings)
        ) + TRIES * looks * _sum(settings)
    return Cost(seconds, ("m",))


def _regularisation(settings: Mapping[str, Any]) -> Cost:
    m, seconds = settings["m"], DRAWING
    for size in {*powers_of_two(m)[:-1:2], m}:
        updates = penalised_updates(size)
        seconds += updates * (UPDATE + size * _visit(settings)) + _minimum(settings)
    return Cost(seconds, ("m",))


def _noise(settings: Mapping[str, Any]) -> Cost:
    m, runs = settings["m"], settings["replicas"]
    updates = settings["epochs"] * -(-m // min(settings["batch_size"], m))
    walked = updates * (SPREAD[0] + runs * SPREAD[1]) + runs * settings["epochs"] * m * SHARED * _visit(settings)
    return Cost(DRAWING + 2 * walked, ("epochs", "replicas", "m"))
