"""The stage: the plot that lives on, its bar, picking, themes; by itself on an empty page (test_stage_in_app.py: in the app)."""

import json

import numpy as np
import pytest
from conftest import growth, load_stage

from lrviz.figures.plot.axes import axis
from lrviz.figures.plot.theme import BLUE, DARK, PAPER, RED, SURFACE, key_line, spec
from lrviz.ui.stage import packed

pytestmark = pytest.mark.browser
NAN = np.nan

MOUNT = """async ([name, text, colours]) => {
  const figure = inflate(JSON.parse(text));
  if (!(name in stages)) {
    const root = document.body.appendChild(document.createElement("div"));
    root.id = name;
    stages[name] = { steps: [], picks: [] };
    stages[name].stage = mount(root, {
      onStep: (at, value) => stages[name].steps.push([at, value]),
      onPick: (point, rest) => stages[name].picks.push([point.x, point.y, rest]),
    });
  }
  await stages[name].stage.update(figure, colours);
}"""


class Bench:
    """An empty page with plotly.js and stage.js on it, and nothing of Streamlit."""

    def __init__(self, page):
        self.page = page
        load_stage(page)
        page.evaluate("window.stages = {}")

    def show(self, figure, name="one", colours=None):
        text = json.dumps(figure, default=packed)
        self.page.evaluate(MOUNT, [name, text, colours or {}])

    def read(self, script, name="one"):
        """A value of the stage: in the script, `plot` is Plotly's element, `root` the stage's, `heard` what it has said."""
        given = "{ plot: document.querySelector('#%s .lrviz-plot'), root: document.getElementById('%s'), heard: stages['%s'] }"
        return self.page.evaluate(
            f"() => {{ const {{ plot, root, heard }} = {given % (name, name, name)}; return {script}; }}"
        )

    def points(self, trace, name="one"):
        x, y = self.read(f"[Array.from(plot.data[{trace}].x), Array.from(plot.data[{trace}].y)]", name)
        return list(zip(x, y, strict=True))

    def shows(self, points, name="one"):
        """Wait until these traces (index -> points) show these points; what the bar moves is drawn a moment later."""
        for _ in range(100):
            if all(self.points(trace, name) == wanted for trace, wanted in points.items()):
                break
            self.page.wait_for_timeout(30)
        assert {trace: self.points(trace, name) for trace in points} == points

    def at(self, k):
        """Wait until the bar stands at k."""
        self.page.wait_for_function(f"() => document.querySelector('.lrviz-bar input').value === '{k}'")

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def clear(self):
        self.page.evaluate(
            "() => { for (const { stage } of Object.values(stages)) stage.destroy(); window.stages = {}; }"
        )
        self.page.evaluate("document.body.replaceChildren()")
        self.page.set_viewport_size({"width": 1000, "height": 900})


@pytest.fixture(scope="module")
def blank(open_shared):
    return Bench(open_shared("_stcore/health", figure=False))


@pytest.fixture
def bench(blank):
    blank.clear()
    return blank


def corner(bench, across, up):
    """The point on the screen that lies `across` and `up` (shares) in the axes."""
    left, top, width, height = bench.read(
        "(({ left, top }, { _size: s }) => [left + s.l, top + s.t, s.w, s.h])(plot.getBoundingClientRect(), plot._fullLayout)"
    )
    return left + across * width, top + (1 - up) * height


def drag(bench, start, end):
    """Drag the mouse from one place in the axes to another, both as shares."""
    mouse = bench.page.mouse
    mouse.move(*corner(bench, *start))
    mouse.down()
    for share in (0.3, 0.6, 1.0):
        mouse.move(*corner(bench, *(a + share * (b - a) for a, b in zip(start, end, strict=True))))
    mouse.up()


def line(x, y, colour=BLUE, **more):
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.array(x, float),
        "y": np.array(y, float),
        "line": {"color": colour},
    } | more


