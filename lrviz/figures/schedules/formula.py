"""The formula of a schedule with the numbers of one step put in, in LaTeX."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lessons.schedules import Results
from ...lessons.schedules.slots import Curve
from ...schedules.latex import tex
from ...scheduling import Schedule
from ..plot.traced import Traced
from ..plot.traced import tex as traced_tex


def right_side(entry: Schedule, n: float, values: Mapping[str, Any]) -> str:
    """The right side of the rule with numbers in it: as the entry writes them, or else as the rule works them out."""
    if entry.numbers:
        return entry.numbers(n, values)
    try:
        made = entry.rule(Traced(n), **values)
    except (TypeError, ArithmeticError):  # it is made for arrays, or divides by 0 at this step
        made = None
    return traced_tex(made)[0] if isinstance(made, Traced) else tex(entry(n, **values))


def formula(curve: Curve, step: float) -> list[str]:
    """The rule in letters, and in numbers at a step: LaTeX, a line each."""
    values, n = curve.values, max(step - curve.warmup, 0.0)
    result = tex(curve.entry(n, **values))
    right = right_side(curve.entry, n, values)
    lines = [curve.entry.formula, rf"a_{{{tex(n)}}} = {right}"]
    if r"\varepsilon" in right:
        lines.append(rf"a_{{{tex(n)}}} = {result}")
    elif right != result and r"\text" not in right:
        lines[-1] += f" = {result}"
    if curve.warmup and step < curve.warmup:
        part = rf"\frac{{{tex(step)} + 1}}{{{curve.warmup}}}"
        lines.append(
            rf"\text{{in the warm-up, at step }} {tex(step)}:\quad {result} \cdot {part} = {tex(curve.rate(step))}"
        )
    elif curve.warmup:
        lines.append(rf"\text{{that is step }} {tex(step)}, \text{{ }} {tex(n)} \text{{ steps after the warm-up}}")
    return lines


def formulas(r: Results) -> list[tuple[str, list[str]]]:
    """Every drawn curve with the lines of its formula at the chosen step."""
    return [(curve.name, formula(curve, float(r.step))) for curve in r.curves]
