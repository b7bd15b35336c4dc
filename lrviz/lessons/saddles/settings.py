"""Settings of the saddles page: those of its own, and those that come from the registries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...optimizers import OPTIMIZERS
from ...params import Param, choice, choices, integer, number
from ...surfaces import SURFACES
from ..lesson import page_params, section
from ..registry_params import Changes, entries_as_settings, key_of, values_of
from .terrain import terrain_names

TERRAINS = terrain_names()
SECTIONS = {
    "escape": "Steps to escape", "view3d": "3-D", "meter": "Curvature meter", "local_optima": "Local optima",
    "dimensions": "Many dimensions",
}  # fmt: skip
PLACES = ("beside", "ridge", "saddle")
PANELS = ("distance", "loss")
LEAST, MOST = 1e-6, 1e6  # beyond them a terrain or a rule has nothing left to show
RACERS = ("gd", "momentum", "heavy_ball", "rmsprop", "adam")


def rate_key(surface: str, optimizer: str) -> str:
    """Key of an optimizer's learning rate on a surface: every terrain keeps rates of its own."""
    return key_of(surface, optimizer, "lr")


def _own(entry: Any, param: Param) -> Changes:
    """A parameter of a terrain or a rule, in the range that has something to show; rates are each terrain's own."""
    if param.name == "lr":
        return None
    return {
        "label": f"{entry.label}: {param.label}", "low": LEAST if param.open_low and param.low == 0 else param.low,
        "high": min(param.high, MOST), "help": param.help or f"The parameter {param.name} of {entry.label}.",
    }  # fmt: skip


def _rate_on(surface: str) -> Callable[[Any, Param], Changes]:
    def rate(entry: Any, param: Param) -> Changes:
        if param.name != "lr":
            return None
        return {"default": SURFACES[surface].rate(entry), "label": f"{entry.label}: rate", "high": MOST}

    return rate


PARAMS = page_params(
    choice("surface", "saddle", TERRAINS, label="surface", help="The loss as a function of two weights."),
    choices("optimizers", RACERS, tuple(OPTIMIZERS), shortest=1, longest=6, help="The update rules that race."),
    choice("place", "beside", PLACES, label="start",
           help="Beside the ridge of the saddle, exactly on the ridge (offset 0), or exactly on the saddle."),
    number("offset", 1e-3, label="offset from the ridge", symbol="δ", low=0.0, open_low=True, high=1.0,
           slider=(1e-16, 1.0), log=True, help="How far from the ridge the race starts."),
    number("noise", 0.0, label="gradient noise", symbol="σ", low=0.0, high=10.0, slider=(1e-12, 1.0), log=True,
           help="Standard deviation of the noise on each coordinate of each gradient, the same for all; reset for none."),
    choice("panel", "distance", PANELS, label="upper panel",
           help="Distance from the ridge (from the minimum, where there is no saddle), or the loss."),
    integer("steps", 150, low=1, high=2000, slider=(10, 1000), log=True, help="How long the race lasts."),
    integer("step", 25, low=0, high=2000, slider=(0, 500), label="step shown",
            help="The step at which the heads of the paths stand and the curvature is read."),
    integer("seed", 0, low=0, high=10**6, slider=(0, 50), label="seed",
            help="Which stream of random numbers makes the noise and the matrices."),
    number("start_x", None, optional=True, low=-12, high=12, slider=(-5, 5), label="start, x",
           help="Where the race starts when a point has been picked in the figure."),
    number("start_y", None, optional=True, low=-12, high=12, slider=(-5, 5), label="start, y",
           help="Where the race starts when a point has been picked in the figure."),
    section(SECTIONS, help="What is taken apart below the figure."),
    choice("watched", "gd", tuple(OPTIMIZERS), label="optimizer shown below",
           help="The update rule whose path the section below follows."),
    number("basin_factor", 5.0, low=0.0, high=1000.0, slider=(0.2, 50.0), log=True, label="rate, times the usual", symbol="×",
           help="Every rule runs at this multiple of its learning rate on the ripples."),
    integer("basin_grid", 32, low=4, high=48, slider=(4, 48), label="starts along a side",
            help="How many starts the grid over the ripples has in each direction. The shares depend on it: try another number."),
    integer("n", 5, low=1, high=8, slider=(1, 8), label="dimensions", symbol="N",
            help="How many directions there are at the critical point."),
    integer("draws", 20_000, low=100, high=200_000, slider=(1000, 200_000), log=True, label="matrices drawn",
            help="More matrices make a smaller error and take longer."),
    *entries_as_settings((SURFACES[name] for name in TERRAINS), _own),
    *entries_as_settings(OPTIMIZERS.values(), _own),
    *(param for name in TERRAINS for param in entries_as_settings(OPTIMIZERS.values(), _rate_on(name), under=name)),
)  # fmt: skip


def surface_settings(settings: Mapping[str, Any], surface: str) -> dict[str, float]:
    """The parameters of a surface, as set on this page."""
    return values_of(settings, surface, SURFACES[surface].params)


def hyperparameters(settings: Mapping[str, Any], surface: str, optimizer: str) -> dict[str, Any]:
    """The hyperparameters of an optimizer on a surface, as set on this page."""
    own = values_of(settings, optimizer, OPTIMIZERS[optimizer].params)
    return {"lr": settings[rate_key(surface, optimizer)], **own}
