"""Optimizers on loss surfaces (claims O1-O6, O8, A1-A5): settings in, paths and maps out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...curvature import Basins
from ...optimizers import OPTIMIZERS
from ...schedules import SCHEDULES
from ...surfaces import SURFACES
from ..lesson import Lesson
from ..registry_params import key_of, values_of
from .burst import Burst, burst_of
from .cost import MOST_SEEDED, cost, tunable
from .maps import (  # fmt: skip
    RangeTest,
    RateMap,
    Setup,
    arrivals_by_eps,
    arrivals_by_seed,
    basin_map,
    path,
    range_test,
    rate_map,
    sweep,
    swept,
)
from .presets import PRESETS
from .run import Land, Run
from .settings import PARAMS, SECTIONS, hyperparameters, start_keys, switches

__all__ = ["LESSON", "Results", "compute"]

MOST_POINTS = 2001  # drawn of each path


@dataclass(frozen=True, eq=False)
class Results:
    """The runs of the chosen optimizers, in the order chosen; maps and sweeps are computed when asked for.

    problem  what does not fit in the chosen schedule, in which case the rate stays constant; empty otherwise
    untuned  whether the rates should be tuned, but so many steps of so many optimizers cannot be tried at many rates
    plain    name -> the same run with the rule's switches at their defaults, for those that have one changed
    """

    settings: Mapping[str, Any]
    setup: Setup
    runs: tuple[Run, ...]
    plain: Mapping[str, Run]
    problem: str

    @property
    def land(self) -> Land:
        return self.setup.land

    @property
    def steps(self) -> int:
        return self.setup.steps

    @cached_property
    def drawn(self) -> np.ndarray:
        """The steps that are drawn: all of them, or MOST_POINTS evenly spread with the first and the last."""
        return np.unique(np.linspace(0, self.steps, min(self.steps + 1, MOST_POINTS)).round().astype(int))

    @property
    def step(self) -> int:
        """The step at which the heads stand."""
        return min(self.settings["step"], self.steps)

    @property
    def update(self) -> int:
        """The position from which the step that is written out is taken: the heads', or the last one there is."""
        return min(self.step, self.steps - 1)

    def gradient(self, run: Run, k: int) -> tuple[float, float]:
        """The gradient that a run saw at position k, noise included: one seed is one stream of noise for all."""
        gx, gy = run.land.surface.gradient(*run.path.xy[k].tolist())
        kick = np.random.default_rng(self.setup.seed).standard_normal((self.steps, 2))[k] * self.setup.noise
        return gx + float(kick[0]), gy + float(kick[1])

    @property
    def untuned(self) -> bool:
        return self.settings["rule"] == "tuned" and not tunable(self.settings)

    def rate_of(self, name: str) -> float:
        """The learning rate that an optimizer has, or would have."""
        return rate_of(self.settings, self.setup, name)

    def given(self, name: str) -> tuple[tuple[str, Any], ...]:
        """An optimizer's hyperparameters besides lr, in a form that can be hashed."""
        return tuple(hyperparameters(self.settings, name).items())

    @cached_property
    def bursts(self) -> dict[str, Burst]:
        """Optimizer -> what became of its calm, for those that divide by a root mean square over all steps."""
        found = {
            run.name: burst_of(run, self.settings["warmup_steps"]) for run in self.runs if run.name == "adagrad_rms"
        }
        return {name: burst for name, burst in found.items() if burst is not None}

    @cached_property
    def _seeded(self) -> np.ndarray | None:
        """(runs, SEEDS) steps to arrive with each seed, inf where a run does not; None as in `firsts`."""
        few = len(self.runs) * self.steps <= MOST_SEEDED
        if not (self.setup.noise and few and len(self.land.minima) and len(self.runs) > 1):
            return None
        tolerance = self.settings["tolerance"]
        arrived = [arrivals_by_seed(self.setup, run.name, run.lr, self.given(run.name), tolerance) for run in self.runs]
        return np.where(np.array(arrived) < 0, np.inf, arrived)

    @property
    def seeds_without(self) -> int:
        """With how many of SEEDS seeds no run arrives; 0 where `firsts` is None."""
        return 0 if self._seeded is None else int((~np.isfinite(self._seeded).any(axis=0)).sum())

    @cached_property
    def firsts(self) -> dict[str, int] | None:
        """Optimizer -> with how many of SEEDS seeds it is first to arrive, or one of the first.

        None where there is nothing to compare (no noise, no minimum, one run) or it would take too long.
        """
        steps = self._seeded
        if steps is None:
            return None
        first = (steps == steps.min(axis=0)) & np.isfinite(steps)
        return {run.name: int(count) for run, count in zip(self.runs, first.sum(axis=1), strict=True)}

    @cached_property
    def rates(self) -> np.ndarray:
        """The learning rates of the sweep."""
        return swept(self.land)

    @cached_property
    def sweeps(self) -> dict[str, tuple[float, np.ndarray]]:
        """Optimizer -> (best rate, loss at each of `rates`, inf where diverged), as `sweep` judges them."""
        return {run.name: sweep(self.setup, run.name, self.given(run.name), self.steps) for run in self.runs}

    def rate_map(self, name: str) -> RateMap:
        """Final loss over rate and memory for one of the mapped optimizers."""
        return rate_map(self.setup, name, self.given(name), self.settings["resolution"])

    def basins(self, run: Run) -> Basins:
        """Which minimum each start leads to; ValueError where the surface has none."""
        size, tolerance = self.settings["resolution"], self.settings["tolerance"]
        return basin_map(self.setup, run.name, run.lr, self.given(run.name), size, tolerance)

    def range_test(self, run: Run) -> RangeTest:
        """A short run with a rising rate, and the sweeps beside it."""
        return range_test(self.setup, run.name, self.given(run.name), self.settings["budget"])

    @property
    def with_eps(self) -> tuple[Run, ...]:
        """The runs whose rule has an eps."""
        return tuple(run for run in self.runs if "eps" in run.given)

    def arrivals_by_eps(self, run: Run) -> np.ndarray:
        """Steps to a minimum for each of EPSILONS, -1 where it is not reached."""
        return arrivals_by_eps(self.setup, run.name, run.lr, self.given(run.name), self.settings["tolerance"])


