"""The hover texts of a figure, filled as the stage fills them: static/number.js writes numbers as plot/text.py does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from lrviz.figures.plot.text import fixed, number, whole

SLOT = re.compile(r"%\{(\w+)(?::([^}]*))?\}")
FORMAT = re.compile(r"\.(\d)([gf])|,")
PLAIN = 1e7  # from here on decimals are not written


def formatted(value: Any, form: str) -> str:
    """A value in a slot with this format; ValueError for a format that the house does not use."""
    found = FORMAT.fullmatch(form)
    if found is None:
        raise ValueError(f"not a format of the house: {form!r}")
    if form == ",":
        return whole(value) if float(value).is_integer() and abs(value) < 1e15 else number(value, 4)
    digits = int(found[1])
    return fixed(value, digits) if found[2] == "f" and abs(value) < PLAIN else number(value, max(digits, 1))


def filled(trace: dict[str, Any], at: tuple[int, ...]) -> str:
    """The hover text at a point of a trace, an index for a line and two for a map."""

    def slot(found: re.Match) -> str:
        name, form = found.groups()
        values = trace[name]
        place = at if np.ndim(values) == len(at) else (at[1],) if name == "x" else (at[0],)
        value = np.asarray(values, dtype=object)[place] if np.ndim(values) else values
        if form is not None:
            return formatted(float(value), form)
        if not isinstance(value, str):
            raise ValueError(f"a number without a format in {trace['hovertemplate']!r}")
        return value

    return SLOT.sub(slot, trace["hovertemplate"])


def _places(trace: dict[str, Any]) -> Iterator[tuple[int, ...]]:
    """A few points: the first and last, the smallest, largest and nearest to 0, and those at 1."""
    values = np.asarray(trace["z"] if "z" in trace else trace["y"], float)
    if "x" in trace and values.ndim == 1:
        values = np.where(np.isfinite(np.asarray(trace["x"], float)), values, np.nan)
    known = np.argwhere(np.isfinite(values))
    if len(known):
        there = values[tuple(known.T)]
        near = (0, -1, there.argmin(), there.argmax(), np.abs(there).argmin(), np.abs(there - 1).argmin())
        yield from {tuple(int(i) for i in known[place]) for place in near}


def hover_texts(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(where, text) for a few points of every trace that has a hover text."""
    for i, trace in enumerate(spec["data"]):
        if "hovertemplate" in trace and trace.get("visible") is not False:
            yield from ((f"trace {i} hover", filled(trace, at)) for at in _places(trace))
