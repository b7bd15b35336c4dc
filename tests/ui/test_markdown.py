"""What a visitor brought, in an address or a file, is shown as it is: no link, no picture, no formula is made of it."""

import json
import re
from urllib.parse import urlencode

import pytest
from conftest import as_read, free_port, serve, settle
from support.temperature_files import calendar, weather

from lrviz.ui.markdown import JOINER, escaped, line

LOG_IN = "[Session expired. Log in](//evil.test)"
VECTORS = (
    LOG_IN, "[x][y]", "[x]: http://evil.test", "![x](http://evil.test/a.png)", "<http://evil.test/b>", "http://evil.test/c",
    "https://evil.test/d?a=b", "www.evil.test/e", "(WWW.evil.test)", "me@evil.test", "mailto:me@evil.test", "[^1]", "*a* _b_ **c** __d__",
    "~~gone~~ ~gone~", "`code` ``code``", "```python", "# Head", "###### Head", "1. one", "12) twelve", "- item", "+ item", "* item",
    "> quoted", "| a | b |", "---", "===", "***", "$x^2$", "$$\\frac12$$", "cost $5 or $6", ":red[x]", ":blue-background[x]",
    ":green-badge[x]", ":small[x]", ":help[x]", ":color[x]{foreground=red}", ":material/home:", ":smile: :+1:", ":streamlit:", "::: note",
    "&copy; &#65; &amp;", "<img src=http://evil.test/f.png>", "<b>x</b>", "<a href='//evil.test'>x</a>", "<!-- x -->", "a\\*b\\", "\\[x\\]",
    "10:30 and a:b", "plain words, 3.5 °C",
)  # fmt: skip
ELEMENTS = "a, img, svg, em, strong, b, i, del, code, pre, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, table, hr, sup, input, .katex, span"


def test_text_is_put_on_one_line_of_visible_characters():
    assert line("a\n\n# b\t c\x00\u202etxt.exe") == "a # b c\ufffd\ufffdtxt.exe"
    assert line("x" * 61, 60) == "x" * 59 + "…"
    assert line("\ud800") == "\ufffd"
    assert line("👩\u200d🔬") == "👩\u200d🔬"


def test_words_that_mean_nothing_stay_as_they_are():
    assert (
        escaped("day must be in (0, 366), got -1 at 3.5 °C; 'warm'")
        == "day must be in (0, 366), got -1 at 3.5 °C; 'warm'"
    )


SCRIPT = f"""
import streamlit as st
from lrviz.ui.markdown import escaped
for i, text in enumerate({VECTORS!r}):
    shown = escaped(text)
    with st.container(key=f"case-{{i}}"):
        st.markdown(shown)
        st.warning(shown)
        st.error("It says: " + shown + " $x^2$ :smile: and this.")
        st.caption(shown)
        st.button(shown, key=f"button {{i}}")
"""


@pytest.fixture(scope="module")
def shown(browser, tmp_path_factory):
    """A page that shows every vector in every way that Streamlit reads as Markdown, and what it asked for elsewhere."""
    script = tmp_path_factory.mktemp("script") / "vectors.py"
    script.write_text(SCRIPT, encoding="utf-8")
    port = free_port()
    process = serve(port, script=str(script))
    context = browser.new_context()
    page, elsewhere = context.new_page(), []
    page.on("request", lambda request: elsewhere.append(request.url) if "evil" in request.url else None)
    try:
        page.goto(f"http://localhost:{port}")
        page.locator(f".st-key-case-{len(VECTORS) - 1} button").wait_for()
        page.locator(".katex").nth(len(VECTORS) - 1).wait_for()
        yield page, elsewhere
    finally:
        context.close()
        process.kill()
        process.wait(10)


@pytest.mark.browser
@pytest.mark.parametrize("i", range(len(VECTORS)), ids=VECTORS)
def test_streamlit_shows_the_text_itself(shown, i):
    page, elsewhere = shown
    case = page.locator(f".st-key-case-{i}")
    plain = " ".join(VECTORS[i].split())
    containers = case.locator('[data-testid="stMarkdownContainer"], [data-testid="stCaptionContainer"]')
    texts = [text.replace(JOINER, "") for text in containers.all_inner_texts()]
    assert [text for text in texts if not text.startswith("It says")] == [plain] * 4
    (mixed,) = (text for text in texts if text.startswith("It says"))
    assert mixed.startswith(f"It says: {plain} ")  # beside words of our own that are a formula and a picture
    made = containers.filter(has_not_text="It says").locator(ELEMENTS)
    assert made.count() == 0
    assert case.locator("a").count() == case.locator("img").count() == 0
    assert case.locator(".katex").count() == 1
    assert elsewhere == []


