"""Faults that were once read without a word: shifted rows, mixed units, markers of missing values, columns and stations
taken unasked. Each is refused with its line, asked about, or read rightly."""

import codecs

import numpy as np
import pytest
from support.temperature_files import YEARS, calendar, refusal, table, weather

from lrviz import units
from lrviz.readers import Doubt, daily, sniff, year
from lrviz.signals import london

DAYS = calendar()
CELSIUS = [t / 10 for t in weather(DAYS)]


def values_of(raw, name="", **choices):
    return daily(sniff(raw, name), **choices).values


# Rows as wide as the header


def test_decimal_commas_between_commas_are_refused_with_their_line():
    rows = "".join(f"{day},{t // 10},{t % 10}\n" for day, t in zip(DAYS, [abs(t) for t in weather(DAYS)], strict=True))
    assert refusal(sniff, f"date,temp\n{rows}".encode()) == (
        "line 2: must have 2 values, as line 1 has, got 3; a number with a decimal comma needs another separator, such as a semicolon"
    )
    assert "line 4: " in refusal(sniff, b"date,temp\n2099-01-01,-1\n2099-01-02,0\n2099-01-03,-1,3\n")


@pytest.mark.parametrize("row", ["2099-01-03,4.4", "2099-01-03", "2099-01-03,4.4,5.5,6.6", "2099-01-03,,4.4,5,"])
def test_a_row_of_another_width_is_refused_with_its_line(row):
    raw = f"date,temp,dew\n2099-01-01,1,2\n2099-01-02,1,2\n{row}\n".encode()
    assert refusal(sniff, raw).startswith("line 4: must have 3 values, as line 1 has, got ")


def test_empty_cells_beyond_the_header_are_no_values():
    assert values_of(b"date,temp\n2099-01-01,1,,\n2099-01-02,2,\n").tolist() == [1, 2]


def test_a_narrow_row_far_down_is_found():
    rows = [f"{day},7,1" for day in DAYS]
    rows[300] = f"{DAYS[300]},1"
    assert (
        refusal(sniff, "\n".join(["date,temp,dewpoint", *rows]).encode())
        == "line 302: must have 3 values, as line 1 has, got 2"
    )


# Two units


def fahrenheit(values):
    return 32 + 1.8 * np.asarray(values)


SPOILT = {  # the part in the other unit, and the unit in which the whole file is then read
    "°F later": (fahrenheit, 1, ("C", "F")),
    "°F first": (fahrenheit, 0, ("C", "F")),
    "tenths later": (lambda values: 10 * values, 1, ("C", "tenths")),
    "tenths first": (lambda values: 10 * values, 0, ("C", "tenths")),
}


@pytest.mark.parametrize("unit", [0, 1], ids=["read as °C", "read as the other"])
@pytest.mark.parametrize("case", SPOILT)
def test_half_a_year_in_another_unit_is_asked_about(case, unit):
    change, where, read_as = SPOILT[case]
    for seed in range(20):
        parts = np.split(london(seed=seed, lecture_days=False).value.ravel(), [182])
        parts[where] = change(parts[where])
        raw = table(np.round(np.concatenate(parts), 1))
        if units.celsius(max(map(max, parts)), read_as[unit]) > 60.05:
            assert "temperature must be in [-60, 60] °C" in refusal(daily, sniff(raw), unit=read_as[unit])
            continue
        found = daily(sniff(raw), unit=read_as[unit])
        with pytest.raises(Doubt, match=r"2099: the unit must be the same on all days, got .* 2099 and of"):
            year(found, 2099)
        assert len(year(found, 2099, one_unit=True).values) == 365


CLIMATES = {  # mean, half the way from the coldest to the warmest day, deviations in winter and in summer, memory
    "oceanic": (11, 6, 3.1, 2.5, 0.76),
    "Moscow": (6, 14, 5.5, 3.5, 0.75),
    "Yakutsk": (-9, 29, 7.5, 4, 0.72),
    "Delhi": (25, 9, 2.2, 1.8, 0.7),
    "equator": (27, 0.5, 0.8, 0.8, 0.5),
    "Sydney": (18, 5, 2, 3.2, 0.4),
}


@pytest.mark.parametrize("climate", CLIMATES)
def test_weather_alone_is_never_asked_about(climate):
    mean, half, winter, summer, memory = CLIMATES[climate]
    day = np.arange(365)
    season = np.cos(2 * np.pi * (day - 20) / 365)
    spread = (winter + summer) / 2 + (winter - summer) / 2 * season
    days = np.datetime64("2099-01-01") + day
    for seed in range(200):
        shocks = np.random.RandomState(seed).standard_normal(365)
        z = np.empty(365)
        z[0] = shocks[0]
        for t in range(1, 365):
            z[t] = memory * z[t - 1] + np.sqrt(1 - memory**2) * shocks[t]
        assert units.two_units(days, np.round(mean - half * season + spread * z, 1), 2099) == ""


