"""The pictures of schedules: what is drawn is what was computed, every figure is one that Plotly accepts, sentences hold."""

import json
import math
import re
from functools import lru_cache

import numpy as np
import plotly.graph_objects as go
import pytest
from support.sound_figure import assert_complete

from lrviz.figures import schedules as figures
from lrviz.figures.plot.axes import rounded_up
from lrviz.figures.plot.text import number
from lrviz.figures.plot.theme import BLUE, DARK, GREEN, themed
from lrviz.figures.schedules import PICTURES, formulas, jumps_table, rate_table, training_table
from lrviz.figures.schedules.formula import formula
from lrviz.figures.schedules.style import CUES, decades
from lrviz.lessons.schedules import LESSON
from lrviz.lessons.schedules.slots import LETTERS, Curve
from lrviz.schedules import SCHEDULES, Schedule, noisy_band
from lrviz.schedules.latex import base, tex
from lrviz.ui.stage import packed

pytestmark = pytest.mark.thorough

EVERY_PICTURE = pytest.mark.parametrize("name", PICTURES)
ODD = {
    "the defaults": {},
    "all eight": {"curves": LETTERS},
    "all eight, a million steps, in epochs": {"curves": LETTERS, "total": 1_000_000, "axis": "epochs"},
    "all eight, logarithmic, slide": {"curves": LETTERS, "scale": "log", "style": "slide"},
    "one step": {"total": 1},
    "one curve by hand": {"curves": ("a",), "a.schedule": "manual_decay"},
    "a hand that is not drawn": {"edit": "h"},
    "no edits": {"a.schedule": "manual_decay", "a.manual_decay.steps": (), "a.manual_decay.rates": ()},
    "a list too long": {"a.schedule": "piecewise_constant_decay", "a.piecewise_constant_decay.boundaries": (1.0, 2.0, 3.0)},
    "a rate of 0": {"curves": ("a",), "a.schedule": "constant", "a.constant.initial_learning_rate": 0.0, "scale": "log"},
    "everything 0": {c: v for x in "abc" for c, v in ((f"{x}.schedule", "constant"), (f"{x}.constant.initial_learning_rate", 0.0))},
    "beyond all numbers": {"a.schedule": "exponential_decay", "a.exponential_decay.decay_rate": 1e300},
    "nothing times too much": {
        "curves": ("c",), "edit": "c", "c.cosine_decay_restarts.initial_learning_rate": 0.0, "c.cosine_decay_restarts.m_mul": 1e300,
    },
    "all diverge": {"curvature": 1000.0},
    "no noise": {"noise": 0.0, "ripples.noise": 0.0},
    "much noise": {"noise": 1000.0, "ripples.noise": 1000.0},
    "no ripples": {"ripples.depth": 0.0},
    "a noisy curve, scaled, after a warm-up": {"curves": ("a", "h"), "h.warmup": 50, "fairness": "same_peak", "edit": "h"},
    "restarts all the time": {"curves": ("c",), "c.cosine_decay_restarts.first_decay_steps": 1e-3, "total": 3000},
    "few steps": {"total": 20, "plateau.every": 1000, "curves": ("d", "e"), "step": 1_000_000},
}  # fmt: skip


def results(**changes):
    return LESSON.compute(LESSON.settings(**changes))


def traces(name, r):
    return {trace.name: trace for trace in PICTURES[name].draw(r).data}


# Every figure, every state


@lru_cache(maxsize=1)  # its figures are drawn one after the other
def odd(case):
    return results(**ODD[case])


@EVERY_PICTURE
@pytest.mark.parametrize("case", ODD)
def test_every_figure_is_one_that_plotly_accepts_with_a_sentence_of_numbers(name, case):
    r = odd(case)
    sent = PICTURES[name].spec(r)
    figure = go.Figure(sent)
    sentence = PICTURES[name].caption(r)
    assert_complete(figure, sentence)
    assert "nan" not in sentence.split()
    assert "inf" not in re.split(r"\W", sentence)
    for part in ("layout", "data"):  # as the stage sends it: no bare NaN, no number wrapped as an array
        text = json.dumps(sent[part], default=packed, allow_nan=False)
        assert '"shape": "1"' not in text
    for shape in sent["layout"].get("shapes", []):
        assert isinstance(shape["x0"], (int, float))


