"""The saddles lesson: claims P1-P3 with the lecture's numbers, terrains, the meter, and the long work."""

import math

import numpy as np
import pytest

from lrviz.curvature import basins, escape_steps
from lrviz.descent import Trajectory
from lrviz.figures.saddles import PICTURES
from lrviz.lessons.saddles import LESSON, OFFSETS, PATIENCE, compute, flat_stretch
from lrviz.lessons.saddles.many import FACTORS, coin_shares, exact_laws, index_shares, lottery
from lrviz.lessons.saddles.settings import PARAMS, TERRAINS, rate_key
from lrviz.lessons.saddles.terrain import terrain
from lrviz.lessons.saddles.work import Work
from lrviz.optimizers import OPTIMIZERS
from lrviz.surfaces import SURFACES

P3 = {"gd": 73, "momentum": 115, "heavy_ball": 27, "rmsprop": 8, "adam": 20}  # The lecture notes, P3


def results(**changes):
    return compute(LESSON.settings(**changes))


# ---- settings and presets ---------------------------------------------------------------------------------------


def test_the_terrains_named_by_the_claims_are_there_and_bowls_are_not():
    assert {"saddle", "plateau", "double_well", "monkey_saddle", "cliff", "ripples"} <= set(TERRAINS)
    assert "ravine" not in TERRAINS  # a convex bowl: nowhere does it curve down


@pytest.mark.parametrize("param", PARAMS.values(), ids=PARAMS)
def test_every_setting_says_what_it_is_and_its_slider_stays_in_its_range(param):
    if param.name == "style":
        return
    assert param.label
    assert param.help.endswith(".")
    if param.kind in ("number", "integer"):
        assert param.slider is not None
        for end in param.slider:
            param.check(end, "slider")


def test_every_optimizer_has_a_rate_on_every_terrain_which_is_the_surface_s_own():
    for surface in TERRAINS:
        for name in OPTIMIZERS:
            assert PARAMS[rate_key(surface, name)].default == SURFACES[surface].rate(name)


def test_the_claims_have_presets():
    assert {preset.claim for preset in LESSON.presets} == {"P1", "P2", "P3"}


@pytest.mark.parametrize("preset", LESSON.presets, ids=lambda p: p.title)
def test_the_sentence_under_a_preset_s_figure_carries_its_numbers(preset):
    r = results(**preset.settings)
    sentence = PICTURES[preset.figure or LESSON.main].caption(r)
    assert preset.carries
    assert all(words in sentence for words in preset.carries), sentence
    assert any(PARAMS[key].default != value for key, value in preset.settings.items())


# ---- P3: leaving a saddle ---------------------------------------------------------------------------------------


def test_who_leaves_the_saddle_when():
    r = results()
    assert r.gone == P3
    assert r.closed_form == math.ceil(math.log(1 / 1e-3) / math.log(1 + 0.05 * 2)) == 73


def test_momentum_with_a_rate_ten_times_as_large_is_heavy_ball():
    r = results(**{rate_key("saddle", "momentum"): 0.5})
    np.testing.assert_allclose(r.runs["momentum"].xy, r.runs["heavy_ball"].xy, rtol=1e-9, equal_nan=True)
    assert r.gone["momentum"] == 27


def test_exactly_on_the_saddle_nothing_moves():
    r = results(place="saddle")
    assert r.still
    assert set(r.gone.values()) == {-1}
    assert all((run.xy == 0).all() for run in r.runs.values())


def test_exactly_on_the_ridge_runs_roll_to_the_saddle_and_stay():
    r = results(place="ridge", steps=400)
    assert not r.still
    assert set(r.gone.values()) == {-1}
    assert all((run.xy[:, 1] == 0).all() for run in r.runs.values())
    assert abs(r.runs["gd"].xy[-1, 0]) < 1e-12


def test_noise_nudges_a_run_off_the_saddle():
    r = results(place="saddle", noise=1e-6, steps=400)
    assert all(step > 0 for step in r.gone.values())
    assert r.closed_form is None


def test_the_batch_over_offsets_is_what_the_core_measures():
    names = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
    r = results(optimizers=names)
    for name in names:
        expected = escape_steps("saddle", name, OFFSETS, radius=1.0, steps=PATIENCE, lr=0.05)
        np.testing.assert_array_equal(r.escapes[name], expected, err_msg=name)


def test_gradient_descent_follows_its_closed_form_over_fifteen_decades():
    r = results()
    expected = [math.ceil(math.log(1 / float(d)) / math.log(1.1)) for d in OFFSETS]
    np.testing.assert_array_equal(r.escapes["gd"], expected)
    np.testing.assert_array_equal(r.closed_forms, expected)