def runs(step=0, rate=5, paths=None, **meta):
    """Two paths, the second of which ends at its third point, with heads that follow a time bar of eight steps."""
    t = np.arange(8.0)
    first, second = paths or (t * t, np.where(t < 3, 10 - t, NAN))
    head = {"type": "scatter", "mode": "markers", "x": [0.0], "y": [0.0]}
    return spec(
        [line(t, first), line(t, second, RED), head, head],
        title="Two runs", alt="Two runs, one of which ends",
        xaxis=axis("step", range=[0, 8]), yaxis=axis("loss", range=[0, 50]),
        meta={
            "bar": {"kind": "time", "label": "step", "values": 10 * np.arange(8), "at": step, "rate": rate},
            "heads": [{"trace": 2, "of": 0}, {"trace": 3, "of": 1}],
        } | meta,
    )  # fmt: skip


def test_the_heads_stand_where_the_figure_says_and_follow_the_buttons(bench):
    bench.show(runs(step=2))
    bench.at(2)
    bench.shows({2: [(2, 4)], 3: [(2, 8)]})
    bench.button("One step on").click()
    bench.at(3)
    bench.shows({2: [(3, 9)]})
    bench.shows({3: [(2, 8)]})  # this run has ended: its head stays on its last point
    for k in (2, 1, 0):
        bench.button("One step back").click()
        bench.at(k)
    bench.shows({2: [(0, 0)], 3: [(0, 10)]})
    bench.button("One step back").click()
    bench.at(0)
    assert bench.read("heard.steps") == [[3, 30], [2, 20], [1, 10], [0, 0], [0, 0]]
    assert bench.page.locator(".lrviz-bar output").inner_text() == "step 0"


def test_the_bar_is_scrubbed_by_keyboard_and_never_leaves_its_ends(bench):
    bench.show(runs())
    scrub = bench.page.get_by_role("slider", name="step")
    scrub.press("End")
    bench.at(7)
    bench.shows({2: [(7, 49)]})
    assert scrub.get_attribute("aria-valuetext") == "step 70"
    bench.button("One step on").click()
    bench.at(7)
    scrub.press("ArrowLeft")
    bench.at(6)
    bench.shows({2: [(6, 36)]})
    assert bench.read("heard.steps")[-1] == [6, 60]


def test_playing_goes_to_the_end_rests_there_and_begins_again(bench):
    bench.show(runs(rate=40))
    bench.button("Play").click()
    bench.page.wait_for_function("() => stages.one.steps.length === 1")
    bench.at(7)
    bench.shows({2: [(7, 49)]})
    assert bench.read("heard.steps") == [[7, 70]]  # Python hears where it came to rest, not every step
    assert bench.button("Play").is_visible()
    bench.button("Play").click()
    bench.page.wait_for_function("() => stages.one.steps.length === 2")
    assert bench.read("heard.steps") == [[7, 70], [7, 70]]


def test_playing_can_be_paused_and_goes_on_from_there(bench):
    bench.show(runs(rate=1))
    bench.button("Play").click()
    bench.page.wait_for_function("() => document.querySelector('.lrviz-bar input').value >= 1")
    bench.button("Pause").click()
    (at, value), *more = bench.read("heard.steps")
    assert more == []
    assert value == 10 * at
    assert at < 7
    bench.page.wait_for_timeout(1200)
    assert bench.read("root.querySelector('.lrviz-bar input').value") == str(at)
    bench.page.get_by_label("Speed").select_option("4")
    bench.button("Play").click()
    bench.page.wait_for_function("() => stages.one.steps.length === 2")
    assert bench.read("heard.steps")[1] == [7, 70]


def test_a_loop_goes_round_until_it_is_paused(bench):
    bench.show(runs(rate=40))
    bench.page.evaluate("() => { window.seen = []; document.querySelector('.lrviz-bar output') && new MutationObserver("
                        "() => seen.push(document.querySelector('.lrviz-bar output').textContent)).observe("
                        "document.querySelector('.lrviz-bar output'), { childList: true }); }")  # fmt: skip
    bench.page.get_by_label("loop").check()
    bench.button("Play").click()
    bench.page.wait_for_function("() => seen.filter((text) => text === 'step 0').length >= 2")
    assert bench.read("heard.steps") == []
    bench.button("Pause").click()
    assert len(bench.read("heard.steps")) == 1


