"""The lesson on averages: its settings, the lecture's numbers E1-E8 as its results carry them, presets, own series."""

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from lrviz.figures.ewma import PICTURES
from lrviz.lessons.claims import IDS, index, link
from lrviz.lessons.ewma import LESSON, SWEEP, OwnSeries, facts
from lrviz.link import decode, parse
from lrviz.signals import SIGNALS

DAYS = np.arange(1, 366)


def results(**changes):
    return LESSON.compute(LESSON.settings(**changes))


def preset(claim):
    return LESSON.compute(LESSON.settings(**LESSON.preset(claim).settings))


def own(values, **changes):
    return LESSON.compute(LESSON.settings(**changes), OwnSeries("my year", np.asarray(values, dtype=float), "A note."))


# What the page computes from: the temperature year (values: the lecture notes, "The temperature year")


def test_the_page_starts_with_the_london_year_and_three_decay_rates():
    r = results()
    np.testing.assert_allclose(r.value[[0, 1, 99, 179]], [4.4444, 9.4444, 10.4175, 15.5556], atol=5e-5)
    assert (r.unit, r.source, len(r.day), r.own) == ("°C", "London temperatures (synthetic)", 365, None)
    np.testing.assert_array_equal(r.betas, [0.5, 0.9, 0.98])
    assert r.plain.shape == r.corrected.shape == (3, 365)


def test_averages_are_those_of_pandas():
    # pandas is independent of us: adjust=True is the corrected form; adjust=False from a zero in front is the plain one.
    r = results()
    series = pd.Series(r.value)
    from_zero = pd.concat([pd.Series([0.0]), series], ignore_index=True)
    for k, beta in enumerate(r.betas):
        np.testing.assert_allclose(r.corrected[k], series.ewm(alpha=1 - beta, adjust=True).mean(), rtol=1e-10)
        np.testing.assert_allclose(
            r.plain[k], from_zero.ewm(alpha=1 - beta, adjust=False).mean()[1:], rtol=1e-10, atol=1e-12
        )


# E1 to E8


def test_e1_is_the_plain_recursion():
    r = preset("E1")
    v, expected = 0.0, []
    for theta in r.value:
        v = 0.9 * v + 0.1 * theta
        expected.append(v)
    np.testing.assert_allclose(r.plain[r.focus], expected, rtol=1e-12)


def test_e2_the_longer_memory_is_smoother():
    r = results(betas=(0.5, 0.9, 0.98))
    assert r.calmer[0] > r.calmer[1] > r.calmer[2]


def test_the_movement_let_through_is_that_of_the_closed_form():
    # Of independent noise an average is itself a sum of shocks; from its weights the standard deviation of its steps over
    # that of the noise's own is (1 - b)/sqrt(1 + b). One year is a small sample, and the first days are still settling.
    r = results(signal="constant", betas=(0.5, 0.9), **{"constant.seed": 3})
    np.testing.assert_allclose(r.calmer, [0.5 / 1.5**0.5, 0.1 / 1.9**0.5], rtol=0.2)


def test_e3_windows_half_lives_lags_and_noise_have_the_published_values():
    # The lecture notes, "Numbers worth showing"
    rows = {beta: facts(beta) for beta in (0.5, 0.9, 0.98)}
    assert [f["window"] for f in rows.values()] == pytest.approx([2, 10, 50])
    assert [f["half_life"] for f in rows.values()] == pytest.approx([1, 6.6, 34.3], abs=0.05)
    assert [f["lag"] for f in rows.values()] == pytest.approx([1, 9, 49])
    assert [f["kept_independent"] for f in rows.values()] == pytest.approx([0.333, 0.053, 0.010], abs=5e-4)
    assert [f["kept_weather"] for f in rows.values()] == pytest.approx([0.742, 0.280, 0.069], abs=5e-4)
    assert [f["inside"] for f in rows.values()] == pytest.approx([0.75, 0.65, 0.64], abs=5e-3)
    assert rows[0.98]["cycle_delay"] == pytest.approx(40.5, abs=0.05)
    assert rows[0.98]["cycle_gain"] == pytest.approx(0.76, abs=5e-3)
    # beta^t < 0.05 first: 0.9^28 = 0.0523, 0.9^29 = 0.0471; 0.98^148 = 0.0503, 0.98^149 = 0.0493; 0.5^5 = 0.031
    assert [f["startup"] for f in rows.values()] == [5, 29, 149]


