"""Parameters of registry entries as settings of a page, and back.

A parameter of an entry has the key "entry.parameter" in a page's settings and links, such as "adam.beta1". Where a page
has several of a kind, a word comes before it: "b.polynomial_decay.power" is the power of curve B, "saddle.adam.lr" the
rate of Adam on the saddle. A page may give a parameter another default or range, or leave it out; then the entry's own
default holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from ..params import Param

Changes = Mapping[str, Any] | None  # fields of a Param that are different on the page; None leaves the parameter out


def key_of(*words: str) -> str:
    """The key of a setting: key_of("saddle", "adam", "lr") is "saddle.adam.lr"."""
    return ".".join(words)


def as_settings(
    prefix: str, params: Iterable[Param], change: Callable[[Param], Changes] = lambda param: {}
) -> list[Param]:
    """The parameters as settings of a page, under keys that start with the prefix."""
    return [
        param.with_default(**{"default": param.default, "name": key_of(prefix, param.name)} | dict(changes))
        for param in params
        if (changes := change(param)) is not None
    ]


def entries_as_settings(
    entries: Iterable[Any], change: Callable[[Any, Param], Changes] = lambda entry, param: {}, under: str = ""
) -> list[Param]:
    """The parameters of all these entries as settings of a page, each entry's under its name."""
    return [
        param
        for entry in entries
        for param in as_settings(
            key_of(under, entry.name) if under else entry.name, entry.params, partial(change, entry)
        )
    ]


def values_of(settings: Mapping[str, Any], prefix: str, params: Iterable[Param]) -> dict[str, Any]:
    """Parameter -> its value on the page, for those that the page has."""
    keys = {param.name: key_of(prefix, param.name) for param in params}
    return {name: settings[key] for name, key in keys.items() if key in settings}


def keys_under(settings: Iterable[str], prefix: str) -> list[str]:
    """The keys of one entry's parameters, in order: those of one word more than the prefix."""
    start = key_of(prefix, "")
    return [key for key in settings if key.startswith(start) and "." not in key[len(start) :]]
