"""Saddles and plateaus (claims P1-P3): settings, presets, results.

Beside a saddle the gradient is small in proportion to the distance from its ridge, so a rule whose step is
proportional to the gradient lingers, and one that divides the gradient by its own size does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...curvature import classify, eigen, escape_steps_gd
from ...descent import Trajectory, descend, first_step
from ...optimizers import OPTIMIZERS
from ...surfaces import Surface
from ..lesson import Lesson
from ..memo import memo
from .cost import PATIENCE, SHELVES, cost
from .many import exact_laws, index_shares, lottery
from .presets import PRESETS
from .settings import PARAMS, SECTIONS, hyperparameters, surface_settings
from .terrain import Terrain, terrain
from .work import Work

LIMIT = 40.0
DRAWN = 1000
OFFSETS = np.logspace(-16, -1, 46)
FLAT = 0.1

Given = Mapping[str, Any]  # parameters by name


@dataclass(frozen=True)
class Meter:
    """The curvature along the watched rule's path, at the drawn steps.

    xy (n, 2); values (n, 2) ascending; directions (n, 2, 2), as `curvature.eigen` has them; lr (n,) the rate and limit
    (n,) the largest one that is stable at the curvature there, NaN where nothing curves up; None for a rule that has
    no such limit. kind is the second-derivative test at the step shown, None where the run has left the page.
    """

    xy: np.ndarray
    values: np.ndarray
    directions: np.ndarray
    rate: float
    limit: np.ndarray | None
    kind: str | None


@dataclass(frozen=True)
class Flat:
    """The longest stretch of a run over which its loss hardly varies.

    begin, end   its first and last step
    norm         the median gradient norm there, and steepest the largest up to there
    turning      the share of its steps that point against the step before: near 1 when bouncing between walls
    """

    begin: int
    end: int
    norm: float
    steepest: float
    turning: float


@dataclass(frozen=True)
class Results:
    """One race: the terrain, the start, and every optimizer's run from it."""

    settings: Mapping[str, Any]
    terrain: Terrain
    start: tuple[float, float]
    runs: Mapping[str, Trajectory]

    @property
    def surface(self) -> Surface:
        return self.terrain.surface

    @property
    def picked(self) -> bool:
        """Whether the start was picked in the figure."""
        return self.settings["start_x"] is not None or self.settings["start_y"] is not None

    @property
    def offset(self) -> float:
        """Distance of the start from the ridge; from the minimum where there is no saddle."""
        return float(self.terrain.distance(np.array(self.start)))

    @cached_property
    def distance(self) -> dict[str, np.ndarray]:
        """optimizer -> (steps + 1,) distance from the ridge, or from the minimum where there is no saddle."""
        return {name: self.terrain.distance(run.xy) for name, run in self.runs.items()}

    @cached_property
    def gone(self) -> dict[str, int]:
        """optimizer -> the step at which it had left the saddle (or arrived at the minimum); -1 where it did not."""
        return {name: int(first_step(self.terrain.gone(run.xy))) for name, run in self.runs.items()}

    @cached_property
    def lost(self) -> dict[str, int]:
        """optimizer -> the step at which it left |coordinate| <= LIMIT; -1 where it did not."""
        return {name: int(first_step(np.isnan(run.loss))) for name, run in self.runs.items()}

    @cached_property
    def still(self) -> bool:
        """Whether no run moved at all."""
        return all(bool((run.xy == run.xy[0]).all()) for run in self.runs.values())

    @property
    def closed_form(self) -> int | None:
        """Gradient descent's steps in closed form; None where that does not apply or never ends."""
        rate = hyperparameters(self.settings, self.surface.name, "gd")["lr"]
        if not self.terrain.quadratic or self.settings["noise"] or self.offset == 0 or rate == 0:
            return None
        steps = escape_steps_gd(self.offset, self.terrain.reach, rate, self.terrain.curvature)
        return int(steps) if np.isfinite(steps) else None

    @cached_property
    def drawn(self) -> np.ndarray:
        """The steps that are drawn, the first and the last among them, at most about DRAWN."""
        steps = self.settings["steps"]
        every = -(-steps // DRAWN)
        return np.union1d(np.arange(0, steps + 1, every), [steps])

    @property
    def shown(self) -> int:
        """Index in `drawn` of the step shown: the last one not after it."""
        return int(np.searchsorted(self.drawn, self.settings["step"], side="right")) - 1

    @cached_property
    def flat(self) -> dict[str, Flat]:
        """optimizer -> its longest stretch of flat loss before it arrived: less than FLAT of the way down from the
        start to the best loss of any run."""
        best = min(float(np.nanmin(run.loss)) for run in self.runs.values())
        less = FLAT * (float(self.surface.value(*self.start)) - best)
        return {name: flat_stretch(run, self.gone[name], less) for name, run in self.runs.items()}

    @cached_property
    def escapes(self) -> dict[str, np.ndarray]:
        """optimizer -> (len(OFFSETS),) steps to leave the saddle from each offset, one batch a rule; -1 beyond PATIENCE."""
        name, bound = self.surface.name, self.surface.bound
        return {rule: _escapes(name, bound, rule, given(self.settings, name, rule)) for rule in self.runs}

    @property
    def closed_forms(self) -> np.ndarray:
        """(len(OFFSETS),) gradient descent's steps in closed form."""
        rate = hyperparameters(self.settings, self.surface.name, "gd")["lr"]
        return escape_steps_gd(OFFSETS, self.terrain.reach, rate, self.terrain.curvature)

    @property
    def waits_below(self) -> dict[str, float]:
        """normalising optimizer -> eps over the downward curvature: the offset below which it waits, too; 0 without eps."""
        b = self.terrain.curvature
        named = {name: self.settings.get(f"{name}.eps", 0.0) for name in self.runs if OPTIMIZERS[name].normalises}
        return {name: eps / b for name, eps in named.items()} if b else {}

    @cached_property
    def shelves(self) -> tuple[np.ndarray, dict[str, np.ndarray]] | None:
        """What a terrain without a saddle costs: values of its first parameter over its slider, and for each optimizer
        the steps to the minimum, -1 beyond PATIENCE. None where the surface has no parameter with a slider."""
        param = next(iter(self.surface.params), None)
        if param is None or param.slider is None:
            return None
        values = np.linspace(*param.slider, SHELVES)
        name = self.surface.name
        found = {
            rule: [_arrival(name, param.name, float(v), rule, given(self.settings, name, rule)) for v in values]
            for rule in self.runs
        }
        return values, {rule: np.array(steps) for rule, steps in found.items()}

    @cached_property
    def meter(self) -> Meter:
        """Curvature along the watched rule's path."""
        name = self.settings["watched"]
        run = self.runs[name] if name in self.runs else race(self.settings, self.terrain, self.start, name)
        xy = run.xy[self.drawn]
        values, directions = eigen(self.surface, xy[:, 0], xy[:, 1])
        own = hyperparameters(self.settings, self.surface.name, name)
        stability = OPTIMIZERS[name].stability
        up = np.where(values[:, 1] > 0, values[:, 1], np.nan)
        here = xy[self.shown]
        kind = classify(self.surface, *here.tolist()) if np.isfinite(here).all() else None
        return Meter(xy, values, directions, own["lr"], stability(up, **own) if stability else None, kind)

    @cached_property
    def lotteries(self) -> dict[str, Work]:
        """optimizer -> what becomes of starts all over the ripples; the watched rule is always among them."""
        s = self.settings
        names = dict.fromkeys((*s["optimizers"], s["watched"]))
        return {
            name: lottery(s["ripples.depth"], name, given(s, "ripples", name), s["basin_factor"], s["basin_grid"])
            for name in names
        }

    @cached_property
    def samples(self) -> dict[str, Work]:
        """model -> sampled shares of critical points by number of descent directions; "exact" -> the three laws."""
        s = self.settings
        drawn = {model: index_shares(model, s["n"], s["draws"], s["seed"]) for model in ("goe", "field")}
        return {"exact": exact_laws(), **drawn}

    def progress(self) -> Iterator[float]:
        """Do the long work of the open section, yielding the share done."""
        works = {"local_optima": lambda: self.lotteries, "dimensions": lambda: self.samples}
        todo = list(works.get(self.settings["section"], dict)().values())
        for i, work in enumerate(todo):
            for share in work.progress():
                yield (i + share) / len(todo)


def flat_stretch(run: Trajectory, until: int, less: float) -> Flat:
    """The longest stretch of steps, up to step `until` where that is > 0, over which the loss varies by at most `less`."""
    loss = run.loss[: until if until > 0 else None]
    loss = loss[np.isfinite(loss)]
    first, last, begin = 0, 0, 0
    low = high = float(loss[0])
    for end, value in enumerate(loss.tolist()):
        low, high = min(low, value), max(high, value)
        while high - low > less and begin < end:
            begin += 1
            low, high = float(loss[begin : end + 1].min()), float(loss[begin : end + 1].max())
        if end - begin > last - first:
            first, last = begin, end
    steps = np.diff(run.xy[first : last + 1], axis=0)
    turns = (steps[1:] * steps[:-1]).sum(axis=-1) < 0
    norm, steepest = np.median(run.grad_norm[first : last + 1]), run.grad_norm[: last + 1].max()
    return Flat(first, last, float(norm), float(steepest), float(turns.mean()) if len(turns) else 0.0)


def given(settings: Mapping[str, Any], surface: str, optimizer: str) -> dict[str, Any]:
    """What `descend` is given for an optimizer on a surface: hyperparameters, noise and seed."""
    own = hyperparameters(settings, surface, optimizer)
    return own | {"noise": settings["noise"], "seed": settings["seed"]}


def race(settings: Mapping[str, Any], here: Terrain, start: tuple[float, float], optimizer: str) -> Trajectory:
    """One optimizer's run over a terrain from a start, as set on the page."""
    name = here.surface.name
    return _run(name, here.surface.bound, optimizer, given(settings, name, optimizer), start, settings["steps"])


@memo(entries=64, long=True)
def _run(
    surface: str, bound: Given, optimizer: str, given: Given, start: tuple[float, float], steps: int
) -> Trajectory:
    return descend(terrain(surface, bound).surface, optimizer, start, steps, limit=LIMIT, **given)


@memo(entries=64, long=True)
def _escapes(surface: str, bound: Given, optimizer: str, given: Given) -> np.ndarray:
    here = terrain(surface, bound)
    run = descend(here.surface, optimizer, here.beside(OFFSETS), PATIENCE, limit=LIMIT, **given)
    return first_step(here.gone(run.xy))


@memo(entries=256, long=True)
def _arrival(surface: str, param: str, value: float, optimizer: str, given: Given) -> int:
    here = terrain(surface, {param: value})
    run = descend(here.surface, optimizer, here.surface.start, PATIENCE, limit=LIMIT, **given)
    return int(first_step(here.gone(run.xy)))


def _start(settings: Mapping[str, Any], here: Terrain) -> tuple[float, float]:
    """Where the race starts: the picked point, a place beside the saddle, or the surface's own start."""
    if here.origin is None:
        x, y = here.surface.start
    else:
        offset = settings["offset"] if settings["place"] == "beside" else 0.0
        x, y = (here.origin if settings["place"] == "saddle" else here.beside(offset)).tolist()
    picked_x, picked_y = settings["start_x"], settings["start_y"]
    return x if picked_x is None else picked_x, y if picked_y is None else picked_y


def compute(settings: Mapping[str, Any]) -> Results:
    """Run the race; what only a section needs is computed when that is drawn."""
    here = terrain(settings["surface"], surface_settings(settings, settings["surface"]))
    start = _start(settings, here)
    runs = {name: race(settings, here, start, name) for name in settings["optimizers"]}
    return Results(settings=settings, terrain=here, start=start, runs=runs)


LESSON = Lesson(
    name="saddles", title="Saddles and plateaus", label="Saddles",
    card="Why gradient descent lingers by a saddle and Adam does not, what a plateau costs, and what 2^-20000 assumes.",
    params=PARAMS, sections=SECTIONS, presets=PRESETS, compute=compute, cost=cost,
    figures=("race", "escape", "view3d", "meter", "local_optima", "minima", "directions", "index_height"),
)  # fmt: skip
