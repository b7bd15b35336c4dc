"""The test functions of the field, and the quadratic that convergence proofs are about."""

from __future__ import annotations

import math

from ..arithmetic import cos, exp, maximum, sin, sqrt
from ..params import number
from .critical_points import BOTTOM, critical, mirrored, separable
from .entry import Shape, rates, surface


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