def test_the_synthetic_year_is_never_asked_about():
    days = np.datetime64("2099-01-01") + np.arange(365)
    for seed in range(200):
        assert units.two_units(days, london(seed=seed).value.ravel(), 2099) == ""


def test_whole_years_in_another_unit_are_asked_about():
    record = [table(np.round(london(seed=y).value.ravel(), 1), of=y) for y in (2097, 2098)]
    record.append(table(np.round(fahrenheit(london(seed=3).value.ravel()), 1), of=2099))
    raw = b"\n".join([record[0], *(part.partition(b"\n")[2] for part in record[1:])])
    message = refusal(year, daily(sniff(raw), unit="F"), 2098)
    assert message.startswith("2098: the unit must be the same on all days, got a median of -1")
    assert "°C in 2098 and of 1" in message


# Missing values


MARKERS = (
    "-9999",
    "-9999.0",
    "-999",
    "-999.9",
    "-99.9",
    "9999",
    "9999.9",
    "999.9",
    "-99.99",
    "-32768",
    "99999",
    "1e20",
)


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("unit", ["C", "F", "K", "tenths"])
def test_a_marker_leaves_no_trace_in_any_unit(marker, unit):
    good = {"C": 8.0, "F": 46.4, "K": 281.15, "tenths": 80}[unit]
    raw = f"date,temp,tmax,tmin\n2099-01-01,{good},{good},{good}\n2099-01-02,{marker},{marker},{good}\n2099-01-03,{good},{good},{marker}\n"
    np.testing.assert_allclose(values_of(raw.encode(), value="temp", unit=unit), [8, np.nan, 8], atol=1e-9)
    np.testing.assert_allclose(
        values_of(raw.encode(), value=("tmax", "tmin"), unit=unit), [8, np.nan, np.nan], atol=1e-9
    )


@pytest.mark.parametrize("marker", MARKERS)
def test_a_marker_leaves_no_trace_in_the_mean_of_a_day(marker):
    rows = [f"2099-01-0{d} {h:02d}:00,{marker if (d, h) == (2, 5) else 9}" for d in (1, 2, 3) for h in range(24)]
    assert values_of("\n".join(["time,temp", *rows]).encode()).tolist() == [9, 9, 9]


@pytest.mark.parametrize("marker", ["-9999", "999.9", "-99.9"])
def test_a_marker_among_numbers_that_never_repeat_is_found(marker):
    # Cells that are all different are read many at once, unlike those that repeat.
    cells = [f"{i / 100:.3f}" for i in range(-300, 300)]
    cells[100] = marker
    raw = "date,temp\n" + "".join(f"{np.datetime64('2099-01-01') + i},{cell}\n" for i, cell in enumerate(cells))
    found = values_of(raw.encode()).to_numpy()
    assert np.flatnonzero(np.isnan(found)).tolist() == [100]
    np.testing.assert_array_equal(np.delete(found, 100), np.delete(np.arange(-300, 300) / 100, 100))


@pytest.mark.parametrize("cell", ["8.9999", "8.999", "-8.9999", "8.9-9999", "8,9999"])
def test_a_marker_that_ran_into_a_value_is_refused(cell):
    raw = table([*CELSIUS[:99], cell, *CELSIUS[100:]]).replace(b",", b";")
    raw = raw.replace(cell.replace(",", ";").encode(), cell.encode())
    message = refusal(daily, sniff(raw))
    assert message.startswith("line 101: temperature must ")
    assert message.endswith(f"got '{cell}'")


def test_long_decimals_of_a_conversion_are_no_marker():
    values = [*[8.999, 9.3999999999999995, 8.9999, 7.12], *CELSIUS[4:]]
    assert values_of(table(values)).tolist() == values


# Columns, headers and stations


@pytest.mark.parametrize(
    "name", ["rain", "humidity", "wind_speed", "sunshine", "pressure", "value", "dewpoint", "soil_temperature", "wet_bulb_temp", "sea temp"]
)  # fmt: skip
def test_a_column_that_is_not_called_a_temperature_is_not_taken(name):
    upload = sniff(table(CELSIUS, header=f"date,{name}"))
    assert upload.value is None
    assert refusal(daily, upload) == f"temperature column: must be chosen, it is one of '{name}'"
    np.testing.assert_allclose(daily(upload, value=name).values, CELSIUS)