@EVERY_PICTURE
def test_the_dark_theme_changes_colours_and_nothing_else(name):
    light = PICTURES[name].draw(results(curves=LETTERS))
    dark = themed(light, "dark")
    assert dark.layout.paper_bgcolor == DARK[light.layout.paper_bgcolor]
    for before, after in zip(light.data, dark.data, strict=True):
        np.testing.assert_array_equal(before.x, after.x)


@EVERY_PICTURE
def test_a_notebook_draws_a_figure_by_its_name(name):
    assert isinstance(getattr(figures, name)(results()), go.Figure)


def test_two_letters_never_look_alike():
    assert len({tuple(cue.values()) for cue in CUES.values()}) == len(LETTERS)
    assert len({cue["colour"] for cue in CUES.values()}) == len(LETTERS)


# The rates


def test_lines_are_the_rates():
    r = results(curves=("b", "a"), fairness="same_area")
    drawn = traces("rates", r)
    for curve, rates in zip(r.curves, r.rates, strict=True):
        np.testing.assert_array_equal(drawn[curve.name].y, rates)
        np.testing.assert_array_equal(drawn[curve.name].x, np.arange(1001))
    np.testing.assert_allclose(drawn["chosen step"].y, r.at(250))


def test_counted_in_epochs_the_axis_is_divided():
    r = results(axis="epochs", steps_per_epoch=50)
    figure = PICTURES["rates"].draw(r)
    np.testing.assert_allclose(figure.data[0].x, np.arange(1001) / 50)
    assert (figure.layout.xaxis.title.text, tuple(figure.layout.xaxis.range)) == ("epoch", (0, 20))
    assert "After epochs 1, 2, 3 and 4 the rate of A is 0.099, 0.098, 0.095 and 0.09" in PICTURES["rates"].caption(r)
    assert "epochs 1 and 2" in PICTURES["rates"].caption(results(axis="epochs", steps_per_epoch=400))
    assert "After epoch" not in PICTURES["rates"].caption(results(axis="epochs", steps_per_epoch=5000))


def test_a_logarithmic_axis_shows_gaps_where_there_is_nothing_to_show():
    r = results(curves=("a", "h"), scale="log")
    figure = PICTURES["rates"].draw(r)
    for trace in figure.data:
        y = np.asarray(trace.y, float)
        assert (y[np.isfinite(y)] > 0).all()
    np.testing.assert_array_equal(np.isnan(figure.data[0].y), r.rates[0] <= 0)
    low, high = figure.layout.yaxis.range
    assert high - low <= 7.01
    assert 10**high > r.rates.max()
    assert "no place for rates of 0 and below, which A and H have." in PICTURES["rates"].caption(r)


def test_the_noisy_curve_has_its_band_and_one_draw():
    r = results(curves=("h",))
    drawn = traces("rates", r)
    mean, deviation = noisy_band(r.steps)
    np.testing.assert_allclose(drawn["H Noisy linear cosine, mean"].y, mean)
    outline = np.asarray(drawn["H Noisy linear cosine, ± 1 sd"].y)
    np.testing.assert_allclose(outline[:1001], mean - deviation)
    np.testing.assert_allclose(outline[:1000:-1], mean + deviation)
    np.testing.assert_array_equal(
        drawn["H Noisy linear cosine"].y, SCHEDULES["noisy_linear_cosine_decay"](np.arange(1001.0))
    )
    assert "seed 0" in PICTURES["rates"].caption(r)


def test_few_steps_are_drawn_as_points():
    assert {t.mode for t in PICTURES["rates"].draw(results(total=20)).data[:3]} == {"lines+markers"}
    assert {t.mode for t in PICTURES["rates"].draw(results(total=200)).data[:3]} == {"lines"}


def test_letters_stand_on_their_curves():
    r = results(curves=("b", "a"))
    notes = {n.text: n for n in PICTURES["rates"].draw(r).layout.annotations}
    for i, curve in enumerate(r.curves):
        note = notes[f"<b>{curve.letter.upper()}</b>"]
        assert note.y == pytest.approx(r.rates[i, int(note.x)])
        assert note.font.color == CUES[curve.letter]["colour"]