def test_e4_the_weights_times_the_data_are_the_average_of_day_100():
    r = preset("E4")
    assert (r.beta, r.today, len(r.weights)) == (0.9, 100, 100)
    np.testing.assert_allclose(r.weights[:4], [0.1, 0.09, 0.081, 0.0729], rtol=1e-12)
    assert r.weights @ r.value[99::-1] == pytest.approx(r.plain[r.focus, 99], rel=1e-12)
    assert r.weights.sum() == pytest.approx(1 - 0.9**100, rel=1e-12)
    assert r.value[99] == pytest.approx(10.4175, abs=5e-5)


def test_e5_after_one_over_one_minus_beta_days_a_weight_is_near_1_over_e():
    r = preset("E5")
    assert r.weights[10] / r.weights[0] == pytest.approx(0.3487, abs=5e-5)
    slow = results(betas=(0.98,), focus=1, day=200)
    assert slow.weights[50] / slow.weights[0] == pytest.approx(0.3642, abs=5e-5)
    assert math.exp(-1) == pytest.approx(0.3679, abs=5e-5)
    assert r.weights[10] / r.weights[0] > 1 / 3 > r.weights[11] / r.weights[0]


@pytest.mark.parametrize(("beta", "short", "same_lag"), [(0.5, 2, 3), (0.9, 10, 19), (0.98, 50, 99)])
def test_e6_the_window_has_one_of_two_lengths_and_the_page_says_which_lies_nearer(beta, short, same_lag):
    for window, days in (("memory", short), ("same_lag", same_lag)):
        r = results(betas=(beta,), focus=1, window=window)
        assert r.window_days == days
        expected = pd.Series(r.value).rolling(days, min_periods=1).mean()
        np.testing.assert_allclose(r.moving, expected, rtol=1e-9)
        misses = [math.sqrt(np.mean((curve - r.mean) ** 2)) for curve in (r.corrected[0], r.moving)]
        assert r.errors == pytest.approx(misses, rel=1e-12)


def test_e7_the_start_is_too_low_and_dividing_mends_it():
    r = preset("E7")
    rows = r.rows()
    assert [divisor for _, _, divisor, _ in rows[:2]] == pytest.approx([0.02, 0.0396], rel=1e-9)
    # by hand, in °F as the notes have it: v1 = 0.02 x 40 = 0.8 (not 8), v2 = 0.98 x 0.8 + 0.02 x 49 = 1.764
    fahrenheit = results(betas=(0.98,), focus=1, unit="F").rows()
    assert [v for _, v, _, _ in fahrenheit[:2]] == pytest.approx([0.8, 1.764], rel=1e-9)
    assert fahrenheit[1][3] == pytest.approx(1.764 / 0.0396, rel=1e-9)
    # late on they meet: 0.98^365 = 6e-4
    assert rows[-1][1] == pytest.approx(rows[-1][3], rel=1e-3)
    assert rows[0][3] == pytest.approx(rows[0][0], rel=1e-12)


def test_e8_a_middle_decay_rate_is_best():
    r = preset("E8")
    assert list(r.error_chosen.average) == pytest.approx([2.37, 1.65, 3.14], abs=5e-3)
    best = r.error_curve.average.argmin()
    assert 0.5 < r.error_curve.beta[best] < 0.98
    assert r.error_curve.average[0] > r.error_curve.average[best] < r.error_curve.average[-1]


# Units, signals, sweep, days


