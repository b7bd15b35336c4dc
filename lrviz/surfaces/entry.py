"""What a surface is, and how one is registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from ..optimizers import OPTIMIZERS, Optimizer
from ..params import Param
from ..registry import Registry, complete

SURFACES: Registry[Surface] = Registry("surface")
KINDS = ("minimum", "saddle", "maximum", "degenerate")


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


def surface(**fields: Any) -> Callable[[Callable[..., Shape]], Callable[..., Shape]]:
    """Register the decorated builder (parameters -> `Shape`) under its own name; `fields` are those of `Surface`."""

    def register(build: Callable[..., Shape]) -> Callable[..., Shape]:
        bound = complete(build.__name__, fields.get("params", ()), {})
        SURFACES.add(Surface(name=build.__name__, build=build, bound=bound, **fields, **build(**bound)._asdict()))
        return build

    return register


def rates(
    gd: float, momentum: float, heavy_ball: float, nesterov: float, adagrad: float, rmsprop: float, adam: float, radam: float
) -> dict[str, float]:  # fmt: skip
    """The display rates tried out on a surface. RAdam has its own, since its first steps are raw; Adadelta needs none."""
    inertia = {"gd": gd, "momentum": momentum, "heavy_ball": heavy_ball, "nesterov": nesterov}
    return inertia | {"adagrad": adagrad, "rmsprop": rmsprop, "adadelta": 5.0, "adam": adam, "radam": radam}
