"""The mini-batch page as a visitor has it: by link, and in a browser."""

import numpy as np
import pytest
from conftest import as_read, settle, unfold

from lrviz.figures.mini_batch import PICTURES
from lrviz.lessons.mini_batch import LESSON, SECTIONS, compute

PAGE = "mini_batch"

# ------------------------------------------------------------------------------------------------------- by link


def words(app):
    return " ".join(element.value for element in app.markdown)


def sound(app):
    return len(app.exception) == len(app.error) == len(app.warning) == 0


def controls(app):
    return {component.proto.id.rsplit("mini_batch.", 1)[-1] for component in app.get("bidi_component")}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_by_link_with_its_sentence(run_page, section):
    app = run_page("mini_batch", f"section={section}&m=64&batch_size=8&drawing=replacement&epochs=6")
    assert sound(app)
    results = compute(LESSON.settings(section=section, m=64, batch_size=8, drawing="replacement", epochs=6))
    assert PICTURES["paths"].caption(results) in words(app)
    assert PICTURES[section].caption(results) in words(app)


@pytest.mark.parametrize(
    "query",
    [
        "batch_size=1000", "m=10&data=logistic_regression", "axis=seconds&scale=log", "section=noise&gd.lr=5",
        "section=noise&m=100000&shown=batch", "section=target&schedule=piecewise_constant_decay&piecewise_constant_decay.values=1",
        "section=cutting&cut_m=1&cut_b=5", "section=regularisation&l2=0", "epoch=3.5&section=noise&style=slide", "shown=stochastic",
    ],
)  # fmt: skip
def test_odd_settings_open(run_page, query):
    assert sound(run_page("mini_batch", query))


def test_a_bad_entry_is_named_and_the_rest_honoured(run_page):
    app = run_page("mini_batch", "batch_size=0&m=20000000&shown=batch,mini&gd.lr=0.1&momentum.bta=1&axis=samples")
    (warning,) = app.warning
    for named in ("batch_size must be a whole number in [1, 100000], got", "m must be a whole number in [10, 100000]",
                  "shown must be 1 to 3 different words", "no setting is called 'momentum.bta'; did you mean 'momentum.beta'?"):  # fmt: skip
        assert named in as_read(warning.value)
    assert "samples for mini-batch" in words(app)
    assert not app.exception


def test_optimizer_schedule_and_data_bring_their_own_controls(run_page):
    query = "optimizer=adam&schedule=cosine_decay&data=logistic_regression&section=noise&decay=step_decay"
    app = unfold(run_page("mini_batch", query))
    assert sound(app)
    offered = controls(app)
    wanted = {
        "adam.lr",
        "adam.beta1",
        "cosine_decay.alpha",
        "logistic_regression.flipped",
        "step_decay.drop",
        "replicas",
    }
    assert wanted <= offered
    assert not {"gd.lr", "linear_regression.noise", "inverse_time_decay.decay_rate"} & offered


def test_the_same_schedule_above_and_below_is_offered_once(run_page):
    app = unfold(run_page("mini_batch", "schedule=step_decay&section=noise&decay=step_decay"))
    assert sound(app)


def test_measured_sections_end_with_a_way_to_measure_again(run_page):
    app = run_page("mini_batch", "section=timing&m=32")
    assert "| B | updates an epoch |" in words(app)
    (button,) = [b for b in app.button if b.label == "Measure again"]
    button.click().run()
    assert sound(app)


# ------------------------------------------------------------------------------------------------------- in a browser


def trace(page, name, of=0):
    """x and y of a trace, on the of-th plot, as the browser has it (float32)."""
    script = """([name, of]) => {
      const trace = document.querySelectorAll('.lrviz-plot')[of].data.find((t) => t.name === name);
      return [Array.from(trace.x), Array.from(trace.y)]; }"""
    return np.array(page.evaluate(script, [name, of]), dtype=float)


def pixel(page, x, y):
    script = """([x, y]) => {
      const plot = document.querySelector('.lrviz-plot'), box = plot.getBoundingClientRect();
      const {xaxis, yaxis} = plot._fullLayout;
      return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)]; }"""
    return page.evaluate(script, [x, y])


