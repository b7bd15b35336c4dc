"""The averages against the plain recursion, pandas 3.1.1, closed forms and the numbers of the lecture."""

import math

import numpy as np
import pandas as pd
import pytest

from lrviz import averages
from lrviz.averages import decaying_sum, ewma, ewma_weights, moving_average, rms_error

BETAS = (0.0, 0.3, 0.5, 0.9, 0.98, 0.9999, 0.999999)
LECTURE_BETAS = np.array([0.5, 0.9, 0.98])
BATCHES = ((), (1,), (2,), (3,), (2, 3))


def plain_recursion(x, beta):
    v, out = 0.0, []
    for value in x:
        v = beta * v + (1 - beta) * float(value)
        out.append(v)
    return np.array(out)


def series(n, seed=0):
    return np.random.RandomState(seed).standard_normal(n)


def assert_close(actual, expected, scale, tolerance=1e-12):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance * scale)


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 365, 1023, 1024, 1025, 4097])
def test_ewma_is_the_plain_recursion_at_every_length(beta, n):
    x = series(n)
    assert_close(ewma(x, beta), plain_recursion(x, beta), np.abs(x).max())


@pytest.mark.parametrize("beta", [0.0, 0.9, 0.9999])
def test_ewma_is_the_plain_recursion_over_a_million_days(beta):
    x = 1e6 + 1e3 * series(1_000_000)
    assert_close(ewma(x, beta), plain_recursion(x, beta), 1e6)


@pytest.mark.parametrize("beta", BETAS)
def test_corrected_divides_by_one_minus_beta_to_the_t(beta):
    x = series(700)
    t = np.arange(1, 701)
    divisor = np.ones(700) if beta == 0 else -np.expm1(t * math.log(beta))
    assert_close(ewma(x, beta, corrected=True), plain_recursion(x, beta) / divisor, np.abs(x).max())


def test_decaying_sum_pairs_factors_with_series_and_takes_negative_ones():
    push = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    # by hand: 1, 0.5+2, 1.25+3 and 1, -0.5+2, -0.75+3
    np.testing.assert_allclose(decaying_sum(push, [[0.5], [-0.5]]), [[1, 2.5, 4.25], [1, 1.5, 2.25]], rtol=1e-15)


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize("lead", [(), (2,), (2, 3)])
@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("holes", [False, True])
def test_a_batch_of_betas_is_a_loop_of_single_runs(batch, lead, corrected, holes):
    x = series(math.prod(lead) * 40).reshape(*lead, 40)
    if holes:
        x[np.random.RandomState(1).uniform(size=x.shape) < 0.3] = np.nan
    beta = np.random.RandomState(2).uniform(0, 1, batch)
    together = ewma(x, beta, corrected)
    assert together.shape == (*batch, *lead, 40)
    for b in np.ndindex(*batch):
        for i in np.ndindex(*lead):
            np.testing.assert_allclose(together[b + i], ewma(x[i], float(beta[b]), corrected), rtol=1e-12)


@pytest.mark.parametrize("batch", BATCHES)
def test_weights_have_the_shape_of_beta_and_then_days(batch):
    beta = np.random.RandomState(2).uniform(0, 1, batch)
    weights = ewma_weights(beta, 4)
    assert weights.shape == (*batch, 4)
    for b in np.ndindex(*batch):
        expected = [(1 - beta[b]) * beta[b] ** k for k in range(4)]
        np.testing.assert_allclose(weights[b], expected, rtol=1e-14)


def test_short_and_whole_number_input():
    assert ewma([], 0.9).shape == (0,)
    assert ewma([], [0.5, 0.9], corrected=True).shape == (2, 0)
    assert moving_average([], 3).shape == (0,)
    assert ewma_weights(0.9, 0).shape == (0,)
    np.testing.assert_allclose(ewma([8], 0.75), [2.0], rtol=1e-15)
    np.testing.assert_allclose(ewma([8], 0.75, corrected=True), [8.0], rtol=1e-15)
    np.testing.assert_allclose(ewma(np.array([4, 8], dtype=np.int8), 0.5), [2.0, 5.0], rtol=1e-15)
    np.testing.assert_allclose(ewma(pd.Series([4, 8], index=[7, 9]), 0.5), [2.0, 5.0], rtol=1e-15)
    np.testing.assert_allclose(moving_average([4, 8, 9], 2), [4.0, 6.0, 8.5], rtol=1e-15)


