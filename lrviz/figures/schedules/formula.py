"""The formula of a schedule with the numbers of one step put in, in LaTeX."""

from __future__ import annotations

from ...lessons.schedules import Results
from ...lessons.schedules.slots import Curve
from ...schedules.latex import tex


def formula(curve: Curve, step: float) -> list[str]:
    """The rule in letters, and in numbers at a step: LaTeX, a line each."""
    values, n = curve.values, max(step - curve.warmup, 0.0)
    result = tex(curve.entry(n, **values))
    body = curve.entry.numbers(n, values) if curve.entry.numbers else result
    lines = [curve.entry.formula, rf"a_{{{tex(n)}}} = {body}"]
    if r"\varepsilon" in body:
        lines.append(rf"a_{{{tex(n)}}} = {result}")
    elif body != result and r"\text" not in body:
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
