"""The averages page as its visitors meet it: by link (AppTest), and by hand in a browser."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, as_read, ink, settle
from support.temperature_files import calendar, table, weather

import lrviz
from lrviz.lessons.ewma import SECTIONS

PAGE = "ewma"
LONDON = lrviz.SIGNALS["london"]().value


# ---------------------------------------------------------------------------------------------------------- by link


def sound(page):
    return len(page.exception) == len(page.error) == 0


def message(page, figure):
    return json.loads(page.get_by_key(f"ewma.{figure}").proto.bytes)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize(
    "more", ["", "&corrected=1&mean=1&unit=F&style=slide&window=same_lag&focus=6&day=366", "&betas=0&last_day=10&day=1"]
)
def test_every_section_opens_by_link(run_page, section, more):
    page = run_page("ewma", f"section={section}{more}")
    assert sound(page)
    assert len(page.warning) == 0
    assert page.segmented_control(key="ewma.section").value == section


@pytest.mark.parametrize("signal", lrviz.SIGNALS)
def test_every_signal_opens_with_its_own_controls(run_page, signal):
    page = run_page("ewma", f"signal={signal}")
    assert sound(page)
    for param in lrviz.SIGNALS[signal].params:
        if param.name != "days":
            assert page.get_by_key(f"ewma.{signal}.{param.name}") is not None


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("betas=fast", ["betas must be 1 to 6 numbers in [0, 1), got 'fast'"]),
        ("betas=0.9,1", ["betas must be"]),
        ("day=0", ["day must be a whole number in [1, 366], got 0"]),
        ("day=nan&corrected=2", ["day must be", "corrected must be true or false"]),
        ("bettas=0.9", ["no setting is called 'bettas'; did you mean 'betas'?"]),
        ("unit=K&day=5&day=6", ["unit must be one of C, F", "day must be given once, got it 2 times"]),
        ("section=" + "x" * 3000, ["section must be at most 2000 characters, got 3000"]),
        ("section=%3Cscript%3Ealert(1)%3C/script%3E", ["section must be one of"]),
    ],
)
def test_a_bad_link_gives_one_warning_that_names_every_entry_and_honours_the_rest(run_page, query, named):
    page = run_page("ewma", f"mean=1&{query}")
    assert sound(page)
    (warning,) = page.warning
    assert all(words in as_read(warning.value) for words in named)
    assert warning.value.count("link: ") == len(named)
    assert page.toggle(key="ewma.mean").value is True
    assert [trace["name"] for trace in message(page, "year")["stills"]["data"]] == ["reading", "known mean"]


def test_the_table_of_the_first_days_has_the_lectures_divisor(run_page):
    page = run_page("ewma", "section=first_days&betas=0.98&focus=1&unit=F")
    (rows,) = (m.value for m in page.markdown if m.value.startswith("| t |"))
    second = [cell.strip() for cell in rows.splitlines()[3].strip("|").split("|")]
    # by hand: 0.98 x 0.8 + 0.02 x 49 = 1.764, over 0.0396
    assert second == ["2", "49.00", "1.7640", "0.0396", "44.5455"]


def test_the_page_shows_nothing_of_an_error_but_an_apology(run_page, monkeypatch):
    from lrviz.ui import failure

    said = []
    monkeypatch.setattr(failure.st, "error", said.append)
    assert failure.show(ZeroDivisionError("secret")) is True
    assert "secret" not in said[0]
    assert "went wrong" in said[0]


# ------------------------------------------------------------------------------------------------------- in a browser


def curve(page, name):
    """The y of a curve as the browser has it (float32)."""
    script = "name => Array.from(document.querySelector('.lrviz-plot').data.find(t => t.name === name)?.y ?? [])"
    return np.array(page.evaluate(script, name), dtype=float)


def wait_for_address(page, text):
    page.wait_for_function("text => decodeURIComponent(location.search) === text", arg=text)
    settle(page)


def entries(page):
    """How many entries the page has written to the browser's history since this was first asked, which holds fifty in all."""
    return page.evaluate("""() => {
      if (window.written === undefined) {
        const { pushState } = history;
        window.written = 0;
        history.pushState = function (...words) { window.written += 1; return pushState.apply(this, words); };
      }
      return window.written;
    }""")


