"""Pictures of the mini-batch page: what is drawn is what was computed, and the sentences say what happened."""

import json
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest

from lrviz.batch_timing import EpochTime
from lrviz.figures.mini_batch import PICTURES, loop, timing_table
from lrviz.figures.mini_batch.paths import STEPS
from lrviz.figures.mini_batch.section_words import thumb, timing_title
from lrviz.figures.mini_batch.style import LINE_POINTS
from lrviz.figures.mini_batch.timing import short_count
from lrviz.figures.mini_batch.words import byte_size
from lrviz.figures.plot.text import number
from lrviz.figures.plot.theme import BLUE, GREEN, PURPLE
from lrviz.lessons.mini_batch import LESSON, compute
from lrviz.ui.stage import packed

pytestmark = pytest.mark.thorough

MAIN = PICTURES["paths"]
LECTURE = {"batch": BLUE, "mini_batch": GREEN, "stochastic": PURPLE}  # the colours of its sketch


def computed(**settings):
    return compute(LESSON.settings(**settings))


def caption(name="paths", **settings):
    return PICTURES[name].caption(computed(**settings))


def drawn(results, name="paths"):
    """The picture checked by Plotly, its traces by name."""
    picture = PICTURES[name].draw(results)
    names = [trace.name for trace in picture.data]
    assert len(set(names)) == len(names)
    return picture, dict(zip(names, picture.data, strict=True))


# ------------------------------------------------------------------------------------------------------- main picture


def test_paths_and_costs_are_drawn_as_computed():
    results = computed(m=50, batch_size=10, epochs=4)
    _, traces = drawn(results)
    for path in results.paths:
        who = path.name.replace("_", "-")
        line, noisy, true = (traces[f"{who} {what}"] for what in ("path", "J{t}", "cost of all samples"))
        np.testing.assert_array_equal(np.stack([line.x, line.y], axis=1), path.run.path)
        np.testing.assert_array_equal(noisy.y, path.run.batch_cost)
        np.testing.assert_array_equal(noisy.x, path.epoch[:-1])
        np.testing.assert_array_equal(true.y, results.data.cost(path.run.path))
        np.testing.assert_array_equal(true.x, path.epoch)
        assert {t.line.color for t in (line, noisy, true)} == {LECTURE[path.name]}
        assert (line.yaxis, noisy.yaxis, true.yaxis) == (None, "y2", "y2")
        assert (noisy.line.dash, true.line.dash) == (None, "dash")


def test_batch_cost_lies_on_the_cost_of_all_samples():
    _, traces = drawn(computed(shown=("batch",)))
    noisy, true = traces["batch J{t}"], traces["batch cost of all samples"]
    np.testing.assert_allclose(noisy.y, true.y[:-1], rtol=1e-12)
    np.testing.assert_array_equal(noisy.x, true.x[:-1])


def test_the_contour_is_the_cost_of_all_samples():
    results = computed(data="logistic_regression", m=60)
    _, traces = drawn(results)
    contour = traces["cost of all samples"]
    x, y, z = contour.x, contour.y, results.data
    for i, j in ((0, 0), (10, 70), (79, 3)):
        loss = np.logaddexp(0, s := x[j] * z.X[0] + y[i] * z.X[1]) - z.Y[0] * s
        assert contour.customdata[i][j] == pytest.approx(loss.mean(), rel=1e-12)
    np.testing.assert_allclose(contour.z**2, contour.customdata - np.min(contour.customdata), atol=1e-12)


def test_long_lines_are_thinned_and_keep_their_ends():
    results = computed(m=2000, batch_size=4, epochs=8)
    _, traces = drawn(results)
    path = results.paths[-1]
    assert path.updates == 16_000
    for what, last in (("path", path.run.path[-1, 1]), ("J{t}", path.run.batch_cost[-1])):
        trace = traces[f"stochastic {what}"]
        assert len(trace.x) == len(trace.y) <= LINE_POINTS
        assert trace.y[-1] == last
    np.testing.assert_array_equal(traces["stochastic path"].x[:10], path.run.path[:10, 0])


