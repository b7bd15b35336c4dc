"""Legal settings of a lesson, drawn at random as a visitor would set them: choices first, then what belongs to them.

Numbers come from the range of their slider (evenly, or evenly over decades) and now and then from its ends. What costs
time is drawn small: `SMALL` caps whole numbers by name.
"""

from __future__ import annotations

import math
import random
from typing import Any

from lrviz.lessons.lesson import COMMON, Lesson
from lrviz.params import Param

SMALL = {
    "steps": 150, "total": 3000, "resolution": 9, "budget": 40, "basin_grid": 5, "n": 6, "draws": 200, "m": 300,
    "batch_size": 300, "epochs": 4, "replicas": 4,
}  # fmt: skip


def random_settings(lesson: Lesson, seed: int) -> dict[str, Any]:
    """Every setting of a lesson; the same seed gives the same ones."""
    dice = random.Random(seed)
    changes = {key: min(lesson.params[key].default, most) for key, most in SMALL.items() if key in lesson.params}
    for kinds in (("choice", "choices"), ("flag", "integer", "number", "numbers")):
        keys = [key for key in _relevant(lesson, changes) if lesson.params[key].kind in kinds]
        for key in dice.sample(keys, min(len(keys), dice.randint(0, 7))):
            changes[key] = _drawn(lesson.params[key], dice)
    return lesson.settings(**changes)


def _relevant(lesson: Lesson, changes: dict[str, Any]) -> list[str]:
    """The settings that belong to no entry of a registry, or to one that is chosen; what every page has is left out."""
    now = lesson.settings(**changes)
    words = {
        word
        for key, value in now.items()
        for word in ((value,) if isinstance(value, str) else value if isinstance(value, tuple) else ())
    }
    return [
        key for key in lesson.params if key not in COMMON and set(key.split(".")[:-1]) <= words | {"a", "b", "c", "d"}
    ]


def _drawn(param: Param, dice: random.Random) -> Any:
    if param.optional and dice.random() < 0.3:
        return None
    if param.kind == "flag":
        return dice.random() < 0.5
    if param.kind == "choice":
        return dice.choice(param.options)
    if param.kind == "choices":
        most = min(param.longest, len(param.options), 4)
        return tuple(dice.sample(param.options, dice.randint(min(param.shortest, most), most)))
    if param.kind == "numbers":
        count = dice.randint(param.shortest, max(param.shortest, min(param.longest, 4)))
        drawn = sorted({_number(param, dice) for _ in range(count)})
        return _legal(param, tuple(drawn))
    value = _number(param, dice)
    return _legal(param, round(min(value, SMALL.get(param.name, math.inf))) if param.kind == "integer" else value)


def _number(param: Param, dice: random.Random) -> float:
    low, high = param.slider or (max(param.low, -10.0), min(param.high, 300.0))
    if dice.random() < 0.15:
        return dice.choice((low, high))
    if param.log and low > 0:
        return float(f"{math.exp(dice.uniform(math.log(low), math.log(high))):.3g}")
    return float(f"{dice.uniform(low, high):.3g}")


def _legal(param: Param, value: Any) -> Any:
    """The value if it is legal, else the default: a list whose numbers must rise in pairs, an integer below its range."""
    try:
        return param.check(value, "random")
    except ValueError:
        return param.default
