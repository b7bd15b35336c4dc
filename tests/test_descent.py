"""The time loop: what it records, how it broadcasts, diverges and refuses; tuning; measurements."""

import math

import numpy as np
import pytest

from lrviz.descent import (
    LARGEST_WORK,
    Trajectory,
    descend,
    diverged_at,
    first_step,
    path_length,
    steps_to,
    tune,
    zigzags,
)
from lrviz.optimizers import OPTIMIZERS
from lrviz.surfaces import SURFACES


def path_of(points):
    """A trajectory with these positions and nothing else in it."""
    xy = np.array(points, float)
    flat = np.zeros(xy.shape[:-1])
    return Trajectory(xy, flat, flat, flat[..., 1:], {}, np.isnan(xy).any(axis=(-2, -1)))


# ------------------------------------------------------------------------------------------------- what is written down


@pytest.mark.parametrize("batch", [(), (0,), (1,), (4,), (2, 3)])
@pytest.mark.parametrize("steps", [0, 1, 7])
def test_shapes(batch, steps):
    path = descend("beale", "adam", np.ones((*batch, 2)), steps, slots=True)
    assert path.xy.shape == (*batch, steps + 1, 2)
    assert path.loss.shape == path.grad_norm.shape == (*batch, steps + 1)
    assert path.lr.shape == (*batch, steps)
    assert {name: v.shape for name, v in path.slots.items()} == dict.fromkeys(("m", "v"), path.xy.shape)
    assert path.diverged.shape == batch
    assert path.diverged.dtype == bool


@pytest.mark.parametrize("start", [(1.0, -1.5), [(1.0, -1.5), (0.0, 2.0)]])
def test_loss_and_gradient_are_those_of_the_surface_at_each_position(start):
    surface = SURFACES["beale"]
    path = descend(surface, "nesterov", start, 40, noise=1.0)
    x, y = path.xy[..., 0], path.xy[..., 1]
    np.testing.assert_array_equal(path.xy[..., 0, :], start)
    np.testing.assert_allclose(path.loss, surface.value(x, y), rtol=1e-13)
    np.testing.assert_allclose(path.grad_norm, np.hypot(*surface.gradient(x, y)), rtol=1e-13)  # without the noise


def test_slots_are_what_the_rule_remembers_after_each_step():
    path = descend("ravine", "heavy_ball", (-4.0, 2.0), 30, lr=0.01, slots=True)
    np.testing.assert_array_equal(path.slots["v"][0], 0.0)
    np.testing.assert_allclose(np.diff(path.xy, axis=0), -0.01 * path.slots["v"][1:], rtol=1e-9)
    assert descend("ravine", "heavy_ball", (-4.0, 2.0), 3).slots == {}


def test_a_longer_run_begins_as_the_shorter_one():
    short, long = (descend("beale", "adam", (1.0, 1.0), n, lr=0.1, noise=0.5, seed=4) for n in (50, 120))
    np.testing.assert_array_equal(long.xy[:51], short.xy)


def test_entries_and_names_are_the_same():
    by_name = descend("ravine", "adam", (1.0, 1.0), 20)
    by_entry = descend(SURFACES["ravine"], OPTIMIZERS["adam"], (1.0, 1.0), 20)
    np.testing.assert_array_equal(by_name.xy, by_entry.xy)
    bound = descend(SURFACES["ravine"].bind(kappa=5.0), "gd", (1.0, 1.0), 1, lr=0.1)
    np.testing.assert_allclose(bound.xy[1], (0.9, 0.5))


# ---------------------------------------------------------------------------------------------------------- schedules


def test_schedule_is_a_factor_on_the_rate_one_a_step():
    factors = np.array([1.0, 0.5, 0.0, 2.0])
    path = descend("ravine", "gd", (-4.0, 2.0), 4, lr=0.02, schedule=factors)
    np.testing.assert_allclose(path.lr, 0.02 * factors)
    np.testing.assert_allclose(path.xy[:, 0], -4 * np.cumprod([1.0, *(1 - 0.02 * factors)]), rtol=1e-13)
    np.testing.assert_array_equal(path.xy[2], path.xy[3])


