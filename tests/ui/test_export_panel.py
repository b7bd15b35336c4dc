"""The panel under a figure: closed it costs nothing, open it hands over what the page shows."""

from __future__ import annotations

import shlex

import numpy as np
import pytest
from support.exported import read_csv, same_table

from lrviz import cli
from lrviz.figures import gallery_of
from lrviz.lessons import LESSONS, address, ewma
from lrviz.ui import export

LINK = "ewma?betas=0.9,0.98&unit=F"
SETTINGS = ewma.LESSON.settings(betas=(0.9, 0.98), unit="F")


@pytest.fixture
def opened_panel(run_page):
    """The averages page on LINK with the panel of its main figure open."""
    app = run_page("ewma", LINK.partition("?")[2])
    app.session_state["ewma.year.take"] = True
    return app.run()


@pytest.mark.parametrize("lesson", list(LESSONS))
def test_a_closed_panel_holds_nothing(run_page, lesson):
    app = run_page(lesson)
    assert app.get("popover")
    assert not app.get("download_button")


def test_files_are_made_only_when_they_are_asked_for(run_page, monkeypatch):
    for i, (label, _, ending, kind) in enumerate(export.DOWNLOADS):
        downloads = list(export.DOWNLOADS)
        downloads[i] = (label, lambda *given: pytest.fail("made for nobody"), ending, kind)
        monkeypatch.setattr(export, "DOWNLOADS", tuple(downloads))
    app = run_page("ewma")
    app.session_state["ewma.year.take"] = True
    assert not app.run().exception
    assert len(app.get("download_button")) == 3


def test_the_command_draws_this_figure(opened_panel):
    words = shlex.split(opened_panel.code[0].value)
    assert words[:3] == ["python", "-m", "lrviz"]
    options = cli.parser().parse_args(words[3:])
    assert address.resolve(options.what).settings == SETTINGS
    assert (options.command, options.figure, options.output) == ("export", "year", "year.pdf")


def test_a_series_of_ones_own_has_no_command_and_no_python(run_page):
    app = run_page("ewma")
    app.session_state["lrviz own series"] = ewma.OwnSeries("2099 of mine.csv", np.linspace(0, 20, 365))
    app.session_state["ewma.year.take"] = True
    app.run()
    assert not app.exception
    assert [button.label for button in app.get("download_button")] == [
        "HTML that plays offline",
        "CSV of what is drawn",
    ]
    assert not app.code


@pytest.mark.browser
def test_csv_and_style_in_the_browser(open_page):
    page = open_page(LINK)
    page.get_by_role("button", name="Take this figure away").first.click()
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_text("slide", exact=True).click()
    page.wait_for_function("() => location.search.includes('style=slide')")
    with page.expect_download() as waiting:
        body.get_by_role("button", name="CSV of what is drawn").click()
    assert waiting.value.suggested_filename == "ewma_year_betas-0.9-0.98_unit-F_style-slide.csv"
    facts, table = read_csv(waiting.value.path().read_text(encoding="utf-8"))
    assert facts["link"] == f"{LINK}&style=slide"
    same_table(table, gallery_of("ewma")["year"].spec(ewma.compute(SETTINGS | {"style": "slide"})))
