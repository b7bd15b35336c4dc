"""Every page for those who do not see it, or do not use a mouse: axe-core's rules, texts of figures, the Tab key, arrows.

axe-core comes with axe-playwright-python. A violation inside one of Streamlit's own widgets that cannot be mended from
here is let through by ALLOWED, with a reason; any other of serious or critical impact fails.
"""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from conftest import settle

from lrviz.lessons import LESSONS

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
BAD = ("serious", "critical")
ALLOWED = {  # (rule, what the element's own HTML matches): why
    ("scrollable-region-focusable", r'class="katex-display"'): (
        "Streamlit lets a formula scroll sideways and gives it no tabindex; a letter that leans two pixels over suffices. "
        "Browsers make what scrolls focusable by themselves."
    ),
}
COLOURS = "{runOnly: {type: 'rule', values: ['color-contrast']}}"


def violations(page, options="{}"):
    """(rule, element's HTML, what is wrong) for everything serious that ALLOWED does not let through."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(f"axe.run({{resultTypes: ['violations'], ...{options}}})")["violations"]
    return [
        (rule["id"], node["html"][:200], node["failureSummary"])
        for rule in found
        if rule["impact"] in BAD
        for node in rule["nodes"]
        if not any(rule["id"] == known and re.search(html, node["html"]) for known, html in ALLOWED)
    ]


@pytest.mark.parametrize("name", ["", *LESSONS])
def test_axe_finds_nothing_serious_that_is_ours(open_page, name):
    page = open_page(name, figure=bool(name))
    scheme = "getComputedStyle(document.querySelector('.stApp')).colorScheme"
    assert page.evaluate(scheme) == "light"
    assert violations(page) == []
    if name:
        figures_have_words(page)
    else:
        page.get_by_role("heading", name="Notation").wait_for()
    page.emulate_media(color_scheme="dark")
    settle(page)
    assert page.evaluate(scheme) == "dark"
    assert violations(page, COLOURS) == []  # nothing else changes with the theme


def figures_have_words(page):
    """Each figure is an image with a text, and the next text on the page is its sentence."""
    plots = page.locator(".lrviz-plot")
    assert plots.count() >= 1
    for i in range(plots.count()):
        assert plots.nth(i).get_attribute("role") == "img"
        assert len(plots.nth(i).get_attribute("aria-label")) > 20
        sentence = (
            page.locator("[data-testid='stMarkdownContainer']")
            .filter(has_text=re.compile(r"\w+ \w+"))
            .evaluate_all(
                "(all, plot) => all.find((e) => plot.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)?.innerText",
                plots.nth(i).element_handle(),
            )
        )
        assert re.fullmatch(r"(?s)\S.{20,}[.?]", sentence.strip()), sentence


def test_axe_has_something_to_find(open_page):
    """The same check on a page with faults of its own."""
    page = open_page("ewma")
    page.evaluate("document.querySelector('.lrviz-slider input').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('.stMain p').style.color = '#eeeeee'")
    assert {rule for rule, *_ in violations(page)} == {"label", "color-contrast"}
    assert {rule for rule, *_ in violations(page, COLOURS)} == {"color-contrast"}


LIVE = ".lrviz-slider input, .lrviz-slider button, .lrviz-slider .lrviz-help, .lrviz-bar button, .lrviz-bar input, .lrviz-bar select, .lrviz-tools button"


@pytest.mark.parametrize("name", LESSONS)
def test_tab_reaches_everything_in_order_and_back(open_page, name):
    page = open_page(name)
    wanted = page.locator(f"{LIVE}, .lrviz-plot[tabindex='0']").locator("visible=true")
    number = wanted.evaluate_all("(all) => all.forEach((e, i) => (e.dataset.nth = i)) ?? all.length")
    first = page.locator("a").first
    first.evaluate("(e) => { e.dataset.nth = 'again'; e.focus(); }")
    reached = []
    for _ in range(300):
        page.keyboard.press("Tab")
        nth = page.evaluate("document.activeElement?.dataset.nth")
        if nth == "again":
            break
        if nth:
            reached.append(int(nth))
    assert reached == list(range(number))


@pytest.mark.parametrize("name", LESSONS)
def test_arrow_keys_move_every_slider_the_bar_and_the_start(open_page, name):
    page = open_page(name)
    said = "(all) => all.map((e) => e.getAttribute('aria-valuetext'))"
    for sliders in (page.locator(".lrviz-slider input[type=range]"), page.locator(".lrviz-bar > input[type=range]")):
        shown = sliders.locator("visible=true")
        before = shown.evaluate_all(said)
        for slider in shown.all():
            slider.press("ArrowLeft" if slider.evaluate("(e) => Number(e.value) >= Number(e.max)") else "ArrowRight")
        settle(page)
        after = shown.evaluate_all(said)
        names = shown.evaluate_all("(all) => all.map((e) => e.getAttribute('aria-label'))")
        assert all(names)
        assert [name for name, old, new in zip(names, before, after, strict=True) if old == new] == []
    for plot in page.locator(".lrviz-plot[tabindex='0']").all():
        before = page.url
        plot.press("ArrowRight")
        page.wait_for_function("(before) => location.href !== before", arg=before)
