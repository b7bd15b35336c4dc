"""The mini-batch lesson against closed forms of the quadratic, the definition of a batch, and the lecture's numbers."""

import math
from functools import cache

import numpy as np
import pytest

from lrviz.figures.mini_batch import PICTURES
from lrviz.lessons.mini_batch import AXES, LESSON, compute
from lrviz.lessons.mini_batch.timing import MOST_UPDATES, paced, powers_of_two
from lrviz.lessons.mini_batch.training import LONGEST, data_of, plan_of, source_of, thinned
from lrviz.minibatch import train
from lrviz.optimizers import OPTIMIZERS
from lrviz.schedules import SCHEDULES

STATED = ("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "D1", "O6")


def computed(**settings):
    return compute(LESSON.settings(**settings))


@cache
def of_preset(title):
    """The results of a preset, shared by the tests that ask for them."""
    (preset,) = (preset for preset in LESSON.presets if preset.title == title)
    return computed(**preset.settings)


def path(name, **settings):
    (only,) = computed(shown=(name,), **settings).paths
    return only


def quadratic(results):
    """Hessian and minimum of the linear regression, from its samples by the normal equations."""
    x, y = results.data.X, results.data.Y[0]
    hessian = x @ x.T / x.shape[1]
    return hessian, np.linalg.solve(hessian, x @ y / x.shape[1])


# --------------------------------------------------------------------------------------------------------- the paths


def test_batch_is_gradient_descent_on_the_exact_gradient():
    # On a quadratic w_t = w* + (I - lr H)^t (w_0 - w*).
    results = computed(shown=("batch",), epochs=12, **{"gd.lr": 0.3})
    hessian, best = quadratic(results)
    factor = np.eye(2) - 0.3 * hessian
    expected = [best + np.linalg.matrix_power(factor, t) @ ([-4.0, 3.0] - best) for t in range(13)]
    np.testing.assert_allclose(results.paths[0].run.path, expected, atol=1e-12)
    np.testing.assert_allclose(results.minimum, best, atol=1e-12)


def test_batch_sees_all_samples_however_the_others_are_drawn():
    drawn = [path("batch", drawing=how).run.path for how in ("reshuffle", "replacement")]
    np.testing.assert_array_equal(*drawn)
    several = [path("mini_batch", drawing=how).run.path for how in ("reshuffle", "replacement")]
    assert not np.allclose(*several)


def test_each_path_makes_an_update_for_every_batch_of_every_epoch():
    results = computed(m=100, batch_size=30, epochs=3)
    assert [p.name for p in results.paths] == ["batch", "mini_batch", "stochastic"]
    assert [p.size for p in results.paths] == [100, 30, 1]
    assert [p.updates for p in results.paths] == [3, 12, 300]  # 30 + 30 + 30 + 10 samples make an epoch of 4
    assert all(p.epoch[-1] == 3 and p.complete for p in results.paths)
    np.testing.assert_allclose(results.paths[1].epoch[:6], [0, 0.3, 0.6, 0.9, 1.0, 1.3])


def test_only_the_paths_shown_are_trained_in_the_order_of_the_lecture():
    assert [p.name for p in computed(shown=("stochastic", "batch")).paths] == ["batch", "stochastic"]


def test_a_batch_larger_than_the_data_is_refused_and_the_others_run():
    results = computed(m=50, batch_size=51)
    assert [p.name for p in results.paths] == ["batch", "stochastic"]
    assert results.refusals == ("batches: batch_size must be a whole number in [1, 50], got 51",)


def test_parameters_of_a_schedule_that_do_not_fit_are_refused_once():
    results = computed(schedule="piecewise_constant_decay", **{"piecewise_constant_decay.values": (1.0,)})
    assert results.paths == ()
    assert results.refusals == ("piecewise_constant_decay: values must be one more than the 2 boundaries, got 1",)


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("batch_size", 0, "batch_size must be a whole number in [1, 100000], got 0"),
        ("m", 2_000_000, "m must be a whole number in [10, 100000], got 2000000"),
        ("epochs", 0, "epochs must be a whole number in [1, 200], got 0"),
        ("shown", (), "shown must be 1 to 3 different words of batch, mini_batch, stochastic, got ()"),
        ("replicas", 1, "replicas must be a whole number in [2, 500], got 1"),
    ],
)
def test_bad_settings_are_named(setting, value, words):
    with pytest.raises(ValueError, match="mini_batch: ") as refusal:
        LESSON.settings(**{setting: value})
    assert words in str(refusal.value)


