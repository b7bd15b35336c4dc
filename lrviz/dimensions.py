"""Critical points in many dimensions: how rare is a minimum?

At a critical point the gradient is zero and the Hessian decides what the point is: a minimum needs all N
eigenvalues positive. How rare that is depends on what the Hessian is taken to be. Three models, three laws:

independent   every direction curves up or down by the toss of a coin. P(minimum) = 2^-N, exactly.
goe           the Hessian is a random symmetric matrix of the Gaussian orthogonal ensemble: entries independent,
              variance 1 off the diagonal and 2 on it. Its eigenvalues repel each other, so all of them on one side
              of zero is far rarer than coins say: exp(-(ln 3 / 4) N^2) to leading order (Dean & Majumdar 2006,
              Phys. Rev. Lett. 97, 160201).
field         the critical points of a smooth isotropic Gaussian random field, each counted once. The Kac-Rice formula
              weighs a Hessian by |det H|, and H is a GOE matrix plus a random multiple of the identity (the height),
              so that P(k descent directions) is proportional to E[exp(-l_k^2 / 4)], with l_0 <= ... <= l_N the
              eigenvalues of a GOE matrix of size N + 1. P(minimum) falls like e^-N to leading order.

The exact laws are computed, not looked up. For a density prod_{i<j} |s_i - s_j| prod_i w(s_i), the integral over all
s is a Pfaffian of double integrals of w (de Bruijn 1955); taken over positive s and over all s, the two give the
share of matrices with all eigenvalues positive. For the GOE w(s) = exp(-s^2 / 4). For the field, |det H| at height x
makes it w(s) = |s| exp(-(s + x)^2 / 4), and one more integral runs over the height.

Real losses obey none of the three: their Hessians have a bulk near zero and a few large outliers, and training does
not pick critical points at random. What carries over is the trend: low points have few directions of descent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from .params import integer, number

SMALL_N = integer("n", 5, low=1, high=8, label="dimensions", symbol="N")
MATRIX_N = SMALL_N.with_default(5, high=400)
ANY_N = SMALL_N.with_default(20_000, high=10**9)
COIN_N = SMALL_N.with_default(5, high=1000)
COUNT = integer("count", 20_000, low=1, label="matrices drawn")
BATCH = integer("batch", 1_000, low=1, label="matrices in a batch")
SEED = integer("seed", 0, low=0)
HEIGHT = number("height", 0.0, symbol="h", help="Height of a critical point, in standard deviations of the field.")
LARGEST_WORK = 50_000_000
BATCH_WORK = 200_000

# ---------------------------------------------------------------------------------------------- exact laws


def independent_minimum(n: int) -> float:
    """2^-n: the chance that n independent fair signs are all positive. n from 1 to 1000 (below, see `exponents`)."""
    return 2.0 ** -COIN_N.check(n, "independent_minimum")


def goe_minimum(n: int) -> float:
    """The chance that an n x n GOE matrix has all eigenvalues positive, n from 1 to 8, to eight significant digits.

    n = 2 is (2 - sqrt 2) / 4 and n = 3 is (pi - 2 sqrt 2) / (4 pi); see Dean & Majumdar 2008, arXiv:0801.1730.
    """
    n = SMALL_N.check(n, "goe_minimum")
    positive, everywhere = _pfaffians(n, lambda s: np.exp(-s * s / 4))
    return positive / everywhere


def field_minimum(n: int) -> float:
    """The share of minima among all critical points of an isotropic Gaussian field in n dimensions.

    n from 1 to 8, to six significant digits; n = 1, 2, 3 are 1/2, 1/4 and (29 - 6 sqrt 6) / 116. The Kac-Rice formula,
    see Azais & Delmas 2019, arXiv:1911.02300. Every smooth isotropic covariance gives the same shares: the Hessians
    differ by a scale only.
    """
    n = SMALL_N.check(n, "field_minimum")
    heights, weights = np.polynomial.hermite_e.hermegauss(50)
    near = np.abs(heights) < 9
    minima = critical = 0.0
    for x, weight in zip(heights[near], weights[near], strict=True):
        positive, everywhere = _pfaffians(n, lambda s, x=x: np.abs(s) * np.exp(-((s + x) ** 2) / 4))
        minima += weight * positive
        critical += weight * everywhere
    return float(minima / critical)


MINIMUM_LAWS = {"independent": independent_minimum, "goe": goe_minimum, "field": field_minimum}


def _pfaffians(n: int, w: Callable[[np.ndarray], np.ndarray]) -> tuple[float, float]:
    """de Bruijn's Pfaffian of the weight w over s > 0 and over all s, up to a common factor.

    A[j, k] is the integral of (x^j y^k - x^k y^j) w(x) w(y) over x < y. Pairs lie both right of zero, both left of it,
    or one on each side. An odd n gets a border of the single integrals of x^j w(x).
    """
    sign = (-1.0) ** np.arange(n)
    right, right_moments = _half_line(n, w)
    left, left_moments = _half_line(n, lambda s: w(-s))
    left_moments = sign * left_moments
    across = np.outer(left_moments, right_moments)
    everywhere = right - np.outer(sign, sign) * left + across - across.T
    return _pfaffian(right, right_moments), _pfaffian(everywhere, left_moments + right_moments)


def _half_line(n: int, w: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """A (n, n) over 0 < x < y and the moments (n,), by Gauss-Legendre in y and t = x / y.

    60 nodes up to y = 16, where the weights in use have fallen below e^-60 or are weighted so by the height.
    """
    t, dt = _unit_nodes()
    y, dy = 16 * t, 16 * dt
    powers = np.arange(n)
    inner = w(np.outer(y, t)) * dt @ t[:, None] ** powers * y[:, None] ** (powers + 1)
    outer = (w(y) * dy)[:, None] * y[:, None] ** powers
    ordered = inner.T @ outer
    return ordered - ordered.T, outer.sum(axis=0)


@cache
def _unit_nodes() -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of the quadrature, on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    return (nodes + 1) / 2, weights / 2


def _pfaffian(a: np.ndarray, border: np.ndarray) -> float:
    """|Pf a| = sqrt(det a) of an antisymmetric matrix, bordered when its size is odd."""
    if len(a) % 2:
        a = np.block([[a, border[:, None]], [-border, 0.0]])
    return math.sqrt(abs(np.linalg.det(a)))


@dataclass(frozen=True)
class Exponent:
    """How fast a law falls: log10 of it. Unless `exact`, the leading term only, a growth order and never a value:
    at n = 8, where it can be checked, goe is off by a factor of 24 and field by one of 9, and growing."""

    log10: float
    exact: bool


def exponents(n: int) -> dict[str, Exponent]:
    """log10 of each law of `MINIMUM_LAWS` in n dimensions, n from 1 to 1e9: what "2^-20000" stands for.

    Only `independent` is exact; of `goe`, exp(-(ln 3 / 4) n^2), and `field`, e^-n, only the leading order is known.
    """
    n = ANY_N.check(n, "exponents")
    return {
        "independent": Exponent(-n * math.log10(2), exact=True),
        "goe": Exponent(-math.log10(3) / 4 * n * n, exact=False),
        "field": Exponent(-n * math.log10(math.e), exact=False),
    }


# ---------------------------------------------------------------------------------------------- sampling


def goe_batches(n: int, count: int, seed: int = 0, batch: int | None = None) -> Iterator[np.ndarray]:
    """Eigenvalues of `count` random n x n GOE matrices, ascending, a batch (b, n) at a time.

    n from 1 to 400; n * n * count at most 5e7 (some seconds), else ValueError. One seed is one stream of normal
    numbers, n * n for each matrix in turn: the i-th matrix depends on seed, n and i alone, neither on the size of
    the batches, nor on how many are drawn, nor on what was drawn before. By default a batch has as many matrices as
    make 2e5 entries, some 20 ms of work.
    """
    n, count = MATRIX_N.check(n, "goe_batches"), COUNT.check(count, "goe_batches")
    size: int = BATCH.check(max(1, BATCH_WORK // (n * n)) if batch is None else batch, "goe_batches")
    seed = SEED.check(seed, "goe_batches")
    if n * n * count > LARGEST_WORK:
        raise ValueError(f"goe_batches: n * n * count must be <= {LARGEST_WORK}, got {n * n * count}")
    return _goe_batches(n, count, seed, size)


def _goe_batches(n: int, count: int, seed: int, batch: int) -> Iterator[np.ndarray]:
    rng = np.random.default_rng(seed)
    for done in range(0, count, batch):
        a = rng.standard_normal((min(batch, count - done), n, n))
        yield np.linalg.eigvalsh((a + a.swapaxes(-1, -2)) / math.sqrt(2))


@dataclass(frozen=True)
class IndexShares:
    """Estimated shares of points with k = 0 (minima), 1, ..., n (maxima) directions of descent, after `draws` matrices.

    share, error: (n + 1,), error being one standard error. Where share is 0 nothing was seen, and its error of 0 says
    nothing either: the share may then be up to 3 / draws (95 %).
    """

    draws: int
    share: np.ndarray
    error: np.ndarray


def goe_index_shares(n: int, count: int, seed: int = 0, batch: int | None = None) -> Iterator[IndexShares]:
    """Shares of n x n GOE matrices by number of negative eigenvalues: the running estimate after each batch.

    Arguments as in `goe_batches`. The last estimate is the result; a page shows the earlier ones as progress and may
    stop at any of them.
    """
    batches = goe_batches(n, count, seed, batch)
    return _running_shares((values < 0).sum(axis=1)[:, None] == np.arange(n + 1) for values in batches)


def field_index_shares(n: int, count: int, seed: int = 0, batch: int | None = None) -> Iterator[IndexShares]:
    """Shares of the critical points of an isotropic Gaussian field in n dimensions by number of descent directions.

    Kac-Rice over `count` GOE matrices of size n + 1 (which is what the limits of `goe_batches` apply to): the share
    with k descent directions is E[exp(-l_k^2 / 4)] / E[sum_i exp(-l_i^2 / 4)]. Running estimates, as above.
    """
    n = MATRIX_N.with_default(5, high=MATRIX_N.high - 1).check(n, "field_index_shares")
    return _running_shares(np.exp(-values * values / 4) for values in goe_batches(n + 1, count, seed, batch))


def _running_shares(batches: Iterator[np.ndarray]) -> Iterator[IndexShares]:
    """Ratio estimates sum w_k / sum W of weights w (b, n + 1) with W their row sums, and their errors by linearisation:
    the root of sum (w_k - share_k W)^2, over sum W."""
    draws, w, ww, wW, WW = 0, 0.0, 0.0, 0.0, 0.0
    for weights in batches:
        weights = weights.astype(float)
        total = weights.sum(axis=1)
        draws += len(weights)
        w = w + weights.sum(axis=0)
        ww = ww + (weights * weights).sum(axis=0)
        wW = wW + total @ weights
        WW = WW + total @ total
        share = w / w.sum()
        residual = ww - 2 * share * wW + share * share * WW
        yield IndexShares(draws, share, np.sqrt(np.maximum(residual, 0.0)) / w.sum())


# ---------------------------------------------------------------------------------------------- height


def descent_fraction(height: Any, n: Any) -> Any:
    """Fraction of directions that descend at a critical point of height h in n dimensions, for large n.

    The field has unit variance and covariance exp(-r^2 / 2); given h its Hessian is a GOE matrix minus h times the
    identity, so the fraction is that part of Wigner's semicircle (radius 2 sqrt n) that lies below h:
    (arccos u - u sqrt(1 - u^2)) / pi with u = -h / (2 sqrt n) (Bray & Dean 2007, Phys. Rev. Lett. 98, 150201).
    Beyond the semicircle it is 1 (h >= 2 sqrt n: maxima only) or 0 (h <= -2 sqrt n: minima only).

    height: number or array; n: whole number >= 1 or array; they broadcast.
    """
    h, n = HEIGHT.check(height, "descent_fraction"), ANY_N.check(n, "descent_fraction")
    u = np.clip(-h / (2 * np.sqrt(n)), -1.0, 1.0)
    return (np.arccos(u) - u * np.sqrt(1 - u * u)) / np.pi
