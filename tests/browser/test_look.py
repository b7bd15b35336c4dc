"""How each page looks on a desk, a tablet and a phone, in both themes: everything within its frame, nothing on top of anything."""

import pytest
from conftest import ink, settle
from support.visitors import PLAIN, move

from lrviz.lessons import LESSONS

pytestmark = pytest.mark.browser

SIZES = ((1440, 900), (1024, 768), (390, 844), (320, 640))
# A theme is colours alone, so each size is looked at in one, and in both where they are changed about.
LOOKS = tuple(zip((SIZES[0], *SIZES), ("light", "dark", "dark", "light", "dark"), strict=True))
THEMES = {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 21, 27)"}  # and their grounds

# Every text of a plot that is drawn: what it is, what it says, where it is. Boxes are those of the ink, not of the line.
TEXTS = """(plot) => {
  const kinds = {".gtitle": "title", ".xtitle, .ytitle": "axis title", ".xtick, .ytick": "tick", ".annotation-text": "note", ".legendtext": "legend"};
  const kind = (e) => Object.entries(kinds).find(([css]) => e.closest(css))?.[1] ?? "text";
  const texts = [...plot.querySelectorAll("svg text")].map((e) => {
    const {left, top, right, bottom} = e.getBoundingClientRect();
    const lines = e.querySelectorAll("tspan.line").length || 1;
    const air = 0.18 * (bottom - top) / lines;
    return {kind: kind(e), text: e.textContent.slice(0, 40), box: [left, top + air, right, bottom - air], seen: e.textContent.trim() && getComputedStyle(e).opacity > 0};
  });
  return texts.filter((t) => t.seen && t.box[2] > t.box[0]);
}"""
BOX = "(e) => { const {left, top, right, bottom} = e.getBoundingClientRect(); return [left, top, right, bottom]; }"


def outside(texts, frame):
    """The texts that reach beyond a frame by more than a pixel."""
    left, top, right, bottom = frame
    return [
        (text["kind"], text["text"])
        for text in texts
        if text["box"][0] < left - 1
        or text["box"][1] < top - 1
        or text["box"][2] > right + 1
        or text["box"][3] > bottom + 1
    ]


def overlaps(texts):
    """The pairs of texts that lie on each other by more than a pixel both ways."""
    found = []
    for i, a in enumerate(texts):
        for b in texts[i + 1 :]:
            wide = min(a["box"][2], b["box"][2]) - max(a["box"][0], b["box"][0])
            high = min(a["box"][3], b["box"][3]) - max(a["box"][1], b["box"][1])
            if wide > 1 and high > 1:
                found.append((a["kind"], a["text"], b["kind"], b["text"]))
    return found


def look(page):
    """What is wrong with the figures of the page as it stands."""
    wrong = []
    for plot in page.locator(".lrviz-plot").all():
        texts = plot.evaluate(TEXTS)
        wrong += [("outside", *text) for text in outside(texts, plot.evaluate(BOX))]
        wrong += [("overlap", *pair) for pair in overlaps(texts)]
    return wrong


def fits(page, width, height):
    """The page as it stands fits its window and is not empty."""
    stage = page.locator(".lrviz-stage").first
    assert page.locator(".lrviz-plot .main-svg").count() >= 2
    assert stage.evaluate(BOX)[2] <= width
    if width == 1440:
        assert stage.evaluate(BOX)[3] <= height
    scrolled = page.evaluate(
        "[document.documentElement, ...document.querySelectorAll('.stMain, .stApp, .stMainBlockContainer')].map((e) => e.scrollWidth - e.clientWidth)"
    )
    assert max(scrolled) <= 1
    assert look(page) == []
    assert ink(page, page.screenshot()) > 0.03


def follows(page, theme):
    """The page and its figures take another theme at once."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_function(
        "ground => getComputedStyle(document.querySelector('.stApp')).backgroundColor === ground && "
        "[...document.querySelectorAll('.lrviz-plot .main-svg:first-child')].every((svg) => svg.style.background === ground)",
        arg=THEMES[theme],
    )
    settle(page)


@pytest.mark.parametrize("name", LESSONS)
def test_page_fits_every_screen_in_both_themes(open_page, name):
    page = open_page(name)
    for (width, height), theme in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        follows(page, theme)
        fits(page, width, height)


def test_first_page_is_not_blank_in_either_theme(open_page):
    page = open_page("", figure=False)
    page.get_by_role("heading", name="Notation").wait_for()
    for theme in THEMES:
        follows(page, theme)
        assert ink(page, page.screenshot()) > 0.02


@pytest.fixture(scope="module")
def fontless(open_shared):
    """A page of the app in a browser that does not get its font."""
    page = open_shared(PLAIN, figure=False, fresh=True)
    page.context.route("**/lrviz-sans-*.woff2", lambda route: route.abort("aborted"))
    page.goto(page.url.removesuffix(PLAIN))
    settle(page)
    return page


@pytest.mark.parametrize("name", LESSONS)
def test_page_fits_every_screen_without_its_font(fontless, name):
    fontless.set_viewport_size({"width": 1440, "height": 900})
    move(fontless, name)
    for width, height in (SIZES[0], SIZES[-1]):
        fontless.set_viewport_size({"width": width, "height": height})
        settle(fontless)
        fits(fontless, width, height)
    loaded = "[...document.fonts].filter((face) => face.family.includes('lrviz') && face.status === 'loaded').length"
    assert fontless.evaluate(loaded) == 0


def test_faults_would_be_seen(open_page):
    """The same look at a figure with a title on its key, a text beyond its frame and a stretched page."""
    page = open_page("ewma")
    assert look(page) == []
    onto_key = """() => {
      const [title, key] = [".gtitle", ".annotation-text"].map((css) => document.querySelector(`.lrviz-plot ${css}`));
      const down = key.getBoundingClientRect().top - title.getBoundingClientRect().top;
      title.setAttribute("transform", `translate(0, ${down})`);
    }"""
    page.evaluate(onto_key)
    page.evaluate("document.querySelector('.xtitle').style.transform = 'translateY(40px)'")
    assert {(what, kind) for what, kind, *_ in look(page)} >= {("overlap", "title"), ("outside", "axis title")}