@pytest.mark.parametrize("epoch", [None, 0.0, 2.3, 4.0, 99.0])
def test_heads_stand_where_the_paths_are_at_that_epoch(epoch):
    results = computed(m=50, batch_size=10, epochs=4, epoch=epoch)
    picture, traces = drawn(results)
    bar = picture.layout.meta["bar"]
    assert len(bar["values"]) == STEPS + 1
    assert (bar["kind"], bar["label"]) == ("time", "epoch")
    when = bar["values"][bar["at"]]
    assert when == pytest.approx(4.0 if epoch is None or epoch > 4 else epoch, abs=4 / STEPS)
    for path in results.paths:
        who = path.name.replace("_", "-")
        head = traces[f"{who} now"]
        made = int(np.flatnonzero(path.epoch <= when + 1e-9)[-1])
        np.testing.assert_array_equal([head.x[0], head.y[0]], path.run.path[made])
        assert traces[f"{who} cost now"].y[0] == pytest.approx(float(results.data.cost(path.run.path[made])))


def test_every_head_follows_an_unseen_track_of_its_own():
    picture, _ = drawn(computed(epoch=1.0))
    heads = picture.layout.meta["heads"]
    assert len(heads) == 6
    for head in heads:
        moving, track = picture.data[head["trace"]], picture.data[head["of"]]
        assert moving.name.removesuffix(" now") == track.name.removesuffix(" by epoch")
        assert track.visible is False
        assert len(track.x) == STEPS + 1
        at = picture.layout.meta["bar"]["at"]
        assert (moving.x[0], moving.y[0]) == (track.x[at], track.y[at])
        assert (moving.xaxis, moving.yaxis) == (track.xaxis, track.yaxis)


def test_only_the_contour_stays_and_the_start_can_be_picked():
    results = computed(w1=2.5, w2=-1.5)
    picture, traces = drawn(results)
    assert picture.layout.meta["still"] == 1
    assert picture.data[0].type == "contour"
    assert picture.layout.meta["pick"] == {"xaxis": "xaxis", "yaxis": "yaxis", "at": [2.5, -1.5]}
    assert (traces["start"].x[0], traces["start"].y[0]) == (2.5, -1.5)
    np.testing.assert_array_equal([traces["critical points"].x[0], traces["critical points"].y[0]], results.minimum)


def test_dragging_changes_nothing_but_points_ranges_and_words():
    before, after = (MAIN.spec(computed(w1=w1, epoch=3.0)) for w1 in (-4.0, -3.5))
    moved = {"x", "y", "text", "customdata"}

    def shape(spec):
        return [{k: v for k, v in trace.items() if k not in moved} for trace in spec["data"][1:]]

    assert shape(before) == shape(after)
    np.testing.assert_array_equal(before["data"][0]["z"], after["data"][0]["z"])


@pytest.mark.parametrize(
    ("kind", "kind_of_axis", "last"),
    [("updates", "log", 401), ("epochs", None, 8), ("samples", None, 400), ("seconds", "log", None)],
)
def test_the_cost_axis_counts_what_was_chosen(kind, kind_of_axis, last):
    results = computed(m=50, batch_size=10, epochs=8, axis=kind)
    picture, traces = drawn(results)
    axis = picture.layout.xaxis2
    assert axis.type == kind_of_axis
    if last is not None:
        assert axis.range[1] == pytest.approx(np.log10(last) if kind_of_axis else last)
    stochastic = results.paths[-1]
    x = traces["stochastic J{t}"].x
    assert len(x) == 400
    # Update t is number t on the axis of updates; elsewhere it stands at what was gone before it.
    np.testing.assert_allclose(x, results.along(stochastic)[:-1] + (kind == "updates"))


def test_both_scales_of_the_cost_hold_the_least_and_the_first():
    for scale in ("linear", "log"):
        results = computed(scale=scale)
        axis = MAIN.draw(results).layout.yaxis2
        low, high = axis.range if scale == "linear" else 10 ** np.array(axis.range)
        assert low < results.least < results.start_cost < high
        assert axis.type == (None if scale == "linear" else "log")


def test_a_start_outside_the_box_widens_it():
    picture = MAIN.draw(computed(w1=20.0, w2=-30.0))
    assert picture.layout.xaxis.range[1] > 20
    assert picture.layout.yaxis.range[0] < -30
    assert picture.data[0].x[-1] == picture.layout.xaxis.range[1]


