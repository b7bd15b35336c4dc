"""Critical points in many dimensions: exact laws, simulations against them, seeds, and index against height."""

from itertools import islice

import numpy as np
import pytest

from lrviz.dimensions import (
    LARGEST_WORK,
    MINIMUM_LAWS,
    descent_fraction,
    exponents,
    field_index_shares,
    field_minimum,
    goe_batches,
    goe_index_shares,
    goe_minimum,
    independent_minimum,
)

pytestmark = pytest.mark.thorough

# Both lists: de Bruijn's Pfaffians in mpmath 1.3.0. GOE with 60 digits, the angular integrals by mpmath.quad and the
# normalisation by Mehta's integral; they agree with the values of Dean & Majumdar for N = 1..6 to all digits given
# (0.5, 0.146447, 0.0249209, 0.00245671, 1.40115e-4, 4.62019e-6). Field with 40 digits, 70 Gauss-Legendre nodes on
# [0, 20] and a trapezoidal rule of step 1/4 over the height.
GOE = [0.5, 0.1464466094067262, 0.02492092096072348, 0.002456709259786224, 1.401146854633997e-4, 4.620187477548993e-6]
GOE += [8.804612806325489e-8, 9.694546749307666e-10]
FIELD = [0.5, 0.25, 0.12330225468363, 0.059885778025011, 0.028671143643942, 0.013552406740525]
FIELD += [0.0063343100851573, 0.0029313839319347]


def last(estimates):
    *_, result = estimates
    return result


@pytest.mark.parametrize("n", range(1, 9))
def test_independent_signs_halve_with_every_dimension(n):
    assert independent_minimum(n) == 1 / 2**n


@pytest.mark.parametrize(("n", "share"), list(enumerate(GOE, start=1)))
def test_exact_goe_law(n, share):
    assert goe_minimum(n) == pytest.approx(share, rel=1e-8)


def test_goe_closed_forms_of_small_matrices():
    assert goe_minimum(2) == pytest.approx((2 - np.sqrt(2)) / 4, rel=1e-12)
    assert goe_minimum(3) == pytest.approx((np.pi - 2 * np.sqrt(2)) / (4 * np.pi), rel=1e-12)


@pytest.mark.parametrize(("n", "share"), list(enumerate(FIELD, start=1)))
def test_exact_field_law(n, share):
    assert field_minimum(n) == pytest.approx(share, rel=1e-6)


def test_field_closed_form_in_three_dimensions():
    # Counted by the Kac-Rice formula, see Azais & Delmas 2019, arXiv:1911.02300.
    assert field_minimum(3) == pytest.approx((29 - 6 * np.sqrt(6)) / 116, rel=1e-12)


def test_laws_come_by_name_in_the_order_of_the_exponents():
    assert list(MINIMUM_LAWS) == list(exponents(3)) == ["independent", "goe", "field"]
    assert [MINIMUM_LAWS[name](1) for name in MINIMUM_LAWS] == pytest.approx([0.5, 0.5, 0.5], rel=1e-12)


def test_two_to_the_minus_twenty_thousand():
    laws = exponents(20_000)
    assert laws["independent"].log10 == pytest.approx(-6020.599913279624, rel=1e-12)  # 20000 log10 2
    assert laws["goe"].log10 == pytest.approx(-4.7712125e7, rel=1e-7)  # -(20000^2) log10(3) / 4
    assert laws["field"].log10 == pytest.approx(-8685.889638065, rel=1e-12)  # 20000 log10 e
    assert [law.exact for law in laws.values()] == [True, False, False]


def test_goe_exponent_is_the_curvature_of_the_exact_law():
    # log P = -(ln 3 / 4) N^2 + lower orders: the second difference leaves the leading coefficient, twice.
    exact = np.diff(np.log10([GOE[5], GOE[6], GOE[7]]), 2)[0]
    leading = np.diff([exponents(n)["goe"].log10 for n in (6, 7, 8)], 2)[0]
    assert leading == pytest.approx(exact, rel=0.01)