def test_scrubbing_stops_what_plays(bench):
    bench.show(runs(rate=4))
    bench.button("Play").click()
    bench.page.get_by_role("slider", name="step").press("End")
    assert bench.button("Play").is_visible()
    bench.at(7)


def test_an_update_keeps_the_step_unless_it_names_another(bench):
    bench.show(runs(step=0))
    bench.page.get_by_role("slider", name="step").press("End")
    bench.at(7)
    t = np.arange(8.0)
    bench.show(runs(step=0, paths=(2 * t, t)))
    bench.at(7)
    bench.shows({2: [(7, 14)], 3: [(7, 7)]})
    bench.show(runs(step=3, paths=(2 * t, t)))
    bench.at(3)
    bench.shows({2: [(3, 6)]})


def test_a_figure_without_a_bar_has_none(bench):
    bench.show(runs())
    assert bench.page.locator(".lrviz-bar").count() == 1
    bench.show(spec([line([0, 1], [0, 1])], title="No bar", alt="A line"))
    assert bench.page.locator(".lrviz-bar").count() == 0


def test_a_sweep_draws_its_frames_and_nothing_before_it_is_played(bench):
    values = [0.5, 0.75]
    frames = [{"name": str(v), "data": [{"y": np.array([v, v])}], "traces": [1]} for v in values]
    figure = spec(
        [line([0, 1], [0, 1]), line([0, 1], [NAN, NAN], RED)], title="A sweep", alt="A sweep", frames=frames,
        meta={"still": 1, "bar": {"kind": "sweep", "label": "β", "values": values, "at": -1, "rate": 9}},
    )  # fmt: skip
    bench.show(figure)
    assert bench.page.locator(".lrviz-bar output").inner_text() == "play: sweep β"
    assert np.isnan([y for _, y in bench.points(1)]).all()
    bench.button("One step on").click()
    bench.at(0)
    bench.shows({1: [(0, 0.5), (1, 0.5)]})
    bench.button("One step on").click()
    bench.at(1)
    bench.shows({1: [(0, 0.75), (1, 0.75)]})
    assert bench.page.locator(".lrviz-bar output").inner_text() == "β 0.75"
    bench.show(figure)  # a change elsewhere on the page: the sweep stays where it is
    bench.shows({1: [(0, 0.75), (1, 0.75)]})


# ---- small changes and large ones


def contoured(y, title="A path", name="path", colour=BLUE, height=1.0, keys=("path",)):
    """A path over a contour: what is dear to draw stays, what is cheap moves."""
    u = np.linspace(-1, 1, 12)
    ground = {
        "type": "contour", "x": u, "y": u, "z": height * (u[:, None] ** 2 + 5 * u**2), "showscale": False,
        "colorscale": [list(stop) for stop in SURFACE],
    }  # fmt: skip
    return spec(
        [ground, line(np.linspace(-1, 1, len(y)), y, colour, name=name)],
        title=title, alt=title, meta={"still": 1}, xaxis=axis("x", range=[-1, 1]), yaxis=axis("y", range=[-1, 1]),
        annotations=[key_line([(word, colour, "solid") for word in keys])], showlegend=False,
    )  # fmt: skip


MARK = "plot.querySelector('.contourlayer path').dataset.mark"


def test_a_path_moves_over_a_contour_that_is_not_drawn_again(bench):
    bench.show(contoured([0, 0.5, 1]))
    bench.read(f"{MARK} = 'old'")
    before = bench.read("plot.querySelector('.scatterlayer .js-line').getAttribute('d')")
    bench.show(contoured([0, -0.5, -1, 0.25], title="Another path"))
    assert bench.read(MARK) == "old"
    bench.shows({1: [(-1, 0), (pytest.approx(-1 / 3), -0.5), (pytest.approx(1 / 3), -1), (1, 0.25)]})
    assert bench.read("plot.querySelector('.scatterlayer .js-line').getAttribute('d')") != before
    assert bench.read("plot.querySelector('.gtitle').textContent") == "Another path"
    assert bench.read("plot.getAttribute('aria-label')") == "Another path"


