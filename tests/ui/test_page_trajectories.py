"""The trajectories page as a visitor has it: by link, and in a browser."""

import numpy as np
import pytest
from conftest import as_read, settle, unfold

from lrviz.descent import descend
from lrviz.figures.trajectories import PICTURES, step_formula
from lrviz.lessons.trajectories import LESSON, compute
from lrviz.lessons.trajectories.settings import RULES, SECTIONS
from lrviz.link import query_string
from lrviz.schedules import SCHEDULES
from lrviz.surfaces import SURFACES

PAGE = "trajectories"

# ------------------------------------------------------------------------------------------------------- by link


def words(app):
    return " ".join(element.value for element in app.markdown)


def sound(app):
    return len(app.exception) == len(app.error) == len(app.warning) == 0


@pytest.mark.parametrize("section", [s for s in SECTIONS if s != "step"])
def test_every_section_opens_by_link_with_its_sentence(run_page, section):
    app = run_page("trajectories", f"section={section}&resolution=8&budget=10&surface=himmelblau")
    assert sound(app)
    results = compute(LESSON.settings(section=section, resolution=8, budget=10, surface="himmelblau"))
    assert PICTURES[section].caption(results) in words(app)


def test_the_step_is_written_out_for_every_optimizer(run_page):
    app = run_page("trajectories", "step=4&noise=0.5")
    assert sound(app)
    results = compute(LESSON.settings(step=4, noise=0.5))
    assert "Step 5 of 200" in words(app)
    for run in results.runs:
        assert run.entry.formula in words(app)
        assert any(step_formula(results, run) in latex.value for latex in app.latex)


@pytest.mark.parametrize("surface", [name for name in SURFACES if name != "ravine"])
def test_every_surface_opens_with_its_own_controls(run_page, surface):
    app = unfold(run_page("trajectories", f"surface={surface}&section=rates&optimizers=rmsprop,adadelta&rule=tuned"))
    assert sound(app)
    for key in ("x", "y", *SURFACES[surface].bound):
        assert app.get_by_key(f"trajectories.{surface}.{key}") is not None


@pytest.mark.parametrize("schedule", [name for name in SCHEDULES if name != "constant"])
def test_every_schedule_opens_with_its_own_controls(run_page, schedule):
    app = unfold(run_page("trajectories", f"schedule={schedule}&section=rates&warmup_steps=10"))
    assert sound(app)
    assert "do not fit" not in words(app)
    assert app.selectbox(key="trajectories.schedule").value == schedule


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_of_comparison_decides_which_rates_can_be_set(run_page, rule):
    app = run_page("trajectories", f"rule={rule}&section=sensitivity")
    assert sound(app)
    keys = [slider.proto.id for slider in app.get("bidi_component")]
    offered = {
        key: any(f"trajectories.{key}" in identity for identity in keys) for key in ("gd.lr", "adam.lr", "adamw.lr")
    }
    assert offered == dict.fromkeys(("gd.lr", "adam.lr"), rule == "own") | {"adamw.lr": False}
    assert any(identity.endswith("trajectories.lr") for identity in keys) == (rule == "same")


@pytest.mark.parametrize(
    "query",
    [
        "steps=1", "steps=10000&section=view3d", "rule=same&lr=0&section=sensitivity", "ravine.x=-900000&section=view3d",
        "surface=saddle&section=basins", "surface=saddle&saddle.x=0&saddle.y=0&rmsprop.eps=0",
        "schedule=piecewise_constant_decay&piecewise_constant_decay.values=1", "rmsprop.initial=first_gradient",
        "optimizers=adagrad,adagrad_rms,adadelta,amsgrad,adamax,nadam,radam,adamw&section=rates&step=9999",
        "section=rate_beta&maps=adadelta&resolution=8",
    ],
)  # fmt: skip
def test_odd_settings_open(run_page, query):
    assert sound(run_page("trajectories", query))


