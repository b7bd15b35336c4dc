"""Which schedules a library has of its own, and how they are called there.

`native(library, name, settings)` is the expression that makes the library's own schedule, or None where the library
has none that equals ours at every whole step, with these settings. `literal` writes a setting as code.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from textwrap import indent
from typing import Any

import numpy as np

from ...params import Param

WHY_OWN = {
    ("keras", "manual_decay"): "Keras keeps the old value AT a boundary, so each stands one step before its edit.",
    ("torch", "one_cycle"): "It may be stepped total_steps times and no more.",
    ("optax", "piecewise_constant_decay"): "optax has the new value AT a boundary already, so each is one step later.",
}
WHY_NOT = {
    ("keras", "cosine_decay_restarts"): "CosineDecayRestarts finds its cycle by a logarithm; rounding may lose one.",
    ("torch", "piecewise_constant_decay"): "MultiStepLR has the new rate AT a milestone already and can only multiply.",
    ("torch", "cosine_decay"): "CosineAnnealingLR would rise again after T_max.",
    ("optax", "one_cycle"): "cosine_onecycle_schedule ends both its phases one step later.",
    ("optax", "polynomial_decay"): "polynomial_schedule has no cycles, and compiled, a root may end in NaN.",
}
"""What to know where the library's own schedule is used, and where it is not: (library, schedule) -> a sentence."""

STAGED = {
    ("keras", "inverse_time_decay"): "InverseTimeDecay",
    ("keras", "exponential_decay"): "ExponentialDecay",
    ("keras", "step_decay"): "ExponentialDecay",
    ("keras", "polynomial_decay"): "PolynomialDecay",
    ("keras", "cosine_decay_restarts"): "CosineDecayRestarts",
    ("optax", "exponential_decay"): "exponential_decay",
    ("optax", "step_decay"): "exponential_decay",
}
"""The libraries' own schedules that count stages by a division, in float32: (library, schedule) -> its name."""

LONGEST_LINE = 100


def literal(param: Param, value: Any) -> str:
    """A setting as code: whole counts of steps without a point, other numbers with all their digits."""
    if param.kind == "numbers":
        return repr(value)
    if param.kind == "number" and value is not None:
        return repr(int(value)) if param.unit == "steps" and value == int(value) else repr(float(value))
    return repr(value)


def call(function: str, *words: str, **arguments: Any) -> str:
    """`function(word, a=1, b=2.0)`, one argument a line where it would be long."""
    listed = [*words, *(f"{name}={value!r}" for name, value in arguments.items())]
    line = f"{function}({', '.join(listed)})"
    return line if len(line) <= LONGEST_LINE else f"{function}(\n    " + ",\n    ".join(listed) + ",\n)"


def count(steps: float) -> float:
    """The same number of steps, as an int where it is whole."""
    return int(steps) if steps == int(steps) else steps


def pieces(name: str, settings: Mapping[str, Any]) -> tuple[list[int], list[float]] | None:
    """For a rate that is constant in pieces: the whole step at which every piece begins, and its rate."""
    if name == "piecewise_constant_decay":
        rates = list(settings["values"])
        begins = [0, *(math.floor(boundary) + 1 for boundary in settings["boundaries"])]
    elif name == "manual_decay":
        rates = [settings["initial_learning_rate"], *settings["edits"][1::2]]
        begins = [0, *(math.ceil(step) for step in settings["edits"][::2])]
    else:
        return None
    last = dict(zip(begins, rates, strict=True))
    return list(last), list(last.values())


def _no_root(settings: Mapping[str, Any]) -> bool:
    """Whether the power, if there is one, is whole: compiled, 1 - n/T may come out just below 0 at the end."""
    return settings.get("power", 1.0) == int(settings.get("power", 1.0))


def _rounds(name: str, settings: Mapping[str, Any]) -> bool:
    """Whether the schedule counts stages and float32 may count wrongly at their ends.

    Compiled by XLA, and on a GPU, a division by a constant is a multiplication by its reciprocal. The product of n and
    the rounded 1/T is n/T for all whole n/T if the reciprocal is near enough, to half of float32's smallest step.
    """
    if not (settings.get("staircase") or settings.get("cycle") or name in ("step_decay", "cosine_decay_restarts")):
        return False
    steps = settings.get("decay_steps", settings.get("first_decay_steps"))
    beyond = steps * float(np.float32(1) / np.float32(steps)) - 1
    return float(np.float32(steps)) != steps or (beyond if settings.get("cycle") else -beyond) > 2.0**-25


def why_not(library: str, name: str, settings: Mapping[str, Any]) -> str | None:
    """Why the library's own schedule is not used, in a sentence, if it has one."""
    if library == "keras" and not _no_root(settings):
        return "Compiled by XLA, PolynomialDecay with a root may end in NaN."
    if (library, name) in STAGED and _rounds(name, settings):
        return f"{STAGED[library, name]} counts its stages in float32 and may be a step off."
    return WHY_NOT.get((library, name))


