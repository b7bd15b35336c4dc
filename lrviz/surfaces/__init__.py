"""Loss surfaces: a value and its gradient, side by side, over a plane that can be drawn.

A real loss has millions of weights and cannot be seen. Its troubles can, two weights at a time: the long ravine that
makes gradient descent zigzag, the saddle and the plateau where it lingers, the many minima that trap it, the cliff
that throws it back. Each surface here is one such trouble, with the points where its gradient vanishes.

A surface is a function of its parameters that returns a `Shape`; `@surface(...)` makes it an entry of `SURFACES`.
`value` and `gradient` serve plain floats and arrays (of one shape) alike.
"""

from __future__ import annotations

from ..arithmetic import cos, exp, maximum, sin, sqrt, tanh
from .classical import (
    ackley,
    beale,
    goldstein_price,
    himmelblau,
    rastrigin,
    ravine,
    rosenbrock,
    six_hump_camel,
    styblinski_tang,
)
from .critical_points import critical, mirrored, separable
from .entry import KINDS, SURFACES, Shape, Surface, rates, surface
from .troubles import cliff, double_well, long_valley, monkey_saddle, plateau, ripples, saddle

__all__ = [
    "KINDS", "SURFACES", "Shape", "Surface", "ackley", "beale", "cliff", "cos", "critical", "double_well", "exp", "goldstein_price",
    "himmelblau", "long_valley", "maximum", "mirrored", "monkey_saddle", "plateau", "rastrigin", "rates", "ravine", "ripples",
    "rosenbrock", "saddle", "separable", "sin", "six_hump_camel", "sqrt", "styblinski_tang", "surface", "tanh",
]  # fmt: skip
