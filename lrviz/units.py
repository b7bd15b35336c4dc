"""The unit of a column of temperatures: what its header says, what its values allow, and where it seems to change.

A file hardly ever says in which unit it is, and some are in two: glued together from two sources. The weather tells: no
air is warmer than 60 °C, and no night makes a step of the level many times larger than any other of that record.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .formats import Choice
from .years import ENOUGH, day

COLDEST, HOTTEST = -60, 60  # °C
UNITS = {"C": "°C", "F": "°F", "K": "kelvin", "tenths": "tenths of a °C"}
WORDS = {"F": "fahrenheit", "K": "kelvin", "C": "celsius"}

SIDE = 10  # days on either side of which the levels are compared
STEP = 8.0  # °C: a smaller step of the level may be weather
USUAL = 5.5  # times the usual change of the level, and the usual change overnight: a smaller step may be weather
NEAR = 0.4  # of the step: how far the level after it may be from the level before it in another unit
LONG = 45  # days on either side of which the changes overnight are compared
TIMES = 5.0  # by which these may differ; between °C and tenths it is ten
DAY = np.timedelta64(1, "D")


def unit_of(choice: Choice, otherwise: str) -> str:
    """The unit that the header names ("temp_F", "TG (0.1 °C)"), else `otherwise`."""
    header = (choice if isinstance(choice, str) else " ".join(choice)).lower()
    if re.search(r"\b0[.,]1\b|tenth", header):
        return "tenths"
    for unit, word in WORDS.items():
        letter = unit.lower()
        if re.search(rf"[°º]\s*{letter}\b|{word}|[(\[]{letter}[)\]]|(deg|temp|temperature|_|\s){letter}$", header):
            return unit
    return otherwise


def celsius(values: np.ndarray, unit: str) -> np.ndarray:
    """Temperatures in one of UNITS, in °C."""
    if unit == "F":
        return (values - 32) * 5 / 9
    if unit == "K":
        return values - 273.15
    return values / 10 if unit == "tenths" else values


def too_hot(values: np.ndarray, unit: str) -> str:
    """Why the reader has to say the unit: what the values are, and in which units air has such temperatures; or nothing."""
    present = values[~np.isnan(values)]
    if not len(present) or celsius(present.max(), unit) <= HOTTEST:
        return ""
    low, high = present.min(), present.max()
    fits = [u for u in UNITS if celsius(low, u) >= COLDEST and celsius(high, u) <= HOTTEST]
    others = f" ({' or '.join(UNITS[u] for u in fits)}?)" if fits else ", and no temperatures of air in any other unit"
    return f"values from {low:.10g} to {high:.10g}, too high for {UNITS[unit]}{others}"


def two_units(days: np.ndarray, values: np.ndarray, year: int) -> str:
    """What speaks for more than one unit in a record, in or around a year of it; or nothing.

    `days` (datetime64[D]) rise; `values` are in °C. Weather makes no two years whose medians are 8 °C apart. Within the
    year and two months on either side, see `_step` and `_calmer`.
    """
    years, first = np.unique(days.astype("datetime64[Y]"), return_index=True)
    of = [*zip(years, np.split(values, first[1:]), strict=True)]
    whole = [y for y, some in of if len(some) >= ENOUGH]
    medians = [np.median(some) for _, some in of if len(some) >= ENOUGH]
    for i in np.flatnonzero(np.abs(np.diff(medians)) > STEP)[:1]:
        return f"a median of {medians[i]:.1f} °C in {whole[i]} and of {medians[i + 1]:.1f} °C in {whole[i + 1]}"
    begin, end = (np.datetime64(f"{y:04d}-01-01") for y in (year, year + 1))
    near = (days >= begin - 60 * DAY) & (days < end + 60 * DAY)
    days, values = days[near], values[near]
    for find, what in ((_step, "a level"), (_calmer, "changes from day to day")):
        found = find(days, values)
        if found is not None:
            i, before, after = found
            return f"{what} of {before:.1f} °C up to {day(days[i - 1])} and of {after:.1f} °C from {day(days[i])} on"
    return ""


def _step(days: np.ndarray, values: np.ndarray) -> tuple[int, float, float] | None:
    """Where the level makes a step that weather does not make: the first index after it, the levels before and after.

    Levels are medians of ten days. They lie more than 8 °C apart; the step and the change overnight are both more than 5.5
    times what is usual in this year; and the level after it is the level before it in another unit.
    """
    if len(values) < 2 * SIDE:
        return None
    levels = np.median(sliding_window_view(values, SIDE), axis=1)
    before, after = levels[:-SIDE], levels[SIDE:]
    step, overnight = after - before, np.diff(values)
    across = overnight[SIDE - 1 : len(values) - SIDE]
    others = (before * 1.8 + 32, (before - 32) / 1.8, before * 10, before / 10)
    other = np.min([np.abs(after - level) for level in others], axis=0) <= NEAR * np.abs(step)
    together = days[2 * SIDE - 1 :] - days[: len(step)] < 3 * SIDE * DAY
    size = np.minimum(np.abs(step) / _usual(step), np.abs(across) / _usual(overnight))
    size[~(other & together & (step * across > 0) & (np.abs(step) > STEP))] = 0
    i = int(size.argmax())
    return (i + SIDE, before[i], after[i]) if size[i] > USUAL else None


def _calmer(days: np.ndarray, values: np.ndarray) -> tuple[int, float, float] | None:
    """Where the changes from one day to the next become more than 5 times as large or as small, as between °C and tenths:
    the first index after it, the mean changes of 45 days before and after."""
    if len(values) < 2 * LONG:
        return None
    means = sliding_window_view(np.abs(np.diff(values)), LONG - 1).mean(axis=1)
    before, after = means[:-LONG], means[LONG:]
    together = days[2 * LONG - 1 :] - days[: len(before)] < 3 * LONG * DAY
    small, large = np.minimum(before, after), np.maximum(before, after)
    ratio = np.where(together & (small > 0), large / np.maximum(small, 1e-9), 0)
    i = int(ratio.argmax())
    return (i + LONG, before[i], after[i]) if ratio[i] > TIMES else None


def _usual(changes: np.ndarray) -> float:
    """The size of a usual change, as the standard deviation that its median has in a normal distribution."""
    return max(1.48 * float(np.median(np.abs(changes))), 0.1)