@pytest.mark.parametrize(
    "average", [lambda x: ewma(x, 0.9), lambda x: ewma(x, 0.9, True), lambda x: moving_average(x, 3)]
)
@pytest.mark.parametrize("missing", [False, True])
def test_the_input_is_left_alone(average, missing):
    x = series(20)
    if missing:
        x[3:6] = np.nan
    before = x.copy()
    average(x)
    np.testing.assert_array_equal(x, before)


# Missing values


def holed(seed):
    x = series(400, seed)
    x[np.random.RandomState(seed + 100).uniform(size=400) < 0.3] = np.nan
    x[:3], x[200:260] = np.nan, np.nan
    return x


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.5, 0.9, 0.98])
def test_corrected_agrees_with_pandas_adjust_true(beta, missing):
    x = holed(1) if missing else series(400)
    expected = pd.Series(x).ewm(alpha=1 - beta, adjust=True, ignore_na=False).mean().to_numpy()
    assert_close(ewma(x, beta, corrected=True), expected, 3.0)


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.501, 0.9, 0.98])
def test_uncorrected_agrees_with_pandas_adjust_false_begun_at_zero(beta, missing):
    # Not 0.5: since pandas 3.0 com=1 with a gap takes another branch (pandas-dev/pandas #66521); the next test has it.
    x = holed(2) if missing else series(400)
    begun_at_zero = pd.Series(np.concatenate([[0.0], x]))
    expected = begun_at_zero.ewm(alpha=1 - beta, adjust=False, ignore_na=False).mean().to_numpy()[1:]
    assert_close(ewma(x, beta), expected, 3.0)


def test_a_gap_by_hand():
    x = [np.nan, 4, np.nan, 8]
    # day 2: (0.25*0 + 0.5*4)/0.75; day 3 is held; day 4: (0.25*8/3 + 0.5*8)/0.75
    np.testing.assert_allclose(ewma(x, 0.5), [0, 8 / 3, 8 / 3, 56 / 9], rtol=1e-14)
    # day 4: weights 0.25 and 1 for ages 2 and 0
    np.testing.assert_allclose(ewma(x, 0.5, corrected=True), [np.nan, 4, 4, (0.25 * 4 + 8) / 1.25], rtol=1e-14)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_a_gap_longer_than_the_memory_holds_the_average(beta):
    x = np.full(30_000, np.nan)
    x[0], x[-1] = 10.0, 20.0
    corrected, plain = ewma(x, beta, corrected=True), ewma(x, beta)
    np.testing.assert_allclose(corrected[:-1], 10.0, rtol=1e-14)
    np.testing.assert_allclose(plain[:-1], 10.0 * (1 - beta), rtol=1e-14)
    np.testing.assert_allclose([corrected[-1], plain[-1]], 20.0, rtol=1e-14)


def test_nothing_seen_is_nan_when_corrected_and_the_start_when_not():
    x = np.full(5, np.nan)
    assert np.isnan(ewma(x, 0.9, corrected=True)).all()
    np.testing.assert_array_equal(ewma(x, 0.9), np.zeros(5))


def test_a_gap_does_not_pull_a_constant_down():
    x = np.full(600, 10.0)
    x[400:500] = np.nan
    np.testing.assert_allclose(ewma(x, 0.9, corrected=True), 10.0, rtol=1e-14)
    np.testing.assert_allclose(ewma(x, 0.9)[300:], 10.0, rtol=1e-12)


# Closed forms


@pytest.mark.parametrize("beta", BETAS)
def test_a_constant_is_met_at_once_when_corrected_and_slowly_when_not(beta):
    t = np.arange(1, 501)
    x = np.full(500, 7.0)
    np.testing.assert_allclose(ewma(x, beta, corrected=True), x, rtol=1e-13)
    np.testing.assert_allclose(ewma(x, beta), 7.0 * (1 - beta**t), rtol=0, atol=1e-12)


@pytest.mark.parametrize("beta", BETAS)
def test_an_impulse_draws_the_weights_and_they_unroll_the_average(beta):
    impulse = np.eye(1, 300)[0]
    np.testing.assert_allclose(ewma(impulse, beta), ewma_weights(beta, 300), rtol=1e-12, atol=1e-300)
    x = series(300)
    assert_close(ewma_weights(beta, 300) @ x[::-1], plain_recursion(x, beta)[-1], 3.0)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.98])
