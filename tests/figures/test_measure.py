"""Widths of text in Python against those that a browser finds, and lines broken by them."""

from itertools import pairwise

import pytest
from conftest import load_stage

from lrviz.figures.plot.measure import KEY_GAP, fitted, text_width, wrapped
from lrviz.figures.plot.theme import FONT, STROKES, key_line, spec

TEXTS = (
    "From zero the average starts too low",
    "AVATAR, Tofu, 0.0001 − 1,000,000",
    "<b>bold</b> and <i>plain</i>, 10<sup>−3</sup>, v<sub>t</sub>",
    f"<span style='color:#d55e00'>{STROKES['dashdot']}</span> β = 0.98{KEY_GAP}≤ √2 μ°",
    "a &lt; b",
)
LONG = "A rather long title that cannot stand on one line of a telephone"


@pytest.mark.browser
def test_widths_are_those_of_a_browser(open_page):
    from lrviz.ui.assets import address

    page = open_page("_stcore/health", figure=False)
    load_stage(page)
    code = """async ([module, texts, font]) => {
      await document.fonts.load("400 15px 'lrviz Sans'");
      await document.fonts.load("700 15px 'lrviz Sans'");
      const { textWidth } = await import(module);
      return texts.map((text) => textWidth(text, 15, font));
    }"""
    found = page.evaluate(code, [address("fit.js"), TEXTS, FONT])
    # pairs of letters that move closer, as A and V do, are the browser's alone
    assert [text_width(text, 15) for text in TEXTS] == pytest.approx(found, rel=0.03)


def test_a_width_grows_with_size_and_counts_no_tags():
    assert (
        text_width("10", 20) == 2 * text_width("10", 10) == pytest.approx(2 * 2 * 5.72)
    )  # Noto Sans: digits of 572/1000 em
    assert text_width("<span style='color:#1b1f24'>10</span>", 10) == text_width("10", 10)
    assert text_width("10<sup>10</sup>", 10) == pytest.approx(1.7 * text_width("10", 10))
    assert text_width("均值", 10) == 20


@pytest.mark.parametrize("across", [120, 200, 350, 2000])
def test_lines_fit_and_say_the_same(across):
    text = wrapped(LONG, " ", across, 15)
    assert text.replace("<br>", " ") == LONG
    lines = text.split("<br>")
    assert all(text_width(line, 15) <= across for line in lines)
    for line, following in pairwise(lines):
        assert text_width(f"{line} {following.split()[0]}", 15) > across


def test_a_key_breaks_between_its_entries_first():
    entries = [(name, "#d55e00", "dash") for name in ("gradient descent", "momentum", "RMSprop")]
    text = wrapped(key_line(entries)["text"], KEY_GAP, 260, 15)
    lines = text.split("<br>")
    assert len(lines) == 2
    assert all(line.startswith("<span") and text_width(line, 15) <= 260 for line in lines)


def test_a_layout_gets_room_for_its_lines():
    content = spec([], title=" ".join([LONG] * 3), alt="", annotations=[key_line([("a", "#d55e00", "dash")])])
    before, after = content["layout"], fitted(content["layout"], 700)
    more = after["title"]["text"].count("<br>")
    assert more >= 2
    assert after["margin"]["t"] - before["margin"]["t"] == round(1.3 * 17 * more)
    assert fitted(before, 5000) is before
