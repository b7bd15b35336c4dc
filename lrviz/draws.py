"""Random numbers that are looked up instead of drawn in turn.

A stream of random numbers depends on how many were taken before. A curve that is zoomed, sampled or asked for one
step at a time needs the opposite: the number that belongs to step 70 is the same whoever asks, in whatever order.
A counter-based generator gives that. It scrambles (seed, key) into 64 bits, so every number stands alone and an
array of keys is one vectorised expression.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def split_mix(state: Any, count: Any) -> np.ndarray:
    """Output number `count` (from 1) of the SplitMix64 generator started at `state`: uint64, arrays broadcast.

    Source: Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA.
    """
    with np.errstate(over="ignore"):
        z = np.asarray(state, np.uint64) + np.asarray(count, np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def normal_draws(seed: Any, key: Any) -> Any:
    """A standard normal number for every pair of a whole `seed` >= 0 and a whole `key` >= 0; arrays broadcast.

    Two uniform numbers of the pair's own, turned into a normal one by Box and Muller (1958).
    """
    state = split_mix(seed, 1)
    count = 2 * np.asarray(np.fmod(key, 2.0**62)).astype(np.uint64)
    radius = (split_mix(state, count + np.uint64(1)) >> np.uint64(11)) * 2.0**-53
    angle = (split_mix(state, count + np.uint64(2)) >> np.uint64(11)) * 2.0**-53
    return np.sqrt(-2 * np.log1p(-radius)) * np.cos(2 * np.pi * angle)