@pytest.mark.parametrize(
    "change", [{"height": 2.0}, {"colour": RED}, {"name": "other"}], ids=["contour", "colour", "name"]
)
def test_what_is_more_than_a_move_is_drawn_anew(bench, change):
    bench.show(contoured([0, 0.5, 1]))
    bench.read(f"{MARK} = 'old'")
    bench.show(contoured([0, 0.5, 1], **change))
    drawn = bench.read("[plot._fullData[1].line.color, plot._fullData[1].name, plot._fullData[0].zmax]")
    assert drawn == [change.get("colour", BLUE), change.get("name", "path"), pytest.approx(6 * change.get("height", 1))]


def test_the_same_element_stays_whatever_changes(bench):
    bench.show(contoured([0, 0.5, 1]))
    bench.read("plot.mark = 1")
    for figure in (contoured([1, 0]), runs(), contoured([1, 0], height=3.0)):
        bench.show(figure)
    assert bench.read("plot.mark") == 1
    assert bench.read("root.querySelectorAll('.js-plotly-plot').length") == 1


@pytest.mark.parametrize("figure", [runs(), contoured([0, 0.5, 1])], ids=["redrawn", "moved"])
def test_a_zoom_by_hand_survives_changes(bench, figure):
    bench.show(figure)
    drag(bench, (0.25, 0.25), (0.5, 0.75))
    zoom = "[...plot._fullLayout.xaxis.range, ...plot._fullLayout.yaxis.range]"
    bench.page.wait_for_function(
        f"() => {{ const plot = document.querySelector('.lrviz-plot'); return {zoom}[0] > 1.9 || {zoom}[0] > -0.6; }}"
    )
    before = bench.read(zoom)
    x0, x1 = figure["layout"]["xaxis"]["range"]
    assert before[:2] == pytest.approx([x0 + (x1 - x0) / 4, x0 + (x1 - x0) / 2], rel=0.05)
    moved = figure | {"data": [dict(trace) for trace in figure["data"]]}
    moved["data"][1]["y"] = moved["data"][1]["y"][::-1]
    bench.show(moved)
    assert bench.read(zoom) == before


def test_a_curve_switched_off_in_the_legend_stays_off(bench):
    figure = runs()
    figure["layout"]["showlegend"] = True
    bench.show(figure)
    bench.page.locator(".legendtoggle").nth(1).click()
    bench.page.wait_for_function("() => document.querySelector('.lrviz-plot')._fullData[1].visible === 'legendonly'")
    bench.show(runs(paths=(np.ones(8), np.ones(8))) | {"layout": figure["layout"]})
    assert bench.read("plot._fullData.map((trace) => trace.visible)") == [True, "legendonly", True, True]


def test_the_camera_survives_changes_and_heads_follow_in_three_dimensions(bench):
    t = np.arange(5.0)
    path = {"type": "scatter3d", "mode": "lines", "x": t, "y": t, "z": t * t}
    head = {"type": "scatter3d", "mode": "markers", "x": [0.0], "y": [0.0], "z": [0.0]}
    bar = {"kind": "time", "label": "step", "values": t, "at": 1, "rate": 5}
    figure = spec(
        [path, head], title="Space", alt="Space", meta={"bar": bar, "heads": [{"trace": 1, "of": 0, "three": True}]}
    )
    bench.show(figure)
    bench.at(1)
    bench.button("One step on").click()
    bench.at(2)
    assert bench.read("[plot.data[1].x[0], plot.data[1].y[0], plot.data[1].z[0]]") == [2, 2, 4]
    eye = "plot._fullLayout.scene.camera.eye"
    first = bench.read(eye)
    drag(bench, (0.5, 0.5), (0.7, 0.6))
    bench.page.wait_for_function(
        "x => document.querySelector('.lrviz-plot')._fullLayout.scene.camera.eye.x !== x", arg=first["x"]
    )
    turned = bench.read(eye)
    bench.show(figure | {"data": [path | {"z": -t}, head]})
    assert bench.read(eye) == turned


