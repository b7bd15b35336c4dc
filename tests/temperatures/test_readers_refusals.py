"""What is not read: one sentence each, and never any other exception, whatever the bytes."""

import gzip
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.temperature_files import FILES, YEARS, calendar, file, refusal, weather

from lrviz import readers, uploads
from lrviz.readers import ReadError, daily, sniff, year

pytestmark = pytest.mark.thorough

MONTHLY = "file: must hold a value for each day, got monthly values; choose a daily record"
NOT_TEXT = "file: must be text, got bytes that no text has; save the table as CSV"
WORKBOOK = "file: must be text, got a workbook (xlsx or the like); save the sheet as CSV"
NO_TEXT = "file: must hold a table of daily temperatures, got no lines of text"
QUOTE = "a quotation mark must be closed in its line, got one that is not"
TOO_BIG = "file: must be at most 20 MB, also when unpacked, got more"
COMMA = "; a number with a decimal comma needs another separator, such as a semicolon"
DATE = "date must be a day (2099-01-31, 20990131 or 31/01/2099) and written as in the other lines, got "
SNIFFED = {
    "empty": (b"", NO_TEXT),
    "blank": (b"\n ,,\n# nothing\n", NO_TEXT),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", NOT_TEXT),
    "utf-16 without its mark": ("date,temp\n2099-01-01,1\n".encode("utf-16-le"), NOT_TEXT),
    "utf-16 cut off": ("date,temp\n2099-01-01,1\n".encode("utf-16")[:-1], NOT_TEXT),
    "control characters": (b"date,temp\n2099-01-01,\x1b1\n", NOT_TEXT),
    "undefined in both encodings": (b"date,temp\n2099-01-01,\x81\n", NOT_TEXT),
    "zip": (b"PK\x03\x04something", "file: must be text, got a zip archive; unpack it and choose the file inside"),
    "xlsx": (b"PK\x03\x04...xl/workbook.xml", WORKBOOK),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", WORKBOOK),
    "damaged gzip": (gzip.compress(b"date,temp\n")[:-3], "file: must be text or gzip, got a gzip file that is damaged"),
    "garbled gzip": (gzip.compress(b"date,temp\n")[:10] + b"\xff" * 30, "file: must be text or gzip, got a gzip file that is damaged"),
    "false gzip": (b"\x1f\x8b\x08nothing of the sort", "file: must be text or gzip, got a gzip file that is damaged"),
    "too big": (b"1" * (20 * 1024**2 + 1), TOO_BIG),
    "bomb": (gzip.compress(bytes(20 * 1024**2 + 1)), TOO_BIG),
    "too many lines": (b"\n" * 1_000_000, "file: must have at most 1,000,000 lines, got 1,000,001"),
    "long first line": (b"a," * 6000 + b"\n", "line 1: must begin a table, got 12,000 characters"),
    "long line": (b"date,temp\n2099-01-01,1\n" + b"," * 100_001 + b"\n", "line 3: must have at most 100,000 characters, got 100,002"),
    "lines of twelve months": (b"2099 1 4 5 7 9 12 15 17 17 14 11 7 5\n" * 83_333, "file: must have at most 83,333 lines of twelve months, got 83,334"),
    "501 stations": (b"station,date,temp\n" + b"".join(b"S%d,2099-01-01,1\n" % i for i in range(501)), "file: must hold at most 500 stations, got more in 'station'"),
    "met office": (file("met_office_monthly.txt"), MONTHLY),
    "yearly rows of months": (b" 2099   4.4   5.2   7.1   9.3  12.1  15.0  17.2  17.1  14.8  11.0   7.5   5.5  10.5\n", MONTHLY),
    "months as dates": (b"date,temp\n2099-01,4.4\n2099-02,5.2\n", MONTHLY),
    "months as words": (b"Month,temp\nJan 2099,4.4\nFeb 2099,5.2\n", MONTHLY),
    "months in a column": (b"year,month,temp\n2099,1,4.4\n2099,2,5.2\n", MONTHLY),
    "first of each month": (b"date,temp\n2099-01-01,4.4\n2099-02-01,5.2\n2099-03-01,7.1\n", MONTHLY),
    "dly": (file("ghcn.dly"), "file: must have columns with names, got GHCN-Daily in fixed width (.dly); ask for CSV"),
    "header only": (b"date,temp\n", "line 1: must be followed by rows of dates and temperatures, got none"),
    "words only": (b"date,sky\n2099-01-01,grey\n", "file: must have a column of numbers beside the dates, got 'date', 'sky'"),
    "prose": (b"Dear reader,\nthere are no numbers here\n", "line 2: must have a date in one of its columns, got 'there are no numbers here'"),
    "no dates": (b"a,b\n1,2\n", "line 2: must have a date in one of its columns, got '1', '2'"),
    "wrong date": (b"date,temp\n2099-01-31,1\n2099-02-30,1\n", f"line 3: {DATE}'2099-02-30'"),
    "footer": (b"date,temp\n2099-01-31,1\n\nThe end\n", "line 4: must have 2 values, as line 1 has, got 1"),
    "mixed dates": (b"date,temp\n2099-01-31,1\n20990201,1\n", f"line 3: {DATE}'20990201'"),
    "two-digit year": (b"date,temp\n31/01/99,1\n", f"line 2: {DATE}'31/01/99'"),
    "impossible day of the months": (b"2099 1 4 5 7 9 12 15 17 17 14 11 7 5\n2099 30 4 5 7 9 12 15 17 17 14 11 7 5\n", f"line 2: {DATE}'2099-2-30'"),
    "ambiguous": (b"date,temp\n01/02/2099,1\n02/02/2099,2\n", "line 2: dates must be year-month-day, or day/month/year with some day above 12, got '01/02/2099'"),
    "month first": (b"date,temp\n1/12/2099,1\n1/13/2099,2\n", "line 2: dates must be year-month-day, or day/month/year with some day above 12, got '1/12/2099'"),
    "too many values": (b"date,temp\n2099-01-01,1\n\n2099-01-02,4,4\n", f"line 4: must have 2 values, as line 1 has, got 3{COMMA}"),
    "far too many values": (b"date,temp\n2099-01-01,1\n\n2099-01-02,4,4,4\n", f"line 4: must have 2 values, as line 1 has, got 4{COMMA}"),
    "quotation": (b'date,temp\n2099-01-01,"1\n', f"line 2: {QUOTE}"),
    "quotation over lines": (b'date,temp\n\n2099-01-01,"1\n2099-01-02",1\n', f"line 3: {QUOTE}"),
    "quotation inside": (b'date,temp,sky\n2099-01-01,"1"2"3,"\n', "line 2: quotation marks must enclose whole values, got some inside of one"),
    "two of a name": (b"date,temp,temp\n2099-01-01,1,2\n", "line 1: names of columns must differ, got 'temp' twice"),
    "open-meteo without a table": (file("open_meteo_daily.csv").split(b"\n\n")[0], "file: must hold 2 to 5 tables with blank lines between, got 1"),
    "open-meteo without time": (file("open_meteo_daily.csv").replace(b"time,", b"hour,"), "line 4: must name a column 'time', got 'hour', 'temperature_2m_mean (°C)'"),
}  # fmt: skip
READ = {
    "word among months": (b"2099 1 4 5 7 9 12 15 17 17 14 11 7 5\n2099 2 4 x 7 9 12 15 17 17 14 11 7 5\n", {}, "line 2: temperature must be a number, got 'x'"),
    "word": (b"date,temp\n2099-01-01,1\n2099-01-02,warm\n", {}, "line 3: temperature must be a number, got 'warm'"),
    "too cold": (b"date,temp\n2099-01-01,1\n2099-01-02,-60.5\n", {}, "line 3: temperature must be in [-60, 60] °C, got '-60.5'"),
    "too hot in F": (b"date,temp\n2099-01-01,1\n2099-01-02,158\n", {"unit": "F"}, "line 3: temperature must be in [-60, 60] °C, got '70'"),
    "twice": (b"date,temp\n2099-01-01,1\n2099-01-02,2\n2099-01-01,\n", {}, "line 4: a date must occur only once, got '2099-01-01'"),
    "hour twice": (b"date,temp\n2099-01-01 07:00,1\n2099-01-01 07:00,2\n", {}, "line 3: a date must occur only once, got '2099-01-01 07:00'"),
    "all missing": (b"date,temp,rain\n2099-01-01,,1\n2099-01-02,,2\n", {"value": "rain", "unit": "R"}, "unit: must be one of 'C', 'F', 'K', 'tenths', got 'R'"),
    "all flagged": (b"DATE,TG,Q_TG\n20990101,1,9\n20990102,2,9\n", {}, "file: must hold temperatures, got only missing values in 'TG'"),
    "no choice": (b"date,one,other\n2099-01-01,1,2\n", {}, "temperature column: must be chosen, it is one of 'one', 'other'"),
    "wrong choice": (b"date,one,other\n2099-01-01,1,2\n", {"value": "two"}, "temperature column: must be one of 'one', 'other', got 'two'"),
    "no station": (file("ncei_order_extremes_two_stations.csv"), {}, "station: must be chosen, it is one of 'XXM00000001', 'XXM00000002'"),
    "wrong station": (file("ncei_order_extremes_two_stations.csv"), {"station": "X"}, "station: must be one of 'XXM00000001', 'XXM00000002', got 'X'"),
    "station of none": (file("kaggle_london.csv"), {"station": "X"}, "station: must be one of none, got 'X'"),
}  # fmt: skip


