"""What daily temperature files look like: one table of traits instead of a parser for each.

Every service writes the same thing, a date and a temperature, in its own words. What differs fits in a few traits: the
line by which a file is known, what separates its columns, what they are called where the file does not say so, and the
unit where the header does not name it. `lrviz.readers` reads every file by these traits; a new format is one more row.
Nothing is read here, and nothing but the standard library is needed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from .dates import style_of
from .uploads import ReadError

Choice = str | tuple[str, str]  # a column of means, or the columns of the highest and the lowest, to be averaged

SPACES = r"\s+"
LEAD = 60  # lines of text that may come before a header
LONGEST_HEADER = 10_000  # characters


@dataclass(frozen=True)
class Format:
    """The traits of a format. `mark` matches from the start of one of the first `lead` lines with anything on them:
    the header or, where the file has none and `names` stand in for it, the first row."""

    name: str
    mark: str
    sep: str = ""  # empty: the one of ; tab , that the header has most of
    names: tuple[str, ...] = ()
    unit: str = "C"
    value: str = ""  # the column of temperatures, where its name does not say so
    lead: int = 1
    months_across: bool = False  # a column for each month
    sections: bool = False  # several tables with blank lines between, the first about the places
    refusal: str = ""


MONTHLY = "file: must hold a value for each day, got monthly values; choose a daily record"
METEOSTAT = ("date", "tavg", "tmin", "tmax", "prcp", "snow", "wdir", "wspd", "wpgt", "pres", "tsun")
FORMATS = (  # in the order in which they are tried
    Format(
        "MIDAS",
        r"Conventions,G,BADC-CSV",
        refusal="file: must be a table of dates and temperatures, got MIDAS with its long header (BADC-CSV); "
        "save the columns of date and daily mean as CSV",
    ),
    Format("JSON", r"\s*[{\[]", refusal="file: must be a table, got JSON; ask for CSV"),
    Format("HTML or XML", r"\s*<", refusal="file: must be a table, got a web page or XML; ask for CSV"),
    Format("monthly station data", r"\s*yyyy\s+mm\s", lead=20, refusal=MONTHLY),
    Format("monthly means, a year in a row", r"\s*\d{4}(\s+-?\d+\.\d+){12,13}\s*$", lead=20, refusal=MONTHLY),
    Format(
        "GHCN-Daily, fixed width",
        r"[A-Z]{2}[\w-]{9}\d{6}[A-Z]{4}[ \d-]{5}",
        refusal="file: must have columns with names, got GHCN-Daily in fixed width (.dly); ask for CSV",
    ),
    Format(
        "GHCN-Daily by year",
        r'"?[A-Z]{2}[\w-]{9}"?,"?\d{8}"?,"?[A-Z]{4}"?,',
        refusal="file: must have one row for each day, got a row for each element (GHCN-Daily by year); "
        "ask for the file of one station",
    ),
    Format("HadCET, a day in a row", r"\s*Date\s+Value\s*$", sep=SPACES, value="Value"),
    Format(
        "HadCET, a month in a column",
        r"\s*\d{4}(\s+-?\d+){13}\s*$",
        sep=SPACES,
        names=("year", "day", *map(str, range(1, 13))),
        unit="tenths",
        months_across=True,
    ),
    Format("Open-Meteo", r"(location_id,)?latitude,longitude,elevation,utc_offset_seconds,", sep=",", sections=True),
    Format("ECA&D", r"\s*(STAID,\s*)?SOUID,\s*DATE,", sep=",", unit="tenths", lead=LEAD),
    Format("Meteostat without a header", r"\d{4}-\d\d-\d\d(,[^,]*){10}$", sep=",", names=METEOSTAT),
    Format("Kaggle London weather", r"date,cloud_cover,sunshine,"),
    Format("table with ECA&D columns", r"(?=.*\bTG\b).*\bQ_TG\b", unit="tenths"),
    Format("NOAA GSOD", r'"?STATION"?,"?DATE"?,.*"?\bTEMP"?,.*"?\bDEWP\b', unit="F"),
    Format("GHCN-Daily by station (NCEI access)", r'"?STATION"?,"?DATE"?,.*\bT(AVG|MAX|MIN)\b', unit="tenths"),
    Format("NCEI Daily Summaries", r'"?STATION"?,"?NAME"?,.*"?DATE"?,'),
    Format("Meteostat", r'"?date"?,"?tavg"?,"?tmin"?,|year,month,day,temp,temp_source\b'),
    Format("table", r""),
)

# Words and numbers that stand for a reading that was not taken.
MISSING_WORDS = ("", "na", "nan", "null", "none", "-", "---", "n/a", "tr")
MISSING_NUMBERS = (
    *(-99.9, -99.99, -999.0, -999.9, -999.99, -9999.0, -9999.9, -9999.99, -99999.0),
    *(999.0, 999.9, 999.99, 9999.0, 9999.9, 9999.99, 99999.0, -32768.0, 32767.0, 1e20),
)
WRONG = math.inf  # stands for a cell that is neither a number nor missing
NUMBER = r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?"
_NUMBER = re.compile(NUMBER)
PLAIN_NUMBERS = re.compile(r"(?:-?[0-9]{1,9}(?:\.[0-9]{1,9})?\n)+")  # a line each, and each is a `NUMBER`
# Column names, as `plain` leaves them, in order of preference.
DATE_NAMES = ("date", "time", "datetime", "timestamp")
STATION_NAMES = (
    *("station", "staid", "locationid", "stationid", "stationsid", "stationname", "site", "srcid"),
    *("location", "place", "city", "name"),
)
MEAN_NAMES = (
    *("tavg", "meantemp", "meantemperature", "tg", "temperature2mmean", "tmean", "temp", "temperature"),
    *("temperature2m", "temperaturemean", "tempmean", "avgtemp", "tempavg", "avgtemperature", "t2m", "tmk"),
)
EXTREME_NAMES = (
    *(("tmax", "tmin"), ("tx", "tn"), ("maxtemp", "mintemp"), ("maxtemperature", "mintemperature")),
    *(("temperature2mmax", "temperature2mmin"), ("tempmax", "tempmin")),
)
TEMPERATURE = r"temp|气温|温度"
NEVER_CHOSEN = r"feels|apparent|dew|chill|heat.?index|wet.?bulb|soil|ground|grass|water|sea|road|indoor"
NOT_READINGS = r"q_.*|.*_(attributes|source|flag)|latitude|longitude|elevation|souid"


def number(text: str, comma: bool = False) -> float:
    """The number in a cell, where a comma may be the decimal point or not; NaN where it is missing, `WRONG` where it is
    something else."""
    text = text.strip()
    if comma and "," in text and re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        text = text.replace(",", ".")
    if _NUMBER.fullmatch(text):
        value = float(text)
        return math.nan if value in MISSING_NUMBERS else value
    return math.nan if text.lower() in MISSING_WORDS else WRONG


def blank(line: str) -> bool:
    """Whether a line has nothing on it, or nothing but separators."""
    return not line.strip(' ,;\t\n"')


def recognise(lines: Iterable[tuple[int, str]]) -> tuple[Format, int, str]:
    """The format of a file by its first lines, the number of the line that is the header (or the first row), and what
    separates its columns, where the file or the format says so. Blank lines and those that begin with # are passed over.

    ReadError: no line is left, or the format is one that is refused."""
    leading = [*islice((row for row in lines if not (blank(row[1]) or row[1].startswith("#"))), LEAD)]
    said = re.fullmatch(r'"?sep=([;,\t])"?\s*', leading[0][1]) if leading else None  # a line for Excel
    leading = leading[1:] if said else leading
    if not leading:
        raise ReadError("file: must hold a table of daily temperatures, got no lines of text")
    found = ((f, n) for f in FORMATS for n, line in leading[: f.lead] if re.match(f.mark, line[:LONGEST_HEADER]))
    traits, first = next(found)  # the last format matches anything
    if traits.refusal:
        raise ReadError(traits.refusal)
    return traits, first, said[1] if said else traits.sep


def plain(name: str) -> str:
    """A column name without case, punctuation and unit: "Mean TemperatureC" and "mean_temperature (°F)" are alike."""
    letters = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|[^a-z0-9]", "", name.lower())
    return re.sub(r"(deg(rees?)?)?(celsius|fahrenheit|kelvin|c|f|k)$", "", letters)


def named(columns: Iterable[str], names: Iterable[str]) -> str | None:
    """The first column that has one of the names, the names tried in their order; None where there is none."""
    known = {plain(column): column for column in reversed(list(columns))}
    return next((known[name] for name in names if name in known), None)


def column_names(top: list[str]) -> tuple[tuple[str, ...], bool]:
    """Names from the first row of a table, and whether it is a header: a row with a date or a number in it is none,
    unless it names the date. A column without a name is called by its number; empty ones at the end are left out."""
    held = any(style_of(cell) or re.fullmatch(NUMBER, cell) for cell in top)
    header = not held or named(top, DATE_NAMES) is not None
    last = max((i for i, name in enumerate(top, 1) if name), default=1) if header else len(top)
    return tuple((header and name) or f"column {i}" for i, name in enumerate(top[:last], 1)), header


def date_columns(row: Mapping[str, str]) -> tuple[str, ...]:
    """The column of dates, by its name or else by what it holds in a row; or those of year, month and day; or none."""
    by_name = named(row, DATE_NAMES)
    in_order = row if by_name is None else (by_name, *row)
    one = next((column for column in in_order if style_of(row[column])), by_name)
    year, month, day = (named(row, (part,)) for part in ("year", "month", "day"))
    if one is not None:
        return (one,)
    if year and month and day:
        return (year, month, day)
    return (month,) if month else ()


def choices(readings: Mapping[str, int], header: bool = True) -> tuple[tuple[Choice, ...], Choice | None]:
    """What may be taken as the temperature, and the best of it, from the number of readings in each column.

    A mean comes before the average of the highest and the lowest, unless it has less than half as many readings. Else
    the only column that is called a temperature is taken, but never a felt, dew-point or soil temperature; or the only
    column at all where there is no header to call it anything. None: ask.
    """
    means = [c for name in MEAN_NAMES if (c := named(readings, (name,)))]
    found = [(named(readings, (high,)), named(readings, (low,))) for high, low in EXTREME_NAMES]
    pairs = [(high, low) for high, low in found if high and low]
    size: dict[Choice, int] = {c: readings[c] for c in means}
    size |= {p: min(readings[c] for c in p) for p in pairs}
    best = next((c for c in size if 2 * size[c] >= max(size.values())), None)
    extremes = {name for pair in EXTREME_NAMES for name in pair}
    called = [
        c for c in readings
        if (plain(c) in extremes or re.search(TEMPERATURE, c.lower())) and not re.search(NEVER_CHOSEN, c.lower())
    ]  # fmt: skip
    called = called if header else [*readings]
    if best is None and len(called) == 1:
        best = called[0]
    return (*readings, *pairs), best
