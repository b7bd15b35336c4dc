"""Trends, the nearest power of two and clouds off the minimum, as the mini-batch page words them, by formulas written here."""

import math
import re

import numpy as np
import pytest

from lrviz.datasets import DATASETS
from lrviz.figures.mini_batch import PICTURES
from lrviz.lessons.mini_batch import LESSON, compute
from lrviz.minibatch import train

PRESETS = {p.title: p.settings for p in LESSON.presets}
START = (-4.0, 3.0)


@pytest.mark.parametrize("seed", range(10))
def test_the_rate_that_is_too_big_has_no_trend_while_epochs_come_back(seed):
    """Beyond 2/1 the mean of the paths grows; a trend is claimed only of runs whose later epochs stay below the first."""
    s = LESSON.settings(**(PRESETS["If batch cost rises, the rate is too big"] | {"seed": seed}))
    said = PICTURES["paths"].caption(compute(s))
    run = train(DATASETS["linear_regression"](m=128, condition=3.0), "gd", START, 20, 16, lr=2.1, seed=seed)
    means = run.batch_cost.reshape(20, 8).mean(axis=1)
    if seed == 0:  # the eighteenth epoch is as costly as the first
        assert means[17] > 0.9 * means[0]
        assert "trends down" not in said
    if "trends down" in said:
        assert means[10:].max() < means[0]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 7, 12, 700, 724, 725, 750, 767, 768, 769, 1000, 1024, 1025])
def test_the_nearest_power_of_two(size):
    distance = {2**k: abs(2**k - size) for k in range(12)}
    near = [p for p in distance if distance[p] == min(distance.values())]
    said = PICTURES["cutting"].caption(
        compute(LESSON.settings(cut_b=size, m=10, batch_size=2, epochs=1, shown=("batch",)))
    )
    assert (size in near and size > 1) == ("is a power of two" in said)
    found = re.search(r"(The|A) nearest power of two, ([\d,]+) = 2[⁰¹²³⁴⁵⁶⁷⁸⁹]+, would make ([\d,]+) batches", said)
    assert bool(found) == (size not in near)
    if found:
        assert int(found[2].replace(",", "")) == max(near)
        assert int(found[3].replace(",", "")) == math.ceil(5_000_000 / max(near))
        assert (found[1] == "A") == (len(near) == 2)


def test_runs_with_decay_that_are_not_yet_there():
    """Reshuffled, their cloud is far narrower than its mean is from the minimum; the fixed rate's lies round it."""
    s = LESSON.settings(**(PRESETS["Fixed rate wide, decay narrow"] | {"drawing": "reshuffle"}))
    said = PICTURES["noise"].caption(compute(s))
    data = DATASETS["linear_regression"](m=2048, condition=3.0)
    best = np.linalg.lstsq(data.X.T, data.Y[0])[0]
    decay = 1 / (1 + np.arange(30 * 32) / 32)
    end = train(data, "gd", START, 30, 64, lr=0.2, schedule=decay, seed=np.arange(200)).path[:, -1]
    mean = end.mean(axis=0)
    away = math.dist(mean, best)
    width = math.sqrt(((end - mean) ** 2).sum() / 199)
    found = re.search(
        r"do not lie round the minimum as the fixed-rate runs do: their mean is ([\d.]+) from it, ([\d.]+) times", said
    )
    assert float(found[1]) == pytest.approx(away, rel=6e-3)
    assert float(found[2]) == pytest.approx(away / width, rel=6e-3)
    # Without noise: the flat direction, of curvature 1/3, has the factor prod(1 - lr_t / 3) left of its five units.
    assert away == pytest.approx(5 * np.prod(1 - 0.2 * decay / 3), rel=0.2)


def test_single_samples_are_too_noisy_where_pairs_are():
    """At a rate of 0.4 no noise floor is known for one reshuffled sample; its cost is far above that of two and of the target."""
    s = LESSON.settings(**(PRESETS["Try a few powers of two"] | {"gd.lr": 0.4}))
    results = compute(s)
    data = DATASETS["linear_regression"](m=20_000, condition=3.0)
    x, y = data.X, data.Y[0]
    best = np.linalg.lstsq(x.T, y)[0]
    hessian, w, excess = x @ x.T / 20_000, best.copy(), []
    for i in np.random.default_rng(5).permutation(20_000):
        w = w - 0.4 * (w @ x[:, i] - y[i]) * x[:, i]
        excess.append(0.5 * (w - best) @ hessian @ (w - best))
    off = np.array(START) - best
    target = 0.0003 * 0.5 * off @ hessian @ off
    assert np.mean(excess[100:]) > 20 * target
    assert results.stays_above(1)
    assert "the noise keeps B = 1, B = 2, B = 4, B = 8, B = 16 and B = 32 above it" in PICTURES["target"].caption(
        results
    )


def test_the_widths_of_reshuffled_epochs_have_two_digits():
    """On a round bowl, by the sum over an epoch of the noise of batches whose total is fixed; an approximation, so said."""
    said = PICTURES["noise"].caption(compute(LESSON.settings(**PRESETS["Reshuffled epochs end tighter"])))
    data, m = DATASETS["linear_regression"](m=6400, condition=1.0), 6400
    best = np.linalg.lstsq(data.X.T, data.Y[0])[0]
    noise = ((data.X * (best @ data.X - data.Y[0])) ** 2).mean(axis=1).sum()

    def width(size, lr):
        a, k = 1 - lr, np.arange(m // size)
        inside = m / size * (a ** (2 * k)).sum() - (a**k).sum() ** 2
        return math.sqrt(lr**2 * noise / (m - 1) * inside / (1 - a ** (2 * k.size)))

    whole, half, twice = width(64, 0.01), width(64, 0.005), width(128, 0.01)
    share = whole / math.sqrt(0.01 * noise / (64 * (2 - 0.01)))
    assert f"about {share:.2f} of that, {whole:.4f}; then {half:.4f} at half the rate and {twice:.4f} with" in said
