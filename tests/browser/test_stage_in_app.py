"""The stage in the app: what a visitor's hand does to figures, settings and address."""

import numpy as np
import pytest
from conftest import growth, settle

import lrviz
from lrviz.lessons.ewma import SWEEP

pytestmark = pytest.mark.browser
PAGE = "ewma"
LONDON = lrviz.SIGNALS["london"]().value


def curve(page, name, figure=0):
    script = "([n, i]) => Array.from(document.querySelectorAll('.lrviz-plot')[i].data.find(t => t.name === n).y)"
    return np.array(page.evaluate(script, [name, figure]), dtype=float)


def rests(page):
    """Wait until the hand's last value is in the address; then return the decay rates there."""
    page.wait_for_function("() => location.search.includes('betas')")
    settle(page)
    return [float(v) for v in page.evaluate("new URLSearchParams(location.search).get('betas')").split(",")]


def test_the_plot_is_the_same_element_with_its_zoom_after_twenty_changes(page):
    page.evaluate("document.querySelector('.lrviz-plot').mark = 1")
    axes = page.evaluate(
        "(({ left, top }, { _size: s }) => [left + s.l + 0.3 * s.w, top + s.t + s.h + 14, s.w])("
        "document.querySelector('.lrviz-plot').getBoundingClientRect(), document.querySelector('.lrviz-plot')._fullLayout)"
    )
    page.mouse.move(axes[0], axes[1])  # below the axis the mouse moves it
    page.mouse.down()
    page.mouse.move(axes[0] - 0.1 * axes[2], axes[1], steps=4)
    page.mouse.up()
    seen = "[...document.querySelector('.lrviz-plot')._fullLayout.xaxis.range]"
    page.wait_for_function(f"() => {seen}[0] > 20")
    zoom = page.evaluate(seen)
    slider = page.get_by_label("decay rates 2", exact=True)
    drawn = int(page.locator(".lrviz-stage").first.get_attribute("data-updates"))
    for _ in range(20):
        slider.press("ArrowLeft")
    assert rests(page) == [0.5, 0.8, 0.98]
    np.testing.assert_allclose(curve(page, "average 2"), lrviz.ewma(LONDON, 0.8), rtol=1e-5, atol=1e-5)
    assert page.evaluate("document.querySelector('.lrviz-plot').mark") == 1
    assert page.evaluate(seen) == pytest.approx(zoom)
    assert int(page.locator(".lrviz-stage").first.get_attribute("data-updates")) > drawn
    page.locator(".lrviz-plot").first.evaluate("plot => Plotly.relayout(plot, { 'xaxis.range': [0, 366] })")


def test_after_a_fast_drag_the_last_value_wins_everywhere(page):
    slider = page.get_by_label("decay rates 2", exact=True)
    box = slider.bounding_box()
    y, width = box["y"] + box["height"] / 2, box["width"]
    page.mouse.move(box["x"] + 0.9 * width, y)
    page.mouse.down()
    for i in range(40):
        page.mouse.move(box["x"] + (0.15 + 0.7 * ((7 * i) % 40) / 40) * width, y)
    page.mouse.move(box["x"] + 0.4 * width, y)
    page.mouse.up()
    last = float(slider.input_value())
    assert rests(page) == [0.5, last, 0.98]
    assert 0.3 < last < 0.5
    np.testing.assert_allclose(curve(page, "average 2"), lrviz.ewma(LONDON, last), rtol=1e-5, atol=1e-5)
    assert float(slider.input_value()) == last
    assert page.get_by_label("decay rates 2, exact value").input_value() == f"{last:g}"


def test_while_something_is_dragged_the_figure_follows_and_the_address_waits(page):
    slider = page.get_by_label("decay rates 3", exact=True)
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.97 * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], y)
    value = float(slider.input_value())
    expected = float(lrviz.ewma(LONDON, value)[-1])
    page.wait_for_function(
        "v => Math.abs(document.querySelector('.lrviz-plot').data.find(t => t.name === 'average 3').y[364] - v) < 1e-4",
        arg=expected,
    )
    assert page.evaluate("location.search") == ""
    page.mouse.up()
    assert rests(page) == [0.5, 0.9, value]