# ---- theme, text, size


def test_a_theme_is_a_map_of_colours_and_can_be_changed_while_the_plot_lives(bench):
    for figure in (runs(), contoured([0, 1])):
        bench.show(figure, colours=DARK)
        assert bench.read("plot._fullLayout.paper_bgcolor") == DARK[PAPER]
        assert bench.read("plot._fullData.at(1).line.color") in (DARK[RED], DARK[BLUE])
        bench.show(figure)
        assert bench.read("plot._fullLayout.paper_bgcolor") == PAPER
        assert bench.read("plot._fullData.at(1).line.color") in (RED, BLUE)
    assert DARK[BLUE] not in bench.read("JSON.stringify(plot.layout)")


def test_the_plot_is_an_image_with_words_and_can_be_reached_only_where_there_is_something_to_pick(bench):
    bench.show(runs())
    assert bench.read("[plot.getAttribute('role'), plot.getAttribute('aria-label')]") == [
        "img",
        "Two runs, one of which ends",
    ]
    assert bench.read("plot.tabIndex") == -1
    bench.show(runs(pick={"xaxis": "xaxis", "yaxis": "yaxis", "at": [1, 1]}))
    assert bench.read("plot.tabIndex") == 0


def test_numbers_arrive_as_they_were_sent(bench):
    sent = {
        "f": np.array([1.5, NAN, -3e30]),
        "i": np.array([1, -(2**30)]),
        "m": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
    }
    script = "text => { const { f, i, m } = inflate(JSON.parse(text)); return [[...f].map(String), [...i], m.map((r) => [...r])]; }"
    f, i, m = bench.page.evaluate(script, json.dumps(sent, default=packed))
    assert [float(v) for v in f[::2]] == pytest.approx([1.5, -3e30], rel=1e-6)
    assert f[1] == "NaN"
    assert i == [1, -(2**30)]
    assert m == [[1, 2, 3], [4, 5, 6]]


def test_on_a_narrow_screen_title_and_key_break_into_lines_and_stay_broken(bench):
    bench.page.set_viewport_size({"width": 390, "height": 844})
    long = "A rather long title that cannot stand on one line of a telephone"
    keys = ["gradient descent", "momentum", "RMSprop", "Adam with both corrections"]
    bench.show(contoured([0, 0.5, 1], title=long, keys=keys))
    for words in (long, long + " even after a small change"):
        bench.show(contoured([0, 0.5, -1], title=words, keys=keys))
        title, key, size = bench.read(
            "[plot.layout.title.text, plot.layout.annotations[0].text, plot.layout.font.size]"
        )
        assert title.replace("<br>", " ") == words
        assert title.count("<br>") >= 1
        assert key.count("<br>") >= 1
        assert all(word in key for word in keys)
        assert size < 15
        assert bench.read("plot.querySelector('.gtitle').getBoundingClientRect().right <= 390")


def test_the_plot_follows_the_width_of_its_page(bench):
    bench.show(runs())
    bench.page.set_viewport_size({"width": 700, "height": 900})
    bench.page.wait_for_function("() => document.querySelector('.lrviz-plot')._fullLayout.width < 700")
    bench.page.set_viewport_size({"width": 1000, "height": 900})
    bench.page.wait_for_function("() => document.querySelector('.lrviz-plot')._fullLayout.width > 900")


def test_a_stage_that_is_left_takes_everything_with_it(bench):
    bench.show(runs(rate=3))
    bench.button("Play").click()
    assert (
        bench.page.evaluate("() => { stages.one.stage.destroy(); return document.getElementById('one').innerHTML; }")
        == ""
    )
    bench.page.wait_for_timeout(200)  # what was still playing or waiting must not complain (open_shared listens)
    bench.page.evaluate("delete stages.one")


