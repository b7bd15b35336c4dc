"""What holds along the curves: boundaries, restarts, joins, ends and areas; warm-up, fair comparison, bad input."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lrviz.schedules import SCHEDULES, normalise, warmup


@pytest.mark.parametrize("decay_steps", [1, 3, 7, 49, 100, 391, 100_000])
def test_stairs_begin_exactly_at_the_multiples(decay_steps):
    """Multiplying by 1/49 and its like, instead of dividing, would come one step late."""
    begins = np.arange(1, 200) * decay_steps
    for step in (begins - 1, begins):
        stair = step // decay_steps
        settings = {"initial_learning_rate": 1.0, "decay_steps": decay_steps}
        halved = SCHEDULES["step_decay"](step, **settings, drop=0.5)
        assert np.array_equal(-np.log2(halved), stair)
        same = SCHEDULES["exponential_decay"](step, **settings, decay_rate=0.5, staircase=True)
        assert np.array_equal(same, halved)
        inverse = SCHEDULES["inverse_time_decay"](step, **settings, decay_rate=2.0, staircase=True)
        np.testing.assert_allclose(inverse, 1 / (1 + 2 * stair), rtol=1e-15)
        root = SCHEDULES["inverse_sqrt_decay"](step, **settings)
        np.testing.assert_allclose(root, (stair + 1) ** -0.5, rtol=1e-15)


@pytest.mark.parametrize("t_mul", [1, 2, 3, 5, 10])
@pytest.mark.parametrize("first", [1, 7, 10, 1000])
def test_every_restart_is_at_its_step(first, t_mul):
    """With t_mul 3 and 10 steps the sixth is at 1210, which a rounded logarithm loses. Beginnings by exact integers."""
    begins = [0]
    while begins[-1] < 10**9 and len(begins) < 50:
        begins.append(begins[-1] + first * t_mul ** (len(begins) - 1))
    begins, cycles = np.array(begins), np.arange(len(begins))
    settings = {"initial_learning_rate": 0.1, "first_decay_steps": first, "t_mul": t_mul, "m_mul": 0.5}
    peaks = SCHEDULES["cosine_decay_restarts"](begins, **settings)
    np.testing.assert_allclose(peaks, 0.1 * 0.5**cycles, rtol=1e-12)
    lengths = np.diff(begins)
    last = SCHEDULES["cosine_decay_restarts"](begins[1:] - 1, **settings)
    want = 0.05 * 0.5 ** cycles[:-1] * (1 + np.cos(np.pi * (lengths - 1) / lengths))
    np.testing.assert_allclose(last, want, rtol=1e-9, atol=1e-16)
    just_before = begins[1:] * (1 - 1e-9)
    assert np.all(SCHEDULES["cosine_decay_restarts"](just_before, **settings) < 1e-15)


@pytest.mark.parametrize(
    ("first", "t_mul", "begins"),
    [
        (1000, 1.1, [0, 1000, 2100, 3310, 4641]),
        (100, 1.2, [0, 100, 220, 364]),
        (10, 1.5, [0, 10, 25]),
        (64, 1.25, [0, 64, 144, 244, 369]),
    ],
)
def test_a_restart_meant_for_a_whole_step_is_on_it(first, t_mul, begins):
    """Cycles of 1000, 1100, 1210, 1331 steps: 1.1 has no exact float, the beginnings are whole all the same."""
    rates = SCHEDULES["cosine_decay_restarts"](begins, first_decay_steps=first, t_mul=t_mul)
    np.testing.assert_allclose(rates, 0.1, rtol=1e-12)
    before = SCHEDULES["cosine_decay_restarts"](np.array(begins[1:]) - 1, first_decay_steps=first, t_mul=t_mul)
    assert np.all(before < 0.005)


DECIMALS = st.decimals("0.5", "60", places=2)


@given(DECIMALS, st.integers(1, 2000))
@example(Decimal("5.9"), 30)  # 177 / 5.9 is 29.999999999999996
def test_stairs_of_a_decimal_length_begin_at_their_step(length, stairs):
    """The step at which a stair begins and those around it, in exact decimal arithmetic."""
    begin = math.ceil(length * stairs)
    settings = {"initial_learning_rate": 1.0, "decay_steps": float(length)}
    for step in (begin - 1, begin, begin + 1):
        over, cycles = step // length, math.ceil(step / Fraction(length))
        root = SCHEDULES["inverse_sqrt_decay"](step, **settings)
        assert root == pytest.approx((int(over) + 1) ** -0.5, rel=1e-14)
        left = 1 - step / (max(cycles, 1) * Fraction(length))
        saw = SCHEDULES["polynomial_decay"](step, **settings, end_learning_rate=0.0, cycle=True)
        assert saw == pytest.approx(float(left), rel=1e-9, abs=1e-12)


@given(
    st.fractions(1, 4, max_denominator=64) | st.floats(1, 4).map(Fraction),
    st.fractions(1, 1000, max_denominator=16),
    st.integers(1, 30),
)
@example(Fraction(3, 2), Fraction(10), 5)  # 131.875
@example(Fraction(1), Fraction(1, 3), 29)
@example(Fraction(1 + 2**-52), Fraction(7), 11)
def test_no_restart_is_lost_to_rounding(t_mul, first, cycle):
    """At a beginning in exact rational arithmetic and just around it, whatever the parameters rounded to floats make of it."""
    begins = [sum((first * t_mul**i for i in range(n)), Fraction(0)) for n in (cycle - 1, cycle, cycle + 1)]
    m_mul = 0.9
    steps = [begins[1], begins[1] * (1 - Fraction(1, 10**9)), begins[1] * (1 + Fraction(1, 10**9)), sum(begins[1:]) / 2]
    for step, number in zip(steps, (cycle, cycle - 1, cycle, cycle), strict=True):
        fraction = (step - begins[number - cycle + 1]) / (first * t_mul**number)
        want = m_mul**number * (1 + math.cos(math.pi * fraction)) / 2
        settings = {
            "initial_learning_rate": 1.0,
            "first_decay_steps": float(first),
            "t_mul": float(t_mul),
            "m_mul": m_mul,
        }
        assert SCHEDULES["cosine_decay_restarts"](float(step), **settings) == pytest.approx(want, rel=1e-9, abs=1e-12)


def test_polynomial_cycles_end_at_the_multiples_and_jump_a_step_later():
    rates = SCHEDULES["polynomial_decay"]([0, 100, 101, 200, 201, 300], decay_steps=100, cycle=True)
    want = [0.1, 1e-4, *(1e-4 + 0.0999 * left for left in (99 / 200, 0, 99 / 300, 0))]
    np.testing.assert_allclose(rates, want, rtol=1e-12)


def test_a_boundary_keeps_the_earlier_value():
    rates = SCHEDULES["piecewise_constant_decay"]([0, 10, 10.5, 11, 20, 21], boundaries=(10, 20), values=(3, 2, 1))
    assert rates.tolist() == [3, 3, 2, 2, 2, 1]
    assert SCHEDULES["piecewise_constant_decay"]([0, 5], boundaries=(), values=(0.3,)).tolist() == [0.3, 0.3]


def test_one_cycle_turns_and_ends():
    settings = {"initial_learning_rate": 0.5, "total_steps": 200, "pct_start": 0.25, "final_div_factor": 100.0}
    rates = SCHEDULES["one_cycle"]([0, 49, 199, 200, 10_000], **settings)
    np.testing.assert_allclose(rates, [0.02, 0.5, 0.0002, 0.0002, 0.0002], rtol=1e-12)
    curve = SCHEDULES["one_cycle"](np.arange(200), **settings)
    assert np.all(np.diff(curve[:50]) > 0)
    assert np.all(np.diff(curve[49:]) < 0)
    assert SCHEDULES["one_cycle"](0, total_steps=10, pct_start=0.1) == pytest.approx(0.1)  # PyTorch divides by 0 here
    assert SCHEDULES["one_cycle"](5, total_steps=1, pct_start=1.0) == pytest.approx(0.1)


def test_noam_is_highest_at_the_end_of_its_warm_up():
    curve = SCHEDULES["noam"](np.arange(1000), initial_learning_rate=1.0, model_dim=16, warmup_steps=100)
    assert np.argmax(curve) == 99
    assert curve[99] == pytest.approx(1 / math.sqrt(16 * 100), rel=1e-14)


FALLING = {
    "inverse_time_decay": 0.1 / 11,
    "exponential_decay": 0.1 * 0.95**10,
    "inverse_sqrt_decay": 0.1 / math.sqrt(1001),
    "step_decay": 0.1 * 0.5**10,
    "piecewise_constant_decay": 0.01,
    "polynomial_decay": 1e-4,
    "cosine_decay": 0.0,
    "linear_cosine_decay": 1e-4,
    "rsqrt_decay": 0.1,
    "manual_decay": 0.005,
    "constant": 0.1,
}


@pytest.mark.parametrize("name", FALLING)
def test_a_decay_never_rises_and_ends_where_it_should(name):
    rates = SCHEDULES[name](np.arange(1001))
    assert np.all(np.diff(rates) <= 0)
    assert rates[-1] == pytest.approx(FALLING[name], rel=1e-12, abs=1e-16)


@pytest.mark.parametrize(
    ("name", "settings", "slope"),
    [
        ("inverse_time_decay", {}, 1e-3),
        ("exponential_decay", {}, 1e-4),
        ("polynomial_decay", {}, 1e-4),
        ("cosine_decay", {"warmup_steps": 100, "warmup_target": 0.2}, 1e-3),
        ("linear_cosine_decay", {"num_periods": 3.0}, 2e-3),
        ("one_cycle", {}, 1e-3),
        ("noam", {"initial_learning_rate": 1.0, "model_dim": 4, "warmup_steps": 200}, 2e-4),
        ("rsqrt_decay", {"warmup_steps": 200}, 1e-3),
    ],
)
def test_a_smooth_schedule_has_no_jump_at_its_joins(name, settings, slope):
    """Over a hundredth of a step it moves by no more than its steepest slope allows."""
    rates = SCHEDULES[name](np.arange(0, 1500, 0.01), **settings)
    assert np.abs(np.diff(rates)).max() <= slope * 0.01 * (1 + 1e-9)


AREAS = {
    "constant": 0.1,
    "inverse_time_decay": 0.1 * math.log(11) / 10,
    "exponential_decay": 0.1 * (0.95**10 - 1) / (10 * math.log(0.95)),
    "step_decay": 0.1 * 2 * (1 - 0.5**10) / 10,
    "polynomial_decay": (0.1 + 1e-4) / 2,
    "cosine_decay": 0.05,
    "linear_cosine_decay": 0.1 * (0.25 + 1 / math.pi**2 + 0.001),
    "piecewise_constant_decay": 0.4 * 0.1 + 0.3 * 0.05 + 0.3 * 0.01,
    "manual_decay": 0.25 * 0.1 + 0.25 * 0.05 + 0.3 * 0.02 + 0.2 * 0.005,
}


@pytest.mark.parametrize("name", AREAS)
def test_area(name):
    """The mean rate over the 1000 steps against the integral; sampled at the middle of hundredths."""
    middles = (np.arange(100_000) + 0.5) / 100
    assert SCHEDULES[name](middles).mean() == pytest.approx(AREAS[name], rel=1e-6)


def test_cosine_restarts_spend_half_the_peak_in_every_cycle():
    step = (np.arange(7000) + 0.5) / 10
    rates = SCHEDULES["cosine_decay_restarts"](step, m_mul=0.5, alpha=0.2)
    for cycle, (begin, end) in enumerate([(0, 1000), (1000, 3000), (3000, 7000)]):
        assert rates[begin:end].mean() == pytest.approx(0.1 * (0.8 * 0.5**cycle / 2 + 0.2), rel=1e-6)


def test_warmup_rises_from_one_part_and_never_from_zero():
    rates = warmup("constant", 4)([0, 1, 2, 3, 3.5, 4, 5], initial_learning_rate=0.8)
    np.testing.assert_allclose(rates, [0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.8], rtol=1e-15)
    late = warmup("cosine_decay", 100)([99, 100, 600, 1100], initial_learning_rate=0.8)
    np.testing.assert_allclose(late, [0.8, 0.8, 0.4, 0.0], atol=1e-15)
    twice = warmup(warmup("constant", 2), 2)(np.arange(5), initial_learning_rate=0.8)
    np.testing.assert_allclose(twice, [0.2, 0.4, 0.4, 0.8, 0.8], rtol=1e-15)


@pytest.mark.parametrize("steps", [-1, 2.5, True, "4"])
def test_warmup_needs_whole_steps(steps):
    with pytest.raises(ValueError, match=r"^warmup: warmup_steps must be a whole number >= 0, got "):
        warmup("constant", steps)


def test_a_fair_comparison():
    rates = np.array([[4.0, 2.0, 0.0], [1.0, 1.0, 1.0], [0.0, 8.0, 8.0]])
    assert np.array_equal(normalise(rates, "as_given"), rates)
    assert normalise(rates, "same_peak").tolist() == [[4, 2, 0], [4, 4, 4], [0, 4, 4]]
    assert normalise(rates, "same_area").tolist() == [[4, 2, 0], [2, 2, 2], [0, 3, 3]]
    weighted = normalise(rates, "same_area", weights=[1.0, 2.0, 1.0])
    np.testing.assert_allclose(weighted @ [1.0, 2.0, 1.0], 8.0, rtol=1e-15)


def test_no_factor_makes_nothing_fair():
    rates = [[1.0, 1.0], [0.0, 0.0]]
    with pytest.raises(ValueError, match=r"^normalise: every curve must have peak > 0, got 0$"):
        normalise(rates, "same_peak")
    with pytest.raises(ValueError, match=r"^normalise: every curve must have area > 0, got 0$"):
        normalise(rates, "same_area")
    with pytest.raises(
        ValueError, match=r"^normalise: fairness must be one of as_given, same_peak, same_area, got 'x'$"
    ):
        normalise(rates, "x")


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("piecewise_constant_decay", {"boundaries": (5, 3)}, "boundaries must be 0 to 63 numbers >= 0, each above"),
        ("piecewise_constant_decay", {"boundaries": (5, 5)}, "boundaries must be 0 to 63 numbers >= 0, each above"),
        ("piecewise_constant_decay", {"boundaries": (5,)}, "values must be one more than the 1 boundary, got 3"),
        ("piecewise_constant_decay", {"values": (1, 2)}, "values must be one more than the 2 boundaries, got 2"),
        ("piecewise_constant_decay", {"values": ()}, "values must be 1 to 64 numbers in [0, 1e+06], got ()"),
        (
            "piecewise_constant_decay",
            {"values": (1, -2, 3)},
            "values must be 1 to 64 numbers in [0, 1e+06], got (1, -2, 3)",
        ),
        ("manual_decay", {"edits": (5, 0.1, 3, 0.2)}, "edits must be step, rate, step, rate, ... (numbers >= 0)"),
        ("manual_decay", {"edits": (5, 0.1, 7)}, "edits must be step, rate"),
        ("manual_decay", {"edits": ((5, 0.1, 7),)}, "edits must be step, rate"),
        ("manual_decay", {"edits": ((5, 0.1), (5, 0.2))}, "edits must be step, rate"),
        ("manual_decay", {"edits": ((5, -0.1),)}, "edits must be step, rate"),
        ("cosine_decay", {"warmup_target": -1}, "warmup_target must be None or in [0, 1e+06], got -1"),
        ("cosine_decay", {"alpha": 1.1}, "alpha must be in [0, 1], got 1.1"),
        ("cosine_decay_restarts", {"t_mul": 0.5}, "t_mul must be >= 1, got 0.5"),
        ("inverse_time_decay", {"decay_steps": 0}, "decay_steps must be > 0, got 0"),
        ("one_cycle", {"total_steps": 0}, "total_steps must be a whole number >= 1, got 0"),
        ("constant", {"initial_learning_rate": -0.1}, "initial_learning_rate must be in [0, 1e+06], got -0.1"),
    ],
)
def test_errors_say_the_rule(name, settings, message):
    with pytest.raises(ValueError) as caught:
        SCHEDULES[name](0, **settings)
    assert str(caught.value).startswith(f"{name}: {message}")