def test_a_busy_server_is_asked_again_while_the_hand_is_ahead_and_for_the_last_value(page):
    page.evaluate("""() => {
      const prompt = window.fetch;
      let busy = 6;
      window.fetch = (...words) => busy-- > 0 ? Promise.resolve(new Response("busy, ask again", { status: 503 })) : prompt(...words);
    }""")
    slider = page.get_by_label("decay rates 3", exact=True)
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.97 * box["width"], y)
    page.mouse.down()
    for share in (0.9, 0.8, 0.6):
        page.mouse.move(box["x"] + share * box["width"], y)
    value = float(slider.input_value())
    page.wait_for_function(
        "v => Math.abs(document.querySelector('.lrviz-plot').data.find(t => t.name === 'average 3').y[364] - v) < 1e-4",
        arg=float(lrviz.ewma(LONDON, value)[-1]),
    )
    assert page.evaluate("location.search") == ""
    page.mouse.up()
    assert rests(page) == [0.5, 0.9, value]


def test_a_slider_dragged_away_and_back_leaves_nothing_to_wait_for(page):
    slider = page.get_by_label("decay rates 2", exact=True)
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    home = box["x"] + box["width"] * 0.9 / 0.995
    page.mouse.move(home, y)
    page.mouse.down()
    page.mouse.move(home - 60, y)
    page.wait_for_function("() => document.documentElement.dataset.lrvizEdits === 'pending'")
    value = "document.querySelector('.lrviz-plot').data.find(t => t.name === 'average 2').y[364]"
    page.wait_for_function(f"() => Math.abs({value} - {float(lrviz.ewma(LONDON, 0.9)[-1])}) > 1e-3")
    while float(slider.input_value()) != 0.9:
        home += 0.5 if float(slider.input_value()) < 0.9 else -0.5
        page.mouse.move(home, y)
    page.mouse.up()
    page.wait_for_function("() => document.documentElement.dataset.lrvizEdits === 'none'")
    settle(page)
    assert page.evaluate("location.search") == ""
    np.testing.assert_allclose(curve(page, "average 2"), lrviz.ewma(LONDON, 0.9), rtol=1e-5, atol=1e-5)


def test_a_key_is_seen_at_once_and_many_in_a_row_are_told_once(page):
    page.evaluate("""() => {
      const { pushState } = history;
      window.written = 0; // history.length ends at fifty
      history.pushState = function (...words) { window.written += 1; return pushState.apply(this, words); };
    }""")
    slider = page.get_by_label("decay rates 2", exact=True)
    drawn = "document.querySelector('.lrviz-plot').data.find(t => t.name === 'average 2').y[364]"
    slider.press("ArrowLeft")
    page.wait_for_function(f"() => Math.abs({drawn} - {float(lrviz.ewma(LONDON, 0.895)[-1])}) < 1e-4")
    slider.evaluate(
        "range => { for (let i = 0; i < 5; i += 1) { range.stepDown(); range.dispatchEvent(new Event('input')); } }"
    )
    page.wait_for_function("() => location.search.includes('0.87')")
    assert rests(page) == [0.5, 0.87, 0.98]
    assert 1 <= page.evaluate("written") <= 2


def test_an_answer_that_a_run_of_the_page_has_overtaken_is_not_drawn(page):
    page.evaluate("""() => {
      const prompt = window.fetch;
      window.fetch = async (...words) => {
        window.fetch = prompt;
        const answer = await prompt(...words);
        await new Promise((go) => { window.answer = go; });
        return answer;
      };
    }""")
    page.get_by_label("decay rates 2", exact=True).press("ArrowLeft")
    assert rests(page) == [0.5, 0.895, 0.98]
    page.get_by_role("button", name="Reset", exact=True).click()
    page.wait_for_function("() => location.search === ''")
    settle(page)
    page.evaluate("answer()")
    page.wait_for_timeout(500)
    np.testing.assert_allclose(curve(page, "average 2"), lrviz.ewma(LONDON, 0.9), rtol=1e-5, atol=1e-5)


