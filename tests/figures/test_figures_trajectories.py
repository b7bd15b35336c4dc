"""Pictures of the trajectories page: what is drawn is what was computed, and the sentences say what happened."""

import math
import re

import numpy as np
import pytest

from lrviz.figures import trajectories as pictures
from lrviz.figures.plot.text import percent
from lrviz.figures.plot.theme import BLUE, GREEN, PURPLE, RED
from lrviz.figures.trajectories.formula import Traced, equations, tex, tex_number
from lrviz.figures.trajectories.maps import log_memory
from lrviz.lessons.trajectories import LESSON, compute
from lrviz.optimizers import OPTIMIZERS, maximum, sign, sqrt, where
from lrviz.surfaces import SURFACES

PICTURES = pictures.PICTURES


def computed(**settings):
    return compute(LESSON.settings(**settings))


def caption(name="paths", **settings):
    return PICTURES[name].caption(computed(**settings))


def title(**settings):
    return PICTURES["paths"].spec(computed(**settings))["layout"]["title"]["text"]


# ------------------------------------------------------------------------------------------------------- paths


def test_paths_loss_gradient_and_rates_are_drawn_as_computed():
    results = computed(steps=30)
    figure = PICTURES["paths"].draw(results)
    for run in results.runs:
        path, loss, norm, along, across, *heads = (
            trace for trace in figure.data if trace.name in (run.label, f"{run.label}, now")
        )
        assert (path.x == run.path.xy[:, 0]).all()
        assert (path.y == run.path.xy[:, 1]).all()
        assert (loss.y == run.path.loss).all()  # the ravine's lowest loss is 0
        assert (norm.y == run.path.grad_norm).all()
        assert (along.y[:-1] == run.effective[:, 0]).all()
        assert (across.y[:-1] == run.effective[:, 1]).all()
        assert [trace.yaxis for trace in (path, loss, norm, along, across)] == [None, "y2", "y3", "y4", "y4"]
        assert len(heads) == 4


def test_heads_stand_on_their_lines_at_the_step_shown():
    results = computed(step=17)
    figure = PICTURES["paths"].draw(results)
    assert results.drawn[figure.layout.meta["bar"]["at"]] == 17
    for head in figure.layout.meta["heads"]:
        trace, line = figure.data[head["trace"]], figure.data[head["of"]]
        assert (trace.x[0], trace.y[0]) == (line.x[17], line.y[17])
        assert trace.yaxis == line.yaxis


def test_what_stays_comes_first_and_is_the_surface():
    results = computed(surface="himmelblau")
    spec = PICTURES["paths"].spec(results)
    still = spec["data"][: spec["layout"]["meta"]["still"]]
    assert [trace["name"] for trace in still] == ["loss", "critical points"]
    drawn = list(zip(still[1]["x"], still[1]["y"], still[1]["text"], strict=True))
    assert drawn == list(results.land.surface.points)
    assert sorted({kind for _, _, kind in drawn}) == ["maximum", "minimum", "saddle"]
    moved = PICTURES["paths"].spec(computed(surface="himmelblau", **{"himmelblau.x": 1.0}))
    assert all(a is b for a, b in zip(still, moved["data"], strict=False))  # sent once


def test_the_contour_is_the_loss_or_its_logarithm():
    ravine = PICTURES["paths"].draw(computed()).data[0]
    assert ravine.z[10][20] == pytest.approx(0.5 * (ravine.x[20] ** 2 + 20 * ravine.y[10] ** 2))
    results = computed(surface="rosenbrock")
    contour = PICTURES["paths"].draw(results).data[0]
    value = SURFACES["rosenbrock"].value(contour.x[3], contour.y[5])
    assert contour.z[5][3] == pytest.approx(np.log10(value + 1e-4 * results.land.top))


def test_ten_thousand_steps_are_thinned_and_the_bar_knows_which():
    spec = PICTURES["paths"].spec(computed(steps=10_000))
    drawn = spec["layout"]["meta"]["bar"]["values"]
    assert len(drawn) <= 2001
    path = spec["data"][spec["layout"]["meta"]["still"]]
    assert len(path["x"]) == len(drawn)
    assert (path["customdata"] == drawn).all()


