"""A rate for each coordinate: the gradient is divided by a measure of its own size there."""

from __future__ import annotations

from ..arithmetic import sqrt, where
from ..params import choice, decay
from .entry import optimizer
from .parameters import BETA2, rate, small


# fmt: off
@optimizer(label="Adagrad", params=(rate(1e-2), small(1e-10)), slots=("s",), normalises=True,
           formula=r"s \leftarrow s + g^2,\quad w \leftarrow w - \alpha \frac{g}{\sqrt{s} + \epsilon}",
           source="Duchi, Hazan & Singer 2011; torch Adagrad",
           denominator=lambda s, t, *, eps, **_: sqrt(s["s"]) + eps)
def adagrad(w, g, s, t, *, lr, eps):
    total = s["s"] + g * g
    return -lr * g / (sqrt(total) + eps), {"s": total}


@optimizer(label="Adagrad, root mean square",
           params=(rate(1e-2), small(0.0).with_default(0.0, slider=(0.0, 0.1), log=False,
                                                       help="Added to the denominator. With 0, 0/0 is no step.")),
           slots=("s",), like="rmsprop", normalises=True,
           formula=r"s \leftarrow s + g^2,\quad \sigma = \sqrt{s/t},\quad "
                   r"w \leftarrow w - \alpha \frac{g}{\sigma + \epsilon}",
           source="Adagrad with the mean of the squares in place of their sum: Adagrad with lr sqrt(t)",
           denominator=lambda s, t, *, eps, **_: sqrt(s["s"] / t) + eps)
def adagrad_rms(w, g, s, t, *, lr, eps):
    total = s["s"] + g * g
    divisor = sqrt(total / t) + eps
    return -lr * g / where(divisor == 0, 1.0, divisor), {"s": total}


@optimizer(label="RMSprop",
           params=(rate(1e-2), BETA2.with_default(0.9), small(1e-8),
                   choice("initial", "zero", ("zero", "first_gradient"), label="average starts at",
                          help="The average of the squares starts at 0, or at the first squared gradient.")),
           slots=("s",), memory="beta2", normalises=True,
           formula=r"s \leftarrow \beta_2 s + (1-\beta_2) g^2,\quad "
                   r"w \leftarrow w - \alpha \frac{g}{\sqrt{s} + \epsilon}",
           source="Tieleman & Hinton 2012, lecture 6e; torch RMSprop",
           denominator=lambda s, t, *, eps, **_: sqrt(s["s"]) + eps)
def rmsprop(w, g, s, t, *, lr, beta2, eps, initial):
    before = g * g if t == 1 and initial == "first_gradient" else s["s"]
    mean = beta2 * before + (1 - beta2) * g * g
    return -lr * g / (sqrt(mean) + eps), {"s": mean}


@optimizer(label="Adadelta",
           params=(rate(1.0), decay("rho", 0.9, symbol="ρ", help="Decay rate of both averages of squares."),
                   small(1e-6).with_default(1e-6, help="Added under both roots, which is what the first steps grow out of. With 0 nothing moves, and a "
                                                       "coordinate that has met only gradients of 0 diverges: 0/0.")),
           slots=("s", "d"), memory="rho",
           formula=r"s \leftarrow \rho s + (1-\rho) g^2,\quad \delta = \frac{\sqrt{d+\epsilon}}{\sqrt{s+\epsilon}} g,"
                   r"\quad d \leftarrow \rho d + (1-\rho)\delta^2,\quad w \leftarrow w - \alpha\delta",
           source="Zeiler 2012, arXiv:1212.5701, Algorithm 1; torch Adadelta",
           factor=lambda before, after, *, eps, **_: sqrt(before["d"] + eps) / sqrt(after["s"] + eps))
def adadelta(w, g, s, t, *, lr, rho, eps):
    mean = rho * s["s"] + (1 - rho) * g * g
    delta = sqrt(s["d"] + eps) / sqrt(mean + eps) * g
    return -lr * delta, {"s": mean, "d": rho * s["d"] + (1 - rho) * delta * delta}
