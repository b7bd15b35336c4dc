"""Mini-batch training: the updates, replicas, penalties, divergence and bad input."""

import itertools
import math

import numpy as np
import pytest
from support import library_facts

from lrviz.batches import epoch
from lrviz.datasets import DATASETS
from lrviz.minibatch import mean_penalty, train
from lrviz.optimizers import OPTIMIZERS
from lrviz.regression import LinearRegression, LogisticRegression
from lrviz.schedules import SCHEDULES

START = (-4.0, 3.0)
LINEAR = DATASETS["linear_regression"](m=240, condition=4.0, angle=30.0)
LOGISTIC = DATASETS["logistic_regression"](m=240, condition=4.0, angle=30.0)
FIVE = LogisticRegression("five", np.array(library_facts.FIVE))
both = pytest.mark.parametrize("data", [LINEAR, LOGISTIC], ids=lambda d: d.name)


@pytest.mark.parametrize(("name", "lr", "l2"), library_facts.TRAINING)
@pytest.mark.parametrize("regularisation", ["lecture", "fixed"])
def test_full_batch_agrees_with_torch(name, lr, l2, regularisation):
    costs, end = library_facts.TRAINING[name, lr, l2]
    run = train(FIVE, name, (-1, 2), 4, 5, l2=l2, lr=lr, regularisation=regularisation)
    np.testing.assert_allclose(run.batch_cost, costs, rtol=1e-12)
    np.testing.assert_allclose(run.path[-1], end, rtol=1e-7 if name == "adam" else 1e-12)
    np.testing.assert_allclose(run.cost(FIVE)[:-1], costs, rtol=1e-12)


def test_full_batch_is_gradient_descent():
    run = train(LINEAR, "gd", START, 60, 240, lr=0.8)
    H, best = LINEAR.X @ LINEAR.X.T / 240, LINEAR.minimum()
    for t in (0, 1, 7, 60):  # on a quadratic: w_t - w* = (I - lr H)^t (w_0 - w*)
        expected = best + np.linalg.matrix_power(np.eye(2) - 0.8 * H, t) @ (START - best)
        np.testing.assert_allclose(run.path[t], expected, rtol=1e-11)


@both
def test_batch_cost_falls_every_time_unless_the_rate_is_too_big(data):
    steepest = data.bowl()[0][1]
    run = train(data, "gd", data.minimum() + 0.1, 40, 240, lr=1.9 / steepest)
    assert (np.diff(run.batch_cost) < 0).all()
    np.testing.assert_allclose(run.batch_cost, run.cost(data)[:-1], rtol=1e-13)
    steep = data.bowl()[1][:, 1]
    run = train(data, "gd", data.minimum() + 0.1 * steep, 3, 240, lr=2.1 / steepest)
    assert (np.diff(run.batch_cost) > 0).all()


def test_small_batches_are_noisy_and_trend_down():
    cost = train(LINEAR, "gd", START, 10, 8, lr=0.05).batch_cost
    assert 0.3 < np.mean(np.diff(cost) > 0) < 0.7
    assert cost[-30:].mean() < 0.2 * cost[:5].mean()


def test_size_one_never_settles_unless_the_samples_agree():
    for noise, settles in ((1.0, False), (0.0, True)):
        data = DATASETS["linear_regression"](m=240, condition=2.0, noise=noise)
        end = train(data, "gd", START, 60, 1, lr=0.1).path[-240:]
        away = np.hypot(*(end - data.minimum()).T)
        assert bool(away.max() < 1e-10) is settles
        assert bool(away.max() > 0.1) is not settles


@pytest.mark.parametrize("name", OPTIMIZERS)
@both
def test_an_update_is_the_rule_applied_to_the_batch_gradient(data, name):
    """Against a loop of its own, with matrix products, over the batches of one epoch."""
    rule, values = OPTIMIZERS[name].rule, {p.name: p.default for p in OPTIMIZERS[name].params} | {"lr": 0.03}
    w, slots, path = np.array(START), dict.fromkeys(OPTIMIZERS[name].slots, np.zeros(2)), [START]
    for t, (X, Y) in enumerate(epoch(data, 50, seed=9), start=1):
        prediction = w @ X if data is LINEAR else 1 / (1 + np.exp(-(w @ X)))
        step, slots = rule(w, X @ (prediction - Y[0]) / Y.size, slots, t, **values)
        w = w + step
        path.append(w)
    np.testing.assert_allclose(train(data, name, START, 1, 50, seed=9, lr=0.03).path, path, rtol=1e-9)