def test_a_path_that_diverges_ends():
    results = computed(optimizers=("gd",), **{"gd.lr": 0.2})
    spec = PICTURES["paths"].spec(results)
    path = spec["data"][spec["layout"]["meta"]["still"]]
    assert np.isnan(path["y"][results.runs[0].diverged :]).all()
    assert np.isfinite(path["y"][: results.runs[0].diverged]).all()
    late = PICTURES["paths"].spec(computed(optimizers=("gd",), step=150, **{"gd.lr": 0.2}))
    assert np.isfinite(late["data"][-1]["y"]).all()  # the head waits at the end of the path


def test_a_changed_switch_draws_the_usual_path_thin():
    results = computed(optimizers=("momentum",), **{"momentum.corrected": True})
    thin = next(trace for trace in PICTURES["paths"].draw(results).data if trace.name == "Momentum, as usual")
    assert (thin.x == results.plain["momentum"].path.xy[:, 0]).all()
    assert thin.line.dash == "dot"


def test_the_notes_colours_stay_with_their_optimizers():
    looks = pictures.cues(("adam", "nadam", "gd", "rmsprop", "momentum"))
    assert [look["colour"] for look in looks][0::2] == [PURPLE, BLUE, RED]
    assert looks[3]["colour"] == GREEN


@pytest.mark.parametrize("name", list(PICTURES))
@pytest.mark.parametrize(
    "settings",
    [
        {"surface": "saddle", "optimizers": tuple(OPTIMIZERS)[:8]},
        {"surface": "rastrigin", "optimizers": tuple(OPTIMIZERS)[-8:], "style": "slide"},
        {"surface": "goldstein_price", "rule": "same", "lr": 10.0, "steps": 1, "maps": ("adam",)},
        {"surface": "ripples", "rule": "tuned", "noise": 1.0, "steps": 20},
        {"surface": "himmelblau", "himmelblau.x": 3.0, "himmelblau.y": 2.0, "rule": "same", "lr": 0.0},
        {"surface": "plateau", "plateau.x": 1e5, "optimizers": ("adadelta",), "step": 10_000},
        {"surface": "monkey_saddle", "monkey_saddle.x": 0.0, "monkey_saddle.y": 0.0, "rmsprop.eps": 0.0},
    ],
    ids=lambda settings: settings["surface"],
)
def test_every_picture_can_be_drawn_and_told_whatever_is_asked(name, settings):
    results = computed(**settings, resolution=8, budget=5)
    figure = PICTURES[name].draw(results)
    assert figure.layout.meta["alt"]
    assert PICTURES[name].caption(results).endswith(".")
    assert "nan" not in PICTURES[name].caption(results)


@pytest.mark.parametrize("surface", list(SURFACES))
def test_every_surface_can_be_drawn(surface):
    results = computed(surface=surface, resolution=8)
    for picture in PICTURES.values():
        picture.draw(results)
        assert picture.caption(results)


# ------------------------------------------------------------------------------------------------------- sentences


def test_who_arrives_first():
    assert (
        title(optimizers=("gd", "momentum"), rule="same", lr=0.09) == "Gradient descent arrives first, after 64 steps"
    )
    assert title(optimizers=("gd",), **{"gd.lr": 0.09}) == "Gradient descent arrives after 64 steps"
    assert title(steps=5) == "No optimizer arrives within 5 steps"
    assert title(steps=5, optimizers=("gd",)) == "Gradient descent does not arrive within 5 steps"
    # y_t = 2 (1 - 0.2 * 20)^t = 2 (-3)^t is beyond 1e6 once t > log(5e5) / log(3) = 11.9
    assert title(steps=300, optimizers=("gd",), rule="same", lr=0.2) == "The path diverges at step 12"
    assert title(steps=300, optimizers=("gd", "nesterov"), rule="same", lr=0.2) == "Every path diverges"
    assert title(**{"ravine.x": 0.005, "ravine.y": 0.0}) == "The start is within 0.01 of a minimum"
    assert "leaves the picture first, after" in title(surface="saddle")
    assert title(surface="saddle", steps=2) == "No path leaves the picture within 2 steps"