def test_in_fahrenheit_the_uncorrected_start_differs_and_the_corrected_curves_are_the_same_days():
    c, f = results(betas=(0.9,), focus=1), results(betas=(0.9,), focus=1, unit="F")
    assert (f.unit, f.degree, c.degree) == ("°F", 1.8, 1.0)
    np.testing.assert_allclose(f.value, 32 + 1.8 * c.value, rtol=1e-12)
    np.testing.assert_allclose(f.mean, 32 + 1.8 * c.mean, rtol=1e-12)
    np.testing.assert_allclose(f.corrected, 32 + 1.8 * c.corrected, rtol=1e-10)
    # The lecture notes: 4 °F against 0.44 °C for beta 0.9
    assert f.plain[0, 0] == pytest.approx(4.0)
    assert c.plain[0, 0] == pytest.approx(0.4444, abs=5e-5)


def test_errors_in_fahrenheit_are_degrees_of_fahrenheit():
    c, f = results(section="window"), results(section="window", unit="F")
    assert f.errors == pytest.approx([1.8 * e for e in c.errors], rel=1e-9)


@pytest.mark.parametrize("signal", ["step", "ramp", "impulse", "constant", "sine"])
def test_every_other_signal_keeps_its_own_unit_and_knows_its_mean(signal):
    r = results(signal=signal, unit="F")
    assert (r.unit, r.degree) == ("", 1.0)
    assert r.mean.shape == r.value.shape


def test_a_setting_of_the_signal_reaches_it_and_those_of_others_do_not():
    assert results(**{"london.seed": 2, "london.lecture_days": False}).value[0] == pytest.approx(4.1037, abs=5e-5)
    np.testing.assert_array_equal(results(**{"sine.period": 20.0}).value, results().value)
    assert results(signal="impulse", **{"impulse.at": 7, "impulse.size": 3.0}).value[6] == 3.0
    assert results(signal="impulse", **{"impulse.at": 7, "impulse.size": 3.0}).value.sum() == 3.0


def test_an_average_of_an_impulse_draws_its_own_weights():
    r = results(signal="impulse", betas=(0.9,), focus=1, **{"impulse.at": 1, "impulse.size": 1.0})
    np.testing.assert_allclose(r.plain[0], 0.1 * 0.9 ** (DAYS - 1.0), rtol=1e-9)


def test_an_average_trails_a_ramp_by_its_lag():
    r = results(signal="ramp", betas=(0.5, 0.9), **{"ramp.slope": 2.0})
    # v = slope (t - b/(1-b)) once the start has faded: 1 and 9 days late
    np.testing.assert_allclose(r.plain[:, 364], [2.0 * (365 - 1), 2.0 * (365 - 9)], rtol=1e-9)


def test_the_sweep_is_the_average_for_every_decay_rate_of_the_bar():
    for corrected in (False, True):
        r = results(corrected=corrected)
        assert r.sweep.shape == (len(SWEEP), 365)
        k = int(np.flatnonzero(SWEEP == 0.9)[0])
        np.testing.assert_allclose(r.sweep[k], (r.corrected if corrected else r.plain)[1], rtol=1e-12)


def test_focus_and_day_never_point_beyond_what_there_is():
    r = results(betas=(0.3,), focus=6, day=366, last_day=366)
    assert (r.focus, r.beta, r.today, r.shown) == (0, 0.3, 365, 365)
    leap = own(np.full(366, 5.0), day=366, last_day=366)
    assert (leap.today, leap.shown) == (366, 366)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"betas": ()}, "ewma: betas must be 1 to 6 numbers in [0, 1), got ()"),
        ({"betas": (1.0,)}, "ewma: betas must be 1 to 6 numbers in [0, 1), got (1.0,)"),
        ({"betas": (0.1,) * 7}, "ewma: betas must be 1 to 6 numbers in [0, 1), got (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)"),
        ({"day": 0}, "ewma: day must be a whole number in [1, 366], got 0"),
        ({"last_day": 9}, "ewma: last_day must be a whole number in [10, 366], got 9"),
        ({"london.seed": -1}, "ewma: london.seed must be a whole number in [0, 4.29497e+09], got -1"),
    ],
)  # fmt: skip
def test_illegal_settings_are_refused_by_name(changes, words):
    with pytest.raises(ValueError) as caught:
        LESSON.settings(**changes)
    assert str(caught.value) == words


# A visitor's own series


