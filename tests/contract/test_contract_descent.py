"""What every optimizer and every surface must satisfy, whatever its formula: the plumbing, over the registries."""

import math

import numpy as np
import pytest

from lrviz.descent import descend
from lrviz.optimizers import OPTIMIZERS, either, maximum, sign, sqrt, where
from lrviz.surfaces import KINDS, SURFACES

SHAPES = [(), (1,), (2,), (3,), (2, 3)]
NUMBERS = [(o.name, p.name) for o in OPTIMIZERS.values() for p in o.params if p.kind == "number"]
# a range that is legal, moves on himmelblau without diverging, and shows when a value is ignored
RANGES = {"lr": (1e-4, 2e-3), "eps": (1e-8, 1e-1), "weight_decay": (0.0, 0.5)} | dict.fromkeys(
    ("beta", "beta1", "beta2", "rho"), (0.1, 0.95)
)


def span(name, param):
    """Where a hyperparameter is varied: over its slider, if nothing else is known of it."""
    return RANGES.get(param, OPTIMIZERS[name].param(param).slider)


def beyond(described):
    """A number outside the legal range; NaN where every number is legal."""
    ends = [end for end in (described.low - 1, described.high + 1) if math.isfinite(end)]
    return ends[0] if ends else math.nan


def grid(box, n=7):
    x, y = np.meshgrid(np.linspace(*box[:2], n) + 0.013, np.linspace(*box[2:], n) - 0.007)
    return x.ravel(), y.ravel()


def variants(surface):
    """The surface with its default parameters, and with each at both ends of its slider."""
    ends = [surface.bind(**{p.name: end}) for p in surface.params for end in p.slider]
    return [surface, *ends]


