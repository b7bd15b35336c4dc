"""What daily temperature files look like: one table of traits instead of a parser for each.

Every service writes the same thing, a date and a temperature, in its own words. What differs fits in a few traits: the
line by which a file is known, what separates its columns, what they are called where the file does not say so, and the
unit where the header does not name it. `lrviz.readers` reads every file by these traits; a new format is one more row.
Nothing is read here, and nothing but the standard library is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .uploads import ReadError

Choice = str | tuple[str, str]  # a column of means, or the columns of the highest and the lowest, to be averaged

SPACES = r"\s+"
LEAD = 60  # lines of text that may come before a header
LONGEST_HEADER = 10_000  # characters
UNITS = {"C": "°C", "F": "°F", "tenths": "tenths of a °C"}


@dataclass(frozen=True)
class Format:
    """The traits of a format. `mark` matches from the start of one of the first `lead` lines with anything on them:
    the header or, where the file has none and `names` stand in for it, the first row."""

    name: str
    mark: str
    sep: str = ""  # empty: the one of ; tab , that the header has most of
    names: tuple[str, ...] = ()
    unit: str = "C"
    lead: int = 1
    months_across: bool = False  # a column for each month
    sections: bool = False  # several tables with blank lines between, the first about the places
    refusal: str = ""


MONTHLY = "file: must hold a value for each day, got monthly values; choose a daily record"
METEOSTAT = ("date", "tavg", "tmin", "tmax", "prcp", "snow", "wdir", "wspd", "wpgt", "pres", "tsun")
FORMATS = (  # in the order in which they are tried
    Format("monthly station data", r"\s*yyyy\s+mm\s", lead=20, refusal=MONTHLY),
    Format("monthly means, a year in a row", r"\s*\d{4}(\s+-?\d+\.\d+){12,13}\s*$", lead=20, refusal=MONTHLY),
    Format(
        "GHCN-Daily, fixed width",
        r"[A-Z]{2}[\w-]{9}\d{6}[A-Z]{4}[ \d-]{5}",
        refusal="file: must have columns with names, got GHCN-Daily in fixed width (.dly); ask for CSV",
    ),
    Format("HadCET, a day in a row", r"\s*Date\s+Value\s*$", sep=SPACES),
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
MISSING_WORDS = ("", "na", "nan", "null", "-", "---", "n/a", "tr")
MISSING_NUMBERS = (-9999.0, -999.0, 9999.9, 999.9, -99.9)
NUMBER = r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?"

_YEAR, _TWO = "(?P<year>(?:1[6-9]|2[01])[0-9]{2})", "[0-9]{1,2}"
_CLOCK = "(?:[T ](?P<clock>[0-9]{1,2}:[0-9]{2})(?::[0-9]{2}(?:[.][0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
DAY_FIRST = f"(?P<day>{_TWO})[-/.](?P<month>{_TWO})[-/.]{_YEAR}{_CLOCK}"
DATES = (
    f"{_YEAR}[-/.](?P<month>{_TWO})[-/.](?P<day>{_TWO}){_CLOCK}",
    f"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
    DAY_FIRST,
)
MONTH_ONLY = f"{_YEAR}[-/]?{_TWO}|[A-Za-z]{{3,9}}[ -][0-9]{{4}}"

# Column names, as `plain` leaves them, in order of preference.
DATE_NAMES = ("date", "time", "datetime", "timestamp")
STATION_NAMES = ("station", "staid", "locationid", "stationid", "location", "place", "city", "name")
MEAN_NAMES = (
    *("tavg", "meantemp", "meantemperature", "tg", "temperature2mmean", "tmean", "temp", "temperature"),
    *("temperature2m", "temperaturemean", "tempmean", "avgtemp", "tempavg"),
)
EXTREME_NAMES = (
    *(("tmax", "tmin"), ("tx", "tn"), ("maxtemp", "mintemp"), ("maxtemperature", "mintemperature")),
    *(("temperature2mmax", "temperature2mmin"), ("tempmax", "tempmin")),
)
NEVER_CHOSEN = r"feels|apparent|dew|chill|heat.?index"
NOT_READINGS = r"q_.*|.*_(attributes|source|flag)|latitude|longitude|elevation|souid"


def blank(line: str) -> bool:
    """Whether a line has nothing on it, or nothing but separators."""
    return not line.strip(' ,;\t"')


def recognise(lines: list[str]) -> tuple[Format, int]:
    """The format of a file, and which of its lines is the header (or the first row). Blank lines and those that begin
    with # are passed over. ReadError: no line is left, or the format is one that is refused."""
    leading = [*islice((i for i, line in enumerate(lines) if not (blank(line) or line.startswith("#"))), LEAD)]
    if not leading:
        raise ReadError("file: must hold a table of daily temperatures, got no lines of text")
    found = ((f, i) for f in FORMATS for i in leading[: f.lead] if re.match(f.mark, lines[i][:LONGEST_HEADER]))
    traits, first = next(found)  # the last format matches anything
    if traits.refusal:
        raise ReadError(traits.refusal)
    return traits, first


