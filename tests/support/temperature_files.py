"""Files of daily temperatures for the tests of the readers. Every value is invented, in the year 2099 or thereabouts;
the files in data/temperatures, and those written here, follow the published formats."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from lrviz.readers import ReadError

FILES = Path(__file__).parents[1] / "data" / "temperatures"


def file(name):
    return (FILES / name).read_bytes()


def calendar(of=2099):
    first = date(of, 1, 1)
    return [first + timedelta(i) for i in range((date(of + 1, 1, 1) - first).days)]


def weather(days):
    """An invented temperature in tenths of a °C for each day: whole numbers from -50 to 249."""
    return [(37 * day.timetuple().tm_yday) % 300 - 50 for day in days]


def table(values, header="date,temp", of=2099):
    """A plain CSV of one year; None leaves the row out."""
    rows = zip(calendar(of), values, strict=True)
    return "\n".join([header, *(f"{day},{value}" for day, value in rows if value is not None)]).encode()


def refusal(call, *args, **choices):
    with pytest.raises(ReadError) as caught:
        call(*args, **choices)
    return str(caught.value)


def as_rows(days, tenths):
    return "Date        Value\r\n" + "".join(f"{d}   {t / 10:5.1f}\r\n" for d, t in zip(days, tenths, strict=True))


def as_months(days, tenths):
    value = dict(zip(((d.month, d.day) for d in days), tenths, strict=True))
    months = range(1, 13)
    return "".join(
        f"{days[0].year:5d}{day:5d}" + "".join(f"{value.get((month, day), -999):5d}" for month in months) + "  \n"
        for day in range(1, 32)
    )


def as_csv(header, row):
    return lambda days, tenths: "\n".join([*header, *(row(d, t) for d, t in zip(days, tenths, strict=True))]) + "\n"


YEARS = {
    "HadCET rows": as_rows,
    "HadCET months": as_months,
    "ECA&D": as_csv(["Some text", "", " STAID, SOUID,    DATE,   TG, Q_TG"], lambda d, t: f" 1,2,{d:%Y%m%d},{t:5d},    0"),
    "Kaggle": as_csv(["date,cloud_cover,sunshine,mean_temp"], lambda d, t: f"{d:%Y%m%d},2.0,7.0,{t / 10}"),
    "Kaggle tenths": as_csv(["DATE,TX,Q_TX,TG,Q_TG"], lambda d, t: f"{d:%Y%m%d},{t + 20},0,{t},0"),
    "NCEI order": as_csv(['"STATION","NAME","DATE","TAVG"'], lambda d, t: f'"X","AN, EXAMPLE","{d}","{t / 10}"'),
    "NCEI order, extremes": as_csv(
        ['"STATION","NAME","DATE","TMAX","TMIN"'], lambda d, t: f'"X","AN, EXAMPLE","{d}","{(t + 31) / 10}","{(t - 31) / 10}"'
    ),
    "NCEI access": as_csv(['"STATION","DATE","NAME","TAVG"'], lambda d, t: f'"X","{d}","AN, EXAMPLE","{t:5d}"'),
    "NOAA GSOD": as_csv(['"STATION","DATE","TEMP","DEWP"'], lambda d, t: f'"1","{d}","{t * 0.18 + 32:8.3f}"," 20.0"'),
    "Meteostat bulk": as_csv([], lambda d, t: f"{d},{t / 10},,,,,,,,,"),
    "Meteostat export": as_csv(["date,tavg,tmin,tmax"], lambda d, t: f"{d} 00:00:00,{t / 10},,"),
    "Meteostat dump": as_csv(
        ["year,month,day,temp,temp_source"], lambda d, t: f"{d.year},{d.month},{d.day},{t / 10},ghcnd"
    ),
    "Open-Meteo": as_csv(
        ["latitude,longitude,elevation,utc_offset_seconds,timezone", "51.5,0,23.0,0,GMT", "", "time,temperature_2m_mean (°C)"],
        lambda d, t: f"{d},{t / 10}",
    ),
    "D/M/Y": as_csv(["day;temperature"], lambda d, t: f"{d.day}/{d.month}/{d.year};{t // 10},{t % 10}" if t >= 0 else f"{d.day}/{d.month}/{d.year};-{-t // 10},{-t % 10}"),
    "no header": as_csv([], lambda d, t: f"{d},{t / 10}"),
    "tabs": as_csv(["", "# made by hand", "temp (°C)\tdate"], lambda d, t: f"{t / 10}\t{d}"),
}  # fmt: skip