# The places where a visitor's text is shown


@pytest.mark.parametrize("lesson", ["ewma", "trajectories", "schedules", "saddles", "mini_batch"])
@pytest.mark.parametrize("text", VECTORS[:16:3])
def test_keys_and_values_of_a_link_are_escaped_in_its_warning(run_page, lesson, text):
    choice = {"ewma": "signal", "schedules": "a.schedule", "mini_batch": "optimizer"}.get(lesson, "surface")
    page = run_page(lesson, urlencode({text: "1", choice: text}))
    (warning,) = page.warning
    assert warning.value.count(escaped(repr(text))) == 2
    if escaped(text) != text:
        assert text not in warning.value


def nasty(name: str = "temp") -> bytes:
    rows = [f"{day},{t / 10}" for day, t in zip(calendar(), weather(calendar()), strict=True)]
    return "\n".join([f"date,{name}", *rows]).encode()


def upload(page, raw, name):
    page.file_uploader[0].set_value((name, raw, "text/csv")).run()
    return page


def test_the_name_of_a_file_is_escaped_in_its_refusal(run_page):
    page = upload(run_page("ewma", "section=own_data"), b"", LOG_IN)
    (error,) = page.error
    assert error.value.startswith(escaped(LOG_IN) + ": ")


def test_a_cell_of_a_file_is_escaped_in_its_refusal(run_page):
    broken = nasty().replace(b"-12-31,", b"-12-31,[Log in](//evil.test)")
    page = upload(run_page("ewma", "section=own_data"), broken, "year.csv")
    (error,) = page.error
    assert escaped("[Log in](//evil.test)") in error.value
    assert "[Log in](//evil.test)" in as_read(error.value)


def test_the_name_of_a_file_stays_itself_in_the_figure_and_is_no_markup_there(run_page):
    name = "<a href='//evil.test'>x</a> $y$.csv"
    page = upload(run_page("ewma", "section=own_data"), nasty(), name)
    next(button for button in page.button if button.label.startswith("Show ")).click().run()
    (info,) = (info for info in page.info if info.value.startswith("Showing "))
    assert f"of {escaped(name)}." in info.value
    layout = json.loads(page.get_by_key("ewma.year").proto.bytes)
    assert name in layout["layout"]["meta"].pop("alt")  # an attribute, where nothing is markup
    assert "evil" not in json.dumps(layout)


@pytest.mark.browser
def test_a_hostile_link_and_a_hostile_file_make_nothing_on_the_page(open_page):
    page = open_page(
        "ewma?" + urlencode({"section": "own_data", LOG_IN: "1", "signal": "![x](http://evil.test/a.png) $x^2$"}),
        fresh=True,  # what is uploaded stays in the session
    )
    elsewhere = []
    page.on("request", lambda request: elsewhere.append(request.url) if "evil" in request.url else None)
    warning = page.locator('[data-testid="stAlert"]').first
    assert LOG_IN in warning.inner_text().replace(JOINER, "")
    assert warning.locator("a, img, .katex").count() == 0
    name = "[x](http://evil.test) <a href=//evil.test>$y$.csv"
    column = "![temp](http://evil.test/a.png) $x^2$"
    page.locator('input[type="file"]').set_input_files({"name": name, "mimeType": "text/csv", "buffer": nasty(column)})
    page.get_by_role("combobox", name=re.compile("Temperature column")).wait_for()
    page.get_by_role("button", name="Show 2099").click()
    note = page.locator('[data-testid="stAlert"]', has_text="Showing 2099")
    note.wait_for()
    settle(page)
    assert page.locator('.lrviz-plot[aria-label*="evil.test"]').count() == 1
    assert page.locator('a[href*="evil"], img[src*="evil"], [style*="evil"]').count() == 0
    assert note.locator("a, .katex").count() == 0
    assert (
        page.get_by_role("combobox", name=re.compile("Temperature column")).locator("..").locator(".katex").count() == 0
    )
    assert elsewhere == []
