"""What a learning-rate schedule is, and what can be done with any of them.

A schedule is a function of the step n = 0, 1, 2, ... alone: it knows how long the run has lasted, not how it
goes. Its rule is written once, as an equation in NumPy; a `Schedule` wraps the rule with its parameters, checks
what it is given, and is called as `schedule(step, **parameters)`. The rules themselves are in
`lrviz/schedules/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .params import Param, choice
from .registry import Registry, complete
from .schedule_params import STEP, WARMUP_STEPS

SCHEDULES: Registry[Schedule] = Registry("schedule")

FAIRNESS = choice(
    "fairness",
    "as_given",
    ("as_given", "same_peak", "same_area"),
    label="compare",
    help="As given, or every curve scaled to the highest rate of the first or to the sum of its rates.",
)


@dataclass(frozen=True)
class Schedule:
    """One entry of SCHEDULES: a rule with its parameters.

    `rule(step, **values)` is the bare equation; `formula` the same in LaTeX, `source` where it comes from.
    `complaint(values)` says what is wrong with values that are legal one by one but not together, or "".
    `numbers(step, values)` is the right side of the formula with the numbers of a step put in, in LaTeX.
    """

    name: str
    label: str
    params: tuple[Param, ...]
    rule: Callable[..., Any]
    formula: str
    source: str
    complaint: Callable[[Mapping[str, Any]], str] | None = None
    numbers: Callable[[float, Mapping[str, Any]], str] | None = None

    def settings(self, **given: Any) -> dict[str, Any]:
        """Every parameter's checked value. TypeError names an unknown one, ValueError one that is not legal."""
        values = complete(self.name, self.params, given)
        complaint = self.complaint(values) if self.complaint else ""
        if complaint:
            raise ValueError(f"{self.name}: {complaint}")
        return values

    def __call__(self, step: Any, **given: Any) -> Any:
        """The learning rate at `step` (from 0, not necessarily whole): a float for a scalar, else an array.

        Numbers among the parameters may be arrays too; they broadcast against `step`. A rate too large for a
        float is inf; times a factor of 0 it is NaN. ValueError: a negative step or a parameter out of its range.
        TypeError: an unknown parameter.
        """
        values = self.settings(**given)
        step = STEP.check(step, self.name)
        with np.errstate(over="ignore", invalid="ignore"):
            return plain(self.rule(np.asarray(step), **values))


def plain(rate: Any) -> Any:
    """A float where there is one number only, else the array."""
    return float(rate) if np.ndim(rate) == 0 else rate


def schedule(**fields: Any) -> Callable[[Callable[..., Any]], Schedule]:
    """Register the decorated rule as a `Schedule` under its own name; `fields` are those of `Schedule`, less name and rule."""

    def register(rule: Callable[..., Any]) -> Schedule:
        return SCHEDULES.add(Schedule(name=rule.__name__, rule=rule, **fields))

    return register


def warmup(schedule: Schedule | str, warmup_steps: int) -> Schedule:
    """The schedule after a linear rise: schedule(0) (n+1)/W for n < W = `warmup_steps`, then schedule(n - W).

    The first rate is schedule(0)/W, never zero, and step W-1 already has schedule(0). Between the whole steps
    W-1 and W the rate stays there. With W = 0 the schedule is unchanged. `schedule` is an entry or its name.
    ValueError unless `warmup_steps` is a whole number >= 0.
    """
    entry = SCHEDULES.resolve(schedule)
    rising = WARMUP_STEPS.check(warmup_steps, "warmup")

    def rule(step: Any, **values: Any) -> Any:
        first = entry.rule(np.asarray(0.0), **values)
        part = np.minimum((step + 1) / np.maximum(rising, 1), 1)
        return np.where(step < rising, first * part, entry.rule(np.maximum(step - rising, 0), **values))

    return replace(entry, rule=rule, label=f"{entry.label} after warm-up")


def normalise(rates: Any, fairness: str, weights: Any = 1.0) -> np.ndarray:
    """Curves made comparable: `rates` (curves, steps), each curve scaled by one factor. The first stays as it is.

    as_given    nothing is changed
    same_peak   every curve gets the highest rate of the first
    same_area   every curve gets the sum of the rates of the first, each rate times its weight;
                `weights` (steps,) is how many steps each column stands for, where a long axis is sampled

    ValueError for another word, or for a curve whose peak or area is not positive: no factor mends that.
    """
    FAIRNESS.check(fairness, "normalise")
    rates = np.asarray(rates, dtype=float)
    if fairness == "as_given":
        return rates
    sizes = rates.max(axis=-1) if fairness == "same_peak" else (rates * weights).sum(axis=-1)
    if not np.all(sizes > 0):
        what = fairness.removeprefix("same_")
        raise ValueError(f"normalise: every curve must have {what} > 0, got {sizes.min():g}")
    return rates * (sizes[0] / sizes)[:, None]
