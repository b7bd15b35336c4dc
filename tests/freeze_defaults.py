"""Freeze the defaults of the lessons' settings: `python -m tests.freeze_defaults [lesson ...]`, all lessons if none is named.

A link leaves out whatever is at its default, so a default that changes changes every link that was ever passed on. The
frozen values are in tests/data/defaults.json, as they would stand in a link; test_defaults.py compares. Freeze a lesson
when its page is new or has got new settings; think twice before freezing a default that has changed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lrviz.lessons import LESSONS
from lrviz.lessons.lesson import Lesson
from lrviz.link import to_text

FILE = Path(__file__).parent / "data" / "defaults.json"


def defaults(lesson: Lesson) -> dict[str, str]:
    """Setting -> its default as a link would carry it; the controls of a classroom link are listed by `keep`."""
    return {key: to_text(param, param.default) for key, param in lesson.params.items()}


def frozen() -> dict[str, dict[str, str]]:
    """What was frozen: lesson -> setting -> default."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def freeze(names: list[str]) -> None:
    """Write these lessons' defaults into the file, beside the others'."""
    known = (frozen() if FILE.exists() else {}) | {name: defaults(LESSONS[name]) for name in names}
    ordered = {name: known[name] for name in LESSONS if name in known}
    FILE.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    freeze(sys.argv[1:] or list(LESSONS))
