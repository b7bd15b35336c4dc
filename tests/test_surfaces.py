"""The surfaces' published values, and the troubles they were chosen to show."""

from collections import Counter

import numpy as np
import pytest

from lrviz.descent import descend, path_length, steps_to
from lrviz.surfaces import SURFACES, critical


def minima(surface):
    return [(x, y) for x, y, kind in surface.points if kind == "minimum"]


def test_the_surfaces_of_the_package_in_display_order():
    assert " ".join(list(SURFACES)[:16]) == (
        "ravine rosenbrock beale himmelblau styblinski_tang six_hump_camel rastrigin ackley goldstein_price "
        "long_valley saddle monkey_saddle ripples double_well plateau cliff"
    )


# Lowest values as in Surjanovic & Bingham, Virtual Library of Simulation Experiments (sfu.ca/~ssurjano), and Jamil &
# Yang 2013, arXiv:1308.4008; the other three minima of Goldstein & Price as in their paper of 1971.
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("rosenbrock", [0.0]),
        ("beale", [0.0]),
        ("himmelblau", [0.0] * 4),
        ("rastrigin", [0.0]),
        ("ackley", [0.0]),
        ("styblinski_tang", [2 * -39.16617]),
        ("six_hump_camel", [-1.0316285, -1.0316285]),
        ("goldstein_price", [3.0, 30.0, 84.0, 840.0]),
    ],
)
def test_lowest_minima_have_the_published_values(name, values):
    surface = SURFACES[name]
    found = sorted(surface.value(x, y) for x, y in minima(surface))
    np.testing.assert_allclose(found[: len(values)], values, rtol=1e-6, atol=1e-12)


# Where published, positions too: Himmelblau's four and its maximum of 181.617 near (-0.270845, -0.923039).
def test_himmelblau_has_its_published_points():
    surface = SURFACES["himmelblau"]
    published = [(3.0, 2.0), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126)]
    np.testing.assert_allclose(sorted(minima(surface)), sorted(published), atol=1e-6)
    top = [point for point in surface.points if point[2] == "maximum"]
    found = [(x, y, surface.value(x, y)) for x, y, _ in top]
    np.testing.assert_allclose(found, [(-0.270845, -0.923039, 181.617)], rtol=1e-5)


# A value off the minima pins the formula, not only its zeros. By hand: rosenbrock(0,0) = 1, (-1,1) = 4; beale(0,0) =
# 1.5^2 + 2.25^2 + 2.625^2; himmelblau(0,0) = 121 + 49; goldstein_price(0,0) = (1 + 19) 30; six_hump_camel(1,1) =
# 4 - 2.1 + 1/3 + 1; rastrigin(0.5,0) = 0.25 + 20; ackley(1,0) = 20 - 20 e^(-0.2/sqrt 2); styblinski_tang(1,1) = -10.
@pytest.mark.parametrize(
    ("name", "at", "value"),
    [
        ("ravine", (3.0, 1.0), 14.5),
        ("rosenbrock", (0.0, 0.0), 1.0),
        ("rosenbrock", (-1.0, 1.0), 4.0),
        ("beale", (0.0, 0.0), 14.203125),
        ("himmelblau", (0.0, 0.0), 170.0),
        ("styblinski_tang", (1.0, 1.0), -10.0),
        ("six_hump_camel", (1.0, 1.0), 4 - 2.1 + 1 / 3 + 1),
        ("rastrigin", (0.5, 0.0), 20.25),
        ("ackley", (1.0, 0.0), 20 - 20 * np.exp(-0.2 / np.sqrt(2))),
        ("goldstein_price", (0.0, 0.0), 600.0),
        ("saddle", (3.0, 2.0), 5.0),
        ("monkey_saddle", (2.0, 1.0), 2.0),
        ("double_well", (0.0, 2.0), 2.25),
    ],
)
def test_value_away_from_the_minima(name, at, value):
    assert SURFACES[name].value(*at) == pytest.approx(value, rel=1e-12)


# On a surface that falls inward all round its box, minima - saddles + maxima = 1 (Poincaré-Hopf): none is missing.
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("ravine", (1, 0, 0)),
        ("himmelblau", (4, 4, 1)),
        ("styblinski_tang", (4, 4, 1)),
        ("six_hump_camel", (6, 7, 2)),
        ("rastrigin", (25, 40, 16)),
        ("ackley", (25, 40, 16)),
        ("goldstein_price", (4, 4, 1)),
        ("ripples", (25, 40, 16)),
        ("double_well", (2, 1, 0)),
        ("plateau", (1, 0, 0)),
        ("cliff", (1, 0, 0)),
    ],
)
def test_no_critical_point_is_missing(name, counts):
    kinds = Counter(kind for *_, kind in SURFACES[name].points)
    assert tuple(kinds[k] for k in ("minimum", "saddle", "maximum")) == counts
    assert counts[0] - counts[1] + counts[2] == 1


def test_points_follow_the_parameters():
    assert SURFACES["plateau"].bind(length=7.0).points == ((7.0, 0.0, "minimum"),)
    assert SURFACES["ripples"].bind(depth=0.0).points == ((0.0, 0.0, "minimum"),)
    shallow, deep = (max(minima(SURFACES["ripples"].bind(depth=d))) for d in (0.2, 1.0))
    assert shallow < deep  # the shallower the ripple, the further the bowl pulls its minimum inward
    foot = [SURFACES["cliff"].bind(steepness=k).points[0][0] for k in (5.0, 30.0)]
    assert foot[0] < foot[1] < 0


def test_ripples_have_one_best_minimum():
    surface = SURFACES["ripples"]
    values = sorted((surface.value(x, y), x, y) for x, y in minima(surface))
    assert values[0] == (0.0, 0.0, 0.0)
    assert values[1][0] > 0.1