@pytest.mark.parametrize(
    "name", ["Temperatur", "Air temperature (°C)", "T2M", "TMAX", "temperatura_media", "平均气温", "max_temp"]
)
def test_a_column_that_is_called_a_temperature_is_taken_among_others(name):
    rows = [f"{day},80,{t}" for day, t in zip(DAYS, CELSIUS, strict=True)]
    assert sniff("\n".join([f"date,humidity,{name}", *rows]).encode()).value == name


def test_without_a_header_the_first_row_is_a_row():
    for row in ("4.4,{}", "{},4.4", "{} 00:00,4.4", "A,{},4.4"):
        raw = "\n".join(row.format(day) for day in DAYS).encode()
        found = daily(sniff(raw))
        assert found.years == ((2099, 365),)
        assert found.values.iloc[0] == 4.4
    upload = sniff("\n".join(f"{day},4.4,0.2" for day in DAYS).encode())
    assert (upload.value, upload.columns) == (None, ("column 2", "column 3"))


def test_a_row_for_each_element_is_refused():
    rows = "UKM00003772,20990101,TAVG,44,H,,S,\nUKM00003772,20990101,PRCP,0,,,S,\nUKM00003772,20990102,TAVG,94,H,,S,\n"
    assert refusal(sniff, rows.encode()) == (
        "file: must have one row for each day, got a row for each element (GHCN-Daily by year); ask for the file of one station"
    )


def test_kelvin_is_read_where_the_header_says_so_and_asked_about_elsewhere():
    kelvin = [round(c + 273.15, 2) for c in CELSIUS]
    for header in ("date,temp (K)", "date,temp_K", "date,temperature [kelvin]"):
        upload = sniff(table(kelvin, header=header))
        assert (upload.unit, upload.unit_certain) == ("K", True)
        np.testing.assert_allclose(daily(upload).values, CELSIUS, atol=1e-9)
    message = refusal(daily, sniff(table(kelvin)))
    assert message == (
        "unit of 'temp': must be chosen, got values from 268.15 to 298.05, too high for °C (kelvin or tenths of a °C?)"
    )
    assert "no temperatures of air in any other unit" in refusal(daily, sniff(table([1000 + t for t in CELSIUS])))


# What spreadsheets write


def test_a_line_for_excel_names_the_separator():
    rows = "".join(f"{day};{str(t).replace('.', ',')}\r\n" for day, t in zip(DAYS, CELSIUS, strict=True))
    for first in ("sep=;", '"sep=;"'):
        np.testing.assert_allclose(values_of(f"{first}\r\ndate;temp\r\n{rows}".encode("cp1252")), CELSIUS)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_tabs_with_decimal_commas_as_excel_writes_text(encoding):
    rows = "".join(f"{day}\t{str(t).replace('.', ',')}\r\n" for day, t in zip(DAYS, CELSIUS, strict=True))
    np.testing.assert_allclose(values_of(f"date\ttemp\r\n{rows}".encode(encoding)), CELSIUS)


def test_utf_16_of_the_other_byte_order():
    raw = codecs.BOM_UTF16_BE + table(CELSIUS).decode().encode("utf-16-be")
    np.testing.assert_allclose(values_of(raw), CELSIUS)


OTHERS = {
    "MIDAS": (b"Conventions,G,BADC-CSV,1\ntitle,G,x\ndata\nob_end_time,air_temperature\n", "a.csv", "got MIDAS with its long header (BADC-CSV)"),
    "JSON": (b'{"daily": {"time": []}}', "a.txt", "got JSON"),
    "a web page": (b"<!DOCTYPE html><table>", "a.csv", "got a web page or XML"),
    "ods": (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "", "got a workbook"),
    "xlsx by name": (b"date,temp\n", "a.XLSX", "got a workbook"),
    "ods by name": (b"date,temp\n", "a.ods", "got a workbook"),
    "parquet by name": (b"date,temp\n", "a.parquet", "got a .parquet file; save the table as CSV"),
    "parquet": (b"PAR1\x15\x04", "a", "got a .parquet file"),
    "netcdf": (b"CDF\x01", "", "got a .nc file"),
    "pdf": (b"%PDF-1.7", "", "got a .pdf file"),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_what_is_no_table_is_refused_by_name(case):
    raw, name, words = OTHERS[case]
    assert words in refusal(sniff, raw, name)


def test_the_faults_of_one_format_are_found_in_all():
    """A row that lost its last cell, in the middle of a year of each format."""
    for kind, write in YEARS.items():
        lines = write(DAYS, weather(DAYS)).split("\n")
        at = len(lines) // 2
        sep = next(s for s in (";", ",", "\t", " ") if s in lines[at])
        cut = lines[at].rstrip().rpartition(sep)[0]
        message = refusal(lambda raw: daily(sniff(raw)), "\n".join([*lines[:at], cut, *lines[at + 1 :]]).encode())
        assert message.startswith(f"line {at + 1}: must have "), kind