def test_letters_stand_on_their_curves_on_a_logarithmic_axis_too():
    r = results(curves=("b", "a"), scale="log")
    notes = {n.text: n for n in PICTURES["rates"].draw(r).layout.annotations}
    assert 10 ** notes["<b>B</b>"].y == pytest.approx(r.rates[0, int(notes["<b>B</b>"].x)])


def test_the_sentence_says_how_curves_are_compared():
    caption = PICTURES["rates"].caption
    assert "The curves are as given." in caption(results())
    peak = caption(results(fairness="same_peak", **{"b.inverse_time_decay.initial_learning_rate": 0.05}))
    assert "All are scaled to the highest rate of A: B × 2 and C × 1." in peak
    spent = [
        math.fsum(0.05 * (1 + math.cos(math.pi * n / 1000)) for n in range(1000)),
        math.fsum(0.1 / (1 + n / 100) for n in range(1000)),
    ]
    assert f"All are scaled to the sum of the rates of A: B × {spent[0] / spent[1]:.3g}" in caption(
        results(fairness="same_area")
    )
    assert f"is A {spent[0]:.4g}, B {spent[1]:.4g} and" in caption(results())
    assert "A, B and C have no sum of the rates between" in caption(
        results(fairness="same_area", **ODD["everything 0"])
    )
    assert "as given" not in caption(results(curves=("a",)))
    assert "scaled" not in caption(results(curves=("a",), fairness="same_peak"))


def test_the_sentence_says_what_is_sampled_and_what_has_no_partner():
    assert "Of 1,000,000 steps" in PICTURES["rates"].caption(results(total=1_000_000))
    assert "steps 1," not in PICTURES["rates"].caption(results())
    assert "The last boundary of A has no rate of its own yet and is left out." in PICTURES["rates"].caption(
        results(**ODD["a list too long"])
    )


def test_a_rate_beyond_all_numbers_ends_its_curve():
    r = results(**ODD["beyond all numbers"])
    y = np.asarray(PICTURES["rates"].draw(r).data[0].y, float)
    assert np.isfinite(y[:10]).all()
    assert np.isnan(y[-1])
    assert "Rates from 10³⁰ on, which A has, are not drawn." in PICTURES["rates"].caption(r)
    assert "above 10³⁰⁸ (overflow)" in PICTURES["rates"].caption(r)


def test_the_axis_does_not_creep_while_a_rate_is_dragged():
    tops = {rounded_up(value) for value in np.linspace(0.101, 0.119, 20)}
    assert tops == {0.12}
    for value in np.geomspace(1e-9, 1e9, 500):
        assert value <= rounded_up(value) <= 1.51 * value
    assert rounded_up(0.0) == 1
    low, high = decades([1e-12, 0.1], 5)
    assert (round(high - low, 9), high >= -1) == (5, True)


def test_the_table_labels_what_comes_after_an_epoch():
    r = LESSON.compute(LESSON.settings(**LESSON.preset("D2").settings))
    rows = rate_table(r)
    assert [row["epoch"] for row in rows] == ["after epoch 1", "after epoch 2", "after epoch 3", "after epoch 4"]
    assert [row["A Inverse time"] for row in rows] == ["0.1", "0.0667", "0.05", "0.04"]
    first, inside = rate_table(results(table_steps=(0.0, 250.0)))
    assert (first["step"], first["epoch"], inside["epoch"]) == ("0", "in epoch 1", "in epoch 3")


# Formulas: read back and worked out, the numbers in LaTeX give the rate


