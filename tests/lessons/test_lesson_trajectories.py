"""The trajectories lesson: settings from the registries, facts about runs, sweeps and maps, and the notes' claims."""

import math

import numpy as np
import pytest

from lrviz.descent import descend, steps_to
from lrviz.figures.trajectories import PICTURES
from lrviz.lessons.trajectories import LESSON, MOST_POINTS, compute, display_rate
from lrviz.lessons.trajectories.maps import EPSILONS
from lrviz.lessons.trajectories.settings import MAP_STEPS, MEMORY, PARAMS, SCHEDULES, keys_of
from lrviz.optimizers import OPTIMIZERS
from lrviz.surfaces import SURFACES

KAPPA, START = 20.0, (-4.0, 2.0)  # the ravine as it is by default


def run(name, **settings):
    """The first run of one optimizer, with settings whose keys have underscores for dots in front of `lr` and the like."""
    return compute(LESSON.settings(optimizers=(name,), **settings)).runs[0]


# ------------------------------------------------------------------------------------------------------- settings


def test_every_entry_of_every_registry_has_its_settings():
    for registry, left_out in (
        (OPTIMIZERS, ()),
        (SURFACES, ()),
        (SCHEDULES, ("initial_learning_rate", "warmup_target")),
    ):
        for name, entry in registry.items():
            assert name in {p for param in PARAMS.values() for p in param.options}, name
            for param in entry.params:
                if param.name in left_out or (name, param.name) == ("cosine_decay", "warmup_steps"):
                    assert f"{name}.{param.name}" not in PARAMS
                else:
                    assert f"{name}.{param.name}" in PARAMS


def test_runs_start_where_the_surface_says():
    for name, entry in SURFACES.items():
        assert (PARAMS[f"{name}.x"].default, PARAMS[f"{name}.y"].default) == entry.start
        assert compute(LESSON.settings(surface=name, steps=1)).setup.start == entry.start


def test_a_rate_that_is_not_set_is_the_one_the_surface_names():
    settings = LESSON.settings(surface="beale", optimizers=("gd", "adam"))
    assert [r.lr for r in compute(settings).runs] == [SURFACES["beale"].rates[n] for n in ("gd", "adam")]
    steep = LESSON.settings(**{"ravine.kappa": 90.0})
    assert display_rate(steep, "gd") == SURFACES["ravine"].bind(kappa=90.0).rates["gd"]
    set_to_nothing = LESSON.settings(**{"gd.lr": 0.0})
    assert compute(set_to_nothing).runs[0].lr == 0.0


def test_the_same_rate_is_the_same_for_all():
    assert {r.lr for r in compute(LESSON.settings(rule="same", lr=0.07)).runs} == {0.07}
    assert {r.lr for r in compute(LESSON.settings(rule="same")).runs} == {SURFACES["ravine"].rates["gd"]}


def test_a_tuned_rate_has_the_smallest_mean_loss_over_the_last_fifth():
    results = compute(LESSON.settings(rule="tuned", optimizers=("gd", "adam"), steps=30))
    for each in results.runs:
        loss = [descend("ravine", each.name, START, 30, lr=rate).loss[-6:].mean() for rate in results.rates]
        assert each.lr == results.rates[np.nanargmin(loss)]


def test_a_tuned_rate_knows_of_schedule_and_noise_and_is_the_best_over_eight_seeds():
    settings = LESSON.settings(
        rule="tuned", optimizers=("gd",), steps=30, noise=2.0, seed=4, schedule="inverse_sqrt_decay"
    )
    results = compute(settings)
    common = {"schedule": 1 / np.sqrt(np.arange(1, 31)), "noise": 2.0}
    loss = [
        np.mean([descend("ravine", "gd", START, 30, lr=rate, seed=seed, **common).loss[-6:] for seed in range(4, 12)])
        for rate in results.rates
    ]
    assert results.runs[0].lr == results.rates[np.nanargmin(loss)]


def test_memory_is_the_decay_rate_of_the_main_average():
    expected = {
        "momentum": "beta", "heavy_ball": "beta", "nesterov": "beta", "rmsprop": "beta2", "adadelta": "rho",
        **dict.fromkeys(("adam", "amsgrad", "adamax", "nadam", "radam", "adamw"), "beta1"),
    }  # fmt: skip
    assert {name: param.name for name, param in MEMORY.items() if name in expected} == expected
    assert not {"gd", "adagrad", "adagrad_rms"} & MEMORY.keys()


