"""Numbers that remember how they came about, so that an equation can be written with numbers in it.

Each operation on such a number, and each of NumPy's functions of it, gives another one that knows its parts. From a rule
that is called with them, whichever it is, its equation can be written down: 0.9 * 0 + 0.1 * (-4).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

SUM, PRODUCT, ATOM = range(3)  # how tightly what is written binds
OPERATORS = {
    np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul, np.true_divide: operator.truediv,
    np.negative: operator.neg, np.power: operator.pow, np.absolute: abs,
}  # fmt: skip
FUNCTIONS = {
    "sqrt": r"\sqrt{%s}", "absolute": r"\left|%s\right|", "maximum": r"\max\left(%s\right)", "minimum": r"\min\left(%s\right)",
    "floor": r"\lfloor %s \rfloor", "ceil": r"\lceil %s \rceil",
    **{name: rf"\{name}\left(%s\right)" for name in ("sin", "cos", "tan", "exp", "log", "sinh", "cosh", "tanh")},
}  # fmt: skip


def tex_number(value: float) -> str:
    """A number in LaTeX: whole ones in full, others to four significant digits, powers of ten written out."""
    if not math.isfinite(value):
        return r"\text{NaN}" if math.isnan(value) else r"\infty" if value > 0 else r"-\infty"
    if value == round(value) and abs(value) < 1e6:
        return f"{value + 0.0:.0f}"
    digits, _, exponent = f"{value:.4g}".partition("e")
    return f"{digits} \\cdot 10^{{{int(exponent)}}}" if exponent else digits


class Traced:
    """A number and how it came about: an operator or the name of a function, and what it was applied to; none if given."""

    def __init__(self, value: float, sign: str = "", *parts: Traced):
        self.value, self.sign, self.parts = float(value), sign, parts

    def __add__(self, other: Any) -> Traced:
        return Traced(self.value + value_of(other), "+", self, traced(other))

    def __radd__(self, other: Any) -> Traced:
        return traced(other) + self

    def __sub__(self, other: Any) -> Traced:
        return Traced(self.value - value_of(other), "-", self, traced(other))

    def __rsub__(self, other: Any) -> Traced:
        return traced(other) - self

    def __mul__(self, other: Any) -> Traced:
        return Traced(self.value * value_of(other), "*", self, traced(other))

    def __rmul__(self, other: Any) -> Traced:
        return traced(other) * self

    def __truediv__(self, other: Any) -> Traced:
        return Traced(self.value / value_of(other), "/", self, traced(other))

    def __rtruediv__(self, other: Any) -> Traced:
        return traced(other) / self

    def __neg__(self) -> Traced:
        return -1.0 * self

    def __abs__(self) -> Traced:
        return Traced(abs(self.value), "absolute", self)

    def __pow__(self, other: Any) -> Traced:
        return Traced(evaluated(np.power, self, other), "^", self, traced(other))

    def __rpow__(self, other: Any) -> Traced:
        return traced(other) ** self

    def __array_ufunc__(self, function: np.ufunc, method: str, *given: Any, **_: Any) -> Traced:
        """What NumPy's functions (sqrt, sign, maximum, ...) make of traced numbers; FloatingPointError where they cannot."""
        if function in OPERATORS:
            return OPERATORS[function](*map(traced, given))
        return Traced(evaluated(function, *given), function.__name__, *map(traced, given))

    def __array_function__(self, function: Callable, types: Any, given: tuple, more: Mapping[str, Any]) -> Any:
        """The few of NumPy's other functions that have a meaning here; TypeError for the rest."""
        return REPLACED[function](*given, **more) if function in REPLACED else NotImplemented

    def __eq__(self, other: Any) -> bool:
        return self.value == value_of(other)

    def __lt__(self, other: Any) -> bool:
        return self.value < value_of(other)

    def __le__(self, other: Any) -> bool:
        return self.value <= value_of(other)

    def __gt__(self, other: Any) -> bool:
        return self.value > value_of(other)

    def __ge__(self, other: Any) -> bool:
        return self.value >= value_of(other)

    __hash__ = object.__hash__


def where(condition: Any, this: Any, other: Any) -> Any:
    """np.where for single numbers."""
    return this if condition else other


def clip(value: Any, low: Any, high: Any) -> Any:
    """np.clip, as the two functions it is made of."""
    return np.minimum(np.maximum(value, low), high)


REPLACED: dict[Callable, Callable] = {np.where: where, np.clip: clip}


def traced(value: Any) -> Traced:
    """A plain number as one that was given; a traced one as it is."""
    return value if isinstance(value, Traced) else Traced(value)


def value_of(value: Any) -> float:
    """The plain number."""
    return value.value if isinstance(value, Traced) else float(value)


def evaluated(function: np.ufunc, *given: Any) -> float:
    """A function of plain numbers."""
    with np.errstate(all="raise", under="ignore"):
        return float(function(*map(value_of, given)))


def tex(node: Traced, known: Collection[Traced] = ()) -> tuple[str, int]:
    """How a number came about, in LaTeX, and how tightly that binds; those in `known` are not taken apart."""
    if not node.parts or any(node is other for other in known):
        text = tex_number(node.value)
        return text, PRODUCT if "cdot" in text else ATOM
    written = {"+": total, "-": total, "*": product, "/": fraction, "^": power}.get(node.sign, call)
    return written(node, known)


def call(node: Traced, known: Collection[Traced]) -> tuple[str, int]:
    """A function of numbers."""
    inside = ", ".join(tex(part, known)[0] for part in node.parts)
    return FUNCTIONS.get(node.sign, rf"\operatorname{{{node.sign}}}\left(%s\right)") % inside, ATOM


def total(node: Traced, known: Collection[Traced]) -> tuple[str, int]:
    """A sum or a difference; a plus in front of a minus is left out."""
    left = tex(node.parts[0], known)[0]
    right, binds = tex(node.parts[1], known)
    if node.sign == "+" and right.startswith("-"):
        return f"{left} - {right[1:]}", SUM
    return f"{left} {node.sign} {bracketed(right, binds >= SUM + (node.sign == '-'))}", SUM


def product(node: Traced, known: Collection[Traced]) -> tuple[str, int]:
    """A product; a factor that occurs twice in a row is written as a square."""
    left, right = node.parts
    text, binds = tex(right, known)
    if left is right:
        return f"{bracketed(text, binds == ATOM)}^2", PRODUCT
    if left.sign == "*" and left.parts[1] is right and not any(left is other for other in known):
        left, text, binds = left.parts[0], f"{bracketed(text, binds == ATOM)}^2", ATOM
    first, own = tex(left, known)
    first = first if own >= PRODUCT else bracketed(first, False)
    return rf"{first} \cdot {bracketed(text, binds >= PRODUCT)}", PRODUCT


def fraction(node: Traced, known: Collection[Traced]) -> tuple[str, int]:
    """A quotient, with a leading minus in front of it."""
    (top, binds), (bottom, _) = (tex(part, known) for part in node.parts)
    minus = "-" if top.startswith("-") and binds >= PRODUCT else ""
    return rf"{minus}\frac{{{top.removeprefix(minus)}}}{{{bottom}}}", PRODUCT


def power(node: Traced, known: Collection[Traced]) -> tuple[str, int]:
    """A power."""
    (base, binds), (exponent, _) = (tex(part, known) for part in node.parts)
    return f"{bracketed(base, binds == ATOM)}^{{{exponent}}}", PRODUCT


def bracketed(text: str, bare: bool) -> str:
    """In brackets, unless it may stand bare and does not begin with a minus."""
    return text if bare and not text.startswith("-") else rf"\left({text}\right)"
