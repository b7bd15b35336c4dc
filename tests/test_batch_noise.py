"""How far batches wander: the closed forms, and the simulation where they hold."""

import math

import numpy as np
import pytest

from lrviz.batch_noise import floor, measured_spread, sigma, spread
from lrviz.datasets import DATASETS
from lrviz.minibatch import train

LINEAR = DATASETS["linear_regression"](m=240, condition=4.0, angle=30.0)


@pytest.fixture(scope="module")
def flat_and_steep():
    return DATASETS["linear_regression"](m=6400, condition=2.0, angle=30.0)


def test_floor_is_the_lecture_formula(flat_and_steep):
    data, lr, lam = flat_and_steep, np.array([[0.01], [0.1], [0.5]]), np.array([0.5, 1.0])
    residual = data.minimum() @ data.X - data.Y[0]
    directions = data.bowl()[1]
    one = np.std([residual * (directions[:, i] @ data.X) for i in (0, 1)], axis=1)
    np.testing.assert_allclose(sigma(data, [1, 64]), [one, one / 8], rtol=1e-12)
    np.testing.assert_allclose(floor(data, 64, lr[:, 0]), one / 8 * np.sqrt(lr / (lam * (2 - lr * lam))), rtol=1e-12)
    np.testing.assert_array_equal(floor(data, 64, [0.0, 4.1]), [[0, 0], [np.inf, np.inf]])
    assert (floor(data, 6400, 0.1, drawing="reshuffle") == 0).all()


@pytest.mark.parametrize("lr", [1e-7, 1e-12, 1e-100, 5e-324])
def test_floor_at_rates_that_vanish_beside_one(flat_and_steep, lr):
    data, lam = flat_and_steep, np.array([0.5, 1.0])
    np.testing.assert_allclose(floor(data, 64, lr), sigma(data, 64) * np.sqrt(lr) / np.sqrt(2 * lam), rtol=1e-6)
    # 65 batches of 99 and one of 64: sizes that differ leave some of the noise, equal ones leave none.
    n, last, m = 65, 6400 - 64 * 99, 6400
    left = (m * (n - 1 + 99 / last) - 99 * n * n) / (m - 1) / n
    expected = sigma(data, 99) * np.sqrt(lr) * np.sqrt(left / (2 * lam))
    np.testing.assert_allclose(floor(data, 99, lr, drawing="reshuffle"), expected, rtol=1e-4)
    assert (floor(data, 64, lr, drawing="reshuffle") < 1e-4 * floor(data, 64, lr)).all()


@pytest.mark.parametrize("lr", [0.05, 0.2])
def test_floor_against_simulation(flat_and_steep, lr):
    data, replicas = flat_and_steep, 1200
    run = train(data, "gd", data.minimum(), 2, 64, lr=lr, seed=np.arange(replicas), drawing="replacement")
    ratio = measured_spread(data, run.path[:, -1]) / floor(data, 64, lr)
    np.testing.assert_allclose(ratio, 1, atol=4 / math.sqrt(2 * replicas))  # four standard errors


def test_reshuffled_epochs_end_tighter(flat_and_steep):
    # 100 batches, lr 0.01, curvature 1: the weights a^k of an epoch's noises, a = 0.99, less their mean.
    a = 0.99 ** np.arange(100)
    expected = math.sqrt(((a - a.mean()) ** 2).sum() / (a**2).sum() * 6400 / 6399)
    assert expected == pytest.approx(0.28, abs=0.005)
    data, replicas = flat_and_steep, 400
    theory = floor(data, 64, 0.01, drawing="reshuffle") / floor(data, 64, 0.01)
    assert theory[1] == pytest.approx(expected, rel=1e-9)
    run = train(data, "gd", data.minimum(), 6, 64, lr=0.01, seed=np.arange(replicas))
    ratio = measured_spread(data, run.path[:, -1])[1] / floor(data, 64, 0.01)[1]
    assert ratio == pytest.approx(expected, rel=4 / math.sqrt(2 * replicas))


def test_spread_follows_the_schedule(flat_and_steep):
    data, replicas = flat_and_steep, 800
    rates = 0.3 / (1 + np.arange(200) / 20)
    np.testing.assert_allclose(spread(data, 64, np.full(2000, 0.1))[-1], floor(data, 64, 0.1), rtol=1e-12)
    np.testing.assert_allclose(spread(data, 64, [0.1], initial=[1.0, 2.0])[0], [1.0, 2.0])
    run = train(data, "gd", data.minimum(), 2, 64, lr=1, schedule=rates, seed=range(replicas), drawing="replacement")
    theory = spread(data, 64, rates)
    for t in (5, 50, 200):
        ratio = measured_spread(data, run.path[:, t]) / theory[t]
        np.testing.assert_allclose(ratio, 1, atol=4 / math.sqrt(2 * replicas))
    assert (theory[200] < 0.5 * floor(data, 64, 0.3)).all()  # a decaying rate shrinks the circle


def test_noise_errors():
    with pytest.raises(ValueError, match=r"sigma: batch_size must be a whole number in \[1, 240\], got 0"):
        floor(LINEAR, 0, 0.1)
    with pytest.raises(ValueError, match="floor: lr must be >= 0, got -1"):
        floor(LINEAR, 1, -1)
    with pytest.raises(ValueError, match=r"spread: rates must be .* got shape \(\)"):
        spread(LINEAR, 1, 0.1)
    with pytest.raises(ValueError, match=r"measured_spread: points must be .* got shape \(1, 2\)"):
        measured_spread(LINEAR, np.zeros((1, 2)))
