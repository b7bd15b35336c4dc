"""Curvature of surfaces, escape from a saddle, and which minimum a start leads to."""

import numpy as np
import pytest

from lrviz.curvature import basins, classify, eigen, escape_steps, escape_steps_gd, hessian, share_reaching_best
from lrviz.descent import descend
from lrviz.optimizers import OPTIMIZERS
from lrviz.surfaces import SURFACES, Shape, Surface

pytestmark = pytest.mark.thorough

SHAPES = [(), (1,), (2,), (3,), (2, 3)]
POINTS = [(entry, x, y, kind) for entry in SURFACES.values() for x, y, kind in entry.points]


def made_of(value, gradient, box=(-2.0, 2.0, -1.0, 1.0), points=()):
    """A surface that is in no registry."""
    shape = Shape(value, gradient, box, (0.0, 0.0), points, rates={})
    about = {"name": "made", "label": "Made", "formula": "", "source": ""}
    return Surface(**about, build=lambda: shape, bound={}, **shape._asdict())


def inside(surface, shape, seed=0):
    """Points of the surface's box."""
    x0, x1, y0, y1 = surface.box
    x, y = np.random.default_rng(seed).uniform(0.05, 0.95, (2, *shape))
    return x0 + (x1 - x0) * x, y0 + (y1 - y0) * y


# ------------------------------------------------------------------------------------------------- second derivatives


def test_hessian_of_quadratics():
    assert hessian(SURFACES["ravine"].bind(kappa=50.0), 3.0, -2.0) == pytest.approx(np.diag([1.0, 50.0]), abs=1e-8)
    saddle = SURFACES["saddle"].bind(a=3.0, b=0.5)
    assert hessian(saddle, 100.0, 1e-3) == pytest.approx(np.diag([3.0, -0.5]), abs=1e-8)


def test_hessian_of_rosenbrock_at_its_minimum():
    assert hessian("rosenbrock", 1, 1) == pytest.approx(np.array([[802, -400], [-400, 200]]), abs=1e-6)


def test_hessian_of_rosenbrock_everywhere():
    x, y = inside(SURFACES["rosenbrock"], (4, 5))
    h = hessian("rosenbrock", x, y)
    assert h.shape == (4, 5, 2, 2)
    assert h[..., 0, 0] == pytest.approx(2 - 400 * y + 1200 * x * x, rel=1e-8, abs=1e-6)
    assert h[..., 0, 1] == pytest.approx(-400 * x, rel=1e-8, abs=1e-6)
    assert np.array_equal(h[..., 0, 1], h[..., 1, 0])
    assert h[..., 1, 1] == pytest.approx(np.full((4, 5), 200.0), rel=1e-8)


def test_hessian_step_grows_with_the_coordinate():
    # x^3 / 3 far out: a step of 6e-6 at x = 1e8 would be lost to rounding down to a few digits.
    far = made_of(lambda x, y: x * x * x / 3 + 0 * y, lambda x, y: (x * x, 0 * y))
    assert hessian(far, 1e8, 0.0)[0, 0] == pytest.approx(2e8, rel=1e-9)


@pytest.mark.parametrize("name", SURFACES)
def test_eigenvalues_and_directions_belong_to_the_hessian(name):
    x, y = inside(SURFACES[name], (40,))
    h, (values, directions) = hessian(name, x, y), eigen(name, x, y)
    scale = 1 + np.abs(h).max(axis=(-2, -1))
    assert np.abs((values - np.linalg.eigvalsh(h)) / scale[:, None]).max() < 1e-12
    assert np.abs(directions @ directions.swapaxes(-1, -2) - np.eye(2)).max() < 1e-12
    turned = np.einsum("nij,nkj->nki", h, directions)
    assert np.abs((turned - values[..., None] * directions) / scale[:, None, None]).max() < 1e-12