def test_a_bad_entry_is_named_and_the_rest_honoured(run_page):
    app = run_page("trajectories", "optimizers=gd,adma&steps=20000&surface=beale&adam.beta1=1&ravine.kapa=1")
    (warning,) = app.warning
    for named in ("optimizers must be 1 to 8 different words", "steps must be", "adam.beta1 must be in [0, 1), got 1",
                  "no setting is called 'ravine.kapa'; did you mean 'ravine.kappa'?"):  # fmt: skip
        assert named in as_read(warning.value)
    assert app.selectbox(key="trajectories.surface").value == "beale"
    assert not app.exception


# ------------------------------------------------------------------------------------------------------- in a browser


def line(page, name, which=0, of=0):
    """x and y of the which-th trace of a name, on the of-th plot, as the browser has it (float32)."""
    script = """([name, which, of]) => {
      const trace = document.querySelectorAll('.lrviz-plot')[of].data.filter((t) => t.name === name)[which];
      return [Array.from(trace.x), Array.from(trace.y)]; }"""
    return np.array(page.evaluate(script, [name, which, of]), dtype=float)


def pixel(page, x, y, of=0):
    """Where a point of the contour (or a map) is on the screen."""
    script = """([x, y, of]) => {
      const plot = document.querySelectorAll('.lrviz-plot')[of], box = plot.getBoundingClientRect();
      const {xaxis, yaxis} = plot._fullLayout;
      return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)]; }"""
    return page.evaluate(script, [x, y, of])


def query(page, key):
    return page.evaluate("key => new URLSearchParams(location.search).get(key)", key)


def wait_for(page, key):
    page.wait_for_function("key => new URLSearchParams(location.search).has(key)", arg=key)
    settle(page)


@pytest.mark.browser
def test_a_click_sets_the_start_and_the_paths_begin_there(page):
    page.mouse.click(*pixel(page, 3.0, -1.0))
    wait_for(page, "ravine.x")
    x, y = float(query(page, "ravine.x")), float(query(page, "ravine.y"))
    assert (x, y) == (pytest.approx(3.0, abs=0.05), pytest.approx(-1.0, abs=0.05))
    expected = descend("ravine", "adam", (x, y), 200, lr=0.5).xy
    np.testing.assert_allclose(line(page, "Adam").T, expected, rtol=1e-5, atol=1e-5)
    assert page.locator(".contourlayer path").count() > 10
    page.go_back()
    page.wait_for_function("() => location.search === ''")


@pytest.mark.browser
def test_the_paths_follow_the_finger_while_it_drags(page):
    page.mouse.move(*pixel(page, -4.0, 2.0))
    page.mouse.down()
    page.mouse.move(*pixel(page, 1.0, 2.5), steps=5)
    page.wait_for_function("""() => document.querySelector('.lrviz-plot').data
        .filter((t) => t.name === 'Gradient descent')[0].x[0] > 0""")
    assert query(page, "ravine.x") is None  # the address waits until the hand rests
    page.mouse.up()
    wait_for(page, "ravine.x")
    assert line(page, "Gradient descent")[0, 0] == pytest.approx(float(query(page, "ravine.x")), abs=1e-5)


@pytest.mark.browser
def test_play_pause_step_back_and_on_move_every_head(page):
    bar = page.locator(".lrviz-bar").first
    bar.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('.lrviz-bar input[type=range]').value > 8")
    bar.get_by_role("button", name="Pause", exact=True).click()
    wait_for(page, "step")
    at = int(query(page, "step"))
    bar.get_by_role("button", name="One step back").click()
    page.wait_for_function("at => new URLSearchParams(location.search).get('step') == at", arg=str(at - 1))
    settle(page)
    for which in range(4):  # path, loss, gradient, rate: each line has its head
        (whole, head) = line(page, "Adam", which), line(page, "Adam, now", which)
        np.testing.assert_allclose(head[:, 0], whole[:, at - 1], rtol=1e-6)
    assert page.get_by_text(f"Step {at} of 200").is_visible()
    bar.get_by_role("button", name="One step on").click()
    page.wait_for_function("at => new URLSearchParams(location.search).get('step') == at", arg=str(at))
    assert page.locator(".lrviz-plot").first.locator(".contourlayer path").count() > 10


