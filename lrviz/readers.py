"""A lecturer's own daily temperatures, from bytes to one year of numbers in three steps.

`sniff` says what a file is and what it would read from it, `daily` reads a value for each day in °C, `year` takes one
calendar year out of it. Between the steps a person may correct what was found: column, unit, station, year. Each step
succeeds or raises `ReadError`, one sentence that says which line and why. Nothing is guessed: what is missing stays
missing, and the short gaps that `year` fills it also lists.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import pandas as pd

from . import formats
from .formats import UNITS, Choice, Format
from .uploads import LARGEST, ReadError, chosen, lines_of, listed, quoted
from .years import ENOUGH, Year, fill

__all__ = ["Daily", "ReadError", "Upload", "Year", "daily", "sniff", "year"]

COLDEST, HOTTEST = -60, 60  # °C
ENOUGH_OF_A_DAY = 0.75  # of a day's usual number of readings
SAMPLE, MOST_TABLES = 400, 5  # rows by which columns of numbers are told from others; tables in an Open-Meteo file


@dataclass(frozen=True, eq=False)
class Upload:
    """What a file was found to be.

    frame         its table as text, for a preview; the index is the line in the file
    format        the name of the format
    columns       what may be taken as the temperature: columns of numbers, and pairs (highest, lowest) to be averaged
    date          the column of dates, or those of year, month and day
    value         the one of `columns` that seems to be the temperature; None where the reader has to say
    unit          "C", "F" or "tenths" (of a °C): the unit of `value`
    unit_certain  False where the highest value would be above 60 °C: the reader has to say
    stations      the stations or places in the file; of more than one the reader has to choose one
    traits, when, station_column   for `daily`: the format's traits, the time of each row, the column of the stations
    """

    frame: pd.DataFrame
    format: str
    columns: tuple[Choice, ...]
    date: tuple[str, ...]
    value: Choice | None
    unit: str
    unit_certain: bool
    stations: tuple[str, ...]
    traits: Format
    when: pd.Series
    station_column: str | None


@dataclass(frozen=True, eq=False)
class Daily:
    """values: °C by date, from the first to the last day of the file, NaN where missing. years: (year, days with a
    value), those of at least 330 days first, and of these the latest. note: what was read, in a sentence."""

    values: pd.Series
    years: tuple[tuple[int, int], ...]
    note: str


def sniff(raw: bytes, name: str = "") -> Upload:
    """What the file is, and what would be read from it. `name` is the file's name, if known.

    ReadError: more than 20 MB, not text, a workbook, GHCN .dly, monthly, no table, no numbers, or dates that are
    absent, wrong or ambiguous.
    """
    lines = lines_of(raw, name)
    traits, first = formats.recognise(lines)
    rows = [*enumerate(lines[first:], first + 1)]
    frame = _open_meteo(rows) if traits.sections else _table(rows, traits.sep, traits.names)
    if traits.months_across:
        frame = _one_column_of_months(frame)
    if frame.empty:
        raise ReadError(f"line {first + 1}: must be followed by rows of dates and temperatures, got none")
    date = formats.date_columns(frame.iloc[0].to_dict())
    if not date:
        got = listed(map(quoted, frame.iloc[0]))
        raise ReadError(f"line {frame.index[0]}: must have a date in one of its columns, got {got}")
    station = formats.named(frame.columns, formats.STATION_NAMES)
    when = _when(frame, date)
    columns, value = formats.choices(_readings_in(frame, (*date, station)))
    if not columns:
        got = listed(map(quoted, frame.columns))
        raise ReadError(f"file: must have a column of numbers beside the dates, got {got}")
    unit, certain = ("C", True) if value is None else _unit(frame, traits, value)
    stations = () if station is None else tuple(s for s in frame[station].str.strip().unique().tolist() if s)
    return Upload(frame, traits.name, columns, date, value, unit, certain, stations, traits, when, station)


def daily(upload: Upload, *, value: Choice | None = None, unit: str | None = None, station: str | None = None) -> Daily:
    """A temperature in °C for each day, from the choices of `upload` or as corrected:

    value     one of upload.columns
    unit      "C", "F" or "tenths"; without it, what the header of `value` or the format says
    station   one of upload.stations, needed where there are several

    Readings that carry the quality flag 9 (Q_ columns) are missing. Several readings a day are averaged where at least
    75 % of a day's usual number is there.

    ReadError: a choice that is still to be made or does not exist, a word where a number should be, a date that occurs
    twice, a temperature outside [-60, 60] °C, no temperature at all.
    """
    value = chosen("temperature column", upload.value if value is None else value, upload.columns)
    frame, when, note = upload.frame, upload.when, ""
    if len(upload.stations) > 1 or station is not None:
        station = chosen("station", station, upload.stations)
        here = frame[upload.station_column].str.strip() == station
        frame, when, note = frame[here], when[here], f" at {station}"
    if unit is None:
        unit, certain = _unit(frame, upload.traits, value)
        if not certain:
            got = f"values of {quoted(value)} that would be above {HOTTEST} °C"
            raise ReadError(f"unit: must be chosen (Fahrenheit, or tenths?), got {got}")
    unit = chosen("unit", unit, tuple(UNITS))
    celsius = formats.celsius(_readings(frame, value, strict=True), unit)
    _check(celsius, when)
    by_day = celsius.groupby(when.dt.normalize().to_numpy())
    enough = by_day.count() >= ENOUGH_OF_A_DAY * by_day.size().median()
    values = by_day.mean().where(enough).asfreq("D").rename("temperature")
    present = values.dropna()
    if present.empty:
        raise ReadError(f"file: must hold temperatures, got only missing values in {quoted(value)}")
    counts = [(int(y), int(n)) for y, n in present.groupby(present.index.year).size().items()]
    years = sorted(counts, key=lambda year: (year[1] < ENOUGH, -year[0]))
    return Daily(values, tuple(years), f"Read {quoted(value)}{note} in {UNITS[unit]}.")


def year(daily: Daily, year: int) -> Year:
    """One calendar year of it without holes: 365 or 366 values (see `lrviz.years.fill`), and a note of what was done.

    ReadError: a year that is not there, a gap of more than 3 days, or fewer than 330 days, with the dates.
    """
    year = chosen("year", year, tuple(y for y, _ in daily.years))
    present = daily.values.dropna()
    found = fill(present.index.to_numpy(), present.to_numpy(), year)
    return replace(found, note=f"{daily.note} {found.note}".strip())


def _table(rows: Iterable[tuple[int, str]], sep: str = "", names: Sequence[str] = ()) -> pd.DataFrame:
    """Numbered lines as columns of text, indexed by line number, under `names` or those of the first line."""
    numbers, texts = zip(*(row for row in rows if not formats.blank(row[1])), strict=True)
    top = texts[0]
    sep = sep or max(";\t,", key=top.count)
    width = len(top.split()) if sep == formats.SPACES else top.count(sep) + 1
    if len(top) > formats.LONGEST_HEADER or width * len(texts) > LARGEST:
        raise ReadError(f"line {numbers[0]}: must begin a table, got {len(top):,} characters and {width:,} columns")
    odd = next((n for n, text in zip(numbers, texts, strict=True) if text.count('"') % 2), None)
    if odd is not None:
        raise ReadError(f"line {odd}: a quotation mark must be closed in its line, got one that is not")
    # pandas takes the width from the first row. Ours has a column to spare, where values too many come to light.
    ruler = (" " if sep == formats.SPACES else sep).join("0" * (width + 1))
    try:
        frame = pd.read_csv(
            io.StringIO("\n".join((ruler, *texts))), sep=sep, header=None, names=range(width + 1), index_col=False,
            dtype=str, na_filter=False, skip_blank_lines=False, skipinitialspace=True,
        ).iloc[1:]  # fmt: skip
    except pd.errors.ParserError as error:
        if found := re.search(r"Expected \d+ fields in line (\d+), saw (\d+)", str(error)):
            line, saw = map(int, found.groups())
            raise ReadError(f"line {numbers[line - 2]}: must have at most {width} values, got {saw}") from None
        frame = pd.DataFrame()
    if len(frame) != len(texts):
        raise ReadError("file: quotation marks must enclose whole values, got some inside of one")
    frame = _with_names(frame.set_axis(pd.Index(numbers, name="line")), names)
    # A comma can be a decimal point only where it does not separate columns.
    return frame.replace(r"^\s*([+-]?[0-9]+),([0-9]+)\s*$", r"\1.\2", regex=True) if sep == ";" else frame


def _with_names(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The table under the names given, else those in its first row, which is then no longer a row of it."""
    names, header = (names, False) if names else formats.column_names(frame.iloc[0].str.strip().tolist())
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise ReadError(f"line {frame.index[0]}: names of columns must differ, got {quoted(twice)} twice")
    frame = frame.iloc[1:] if header else frame
    _refuse(frame.iloc[:, len(names) :].ne("").any(axis=1), f"must have at most {len(names)} values, got more")
    return frame.iloc[:, : len(names)].set_axis(names, axis=1)