def test_way_down_from_the_saddle_is_y():
    values, directions = eigen("saddle", 0, 0)
    assert values == pytest.approx([-2, 2], abs=1e-9)
    assert np.abs(directions) == pytest.approx(np.array([[0, 1], [1, 0]]), abs=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", SURFACES)
def test_batch_is_what_single_points_are(name, shape):
    x, y = inside(SURFACES[name], shape)
    h, (values, directions), kinds = hessian(name, x, y), eigen(name, x, y), classify(name, x, y)
    assert h.shape == directions.shape == (*shape, 2, 2)
    assert values.shape == (*shape, 2)
    assert np.shape(kinds) == shape
    for i in np.ndindex(shape):
        point = float(x[i]), float(y[i])
        assert np.allclose(h[i], hessian(name, *point), rtol=1e-9, atol=1e-6)
        assert np.allclose(values[i], eigen(name, *point)[0], rtol=1e-9, atol=1e-6)
        assert np.asarray(kinds)[i] == classify(name, *point)


def test_points_broadcast():
    h = hessian("rosenbrock", np.zeros((3, 1)), np.arange(4.0))
    assert h.shape == (3, 4, 2, 2)
    assert h[2, :, 0, 0] == pytest.approx(2 - 400 * np.arange(4.0), rel=1e-8)


def test_no_point_no_curvature():
    assert np.isnan(hessian("ravine", np.nan, np.nan)).any()
    values, directions = eigen("rosenbrock", [1.0, np.nan], [1.0, np.nan])
    assert np.isfinite(values[0]).all()
    assert np.isnan(values[1]).all()
    assert np.isnan(directions[1]).all()


# ---------------------------------------------------------------------------------------------------- classification


@pytest.mark.parametrize(
    ("entry", "x", "y", "kind"), POINTS, ids=[f"{e.name}-{x:.3g}-{y:.3g}" for e, x, y, _ in POINTS]
)
def test_every_declared_critical_point_is_what_it_says(entry, x, y, kind):
    assert classify(entry, x, y) == kind


def test_all_four_kinds_are_declared_somewhere():
    assert {kind for *_, kind in POINTS} == {"minimum", "maximum", "saddle", "degenerate"}


def test_a_maximum():
    hill = made_of(lambda x, y: -x * x - 3 * y * y, lambda x, y: (-2 * x, -6 * y))
    assert classify(hill, 0, 0) == "maximum"
    assert isinstance(classify(hill, 0, 0), str)


def test_flat_to_second_order_is_degenerate():
    quartic = made_of(lambda x, y: x**4 + y**4, lambda x, y: (4 * x * x * x, 4 * y * y * y))
    assert classify(quartic, 0, 0) == "degenerate"
    monkey = made_of(lambda x, y: x**3 - 3 * x * y * y, lambda x, y: (3 * x * x - 3 * y * y, -6 * x * y))
    assert classify(monkey, 0, 0) == "degenerate"
    trough = made_of(lambda x, y: x * x + 0 * y, lambda x, y: (2 * x, 0 * y))
    assert classify(trough, 0.3, 7.0) == "degenerate"


@pytest.mark.parametrize("scale", [1e-200, 1e-9, 1e9])
def test_classification_does_not_depend_on_the_unit_of_the_loss(scale):
    bowl = made_of(lambda x, y: scale * (x * x + y * y), lambda x, y: (2 * scale * x, 2 * scale * y))
    assert classify(bowl, 0.5, -0.5) == "minimum"
    quartic = made_of(lambda x, y: scale * (x**4 + y**4), lambda x, y: (4 * scale * x**3, 4 * scale * y**3))
    assert classify(quartic, 0, 0) == "degenerate"


def test_tolerance_is_relative_to_the_larger_eigenvalue():
    long = made_of(lambda x, y: 0.5 * (x * x + 1e-4 * y * y), lambda x, y: (x, 1e-4 * y))
    assert classify(long, 0, 0) == "minimum"
    assert classify(long, 0, 0, tolerance=0.9e-4) == "minimum"
    assert classify(long, 0, 0, tolerance=1.1e-4) == "degenerate"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"x": np.nan, "y": 0}, "classify: x must be finite, got nan"),
        ({"x": 0, "y": np.inf}, "classify: y must be finite, got inf"),
        ({"x": 0, "y": 0, "tolerance": 1.0}, r"classify: tolerance must be in \[0, 1\), got 1.0"),
    ],
)
def test_classify_refuses(given, message):
    with pytest.raises(ValueError, match=message):
        classify("saddle", **given)


def test_unknown_surface():
    with pytest.raises(KeyError, match="unknown surface 'sadle'; did you mean 'saddle'"):
        hessian("sadle", 0, 0)


# -------------------------------------------------------------------------------------------------- leaving a saddle


@pytest.mark.parametrize(
    ("optimizer", "steps"), [("gd", 73), ("momentum", 115), ("heavy_ball", 27), ("rmsprop", 8), ("adam", 20)]
)
def test_lecture_numbers_of_the_race(optimizer, steps):
    # From the lecture notes, P3: x^2 - y^2 from (1, 1e-3) to |y| > 1 at lr 0.05
    assert escape_steps("saddle", optimizer, 1e-3, lr=0.05) == steps


