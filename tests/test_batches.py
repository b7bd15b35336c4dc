"""Cutting and drawing batches: how many, how large, every sample once an epoch, and their costs and gradients."""

import math

import numpy as np
import pytest

from lrviz.batches import batches, epoch, one_by_one, rule_of_thumb, stream
from lrviz.datasets import DATASETS
from lrviz.minibatch import loss_and_gradient, train
from lrviz.regression import LinearRegression

LINEAR = DATASETS["linear_regression"](m=240, condition=4.0, angle=30.0)
LOGISTIC = DATASETS["logistic_regression"](m=240, condition=4.0, angle=30.0)
both = pytest.mark.parametrize("data", [LINEAR, LOGISTIC], ids=lambda d: d.name)


def numbered(m):
    """A data set whose first feature is the number of the sample."""
    return LinearRegression("numbered", np.stack([np.arange(m), np.ones(m), np.zeros(m)]).astype(float))


def test_five_million_samples_make_five_thousand_batches():
    cut = batches(5_000_000, 1000, n_x=7)  # B1, and 8 bytes a number
    assert (cut.number, cut.last, cut.x_shape, cut.y_shape, cut.bytes) == (5000, 1000, (7, 1000), (1, 1000), 64_000)
    assert batches(10**15, 1).number == 10**15  # counted, not allocated


@pytest.mark.parametrize(("m", "size", "sizes"), [(10, 3, [3, 3, 3, 1]), (10, 5, [5, 5]), (3, 1, [1] * 3), (4, 4, [4])])
def test_the_last_batch_is_what_is_left(m, size, sizes):
    cut = batches(m, size)
    assert (cut.number, cut.last, list(cut.sizes)) == (len(sizes), sizes[-1], sizes)
    assert cut.mean_inverse_size == pytest.approx(np.mean([1 / s for s in sizes]))


def test_rule_of_thumb():
    assert rule_of_thumb(1999) == (1999,)
    assert rule_of_thumb(2000) == (64, 128, 256, 512)


def test_reshuffled_epochs_hold_every_sample_once():
    pieces = list(epoch(numbered(50), 8, seed=3))
    assert [(X.shape, Y.shape) for X, Y in pieces] == [((2, 8), (1, 8))] * 6 + [((2, 2), (1, 2))]
    order = np.concatenate([X[0] for X, _ in pieces])
    assert sorted(order) == list(range(50))
    assert list(order) != list(range(50))


def test_training_sees_every_sample_once_an_epoch_in_a_new_order():
    # With w = 0, y = sample number and lr = 0 the cost of a batch of one sample is number^2 / 2.
    data = LinearRegression("labelled", np.stack([np.ones(30), np.ones(30), np.arange(30.0)]))
    seen = np.sqrt(2 * train(data, "gd", (0, 0), 3, 1, lr=0, seed=1).batch_cost).round().reshape(3, 30)
    assert (np.sort(seen) == np.arange(30)).all()
    assert len({tuple(order) for order in seen}) == 3


@pytest.mark.parametrize("drawing", ["reshuffle", "replacement"])
def test_samples_come_one_by_one_as_in_batches_of_one(monkeypatch, drawing):
    monkeypatch.setattr("lrviz.batches.AT_ONCE", 4)  # which divides neither an epoch nor the last, unfinished one
    what = numbered(10), batches(10, 1), 27, drawing, np.asarray(3)
    single = list(one_by_one(*what))
    assert single == [batch[:, 0].tolist() for batch in stream(*what)]
    assert len(single) == 27


def test_with_replacement_every_draw_is_independent():
    orders = np.array([np.concatenate([X[0] for X, _ in epoch(numbered(20), 7, drawing="replacement", seed=s)])
                       for s in range(400)])  # fmt: skip
    missing = 20 - np.mean([len(set(order)) for order in orders])
    assert missing == pytest.approx(20 * 0.95**20, rel=0.03)  # a sample is missed with probability (1 - 1/m)^m
    assert abs(np.corrcoef(orders[:, 0], orders[:, 1])[0, 1]) < 4 / math.sqrt(400)


@both
@pytest.mark.parametrize("size", [1, 24, 240])
def test_batches_of_an_epoch_average_to_the_whole(data, size):
    w = np.array([0.7, -2.0])
    parts = [loss_and_gradient(data, (*X, Y[0]), w.tolist()) for X, Y in epoch(data, size, seed=5)]
    assert np.mean([J for J, _ in parts]) == pytest.approx(data.cost(w), rel=1e-12)
    np.testing.assert_allclose(np.mean([g for _, g in parts], axis=0), data.gradient(w), rtol=1e-12)