def wait_for(page, key):
    page.wait_for_function("key => new URLSearchParams(location.search).has(key)", arg=key)
    settle(page)


def scrub(page, step, of=0):
    """Put the of-th time bar at a step, as a hand that lets go of it does."""
    script = """([bar, step]) => { bar.value = step; bar.dispatchEvent(new Event('input', {bubbles: true}));
      bar.dispatchEvent(new Event('change', {bubbles: true})); }"""
    bar = page.locator(".lrviz-bar input[type=range]").nth(of).element_handle()
    page.evaluate(script, [bar, step])
    wait_for(page, "epoch")


@pytest.mark.browser
def test_a_drag_carries_the_start_and_every_path_with_it(page):
    page.mouse.move(*pixel(page, -4.0, 3.0))
    page.mouse.down()
    for x, y in ((-2, 2), (0, 1), (3, -2)):
        page.mouse.move(*pixel(page, x, y), steps=4)
        page.wait_for_timeout(100)
    page.mouse.up()
    wait_for(page, "w1")
    for name in ("batch", "mini-batch", "stochastic"):
        x, y = trace(page, f"{name} path")
        assert x[0] == pytest.approx(3, abs=0.1)
        assert y[0] == pytest.approx(-2, abs=0.1)
    w1, w2 = (float(page.evaluate("key => new URLSearchParams(location.search).get(key)", key)) for key in ("w1", "w2"))
    drawn = trace(page, "mini-batch path")
    (path,) = compute(LESSON.settings(w1=w1, w2=w2, shown=("mini_batch",))).paths
    np.testing.assert_allclose(drawn.T, path.run.path, rtol=1e-5, atol=1e-5)
    assert page.locator(".contourlayer .contour").count() > 0


@pytest.mark.browser
def test_all_heads_move_together_and_the_contour_stays(page):
    scrub(page, 12)
    # Twelve steps of 20/240 epochs are one epoch: one update of batch, 8 of mini-batch, 128 of stochastic.
    for path, updates in zip(compute(LESSON.settings()).paths, (1, 8, 128), strict=True):
        head = trace(page, f"{path.name.replace('_', '-')} now")
        np.testing.assert_allclose(head[:, 0], path.run.path[updates], rtol=1e-5)
    assert page.locator(".contourlayer .contour").count() > 0


@pytest.mark.browser
def test_the_rate_slider_moves_the_paths_and_the_address(page):
    slider = page.get_by_role("slider", name="learning rate").first
    slider.press("ArrowRight")
    wait_for(page, "gd.lr")
    rate = float(page.evaluate("new URLSearchParams(location.search).get('gd.lr')"))
    assert rate > 0.2
    (path,) = compute(LESSON.settings(shown=("batch",), **{"gd.lr": rate})).paths
    np.testing.assert_allclose(trace(page, "batch path").T, path.run.path, rtol=1e-5, atol=1e-5)
    page.go_back()
    page.wait_for_function("() => location.search === ''")


@pytest.mark.browser
def test_playing_the_epochs_moves_both_clouds(page):
    page.get_by_role("radio", name="Fixed rate or decay").click()
    wait_for(page, "section")
    page.wait_for_selector(".lrviz-stage >> nth=1")
    settle(page)
    fixed, decaying = compute(LESSON.settings()).clouds
    scrub(page, 3, of=1)
    for cloud, name in ((fixed, "fixed: runs"), (decaying, "decay: runs")):
        np.testing.assert_allclose(trace(page, name, of=1).T, cloud.points[:, 3], rtol=1e-5, atol=1e-6)
    assert "after epoch 3 " in page.locator("body").inner_text()


@pytest.mark.browser
def test_a_phone_has_the_figure_and_its_sections_without_scrolling_sideways(open_page):
    page = open_page("mini_batch?section=cutting", size=(390, 844), theme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    widths = page.evaluate("[...document.querySelectorAll('.lrviz-plot')].map((p) => p._fullLayout.width)")
    assert len(widths) == 2
    assert max(widths) <= 390