def test_divergence_is_said_with_its_step_and_limit():
    said = caption(optimizers=("gd",), **{"gd.lr": 0.11})
    assert "Gradient descent diverged at step 72: its rate 0.11 is above the stability limit 0.1." in said
    assert "diverged at step 1." in caption(
        optimizers=("rmsprop",), surface="double_well", **{"double_well.y": 0.0, "rmsprop.eps": 0.0}
    )


def test_only_equal_paths_are_called_the_same():
    settings = {"optimizers": ("momentum", "heavy_ball"), "momentum.lr": 0.2}
    assert "Momentum and Heavy ball take the same path." in caption(**settings, **{"heavy_ball.lr": 0.02})
    assert "same path" not in caption(**settings, **{"heavy_ball.lr": 0.0200001})


def test_a_rate_of_0_stands_still():
    assert (
        caption(rule="same", lr=0.0, optimizers=("gd", "adam"))
        == "Gradient descent and Adam stand still: the learning rate is 0."
    )


def test_one_step_is_told():
    assert (
        caption(optimizers=("gd",), steps=1) == "Gradient descent is still 3.98 from the nearest minimum after 1 step."
    )


def test_a_start_outside_the_box_and_a_path_that_leaves_it_are_told():
    assert caption(**{"ravine.x": -8.0}).startswith("The start (−8, 2) lies outside the picture.")
    said = caption(optimizers=("momentum",), **{"momentum.corrected": True})
    assert "Momentum leaves the picture at step 1; what lies outside is not drawn." in said


@pytest.mark.parametrize(
    ("surface", "x", "y", "where"),
    [("himmelblau", 3.0, 2.0, "at a minimum"), ("saddle", 0.0, 0.0, "at a saddle"),
     ("monkey_saddle", 0.0, 0.0, "where the surface is level")],
)  # fmt: skip
def test_a_start_on_a_critical_point_is_told(surface, x, y, where):
    said = caption(surface=surface, **{f"{surface}.x": x, f"{surface}.y": y})
    assert said.startswith(f"The start lies {where}; the gradient there is 0.")
    assert said.endswith("Gradient descent, Momentum, RMSprop and Adam stand still: there is no gradient to follow.")
    assert "same path" not in said


def test_a_minimum_that_is_not_the_lowest_is_told():
    assert "Not the lowest minimum: Gradient descent at (2.75, 2.75)." in caption(
        surface="styblinski_tang", optimizers=("gd",)
    )
    assert "Not the lowest" not in caption(surface="himmelblau")


def test_a_schedule_that_does_not_fit_is_told():
    said = caption(schedule="piecewise_constant_decay", **{"piecewise_constant_decay.values": (1.0,)})
    assert said.startswith(
        "The rates stay constant, since these settings of the schedule do not fit: values must be one more than the 2"
    )


# ------------------------------------------------------------------------------------------------------- sweeps and maps


def test_the_sweep_is_drawn_with_the_rates_in_use_and_the_limits():
    results = computed(optimizers=("gd", "adam"))
    figure = PICTURES["sensitivity"].draw(results)
    curve, mark = figure.data[:2]
    final = results.sweeps["gd"][1]
    assert np.isnan(curve.y[np.isinf(final)]).all()
    known = np.isfinite(final) & (final > 1e-12)
    assert (curve.y[known] == final[known]).all()
    assert mark.x[0] == results.runs[0].lr
    assert [shape.x0 for shape in figure.layout.shapes] == [pytest.approx(0.1)]
    assert "Here the stability limit of the rate is 0.1 for Gradient descent." in caption(
        "sensitivity", optimizers=("gd", "adam")
    )