def test_an_own_series_takes_the_signals_place_and_has_no_known_mean():
    values = 10 + np.sin(DAYS / 20)
    r = own(values, betas=(0.9,), focus=1, mean=True)
    np.testing.assert_array_equal(r.value, values)
    assert (r.source, r.unit, r.mean, r.errors) == ("my year", "°C", None, None)
    np.testing.assert_allclose(r.corrected[0], pd.Series(values).ewm(alpha=0.1).mean(), rtol=1e-10)
    assert own(values, unit="F").value[0] == pytest.approx(32 + 1.8 * values[0])


def test_an_own_series_leaves_the_comparison_over_thirty_years_to_the_signal():
    np.testing.assert_array_equal(own(np.full(365, 9.0)).error_curve.average, results().error_curve.average)


def test_of_a_series_that_never_changes_nothing_can_be_let_through():
    assert own(np.full(365, 9.0)).calmer is None


# Presets


def test_every_claim_on_averages_has_a_preset():
    assert list(dict.fromkeys(p.claim for p in LESSON.presets)) == [f"E{i}" for i in range(1, 9)]
    assert {claim for claim in IDS if claim.startswith("E")} == {p.claim for p in LESSON.presets}


@pytest.mark.parametrize("shown", LESSON.presets, ids=lambda p: p.claim)
def test_the_sentence_of_a_preset_carries_the_lectures_words(shown):
    r = LESSON.compute(LESSON.settings(**shown.settings))
    caption = PICTURES[shown.figure or LESSON.main].caption(r)
    assert shown.carries
    for words in shown.carries:
        assert words in caption


@pytest.mark.parametrize("shown", LESSON.presets, ids=lambda p: p.claim)
def test_a_preset_is_a_link_that_says_the_same(shown):
    path, _, query = link(LESSON, shown).partition("?")
    assert path == "ewma"
    assert decode(parse(query), LESSON.params) == (LESSON.settings(**shown.settings), [])
    assert shown.title
    assert shown.look.endswith(".")


def test_no_two_presets_are_the_same_page():
    assert len({link(LESSON, p) for p in LESSON.presets}) == len(LESSON.presets)


def test_the_index_of_claims_knows_them_all_and_an_unknown_one_is_refused():
    shown = index({"ewma": LESSON})
    assert all(shown[f"E{i}"] for i in range(1, 9))
    with pytest.raises(KeyError, match="E1, E2, E3, E4, E5, E6, E7, E8"):
        LESSON.preset("E9")


def test_where_the_notes_slip_the_right_number_is_the_computed_one():
    assert (date(2023, 1, 1) + timedelta(days=179)).strftime("%-d %B") in LESSON.preset("E1").slip
    assert f"{0.1 * 0.9**2:.3f}" in LESSON.preset("E4").slip
    assert f"{0.9**10:.3f}" in LESSON.preset("E5").slip
    assert 0.9**10 > 1 / 3 > 0.9**11
    assert f"{0.02 * 40:.1f}" in LESSON.preset("E7").slip


def test_the_remark_on_moving_windows_gives_the_errors_over_30_years():
    # Over seeds 0 to 29: every average and every window from its definition, a row of weights for each day.
    years = [SIGNALS["london"](seed=seed, lecture_days=False) for seed in range(30)]
    ago = np.subtract.outer(np.arange(365), np.arange(365))

    def error(weights):
        means = weights / weights.sum(axis=1, keepdims=True)
        return np.sqrt(np.mean([np.mean((means @ y.value - y.mean) ** 2) for y in years]))

    def average(beta):
        return np.where(ago >= 0, beta ** np.maximum(ago, 0), 0.0)

    def window(days):
        return np.where((ago >= 0) & (ago < days), 1.0, 0.0)

    remark = LESSON.preset("E6").remark
    assert f"by {error(average(0.9)):.2f} °C and the window by {error(window(10)):.2f} °C at 10 days" in remark
    assert f"by {error(average(0.98)):.2f} and {error(window(50)):.2f} °C at 50 days" in remark
    best = min(error(average(b)) for b in np.arange(0.8, 0.96, 0.01)), min(error(window(d)) for d in range(8, 30))
    assert f"{best[0]:.2f} and {best[1]:.2f} °C" in remark