@pytest.mark.browser
def test_a_rate_moved_by_keyboard_is_set_and_its_reset_unsets_it(page):
    slider = page.get_by_role("slider", name="Gradient descent")
    slider.press("ArrowRight")
    wait_for(page, "gd.lr")
    rate = float(query(page, "gd.lr"))
    assert 0.09 < rate < 0.1
    np.testing.assert_allclose(
        line(page, "Gradient descent").T, descend("ravine", "gd", (-4.0, 2.0), 200, lr=rate).xy, atol=1e-5
    )
    page.get_by_role("button", name="Reset Gradient descent to 0.09").click()
    page.wait_for_function("() => location.search === ''")


@pytest.mark.browser
def test_what_a_lid_hides_is_there_when_it_opens_and_moves_the_figure(page):
    assert page.get_by_role("slider", name="kappa").count() == 0
    page.get_by_text("Start and surface").click()
    page.get_by_role("slider", name="kappa").press("ArrowRight")
    wait_for(page, "ravine.kappa")
    kappa = float(query(page, "ravine.kappa"))
    expected = descend(SURFACES["ravine"].bind(kappa=kappa), "gd", (-4.0, 2.0), 200, lr=1.8 / kappa).xy
    np.testing.assert_allclose(line(page, "Gradient descent").T, expected, rtol=1e-4, atol=1e-4)
    page.get_by_text("Start and surface").click()
    page.get_by_role("slider", name="kappa").wait_for(state="detached")


@pytest.mark.browser
def test_a_preset_is_taken_and_its_list_steps_aside(page):
    page.get_by_role("button", name="Presets").click()
    page.get_by_role("button", name="O1").first.click()
    page.get_by_role("button", name="O1").first.wait_for(state="detached")
    settle(page)
    first = LESSON.presets[0]
    assert page.evaluate("location.search") == f"?{query_string(LESSON.settings(**first.settings), LESSON.params)}"
    assert page.get_by_text(first.look).is_visible()


@pytest.mark.browser
def test_a_click_on_a_map_takes_rate_and_beta(page):
    page.get_by_role("radio", name="Rate and memory").click()
    wait_for(page, "section")
    page.wait_for_function("() => document.querySelectorAll('.lrviz-plot').length === 3")
    settle(page)
    # on the heavy ball's map: rate 0.03, and beta 0.5 at log 1/(1 - beta) = 0.301
    at = page.locator(".lrviz-plot").nth(2)
    at.scroll_into_view_if_needed()
    page.mouse.click(*pixel(page, np.log10(0.03), np.log10(2.0), of=2))
    wait_for(page, "heavy_ball.lr")
    assert float(query(page, "heavy_ball.lr")) == pytest.approx(0.03, rel=0.2)
    assert float(query(page, "heavy_ball.beta")) == pytest.approx(0.5, abs=0.06)
    assert query(page, "optimizers").split(",")[-1] == "heavy_ball"


@pytest.mark.browser
def test_the_camera_stays_while_settings_change(page):
    page.get_by_role("radio", name="3-D").click()
    wait_for(page, "section")
    page.wait_for_function("() => document.querySelectorAll('.lrviz-plot')[1]?._fullLayout?.scene !== undefined")
    settle(page)
    eye = "document.querySelectorAll('.lrviz-plot')[1]._fullLayout.scene.camera.eye"
    before = page.evaluate(eye)
    plot = page.locator(".lrviz-plot").nth(1)
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 120, box["y"] + box["height"] / 2 + 20, steps=6)
    page.mouse.up()
    page.wait_for_function(f"before => {eye}.x !== before.x", arg=before)
    page.wait_for_timeout(300)
    turned = page.evaluate(eye)
    page.get_by_role("slider", name="steps").press("ArrowLeft")
    wait_for(page, "steps")
    assert page.evaluate(eye) == pytest.approx(turned)


@pytest.mark.browser
def test_the_first_screen_shows_the_figure_whole_with_its_main_controls(page):
    for locator in (
        page.locator(".lrviz-plot").first, page.locator(".lrviz-bar").first, page.get_by_role("slider", name="steps"),
        page.get_by_role("slider", name="Adam"),
    ):  # fmt: skip
        box = locator.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900