def test_what_belongs_to_an_entry_leaves_out_start_and_rate():
    assert keys_of("ravine") == ["ravine.kappa"]
    assert keys_of("momentum") == ["momentum.beta", "momentum.corrected"]
    assert keys_of("constant") == []


def test_what_a_visitor_can_ask_for_stays_within_what_descend_takes():
    from lrviz.descent import LARGEST_WORK

    assert PARAMS["resolution"].high ** 2 * (MAP_STEPS + 1) <= LARGEST_WORK
    with pytest.raises(ValueError, match="trajectories: steps must be a whole number in \\[1, 10000\\], got 10001"):
        LESSON.settings(steps=10_001)
    with pytest.raises(ValueError, match="resolution must be a whole number in \\[8, 96\\], got 97"):
        LESSON.settings(resolution=97)


# ------------------------------------------------------------------------------------------------------- schedules


def test_a_schedule_is_a_factor_on_each_rate():
    results = compute(LESSON.settings(schedule="exponential_decay", **{"exponential_decay.decay_steps": 10.0}))
    n = np.arange(200)
    for each in results.runs:
        assert each.path.lr == pytest.approx(each.lr * 0.95 ** (n / 10), rel=1e-12)


def test_warm_up_rises_in_equal_steps_before_the_schedule():
    lr = run("gd", schedule="inverse_sqrt_decay", warmup_steps=4, steps=6).path.lr
    assert lr == pytest.approx(0.09 * np.array([0.25, 0.5, 0.75, 1, 1, 1 / math.sqrt(2)]), rel=1e-12)


@pytest.mark.parametrize("name", list(SCHEDULES))
def test_every_schedule_fits_with_its_defaults_here(name):
    results = compute(LESSON.settings(schedule=name))
    assert results.problem == ""
    assert (results.runs[0].path.lr >= 0).all()
    assert np.ptp(results.runs[0].path.lr) > 0 or name == "constant"


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"schedule": "piecewise_constant_decay", "piecewise_constant_decay.values": (1.0,)}, "values must be one more"),
        ({"schedule": "noisy_linear_cosine_decay", "noisy_linear_cosine_decay.initial_variance": 2.0}, "must be finite and not negative, got a negative one"),
    ],
)  # fmt: skip
def test_a_schedule_that_does_not_fit_leaves_the_rate_constant_and_says_why(settings, why):
    results = compute(LESSON.settings(**settings))
    assert why in results.problem
    assert np.ptp(results.runs[0].path.lr) == 0


# ------------------------------------------------------------------------------------------------------- facts of runs


def test_gradient_descent_turns_back_at_every_step_when_each_overshoots():
    # along y the factor is 1 - 0.09 * 20 = -0.8, along x 0.91: within 0.01 after 64 steps (the notes, O2)
    each = run("gd", **{"gd.lr": 0.09})
    assert (each.arrived, each.turns) == (64, 63)
    assert each.away == pytest.approx(np.hypot(4 * 0.91 ** np.arange(201), 2 * 0.8 ** np.arange(201)), rel=1e-9)


def test_a_run_leaves_the_box_and_diverges_when_the_closed_form_does():
    # y_t = 2 (1 - 0.11 * 20)^t = 2 (-1.2)^t; the box ends at 3, the limit is 1e6
    each = run("gd", **{"gd.lr": 0.11})
    assert each.left == math.floor(math.log(1.5) / math.log(1.2)) + 1
    assert each.diverged == math.floor(math.log(5e5) / math.log(1.2)) + 1
    assert each.last == each.diverged - 1
    assert each.arrived == -1


def test_only_who_was_inside_can_leave():
    assert run("gd", **{"ravine.x": -8.0, "gd.lr": 0.0}).left == -1
    assert run("gd", **{"ravine.x": -8.0, "gd.lr": 0.11}).left == -1  # never in the picture, since |y| grows


def test_stability_limits_are_those_of_the_quadratic():
    limits = {
        each.name: each.limit
        for each in compute(LESSON.settings(optimizers=("gd", "momentum", "heavy_ball", "adam"))).runs
    }
    assert limits["gd"] == pytest.approx(2 / KAPPA)
    assert limits["momentum"] == pytest.approx(2 * 1.9 / (0.1 * KAPPA))  # From the lecture notes, O2
    assert limits["heavy_ball"] == pytest.approx(2 * 1.9 / KAPPA)
    assert limits["adam"] is None
    assert compute(LESSON.settings(surface="saddle")).runs[0].limit is None


