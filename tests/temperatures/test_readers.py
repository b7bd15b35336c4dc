"""What is read from a lecturer's own temperatures. What the files in data/temperatures say is copied out by hand here."""

import gzip
from datetime import date

import numpy as np
import pandas as pd
import pytest
from support.temperature_files import YEARS, as_rows, calendar, file, refusal, table, weather

from lrviz.readers import daily, sniff, year

NAN = np.nan
PAIR = ("TMAX", "TMIN")

# file: format, dates, temperature, unit, stations, choices, values in °C from 1 January 2099 on
EXAMPLES = {
    "hadcet_rows.txt": ("HadCET, a day in a row", ("Date",), "Value", "C", (), {}, [4.4, 9.4, NAN, NAN, -1.2]),
    "ecad_tg.txt": ("ECA&D", ("DATE",), "TG", "tenths", ("9999",), {}, [4.4, 9.4, NAN, -1.2, NAN]),
    "ecad_tx_without_station.txt": ("ECA&D", ("DATE",), "TX", "tenths", (), {}, [6.3, 11.6]),
    "kaggle_london.csv": ("Kaggle London weather", ("date",), "mean_temp", "C", (), {}, [4.4, 9.4, NAN]),
    "kaggle_london_tenths.csv": ("table with ECA&D columns", ("DATE",), "TG", "tenths", (), {}, [4.4, 9.4, NAN]),
    "ncei_order.csv": ("NCEI Daily Summaries", ("DATE",), "TAVG", "C", ("XXM00000000",), {}, [4.4, 9.4, NAN]),
    "ncei_order_extremes_two_stations.csv": (
        *("NCEI Daily Summaries", ("DATE",), PAIR, "C", ("XXM00000001", "XXM00000002")),
        *({"station": "XXM00000002"}, [2.1, NAN]),
    ),
    "ncei_access.csv": (
        *("GHCN-Daily by station (NCEI access)", ("DATE",), "TAVG", "tenths", ("XXM00000000",)),
        *({}, [4.4, 9.4, NAN]),
    ),
    "noaa_gsod.csv": ("NOAA GSOD", ("DATE",), "TEMP", "F", ("99999999999",), {}, [5.0, -5.0, NAN]),
    "meteostat_bulk.csv": ("Meteostat without a header", ("date",), "tavg", "C", (), {}, [4.4, 9.4, NAN]),
    "meteostat_export.csv": ("Meteostat", ("date",), "tavg", "C", (), {}, [4.4, 9.4, NAN]),
    "meteostat_dump.csv": ("Meteostat", ("year", "month", "day"), "temp", "C", (), {}, [4.4, 9.4, NAN]),
    "open_meteo_daily.csv": ("Open-Meteo", ("time",), "temperature_2m_mean (°C)", "C", (), {}, [4.4, 9.4, NAN]),
    "open_meteo_hourly_and_daily_fahrenheit.csv": (
        *("Open-Meteo", ("time",), "temperature_2m_mean (°F)", "F", (), {}, [5.0, 10.0]),
    ),
    "open_meteo_places_unixtime.csv": (
        *("Open-Meteo", ("time",), "temperature_2m_mean (°C)", "C", ("0", "1"), {"station": "1"}, [5.5, 6.5]),
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_published_format_is_read(name):
    kind, dates, value, unit, stations, chosen, values = EXAMPLES[name]
    upload = sniff(file(name), name)
    assert (upload.format, upload.date, upload.value, upload.unit) == (kind, dates, value, unit)
    assert upload.unit_certain
    assert upload.stations == stations
    assert upload.value in upload.columns
    found = daily(upload, **chosen).values
    assert found.dtype == float
    assert list(found.index) == list(pd.date_range("2099-01-01", periods=len(values)))
    np.testing.assert_allclose(found, values, rtol=0, atol=1e-12)


def test_months_side_by_side_become_one_column():
    upload = sniff(file("hadcet_months.dat"))
    assert (upload.format, upload.unit, upload.unit_certain) == ("HadCET, a month in a column", "tenths", True)
    present = daily(upload).values.dropna()
    assert len(present) == 12 + 12 + 11 + 7  # the 1st, the 2nd, the 30th without February, the 31st of seven months
    assert present["2099-02-02"] == 3.1
    assert present["2099-12-31"] == 4.7


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("kind", YEARS)
def test_a_whole_year_of_each_format_comes_back(kind, packed):
    days = calendar()
    raw = YEARS[kind](days, weather(days)).encode()
    upload = sniff(gzip.compress(raw) if packed else raw)
    found = year(daily(upload), 2099)
    assert (found.year, found.filled) == (2099, ())
    assert found.values.shape == (365,)
    np.testing.assert_allclose(found.values, np.array(weather(days)) / 10, rtol=0, atol=1e-9)


def test_the_longest_record_is_read_whole():
    days = [day for y in range(1772, 2027) for day in calendar(y)]
    upload = sniff(as_rows(days, weather(days)).encode())
    record = daily(upload)
    assert len(record.values) == 93_137  # 255 years, 62 of them leap years (1800 and 1900 are not)
    assert record.years[0] == (2026, 365)
    np.testing.assert_allclose(year(record, 1772).values, np.array(weather(calendar(1772))) / 10, rtol=0, atol=1e-12)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_line_endings_and_encodings(ending, encoding):
    text = ending.join(["", "date,temp (°F)", "", "2099-01-01,41", ",", "2099-01-02,23", ""])
    upload = sniff(text.encode(encoding))
    assert (upload.value, upload.unit) == ("temp (°F)", "F")
    assert list(upload.frame.index) == [4, 6]
    np.testing.assert_allclose(daily(upload).values, [5, -5], rtol=0, atol=1e-12)


def test_the_preview_shows_the_text_of_the_file_by_line():
    upload = sniff(file("semicolon_decimal_comma.csv"))
    assert list(upload.frame.columns) == ["Datum", "Temperatur", "Ort"]
    assert upload.frame.loc[3].tolist() == ["31.01.2099", "4,4", "Beispiel"]
    np.testing.assert_allclose(daily(upload).values, [-1.2, 4.4, NAN])


# Columns, units and stations


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("date,tmin,tmax,tavg,temp", "tavg"),
        ("date,temp,Mean TemperatureC", "Mean TemperatureC"),
        ("date,TX,TN,TG", "TG"),
        ("date,tmin,tmax,dew", ("tmax", "tmin")),
        ("date,tempmin,tempmax,feelslike,temp", "temp"),
        (
            "date,temperature_2m_max (°C),temperature_2m_min (°C)",
            ("temperature_2m_max (°C)", "temperature_2m_min (°C)"),
        ),
        ("date,reading", None),
        ("date,feelslike", None),
        ("date,Dew point", None),
        ("date,apparent_temperature", None),
        ("date,one,other", None),
    ],
)
def test_the_temperature_is_found_by_its_name(header, expected):
    columns = header.count(",")
    rows = "".join(f"2099-01-0{d}{',1.5' * columns}\n" for d in (1, 2))
    assert sniff(f"{header}\n{rows}".encode()).value == expected


