"""What questions cost, against what was said they would: `python -m benchmarks.costly --random 20`.

Every lesson says beforehand what a figure costs (lrviz/lessons/cost.py). Here the presets, each setting that costs at its
legal end (and all of them together) and random legal settings are computed, drawn and put in words, and their processor
time is held against the estimate. The table has the costliest question of each figure, the one most above its estimate, and how
many questions a page would refuse.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Mapping
from typing import Any

from lrviz.figures import gallery_of
from lrviz.lessons import LESSONS
from lrviz.lessons.cost import LIVE, MOST
from lrviz.lessons.lesson import Lesson
from lrviz.link import query_string
from lrviz.params import Param
from lrviz.ui.stage import drawing

NOTABLE = 0.2  # seconds; less is not worth being right about
COSTLY = {  # settings that cost, at their costliest; what is longest or largest of its kind stands for all
    "trajectories": {"optimizers": ("nadam", "radam", "adam", "amsgrad", "adamax", "adadelta", "adagrad_rms", "adamw"),
                     "steps": 10_000, "rule": "tuned", "noise": 1.0, "resolution": 96, "budget": 10_000, "surface": "himmelblau"},
    "schedules": {"curves": tuple("abcdefgh"), "total": 1_000_000, "plateau.every": 5, "edit": "h"},
    "saddles": {"optimizers": ("nadam", "radam", "adam", "amsgrad", "adamax", "adadelta"), "watched": "adamw", "steps": 2000,
                "noise": 0.1, "basin_grid": 48, "n": 8, "draws": 200_000, "surface": "plateau"},
    "mini_batch": {"m": 100_000, "epochs": 200, "batch_size": 50_000, "data": "logistic_regression", "optimizer": "radam",
                   "axis": "seconds", "replicas": 500, "drawing": "replacement"},
}  # fmt: skip


def legal(param: Param, chance: random.Random) -> Any:
    """A legal value of a setting: often an end of its range or of its slider."""
    if param.kind == "flag":
        return chance.random() < 0.5
    if param.kind == "choice":
        return chance.choice(param.options)
    if param.kind == "choices":
        return tuple(
            chance.sample(param.options, chance.randint(param.shortest, min(param.longest, len(param.options))))
        )
    if param.kind == "numbers" or (param.optional and chance.random() < 0.5):
        return param.default
    low, high = param.slider or (max(param.low, -1e3), min(param.high, 1e3))
    high = min(param.high, 1e15) if chance.random() < 0.2 else high
    value = chance.choice((low, high, low + (high - low) * chance.random() ** 3))
    return int(value) if param.kind == "integer" else value


def questions(lesson: Lesson, many: int) -> Iterator[dict[str, Any]]:
    """Settings of a lesson: presets, costly ones, random ones."""
    yield from (lesson.settings(**preset.settings) for preset in lesson.presets)
    costly = COSTLY.get(lesson.name, {})
    yield from (lesson.settings(**{key: value}) for key, value in costly.items())
    yield from (lesson.settings(**{k: v for k, v in costly.items() if k != key}) for key in costly)
    yield lesson.settings(**costly)
    chance = random.Random(lesson.name)
    open_ = [
        key for key, param in lesson.params.items() if "." not in key and param.kind != "numbers" and key != "keep"
    ]
    for _ in range(many):
        keys = chance.sample(open_, min(len(open_), 6))
        yield lesson.settings(**{key: legal(lesson.params[key], chance) for key in keys})


def measured(lesson: Lesson, name: str, settings: Mapping[str, Any]) -> float:
    """Processor seconds of one figure and its sentence; of the page's first one with what all figures need."""
    picture, begin = gallery_of(lesson.name)[name], time.process_time()
    results = lesson.compute(settings)
    if name != lesson.main:
        begin = time.process_time()
    drawing(lesson, picture, settings, results)
    picture.caption(results)
    return time.process_time() - begin


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--random", type=int, default=20, help="random settings of each lesson")
    parser.add_argument("--lessons", default=",".join(LESSONS), help="which lessons")
    asked = parser.parse_args()
    print(
        "| page | figure | shown | refused | not live | costliest, s | estimate, s | most above its estimate | settings |"
    )
    print("| -- | -- | --: | --: | --: | --: | --: | --: | -- |")
    for lesson in map(LESSONS.get, asked.lessons.split(",")):
        for name in gallery_of(lesson.name):
            found, refused, slow = [], 0, 0
            for settings in questions(lesson, asked.random):
                cost = lesson.cost(settings, name)
                refused, slow = refused + (cost.seconds > MOST), slow + (cost.seconds > LIVE)
                if cost.seconds <= MOST or name == lesson.main:
                    found.append((measured(lesson, name, settings), cost.seconds, settings))
            took, said, which = max(found, key=lambda row: row[0])
            above = max((t / s for t, s, _ in found if t > NOTABLE), default=0.0)
            link = query_string(which, lesson.params)[:90]
            print(
                f"| {lesson.name} | {name} | {len(found)} | {refused} | {slow} | {took:.2f} | {said:.2f} | {above:.1f} | {link} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