def test_a_ramp_is_trailed_by_ramp_lag(beta):
    t = np.arange(1.0, 3001)
    lag = beta / (1 - beta)
    np.testing.assert_allclose(ewma(t, beta), t - lag * (1 - beta**t), rtol=1e-12)  # induction on t
    assert averages.ramp_lag(beta) == pytest.approx(lag, rel=1e-15)
    assert 3000 - ewma(t, beta)[-1] == pytest.approx(averages.ramp_lag(beta), abs=1e-9)


@pytest.mark.parametrize("period", [2.0, 7.0, 365.0])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.98])
def test_a_sine_comes_smaller_and_later_by_cycle_response(beta, period):
    gain, delay = averages.cycle_response(beta, period)
    t = np.arange(1, 4001)
    late = slice(3000, None)
    expected = gain * np.cos(2 * np.pi * (t - delay) / period)
    np.testing.assert_allclose(ewma(np.cos(2 * np.pi * t / period), beta)[late], expected[late], rtol=0, atol=1e-11)


@pytest.mark.parametrize("phi", [-0.5, 0.0, 0.76])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.98])
def test_noise_kept_is_the_variance_of_the_weighted_sum(beta, phi):
    w = ewma_weights(beta, 2000)
    age = np.arange(2000)
    covariance = (phi**age)[np.abs(age[:, None] - age)]
    assert averages.noise_kept(beta, phi) == pytest.approx(w @ covariance @ w, rel=1e-10)


@pytest.mark.parametrize("beta", [0.5, 0.9, 0.98])
def test_the_equal_lag_window_lags_and_calms_as_the_average_does(beta):
    w = averages.equal_lag_window(beta)
    assert (w - 1) / 2 == pytest.approx(averages.ramp_lag(beta), rel=1e-12)  # the mean age inside a window of w days
    assert 1 / w == pytest.approx(averages.noise_kept(beta), rel=1e-12)  # the variance of a mean of w values


# The lecture's numbers (the lecture notes, E3-E7 and "The temperature year")


def test_numbers_worth_showing():
    b = LECTURE_BETAS
    np.testing.assert_allclose(averages.window(b), [2, 10, 50], rtol=1e-12)
    np.testing.assert_allclose(averages.equal_lag_window(b), [3, 19, 99], rtol=1e-12)
    np.testing.assert_allclose(averages.ramp_lag(b), [1, 9, 49], rtol=1e-12)
    np.testing.assert_allclose(averages.noise_kept(b), [0.333, 0.053, 0.010], atol=5e-4)
    np.testing.assert_allclose(averages.noise_kept(b, 0.76), [0.742, 0.280, 0.069], atol=5e-4)
    np.testing.assert_allclose(averages.half_life(b), [1, 6.6, 34.3], atol=0.05)
    np.testing.assert_allclose(averages.share_inside(b, [2, 10, 50]), [0.75, 0.65, 0.64], atol=5e-3)
    gain, delay = averages.cycle_response(0.98, 365)
    assert (gain, delay) == (pytest.approx(0.76, abs=5e-3), pytest.approx(40.5, abs=0.05))


def test_one_over_e_and_the_third():
    age = {beta: ewma_weights(beta, 100) / (1 - beta) for beta in (0.9, 0.98)}
    assert age[0.9][10] == pytest.approx(0.3487, abs=5e-5)
    assert age[0.98][50] == pytest.approx(0.3642, abs=5e-5)
    assert age[0.9][10] > 1 / 3 > age[0.9][11]  # below a third on day 11, not on day 10


def test_day_100_unrolled():
    np.testing.assert_allclose(ewma_weights(0.9, 100)[:4], [0.1, 0.09, 0.081, 0.0729], rtol=1e-12)
    assert ewma_weights(0.9, 100).sum() == pytest.approx(1 - 0.9**100, rel=1e-12)