def test_a_mean_that_is_mostly_missing_gives_way_to_the_extremes():
    rows = [f"{day},{1.5 if i < 100 else ''},4,2" for i, day in enumerate(calendar())]
    upload = sniff("\n".join(["DATE,TAVG,TMAX,TMIN", *rows]).encode())
    assert upload.value == PAIR
    assert set(daily(upload).values) == {3.0}
    assert daily(upload, value="TAVG").years == ((2099, 100),)


def test_column_unit_and_station_can_be_overridden():
    upload = sniff(b"date,city,temp,temp_F,tmax,tmin\n2099-01-01,A,4.4,41,6,2\n2099-01-01,B,5.5,50,8,1\n")
    assert upload.columns == ("temp", "temp_F", "tmax", "tmin", ("tmax", "tmin"))
    assert upload.stations == ("A", "B")
    assert daily(upload, station="B").values.tolist() == [5.5]
    assert daily(upload, station="B", value="temp_F").values.tolist() == [10.0]  # the unit is that of its own header
    assert daily(upload, station="B", value=("tmax", "tmin")).values.tolist() == [4.5]
    assert daily(upload, station="B", unit="tenths").values.tolist() == [0.55]
    assert daily(upload, station="A", value="temp_F", unit="C").values.tolist() == [41.0]
    assert daily(upload, station="B", value="temp_F").note == "Read 'temp_F' at B in °F."


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        *(("temp", "C"), ("temp_F", "F"), ("temp (F)", "F"), ("temperature °F", "F"), ("Mean TemperatureF", "F")),
        *(("temp [Fahrenheit]", "F"), ("temp degF", "F"), ("temp_C", "C"), ("temp (0.1 °C)", "tenths")),
        *(("temp in tenths of a degree", "tenths"), ("tavg_degC", "C"), ("half", "C")),
    ],
)
def test_the_unit_is_the_one_in_the_header(header, unit):
    assert sniff(f"date,{header}\n2099-01-01,40\n".encode()).unit == unit