def native(library: str, name: str, settings: Mapping[str, Any]) -> str | None:
    """The library's own schedule as an expression, or None. In torch it is a scheduler of `optimizer`."""
    if (library, name) in STAGED and _rounds(name, settings):
        return None
    return {"keras": _keras, "torch": _torch, "optax": _optax}[library](name, settings)


def _keras(name: str, settings: Mapping[str, Any]) -> str | None:
    own = {
        "inverse_time_decay": "InverseTimeDecay",
        "exponential_decay": "ExponentialDecay",
        "polynomial_decay": "PolynomialDecay",
        "cosine_decay": "CosineDecay",
    }
    where = "keras.optimizers.schedules."
    steps = {key: count(value) for key, value in settings.items() if key.endswith("decay_steps")}
    if name in own and _no_root(settings):
        return call(where + own[name], **{**settings, **steps})
    if name == "step_decay":
        drop = {"decay_rate": settings["drop"], "staircase": True}
        return call(
            where + "ExponentialDecay", initial_learning_rate=settings["initial_learning_rate"], **steps, **drop
        )
    if name == "cosine_decay_restarts" and settings["t_mul"] == 1:
        return call(where + "CosineDecayRestarts", **{**settings, **steps})
    if constant := pieces(name, settings):
        begins, rates = constant
        boundaries = [begin - 1 for begin in begins[1:]]
        return call(where + "PiecewiseConstantDecay", boundaries=boundaries, values=rates) if boundaries else None
    return None


def _torch(name: str, settings: Mapping[str, Any]) -> str | None:
    where = "torch.optim.lr_scheduler."
    steps = {key: count(value) for key, value in settings.items() if key.endswith("_steps")}
    if not all(isinstance(value, int) for value in steps.values()):
        return None
    if name == "step_decay":
        return call(where + "StepLR", "optimizer", step_size=steps["decay_steps"], gamma=settings["drop"])
    if name == "exponential_decay" and settings["staircase"]:
        return call(where + "StepLR", "optimizer", step_size=steps["decay_steps"], gamma=settings["decay_rate"])
    if name == "polynomial_decay" and settings["end_learning_rate"] == 0 and not settings["cycle"]:
        return call(where + "PolynomialLR", "optimizer", total_iters=steps["decay_steps"], power=settings["power"])
    if name == "cosine_decay_restarts" and settings["m_mul"] == 1 and settings["t_mul"] == int(settings["t_mul"]):
        lowest = settings["initial_learning_rate"] * settings["alpha"]
        first, longer = steps["first_decay_steps"], int(settings["t_mul"])
        return call(where + "CosineAnnealingWarmRestarts", "optimizer", T_0=first, T_mult=longer, eta_min=lowest)
    if name == "one_cycle" and settings["pct_start"] < 1 and settings["pct_start"] * settings["total_steps"] != 1:
        rest = {key: value for key, value in settings.items() if key != "initial_learning_rate"}
        return call(
            where + "OneCycleLR", "optimizer", max_lr=settings["initial_learning_rate"], **rest, cycle_momentum=False
        )
    return None


def _optax(name: str, settings: Mapping[str, Any]) -> str | None:
    rate = settings.get("initial_learning_rate")
    steps = count(settings.get("decay_steps", 1))
    if name == "constant":
        return call("optax.constant_schedule", value=rate)
    if name == "exponential_decay":
        decay = {"decay_rate": settings["decay_rate"], "staircase": settings["staircase"]}
        return call("optax.exponential_decay", init_value=rate, transition_steps=steps, **decay)
    if name == "step_decay":
        stairs = {"decay_rate": settings["drop"], "staircase": True}
        return call("optax.exponential_decay", init_value=rate, transition_steps=steps, **stairs)
    if name == "polynomial_decay" and not settings["cycle"] and _no_root(settings):
        end = {"end_value": settings["end_learning_rate"], "power": settings["power"]}
        return call("optax.polynomial_schedule", init_value=rate, **end, transition_steps=steps)
    if name == "cosine_decay":
        return _optax_cosine(steps, settings)
    if constant := pieces(name, settings):
        begins, rates = constant
        parts = [call("optax.constant_schedule", value=value) for value in rates]
        return _joined(parts, begins[1:]) if len(parts) > 1 else parts[0]
    return None


def _optax_cosine(steps: float, settings: Mapping[str, Any]) -> str:
    rate, rise, target = (settings[key] for key in ("initial_learning_rate", "warmup_steps", "warmup_target"))
    peak = rate if target is None else target
    cosine = call("optax.cosine_decay_schedule", init_value=peak, decay_steps=steps, alpha=settings["alpha"])
    if target is None or rise == 0:
        return cosine
    rising = call("optax.linear_schedule", init_value=rate, end_value=target, transition_steps=rise)
    return _joined([rising, cosine], [rise])


def _joined(parts: list[str], begins: list[int]) -> str:
    listed = indent(",\n".join(parts), "        ")
    return f"optax.join_schedules(\n    [\n{listed},\n    ],\n    boundaries={begins!r},\n)"
