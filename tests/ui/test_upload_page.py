"""A visitor's own temperatures on the page: preview, overrides, a year taken, and every refusal leaving things as they were."""

import gzip
import json

import numpy as np
import pytest
from conftest import as_read
from support.temperature_files import calendar, file, table, weather

from lrviz.lessons.ewma import LESSON, OwnSeries
from lrviz.readers import daily, sniff, year
from lrviz.signals import london
from lrviz.ui import upload as shown
from lrviz.units import UNITS

pytestmark = pytest.mark.thorough

DAYS = calendar()
YEAR = table([t / 10 for t in weather(DAYS)])


@pytest.fixture
def page(run_page):
    """The averages page with the uploader open and the correction on."""
    return run_page("ewma", "section=own_data&betas=0.9&corrected=1")


def upload(page, raw, name="mine.csv"):
    page.file_uploader[0].set_value((name, raw, "text/csv")).run()
    return page


def choice(page, label):
    (box,) = (box for box in page.selectbox if box.label == label)
    return box


def take(page):
    (button,) = (b for b in page.button if b.label.startswith("Show "))
    button.click().run()
    return page


def drawn(page):
    """What the first figure shows: the readings, and the sentence under it. Readings travel as float32."""
    sent = json.loads(page.get_by_key("ewma.year").proto.bytes)
    return sent["stillKey"], sent["layout"]["meta"]["alt"], page.markdown[1].value


def words(page, kind):
    return " ".join(as_read(element.value) for element in getattr(page, kind))


def shown_values(page):
    return page.session_state["lrviz own series"].value


# The way in


def test_the_page_says_where_the_file_stays_and_what_happens_to_missing_days(page):
    text = words(page, "markdown")
    assert "not part of the link" in text
    assert "gaps of up to three days are filled" in text
    assert page.file_uploader[0].proto.max_upload_size_mb == 20


def test_a_good_file_is_shown_in_a_preview_before_anything_changes(page):
    before = drawn(page)
    upload(page, YEAR)
    assert page.dataframe[0].value.columns.tolist() == ["date", "temp"]
    assert len(page.dataframe[0].value) == 6
    assert choice(page, "Temperature column").value == "temp"
    assert choice(page, "Year").value == 2099
    assert "Lowest −5.0 °C, highest 24.9 °C" in words(page, "markdown")
    assert drawn(page) == before
    assert len(page.error) == 0


def test_a_year_taken_changes_figure_sentence_and_note(page):
    before = drawn(page)
    take(upload(page, YEAR))
    np.testing.assert_allclose(shown_values(page), [t / 10 for t in weather(DAYS)])
    assert all(a != b for a, b in zip(drawn(page), before, strict=True))
    results = LESSON.compute(LESSON.settings(betas=(0.9,)), OwnSeries("2099 of mine.csv", shown_values(page)))
    shown = 100 * results.calmer[0]
    assert any(f"{shown:.{places}f} %" in drawn(page)[2] for places in (0, 1))
    assert "2099 of mine.csv" in drawn(page)[1]
    assert "Showing 2099 of mine.csv" in words(page, "info")
    assert "not part of the link" in words(page, "info")


def test_a_taken_year_stays_through_other_settings_and_sections_and_can_be_given_back(page):
    before = drawn(page)
    mine = drawn(take(upload(page, YEAR)))
    page.segmented_control(key="ewma.section").set_value("window").run()
    assert drawn(page)[:2] == mine[:2]
    assert "nobody knows the mean of measured data" in words(page, "markdown")
    page.segmented_control(key="ewma.section").set_value("own_data").run()
    (back,) = (b for b in page.button if b.label == "Back to the synthetic series")
    back.click().run()
    assert drawn(page) == before


@pytest.mark.parametrize("section", ["unrolled", "numbers", "window", "error", "first_days", "own_data"])
def test_every_section_can_be_opened_with_an_own_series(page, section):
    take(upload(page, YEAR))
    page.segmented_control(key="ewma.section").set_value(section).run()
    assert len(page.exception) == 0
    assert len(page.error) == 0


def test_a_leap_year_has_its_366_days_and_says_so(page):
    leap = calendar(2096)
    take(upload(page, table([t / 10 for t in weather(leap)], of=2096)))
    assert len(shown_values(page)) == 366
    assert "366 days, 29 February among them" in words(page, "info")


def test_a_short_gap_is_filled_and_said_so(page):
    values = [t / 10 for t in weather(DAYS)]
    values[40:42] = [None, None]
    take(upload(page, table(values)))
    assert "Filled 2 missing days by interpolation: 10 Feb to 11 Feb 2099." in words(page, "info")
    np.testing.assert_allclose(shown_values(page)[39:43], np.linspace(values[39], values[42], 4))


# Overrides