def test_too_hot_for_celsius_asks_for_the_unit():
    upload = sniff(table([77.0] * 365))
    assert (upload.unit, upload.unit_certain) == ("C", False)
    assert refusal(daily, upload) == (
        "unit of 'temp': must be chosen, got values from 77 to 77, too high for °C (°F or tenths of a °C?)"
    )
    assert set(daily(upload, unit="F").values) == {25.0}
    assert set(daily(upload, unit="tenths").values) == {7.7}
    assert refusal(daily, upload, unit="C") == "line 2: temperature must be in [-60, 60] °C, got '77'"
    assert sniff(table([60.0] * 365)).unit_certain


@pytest.mark.parametrize(
    "word", ["", "NA", "NaN", "null", "-", "---", "n/a", "tr", "-9999", "-999.0", "9999.9", "999.9", "-99.9"]
)
def test_missing_is_never_zero(word):
    values = daily(sniff(f"date,temp\n2099-01-01,1.5\n2099-01-02, {word} \n2099-01-03,0\n".encode())).values
    np.testing.assert_array_equal(values, [1.5, NAN, 0.0])


# Dates


@pytest.mark.parametrize("style", ["{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0:%Y%m%d}", "{0:%d/%m/%Y}", "{0.day}.{0.month}.{0.year}",
                                   "{0:%Y-%m-%d} 00:00:00", "{0:%Y-%m-%d}T12:00", "{0:%Y-%m-%d}T00:00:00.000Z"])  # fmt: skip
def test_ways_to_write_a_date(style):
    days = calendar()
    text = "\n".join(["when;temp", *(style.format(d) + ";" + str(d.day) for d in days)])
    assert year(daily(sniff(text.encode())), 2099).values.tolist() == [d.day for d in days]


def test_day_comes_first_where_one_is_above_12():
    values = daily(sniff(b"date,temp\n12/01/2099,1\n13/01/2099,2\n")).values
    assert values.to_dict() == {pd.Timestamp(2099, 1, 12): 1.0, pd.Timestamp(2099, 1, 13): 2.0}


def test_seconds_since_1970_are_dates_on_the_clock_of_the_place():
    places = "latitude,longitude,elevation,utc_offset_seconds,timezone\n35.67,139.65,40.0,32400,Asia/Tokyo\n\n"
    upload = sniff(f"{places}time,temperature_2m_mean (°C)\n4070876400,5.5\n".encode())  # 31 December 2098 15:00 UTC
    assert daily(upload).values.to_dict() == {pd.Timestamp(2099, 1, 1): 5.5}


def test_the_dates_are_found_by_name_by_looks_or_in_three_columns():
    assert sniff(b"year,month,day,date,temp\n2099,1,2,2099-01-03,4\n").date == ("date",)
    assert sniff(b"when,temp\n2099-01-03,4\n").date == ("when",)
    assert sniff(b"temp,Day,Month,Year\n4,3,1,2099\n").date == ("Year", "Month", "Day")
    upload = sniff(b"2099-01-03,4\n2099-01-04,5\n")
    assert (upload.date, upload.value) == (("column 1",), "column 2")


def test_readings_through_the_day_are_averaged_where_three_quarters_are_there():
    rows = [f"2099-01-{d:02d}T{h:02d}:00,{d + h}" for d in range(1, 8) for h in range(24)]
    absent = [row for row in rows if not ("01-02T" in row and int(row[11:13]) >= 18)]
    absent = [row if not ("01-03T" in row and int(row[11:13]) >= 17) else row.split(",")[0] + "," for row in absent]
    values = daily(sniff("\n".join(["time,temperature_2m", *absent]).encode())).values
    np.testing.assert_allclose(values, [12.5, 10.5, NAN, 15.5, 16.5, 17.5, 18.5], rtol=1e-14)  # mean of 0..23, of 0..17