@both
@pytest.mark.parametrize("name", ["gd", "adam"])
@pytest.mark.parametrize("size", [1, 7, 240])
@pytest.mark.parametrize("drawing", ["reshuffle", "replacement"])
def test_replicas_are_single_runs(data, name, size, drawing):
    seeds, rates = np.arange(3), np.array([[0.02], [0.05]])
    starts = np.array([[[-4.0, 3.0]], [[1.0, 1.0]]])
    factors = np.linspace(1, 0.1, 9) ** np.array([1, 2, 3])[:, None]
    settings = {"drawing": drawing, "l2": 3.0, "updates": 9}
    batch = train(data, name, starts, 9, size, seed=seeds, lr=rates, schedule=factors, **settings)
    assert (batch.path.shape, batch.batch_cost.shape, batch.lr.shape) == ((2, 3, 10, 2), (2, 3, 9), (2, 3, 9))
    assert batch.cost(data, every=4).shape == (2, 3, 3)
    for i, j in itertools.product(range(2), range(3)):
        one = train(data, name, starts[i, 0], 9, size, seed=j, lr=rates[i, 0], schedule=factors[j], **settings)
        for field in ("path", "batch_cost", "lr"):
            np.testing.assert_allclose(getattr(batch, field)[i, j], getattr(one, field), rtol=1e-11)
    assert (batch.samples_seen == one.samples_seen).all()


def test_one_seed_one_result():
    paths = [train(LINEAR, "gd", START, 2, 16, lr=0.1, seed=s).path for s in (4, 4, 5)]
    assert (paths[0] == paths[1]).all()
    assert (paths[0][1:] != paths[2][1:]).all()
    assert (train(LINEAR, "gd", START, 2, 240, lr=0.1, seed=range(200)).path == paths[0][0]).all(axis=-1)[:, 0].all()


def test_updates_and_samples_are_counted():
    run = train(LINEAR, "gd", START, 2, 100, lr=0.1)
    assert list(run.samples_seen) == [0, 100, 200, 240, 340, 440, 480]
    short = train(LINEAR, "gd", START, 2, 100, lr=0.1, updates=4)
    assert list(short.samples_seen) == [0, 100, 200, 240, 340]
    np.testing.assert_array_equal(short.path, run.path[:5])


def test_a_schedule_is_a_factor_on_the_rate():
    def decay(update):
        return SCHEDULES["inverse_time_decay"](
            update, initial_learning_rate=1, decay_steps=3, decay_rate=1, staircase=True
        )

    run = train(LINEAR, "gd", START, 4, 80, lr=0.2, schedule=decay)
    np.testing.assert_allclose(run.lr[::3], [0.2, 0.1, 0.2 / 3, 0.05], rtol=1e-12)  # D2: a0 / (1 + epoch)
    np.testing.assert_array_equal(run.path, train(LINEAR, "gd", START, 4, 80, lr=run.lr[0], schedule=run.lr / 0.2).path)
    assert (train(LINEAR, "gd", START, 1, 80, lr=0.2, schedule=0).path == START).all()


def test_divergence_is_data():
    data = DATASETS["linear_regression"](m=200, condition=1.0)
    rates = np.array([0.5, 3.0])
    run = train(data, "gd", data.minimum() + np.array([0.0, 1.0]), 40, 200, lr=rates)
    assert list(run.diverged) == [False, True]
    assert np.isfinite(run.path[0]).all()
    gone = 20  # every update multiplies the distance, 1 at the start, by |1 - 3| = 2: beyond 1e6 at 2^20
    assert np.isfinite(run.path[1, :gone]).all()
    assert np.isnan(run.path[1, gone:]).all()
    assert list(np.isnan(run.batch_cost[1])) == [t >= gone for t in range(40)]
    assert np.isfinite(run.lr).all()
    for size in (1, 7, 200):
        assert train(LOGISTIC, "gd", START, 3, min(size, 240), lr=1e300).diverged
        assert train(data, "adadelta", START, 40, size, lr=1e200).diverged


@pytest.mark.parametrize("seed", [0, [0]])
def test_nothing_divided_by_nothing_is_divergence(seed):
    still = LinearRegression("still", np.array([[1.0, 2.0], [1.0, -1.0], [0.0, 0.0]]))  # the gradient at 0 is 0
    run = train(still, "adam", (0, 0), 2, 1, seed=seed, eps=0)
    assert run.diverged
    assert list(np.isnan(run.path[..., 0]).ravel()) == [False, True, True, True, True]
    assert list(np.isnan(run.batch_cost).ravel()) == [False, True, True, True]


