"""Numbers, counts and lists in words: the one place that turns results into what a sentence, title or label says.

Every number on a page is formatted here, so that it reads the same everywhere: a true minus sign, thousands set apart,
powers of ten written as 10⁻⁶, no "-0", no trailing zeros, singular and plural as English has them. A value that is not
finite has no place in a sentence: the functions raise ValueError, and the caller says in words what happened.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

MINUS = "−"
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_WRITTEN_OUT = (1e-4, 1e7)  # outside of this a number is written with a power of ten


def number(value: float, digits: int = 3) -> str:
    """A number to so many significant digits: 0.349, −12.5, 1,235, 2 × 10⁻⁶.

    Whole digits are never rounded away below ten million: 1234.5 is 1,234, not 1,230. ValueError if not finite.
    """
    value = _finite(value)
    if value == 0:
        return "0"
    exponent = int(f"{abs(value):.{digits - 1}e}".split("e")[1])
    if not _WRITTEN_OUT[0] <= abs(float(f"{value:.{digits - 1}e}")) or round(abs(value)) >= _WRITTEN_OUT[1]:
        mantissa = _trimmed(f"{value:.{digits - 1}e}".split("e")[0])
        ten = power(10, exponent)
        return _signed({"1": ten, "-1": "-" + ten}.get(mantissa, f"{mantissa} × {ten}"))
    return _signed(_trimmed(f"{value:,.{max(digits - 1 - exponent, 0)}f}"))


def fixed(value: float, decimals: int) -> str:
    """A number to so many decimals, for columns and readings: 4.40, −0.5, 1,234.0; never −0.00. ValueError if not finite."""
    text = f"{_finite(value):,.{decimals}f}"
    return _signed(text.lstrip("-") if float(text.replace(",", "")) == 0 else text)


def whole(value: float) -> str:
    """The nearest whole number, its thousands apart: 1,000,000."""
    return fixed(value, 0)


def counted(value: float, one: str, many: str = "") -> str:
    """A count with its noun: 1 step, 0 steps, 10,000 steps, 1.25 epochs, 2 batches (`many` where it is not `one` and an s)."""
    text = whole(value) if float(value).is_integer() else number(value)
    return f"{text} {one if text == '1' else many or one + 's'}"


def noun(value: float, one: str, many: str = "") -> str:
    """The noun alone, as it goes with this many: step, steps."""
    return one if value == 1 else many or one + "s"


def verb(subjects: int, one: str, many: str) -> str:
    """The form of a verb that goes with so many subjects: arrives, arrive."""
    return one if subjects == 1 else many


def listed(words: Iterable[str], last: str = "and") -> str:
    """a; a and b; a, b and c. ValueError for no words at all."""
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final


def percent(share: float, digits: int = 2) -> str:
    """A share in percent: 33 %, 0.4 %; 0 % and 100 % are said of exactly 0 and 1 alone: else under 0.01 %, over 99.9 %."""
    share = _finite(share)
    if 0 < share < 5e-5:
        return "under 0.01 %"
    text = number(100 * share, digits)
    if share < 1 and float(text.replace(",", "").replace(MINUS, "-")) >= 100:
        return "over 99.9 %" if share > 0.999 else f"{fixed(100 * share, 1)} %"
    return f"{text} %"


def times_as(ratio: float, what: str) -> str:
    """A ratio in words: 3.2 times as long, 0.4 times as long; just as long where it rounds to 1."""
    text = number(ratio)
    return f"just as {what}" if text == "1" else f"{text} times as {what}"


def between(low: float, high: float, unit: str = "") -> str:
    """A range: 4.15 to 4.2 °C, or the one number where both read the same."""
    ends = dict.fromkeys((number(low), number(high)))
    return with_unit(" to ".join(ends), unit)


def apart(first: float, second: float) -> tuple[str, str]:
    """Two numbers with as many digits as tell them apart: 0.11 and 0.1; 0.1000001 and 0.1."""
    for digits in range(3, 18):
        said = number(first, digits), number(second, digits)
        if said[0] != said[1]:
            return said
    return number(first), number(second)


def with_unit(text: str, unit: str) -> str:
    """A number with its unit after it, if it has one: 5.75 °C, 5.75."""
    return f"{text} {unit}" if unit else text


def point(x: float, y: float) -> str:
    """A point of the plane: (1, −2)."""
    return f"({number(x)}, {number(y)})"


def power(base: int, exponent: int) -> str:
    """A power as it is written: 2¹⁰."""
    return f"{base}{str(exponent).translate(_SUPERSCRIPTS)}"


def duration(seconds: float) -> str:
    """Seconds in a unit that suits them: 31 µs, 4.2 ms, 1.3 s."""
    for size, unit in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= size:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds * 1e6)} µs"


def paragraph(*sentences: str) -> str:
    """Sentences one after the other; those that are empty are left out."""
    return " ".join(filter(None, sentences))


def _finite(value: float) -> float:
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"text: value must be finite, got {value}")
    return value


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(text: str) -> str:
    return text.replace("-", MINUS)
