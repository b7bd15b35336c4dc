"""reduce_on_plateau against PyTorch, in a batch, and what it refuses."""

import math

import numpy as np
import pytest
from support.library_facts import LOSSES, PLATEAUS

from lrviz.schedules import reduce_on_plateau


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