def test_a_path_that_is_not_shown_or_cannot_be_is_not_drawn():
    _, traces = drawn(computed(shown=("batch",)))
    assert not [name for name in traces if name.startswith(("mini-batch", "stochastic"))]
    _, traces = drawn(computed(m=50, batch_size=51))
    assert not [name for name in traces if name.startswith("mini-batch")]


# ---------------------------------------------------------------------------------------------------------- sentences


def test_the_sentence_says_what_was_computed():
    results = computed()
    text = MAIN.caption(results)
    batch, mini, stochastic = (number(a) for a in results.arrivals)
    assert (
        f"after {batch} epochs for batch, {mini} epochs for mini-batch and {stochastic} epochs for stochastic." in text
    )
    cost = results.paths[1].run.batch_cost
    assert f"rises at {int((np.diff(cost) > 0).sum())} of its 160 updates" in text
    assert f"falls from {number(cost[:8].mean())} to {number(cost[-8:].mean())}." in text
    away = np.linalg.norm(results.paths[-1].run.path[1280:] - results.minimum, axis=1)
    square = np.sqrt((away**2).mean())
    assert (
        f"is {number(away.min())} to {number(away.max())} from the minimum (root mean square {number(square)})" in text
    )


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"gd.lr": 3.0}, "Batch diverged at update 19, mini-batch diverged at update"),
        ({"gd.lr": 2.1}, "Batch cost rises at update 3: the rate is too big."),
        ({"optimizer": "heavy_ball", "heavy_ball.lr": 0.5}, "Batch cost rises at update 4. Mini-batch"),
        ({"gd.lr": 0.0}, "Batch cost is at none of its 20 updates above that of the update before."),
        ({"gd.lr": 0.0}, "never gone in this run for batch, mini-batch and stochastic."),
        ({"gd.lr": 0.0}, "Its rate is 0: stochastic does not move."),
        ({"epochs": 1}, "Batch makes a single update."),
        ({"epochs": 1, "shown": ("mini_batch",), "batch_size": 128}, "never gone in this run for mini-batch."),
        ({"m": 100, "batch_size": 101}, "Not drawn: a batch of 101 cannot be cut from 100 samples."),
        ({"m": 3000, "epochs": 10}, "The stochastic path stops after 20,000 updates, 6.67 of 10 epochs."),
        ({"linear_regression.noise": 0.0}, "it settles."),
        ({"shown": ("batch",)}, "it has no noise floor and can come closer still."),
        ({"epochs": 10, "shown": ("mini_batch",)}, "has just come down to its floor."),
        ({"gd.lr": 0.003}, "it is still on its way."),
        ({"gd.lr": 0.8, "drawing": "replacement", "epochs": 1}, "its mean square distance grows for ever."),
        ({"optimizer": "adam"}, "in the third quarter of its updates and"),
        ({"axis": "samples", "shown": ("batch",)}, "after 1,408 samples for batch."),
        ({"axis": "seconds"}, "Measured on the machine that serves this page, an update takes"),
        ({"schedule": "piecewise_constant_decay", "piecewise_constant_decay.values": (1.0,)}, "No path can be drawn."),
    ],
)  # fmt: skip
def test_rare_ways_of_the_paths(settings, words):
    results = computed(**settings)
    assert words in MAIN.caption(results)
    MAIN.draw(results)


def test_a_start_at_the_minimum_is_said():
    w1, w2 = computed().minimum
    assert "All start at the minimum." in caption(w1=float(w1), w2=float(w2))


@pytest.mark.parametrize(
    ("settings", "title"),
    [
        ({}, "Stochastic wanders round the minimum"),
        ({"gd.lr": 2.1}, "The rate is too big: batch cost rises"),
        ({"linear_regression.noise": 0.0}, "Stochastic settles at the minimum"),
        ({"shown": ("batch",)}, "Batch comes closer to the minimum"),
        ({"gd.lr": 0.003}, "Stochastic is on its way to the minimum"),
        ({"epochs": 10, "shown": ("mini_batch",)}, "Mini-batch has come down to its noise floor"),
        ({"optimizer": "adam"}, "Paths on the cost of all samples"),
        ({"optimizer": "momentum", "momentum.lr": 50.0}, "Batch, mini-batch and stochastic diverged"),
        ({"m": 50, "batch_size": 51, "shown": ("mini_batch",)}, "No path can be drawn"),
    ],
)
def test_the_title_states_what_is_seen(settings, title):
    assert MAIN.draw(computed(**settings)).layout.title.text == title


