"""A rate that somebody watches: by hand, or cut when the loss has stopped falling.

Both need the loss as it comes in. One noisy run on the bowl of `training` is therefore taken a few steps at a time; after each stretch its mean loss is looked at, and `reduce_on_plateau` says the rate of the next stretch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...params import integer
from ...plateau import PLATEAU, reduce_on_plateau
from ..memo import memo
from ..registry_params import as_settings, values_of
from .training import START, driven

EVERY = integer(
    "plateau.every", 10, low=5, high=1000, slider=(5, 100), unit="steps", label="look every",
    help="Steps between two looks at the loss; a look sees the mean loss since the last one.",
)  # fmt: skip
PLATEAU_PARAMS = (EVERY, *as_settings("plateau", PLATEAU))


@dataclass(frozen=True)
class Watched:
    """One noisy run, looked at every so often.

    at       (looks,) the step of each look
    losses   (looks,) mean loss of the steps since the look before
    rates    (looks,) the rate of those steps (the mean, where a schedule changed it meanwhile)
    after    (looks,) the rate that is set after each look
    """

    at: np.ndarray
    losses: np.ndarray
    rates: np.ndarray
    after: np.ndarray

    @property
    def cuts(self) -> np.ndarray:
        """The steps at which the rate was cut."""
        return self.at[self.after < self.rates]

    @property
    def last(self) -> int:
        """How many looks the last tenth of them is."""
        return max(len(self.losses) // 10, 1)

    @property
    def tail(self) -> float:
        """Mean loss over the last tenth of the looks; NaN once the run has diverged."""
        return float(self.losses[-self.last :].mean())


def longest_wait(losses: np.ndarray, threshold: float) -> int:
    """The most looks in a row that brought no new best, one lower than the best before by that fraction of it."""
    best, wait, longest = np.inf, 0, 0
    for loss in losses.tolist():
        new = loss < best * (1 - threshold)
        best, wait = (loss, 0) if new else (best, wait + 1)
        longest = max(longest, wait)
    return longest


def plateau_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What `reduce_on_plateau` is called with."""
    return values_of(settings, "plateau", PLATEAU)


def plateau(settings: Mapping[str, Any], steps: int) -> Watched:
    """A run whose rate is cut on plateaus of its own loss."""
    rules = plateau_settings(settings)
    return _plateau(rules, steps, settings["plateau.every"], settings["curvature"], settings["noise"])


@memo(entries=8, long=True)
def _plateau(rules: Mapping[str, Any], steps: int, every: int, curvature: float, noise: float) -> Watched:
    rate = rules["initial_learning_rate"]
    where, losses, rates, after = START, [], [], []
    ends = look_ends(steps, every)
    for number, (begin, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
        loss, where = stretch(np.full(end - begin, rate), where, curvature, noise, number)
        losses.append(loss)
        rates.append(rate)
        rate = float(reduce_on_plateau(losses, **rules)[-1])
        after.append(rate)
    return Watched(np.array(ends), np.array(losses), np.array(rates), np.array(after))


def look_ends(steps: int, every: int) -> list[int]:
    """The step after which each look is taken; the last one may come early."""
    return [*range(every, steps, every), steps]


def stretch(rates: np.ndarray, where: Any, curvature: float, noise: float, seed: int) -> tuple[float, Any]:
    """Mean loss over a stretch of steps from `where`, and where it ended; (NaN, NaN) once the run has diverged."""
    if np.isnan(where).any():
        return np.nan, where
    run = driven(rates, curvature, noise, seed, where)
    return curvature * float(run.loss[1:].mean()), run.xy[-1]


def followed(rates: np.ndarray, settings: Mapping[str, Any]) -> Watched:
    """The same noisy run with given rates (steps,), looked at as often."""
    return _followed(rates, settings["plateau.every"], settings["curvature"], settings["noise"])


@memo(entries=8, long=True)
def _followed(rates: np.ndarray, every: int, curvature: float, noise: float) -> Watched:
    given = np.maximum(rates, 0.0)
    where, losses, mean = START, [], []
    ends = look_ends(len(given), every)
    for number, (begin, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
        loss, where = stretch(given[begin:end], where, curvature, noise, number)
        losses.append(loss)
        mean.append(given[begin:end].mean())
    after = [*(given[end] for end in ends[:-1]), given[-1]]
    return Watched(np.array(ends), np.array(losses), np.array(mean), np.array(after))