@pytest.mark.parametrize("case", SNIFFED)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(case):
    raw, sentence = SNIFFED[case]
    assert refusal(sniff, raw) == sentence


@pytest.mark.parametrize("case", READ)
def test_a_table_that_cannot_be_read_is_refused_in_a_sentence(case):
    raw, choices, sentence = READ[case]
    assert refusal(daily, sniff(raw), **choices) == sentence


def test_a_workbook_is_refused_by_its_name():
    assert refusal(sniff, b"date,temp\n2099-01-01,1\n", "Weather.XLSX") == WORKBOOK


def test_a_file_of_just_20_mb_is_not_too_big():
    assert refusal(sniff, b"1" * (20 * 1024**2)) != TOO_BIG


# Whatever comes, a result or a sentence


def read(raw, name=""):
    """All three steps with every choice there is; what comes out is checked, a ReadError is one sentence."""
    try:
        upload = sniff(raw, name)
    except ReadError as error:
        return one_sentence(error)
    columns, units = (upload.columns[0], upload.columns[-1]), ("C", "F", "K", "tenths")
    overrides = ({}, *({"value": column} for column in columns), *({"unit": unit} for unit in units))
    for override in overrides:
        try:
            record = daily(upload, station=next(iter(upload.stations), None), **override)
            assert record.values.dropna().between(-60, 60).all()
            found = year(record, record.years[0][0])
        except ReadError as error:
            one_sentence(error)
        else:
            assert len(found.values) in (365, 366)
            assert np.isfinite(found.values).all()


