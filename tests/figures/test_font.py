"""One font on every machine: what is in it, and that page, figure and every file show it, and wait for it."""

import ast
import base64
import json
import re
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT, load_stage
from support.visitors import move

from lrviz.figures import gallery_of
from lrviz.figures.files import browser as needs
from lrviz.figures.files import export
from lrviz.figures.plot.theme import FONT, FONT_FAMILY, STROKES
from lrviz.lessons import LESSONS

WIDTHS = json.loads((needs.STATIC / "lrviz-sans.json").read_text(encoding="utf-8"))["widths"]
EVERY_WEIGHT = pytest.mark.parametrize("weight", ["regular", "bold"])
HAN = range(0x4E00, 0xA000)  # falls to the system's fonts


def written(path: Path) -> set[str]:
    """The characters of a source that can come on screen: of Python its strings but not its docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return set(text)
    tree = ast.parse(text)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return set("".join(node.value for node in strings if id(node) not in docs))


@EVERY_WEIGHT
def test_every_character_of_the_app_is_in_the_font(weight):
    sources = [*ROOT.glob("lrviz/**/*.py"), *ROOT.glob("pages/*.py"), *ROOT.glob("lrviz/**/static/*.js")]
    shown = set().union(*map(written, sources)) | set("".join(STROKES.values()))
    assert {"β", "−", "°", "“", "━"} <= shown
    assert {c for c in shown if c.isprintable() and ord(c) not in HAN} - set(WIDTHS[weight]) == set()


@EVERY_WEIGHT
def test_digits_and_signs_are_equally_wide(weight):
    assert {WIDTHS[weight][c] for c in "0123456789−+"} == {WIDTHS[weight]["0"]}


def test_page_and_figures_ask_for_the_same_fonts():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["theme"]["font"] == FONT
    assert FONT.startswith(f"'{FONT_FAMILY}', ")
    assert FONT.endswith(", sans-serif")


# ---- in the browser -----------------------------------------------------------------------------------------


def used(page, css: str) -> set[tuple[str, bool]]:
    """The fonts that the browser has drawn an element's text with: their names, and whether they came with the page."""
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": css})["nodeIds"]
    assert nodes, css
    found = [session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"] for node in nodes]
    session.detach()
    return {(font["familyName"], font["isCustomFont"]) for fonts in found for font in fonts}


OURS = {(FONT_FAMILY, True)}


@pytest.fixture(scope="module")
def blank(open_shared):
    page = open_shared("_stcore/health", figure=False)
    load_stage(page)
    return page


@pytest.mark.browser
@EVERY_WEIGHT
def test_the_table_of_widths_is_that_of_the_font(blank, weight):
    code = """async ([letters, font]) => {
      await document.fonts.load(font);
      const pen = document.createElement("canvas").getContext("2d");
      pen.font = font;
      return letters.map((letter) => pen.measureText(letter).width);
    }"""
    letters = [c for c in WIDTHS[weight] if c.isprintable() and not 0x300 <= ord(c) < 0x370]
    number = {"regular": 400, "bold": 700}[weight]
    found = blank.evaluate(code, [letters, f"{number} 1000px '{FONT_FAMILY}'"])
    assert dict(zip(letters, found, strict=True)) == pytest.approx({c: WIDTHS[weight][c] for c in letters}, abs=0.6)


@pytest.mark.browser
def test_page_and_figure_are_written_in_the_font(open_page):
    page = open_page("ewma")
    for css in (".lrviz-plot text", ".stMain h1", ".lrviz-bar output", ".lrviz-head > span", ".stMain button p"):
        assert used(page, css) == OURS, css
    move(page, "", figure=False)
    page.get_by_role("heading", name="Notation").wait_for()
    assert used(page, "h2") == OURS


@pytest.mark.browser
def test_a_figure_waits_for_the_font(server, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page, held = context.new_page(), []
    page.route(
        "**/*.woff2", lambda route: held.append(route) if "lrviz-sans" in route.request.url else route.continue_()
    )
    page.goto(f"{server}/ewma")
    page.wait_for_selector(".lrviz-stage .lrviz-plot", state="attached")
    page.wait_for_timeout(1500)
    assert page.locator(".lrviz-stage[data-updates]").count() == 0
    for route in held:
        route.continue_()
    page.wait_for_selector(".lrviz-stage[data-updates] .main-svg")
    assert used(page, ".lrviz-plot text") == OURS
    context.close()


# ---- in files -----------------------------------------------------------------------------------------------


def saved(page, form: str) -> bytes:
    """What the button of a figure saves."""
    with page.expect_download() as download:
        page.locator(f".lrviz-tools [data-format={form}]").first.click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.browser
def test_pictures_saved_on_the_page_carry_the_font(open_page, browser, tmp_path):
    page = open_page("ewma")
    page.get_by_label("PNG scale").first.select_option("1")
    svg, png = saved(page, "svg"), saved(page, "png")
    bare = re.sub(rb"<style>.*?</style>", b"", svg, flags=re.DOTALL)
    assert len(bare) < len(svg)
    context = browser.new_context(offline=True)
    other = context.new_page()
    file = tmp_path / "figure.svg"
    file.write_bytes(svg)
    other.goto(file.as_uri())
    assert used(other, "text.gtitle, .xtick text, .annotation-text") == OURS
    difference = """async (pictures) => {
      const [a, b] = await Promise.all(pictures.map(async (address) => {
        const image = new Image();
        image.src = address;
        await image.decode();
        const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
        pen.drawImage(image, 0, 0);
        return pen.getImageData(0, 0, image.width, image.height).data;
      }));
      let far = 0;
      for (let i = 0; i < a.length; i += 4) far += Math.abs(a[i] - b[i]) > 60;
      return far / (a.length / 4);
    }"""
    addresses = {
        name: f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
        for name, kind, data in (("png", "png", png), ("svg", "svg+xml", svg), ("bare", "svg+xml", bare))
    }
    other.goto("about:blank")
    same = other.evaluate(difference, [addresses["png"], addresses["svg"]])
    without = other.evaluate(difference, [addresses["png"], addresses["bare"]])
    assert same < 0.001 < without
    context.close()


@pytest.mark.browser
def test_an_html_file_carries_the_font(browser, tmp_path):
    lesson = LESSONS["ewma"]
    settings = lesson.settings()
    file = tmp_path / "figure.html"
    file.write_text(
        export.html(lesson, gallery_of("ewma")["year"], settings, lesson.compute(settings)), encoding="utf-8"
    )
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("#stage[data-updates] .main-svg")
    for css in (".lrviz-plot text", "#caption", ".lrviz-bar output"):
        assert used(page, css) == OURS, css
    context.close()