# ----------------------------------------------------------------------------------------------------------- sections


def test_the_diagram_carries_the_lecture_numbers():
    picture = PICTURES["cutting"].draw(computed())
    text = list(picture.data[0].text)
    assert text[:3] == ["<b>X{1}</b><br>2 × 1,000", "<b>Y{1}</b><br>1 × 1,000", "update 1"]
    assert text[-1] == "update 5,000"
    assert "…" in text
    assert picture.layout.title.text == "5,000 batches of 1,000"
    said = caption("cutting")
    for words in (
        "5,000 batches",
        "X{t} has shape (2, 1,000), Y{t} (1, 1,000)",
        "1 update for batch",
        "24 kB",
        "120 MB",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("m", "b", "shown"),
    [
        (10, 2, [1, 2, 3, 4, 5]),
        (12, 2, [1, 2, "…", 6]),
        (3 * 10**6, 10**6, [1, 2, 3]),
        (4 * 10**6, 10**6, [1, "…", 4]),
    ],
)
def test_of_many_batches_the_first_and_the_last_are_drawn(m, b, shown):
    text = PICTURES["cutting"].draw(computed(cut_m=m, cut_b=b)).data[0].text
    assert list(text[2::3]) == [t if t == "…" else f"update {t}" for t in shown]


def test_a_smaller_last_batch_is_stated_and_drawn_smaller():
    results = computed(cut_m=1000, cut_b=300)
    assert "4 batches, the last with only 100 samples" in caption("cutting", cut_m=1000, cut_b=300)
    picture = PICTURES["cutting"].draw(results)
    assert "<b>X{4}</b><br>2 × 100" in picture.data[0].text
    blocks = [s for s in picture.layout.shapes if s.type == "rect" and s.y1 > 2]
    widths = [s.x1 - s.x0 for s in blocks]
    assert widths[:3] == pytest.approx([widths[0]] * 3)
    assert widths[3] == pytest.approx(widths[0] / 3)


@pytest.mark.parametrize(
    ("m", "b", "words"),
    [
        (1, 1, "1 sample in batches of 1 makes 1 batch."),
        (5, 6, "A batch of 6 cannot be cut from 5 samples"),
        (10**12, 1, "1,000,000,000,000 batches"),
        (10**6, 10**6, "make 1 batch."),
    ],
)
def test_odd_cuts(m, b, words):
    results = computed(cut_m=m, cut_b=b)
    assert words in PICTURES["cutting"].caption(results)
    PICTURES["cutting"].draw(results)


def test_timings_are_drawn_as_measured():
    results = computed(m=40)
    picture, traces = drawn(results, "timing")
    sizes = [t.batch_size for t in results.timings]
    for what, values in (("seconds an epoch", [t.seconds for t in results.timings]),
                         ("updates a second", [t.updates_per_second for t in results.timings])):  # fmt: skip
        for name in (what, f"{what}, measured"):
            assert list(traces[name].x) == sizes
            assert list(traces[name].y) == values
    assert "fewer than 2,000, so use batch" in PICTURES["timing"].caption(results)
    for axis in (picture.layout.yaxis, picture.layout.yaxis2):
        shown = traces["seconds an epoch" if axis is picture.layout.yaxis else "updates a second"].y
        assert 10 ** axis.range[0] <= min(shown)
        assert max(shown) <= 10 ** axis.range[1]


def test_an_extrapolated_time_is_hollow_and_said_to_be():
    results = computed(m=20_000, shown=("batch",))
    _, traces = drawn(results, "timing")
    hollow = [t.extrapolated for t in results.timings]
    symbols = ["circle-open" if h else "circle" for h in hollow]
    assert list(traces["seconds an epoch, measured"].marker.symbol) == symbols
    assert ("Hollow points" in PICTURES["timing"].caption(results)) == any(hollow)


def test_the_table_counts_updates_and_memory():
    rows = timing_table(computed(m=100, n_x=9))
    assert [row["B"] for row in rows] == ["1", "2", "4", "8", "16", "32", "64", "100 = m"]
    assert [row["updates an epoch"] for row in rows] == ["100", "50", "25", "13", "7", "4", "2", "1"]
    assert rows[-1]["memory of a batch, nₓ = 9"] == "8 kB"  # (9 + 1) x 100 numbers of 8 bytes


