"""What an optimizer is, and how one is registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..params import Param
from ..registry import Registry

Rule = Callable[..., tuple[Any, dict[str, Any]]]
OPTIMIZERS: Registry[Optimizer] = Registry("optimizer")


@dataclass(frozen=True, kw_only=True, eq=False)
class Optimizer:
    """An update rule with all that is known about it.

    name, label  the name of its function, which is its key; and its name for people
    params       its hyperparameters; `lr` is always one of them
    slots        names of the numbers it remembers, 0 at the start
    formula      the update in LaTeX
    source       where it was published, and which library agrees
    rule         (w, g, s, t, *, lr, ...) -> (step, new slots)
    like         the name of a relative, at whose rates it is shown where none is stated for itself
    memory       which of its params is the decay rate of its main average, the one that is mapped against lr; if any
    normalises   whether it divides the gradient by a running measure of the gradient's own size, so that a small gradient (as
                 long as it is above eps) does not make its steps small
    stability    (curvature > 0, **hyperparameters) -> the largest lr that does not diverge on such a quadratic; None
                 where there is no such number, as for the adaptive rules
    denominator  (slots after step t, t, **hyperparameters) -> what lr is divided by, per coordinate, if anything.
                 The slots may hold a whole path, (..., steps, 2), with t of shape (steps, 1)
    factor       (slots before, slots after the step, **hyperparameters) -> what lr is multiplied by, per coordinate, for
                 a rule that scales the gradient by more than a denominator
    """

    name: str
    label: str
    params: tuple[Param, ...]
    slots: tuple[str, ...] = ()
    formula: str
    source: str
    rule: Rule
    like: str | None = None
    memory: str | None = None
    normalises: bool = False
    stability: Callable[..., Any] | None = None
    denominator: Callable[..., Any] | None = None
    factor: Callable[..., Any] | None = None

    def param(self, name: str) -> Param:
        """The parameter of that name."""
        return next(p for p in self.params if p.name == name)

    def rate_among(self, stated: Mapping[str, float]) -> float:
        """The learning rate to show it at: the one stated for it, else its relative's, else its own default.

        KeyError if `like` names no optimizer.
        """
        own = self.param("lr").default
        return stated.get(self.name, stated.get(OPTIMIZERS[self.like].name, own) if self.like else own)

    def coasts(self, **hyperparameters: Any) -> bool:
        """Whether a gradient moves it for more than one step: it still moves where the next gradient is 0."""
        _, slots = self.rule(0.0, 1.0, dict.fromkeys(self.slots, 0.0), 1, **hyperparameters)
        return self.rule(0.0, 0.0, slots, 2, **hyperparameters)[0] != 0


def optimizer(**fields: Any) -> Callable[[Rule], Rule]:
    """Register the decorated rule under its own name; `fields` are those of `Optimizer`, less name and rule.

    The function itself stays as it was. ValueError if the name is taken, no parameter is called lr (a schedule would
    have nothing to drive) or `memory` names none.
    """

    def register(rule: Rule) -> Rule:
        entry = Optimizer(name=rule.__name__, rule=rule, **fields)
        names = [p.name for p in entry.params]
        if "lr" not in names:
            raise ValueError(f"{entry.name}: params must contain lr, got {names}")
        if entry.memory is not None and entry.memory not in names:
            raise ValueError(f"{entry.name}: memory must be one of {', '.join(names)}, got {entry.memory!r}")
        OPTIMIZERS.add(entry)
        return rule

    return register