def test_a_batch_of_schedules_meets_a_batch_of_rates():
    schedules = np.random.default_rng(0).uniform(0, 2, (3, 1, 9))
    rates = np.array([0.01, 0.02])
    path = descend("ravine", "gd", (-4.0, 2.0), 9, lr=rates, schedule=schedules)
    assert path.xy.shape == (3, 2, 10, 2)
    np.testing.assert_allclose(path.lr, rates[:, None] * schedules)
    np.testing.assert_allclose(
        path.xy[..., 1:, 0], -4 * np.cumprod(1 - rates[:, None] * schedules, axis=-1), rtol=1e-12
    )


# -------------------------------------------------------------------------------------------------------------- noise


def test_noise_is_one_stream_a_seed_of_the_given_standard_deviation():
    path = descend("ravine", "gd", (-4.0, 2.0), 50, lr=0.01, noise=0.7, seed=11)
    g = np.stack(SURFACES["ravine"].gradient(*path.xy[:-1].T), axis=-1)
    felt = -np.diff(path.xy, axis=0) / 0.01 - g
    np.testing.assert_allclose(felt, 0.7 * np.random.default_rng(11).standard_normal((50, 2)), atol=1e-10)


def test_seeds_decide_the_run_and_optimizers_share_them():
    runs = descend("ravine", "gd", (-4.0, 2.0), 30, lr=0.01, noise=1.0, seed=[3, 4, 3])
    np.testing.assert_array_equal(runs.xy[0], runs.xy[2])
    assert np.abs(runs.xy[0] - runs.xy[1]).max() > 1e-2
    ball = descend("ravine", "heavy_ball", (-4.0, 2.0), 30, lr=0.01, noise=1.0, seed=3, beta=0.0)
    np.testing.assert_array_equal(ball.xy, runs.xy[0])


def test_no_noise_is_no_noise_whatever_the_seed():
    runs = descend("ravine", "gd", (-4.0, 2.0), 30, lr=0.01, noise=[0.0, 0.5], seed=9)
    np.testing.assert_array_equal(runs.xy[0], descend("ravine", "gd", (-4.0, 2.0), 30, lr=0.01).xy)


# --------------------------------------------------------------------------------------------------------- divergence


def test_a_diverging_run_is_nan_from_the_step_that_left_the_limit():
    # gd on curvature 20 with lr 0.15 doubles y each step: 2 * 2^t passes 1e6 at t = 19
    path = descend("ravine", "gd", (0.0, 2.0), 60, lr=0.15)
    assert path.diverged
    assert diverged_at(path) == 19
    np.testing.assert_allclose(path.xy[:19, 1], 2 * (-2.0) ** np.arange(19), rtol=1e-9)
    assert np.isnan(path.xy[19:]).all()
    assert np.isnan(path.loss[19:]).all()
    assert np.isnan(path.grad_norm[19:]).all()
    assert np.isfinite(path.loss[:19]).all()
    np.testing.assert_array_equal(path.lr, 0.15)


def test_limit_is_a_choice():
    assert diverged_at(descend("ravine", "gd", (0.0, 2.0), 60, lr=0.15, limit=100.0)) == 6
    assert not descend("ravine", "gd", (0.0, 2.0), 19, lr=0.15, limit=2e6).diverged
    assert diverged_at(descend("ravine", "gd", (0.0, 2.0), 60, limit=1.0)) == 0


def test_a_batch_diverges_run_by_run():
    rates = np.array([0.05, 0.15, 0.09, 0.3])
    batch = descend("ravine", "heavy_ball", (0.0, 2.0), 60, lr=rates, slots=True, beta=0.0)
    np.testing.assert_array_equal(batch.diverged, [False, True, False, True])
    for i, lr in enumerate(rates):
        alone = descend("ravine", "heavy_ball", (0.0, 2.0), 60, lr=lr, slots=True, beta=0.0)
        for one, many in [(alone.xy, batch.xy), (alone.loss, batch.loss), (alone.grad_norm, batch.grad_norm)]:
            np.testing.assert_allclose(many[i], one, rtol=1e-11)
        np.testing.assert_allclose(batch.slots["v"][i], alone.slots["v"], rtol=1e-11)


def test_a_run_that_would_come_back_stays_gone():
    # one huge step out, then the rate is 0 and the next brings it home; the limit was left all the same
    surface = SURFACES["ravine"].bind(kappa=1.0)
    for start in [(1.0, 1.0), [(1.0, 1.0)]]:
        path = descend(surface, "gd", start, 3, lr=1.0, schedule=[1001.0, 1.0, 1.0], limit=100.0)
        assert np.isnan(path.xy[..., 1:, :]).all()
        assert np.all(path.diverged)