@pytest.mark.browser
def test_a_slider_moved_by_keyboard_moves_figure_sentence_and_address(page):
    before = entries(page)
    page.get_by_label("decay rates 2", exact=True).press("ArrowRight")
    wait_for_address(page, "?betas=0.5,0.905,0.98")
    np.testing.assert_allclose(curve(page, "average 2"), lrviz.ewma(LONDON, 0.905), rtol=1e-5, atol=1e-5)
    assert page.get_by_text("reach back about 2, 10.5 and 50 days").is_visible()
    assert page.get_by_label("decay rates 2, exact value").input_value() == "0.905"
    assert entries(page) == before + 1  # one change, one entry in the browser's history

    page.reload()
    page.wait_for_selector(".lrviz-stage[data-updates] .main-svg")
    settle(page)
    assert page.get_by_label("decay rates 2", exact=True).input_value() == "0.905"
    np.testing.assert_allclose(curve(page, "average 2"), lrviz.ewma(LONDON, 0.905), rtol=1e-5, atol=1e-5)


@pytest.mark.browser
def test_back_undoes_exactly_one_change_and_forward_brings_it_again(page):
    before = entries(page)
    page.get_by_label("decay rates 3", exact=True).press("ArrowLeft")
    wait_for_address(page, "?betas=0.5,0.9,0.975")
    page.get_by_text("bias correction").click()
    wait_for_address(page, "?betas=0.5,0.9,0.975&corrected=1")
    assert entries(page) == before + 2
    page.go_back()
    wait_for_address(page, "?betas=0.5,0.9,0.975")
    assert len(curve(page, "average 3 from 0")) == 0
    assert page.get_by_label("decay rates 3", exact=True).input_value() == "0.975"
    page.go_back()
    wait_for_address(page, "")
    assert page.get_by_label("decay rates 3", exact=True).input_value() == "0.98"
    page.go_forward()
    wait_for_address(page, "?betas=0.5,0.9,0.975")
    np.testing.assert_allclose(curve(page, "average 3"), lrviz.ewma(LONDON, 0.975), rtol=1e-5, atol=1e-5)


@pytest.mark.browser
def test_an_illegal_number_shows_the_rule_and_changes_nothing(page):
    box = page.get_by_label("decay rates 1, exact value")
    note = page.locator(".lrviz-slider", has=box).locator('[role="alert"]')
    for typed in ("1", "-0.1", "warm", "", "1e999", "0x1"):
        box.fill(typed)
        box.press("Enter")
        box.blur()
        assert note.inner_text() == f"decay rates must be 1 to 6 numbers in [0, 1), got {typed or 'nothing'}"
        assert box.input_value() == "0.5"
    assert page.url.endswith("/ewma")
    box.fill("0,25")  # a comma will do
    box.press("Enter")
    wait_for_address(page, "?betas=0.25,0.9,0.98")
    assert note.inner_text() == ""


@pytest.mark.browser
def test_decay_rates_are_added_and_removed(page):
    rows = page.locator(".lrviz-slider", has_text="decay rates").locator(".lrviz-row")
    page.get_by_role("button", name="Add a value to decay rates").click()
    wait_for_address(page, "?betas=0.5,0.9,0.98,0.95")
    assert rows.count() == 4
    np.testing.assert_allclose(curve(page, "average 4"), lrviz.ewma(LONDON, 0.95), rtol=1e-5, atol=1e-5)
    for left in ("0.9,0.98,0.95", "0.98,0.95", "0.95"):
        page.get_by_role("button", name="Remove decay rates 1", exact=True).click()
        wait_for_address(page, f"?betas={left}")
    assert rows.count() == 1
    assert page.get_by_role("button", name="Remove decay rates 1", exact=True).count() == 0  # one must stay
    page.get_by_role("button", name=re.compile("Reset decay rates")).click()
    wait_for_address(page, "")
    assert rows.count() == 3


@pytest.mark.browser
def test_settings_survive_a_look_at_another_page(page):
    page.get_by_text("bias correction").click()
    wait_for_address(page, "?corrected=1")
    page.get_by_role("link", name="Home", exact=True).click()
    page.get_by_role("heading", name="See how optimisation").wait_for()
    settle(page)
    page.get_by_role("link", name="Averages", exact=True).first.click()
    page.wait_for_selector(".lrviz-stage[data-updates] .main-svg")
    wait_for_address(page, "?corrected=1")
    np.testing.assert_allclose(curve(page, "average 3 from 0"), lrviz.ewma(LONDON, 0.98), rtol=1e-5, atol=1e-5)


