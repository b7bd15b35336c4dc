"""The exact recursion of mean and second moments: against a sum over all possible batches, and against many runs."""

import itertools

import numpy as np
import pytest

from lrviz.batch_moments import BatchLaw, reshuffled
from lrviz.batch_noise import floor
from lrviz.datasets import DATASETS
from lrviz.minibatch import train


def samples(m, **recipe):
    return DATASETS["linear_regression"](m=m, **recipe)


def all_outcomes(data, size, lr, points):
    """Every position that one update on a batch drawn with replacement can lead to, from each of the points."""
    x, y = data.X, data.Y[0]
    out = []
    for w in points:
        for batch in itertools.product(range(data.m), repeat=size):
            rows = list(batch)
            out.append(w - lr * (x[:, rows] * (w @ x[:, rows] - y[rows])).mean(axis=1))
    return np.array(out)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_an_update_is_the_mean_over_every_batch_there_is(size):
    data, lr, start = samples(5, condition=4.0, angle=20.0), 0.7, np.array([-4.0, 3.0])
    law = BatchLaw(data)
    e = start - law.best
    state = np.array([*e, *np.outer(e, e).ravel(), 1.0])
    points = start[None]
    for _ in range(2 if size < 3 else 1):
        state = law.update(lr, size) @ state
        points = all_outcomes(data, size, lr, points)
        d = points - law.best
        np.testing.assert_allclose(state[:2], d.mean(axis=0), rtol=1e-9)
        np.testing.assert_allclose(state[2:6].reshape(2, 2), d.T @ d / len(d), rtol=1e-9)


RUNS = [
    (128, 16, 0.2, 3.0),
    (128, 1, 0.2, 3.0),
    (128, 4, 0.7, 3.0),
    (100, 30, 0.2, 3.0),
    (50, 20, 0.7, 5.0),
    (128, 1, 0.3, 3.0),
]


@pytest.mark.parametrize(("m", "size", "lr", "condition"), RUNS)
@pytest.mark.parametrize(("drawing", "tolerance"), [("replacement", 0.04), ("reshuffle", 0.08)])
def test_the_long_run_is_where_many_runs_are(m, size, lr, condition, drawing, tolerance):
    data = samples(m, condition=condition)
    epochs, n = max(6, 1500 * size // m), -(-m // size)
    epochs = min(epochs, 30)
    run = train(data, "gd", data.minimum(), epochs, size, lr=lr, drawing=drawing, seed=np.arange(400))
    late = run.path[:, epochs // 2 * n + 1 :]
    square = ((late - data.minimum()) ** 2).sum(axis=-1)
    cost = (data.cost(late) - data.cost(data.minimum())).mean()
    found = BatchLaw(data).long_run(size, lr, drawing)
    assert found.mean == pytest.approx(np.sqrt(square.mean()), rel=tolerance)
    assert found.end == pytest.approx(np.sqrt(square[:, n - 1 :: n].mean()), rel=tolerance)
    assert found.cost == pytest.approx(cost, rel=2 * tolerance)


def test_the_width_of_a_cloud_from_its_start():
    data = samples(128, condition=3.0)
    rates = 0.5 / (1 + np.arange(6 * 8) / 8)
    run = train(data, "gd", (-4.0, 3.0), 6, 16, lr=1.0, schedule=rates, drawing="replacement", seed=np.arange(2000))
    measured = np.sqrt(run.path[:, ::8].var(axis=0, ddof=1).sum(axis=-1))
    theory = BatchLaw(data).spread(16, rates, (-4.0, 3.0))
    assert theory[0] == 0
    np.testing.assert_allclose(theory[1:], measured[1:], rtol=0.08)  # the sum of squares of 2,000 heavy-tailed runs


def test_at_a_small_rate_it_is_the_textbook_formula():
    data = samples(240, condition=4.0)
    law = BatchLaw(data)
    for lr in (1e-3, 1e-6, 1e-12, 5e-324):
        assert law.long_run(8, lr).mean == pytest.approx(np.hypot(*floor(data, 8, lr)), rel=2 * lr + 1e-6, abs=1e-300)


def test_without_a_balance_there_is_no_long_run():
    law = BatchLaw(samples(128, condition=3.0))
    assert law.long_run(128, 1.9, "reshuffle") == (0, 0, 0, 1)  # all samples at a time: no noise, and 1.9 < 2 settles
    assert law.long_run(128, 2.1, "reshuffle") is None
    assert law.long_run(1, 1.9) is None  # the bowl alone would bear it, the noise of single samples does not
    assert law.long_run(16, 0.0) == (0, 0, 0, 1)
    assert law.long_run(16, 1e300) is None
    assert law.long_run(1, 0.5) is not None
    assert law.long_run(1, 0.5, "reshuffle") is None  # there is one, which the approximation does not give


def test_reshuffled_epochs_are_the_sum_over_every_order():
    # Six samples of two features in batches of 2, 2, 2 or 4, 2: the small-rate picture e <- (1 - lr lambda) e - lr xi.
    data = samples(6, condition=2.0, angle=30.0)
    x, y = data.X, data.Y[0]
    values, directions = data.bowl()
    g = directions.T @ (x * (data.minimum() @ x - y))
    lr = 0.3
    for size in (2, 4):
        orders = list(itertools.permutations(range(6)))
        cuts = [range(i, min(i + size, 6)) for i in range(0, 6, size)]
        added, inside = np.zeros(2), []
        for order in orders:
            e = np.zeros(2)
            for cut in cuts:
                e = (1 - lr * values) * e - lr * g[:, [order[i] for i in cut]].mean(axis=1)
                inside.append(e)
            added += e * e / len(orders)
        end = added / (1 - (1 - lr * values) ** (2 * len(cuts)))
        inside = (np.array(inside).reshape(-1, len(cuts), 2) ** 2).mean(axis=0)
        carried = (1 - lr * values) ** (2 * np.arange(1, len(cuts) + 1)[:, None]) * end
        found_end, found_mean = reshuffled(data, size, lr)
        np.testing.assert_allclose(found_end, end, rtol=1e-9)
        np.testing.assert_allclose(found_mean, (inside + carried).mean(axis=0), rtol=1e-9)
