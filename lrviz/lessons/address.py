"""Where a word leads: a link, a full address of the app or the id of a claim -> a lesson, its settings, a figure.

ewma                                                 a page as it opens
ewma?betas=0.9&corrected=1                           a link
http://localhost:8501/ewma?betas=0.9&embed=true      an address as the browser shows it
E7, O2, O2.2                                         the preset of a claim; its second one
ewma.1                                               the first preset of a page that belongs to no claim
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..link import decode, parse
from ..registry import UnknownName, did_you_mean
from . import LESSONS, claims
from .lesson import Lesson, Preset

EMBEDDING = ("embed", "embed_options")  # how Streamlit frames a page: no setting of ours
_CLAIM = re.compile(r"([A-Za-z]\d+)(?:\.(\d+))?")


class BadLink(ValueError):
    """A link with entries that cannot be honoured; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]):
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Target:
    """A lesson with complete settings; `figure` is empty for its main one, `id` and `title` for a link."""

    lesson: Lesson
    settings: Mapping[str, Any]
    figure: str = ""
    id: str = ""
    title: str = ""

    def styled(self, style: str) -> Target:
        """The same in another figure style."""
        return replace(self, settings={**self.settings, "style": style})


def presets() -> dict[str, Target]:
    """Every preset by its id: E7, and O2, O2.2, ... where several show one claim, in the notes' order; then those without one."""
    found = {}
    for claim, shown in claims.index(LESSONS).items():
        for i, (lesson, preset) in enumerate(shown, 1):
            name = claim if i == 1 else f"{claim}.{i}"
            found[name] = _target(lesson, preset, name)
    for lesson in LESSONS.values():
        for i, preset in enumerate((p for p in lesson.presets if not p.claim), 1):
            name = f"{lesson.name}.{i}"
            found[name] = _target(lesson, preset, name)
    return found


def _target(lesson: Lesson, preset: Preset, name: str) -> Target:
    settings = lesson.settings(**preset.settings)
    return Target(lesson=lesson, settings=settings, figure=preset.figure, id=name, title=preset.title)


def of_claim(claim: str) -> list[Target]:
    """All presets of one claim; KeyError for a claim that none shows."""
    known = presets()
    found = [target for name, target in known.items() if name.partition(".")[0] == claim.upper()]
    if not found:
        raise UnknownName(f"unknown claim {claim!r}{did_you_mean(claim.upper(), known)}")
    return found


def is_claim(text: str) -> bool:
    """Whether the text has the form of a claim's id rather than of a link."""
    return _CLAIM.fullmatch(text) is not None


def resolve(text: str) -> Target:
    """Where a link, an address or a preset's id leads.

    KeyError for a page or preset that there is not; BadLink (a ValueError) for entries a page cannot have.
    """
    if claim := _CLAIM.fullmatch(text):
        return _preset(text, claim[1], int(claim[2] or 1))
    return presets().get(text) or _link(text)


def _preset(text: str, claim: str, i: int) -> Target:
    shown = of_claim(claim)
    if not 1 <= i <= len(shown):
        raise UnknownName(f"unknown preset {text!r}; {claim.upper()} has {len(shown)}")
    return shown[i - 1]


def _link(text: str) -> Target:
    path, _, query = text.partition("#")[0].partition("?")
    page = path.rstrip("/").rpartition("/")[2]
    lesson = LESSONS[page]
    entries = [(key, value) for key, value in parse(query) if key not in EMBEDDING]
    settings, problems = decode(entries, lesson.params)
    if problems:
        raise BadLink(problems)
    return Target(lesson=lesson, settings=settings)