def test_critical_points_of_one_variable():
    assert critical(lambda u: u * (u - 1), -0.7, 3.0) == [(0.0, False), (1.0, True)]
    assert critical(lambda u: 1 + u * u, -1.0, 1.0) == []
    ((root, up),) = critical(lambda u: u**3 - 2, 0.0, 2.0)
    assert (root, up) == (pytest.approx(2 ** (1 / 3), abs=1e-15), True)


def test_the_saddle_is_x2_minus_y2_and_takes_its_curvatures():
    assert SURFACES["saddle"].gradient(1.0, 1.0) == (2.0, -2.0)
    assert SURFACES["saddle"].bind(a=1.0, b=4.0).gradient(1.0, 1.0) == (1.0, -4.0)


def test_every_start_is_a_place_to_leave():
    for surface in SURFACES.values():
        assert np.hypot(*surface.gradient(*surface.start)) > 1e-4


# ------------------------------------------------------------------------------------------------------------ troubles


def test_on_the_plateau_the_loss_stays_flat_long_and_the_adaptive_rules_leave_sooner():
    surface, steps = SURFACES["plateau"], {}
    for name in ("gd", "heavy_ball", "rmsprop", "adam"):
        path = descend(surface, name, surface.start, 400, lr=0.05)
        steps[name] = int(steps_to(path, minima(surface), 0.5))
    assert steps["gd"] == -1
    assert 0 < steps["rmsprop"] < steps["heavy_ball"]
    assert 0 < steps["adam"] < steps["heavy_ball"]
    longer = descend(surface.bind(length=8.0), "adam", surface.start, 400, lr=0.05)
    assert steps_to(longer, (8.0, 0.0), 0.5) > steps["adam"]


def test_the_cliff_throws_back_a_step_that_is_right_for_the_floor():
    # without the wall lr 8 on curvature 0.1 shrinks x by 0.2 a step
    path = descend("cliff", "gd", (-5.0, 1.0), 20, lr=8.0)
    np.testing.assert_allclose(path.xy[:3, 0], [-5.0, -1.0, -0.2], atol=0.05)
    assert path.xy[:, 0].min() < -10


def test_double_well_parts_at_its_pass():
    sides = [np.sign(descend("double_well", "gd", (x, 1.2), 300, lr=0.2).xy[-1, 0]) for x in (-1e-3, 1e-3)]
    assert sides == [-1, 1]


VALLEY = SURFACES["long_valley"]
T = np.arange(1, 301)


def valley(lr, schedule):
    """A run of adagrad_rms through the long valley: distance from its floor, steps due, and the path.

    Across the floor the curvature is lambda = 10, so each step overshoots by more than it mends once lr lambda / sigma
    > 2 with sigma = C / sqrt(t), that is from step (2 C / (lr lambda))^2 on; C^2 sums the squared gradients so far.
    """
    path = descend(VALLEY, "adagrad_rms", VALLEY.start, 300, lr=lr, schedule=schedule)
    x, y = path.xy.T
    slope = 10 * (y - 0.1 * np.sin(3 * x))
    due = 4 * np.cumsum(slope * slope)[:-1] / (path.lr * 10) ** 2
    return np.abs(slope) / 10, due, path


def burst(off):
    """The first step, after the floor is reached, that is away from it again; None if there is none."""
    away = np.flatnonzero(off[30:] > 0.1)
    return int(away[0]) + 30 if away.size else None


def test_the_root_mean_square_bursts_out_of_the_long_valley_and_recovers():
    # From the lecture notes, A3, with plain settings: the display rate, no schedule, no noise
    off, due, path = valley(VALLEY.rate("adagrad_rms"), 1.0)
    assert off[10:40].max() < 0.03  # down on the floor, all calm
    assert 1.0 < burst(off) / due[30] < 1.5  # once it is due, it takes a while to grow out of the calm
    assert off[59:75].max() > 0.25  # as far out as where it came from
    assert off[75:120].max() < 0.03
    assert steps_to(path, (0.0, 0.0), 0.3) > burst(off)


@pytest.mark.parametrize(("lr", "power"), [(0.1, 0.5), (0.35, 0.5), (0.35, 1.0)])
def test_a_rate_that_decays_like_the_root_of_t_or_faster_cures_the_burst(lr, power):
    # From the lecture notes, A4: lr / sqrt(t) against sigma = C / sqrt(t) leaves lr lambda / C for good
    off, due, _ = valley(lr, T**-power)
    assert (due[10:] > T[10:]).all()  # it is never due
    assert off[20:].max() < 0.03


def test_warm_up_followed_by_decay_cures_it_and_arrives_first():
    off, due, path = valley(0.2, np.minimum(T / 20, np.sqrt(20 / T)))
    assert (due[10:] > T[10:]).all()
    assert burst(off) is None
    plain, decayed = valley(0.1, 1.0)[2], valley(0.35, T**-0.5)[2]
    arrivals = [int(steps_to(p, (0.0, 0.0), 0.3)) for p in (path, plain, decayed)]
    assert 0 < arrivals[0] < min(arrivals[1:])
    assert path_length(path) < path_length(plain)


@pytest.mark.parametrize("warmup", [20, 40])
def test_warm_up_alone_only_postpones_it(warmup):
    at_once = burst(valley(0.1, 1.0)[0])
    off, due, _ = valley(0.1, np.minimum(T / warmup, 1))
    assert burst(off) > 2 * at_once
    assert off[burst(off) :].max() > 0.25
    assert burst(off) == pytest.approx(due[warmup], rel=0.2)
