"""Functions of plain floats and of arrays alike, so that one definition serves a single run and a sweep of thousands.

On floats Python's own functions are quicker than NumPy's and raise where those give inf or NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np


def either(on_float: Callable, on_array: Callable) -> Callable:
    """One name for a function of plain floats and of arrays."""
    return lambda x: on_float(x) if type(x) is float else on_array(x)


sqrt = either(math.sqrt, np.sqrt)
exp = either(math.exp, np.exp)
sin = either(math.sin, np.sin)
cos = either(math.cos, np.cos)
tanh = either(math.tanh, np.tanh)
sign = either(lambda x: float((x > 0) - (x < 0)) if x == x else x, np.sign)


def maximum(a, b):
    """The larger of two, element by element; NaN where one is NaN."""
    if type(a) is float and type(b) is float:
        return b if a < b or b != b else a
    return np.maximum(a, b)


def where(condition, a, b):
    """a where the condition holds, b elsewhere. Both are computed, so both must be computable."""
    return np.where(condition, a, b) if isinstance(condition, np.ndarray) else (a if condition else b)