def drawn_goe(n, count, seed):
    """(count, n) the eigenvalues of all batches."""
    return np.concatenate(list(goe_batches(n, count, seed)))


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_goe_has_variance_one_off_the_diagonal_and_two_on_it(n):
    # The trace is the sum of n entries of variance 2; the mean of the trace of the square is n (n - 1) + 2 n.
    count = 20_000 if n < 30 else 2_000
    values = drawn_goe(n, count, seed=3)
    assert values.shape == (count, n)
    assert (np.diff(values, axis=1) >= 0).all()
    traces, squares = values.sum(axis=1), (values**2).sum(axis=1)
    assert abs(traces.mean()) < 5 * np.sqrt(2 * n / count)
    assert traces.var() == pytest.approx(2 * n, rel=5 * np.sqrt(2 / count))
    assert abs(squares.mean() - n * (n + 1)) < 5 * squares.std() / np.sqrt(count)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_simulated_goe_agrees_with_the_exact_law_within_its_error(n):
    estimate = last(goe_index_shares(n, 150_000, seed=11, batch=10_000))
    assert estimate.draws == 150_000
    assert estimate.share.shape == estimate.error.shape == (n + 1,)
    assert estimate.share.sum() == pytest.approx(1, rel=1e-12)
    assert np.allclose(estimate.error, np.sqrt(estimate.share * (1 - estimate.share) / 150_000), rtol=1e-9)
    assert abs(estimate.share[0] - GOE[n - 1]) < 5 * estimate.error[0]
    assert abs(estimate.share[n] - GOE[n - 1]) < 5 * estimate.error[n]  # -H is as likely as H


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_simulated_kac_rice_agrees_with_the_exact_law_within_its_error(n):
    estimate = last(field_index_shares(n, 40_000, seed=5, batch=10_000))
    assert estimate.share.shape == estimate.error.shape == (n + 1,)
    assert estimate.share.sum() == pytest.approx(1, rel=1e-12)
    assert abs(estimate.share[0] - FIELD[n - 1]) < 5 * estimate.error[0]
    assert abs(estimate.share[n] - FIELD[n - 1]) < 5 * estimate.error[n]
    assert (estimate.error < 0.02 * estimate.share).all()


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_field_obeys_morse(n):
    # On a closed surface minima - saddles + ... is its Euler characteristic, whatever the field: 0 per unit of volume.
    estimate = last(field_index_shares(n, 40_000, seed=8))
    assert abs(((-1.0) ** np.arange(n + 1)) @ estimate.share) < 5 * np.sqrt((estimate.error**2).sum())


def test_stated_error_is_the_scatter_over_seeds():
    runs = [last(field_index_shares(3, 500, seed)) for seed in range(200)]
    scatter = np.std([run.share for run in runs], axis=0)
    assert np.mean([run.error for run in runs], axis=0) == pytest.approx(scatter, rel=0.2)


def test_batches_do_not_change_what_is_drawn():
    whole = drawn_goe(4, 100, seed=9)
    for batch in (1, 7, 100, 1000):
        parts = list(goe_batches(4, 100, seed=9, batch=batch))
        assert [len(p) for p in parts[:-1]] == [batch] * (len(parts) - 1)
        assert np.array_equal(np.concatenate(parts), whole)
    assert np.array_equal(drawn_goe(4, 30, seed=9), whole[:30])
    assert np.array_equal(np.concatenate(list(goe_batches(100, 45, seed=9))), drawn_goe(100, 90, seed=9)[:45])
    assert not np.allclose(drawn_goe(4, 100, seed=10), whole)


@pytest.mark.parametrize("shares", [goe_index_shares, field_index_shares])
def test_running_estimates_can_be_stopped_and_end_the_same(shares):
    estimates = list(shares(3, 1000, seed=2, batch=300))
    assert [e.draws for e in estimates] == [300, 600, 900, 1000]
    whole = last(shares(3, 1000, seed=2, batch=1000))
    assert np.allclose(estimates[-1].share, whole.share, rtol=1e-12)
    assert np.allclose(estimates[-1].error, whole.error, rtol=1e-9)
    stopped = last(islice(shares(3, 1000, seed=2, batch=300), 2))
    assert np.allclose(stopped.share, last(shares(3, 600, seed=2)).share, rtol=1e-12)