def test_a_map_marks_what_diverged_and_where_the_settings_stand():
    results = computed(
        resolution=16, steps=100, maps=("heavy_ball",), optimizers=("heavy_ball",), **{"heavy_ball.lr": 0.1}
    )
    figure = PICTURES["rate_beta"].draw(results)
    found = results.rate_map("heavy_ball")
    loss, lost = figure.data[:2]
    assert (np.isnan(loss.z) == np.isnan(found.loss)).all()
    assert ((lost.z == 1) == np.isnan(found.loss)).all()
    assert loss.z[0][0] == pytest.approx(np.log10(found.loss[0, 0]))
    assert (figure.data[-1].x[0], figure.data[-1].y[0]) == pytest.approx((-1.0, 1.0))  # rate 0.1, 1 / (1 - 0.9) = 10
    assert figure.layout.meta["pick"]["at"] == pytest.approx([-1.0, 1.0])


def test_a_click_on_a_map_takes_the_values_of_its_cell():
    results = computed(resolution=16, optimizers=("gd",), maps=("adam",))
    found = results.rate_map("adam")
    picked = PICTURES["rate_beta"].pick(
        results, float(np.log10(found.rate[5])) + 0.01, float(log_memory(found.beta[7]))
    )
    assert picked == {
        "rule": "own", "optimizers": ("gd", "adam"), "adam.lr": found.rate[5], "adam.beta1": found.beta[7],
    }  # fmt: skip
    LESSON.settings(**picked)
    lowest = PICTURES["rate_beta"].pick(results, -99.0, -1.0)
    assert (lowest["adam.lr"], lowest["adam.beta1"]) == (found.rate[0], found.beta[0])


def test_shares_of_starts_add_up_as_they_are_read():
    # at so small a rate one of 81 starts is at the minimum, and 80 of 81 are 98.8 %: "1.2 % and 99 %" is more than all
    said = PICTURES["basins"].caption(
        computed(optimizers=("gd",), resolution=9, steps=2, rule="own", **{"gd.lr": 1e-9})
    )
    assert said.endswith("with Gradient descent 1 % at the minimum and 99 % at none.")


def test_a_rate_at_the_end_of_those_tried_is_not_called_the_best_of_all():
    # on a saddle the loss falls without end: the larger the rate, the lower it is after so many steps
    r = computed(surface="saddle", optimizers=("adagrad",), steps=150, maps=("rmsprop",), **{"saddle.y": 0.28})
    for figure in ("sensitivity", "range_test", "rate_beta"):
        said = PICTURES[figure].caption(r)
        assert "10 is the largest rate tried; a larger one may be better." in said, said
        assert "hardly changes" not in said
    ravine = computed(optimizers=("gd",), steps=100)
    assert "rate tried" not in PICTURES["sensitivity"].caption(ravine)
    assert PICTURES["rate_beta"].caption(r).endswith("No cell diverged.")


def test_basins_are_drawn_as_computed_or_not_at_all():
    results = computed(surface="himmelblau", resolution=8, optimizers=("gd",))
    figure = PICTURES["basins"].draw(results)
    assert (figure.data[0].z == results.basins(results.runs[0]).reached).all()
    shares = results.basins(results.runs[0]).shares
    assert f"with Gradient descent {percent(shares[0])} at (3, 2), " in PICTURES["basins"].caption(results)
    none = PICTURES["basins"].caption(computed(surface="saddle"))
    assert none == "This surface has no minimum that a run could end at."


def test_the_path_in_three_dimensions_lies_on_the_surface_and_ends_at_the_box():
    results = computed(optimizers=("gd",), **{"gd.lr": 0.11})
    run = results.runs[0]
    figure = PICTURES["view3d"].draw(results)
    lift = 0.01 * np.ptp(figure.data[0].z)
    assert figure.data[1].z[0] == pytest.approx(run.path.loss[0] + lift)
    assert np.isnan(figure.data[1].z[run.left])
    assert figure.layout.meta["heads"] == [{"trace": 2, "of": 1, "three": True}]


def test_rates_say_how_much_more_one_coordinate_gets():
    # RMSprop's first rate is lr / (sqrt(0.1) |g|), and |g| is 4 along x and 40 along y
    said = caption("rates", optimizers=("rmsprop",), step=0)
    assert said == "Effective rates in step 1: RMSprop 0.0791 along x and 0.00791 along y (10 times as large along x)."
    assert caption("rates", optimizers=("gd",)) == "Gradient descent has the same rate along x and y."


