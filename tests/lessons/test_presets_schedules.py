"""What the presets of the schedules page ask one to look at, against formulas and runs of other seeds written here."""

import math

import numpy as np
import pytest

from lrviz.figures.schedules import PICTURES
from lrviz.lessons.schedules import LESSON

pytestmark = pytest.mark.thorough

LAMBDA, SIGMA = 5.0, 2.0  # of the bowl, where a preset does not say otherwise
N = np.arange(1000.0)


def preset(title):
    return next(p for p in LESSON.presets if p.title.startswith(title))


def results(title):
    return LESSON.compute(LESSON.settings(**preset(title).settings))


def away(rates):
    """Expected root mean square distance at the end: the recursion of a noisy quadratic in two dimensions."""
    square = 25.0
    for a in rates:
        square = (1 - a * LAMBDA) ** 2 * square + 2 * (a * SIGMA) ** 2
    return math.sqrt(square)


def ends(rates, runs, seed):
    """End points of runs of another random stream."""
    dice = np.random.default_rng(seed)
    w = np.tile([-4.0, 3.0], (runs, 1))
    for a in rates:
        w = w - a * (LAMBDA * w + SIGMA * dice.normal(size=w.shape))
    return w


@pytest.mark.parametrize("seed", range(20))
def test_d1_the_fixed_rate_fills_a_wide_region(seed):
    fixed, decaying = (ends(rates, 60, seed).std(axis=0) for rates in (np.full(500, 0.1), 0.1 / (1 + N[:500] / 50)))
    assert (fixed > 2 * decaying).all()


def test_d1_says_what_theory_says():
    said = PICTURES["cloud"].caption(results("A fixed rate wanders"))
    assert SIGMA * math.sqrt(0.1 / (LAMBDA * (2 - 0.1 * LAMBDA))) == pytest.approx(0.231, abs=5e-4)
    assert said.count("A ± 0.231") == 2  # measured, and by theory


def test_d2_counts_complete_epochs_and_says_what_the_notes_count():
    r = results("a₀/(1 + rate")
    np.testing.assert_allclose([r.at(n)[0] for n in (0, 99, 100, 200, 300, 400)], [0.2, 0.2, 0.1, 0.2 / 3, 0.05, 0.04])
    assert "the first one runs at 0.2, and 0.1 is the rate after epoch 1" in preset("a₀/(1 + rate").remark


def test_d2_a_middle_decay_rate_ends_nearest():
    slow, middle, quick = (away(0.1 / (1 + rate * np.floor(N / 50))) for rate in (0.1, 10, 1000))
    assert middle < 0.15 * min(slow, quick)
    first = away(np.full(50, 0.1))
    assert quick == pytest.approx(first, rel=0.1)  # hardly moved since the first epoch
    found = [runs.end for runs in results("The decay rate is").training]
    np.testing.assert_allclose(found, [slow, middle, quick], rtol=0.12)


def test_d3_as_given_the_best_fixed_rate_wins_and_tuned_it_loses_to_all_five():
    by_hand = np.select([N < 250, N < 500, N < 800], [0.1, 0.05, 0.02], 0.005)
    five = [
        0.1 * 0.95 ** np.floor(N / 50), 0.1 / np.sqrt(np.floor(N / 50) + 1), 0.1 / np.sqrt(N + 1), 0.1 * 0.5 ** np.floor(N / 250), by_hand,
    ]  # fmt: skip
    best = min(away(np.full(1000, a)) for a in np.geomspace(5e-4, 5e-3, 80))
    assert min(away(rates) for rates in five) > 1.4 * best
    tuned = [min(away(f * rates) for f in np.geomspace(0.01, 0.4, 60)) for rates in five]
    assert max(tuned) < 0.9 * best
    r = results("Other ways down")
    np.testing.assert_allclose(r.given[:, :-1], five, rtol=1e-12)
    np.testing.assert_allclose([end for _, end in r.tuned], tuned, rtol=0.01)


@pytest.mark.parametrize("seed", range(20))
def test_d3_cutting_on_plateaus_ends_with_a_tenth_of_the_loss(seed):
    dice = np.random.default_rng(seed)
    w, fixed, rate, best, bad, losses = np.array([-4.0, 3.0]), np.array([-4.0, 3.0]), 0.1, math.inf, 0, []
    for _ in range(100):
        seen = []
        for kick in SIGMA * dice.normal(size=(10, 2)):
            w, fixed = w - rate * (LAMBDA * w + kick), fixed - 0.1 * (LAMBDA * fixed + kick)
            seen.append((0.5 * LAMBDA * w @ w, 0.5 * LAMBDA * fixed @ fixed))
        losses.append(np.mean(seen, axis=0))
        new = losses[-1][0] < best * (1 - 1e-4)
        best, bad = (losses[-1][0], 0) if new else (best, bad + 1)
        if bad > 5:
            rate, bad = rate / 2, 0
    cut, kept = np.mean(losses[-10:], axis=0)
    assert cut < 0.1 * kept


def test_s6_the_teeth_are_as_long_and_their_peaks_fall():
    r = results("Polynomial")
    tooth = [r.at(n)[1] for n in (0, 10_000, 10_001, 20_000, 20_001, 30_000)]
    peaks = [0.09 * math.sqrt(1 - n / t) + 0.01 for n, t in ((0, 1e4), (10_001, 2e4), (20_001, 3e4))]
    np.testing.assert_allclose(tooth, [peaks[0], 0.01, peaks[1], 0.01, peaks[2], 0.01])
    assert [round(peak, 4) for peak in peaks] == [0.1, 0.0736, 0.062]


def test_s8_the_teeth_of_the_polynomial_are_as_high_as_it_is_said():
    r = results("Restarts jump out")
    np.testing.assert_allclose([r.at(n)[2] for n in (201, 401, 601, 801)], [0.22, 0.15, 0.11, 0.09], atol=0.005)


def test_o6_one_leaves_one_crawls_one_wanders_far_out():
    rest = {a: SIGMA * math.sqrt(2 * a / (LAMBDA * (2 - a * LAMBDA))) for a in (0.0003, 0.35, 0.01)}
    assert away(np.full(300, 0.41)) > 1000
    assert away(np.full(300, 0.0003)) > 100 * rest[0.0003]
    assert away(np.full(300, 0.35)) == pytest.approx(rest[0.35], rel=1e-3)
    assert away(np.full(300, 0.01)) < 0.1 * rest[0.35]
    assert away(np.full(10, 0.35)) < 0.5 * away(np.full(10, 0.0003))  # quick at first
    said = PICTURES["cloud"].caption(results("Too high"))
    spread = math.sqrt(
        sum(((1 - 0.0003 * LAMBDA) ** n * 0.0003 * SIGMA) ** 2 for n in range(300))
    )  # of B, in one coordinate
    assert spread == pytest.approx(0.00844, abs=1e-5)
    assert float(said.partition("B ± ")[2].partition(",")[0]) == pytest.approx(spread, rel=0.1)


@pytest.mark.parametrize("budget", [10, 30, 100])
def test_o8_the_best_rate_falls_with_the_budget(budget):
    tried = np.geomspace(1e-4, 0.39, 300)
    best, later = (tried[np.argmin([away(np.full(n, a)) for a in tried])] for n in (budget, 3 * budget))
    assert best > 2 * later
