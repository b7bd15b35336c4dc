"""The signals: the check values of the temperature year, the contract of every entry, and the error against beta."""

import math
from textwrap import dedent

import numpy as np
import pytest

from lrviz import signals
from lrviz.averages import ewma, moving_average
from lrviz.signals import SIGNALS, error_against_beta, weather

BATCHES = ((1,), (2,), (3,), (2, 3))
EVERY_SIGNAL = pytest.mark.parametrize("name", list(SIGNALS))


# The temperature year (check values: the lecture notes, "The temperature year")


def test_london_year_has_its_check_values():
    year = SIGNALS["london"]()
    days = [1, 2, 3, 100, 180, 365]
    np.testing.assert_allclose(
        year.value[np.array(days) - 1], [4.4444, 9.4444, 7.3894, 10.4175, 15.5556, 3.0752], atol=5e-5
    )
    assert (year.value.min(), year.value.argmin() + 1) == (pytest.approx(-4.7, abs=0.05), 340)
    assert (year.value.max(), year.value.argmax() + 1) == (pytest.approx(24.5, abs=0.05), 194)
    assert year.value.mean() == pytest.approx(12.09, abs=5e-3)
    assert year.unit == "°C"


def test_london_without_the_lecture_days_has_its_check_values():
    year = SIGNALS["london"](seed=2, lecture_days=False)
    np.testing.assert_allclose(year.value[[0, 179]], [4.1037, 19.2615], atol=5e-5)


@pytest.mark.parametrize("days", [180, 365, 800])
def test_london_meets_the_lecture_days_for_every_seed(days):
    years = SIGNALS["london"](seed=np.arange(5), days=days).value
    expected = np.broadcast_to((np.array([40, 49, 60]) - 32) * 5 / 9, (5, 3))
    np.testing.assert_allclose(years[:, [0, 1, 179]], expected, rtol=1e-12)


def test_london_mean_follows_the_months_of_heathrow():
    # The formula on days 1, 100 and 200, evaluated with bc -l, scale=20.
    expected = [5.39294729546226673, 9.91414865402532338, 19.10938093966891624]
    np.testing.assert_allclose(SIGNALS["london"]().mean[[0, 99, 199]], expected, atol=1e-9)
    np.testing.assert_allclose(SIGNALS["london"](days=730).mean[365:], SIGNALS["london"]().mean, rtol=1e-12)


def test_given_the_lecture_days_the_third_day_is_distributed_as_weather_after_them():
    # An AR(1) is Markov, and day 180 is too far away to matter: given z_2, z_3 is normal with mean phi z_2 and variance
    # 1 - phi^2.
    seeds = np.arange(4000)
    z = (SIGNALS["london"](seed=seeds, days=3).value - signals.london_mean([1, 2, 3])) / signals.london_spread(
        [1, 2, 3]
    )
    assert np.ptp(z[:, 1]) < 1e-12
    assert z[:, 2].mean() == pytest.approx(0.76 * z[0, 1], abs=4 * math.sqrt((1 - 0.76**2) / 4000))
    assert z[:, 2].var() == pytest.approx(1 - 0.76**2, rel=4 * math.sqrt(2 / 4000))


def test_weather_has_unit_variance_and_remembers_yesterday():
    z = weather(3, 200_000)
    assert z.var() == pytest.approx(1, abs=0.03)
    assert np.mean(z[1:] * z[:-1]) == pytest.approx(0.76, abs=0.03)
    assert np.mean(z[2:] * z[:-2]) == pytest.approx(0.76**2, abs=0.03)
    first = weather(np.arange(4000)[:, None], 1)
    assert first.var() == pytest.approx(1, abs=4 * math.sqrt(2 / 4000))


def test_weather_is_the_plain_recursion_from_the_frozen_stream():
    # The first numbers of np.random.RandomState(1), the same since NumPy 1.0: 1.62434536, -0.61175641, -0.52817175
    z1 = 1.62434536
    z2 = 0.76 * z1 - math.sqrt(1 - 0.76**2) * 0.61175641
    z3 = 0.76 * z2 - math.sqrt(1 - 0.76**2) * 0.52817175
    np.testing.assert_allclose(weather(1, 3), [z1, z2, z3], atol=1e-7)


# The other signals