def display_rate(settings: Mapping[str, Any], name: str) -> float:
    """The rate an optimizer has if none is set: the one to show it at on the surface."""
    surface = settings["surface"]
    bound = SURFACES[surface].bind(**values_of(settings, surface, SURFACES[surface].params))
    return bound.rate(name)


def setup_of(settings: Mapping[str, Any]) -> tuple[Setup, str]:
    """What all runs have in common, and what does not fit in the schedule (in which case the rate stays constant)."""
    surface, schedule = settings["surface"], settings["schedule"]
    bound = tuple(values_of(settings, surface, SURFACES[surface].params).items())
    given = tuple(values_of(settings, schedule, SCHEDULES[schedule].params).items())
    x, y = (settings[key] for key in start_keys(surface))
    common = {
        "surface": surface, "bound": bound, "start": (x, y), "steps": settings["steps"],
        "noise": settings["noise"], "seed": settings["seed"],
    }  # fmt: skip
    setup = Setup(schedule=(schedule, given, settings["warmup_steps"]), **common)
    try:
        setup.factors(setup.steps)
    except ValueError as error:
        return Setup(schedule=("constant", (), 0), **common), str(error).partition(": ")[2]
    return setup, ""


def rate_of(settings: Mapping[str, Any], setup: Setup, name: str) -> float:
    """The learning rate of one optimizer under the chosen rule of comparison; its own where tuning would take too long."""
    if settings["rule"] == "tuned" and tunable(settings):
        return sweep(setup, name, tuple(hyperparameters(settings, name).items()), setup.steps)[0]
    same = settings["rule"] == "same"
    chosen = settings["lr" if same else key_of(name, "lr")]
    return display_rate(settings, "gd" if same else name) if chosen is None else chosen


def compute(settings: Mapping[str, Any]) -> Results:
    """Run every chosen optimizer from the same start."""
    setup, problem = setup_of(settings)

    def run(name: str, given: Mapping[str, Any]) -> Run:
        found = path(setup, name, rates[name], tuple(given.items()))
        return Run(OPTIMIZERS[name], rates[name], given, found, setup.land, settings["tolerance"], setup.noise)

    rates = {name: rate_of(settings, setup, name) for name in settings["optimizers"]}
    runs, plain = [], {}
    for name in settings["optimizers"]:
        given = hyperparameters(settings, name)
        runs.append(run(name, given))
        usual = {k: PARAMS[key_of(name, k)].default for k in switches(name)}
        if any(given[k] != v for k, v in usual.items()):
            plain[name] = run(name, given | usual)
    return Results(settings, setup, tuple(runs), plain, problem)


LESSON = Lesson(
    name="trajectories", title="Optimizers on loss surfaces", label="Trajectories",
    card=f"From one start, {len(OPTIMIZERS)} optimizers on {len(SURFACES)} surfaces: zigzag, momentum, adaptive rates, and who wins when.",
    params=PARAMS, sections=SECTIONS, presets=PRESETS, compute=compute, cost=cost,
    figures=("paths", "rates", "sensitivity", "rate_beta", "rate_beta_beside", "range_test", "epsilon", "basins", "view3d"),
)  # fmt: skip
