"""Learning-rate schedules (claims D1-D3, S1-S8, O6, O8, A4): settings and results; the presets are next door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...params import choice, choices, integer, number, numbers
from ...scheduling import FAIRNESS, SCHEDULES
from ...surfaces import SURFACES
from ..lesson import Lesson, page_params, section
from .axis import runnable, sampled, summed
from .cost import cost
from .escape import Burst, Jumps, burst, jump
from .plateau_code import plateau_code
from .presets import PRESETS
from .slots import AXIS_END, LETTERS, SLOTS, Curve, curve
from .snippets import LIBRARY, code
from .training import MOST_STEPS, Runs, Search, best_constant, search, train, tuned
from .watched import PLATEAU_PARAMS, Watched, followed, longest_wait, plateau, plateau_settings

SECTIONS = {
    "table": "Table", "formula": "Formula", "training": "What it does", "by_hand": "By hand", "plateau": "On a plateau",
    "ripples": "Jumping out", "burst": "Burst", "range": "Finding a rate", "code": "Code",
}  # fmt: skip
ENOUGH = 1e12  # a rate that nothing survives; larger ones, infinity among them, make no difference
SMALLEST = 1e-100  # a curve is scaled by a size from this to its reciprocal
DEPTH = SURFACES["ripples"].params[0]

PARAMS = page_params(
    choices("curves", ("a", "b", "c"), LETTERS, label="curves drawn", shortest=1, help="Each letter is a curve of its own, with its own schedule."),
    choice("edit", "a", LETTERS, label="selected curve", help="The curve whose schedule the controls change."),
    integer("total", 1000, low=1, high=AXIS_END, slider=(10, AXIS_END), log=True, label="total steps", unit="steps",
            help="Updates on the axis. Above 2,000 the curves are sampled, above 1,000 the runs take 1,000 steps spread evenly."),
    choice("axis", "steps", ("steps", "epochs"), label="count in", help="Updates, or passes through the training set: at epoch 1 the first pass is complete."),
    integer("steps_per_epoch", 100, low=1, high=AXIS_END, slider=(1, 10_000), log=True, label="steps per epoch",
            unit="steps", help="Updates in one pass: training samples divided by the size of a mini-batch."),
    choice("scale", "linear", ("linear", "log"), label="rate axis", help="Linear, or logarithmic with a tick for each power of ten."),
    FAIRNESS,
    integer("step", 250, low=0, high=AXIS_END, slider=(0, 1000), symbol="n", unit="steps", label="chosen step",
            help="The step whose rates are read off; click in the figure to choose it."),
    section(SECTIONS),
    numbers("table_steps", (0, 100, 250, 500, 750, 1000), low=0, high=AXIS_END, shortest=1, longest=12, unit="steps",
            label="steps in the table", slider=(1, AXIS_END), log=True, help="The rows of the table."),
    LIBRARY,
    number("curvature", 5.0, symbol="λ", low=1e-3, high=1e3, slider=(0.5, 50), log=True,
           help="Curvature of the bowl that is trained on; a rate above 2/λ diverges."),
    number("noise", 2.0, symbol="σ", low=0, high=1e3, slider=(0, 5), step=0.05, label="gradient noise",
           help="Standard deviation of the noise of each gradient, in every direction, such as a mini-batch has."),
    DEPTH.with_default(DEPTH.default, name="ripples.depth", label="ripple depth", help="How deep the local minima are."),
    number("ripples.noise", 1.5, symbol="σ", low=0, high=1e3, slider=(0, 3), step=0.05, label="gradient noise",
           help="Standard deviation of the noise of each gradient on the ripples, in every direction."),
    *PLATEAU_PARAMS,
    *(param for slot in SLOTS.values() for param in slot),
)  # fmt: skip


@dataclass(frozen=True)
class Results:
    """The drawn curves on their common steps, and what each section asks of them.

    curves   the letters drawn
    steps    (n,) the whole steps that are drawn: all, or samples and both sides of every jump
    given    (curves, n) the rates as the schedules give them
    factors  (curves,) what each curve was multiplied by to be comparable
    sums     (curves,) the sum of the rates of the whole run, comparable; estimated where the run is long
    unfair   the letters of the curves that have no size to be scaled by, so that none is; empty where there is none
    """

    settings: Mapping[str, Any]
    curves: tuple[Curve, ...]
    steps: np.ndarray
    given: np.ndarray
    factors: np.ndarray
    sums: np.ndarray
    unfair: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.settings["total"]

    @property
    def step(self) -> int:
        """The chosen step, not beyond the last."""
        return min(self.settings["step"], self.total)

    @property
    def unit(self) -> float:
        """Steps in one unit of the axis."""
        return float(self.settings["steps_per_epoch"]) if self.settings["axis"] == "epochs" else 1.0

    @cached_property
    def rates(self) -> np.ndarray:
        """(curves, n) the comparable rates."""
        return self.given * self.factors[:, None]

    @cached_property
    def hand(self) -> Curve:
        """The selected curve, drawn or not."""
        return curve(self.settings, self.settings["edit"])

    @property
    def in_hand(self) -> int:
        """Where the selected curve is among those drawn; the first where it is not drawn."""
        letters = [c.letter for c in self.curves]
        return letters.index(self.hand.letter) if self.hand.letter in letters else 0

    def at(self, step: float) -> np.ndarray:
        """(curves,) the comparable rates at one step."""
        return np.array([c.rate(float(step)) for c in self.curves]) * self.factors

    # ---- runs -----------------------------------------------------------------------------------------

    @cached_property
    def run_steps(self) -> np.ndarray:
        """The steps whose rates drive the runs: every one, or a thousand of a longer axis (time-lapse)."""
        return runnable(self.total, MOST_STEPS)

    @cached_property
    def run_rates(self) -> np.ndarray:
        """(curves, steps run) the comparable rates of those steps, ENOUGH where they are larger still."""
        return capped(np.array([c.rate(self.run_steps) for c in self.curves]) * self.factors[:, None])

    @property
    def bowl(self) -> tuple[float, float]:
        """Curvature and gradient noise of the bowl."""
        return self.settings["curvature"], self.settings["noise"]

    @cached_property
    def training(self) -> tuple[Runs, ...]:
        return tuple(train(rates, *self.bowl) for rates in self.run_rates)

    @cached_property
    def tuned(self) -> tuple[tuple[float, float], ...]:
        """For each curve the best factor on its rates, and the expected distance at the end with it."""
        return tuple(tuned(rates, *self.bowl) for rates in self.run_rates)

    @cached_property
    def constant(self) -> float:
        """The fixed rate that should end nearest to the minimum in as many steps."""
        return best_constant(len(self.run_steps), *self.bowl)

    @cached_property
    def best(self) -> Runs:
        """The runs at that rate."""
        return train(np.full(len(self.run_steps), self.constant), *self.bowl)

    @cached_property
    def search(self) -> Search:
        return search(*self.bowl)

    @cached_property
    def jumps(self) -> tuple[Jumps, ...]:
        wanted = self.settings["ripples.depth"], self.settings["ripples.noise"]
        return tuple(jump(rates, *wanted) for rates in self.run_rates)

    @cached_property
    def bursts(self) -> tuple[Burst, ...]:
        return tuple(burst(rates) for rates in self.run_rates)

    @cached_property
    def plateau(self) -> Watched:
        return plateau(self.settings, len(self.run_steps))

    @cached_property
    def waited(self) -> int:
        """The most looks in a row at which the run of the plateau rule found no new best."""
        return longest_wait(self.plateau.losses, self.settings["plateau.threshold"])

    @property
    def plateau_code(self) -> str:
        """The plateau rule for the chosen library."""
        return plateau_code(self.settings["library"], plateau_settings(self.settings), self.settings["plateau.every"])

    @cached_property
    def watched(self) -> Watched:
        """The run of the selected curve as given, watched as often as the plateau's."""
        return followed(capped(self.hand.rate(self.run_steps)), self.settings)

    @cached_property
    def edits(self) -> tuple[tuple[float, float, int], ...]:
        """(step of the axis, rate, step of the run) of every edit by hand of the selected curve; those after the run left out."""
        given = self.hand.values.get("edits", ())
        at = np.add(given[::2], self.hand.warmup)
        begins = np.searchsorted(self.run_steps, at)
        made = zip(at.tolist(), given[1::2], begins.tolist(), strict=True)
        return tuple(edit for edit in made if edit[2] < len(self.run_steps))

    @cached_property
    def code(self) -> str:
        """The selected curve for the chosen library, as given."""
        hand = self.hand
        return code(hand.entry.name, hand.values, self.settings["library"], hand.warmup)


