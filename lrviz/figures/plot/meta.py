"""What a figure tells the stage beside its data and layout: `layout.meta`, the contract with static/stage.js.

Nothing else may be put there; a test reads both sides and holds them to these keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

import numpy as np


class Bar(TypedDict):
    """The bar under a figure: over time it moves the heads, in a sweep it shows the frames.

    `at` is the step shown, -1 for none of a sweep; `rate` is how many steps a second it plays.
    """

    kind: Literal["time", "sweep"]
    label: str
    values: Sequence[Any] | np.ndarray
    at: int
    rate: float


class Head(TypedDict, total=False):
    """At step k, trace number `trace` shows point k of trace number `of`; `three` where both have three dimensions."""

    trace: int
    of: int
    three: bool


class Pick(TypedDict, total=False):
    """The axes in which a point can be picked, the point as it stands, and how far an arrow key takes it."""

    xaxis: str
    yaxis: str
    at: Sequence[float]
    by: Sequence[float]


class Meta(TypedDict, total=False):
    """alt     the text alternative
    style   "screen" or "slide": the width that title and key are fitted to without a stage
    still   how many leading traces stay as they are while settings change; they are sent once
    bar     the bar under the figure
    heads   which markers the bar moves, and along which lines
    pick    where a point can be picked
    narrow  layout that replaces its like on a narrow screen
    """

    alt: str
    style: str
    still: int
    bar: Bar
    heads: list[Head]
    pick: Pick
    narrow: dict[str, Any]


def bar(kind: Literal["time", "sweep"], label: str, values: Any, at: int, rate: float) -> Bar:
    """A bar over values."""
    return {"kind": kind, "label": label, "values": values, "at": int(at), "rate": float(rate)}


def heads(pairs: Sequence[tuple[int, int]], *, three: bool = False) -> list[Head]:
    """Heads from (marker, line) numbers of traces."""
    return [{"trace": trace, "of": of, "three": True} if three else {"trace": trace, "of": of} for trace, of in pairs]


def pick(at: Sequence[float], by: Sequence[float] | None = None) -> Pick:
    """A point that can be picked in the first panel."""
    found: Pick = {"xaxis": "xaxis", "yaxis": "yaxis", "at": list(at)}
    if by is not None:
        found["by"] = list(by)
    return found
