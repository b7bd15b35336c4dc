"""Batch, mini-batch and stochastic gradient descent (claims B1-B8, D1, O6): settings, results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...batch_timing import EpochTime, TargetTime
from ...batches import DRAWING, Batches, batches
from ...datasets import DATASETS, M
from ...minibatch import L2, REGULARISATION
from ...optimizers import OPTIMIZERS
from ...params import Param, choice, choices, integer, number
from ...regression import Data
from ...schedules import SCHEDULES
from ..lesson import Lesson, page_params, section
from ..registry_params import Changes, entries_as_settings, key_of
from .cost import cost
from .noise import Cloud, Penalised, cloud, penalised
from .presets import PRESETS
from .staying import Stay, has_theory, long_run, rate_of, stay
from .timing import paced, powers_of_two, seconds_an_update, timed, to_target
from .training import NAMES, Path, along, data_of, minimum_of, plan_of, run_of, source_of

SECTIONS = {
    "cutting": "Cutting", "timing": "Time per epoch", "target": "Time to a target", "regularisation": "Regularisation",
    "noise": "Fixed rate or decay",
}  # fmt: skip
AXES = ("updates", "epochs", "samples", "seconds")
RATES = {  # tried out on the data of this page; what is not named is shown at its relative's, or at its own default
    "gd": 0.2,
    "momentum": 0.2,
    "heavy_ball": 0.02,
    "nesterov": 0.02,
    "adagrad": 0.5,
    "rmsprop": 0.1,
    "adadelta": 1.0,
    "adam": 0.1,
    "radam": 0.1,
}
SUITED: dict[str, Any] = {  # in place of the defaults of the registries
    "linear_regression.condition": 3.0,
    "logistic_regression.condition": 3.0,
    "piecewise_constant_decay.values": (1.0, 0.5, 0.1),
    "manual_decay.edits": (250.0, 0.5, 500.0, 0.2, 800.0, 0.05),
}
MOST_M = 100_000  # samples; a notebook can have more
NINE_TENTHS = 0.1  # what is left of the excess cost when a path is said to have arrived


def _changes(entry: Any, param: Param) -> Changes:
    """What is different here of an entry's parameter: the samples are the page's own, and schedules give factors on a rate."""
    if param is M or param.name == "initial_learning_rate":
        return None
    if param.name == "lr":
        shown = entry.rate_among(RATES)
        return {"default": shown, "slider": (min(shown, 1e-3), 10.0)}
    return {"default": SUITED.get(key_of(entry.name, param.name), param.default)}


PARAMS = page_params(
    choice("data", "linear_regression", tuple(DATASETS), help="What the samples are and what the cost is."),
    M.with_default(128, low=10, high=MOST_M, slider=(10, MOST_M)),
    integer("batch_size", 16, low=1, high=MOST_M, slider=(1, 4096), log=True, label="mini-batch size", symbol="B",
            help="Samples in a mini-batch. All m samples make batch gradient descent, 1 makes stochastic gradient descent."),
    integer("epochs", 20, low=1, high=200, slider=(1, 50), label="epochs", help="Passes over all samples."),
    choices("shown", NAMES, NAMES, shortest=1, longest=3, label="paths", help="Which of the three are trained and drawn."),
    number("w1", -4.0, low=-50, high=50, slider=(-5, 5), step=0.1, label="start, first weight", symbol="w₁",
           help="Where all paths start; a click or a drag in the contour picture sets it, too."),
    number("w2", 3.0, low=-50, high=50, slider=(-4, 4), step=0.1, label="start, second weight", symbol="w₂", help="The same, for the second weight."),
    choice("optimizer", "gd", tuple(OPTIMIZERS), help="The update rule; every path runs the same."),
    choice("schedule", "constant", tuple(SCHEDULES), label="learning-rate decay",
           help="How the rate changes. 100 steps of a schedule are one epoch here, so that all batch sizes decay alike."),
    DRAWING,
    integer("seed", 0, low=0, high=2**31 - 1, slider=(0, 100), label="seed of the batches",
            help="Another seed is another order of the samples."),
    choice("axis", "epochs", AXES, label="cost against",
           help="What is counted. Seconds are measured on the machine that serves this page, once for each setting."),
    choice("scale", "linear", ("linear", "log"), label="cost axis", help="Even steps, or factors of ten."),
    number("epoch", None, low=0, high=200, optional=True, help="Where the time bar stands; not set is the end."),
    section(SECTIONS),
    integer("cut_m", 5_000_000, low=1, high=10**12, slider=(1, 10**8), log=True, label="samples", symbol="m",
            help="Samples to be cut; they are only counted, so any number will do."),
    integer("cut_b", 1000, low=1, high=10**12, slider=(1, 10**6), log=True, label="batch size", symbol="B",
            help="Samples in a batch; the last batch is smaller where B does not divide m."),
    integer("n_x", 2, low=1, high=10**7, slider=(1, 10_000), log=True, label="features", symbol="nₓ",
            help="Numbers that describe one sample: the rows of X."),
    number("left_over", 0.05, low=1e-6, high=1, open_high=True, slider=(0.001, 0.5), log=True, label="what may be left",
           help="The target: this share of the start's cost above the least possible cost."),
    L2.with_default(1.0, slider=(0.01, 100), log=True), REGULARISATION.with_default("lecture", name="divided_by"),
    integer("replicas", 200, low=2, high=500, slider=(2, 500), label="runs", help="How often training is repeated, each time with other batches."),
    choice("decay", "inverse_time_decay", tuple(n for n in SCHEDULES if n != "constant"), label="decay to compare",
           help="The schedule of the green cloud; the blue one keeps its rate."),
    *entries_as_settings((*DATASETS.values(), *OPTIMIZERS.values(), *SCHEDULES.values()), _changes),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Results:
    """The paths that could be trained, in the order batch, mini-batch, stochastic, and why the others could not."""

    settings: Mapping[str, Any]
    paths: tuple[Path, ...]
    refusals: tuple[str, ...]

    @property
    def data(self) -> Data:
        return data_of(source_of(self.settings))

    @property
    def minimum(self) -> np.ndarray | None:
        """Where the cost of all samples is least; None where it falls for ever."""
        return minimum_of(source_of(self.settings))

    @cached_property
    def least(self) -> float:
        """The least cost of all samples (0 where it falls for ever)."""
        return 0.0 if self.minimum is None else float(self.data.cost(self.minimum))

    @property
    def start(self) -> tuple[float, float]:
        return self.settings["w1"], self.settings["w2"]

    @property
    def start_distance(self) -> float:
        """How far from the minimum the paths start; from zero where there is none."""
        return float(np.hypot(*(np.array(self.start) - (0.0 if self.minimum is None else self.minimum))))

    @property
    def has_theory(self) -> bool:
        """Whether the fixed rate's noise floor is known: gradient descent on a linear regression."""
        return has_theory(plan_of(self.settings, "constant"))

    @cached_property
    def start_cost(self) -> float:
        return float(self.data.cost(np.array(self.start)))

    def target(self, share: float) -> float:
        """The cost with so much of the start's excess left."""
        return self.least + share * (self.start_cost - self.least)

    @cached_property
    def arrived(self) -> tuple[int | None, ...]:
        """The number of updates after which each path first has nine tenths of the excess cost behind it; None: never."""
        if self.start_cost <= self.least:
            return (None,) * len(self.paths)
        return tuple(path.updates_to(self.target(NINE_TENTHS)) for path in self.paths)

    @cached_property
    def arrivals(self) -> tuple[float | None, ...]:
        """The same on the chosen axis."""
        return tuple(
            None if updates is None else float(self.along(path)[updates])
            for path, updates in zip(self.paths, self.arrived, strict=True)
        )

    def along(self, path: Path) -> np.ndarray:
        """(updates + 1,) positions of a path on the chosen axis."""
        axis = self.settings["axis"]
        return along(path, axis, self.seconds(path) if axis == "seconds" else 0.0)

    def seconds(self, path: Path) -> float:
        """Seconds of one update of this path, measured on this machine."""
        return seconds_an_update(paced(plan_of(self.settings)), path.size)

    def stay(self, path: Path) -> Stay:
        """How the second half of a path lies to the minimum, and whether it settles, wanders or is on its way."""
        return stay(path, plan_of(self.settings))

    # ---- sections: each computed when it is first asked for

    @property
    def cut(self) -> Batches | None:
        """The cut of the diagram; None where the batch is larger than the data."""
        s = self.settings
        return batches(s["cut_m"], s["cut_b"], s["n_x"]) if s["cut_b"] <= s["cut_m"] else None

    @property
    def sizes(self) -> tuple[int, ...]:
        """The batch sizes that are measured: powers of two, and m."""
        return powers_of_two(self.settings["m"])

    def timed(self, size: int) -> EpochTime:
        """An epoch of one batch size, measured on this machine."""
        return timed(source_of(self.settings), self.settings["optimizer"], size)

    @property
    def timings(self) -> tuple[EpochTime, ...]:
        return tuple(self.timed(size) for size in self.sizes)

    def stays_above(self, size: int) -> bool:
        """Whether the noise of this batch size keeps the mean cost above the target in the long run, as theory says.

        Where no noise floor is known, as of small reshuffled batches at a large rate: whether that of twice the size does,
        which is less noisy.
        """
        plan = plan_of(self.settings)
        if not has_theory(plan):
            return False
        found = long_run(plan.source, size, rate_of(plan), plan.drawing)
        if found is None:
            return 2 * size <= self.settings["m"] and self.stays_above(2 * size)
        return self.least + found.cost > self.target(self.settings["left_over"])

    def reached(self, size: int) -> TargetTime | str:
        """What one batch size needs to come down to the target and stay; or why it cannot be trained.

        One whose noise keeps it above in the long run may cross the target by luck: it has not reached it.
        """
        if self.stays_above(size):
            return TargetTime(size, False, np.nan, np.nan, np.nan)
        try:
            return to_target(plan_of(self.settings), size, self.target(self.settings["left_over"]), self.timed(size))
        except ValueError as refusal:
            return str(refusal)

    @cached_property
    def targets(self) -> tuple[TargetTime, ...] | str:
        """What each batch size needs; or why one cannot be trained."""
        found: list[TargetTime] = []
        for size in self.sizes:
            reached = self.reached(size)
            if isinstance(reached, str):
                return reached
            found.append(reached)
        return tuple(found)

    @cached_property
    def penalised(self) -> tuple[Penalised, ...] | str:
        """The batch sizes with the penalty, from 1 to m in powers of four; or why there are none."""
        s, plan = self.settings, plan_of(self.settings)
        sizes = sorted({*powers_of_two(s["m"])[:-1:2], s["m"]})
        try:
            return tuple(penalised(plan, size, s["l2"], s["divided_by"]) for size in sizes)
        except ValueError as refusal:
            return str(refusal)

    @cached_property
    def clouds(self) -> tuple[Cloud, Cloud] | str:
        """The runs under the fixed rate and under the decaying one; or why there are none."""
        s = self.settings
        try:
            fixed, decaying = (
                cloud(plan_of(s, name), s["batch_size"], s["replicas"]) for name in ("constant", s["decay"])
            )
        except ValueError as refusal:
            return str(refusal)
        return fixed, decaying


def compute(settings: Mapping[str, Any]) -> Results:
    """Train the paths that are shown. One that cannot be (a batch larger than the data) is refused in a sentence."""
    plan, data = plan_of(settings), data_of(source_of(settings))
    sizes = dict(zip(NAMES, (data.m, settings["batch_size"], 1), strict=True))
    paths, refusals = [], []
    for name in NAMES:
        if name not in settings["shown"]:
            continue
        try:
            run = run_of(plan, sizes[name])
        except ValueError as refusal:
            refusals.append(str(refusal))
        else:
            paths.append(Path(name, data, batches(data.m, sizes[name]), run, settings["epochs"]))
    return Results(settings=settings, paths=tuple(paths), refusals=tuple(dict.fromkeys(refusals)))


LESSON = Lesson(
    name="mini_batch", title="Batch, mini-batch, stochastic", label="Mini-batches",
    card="Batch, mini-batch and stochastic gradient descent on real per-sample gradients, and the time each takes.",
    params=PARAMS, sections=SECTIONS, presets=PRESETS, compute=compute, cost=cost,
    figures=("paths", "cutting", "timing", "target", "regularisation", "noise"),
)  # fmt: skip