def test_the_divisor_on_day_2_is_0_0396():
    assert averages.share_inside(0.98, 2) == pytest.approx(0.0396, rel=1e-12)
    x = [40.0, 49.0]
    # 0.0196 and 0.02 are the weights of days 1 and 2; 0.0196 + 0.02 = 0.0396
    assert ewma(x, 0.98)[1] == pytest.approx(0.0196 * 40 + 0.02 * 49, rel=1e-12)
    assert ewma(x, 0.98, corrected=True)[1] == pytest.approx((0.0196 * 40 + 0.02 * 49) / 0.0396, rel=1e-12)
    assert ewma(x, 0.98)[0] == pytest.approx(0.8, rel=1e-12)  # the notes say 8


def test_only_the_uncorrected_start_depends_on_the_unit():
    fahrenheit = np.array([40.0, 49.0, 45.0])
    celsius = (fahrenheit - 32) / 1.8
    assert ewma(fahrenheit, 0.9)[0] == pytest.approx(4, abs=0.005)
    assert ewma(celsius, 0.9)[0] == pytest.approx(0.44, abs=0.005)
    np.testing.assert_allclose(ewma(celsius, 0.9, True) * 1.8 + 32, ewma(fahrenheit, 0.9, True), rtol=1e-13)


@pytest.mark.parametrize(
    ("beta", "share", "days"),
    # 0.9^28 = 0.0523, 0.9^29 = 0.0471; 0.98^148 = 0.0503, 0.98^149 = 0.0493; 0.5^2 is 0.25 and not below it
    [(0.0, 0.05, 1), (0.5, 0.05, 5), (0.9, 0.05, 29), (0.98, 0.05, 149), (0.5, 0.25, 3), (0.5, 0.26, 2), (0.1, 0.9, 1)],
)
def test_startup_days(beta, share, days):
    assert averages.startup_days(beta, share) == days


def test_startup_days_is_the_first_such_day_for_every_beta():
    betas = np.linspace(0.001, 0.999, 999)
    for share in (0.05, 0.001, 0.027, 0.81):  # 0.3^3 = 0.027 and 0.9^2 = 0.81: the logarithms round across a day
        t = averages.startup_days(betas, share)
        assert (betas**t < share).all()
        assert (betas ** (t - 1) >= share).all()


def test_facts_at_beta_zero_and_in_batches():
    assert math.copysign(1, averages.half_life(0.0)) == 1  # 0, not -0
    assert averages.half_life(0.0) == 0
    assert averages.ramp_lag(0.0) == 0
    assert averages.window(0.0) == averages.equal_lag_window(0.0) == averages.noise_kept(0.0, 0.76) == 1
    assert averages.cycle_response(0.0, 365) == (1, 0)
    for batch in BATCHES:
        beta = np.random.RandomState(3).uniform(0, 1, batch)
        facts = (
            averages.window,
            averages.equal_lag_window,
            averages.half_life,
            averages.ramp_lag,
            averages.startup_days,
        )
        for fact in (*facts, averages.noise_kept, lambda b: averages.share_inside(b, 10)):
            together = fact(beta)
            assert np.shape(together) == batch
            for b in np.ndindex(*batch):
                assert np.asarray(together)[b] == pytest.approx(fact(float(beta[b])), rel=1e-14)
        assert np.shape(averages.share_inside(beta, 10)) == batch
        assert [np.shape(part) for part in averages.cycle_response(beta, 365)] == [batch, batch]


def test_rms_error_is_over_time_only():
    np.testing.assert_allclose(rms_error([[1.0, 5.0], [1.0, 1.0]], [1.0, 1.0]), [math.sqrt(8), 0], rtol=1e-15)


# The moving window


def direct_means(x, window):
    return np.array([math.fsum(x[max(0, i + 1 - window) : i + 1]) / min(i + 1, window) for i in range(len(x))])


@pytest.mark.parametrize("window", [1, 2, 3, 5, 8, 19, 50, 99, 199, 200, 201, 10**15])
def test_moving_average_is_the_mean_of_the_last_values(window):
    x = series(200)
    assert_close(moving_average(x, window), direct_means(x, window), 1.0)


def test_moving_average_does_not_lose_digits_along_a_long_series():
    x = 1e8 + series(200_000)  # a difference of running sums is off by 1e-3 here
    some = slice(199_000, None)
    expected = [math.fsum(x[i - 9 : i + 1]) / 10 for i in range(199_000, 200_000)]
    assert_close(moving_average(x, 10)[some], expected, 1e8, 4e-16)


