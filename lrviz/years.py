"""One calendar year of a daily record, without holes.

Temperatures change little over a day or two, so a short gap may be bridged by a straight line as long as the reader is
told; a long one may not, for it would be a smooth stretch that no weather ever made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from .uploads import ReadError, listed

ENOUGH = 330  # days of a year that must have a value
LONGEST_GAP = 3  # days
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class Year:
    """values: 365 or 366 temperatures in °C. filled: the days among them that were missing. note: what was done."""

    year: int
    values: np.ndarray
    filled: tuple[date, ...]
    note: str


def fill(days: np.ndarray, values: np.ndarray, year: int) -> Year:
    """The year, from the days (datetime64, rising) that have a value: at least one, in whichever years, and the values.

    Gaps of up to 3 days are filled on the straight line between the days on either side, be they of the years before and
    after; where the record begins or ends in a gap there is one side only, and its value is repeated. A leap year has
    366 days: the average runs from day to day, and without 29 February a step of two days would look like one.

    ReadError: a longer gap, or fewer than 330 days, with the dates.
    """
    days = days.astype("datetime64[D]")
    calendar = np.arange(f"{year:04d}-01-01", f"{year + 1:04d}-01-01", dtype="datetime64[D]")
    missing = ~np.isin(calendar, days)
    after = np.searchsorted(days, calendar)
    begin = np.where(after > 0, days[after - 1] + DAY, calendar[0])
    end = np.where(after < len(days), days[np.minimum(after, len(days) - 1)], calendar[-1] + DAY)
    long = missing & (end - begin > LONGEST_GAP * DAY)
    if long.any():
        raise ReadError(f"{year}: a gap must be at most {LONGEST_GAP} days long, got {_dates(calendar[long])}")
    if (~missing).sum() < ENOUGH:
        got = f"{(~missing).sum()}, without {_dates(calendar[missing])}"
        raise ReadError(f"{year}: at least {ENOUGH} days must have a temperature, got {got}")
    inside = (calendar > days[0]) & (calendar < days[-1])
    note = [
        f"Filled {where.sum()} missing day{'s' * bool(where.sum() > 1)} {how}: {_dates(calendar[where], most=366)}."
        for where, how in ((missing & inside, "by interpolation"), (missing & ~inside, "with the nearest day's value"))
        if where.any()
    ]
    if len(calendar) == 366:
        note.append(f"{year} is a leap year: 366 days, 29 February among them.")
    complete = np.interp(calendar.astype(float), days.astype(float), values)
    return Year(year, complete, tuple(calendar[missing].tolist()), " ".join(note))


def _dates(days: np.ndarray, most: int = 4) -> str:
    """Dates in words, neighbours joined: 3 Mar 2099, 5 Mar to 7 Mar 2099."""
    runs = np.split(days, np.flatnonzero(np.diff(days) > DAY) + 1)
    ends = [(run[0].item(), run[-1].item()) for run in runs]
    return listed((day(b) if a == b else f"{day(a)[:-5]} to {day(b)}" for a, b in ends), most)


def day(of: date | np.datetime64) -> str:
    """A date in words: 3 Mar 2099."""
    plain: Any = of.item() if isinstance(of, np.datetime64) else of
    return f"{plain.day} {plain:%b} {plain.year}"