def test_the_shapes_of_the_simple_signals():
    def mean(name, **params):
        return SIGNALS[name](days=5, **params).mean

    np.testing.assert_array_equal(mean("step", at=3, size=2), [0, 0, 2, 2, 2])
    np.testing.assert_array_equal(mean("impulse", at=3, size=2), [0, 0, 2, 0, 0])
    np.testing.assert_array_equal(mean("ramp", slope=2), [2, 4, 6, 8, 10])
    np.testing.assert_array_equal(mean("constant", level=7, noise=3), [7, 7, 7, 7, 7])
    np.testing.assert_allclose(mean("sine", amplitude=2, period=4, level=1), [3, 1, -1, 1, 3], atol=1e-14)


def test_noise_has_the_size_and_the_memory_asked_for():
    series = SIGNALS["constant"](days=100_000, level=5, noise=2, phi=[0.0, 0.5, -0.5])
    rest = series.value - 5
    np.testing.assert_allclose(rest.std(axis=-1), 2, rtol=0.03)
    np.testing.assert_allclose(np.mean(rest[:, 1:] * rest[:, :-1], axis=-1) / 4, [0, 0.5, -0.5], atol=0.03)


# The contract


@EVERY_SIGNAL
def test_an_entry_says_what_it_is_and_gives_a_year(name):
    entry = SIGNALS[name]
    series = entry()
    assert entry.name == name
    assert entry.label
    assert entry.about.endswith(".")
    np.testing.assert_array_equal(series.day, np.arange(1, 366))
    assert series.value.shape == series.mean.shape == (365,)
    assert np.isfinite(series.value).all()
    assert np.isfinite(series.mean).all()
    assert np.ptp(series.value) > 0


@EVERY_SIGNAL
def test_a_shorter_series_is_the_beginning_of_a_longer_one(name):
    long = SIGNALS[name](days=400)
    for days in (1, 2, 100, 179, 180, 365):
        short = SIGNALS[name](days=days)
        np.testing.assert_allclose(short.value, long.value[:days], rtol=0, atol=1e-12)
        np.testing.assert_allclose(short.mean, long.mean[:days], rtol=0, atol=1e-12)