def test_column_and_year_can_be_chosen(page):
    lines = ["date,low,high"]
    for of in (2097, 2098):
        lines += [f"{d},{t / 10},{t / 10 + 5}" for d, t in zip(calendar(of), weather(calendar(of)), strict=True)]
    upload(page, "\n".join(lines).encode())
    choice(page, "Temperature column").select("high").run()
    choice(page, "Year").select(2097).run()
    take(page)
    np.testing.assert_allclose(shown_values(page), [t / 10 + 5 for t in weather(calendar(2097))])
    assert "2097 of mine.csv" in words(page, "info")


@pytest.mark.parametrize("unit", ["F", "tenths"])
def test_a_unit_in_doubt_is_asked_for(page, unit):
    celsius = [t / 10 for t in weather(DAYS)]
    numbers = [round(32 + 1.8 * c, 1) for c in celsius] if unit == "F" else [round(10 * c) for c in celsius]
    upload(page, table(numbers))
    assert "too high for °C (" in words(page, "info")
    assert UNITS[unit] in words(page, "info")
    assert not any(b.label.startswith("Show ") for b in page.button)
    choice(page, "Unit").select(unit).run()
    take(page)
    np.testing.assert_allclose(shown_values(page), celsius, atol=0.03)


def test_what_is_shown_is_what_the_reader_reads(page):
    raw = table([t / 10 for t in weather(DAYS)])
    take(upload(page, raw))
    np.testing.assert_array_equal(shown_values(page), year(daily(sniff(raw)), 2099).values)


def test_another_file_starts_afresh(page):
    upload(page, YEAR)
    upload(page, table(weather(DAYS), header="when,temp in 0.1 degrees"), "other.csv")
    assert page.dataframe[0].value.columns.tolist() == ["when", "temp in 0.1 degrees"]
    assert choice(page, "Temperature column").value == "temp in 0.1 degrees"
    take(page)
    assert "2099 of other.csv" in words(page, "info")
    np.testing.assert_allclose(shown_values(page), [t / 10 for t in weather(DAYS)])


# One file at a time, read once


def kelvin_of_two_columns():
    rows = (f"{d},{t / 10 + 273.15:.2f},{t / 10 + 283.15:.2f}" for d, t in zip(DAYS, weather(DAYS), strict=True))
    return "\n".join(["date,low,high", *rows]).encode()


def test_what_was_chosen_for_one_file_is_not_chosen_for_the_next(page):
    upload(page, kelvin_of_two_columns())
    assert "low, high" in words(page, "info")
    choice(page, "Temperature column").select("low").run()
    assert "kelvin or tenths of a °C?" in words(page, "info")
    choice(page, "Unit").select("tenths").run()
    upload(page, table([t / 10 for t in weather(DAYS)], header="date,low"), "next.csv")
    assert choice(page, "Temperature column").value is None
    choice(page, "Temperature column").select("low").run()
    assert choice(page, "Unit").value is None
    take(page)
    np.testing.assert_allclose(shown_values(page), [t / 10 for t in weather(DAYS)])
    upload(page, kelvin_of_two_columns(), "first again.csv")
    assert choice(page, "Temperature column").value is None


def test_another_column_is_asked_for_its_own_unit(page):
    rows = (f"{d},{t / 10},{t / 10 + 273.15:.2f}" for d, t in zip(DAYS, weather(DAYS), strict=True))
    upload(page, "\n".join(["date,temp,other", *rows]).encode())
    assert any(b.label == "Show 2099" for b in page.button)
    choice(page, "Temperature column").select("other").run()
    assert "kelvin or tenths" in words(page, "info")
    choice(page, "Unit").select("K").run()
    take(page)
    np.testing.assert_allclose(shown_values(page), [t / 10 for t in weather(DAYS)], atol=1e-9)


def test_of_two_stations_none_is_taken_unasked(page):
    rows = [
        f"{s},{d},{t / 10 + shift}"
        for s, shift in (("A", 0), ("B", 1))
        for d, t in zip(DAYS, weather(DAYS), strict=True)
    ]
    upload(page, "\n".join(["station,date,temp", *rows]).encode())
    assert choice(page, "Station").value is None
    assert "The file holds 2 stations. Choose the one to show." in words(page, "info")
    assert not any(b.label.startswith("Show ") for b in page.button)
    choice(page, "Station").select("B").run()
    take(page)
    np.testing.assert_allclose(shown_values(page), [t / 10 + 1 for t in weather(DAYS)])


def test_two_units_in_one_file_are_asked_about(page):
    celsius = np.round(london(seed=3).value.ravel(), 1)
    upload(page, table([*celsius[:182] / 10, *celsius[182:]]))
    (warning,) = page.warning
    assert "Are there two units in the file? 2099: the unit must be the same on all days" in as_read(warning.value)
    assert not any(b.label.startswith("Show ") for b in page.button)
    (one_unit,) = (box for box in page.checkbox if box.label == "All of it is in one unit")
    one_unit.check().run()
    take(page)
    assert len(shown_values(page)) == 365


