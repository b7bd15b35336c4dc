"""The loop over steps itself, with gradients made up here: what it asks for, when, and where it stops."""

import numpy as np
import pytest

from lrviz import minibatch, stepping
from lrviz.datasets import DATASETS
from lrviz.optimizers import OPTIMIZERS


def walk(rule, start, lr, batch, observe, limit=1e6, **hyperparameters):
    hyperparameters = stepping.hyperparameters_of(OPTIMIZERS[rule], hyperparameters)
    del hyperparameters["lr"]
    return stepping.walk(OPTIMIZERS[rule], hyperparameters, np.array(start), np.array(lr), batch, observe, limit)


def test_every_position_is_observed_with_the_memory_of_the_steps_before_it():
    seen = []

    def observe(t, w, memory):
        seen.append((t, *w, memory[0]["v"], memory[1]["v"]))
        return 1.0, -2.0

    path = walk("heavy_ball", (0.0, 0.0), [0.5, 0.25], (), observe, beta=0.5)
    # v <- v/2 + g and w <- w - lr v: v = 1, then 3/2 along x, and -2 times that along y
    assert seen == [(0, 0.0, 0.0, 0.0, 0.0), (1, -0.5, 1.0, 1.0, -2.0), (2, -0.875, 1.75, 1.5, -3.0)]
    np.testing.assert_array_equal(path, [s[1:3] for s in seen])


def test_a_single_run_that_has_left_the_limit_is_not_observed_any_more():
    asked = []

    def observe(t, w, memory):
        asked.append(t)
        return w[0], 0.0

    path = walk("gd", (1.0, 0.0), np.full(50, 3.0), (), observe, limit=10.0)  # x is multiplied by -2 each time
    assert asked == [0, 1, 2, 3]
    np.testing.assert_array_equal(path[:4, 0], [1.0, -2.0, 4.0, -8.0])
    assert np.isnan(path[4:]).all()


def test_a_batch_walks_on_and_what_is_lost_stays_lost():
    def observe(t, w, memory):
        return w[0], 0.0 * w[0]

    path = walk("gd", (1.0, 0.0), np.array([[3.0, 3.0, 0.9, 0.9], [0.5] * 4]), (2,), observe, limit=3.0)
    np.testing.assert_allclose(path[:, 0, 0], [1.0, -2.0, 4.0, 0.4, 0.04])
    lost = stepping.lost(path, 3.0)
    np.testing.assert_array_equal(lost[:, 0], [False, False, True, True, True])
    assert not lost[:, 1].any()


def test_plain_floats_stay_plain_floats():
    kinds = set()

    def observe(t, w, memory):
        kinds.update(map(type, (*w, *memory[0].values())))
        return w

    walk("adam", (1.0, -1.0), np.full(3, 0.1), (), observe)
    assert kinds == {float}


def test_a_division_by_zero_ends_a_single_run():
    path = walk("adagrad", (1.0, 1.0), np.full(3, 0.1), (), lambda t, w, memory: (0.0, 0.0), eps=0.0)
    np.testing.assert_array_equal(path[0], [1.0, 1.0])
    assert np.isnan(path[1:]).all()


def test_training_that_diverges_looks_at_no_more_batches(monkeypatch):
    looked = []
    kept = minibatch.loss_and_gradient
    monkeypatch.setattr(minibatch, "loss_and_gradient", lambda *a: looked.append(1) or kept(*a))
    data = DATASETS["linear_regression"](m=500)
    run = minibatch.train(data, "gd", (-4.0, 3.0), 1, 1, lr=20.0, limit=100.0)
    assert run.diverged
    assert len(looked) == np.isfinite(run.batch_cost).sum() < 50


def test_a_rate_beyond_all_numbers_is_no_warning():
    data = DATASETS["linear_regression"](m=10)
    run = minibatch.train(data, "gd", (-4.0, 3.0), 1, 10, lr=1e300, schedule=1e300)
    assert run.lr[0] == np.inf
    assert run.diverged


@pytest.mark.parametrize(("given", "plain"), [(np.array(2.0), float), (np.array(3), int), (2.0, float), ("word", str)])
def test_an_array_without_axes_is_a_number(given, plain):
    assert type(stepping.plain(given)) is plain
