"""What a batch size costs: time per epoch on a pretended machine, time to a target in closed form."""

import math

import numpy as np
import pytest

from lrviz import batch_timing
from lrviz.batch_timing import EpochTime, time_per_epoch, time_to_target
from lrviz.batches import batches
from lrviz.datasets import DATASETS
from lrviz.minibatch import train
from lrviz.regression import LinearRegression

START = (-4.0, 3.0)
LINEAR = DATASETS["linear_regression"](m=240, condition=4.0, angle=30.0)


def test_time_per_epoch_is_shuffle_plus_updates(monkeypatch):
    now = [0.0]

    def machine(data, optimizer, start, epochs, batch_size, *, updates):  # 3 ms of shuffling, 1 ms an update
        now[0] += 0.003 + 0.001 * updates

    monkeypatch.setattr(batch_timing, "train", machine)
    data = LinearRegression("some", np.ones((3, 1000)))
    slow, fast, whole = time_per_epoch(data, [1, 100, 1000], budget=0.1, clock=lambda: now[0])
    for result, updates in ((slow, 1000), (fast, 10), (whole, 1)):
        assert result.updates == updates
        assert result.seconds == pytest.approx(0.003 + 0.001 * updates)
        assert result.updates_per_second == pytest.approx(updates / result.seconds)
        assert result.bytes == 24 * result.batch_size
    assert slow.extrapolated
    assert slow.timed_updates == 64  # the first power of four whose updates take half the budget
    assert (fast.timed_updates, fast.extrapolated, whole.timed_updates) == (10, False, 1)
    assert now[0] < 1.0  # of the two seconds that two whole epochs of the slow one would take


def test_time_per_epoch_on_this_machine():
    results = time_per_epoch(LINEAR, [1, 16, 240], "adam", budget=0.001, drawing="replacement")
    for result, size in zip(results, [1, 16, 240], strict=True):
        assert result.batch_size == size
        assert result.seconds > 0
    with pytest.raises(ValueError, match=r"batch_size must be a whole number in \[1, 240\], got 241"):
        next(time_per_epoch(LINEAR, [16, 241]))


def timing(size):
    cut = batches(240, size)
    return EpochTime(size, cut.number, 0.01 * cut.number, 100.0, cut.bytes, cut.number, False)


def test_time_to_target():
    # A round bowl: each full-batch update at lr 0.1 takes the excess cost times 0.81.
    data = DATASETS["linear_regression"](m=240, condition=1.0)
    excess = data.cost(START) - data.cost(data.minimum())
    target = data.cost(data.minimum()) + 0.01
    result = next(time_to_target(data, [timing(240)], target, "gd", START, lr=0.1))
    updates = math.ceil(math.log(0.01 / excess) / math.log(0.81))
    assert result == (240, True, updates, 240 * updates, pytest.approx(0.01 * updates))
    late = next(time_to_target(data, [timing(240)], target, "gd", START, epochs=50_000, budget=600, lr=1e-3))
    assert late.updates == pytest.approx(math.log(0.01 / excess) / 2 / math.log(1 - 1e-3), rel=2e-3)


def test_a_target_is_reached_only_if_the_cost_stays():
    target = LINEAR.cost(LINEAR.minimum()) + 0.01
    settings = {"lr": 0.1, "seed": 2}
    noisy, calmer = time_to_target(LINEAR, [timing(1), timing(100)], target, "gd", START, budget=10.0, **settings)
    cost = train(LINEAR, "gd", START, 9, 1, **settings).cost(LINEAR)
    assert cost.min() < target  # one sample at a time crosses the target, but does not stay
    assert noisy[:2] == (1, False)
    assert math.isnan(noisy.updates)
    cost = train(LINEAR, "gd", START, 100, 100, **settings).cost(LINEAR)
    stays = [t for t in range(150) if cost[t] <= target and cost[t : 2 * t + 1].mean() <= target]
    assert calmer.updates == stays[0]
    assert calmer.samples == train(LINEAR, "gd", START, 100, 100, **settings).samples_seen[stays[0]]
    assert calmer.seconds == pytest.approx(0.01 * stays[0])


def test_a_target_out_of_reach_is_given_up():
    for target, settings in ((-1.0, {"lr": 0.1}), (1.0, {"lr": 5.0}), (0.6, {"lr": 0.1, "budget": 0.02})):
        assert not next(time_to_target(LINEAR, [timing(24)], target, "gd", START, **settings)).reached
    with pytest.raises(ValueError, match="time_to_target: target must be finite, got nan"):
        next(time_to_target(LINEAR, [timing(24)], math.nan, "gd", START))
    with pytest.raises(ValueError, match=r"time_to_target: one run at a time is followed, got replicas \(2,\)"):
        next(time_to_target(LINEAR, [timing(24)], 1.0, "gd", START, seed=[0, 1]))


def test_a_run_that_diverges_is_not_tried_again(monkeypatch):
    runs = []
    monkeypatch.setattr(
        batch_timing, "train", lambda *given, **settings: runs.append(train(*given, **settings)) or runs[-1]
    )
    assert not next(time_to_target(LINEAR, [timing(24)], 1.0, "gd", START, epochs=1000, budget=600, lr=5.0)).reached
    assert len(runs) == 1
