"""What stands in the columns of a table: times, stations and numbers, gone through once and kept as arrays.

A file of 20 MB has up to a million rows. They are read a few thousand at a time, and of each row only what is asked for
is kept: its line, its time, its station, its numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np

from . import dates, formats
from .dates import BAD, Dates, Remembered
from .rows import Table
from .uploads import ReadError, quoted

SAMPLE = 400  # rows by which columns of numbers are told from others
MOST_STATIONS = 500
DATE = "date must be a day (2099-01-31, 20990131 or 31/01/2099) and written as in the other lines"
UNCLEAR = "dates must be year-month-day, or day/month/year with some day above 12"
MONTH = 28 * dates.DAY  # minutes

Cells = Callable[[str], list[str]]  # the cells that some rows have in a column
Taker = Callable[[Cells], Sequence | np.ndarray]  # what is made of the cells of some rows
Numbers = dict[str, np.ndarray]  # by column; NaN where missing


@dataclass(frozen=True, eq=False)
class Rows:
    """Of each row of a table its line, its time (minutes since 1970), and its station's place in `stations`, or -1."""

    line: np.ndarray
    when: np.ndarray
    station: np.ndarray
    stations: tuple[str, ...]


def read(
    table: Table, date: tuple[str, ...], station: str | None, columns: Sequence[str], zones: Mapping[str, float]
) -> tuple[Rows, Numbers]:
    """Lines, times and stations, and the numbers of some columns, in one go.

    zones   how many seconds the clock of each station, or of "", is ahead of UTC, where times are seconds since 1970

    ReadError: dates that are wrong or ambiguous, monthly values, too many stations.
    """
    takers = {column: _numbers(table, column) for column in columns}
    stamp = _Stamps(table, date, station, zones)
    places = _Places(station or "")
    takers |= {"when": stamp} | ({"station": places} if station is not None else {})
    found = _gather(table, takers)
    line, when = found.pop("line"), found.pop("when")
    station_of = found.pop("station", np.full(len(line), -1)).astype(np.int32)
    if stamp.unclear:
        raise ReadError(f"line {line[0]}: {UNCLEAR}, got {quoted(stamp.text(cells(table, 0)))}")
    for at in np.flatnonzero(when < BAD / 2)[:1]:
        raise ReadError(f"line {line[at]}: {DATE}, got {quoted(stamp.text(cells(table, at)))}")
    days = np.unique(when // dates.DAY)
    if len(days) > 1 and np.median(np.diff(days)) * dates.DAY >= MONTH:
        raise ReadError(formats.MONTHLY)
    return Rows(line, when, station_of, tuple(places.names)), found


def numbers(table: Table, columns: Iterable[str]) -> Numbers:
    """The numbers of some columns of a table that was read before; `formats.WRONG` where there is something else."""
    found = _gather(table, {column: _numbers(table, column) for column in columns})
    del found["line"]
    return found


def readings_in(table: Table, others: Iterable[str | None]) -> dict[str, int]:
    """How many numbers each column has among some rows; columns with none, or with more words, are left out."""
    others = {*others}
    columns = [c for c in table.columns if c not in others and not re.fullmatch(formats.NOT_READINGS, c.lower())]
    step = max(1, (table.last or table.text.lines) // SAMPLE)
    sample = [*zip(*(row for _, row in table.rows(step)), strict=True)]
    counts = {}
    for column in columns if sample else ():
        values = [formats.number(text, table.comma) for text in sample[table.index(column)]]
        there = [value for value in values if not math.isnan(value)]
        counts[column] = sum(value != formats.WRONG for value in there), there.count(formats.WRONG)
    return {column: good for column, (good, words) in counts.items() if good and good >= words}


def run_on(values: np.ndarray) -> np.ndarray:
    """Where a number seems to have run into the marker of a missing one, as 8.9 and 999 into 8.9999: among numbers with one
    decimal place the few others all end in 999."""
    short = np.round(values, 1)
    longer = np.abs(values - short) > 1e-6
    nines = longer & (np.abs(values - short) < 0.002) & (np.abs(values) < np.abs(short))
    return nines & (nines.sum() == longer.sum()) & (nines.mean() < 0.05)


def cells(table: Table, at: int) -> dict[str, str]:
    """One row of a table, by column. ReadError where there is none."""
    row = next(islice(table.rows(), at, None), None)
    if row is None:
        raise ReadError(f"line {table.first}: must be followed by rows of dates and temperatures, got none")
    return dict(zip(table.columns, row[1], strict=True))


def _gather(table: Table, takers: Mapping[str, Taker]) -> dict[str, np.ndarray]:
    """What each taker makes of the rows, and "line"."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in ("line", *takers)}
    for numbers, rows in table.blocks():
        parts["line"].append(np.array(numbers, dtype=np.int32))
        for name, take in takers.items():
            parts[name].append(np.array(take(partial(_column, table, rows))))
    return {name: np.concatenate(arrays) for name, arrays in parts.items()}


def _column(table: Table, rows: list[list[str]], name: str) -> list[str]:
    at = table.index(name)
    return [row[at] for row in rows]


def _numbers(table: Table, column: str) -> Taker:
    known, flag = Remembered(lambda text: formats.number(text, table.comma)), f"Q_{column}"
    if flag not in table.columns:
        return lambda block: _read(block(column), known)
    return lambda block: [
        math.nan if quality.strip() == "9" else known[text]
        for text, quality in zip(block(column), block(flag), strict=True)
    ]


def _read(texts: list[str], known: Remembered) -> Sequence[float] | np.ndarray:
    """The numbers of some cells: each way of writing one is looked up, or where most are different all are read at once."""
    if 2 * len({*texts}) > len(texts) and formats.PLAIN_NUMBERS.fullmatch("\n".join([*texts, ""])):
        values = np.array([*map(float, texts)])
        return np.where(np.isin(values, [*formats.MISSING_NUMBERS]), math.nan, values)
    return [known[text] for text in texts]


class _Places:
    """The places of stations among `names`, in the order in which they come."""

    def __init__(self, column: str) -> None:
        self.column, self.known = column, Remembered(self._place)
        self.names: list[str] = []

    def __call__(self, block: Cells) -> Sequence[int]:
        return [self.known[text] for text in block(self.column)]

    def _place(self, text: str) -> int:
        text = text.strip()
        if text and text not in self.names:
            if len(self.names) == MOST_STATIONS:
                raise ReadError(f"file: must hold at most {MOST_STATIONS} stations, got more in {quoted(self.column)}")
            self.names.append(text)
        return self.names.index(text) if text else -1


class _Stamps:
    """The times of rows, in the style of the first."""

    def __init__(self, table: Table, date: tuple[str, ...], station: str | None, zones: Mapping[str, float]) -> None:
        first = cells(table, 0)
        self.date, self.station, self.zones, self.dates = date, station, zones, None
        text = self.text(first)
        if zones and re.fullmatch(dates.SECONDS, text):
            return
        style = dates.style_of(text)
        if style is None and (formats.plain(date[0]) == "month" or re.fullmatch(dates.MONTH_ONLY, text)):
            raise ReadError(formats.MONTHLY)
        if style is None:
            raise ReadError(f"line {next(table.rows())[0]}: {DATE}, got {quoted(text)}")
        self.dates = Dates(style, text)

    @property
    def unclear(self) -> bool:
        """Whether the day and the month may as well be the other way round."""
        return self.dates is not None and self.dates.style.pattern == dates.DAY_FIRST and self.dates.latest <= 12

    def text(self, row: Mapping[str, str]) -> str:
        return "-".join(row[part].strip() for part in self.date)

    def __call__(self, block: Cells) -> Sequence[float]:
        texts = block(self.date[0])
        if self.dates is None:
            places = block(self.station) if self.station is not None else ("",) * len(texts)
            zones = [self.zones.get(place.strip(), self.zones.get("", math.nan)) for place in places]
            return dates.from_seconds(texts, zones)
        if len(self.date) > 1:
            texts = ["-".join(map(str.strip, parts)) for parts in zip(*map(block, self.date), strict=True)]
        return self.dates.minutes(texts)