@pytest.mark.parametrize("lr", [0.01, 0.05, 0.4])
@pytest.mark.parametrize("b", [0.3, 2.0])
@pytest.mark.parametrize("radius", [0.7, 1.0, 30.0])
def test_gradient_descent_leaves_as_the_closed_form_says(lr, b, radius):
    offsets = 0.37 * 10.0 ** -np.arange(16) * np.where(np.arange(16) % 2, 1, -1)
    expected = np.ceil(np.log(radius / np.abs(offsets)) / np.log(1 + lr * b))
    assert np.array_equal(escape_steps_gd(offsets, radius, lr, b), expected)
    steps = int(expected.max())
    measured = escape_steps(SURFACES["saddle"].bind(b=b), "gd", offsets, radius=radius, steps=steps, lr=lr)
    assert np.array_equal(measured, expected)
    cut = escape_steps(SURFACES["saddle"].bind(b=b), "gd", offsets, radius=radius, steps=steps - 1, lr=lr)
    assert np.array_equal(cut, np.where(expected == steps, -1, expected))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_exactly_on_the_saddle_nothing_moves(optimizer):
    assert escape_steps("saddle", optimizer, 0.0, steps=2000, lr=0.05) == -1
    assert (descend("saddle", optimizer, (1.0, 0.0), 2000, lr=0.05).xy[:, 1] == 0).all()


def test_noise_leaves_the_saddle_for_gradient_descent():
    steps = escape_steps("saddle", "gd", 0.0, lr=0.05, noise=1e-3, seed=np.arange(5))
    assert steps.shape == (5,)
    assert (steps > 0).all()


def test_who_forgets_the_scale_of_the_gradient():
    # Six decades nearer: gradient descent takes ln(1e6) / ln(1.1) = 145 steps more, RMSprop and Adam hardly any.
    near, far = 1e-7, 1e-1
    extra = {o: np.diff(escape_steps("saddle", o, [far, near], lr=0.05))[0] for o in ("gd", "rmsprop", "adam")}
    assert extra["gd"] in (144, 145, 146)
    assert 0 <= extra["rmsprop"] <= 3
    assert 0 <= extra["adam"] <= 4


def test_below_eps_over_curvature_adaptive_rules_wait_too():
    # With |g| far below eps RMSprop's denominator is eps: y grows by 1 + lr b / eps a step, as for gradient descent.
    offsets = [1e-9, 1e-12]
    measured = escape_steps("saddle", "rmsprop", offsets, radius=1e-7, lr=0.05, eps=1.0)
    assert np.array_equal(measured, escape_steps_gd(offsets, 1e-7, 0.05 / 1.0, 2.0))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("optimizer", ["gd", "adam"])
def test_escape_of_a_batch_is_that_of_single_runs(optimizer, shape):
    offsets = 10.0 ** np.random.default_rng(4).uniform(-6, -0.5, shape)
    steps = escape_steps("saddle", optimizer, offsets, lr=0.05)
    assert np.shape(steps) == shape
    for i in np.ndindex(shape):
        assert steps[i] == escape_steps("saddle", optimizer, float(offsets[i]), lr=0.05)


def test_escape_broadcasts_with_hyperparameters():
    steps = escape_steps("saddle", "gd", [1e-2, 1e-4], lr=np.array([[0.05], [0.1], [0.2]]))
    assert np.array_equal(steps, escape_steps_gd([1e-2, 1e-4], 1.0, np.array([[0.05], [0.1], [0.2]]), 2.0))


def test_a_run_that_starts_outside_is_out_at_once():
    assert escape_steps("saddle", "gd", -1.5, lr=0.05) == escape_steps_gd(-1.5, 1.0, 0.05, 2.0) == 0


def test_diverging_along_x_is_no_escape():
    # lr a = 3: x grows by |1 - 3| a step and passes 1e6 after 20, when y = 1e-300 * 4^20 is still nothing.
    assert escape_steps(SURFACES["saddle"].bind(a=3.0, b=3.0), "gd", 1e-300, lr=1.0, steps=100) == -1


def test_closed_form_where_nothing_moves():
    assert escape_steps_gd(0.0, 1.0, 0.05, 2.0) == np.inf
    assert escape_steps_gd([1e-3, 1e-3, 1.0], 1.0, [0.0, 0.05, 0.0], [2.0, 0.0, 2.0]).tolist() == [np.inf, np.inf, 0.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: escape_steps("saddle", "gd", np.nan), "escape_steps: offset must be finite, got nan"),
        (lambda: escape_steps("saddle", "gd", 0.1, radius=0), "escape_steps: radius must be > 0, got 0"),
        (lambda: escape_steps_gd(0.1, -1, 0.1, 2), "escape_steps_gd: radius must be > 0, got -1"),
        (lambda: escape_steps_gd(0.1, 1, -0.1, 2), "escape_steps_gd: lr must be >= 0, got -0.1"),
        (lambda: escape_steps_gd(0.1, 1, 0.1, -2), "escape_steps_gd: curvature must be >= 0, got -2"),
    ],
)
def test_escape_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# ------------------------------------------------------------------------------------------------------ which minimum