def test_adaptive_rules_forget_the_scale_until_eps_is_large():
    r = results()
    assert r.escapes["rmsprop"].min() == 8
    assert r.escapes["rmsprop"].max() == 10
    assert r.escapes["adam"].min() == 18
    assert r.escapes["adam"].max() == 23
    assert r.waits_below == {"rmsprop": 5e-9, "adam": 5e-9}  # eps / b = 1e-8 / 2
    slow = results(**{"rmsprop.eps": 0.1})
    # far below eps / b each step multiplies y by 1 + lr b / eps = 2: one decade is log2(10) = 3.3 steps
    decades = (slow.escapes["rmsprop"][0] - slow.escapes["rmsprop"][30]) / 10
    assert abs(decades - math.log2(10)) < 0.11


def test_a_picked_start_takes_the_place_of_the_saddle_s_own():
    r = results(start_x=0.3, start_y=-0.2)
    assert r.picked
    assert r.start == (0.3, -0.2)
    assert r.offset == 0.2
    assert results(start_y=0.5).start == (1.0, 0.5)


# ---- terrains ---------------------------------------------------------------------------------------------------


def test_the_saddle_goes_down_along_y_and_the_double_well_along_x():
    saddle, well = terrain("saddle", {"a": 2.0, "b": 3.0}), terrain("double_well", {"height": 0.25})
    assert saddle.down.tolist() == [0, 1]
    assert saddle.ridge.tolist() == [1, 0]
    assert saddle.along == 1
    assert saddle.curvature == pytest.approx(3.0)
    assert saddle.quadratic
    assert saddle.reach == 1
    assert well.down.tolist() == [1, 0]
    assert well.along == 1.2
    assert well.curvature == pytest.approx(1.0)  # 4 h at the pass
    assert not well.quadratic
    assert well.reach == 0.5


@pytest.mark.parametrize("name", [name for name in TERRAINS if results(surface=name).terrain.saddled])
def test_a_start_beside_the_ridge_is_as_far_from_it_as_asked(name):
    here = results(surface=name).terrain
    offsets = np.array([1e-6, 1e-3, 0.1])
    np.testing.assert_allclose(here.distance(here.beside(offsets)), offsets, rtol=1e-6)
    assert here.gone(here.beside(1.01 * here.reach))
    assert not here.gone(here.beside(0.99 * here.reach))


def test_without_a_saddle_the_distance_is_that_to_the_minimum():
    r = results(surface="plateau", steps=250)
    assert not r.terrain.saddled
    assert r.start == (0, 1)
    assert r.offset == pytest.approx(math.hypot(4, 1))
    step = r.gone["gd"]
    away = np.hypot(r.runs["gd"].xy[:, 0] - 4, r.runs["gd"].xy[:, 1])
    assert away[step] < 0.5 <= away[step - 1]


def test_a_longer_shelf_takes_longer():
    values, steps = results(surface="plateau").shelves
    assert values[0] == 1
    assert values[-1] == 10
    known = steps["gd"][steps["gd"] >= 0]
    assert (np.diff(known) > 0).all()
    assert steps["gd"][-1] == -1
    assert results(surface="long_valley").shelves is None


# ---- flat loss: plateau or walls --------------------------------------------------------------------------------


def run_of(xy, loss, norm):
    xy, loss, norm = np.array(xy, float), np.array(loss, float), np.array(norm, float)
    return Trajectory(xy=xy, loss=loss, grad_norm=norm, lr=np.ones(len(loss) - 1), slots={}, diverged=np.array(False))


def test_the_longest_flat_stretch_is_found_with_its_gradient():
    loss = [5, 3, 2.0, 2.01, 2.02, 2.0, 1.99, 1.85, 0.0, 0.0]
    norm = [9, 6, 0.1, 0.2, 0.1, 0.1, 0.3, 4, 0, 0]
    flat = flat_stretch(run_of([[i, 0] for i in range(10)], loss, norm), 8, 0.1)
    assert (flat.begin, flat.end) == (2, 6)
    assert flat.norm == 0.1
    assert flat.steepest == 9
    assert flat.turning == 0


def test_a_run_thrown_to_and_fro_is_seen_to_turn():
    flat = flat_stretch(run_of([[(-1) ** i, i] for i in range(9)], [1.0] * 9, [2.0] * 9), -1, 0.1)
    assert (flat.begin, flat.end) == (0, 8)
    assert flat.turning == 1


def test_the_plateau_is_one():
    flat = results(surface="plateau", steps=250).flat["gd"]
    assert flat.end - flat.begin > 100
    assert flat.norm < 0.05
    assert flat.turning < 0.1


# ---- the meter --------------------------------------------------------------------------------------------------


def test_the_meter_reads_the_saddle_s_two_curvatures_everywhere():
    r = results(**{"saddle.a": 4.0, "saddle.b": 1.0})
    inside = np.isfinite(r.meter.xy[:, 0])
    np.testing.assert_allclose(r.meter.values[inside], np.tile([-1.0, 4.0], (inside.sum(), 1)), rtol=1e-7)
    assert r.meter.kind == "saddle"


