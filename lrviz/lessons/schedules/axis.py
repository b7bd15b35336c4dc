"""Where a curve is drawn: every step of a short axis, samples of a long one, and both sides of every jump.

A million points do not fit on a screen. A long axis is sampled evenly, and again in equal ratios, since much decays
early; where a curve changes between two samples, the interval is halved again and again towards the larger change, until it is one step wide. If most of the change
still happens there it is a jump, and both its sides are drawn, so that a stair stays a stair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

SAMPLES = 600
MOST_WHOLE = 2000
JUMP = 0.5
MOST_SUMMED = 20_000
GOLDEN = (5**0.5 - 1) / 2


def sampled(total: int, rates: Iterable[Callable[[Any], Any]]) -> np.ndarray:
    """The whole steps from 0 to `total` at which to draw, increasing floats: all of them where they are few."""
    if total <= MOST_WHOLE:
        return np.arange(total + 1.0)
    points = [np.linspace(0, total, SAMPLES + 1), np.geomspace(1, total, SAMPLES)]
    samples = np.unique(np.round(np.concatenate(points)))
    return np.unique(np.concatenate([samples, *(sides for rate in rates for sides in jumps(samples, rate))]))


def jumps(steps: np.ndarray, rate: Callable[[Any], Any]) -> tuple[np.ndarray, np.ndarray]:
    """The whole steps before and after the largest jump of `rate` inside each interval of `steps`, where there is one."""
    left, right = steps[:-1], steps[1:]
    low, high = rate(left), rate(right)
    with np.errstate(invalid="ignore"):
        change = np.abs(high - low)
        while (right - left).max() > 1:
            middle = np.floor((left + right) / 2)
            value = rate(middle)
            late = np.abs(high - value) > np.abs(value - low)
            left, low = np.where(late, middle, left), np.where(late, value, low)
            right, high = np.where(late, right, np.maximum(middle, left + 1)), np.where(late, high, value)
        found = np.abs(high - low) > JUMP * change
    return left[found], right[found]


def summed(total: int, rate: Callable[[Any], Any]) -> float:
    """The sum of the rates of the steps 0 to `total` - 1: exact up to MOST_SUMMED steps, else estimated.

    Of a longer run the first half of MOST_SUMMED steps are added up, since much decays early, and for each of as many
    equally long stretches of the rest one step stands, at a place in it that the golden ratio moves on, so that no period
    of a schedule falls in with them.
    """
    whole = np.arange(float(total if total <= MOST_SUMMED else MOST_SUMMED // 2))
    with np.errstate(over="ignore", invalid="ignore"):
        start = float(np.sum(rate(whole)))
        if total <= MOST_SUMMED:
            return start
        length = (total - len(whole)) / len(whole)
        return start + length * float(np.sum(rate(np.floor(len(whole) + (whole + whole * GOLDEN % 1) * length))))


def runnable(total: int, most: int) -> np.ndarray:
    """The steps whose rates drive a run: every one up to `most`; of more, `most` spread evenly (time-lapse)."""
    count = min(total, most)
    return np.floor(np.arange(count) * (total / count))