def capped(rates: np.ndarray) -> np.ndarray:
    """Rates as runs take them: ENOUGH where they are larger, or too large to be a number."""
    return np.where(rates < ENOUGH, rates, ENOUGH)


def comparable(sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Factors (curves,) that give all curves the size of the first, and which curves have none; if any has none, all are 1."""
    bad = ~((sizes >= SMALLEST) & (sizes <= 1 / SMALLEST))
    return np.ones(len(sizes)) if bad.any() else sizes[0] / sizes, bad


def compute(settings: Mapping[str, Any]) -> Results:
    """The curves of the chosen letters on common steps."""
    curves = tuple(curve(settings, letter) for letter in settings["curves"])
    steps = sampled(settings["total"], (c.rate for c in curves if not c.noisy))
    given = np.array([c.rate(steps) for c in curves])
    sums = np.array([summed(settings["total"], c.rate) for c in curves])
    factors, unfair = np.ones(len(curves)), ()
    if settings["fairness"] != "as_given":
        factors, bad = comparable(sums if settings["fairness"] == "same_area" else given.max(axis=-1))
        unfair = tuple(c.letter for c, none in zip(curves, bad, strict=True) if none)
    return Results(settings, curves, steps, given, factors, sums * factors, unfair)


LESSON = Lesson(
    name="schedules", title="Learning-rate schedules", label="Schedules",
    card=f"Side by side: {len(SCHEDULES)} learning-rate schedules, what they do to noisy training, and their code.",
    params=PARAMS, sections=SECTIONS, presets=PRESETS, compute=compute, cost=cost,
    figures=("rates", "cloud", "distance", "by_hand", "plateau", "ripples", "burst", "budgets", "range_test"),
)  # fmt: skip