def test_targets_are_drawn_as_found_with_gaps():
    results = computed(m=64, left_over=1e-4)
    _, traces = drawn(results, "target")
    for kind, name in (("updates", "updates"), ("samples", "samples seen"), ("seconds", "time, measured here")):
        np.testing.assert_array_equal(traces[name].y, [getattr(t, kind) for t in results.targets])
    absent = [t.batch_size for t in results.targets if not t.reached]
    assert absent
    assert all(f"B = {size}" in PICTURES["target"].caption(results) for size in absent)


def test_no_batch_size_arrives():
    results = computed(m=32, **{"gd.lr": 0.0})
    assert PICTURES["target"].caption(results).startswith("No batch size comes down to a cost of")
    PICTURES["target"].draw(results)


def test_a_schedule_that_cannot_drive_is_named_in_every_picture_it_drives():
    name = "piecewise_constant_decay"
    results = computed(schedule=name, decay=name, **{f"{name}.values": (1.0,)})
    for picture in (PICTURES[key] for key in ("paths", "target", "noise", "regularisation")):
        assert "“piecewise constant” needs one rate more than it has boundaries" in picture.caption(results)
        picture.draw(results)


def test_a_rate_below_zero_is_refused_by_its_number():
    said = caption(schedule="noisy_linear_cosine_decay", m=64)
    assert "Not drawn: the schedule “noisy linear cosine” would make the rate negative." in said


def test_minima_under_a_penalty_are_drawn_as_computed():
    results = computed(m=64, l2=2.0)
    _, traces = drawn(results, "regularisation")
    found = results.penalised
    minima, went = traces["minimum with penalty"], traces["where training went"]
    np.testing.assert_array_equal(np.stack([minima.x, minima.y], 1), [p.minimum for p in found])
    np.testing.assert_array_equal(np.stack([went.x, went.y], 1), [p.reached for p in found])
    assert "λ/B = 0.0312 for B = m but 2 for B = 1, 64 times as much" in PICTURES["regularisation"].caption(results)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"l2": 0.0}, "there is no penalty"),
        ({"divided_by": "fixed"}, "all batch sizes share one minimum"),
        ({"l2": 50.0}, "Training diverged at B = 1 and B = 4."),
        (
            {"schedule": "piecewise_constant_decay", "piecewise_constant_decay.values": (1.0,)},
            "needs one rate more than it has boundaries",
        ),
    ],
)
def test_rare_ways_of_the_penalty(settings, words):
    results = computed(m=64, **settings)
    assert words in PICTURES["regularisation"].caption(results)
    PICTURES["regularisation"].draw(results)


@pytest.mark.parametrize("epoch", [None, 2.0])
def test_clouds_are_drawn_at_the_chosen_epoch(epoch):
    results = computed(m=64, batch_size=8, epochs=6, drawing="replacement", epoch=epoch)
    picture, traces = drawn(results, "noise")
    at = 6 if epoch is None else 2
    for cloud, name, colour in zip(results.clouds, ("fixed", "decay"), (BLUE, GREEN), strict=True):
        swarm = traces[f"{name}: runs"]
        np.testing.assert_array_equal(np.stack([swarm.x, swarm.y], axis=1), cloud.points[:, at])
        assert swarm.marker.color == colour
        np.testing.assert_array_equal(traces[f"{name}, measured"].y, cloud.measured)
        np.testing.assert_array_equal(traces[f"{name}, theory"].y, cloud.theory)
    assert list(traces["now"].y) == [cloud.measured[at] for cloud in results.clouds]
    bar = picture.layout.meta["bar"]
    assert (bar["at"], list(bar["values"]), bar["kind"]) == (at, [0, 1, 2, 3, 4, 5, 6], "sweep")
    first = picture.layout.meta["still"]
    for k, frame in enumerate(picture.frames):
        assert list(frame.traces) == [first, first + 1, first + 2]
        np.testing.assert_array_equal(frame.data[0].x, results.clouds[0].points[:, k, 0])
        np.testing.assert_array_equal(frame.data[1].y, results.clouds[1].points[:, k, 1])
    assert f"after epoch {at} " in PICTURES["noise"].caption(results)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"drawing": "replacement"}, "With independent draws"),
        ({"drawing": "replacement"}, " at half the rate and "),
        ({}, "With reshuffled epochs"),
        ({"optimizer": "adam"}, "The theory is for gradient descent on a linear regression"),
        ({"gd.lr": 3.0}, "200 of 200 runs with a fixed rate diverged."),
        ({"linear_regression.noise": 0.0, "gd.lr": 0.0}, "theory leaves no cloud"),
        ({"batch_size": 129}, "These runs cannot be made: a batch of 129 cannot be cut from 128 samples."),
        ({}, "Those with decay do not lie round the minimum"),
        ({"data": "logistic_regression"}, "The theory is for gradient descent on a linear regression"),
        ({"gd.lr": 0.8, "batch_size": 1, "epochs": 1}, "In theory no cloud of independent draws settles at this rate"),
        ({"epoch": 0.0}, "after epoch 0"),
        ({"replicas": 2}, "from their mean"),
    ],
)
def test_rare_ways_of_the_clouds(settings, words):
    results = computed(**settings)
    assert words in PICTURES["noise"].caption(results)
    PICTURES["noise"].draw(results)


