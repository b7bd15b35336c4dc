"""Two optimizers, a surface, a schedule and a signal from outside the package, as somebody who extends it would write them.

Each is one definition, and no list anywhere names it. Lion and the sawtooth are those that the package shows as examples;
sign descent says no more of itself than it must. `python -m pytest -p tests.support.outside ...` runs tests with all of
them registered before any page is made.
"""

from __future__ import annotations

import numpy as np

from lrviz import schedule_params as p
from lrviz.optimizers import OPTIMIZERS, decay, optimizer, rate, sign
from lrviz.params import number
from lrviz.schedules import schedule
from lrviz.signals import gaussian, noise, signal
from lrviz.surfaces import Shape, surface

if "lion" in OPTIMIZERS:  # taken into the package meanwhile
    OPTIMIZERS.remove("lion")


# fmt: off
@optimizer(label="Lion", params=(rate(1e-4), decay("beta1", 0.9), decay("beta2", 0.99)), slots=("m",),
           formula=r"w \leftarrow w - \alpha\,\mathrm{sign}(\beta_1 m + (1-\beta_1) g)", source="arXiv:2302.06675",
           like="adam", memory="beta1", normalises=True)
def lion(w, g, s, t, *, lr, beta1, beta2):
    return -lr * sign(beta1 * s["m"] + (1 - beta1) * g), {"m": beta2 * s["m"] + (1 - beta2) * g}


@optimizer(label="Sign descent", params=(rate(0.05),), formula=r"w \leftarrow w - \alpha\,\mathrm{sign}(g)", source="arXiv:1802.04434")
def sign_descent(w, g, s, t, *, lr):
    return -lr * sign(g), {}


@surface(label="Three-hump camel", formula=r"2x^2 - 1.05x^4 + \tfrac{1}{6}x^6 + c\,xy + y^2", source="a camel of three humps",
         params=(number("coupling", 1.0, symbol="c", low=0.0, high=2.0, slider=(0.0, 2.0), help="How far the valley is turned."),))
def three_hump_camel(coupling):
    spread = (0.41 + coupling**2 / 2) ** 0.5  # on y = -c x / 2 the slope is x (4 - c^2/2 - 4.2 x^2 + x^4)
    outer, inner = (2.1 + spread) ** 0.5, (2.1 - spread) ** 0.5
    sides = [(side * x, -side * x * coupling / 2, kind) for side in (1, -1) for x, kind in ((outer, "minimum"), (inner, "saddle"))]
    return Shape(
        value=lambda x, y: x * x * (2 - x * x * (1.05 - x * x / 6)) + coupling * x * y + y * y,
        gradient=lambda x, y: (x * (4 - x * x * (4.2 - x * x)) + coupling * y, coupling * x + 2 * y),
        box=(-2.5, 2.5, -2.5, 2.5), start=(-1.8, 2.0), points=((0.0, 0.0, "minimum"), *sides), rates={"gd": 0.05, "adam": 0.1})


@schedule(label="One minus square root", params=(p.INITIAL, p.DECAY_STEPS),
          formula=r"a_n = a_0\left(1 - \sqrt{\min(n, T)/T}\right)", source="Hägele et al. 2024, arXiv:2405.18392")
def one_minus_sqrt(step, *, initial_learning_rate, decay_steps):
    return initial_learning_rate * (1 - np.sqrt(np.minimum(step, decay_steps) / decay_steps))


@signal(label="Sawtooth", params=(number("period", 30.0, low=1), *noise(0.5)))
def sawtooth(day, *, period, noise, seed):
    """Rises by one a day and falls back after every period."""
    mean = day % period
    return mean + noise * gaussian(seed, len(day)), mean
