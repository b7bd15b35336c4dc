"""The functions that take floats and arrays: one element gives what it gives in an array, NaN and infinities too."""

from itertools import product
from math import inf, nan

import numpy as np
import pytest

from lrviz.arithmetic import maximum, sign

NUMBERS = (-inf, -2.0, -0.0, 0.0, 1e-300, 3.0, inf, nan)


@pytest.mark.parametrize("x", NUMBERS)
def test_sign(x):
    np.testing.assert_array_equal(sign(x), np.sign(np.array([x]))[0])
    assert type(sign(x)) is float


@pytest.mark.parametrize(("a", "b"), [*product(NUMBERS, repeat=2)])
def test_maximum(a, b):
    np.testing.assert_array_equal(maximum(a, b), np.maximum(np.array([a]), np.array([b]))[0])