# -------------------------------------------------------------------------------------------- all pictures, all settings


ODD = [
    {"style": "slide"}, {"data": "logistic_regression"}, {"m": 10, "batch_size": 10, "epochs": 1}, {"gd.lr": 1e6},
    {"scale": "log", "axis": "seconds"}, {"scale": "log", "linear_regression.noise": 0.0}, {"optimizer": "adadelta"},
    {"schedule": "cosine_decay_restarts"}, {"schedule": "noisy_linear_cosine_decay"}, {"m": 64, "batch_size": 64},
    {"w1": 50.0, "w2": -50.0}, {"gd.lr": 5.0}, {"linear_regression.condition": 1e4}, {"epoch": 200.0}, {"shown": ("stochastic",)},
]  # fmt: skip


@pytest.mark.parametrize("settings", ODD, ids=str)
def test_every_picture_is_sound_for_odd_settings(settings):
    results = computed(**({"m": 64} | settings))
    for picture in PICTURES.values():
        spec = picture.spec(results)
        go.Figure(spec)
        json.dumps(spec, allow_nan=False, default=packed)  # as the stage sends it
        said = picture.caption(results)
        assert said.endswith(".")
        assert "nan" not in said
        assert "  " not in said
        assert spec["layout"]["meta"]["alt"]
        assert spec["layout"]["title"]["text"]


# ----------------------------------------------------------------------------------------------------------- in words


def test_numbers_in_words():
    assert [byte_size(v) for v in (24, 24_000, 120e6, 3e9, 8e12)] == ["24 bytes", "24 kB", "120 MB", "3 GB", "8 TB"]
    assert [short_count(v) for v in (1.0, 100.0, 1e4, 1e6, 1e9)] == ["1", "100", "10k", "1M", "1G"]
    assert "so use batch" in thumb(1999)
    assert "64 to 512" in thumb(2000)
    assert "too many" in thumb(2000)


@pytest.mark.parametrize(
    ("seconds", "title"),
    [
        ((2.0, 1.0), "With B = 1 an epoch takes 2 times as long as with B = 2"),
        ((1.004, 1.0), "An epoch takes about as long with B = 1 as with B = 2"),
        ((1.0, 2.0), "An epoch is quickest with B = 1"),
    ],
)
def test_the_title_of_the_timings_compares_what_was_measured(seconds, title):
    timings = tuple(EpochTime(b, 4 // b, s, b / s, 24 * b, 1, False) for b, s in zip((1, 2), seconds, strict=True))
    assert timing_title(SimpleNamespace(timings=timings)) == title


def test_the_loop_is_that_of_the_lecture():
    lines = loop(computed()).splitlines()
    assert lines[0] == "for t = 1, …, 5,000:"
    assert [word for word in ("forward", "J{t} = ", "backward", "w :=") if word not in " ".join(lines)] == []
    assert lines[2].strip() == "J{t} = (Σ L(ŷ, y) + λ/2 ‖w‖²) / 1,000"
    assert loop(computed(cut_m=10, cut_b=6)).splitlines()[-1] == "The last batch has 4, not 6."
    assert "cannot be cut" in loop(computed(cut_m=5, cut_b=6))