def test_a_rate_or_noise_too_large_for_a_float_is_divergence_too():
    assert descend("ravine", "gd", (1.0, 1.0), 2, lr=1e308, schedule=[10.0, 10.0]).diverged
    assert descend("ravine", "gd", [(1.0, 1.0)], 2, noise=1e308, seed=[0], lr=1e9).diverged.all()


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("surface", ["rosenbrock", "goldstein_price", "monkey_saddle", "ackley", "rastrigin", "cliff"])
def test_overflow_is_divergence_and_raises_and_warns_nothing(name, surface):
    # the limit is out of the way, so numbers really overflow; plain floats raise there, arrays give inf
    starts = np.array([(1e200, 1e200), (3.0, -1e160), (1.0, 2.0)])
    batch = descend(surface, name, starts, 40, lr=1e10, limit=1e308)
    for i, start in enumerate(starts):
        alone = descend(surface, name, start, 40, lr=1e10, limit=1e308)
        assert bool(alone.diverged) == bool(batch.diverged[i])
        assert diverged_at(alone) == diverged_at(batch)[i]
        np.testing.assert_array_equal(np.isnan(alone.xy[..., 0]), np.isnan(batch.xy[i, :, 0]))


# ------------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize("steps", [-1, 1.5, 100_001, True, "3", None, math.nan, 10**30])
def test_steps_out_of_range(steps):
    with pytest.raises(ValueError, match=r"^descend: steps must be a whole number in \[0, 100000\], got "):
        descend("ravine", "gd", (1.0, 1.0), steps)


@pytest.mark.parametrize("start", [1.0, (1.0,), (1.0, 2.0, 3.0), [[1.0], [2.0]]])
def test_start_must_be_pairs(start):
    with pytest.raises(ValueError, match=r"^descend: start must be pairs \(x, y\), shape \(..., 2\), got shape "):
        descend("ravine", "gd", start, 3)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"start": (1.0, math.nan)}, "start must be finite"),
        ({"start": "here"}, "start must be finite"),
        ({"noise": -1.0}, "noise must be >= 0"),
        ({"noise": [0.0, math.inf]}, "noise must be >= 0"),
        ({"seed": -1}, "seed must be a whole number >= 0"),
        ({"seed": 0.5}, "seed must be a whole number >= 0"),
        ({"limit": 0.0}, "limit must be > 0"),
        ({"limit": [1.0, 2.0]}, "limit must be a single number"),
        ({"steps": [1, 2]}, "steps must be a single number"),
        ({"schedule": -1.0}, "schedule must be >= 0"),
        ({"schedule": [1.0, math.nan, 1.0]}, "schedule must be >= 0"),
        ({"schedule": [1.0, 1.0]}, "schedule must have one factor for each of 3 steps"),
        ({"slots": 1}, "slots must be true or false"),
        ({"start": np.ones((3, 2)), "lr": [0.1, 0.2]}, r"batch shapes must broadcast, got start \(3,\), lr \(2,\)"),
    ],
)
def test_refusals_name_the_culprit(given, rule):
    with pytest.raises(ValueError, match=f"^descend: {rule}"):
        descend("ravine", "gd", **{"start": (1.0, 1.0), "steps": 3} | given)


def test_unknown_names_come_with_a_suggestion():
    with pytest.raises(KeyError, match=r"^unknown optimizer 'momentun'; did you mean 'momentum'\?$"):
        descend("ravine", "momentun", (1.0, 1.0), 3)
    with pytest.raises(KeyError, match=r"^unknown surface 'ravin'; did you mean 'ravine'\?$"):
        descend("ravin", "adam", (1.0, 1.0), 3)


def test_work_is_bounded_before_any_is_done():
    runs = LARGEST_WORK // 100_001 + 1
    with pytest.raises(ValueError, match=r"^descend: runs times steps must be <= 20000000, got "):
        descend("ravine", "gd", np.ones((runs, 2)), 100_000)


# -------------------------------------------------------------------------------------------------------------- tuning


def test_tune_is_the_best_of_single_runs():
    rates = np.geomspace(1e-3, 1.0, 13)
    best, final = tune("ravine", "heavy_ball", (-4.0, 2.0), 60, rates, beta=0.8)
    alone = [descend("ravine", "heavy_ball", (-4.0, 2.0), 60, lr=r, beta=0.8) for r in rates]
    expected = [np.inf if run.diverged else run.loss[-1] for run in alone]
    np.testing.assert_allclose(final, expected, rtol=1e-9)
    assert np.isinf(final).any()
    assert best == rates[np.argmin(expected)]
    assert type(best) is float


