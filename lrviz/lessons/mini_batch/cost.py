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

VISIT = 50e-9  # seconds to draw a sample and look at it
LARGE = 5000  # samples: the memory of a larger array is asked for anew each time,
FRESH = 3  # and each of them takes so many times as long
DRAWN = 1e-6  # seconds to make a sample
SUMMED = 15e-9  # seconds to look at a sample for the cost of all
UPDATE = 6e-6, 8e-6  # seconds for an update of one path by one sample, and by a batch in arrays
SPREAD = 60e-6, 0.15e-6  # seconds for an update of many runs, and for each of them
SHARED = 0.6  # of VISIT, where many runs do it together
NEWTON = 70  # sums over all samples that find a minimum
TRIES = 4  # stretches of growing length in which a target is looked for
CALL = 3e-4  # seconds for a run of one update
SHUFFLED = 30e-9  # seconds to put one sample in its place in an order


def cost(settings: Mapping[str, Any], figure: str) -> Cost:
    """The upper estimate for one figure."""
    parts = {"paths": _paths, "timing": _timing, "target": _target, "regularisation": _regularisation, "noise": _noise}
    return parts[figure](settings) if figure in parts else Cost(DRAWING)


def _sum(settings: Mapping[str, Any]) -> float:
    """Seconds for the cost of all samples at one position."""
    return SUMMED * min(settings["m"], DATASETS[settings["data"]].summed)


def _loss(settings: Mapping[str, Any]) -> float:
    """Seconds for the loss of one sample, where it has no simple form."""
    return 3 * SUMMED if DATASETS[settings["data"]].summed > 1 else 0.0


def _update(settings: Mapping[str, Any], size: int) -> float:
    """Seconds for an update of one path by a batch of this size; one of all samples is not drawn."""
    fresh = FRESH if size > LARGE else 1
    drawn = VISIT * (fresh if size < settings["m"] else 1)
    return UPDATE[size > 1] + size * (drawn + fresh * _loss(settings))


def _minimum(settings: Mapping[str, Any]) -> float:
    """Seconds to find where the cost is least; next to nothing where it is known in closed form."""
    fresh = FRESH if settings["m"] > LARGE else 1
    return NEWTON * SUMMED * fresh * settings["m"] if DATASETS[settings["data"]].summed > 1 else 0.0


def _paths(settings: Mapping[str, Any]) -> Cost:
    m, seconds = settings["m"], DRAWING + DRAWN * settings["m"] + _minimum(settings)
    for name, size in zip(NAMES, (m, min(settings["batch_size"], m), 1), strict=True):
        if name in settings["shown"]:
            updates = min(settings["epochs"] * -(-m // size), LONGEST, max(LOOKED // size, 1))
            paced = 2 * min(updates, paced_updates(size)) if settings["axis"] == "seconds" else 0
            seconds += (updates + paced) * _update(settings, size) + 2 * LOOKS * _sum(settings)
    return Cost(seconds, ("epochs", "m"))


def _timing(settings: Mapping[str, Any]) -> Cost:
    m = settings["m"]
    measured = sum(_measuring(m, -(-m // size), _update(settings, size)) for size in powers_of_two(m))
    return Cost(DRAWING + DRAWN * m + measured, ("m",))


def _measuring(m: int, updates: int, each: float) -> float:
    """Seconds to time an epoch of so many updates: two to five runs of 1, 4, 16, ... of them, as `time_per_epoch` does."""
    count, seconds = 1, 0.0
    while True:
        run = CALL + m * SHUFFLED + count * each
        seconds += max(2 * run, min(5 * run, BUDGET / 4 + run))
        if count == updates or count * each >= BUDGET / 2:
            return seconds
        count = min(updates, 4 * count)


def _target(settings: Mapping[str, Any]) -> Cost:
    m, seconds = settings["m"], _timing(settings).seconds
    for size in powers_of_two(m):
        updates = 2 * min(MOST_UPDATES, MOST_EPOCHS * -(-m // size))
        looks = min(updates, 2 * TARGET_LOOKS)
        seconds += (updates + (looks if updates > looks else 0)) * _update(settings, size) + TRIES * looks * _sum(
            settings
        )
    return Cost(seconds, ("m",))


def _regularisation(settings: Mapping[str, Any]) -> Cost:
    m, seconds = settings["m"], DRAWING + DRAWN * settings["m"]
    for size in {*powers_of_two(m)[:-1:2], m}:
        updates = penalised_updates(size)
        seconds += updates * _update(settings, size) + _minimum(settings)
    return Cost(seconds, ("m",))


def _noise(settings: Mapping[str, Any]) -> Cost:
    m, runs = settings["m"], settings["replicas"]
    updates = settings["epochs"] * -(-m // min(settings["batch_size"], m))
    if updates == settings["epochs"] and settings["drawing"] == "reshuffle":
        runs = 1  # all of them see all samples, and walk as one
    walked = updates * (SPREAD[0] + runs * SPREAD[1]) + runs * settings["epochs"] * m * SHARED * (
        VISIT + _loss(settings)
    )
    return Cost(DRAWING + 2 * walked, ("epochs", "replicas", "m"))