def test_goe_shares_count_the_negative_eigenvalues_of_what_is_drawn():
    counts = np.bincount((drawn_goe(3, 1000, seed=2) < 0).sum(axis=1), minlength=4)
    assert np.allclose(counts / 1000, last(goe_index_shares(3, 1000, seed=2)).share, rtol=1e-12)


@pytest.mark.parametrize("n", [1, 7, 20_000])
def test_high_points_descend_and_low_points_do_not(n):
    edge = 2 * np.sqrt(n)
    heights = edge * np.array([-1.5, -1, 0, 1, 1.5])
    assert descent_fraction(heights, n) == pytest.approx([0, 0, 0.5, 1, 1], abs=1e-12)
    inside = descent_fraction(edge * np.linspace(-1, 1, 50), n)
    assert (np.diff(inside) > 0).all()


@pytest.mark.parametrize("part", [-0.9, -0.3, 0.2, 0.7])
def test_descent_fraction_is_the_semicircle_below_the_height(part):
    # Wigner's semicircle of radius R = 2 sqrt N has density 2 sqrt(R^2 - x^2) / (pi R^2); midpoint rule.
    n = 9
    radius, h = 6.0, 6.0 * part
    x = -radius + (h + radius) * (np.arange(200_000) + 0.5) / 200_000
    below = (2 * np.sqrt(radius**2 - x**2) / (np.pi * radius**2)).mean() * (h + radius)
    assert descent_fraction(h, n) == pytest.approx(below, abs=1e-7)


def test_descent_fraction_is_met_by_large_matrices():
    # At height h the Hessian is a GOE matrix minus h: its negative eigenvalues are those below h, to order 1 / N.
    values = drawn_goe(100, 40, seed=1)
    for h in (-15.0, -5.0, 0.0, 10.0):
        assert (values - h < 0).mean() == pytest.approx(descent_fraction(h, 100), abs=0.01)


def test_descent_fraction_broadcasts():
    heights, sizes = np.linspace(-9, 9, 4)[:, None], np.array([1, 4, 16])
    grid = descent_fraction(heights, sizes)
    assert grid.shape == (4, 3)
    assert grid[3, 2] == pytest.approx(descent_fraction(9.0, 16), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: goe_minimum(9), r"goe_minimum: n must be a whole number in \[1, 8\], got 9"),
        (lambda: field_minimum(0), r"field_minimum: n must be a whole number in \[1, 8\], got 0"),
        (lambda: independent_minimum(1001), r"independent_minimum: n must be .*\[1, 1000\], got 1001"),
        (lambda: exponents(2.5), r"exponents: n must be .*, got 2.5"),
        (lambda: goe_batches(401, 1), r"goe_batches: n must be .*\[1, 400\], got 401"),
        (lambda: goe_batches(3, 0), r"goe_batches: count must be .*>= 1, got 0"),
        (lambda: goe_batches(3, 1, seed=-1), r"goe_batches: seed must be .*>= 0, got -1"),
        (lambda: goe_batches(3, 1, batch=0), r"goe_batches: batch must be .*>= 1, got 0"),
        (lambda: goe_batches(100, 5001), rf"goe_batches: n \* n \* count must be <= {LARGEST_WORK}, got 50010000"),
        (lambda: goe_index_shares(3, -5), r"goe_batches: count must be"),
        (lambda: field_index_shares(400, 1), r"field_index_shares: n must be .*\[1, 399\], got 400"),
        (lambda: descent_fraction(float("nan"), 5), r"descent_fraction: height must be finite, got nan"),
        (lambda: descent_fraction(0.0, 0), r"descent_fraction: n must be .*, got 0"),
    ],
)
def test_bad_values_are_refused_at_the_call(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_large_matrices_come_in_small_batches():
    assert [len(values) for values in goe_batches(200, 12)] == [5, 5, 2]
    assert len(next(goe_batches(400, 3))) == 1


def test_work_at_the_limit_is_allowed():
    assert next(goe_batches(100, 5000, batch=2)).shape == (2, 100)