def _one_column_of_months(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each day instead of a column for each month; days that do not exist are marked as missing."""
    days = frame.melt(["year", "day"], var_name="month", value_name="temperature", ignore_index=False)
    values, wrong = _numbers(days["temperature"])
    return days.loc[(values.notna() | wrong).to_numpy(), ["year", "month", "day", "temperature"]]


def _open_meteo(rows: Sequence[tuple[int, str]]) -> pd.DataFrame:
    """Of the tables that follow the one of the places, that of temperatures, and by day rather than by hour."""
    blocks = [[*block] for empty, block in groupby(rows, key=lambda row: formats.blank(row[1])) if not empty]
    if not 2 <= len(blocks) <= MOST_TABLES:
        raise ReadError(f"file: must hold 2 to {MOST_TABLES} tables with blank lines between, got {len(blocks)}")
    places, *tables = (_table(block, ",") for block in blocks)
    for table, block in zip(tables, blocks[1:], strict=True):
        if "time" not in table:
            raise ReadError(f"line {block[0][0]}: must name a column 'time', got {listed(map(quoted, table.columns))}")
    return min((_on_local_time(table, places) for table in tables), key=_preference)


def _preference(table: pd.DataFrame) -> tuple[bool, bool, int]:
    """Smaller is better: a temperature known by name, a mean rather than extremes, fewer rows."""
    _, best = formats.choices(_readings_in(table, ("time", "location_id")))
    return best is None, isinstance(best, tuple), len(table)


def _on_local_time(table: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Times given in seconds since 1970 (UTC) as dates on the clock of the place."""
    if table.empty or places.empty or not table["time"].str.fullmatch("-?[0-9]{1,10}").all():
        return table
    offset = _numbers(places["utc_offset_seconds"])[0].fillna(0).tolist()
    zone = offset[0]
    if "location_id" in table and "location_id" in places:
        zone = table["location_id"].map(dict(zip(places["location_id"], offset, strict=True)))
    local = pd.to_datetime(table["time"].astype(float) + zone, unit="s", errors="coerce")
    return table.assign(time=local.dt.strftime("%Y-%m-%dT%H:%M").fillna(""))


def _when(frame: pd.DataFrame, date: tuple[str, ...]) -> pd.Series:
    """The time of each row."""
    text = frame[date[0]].str.strip()
    for part in date[1:]:
        text = text + "-" + frame[part].str.strip()
    style = formats.date_style(text.iloc[0])
    if style is None and (formats.plain(date[0]) == "month" or re.fullmatch(formats.MONTH_ONLY, text.iloc[0])):
        raise ReadError(formats.MONTHLY)
    rule = "date must be a day (2099-01-31, 20990131 or 31/01/2099) and written as in the other lines"
    if style is None:
        raise ReadError(f"line {frame.index[0]}: {rule}, got {quoted(text.iloc[0])}")
    parts = text.str.extract(f"^(?:{style})$")
    if style == formats.DAY_FIRST and (parts["day"].dropna().astype(int) <= 12).all():
        unclear = "dates must be year-month-day, or day/month/year with some day above 12"
        raise ReadError(f"line {frame.index[0]}: {unclear}, got {quoted(text.iloc[0])}")
    clock = parts["clock"].fillna("00:00") if "clock" in parts else "00:00"
    stamps = parts["year"] + "-" + parts["month"] + "-" + parts["day"] + " " + clock
    when = pd.to_datetime(stamps, format="%Y-%m-%d %H:%M", errors="coerce")
    _refuse(when.isna(), rule, text)
    step = np.median(np.diff(np.unique(when.dt.normalize()))) / np.timedelta64(1, "D") if when.nunique() > 1 else 1
    if step >= 28:
        raise ReadError(formats.MONTHLY)
    return when


def _numbers(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    """(values, wrong): the numbers, NaN where missing, and where there is something that is neither."""
    text = text.str.strip()
    number = text.str.fullmatch(formats.NUMBER).astype(bool)
    values = text.where(number).astype(float)
    wrong = ~number & ~text.str.lower().isin(formats.MISSING_WORDS)
    return values.mask(values.isin(formats.MISSING_NUMBERS)), wrong


def _readings_in(frame: pd.DataFrame, others: tuple[str | None, ...]) -> dict[str, int]:
    """How many numbers each column has among some rows; columns with none, or with more words, are left out."""
    columns = [c for c in frame if c not in others and not re.fullmatch(formats.NOT_READINGS, c.lower())]
    cells = frame[columns].iloc[:: max(1, len(frame) // SAMPLE)].to_numpy(dtype=object)
    values, wrong = (found.to_numpy().reshape(cells.shape) for found in _numbers(pd.Series(cells.ravel(), dtype="str")))
    counts = zip(columns, (~np.isnan(values)).sum(axis=0), wrong.sum(axis=0), strict=True)
    return {c: int(n) for c, n, words in counts if n and n >= words}


def _readings(frame: pd.DataFrame, value: Choice, strict: bool = False) -> pd.Series:
    """The numbers of a column, or of two averaged, without those that are flagged; `strict` refuses words."""
    parts = []
    for column in (value,) if isinstance(value, str) else value:
        values, wrong = _numbers(frame[column])
        if strict:
            _refuse(wrong, "temperature must be a number", frame[column])
        flag = f"Q_{column}"
        parts.append(values.mask(frame[flag].str.strip() == "9") if flag in frame else values)
    return sum(parts) / len(parts)


def _unit(frame: pd.DataFrame, traits: Format, value: Choice) -> tuple[str, bool]:
    """The unit of a column, and whether its highest value is one that a day can have."""
    unit = formats.unit_of(value, traits.unit)
    return unit, not (formats.celsius(_readings(frame, value), unit) > HOTTEST).any()


def _check(celsius: pd.Series, when: pd.Series) -> None:
    """ReadError where a temperature is out of range or a time occurs twice."""
    outside = celsius.notna() & ~celsius.between(COLDEST, HOTTEST)
    _refuse(outside, f"temperature must be in [{COLDEST}, {HOTTEST}] °C", celsius.map("{:.4g}".format))
    times = when.dt.strftime("%Y-%m-%d %H:%M").str.replace(" 00:00", "")
    _refuse(when.duplicated(), "a date must occur only once", times)


def _refuse(where: pd.Series, rule: str, cells: pd.Series | None = None) -> None:
    """ReadError with the first line at which `where` is true, if any, and what its cell holds."""
    for at in np.flatnonzero(where)[:1]:
        got = "" if cells is None else f", got {quoted(cells.iloc[at])}"
        raise ReadError(f"line {where.index[at]}: {rule}{got}")
