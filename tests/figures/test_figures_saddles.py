"""Pictures of saddles: what is drawn equals what was computed, and the sentences say what happened."""

import math

import numpy as np
import plotly.graph_objects as go
import pytest

from lrviz.figures.plot.identity import identity, key_entries
from lrviz.figures.saddles import PICTURES, model_table
from lrviz.lessons.saddles import LESSON, OFFSETS, compute
from lrviz.lessons.saddles.many import FACTORS
from lrviz.lessons.saddles.settings import SECTIONS, TERRAINS, rate_key
from lrviz.optimizers import OPTIMIZERS

pytestmark = pytest.mark.thorough

BELOW = {"view3d": ("view3d",), "meter": ("meter",), "local_optima": ("local_optima",), "escape": ("escape",),
         "dimensions": ("minima", "directions", "index_height")}  # fmt: skip
ODD = {
    "one step": {"steps": 1},
    "no rate": {rate_key("saddle", name): 0.0 for name in ("gd", "momentum", "heavy_ball", "rmsprop", "adam")},
    "huge rate": {rate_key("saddle", "gd"): 10.0, "step": 140},
    "on the saddle": {"place": "saddle"},
    "on the ridge": {"place": "ridge", "panel": "loss"},
    "at the edge": {"offset": 1.0},
    "next to nothing": {"offset": 1e-16, "steps": 2000, "step": 1999},
    "noise": {"place": "saddle", "noise": 1e-6, "steps": 300},
    "no eps": {"rmsprop.eps": 0.0, "adam.eps": 0.0, "place": "ridge"},
    "picked": {"start_x": 0.3, "start_y": -0.2},
    "picked far off": {"start_x": 12.0, "start_y": 12.0},
    "alone": {"optimizers": ("adadelta",), "watched": "adagrad"},
    "six": {"optimizers": ("adamw", "radam", "nadam", "adamax", "amsgrad", "nesterov")},
    "slide": {"style": "slide"},
    "still": {"basin_factor": 0.0, "basin_grid": 4, "n": 1, "draws": 100},
    "eight": {"n": 8, "draws": 100, "basin_factor": 1000.0, "basin_grid": 4},
}


def results(**changes):
    return compute(LESSON.settings(**changes))


def spec(name, **changes):
    return PICTURES[name].spec(results(**changes))


def caption(name, **changes):
    return PICTURES[name].caption(results(**changes))


def trace(figure, name):
    return next(t for t in figure["data"] if t["name"] == name)