# One year


def test_years_that_are_nearly_whole_are_offered_first():
    raw = table([1] * 365, of=2097) + b"\n" + table([2] * 330 + [None] * 35, header="", of=2098) + b"\n"
    raw += table([3] * 329 + [None] * 36, header="", of=2099)
    assert daily(sniff(raw)).years == ((2098, 330), (2097, 365), (2099, 329))


def test_a_gap_of_three_days_is_filled_on_a_straight_line_and_said_so():
    values = [10.0] * 365
    values[59], values[60:63], values[63] = 10.0, [None] * 3, 14.0  # 1 March, 2 to 4 March, 5 March
    values[100] = "NaN"  # 11 April
    found = year(daily(sniff(table(values))), 2099)
    assert found.values[59:64].tolist() == [10, 11, 12, 13, 14]
    assert found.filled == (date(2099, 3, 2), date(2099, 3, 3), date(2099, 3, 4), date(2099, 4, 11))
    assert found.note == (
        "Read 'temp' in °C. Filled 4 missing days by interpolation: 2 Mar to 4 Mar 2099, 11 Apr 2099."
    )


def test_a_gap_of_four_days_is_refused_with_its_dates():
    values = [10.0] * 365
    values[60:64] = [None] * 4
    assert refusal(year, daily(sniff(table(values))), 2099) == (
        "2099: a gap must be at most 3 days long, got 2 Mar to 5 Mar 2099"
    )


def test_gaps_at_the_turn_of_the_year_look_into_the_neighbouring_years():
    def of(before, after):
        late = table([0.0] * (365 - before) + [None] * before, of=2098)
        return daily(sniff(late + b"\n" + table([None] * after + [4.0] * (365 - after), header="")))

    assert year(of(1, 2), 2099).values[:3].tolist() == [2, 3, 4]
    assert year(of(1, 2), 2098).values[-2:].tolist() == [0, 1]
    assert refusal(year, of(2, 2), 2099) == "2099: a gap must be at most 3 days long, got 1 Jan to 2 Jan 2099"
    assert refusal(year, of(3, 1), 2098) == "2098: a gap must be at most 3 days long, got 29 Dec to 31 Dec 2098"


def test_where_the_record_begins_or_ends_in_a_gap_the_nearest_day_is_repeated():
    values = [None, *range(2, 12), *[9] * 353, None]
    found = year(daily(sniff(table(values))), 2099)
    assert found.values[[0, 1, -2, -1]].tolist() == [2, 2, 9, 9]
    assert found.note == (
        "Read 'temp' in °C. Filled 2 missing days with the nearest day's value: 1 Jan 2099, 31 Dec 2099."
    )
    assert "got 1 Jan to 4 Jan 2099" in refusal(year, daily(sniff(table([None] * 4 + [1] * 361))), 2099)


def test_fewer_than_330_days_are_refused_with_the_dates():
    def every_tenth_missing(n):
        return daily(sniff(table([None if i % 10 == 5 and i < 10 * n else 1 for i in range(365)])))

    assert len(year(every_tenth_missing(35), 2099).filled) == 35
    assert refusal(year, every_tenth_missing(36), 2099) == (
        "2099: at least 330 days must have a temperature, got 329, without "
        "6 Jan 2099, 16 Jan 2099, 26 Jan 2099, 5 Feb 2099 and 32 more"
    )


def test_a_leap_year_has_366_days():
    days = calendar(2096)
    found = year(daily(sniff(table([d.day for d in days], of=2096))), 2096)
    assert found.values.tolist() == [d.day for d in days]
    assert found.note == "Read 'temp' in °C. 2096 is a leap year: 366 days, 29 February among them."


def test_a_year_that_is_not_there_is_refused():
    record = daily(sniff(table([1] * 365)))
    assert refusal(year, record, 2098) == "year: must be one of 2099, got 2098"
    assert refusal(year, record, None) == "year: must be chosen, it is one of 2099"
    assert year(record, np.float64(2099)).year == 2099
