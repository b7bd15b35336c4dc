"""How the formula of a schedule is written with numbers in it: LaTeX for its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]


def tex(value: float) -> str:
    """A number in LaTeX: whole ones in full, others to six significant digits; brackets round negative ones."""
    text = f"{value:.0f}" if value == int(value) and abs(value) < 1e9 else f"{value:.6g}"
    mantissa, e, power = text.partition("e")
    text = rf"{mantissa} \cdot 10^{{{int(power)}}}" if e else mantissa
    return f"({text})" if value < 0 else text


def base(value: float) -> str:
    """A number that a power is taken of: in brackets where it has a power of its own."""
    text = tex(value)
    return f"({text})" if "^" in text and value > 0 else text


def root_of(text: str) -> str:
    """The square root of what is written."""
    return rf"\sqrt{{{text}}}"


def wave(over: float, under: float, turns: str = r"\pi") -> str:
    """From 1 to 0 along half a period of a cosine; more of it where it turns further."""
    return rf"\tfrac{{1}}{{2}}\left(1 + \cos\frac{{{turns} \cdot {tex(over)}}}{{{tex(under)}}}\right)"
