"""The lesson on schedules: letters and their lists, long axes, noisy training against theory, jumps, bursts, presets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.figures.schedules import PICTURES
from lrviz.lessons.schedules import LESSON, SECTIONS, escape, training, watched
from lrviz.lessons.schedules.axis import MOST_SUMMED, SAMPLES, runnable, sampled, summed
from lrviz.lessons.schedules.slots import Unpaired, copied, curve, edits, fitting, keys
from lrviz.link import decode, parse, query_string
from lrviz.plateau import reduce_on_plateau
from lrviz.schedules import SCHEDULES, warmup

EVERY_SCHEDULE = pytest.mark.parametrize("name", SCHEDULES)
START = 5.0  # the runs begin at (-4, 3)


def results(**changes):
    return LESSON.compute(LESSON.settings(**changes))


def one(name, letter="a", warm=0, **values):
    """A page with a single curve."""
    own = {f"{letter}.{name}.{key}": value for key, value in values.items()}
    return {"curves": (letter,), "edit": letter, f"{letter}.schedule": name, f"{letter}.warmup": warm} | own


# Letters


@EVERY_SCHEDULE
@pytest.mark.parametrize("letter", ["a", "h"])
def test_every_letter_offers_every_schedule_with_its_own_defaults(name, letter):
    r = results(**one(name, letter))
    assert dict(r.curves[0].values) == SCHEDULES[name].settings()
    np.testing.assert_array_equal(r.given[0], SCHEDULES[name](np.arange(1001.0)))
    listed = 1 if name == "manual_decay" else 0  # its pairs are two lists
    assert len(keys(letter, name)) == len(SCHEDULES[name].params) + listed


def test_a_letter_finds_its_numbers_again_when_it_comes_back_to_a_schedule():
    changed = {"a.cosine_decay.decay_steps": 77.0}
    away = LESSON.settings(**changed, **{"a.schedule": "noam"})
    assert curve(away, "a").entry.name == "noam"
    assert curve(away | {"a.schedule": "cosine_decay"}, "a").values["decay_steps"] == 77


def test_a_copy_is_the_same_curve_under_another_letter():
    settings = LESSON.settings(**{"b.schedule": "one_cycle", "b.one_cycle.total_steps": 321, "b.warmup": 12})
    copy = curve(settings | copied(settings, "b", "g"), "g")
    assert (copy.entry.name, copy.values["total_steps"], copy.warmup) == ("one_cycle", 321, 12)
    step = np.arange(400.0)
    np.testing.assert_array_equal(copy.rate(step), curve(settings, "b").rate(step))


def test_every_schedule_takes_a_warm_up():
    step = np.arange(60.0)
    for name in SCHEDULES:
        np.testing.assert_array_equal(results(**one(name, warm=20)).curves[0].rate(step), warmup(name, 20)(step))


def test_edits_are_taken_in_order_of_their_steps():
    assert edits((500.0, 100.0), (0.1, 0.2)) == ((100.0, 0.2, 500.0, 0.1), None)
    assert edits((5.0, 5.0), (0.1, 0.2)) == ((5.0, 0.2), None)  # the later one holds
    assert edits((), ()) == ((), None)


def test_an_edit_without_a_rate_is_left_out_and_said_to_be():
    assert edits((1.0, 2.0), (0.1,)) == ((1.0, 0.1), Unpaired(1, "edit", "rate"))
    assert edits((1.0,), (0.1, 0.3)) == ((1.0, 0.1), Unpaired(1, "rate", "edit"))


def test_a_boundary_without_a_rate_is_left_out_and_said_to_be():
    pieces, left = fitting((10.0, 20.0, 30.0), (1.0, 0.5))
    assert (pieces, left) == ({"boundaries": (10.0,), "values": (1.0, 0.5)}, Unpaired(2, "boundary", "rate"))
    pieces, left = fitting((10.0,), (1.0, 0.5, 0.1))
    assert (pieces["values"], left) == ((1.0, 0.5), Unpaired(1, "rate", "boundary"))


@given(
    st.lists(st.integers(0, 6).map(float), max_size=5), st.lists(st.integers(1, 9).map(float), min_size=1, max_size=6)
)
def test_pieces_of_any_lists_are_legal_and_mean_what_the_lists_say(boundaries, values):
    pieces, left = fitting(tuple(boundaries), tuple(values))
    used = sorted(boundaries[: len(values) - 1])
    for step in range(8):
        expected = values[sum(b < step for b in used)]  # the definition: one piece further for every boundary passed
        assert SCHEDULES["piecewise_constant_decay"](step, **pieces) == expected
    assert (left.count if left else 0) == abs(len(boundaries) + 1 - len(values))


def test_lists_of_the_page_reach_the_schedule():
    r = results(**one("manual_decay", steps=(300.0, 100.0), rates=(0.01, 0.05), initial_learning_rate=0.2))
    np.testing.assert_array_equal(r.curves[0].rate(np.array([0.0, 99, 100, 299, 300])), [0.2, 0.2, 0.05, 0.05, 0.01])
    assert r.curves[0].unpaired is None


def test_the_band_of_a_noisy_curve_holds_its_draws_also_in_a_warm_up():
    r = results(**one("noisy_linear_cosine_decay", warm=10))
    step = np.array([0.0, 4.0, 9.0, 10.0, 300.0, 1500.0])
    draws = np.array([
        results(**one("noisy_linear_cosine_decay", warm=10, seed=seed)).curves[0].rate(step) for seed in range(600)
    ])  # fmt: skip
    mean, deviation = r.curves[0].band(step)
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=5 * deviation.max() / np.sqrt(600))
    np.testing.assert_allclose(draws.std(axis=0), deviation, rtol=0.15, atol=1e-12)


# Axes


def test_a_short_axis_has_every_step_and_a_long_one_samples():
    np.testing.assert_array_equal(results(total=12).steps, np.arange(13))
    np.testing.assert_array_equal(results(total=1).steps, [0, 1])
    long = results(total=1_000_000).steps
    assert (long == np.round(long)).all()
    assert (np.diff(long) > 0).all()
    assert (long[0], long[-1]) == (0, 1_000_000)
    assert SAMPLES < len(long) < 3 * SAMPLES


@pytest.mark.parametrize("total", [200_000, 777_777, 1_000_000])
def test_both_sides_of_every_jump_of_a_long_axis_are_drawn(total):
    r = results(
        total=total,
        **one("piecewise_constant_decay", boundaries=(100_000.0, 110_000.0), values=(1.0, 0.5, 0.1))
        | {
            "curves": ("a", "b"),
            "b.schedule": "exponential_decay",
            "b.exponential_decay.staircase": True,
            "b.exponential_decay.decay_steps": 30_000.0,
        },
    )
    assert {100_000, 100_001, 110_000, 110_001} <= set(r.steps)  # AT a boundary the earlier value still holds
    assert {29_999, 30_000, 149_999, 150_000} <= set(r.steps)  # stairs fall on the multiple itself


def test_a_smooth_curve_gets_no_more_points_than_the_samples():
    even = sampled(1_000_000, [])
    assert len(sampled(1_000_000, [lambda n: np.cos(n / 1e6)])) < 1.03 * len(even)
    assert len(sampled(1_000_000, [lambda n: np.zeros_like(n)])) == len(even)


def test_the_sum_of_the_rates_is_exact_up_to_many_steps():
    assert summed(10, lambda n: 3 + 2 * n) == sum(3 + 2 * n for n in range(10))
    assert summed(MOST_SUMMED, lambda n: n) == MOST_SUMMED * (MOST_SUMMED - 1) / 2
    assert summed(1_000_000, np.ones_like) == 1_000_000


@pytest.mark.parametrize("period", [7, 98, 99, 1980, 3960, 100_000])
def test_no_period_falls_in_with_the_steps_that_are_summed(period):
    # half of the steps have rate 1, the other half 0
    assert summed(1_000_000, lambda n: (n % period < period / 2) * 1.0) == pytest.approx(
        sum(min(period, 1_000_000 - k) if min(period, 1_000_000 - k) < period / 2 else -(-period // 2) for k in range(0, 1_000_000, period)),
        rel=0.002,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("cosine_decay", {}),
        ("inverse_time_decay", {}),
        ("polynomial_decay", {"decay_steps": 10_000.0, "end_learning_rate": 0.01, "power": 0.5, "cycle": True}),
        ("exponential_decay", {"decay_steps": 5000.0, "staircase": True}),
        ("noam", {}),
    ],
)
def test_the_sum_of_the_rates_on_a_long_axis_is_that_of_all_its_steps(name, values):
    r = results(total=100_000, **one(name, **values))
    exact = SCHEDULES[name](np.arange(100_000.0), **values).sum()
    assert r.sums[0] == pytest.approx(exact, rel=0.0005)


def test_runs_take_every_step_of_a_short_axis_and_a_thousand_of_a_long_one():
    np.testing.assert_array_equal(runnable(300, 1000), np.arange(300))
    lapse = runnable(1_000_000, 1000)
    np.testing.assert_array_equal(lapse, np.arange(0, 1_000_000, 1000))
    assert len(runnable(1500, 1000)) == 1000
    r = results(total=1_000_000, **one("step_decay", decay_steps=500_000.0))
    np.testing.assert_array_equal(r.run_rates[0], np.repeat([0.1, 0.05], 500))


# Fair comparison


def test_curves_are_compared_as_given_by_peak_or_by_area():
    given_, peak, area = (
        results(fairness=word, curves=("b", "a", "e")) for word in ("as_given", "same_peak", "same_area")
    )
    np.testing.assert_array_equal(given_.rates, given_.given)
    np.testing.assert_allclose(peak.rates.max(axis=1), given_.given[0].max())
    np.testing.assert_allclose(area.rates[:, :-1].sum(axis=1), given_.given[0, :-1].sum())
    np.testing.assert_allclose(area.rates, area.factors[:, None] * area.given, rtol=1e-12)
    np.testing.assert_allclose(area.run_rates.sum(axis=1), given_.given[0, :-1].sum())  # and so are the runs
    assert given_.unfair == peak.unfair == area.unfair == ()


@pytest.mark.parametrize("word", ["same_peak", "same_area"])
def test_curves_that_cannot_be_compared_are_shown_as_given_with_the_reason(word):
    r = results(fairness=word, curves=("a", "b"), **{"b.schedule": "constant", "b.constant.initial_learning_rate": 0.0})
    np.testing.assert_array_equal(r.rates, r.given)
    assert r.unfair == ("b",)
    grown = one("exponential_decay", decay_rate=1e30, decay_steps=1.0)
    assert results(fairness=word, **grown).unfair == ("a",)
    assert results(**grown).unfair == ()


def test_the_chosen_step_is_never_beyond_the_last():
    assert results(total=100, step=900).step == 100
    np.testing.assert_allclose(results(step=500).at(500)[0], 0.05)


# Noisy training: D1, D3, O6


@pytest.mark.parametrize(("rate", "curvature", "noise"), [(0.1, 5.0, 2.0), (0.3, 5.0, 1.0), (0.02, 20.0, 3.0)])
def test_a_fixed_rate_comes_to_rest_where_theory_says(rate, curvature, noise):
    # The lecture notes: per coordinate sigma sqrt(lr/(lambda (2 - lr lambda))), in two dimensions sqrt 2 times it
    rest = np.sqrt(2) * noise * np.sqrt(rate / (curvature * (2 - rate * curvature)))
    assert training.floor(rate, curvature, noise) == pytest.approx(rest, rel=1e-12)
    runs = training.train(np.full(1000, rate), curvature, noise)
    assert runs.expected[-1] == pytest.approx(rest, rel=1e-6)
    assert np.sqrt((runs.rms[500:] ** 2).mean()) == pytest.approx(rest, rel=0.02)
    assert runs.ends.std() == pytest.approx(rest / np.sqrt(2), rel=0.1)
    assert runs.constant


def test_from_two_over_lambda_on_nothing_comes_to_rest():
    assert training.floor(0.4, 5.0, 2.0) == np.inf
    assert training.floor(0.0, 5.0, 2.0) == 0
    runs = training.train(np.full(400, 0.45), 5.0, 2.0)
    # without noise the distance grows 1.25-fold a step: from 5 beyond 1,000 in 24
    assert 15 < runs.diverged < 30
    assert np.isnan(runs.ends).all()
    assert np.isinf(runs.end)


def test_the_expected_distance_is_that_of_the_runs_for_any_schedule():
    for name in ("cosine_decay", "one_cycle", "cosine_decay_restarts"):
        runs = training.train(SCHEDULES[name](np.arange(1000.0)), 5.0, 2.0)
        np.testing.assert_allclose(runs.rms[::50], runs.expected[::50], rtol=0.2)
        assert runs.rms[0] == runs.expected[0] == START
        assert not runs.constant


def test_without_noise_a_run_is_a_product():
    rates = np.array([0.1, 0.05, 0.3])
    runs = training.train(rates, 2.0, 0.0)
    np.testing.assert_allclose(runs.rms, START * np.cumprod([1, *np.abs(1 - 2 * rates)]), rtol=1e-12)
    np.testing.assert_allclose(runs.ends[0], np.array([-4.0, 3.0]) * np.prod(1 - 2 * rates), rtol=1e-12)


def test_the_band_holds_two_thirds_of_the_runs():
    runs = training.train(np.full(300, 0.1), 5.0, 2.0)
    low, middle, high = runs.band[:, -1]
    away = np.hypot(*runs.ends.T)
    assert ((away >= low) & (away <= high)).mean() == pytest.approx(0.68, abs=0.01)
    assert low < middle < high
    # half the runs of a two-dimensional Gaussian are within sqrt(2 ln 2) standard deviations
    assert middle == pytest.approx(np.sqrt(2 * np.log(2)) * 0.2309, rel=0.15)


def test_a_step_with_a_negative_rate_is_not_taken():
    runs = training.train(np.array([0.1, -0.5, 0.1]), 5.0, 0.0)
    assert runs.skipped == 1
    np.testing.assert_allclose(runs.rms, [5, 2.5, 2.5, 1.25])


@pytest.mark.parametrize("steps", [1, 30, 1000])
def test_no_fixed_rate_ends_nearer_than_the_best(steps):
    best = training.best_constant(steps, 5.0, 2.0)
    at = {f: training.expected_distance(np.full(steps, best * f), 5.0, 2.0)[-1] for f in (0.7, 0.97, 1, 1.03, 1.4)}
    assert min(at, key=at.get) == 1
    if steps == 1:  # by hand: the minimum of (1 - lr lambda)^2 25 + 2 lr^2 sigma^2
        assert best == pytest.approx(25 * 5 / (25 * 25 + 2 * 4), rel=2e-3)


def test_the_best_factor_on_a_schedule_is_the_best():
    rates = SCHEDULES["inverse_time_decay"](np.arange(300.0))
    factor, end = training.tuned(rates, 5.0, 2.0)
    at = {f: training.expected_distance(rates * factor * f, 5.0, 2.0)[-1] for f in (0.8, 1, 1.25)}
    assert min(at, key=at.get) == 1
    assert at[1] == pytest.approx(end, rel=1e-12)


def test_a_tuned_decay_beats_the_best_fixed_rate():
    # D3: for this problem theory wants a rate that falls like 1/n in the end
    r = results(**one("inverse_time_decay", decay_steps=10.0))
    assert r.tuned[0][1] < 0.9 * r.best.expected[-1]


# Finding a rate: O8


def test_the_best_rate_falls_with_the_budget_and_is_that_of_theory():
    found = training.search(5.0, 2.0)
    assert (np.diff(found.best) < 0).all()
    for budget, rate in zip(training.BUDGETS, found.best, strict=True):
        assert rate == pytest.approx(training.best_constant(budget, 5.0, 2.0), rel=0.35)
    assert np.isinf(found.losses[-1, training.SWEPT > 0.41]).all()
    assert np.isfinite(found.losses[:, training.SWEPT < 0.39]).all()


def test_short_runs_are_the_beginnings_of_long_ones():
    found = training.search(3.0, 1.0)
    i = 60
    alone = [training.driven(np.full(30, training.SWEPT[i]), 3.0, 1.0, seed).loss[-1] for seed in range(10)]
    assert found.losses[1, i] == pytest.approx(3.0 * np.mean(alone), rel=1e-12)


def test_the_range_test_falls_then_shoots_up():
    found = training.search(5.0, 2.0)
    assert found.steepest < found.lowest < 0.4
    assert np.isnan(found.raw[-1])  # far beyond 2/lambda it has diverged
    assert found.rising[0] == pytest.approx(1e-4)
    assert found.rising[-1] == pytest.approx(10)


# Watched: by hand and on a plateau


def test_the_rate_after_each_look_is_what_the_rule_says_of_the_losses_so_far():
    settings = LESSON.settings(**{"plateau.patience": 4, "plateau.factor": 0.5})
    run = watched.plateau(settings, 1000)
    rules = {"initial_learning_rate": 0.1, "patience": 4, "factor": 0.5}
    np.testing.assert_array_equal(run.after, reduce_on_plateau(run.losses, **rules))
    np.testing.assert_array_equal(run.rates[1:], run.after[:-1])
    np.testing.assert_array_equal(run.at, np.arange(10, 1001, 10))
    assert len(run.cuts) > 3
    np.testing.assert_allclose(np.unique(run.after)[::-1], 0.1 * 0.5 ** np.arange(len(run.cuts) + 1))


def test_the_first_look_sees_the_mean_loss_of_the_first_steps():
    settings = LESSON.settings(**{"plateau.every": 25})
    direct = training.driven(np.full(25, 0.1), 5.0, 2.0, 0)
    run = watched.plateau(settings, 90)
    assert run.losses[0] == pytest.approx(5.0 * direct.loss[1:].mean(), rel=1e-12)
    assert direct.loss[3] == pytest.approx(0.5 * (direct.xy[3] ** 2).sum())
    np.testing.assert_array_equal(run.at, [25, 50, 75, 90])


def test_a_rule_that_never_cuts_is_a_fixed_rate():
    settings = LESSON.settings(**{"plateau.patience": 10_000})
    run, fixed = watched.plateau(settings, 200), watched.followed(np.full(200, 0.1), settings)
    np.testing.assert_array_equal(run.losses, fixed.losses)
    np.testing.assert_array_equal(run.rates, fixed.rates)
    assert len(run.cuts) == len(fixed.cuts) == 0


def test_a_run_that_diverges_is_gone_from_there_on():
    run = watched.plateau(LESSON.settings(**{"plateau.initial_learning_rate": 0.9}), 300)
    assert np.isnan(run.losses[-1])
    assert np.isfinite(run.losses[0]) or np.isnan(run.losses).all()


# Ripples: S8


def test_a_jump_is_an_arrival_at_another_place():
    places = np.array([[0.0, 0.0], [2.0, 0.0]])
    there_and_back = np.array([[[0, 0], [0.9, 0], [1.1, 0], [0.9, 0], [0.1, 0], [1.9, 0], [2.1, 0], [0, 0.3]]], float)
    np.testing.assert_array_equal(escape.visited(there_and_back, places), [[0, 0, 0, 0, 0, 1, 1, 0]])


def test_runs_start_in_the_outermost_minimum_and_stay_there_without_noise():
    surface = escape.rippled(0.3)
    assert np.hypot(*surface.gradient(*escape.outermost(surface))) < 1e-12
    assert escape.outermost(surface)[0] < -3.5
    calm = escape.jump(np.full(100, 0.1), 0.3, 0.0)
    assert (calm.escaped, calm.made.sum(), calm.centre) == (0, 0, 0)


def test_restarts_go_on_jumping_when_a_single_decay_has_stopped():
    r = LESSON.compute(LESSON.settings(**LESSON.preset("S8").settings))
    once, restarted, cycles, line = r.jumps
    assert restarted.escaped > 2 * once.escaped > 0
    assert once.late.sum() == cycles.late.sum() == line.late.sum() == 0
    assert abs(cycles.escaped - line.escaped) <= 3  # teeth that are too low for a jump change next to nothing
    assert (restarted.late > 0).sum() > 20
    assert restarted.loss < once.loss  # and it pays: nearer the best minimum
    assert once.path.shape == (1001, 2)


# The long valley: A4


def test_the_burst_comes_after_its_time_and_warm_up_alone_postpones_it():
    # From the lecture notes, A4: about step (2C/(lr lambda))^2, C^2 the sum of g^2 so far
    plain = escape.burst(np.full(300, 0.11))
    warm = escape.burst(np.minimum(np.arange(1, 301) / 8, 1) * 0.11)
    assert plain.predicted
    assert warm.predicted
    assert plain.due < plain.at < 1.6 * plain.due
    assert warm.due < warm.at < 1.6 * warm.due
    assert 1.5 * plain.at < warm.at < warm.arrived
    assert warm.off[warm.at :].max() > 0.2


def test_a_burst_after_the_arrival_is_not_the_predicted_one():
    late = escape.burst(np.minimum(np.arange(1, 301) / 40, 1) * 0.1)
    assert (late.at, late.predicted) == (-1, False)
    assert 0 < late.arrived < late.after
    assert late.off[late.after] > 0.1


@pytest.mark.parametrize("power", [0.5, 1.0])
def test_decay_cures_the_burst(power):
    run = escape.burst(0.35 * np.arange(1, 301.0) ** -power)
    assert (run.at, run.due) == (-1, -1)


def test_first_up_then_down_is_calm_and_arrives_first():
    r = LESSON.compute(LESSON.settings(**LESSON.preset("A4").settings))
    plain, warm, both = r.bursts
    assert both.at == -1
    assert 0 < both.arrived < min(plain.arrived, warm.arrived)


def test_a_run_too_short_to_burst_is_calm():
    assert escape.burst(np.full(1, 0.1)).at == -1


# Presets


@pytest.mark.parametrize("preset", LESSON.presets, ids=lambda preset: preset.claim)
def test_the_sentence_under_a_preset_carries_its_claim(preset):
    settings = LESSON.settings(**preset.settings)
    sentence = PICTURES[preset.figure or "rates"].caption(LESSON.compute(settings))
    assert preset.carries
    for words in preset.carries:
        assert words in sentence
    assert settings["section"] in SECTIONS
    assert decode(parse(query_string(settings, LESSON.params)), LESSON.params) == (settings, [])


def test_every_claim_on_schedules_has_its_preset():
    claims = {preset.claim for preset in LESSON.presets}
    assert claims == {"D1", "D2", "D3", *(f"S{i}" for i in range(1, 9)), "O6", "O8", "A4"}


def test_the_lectures_own_numbers():
    def rates(claim, *steps):
        r = LESSON.compute(LESSON.settings(**LESSON.preset(claim).settings))
        return [r.at(step) for step in steps]

    # D2: 0.2/(1 + epoch) after epochs 1 to 4; S1-S7 from the formulas of the article, by hand
    np.testing.assert_allclose(np.ravel(rates("D2", 100, 200, 300, 400)), [0.1, 0.2 / 3, 0.05, 0.04], rtol=1e-12)
    np.testing.assert_allclose(rates("S1", 0, 500, 1000), [[0.1, 0.1], [0.05, 0.055], [0, 0.01]], atol=1e-15)
    np.testing.assert_allclose(rates("S2", 0, 1000, 3000), [[0.1, 0.1], [0.1, 0.05], [0.1, 0.025]])
    np.testing.assert_allclose(rates("S3", 99_999, 250_000), [[0.1, 0.1 * 0.96**0.99999], [0.09216, 0.1 * 0.96**2.5]])
    np.testing.assert_allclose(rates("S4", 0, 4), [[0.1, 0.1], [0.1 / 3, 0.1]])
    np.testing.assert_allclose(np.ravel(rates("S5", 1e5, 1e5 + 1, 1.1e5, 1.1e5 + 1)), [1, 0.5, 0.5, 0.1])
    np.testing.assert_allclose(rates("S6", 0, 15_000), [[0.1, 0.1], [0.01, 0.09 * 0.25**0.5 + 0.01]])
    np.testing.assert_allclose(rates("S7", 500)[0][:2], [0.1 * (0.5 * 0.5 + 0.001), 0.05])


def test_d1_the_fixed_rate_wanders_wide_and_the_decaying_one_close():
    fixed, decaying = LESSON.compute(LESSON.settings(**LESSON.preset("D1").settings)).training
    assert fixed.ends.std() > 4 * decaying.ends.std()


def test_o6_too_high_too_low_a_bit_high_and_good():
    high, low, bit, good = LESSON.compute(LESSON.settings(**LESSON.preset("O6").settings)).training
    assert high.diverged > 0
    assert min(low.diverged, bit.diverged, good.diverged) == max(low.diverged, bit.diverged, good.diverged) == -1
    assert good.end < 0.1 < 1 < bit.end < 2 < 3 < low.end
    assert bit.rms[10] < low.rms[10]  # quick at first


def test_late_jumps_are_those_of_the_second_half():
    high, low = np.full(100, 0.4), np.zeros(100)
    early, late = (escape.jump(np.concatenate(halves), 0.3, 2.0) for halves in ((high, low), (low, high)))
    assert early.made.sum() > 0
    assert early.late.sum() == 0
    assert late.made.sum() > 0
    np.testing.assert_array_equal(late.late, late.made)


def test_a_rate_beyond_all_numbers_diverges_like_any_that_is_much_too_high():
    r = results(**one("exponential_decay", decay_rate=1e300))
    assert np.isinf(r.given).any()
    assert np.isfinite(r.run_rates).all()
    assert r.training[0].diverged >= 0
    assert np.isnan(r.watched.losses[-1])
