"""Loss surfaces: a value and its gradient, side by side, over a plane that can be drawn.

A real loss has millions of weights and cannot be seen. Its troubles can, two weights at a time: the long ravine that
makes gradient descent zigzag, the saddle and the plateau where it lingers, the many minima that trap it, the cliff
that throws it back. Each surface here is one such trouble, with the points where its gradient vanishes.

A surface is a function of its parameters that returns a `Shape`; `@surface(...)` makes it an entry of `SURFACES`.
`value` and `gradient` serve plain floats and arrays (of one shape) alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from .optimizers import OPTIMIZERS, Optimizer, either, maximum, sqrt
from .params import Param, number
from .registry import Registry, complete

SURFACES = Registry("surface")
KINDS = ("minimum", "saddle", "maximum", "degenerate")

exp = either(math.exp, np.exp)
sin = either(math.sin, np.sin)
cos = either(math.cos, np.cos)
tanh = either(math.tanh, np.tanh)


class Shape(NamedTuple):
    """What a surface is once its parameters are known; see `Surface`."""

    value: Callable[[Any, Any], Any]
    gradient: Callable[[Any, Any], tuple[Any, Any]]
    box: tuple[float, float, float, float]
    start: tuple[float, float]
    points: tuple[tuple[float, float, str], ...]
    rates: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, eq=False)
class Surface:
    """A loss surface with its parameters bound.

    value(x, y)     the loss; gradient(x, y) its two derivatives (gx, gy)
    box             (x0, x1, y0, y1), the part worth drawing; start is a point in it where a run may begin
    points          ((x, y, kind), ...), the known critical points inside the box; kind is one of `KINDS`
    rates           optimizer name -> a learning rate that shows something here in some 200 steps, for those it was
                    tried with; `rate` has one for every optimizer
    log             True where contour levels are better spaced logarithmically
    bound           the values of `params` in force
    """

    name: str
    label: str
    params: tuple[Param, ...] = ()
    formula: str
    source: str
    log: bool = False
    build: Callable[..., Shape]
    bound: Mapping[str, float]
    value: Callable[[Any, Any], Any]
    gradient: Callable[[Any, Any], tuple[Any, Any]]
    box: tuple[float, float, float, float]
    start: tuple[float, float]
    points: tuple[tuple[float, float, str], ...]
    rates: Mapping[str, float]

    def rate(self, optimizer: str | Optimizer) -> float:
        """The rate to show an optimizer at here: its own in `rates`, else its relative's, else the optimizer's default."""
        return OPTIMIZERS.resolve(optimizer).rate_among(self.rates)

    def bind(self, **params: float) -> Surface:
        """The same surface with other parameters; those not named keep the values they have.

        TypeError names a parameter it does not have, ValueError one outside its range (or an array).
        """
        bound = complete(self.name, self.params, {**self.bound, **params}, scalar=True)
        return replace(self, bound=bound, **self.build(**bound)._asdict())


def surface(**fields: Any) -> Callable:
    """Register the decorated builder (parameters -> `Shape`) under its own name; `fields` are those of `Surface`."""

    def register(build):
        bound = complete(build.__name__, fields.get("params", ()), {})
        SURFACES.add(Surface(name=build.__name__, build=build, bound=bound, **fields, **build(**bound)._asdict()))
        return build

    return register


def rates(gd, momentum, heavy_ball, nesterov, adagrad, rmsprop, adam, radam):
    """The display rates tried out on a surface. RAdam has its own, since its first steps are raw; Adadelta needs none."""
    inertia = {"gd": gd, "momentum": momentum, "heavy_ball": heavy_ball, "nesterov": nesterov}
    return inertia | {"adagrad": adagrad, "rmsprop": rmsprop, "adadelta": 5.0, "adam": adam, "radam": radam}


def critical(slope, low, high):
    """Where a derivative of one variable vanishes in (low, high): [(position, True for a minimum), ...], by bisection.

    Finds every change of sign that two neighbours of 2,000 evenly spaced points see, to 15 decimals (so 0 is 0).
    """
    grid = np.linspace(low, high, 2000)
    rising = slope(grid) > 0
    at = np.flatnonzero(rising[1:] != rising[:-1])
    left, right, up = grid[at], grid[at + 1], rising[at + 1]
    for _ in range(60):
        middle = (left + right) / 2
        beyond = (slope(middle) > 0) == up
        left, right = np.where(beyond, left, middle), np.where(beyond, middle, right)
    return list(zip((np.round(right, 15) + 0.0).tolist(), up.tolist(), strict=True))


def separable(along_x, along_y):
    """Critical points of f(x) + g(y), from those of f and of g."""
    kinds = {(True, True): "minimum", (False, False): "maximum"}
    return tuple((x, y, kinds.get((i, j), "saddle")) for x, i in along_x for y, j in along_y)


def mirrored(points):
    """Points (x, y, kind) with all their images under sign changes and exchange of x and y, each once."""
    signs = (1, 1), (1, -1), (-1, 1), (-1, -1)
    images = {(i * a, j * b): kind for x, y, kind in points for a, b in ((x, y), (y, x)) for i, j in signs}
    return tuple((x, y, kind) for (x, y), kind in images.items())


BOTTOM = [(0.0, True)]  # the one critical point of a parabola


# fmt: off
@surface(label="Ravine", formula=r"\tfrac{1}{2}\,(x^2 + \kappa y^2)",
         params=(number("kappa", 20.0, symbol="κ", low=1.0, slider=(1, 100), log=True, help="Curvature across the ravine over curvature along it: the condition number."),),
         source="the quadratic that convergence proofs are about; kappa is its condition number")
def ravine(kappa):
    return Shape(
        value=lambda x, y: 0.5 * (x * x + kappa * y * y),
        gradient=lambda x, y: (x, kappa * y),
        box=(-5.0, 5.0, -3.0, 3.0), start=(-4.0, 2.0), points=separable(BOTTOM, BOTTOM),
        rates=rates(1.8 / kappa, 4 / kappa, 0.4 / kappa, 0.3 / kappa, 2.0, 0.1, 0.5, 2 / kappa))


@surface(label="Rosenbrock", log=True, formula=r"(1-x)^2 + 100\,(y-x^2)^2", source="Rosenbrock 1960")
def rosenbrock():
    def gradient(x, y):
        above = y - x * x
        return -2 * (1 - x) - 400 * x * above, 200 * above

    return Shape(
        value=lambda x, y: (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x),
        gradient=gradient,
        box=(-2.0, 2.0, -1.0, 3.0), start=(-1.5, 2.0), points=((1.0, 1.0, "minimum"),),
        rates=rates(1e-3, 0.01, 1e-3, 5e-4, 1.0, 0.02, 0.2, 2e-3))


@surface(label="Beale", log=True, formula=r"(1.5-x+xy)^2 + (2.25-x+xy^2)^2 + (2.625-x+xy^3)^2", source="Beale 1958")
def beale():
    def residuals(x, y):
        return 1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y

    def value(x, y):
        p, q, r = residuals(x, y)
        return p * p + q * q + r * r

    def gradient(x, y):
        p, q, r = residuals(x, y)
        return 2 * (p * (y - 1) + q * (y * y - 1) + r * (y * y * y - 1)), 2 * x * (p + 2 * q * y + 3 * r * y * y)

    return Shape(
        value, gradient, box=(-4.5, 4.5, -4.5, 4.5), start=(1.0, -1.5),
        points=((3.0, 0.5, "minimum"), (0.0, 1.0, "saddle"), (0.1005379373241584, -2.644513585023125, "saddle")),
        rates=rates(0.02, 0.05, 5e-3, 5e-3, 0.5, 0.05, 0.2, 0.02))


@surface(label="Himmelblau", log=True, formula=r"(x^2+y-11)^2 + (x+y^2-7)^2", source="Himmelblau 1972")
def himmelblau():
    def gradient(x, y):
        p, q = x * x + y - 11, x + y * y - 7
        return 4 * x * p + 2 * q, 2 * p + 4 * y * q

    minima = (3.0, 2.0), (-2.805118086952745, 3.131312518250573), (-3.779310253377747, -3.283185991286169), (
        3.584428340330492, -1.848126526964404)
    saddles = (0.08667750455539635, 2.884254701174776), (3.385154183607021, 0.07385187983774929), (
        -0.1279613467306801, -1.953714980244576), (-3.07302575076439, -0.08135304428796751)
    return Shape(
        value=lambda x, y: (x * x + y - 11) * (x * x + y - 11) + (x + y * y - 7) * (x + y * y - 7),
        gradient=gradient,
        box=(-6.0, 6.0, -6.0, 6.0), start=(-0.5, -0.5),
        points=(*((*m, "minimum") for m in minima), *((*s, "saddle") for s in saddles),
                (-0.2708445906673476, -0.9230385564799815, "maximum")),
        rates=rates(0.01, 0.05, 5e-3, 5e-3, 1.0, 0.1, 0.5, 0.05))


@surface(label="Styblinski-Tang", source="Styblinski & Tang 1990",
         formula=r"\tfrac{1}{2}\,(x^4-16x^2+5x + y^4-16y^2+5y)")
def styblinski_tang():
    def along(u):
        return 0.5 * u * (u * (u * u - 16) + 5)

    def slope(u):
        return 2 * u * (u * u - 8) + 2.5

    return Shape(
        value=lambda x, y: along(x) + along(y),
        gradient=lambda x, y: (slope(x), slope(y)),
        box=(-5.0, 5.0, -5.0, 5.0), start=(0.5, 4.0), points=separable(*[critical(slope, -5, 5)] * 2),
        rates=rates(0.02, 0.05, 5e-3, 0.01, 0.5, 0.1, 0.2, 0.05))


@surface(label="Six-hump camel", source="Dixon & Szegő 1978",
         formula=r"(4-2.1x^2+\tfrac{1}{3}x^4)\,x^2 + xy + (4y^2-4)\,y^2")
def six_hump_camel():
    half = (  # the other half by turning the plane: f(-x, -y) = f(x, y)
        (0.08984201310031806, -0.7126564030207396, "minimum"), (1.703606714969981, -0.7960835686726251, "minimum"),
        (1.607104752920197, 0.5686514548841314, "minimum"), (1.230229876516653, 0.162334584458995, "maximum"),
        (1.109205336804786, -0.7682680925095398, "saddle"), (1.296070267167109, 0.6050843880386585, "saddle"),
        (1.638067984189779, 0.2286740690443941, "saddle"))
    return Shape(
        value=lambda x, y: x * x * (4 - x * x * (2.1 - x * x / 3)) + x * y + 4 * y * y * (y * y - 1),
        gradient=lambda x, y: (x * (8 - x * x * (8.4 - 2 * x * x)) + y, x + 8 * y * (2 * y * y - 1)),
        box=(-2.1, 2.1, -1.2, 1.2), start=(-2.0, -0.5),
        points=(*half, *((-x, -y, kind) for x, y, kind in half), (0.0, 0.0, "saddle")),
        rates=rates(0.02, 0.05, 5e-3, 0.01, 0.2, 0.05, 0.1, 0.02))


@surface(label="Rastrigin", formula=r"20 + x^2 - 10\cos 2\pi x + y^2 - 10\cos 2\pi y", source="Rastrigin 1974")
def rastrigin():
    def slope(u):
        return 2 * u + 20 * math.pi * sin(2 * math.pi * u)

    return Shape(
        value=lambda x, y: 20 + x * x + y * y - 10 * (cos(2 * math.pi * x) + cos(2 * math.pi * y)),
        gradient=lambda x, y: (slope(x), slope(y)),
        box=(-2.5, 2.5, -2.5, 2.5), start=(-2.2, 1.7), points=separable(*[critical(slope, -2.5, 2.5)] * 2),
        rates=rates(2e-3, 5e-3, 5e-4, 5e-4, 0.2, 0.02, 0.1, 5e-3))


@surface(label="Ackley", source="Ackley 1987",
         formula=r"20 + e - 20\,e^{-0.2\sqrt{(x^2+y^2)/2}} - e^{(\cos 2\pi x + \cos 2\pi y)/2}")
def ackley():
    def gradient(x, y):
        r = sqrt(0.5 * (x * x + y * y))  # at the tip of the cone, r = 0, the slope is taken as 0
        cone = 2 * exp(-0.2 * r) / maximum(r, 1e-300)
        waves = math.pi * exp(0.5 * (cos(2 * math.pi * x) + cos(2 * math.pi * y)))
        return cone * x + waves * sin(2 * math.pi * x), cone * y + waves * sin(2 * math.pi * y)

    def value(x, y):
        waves = exp(0.5 * (cos(2 * math.pi * x) + cos(2 * math.pi * y)))
        return 20 + math.e - 20 * exp(-0.2 * sqrt(0.5 * (x * x + y * y))) - waves

    eighth = (  # the others by symmetry
        (0.0, 0.0, "minimum"), (0.9521665459501717, 0.0, "minimum"), (1.958919718121717, 0.0, "minimum"),
        (0.9684776587077244, 0.9684776587077244, "minimum"), (1.974451986484117, 1.974451986484117, "minimum"),
        (1.964616662862986, 0.9824160350791393, "minimum"), (0.6730965201107377, 0.6730965201107377, "maximum"),
        (1.773445148708471, 0.5495858144229183, "maximum"), (1.651848146201418, 1.651848146201418, "maximum"),
        (0.6257806168564638, 0.0, "saddle"), (0.8747620388753442, 0.5774125352782146, "saddle"),
        (1.610296020553726, 0.0, "saddle"), (1.595028924072865, 0.9458984927015272, "saddle"),
        (1.855976708974908, 0.5364972381119946, "saddle"), (1.916166848997128, 1.567450252862407, "saddle"))
    return Shape(
        value, gradient, box=(-2.5, 2.5, -2.5, 2.5), start=(-2.2, 1.7), points=mirrored(eighth),
        rates=rates(0.02, 0.05, 5e-3, 5e-3, 0.5, 0.05, 0.2, 0.05))


@surface(label="Goldstein-Price", log=True, source="Goldstein & Price 1971",
         formula=r"[1+(x+y+1)^2(19-14x+3x^2-14y+6xy+3y^2)]\,[30+(2x-3y)^2(18-32x+12x^2+48y-36xy+27y^2)]")
def goldstein_price():
    def factors(x, y):
        s, d = x + y + 1, 2 * x - 3 * y  # both brackets are functions of one variable
        return s, d, 1 + s * s * (3 * s * s - 20 * s + 36), 30 + d * d * (3 * d * d - 16 * d + 18)

    def value(x, y):
        _, _, p, q = factors(x, y)
        return p * q

    def gradient(x, y):
        s, d, p, q = factors(x, y)
        ps, qd = 12 * s * (s - 2) * (s - 3), 12 * d * (d - 1) * (d - 3)
        return ps * q + 2 * p * qd, ps * q - 3 * p * qd

    minima = (0.0, -1.0), (-0.6, -0.4), (1.8, 0.2), (1.2, 0.8)
    saddles = (-0.4, -0.6), (1.2, -0.2), (0.6, 0.4), (1.4, 0.6)
    return Shape(
        value, gradient, box=(-2.0, 2.0, -2.0, 2.0), start=(-1.0, 1.0),
        points=(*((*m, "minimum") for m in minima), *((*s, "saddle") for s in saddles), (0.8, 0.2, "maximum")),
        rates=rates(5e-6, 2e-5, 2e-6, 1e-6, 1.0, 0.1, 0.5, 2e-6))


@surface(label="Long valley", formula=r"0.2\,(\sqrt{1+x^2}-1) + 5\,(y-0.1\sin 3x)^2",
         source="made to show how a root mean square over all steps forgets the walls on the long way between them")
def long_valley():
    def gradient(x, y):
        wall = 10 * (y - 0.1 * sin(3 * x))
        return 0.2 * x / sqrt(1 + x * x) - 0.3 * cos(3 * x) * wall, wall

    def value(x, y):
        off = y - 0.1 * sin(3 * x)
        return 0.2 * (sqrt(1 + x * x) - 1) + 5 * off * off

    return Shape(
        value, gradient, box=(-11.0, 2.0, -0.6, 0.6), start=(-10.0, 0.35), points=((0.0, 0.0, "minimum"),),
        rates=rates(0.1, 1.0, 0.1, 0.05, 1.0, 0.1, 0.2, 0.2))


@surface(label="Saddle", formula=r"\tfrac{1}{2}\,(a x^2 - b y^2)", source="x^2 - y^2 by default",
         params=(number("a", 2.0, low=0.0, open_low=True, slider=(0.1, 10), log=True, help="Curvature up, along x."),
                 number("b", 2.0, low=0.0, open_low=True, slider=(0.1, 10), log=True, help="Curvature down, along y.")))
def saddle(a, b):
    return Shape(
        value=lambda x, y: 0.5 * (a * x * x - b * y * y),
        gradient=lambda x, y: (a * x, -b * y),
        box=(-1.5, 1.5, -1.5, 1.5), start=(1.0, 1e-3), points=((0.0, 0.0, "saddle"),),
        rates=rates(0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05))


@surface(label="Monkey saddle", formula=r"x^3 - 3 x y^2", source="three ways down; the Hessian vanishes at 0")
def monkey_saddle():
    return Shape(
        value=lambda x, y: x * (x * x - 3 * y * y),
        gradient=lambda x, y: (3 * (x * x - y * y), -6 * x * y),
        box=(-1.5, 1.5, -1.5, 1.5), start=(1.0, 0.01), points=((0.0, 0.0, "degenerate"),),
        rates=rates(0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05))


@surface(label="Ripples", formula=r"0.05\,(x^2+y^2) + d\,(2-\cos 3x-\cos 3y)",
         params=(number("depth", 0.3, symbol="d", low=0.0, slider=(0.0, 1.0), step=0.01, help="Depth of the ripples."),),
         source="a bowl with ripples: many local minima, the best at the centre")
def ripples(depth):
    def slope(u):
        return 0.1 * u + 3 * depth * sin(3 * u)

    return Shape(
        value=lambda x, y: 0.05 * (x * x + y * y) + depth * (2 - cos(3 * x) - cos(3 * y)),
        gradient=lambda x, y: (slope(x), slope(y)),
        box=(-5.0, 5.0, -5.0, 5.0), start=(-4.5, 3.5), points=separable(*[critical(slope, -5, 5)] * 2),
        rates=rates(0.1, 0.5, 0.05, 0.05, 0.5, 0.05, 0.2, 0.2))


@surface(label="Double well", formula=r"h\,(x^2-1)^2 + \tfrac{1}{2}\,y^2", source="two valleys and a pass between them",
         params=(number("height", 0.25, symbol="h", low=0.0, open_low=True, slider=(0.05, 2), log=True,
                        help="How high the pass is above the valleys."),))
def double_well(height):
    steep = max(1.0, 8 * height)  # the largest curvature at the minima
    return Shape(
        value=lambda x, y: height * (x * x - 1) * (x * x - 1) + 0.5 * y * y,
        gradient=lambda x, y: (4 * height * x * (x * x - 1), y),
        box=(-2.0, 2.0, -1.5, 1.5), start=(1e-3, 1.2),
        points=((-1.0, 0.0, "minimum"), (0.0, 0.0, "saddle"), (1.0, 0.0, "minimum")),
        rates=rates(0.4 / steep, 1 / steep, 0.1 / steep, 0.2 / steep, 0.5, 0.05, 0.1, 0.2))


@surface(label="Plateau", formula=r"\frac{q}{1+q} + \tfrac{1}{2}\,y^2,\quad q = 2\,(x-\ell)^2",
         params=(number("length", 4.0, symbol="ℓ", low=0.0, open_low=True, slider=(1.0, 10.0),
                        help="From the start on the shelf to the minimum behind its edge."),),
         source="a parabola that saturates (Geman & McClure 1985): a shelf, an edge, a minimum")
def plateau(length):
    def value(x, y):
        q = 2 * (x - length) * (x - length)
        return q / (1 + q) + 0.5 * y * y

    def gradient(x, y):
        q = 2 * (x - length) * (x - length)
        return 4 * (x - length) / ((1 + q) * (1 + q)), y

    return Shape(
        value, gradient, box=(-1.0, length + 2.0, -1.5, 1.5), start=(0.0, 1.0), points=((length, 0.0, "minimum"),),
        rates=rates(0.45, 1.0, 0.1, 0.1, 0.2, 0.05, 0.2, 0.5))


@surface(label="Cliff", formula=r"0.05\,(x^2+y^2) + 1 + \tanh kx",
         params=(number("steepness", 10.0, symbol="k", low=0.0, open_low=True, slider=(1, 30), help="Steepness of the wall."),),
         source="after Pascanu, Mikolov & Bengio 2013: a step that is right for the floor is thrown back by the wall")
def cliff(steepness):
    def slope(x):
        rise = tanh(steepness * x)
        return 0.1 * x + steepness * (1 - rise * rise)

    return Shape(
        value=lambda x, y: 0.05 * (x * x + y * y) + 1 + tanh(steepness * x),
        gradient=lambda x, y: (slope(x), 0.1 * y),
        box=(-6.0, 2.0, -1.5, 1.5), start=(-5.0, 1.0), points=separable(critical(slope, -6, 2), BOTTOM),
        rates=rates(1.0, 1.0, 0.1, 0.1, 0.5, 0.1, 0.2, 0.5))
