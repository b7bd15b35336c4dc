"""What a question costs is said before it is answered, and what costs too much is not begun. No times here: counts and estimates."""

import dataclasses
import random
import tracemalloc

import numpy as np
import pytest

from lrviz.curvature import basins
from lrviz.descent import descend
from lrviz.figures import gallery_of
from lrviz.lessons import LESSONS
from lrviz.lessons.cost import LIVE, MOST, Cost
from lrviz.lessons.mini_batch.training import LOOKED, plan_of, run_of, walked
from lrviz.lessons.schedules import escape, training
from lrviz.lessons.trajectories.cost import TUNED
from lrviz.lessons.trajectories.maps import rate_map, sweep
from lrviz.optimizers import OPTIMIZERS

MAIN = {name: lesson.main for name, lesson in LESSONS.items()}
EIGHT = tuple(OPTIMIZERS)[-8:]
WALLS = {  # legal questions that once kept a processor for 8 to 121 seconds
    "mini_batch": [
        ("paths", {"m": 100_000, "epochs": 200, "batch_size": 50_000, "data": "logistic_regression", "optimizer": "adam"}),
        ("paths", {"m": 10_000, "epochs": 200, "data": "logistic_regression", "optimizer": "adam", "axis": "seconds"}),
        ("target", {"m": 100_000}), ("regularisation", {"m": 100_000, "data": "logistic_regression"}),
        ("noise", {"m": 12_500, "batch_size": 1, "epochs": 200, "replicas": 4}),
    ],
    "trajectories": [
        ("paths", {"rule": "tuned", "optimizers": EIGHT, "steps": 10_000, "noise": 1.0}),
        ("range_test", {"optimizers": EIGHT, "steps": 10_000, "budget": 10_000}),
        ("basins", {"optimizers": EIGHT, "steps": 10_000, "resolution": 96, "surface": "himmelblau"}),
    ],
    "saddles": [("local_optima", {"optimizers": EIGHT[:6], "watched": "gd", "basin_grid": 48}), ("minima", {"n": 8, "draws": 200_000})],
    "schedules": [("ripples", {"curves": tuple("abcdefgh"), "total": 1_000_000})],
    "ewma": [("error_against_beta", {})],
}  # fmt: skip
SHOWN_STILL = {
    "paths",
    "basins",
    "minima",
    "ripples",
    "error_against_beta",
}  # bearable even there; the others are refused


