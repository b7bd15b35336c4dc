"""A lecturer's own daily temperatures, from bytes to one year of numbers in three steps.

`sniff` says what a file is and what it would read from it, `daily` reads a value for each day in °C, `year` takes one
calendar year out of it. Between the steps a person may correct what was found: column, unit, station, year. Each step
succeeds or raises `ReadError`, one sentence that says which line and why. Nothing is guessed: what is missing stays
missing, and the short gaps that `year` fills it also lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
import pandas as pd

from . import dates, formats, readings, units
from .formats import Choice, Format
from .readings import Numbers, Rows
from .rows import Table, sections, table
from .units import COLDEST, HOTTEST, UNITS
from .uploads import ReadError, chosen, listed, quoted, text_of
from .years import ENOUGH, Year, fill

__all__ = ["Daily", "Doubt", "ReadError", "Upload", "Year", "daily", "sniff", "unit_of", "year"]

ENOUGH_OF_A_DAY = 0.75  # of a day's usual number of readings
PREVIEW = 20  # rows


class Doubt(ReadError):
    """A question that only the reader can answer."""


@dataclass(frozen=True, eq=False)
class Upload:
    """What a file was found to be.

    frame         the first rows of its table as text, for a preview; the index is the line in the file
    format        the name of the format
    columns       what may be taken as the temperature: columns of numbers, and pairs (highest, lowest) to be averaged
    date          the column of dates, or those of year, month and day
    value         the one of `columns` that seems to be the temperature; None where the reader has to say
    unit          the unit of `value`, one of `lrviz.units.UNITS`
    unit_certain  False where the highest value would be above 60 °C: the reader has to say
    stations      the stations or places in the file; of more than one the reader has to choose one
    table, traits, rows, numbers   for `daily`: the table and its format, and what has been read of it
    """

    frame: pd.DataFrame
    format: str
    columns: tuple[Choice, ...]
    date: tuple[str, ...]
    value: Choice | None
    unit: str
    unit_certain: bool
    stations: tuple[str, ...]
    table: Table
    traits: Format
    rows: Rows
    numbers: Numbers = field(repr=False)


@dataclass(frozen=True, eq=False)
class Daily:
    """values: °C by date, from the first to the last day of the file, NaN where missing. years: (year, days with a
    value), those of at least 330 days first, and of these the latest. note: what was read, in a sentence."""

    values: pd.Series
    years: tuple[tuple[int, int], ...]
    note: str


def sniff(raw: bytes, name: str = "") -> Upload:
    """What the file is, and what would be read from it. `name` is the file's name, if known.

    ReadError: more than 20 MB, not text, a workbook, GHCN .dly, monthly, no table, no numbers, rows of different
    widths, or dates that are absent, wrong or ambiguous.
    """
    text = text_of(raw, name)
    traits, first, sep = formats.recognise(text.numbered())
    places, found = None, None
    if traits.sections:
        places, tables = sections(text, traits, first)
        found = _best(tables)
    else:
        found = table(text, traits, first, sep)
    top = readings.cells(found, 0)
    date = ("time",) if places else formats.date_columns(top)
    if not date:
        got = listed(map(quoted, top.values()))
        raise ReadError(f"line {next(found.rows())[0]}: must have a date in one of its columns, got {got}")
    station = formats.named(found.columns, formats.STATION_NAMES)
    counts = readings.readings_in(found, (*date, station))
    columns, value = formats.choices(counts, found.header)
    value = traits.value if traits.value in counts else value
    rows, numbers = readings.read(found, date, station, _parts(value), _zones(places, station))
    if not columns:
        got = listed(map(quoted, found.columns))
        raise ReadError(f"file: must have a column of numbers beside the dates, got {got}")
    upload = Upload(
        _preview(found), traits.name, columns, date, value, "C", True, rows.stations, found, traits, rows, numbers
    )
    if value is None:
        return upload
    unit, doubt = unit_of(upload, value)
    return replace(upload, unit=unit, unit_certain=not doubt)


def unit_of(upload: Upload, value: Choice, station: str | None = None) -> tuple[str, str]:
    """The unit of one of upload.columns by its header or its format, and why the reader has to say it, or "": it has
    values that are too high. At all stations or at one of them."""
    unit = units.unit_of(value, upload.traits.unit)
    here = ... if station is None else upload.rows.station == upload.stations.index(station)
    return unit, units.too_hot(_mean(_numbers(upload, value), value)[here], unit)


def daily(upload: Upload, *, value: Choice | None = None, unit: str | None = None, station: str | None = None) -> Daily:
    """A temperature in °C for each day, from the choices of `upload` or as corrected:

    value     one of upload.columns
    unit      "C", "F", "K" or "tenths"; without it, what the header of `value` or the format says
    station   one of upload.stations, needed where there are several

    Readings that carry the quality flag 9 (Q_ columns) are missing. Several readings a day are averaged where at least
    75 % of a day's usual number is there.

    ReadError: a choice that is still to be made or does not exist, a word where a number should be, a date that occurs
    twice, a temperature outside [-60, 60] °C, no temperature at all.
    """
    value = chosen("temperature column", upload.value if value is None else value, upload.columns)
    rows, note = upload.rows, ""
    here = np.ones(len(rows.line), bool)
    if len(upload.stations) > 1 or station is not None:
        station = chosen("station", station, upload.stations)
        here, note = rows.station == upload.stations.index(station), f" at {station}"
    numbers = _numbers(upload, value)
    for column in _parts(value):
        for at in np.flatnonzero(np.isinf(numbers[column]) & here)[:1]:
            _refuse(upload, at, "temperature must be a number", column)
        for at in np.flatnonzero(readings.run_on(np.where(here, numbers[column], np.nan)))[:1]:
            _refuse(upload, at, "temperature must not run into the 999 of a missing one", column)
    values = _mean(numbers, value)
    if unit is None:
        unit, got = unit_of(upload, value, station)
        if got:
            raise ReadError(f"unit of {quoted(value)}: must be chosen, got {got}")
    celsius = units.celsius(values, chosen("unit", unit, tuple(UNITS)))
    _check(upload, celsius, here)
    by_day = _by_day(rows.when[here], celsius[here])
    present = by_day.dropna()
    if present.empty:
        raise ReadError(f"file: must hold temperatures, got only missing values in {quoted(value)}")
    found = np.unique(pd.DatetimeIndex(present.index).year, return_counts=True)
    counts = [(int(y), int(n)) for y, n in zip(*found, strict=True)]
    years = sorted(counts, key=lambda year: (year[1] < ENOUGH, -year[0]))
    return Daily(by_day, tuple(years), f"Read {quoted(value)}{note} in {UNITS[unit]}.")


def year(daily: Daily, year: int, *, one_unit: bool = False) -> Year:
    """One calendar year of it without holes: 365 or 366 values (see `lrviz.years.fill`), and a note of what was done.

    one_unit   the reader knows that all of it is in one unit, however it looks

    Doubt: the level makes a jump that no weather makes. ReadError: a year that is not there, a gap of more than 3 days, or
    fewer than 330 days, with the dates.
    """
    year = chosen("year", year, tuple(y for y, _ in daily.years))
    present = daily.values.dropna()
    days, values = present.index.to_numpy().astype("datetime64[D]"), present.to_numpy()
    found = fill(days, values, year)
    if not one_unit and (got := units.two_units(days, values, year)):
        raise Doubt(f"{year}: the unit must be the same on all days, got {got}")
    return replace(found, note=f"{daily.note} {found.note}".strip())


def _best(tables: Iterable[Table]) -> Table:
    """Of the tables of an Open-Meteo file that of temperatures, a mean rather than extremes, and by day rather than by
    hour."""

    def preference(found: Table) -> tuple[bool, bool, int]:
        if "time" not in found.names:
            raise ReadError(f"line {found.first}: must name a column 'time', got {listed(map(quoted, found.names))}")
        _, best = formats.choices(readings.readings_in(found, ("time", "location_id")))
        return best is None, isinstance(best, tuple), (found.last or 0) - found.first

    return min(tables, key=preference)


def _zones(places: Table | None, station: str | None) -> dict[str, float]:
    """How many seconds the clocks of the places of an Open-Meteo file are ahead of UTC; "" stands for the only place."""
    if places is None:
        return {}
    if "utc_offset_seconds" not in places.columns:
        got = listed(map(quoted, places.columns))
        raise ReadError(f"line {places.first}: must name a column 'utc_offset_seconds', got {got}")
    some = [dict(zip(places.columns, row, strict=True)) for _, row in islice(places.rows(), readings.MOST_STATIONS)]
    by_place = station is not None and "location_id" in places.columns
    return {row["location_id"].strip() if by_place else "": formats.number(row["utc_offset_seconds"]) for row in some}


def _preview(found: Table) -> pd.DataFrame:
    lines, cells = zip(*islice(found.rows(), PREVIEW), strict=True)
    return pd.DataFrame(list(cells), index=pd.Index(lines, name="line"), columns=list(found.columns), dtype=str)


def _parts(value: Choice | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else value


def _mean(numbers: Numbers, value: Choice) -> np.ndarray:
    """The values of a column, or of two averaged; missing where one of them is, and where it is no number."""
    parts = [np.where(np.isinf(numbers[column]), np.nan, numbers[column]) for column in _parts(value)]
    return np.mean(parts, axis=0)


def _numbers(upload: Upload, value: Choice) -> Numbers:
    """The numbers of the columns of a choice: those that were read before, and the last others, read now."""
    missing = [column for column in _parts(value) if column not in upload.numbers]
    if missing:
        for column in [*upload.numbers]:
            if column not in _parts(upload.value) + _parts(value):
                del upload.numbers[column]
        upload.numbers.update(readings.numbers(upload.table, missing))
    return upload.numbers


def _check(upload: Upload, celsius: np.ndarray, here: np.ndarray) -> None:
    """ReadError where a temperature is out of range or a time occurs twice."""
    outside = here & ((celsius < COLDEST) | (celsius > HOTTEST))
    for at in np.flatnonzero(outside)[:1]:
        rule = f"temperature must be in [{COLDEST}, {HOTTEST}] °C"
        raise ReadError(f"line {upload.rows.line[at]}: {rule}, got '{celsius[at]:.4g}'")
    places = np.flatnonzero(here)
    when = upload.rows.when[places]
    for at in places[pd.Series(when).duplicated().to_numpy()][:1]:
        time = str(upload.rows.when[at].astype("datetime64[m]")).replace("T", " ").replace(" 00:00", "")
        raise ReadError(f"line {upload.rows.line[at]}: a date must occur only once, got {quoted(time)}")


def _by_day(when: np.ndarray, celsius: np.ndarray) -> pd.Series:
    """The mean of each day that has enough readings, from the first day to the last."""
    days, place, readings_of = np.unique(when // dates.DAY, return_inverse=True, return_counts=True)
    there = ~np.isnan(celsius)
    count = np.bincount(place[there], minlength=len(days))
    total = np.bincount(place[there], weights=celsius[there], minlength=len(days))
    enough = (count > 0) & (count >= ENOUGH_OF_A_DAY * np.median(readings_of))
    means = np.where(enough, total / np.maximum(count, 1), np.nan)
    index = pd.DatetimeIndex(days.astype("datetime64[D]").astype("datetime64[s]"))
    return pd.Series(means, index=index, name="temperature").asfreq("D")


def _refuse(upload: Upload, at: int, rule: str, column: str) -> None:
    got = readings.cells(upload.table, at)[column]
    raise ReadError(f"line {upload.rows.line[at]}: {rule}, got {quoted(got)}")
