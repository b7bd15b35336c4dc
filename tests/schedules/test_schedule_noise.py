"""The noisy schedule: its draws, which belong to a step and a seed, and its band."""

import math

import numpy as np
import pytest

from lrviz.draws import normal_draws, split_mix
from lrviz.schedules import SCHEDULES, noisy_band


def test_the_scrambler_is_splitmix64():
    """First outputs of the reference splitmix64.c for seed 1234567, as on Rosetta Code (Pseudo-random numbers)."""
    want = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
    assert split_mix(1234567, np.arange(1, 6)).tolist() == want


def test_draws_are_standard_normal_and_independent():
    draws = normal_draws(np.arange(50)[:, None], np.arange(4000))
    flat = draws.ravel()
    for power, moment, spread in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        assert abs((flat**power).mean() - moment) < 4.5 * math.sqrt(spread / flat.size)
    for inside, share in ((1, 0.6826895), (2, 0.9544997), (3, 0.9973002)):
        assert (np.abs(flat) < inside).mean() == pytest.approx(
            share, abs=4.5 * math.sqrt(share * (1 - share) / flat.size)
        )
    for first, second in ((draws[:, 1:], draws[:, :-1]), (draws[1:], draws[:-1]), (draws[1:, 1:], draws[:-1, :-1])):
        assert abs((first * second).mean()) < 4.5 / math.sqrt(first.size)
        assert abs(((first**2 - 1) * (second**2 - 1)).mean()) < 4.5 * 2 / math.sqrt(first.size)


NOISY = SCHEDULES["noisy_linear_cosine_decay"]


def test_one_seed_is_one_value_at_a_step_however_it_is_asked():
    whole = NOISY(np.arange(1001), seed=3)
    order = np.random.default_rng(1).permutation(1001)
    assert np.array_equal(NOISY(order, seed=3), whole[order])
    assert NOISY(700, seed=3) == pytest.approx(whole[700], rel=1e-14)
    assert np.array_equal(NOISY(np.arange(0, 1001, 10), seed=3), whole[::10])
    assert np.array_equal(NOISY(np.arange(1001), seed=np.array([[3], [4]]))[0], whole)
    assert not np.any(NOISY(np.arange(999), seed=4) == whole[:999])


def test_the_draw_is_kept_between_whole_steps():
    """Around step 7 only the smooth parts move: a draw of its own would jump by about 0.03."""
    inside = NOISY([7.0, 7.001, 7.5, 7.999], seed=3)
    assert np.ptp(inside) < 0.01
    assert abs(NOISY(8.0, seed=3) - inside[-1]) > 0.01


def test_without_variance_it_is_the_linear_cosine():
    settings = {"initial_learning_rate": 0.3, "decay_steps": 400, "num_periods": 2.5, "alpha": 0.1, "beta": 0.02}
    step = np.arange(0, 900, 7)
    noisy = NOISY(step, initial_variance=0.0, **settings)
    assert np.array_equal(noisy, SCHEDULES["linear_cosine_decay"](step, **settings))


# TensorFlow 1.15's formulas in mpmath with 30 digits: mean as above, deviation a0 sqrt(v/(1+s)^d) (1 + cos(...))/2.
BAND = {
    0: (0.336, 0.15),
    1: (0.3351687675002086, 0.1136506956897211),
    37: (0.21714397497218121, 0.02445626908463593),
    100: (0.006, 0.0),
    399: (0.036742413365623124, 0.013650862753191214),
    400: (0.036, 0.013640601138389592),
    900: (0.036, 0.013640601138389592),
}
BAND_SETTINGS = {
    "initial_learning_rate": 0.3,
    "decay_steps": 400,
    "initial_variance": 0.25,
    "variance_decay": 0.8,
    "num_periods": 2.0,
    "alpha": 0.1,
    "beta": 0.02,
}


def test_the_band_is_tensorflows_mean_and_deviation():
    mean, deviation = noisy_band(list(BAND), **BAND_SETTINGS)
    np.testing.assert_allclose(mean, [m for m, _ in BAND.values()], rtol=1e-12)
    np.testing.assert_allclose(deviation, [d for _, d in BAND.values()], rtol=1e-12, atol=1e-16)
    assert noisy_band(37, **BAND_SETTINGS) == pytest.approx(BAND[37], rel=1e-12)


def test_ten_thousand_seeds_have_the_band():
    step = np.array(list(BAND))
    draws = NOISY(step, seed=np.arange(10_000)[:, None], **BAND_SETTINGS)
    mean, deviation = (np.array(column) for column in zip(*BAND.values(), strict=True))
    assert np.all(np.abs(draws.mean(axis=0) - mean) <= 4.5 * deviation / 100 + 1e-15)
    np.testing.assert_allclose(draws.std(axis=0), deviation, rtol=4.5 / math.sqrt(20_000), atol=1e-15)


def test_past_the_end_the_noise_goes_on_with_the_last_deviation():
    """A whole period leaves the cosine at 1 at the end, and TensorFlow draws anew at every step."""
    rates = NOISY(np.arange(1000, 21_000), initial_learning_rate=1.0, num_periods=1.0, beta=0.0)
    assert rates.std() == pytest.approx(1001 ** (-0.55 / 2), rel=4.5 / math.sqrt(40_000))
    assert np.unique(rates).size == rates.size


def test_band_errors():
    with pytest.raises(ValueError, match=r"^noisy_band: step must be >= 0, got -1$"):
        noisy_band(-1)
    with pytest.raises(TypeError, match=r"^noisy_linear_cosine_decay has no parameter 'variance'"):
        noisy_band(0, variance=1)