def test_tune_finds_the_best_constant_rate_of_a_quadratic():
    # gd shrinks both errors by (kappa-1)/(kappa+1) a step at lr = 2/(kappa+1) (Polyak 1964), and no rate does better
    best, _ = tune(SURFACES["ravine"].bind(kappa=10.0), "gd", (1.0, 1.0), 400, np.linspace(0.01, 0.21, 201))
    assert best == pytest.approx(2 / 11, abs=2e-3)


def test_tune_prefers_the_smaller_rate_among_equals():
    assert tune("ravine", "gd", (0.0, 0.0), 10, [0.03, 0.01, 0.02])[0] == 0.01
    assert tune("ravine", "gd", (1.0, 1.0), 500, [50.0, 5.0, 20.0])[0] == 5.0  # all diverge


def test_tune_hands_the_rest_to_the_runs():
    rates = [0.01, 0.02]
    _, final = tune("ravine", "gd", (1.0, 1.0), 20, rates, noise=0.3, seed=5, schedule=np.full(20, 0.5))
    alone = descend("ravine", "gd", (1.0, 1.0), 20, lr=0.01, noise=0.3, seed=5).loss[-1]
    same = descend("ravine", "gd", (1.0, 1.0), 20, lr=0.02, noise=0.3, seed=5, schedule=0.5).loss[-1]
    assert final[1] == pytest.approx(same, rel=1e-12)
    assert final[1] == pytest.approx(alone, rel=1e-12)


@pytest.mark.parametrize(
    ("rates", "rule"),
    [
        (0.1, "tune: rates must be a list of at least one number, got shape \\(\\)"),
        ([], "tune: rates must be a list of at least one number, got shape \\(0,\\)"),
        ([[0.1], [0.2]], "tune: rates must be a list"),
        ([0.1, -0.1], "tune: rates must be >= 0, got "),
        ([0.1, math.nan], "tune: rates must be >= 0, got "),
    ],
)
def test_tune_refuses(rates, rule):
    with pytest.raises(ValueError, match=f"^{rule}"):
        tune("ravine", "gd", (1.0, 1.0), 3, rates)


def test_tune_is_for_one_run_a_rate():
    with pytest.raises(ValueError, match=r"^tune: all but the rates must be single, got a batch of shape \(2, 3\)$"):
        tune("ravine", "heavy_ball", (1.0, 1.0), 3, [0.1, 0.2, 0.3], beta=[[0.1], [0.2]])


# -------------------------------------------------------------------------------------------------------- measurements


def test_first_step():
    assert first_step([False, True, True]) == 1
    np.testing.assert_array_equal(first_step([[True, False], [False, False]]), [0, -1])


def test_steps_to_the_nearest_of_several_targets():
    path = path_of([[(0, 0), (3, 0), (3, 4)], [(9, 9), (9, 9), (math.nan, math.nan)]])
    np.testing.assert_array_equal(steps_to(path, [(3.0, 4.0), (50.0, 50.0)], 0.5), [2, -1])
    np.testing.assert_array_equal(steps_to(path, (3.0, 4.0), 4.0), [1, -1])
    np.testing.assert_array_equal(steps_to(path, [(9.0, 8.0), (0.0, 0.0)], 1.0), [0, 0])


def test_path_length_and_divergence():
    path = path_of([[(0, 0), (3, 4), (3, 5)], [(0, 0), (0, 2), (math.nan, math.nan)]])
    np.testing.assert_allclose(path_length(path), [6.0, 2.0])
    np.testing.assert_array_equal(diverged_at(path), [-1, 2])


def test_zigzags_count_reversals_along_a_direction():
    path = path_of([(0, 0), (1, 1), (2, -1), (3, 2), (4, 3), (5, 3)])
    assert zigzags(path) == 2
    assert zigzags(path, direction=(1.0, 0.0)) == 0
    # above half the stability limit gd turns round at every step across the ravine, below it never (1 - 20 lr < 0)
    across, along = (descend("ravine", "gd", (-4.0, 2.0), 30, lr=lr) for lr in (0.09, 0.04))
    assert (zigzags(across), zigzags(along)) == (29, 0)
