"""The saddles page as a visitor has it: by link, and in a browser."""

import re

import pytest
from conftest import as_read, settle

from lrviz.figures.saddles import PICTURES
from lrviz.lessons.saddles import LESSON, compute
from lrviz.lessons.saddles.settings import SECTIONS, TERRAINS

PAGE = "saddles"


def words(app):
    return " ".join(element.value for element in app.markdown)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_by_link(run_page, section):
    app = run_page("saddles", f"section={section}&basin_grid=8&draws=1000")
    assert not app.exception
    settings = LESSON.settings(section=section, basin_grid=8, draws=1000)
    shown = {"dimensions": "minima"}.get(section, section)
    assert PICTURES[shown].caption(compute(settings)) in words(app)


@pytest.mark.parametrize("surface", TERRAINS)
def test_every_terrain_opens_by_link(run_page, surface):
    app = run_page("saddles", f"surface={surface}&section=meter")
    assert not app.exception
    assert not app.warning


def test_a_bad_entry_is_named_and_the_rest_honoured(run_page):
    app = run_page("saddles", "offset=-1&steps=80&optimizers=adma")
    assert not app.exception
    assert "offset must be in (0, 1], got -1" in as_read(app.warning[0].value)
    assert "optimizers" in as_read(app.warning[0].value)
    assert "not left within 80 steps" in words(app)


def test_the_own_start_comes_back_at_a_click(run_page):
    app = run_page("saddles", "start_x=0.3&start_y=-0.2")
    assert "From (0.3, −0.2)" in words(app)
    next(button for button in app.button if button.label.startswith("Back to")).click().run()
    assert not app.exception
    assert "From an offset of 0.001" in words(app)


# ---- browser ----------------------------------------------------------------------------------------------------


def sentence(page, start="From"):
    return page.locator("[data-testid=stMarkdownContainer] p", has_text=re.compile(f"^{start}")).first


def drawn(page):
    """What is on the first plot: contour layers, and where the first head of gradient descent stands."""
    return page.evaluate(
        """() => { const g = document.querySelector('.lrviz-plot'), d = g.data;
        const heads = d.filter((t) => t.name === 'Saddle: gd path, now');
        return { contours: g.querySelectorAll('.contourlayer path').length, head: [heads[0].x[0], heads[0].y[0]] }; }"""
    )


def in_address(page, key, number):
    """Wait until the address has this number."""
    page.wait_for_function("([k, v]) => Number(new URLSearchParams(location.search).get(k)) === v", arg=[key, number])


@pytest.mark.browser
def test_dragging_the_offset_moves_the_race(page):
    slider = page.get_by_role("slider", name="offset from the ridge")
    slider.focus()
    for _ in range(20):
        slider.press("ArrowLeft")
    offset = float(page.get_by_label("offset from the ridge, exact value").input_value())
    assert offset < 6e-4
    in_address(page, "offset", offset)
    r = compute(LESSON.settings(offset=offset))
    sentence(page).filter(has_text=f"RMSprop is more than 1 from the ridge after {r.gone['rmsprop']} steps").wait_for()
    sentence(page).filter(has_text=f"⌉ = {r.closed_form}.").wait_for()
    assert drawn(page)["contours"] > 10


@pytest.mark.browser
def test_the_bar_plays_the_race_and_the_contour_stays(open_page):
    page = open_page("saddles?steps=60")
    page.get_by_role("slider", name="step").first.focus()
    page.keyboard.press("Home")
    page.wait_for_function("() => new URLSearchParams(location.search).get('step') === '0'")
    state = drawn(page)
    assert state["head"] == pytest.approx([1, 1e-3])
    assert state["contours"] > 10
    page.get_by_role("button", name="Play").first.click()
    in_address(page, "step", 60)
    state = drawn(page)
    assert state["head"] == pytest.approx([0.9**60, 1e-3 * 1.1**60], rel=1e-5)  # x (1 - lr a), y (1 + lr b)
    assert state["contours"] > 10


@pytest.mark.browser
def test_a_point_picked_in_the_contour_is_the_start(page):
    place = page.evaluate(
        """() => { const g = document.querySelector('.lrviz-plot'), l = g._fullLayout, b = g.getBoundingClientRect();
        return [b.x + l.xaxis._offset + l.xaxis.d2p(-0.5), b.y + l.yaxis._offset + l.yaxis.d2p(0.25)]; }"""
    )
    page.mouse.click(*place)
    page.get_by_role("button", name="Back to the saddle's own start").wait_for()
    page.wait_for_function("() => new URLSearchParams(location.search).has('start_y')")
    x, y = (float(re.search(rf"start_{axis}=([^&]+)", page.url)[1]) for axis in "xy")
    assert (x, y) == pytest.approx((-0.5, 0.25), abs=0.02)
    page.get_by_role("button", name="Back to the saddle's own start").click()
    sentence(page).filter(has_text="From an offset of 0.001").wait_for()


@pytest.mark.browser
def test_the_surface_is_drawn_in_three_dimensions_with_heads(open_page):
    page = open_page("saddles?section=view3d&step=10")
    page.wait_for_function("() => document.querySelectorAll('.lrviz-plot')[1]?.data?.length === 11")
    where = "() => document.querySelectorAll('.lrviz-plot')[1].data[6].x[0]"
    page.wait_for_function(f"({where})() !== undefined")
    assert page.evaluate(where) == pytest.approx(0.9**10, rel=1e-5)
    page.get_by_role("slider", name="step").nth(1).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => new URLSearchParams(location.search).get('step') === '11'")
    assert page.evaluate(where) == pytest.approx(0.9**11, rel=1e-5)


@pytest.mark.browser
def test_matrices_are_drawn_and_the_sentence_follows(open_page):
    page = open_page("saddles?section=dimensions&draws=2000")
    page.get_by_role("slider", name="dimensions").focus()
    page.keyboard.press("ArrowLeft")
    sentence(page, "In 4 dimensions").filter(has_text="exactly 0.0625 for independent signs, 0.002457").wait_for()
    assert page.locator(".lrviz-plot .main-svg").first.is_visible()


@pytest.mark.browser
def test_nothing_sticks_out_of_a_small_screen(open_page):
    page = open_page("saddles?surface=plateau&section=meter", theme="dark", size=(1024, 768))
    for width, height in ((1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        assert page.locator(".lrviz-plot").first.bounding_box()["width"] <= width


@pytest.mark.browser
def test_the_first_screen_shows_figure_and_controls(page):
    plot = page.locator(".lrviz-plot").first.bounding_box()
    noise = page.get_by_role("slider", name="gradient noise").bounding_box()
    assert plot["y"] + plot["height"] < 900
    assert noise["y"] < 900
