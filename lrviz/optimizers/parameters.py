"""The hyperparameters that rules share, described once, and the correction that one of them asks for."""

from __future__ import annotations

from ..params import Param, decay, flag, number


def rate(default: float) -> Param:
    """The learning rate: >= 0 (0 stands still), chosen over decades."""
    words = {"label": "learning rate", "symbol": "α", "help": "How far each step goes."}
    return number("lr", default, low=0.0, slider=(1e-5, 10.0), log=True, **words)


def small(default: float) -> Param:
    """eps, the number that keeps a division from 0/0."""
    text = "Added to the denominator. With 0, a coordinate that has met only gradients of 0 diverges: 0/0."
    return number("eps", default, label="epsilon", symbol="ε", help=text, low=0.0, slider=(1e-12, 1.0), log=True)


BETA = decay("beta", 0.9, symbol="β", help="How much of the velocity is kept from one step to the next.")
BETA1 = decay("beta1", 0.9, symbol="β₁", help="Decay rate of the average of the gradient.")
BETA2 = decay("beta2", 0.999, symbol="β₂", help="Decay rate of the average of the squared gradient.")
CORRECTED = flag(
    "corrected", True, label="bias correction", help="Divide each average by 1 − βᵗ, since it started at 0."
)


def unbiased(mean, beta, t):
    """An average that started at 0, divided by the weight that t samples have in it."""
    return mean / (1 - beta**t)