def one_sentence(error):
    text = str(error)
    assert 10 < len(text) < 1200
    assert ": " in text
    assert "\n" not in text


quick = settings(max_examples=150, deadline=None)
names = st.sampled_from(["", "a.csv", "a.xlsx", "a.csv.gz"])
cells = st.sampled_from([*'", ;\t\n#-.', "\r", "", "1", "-9999", "1e9", "9" * 400, "2099-01-01", "99999999", "1/2/2099", "NaN", "inf", "é", "\u0660",
                         "\u2028", "\x0b", "\x85", '""', '"a"b"c,"', "TG", "Q_TG", "date", "temp", "latitude", "2099-01-01T25:61", "0001-01-01"])  # fmt: skip


@quick
@given(st.binary(max_size=400), names)
def test_any_bytes_give_a_result_or_a_sentence(raw, name):
    read(raw, name)


@quick
@given(st.text(max_size=400), names)
@example(",,,\n,,", "")
@example("\x0b,\n1,2", "")
@example('a,"b\nc",d,e,f,g\n', "")
@example('"a"b"c,"\n1,2\n', "")
def test_any_text_gives_a_result_or_a_sentence(text, name):
    read(text.encode("utf-8", "replace"), name)


@quick
@given(st.lists(st.lists(cells, max_size=5).map(",".join), max_size=8).map("\n".join))
def test_any_small_table_gives_a_result_or_a_sentence(text):
    read(text.encode())


def valid_files():
    days = calendar()
    whole = [YEARS[kind](days, weather(days)).encode() for kind in ("HadCET months", "ECA&D", "D/M/Y", "no header")]
    return [*(path.read_bytes() for path in sorted(FILES.iterdir())), *whole * 3]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(valid_files()),
    st.lists(
        st.tuples(st.sampled_from(["line", "cell", "bytes"]), st.integers(0, 10**6), cells), min_size=1, max_size=4
    ),
    st.booleans(),
)
def test_a_mutated_file_gives_a_result_or_a_sentence(raw, changes, packed):
    for kind, place, new in changes:
        new = new.encode("utf-8")
        cut = {"line": b"\n", "cell": b",", "bytes": None}[kind]
        parts = [raw[i : i + 1] for i in range(len(raw))] if cut is None else raw.split(cut)
        at = place % (len(parts) + 1)
        parts[at : at + 1] = [new] if place % 3 else [*parts[at : at + 1] * 2]  # replaced or said twice
        raw = (cut or b"").join(parts)
    read(gzip.compress(raw) if packed else raw)


# What it takes to read


def loaded_by(modules):
    """What of the readers and pandas a fresh interpreter has in memory after `import modules`."""
    code = f"import sys, {modules}; print({{'lrviz.readers', 'pandas'}} & set(sys.modules) or 'neither')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_the_readers_and_pandas_are_only_loaded_where_they_are_asked_for():
    assert loaded_by("lrviz, lrviz.readings, lrviz.units") == "neither"
    assert loaded_by("lrviz.readers") != "neither"


def test_a_read_error_is_a_value_error_wherever_it_comes_from():
    assert issubclass(ReadError, ValueError)
    assert readers.ReadError is uploads.ReadError
