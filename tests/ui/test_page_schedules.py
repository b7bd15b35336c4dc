"""The schedules page as a visitor has it: by link, by its buttons, and in a browser."""

import re

import pytest
from conftest import as_read, settle

from lrviz.figures.schedules import PICTURES
from lrviz.lessons.schedules import LESSON, SECTIONS
from lrviz.lessons.schedules.slots import LETTERS
from lrviz.link import query_string
from lrviz.schedules import SCHEDULES

PAGE = "schedules"
FIGURES = {
    "training": ("cloud", "distance"), "range": ("budgets", "range_test"), "table": (), "formula": (), "code": (),
}  # fmt: skip


def words(app):
    return " ".join(element.value for element in app.markdown)


def press(app, label):
    next(button for button in app.button if button.label.startswith(label)).click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_by_link(run_page, section):
    app = run_page("schedules", f"section={section}&total=200")
    assert not app.exception
    assert not app.warning
    results = LESSON.compute(LESSON.settings(section=section, total=200))
    for name in ("rates", *FIGURES.get(section, (section,))):
        assert PICTURES[name].caption(results) in words(app)


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_is_drawn_with_its_code_and_its_formula(run_page, name):
    app = run_page("schedules", f"curves=g&edit=g&g.schedule={name}&g.warmup=5&section=code&library=torch")
    assert not app.exception
    assert f"G {SCHEDULES[name].label}, 5-step warm-up" in words(app)
    compile(app.code[0].value, "code", "exec")
    assert "scheduler" in app.code[0].value
    app = run_page("schedules", f"curves=g&edit=g&g.schedule={name}&section=formula")
    assert not app.exception
    assert any(SCHEDULES[name].formula in element.value for element in app.latex)


def test_the_code_has_the_present_settings(run_page):
    app = run_page("schedules", "section=code&a.cosine_decay.decay_steps=1234&library=keras")
    assert "1234" in app.code[0].value
    assert "keras" in app.code[0].value
    assert "optax" in run_page("schedules", "section=code&library=optax").code[0].value


def test_the_lectures_table_is_reproduced(run_page):
    app = run_page("schedules", query_string(LESSON.settings(**LESSON.preset("D2").settings), LESSON.params))
    table = next(element.value for element in app.markdown if "after epoch 1" in element.value)
    rates = [float(row.split("|")[3]) for row in table.splitlines()[2:]]
    assert rates == pytest.approx([0.1, 0.067, 0.05, 0.04], abs=5e-4)


def test_a_curve_is_kept_and_a_copy_goes_on(run_page):
    app = press(run_page("schedules", "curves=a,b&b.warmup=7&edit=b"), "Keep B")
    assert re.search(r"the rate is A \S+, B (\S+) and C \1\. ", words(app))
    assert app.session_state["lrviz schedules"]["settings"]["curves"] == ("a", "b", "c")
    assert app.session_state["lrviz schedules"]["settings"]["c.warmup"] == 7
    assert next(box for box in app.selectbox if box.label == "selected curve").value == "c"
    press(app, "Remove C")
    assert app.session_state["lrviz schedules"]["settings"]["curves"] == ("a", "b")
    assert next(box for box in app.selectbox if box.label == "selected curve").value == "b"


def test_a_letter_that_is_not_drawn_can_be(run_page):
    app = press(run_page("schedules", "edit=f"), "Draw F")
    assert app.session_state["lrviz schedules"]["settings"]["curves"] == ("a", "b", "c", "f")


def test_the_last_curve_and_the_ninth_letter_are_refused(run_page):
    app = run_page("schedules", "curves=a")
    assert next(button for button in app.button if button.label == "Remove A").disabled
    app = run_page("schedules", "curves=" + ",".join(LETTERS))
    assert next(button for button in app.button if button.label.startswith("Keep A")).disabled


def test_a_run_can_be_taken_over_by_hand(run_page):
    app = press(run_page("schedules", "section=by_hand"), "Set this curve by hand")
    assert "The rate begins at 0.1 and is set by hand: 0.05 from step 250" in words(app)
    assert not any(button.label.startswith("Set this curve by hand") for button in app.button)


def test_a_bad_entry_is_named_and_the_rest_honoured(run_page):
    app = run_page("schedules", "total=0&a.schedule=cosin&b.inverse_time_decay.decay_steps=-5&step=100")
    assert not app.exception
    assert "total must be a whole number in [1, 1e+06], got 0" in as_read(app.warning[0].value)
    assert "a.schedule" in as_read(app.warning[0].value)
    assert "b.inverse_time_decay.decay_steps must be > 0, got -5" in as_read(app.warning[0].value)
    assert "At step 100 the rate is" in words(app)


