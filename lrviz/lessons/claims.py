"""The claims of the lecture notes, in the notes' order, each with the presets that show it."""

from __future__ import annotations

from collections.abc import Mapping

from ..link import query_string
from .lesson import Lesson, Preset

TOPICS = {
    "B": "Mini-batches",
    "E": "Averages",
    "O": "Optimizers",
    "A": "Adaptive rates",
    "D": "Learning-rate decay",
    "S": "Schedules",
    "P": "Saddles and plateaus",
}
IDS = tuple(
    f"{letter}{i}"
    for letter, numbers in (
        ("B", range(1, 9)), ("E", range(1, 9)), ("O", (1, 2, 3, 4, 5, 6, 8)), ("A", range(1, 6)), ("D", range(1, 4)),
        ("S", range(1, 9)), ("P", range(1, 4)),
    )
    for i in numbers
)  # fmt: skip


def index(lessons: Mapping[str, Lesson]) -> dict[str, list[tuple[Lesson, Preset]]]:
    """For every id the presets that show its claim, with their lessons. O7 does not exist: there was never one."""
    shown: dict[str, list[tuple[Lesson, Preset]]] = {claim: [] for claim in IDS}
    for lesson in lessons.values():
        for preset in lesson.presets:
            if preset.claim:
                shown[preset.claim].append((lesson, preset))
    return shown


def link(lesson: Lesson, preset: Preset) -> str:
    """The address of a preset, relative to the app's."""
    query = query_string(lesson.settings(**preset.settings), lesson.params)
    return f"{lesson.name}?{query}" if query else lesson.name
