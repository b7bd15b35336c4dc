"""Figures as files: every form read back and held against the numbers that were drawn."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from conftest import eventually
from support.exported import points, read_csv, same, same_table

from lrviz.figures import galleries, gallery_of
from lrviz.figures.files import export
from lrviz.lessons import LESSONS, ewma

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]
EVERY = [(lesson, name) for lesson, pictures in galleries().items() for name in pictures]
EVERY_FIGURE = pytest.mark.parametrize(("lesson", "name"), EVERY, ids=["-".join(pair) for pair in EVERY])
EVERY_LESSON = pytest.mark.parametrize("lesson", list(LESSONS))


@cache
def opened(lesson: str) -> tuple:
    """A lesson as its page opens: settings and results."""
    settings = LESSONS[lesson].settings()
    return settings, LESSONS[lesson].compute(settings)


def arguments(lesson: str, name: str) -> tuple:
    """What every export takes: lesson, picture, settings, results."""
    return LESSONS[lesson], gallery_of(lesson)[name], *opened(lesson)


# ---- CSV ----------------------------------------------------------------------------------------------------


@EVERY_FIGURE
def test_csv_is_what_is_drawn(lesson, name):
    given = arguments(lesson, name)
    drawn = given[1].spec(given[3])
    _, table = read_csv(export.csv(*given))
    same_table(table, drawn)


def test_csv_has_every_frame_of_a_sweep():
    given = arguments("ewma", "year")
    _, table = read_csv(export.csv(*given))
    drawn = given[1].spec(given[3])
    frames = drawn["frames"]
    assert table["frame"].dropna().unique().tolist() == [frame["name"] for frame in frames]
    for frame, rows in zip(frames, (rows for _, rows in table.groupby("frame", sort=False)), strict=True):
        assert set(rows["trace"]) == {"sweep"}
        same(rows["x"], np.arange(1, 366))
        same(rows["y"], frame["data"][0]["y"])
    # beta 0: the average is the reading itself
    same(table.loc[table["frame"] == "0", "y"], opened("ewma")[1].value)


def test_csv_of_the_averages_by_hand():
    # v_1 = 0.1 theta_1 and v_2 = 0.9 v_1 + 0.1 theta_2 on the lecture's first two days, 40 F and 49 F.
    settings = ewma.LESSON.settings(betas=(0.9,), unit="F")
    text = export.csv(ewma.LESSON, gallery_of("ewma")["year"], settings, ewma.compute(settings))
    facts, table = read_csv(text)
    line = table[table["trace"] == "average 1"]
    assert line["x"].tolist()[:2] == [1, 2]
    same(line["y"].tolist()[:2], [4.0, 0.9 * 4.0 + 4.9])
    assert facts["link"] == "ewma?betas=0.9&unit=F"


def test_names_that_come_twice_are_numbered():
    from lrviz.tables import drawn_points

    figure = go.Figure([{"type": "scatter", "y": [1.0, 2.0], "name": name} for name in ("path", "rest", "path")])
    table = drawn_points(figure)
    assert table["trace"].unique().tolist() == ["path", "rest", "path (2)"]
    assert table["x"].tolist() == [0, 1, 0, 1, 0, 1]


def test_a_figure_with_nothing_in_it_has_an_empty_table():
    from lrviz.tables import drawn_points

    assert drawn_points(go.Figure()).columns.tolist() == ["trace", "x", "y"]


# ---- HTML ---------------------------------------------------------------------------------------------------


class Meta(HTMLParser):
    """The <meta> elements of a page, by name."""

    def __init__(self, page: str):
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "meta" and "name" in given:
            self.found[given["name"]] = given["content"]


def embedded(page: str) -> dict:
    """The figure that an HTML file carries."""
    start = page.index("inflate({") + len("inflate(")
    return json.JSONDecoder().raw_decode(page, start)[0]


@EVERY_FIGURE
def test_html_carries_the_figure(lesson, name):
    given = arguments(lesson, name)
    page = export.html(*given)
    drawn, carried = given[1].spec(given[3]), embedded(page)
    assert len(carried["data"]) == len(drawn["data"])
    for got, wanted in zip(carried["data"], drawn["data"], strict=True):
        for axis, array in points(wanted).items():
            same(points(got)[axis], array)
    assert len(carried["frames"]) == len(drawn["frames"])
    for got, wanted in zip(carried["frames"], drawn["frames"], strict=True):
        same(got["data"][0]["y"], wanted["data"][0]["y"])
    facts = export.provenance(*given)
    assert {f"lrviz:{key}": text for key, text in facts.items()}.items() <= Meta(page).found.items()


def test_nothing_in_a_caption_or_a_name_can_end_the_script():
    settings = ewma.LESSON.settings()
    own = ewma.OwnSeries("</script><!--<script>.csv\n# x", np.linspace(0, 10, 40))
    results = ewma.compute(settings, own)
    picture = gallery_of("ewma")["year"]
    page = export.html(ewma.LESSON, picture, settings, results)
    own_part = page[page.index("inflate({") :]
    assert own_part.count("</script>") == 1
    assert "<!--" not in own_part
    data = "</script><!--<script>.csv # x, which is not part of the link"
    assert Meta(page).found["lrviz:data"] == data
    facts, table = read_csv(export.csv(ewma.LESSON, picture, settings, results))
    assert facts["data"] == data
    same(table.loc[table["trace"] == "reading", "y"], own.value)


def rest_of(page) -> None:
    """Wait until the figure of an HTML file is drawn."""
    page.wait_for_selector("#stage[data-updates] .main-svg")


def line(page, i: int) -> dict[str, list]:
    """What Plotly has for trace i just now."""
    code = "i => { const t = document.querySelector('.lrviz-plot').data[i]; return {x: [...t.x], y: [...t.y]}; }"
    return page.evaluate(code, i)


@pytest.fixture(scope="module")
def reader(browser):
    """A page with no network, which has plotly.js compiled once for all files that are opened in it; and what it has asked for."""
    context, asked = browser.new_context(offline=True), []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(str(error)))
    page.on("console", lambda message: asked.append(message.text) if message.type == "error" else None)
    yield page, asked
    context.close()


@pytest.fixture
def offline(reader, tmp_path):
    """(HTML text, system's theme) -> the page opened from disk with no network; anything it asks for fails the test."""
    page, asked = reader
    asked.clear()
    file = tmp_path / "figure.html"

    def open_it(text: str, theme: str = "light"):
        file.write_text(text, encoding="utf-8")
        page.set_viewport_size({"width": 1000, "height": 700})
        page.emulate_media(color_scheme=theme)
        page.goto(file.as_uri())
        rest_of(page)
        return page

    yield open_it
    page.goto("about:blank")
    assert [word for word in asked if not word.startswith("blob:") and word != file.as_uri()] == []


@pytest.mark.browser
def test_a_sweep_plays_and_scrubs_from_disk(offline):
    given = arguments("ewma", "year")
    drawn = given[1].spec(given[3])
    place = drawn["frames"][0]["traces"][0]
    page = offline(export.html(*given))
    assert page.inner_text("#caption") == given[1].caption(given[3])
    assert not np.isfinite(np.array(line(page, place)["y"], dtype=float)).any()
    page.locator("input[type=range]").fill("30")
    page.wait_for_function(
        "place => Number.isFinite(document.querySelector('.lrviz-plot').data[place].y[0])", arg=place
    )
    # frame 30 is beta 0.9: v_1 = 0.1 theta_1 = 0.1 (40 - 32)/1.8
    assert line(page, place)["y"][0] == pytest.approx(0.1 * (40 - 32) / 1.8, rel=1e-6)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => Number(document.querySelector('input[type=range]').value) > 33")
    page.get_by_role("button", name="Pause").click()
    k = int(page.locator("input[type=range]").input_value())
    wanted = drawn["frames"][k]["data"][0]["y"]
    eventually(page, lambda: np.testing.assert_allclose(line(page, place)["y"], wanted, rtol=1e-6))


def at_its_step(page, data, heads, k):
    for head in heads:
        path, at = data[head["of"]], line(page, head["trace"])
        x, y = np.asarray(path["x"], dtype=float), np.asarray(path["y"], dtype=float)
        i = np.flatnonzero(np.isfinite(y[: k + 1]))[-1]
        assert (at["x"][0], at["y"][0]) == pytest.approx((x[i], y[i]), rel=1e-6), (k, head)


@pytest.mark.browser
@EVERY_LESSON
def test_time_bars_move_their_heads_from_disk(offline, lesson):
    results = opened(lesson)[1]
    for picture in gallery_of(lesson).values():
        drawn = picture.spec(results)
        meta = drawn["layout"]["meta"]
        heads = [head for head in meta.get("heads", []) if not head.get("three")]
        if meta.get("bar", {}).get("kind") != "time" or not heads:
            continue
        page = offline(export.html(LESSONS[lesson], picture, opened(lesson)[0], results))
        assert page.inner_text("#caption") == picture.caption(results)
        last = len(meta["bar"]["values"]) - 1
        for k in (1, last):
            page.locator("input[type=range]").fill(str(k))
            eventually(page, partial(at_its_step, page, drawn["data"], heads, k))
        page.locator("input[type=range]").fill("0")
        page.get_by_role("button", name="Play").click()
        page.wait_for_function("() => Number(document.querySelector('input[type=range]').value) > 0")


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(17, 21, 27)")])
def test_html_follows_the_system_and_fills_its_window(offline, scheme, ground):
    page = offline(export.html(*arguments("ewma", "year")), theme=scheme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    ink = {"light": "rgb(27, 31, 36)", "dark": "rgb(238, 241, 245)"}[scheme]
    for part in ("#caption", ".lrviz-bar output", ".lrviz-bar button"):
        assert page.evaluate("part => getComputedStyle(document.querySelector(part)).color", part) == ink
    drawn = "() => { const f = document.querySelector('.lrviz-plot')._fullLayout; return [f.width, f.paper_bgcolor]; }"
    width, paper = page.evaluate(drawn)
    assert (round(width), paper) == (1000 - 2 * 16, {"light": "#ffffff", "dark": "#11151b"}[scheme])
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.wait_for_function("() => document.querySelector('.lrviz-plot')._fullLayout.width > 1300")
    assert page.evaluate("document.querySelector('.lrviz-plot')._fullLayout.height") == 1000 - export.HEIGHT_BELOW
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
def test_a_theme_that_was_asked_for_stays(offline):
    page = offline(export.html(*arguments("ewma", "year"), theme="dark"))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 21, 27)"


# ---- Python -------------------------------------------------------------------------------------------------


@EVERY_FIGURE
def test_python_draws_the_same_figure(lesson, name, monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(go.Figure, "show", lambda figure: shown.append(figure))
    given = arguments(lesson, name)
    exec(compile(export.snippet(*given), "snippet.py", "exec"), {})
    (figure,) = shown
    for got, wanted in zip(figure.data, given[1].spec(given[3])["data"], strict=True):
        for axis, array in points(wanted).items():
            same(points(got.to_plotly_json())[axis], array)
    assert capsys.readouterr().out.strip() == given[1].caption(given[3])


def test_python_runs_as_pasted_with_its_settings():
    settings = ewma.LESSON.settings(betas=(0.9, 0.98), corrected=True, last_day=30, **{"step.at": 7, "signal": "step"})
    code = export.snippet(ewma.LESSON, gallery_of("ewma")["year"], settings)
    assert code.splitlines()[0].startswith("# Daily readings and their averages: ewma?signal=step&betas=0.9,0.98&")
    code = "import plotly.io\nplotly.io.renderers.default = 'json'\n" + code + "print(figure.to_json())\n"
    run = subprocess.run([sys.executable, "-"], input=code, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    figure = json.loads(run.stdout.splitlines()[-1])
    wanted = gallery_of("ewma")["year"].spec(ewma.compute(settings))["data"]
    for got, trace in zip(figure["data"], wanted, strict=True):
        same(np.frombuffer(base64.b64decode(got["y"]["bdata"]), got["y"]["dtype"]), trace["y"])


# ---- names and headers --------------------------------------------------------------------------------------


def test_files_are_named_by_page_and_settings():
    named = ewma.LESSON.settings
    assert export.file_name(ewma.LESSON, "year", named()) == "ewma_year"
    assert (
        export.file_name(ewma.LESSON, "year", named(betas=(0.9, 0.98), unit="F")) == "ewma_year_betas-0.9-0.98_unit-F"
    )
    # a classroom link decides what a page shows, not what a figure shows
    assert export.file_name(ewma.LESSON, "year", named(classroom=True, keep=("betas",))) == "ewma_year"


def test_long_names_are_cut_and_stay_different():
    betas = tuple(np.round(np.linspace(0.1234567, 0.9, 6), 12))
    rest = {"betas": betas, "signal": "sine", "mean": True, "last_day": 99}
    names = [
        export.file_name(ewma.LESSON, "year", ewma.LESSON.settings(**rest, **{"sine.amplitude": a}))
        for a in (7.5, 7.25)
    ]
    assert [len(name) for name in names] == [120, 120]
    assert names[0] != names[1]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names)


@EVERY_LESSON
def test_the_header_leads_back_to_the_figure(lesson):
    from lrviz import __version__
    from lrviz.lessons.address import resolve

    picture = gallery_of(lesson)[LESSONS[lesson].main]
    settings = LESSONS[lesson].settings(style="slide", classroom=True)
    facts = export.provenance(LESSONS[lesson], picture, settings)
    assert resolve(facts["link"]).settings == settings | {"classroom": False}
    assert resolve(f"{lesson}?{facts['settings']}").settings == settings | {"classroom": False}
    assert facts["version"] == f"lrviz {__version__}"
