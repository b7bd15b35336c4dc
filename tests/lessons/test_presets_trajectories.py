"""The presets of the trajectories page: the numbers in their words, from formulas and recurrences written out here.

Most of them run on the ravine, whose gradient is (x, kappa y), from (-4, 2) with kappa = 20. Where there is noise the
words are checked over twenty seeds.
"""

import math
import re

import numpy as np
import pytest

from lrviz.descent import descend
from lrviz.figures.trajectories import PICTURES
from lrviz.lessons.trajectories import LESSON, compute

pytestmark = pytest.mark.thorough

START = np.array([-4.0, 2.0])


def preset(title):
    return next(p for p in LESSON.presets if p.title == title)


def said(title, figure=None, **changes):
    chosen = preset(title)
    return PICTURES[figure or chosen.figure or "paths"].caption(compute(LESSON.settings(**chosen.settings, **changes)))


def walk(rule, steps=400, kappa=20.0):
    """(steps + 1, 2) positions of a rule (gradient, memory, t) -> (step, memory) on the ravine."""
    w, memory, path = START.copy(), np.zeros((2, 2)), [START.copy()]
    for t in range(1, steps + 1):
        step, memory = rule(w * np.array([1.0, kappa]), memory, t)
        w = w + step
        path.append(w.copy())
    return np.array(path)


def momentum(lr, beta, corrected=False):
    def rule(g, memory, t):
        v = beta * memory[0] + (1 - beta) * g
        return -lr * (v / (1 - beta**t) if corrected else v), np.array([v, memory[1]])

    return rule


def rmsprop(lr, beta2=0.9, eps=1e-8, from_first=False):
    def rule(g, memory, t):
        before = g * g if from_first and t == 1 else memory[1]
        s = beta2 * before + (1 - beta2) * g * g
        return -lr * g / (np.sqrt(s) + eps), np.array([memory[0], s])

    return rule


def adam(lr, beta1=0.9, beta2=0.999, eps=1e-8):
    def rule(g, memory, t):
        m, v = beta1 * memory[0] + (1 - beta1) * g, beta2 * memory[1] + (1 - beta2) * g * g
        return -lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), np.array([m, v])

    return rule


def arrives(path, tolerance=0.01):
    near = np.hypot(*path.T) <= tolerance
    return int(near.argmax()) if near.any() else None


def gd_arrives(lr, kappa=20.0):
    """Gradient descent in closed form: x_t = -4 (1 - lr)^t, y_t = 2 (1 - lr kappa)^t."""
    t = np.arange(2000)
    return int(np.argmax(np.hypot(4 * (1 - lr) ** t, 2 * (1 - lr * kappa) ** t) <= 0.01))


# ---------------------------------------------------------------------------------------------------------- O1, O2, O3


def test_o1_turns_back_at_every_step_but_the_last():
    # 1 - 0.095 * 20 = -0.9: every step across crosses the floor
    assert f"Gradient descent after {gd_arrives(0.095)} steps (turning back {gd_arrives(0.095) - 1} times" in said(
        "Zigzag on a long ellipse"
    )
    assert "diverged at step 72" in said("A larger rate leaves")
    assert math.floor(math.log(1e6 / 2) / math.log(1.2)) + 1 == 72


@pytest.mark.parametrize(("lr", "plain", "averaged"), [(0.02, 297, 239), (0.09, 64, 102)])
def test_o2_who_is_first_at_the_same_rate_depends_on_the_rate(lr, plain, averaged):
    assert (gd_arrives(lr), arrives(walk(momentum(lr, 0.9)))) == (plain, averaged)
    words = " ".join(
        (
            preset("Momentum at the same rate").slip,
            said("Momentum at the same rate"),
            said("Momentum at the same small rate"),
        )
    )
    assert str(plain) in words
    assert str(averaged) in words


def test_o2_momentum_turns_back_less_often_than_gradient_descent():
    def turns(path):
        across = np.diff(path[: arrives(path) + 1, 1])
        return int((across[1:] * across[:-1] < 0).sum())

    assert turns(walk(momentum(0.09, 0.9))) < 0.3 * turns(walk(lambda g, memory, t: (-0.09 * g, memory)))


