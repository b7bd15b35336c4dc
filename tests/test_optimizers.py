"""The mathematics of the update rules: closed forms, published values, other libraries."""

import math

import numpy as np
import pytest
from support import library_facts

from lrviz.descent import descend, first_step, steps_to
from lrviz.optimizers import OPTIMIZERS, Optimizer, optimizer, rate, sign
from lrviz.params import decay, number
from lrviz.surfaces import SURFACES

ADAM = {"lr": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 0.0, "corrected": True}


def constant_gradient(name, g, steps, **hyperparameters):
    """The steps a rule takes when every gradient is g."""
    entry = OPTIMIZERS[name]
    settings = {p.name: p.default for p in entry.params} | hyperparameters
    slots, taken = dict.fromkeys(entry.slots, 0.0), []
    for t in range(1, steps + 1):
        step, slots = entry.rule(0.0, g, slots, t, **settings)
        taken.append(step)
    return np.array(taken)


# ---------------------------------------------------------------------------------------------------- other libraries


@pytest.mark.parametrize("name", library_facts.OPTIMIZERS)
def test_positions_agree_with_the_library(name):
    _, hyperparameters, expected = library_facts.OPTIMIZERS[name]
    path = descend("beale", name, (1.0, -1.5), 60, **hyperparameters)
    np.testing.assert_allclose(path.xy[library_facts.SEEN_AT], expected, rtol=1e-9)


@pytest.mark.parametrize("name", library_facts.DEFAULTS)
def test_defaults_are_those_of_the_library(name):
    ours = {p.name: p.default for p in OPTIMIZERS[name].params}
    assert ours | library_facts.DEFAULTS[name][1] == ours


def test_the_fourteen_rules_of_the_package_in_display_order():
    assert " ".join(list(OPTIMIZERS)[:14]) == (
        "gd momentum heavy_ball nesterov adagrad adagrad_rms rmsprop adadelta adam amsgrad adamax nadam radam adamw"
    )


# ------------------------------------------------------------------------------------------- gradient descent, inertia