def shortened(lesson, settings, keys):
    """The settings with these ones halved, as far as that is legal."""

    def half(key, value):
        return value[: max(len(value) // 2, 1)] if isinstance(value, tuple) else max(value // 2, lesson.params[key].low)

    return settings | {key: half(key, settings[key]) for key in keys}


def extremes(lesson, many=300):
    """Settings with each work setting at its legal ends, and many at random ones."""
    chance = random.Random(lesson.name)
    keys = [
        key
        for key, param in lesson.params.items()
        if "." not in key and key != "keep" and (param.kind in ("choice", "choices") or param.high < 1e18)
    ]
    for _ in range(many):
        wanted = {}
        for key in chance.sample(keys, min(len(keys), 8)):
            param = lesson.params[key]
            if param.kind == "choice":
                wanted[key] = chance.choice(param.options)
            elif param.kind == "choices":
                wanted[key] = tuple(chance.sample(param.options, min(param.longest, len(param.options))))
            elif param.kind == "integer":
                wanted[key] = chance.choice((param.low, param.high))
        yield lesson.settings(**wanted)


@pytest.mark.parametrize("name", LESSONS)
def test_every_preset_and_every_default_is_shown_and_the_page_as_it_opens_is_live(name):
    lesson = LESSONS[name]
    assert lesson.cost(lesson.settings(), MAIN[name]).quick
    for figure in gallery_of(name):
        assert lesson.cost(lesson.settings(), figure).bearable, figure
    for preset in lesson.presets:
        for figure in {MAIN[name], preset.figure or MAIN[name]}:
            assert lesson.cost(lesson.settings(**preset.settings), figure).bearable, (preset.title, figure)


@pytest.mark.parametrize("name", LESSONS)
def test_a_main_figure_is_bearable_whatever_is_asked(name):
    for settings in extremes(LESSONS[name]):
        assert LESSONS[name].cost(settings, MAIN[name]).bearable, settings


@pytest.mark.parametrize(("name", "figure", "changes"), [(n, f, c) for n, walls in WALLS.items() for f, c in walls])
def test_what_costs_too_much_says_what_makes_it_cheaper(name, figure, changes):
    lesson = LESSONS[name]
    settings = lesson.settings(**changes)
    cost = lesson.cost(settings, figure)
    assert cost.bearable == (figure in SHOWN_STILL)
    assert figure == "error_against_beta" or not cost.quick
    for key in () if cost.bearable else cost.lower:
        assert lesson.cost(shortened(lesson, settings, [key]), figure).seconds < cost.seconds
    for _ in range(12):
        settings = settings if lesson.cost(settings, figure).bearable else shortened(lesson, settings, cost.lower)
    assert lesson.cost(settings, figure).bearable


def test_bearable_and_quick_are_bounds_on_seconds():
    assert Cost(MOST).bearable
    assert not Cost(1.001 * MOST).bearable
    assert Cost(LIVE).quick
    assert not Cost(LIVE / 2).times(3).quick
    assert Cost(1.0, ("steps",)).times(2) == Cost(2.0, ("steps",))


def test_a_path_stops_after_so_many_samples_and_says_so():
    lesson = LESSONS["mini_batch"]
    settings = lesson.settings(m=100_000, epochs=200, batch_size=50_000, shown=("batch", "mini_batch"))
    results = lesson.compute(settings)
    assert [path.updates * path.size for path in results.paths] == [LOOKED, LOOKED]
    caption = gallery_of("mini_batch")["paths"].caption(results)
    assert "The batch path stops after 20 updates, 20 of 200 epochs" in caption
    assert run_of(plan_of(settings), 100_000).batch_cost.size == LOOKED // 100_000
    assert walked(plan_of(settings), 50_000, 3).batch_cost.size == 3


def test_rates_are_not_tuned_over_more_steps_than_there_is_time_for():
    lesson = LESSONS["trajectories"]
    tuned = lesson.compute(lesson.settings(rule="tuned", optimizers=("gd", "adam"), steps=50))
    assert not tuned.untuned
    assert "own rate" not in gallery_of("trajectories")["paths"].caption(tuned)
    sweep.forget()
    results = lesson.compute(lesson.settings(rule="tuned", optimizers=EIGHT, steps=10_000))
    assert len(sweep) == 0
    assert [run.lr for run in results.runs] == [
        run.lr for run in lesson.compute(lesson.settings(optimizers=EIGHT)).runs
    ]
    caption = gallery_of("trajectories")["paths"].caption(results)
    assert (
        f"Each keeps its own rate: for 8 optimizers the best ones are searched for over {TUNED // 8:,} steps at most."
        in caption
    )


@pytest.mark.parametrize("steps", [0, 40])
def test_positions_are_the_same_whether_heights_are_worked_out_or_not(steps):
    starts = np.random.default_rng(0).uniform(-4, 4, (5, 7, 2))
    for start in (starts, starts[0, 0]):
        whole, bare = (descend("himmelblau", "adam", start, steps, lr=0.3, noise=1.0, heights=h) for h in (True, False))
        np.testing.assert_array_equal(whole.xy, bare.xy)
        assert np.isnan(bare.loss).all()
        assert np.isnan(bare.grad_norm).all()
        assert bare.loss.shape == whole.loss.shape
    lost = descend("ravine", "gd", starts, 60, lr=2.0, heights=False)
    assert lost.diverged.all()
    assert np.isnan(lost.xy[..., -1, :]).all()


def test_a_map_of_starts_is_made_in_parts_that_fit_a_small_memory_and_give_the_same(monkeypatch):
    tracemalloc.start()
    whole = basins("himmelblau", "gd", 500, 96, lr=0.01, noise=0.5, seed=3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 80e6  # all positions at once are 74 MB, their loss and gradient as much again
    monkeypatch.setattr("lrviz.curvature.PORTION", 1)
    np.testing.assert_array_equal(
        basins("himmelblau", "gd", 500, 96, lr=0.01, noise=0.5, seed=3).reached, whole.reached
    )


def kept(value):
    """Bytes that an array keeps alive, and its own."""
    base = value
    while base.base is not None and isinstance(base.base, np.ndarray):
        base = base.base
    return base.nbytes, value.nbytes


def test_what_is_remembered_of_many_runs_keeps_none_of_the_rest_alive():
    rates, lesson = np.full(400, 0.05), LESSONS["trajectories"]
    setup = lesson.compute(lesson.settings()).setup
    remembered = [
        training.train(rates, 5.0, 2.0), training.search(5.0, 2.0), escape.jump(rates, 1.0, 1.5), escape.burst(rates),
        rate_map(setup, "momentum", (), 8),
    ]  # fmt: skip
    arrays = [v for one in remembered for v in map(one.__getattribute__, [f.name for f in dataclasses.fields(one)])]
    arrays = [v for v in arrays if isinstance(v, np.ndarray)] + [sweep(setup, "gd", (), 50)[1]]
    assert len(arrays) > 10
    for array in arrays:
        alive, own = kept(array)
        assert alive <= 2 * own + 20_000


@pytest.mark.parametrize(
    ("name", "query", "figures", "words"),
    [
        ("trajectories", "section=range_test&optimizers=gd,momentum,heavy_ball,nesterov,adagrad,rmsprop,adam,radam&steps=9000&budget=9000",
         1, "Choose a smaller “steps”, a smaller “budget” or fewer optimizers."),
        ("saddles", "section=local_optima&basin_grid=48&optimizers=gd,momentum,heavy_ball,rmsprop,adam,radam&watched=nadam", 1, "a smaller “starts along a side”"),
        ("mini_batch", "section=target&m=90000&shown=batch", 1, "a smaller “samples”"),
        ("mini_batch", "section=noise&m=90000&shown=batch", 1, "a smaller “runs”"),
    ],
)  # fmt: skip
def test_a_figure_that_costs_too_much_is_refused_in_a_sentence_and_the_rest_of_the_page_stays(
    run_page, name, query, figures, words
):
    page = run_page(name, query)
    assert not page.exception
    assert not page.error
    assert not page.warning
    said = [info.value for info in page.info if "of computing here" in info.value]
    assert len(said) == 1
    assert words in said[0]
    assert sum(e.proto.component_name.endswith("lrviz_stage") for e in page.get("bidi_component")) == figures