def test_stuck_is_a_flat_loss_with_a_large_gradient():
    # at 2 / lambda y jumps between 2 and -2 for good, where the gradient is 40 (the notes, A1)
    assert run("gd", **{"gd.lr": 0.1}).stuck == pytest.approx(40)
    assert run("gd").stuck == 0
    assert (
        run("gd", surface="styblinski_tang").stuck == 0
    )  # settled at a minimum that is not the lowest: flat, no gradient
    # who crawls is not stuck, however flat the loss: it never turns back
    assert run("gd", **{"gd.lr": 1e-6}).stuck == 0
    assert run("rmsprop", **{"rmsprop.lr": 1e-4}).stuck == 0


def test_with_noise_gradient_descent_circles_at_the_width_of_the_closed_form():
    # stationary variance along an eigenvalue l: (lr s)^2 / (1 - (1 - lr l)^2)
    lr, noise = 0.05, 0.5
    each = run("gd", noise=noise, steps=10_000, **{"gd.lr": lr})
    width = math.sqrt(sum((lr * noise) ** 2 / (1 - (1 - lr * curve) ** 2) for curve in (1, KAPPA)))
    assert each.circling == pytest.approx(width, rel=0.1)
    assert run("gd").circling == 0
    assert run("gd", **{"gd.lr": 0.002}).circling == 0  # crawling is not circling
    assert run("gd", **{"gd.lr": 5e-4, "ravine.x": 0.3, "ravine.y": 0.0}).circling == 0  # nor is crawling close by


def test_effective_rate_is_what_the_gradient_gets():
    # Adam's first step is lr sign(g) (Kingma & Ba, section 2.1), so its first rate is lr / |g|
    each = run("adam", **{"adam.lr": 0.5, "adam.eps": 0.0})
    assert each.effective[0] == pytest.approx([0.5 / 4, 0.5 / 40], rel=1e-9)
    assert (run("momentum").effective == run("momentum").lr).all()


def test_everybody_meets_the_same_noise_and_the_gradient_seen_explains_the_step():
    results = compute(LESSON.settings(noise=0.7, seed=3, optimizers=("gd", "heavy_ball")))
    first, second = results.runs
    k = 11
    moved = first.path.xy[k] - first.lr * np.array(results.gradient(first, k))
    assert first.path.xy[k + 1] == pytest.approx(moved, rel=1e-12)
    velocity = 0.9 * second.path.slots["v"][k] + np.array(results.gradient(second, k))
    assert second.path.slots["v"][k + 1] == pytest.approx(velocity, rel=1e-9)


def test_a_changed_switch_keeps_the_usual_run_beside_it():
    results = compute(LESSON.settings(optimizers=("rmsprop", "gd"), **{"rmsprop.initial": "first_gradient"}))
    assert list(results.plain) == ["rmsprop"]
    switched, usual = results.runs[0].path.xy, results.plain["rmsprop"].path.xy
    # From the lecture notes, A5: started at 0 the first step is 1 / sqrt(1 - 0.9) times as long
    assert (usual[1] - usual[0]) / (switched[1] - switched[0]) == pytest.approx(1 / math.sqrt(0.1), rel=1e-6)
    assert compute(LESSON.settings()).plain == {}


# ------------------------------------------------------------------------------------------------------- bursts (A3, A4)

VALLEY = {"surface": "long_valley", "steps": 300}


def burst(**settings):
    """The run of the root mean square in the valley, and what became of its calm."""
    results = compute(LESSON.settings(optimizers=("adagrad_rms",), **VALLEY, **settings))
    return results.runs[0], results.bursts["adagrad_rms"]


def due_by_hand(path, k, lr):
    """(2 C / (lr lambda))^2 with lambda = 10 across the valley and C^2 the sum of the squares up to step k (the notes, A4)."""
    slopes = 10 * (path.xy[: k + 1, 1] - 0.1 * np.sin(3 * path.xy[: k + 1, 0]))
    return 4 * np.sum(slopes**2) / (lr * 10) ** 2