@EVERY_SIGNAL
@pytest.mark.parametrize("batch", BATCHES)
def test_every_number_may_be_a_batch(name, batch):
    for param in SIGNALS[name].params:
        if param.kind not in ("number", "integer") or param.name == "days":
            continue
        low, high = param.slider or (param.default, min(2 * param.default + 1, param.high))
        values = np.random.RandomState(6).uniform(low, high, batch)
        values = np.floor(values).astype(int) if param.kind == "integer" else values
        together = SIGNALS[name](days=200, **{param.name: values})
        assert together.value.shape == together.mean.shape == (*batch, 200)
        for b in np.ndindex(*batch):
            single = SIGNALS[name](days=200, **{param.name: values[b]})
            np.testing.assert_allclose(together.value[b], single.value, rtol=0, atol=1e-12)
            np.testing.assert_allclose(together.mean[b], single.mean, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", [n for n, entry in SIGNALS.items() if any(p.name == "seed" for p in entry.params)])
def test_the_noise_follows_the_seed_and_the_mean_does_not(name):
    loud = {"noise": 1.0} if any(p.name == "noise" for p in SIGNALS[name].params) else {}
    first, again, other = (SIGNALS[name](seed=seed, **loud) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first.value, again.value)
    assert np.mean(first.value == other.value) < 0.01
    np.testing.assert_array_equal(first.mean, other.mean)


@pytest.mark.parametrize("name", ["step", "ramp", "constant", "sine"])
def test_without_noise_the_series_is_its_mean(name):
    series = SIGNALS[name](noise=0.0)
    np.testing.assert_array_equal(series.value, series.mean)


def test_parameters_batch_together():
    series = SIGNALS["step"](days=150, seed=np.arange(3), noise=[[1.0], [2.0]])
    assert series.value.shape == (2, 3, 150)
    expected = SIGNALS["step"](days=150, seed=1, noise=2.0).value
    np.testing.assert_allclose(series.value[1, 1], expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: SIGNALS["lodnon"], KeyError, "unknown signal 'lodnon'; did you mean 'london'?"),
        (
            lambda: SIGNALS["london"](sed=1),
            TypeError,
            "london has no parameter 'sed'; it takes days, seed, lecture_days",
        ),
        (
            lambda: SIGNALS["london"](seed=-1),
            ValueError,
            "london: seed must be a whole number in [0, 4.29497e+09], got -1",
        ),
        (lambda: SIGNALS["london"](days=0), ValueError, "london: days must be a whole number in [1, 1e+06], got 0"),
        (
            lambda: SIGNALS["london"](days=[3, 4]),
            ValueError,
            "london: days must be a single number, got an array of shape (2,)",
        ),
        (lambda: SIGNALS["step"](noise=math.nan), ValueError, "step: noise must be in [0, 1e+06], got nan"),
        (
            lambda: SIGNALS["step"](seed=[1, 2], size=[1.0, 2.0, 3.0]),
            ValueError,
            "step: parameters must have shapes that broadcast, got size (3,), seed (2,)",
        ),
        (lambda: error_against_beta(1.5), ValueError, "error_against_beta: beta must be in [0, 1), got 1.5"),
        (
            lambda: error_against_beta(0.9, years=0),
            ValueError,
            "error_against_beta: years must be a whole number in [1, 10000], got 0",
        ),
        (lambda: error_against_beta(0.9, "rmap"), KeyError, "unknown signal 'rmap'; did you mean 'ramp'?"),
    ],
)
def test_errors_say_who_the_rule_and_the_value(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_the_signal_of_the_docstring_works_as_written():
    text = signals.__doc__
    source = dedent(text[text.index("    @signal") :])
    here = {"signal": signals.signal, "number": signals.number, "noise": signals.noise, "gaussian": signals.gaussian}
    exec(source, here)
    try:
        series = SIGNALS["sawtooth"](days=7, period=3, noise=0)
        np.testing.assert_array_equal(series.value, [1, 2, 0, 1, 2, 0, 1])
        assert SIGNALS["sawtooth"](seed=np.arange(4)).value.shape == (4, 365)
        assert SIGNALS["sawtooth"].about == "Rises by one a day and falls back after every period."
    finally:
        SIGNALS.remove("sawtooth")


# The error to the known mean (the lecture notes, E6 and E8)


def test_a_middle_beta_is_best():
    error = error_against_beta([0.5, 0.9, 0.98])
    np.testing.assert_allclose(error.average, [2.37, 1.65, 3.14], atol=5e-3)


def test_the_sweep_is_a_loop_over_betas_and_years():
    betas = np.array([[0.0, 0.5, 0.7], [0.9, 0.98, 0.99]])
    error = error_against_beta(betas, years=3)
    lengths = {
        "window": ([1, 2, 3], [10, 50, 100]),
        "equal_lag": ([1, 3, 6], [19, 99, 199]),
    }  # 1/0.3 and 1.7/0.3 rounded
    for i in np.ndindex(2, 3):
        squares = {"average": 0.0, "window": 0.0, "equal_lag": 0.0}
        for seed in range(3):
            year = SIGNALS["london"](seed=seed, lecture_days=False)
            squares["average"] += np.square(ewma(year.value, betas[i], corrected=True) - year.mean).mean() / 3
            for name, days in lengths.items():
                squares[name] += np.square(moving_average(year.value, days[i[0]][i[1]]) - year.mean).mean() / 3
        for name, square in squares.items():
            assert getattr(error, name).shape == (2, 3)
            assert getattr(error, name)[i] == pytest.approx(math.sqrt(square), rel=1e-12)


def test_a_year_on_show_can_be_judged_alone():
    year = SIGNALS["london"]()
    error = error_against_beta(0.9, seed=1, lecture_days=True, corrected=False)
    expected = math.sqrt(np.square(ewma(year.value, 0.9) - year.mean).mean())
    assert error.average == pytest.approx(expected, rel=1e-12)
    assert np.shape(error.average) == np.shape(error.window) == np.shape(error.equal_lag) == np.shape(error.beta) == ()


def test_on_independent_noise_the_errors_are_those_of_the_formula():
    # A constant has no lag: what is left is the noise kept, (1-b)/(1+b), or 1/n in a window of n days. The start, where
    # all of them average fewer days, adds 2.5 to the 105 that the squares of the longest window add up to.
    error = error_against_beta([0.5, 0.9], "constant", years=50, days=2000, level=0.0)
    np.testing.assert_allclose(error.average, np.sqrt([0.5 / 1.5, 0.1 / 1.9]), rtol=0.05)
    np.testing.assert_allclose(error.window, np.sqrt([1 / 2, 1 / 10]), rtol=0.05)
    np.testing.assert_allclose(error.equal_lag, np.sqrt([1 / 3, 1 / 19]), rtol=0.05)


def test_a_signal_without_noise_needs_no_years():
    error = error_against_beta(0.0, "impulse", years=5)
    assert error.average == error.window == 0