def assert_same(one, other):
    np.testing.assert_allclose(one.xy, other.xy, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(one.loss, other.loss, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(one.grad_norm, other.grad_norm, rtol=1e-11, atol=1e-13)
    np.testing.assert_array_equal(one.lr, other.lr)
    assert one.slots.keys() == other.slots.keys()
    for name in one.slots:
        np.testing.assert_allclose(one.slots[name], other.slots[name], rtol=1e-11, atol=1e-14)


def run_of(batch, i):
    return type(batch)(
        xy=batch.xy[i],
        loss=batch.loss[i],
        grad_norm=batch.grad_norm[i],
        lr=batch.lr[i],
        slots={name: values[i] for name, values in batch.slots.items()},
        diverged=batch.diverged[i],
    )


# --------------------------------------------------------------------------------------------------------- optimizers


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_entry_is_complete(name):
    entry = OPTIMIZERS[name]
    assert entry.name == name
    assert entry.label
    assert entry.formula
    assert entry.source
    assert entry.params[0].name == "lr"
    assert entry.like is None or entry.like in OPTIMIZERS
    for p in entry.params:
        assert p.label
        assert p.help
        if p.kind == "number":
            low, high = p.slider
            assert p.check(low, name) < p.check(high, name)
            assert not p.log or low > 0


@pytest.mark.parametrize(("name", "param"), NUMBERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_batch_over_a_hyperparameter_equals_single_runs(name, param, shape):
    values = np.linspace(*span(name, param), math.prod(shape)).reshape(shape)
    given = {"lr": 1e-3, param: values}
    fixed = {"noise": 20.0, "seed": 5, "slots": True}  # noise, so that every average has something to average
    batch = descend("himmelblau", name, (0.5, -1.0), 12, **fixed, **given)
    assert batch.xy.shape == (*shape, 13, 2)
    assert batch.lr.shape == (*shape, 12)
    for i in np.ndindex(shape):
        alone = descend("himmelblau", name, (0.5, -1.0), 12, **fixed, **given | {param: float(values[i])})
        assert_same(run_of(batch, i), alone)
    if math.prod(shape) > 1 and param not in ("eps", "weight_decay"):
        flat = batch.xy.reshape(-1, 13, 2)
        assert np.abs(flat[0] - flat[-1]).max() > 1e-6  # the parameter does something


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_batch_over_everything_else_equals_single_runs(name, shape):
    draw = np.random.default_rng(3)
    start = draw.uniform(-2, 2, (*shape, 2))
    noise, seed = draw.uniform(0, 1, shape), draw.integers(0, 99, shape)
    schedule = draw.uniform(0, 2, (*shape, 12))
    batch = descend(
        "himmelblau", name, start, 12, schedule=schedule, noise=noise, seed=seed, lr=1e-3, slots=True
    )  # fmt: skip
    for i in np.ndindex(shape):
        alone = descend(
            "himmelblau", name, start[i], 12, schedule=schedule[i], noise=noise[i], seed=seed[i], lr=1e-3, slots=True
        )  # fmt: skip
        assert_same(run_of(batch, i), alone)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_batch_axes_broadcast_against_each_other(name):
    starts = np.random.default_rng(0).uniform(-2, 2, (3, 1, 2))
    rates = np.array([1e-4, 1e-3])
    batch = descend("himmelblau", name, starts, 5, lr=rates)
    assert batch.xy.shape == (3, 2, 6, 2)
    assert_same(run_of(batch, (2, 1)), descend("himmelblau", name, starts[2, 0], 5, lr=1e-3))


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("surface", SURFACES)
def test_single_run_in_floats_equals_a_batch_of_one(name, surface):
    start, lr = SURFACES[surface].start, SURFACES[surface].rate(name) / 50
    alone, batch = (descend(surface, name, at, 10, lr=lr, slots=True) for at in (start, [start]))
    assert_same(run_of(batch, 0), alone)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_rate_zero_stands_still(name):
    path = descend("rosenbrock", name, (-1.0, 1.5), 5, lr=0.0)
    np.testing.assert_array_equal(path.xy, np.broadcast_to((-1.0, 1.5), (6, 2)))


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("surface", ["saddle", "ravine", "monkey_saddle", "ackley"])
def test_nothing_moves_where_the_gradient_vanishes(name, surface):
    given = {"weight_decay": 0.3} if name == "adamw" else {}
    path = descend(surface, name, (0.0, 0.0), 20, lr=0.1, **given)
    assert not path.diverged
    np.testing.assert_array_equal(path.xy, 0.0)


@pytest.mark.parametrize(("name", "param"), NUMBERS)
def test_error_names_optimizer_and_hyperparameter(name, param):
    described = OPTIMIZERS[name].param(param)
    for bad in (beyond(described), math.nan, math.inf, "a", None, [described.default, beyond(described)]):
        with pytest.raises(ValueError, match=f"^{name}: {param} must be "):
            descend("ravine", name, (1.0, 1.0), 3, **{param: bad})


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_unknown_hyperparameter_is_named_with_those_there_are(name):
    takes = ", ".join(p.name for p in OPTIMIZERS[name].params)
    with pytest.raises(TypeError, match=f"^{name} has no parameter 'betta'; it takes {takes}$"):
        descend("ravine", name, (1.0, 1.0), 3, betta=0.9)


@pytest.mark.parametrize("name", [o.name for o in OPTIMIZERS.values() if o.denominator])
@pytest.mark.parametrize("shape", [(), (2,)])
def test_denominator_is_what_the_rate_is_divided_by(name, shape):
    entry = OPTIMIZERS[name]
    known = [p.name for p in entry.params]
    given = {k: v for k, v in {"beta1": 0.0, "beta2": 0.9, "weight_decay": 0.0}.items() if k in known}
    settings = {p.name: p.default for p in entry.params} | given  # with beta1 = 0, m is the gradient itself
    start = np.broadcast_to((1.0, -0.5), (*shape, 2))
    path = descend("himmelblau", name, start, 30, lr=1e-3, noise=50.0, seed=1, slots=True, **given)
    after = {k: v[..., 1:, :] for k, v in path.slots.items()}
    divisor = entry.denominator(after, np.arange(1, 31)[:, None], **settings)
    g = np.stack(SURFACES["himmelblau"].gradient(path.xy[..., :-1, 0], path.xy[..., :-1, 1]), axis=-1)
    g = g + 50.0 * np.random.default_rng(1).standard_normal((30, 2))
    np.testing.assert_allclose(np.diff(path.xy, axis=-2) * divisor, -1e-3 * g, rtol=1e-7, atol=1e-12)


STABLE = [o.name for o in OPTIMIZERS.values() if o.stability]


def test_the_rules_without_adaptation_have_a_stability_limit():
    assert {"gd", "momentum", "heavy_ball", "nesterov"} <= set(STABLE)
    assert not [name for name in STABLE if OPTIMIZERS[name].normalises]


@pytest.mark.parametrize("name", STABLE)
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("curvature", [1.0, 20.0])
def test_stability_limit_separates_shrinking_from_growing(name, beta, curvature):
    given = {OPTIMIZERS[name].memory: beta} if OPTIMIZERS[name].memory else {}
    limit = OPTIMIZERS[name].stability(curvature, **given)
    ravine = SURFACES["ravine"].bind(kappa=curvature)
    path = descend(ravine, name, (0.0, 1.0), 4000, lr=limit * np.array([0.98, 1.02]), limit=1e300, **given)
    assert abs(path.xy[0, -1, 1]) < 1e-3
    assert path.diverged[1] or abs(path.xy[1, -1, 1]) > 1e3


def test_functions_of_floats_and_arrays_agree():
    values = np.array([0.0, 0.25, 4.0])
    np.testing.assert_array_equal(sqrt(values), [sqrt(float(v)) for v in values])
    np.testing.assert_array_equal(sign(values - 0.25), [sign(float(v - 0.25)) for v in values])
    np.testing.assert_array_equal(maximum(values, 0.25), [maximum(float(v), 0.25) for v in values])
    np.testing.assert_array_equal(where(values > 1, values, -1.0), [where(v > 1, float(v), -1.0) for v in values])
    assert type(either(math.sqrt, np.sqrt)(4.0)) is float


# ----------------------------------------------------------------------------------------------------------- surfaces


@pytest.mark.parametrize("name", SURFACES)
def test_surface_is_complete(name):
    surface = SURFACES[name]
    assert surface.name == name
    assert surface.label
    assert surface.formula
    assert surface.source
    assert set(surface.rates) <= set(OPTIMIZERS)
    for variant in variants(surface):
        x0, x1, y0, y1 = variant.box
        assert x0 < variant.start[0] < x1
        assert y0 < variant.start[1] < y1
        for optimizer in OPTIMIZERS.values():
            optimizer.param("lr").check(variant.rate(optimizer), name)


@pytest.mark.parametrize("name", SURFACES)
def test_display_rates_do_not_diverge_at_once(name):
    for variant in variants(SURFACES[name]):
        tried = [o for o in OPTIMIZERS.values() if o.name in variant.rates or o.like in variant.rates]
        for optimizer, rate in ((o.name, variant.rate(o)) for o in tried):
            path = descend(variant, optimizer, variant.start, 200, lr=rate)
            assert not path.diverged or name in ("saddle", "monkey_saddle"), (optimizer, variant.bound)
            assert np.nanmin(path.loss) < path.loss[0] - 1e-3 * abs(path.loss[0]), (optimizer, variant.bound)


@pytest.mark.parametrize("name", SURFACES)
def test_gradient_agrees_with_differences_of_the_value(name):
    for surface in variants(SURFACES[name]):
        x, y = grid(surface.box)
        h = 1e-5
        gx, gy = surface.gradient(x, y)
        dx = (surface.value(x + h, y) - surface.value(x - h, y)) / (2 * h)
        dy = (surface.value(x, y + h) - surface.value(x, y - h)) / (2 * h)
        tolerance = 1e-9 * np.abs(surface.value(x, y)).max() + 1e-6
        np.testing.assert_allclose(gx, dx, rtol=1e-5, atol=tolerance)
        np.testing.assert_allclose(gy, dy, rtol=1e-5, atol=tolerance)


@pytest.mark.parametrize("name", SURFACES)
def test_floats_stay_plain_floats_and_agree_with_arrays(name):
    surface = SURFACES[name]
    x, y = grid(surface.box, 4)
    values, (gx, gy) = surface.value(x, y), surface.gradient(x, y)
    for i, (a, b) in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        alone = (surface.value(a, b), *surface.gradient(a, b))
        assert [type(v) for v in alone] == [float] * 3
        np.testing.assert_allclose(alone, (values[i], gx[i], gy[i]), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", SURFACES)
def test_values_have_the_shape_of_the_arguments(name):
    x, y = np.zeros((2, 3)), np.ones((2, 3))
    assert SURFACES[name].value(x, y).shape == (2, 3)
    assert [g.shape for g in SURFACES[name].gradient(x, y)] == [(2, 3)] * 2


@pytest.mark.parametrize("name", SURFACES)
def test_declared_points_are_critical_and_of_the_declared_kind(name):
    for surface in variants(SURFACES[name]):
        x0, x1, y0, y1 = surface.box
        assert len({point[:2] for point in surface.points}) == len(surface.points) > 0
        for x, y, kind in surface.points:
            assert kind in KINDS
            assert x0 <= x <= x1
            assert y0 <= y <= y1
            h = 1e-5
            across = [surface.gradient(x + h, y), surface.gradient(x - h, y)]
            along = [surface.gradient(x, y + h), surface.gradient(x, y - h)]
            hessian = np.array([np.subtract(*across), np.subtract(*along)]) / (2 * h)
            curvatures = np.linalg.eigvalsh((hessian + hessian.T) / 2)
            steep = max(1.0, np.abs(curvatures).max())
            assert np.hypot(*surface.gradient(x, y)) <= 1e-8 * steep  # so the point is right to some 1e-8
            if kind == "degenerate":
                assert np.abs(curvatures).min() < 1e-6
            else:
                down = {"minimum": 0, "saddle": 1, "maximum": 2}[kind]
                assert (np.sum(curvatures < -1e-3), np.sum(curvatures > 1e-3)) == (down, 2 - down)


@pytest.mark.parametrize("name", SURFACES)
def test_logarithmic_levels_are_asked_for_only_where_the_loss_is_positive(name):
    surface = SURFACES[name]
    values = surface.value(*grid(surface.box, 60))
    assert not surface.log or (values.min() > 0 and values.max() / values.min() > 1e3)


WITH_PARAMS = [(s.name, p.name) for s in SURFACES.values() for p in s.params]


@pytest.mark.parametrize(("name", "param"), WITH_PARAMS)
def test_binding_changes_the_surface_and_nothing_else(name, param):
    surface = SURFACES[name]
    value = surface.params[[p.name for p in surface.params].index(param)].slider[1]
    bound = surface.bind(**{param: value})
    assert bound.bound[param] == value
    assert bound.bind().bound == bound.bound  # a second binding keeps the first
    assert surface.bound[param] != value
    x, y = grid(surface.box)
    assert np.abs(np.subtract(bound.gradient(x, y), surface.gradient(x, y))).max() > 1e-5


@pytest.mark.parametrize(("name", "param"), WITH_PARAMS)
def test_error_names_surface_and_parameter(name, param):
    described = next(p for p in SURFACES[name].params if p.name == param)
    for bad in (beyond(described), math.nan, "a", None, [described.default] * 2):
        with pytest.raises(ValueError, match=f"^{name}: {param} must be "):
            SURFACES[name].bind(**{param: bad})


@pytest.mark.parametrize("name", SURFACES)
def test_unknown_parameter_of_a_surface_is_named(name):
    with pytest.raises(TypeError, match=f"^{name} has no parameter 'kapa'; it takes "):
        SURFACES[name].bind(kapa=1.0)