def test_the_burst_comes_after_a_calm_and_near_when_it_is_due():
    each, found = burst()
    norm = each.path.grad_norm
    assert (norm[found.calm : found.calm + 10] < 0.15 * norm[0]).all()
    assert norm[found.step] > 0.4 * norm[0]
    assert (norm[found.calm : found.step] <= 0.4 * norm[0]).all()
    assert found.sideways
    assert found.due == pytest.approx(due_by_hand(each.path, found.calm + 10, 0.1), rel=1e-6)
    assert found.due < found.step < 1.5 * found.due


def test_decay_cures_the_burst_and_a_rise_alone_postpones_it():
    _, cured = burst(schedule="inverse_sqrt_decay")
    assert cured.step == -1
    assert cured.tame == pytest.approx(2 / 10)
    _, sudden = burst(**{"adagrad_rms.lr": 0.12})
    late, found = burst(warmup_steps=15, **{"adagrad_rms.lr": 0.12})
    assert found.step > 2 * sudden.step
    assert found.due == pytest.approx(due_by_hand(late.path, max(found.calm + 10, 15), 0.12), rel=1e-6)
    assert found.due < found.step < 1.2 * found.due


@pytest.mark.parametrize(
    "settings",
    [
        {"noise": 0.05},  # the noise, not the forgotten walls, may have thrown it
        {"adagrad_rms.eps": 0.05},
        {"schedule": "exponential_decay", "exponential_decay.decay_rate": 0.999},
    ],
)
def test_a_burst_that_does_not_fit_the_theory_is_not_said_to_be_due(settings):
    _, found = burst(**settings)
    assert math.isnan(found.due)
    assert "due from" not in PICTURES["paths"].caption(
        compute(LESSON.settings(optimizers=("adagrad_rms",), **VALLEY, **settings))
    )


def test_a_burst_before_its_time_is_not_the_predicted_one():
    early = {"warmup_steps": 60, "adagrad_rms.lr": 0.2, "long_valley.x": -11.0}
    each, found = burst(**early)
    assert 0 < found.step < 0.9 * due_by_hand(each.path, 60, 0.2)
    said = PICTURES["paths"].caption(compute(LESSON.settings(optimizers=("adagrad_rms",), **VALLEY, **early)))
    assert f"bursts sideways at step {found.step}." in said
    assert "due from" not in said


def test_what_comes_after_arriving_is_no_burst():
    each, found = burst(warmup_steps=20, tolerance=0.3)
    back = np.flatnonzero(each.path.grad_norm[found.calm :] > 0.4 * each.path.grad_norm[0])[0] + found.calm
    assert each.arrived < back
    assert found.step == -1


def test_where_there_is_no_minimum_there_is_no_burst():
    assert (
        compute(
            LESSON.settings(surface="saddle", optimizers=("adagrad_rms",), **{"saddle.a": 1e6, "saddle.b": 10.0})
        ).bursts
        == {}
    )


# ------------------------------------------------------------------------------------------------------- drawing, odd runs


def test_a_long_run_is_thinned_in_the_drawing_only():
    results = compute(LESSON.settings(steps=10_000))
    assert len(results.drawn) <= MOST_POINTS
    assert (results.drawn[0], results.drawn[-1]) == (0, 10_000)
    assert results.runs[0].path.xy.shape == (10_001, 2)
    assert (compute(LESSON.settings(steps=7)).drawn == np.arange(8)).all()


def test_the_step_shown_is_never_beyond_the_last():
    results = compute(LESSON.settings(steps=5, step=9000))
    assert (results.step, results.update) == (5, 4)
    assert (compute(LESSON.settings(steps=5, step=2)).update) == 2


# ------------------------------------------------------------------------------------------------------- sweeps and maps


def test_a_cell_of_the_map_is_the_loss_of_a_single_run():
    results = compute(LESSON.settings(steps=40, resolution=9))
    found = results.rate_map("momentum")
    for i, j in ((0, 4), (5, 6), (8, 8)):
        alone = descend("ravine", "momentum", START, 40, lr=found.rate[j], beta=found.beta[i]).loss[-1]
        assert found.loss[i, j] == pytest.approx(alone, rel=1e-9, nan_ok=True)
    assert found.limit == pytest.approx(2 * (1 + found.beta) / ((1 - found.beta) * KAPPA))
    assert found.cell(found.rate[3] * 1.01, found.beta[2]) == (found.rate[3], found.beta[2])