def plain_numbers(node):
    """Every float of a figure that does not sit in an array."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, (list, tuple)):
        return [x for child in node for x in plain_numbers(child)]
    return [node] if isinstance(node, float) else []


def check(r, names=PICTURES):
    for picture in (PICTURES[name] for name in names):
        figure = picture.spec(r)
        assert all(math.isfinite(x) for x in plain_numbers([figure["data"], figure["layout"]])), picture.name
        drawn = go.Figure(figure)
        assert drawn.layout.title.text
        assert drawn.layout.meta["alt"]
        sentence = picture.caption(r)
        assert sentence.endswith((".", ")")), sentence
        assert "nan" not in sentence.lower(), sentence
        assert "inf" not in sentence.split(), sentence


@pytest.mark.parametrize("surface", TERRAINS)
def test_every_picture_of_every_terrain_is_one(surface):
    check(results(surface=surface), ("race", "view3d", "meter", "escape"))  # what lies below knows of no terrain


@pytest.mark.parametrize("changes", ODD.values(), ids=ODD)
def test_odd_settings_give_pictures_and_sentences(changes):
    check(results(**{"basin_grid": 4, "draws": 1000} | changes))


@pytest.mark.parametrize("preset", LESSON.presets, ids=lambda p: p.title)
def test_every_preset_gives_its_pictures(preset):
    r = results(**preset.settings)
    for name in ("race", *BELOW[r.settings["section"]]):
        PICTURES[name].draw(r)


def test_every_section_has_its_pictures():
    assert set(BELOW) == set(SECTIONS)
    assert {name for names in BELOW.values() for name in names} | {"race"} == set(PICTURES)


# ---- the race ---------------------------------------------------------------------------------------------------


def test_the_race_draws_the_paths_that_were_run():
    r = results(steps=1500, optimizers=("gd", "adam"), offset=1e-9)
    figure, at = PICTURES["race"].spec(r), r.drawn
    assert len(at) < 800
    for name, run in r.runs.items():
        path, upper, lower = (trace(figure, f"Saddle: {name} {what}") for what in ("path", "upper", "lower"))
        np.testing.assert_array_equal(path["x"], run.xy[at, 0])
        np.testing.assert_array_equal(path["y"], run.xy[at, 1])
        np.testing.assert_array_equal(upper["y"], np.abs(run.xy[at, 1]))
        np.testing.assert_array_equal(lower["y"], run.grad_norm[at])
        np.testing.assert_array_equal(lower["x"], at)
        assert ("xaxis" in path, upper["yaxis"], lower["yaxis"]) == (False, "y2", "y3")


def test_the_upper_panel_can_show_the_loss():
    r = results(surface="plateau", panel="loss", steps=250)
    upper = trace(PICTURES["race"].spec(r), "Plateau: gd upper")
    np.testing.assert_array_equal(upper["y"], r.runs["gd"].loss)


def test_heads_stand_on_their_paths_at_the_step_shown():
    r = results(step=27)
    figure = PICTURES["race"].spec(r)
    assert figure["layout"]["meta"]["bar"]["values"][figure["layout"]["meta"]["bar"]["at"]] == 27
    heads = figure["layout"]["meta"]["heads"]
    assert len(heads) == 15
    for pair in heads:
        head, path = figure["data"][pair["trace"]], figure["data"][pair["of"]]
        assert head["mode"] == "markers"
        assert path["mode"] == "lines"
        assert head.get("xaxis") == path.get("xaxis")
        assert head["x"] == path["x"][27]
        assert head["y"] == path["y"][27]


def test_the_contour_is_the_surface_and_stays():
    r = results(surface="double_well")
    figure = PICTURES["race"].spec(r)
    contour, points = figure["data"][:2]
    assert figure["layout"]["meta"]["still"] == 2
    x, y = np.meshgrid(contour["x"], contour["y"])
    np.testing.assert_allclose(contour["z"], 0.25 * (x**2 - 1) ** 2 + y**2 / 2)
    assert points["text"] == ["minimum", "saddle", "minimum"]


def test_no_distance_has_no_place_on_a_log_axis():
    upper = trace(spec("race", place="ridge"), "Saddle: gd upper")
    assert np.isnan(upper["y"]).all()


def test_ranges_stay_put_while_the_offset_is_dragged_a_little():
    one, other = spec("race", offset=2e-3)["layout"], spec("race", offset=9e-4)["layout"]
    for key in ("xaxis", "yaxis", "xaxis2", "yaxis2", "xaxis3", "yaxis3"):
        assert one[key]["range"] == other[key]["range"], key


def test_no_two_of_the_five_racers_share_colour_or_symbol():
    cues = [identity(name) for name in ("gd", "momentum", "heavy_ball", "rmsprop", "adam")]
    assert len({c["colour"] for c in cues}) == len({c["symbol"] for c in cues}) == len({c["dash"] for c in cues}) == 5
    everybody = [tuple(identity(name).values()) for name in OPTIMIZERS]
    assert len(set(everybody)) == len(everybody)
    assert [text for text, _, _ in key_entries(["rmsprop"])] == ["RMSprop"]


def test_the_sentence_gives_every_racer_its_steps():
    words = caption("race")
    for part in (
        "RMSprop is more than 1 from the ridge after 8 steps",
        "Adam after 20",
        "Heavy ball after 27",
        "Gradient descent after 73",
    ):
        assert part in words
    assert words.index("RMSprop") < words.index("Adam") < words.index("Heavy ball") < words.index("Momentum after 115")
    assert "RMSprop and Adam divide the gradient by a running measure of its own size" in words
    assert "0.05/(1 − 0.9) = 0.5" in words


def test_titles_say_who_was_first_and_last():
    assert spec("race")["layout"]["title"]["text"] == "RMSprop leaves the saddle after 8 steps, Momentum after 115"
    assert spec("race", steps=1)["layout"]["title"]["text"] == "Within 1 step no run leaves the saddle"
    assert "reaches a minimum" in spec("race", surface="plateau")["layout"]["title"]["text"]
    assert spec("race", place="saddle")["layout"]["title"]["text"] == "At a gradient of zero nothing moves"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (ODD["one step"], ("have not left within 1 step.", "= 73")),
        (ODD["no rate"], ("With a rate of 0 nothing moves",)),
        (ODD["on the saddle"], ("At (0, 0) the gradient is zero", "all 5 runs stand where they began")),
        ({"place": "ridge"}, ("From exactly on the ridge", "none of them has moved off it at all")),
        (ODD["noise"], ("gradient noise of 10⁻⁶",)),
        (ODD["picked"], ("From (0.3, −0.2)",)),
        ({"surface": "monkey_saddle"}, ("Heavy ball diverged along the ridge: a coordinate is beyond 40",)),
        ({"start_x": 0.5, "start_y": 1.2}, ("The start (0.5, 1.2) is already more than 1 from the ridge", "is 1.2)")),
        ({"surface": "plateau", "steps": 250}, ("after 163", "flat from step", "That is a plateau")),
        ({"optimizers": ("gd",), "steps": 20}, ("Gradient descent has not left within 20 steps",)),
    ],
)  # fmt: skip
def test_the_sentence_says_what_happened(changes, words):
    sentence = caption("race", **changes)
    assert all(part in sentence for part in words), sentence


def test_the_closed_form_is_given_only_where_it_holds():
    for changes in ({"noise": 1e-3}, {"surface": "double_well"}, {"place": "ridge"}, {"optimizers": ("adam",)}):
        assert "⌈" not in caption("race", **changes)


def test_walls_are_not_taken_for_a_plateau():
    # the walls of the long valley curve by 10: at a rate just below 2/10 each step throws the run to the other side
    words = caption(
        "race", surface="long_valley", steps=100, optimizers=("gd",), **{rate_key("long_valley", "gd"): 0.19}
    )
    assert "no plateau" in words, words


def test_the_three_dimensional_paths_lie_on_the_surface_inside_its_box():
    r = results(optimizers=("gd", "adam"))
    figure = PICTURES["view3d"].spec(r)
    for name, run in r.runs.items():
        path = trace(figure, name)
        inside = np.isfinite(path["z"])
        assert inside[0]
        assert not inside[-1]
        lift = path["z"][inside] - run.loss[r.drawn][inside]
        np.testing.assert_allclose(
            lift, 0.01 * 4.5
        )  # a hundredth of the height of x^2 - y^2 over its box, -2.25 to 2.25
        assert np.abs(path["x"][inside]).max() <= 1.5
    assert all(head["three"] for head in figure["layout"]["meta"]["heads"])


# ---- steps to escape --------------------------------------------------------------------------------------------


def test_escape_steps_are_drawn_with_gaps_where_nobody_left():
    r = results(**{rate_key("saddle", "momentum"): 0.01})
    figure = PICTURES["escape"].spec(r)
    steps = r.escapes["momentum"]
    drawn = trace(figure, "Momentum")["y"]
    assert (steps < 0).any()
    assert np.array_equal(np.isnan(drawn), steps < 0)
    np.testing.assert_array_equal(drawn[steps >= 0], steps[steps >= 0])


def test_the_closed_form_is_drawn_beside_gradient_descent_s():
    figure = spec("escape")
    expected = np.ceil(np.log(1 / OFFSETS) / math.log(1.1))
    np.testing.assert_array_equal(trace(figure, "closed form")["y"], expected)
    np.testing.assert_array_equal(trace(figure, "Gradient descent")["y"], expected)
    assert "closed form" not in [t["name"] for t in spec("escape", optimizers=("adam",))["data"]]


def test_marks_stand_at_the_offset_and_where_the_adaptive_rules_begin_to_wait():
    shapes = spec("escape")["layout"]["shapes"]
    assert {shape["x0"] for shape in shapes} == {5e-9, 1e-3}
    notes = {note["text"]: note["x"] for note in spec("escape")["layout"]["annotations"] if "text" in note}
    assert notes["δ"] == -3
    assert notes["ε/b"] == pytest.approx(math.log10(5e-9))


def test_the_escape_sentence_says_how_long_and_why():
    words = caption("escape")
    for part in (
        "Gradient descent 25 to 387",
        "RMSprop 8 to 10",
        "Adam 18 to 23",
        "24.2 steps more",
        "10⁷ at each step",
    ):
        assert part in words
    assert "so it waits as well" in caption("escape", **{"rmsprop.eps": 0.1})
    assert "but hardly for RMSprop and Adam" in spec("escape")["layout"]["title"]["text"]
    slow = spec("escape", **{"rmsprop.eps": 0.1, "adam.eps": 0.1})["layout"]["title"]["text"]
    assert slow == "The nearer the ridge, the longer the wait"


def test_on_the_plateau_it_is_the_shelf_that_costs():
    r = results(surface="plateau")
    figure = PICTURES["escape"].spec(r)
    values, steps = r.shelves
    np.testing.assert_array_equal(trace(figure, "Adam")["x"], values)
    np.testing.assert_array_equal(trace(figure, "Adam")["y"], steps["adam"])
    assert "Only RMSprop and Adam arrive at every value" in PICTURES["escape"].caption(r)


# ---- the meter --------------------------------------------------------------------------------------------------


def test_the_directions_are_drawn_through_the_point_shown():
    r = results(step=25, **{"saddle.a": 4.0, "saddle.b": 1.0})
    figure = PICTURES["meter"].spec(r)
    x, y = r.runs["gd"].xy[25]
    down, up = (trace(figure, f"curvature {value}") for value in ("−1", "4"))
    np.testing.assert_allclose([down["x"].mean(), down["y"].mean()], [x, y])
    np.testing.assert_allclose(down["x"], x)  # the way down is along y, the way up along x
    np.testing.assert_allclose(up["y"], y)
    assert np.ptp(up["x"]) > 0.2
    assert up["line"]["dash"] != down["line"]["dash"]


def test_the_meter_says_what_it_reads():
    words = caption("meter")
    for part in (
        "At step 25 Gradient descent",
        "−2 along (0, 1)",
        "2 along (1, 0)",
        "as at a saddle",
        "limit of stability, 1",
    ):
        assert part in words
    assert "no single rate" in caption("meter", watched="adam")
    assert "is not below" in caption("meter", **{rate_key("saddle", "gd"): 1.5}, step=0)
    assert "has diverged" in caption("meter", step=140)
    assert "as at a minimum" in caption("meter", surface="plateau", steps=250, step=250)


def test_the_rate_and_its_limit_are_drawn():
    figure = spec("meter", watched="heavy_ball")
    assert np.nanmax(trace(figure, "stability limit")["y"]) == pytest.approx(2 * 1.9 / 2)
    assert (trace(figure, "rate")["y"] == 0.05).all()
    assert np.isnan(trace(spec("meter", watched="adam"), "stability limit")["y"]).all()


# ---- local optima -----------------------------------------------------------------------------------------------


def test_the_map_shows_which_starts_find_the_best():
    r = results(section="local_optima", watched="adam", basin_grid=12)
    figure = PICTURES["local_optima"].spec(r)
    found = r.lotteries["adam"].result.chosen
    z = trace(figure, "starts")["z"]
    assert (z == 2).mean() == found.share_reaching_best > 0
    assert ((z == 0) == (found.reached < 0)).all()
    curve = trace(figure, "Adam")
    where = {float(x): y for x, y in zip(curve["x"], curve["y"], strict=True)}
    for factor, share in zip(FACTORS, r.lotteries["adam"].result.shares, strict=True):
        assert where[factor] == 100 * share
    assert where[5.0] == 100 * found.share_reaching_best


def test_ripples_too_shallow_for_more_than_one_minimum_are_counted_as_one():
    said = PICTURES["local_optima"].caption(results(section="local_optima", basin_grid=4, **{"ripples.depth": 0.0151}))
    assert "Of 4 × 4 starts over 1 minimum, this share ends within 0.3 of it in 400 steps" in said


# ---- many dimensions --------------------------------------------------------------------------------------------


def test_the_laws_are_drawn_and_what_was_sampled_with_its_error():
    r = results(section="dimensions", n=3)
    figure = PICTURES["minima"].spec(r)
    np.testing.assert_allclose(trace(figure, "random symmetric matrix")["y"][:3], [0.5, 0.146447, 0.0249209], rtol=1e-5)
    np.testing.assert_allclose(trace(figure, "smooth random field")["y"][2], (29 - 6 * math.sqrt(6)) / 116, rtol=1e-6)
    drawn = trace(figure, "random symmetric matrix, drawn")
    now = r.samples["goe"].result
    assert drawn["y"] == now.share[0]
    assert drawn["error_y"]["array"] == 2 * now.error[0]


def test_nothing_drawn_is_said_to_be_so():
    r = results(section="dimensions", n=8, draws=1000)
    assert np.isnan(trace(PICTURES["minima"].spec(r), "random symmetric matrix, drawn")["y"]).all()
    assert "none, so at most about 0.003" in PICTURES["minima"].caption(r)


def test_the_histogram_counts_the_directions_that_go_down():
    r = results(section="dimensions", n=4)
    figure = PICTURES["directions"].spec(r)
    np.testing.assert_array_equal(trace(figure, "independent signs")["y"], [100 * c / 16 for c in (1, 4, 6, 4, 1)])
    np.testing.assert_array_equal(trace(figure, "smooth random field")["y"], 100 * r.samples["field"].result.share)
    assert "0.875 (independent signs)" in PICTURES["directions"].caption(r)
    assert "no saddles" in caption("directions", n=1)


def test_half_of_the_directions_go_down_at_the_mean_height():
    curve = spec("index_height", n=4)["data"][0]
    assert curve["y"][120] == pytest.approx(50)
    assert curve["x"][120] == pytest.approx(0)
    assert curve["y"][0] == 0
    assert curve["y"][-1] == 100
    # Wigner's semicircle below half its radius: 1/3 - sqrt(3) / (4 pi) of it
    assert f"{100 * (1 / 3 - math.sqrt(3) / (4 * math.pi)):.0f} %" in caption("index_height", n=4)


def test_of_the_laws_for_twenty_thousand_directions_only_the_exact_one_is_a_number():
    rows = {row["model"]: row["2⁻²⁰⁰⁰⁰ at N = 20,000"] for row in model_table(results(section="dimensions"))}
    # log10(2^-20000) = -20000 log10(2) = -6020.5999
    assert "2.5 × 10⁻⁶⁰²¹" in rows["independent signs"]
    assert all("not computed here" in text for model, text in rows.items() if model != "independent signs")
    assert caption("minima").count("× 10⁻⁶⁰²¹") == 1