def test_a_long_path_stops_and_knows_it():
    long = path("stochastic", m=30_000, epochs=2)
    assert (long.updates, long.complete) == (LONGEST, False)
    assert long.epoch[-1] == pytest.approx(LONGEST / 30_000)
    assert path("stochastic", m=1000, epochs=20).complete


def test_the_true_cost_is_that_of_all_samples():
    p = path("mini_batch", data="logistic_regression", m=300, batch_size=20)
    x, y = p.data.X, p.data.Y[0]
    z = p.run.path[p.looks] @ x
    np.testing.assert_allclose(p.cost, np.mean(np.logaddexp(0, z) - y * z, axis=1), rtol=1e-12)


def test_where_the_path_diverged_and_where_batch_cost_rises():
    assert path("batch", **{"gd.lr": 1.9}).rises_at is None
    # Above 2/lambda_max = 2 the steep direction grows: by hand, the excess cost is the sum of lambda d^2/2.
    results = computed(shown=("batch",), epochs=200, **{"gd.lr": 3.0})
    hessian, best = quadratic(results)
    values, directions = np.linalg.eigh(hessian)
    d = ((1 - 3.0 * values) ** np.arange(60)[:, None]) * (directions.T @ ([-4.0, 3.0] - best))
    cost = (0.5 * values * d * d).sum(axis=1)
    (p,) = results.paths
    assert p.rises_at == int(np.argmax(np.diff(cost) > 0)) + 2
    w = best + d @ directions.T
    assert p.diverged_at == int(np.argmax(np.abs(w).max(axis=1) > 1e6))
    assert results.stay(p).word == "lost"


def test_arrival_is_the_first_position_with_a_tenth_of_the_excess_left():
    results = computed(shown=("batch",))
    hessian, best = quadratic(results)
    d = np.array([-4.0, 3.0]) - best
    excess = []
    for _ in range(21):
        excess.append(0.5 * d @ hessian @ d)
        d = d - 0.2 * hessian @ d
    first = int(np.argmax(np.array(excess) <= 0.1 * excess[0]))
    assert results.arrivals == (first,)
    assert results.start_cost - results.least == pytest.approx(excess[0], rel=1e-12)


def test_arrival_between_the_looks_is_found_exactly():
    p = path("stochastic", m=1000, epochs=20, **{"gd.lr": 0.002})
    target = 0.5 * (p.cost[0] + p.cost.min())
    found = p.updates_to(target)
    cost = p.data.cost(p.run.path)
    assert found not in p.looks
    assert cost[found] <= target < cost[found - 1]
    assert p.updates_to(-1.0) is None


def test_the_winner_changes_with_what_is_counted():
    counted = {axis: computed(axis=axis).arrivals for axis in ("updates", "epochs", "samples")}
    batch, mini, stochastic = counted["updates"]
    assert counted["epochs"] == (batch, mini / 8, stochastic / 128)
    assert counted["samples"] == (128 * batch, 16 * mini, stochastic)
    assert abs(batch - mini) <= 3  # per update, batch is no slower: it makes fewer of them
    assert stochastic < 16 * mini / 5 < 128 * batch / 20  # per sample, it is


def test_seconds_are_the_same_for_every_update_of_a_path():
    results = computed(axis="seconds", epochs=2)
    for p in results.paths:
        seconds = results.along(p)
        assert seconds[0] == 0 < seconds[1]
        np.testing.assert_allclose(np.diff(seconds), seconds[1], rtol=1e-9)
        assert results.seconds(p) == seconds[1]


def test_the_pace_is_measured_once_whatever_does_not_change_it():
    a, b = (plan_of(LESSON.settings(w1=w1, seed=seed, **{"gd.lr": lr})) for w1, seed, lr in ((1, 2, 0.1), (3, 4, 0.2)))
    assert a != b
    assert paced(a) == paced(b)
    assert paced(a) != paced(plan_of(LESSON.settings(m=500)))