def wells(tilt=0.0):
    """Two valleys along y, (y^2 - 1)^2 / 4 + tilt y + x^2 / 2, the upper one first among the points.

    Without tilt the minima are (0, 1) and (0, -1), and small steps from (x, y) end in the one on the side of y.
    """
    upper, lower = (sorted(np.roots([1, 0, -1, tilt]).real)[i] for i in (-1, 0))
    return made_of(
        lambda x, y: (y * y - 1) * (y * y - 1) / 4 + tilt * y + x * x / 2,
        lambda x, y: (x, y * (y * y - 1) + tilt),
        box=(-1.0, 3.0, -2.0, 1.0),
        points=((0.0, upper, "minimum"), (0.0, 0.0, "saddle"), (0.0, lower, "minimum")),
    )


def test_basins_of_two_valleys():
    found = basins(wells(), "gd", 300, 41, lr=0.1)
    assert (found.x[0], found.x[-1], found.y[0], found.y[-1]) == (-1.0, 3.0, -2.0, 1.0)
    expected = np.where(found.y > 0, 0, 1)[:, None] * np.ones(41, int)
    assert np.array_equal(found.reached, expected)
    assert found.shares == pytest.approx([(found.y > 0).mean(), (found.y < 0).mean()], rel=1e-12)
    assert [m[:2] for m in found.minima] == [pytest.approx((0, 1)), pytest.approx((0, -1))]
    assert found.best == (0, 1)
    assert found.share_reaching_best == 1.0


def test_shares_count_the_map():
    found = basins("himmelblau", "gd", 300, 25, lr=0.01)
    assert found.shares == pytest.approx([np.count_nonzero(found.reached == k) / 625 for k in range(4)], rel=1e-12)
    assert found.best == (0, 1, 2, 3)  # all four are zeros of a sum of squares
    assert found.share_reaching_best == pytest.approx(found.shares.sum(), rel=1e-12)


def test_best_is_the_lowest_minimum():
    found = basins(wells(tilt=0.1), "gd", 300, 40, lr=0.1)
    assert found.best == (1,)
    assert found.minima[1][2] < found.minima[0][2]
    assert found.share_reaching_best == pytest.approx(found.shares[1], rel=1e-12)
    assert 0.6 < found.shares[1] < 0.8  # the ridge lies at y = 0.1, 70 % of the way up the box
    assert share_reaching_best(wells(tilt=0.1), "gd", 300, 40, lr=0.1) == found.share_reaching_best


def test_starts_on_the_ridge_too_late_or_gone_reach_none():
    on_ridge = basins(wells(), "gd", 300, 4, lr=0.1)  # y = -2, -1, 0, 1
    assert on_ridge.reached[:, 0].tolist() == [1, 1, -1, 0]
    assert on_ridge.shares.sum() == pytest.approx(0.75)
    too_late = basins(wells(), "gd", 2, 4, lr=0.1)
    assert (too_late.reached[0] == -1).all()
    gone = basins("ravine", "gd", 200, 4, lr=1.0)  # beyond 2 / kappa = 0.1
    assert (gone.reached == -1).all()
    assert gone.share_reaching_best == 0.0


def test_tolerance_decides_what_has_arrived():
    # One step of lr 0.5 halves x: from x = -1, ..., 3 and y = 1 it ends |x| / 2 away from (0, 1).
    for tolerance, arrived in ((0.6, [True, True, True, False, False]), (1.1, [True, True, True, True, False])):
        reached = basins(wells(), "gd", 1, 5, tolerance=tolerance, lr=0.5).reached
        assert (reached[-1] == 0).tolist() == arrived


def test_map_is_what_single_runs_give():
    coarse, fine = (basins(wells(tilt=0.1), "heavy_ball", 100, n, lr=0.1) for n in (4, 7))
    assert np.array_equal(fine.reached[::2, ::2], coarse.reached)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: basins("saddle", "gd", 10, 4), "basins: surface must have a minimum among its points, got 'saddle'"),
        (lambda: basins("ravine", "gd", 10, 1), r"basins: n must be a whole number in \[2, 512\], got 1"),
        (lambda: basins("ravine", "gd", 10, 4, tolerance=0), "basins: tolerance must be > 0, got 0"),
        (
            lambda: basins("ravine", "gd", 10, 4, lr=np.ones((2, 1, 1))),
            r"single values, got a batch of shape \(2, 4, 4\)",
        ),
        (
            lambda: basins("ravine", "gd", 10_000, 512),
            "basins: starts times steps must be <= 20000000, got 262144 times 10000",
        ),
    ],
)
def test_basins_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