def test_o2_the_larger_rate_that_momentum_tolerates():
    steep = preset("Momentum at the larger rate it permits").look
    assert "19 times" in steep
    assert pytest.approx(19) == (1 + 0.9) / (1 - 0.9)
    assert (arrives(walk(momentum(0.06, 0.9), kappa=100.0)), gd_arrives(0.018, 100.0)) == (90, 330)
    assert pytest.approx(3.3, abs=0.1) == 0.06 / 0.018  # some three times the rate
    assert pytest.approx(3) == (1 + 0.5) / (1 - 0.5)
    few, many = arrives(walk(momentum(0.2, 0.5))), gd_arrives(0.09)
    assert (few, many) == (17, 64)
    assert few / many == pytest.approx(0.25, abs=0.03)
    assert arrives(walk(momentum(0.2, 0.9))) == 83


def test_o2_the_ball_rolls_past_the_bottom_as_often_as_it_says():
    path = walk(momentum(1.0, 0.95), kappa=4.0)
    at = arrives(path)
    past = int((path[1 : at + 1, 0] * path[:at, 0] < 0).sum())
    assert (at, past) == (175, 13)
    assert f"bottom {past} times" in preset("A ball in a bowl").look
    assert arrives(walk(momentum(1.0, 0.98), 1000, kappa=4.0)) > at


def test_o3_the_same_path_and_where_the_good_rates_go():
    assert (
        np.abs(
            walk(momentum(0.2, 0.9))
            - walk(lambda g, m, t: (-0.02 * (0.9 * m[0] + g), np.array([0.9 * m[0] + g, m[1]])))
        ).max()
        < 1e-12
    )
    falls = float(re.search(r"falls by a factor of ([\d.]+)", said("Rate and β side by side"))[1])
    moves = float(re.search(r"rises by a factor of ([\d.]+)", said("Rate and β side by side", "rate_beta"))[1])
    assert falls > 4 > 2 * moves
    # the limits move by 2 (1 + b) / lambda: the heavy ball's hardly, momentum's by 1 / (1 - b)
    assert pytest.approx(0.65, abs=0.005) == 1 - 0.9**10
    assert pytest.approx(0.995, abs=0.0005) == 1 - 0.9**50


def test_o3_the_corrected_first_step_is_that_of_gradient_descent():
    first = walk(momentum(0.2, 0.9, corrected=True))[1] - START
    assert first == pytest.approx(-0.2 * START * np.array([1.0, 20.0]))
    assert first / (walk(momentum(0.2, 0.9))[1] - START) == pytest.approx(10)
    assert "10 times as long" in said("Momentum with bias correction")
    assert f"arrives after {arrives(walk(momentum(0.2, 0.9, corrected=True)))} steps instead of 83" in said(
        "Momentum with bias correction"
    )


def test_where_a_switch_does_not_change_the_arrival_no_step_is_told_instead_of_itself():
    def uncorrected(g, memory, t):
        m, v = 0.9 * memory[0] + 0.1 * g, 0.999 * memory[1] + 0.001 * g * g
        return -0.3 * m / (np.sqrt(v) + 1e-8), np.array([m, v])

    assert arrives(walk(uncorrected), 0.1) == arrives(walk(adam(0.3)), 0.1) == 38
    given = {"optimizers": ("adam",), "adam.lr": 0.3, "adam.corrected": False, "tolerance": 0.1}
    assert "; with either it arrives after 38 steps." in PICTURES["paths"].caption(compute(LESSON.settings(**given)))


# -------------------------------------------------------------------------------------------------------------- O4 to O8


def test_o4_and_o5_arrive_as_their_recurrences_do():
    assert f"RMSprop after {arrives(walk(rmsprop(0.11)))} steps" in said("RMSprop evens out the directions", "paths")
    found = said("Adam is momentum and RMSprop with both corrections")
    for label, rule in (("Adam", adam(0.5)), ("RMSprop", rmsprop(0.1)), ("Momentum", momentum(0.2, 0.9))):
        assert f"{label} after {arrives(walk(rule))} steps" in found
    assert walk(adam(0.5))[:, 0].max() > 0.1  # it overshoots