@pytest.mark.parametrize("window", [1, 3, 10, 99])
def test_moving_average_of_a_series_with_gaps_agrees_with_pandas(window):
    x = holed(4)
    expected = pd.Series(x).rolling(window, min_periods=1).mean().to_numpy()
    assert np.isnan(expected).any()
    assert_close(moving_average(x, window), expected, 3.0)


@pytest.mark.parametrize("lead", [(), (2,), (2, 3)])
@pytest.mark.parametrize("batch", BATCHES)
def test_a_batch_of_windows_is_a_loop_of_single_ones(batch, lead):
    x = series(math.prod(lead) * 30).reshape(*lead, 30)
    windows = np.random.RandomState(5).randint(1, 40, batch)
    together = moving_average(x, windows)
    assert together.shape == (*batch, *lead, 30)
    for b in np.ndindex(*batch):
        for i in np.ndindex(*lead):
            np.testing.assert_allclose(together[b + i], direct_means(x[i], int(np.asarray(windows)[b])), atol=1e-14)


# Errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ewma([1.0], 1.5), "ewma: beta must be in [0, 1), got 1.5"),
        (lambda: ewma([1.0], 1.0), "ewma: beta must be in [0, 1), got 1.0"),
        (lambda: ewma([1.0], -0.1), "ewma: beta must be in [0, 1), got -0.1"),
        (lambda: ewma([1.0], math.nan), "ewma: beta must be in [0, 1), got nan"),
        (lambda: ewma([1.0], [0.5, 1.5]), "ewma: beta must be in [0, 1), got [0.5, 1.5]"),
        (lambda: ewma([1.0], "0.9"), "ewma: beta must be in [0, 1), got '0.9'"),
        (lambda: ewma(3.0, 0.9), "ewma: x must have a time axis, got 3.0"),
        (lambda: ewma(["1"], 0.9), "ewma: x must be real numbers, got <U1 values"),
        (lambda: ewma([1j], 0.9), "ewma: x must be real numbers, got complex128 values"),
        (lambda: ewma([True], 0.9), "ewma: x must be real numbers, got bool values"),
        (lambda: ewma([1.0, None], 0.9), "ewma: x must be real numbers, got object values"),
        (lambda: ewma([[1.0], [1.0, 2.0]], 0.9), "ewma: x must be of equal lengths, got [[1.0], [1.0, 2.0]]"),
        (lambda: ewma([1.0, -math.inf], 0.9), "ewma: x must be finite, or NaN where missing, got -inf"),
        (lambda: ewma_weights(1.5, 3), "ewma_weights: beta must be in [0, 1), got 1.5"),
        (lambda: ewma_weights(0.5, -1), "ewma_weights: n must be a whole number >= 0, got -1"),
        (lambda: ewma_weights(0.5, [1, 2]), "ewma_weights: n must be a single number, got an array of shape (2,)"),
        (lambda: moving_average([1.0], 0), "moving_average: window must be a whole number >= 1, got 0"),
        (lambda: moving_average([1.0], 2.5), "moving_average: window must be a whole number >= 1, got 2.5"),
        (lambda: moving_average([1.0], [3, 0]), "moving_average: window must be a whole number >= 1, got [3, 0]"),
        (lambda: moving_average([math.inf], 2), "moving_average: x must be finite, or NaN where missing, got inf"),
        (lambda: averages.window(1.0), "window: beta must be in [0, 1), got 1.0"),
        (lambda: averages.equal_lag_window(1.0), "equal_lag_window: beta must be in [0, 1), got 1.0"),
        (lambda: averages.half_life(1.0), "half_life: beta must be in [0, 1), got 1.0"),
        (lambda: averages.ramp_lag(1.0), "ramp_lag: beta must be in [0, 1), got 1.0"),
        (lambda: averages.noise_kept(0.9, 1.0), "noise_kept: phi must be in (-1, 1), got 1.0"),
        (lambda: averages.startup_days(0.9, 0.0), "startup_days: share must be in (0, 1), got 0.0"),
        (lambda: averages.share_inside(0.9, -1), "share_inside: days must be >= 0, got -1"),
        (lambda: averages.cycle_response(0.9, 1.5), "cycle_response: period must be >= 2, got 1.5"),
    ],
)
def test_errors_say_who_the_rule_and_the_value(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == message
