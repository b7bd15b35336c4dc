"""Settings of the trajectories page, most of them made from the registries.

A setting of an entry has the key "entry.parameter": "ravine.kappa", "adam.beta1", "cosine_decay.decay_steps". Where a
surface's runs start is a setting of that surface, "ravine.x" and "ravine.y", whose default is its own start. A learning
rate that is not set is the one the surface names for the optimizer; in a schedule 1 is the optimizer's own rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...optimizers import OPTIMIZERS, rate
from ...params import Param, choice, choices, integer, number
from ...schedules import SCHEDULES
from ...surfaces import SURFACES
from ..lesson import page_params, section
from ..registry_params import Changes, as_settings, entries_as_settings, key_of, keys_under, values_of

STEPS, MOST_STEPS, MAP_STEPS = 200, 10_000, 500
FARTHEST = 1e6  # for a start, and for what a surface leaves open: no gradient may overflow
SECTIONS = {
    "step": "This step", "rates": "Rates", "sensitivity": "Best rate", "rate_beta": "Rate and memory", "range_test": "Range test",
    "epsilon": "ε", "basins": "Which minimum", "view3d": "3-D",
}  # fmt: skip
RULES = ("own", "same", "tuned")
MEMORY = {name: entry.param(entry.memory) for name, entry in OPTIMIZERS.items() if entry.memory}

# As factors on a rate and over some 200 steps, these say more than the schedules' own defaults. The page's own warm-up
# serves every schedule, so cosine decay's is left out; so is the initial rate, which is the optimizer's.
SUITED: dict[str, Any] = {
    "piecewise_constant_decay.boundaries": (80.0, 140.0),
    "piecewise_constant_decay.values": (1.0, 0.5, 0.1),
    "manual_decay.edits": (50.0, 0.5, 100.0, 0.2, 150.0, 0.05),
    "noisy_linear_cosine_decay.initial_variance": 0.02,
    "cosine_decay_restarts.first_decay_steps": 40.0,
    "noam.model_dim": 1,
    "noam.warmup_steps": 40,
    "rsqrt_decay.warmup_steps": 40,
}
LEFT_OUT = ("initial_learning_rate", "cosine_decay.warmup_steps", "cosine_decay.warmup_target")


def _start(name: str) -> Iterator[Param]:
    entry = SURFACES[name]
    words = "Where the runs start along {}; click or drag in the figure to choose it."
    for axis, default, reach in (("x", entry.start[0], entry.box[:2]), ("y", entry.start[1], entry.box[2:])):
        yield number(
            key_of(name, axis), default, label=f"start, {axis}", low=-FARTHEST, high=FARTHEST, slider=reach,
            help=words.format(axis),
        )  # fmt: skip


def _of_surfaces() -> Iterator[Param]:
    for name, entry in SURFACES.items():
        yield from as_settings(name, entry.params, lambda param: {"high": min(param.high, FARTHEST)})
        yield from _start(name)


def _of_optimizer(entry: Any, param: Param) -> Changes:
    return {"default": None, "optional": True, "label": entry.label} if param.name == "lr" else {}


def _of_schedule(entry: Any, param: Param) -> Changes:
    key = key_of(entry.name, param.name)
    if param.name in LEFT_OUT or key in LEFT_OUT:
        return None
    fits = min(param.default, type(param.default)(STEPS)) if param.kind in ("number", "integer") else None
    return {"default": SUITED.get(key, fits if param.unit == "steps" else param.default)}


PARAMS = page_params(
    choice("surface", "ravine", tuple(SURFACES), help="The loss as a function of two weights."),
    *_of_surfaces(),
    choices("optimizers", ("gd", "momentum", "rmsprop", "adam"), tuple(OPTIMIZERS), shortest=1, longest=8,
            help="Optimizers to compare. All of them start at the same point and meet the same noise."),
    choice("rule", "own", RULES, label="learning rates",
           help="Each optimizer with its own rate, all with the same one, or each with the rate that a sweep finds best."),
    rate(1.0).with_default(None, optional=True, label="the same rate for all"),
    *entries_as_settings(OPTIMIZERS.values(), _of_optimizer),
    integer("steps", STEPS, low=1, high=MOST_STEPS, slider=(10, MOST_STEPS), log=True, help="How many steps each one takes."),
    integer("step", 0, low=0, high=MOST_STEPS, slider=(0, STEPS), symbol="k", label="step shown",
            help="The step that the markers show and that is written out below; beyond the last step it is the last."),
    number("tolerance", 0.01, low=0.0, open_low=True, slider=(1e-4, 1.0), log=True,
           help="How near to a minimum counts as arrived: a distance in the plane."),
    choice("schedule", "constant", tuple(SCHEDULES), help="A factor on each learning rate, one for each step."),
    *entries_as_settings(SCHEDULES.values(), _of_schedule),
    integer("warmup_steps", 0, low=0, high=MOST_STEPS, slider=(0, STEPS), label="warm-up", symbol="W", unit="steps",
            help="The rate rises in equal steps to where the schedule starts; then the schedule runs."),
    number("noise", 0.0, low=0.0, high=1e6, slider=(0.0, 10.0), step=0.1, label="gradient noise",
           help="Standard deviation of what is added to each gradient coordinate, as if each step saw another mini-batch."),
    integer("seed", 0, low=0, high=2**32 - 1, slider=(0, 100), help="One seed is one stream of noise, the same for all optimizers."),
    section(SECTIONS),
    choices("maps", ("momentum", "heavy_ball"), tuple(MEMORY), shortest=1, longest=2, label="mapped",
            help="Optimizers whose maps of learning rate and decay rate are drawn side by side."),
    integer("resolution", 32, low=8, high=96, slider=(8, 96), label="cells along a side",
            help="A map of n by n cells is n times n runs."),
    integer("budget", 50, low=2, high=MOST_STEPS, slider=(5, 1000), log=True, label="budget",  unit="steps",
            help="Steps of the range test, and of each of the short runs beside it."),
)  # fmt: skip


def keys_of(entry: str) -> list[str]:
    """The settings of one entry of a registry, except where its runs start and the learning rate."""
    others = (*start_keys(entry), key_of(entry, "lr"))
    return [key for key in keys_under(PARAMS, entry) if key not in others]


def hyperparameters(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What an optimizer takes besides lr."""
    return values_of(settings, name, (param for param in OPTIMIZERS[name].params if param.name != "lr"))


def switches(name: str) -> list[str]:
    """The parameters of an optimizer that are switches, not numbers."""
    return [p.name for p in OPTIMIZERS[name].params if p.kind in ("flag", "choice")]


def start_keys(surface: str) -> tuple[str, str]:
    """The two settings that say where a surface's runs start."""
    return key_of(surface, "x"), key_of(surface, "y")