@pytest.mark.parametrize(
    ("name", "limit"),
    [("gd", 2 / 4), ("momentum", 2 * 1.9 / (0.1 * 4)), ("heavy_ball", 2 * 1.9 / 4), ("adam", None), ("rmsprop", None)],
)
def test_the_stability_limit_is_that_of_the_rule_in_use(name, limit):
    # 2/lambda; 2(1+b)/((1-b) lambda); 2(1+b)/lambda at lambda = 4 and b = 0.9: the lecture notes, O2
    meter = results(watched=name, **{"saddle.a": 4.0}).meter
    assert (meter.limit is None) == (limit is None)
    if limit:
        np.testing.assert_allclose(meter.limit[np.isfinite(meter.limit)], limit, rtol=1e-7)


def test_the_meter_follows_a_rule_that_does_not_race():
    r = results(optimizers=("gd",), watched="adam")
    np.testing.assert_array_equal(r.meter.xy, results(optimizers=("adam",)).runs["adam"].xy[r.drawn])


def test_the_meter_says_so_where_the_run_has_left():
    assert results(step=140).meter.kind is None  # gradient descent is beyond the limit from step 112


# ---- what is drawn ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 2, 150, 1000, 1001, 1999, 2000])
def test_drawn_steps_begin_and_end_with_the_race(steps):
    drawn = results(steps=steps, optimizers=("gd",)).drawn
    assert drawn[0] == 0
    assert drawn[-1] == steps
    assert len(drawn) <= 1002
    assert (np.diff(drawn) > 0).all()


def test_the_step_shown_is_never_beyond_the_last():
    assert results(steps=10, step=25).shown == 10
    r = results(steps=2000, step=3, optimizers=("gd",))
    assert r.drawn[r.shown] == 2


# ---- many dimensions --------------------------------------------------------------------------------------------


def test_the_exact_laws_are_the_published_ones():
    laws = exact_laws().result
    np.testing.assert_array_equal(laws["independent"], 0.5 ** np.arange(1, 9))
    goe = [0.5, 0.146447, 0.0249209, 0.00245671, 1.40115e-4, 4.62019e-6, 8.804613e-8, 9.694547e-10]  # Dean & Majumdar
    np.testing.assert_allclose(laws["goe"], goe, rtol=3e-6)
    np.testing.assert_allclose(laws["field"][:3], [1 / 2, 1 / 4, (29 - 6 * math.sqrt(6)) / 116], rtol=1e-6)
    np.testing.assert_allclose(laws["field"][3:6], [0.059886, 0.0287, 0.013552], rtol=2e-3)  # The lecture notes, 2.10


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_what_is_drawn_agrees_with_the_laws_within_its_error(n):
    for model in ("goe", "field"):
        now = index_shares(model, n, 20_000, 1).result
        assert abs(now.share[0] - exact_laws().result[model][n - 1]) < 4.5 * max(now.error[0], 1e-4)
        assert now.share.sum() == pytest.approx(1)


def test_independent_signs_are_a_binomial():
    assert coin_shares(3).tolist() == [1 / 8, 3 / 8, 3 / 8, 1 / 8]


# ---- local optima -----------------------------------------------------------------------------------------------


def test_a_lottery_is_what_the_core_measures_at_each_rate():
    found = lottery(0.3, "adam", (("lr", 0.2),), 5.0, 8).result
    for factor, share in zip(FACTORS, found.shares, strict=True):
        assert share == basins("ripples", "adam", 400, 8, tolerance=0.3, lr=0.2 * factor).share_reaching_best
    assert (
        found.chosen.share_reaching_best == basins("ripples", "adam", 400, 8, tolerance=0.3, lr=1.0).share_reaching_best
    )


def test_at_five_times_the_usual_rates_a_difference_shows():
    # measured when the core was built: heavy ball 0.14 at rate 0.25, Adam 0.39 at rate 1, 0.035 at the usual rates
    works = results(section="local_optima").lotteries
    chosen = {name: work.result.chosen.share_reaching_best for name, work in works.items()}
    assert chosen["heavy_ball"] == chosen["momentum"] == pytest.approx(0.14, abs=0.005)
    assert chosen["adam"] == pytest.approx(0.39, abs=0.005)
    assert works["adam"].result.shares[FACTORS.index(1.0)] == pytest.approx(0.035, abs=0.0005)


# ---- long work --------------------------------------------------------------------------------------------------


def test_work_is_done_once_and_taken_up_where_it_was_left():
    asked = []

    def parts():
        for i in range(1, 5):
            asked.append(i)
            yield i / 4, i * 10

    work = Work(parts)
    first = work.progress()
    assert next(first) == 0.25
    first.close()
    assert list(work.progress()) == [0.5, 0.75, 1.0]
    assert work.result == 40
    assert work.result == 40
    assert asked == [1, 2, 3, 4]


def test_only_the_open_section_s_long_work_is_done():
    assert list(results(section="escape").progress()) == []
    shares = list(results(section="dimensions", seed=7, draws=50_000).progress())
    assert shares[-1] == 1
    assert (np.diff(shares) >= 0).all()
    assert len(shares) > 3
    again = list(results(section="dimensions", seed=7, draws=50_000).progress())
    assert again == []