def plain_python(text):
    """The LaTeX that formulas are written in, as Python."""
    text = text.replace(r"\left", "").replace(r"\right", "")
    for _ in range(4):
        text = re.sub(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
        text = re.sub(r"\\sqrt\{([^{}]*)\}", r"((\1)**0.5)", text)
        text = re.sub(r"\\cos(\(\([^()]*(?:\([^()]*\)[^()]*)*\)/\([^()]*\)\))", r"C\1", text)
        text = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", text)
    swaps = (
        (r"\cdot", "*"), (r"\lfloor", "F("), (r"\rfloor", ")"), (r"\pi", "* PI"), (r"\min", "min"), (r"\max", "max"),
    )  # fmt: skip
    for latex, python in swaps:
        text = text.replace(latex, python)
    text = re.sub(r"\(\* PI", "(PI", text)
    return re.sub(r"(?<=[\d)]) ?(?=\()", " * ", text)


NAMES = {"C": math.cos, "F": math.floor, "PI": math.pi, "min": min, "max": max}


WORTH_READING = [
    *((name, {}) for name in SCHEDULES),
    ("inverse_time_decay", {"decay_steps": 7.0, "decay_rate": 0.5, "staircase": True}),
    ("exponential_decay", {"decay_rate": 1e-7, "decay_steps": 1000.0}),
    ("exponential_decay", {"decay_steps": 30.0, "staircase": True}),
    ("inverse_sqrt_decay", {"k": 3.0, "decay_steps": 40.0}),
    ("polynomial_decay", {"decay_steps": 90.0, "power": 0.5, "cycle": True, "end_learning_rate": 0.01}),
    ("cosine_decay", {"alpha": 0.1, "warmup_steps": 40, "warmup_target": 0.5}),
    ("cosine_decay_restarts", {"t_mul": 1.5, "m_mul": 0.7, "alpha": 0.2}),
    ("cosine_decay_restarts", {"t_mul": 1.0, "m_mul": 0.9}),
    ("linear_cosine_decay", {"num_periods": 2.0, "alpha": 0.3, "beta": 0.01}),
    ("one_cycle", {"total_steps": 121, "pct_start": 0.25}),
    ("one_cycle", {"total_steps": 121, "pct_start": 1.0}),
    ("noam", {"warmup_steps": 20, "model_dim": 64}),
    ("rsqrt_decay", {"warmup_steps": 20}),
]


@pytest.mark.parametrize(("name", "values"), WORTH_READING)
@pytest.mark.parametrize("step", [0.0, 1.0, 39.0, 90.0, 120.0, 1234.0])
def test_the_numbers_in_a_formula_give_the_rate(name, values, step):
    curve = Curve("a", SCHEDULES[name], SCHEDULES[name].settings(**values), 0)
    lines = formula(curve, step)
    assert lines[0] == SCHEDULES[name].formula
    body = lines[1].partition(" = ")[2]
    rate = curve.rate(step)
    if r"\varepsilon" in body:
        mean = float(re.search(r"\\text\{mean \} (\S+)", body)[1])
        assert mean == pytest.approx(noisy_band(step, **values)[0], rel=1e-5)
        variance = eval(plain_python(re.search(r"0, (.*)\\right\),", body)[1]), NAMES)
        assert variance == pytest.approx((1 + min(step, 1000)) ** -0.55, rel=1e-5)  # initial variance 1, power 0.55
        assert eval(plain_python(lines[2].partition(" = ")[2]), NAMES) == pytest.approx(rate, rel=1e-5)
        return
    worked = body.partition(r"\quad")[0].split(" = ")
    assert eval(plain_python(worked[-1]), NAMES) == pytest.approx(rate, rel=1e-5, abs=1e-17)
    assert eval(plain_python(worked[0]), NAMES) == pytest.approx(rate, rel=1e-4, abs=1e-15)


def test_every_schedule_has_its_numbers_and_another_one_its_formula():
    assert all(entry.numbers for entry in list(SCHEDULES.values())[:15])
    entry = SCHEDULES["constant"]
    other = Schedule("mine", "Mine", entry.params, entry.rule, "a_n = a_0", "a notebook")
    assert formula(Curve("a", other, {"initial_learning_rate": 0.25}, 0), 3) == ["a_n = a_0", "a_{3} = 0.25"]


def test_a_formula_in_and_after_the_warm_up():
    curve = Curve("a", SCHEDULES["step_decay"], SCHEDULES["step_decay"].settings(), 300)
    inside = formula(curve, 149.0)[-1]
    assert r"0.1 \cdot \frac{149 + 1}{300} = 0.05" in inside
    after = formula(curve, 450.0)
    assert after[1].startswith("a_{150} = ")
    assert after[1].endswith("= 0.05")


def test_latex_never_sets_a_power_on_a_power():
    assert tex(1e-6) == r"1 \cdot 10^{-6}"
    assert base(1e-6) == r"(1 \cdot 10^{-6})"
    assert (tex(1_000_000), tex(-0.5), base(0.5)) == ("1000000", "(-0.5)", "0.5")
    r = results(curves=LETTERS, step=999_999, total=1_000_000)
    for _, lines in formulas(r):
        assert not any(re.search(r"\^\{[^{}]*\}\^", text) for text in lines)


# Training


def test_distances_drawn_are_those_of_the_runs():
    r = results()
    drawn = traces("distance", r)
    for curve, runs in zip(r.curves, r.training, strict=True):
        np.testing.assert_array_equal(drawn[curve.name].y, runs.rms)
        np.testing.assert_array_equal(drawn[f"{curve.name}, expected"].y, runs.expected)
        outline = np.asarray(drawn[f"{curve.name}, 16 to 84 %"].y)
        np.testing.assert_array_equal(outline, np.concatenate([runs.band[0], runs.band[2][::-1]]))
    best = f"best fixed rate {number(r.constant)}"
    np.testing.assert_array_equal(drawn[best].y, r.best.rms)


def test_d1_blue_against_green():
    r = LESSON.compute(LESSON.settings(**LESSON.preset("D1").settings))
    drawn = traces("cloud", r)
    assert drawn["A Constant"].marker.color == BLUE
    assert drawn["C Inverse time"].marker.color == GREEN
    np.testing.assert_array_equal(drawn["A Constant"].x, r.training[0].ends[:, 0])
    low, high = PICTURES["cloud"].draw(r).layout.xaxis.range
    assert (low, -low < 1.2) == (-high, True)
    assert "The schedule ends nearer than the fixed rate" in PICTURES["distance"].draw(r).layout.title.text


def test_a_cloud_of_eight_curves_stays_light():
    figure = PICTURES["cloud"].draw(results(curves=LETTERS))
    assert sum(len(trace.x) for trace in figure.data) <= 601


def test_theory_is_told_of_fixed_rates_that_have_come_to_rest_only():
    r = LESSON.compute(LESSON.settings(**LESSON.preset("O6").settings))
    sentence = PICTURES["distance"].caption(r)
    # rests sqrt 2 sigma sqrt(lr/(lambda (2 - lr lambda))): lr 0.35 1.50, lr 0.01 0.0906
    assert "C is at rest where theory expects its fixed rate to stay, at 1.5." in sentence
    assert "D is at rest where theory expects its fixed rate to stay, at 0.0906." in sentence
    assert "All 200 runs of A diverge" in sentence
    assert "its highest rate is not below 2/λ = 0.4" in sentence
    assert "A diverged, B 3.19, C 1.52" in sentence
    assert "B is still on the way to where theory expects its fixed rate to stay, at 0.0155." in sentence
    assert sentence.count("is at rest") == 2
    # lr 0.01 after 60 steps: 5 * 0.95^60 = 0.230 of the start are left on top of the 0.0906
    early = results(curves=("a",), total=60, **{"a.schedule": "constant", "a.constant.initial_learning_rate": 0.01})
    assert "at rest" not in PICTURES["distance"].caption(early)
    assert "Diverged runs out of 200: A 200." in PICTURES["cloud"].caption(r)
    assert "C ± 1.06 and D ± 0.0641" in PICTURES["cloud"].caption(r)


def test_negative_rates_and_time_lapse_are_told():
    r = results(curves=("h", "a"))
    count = int((r.run_rates[0] < 0).sum())
    assert count > 5
    assert f"Steps with a rate below 0 are not taken: H {count}." in PICTURES["distance"].caption(r)
    assert "The runs take 1,000 steps, spread evenly over the axis of 50,000 steps." in PICTURES["distance"].caption(
        results(total=50_000)
    )


def test_the_training_table_sets_the_best_fixed_rate_beside_every_curve():
    r = results()
    rows = training_table(r)
    assert [row["curve"] for row in rows] == [*(c.name for c in r.curves), "best fixed rate"]
    assert rows[0]["distance at the end"] == number(r.training[0].end)
    assert rows[0]["best factor on it"] == f"× {number(r.tuned[0][0])}"
    assert rows[-1]["mean rate"] == number(r.constant)
    crossed = int(rows[1]["first within 0.5"].removeprefix("step "))
    assert r.training[1].rms[crossed] <= 0.5 < r.training[1].rms[crossed - 1]
    assert training_table(results(total=1))[0]["first within 0.5"] == "never"
    assert training_table(results(curvature=1000.0))[0]["distance at the end"] == "200 of 200 diverged"


# Watched, search, escape


def test_the_plateau_picture_draws_its_loss_and_its_rate():
    r = results()
    drawn = traces("plateau", r)
    np.testing.assert_array_equal(drawn["reduce on plateau, loss"].y, r.plateau.losses)
    np.testing.assert_array_equal(drawn["reduce on plateau, rate"].y, r.plateau.rates)
    np.testing.assert_array_equal(drawn["A Cosine, loss"].y, r.watched.losses)
    lines = [shape.x0 for shape in PICTURES["plateau"].draw(r).layout.shapes]
    assert lines == r.plateau.cuts.tolist()
    sentence = PICTURES["plateau"].caption(r)
    assert f"cuts the rate {len(lines)} times, at steps {int(lines[0])}" in sentence
    assert "never" in PICTURES["plateau"].caption(results(**{"plateau.patience": 10_000}))
    assert "diverges" in PICTURES["plateau"].caption(results(curvature=1000.0))


def test_the_picture_by_hand_marks_the_edits():
    r = results(**{"a.schedule": "manual_decay", "total": 600})
    figure = PICTURES["by_hand"].draw(r)
    assert [shape.x0 for shape in figure.layout.shapes] == [250, 500]  # the edit at 800 lies beyond
    assert "0.05 from step 250 and 0.02 from step 500. 1 edit comes after the run." in PICTURES["by_hand"].caption(r)
    assert "is not edited" in PICTURES["by_hand"].caption(results(**ODD["no edits"]))
    assert "edit" not in PICTURES["by_hand"].caption(results())
    lapse = results(
        **{"a.schedule": "manual_decay", "a.warmup": 50, "total": 10_000}
    )  # each step of the run stands for ten
    assert [shape.x0 for shape in PICTURES["by_hand"].draw(lapse).layout.shapes] == [30, 55, 85]
    assert "begins at 0.002 and is set by hand: 0.05 from step 300" in PICTURES["by_hand"].caption(lapse)


def test_the_search_draws_every_budget_with_its_best():
    r = results()
    drawn = traces("budgets", r)
    np.testing.assert_array_equal(drawn["100 steps"].y, np.where(r.search.losses[2] < 1e3, r.search.losses[2], np.nan))
    np.testing.assert_array_equal(drawn["best rate"].x, r.search.best)
    drawn = traces("range_test", r)
    np.testing.assert_array_equal(drawn["fastest and lowest"].x, [r.search.steepest, r.search.lowest])
    assert "2/λ = 0.4" in PICTURES["budgets"].caption(r)


def test_jumps_and_bursts_are_drawn_and_counted():
    r = results(curves=("a", "c"))
    drawn = traces("ripples", r)
    np.testing.assert_array_equal(drawn["C Cosine with restarts"].x, r.jumps[1].path[:, 0])
    assert jumps_table(r)[1]["runs that jumped"] == f"{r.jumps[1].escaped} of 200"
    assert f"C {r.jumps[1].escaped}" in PICTURES["ripples"].caption(r)
    drawn = traces("burst", r)
    np.testing.assert_array_equal(drawn["A Cosine"].y, r.bursts[0].off)
    np.testing.assert_array_equal(drawn["A Cosine, path"].x, r.bursts[0].path[:, 0])
    assert PICTURES["burst"].draw(results(curves=("b",))).layout.title.text == "No burst on the way to the minimum"