def test_o5_eps_changes_nothing_over_nine_decades():
    for rule in (lambda eps: rmsprop(0.1, eps=eps), lambda eps: adam(0.5, eps=eps)):
        assert len({arrives(walk(rule(eps))) for eps in np.logspace(-12, -2.5, 20)}) == 1


def test_o6_rates_too_low_and_too_high():
    x, y = 4 * 0.998**200, 2 * 0.96**200
    assert f"still {math.hypot(x, y):.2f} from" in said("A rate that is too low crawls")
    assert x / 4 == pytest.approx(2 / 3, abs=0.01)
    assert pytest.approx(1.4) == 0.12 * 20 - 1
    assert math.floor(math.log(1e6 / 2) / math.log(1.4)) + 1 == 39


def test_o6_with_noise_it_arrives_early_and_circles_at_the_width_of_the_closed_form():
    """Along an eigenvalue l the stationary variance is (lr s)^2 / (1 - (1 - lr l)^2)."""

    def over_seeds(lr):
        paths = descend("ravine", "gd", START, 400, lr=lr, noise=1.0, seed=np.arange(20)).xy
        away = np.hypot(paths[..., 0], paths[..., 1])
        return (away <= 0.1).argmax(axis=1), np.sqrt(np.mean(away[:, 200:] ** 2))

    def width(lr):
        return math.sqrt(sum(lr**2 / (1 - (1 - lr * curve) ** 2) for curve in (1, 20)))

    early, wide = over_seeds(0.09)
    late, close = over_seeds(0.045)
    assert np.median(late) > 1.3 * np.median(early)  # it comes later,
    assert wide == pytest.approx(width(0.09), rel=0.1)
    assert close == pytest.approx(width(0.045), rel=0.1)  # and circles more closely
    assert width(0.045) < 0.8 * width(0.09)
    for seed in range(20):
        found = said("A rate that is a bit high is quick, then circles", seed=seed)
        distance = float(re.search(r"keeps circling at distance ([\d.]*\d)", found)[1])
        assert 0.6 * width(0.09) < distance < 1.6 * width(0.09)


def test_o6_circling_without_noise_jumps_between_two_points():
    path = descend("himmelblau", "gd", (-0.5, -0.5), 400, lr=0.0255).xy
    assert path[-1] == pytest.approx(path[-3], abs=1e-9)
    assert np.hypot(*(path[-1] - path[-2])) > 0.3
    away = np.hypot(path[151:201, 0] + 2.805118086952745, path[151:201, 1] - 3.131312518250573)
    assert f"distance {math.sqrt(np.mean(away**2)):.3f}" in said("Circling without noise")
    x, y = -2.805118086952745, 3.131312518250573
    hessian = [[12 * x * x + 4 * y - 42, 4 * (x + y)], [4 * (x + y), 4 * x + 12 * y * y - 26]]
    assert 1 < 0.0255 / (2 / np.linalg.eigvalsh(hessian)[1]) < 1.05  # just above the limit


