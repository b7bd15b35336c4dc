"""One colour, dash and symbol for each optimizer, the same on every page and in every figure.

They follow from the optimizer's place in the registry, so one that is added later, here or by somebody else, gets its
own without a line in this file. The rules that the lecture notes draw come first: theirs are the notes' colours.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...optimizers import OPTIMIZERS
from .theme import cue

NOTED = ("gd", "momentum", "rmsprop", "adam")  # blue, red, green, purple


def identity(name: str) -> dict[str, str]:
    """Colour, dash and symbol of an optimizer. ValueError for a name that is not registered."""
    return cue([*NOTED, *(other for other in OPTIMIZERS if other not in NOTED)].index(name))


def cues(names: Iterable[str]) -> list[dict[str, str]]:
    """Colour, dash and symbol of each of these optimizers."""
    return [identity(name) for name in names]


def label(name: str) -> str:
    """An optimizer's name for people."""
    return OPTIMIZERS[name].label


def key_entries(names: Iterable[str]) -> list[tuple[str, str, str]]:
    """Entries of a key (theme.key_line) for these optimizers."""
    return [(label(name), identity(name)["colour"], identity(name)["dash"]) for name in names]
