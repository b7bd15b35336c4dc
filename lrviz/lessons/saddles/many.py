"""Critical points in many dimensions, and the many minima of the ripples: what the saddles page computes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np

from ...curvature import Basins, basins
from ...dimensions import MINIMUM_LAWS, field_index_shares, goe_index_shares
from ...surfaces import SURFACES
from ..memo import memo
from .work import Work

DIMENSIONS = np.arange(1, 9)
SAMPLED = {"goe": goe_index_shares, "field": field_index_shares}
BASIN_STEPS, BASIN_TOLERANCE = 400, 0.3
FACTORS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


@memo(entries=1)
def exact_laws() -> Work:
    """Its result is model -> (8,), the exact share of minima among critical points in 1 to 8 dimensions."""
    return Work(_exact_laws)


def _exact_laws() -> Iterator[tuple[float, dict[str, np.ndarray]]]:
    laws: dict[str, np.ndarray] = {name: np.empty(0) for name in MINIMUM_LAWS}
    for n in DIMENSIONS:
        laws = {name: np.append(known, MINIMUM_LAWS[name](int(n))) for name, known in laws.items()}
        yield n / len(DIMENSIONS), laws


def coin_shares(n: int) -> np.ndarray:
    """(n + 1,) share of points with 0, 1, ..., n negative directions when each is the toss of a coin: binomial."""
    return np.array([comb(n, k) for k in range(n + 1)]) / 2.0**n


@memo(entries=16)
def index_shares(model: str, n: int, draws: int, seed: int) -> Work:
    """The sampled shares by number of negative directions; its result is an `IndexShares`."""
    return Work(_index_shares, model, n, draws, seed)


def _index_shares(model: str, n: int, draws: int, seed: int) -> Iterator[tuple[float, Any]]:
    for now in SAMPLED[model](n, draws, seed):
        yield now.draws / draws, now


@dataclass(frozen=True, eq=False)
class Lottery:
    """What starts over the whole box of the ripples come to, for one optimizer.

    shares   (len(FACTORS),) share of the starts that reach the best minimum, at each multiple of the rate
    chosen   the map at the multiple of the rate that was asked for
    """

    shares: np.ndarray
    chosen: Basins


@memo(entries=24)
def lottery(depth: float, optimizer: str, given: Mapping[str, Any], factor: float, n: int) -> Work:
    """A `Lottery` on ripples of this depth; `given` are the optimizer's hyperparameters and what else `descend` takes."""
    return Work(_lottery, depth, optimizer, dict(given), factor, n)


def _lottery(
    depth: float, optimizer: str, given: dict[str, Any], factor: float, n: int
) -> Iterator[tuple[float, Lottery]]:
    surface, lr = SURFACES["ripples"].bind(depth=depth), given["lr"]
    given = {name: value for name, value in given.items() if name != "lr"}
    shares: list[float] = []
    for i, times in enumerate((*FACTORS, factor), 1):
        found = basins(surface, optimizer, BASIN_STEPS, n, tolerance=BASIN_TOLERANCE, lr=lr * times, **given)
        shares.append(found.share_reaching_best)
        yield i / (len(FACTORS) + 1), Lottery(np.array(shares[:-1]), found)
