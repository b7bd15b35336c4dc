"""Linear and logistic regression on generated data: cost, gradient, Hessian and minimum over all samples."""

import math

import numpy as np
import pytest

from lrviz.datasets import DATASETS
from lrviz.regression import LogisticRegression

LINEAR = DATASETS["linear_regression"](m=240, condition=4.0, angle=30.0)
LOGISTIC = DATASETS["logistic_regression"](m=240, condition=4.0, angle=30.0)
both = pytest.mark.parametrize("data", [LINEAR, LOGISTIC], ids=lambda d: d.name)


def mean_loss(data, w):
    """The definition of the cost, sample by sample."""
    z, y = w @ data.X, data.Y[0]
    if data.name == "linear_regression":
        return np.mean((z - y) ** 2 / 2)
    return np.mean(np.logaddexp(0, z) - y * z)


def slope(f, w, h=1e-5):
    """Derivatives of f by central differences."""
    return np.array([(f(w + h * e) - f(w - h * e)) / (2 * h) for e in np.eye(2)])


@both
def test_cost_gradient_and_hessian(data):
    grid = np.random.default_rng(1).uniform(-4, 4, (2, 3, 2))
    for w, J, g in zip(grid.reshape(-1, 2), data.cost(grid).ravel(), data.gradient(grid).reshape(-1, 2), strict=True):
        np.testing.assert_allclose(J, mean_loss(data, w), rtol=1e-13)
        np.testing.assert_allclose(g, slope(lambda v: mean_loss(data, v), w), atol=1e-8)
        np.testing.assert_allclose(data.hessian(w), slope(data.gradient, w), atol=1e-8)
        np.testing.assert_allclose(data.cost(w, 0.3), J + 0.15 * w @ w, rtol=1e-13)
        np.testing.assert_allclose(data.gradient(w, 0.3), g + 0.3 * w, rtol=1e-13)
    assert data.cost(grid).shape == (2, 3)


@both
@pytest.mark.parametrize("penalty", [0.0, 0.5])
def test_minimum(data, penalty):
    w = data.minimum(penalty)
    np.testing.assert_allclose(data.gradient(w, penalty), 0, atol=1e-15)
    assert (np.linalg.eigvalsh(data.hessian(w, penalty)) > penalty).all()


def test_the_bowl_of_a_regression_has_the_stated_shape():
    values, directions = LINEAR.bowl()
    np.testing.assert_allclose(values, [0.25, 1.0], rtol=1e-12)
    flat = [math.cos(math.radians(30)), math.sin(math.radians(30))]
    assert abs(directions[:, 0] @ flat) == pytest.approx(1)
    expected = np.linalg.lstsq(LINEAR.X.T, LINEAR.Y[0])[0]  # the least-squares solution of NumPy
    np.testing.assert_allclose(LINEAR.minimum(), expected, rtol=1e-12)
    exact = DATASETS["linear_regression"](m=50, noise=0.0)
    np.testing.assert_allclose(exact.minimum(), [1.0, -0.5], rtol=1e-14)
    assert exact.cost(exact.minimum()) < 1e-30


def test_a_large_logistic_cost_is_summed_over_groups():
    data = DATASETS["logistic_regression"](m=30_000)
    for w in np.array([[0.0, 0.0], [1.0, -1.0], [-4.0, 3.0], [3.0, 4.0]]):
        assert data.cost(w) == pytest.approx(mean_loss(data, w), abs=1e-6)


def test_separable_classes_have_no_minimum_but_a_penalised_one():
    data = LogisticRegression("apart", np.array([[1.0, 2.0, -1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0]]))
    with pytest.raises(ValueError, match="apart: classes must overlap for a minimum to exist, got 3 separable"):
        data.minimum()
    np.testing.assert_allclose(data.gradient(data.minimum(0.1), 0.1), 0, atol=1e-15)


def test_newton_steps_that_go_too_far_are_halved():
    x1 = [0.5, -0.7, -2.1, -0.8, -1.2, -0.5, 15.1, -87.9]  # a few wild samples: full steps from 0 never arrive
    x2 = [1.5, 0.9, 0.1, 384.0, -0.6, 1.0, -21.7, -1.4]
    data = LogisticRegression("wild", np.array([x1, x2, [1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0]]))
    np.testing.assert_allclose(data.gradient(data.minimum()), 0, atol=1e-14)


def test_labels_follow_the_model_until_some_are_flipped():
    clean, dirty = (DATASETS["logistic_regression"](m=100_000, flipped=f) for f in (0.0, 0.2))
    assert np.mean(clean.Y != dirty.Y) == pytest.approx(0.2, abs=4 * math.sqrt(0.2 * 0.8 / 100_000))
    w = clean.minimum()  # the maximum-likelihood estimate, with the standard errors of its Fisher information
    errors = np.sqrt(np.diag(np.linalg.inv(clean.hessian(w))) / 100_000)
    assert (np.abs(w - [1.5, -1.0]) < 4 * errors).all()


@pytest.mark.parametrize("name", DATASETS)
def test_data_sets_keep_their_word(name):
    a, b, c = (DATASETS[name](m=37, seed=s) for s in (0, 0, 1))
    assert (a.X.shape, a.Y.shape, a.m) == ((2, 37), (1, 37), 37)
    assert (a.samples == b.samples).all()
    assert (a.samples != c.samples).any()
    with pytest.raises(TypeError, match=f"{name} has no parameter 'size'; it takes m, condition"):
        DATASETS[name](size=3)
    for value in (1, 1_000_001, 2.5, math.nan):  # a million samples is the most a page should hold in memory
        with pytest.raises(ValueError, match=rf"{name}: m must be a whole number in \[2, 1e\+06\], got {value}"):
            DATASETS[name](m=value)
    with pytest.raises(ValueError, match=rf"{name}: m must be a single number, got an array of shape \(2,\)"):
        DATASETS[name](m=[10, 20])
