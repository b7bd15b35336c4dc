"""Made to show one trouble each: saddles, plateaus, ripples, cliffs, a valley that is too long."""

from __future__ import annotations

from ..arithmetic import cos, sin, sqrt, tanh
from ..params import number
from .critical_points import BOTTOM, critical, separable
from .entry import Shape, rates, surface


# fmt: off
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