@pytest.mark.browser
def test_every_download_reads_back_as_the_figure(page, tmp_path):
    page.get_by_text("bias correction").click()
    wait_for_address(page, "?corrected=1")

    def saved(name):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).first.click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    svg, png = saved("SVG"), saved("PNG")
    assert svg.name == "ewma_year_corrected-1.svg"
    text = svg.read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert text.count('class="js-line"') >= 7
    assert "Dividing by" in text
    assert png.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    width = int.from_bytes(png.read_bytes()[16:20], "big")
    assert width == 2 * round(page.locator(".lrviz-plot").first.bounding_box()["width"])
    assert ink(page, png.read_bytes()) > 0.01

    page.get_by_role("button", name="Take this figure away").first.click()
    rows = saved("CSV of what is drawn").read_text(encoding="utf-8").splitlines()
    head = [line for line in rows if line.startswith("#")]
    assert any("ewma?corrected=1" in line for line in head)
    points = [r for r in csv.DictReader(io.StringIO("\n".join(rows[len(head) :]))) if not r.get("frame")]
    for k, beta in enumerate((0.5, 0.9, 0.98), 1):
        drawn = [float(r["y"]) for r in points if r["trace"] == f"average {k}"]
        np.testing.assert_array_equal(drawn, lrviz.ewma(LONDON, beta, corrected=True))  # in full precision

    script = saved("Python that draws it")
    code = script.read_text(encoding="utf-8").replace("figure.show()", "print(len(figure.data), len(figure.frames))")
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert "The averages reach back about 2, 10 and 50 days" in run.stdout
    assert run.stdout.splitlines()[-1] == "9 49"

    offline(page, saved("HTML that plays offline"))


def offline(page, path):
    """The exported file, opened with no network at all, draws and plays."""
    assert "https://" not in re.sub(r"<script>.*?</script>", "", path.read_text(encoding="utf-8"), count=1, flags=re.S)
    context = page.context.browser.new_context(offline=True)
    file, complaints = context.new_page(), []
    file.on("pageerror", lambda error: complaints.append(str(error)))
    file.on("requestfailed", lambda request: complaints.append(request.url))
    file.goto(Path(path).as_uri())
    file.wait_for_selector(".lrviz-stage[data-updates] .main-svg")
    assert "reach back about 2, 10 and 50 days" in file.locator("#caption").inner_text()
    np.testing.assert_allclose(curve(file, "average 1"), lrviz.ewma(LONDON, 0.5, corrected=True), rtol=1e-5)
    file.get_by_role("button", name="Play").click()
    file.wait_for_function("() => document.querySelector('.lrviz-bar input[type=range]').value > 2")
    file.get_by_role("button", name="Pause").click()
    assert np.isfinite(curve(file, "sweep")).all()
    context.close()
    assert complaints == []


@pytest.mark.browser
def test_a_file_of_ones_own_takes_the_place_of_the_year_and_a_bad_one_does_not(page):
    values = [t / 10 for t in weather(calendar())]
    page.get_by_text("Your own data", exact=True).click()
    chooser = page.locator('input[type="file"]')
    chooser.set_input_files({"name": "mine.csv", "mimeType": "text/csv", "buffer": table(values)})
    page.get_by_role("button", name="Show 2099").click()
    page.get_by_text("Showing 2099 of mine.csv").wait_for()
    settle(page)
    np.testing.assert_allclose(curve(page, "reading"), values, rtol=1e-6)
    np.testing.assert_allclose(curve(page, "average 2"), lrviz.ewma(values, 0.9), rtol=1e-5, atol=1e-5)
    chooser.set_input_files({"name": "bad.csv", "mimeType": "text/csv", "buffer": b"\x00\x01" * 300})
    page.get_by_text("this file cannot be used").wait_for()
    settle(page)
    np.testing.assert_allclose(curve(page, "reading"), values, rtol=1e-6)
    page.get_by_role("button", name="Back to the synthetic series").click()
    page.get_by_text("Showing 2099 of mine.csv").wait_for(state="detached")
    settle(page)
    np.testing.assert_allclose(curve(page, "reading"), LONDON, rtol=1e-6)


@pytest.mark.browser
def test_the_first_screen_shows_the_figure_whole_with_the_controls_beside_it(page):
    for locator in (page.locator(".lrviz-plot").first, page.get_by_label("decay rates 1", exact=True), page.get_by_text("bias correction")):  # fmt: skip
        box = locator.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900