def test_two_stages_do_not_know_each_other(bench):
    bench.show(runs(step=1), name="one")
    bench.show(runs(step=5), name="two")
    bench.page.locator("#two").get_by_role("button", name="One step on").click()
    bench.page.wait_for_function("() => stages.two.steps.length === 1")
    bench.shows({2: [(6, 36)]}, "two")
    bench.shows({2: [(1, 1)]}, "one")
    assert (bench.read("heard.steps", "one"), bench.read("heard.steps", "two")) == ([], [[6, 60]])


# ---- picking


def pickable(at=(4.0, 25.0), by=None, **axes):
    pick = {"xaxis": "xaxis", "yaxis": "yaxis", "at": list(at)} | ({"by": by} if by else {})
    figure = runs(pick=pick)
    figure["layout"]["xaxis"] |= axes.get("xaxis", {})
    return figure


def test_a_point_is_picked_by_mouse_in_coordinates_of_the_data(bench):
    bench.show(pickable())
    mouse = bench.page.mouse
    mouse.move(*corner(bench, 0.5, 0.5))
    mouse.down()
    mouse.move(*corner(bench, 0.25, 0.8))
    mouse.move(*corner(bench, 1.3, -0.4))  # beyond the axes: the nearest point in them
    mouse.up()
    picks = bench.read("heard.picks")
    np.testing.assert_allclose([p[:2] for p in picks], [(4, 25), (2, 40), (8, 0), (8, 0)], atol=0.1)
    assert [p[2] for p in picks] == [False, False, False, True]
    mouse.click(*corner(bench, -0.03, 0.5))  # beside the axes: nothing
    assert len(bench.read("heard.picks")) == 4
    bench.page.keyboard.down("Shift")  # with shift the mouse zooms
    mouse.click(*corner(bench, 0.5, 0.5))
    bench.page.keyboard.up("Shift")
    assert len(bench.read("heard.picks")) == 4


def test_a_point_is_picked_on_a_logarithmic_axis(bench):
    bench.show(pickable(xaxis={"type": "log", "range": [-4, 0]}))
    bench.page.mouse.click(*corner(bench, 0.5, 0.5))
    assert bench.read("heard.picks")[-1][0] == pytest.approx(1e-2, rel=0.05)


def test_a_point_is_moved_by_the_arrow_keys(bench):
    bench.show(pickable(by=[1, 2]))
    bench.read("plot.focus()")
    for key in ("ArrowRight", "ArrowUp", "Shift+ArrowLeft", "ArrowDown"):
        bench.page.keyboard.press(key)
    assert bench.read("heard.picks") == [[5, 25, True], [5, 27, True], [0, 27, True], [0, 25, True]]
    bench.show(pickable(at=(1.0, 1.0)))  # without a step of its own: a hundredth of what is seen
    bench.page.keyboard.press("ArrowRight")
    assert bench.read("heard.picks")[-1] == pytest.approx([1.08, 1, True])


# ---- memory


@pytest.mark.parametrize("kind", ["redrawn", "moved"])
def test_many_updates_leave_memory_as_it_was(bench, kind):
    many = """async ([texts, n]) => {
      for (let i = 0; i < n; i += 1) await stages.one.stage.update(inflate(JSON.parse(texts[i % 2])), {});
    }"""
    ballast = np.arange(50_000.0)  # 200,000 bytes with every update: whatever holds on to an old one shows
    figures = [runs(step=k, ballast=ballast) if kind == "redrawn" else contoured([k, 1 - k]) for k in range(2)]
    for figure in figures:
        figure["data"][1] = figure["data"][1] | {"customdata": ballast}
    texts = [json.dumps(figure, default=packed) for figure in figures]
    bench.show(figures[0])
    bytes_more, nodes, listeners = growth(bench.page, lambda: bench.page.evaluate(many, [texts, 20]))
    assert bytes_more < 1_000_000  # 20 updates brought 4,000,000; what stays is code that the browser has compiled
    assert nodes < 20  # less than one an update
    assert listeners < 20
