"""One rate for all coordinates, with and without inertia."""

from __future__ import annotations

from .entry import optimizer
from .parameters import BETA, CORRECTED, rate, unbiased


# fmt: off
@optimizer(label="Gradient descent", params=(rate(1e-3),), formula=r"w \leftarrow w - \alpha g",
           source="Cauchy 1847; torch SGD",
           stability=lambda curvature, **_: 2 / curvature)
def gd(w, g, s, t, *, lr):
    return -lr * g, {}


@optimizer(label="Momentum", params=(rate(1e-3), BETA, CORRECTED.with_default(False)), slots=("v",), memory="beta",
           formula=r"v \leftarrow \beta v + (1-\beta) g,\quad w \leftarrow w - \alpha v",
           source="Polyak 1964, the velocity an average; torch SGD with momentum and lr (1 - beta)",
           stability=lambda curvature, *, beta, **_: 2 * (1 + beta) / ((1 - beta) * curvature))
def momentum(w, g, s, t, *, lr, beta, corrected):
    v = beta * s["v"] + (1 - beta) * g
    return -lr * (unbiased(v, beta, t) if corrected else v), {"v": v}


@optimizer(label="Heavy ball", params=(rate(1e-3), BETA), slots=("v",), memory="beta",
           formula=r"v \leftarrow \beta v + g,\quad w \leftarrow w - \alpha v",
           source="Polyak 1964; torch SGD with momentum",
           stability=lambda curvature, *, beta, **_: 2 * (1 + beta) / curvature)
def heavy_ball(w, g, s, t, *, lr, beta):
    v = beta * s["v"] + g
    return -lr * v, {"v": v}


@optimizer(label="Nesterov", params=(rate(1e-3), BETA), slots=("v",), memory="beta",
           formula=r"v \leftarrow \beta v + g,\quad w \leftarrow w - \alpha (g + \beta v)",
           source="Nesterov 1983 as in Sutskever et al. 2013; torch SGD with nesterov",
           stability=lambda curvature, *, beta, **_: 2 * (1 + beta) / ((1 + 2 * beta) * curvature))
def nesterov(w, g, s, t, *, lr, beta):
    v = beta * s["v"] + g
    return -lr * (g + beta * v), {"v": v}