@pytest.mark.parametrize("lr", [0.03, 0.09, 0.1])
def test_gd_on_a_quadratic_is_a_geometric_series(lr):
    t = np.arange(51)
    path = descend("ravine", "gd", (-4.0, 2.0), 50, lr=lr)
    np.testing.assert_allclose(path.xy[:, 0], -4 * (1 - lr) ** t, rtol=1e-12)
    np.testing.assert_allclose(path.xy[:, 1], 2 * (1 - 20 * lr) ** t, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("surface", ["ravine", "rosenbrock"])
@pytest.mark.parametrize("beta", [0.5, 0.9])
def test_heavy_ball_with_the_rate_times_1_minus_beta_is_momentum(surface, beta):
    ours = descend(surface, "momentum", (-1.5, 1.0), 200, lr=5e-3, beta=beta)
    ball = descend(surface, "heavy_ball", (-1.5, 1.0), 200, lr=5e-3 * (1 - beta), beta=beta)
    np.testing.assert_allclose(ours.xy, ball.xy, rtol=1e-8)


def test_momentum_without_beta_is_gd():
    assert (
        descend("beale", "momentum", (1.0, 1.0), 50, beta=0.0).xy
        == descend("beale", "gd", (1.0, 1.0), 50).xy
    ).all()  # fmt: skip


def test_corrected_momentum_averages_a_constant_gradient_to_itself():
    np.testing.assert_allclose(constant_gradient("momentum", 3.0, 40, lr=0.1, corrected=True), -0.3, rtol=1e-12)
    late = constant_gradient("momentum", 3.0, 40, lr=0.1, corrected=False)
    np.testing.assert_allclose(late, -0.3 * (1 - 0.9 ** np.arange(1, 41)), rtol=1e-12)


def test_momentum_is_no_faster_than_gd_at_the_same_rate():
    # From the lecture notes, O2: ravine kappa 20, lr 0.09, from (-4, 2) to within 0.01 of the minimum
    ravine = SURFACES["ravine"].bind(kappa=20.0)
    steps = {name: int(steps_to(descend(ravine, name, (-4.0, 2.0), 300, lr=0.09), (0, 0), 0.01))
             for name in ("gd", "momentum")}  # fmt: skip
    assert steps == {"gd": 64, "momentum": 102}


def test_momentum_wins_by_the_larger_rate_it_permits():
    # Polyak 1964: with beta = ((sqrt(kappa)-1)/(sqrt(kappa)+1))^2 and the best rate, errors shrink by sqrt(beta) a step
    # (times t), against (kappa-1)/(kappa+1) for gradient descent at its best rate
    kappa = 20.0
    root = (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)
    best = {"lr": (2 / (1 + math.sqrt(kappa))) ** 2, "beta": root**2}
    ball = descend("ravine", "heavy_ball", (-4.0, 2.0), 200, **best)
    plain = descend("ravine", "gd", (-4.0, 2.0), 200, lr=2 / (1 + kappa))
    assert abs(plain.xy[60, 0]) == pytest.approx(4 * ((kappa - 1) / (kappa + 1)) ** 60, rel=1e-9)
    assert abs(ball.xy[60, 0]) < 4 * (60 + 1) * root**60 * 2
    assert 0 < steps_to(ball, (0, 0), 0.01) < steps_to(plain, (0, 0), 0.01) / 2


def test_nesterov_is_momentum_that_looks_ahead():
    # Sutskever et al. 2013: v = b v - lr grad(w + b v), w = w + v; the rule's position is the point looked at, w + b v
    lr, beta, gradient = 1e-3, 0.9, SURFACES["rosenbrock"].gradient
    w, v, seen = np.array([-1.5, 2.0]), np.zeros(2), []
    for _ in range(100):
        seen.append(w + beta * v)
        v = beta * v - lr * np.array(gradient(*seen[-1]))
        w = w + v
    path = descend("rosenbrock", "nesterov", (-1.5, 2.0), 99, lr=lr, beta=beta)
    np.testing.assert_allclose(path.xy, seen, rtol=1e-9)


def test_stability_limits_in_closed_form():
    limit = {name: OPTIMIZERS[name].stability for name in ("gd", "momentum", "heavy_ball", "nesterov")}
    assert limit["gd"](20.0) == pytest.approx(0.1)
    assert limit["momentum"](20.0, beta=0.9, corrected=False) == pytest.approx(1.9)
    assert limit["heavy_ball"](20.0, beta=0.9) == pytest.approx(0.19)
    assert limit["nesterov"](20.0, beta=0.9) == pytest.approx(3.8 / 56)
    np.testing.assert_allclose(limit["heavy_ball"](np.array([1.0, 2.0]), beta=0.5), [3.0, 1.5])


def test_on_the_stability_limit_the_iteration_has_an_eigenvalue_of_minus_one():
    # (w, v) -> M (w, v) on a quadratic of curvature l; written out from the rules
    lam, b = 3.0, 0.7
    matrices = {
        "momentum": lambda a: [[1 - a * (1 - b) * lam, -a * b], [(1 - b) * lam, b]],
        "heavy_ball": lambda a: [[1 - a * lam, -a * b], [lam, b]],
        "nesterov": lambda a: [[1 - a * (1 + b) * lam, -a * b * b], [lam, b]],
    }
    for name, matrix in matrices.items():
        eigenvalues = np.linalg.eigvals(matrix(OPTIMIZERS[name].stability(lam, beta=b)))
        assert min(eigenvalues.real) == pytest.approx(-1.0)
        assert max(abs(eigenvalues)) == pytest.approx(1.0)


# ----------------------------------------------------------------------------------------------- rates per coordinate


@pytest.mark.parametrize("name", ["adam", "amsgrad", "adamax", "adagrad", "adagrad_rms"])
@pytest.mark.parametrize("g", [1e-3, -7.0, 1e5])
def test_first_step_is_the_rate_in_the_direction_of_the_sign(name, g):
    assert constant_gradient(name, g, 1, lr=0.1, eps=0.0)[0] == pytest.approx(-0.1 * np.sign(g), rel=1e-12)


@pytest.mark.parametrize("initial", ["zero", "first_gradient"])
def test_first_step_of_rmsprop_depends_on_where_its_average_starts(initial):
    # From the lecture notes, A5: from 0 the first step is 1/sqrt(1 - 0.9) = 3.16 times the rate; from the first square it is the rate
    factor = {"zero": math.sqrt(10), "first_gradient": 1.0}[initial]
    step = constant_gradient("rmsprop", 5.0, 1, lr=0.1, beta2=0.9, eps=0.0, initial=initial)[0]
    assert step == pytest.approx(-0.1 * factor, rel=1e-12)


def test_rmsprop_from_the_first_gradient_is_the_second_lecture_s_recursion():
    # sigma_0 = |g_0|, sigma_t = sqrt(b sigma_{t-1}^2 + (1-b) g_t^2), w -= lr g_t / sigma_t
    lr, b, gradient = 0.01, 0.9, SURFACES["himmelblau"].gradient
    w, square, seen = np.array([0.5, -1.0]), None, []
    for _ in range(30):
        seen.append(w)
        g = np.array(gradient(*w))
        square = g * g if square is None else b * square + (1 - b) * g * g
        w = w - lr * g / np.sqrt(square)
    path = descend("himmelblau", "rmsprop", (0.5, -1.0), 29, lr=lr, beta2=b, eps=0.0, initial="first_gradient")
    np.testing.assert_allclose(path.xy, seen, rtol=1e-10)


@pytest.mark.parametrize("surface", ["rosenbrock", "ravine", "beale"])
def test_adagrad_rms_is_adagrad_with_the_rate_times_sqrt_t(surface):
    mean = descend(surface, "adagrad_rms", (1.0, -1.5), 100, lr=0.02)
    total = descend(surface, "adagrad", (1.0, -1.5), 100, lr=0.02, eps=0.0, schedule=np.sqrt(np.arange(1, 101)))
    np.testing.assert_allclose(mean.xy, total.xy, rtol=1e-7)


def test_adagrad_rms_takes_no_step_for_0_over_0():
    single = descend("saddle", "adagrad_rms", (1.0, 0.0), 50, lr=0.05)
    batch = descend("saddle", "adagrad_rms", [(1.0, 0.0)] * 2, 50, lr=0.05)
    for path in (single.xy, batch.xy[0]):
        np.testing.assert_array_equal(path[:, 1], 0.0)
        assert abs(path[-1, 0]) < 0.1


@pytest.mark.parametrize("batch", [False, True])
def test_elsewhere_0_over_0_is_divergence(batch):
    start = [(1.0, 0.0)] * 2 if batch else (1.0, 0.0)
    path = descend("saddle", "adam", start, 5, lr=0.05, eps=0.0)
    assert np.all(path.diverged)
    assert np.isnan(path.xy[..., 1:, :]).all()


def test_first_step_of_adadelta():
    # Zeiler 2012, Algorithm 1: the average of squared steps starts at 0, so its root is sqrt(eps)
    g, rho, eps = 3.0, 0.9, 1e-6
    expected = -math.sqrt(eps) / math.sqrt((1 - rho) * g * g + eps) * g
    assert constant_gradient("adadelta", g, 1, rho=rho, eps=eps)[0] == pytest.approx(expected, rel=1e-14)


# ---------------------------------------------------------------------------------------------------- the Adam family


@pytest.mark.parametrize(
    ("beta2", "t", "factor"), [(0.999, 1, 3.16), (0.999, 12, 6.57), (0.99, 1, 1.00), (0.98, 1, 0.71)]
)
def test_adam_without_its_corrections_is_scaled(beta2, t, factor):
    # The lecture notes: leaving both out scales step t by (1 - b1^t) / sqrt(1 - b2^t)
    raw, mended = (
        constant_gradient("adam", 2.0, t, lr=1.0, beta2=beta2, eps=0.0, corrected=c)[-1] for c in (False, True)
    )
    assert raw / mended == pytest.approx((1 - 0.9**t) / math.sqrt(1 - beta2**t), rel=1e-12)
    assert raw / mended == pytest.approx(factor, abs=0.005)


def test_the_uncorrected_factor_peaks_at_step_12():
    raw = constant_gradient("adam", 1.0, 200, lr=1.0, eps=0.0, corrected=False)
    assert np.argmax(np.abs(raw)) + 1 == 12


def test_adam_does_not_see_the_scale_of_the_gradient():
    steps = [constant_gradient("adam", g, 30, lr=0.1, eps=0.0) for g in (1e-6, 1.0, 1e6)]
    np.testing.assert_allclose(steps, -0.1, rtol=1e-12)


def test_amsgrad_never_forgets_a_large_gradient():
    entry, settings = OPTIMIZERS["amsgrad"], {k: v for k, v in ADAM.items() if k != "corrected"}
    slots = dict.fromkeys(entry.slots, 0.0)
    for t, g in enumerate([100.0] + [1e-3] * 50, 1):
        _, slots = entry.rule(0.0, g, slots, t, **settings)
        assert slots["v_max"] == pytest.approx(1e-3 * 100.0**2, rel=1e-12)
    assert slots["v"] < slots["v_max"]


@pytest.mark.parametrize("surface", ["beale", "rosenbrock"])
def test_adamw_without_decay_is_adam(surface):
    with_zero = descend(surface, "adamw", (1.0, -1.5), 200, lr=0.05, weight_decay=0.0)
    np.testing.assert_array_equal(with_zero.xy, descend(surface, "adam", (1.0, -1.5), 200, lr=0.05).xy)


def test_adamw_decays_the_weight_and_not_the_gradient():
    # at the minimum the gradient is 0, and only the decay is left: w (1 - lr wd)
    path = descend("plateau", "adamw", (4.0, 0.0), 1, lr=0.1, weight_decay=0.5)
    np.testing.assert_allclose(path.xy[1], (4.0 * (1 - 0.1 * 0.5), 0.0), rtol=1e-12)


def test_radam_is_rectified_from_the_step_where_rho_reaches_5():
    # Liu et al. 2020 with beta2 0.999: rho_5 = 4.996, rho_6 = 5.994, so five raw steps; the first rectified one is
    # shrunk by r_6 = 0.0258 (all evaluated from the paper's formulas with mpmath 1.3, 30 digits)
    steps = constant_gradient("radam", 7.0, 8, lr=1.0, eps=0.0)
    np.testing.assert_allclose(steps[:5], -7.0, rtol=1e-12)
    assert steps[5] == pytest.approx(-0.0258211128018652164, rel=1e-9)
    assert -1 < steps[7] < steps[6] < steps[5] < 0


@pytest.mark.parametrize("beta2", [0.0, 1 / 3, 0.6, 0.65])
def test_radam_with_a_short_memory_is_never_rectified(beta2):
    # rho_infinity = 2/(1-beta2) - 1 <= 5 up to beta2 = 2/3; at 1/3 and 0.6 the factor itself would divide by 0
    np.testing.assert_allclose(constant_gradient("radam", 7.0, 50, lr=1.0, beta2=beta2), -7.0, rtol=1e-12)


def test_nadam_looks_one_step_ahead_in_the_average():
    # Dozat 2016: a constant g has m = g (1 - b1^t), so the step is b1 m / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t)
    t = np.arange(1, 31)
    ahead = 0.9 * (1 - 0.9**t) / (1 - 0.9 ** (t + 1)) + 0.1 / (1 - 0.9**t)
    np.testing.assert_allclose(constant_gradient("nadam", 2.0, 30, lr=1.0, eps=0.0), -ahead, rtol=1e-12)


# ------------------------------------------------------------------------------------------------- leaving the saddle


def test_who_leaves_the_saddle_sooner():
    # From the lecture notes, P3: x^2 - y^2 from (1, 1e-3) until |y| > 1, lr 0.05
    names = ["gd", "momentum", "heavy_ball", "rmsprop", "adam"]
    left = [int(first_step(abs(descend("saddle", n, (1.0, 1e-3), 200, lr=0.05).xy[:, 1]) > 1)) for n in names]
    assert left == [73, 115, 27, 8, 20]


@pytest.mark.parametrize("offset", [1e-8, 1e-3, 0.1])
def test_gd_leaves_the_saddle_at_the_step_of_the_closed_form(offset):
    lr, b = 0.05, 2.0
    path = descend("saddle", "gd", (1.0, offset), 300, lr=lr)
    assert first_step(abs(path.xy[:, 1]) > 1) == math.ceil(math.log(1 / offset) / math.log(1 + lr * b))


def escape(name, offset):
    return int(first_step(abs(descend("saddle", name, (1.0, offset), 2000, lr=0.05).xy[:, 1]) > 1))


def test_the_adaptive_rules_forget_the_offset_and_gd_does_not():
    assert escape("gd", 1e-6) - escape("gd", 1e-3) == math.ceil(math.log(1e6) / math.log(1.1)) - 73
    for name in ("rmsprop", "adam"):
        assert escape(name, 1e-6) - escape(name, 1e-3) <= 2


def test_below_an_offset_of_eps_over_curvature_rmsprop_is_gd_with_the_rate_over_eps():
    # eps outweighs the root there, so the offset grows by 1 + lr b / eps a step, as slowly as eps is large
    path = descend("saddle", "rmsprop", (1.0, 1e-9), 60, lr=0.05, eps=1.0)
    np.testing.assert_allclose(path.xy[:, 1], 1e-9 * 1.1 ** np.arange(61), rtol=1e-5)


# -------------------------------------------------------------------------------------------------- a rule of your own


@pytest.fixture
def evolved_sign_momentum():
    """Chen et al. 2023, arXiv:2302.06675, in five lines, as the module says; the name in full."""

    @optimizer(label="Lion", params=(rate(1e-4), decay("beta1", 0.9), decay("beta2", 0.99)), slots=("m",),
               formula=r"w - \alpha\,\mathrm{sign}(\beta_1 m + (1-\beta_1) g)", source="arXiv:2302.06675")  # fmt: skip
    def evolved_sign_momentum(w, g, s, t, *, lr, beta1, beta2):
        return -lr * sign(beta1 * s["m"] + (1 - beta1) * g), {"m": beta2 * s["m"] + (1 - beta2) * g}

    yield evolved_sign_momentum
    OPTIMIZERS.remove("evolved_sign_momentum")


def test_a_new_rule_is_there_at_once(evolved_sign_momentum):
    name = "evolved_sign_momentum"
    assert list(OPTIMIZERS)[-1] == name
    # optax 0.2.8: optax.lion(0.1) (b1 0.9, b2 0.99, weight_decay 0) on Beale from (1, -1.5) as above, steps 1, 5, 60
    path = descend("beale", name, [(1.0, -1.5)] * 3, 60, lr=0.1)
    np.testing.assert_allclose(path.xy[0, [1, 5, 60]], [(0.9, -1.4), (0.7, -1.0), (5.4, 0.7)], rtol=1e-9)
    np.testing.assert_allclose(descend("beale", name, (1.0, -1.5), 60, lr=0.1).xy, path.xy[0], rtol=1e-12)


def test_an_optimizer_must_have_a_rate_and_a_new_name(evolved_sign_momentum):
    words = {"label": "x", "formula": "x", "source": "x"}
    with pytest.raises(ValueError, match=r"^lazy: params must contain lr, got \['speed'\]$"):

        @optimizer(params=(number("speed", 1.0),), **words)
        def lazy(w, g, s, t, *, speed):
            return 0.0, {}

    with pytest.raises(ValueError, match=r"^optimizer: name must be new, got 'evolved_sign_momentum'$"):
        optimizer(params=(rate(1.0),), **words)(evolved_sign_momentum)
    assert "lazy" not in OPTIMIZERS


def test_what_an_optimizer_says_of_itself_must_exist():
    def fresh(w, g, s, t, *, lr):
        return 0.0, {}

    words = {"label": "x", "formula": "x", "source": "x", "params": (rate(0.3),)}
    with pytest.raises(ValueError, match=r"^fresh: memory must be one of lr, got 'beta'$"):
        optimizer(**words, memory="beta")(fresh)
    assert "fresh" not in OPTIMIZERS
    with pytest.raises(KeyError, match=r"^unknown optimizer 'adma'; did you mean 'adam'\?$"):
        Optimizer(name="fresh", rule=fresh, like="adma", **words).rate_among({})


def test_a_rule_is_shown_at_its_own_rate_then_at_its_relative_s_then_at_its_default():
    def entry(name, **fields):
        words = {"label": "", "formula": "", "source": "", "rule": None}
        return Optimizer(name=name, params=(decay("beta", 0.9), rate(0.3)), **words, **fields)

    stated = {"adam": 0.5, "own": 0.2}
    assert entry("own", like="adam").rate_among(stated) == 0.2
    assert entry("other", like="adam").rate_among(stated) == 0.5
    assert entry("other", like="gd").rate_among(stated) == 0.3
    assert entry("other").rate_among(stated) == 0.3
    assert SURFACES["ravine"].bind(kappa=4.0).rate("nadam") == 0.5
    assert SURFACES["ravine"].bind(kappa=4.0).rate("gd") == 1.8 / 4
    assert SURFACES["ravine"].rate(entry("other")) == 0.3


def test_a_rule_with_an_average_of_the_gradient_coasts():
    def coasts(name, **given):
        return OPTIMIZERS[name].coasts(**{p.name: p.default for p in OPTIMIZERS[name].params} | given)

    moving = {"momentum", "heavy_ball", "nesterov", "adam", "amsgrad", "adamax", "nadam", "radam", "adamw"}
    resting = {"gd", "adagrad", "adagrad_rms", "rmsprop", "adadelta"}
    assert {name for name in moving | resting if coasts(name)} == moving
    assert not coasts("adam", beta1=0.0)
    assert not coasts("heavy_ball", lr=0.0)


def test_an_entry_need_not_be_registered():
    own = Optimizer(name="own", label="Own", params=(rate(0.1),), formula="", source="",
                    rule=lambda w, g, s, t, *, lr: (-lr * g, {}))  # fmt: skip
    np.testing.assert_array_equal(
        descend("beale", own, (1.0, 1.0), 20, lr=1e-3).xy, descend("beale", "gd", (1.0, 1.0), 20).xy
    )