def test_eps_is_told_only_where_there_is_one():
    assert caption("epsilon", optimizers=("gd",)) == "None of the chosen optimizers has an ε."
    assert "Adam takes 85 steps for every ε up to" in caption("epsilon", optimizers=("gd", "adam"))


# ------------------------------------------------------------------------------------------------------- the step


def test_a_step_is_written_out_from_the_rule_itself():
    results = computed(optimizers=("momentum", "gd"), **{"gd.lr": 0.09})
    momentum, plain = results.runs
    # the lecture's form: v = 0.9 * 0 + 0.1 * (-4), then -4 - 0.2 v
    assert equations(momentum, 0, 0, -4.0) == [
        r"v_{x} &\leftarrow 0.9 \cdot 0 + 0.1 \cdot \left(-4\right) = -0.4",
        r"x &\leftarrow -4 - 0.2 \cdot \left(-0.4\right) = -3.92",
    ]
    assert equations(plain, 0, 1, 40.0) == [r"y &\leftarrow 2 - 0.09 \cdot 40 = -1.6"]


@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize("k", [0, 9])
def test_the_equations_of_every_rule_end_where_the_run_went(name, k):
    results = computed(optimizers=(name,), noise=0.5)
    run = results.runs[0]
    for i, gradient in enumerate(results.gradient(run, k)):
        lines = equations(run, k, i, gradient)
        assert len(lines) == len(run.entry.slots) + 1
        assert lines[-1].endswith(f"= {tex_number(run.path.xy[k + 1, i])}")
        for slot, line in zip(run.entry.slots, lines, strict=False):
            assert line.endswith(tex_number(run.path.slots[slot][k + 1, i]))
        for line in lines:
            assert line.count("{") == line.count("}")
            assert line.count(r"\left(") == line.count(r"\right)")


def evaluated(line):
    """What an equation says on the right of its arrow, worked out: how the number came about, and the number."""
    code = line.split(r"\leftarrow")[1].replace(r"\cdot", "*").replace(r"\left", "").replace(r"\right", "")
    code = code.replace(r"\max", "max").replace(r"\operatorname{sign}", "sign")
    before = ""
    while code != before:
        before, code = code, re.sub(r"\\frac{([^{}]*)}{([^{}]*)}", r"((\1)/(\2))", code)
        code = re.sub(r"\^{([^{}]*)}|\^(\d)", r"**(\1\2)", re.sub(r"\\sqrt{([^{}]*)}", r"(\1)**0.5", code))
    code = re.sub(r"\|([^|]*)\|", r"abs(\1)", code)
    return [eval(part, {"sign": np.sign}) for part in code.split("=")]


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_every_equation_is_true(name):
    results = computed(optimizers=(name,), noise=0.5)
    run = results.runs[0]
    for k in (0, 1, 30):
        for i, gradient in enumerate(results.gradient(run, k)):
            for line in equations(run, k, i, gradient):
                made, value = evaluated(line)
                assert made == pytest.approx(value, rel=5e-3, abs=5e-3 * abs(run.path.xy[k, i])), line


def test_functions_of_numpy_are_written_out():
    a, b = Traced(2.0), Traced(-3.0)
    cases = {
        maximum(a, b * b): r"\max\left(2, \left(-3\right)^2\right)",
        0.5 * sign(a + b): r"0.5 \cdot \operatorname{sign}\left(2 - 3\right)",
        where(a > b, a, b): "2",
        b**2: r"\left(-3\right)^{2}",
        (a + 1) ** 0.5: r"\left(2 + 1\right)^{0.5}",
        np.tanh(b): r"\tanh\left(-3\right)",
        np.arctan(b): r"\operatorname{arctan}\left(-3\right)",
        np.floor(a / 4): r"\lfloor \frac{2}{4} \rfloor",
        np.where(a > b, a * 1.0, b): r"2 \cdot 1",
        np.clip(b, 0.0, a): r"\min\left(\max\left(-3, 0\right), 2\right)",
        np.float64(4.0) * a: r"4 \cdot 2",
        np.float64(1.0) - np.abs(b): r"1 - \left|-3\right|",
    }
    assert [written(node) for node in cases] == list(cases.values())
    expected = [9.0, -0.5, 2.0, 9.0, 3**0.5, math.tanh(-3), math.atan(-3), 0.0, 2.0, 0.0, 8.0, -2.0]
    assert [node.value for node in cases] == pytest.approx(expected, rel=1e-15)
    for undefined in (lambda: sqrt(b), lambda: b**0.5, lambda: np.log(Traced(0.0)), lambda: Traced(1e200) ** 2):
        with pytest.raises(ArithmeticError):
            undefined()


