"""The rows of a table in a file of text: cells of text, row by row, as often as one likes.

A row is as wide as the header. One that is wider or narrower is refused with its line: it would be read with a reading of
another column, or with half a number where a decimal comma stood. A table is gone through from its file each time, so
a file of 20 MB never takes more memory than its bytes.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from . import formats
from .dates import Remembered
from .formats import Format
from .uploads import MOST_LINES, ReadError, Text, quoted

MOST_TABLES = 5  # in an Open-Meteo file
Block = tuple[Sequence[int], list[list[str]]]  # the numbers of some lines, and the cells of each


@dataclass(frozen=True, eq=False)
class Table:
    """The lines from `first` to `last` of a text. `names` are those of its columns; `header` says whether the first line
    holds them. `months_across`: a column for each month, read as a row for each day that has a value: the others include 30 February."""

    text: Text
    first: int
    last: int | None
    sep: str
    names: tuple[str, ...]
    header: bool
    months_across: bool = False

    def blocks(self, step: int = 1) -> Iterator[Block]:
        """The rows below the header, of every so many lines the first, some thousands at a time."""
        width = len(self.names)
        for numbers, rows in _cells(self.text, self.sep, self.first + self.header, self.last, step):
            if any(len(row) != width for row in rows):
                rows = [self._fitted(number, row) for number, row in zip(numbers, rows, strict=True)]
            yield _by_day(numbers, rows) if self.months_across else (numbers, rows)

    def rows(self, step: int = 1) -> Iterator[tuple[int, list[str]]]:
        """The number of its line and the cells of each row."""
        for numbers, rows in self.blocks(step):
            yield from zip(numbers, rows, strict=True)

    @property
    def comma(self) -> bool:
        """Whether a comma can be a decimal point: only where it does not separate columns."""
        return self.sep != ","

    @property
    def columns(self) -> tuple[str, ...]:
        return ("year", "month", "day", "temperature") if self.months_across else self.names

    def index(self, name: str) -> int:
        return self.columns.index(name)

    def _fitted(self, number: int, row: list[str]) -> list[str]:
        """A row as wide as the header, or wider by empty cells only; or ReadError."""
        width = len(self.names)
        if len(row) >= width and not "".join(row[width:]).strip():
            return row[:width]
        as_above = f", as line {self.first} has" if self.header else ""
        comma = "; a number with a decimal comma needs another separator, such as a semicolon"
        hint = comma if self.sep == "," and len(row) > width else ""
        raise ReadError(f"line {number}: must have {width} values{as_above}, got {len(row)}{hint}")


def table(text: Text, traits: Format, first: int, sep: str, last: int | None = None) -> Table:
    """The table that begins in line `first`, by the traits of its format. ReadError: its first line begins none."""
    top = next(line for _, line in text.numbered(first))
    if len(top) > formats.LONGEST_HEADER:
        raise ReadError(f"line {first}: must begin a table, got {len(top):,} characters")
    if traits.months_across and 12 * text.lines > MOST_LINES:
        raise ReadError(f"file: must have at most {MOST_LINES // 12:,} lines of twelve months, got {text.lines:,}")
    sep = sep or max(";\t,", key=top.count)
    if traits.names:
        return Table(text, first, last, sep, traits.names, False, traits.months_across)
    _, (cells,) = next(_cells(text, sep, first, first))
    names, header = formats.column_names([cell.strip() for cell in cells])
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise ReadError(f"line {first}: names of columns must differ, got {quoted(twice)} twice")
    return Table(text, first, last, sep, names, header)


def sections(text: Text, traits: Format, first: int) -> tuple[Table, list[Table]]:
    """The tables of an Open-Meteo file with blank lines between: that of the places, and those of the weather."""
    ends: list[list[int]] = []
    between = True
    for number, line in text.numbered(first):
        if not formats.blank(line):
            ends += [[number, number]] if between else []
            ends[-1][1] = number
            if len(ends) > MOST_TABLES:
                break
        between = formats.blank(line)
    if not 2 <= len(ends) <= MOST_TABLES:
        got = f"{len(ends)}" if len(ends) <= MOST_TABLES else "more"
        raise ReadError(f"file: must hold 2 to {MOST_TABLES} tables with blank lines between, got {got}")
    places, *weather = (table(text, traits, begin, traits.sep, last) for begin, last in ends)
    return places, weather


def _cells(text: Text, sep: str, first: int, last: int | None, step: int = 1) -> Iterator[Block]:
    """Lines that have something on them, cut into cells."""
    for begin, lines in text.blocks(first, last):
        numbers: Sequence[int] = range(begin, begin + len(lines))
        kept = [
            not (number - first) % step and not formats.blank(line) for number, line in zip(numbers, lines, strict=True)
        ]
        if not all(kept):
            numbers, lines = [*compress(numbers, kept)], [*compress(lines, kept)]
        if lines:
            yield numbers, [line.split() for line in lines] if sep == formats.SPACES else _split(numbers, lines, sep)


def _split(numbers: Sequence[int], lines: list[str], sep: str) -> list[list[str]]:
    """Lines cut at the separators outside of quotation marks."""
    for number, line in zip(numbers, lines, strict=True):
        if '"' in line and line.count('"') % 2:
            raise ReadError(f"line {number}: a quotation mark must be closed in its line, got one that is not")
    reader = csv.reader(lines, delimiter=sep, skipinitialspace=True, strict=True)
    rows, wrong = [], 0
    try:
        rows.extend(reader)
    except csv.Error:
        wrong = reader.line_num
    if wrong or len(rows) != len(lines):  # or a value that runs on over several lines
        wrong = wrong or next(n for n, line in enumerate(lines, 1) if _runs_on(line, sep))
        rule = "quotation marks must enclose whole values, got some inside of one"
        raise ReadError(f"line {numbers[wrong - 1]}: {rule}")
    return rows


def _runs_on(line: str, sep: str) -> bool:
    try:
        return len([*csv.reader([line], delimiter=sep, skipinitialspace=True, strict=True)]) != 1
    except csv.Error:
        return True


def _by_day(numbers: Sequence[int], rows: list[list[str]]) -> Block:
    """Rows of twelve months as a row for each day that has a value."""
    known = Remembered(formats.number)
    days = [
        (number, [row[0], str(month), row[1], row[month + 1]])
        for number, row in zip(numbers, rows, strict=True)
        for month in range(1, 13)
        if not math.isnan(known[row[month + 1]])
    ]
    return [number for number, _ in days], [day for _, day in days]