def test_one_sample_settles_only_without_residual_noise():
    noisy, quiet = computed(), computed(**{"linear_regression.noise": 0.0})
    assert noisy.stay(noisy.paths[-1]).word == "wanders"
    assert quiet.stay(quiet.paths[-1]).word == "settled"
    np.testing.assert_allclose(quiet.minimum, [1, -0.5], atol=1e-9)
    assert quiet.stay(quiet.paths[0]).word == "coming"


def test_how_a_path_stays_is_measured_over_its_second_half():
    results = computed()
    p = results.paths[-1]
    away = np.linalg.norm(p.run.path[p.updates // 2 :] - results.minimum, axis=1)
    stay = results.stay(p)
    assert (stay.near, stay.far) == pytest.approx((away.min(), away.max()))
    assert stay.rms == pytest.approx(np.sqrt((away**2).mean()))
    halves = len(away) // 2
    assert stay.quarters == pytest.approx(
        [np.sqrt((q**2).mean()) for q in (away[: halves + 1], away[halves + 1 :])], rel=1e-9
    )


def test_without_a_minimum_nothing_is_said_of_it():
    # Five samples a class, drawn so that a line separates them: checked by a direction that classifies all.
    for seed in range(200):
        settings = {"data": "logistic_regression", "m": 10, "batch_size": 2, "logistic_regression.flipped": 0.0}
        results = computed(**settings, **{"logistic_regression.seed": seed})
        angles = np.linspace(0, 2 * np.pi, 721)
        z = np.stack([np.cos(angles), np.sin(angles)], axis=1) @ results.data.X
        if ((z * (2 * results.data.Y[0] - 1)) > 0).all(axis=1).any():
            break
    else:
        pytest.fail("no separable data found")
    assert results.minimum is None
    assert results.least == 0.0
    assert results.stay(results.paths[0]).word == "lost"
    assert "falls for ever" in PICTURES["paths"].caption(results)
    for picture in PICTURES.values():
        picture.draw(results)


def test_a_schedule_counts_a_hundred_steps_an_epoch_for_every_batch_size():
    results = computed(m=96, batch_size=8, epochs=4, schedule="inverse_time_decay",
                       **{"inverse_time_decay.decay_steps": 100.0, "inverse_time_decay.staircase": True})  # fmt: skip
    for p in results.paths:
        # a0/(1 + epoch), the lecture's decay with rate 1: 0.2, 0.1, 0.067, 0.05
        np.testing.assert_allclose(p.run.lr, np.repeat(0.2 / np.arange(1, 5), p.cut.number))


@pytest.mark.parametrize("name", [n for n in SCHEDULES if n != "noisy_linear_cosine_decay"])
def test_every_schedule_drives_the_paths(name):
    results = computed(schedule=name, m=20, batch_size=5, epochs=12)
    assert len(results.paths) == 3
    assert results.refusals == ()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_trains_with_its_own_settings(name):
    results = computed(optimizer=name, m=20, batch_size=5)
    assert {f"{name}.{p.name}" for p in OPTIMIZERS[name].params} <= set(LESSON.params)
    assert all(p.diverged_at is None for p in results.paths)
    assert results.paths[1].cost[-1] < results.paths[1].cost[0]


def test_momentum_takes_the_settings_of_momentum():
    given = {"momentum.lr": 0.4, "momentum.beta": 0.8}
    p = path("batch", optimizer="momentum", epochs=2, **given)
    g0 = p.data.gradient(np.array([-4.0, 3.0]))
    v = 0.2 * g0
    w1 = [-4.0, 3.0] - 0.4 * v
    v = 0.8 * v + 0.2 * p.data.gradient(w1)
    np.testing.assert_allclose(p.run.path[1:], [w1, w1 - 0.4 * v], atol=1e-12)


# ------------------------------------------------------------------------------------------------------ the sections


def test_the_lecture_cut_gives_the_lecture_numbers():
    cut = computed().cut
    assert (cut.number, cut.x_shape, cut.y_shape, cut.last) == (5000, (2, 1000), (1, 1000), 1000)
    assert computed(cut_m=5, cut_b=6).cut is None


@pytest.mark.parametrize(("m", "sizes"), [(10, (1, 2, 4, 8, 10)), (16, (1, 2, 4, 8, 16)), (17, (1, 2, 4, 8, 16, 17))])
def test_the_sizes_tried_are_the_powers_of_two_and_m(m, sizes):
    assert powers_of_two(m) == sizes == computed(m=m).sizes


def test_what_is_counted_of_a_timing():
    results = computed(m=100)
    assert [(t.batch_size, t.updates, t.bytes) for t in results.timings] == [
        (b, math.ceil(100 / b), 24 * b) for b in (1, 2, 4, 8, 16, 32, 64, 100)
    ]
    assert all(t.seconds > 0 for t in results.timings)


def test_the_target_is_reached_where_the_definition_says():
    # Down at the first t with the cost at or below the target and, over t updates more, below it on average.
    results = computed(m=200, left_over=0.02)
    plan, target = plan_of(results.settings), results.target(0.02)
    assert target == pytest.approx(results.least + 0.02 * (results.start_cost - results.least))
    for size in (8, 64, 200):
        run = train(data_of(plan.source), "gd", plan.start, 100, size, lr=0.2)
        cost = run.cost(results.data)
        t = next(
            t for t in range(len(cost) // 2) if cost[t] <= target and cost[t : 2 * t + 1].mean() <= target * (1 + 1e-12)
        )
        found = results.reached(size)
        assert (found.reached, found.updates) == (True, t)
        assert found.samples == run.samples_seen[t]


def test_a_target_that_is_never_reached_is_given_up():
    results = computed(m=64, left_over=1e-6)
    assert not results.reached(1).reached
    assert math.isnan(results.reached(1).updates)
    assert MOST_UPDATES >= 1000


@pytest.mark.parametrize("divided_by", ["lecture", "fixed"])
def test_a_penalty_moves_the_minimum_as_the_normal_equations_say(divided_by):
    results = computed(m=64, l2=2.0, divided_by=divided_by)
    hessian, best = quadratic(results)
    assert [p.batch_size for p in results.penalised] == [1, 4, 16, 64]
    for p in results.penalised:
        strength = 2.0 / (p.batch_size if divided_by == "lecture" else 64)
        assert p.strength == pytest.approx(strength, rel=1e-12)
        np.testing.assert_allclose(
            p.minimum, np.linalg.solve(hessian + strength * np.eye(2), hessian @ best), rtol=1e-9
        )
    # All samples at a time, long enough, training ends there; a few at a time its mean does, within its noise.
    np.testing.assert_allclose(results.penalised[-1].reached, results.penalised[-1].minimum, atol=1e-6)
    np.testing.assert_allclose(results.penalised[2].reached, results.penalised[2].minimum, atol=0.02)


def test_too_strong_a_penalty_drives_small_batches_away():
    assert [p.reached is None for p in computed(m=64, l2=50.0).penalised] == [True, True, False, False]


def test_the_cloud_under_a_fixed_rate_is_as_wide_as_theory():
    # sigma sqrt(lr/(lambda (2 - lr lambda))/B) along each eigenvector, from the samples themselves; independent draws.
    results = computed(m=1024, batch_size=32, epochs=30, drawing="replacement", **{"gd.lr": 0.1})
    hessian, best = quadratic(results)
    values, directions = np.linalg.eigh(hessian)
    x, y = results.data.X, results.data.Y[0]
    sigma = (directions.T @ (x * (best @ x - y))).std(axis=1)
    expected = np.sqrt((sigma**2 * 0.1 / (values * (2 - 0.1 * values)) / 32).sum())
    fixed, decaying = results.clouds
    assert (fixed.settled.independent, fixed.settled.drawn) == pytest.approx((expected, expected), rel=0.01)
    assert fixed.theory[-1] == pytest.approx(fixed.settled.independent, rel=1e-6)
    assert fixed.settled.half_rate == pytest.approx(expected / np.sqrt(2), rel=0.05)  # nearly, at small rates
    assert fixed.settled.twice_batch == pytest.approx(expected / np.sqrt(2), rel=0.01)
    # 20 epochs of 200 runs: the width of one is known to some 1/sqrt(2 x 2 x 199) = 3.5 %, and they are nearly independent.
    assert fixed.measured[10:].mean() == pytest.approx(expected, rel=0.035)
    assert decaying.measured[-1] < 0.3 * fixed.measured[-1]
    assert decaying.measured[-1] == pytest.approx(decaying.theory[-1], rel=0.15)


def test_reshuffled_epochs_end_at_028_of_theory():
    # lr x lambda x batches = 1 (rate 0.01, a round bowl of curvature 1, 100 batches): the closed form is 0.277.
    fixed, _ = of_preset("Reshuffled epochs end tighter").clouds
    independent, drawn = fixed.settled.independent, fixed.settled.drawn
    assert drawn / independent == pytest.approx(0.277, abs=0.001)
    assert fixed.measured[10:].mean() / independent == pytest.approx(0.277, rel=0.035)


def test_clouds_leave_out_what_diverged_and_say_how_many():
    fixed, decaying = computed(m=64, batch_size=8, **{"gd.lr": 3.0}).clouds
    assert (fixed.lost, fixed.points.shape[0]) == (200, 0)
    assert fixed.settled is None
    assert np.isnan(fixed.measured).all()
    assert decaying.lost == 0 or decaying.points.shape[0] == 200 - decaying.lost


def test_replicas_start_together_and_differ_by_their_batches():
    fixed, _ = computed(replicas=7, epochs=3).clouds
    assert fixed.points.shape == (7, 4, 2)
    np.testing.assert_array_equal(fixed.points[:, 0], np.tile([-4.0, 3.0], (7, 1)))
    assert len(np.unique(fixed.points[:, 3, 0])) == 7
    again, _ = computed(replicas=7, epochs=3, seed=1).clouds
    np.testing.assert_array_equal(again.points[:-1], fixed.points[1:])  # seeds 1..7 after seeds 0..6


def test_no_theory_for_other_optimizers():
    fixed, _ = computed(optimizer="adam", epochs=3).clouds
    assert fixed.theory is None
    assert fixed.settled is None
    assert np.isfinite(fixed.measured[-1])


def test_more_runs_than_memory_allows_are_refused_in_a_sentence():
    assert computed(m=100_000, batch_size=1000, epochs=1, shown=("batch",), replicas=500).clouds.startswith(
        "train: seeds x m must be"
    )


# ------------------------------------------------------------------------------------------------- thinning, caches


@pytest.mark.parametrize(("count", "most"), [(1, 10), (10, 10), (11, 10), (20_001, 500)])
def test_thinned_keeps_both_ends_and_is_densest_at_the_start(count, most):
    index = thinned(count, most)
    assert index[0] == 0
    assert index[-1] == count - 1
    assert len(index) <= most
    assert (np.diff(index) > 0).all()
    if count <= most:
        assert len(index) == count
    if count > 1000:
        assert (index[:12] == np.arange(12)).all()


def test_one_setting_is_trained_once():
    a, b = computed(axis="updates"), computed(axis="samples", section="noise")
    assert all(x.run is y.run for x, y in zip(a.paths, b.paths, strict=True))
    assert data_of(source_of(a.settings)) is b.data


# ------------------------------------------------------------------------------------------------------- the presets


def test_every_claim_has_a_preset():
    assert set(STATED) == {p.claim for p in LESSON.presets}
    assert LESSON.params["axis"].options == AXES


@pytest.mark.parametrize("preset", LESSON.presets, ids=lambda p: f"{p.claim} {p.title}")
def test_the_sentence_carries_what_the_lecture_says(preset):
    results = of_preset(preset.title)
    name = preset.figure or LESSON.main
    assert preset.carries
    assert preset.look
    caption = PICTURES[name].caption(results)
    assert [words for words in preset.carries if words not in caption] == []


@pytest.mark.parametrize("lr", [1e-300, 1e300])
def test_a_rate_beyond_all_sense_is_told_without_a_noise_floor(lr):
    found = computed(epochs=2, m=20, **{"gd.lr": lr})
    floors = [found.stay(path).floor for path in found.paths]
    assert all(floor is None or np.isfinite(floor) for floor in floors)