def written(node):
    return tex(node)[0]


def test_brackets_stand_where_they_must():
    a, b, c = Traced(2.0), Traced(-3.0), Traced(5.0)
    assert written((a + c) * a) == r"\left(2 + 5\right) \cdot 2"
    assert written(a - (c - a)) == r"2 - \left(5 - 2\right)"
    assert written(a * b) == r"2 \cdot \left(-3\right)"
    assert written(c + b) == "5 - 3"
    assert written(b * b) == r"\left(-3\right)^2"
    assert written(0.1 * c * c) == r"0.1 \cdot 5^2"
    assert written(b / (a + c)) == r"-\frac{3}{2 + 5}"
    assert written(abs(b) + np.sqrt(a)) == r"\left|-3\right| + \sqrt{2}"
    assert written(Traced(1e-8) * Traced(1e-8)) == r"1 \cdot 10^{-8} \cdot 1 \cdot 10^{-8}"
    assert [tex_number(v) for v in (float("nan"), float("-inf"), -0.0, 12345.678)] == [
        r"\text{NaN}",
        r"-\infty",
        "0",
        r"1.235 \cdot 10^{4}",
    ]


def test_a_traced_number_computes_and_compares_as_a_plain_one():
    for x, y in ((2.0, -3.0), (0.5, 4.0)):
        a = Traced(x)
        assert [(a + y).value, (y + a).value, (a - y).value, (y - a).value] == [x + y, y + x, x - y, y - x]
        assert [(a * y).value, (y * a).value, (a / y).value, (y / a).value] == [x * y, y * x, x / y, y / x]
        assert [(-a).value, abs(a).value] == [-x, abs(x)]
        assert [a < y, a <= y, a > y, a >= y, a == x, a == y] == [x < y, x <= y, x > y, x >= y, True, False]


def test_the_table_holds_the_step_of_every_optimizer():
    rows = pictures.step_table(computed(optimizers=("gd", "momentum"), **{"gd.lr": 0.09}))
    assert rows[0] == {
        "optimizer": "Gradient descent", "position": "(−4, 2)", "gradient": "(−4, 40)", "rate": "0.09", "slots after": "none",
        "step": "(0.36, −3.6)", "new position": "(−3.64, −1.6)",
    }  # fmt: skip
    assert rows[1]["slots after"] == "v = (−0.4, 4)"


def test_after_divergence_there_is_no_step_to_write_out():
    results = computed(optimizers=("gd",), step=150, **{"gd.lr": 0.2})
    gone = results.runs[0].diverged
    assert pictures.step_formula(results, results.runs[0]) == rf"\text{{It diverged at step {gone}.}}"
    assert pictures.step_table(results)[0]["new position"] == "–"
    nothing = computed(optimizers=("rmsprop",), surface="double_well", **{"double_well.y": 0.0, "rmsprop.eps": 0.0})
    assert pictures.step_formula(nothing, nothing.runs[0]) == r"\text{This step divides by 0.}"


def test_the_title_of_the_step_counts_from_one():
    assert pictures.step_title(computed(step=0)) == "Step 1 of 200"
    assert pictures.step_title(computed(steps=3, step=10_000)) == "Step 3 of 3"


def test_formulas_hold_no_word_that_latex_does_not_know():
    known = {
        "left",
        "right",
        "cdot",
        "frac",
        "sqrt",
        "leftarrow",
        "begin",
        "end",
        "text",
        "infty",
        "max",
        "operatorname",
    }
    for name in OPTIMIZERS:
        results = computed(optimizers=(name,), step=4)
        assert set(re.findall(r"\\([a-z]+)", pictures.step_formula(results, results.runs[0]))) <= known