def test_a_day_is_picked_by_mouse_and_by_keyboard_and_both_stages_follow(page):
    plot = page.locator(".lrviz-plot").first
    left, top = plot.evaluate(
        "plot => (({ left, top }, { _size: s, xaxis: x }) => [left + s.l + x.d2p(200), top + s.t + s.h / 2])("
        "plot.getBoundingClientRect(), plot._fullLayout)"
    )
    page.mouse.click(left, top)
    page.wait_for_function("() => /[?&]day=(199|200|201)$/.test(location.search)")
    settle(page)
    day = int(page.evaluate("new URLSearchParams(location.search).get('day')"))
    assert page.evaluate("document.querySelectorAll('.lrviz-plot')[1].data[0].x[0]") == day
    plot.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"() => location.search === '?day={day - 1}'")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function(f"() => location.search === '?day={day + 4}'")
    settle(page)
    assert list(page.evaluate("Array.from(document.querySelectorAll('.lrviz-plot')[0].data.at(-1).x)")) == [day + 4] * 3
    assert page.evaluate("document.querySelectorAll('.lrviz-plot')[1].data[0].x[0]") == day + 4
    np.testing.assert_allclose(curve(page, "reading", 1)[:3], LONDON[[day + 3, day + 2, day + 1]], rtol=1e-5)


def test_the_sweep_plays_steps_and_loops_in_the_app(page):
    bar = page.locator(".lrviz-bar").first
    bar.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelector('.lrviz-bar input[type=range]').value > 3")
    bar.get_by_role("button", name="Pause").click()
    at = int(bar.locator("input[type=range]").input_value())
    bar.get_by_role("button", name="One step back").click()
    beta = SWEEP[at - 1]
    assert bar.locator("output").inner_text() == f"β {beta:.4g}"
    page.wait_for_function(
        "v => Math.abs(document.querySelector('.lrviz-plot').data.find(t => t.name === 'sweep').y[364] - v) < 1e-4",
        arg=float(lrviz.ewma(LONDON, beta)[-1]),
    )
    np.testing.assert_allclose(curve(page, "sweep"), lrviz.ewma(LONDON, beta), rtol=1e-4, atol=1e-4)
    assert page.evaluate("location.search") == ""  # playing is no setting


def test_a_figure_that_is_drawn_slowly_is_not_taken_away_by_the_next(page):
    page.evaluate("""() => {
      const react = Plotly.react;
      Plotly.react = async (...words) => {
        await new Promise((go) => setTimeout(go, 1500));
        return react(...words);
      };
      window.hasten = () => { Plotly.react = react; };
      document.querySelector('.lrviz-plot').mark = document.querySelector('[aria-label="days shown"]').mark = 1;
    }""")
    days = page.get_by_role("slider", name="days shown")
    for shown in (364, 363, 362):
        days.press("ArrowLeft")
        page.wait_for_function("days => new URLSearchParams(location.search).get('last_day') == days", arg=str(shown))
    page.evaluate("hasten()")
    settle(page)
    page.wait_for_function(
        "() => document.querySelector('.lrviz-plot').data.find(t => t.name === 'average 2').y.length === 362"
    )
    for part in (".lrviz-plot", "[aria-label='days shown']"):
        assert page.evaluate("part => document.querySelector(part).mark", part) == 1


def test_another_page_and_back_draws_both_stages_again(page):
    page.get_by_label("decay rates 1", exact=True).press("ArrowRight")
    assert rests(page) == [0.505, 0.9, 0.98]
    page.get_by_role("link", name="Home", exact=True).click()
    page.locator(".lrviz-plot").first.wait_for(state="detached")
    page.go_back()
    page.wait_for_selector(".lrviz-stage[data-updates] .main-svg")
    settle(page)
    assert page.locator(".lrviz-plot .main-svg").count() >= 2
    np.testing.assert_allclose(curve(page, "average 1"), lrviz.ewma(LONDON, 0.505), rtol=1e-5, atol=1e-5)
    page.get_by_label("decay rates 1", exact=True).press("ArrowLeft")
    page.wait_for_function("() => location.search === ''")
    settle(page)
    np.testing.assert_allclose(curve(page, "average 1"), lrviz.ewma(LONDON, 0.5), rtol=1e-5, atol=1e-5)


def test_many_changes_by_hand_leave_memory_as_it_was(page):
    slider = page.get_by_label("decay rates 2", exact=True)

    def change():
        for i in range(20):
            slider.press("ArrowLeft" if i % 2 else "ArrowRight")
            page.wait_for_timeout(40)
        settle(page)

    more = growth(page, change)
    assert more[0] < 350_000  # twenty drawings that nobody lets go of are 500,000
    assert more[1] < 20  # less than one a change
    assert more[2] < 20
