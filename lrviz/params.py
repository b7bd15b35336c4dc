"""What a parameter is.

A `Param` is the single description of one setting: its default, its legal range, the range a slider
offers, its symbol and its help text. Optimizers, surfaces, schedules, signals and lessons all declare
their settings as `Param`s; the controls on a page, the words in a link, the checks at the border and the
contract tests are derived from them.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Any

import numpy as np

KINDS = ("number", "integer", "flag", "choice", "choices", "numbers")
LONGEST_LIST = 64
MOST_WORDS = 20  # of a list of options that are written out


@dataclass(frozen=True, kw_only=True)
class Param:
    """One setting. `kind` says what its values are:

    number    a float (or, in a batch, an array of floats) in the legal range
    integer   an int (or an array of ints) in the legal range
    flag      True or False
    choice    one word of `options`
    choices   a tuple of different words of `options`
    numbers   a tuple of at most `longest` floats, each in the legal range

    The legal range runs from `low` to `high`; `open_low` and `open_high` leave out the end itself.
    `slider` is the range a control offers (inside the legal range), over decades when `log` is set.
    An `optional` parameter may also be None: not set. It then amounts to the parameter beside it that `fallback` names, if any.
    A control draws a `wide` choice with all its words side by side, and offers `ratio` times the last number of a list as the next.
    """

    name: str
    default: Any
    kind: str = "number"
    label: str = ""
    symbol: str = ""
    help: str = ""
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    slider: tuple[float, float] | None = None
    step: float | None = None
    log: bool = False
    options: tuple[str, ...] = ()
    shortest: int = 0
    longest: int = LONGEST_LIST
    optional: bool = False
    fallback: str = ""
    wide: bool = False
    ratio: float | None = None

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"{self.name}: kind must be one of {', '.join(KINDS)}, got {self.kind!r}")
        if not self.label:
            object.__setattr__(self, "label", self.name.replace("_", " "))
        object.__setattr__(self, "default", self.check(self.default, "default"))

    def with_default(self, default: Any, **changes: Any) -> Param:
        """The same parameter with another default (and other fields, if given)."""
        return replace(self, default=default, **changes)

    @property
    def rule(self) -> str:
        """The legal values in words: "in [0, 1)", "a whole number >= 1", "one of C, F"."""
        if self.kind == "flag":
            return "true or false"
        if self.kind == "choice":
            return "one of " + self._words()
        if self.kind == "choices":
            return self._count("different words of " + self._words())
        if self.kind == "numbers":
            return self._count("numbers " + self._interval())
        return ("a whole number " if self.kind == "integer" else "") + self._interval()

    def _words(self) -> str:
        """The options, or the first of very many."""
        few = self.options[:MOST_WORDS]
        more = len(self.options) - len(few)
        return ", ".join(few) + (f" and {more} more" if more else "")

    def _count(self, what: str) -> str:
        return f"{self.shortest} to {self.longest} {what}"

    def _interval(self) -> str:
        if self.low == -math.inf and self.high == math.inf:
            return "finite"
        if self.high == math.inf:
            return f"{'>' if self.open_low else '>='} {self.low:g}"
        if self.low == -math.inf:
            return f"{'<' if self.open_high else '<='} {self.high:g}"
        return f"in {'(' if self.open_low else '['}{self.low:g}, {self.high:g}{')' if self.open_high else ']'}"

    def check(self, value: Any, who: str) -> Any:
        """The value in canonical form, or ValueError "who: name must be rule, got value".

        Numbers and integers may be arrays (a batch); every element is checked. NaN fails every range check.
        """
        if self.optional and value is None:
            return None
        try:
            return getattr(self, f"_as_{self.kind}")(value)
        except (TypeError, ValueError, OverflowError):
            shown = " ".join(repr(self._culprit(value)).split())
            shown = shown if len(shown) <= 60 else shown[:57] + "..."
            rule = f"None or {self.rule}" if self.optional else self.rule
            raise ValueError(f"{who}: {self.name} must be {rule}, got {shown}") from None

    def check_scalar(self, value: Any, who: str) -> Any:
        """The value in canonical form, for a setting that cannot be a batch: ValueError for an array, and as `check`."""
        value = self.check(value, who)
        if isinstance(value, np.ndarray) and value.ndim:
            raise ValueError(f"{who}: {self.name} must be a single number, got an array of shape {value.shape}")
        return value.item() if isinstance(value, np.ndarray) else value

    def _culprit(self, value: Any) -> Any:
        """The first number of an array that is not in the legal range; any other value as it is."""
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf" or not value.ndim:
            return value
        outside = value[~self._within(value)]
        return outside[0].item() if outside.size else value

    def _within(self, values: Any) -> Any:
        above = values > self.low if self.open_low else values >= self.low
        below = values < self.high if self.open_high else values <= self.high
        return above & below & np.isfinite(values)

    def _inside(self, values: Any) -> bool:
        return bool(np.all(self._within(values)))

    def _as_number(self, value: Any) -> Any:
        if isinstance(value, (bool, np.bool_, str, bytes)):
            raise TypeError
        if isinstance(value, Real):
            value = float(value)
        else:
            value = np.asarray(value)
            if value.dtype.kind not in "iuf":
                raise TypeError
            value = value.astype(float)
        if not self._inside(value):
            raise ValueError
        return value

    def _as_integer(self, value: Any) -> Any:
        if isinstance(value, (bool, np.bool_, str, bytes)):
            raise TypeError
        if isinstance(value, (Integral, float, np.floating)):
            if value != int(value):
                raise ValueError
            value = int(value)
        else:
            value = np.asarray(value)
            if value.dtype.kind not in "iu":
                raise TypeError
        if not self._inside(value):
            raise ValueError
        return value

    def _as_flag(self, value: Any) -> bool:
        if not isinstance(value, (bool, np.bool_)):
            raise TypeError
        return bool(value)

    def _as_choice(self, value: Any) -> str:
        if value not in self.options:
            raise ValueError
        return value

    def _as_choices(self, value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            raise TypeError
        words = tuple(value)
        if len(set(words)) != len(words) or not set(words) <= set(self.options):
            raise ValueError
        return self._sized(words)

    def _as_numbers(self, value: Any) -> tuple[float, ...]:
        return self._sized(tuple(float(self._as_number(v)) for v in value))

    def _sized(self, items: tuple) -> tuple:
        if not self.shortest <= len(items) <= self.longest:
            raise ValueError
        return items


def number(name: str, default: float | None, **fields: Any) -> Param:
    """A float."""
    return Param(name=name, default=default, **fields)


def integer(name: str, default: int, **fields: Any) -> Param:
    """A whole number."""
    return Param(name=name, default=default, kind="integer", **fields)


def flag(name: str, default: bool, **fields: Any) -> Param:
    """A switch."""
    return Param(name=name, default=default, kind="flag", **fields)


def choice(name: str, default: str, options: tuple[str, ...], **fields: Any) -> Param:
    """One word out of several."""
    return Param(name=name, default=default, kind="choice", options=tuple(options), **fields)


def choices(name: str, default: tuple[str, ...], options: tuple[str, ...], **fields: Any) -> Param:
    """Several different words, in an order that matters."""
    return Param(name=name, default=default, kind="choices", options=tuple(options), **fields)


def numbers(name: str, default: tuple[float, ...], **fields: Any) -> Param:
    """A list of numbers."""
    return Param(name=name, default=default, kind="numbers", **fields)


def greek(name: str) -> str:
    """The letter that a name spells, with its number as an index: "beta1" is "β₁"; the empty string for other names."""
    word = name.rstrip("0123456789")
    try:
        letter = unicodedata.lookup(f"GREEK SMALL LETTER {word}")
    except KeyError:
        return ""
    return letter + name[len(word) :].translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def decay(name: str, default: float, **fields: Any) -> Param:
    """A decay rate of an exponentially weighted average: in [0, 1)."""
    words = {
        "help": "The share of a running average that is kept from one step to the next.",
        "symbol": greek(name) or name,
    }
    fields = words | {"low": 0.0, "high": 1.0, "open_high": True, "slider": (0.0, 0.999), "step": 0.001} | fields
    return number(name, default, **fields)