@pytest.mark.parametrize("seed", range(0, 100, 5))
def test_o8_the_budget_changes_the_best_rate_for_every_seed(seed):
    """The expected loss of gradient descent: half the sum of l (w0^2 a^2n + (lr s)^2 (1 - a^2n) / (1 - a^2)), a = 1 - lr l."""
    chosen = preset("A range test, and what a budget changes")
    results = compute(LESSON.settings(**chosen.settings, seed=seed))
    found = results.range_test(results.runs[0]).final
    for steps in (20, 200):
        expected = np.zeros(len(results.rates))
        for curve, start in ((1.0, -4.0), (20.0, 2.0)):
            with np.errstate(over="ignore", invalid="ignore"):
                a2 = (1 - results.rates * curve) ** 2
                for n in range(steps - steps // 5 + 1, steps + 1):
                    expected += 0.5 * curve * (start**2 * a2**n + results.rates**2 * (1 - a2**n) / (1 - a2))
        best = int(np.nanargmin(np.where(np.isfinite(expected), expected, np.inf)))
        assert abs(int(np.argmin(np.abs(results.rates - found[steps][0]))) - best) <= 1
    assert found[20][0] > 2 * found[200][0]


# ---------------------------------------------------------------------------------------------------------------- A1 to A5


def test_a1_bounces_with_a_gradient_of_forty():
    assert abs(1 - 0.1 * 20) == pytest.approx(1)  # at 2 / lambda y jumps between 2 and -2
    assert "gradient norm stays at 40" in said("Stuck with a large gradient")


def test_a2_divides_by_the_root_mean_square_of_all_gradients():
    w, squares = START.copy(), np.zeros(2)
    for t in range(1, 22):
        g = w * np.array([1.0, 20.0])
        squares += g * g
        rates = 0.1 / np.sqrt(squares / t)
        w -= rates * g
    x, y = re.search(
        r"root mean square ([\d.]+) along x and ([\d.]+) along y", said("A rate for each parameter")
    ).groups()
    assert [float(x), float(y)] == pytest.approx(rates, rel=5e-3)
    assert rates[0] > rates[1]


def valley(factor, lr, steps=300):
    """The root mean square over all steps in the long valley: positions, and its rate across at each step."""
    w, squares, path, rates = np.array([-10.0, 0.35]), np.zeros(2), [], []
    for t in range(1, steps + 1):
        path.append(w.copy())
        wall = 10 * (w[1] - 0.1 * math.sin(3 * w[0]))
        g = np.array([0.2 * w[0] / math.sqrt(1 + w[0] ** 2) - 0.3 * math.cos(3 * w[0]) * wall, wall])
        squares += g * g
        rates.append(factor(t) * lr / math.sqrt(squares[1] / t))
        w = w - factor(t) * lr * g / np.sqrt(squares / t)
    return np.array(path), np.array(rates)


def thrown(path):
    """The first step after a calm of ten whose gradient is back above 0.4 of the first."""
    wall = 10 * (path[:, 1] - 0.1 * np.sin(3 * path[:, 0]))
    norm = np.hypot(0.2 * path[:, 0] / np.sqrt(1 + path[:, 0] ** 2) - 0.3 * np.cos(3 * path[:, 0]) * wall, wall)
    norm /= norm[0]
    calm = next((t for t in range(len(norm) - 10) if (norm[t : t + 10] < 0.15).all()), None)
    return None if calm is None else next((t for t in range(calm, len(norm)) if norm[t] > 0.4), None)


def test_a3_bursts_once_the_rate_across_has_passed_two_over_lambda_and_recovers():
    path, rates = valley(lambda t: 1.0, 0.1)
    at = thrown(path)
    assert at == 59
    assert "bursts sideways at step 59" in said("After a long flat stretch, a burst")
    assert rates[:at].max() > 2 / 10
    assert rates[at + 15] < 0.8 * rates[:at].max()  # what it meets there brings the rate down
    assert arrives(path, 0.3) > at


def test_a4_decay_and_warm_up_with_decay_cure_the_burst_and_a_rise_alone_postpones_it():
    slow, rates = valley(lambda t: 1 / math.sqrt(t), 0.35)
    assert (thrown(slow), arrives(slow, 0.3)) == (None, 287)
    assert rates.max() < 2 / 10
    both, _ = valley(lambda t: t / 20 if t <= 20 else 1 / (1 + (t - 21) / 40), 0.2)
    assert "107" in said("Warm-up, then decay")
    assert arrives(both, 0.3) == 107
    assert thrown(both[:108]) is None
    rise, _ = valley(lambda t: min(t / 15, 1.0), 0.12)
    plain, _ = valley(lambda t: 1.0, 0.12)
    assert (thrown(rise), thrown(plain)) == (90, 35)
    assert arrives(rise, 0.3) > 90


def test_a5_the_first_steps_of_the_two_averages():
    first, zero = walk(rmsprop(0.1, from_first=True))[1] - START, walk(rmsprop(0.1))[1] - START
    assert first / zero == pytest.approx(math.sqrt(0.1), rel=1e-6)
    look = preset("How RMSprop starts its average").look
    assert all(f"{math.sqrt(1 - 0.9**t):.3f}" in look for t in (1, 2, 3))


def test_a5_the_links_of_the_chain_have_different_rates():
    results = compute(LESSON.settings(**preset("From μ to RAdam").settings))
    assert len({run.lr for run in results.runs}) > 1