def test_the_lecture_penalty_grows_as_batches_shrink():
    assert mean_penalty(1000, 1000, 20.0) == mean_penalty(1000, 10, 20.0, "fixed") == pytest.approx(0.02)
    assert mean_penalty(1000, 10, 20.0) == pytest.approx(2.0)  # 20 / (2 * 10) |w|^2


@pytest.mark.parametrize(("size", "form", "c"), [(24, "lecture", 12 / 24), (24, "fixed", 0.05), (240, "lecture", 0.05)])
def test_training_ends_where_the_penalty_says(size, form, c):
    penalty = {"l2": 12.0, "regularisation": form}
    # So small a rate hardly moves w inside an epoch: the epoch's step is the mean gradient of cost and penalty.
    run = train(LINEAR, "gd", START, 1, size, lr=1e-7, **penalty)
    moved = (run.path[0] - run.path[-1]) / 1e-7 / (240 // size)
    H, best = LINEAR.X @ LINEAR.X.T / 240, np.linalg.lstsq(LINEAR.X.T, LINEAR.Y[0])[0]
    np.testing.assert_allclose(moved, H @ (START - best) + c * np.array(START), rtol=1e-5)
    expected = np.linalg.solve(H + c * np.eye(2), H @ best)  # ridge regression
    np.testing.assert_allclose(LINEAR.minimum(run.penalty), expected, rtol=1e-12)
    run = train(LINEAR, "gd", START, 300, size, lr=0.3, schedule=lambda n: np.linspace(1, 1e-3, n.size), **penalty)
    np.testing.assert_allclose(run.path[-1], expected, atol=1e-3)


LARGE = LinearRegression("large", np.ones((3, 20_000)))
BAD = {
    "batches: batch_size must be a whole number in [1, 240], got 0": {"batch_size": 0},
    "batches: batch_size must be a whole number in [1, 240], got 241": {"batch_size": 241},
    "batches: batch_size must be a whole number in [1, 240], got nan": {"batch_size": math.nan},
    "batches: batch_size must be a single number, got an array of shape (2,)": {"batch_size": [1, 2]},
    "train: epochs must be a whole number >= 1, got 0": {"epochs": 0},
    "train: updates must be a whole number >= 1, got -1": {"updates": -1},
    "train: updates must be <= 5000000, got 24000000": {"epochs": 1_000_000, "batch_size": 10},
    "train: drawing must be one of reshuffle, replacement, got 'shuffle'": {"drawing": "shuffle"},
    "train: regularisation must be one of lecture, fixed, got 'none'": {"regularisation": "none"},
    "train: l2 must be >= 0, got -1": {"l2": -1},
    "train: limit must be > 0, got 0": {"limit": 0},
    "train: seed must be a whole number >= 0, got -1": {"seed": -1},
    "train: start must be pairs (w1, w2), shape (..., 2), got shape (3,)": {"start": (1, 2, 3)},
    "train: start must be finite, got (nan, 0)": {"start": (math.nan, 0)},
    "train: schedule must have one factor for each of 10 updates, got shape (9,)": {"schedule": np.ones(9)},
    "train: schedule must be >= 0, got -1": {"schedule": -1},
    "train: replica shapes must broadcast, got seed (2,), lr (3,)": {"seed": [0, 1], "lr": [0.1] * 3},
    "train: replicas must be in [1, 4000000], got 0": {"seed": np.arange(0)},
    "train: replicas x updates must be in [1, 5000000], got 10000000": {"seed": range(1000), "epochs": 1000},
    "train: replicas x batch_size must be in [1, 4000000], got 4800000": {"seed": range(200_000), "updates": 1},
    "train: seeds x m must be in [1, 20000000], got 24000000": {"seed": range(100_000), "updates": 1},
    "train: replicas x updates x batch_size must be in [1, 1000000000], got 1200000000": {
        "data": LARGE,
        "epochs": 60_000,
        "batch_size": 20_000,
    },
    "gd: lr must be >= 0, got -1": {"lr": -1},
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_is_named(message):
    settings = {"data": LINEAR, "optimizer": "gd", "start": START, "epochs": 1, "batch_size": 24} | BAD[message]
    with pytest.raises(ValueError) as error:
        train(**settings)
    assert str(error.value) == message


def test_unknown_names():
    with pytest.raises(KeyError, match="unknown optimizer 'adma'; did you mean 'ada"):
        train(LINEAR, "adma", START, 1, 24)
    with pytest.raises(TypeError, match="gd has no parameter 'beta'; it takes lr"):
        train(LINEAR, "gd", START, 1, 24, beta=0.9)
