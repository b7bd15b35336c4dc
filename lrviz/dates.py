"""The dates of a table: minutes since the beginning of 1970, from the ways in which people write a day and an hour.

Files repeat themselves: a day comes with 24 hours, an hour with every day. So each way of writing is read once and looked
up from then on. What cannot be read becomes `BAD`; the reader of the table knows on which line it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

DAY = 24 * 60  # minutes
BAD = -(10**15)  # minutes, and less than any date together with any time of day
EPOCH = date(1970, 1, 1).toordinal()
REMEMBERED = 50_000  # ways of writing that are kept at a time

_YEAR, _TWO = "(?P<year>(?:1[6-9]|2[01])[0-9]{2})", "[0-9]{1,2}"
DAY_FIRST = f"(?P<day>{_TWO})[-/.](?P<month>{_TWO})[-/.]{_YEAR}"
DAYS = (
    f"{_YEAR}[-/.](?P<month>{_TWO})[-/.](?P<day>{_TWO})",
    f"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
    DAY_FIRST,
)
CLOCK = "[T ]([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:[.][0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
MONTH_ONLY = f"{_YEAR}[-/]?{_TWO}|[A-Za-z]{{3,9}}[ -][0-9]{{4}}"
SECONDS = "-?[0-9]{1,10}"


class Remembered(dict):
    """What `read` makes of a text, read once; forgotten when there are too many."""

    def __init__(self, read: Callable[[str], float]) -> None:
        self.read = read

    def __missing__(self, text: str) -> float:
        if len(self) >= REMEMBERED:
            self.clear()
        value = self[text] = self.read(text)
        return value


class Dates:
    """Dates in the style of one of them. `latest` is the highest day of a month so far."""

    def __init__(self, style: str, example: str) -> None:
        self.style, self.latest, self.width = re.compile(style), 0, len(_parted(example)[0])
        self.days, self.clocks = Remembered(self._day), Remembered(_clock)

    def minutes(self, texts: Iterable[str]) -> list[float]:
        days, clocks, width = self.days, self.clocks, self.width
        found = [
            days[text[:width]] + clocks[text[width:]] for text in texts
        ]  # mostly all days are as long as the first
        if min(found) > BAD / 2:
            return found
        return [days[day] + clocks[clock] for day, clock in map(_parted, texts)]

    def _day(self, text: str) -> int:
        found = self.style.fullmatch(text)
        if found is None:
            return BAD
        year, month, day = map(int, found.group("year", "month", "day"))
        self.latest = max(self.latest, day)
        try:
            return (date(year, month, day).toordinal() - EPOCH) * DAY
        except ValueError:
            return BAD


def _parted(text: str) -> tuple[str, str]:
    """The day of a date, and what follows it."""
    text = text.strip()
    day = re.split("[T ]", text, maxsplit=1)[0]
    return day, text[len(day) :]


def _clock(text: str) -> int:
    text = text.rstrip()
    if not text:
        return 0
    found = re.fullmatch(CLOCK, text)
    hours, minutes = map(int, found.groups()) if found else (24, 0)
    return hours * 60 + minutes if hours < 24 and minutes < 60 else BAD


def style_of(text: str) -> str | None:
    """The one of DAYS in which a date, with a time of day or without, is written."""
    day, clock = _parted(text)
    fits = _clock(clock) != BAD
    return next((style for style in DAYS if fits and re.fullmatch(style, day)), None)


def from_seconds(texts: Sequence[str], zones: Sequence[float]) -> list[float]:
    """Seconds since 1970 (UTC) as minutes on the clock of the place, `zones` seconds ahead."""
    earliest, latest = ((date(year, 1, 1).toordinal() - EPOCH) * DAY for year in (1600, 2200))
    found = [
        (int(text) + zone) // 60 if re.fullmatch(SECONDS, text) else BAD
        for text, zone in zip(texts, zones, strict=True)
    ]
    return [minute if earliest <= minute < latest else BAD for minute in found]