@pytest.mark.parametrize(
    "query",
    [
        "total=1&section=training",
        "total=1000000&curves=a,b,c,d,e,f,g,h&scale=log&axis=epochs&fairness=same_area&section=formula",
        "a.schedule=manual_decay&a.manual_decay.steps=&a.manual_decay.rates=0.1",
        "a.schedule=piecewise_constant_decay&a.piecewise_constant_decay.boundaries=&a.piecewise_constant_decay.values=0.1",
        "a.schedule=piecewise_constant_decay&a.piecewise_constant_decay.boundaries=5,5,1&section=code",
        "a.schedule=constant&a.constant.initial_learning_rate=0&fairness=same_peak&section=training",
        "a.cosine_decay.warmup_target=0.5&a.cosine_decay.warmup_steps=100&section=formula",
        "curvature=1000&section=plateau",
        "edit=h&section=by_hand&style=slide",
    ],
)
def test_odd_settings_open_by_link(run_page, query):
    app = run_page("schedules", query)
    assert not app.exception
    assert not app.warning


# ---- browser ----------------------------------------------------------------------------------------------------


def lines(page):
    """Name -> y of every trace of the main figure that has a value at its first point."""
    return page.evaluate(
        "() => Object.fromEntries(document.querySelector('.lrviz-plot').data.map((t) => [t.name, Array.from(t.y)]))"
    )


def in_address(page, key, text):
    page.wait_for_function("([k, v]) => new URLSearchParams(location.search).get(k) === v", arg=[key, text])


def caption(page):
    return page.locator("[data-testid=stMarkdownContainer] p", has_text=re.compile("^At step")).first


@pytest.mark.browser
def test_the_first_screen_shows_figure_and_controls_whole(page):
    figure = page.locator(".lrviz-plot").first.bounding_box()
    rate = page.get_by_role("slider", name="initial learning rate").first.bounding_box()
    assert figure["y"] + figure["height"] < 900
    assert figure["width"] > 700
    assert rate["y"] < 900
    assert rate["x"] > figure["x"] + figure["width"]


@pytest.mark.browser
def test_a_rate_that_is_dragged_moves_its_curve_and_no_other(page):
    before = lines(page)
    slider = page.get_by_role("slider", name="initial learning rate").first
    slider.focus()
    for _ in range(15):
        slider.press("ArrowLeft")
    page.wait_for_function("() => document.querySelector('.lrviz-plot').data[0].y[0] < 0.09")
    settle(page)
    after = lines(page)
    assert after["B Inverse time"] == before["B Inverse time"]
    given = float(page.evaluate("new URLSearchParams(location.search).get('a.cosine_decay.initial_learning_rate')"))
    assert after["A Cosine"][0] == pytest.approx(given, rel=1e-5)
    assert after["A Cosine"][500] == pytest.approx(given / 2, rel=1e-5)


@pytest.mark.browser
def test_a_click_chooses_the_step_and_the_table_follows_a_link(open_page):
    page = open_page("schedules?section=formula")
    box = page.locator(".lrviz-plot .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("() => new URLSearchParams(location.search).has('step')")
    step = int(page.evaluate("new URLSearchParams(location.search).get('step')"))
    assert abs(step - 500) <= 3
    caption(page).filter(has_text=f"At step {step}").wait_for()
    page.locator(".katex", has_text=str(step)).first.wait_for()


@pytest.mark.browser
def test_keep_copy_change_compare(open_page):
    page = open_page("schedules?curves=a")
    page.get_by_role("button", name="Keep A, go on with a copy").click()
    in_address(page, "curves", "a,b")
    in_address(page, "b.schedule", "cosine_decay")
    page.wait_for_function("() => document.querySelector('.lrviz-plot').data.length === 3")
    same = lines(page)
    assert same["A Cosine"] == same["B Cosine"]
    number = page.get_by_role("textbox", name="lowest fraction, exact value")
    number.fill("0.5")
    number.press("Enter")
    in_address(page, "b.cosine_decay.alpha", "0.5")
    page.wait_for_function("() => Math.abs(document.querySelector('.lrviz-plot').data[1].y[1000] - 0.05) < 1e-6")
    assert abs(lines(page)["A Cosine"][1000]) < 1e-6


@pytest.mark.browser
def test_a_boundary_can_be_added_and_is_said_to_wait_for_its_rate(open_page):
    page = open_page("schedules?curves=a&a.schedule=piecewise_constant_decay")
    page.get_by_role("button", name="Add a value to boundaries").click()
    caption(page).filter(has_text="The last boundary of A has no rate of its own yet").wait_for()
    page.get_by_role("button", name="Add a value to values").click()
    in_address(page, "a.piecewise_constant_decay.values", "0.1,0.05,0.01,0.005")
    page.wait_for_function("() => Math.abs(document.querySelector('.lrviz-plot').data[0].y[1000] - 0.005) < 1e-6")
    assert "yet" not in caption(page).inner_text()


@pytest.mark.browser
def test_small_screens_and_dark_ones(open_page):
    link = "schedules?curves=a,b,c,d,e,f,g,h&total=1000000&scale=log&section=training"
    page = open_page(link, size=(1024, 768), theme="dark")
    for width, height in ((1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".lrviz-plot").count() == 3
        for box in page.locator(".lrviz-plot").all():
            assert box.bounding_box()["width"] <= width