@pytest.mark.parametrize(
    "raw", [YEAR, YEAR + b"warm,warm\n", table([10.0] * 180 + [None] * 185)], ids=["good", "bad", "short"]
)
def test_a_file_is_read_once_however_often_the_page_runs(page, monkeypatch, raw):
    calls = []

    def counted(name):
        before = getattr(shown, name)

        def count(*args, **choices):
            calls.append(name)
            return before(*args, **choices)

        monkeypatch.setattr(shown, name, count)

    for name in ("sniff", "daily", "year"):
        counted(name)
    upload(page, raw)
    first = [*calls]
    assert first.count("sniff") == 1
    page.run()
    page.segmented_control(key="ewma.section").set_value("window").run()
    page.segmented_control(key="ewma.section").set_value("own_data").run()
    upload(page, raw)  # the same bytes once more
    assert calls == first


# Refusals


def hole(length):
    values = [t / 10 for t in weather(DAYS)]
    values[100 : 100 + length] = [None] * length
    return table(values)


REFUSALS = {
    "not text": (b"\x00\x01\x02\x03" * 500, "must be text"),
    "a workbook": (b"PK\x03\x04" + b"xl/workbook.xml" * 10, "save the sheet as CSV"),
    "damaged gzip": (gzip.compress(YEAR)[:200], "gzip file that is damaged"),
    "nothing": (b"", "file"),
    "no numbers": (table(["warm"] * 365), "number"),
    "one bad number": (table([*[10.0] * 364, "warm"]), "line 366"),
    "monthly": (b"date,temp\n" + b"".join(b"2099-%02d-01,%d\n" % (m, m) for m in range(1, 13)), "daily"),
    "monthly, as the Met Office has it": (file("met_office_monthly.txt"), "daily"),
    "GHCN by the letter": (file("ghcn.dly"), "ghcn"),
    "ambiguous dates": (b"date,temp\n" + b"".join(b"%02d/%02d/2099,5\n" % (d, m) for m in range(1, 13) for d in range(1, 13)), "date"),
    "duplicated dates": (b"date,temp\n" + b"".join(b"%s,5\n" % str(d).encode() for d in [*DAYS, DAYS[7]]), "2099-01-08"),
    "too cold": (table([*[10.0] * 300, -61, *[10.0] * 64]), "-60"),
    "a long gap": (hole(4), "a gap must be at most 3 days long, got 11 Apr to 14 Apr 2099"),
    "half a year": (table([10.0] * 180 + [None] * 185), "2099"),
    "over 20 MB": (b"date,temp\n" + b"2099-01-01,5\n" * (20 * 2**20 // 13 + 1), "20 MB"),
    "over 20 MB, packed": (gzip.compress(b"2099-01-01,5\n" * (20 * 2**20 // 13 + 1), 1), "20 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_one_sentence_and_leaves_the_page_as_it_was(page, name):
    raw, reason = REFUSALS[name]
    before = drawn(page)
    upload(page, raw)
    (error,) = page.error
    assert error.value.startswith("mine.csv: this file cannot be used. ")
    assert reason.lower() in as_read(error.value).lower()
    assert error.value.endswith(".")
    assert not error.value.endswith("..")
    assert "\n" not in error.value
    assert len(page.exception) == 0
    assert drawn(page) == before
    assert not any(b.label.startswith("Show ") for b in page.button)


def test_a_value_too_hot_for_the_unit_that_was_chosen_is_refused(page):
    before = drawn(page)
    upload(page, table([*[10.0] * 300, 61, *[10.0] * 64], header="date,temp (°C)"))
    choice(page, "Unit").select("C").run()
    (error,) = page.error
    assert as_read(error.value).endswith("line 302: temperature must be in [-60, 60] °C, got '61'.")
    assert drawn(page) == before
    assert not any(b.label.startswith("Show ") for b in page.button)


def test_a_refusal_after_a_good_file_leaves_the_year_that_was_taken(page):
    mine = drawn(take(upload(page, YEAR)))
    upload(page, b"\x00" * 400, "broken.csv")
    assert len(page.error) == 1
    assert drawn(page) == mine
    upload(page, YEAR, "again.csv")
    assert len(page.error) == 0


def test_a_column_that_cannot_be_read_is_refused_and_another_can_be_chosen(page):
    rows = [f"{d},{t / 10},{900 + t}" for d, t in zip(DAYS, weather(DAYS), strict=True)]
    upload(page, "\n".join(["date,temp,pressure", *rows]).encode())
    choice(page, "Temperature column").select("pressure").run()
    assert len(page.error) + len(page.info) >= 1
    assert not any(b.label.startswith("Show ") for b in page.button)
    choice(page, "Temperature column").select("temp").run()
    assert len(page.error) == 0
    take(page)
    np.testing.assert_allclose(shown_values(page), [t / 10 for t in weather(DAYS)])
