"""reduce_on_plateau against PyTorch, in a batch, and what it refuses."""

import math

import numpy as np
import pytest

from lrviz.schedules import reduce_on_plateau

# torch 2.13.0: the rate after ReduceLROnPlateau(optimizer, ...).step(loss), for every loss in turn. As (rate, how often).
LOSSES = [1.0, 0.9, 0.8, 0.8, 0.8, 0.79999, 0.8, 0.7, 0.7, math.nan, 0.7, 0.7, 0.7, 0.7, 0.6, 0.65] + 8 * [0.6]
PLATEAUS = [
    (
        {"initial_learning_rate": 0.1, "factor": 0.5, "patience": 2},
        [(0.1, 5), (0.05, 5), (0.025, 3), (0.0125, 4), (0.00625, 3), (0.003125, 3), (0.0015625, 1)],
    ),
    (
        {"initial_learning_rate": 0.1, "factor": 0.5, "patience": 2, "cooldown": 2},
        [(0.1, 5), (0.05, 5), (0.025, 7), (0.0125, 5), (0.00625, 2)],
    ),
    (
        {"initial_learning_rate": 0.1, "factor": 0.1, "patience": 1, "min_lr": 0.002},
        [(0.1, 4), (0.010000000000000002, 2), (0.002, 18)],
    ),
    (
        {"initial_learning_rate": 0.1, "factor": 0.3, "patience": 0, "threshold": 0.2, "cooldown": 1},
        [
            (0.1, 1),
            (0.03, 2),
            (0.009, 3),
            (0.0026999999999999997, 2),
            (0.0008099999999999998, 2),
            (0.00024299999999999994, 2),
            (7.289999999999998e-05, 3),
            (2.1869999999999996e-05, 2),
            (6.560999999999999e-06, 2),
            (1.9682999999999994e-06, 2),
            (5.904899999999998e-07, 2),
            (1.7714699999999994e-07, 1),
        ],
    ),
    ({"initial_learning_rate": 5e-08, "factor": 0.1, "patience": 0}, [(5e-08, 3), (5e-09, 21)]),
    ({"initial_learning_rate": 1e-08, "factor": 0.1, "patience": 0}, [(1e-08, 24)]),
]


@pytest.mark.parametrize(("settings", "runs"), PLATEAUS)
def test_torch_reduce_on_plateau(settings, runs):
    rates = [rate for rate, times in runs for _ in range(times)]
    assert np.array_equal(reduce_on_plateau(LOSSES, **settings), rates)


def test_plateau_of_a_batch_and_of_nothing():
    one = reduce_on_plateau(LOSSES, **PLATEAUS[0][0])
    batch = reduce_on_plateau([[LOSSES, LOSSES[::-1]]], **PLATEAUS[0][0])
    assert batch.shape == (1, 2, len(LOSSES))
    assert np.array_equal(batch[0, 0], one)
    assert reduce_on_plateau([], initial_learning_rate=0.1).shape == (0,)
    assert reduce_on_plateau(np.ones(30), initial_learning_rate=0.1)[[10, 11, 21, 22]].tolist() == pytest.approx(
        [0.1, 0.01, 0.01, 0.001]
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("initial_learning_rate", -0.1),
        ("factor", 1.0),
        ("factor", -0.1),
        ("patience", -1),
        ("patience", 1.5),
        ("threshold", 1.0),
        ("cooldown", -1),
        ("min_lr", -1e-3),
        ("min_lr", math.nan),
    ],
)
def test_plateau_errors(name, value):
    with pytest.raises(ValueError, match=rf"^reduce_on_plateau: {name} must be .*, got "):
        reduce_on_plateau([1.0], **{"initial_learning_rate": 0.1, name: value})


def test_plateau_needs_a_time_axis():
    with pytest.raises(ValueError, match=r"^reduce_on_plateau: losses must have a time axis, got 1.0$"):
        reduce_on_plateau(1.0, initial_learning_rate=0.1)
