"""How an entry is registered and looked up.

A registry is an ordered mapping from name to entry. The name of the function that defines an entry is its
key, its word in a link and the prefix of its columns in a CSV; the label is for people only.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

from .params import Param


class Named(Protocol):
    """What every entry of a registry has; most have a `label` and `params` (a tuple of `Param`), too."""

    @property
    def name(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)


class UnknownName(KeyError):
    """A name that is not in a registry. (A plain KeyError would print its message in quotation marks.)"""

    def __str__(self) -> str:
        return self.args[0]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """'; did you mean 'adam'?' where some known word is close, one of the same letters first; else the empty string."""
    word = str(word)[:60]
    close = difflib.get_close_matches(word, list(known), n=3)
    shuffled = [k for k in close if sorted(k) == sorted(word)]
    return f"; did you mean {(shuffled or close)[0]!r}?" if close else ""


class Registry(Mapping[str, Entry], Generic[Entry]):
    """Name -> entry, in display order."""

    def __init__(self, kind: str):
        self.kind = kind
        self._entries: dict[str, Entry] = {}

    def add(self, entry: Entry) -> Entry:
        """Register an entry under its name; a name taken already is a ValueError."""
        if entry.name in self._entries:
            raise ValueError(f"{self.kind}: name must be new, got {entry.name!r}")
        self._entries[entry.name] = entry
        return entry

    def remove(self, name: str) -> None:
        """Take an entry out again (a notebook trying variants of its own)."""
        self[name]
        del self._entries[name]

    def __getitem__(self, name: str) -> Entry:
        try:
            return self._entries[name]
        except (KeyError, TypeError):
            raise self._unknown(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def resolve(self, entry: Entry | str) -> Entry:
        """The entry itself, whether given by name or as an entry (registered or not)."""
        if isinstance(entry, str):
            return self[entry]
        if not hasattr(entry, "params"):
            raise self._unknown(entry)
        return entry

    def _unknown(self, name: object) -> UnknownName:
        shown = repr(name)
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
        return UnknownName(f"unknown {self.kind} {shown}{did_you_mean(str(name), self._entries)}")


def complete(who: str, params: tuple[Param, ...], given: Mapping[str, Any], *, scalar: bool = False) -> dict[str, Any]:
    """Every parameter's checked value: those given, and the defaults of the others.

    TypeError names a parameter that does not exist, ValueError one out of its range, or an array where all have to be
    `scalar`.
    """
    names = [p.name for p in params]
    for name in given:
        if name not in names:
            takes = ", ".join(names) if names else "none"
            raise TypeError(f"{who} has no parameter {name!r}; it takes {takes}")
    check = Param.check_scalar if scalar else Param.check
    return {p.name: check(p, given[p.name], who) if p.name in given else p.default for p in params}
