"""Settings of the schedules at which their code is run in the real libraries: chosen ones, and legal ones at random."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lrviz.params import Param
from lrviz.schedules import SCHEDULES

CHOSEN = [
    *((name, {}) for name in SCHEDULES),
    ("constant", {"initial_learning_rate": 1.0}),
    ("inverse_time_decay", {"decay_steps": 7, "decay_rate": 0.5, "staircase": True}),
    ("inverse_time_decay", {"decay_steps": 2.5, "decay_rate": 1.0}),
    ("exponential_decay", {"initial_learning_rate": 1.0, "decay_steps": 7, "decay_rate": 0.9, "staircase": True}),
    ("exponential_decay", {"decay_steps": 2.5, "decay_rate": 0.9, "staircase": True}),
    (
        "exponential_decay",
        {"decay_steps": 41, "decay_rate": 0.9, "staircase": True},
    ),  # float32 has less than 1 for 41/41
    ("inverse_sqrt_decay", {"k": 0.5, "decay_steps": 10}),
    ("inverse_sqrt_decay", {"decay_steps": 5.9}),  # 177/5.9 is less than 30
    ("step_decay", {"decay_steps": 25, "drop": 0.3}),
    ("step_decay", {"decay_steps": 12.5, "drop": 0.3}),
    ("piecewise_constant_decay", {"boundaries": (25,), "values": (1.0, 0.1)}),
    ("piecewise_constant_decay", {"boundaries": (0, 9.5, 9.7, 50), "values": (0.5, 0.4, 0.3, 0.2, 0.0)}),
    ("piecewise_constant_decay", {"boundaries": (), "values": (0.3,)}),
    ("polynomial_decay", {"decay_steps": 40, "end_learning_rate": 0.01, "power": 0.5}),
    ("polynomial_decay", {"decay_steps": 40, "end_learning_rate": 0.01, "power": 2.0, "cycle": True}),
    ("polynomial_decay", {"decay_steps": 40, "end_learning_rate": 0.0, "power": 2.0}),
    ("cosine_decay", {"decay_steps": 40, "alpha": 0.1}),
    ("cosine_decay", {"decay_steps": 40, "alpha": 0.1, "warmup_steps": 10, "warmup_target": 0.5}),
    ("cosine_decay", {"decay_steps": 40, "warmup_steps": 0, "warmup_target": 0.5}),
    ("cosine_decay_restarts", {"first_decay_steps": 10, "t_mul": 3.0, "alpha": 0.2}),
    ("cosine_decay_restarts", {"first_decay_steps": 10, "t_mul": 1.5, "m_mul": 0.8}),
    ("cosine_decay_restarts", {"first_decay_steps": 10, "t_mul": 1.0, "m_mul": 0.8}),
    ("cosine_decay_restarts", {"first_decay_steps": 41, "t_mul": 1.0}),
    ("linear_cosine_decay", {"decay_steps": 40, "num_periods": 2.0, "alpha": 0.3, "beta": 0.01}),
    ("noisy_linear_cosine_decay", {"decay_steps": 40, "num_periods": 2.0, "initial_variance": 0.1, "seed": 3}),
    ("one_cycle", {"total_steps": 121, "pct_start": 0.25, "div_factor": 10.0, "final_div_factor": 100.0}),
    ("one_cycle", {"total_steps": 125, "pct_start": 1.0}),
    ("one_cycle", {"total_steps": 125, "pct_start": 0.008}),
    ("noam", {"initial_learning_rate": 1.0, "model_dim": 64, "warmup_steps": 20}),
    ("rsqrt_decay", {"warmup_steps": 20}),
    ("manual_decay", {"edits": (10, 0.05, 30, 0.01)}),
    ("manual_decay", {"edits": (0, 0.5, 10.2, 0.3, 10.4, 0.2, 60, 0.0)}),
    ("manual_decay", {"edits": ()}),
]


def settings(name: str, *, chosen: bool = True, seed: int = 0, count: int = 12) -> list[tuple[dict[str, Any], int]]:
    """Settings of a schedule, each with the steps of its warm-up: the chosen ones, and `count` at random."""
    first = [given for schedule, given in CHOSEN if schedule == name] if chosen else []
    rng = np.random.default_rng([*name.encode(), seed])
    drawn = [_drawn(name, rng) for _ in range(count)]
    warm = [0, 7, 1] * (len(first) // 3 + 1)
    return [*zip(first, warm, strict=False), *((given, int(rng.choice([0, 0, 1, 7, 40]))) for given in drawn)]


def _drawn(name: str, rng: np.random.Generator) -> dict[str, Any]:
    params = SCHEDULES[name].params
    if name == "piecewise_constant_decay":
        boundaries = _steps(rng)
        return {"boundaries": boundaries, "values": [_rate(rng) for _ in range(len(boundaries) + 1)]}
    if name == "manual_decay":
        return {"initial_learning_rate": _rate(rng), "edits": [x for step in _steps(rng) for x in (step, _rate(rng))]}
    return {param.name: _value(param, rng) for param in params}


def _rate(rng: np.random.Generator) -> float:
    return round(float(rng.uniform(0, 1)), 3)


def _steps(rng: np.random.Generator) -> list[float]:
    """Up to four increasing steps, whole ones or not."""
    decimals = int(rng.choice([0, 2]))
    return sorted({round(float(step), decimals) for step in rng.uniform(0, 200, int(rng.integers(0, 5)))})


def _value(param: Param, rng: np.random.Generator) -> Any:
    """A value over the range of a slider, often a whole one, for at ends and whole numbers other code may be made."""
    if param.kind == "flag":
        return bool(rng.integers(2))
    if param.optional and rng.random() < 0.4:
        return None
    low, high = param.slider
    if param.unit == "steps":
        high = min(high, 300)
    value = math.exp(rng.uniform(math.log(low), math.log(high))) if param.log else rng.uniform(low, high)
    value = float(f"{value:.3g}")
    if param.kind == "integer" or rng.random() < 0.4:
        value = min(max(round(value), math.ceil(low)), high)
    return int(value) if param.kind == "integer" else float(value)


def steps(name: str, given: dict[str, Any], warmup: int, most: int = 12) -> list[int]:
    """Whole steps worth a look: the first, those around the ends of the warm-up and of the stages, and some others."""
    values = SCHEDULES[name].settings(**given)
    around = [0.0, *values.get("boundaries", ()), *values.get("edits", ())[::2], values.get("warmup_steps", 0)]
    for key in ("decay_steps", "first_decay_steps", "total_steps"):
        length = values.get(key, 0)
        around += [length * stages for stages in (1, 2, 3, 7, 30)]
    if name == "cosine_decay_restarts":
        around += [
            values["first_decay_steps"] * (1 + values["t_mul"] * (1 + values["t_mul"] * stage)) for stage in (0, 1)
        ]
    near = {math.ceil(step) + more for step in around for more in (-1, 0, 1)}
    rng = np.random.default_rng([*name.encode(), warmup])
    near |= {int(step) for step in rng.integers(0, 400, 4)}
    last = values["total_steps"] - 1 if name == "one_cycle" else 1000  # OneCycleLR is stepped no further
    legal = sorted({0, warmup - 1, *(step + warmup for step in near)} & set(range(last + warmup + 1)))
    if len(legal) > most:
        legal = [legal[i] for i in sorted(rng.choice(len(legal), most, replace=False))]
    return legal
