"""Hover texts: their numbers are written as all others, on the stage and in exports, whatever Plotly would make of them."""

import json
import random

import numpy as np
import pytest
from conftest import load_stage
from support.broken_forms import broken
from support.hover_texts import FORMAT, SLOT, filled, formatted, hover_texts

from lrviz.figures import galleries
from lrviz.figures.plot.axes import log_axis
from lrviz.figures.plot.theme import BLUE, spec
from lrviz.figures.plot.traces import line
from lrviz.lessons import LESSONS
from lrviz.ui.assets import address
from lrviz.ui.stage import packed


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [(2e-6, ".3g", "2 × 10⁻⁶"), (1e-6, ".3g", "10⁻⁶"), (-0.5, ".2f", "−0.50"), (1234.5, ".3g", "1,234"), (10_000, ",", "10,000"), (1.25, ",", "1.25"),
     (3e9, ".2f", "3 × 10⁹"), (-1e-4, ".2f", "0.00"), (0, ".3g", "0")],
)  # fmt: skip
def test_a_slot_reads_like_a_number_in_a_sentence(value, form, text):
    assert formatted(value, form) == text


def test_a_number_without_a_format_is_left_to_nobody():
    trace = line([1.0], [2.0], "a", BLUE, "step %{x}: %{y:.3g}")
    with pytest.raises(ValueError, match="without a format"):
        filled(trace, (0,))
    with pytest.raises(ValueError, match="not a format of the house"):
        formatted(1.0, ".3e")


@pytest.mark.parametrize("name", LESSONS)
def test_every_number_in_a_hover_text_has_a_format_of_the_house(name):
    results = LESSONS[name].compute(LESSONS[name].settings())
    for picture in galleries()[name].values():
        content = picture.spec(results)
        for trace in content["data"]:
            for slot, form in SLOT.findall(trace.get("hovertemplate", "")):
                assert FORMAT.fullmatch(form) or slot in ("text", "customdata"), (picture.name, trace["hovertemplate"])
        assert [odd for _, text in hover_texts(content) for odd in broken(text)] == [], picture.name
        for axes in [
            part
            for key, part in content["layout"].items()
            if key.startswith(("xaxis", "yaxis")) and part.get("visible") is not False
        ]:
            assert (axes["exponentformat"], axes["separatethousands"]) == ("power", True), picture.name


@pytest.fixture(scope="module")
def stage(open_shared):
    """An empty page with plotly.js, the stage and its numbers."""
    page = open_shared("_stcore/health", figure=False)
    load_stage(page)
    page.evaluate("async (url) => Object.assign(window, await import(url))", address("number.js"))
    return page


@pytest.mark.browser
def test_the_stage_writes_numbers_as_sentences_do(stage):
    dice = random.Random(1)
    values = [dice.choice((-1, 1)) * 10 ** dice.uniform(-12, 12) for _ in range(2000)]
    values += [
        0,
        1,
        -1,
        1e-4,
        9.9996e-5,
        1e7,
        9_999_999.6,
        0.99996,
        *(dice.randint(-10_000_000, 10_000_000) for _ in range(500)),
    ]
    cases = [(value, form) for value in values for form in (".1g", ".3g", ".4g", ".1f", ".2f", ".4f", ",")]
    said = stage.evaluate("cases => cases.map(([value, form]) => formatter(form)(value))", cases)
    wanted = [formatted(value, form) for value, form in cases]
    assert [(case, a, b) for case, a, b in zip(cases, said, wanted, strict=True) if a != b] == []


@pytest.mark.browser
def test_a_tiny_value_under_the_mouse_reads_like_a_number_in_a_sentence(stage):
    curve = line(np.array([1e-6, 1e-3, 1.0]), np.array([2.5e-6, 0.5, -0.0]) + 1e-9, "loss", BLUE, "rate %{x:.3g}: loss %{y:.3g}, step %{customdata:,}",
                 mode="lines+markers", customdata=np.array([12_000, 2, 3]))  # fmt: skip
    figure = spec(
        [curve], title="A loss", alt="A line", xaxis=log_axis("rate", [-7, 1]), yaxis=log_axis("loss", [-7, 1])
    )
    stage.evaluate("""async (text) => {
      const root = document.body.appendChild(document.createElement("div"));
      await mount(root).update(inflate(JSON.parse(text)), {});
    }""", json.dumps(figure, default=packed))  # fmt: skip
    for _ in range(2):  # Plotly makes its own formats anew at every redraw
        x, y = stage.evaluate("""() => {
          const plot = document.querySelector(".lrviz-plot"), box = plot.getBoundingClientRect(), { xaxis, yaxis } = plot._fullLayout;
          return [box.left + xaxis._offset + xaxis.d2p(1e-6), box.top + yaxis._offset + yaxis.d2p(2.5e-6)];
        }""")  # fmt: skip
        stage.mouse.move(x + 300, y - 100)
        stage.mouse.move(x, y, steps=3)
        stage.wait_for_selector(".hoverlayer text")
        assert stage.locator(".hoverlayer").text_content().strip() == "rate 10⁻⁶: loss 2.5 × 10⁻⁶, step 12,000"
        stage.evaluate("() => Plotly.relayout(document.querySelector('.lrviz-plot'), { 'xaxis.range': [-7.5, 1] })")
    ticks = stage.evaluate("() => [...document.querySelectorAll('.ytick text')].map((tick) => tick.textContent)")
    assert "10\u200b−6\u200b" in ticks  # Plotly puts its superscripts between spaces without width
    assert [odd for tick in ticks for odd in broken(tick)] == []
