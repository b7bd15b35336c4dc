"""Run code of schedules as pasted: `python rates.py LIBRARY [double] [compiled]`, for Keras with KERAS_BACKEND set.

Reads a list of (code, steps) as JSON from standard input and writes the list of their rates. double: in float64 instead
of what the library does by itself. compiled: as in a compiled training step, by jax.jit.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any


def executed(code: str) -> dict[str, Any]:
    """The names that the code defines."""
    names: dict[str, Any] = {}
    exec(compile(code, "snippet", "exec"), names)
    return names


def in_torch(code: str, steps: list[int], compiled: bool) -> list[float]:
    """What the training loop that the code tells of sees in its optimizer."""
    names, rates = executed(code), {}
    for step in range(max(steps) + 1):
        if step:
            names["optimizer"].step()
            names["scheduler"].step()
        rates[step] = float(names["optimizer"].param_groups[0]["lr"])
    return [rates[step] for step in steps]


def in_keras(code: str, steps: list[int], compiled: bool) -> list[float]:
    """The schedule at each step; it comes back from its configuration and drives the optimizer."""
    names = executed(code)
    schedule = names["schedule"]
    again = type(schedule).from_config(schedule.get_config())
    if again(steps[0]) != schedule(steps[0]) or float(names["optimizer"].learning_rate) != float(schedule(0)):
        raise AssertionError(code)
    return called(schedule, steps, compiled)


def in_optax(code: str, steps: list[int], compiled: bool) -> list[float]:
    """The schedule at each step."""
    names = executed(code)
    names["optimizer"].init({"w": 1.0})
    return called(names["schedule"], steps, compiled)


def called(schedule: Callable[[int], Any], steps: list[int], compiled: bool) -> list[float]:
    if compiled:
        import jax

        schedule = jax.jit(schedule)
    return [float(schedule(step)) for step in steps]


def precise(library: str) -> None:
    """Everything in float64."""
    if library == "keras":
        import keras

        keras.config.set_floatx("float64")
    elif library == "optax":
        import jax

        jax.config.update("jax_enable_x64", True)


if __name__ == "__main__":
    library, *words = sys.argv[1:]
    if "double" in words:
        precise(library)
    run = {"torch": in_torch, "keras": in_keras, "optax": in_optax}[library]
    json.dump([run(code, steps, "compiled" in words) for code, steps in json.load(sys.stdin)], sys.stdout)