def plain(name: str) -> str:
    """A column name without case, punctuation and unit: "Mean TemperatureC" and "mean_temperature (°F)" are alike."""
    letters = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|[^a-z0-9]", "", name.lower())
    return re.sub(r"(deg(rees?)?)?(celsius|fahrenheit|c|f)$", "", letters)


def named(columns: Iterable[str], names: Iterable[str]) -> str | None:
    """The first column that has one of the names, the names tried in their order; None where there is none."""
    known = {plain(column): column for column in reversed(list(columns))}
    return next((known[name] for name in names if name in known), None)


def column_names(top: list[str]) -> tuple[list[str], bool]:
    """Names from the first row of a table, and whether it is a header: a row that begins with a date is not. The last
    cell is always empty; a column without a name is called by its number."""
    header = date_style(top[0]) is None
    last = max((i for i, name in enumerate(top) if name), default=0) if header else len(top) - 2
    return [(header and name) or f"column {i}" for i, name in enumerate(top[: last + 1], 1)], header


def date_style(text: str) -> str | None:
    """The one of DATES that fits."""
    return next((style for style in DATES if re.fullmatch(style, text.strip())), None)


def date_columns(row: Mapping[str, str]) -> tuple[str, ...]:
    """The column of dates, by its name or else by what it holds in a row; or those of year, month and day; or none."""
    by_name = named(row, DATE_NAMES)
    in_order = row if by_name is None else (by_name, *row)
    one = next((column for column in in_order if date_style(row[column])), by_name)
    three = tuple(named(row, (part,)) for part in ("year", "month", "day"))
    if one is not None:
        return (one,)
    return three if None not in three else tuple(name for name in three[1:2] if name)


def choices(readings: Mapping[str, int]) -> tuple[tuple[Choice, ...], Choice | None]:
    """What may be taken as the temperature, and the best of it, from the number of readings in each column.

    A mean comes before the average of the highest and the lowest, unless it has less than half as many readings. Where
    no name is known, a single column is taken, but never one of a felt or a dew-point temperature. None: ask.
    """
    means = [c for name in MEAN_NAMES if (c := named(readings, (name,)))]
    pairs = [tuple(named(readings, (name,)) for name in pair) for pair in EXTREME_NAMES]
    pairs = [pair for pair in pairs if None not in pair]
    size = {c: readings[c] for c in means} | {pair: min(readings[c] for c in pair) for pair in pairs}
    best = next((c for c in size if 2 * size[c] >= max(size.values())), None)
    if best is None and len(readings) == 1 and not re.search(NEVER_CHOSEN, next(iter(readings)).lower()):
        best = next(iter(readings))
    return (*readings, *pairs), best


def celsius(values: Any, unit: str) -> Any:
    """An array of temperatures in one of UNITS, in °C."""
    return {"C": values, "F": (values - 32) * 5 / 9, "tenths": values / 10}[unit]


def unit_of(choice: Choice, otherwise: str) -> str:
    """The unit that the header names ("temp_F", "TG (0.1 °C)"), else `otherwise`."""
    header = (choice if isinstance(choice, str) else " ".join(choice)).lower()
    if re.search(r"\b0[.,]1\b|tenth", header):
        return "tenths"
    for letter, word in (("f", "fahrenheit"), ("c", "celsius")):
        if re.search(rf"[°º]\s*{letter}\b|{word}|[(\[]{letter}[)\]]|(deg|temp|temperature|_|\s){letter}$", header):
            return letter.upper()
    return otherwise