def test_beyond_the_stability_limit_cells_diverge():
    found = compute(LESSON.settings(steps=500, resolution=24)).rate_map("heavy_ball")
    beyond = found.rate[None, :] > 1.3 * found.limit[:, None]
    assert np.isnan(found.loss[beyond]).all()
    assert np.isfinite(found.loss[found.rate[None, :] < 0.99 * found.limit[:, None]]).all()


def test_the_heavy_balls_good_rates_drag_with_beta_and_momentums_do_not():
    results = compute(LESSON.settings(steps=100, resolution=48))  # From the lecture notes, O3
    moved = {}
    for name in ("momentum", "heavy_ball"):
        found = results.rate_map(name)
        rows = [np.argmin(np.abs(found.beta - beta)) for beta in (0.5, 0.9)]
        middle = found.middle(0.0)[rows]
        moved[name] = middle[0] / middle[1]
    assert moved["heavy_ball"] > 3
    assert 1 / 1.5 < moved["momentum"] < 1.5


def test_a_map_takes_no_more_steps_than_it_says():
    assert compute(LESSON.settings(steps=10_000, resolution=8)).rate_map("heavy_ball").steps == MAP_STEPS


def test_the_range_test_raises_the_rate_evenly_over_decades():
    results = compute(LESSON.settings(optimizers=("gd",), budget=40))
    test = results.range_test(results.runs[0])
    ratio = test.rate[1:] / test.rate[:-1]
    assert ratio == pytest.approx(np.full(39, ratio[0]), rel=1e-9)
    assert (test.rate[0], test.rate[-1]) == pytest.approx((results.rates[0], results.rates[-1]))
    # along y each step multiplies by 1 - rate * kappa, along x by 1 - rate
    x, y = (start * np.cumprod(1 - test.rate * curve) for start, curve in zip(START, (1, KAPPA), strict=True))
    known = np.isfinite(test.loss[1:])
    assert test.loss[1:][known] == pytest.approx((0.5 * (x * x + KAPPA * y * y))[known], rel=1e-9)
    assert test.lowest == test.rate[np.nanargmin(test.loss[1:])]


def test_the_sweep_beside_the_range_test_has_both_budgets():
    results = compute(LESSON.settings(optimizers=("momentum",), budget=20))
    final = results.range_test(results.runs[0]).final
    for steps in (20, 200):
        alone = [
            descend("ravine", "momentum", START, steps, lr=rate).loss[-(steps // 5) :].mean()
            for rate in results.rates[:5]
        ]
        assert final[steps][1][:5] == pytest.approx(alone, rel=1e-9)


def test_arrival_against_eps_is_that_of_single_runs():
    results = compute(LESSON.settings(optimizers=("adam", "gd")))
    assert [each.name for each in results.with_eps] == ["adam"]
    steps = results.arrivals_by_eps(results.runs[0])
    for i in (0, 12, 26):
        alone = descend("ravine", "adam", START, 200, lr=0.5, eps=EPSILONS[i])
        assert steps[i] == steps_to(alone, (0.0, 0.0), 0.01)


def test_basins_of_a_bowl_are_the_bowl():
    results = compute(LESSON.settings(resolution=8, optimizers=("gd",)))
    assert results.basins(results.runs[0]).share_reaching_best == 1
    nowhere = compute(LESSON.settings(surface="saddle"))
    with pytest.raises(ValueError, match="must have a minimum"):
        nowhere.basins(nowhere.runs[0])


# ------------------------------------------------------------------------------------------------------- claims


def test_the_claims_on_optimizers_have_presets():
    claims = [preset.claim for preset in LESSON.presets]
    assert list(dict.fromkeys(claims)) == ["O1", "O2", "O3", "O4", "O5", "O6", "O8", "A1", "A2", "A3", "A4", "A5"]
    assert claims.count("O6") >= 3
    assert claims.count("A4") == 3
    assert claims.count("O2") == 5


@pytest.mark.parametrize("preset", LESSON.presets, ids=lambda preset: f"{preset.claim} {preset.title}")
def test_every_preset_shows_what_it_says(preset):
    results = compute(LESSON.settings(**preset.settings))
    caption = PICTURES[preset.figure or "paths"].caption(results)
    assert [words for words in preset.carries if words not in caption] == []
