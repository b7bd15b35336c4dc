"""One step of every optimizer in words and numbers: its equation, and a table."""

from __future__ import annotations

from ...lessons.trajectories import Results
from ...lessons.trajectories.run import Run
from ..plot.text import number
from .formula import aligned, equations
from .section_words import coordinates, step_diverged, step_title, step_undefined

__all__ = ["step_formula", "step_table", "step_title"]


def step_formula(r: Results, run: Run) -> str:
    """The step's equations along x and y, in LaTeX; a sentence in \\text where there is no such step."""
    k = r.update
    if run.diverged >= 0 and k > run.last:
        return rf"\text{{{step_diverged(run)}}}"
    try:
        lines = [line for i, g in enumerate(r.gradient(run, k)) for line in equations(run, k, i, g)]
    except ArithmeticError:
        return rf"\text{{{step_undefined()}}}"
    return aligned(lines)


def step_table(r: Results) -> list[dict[str, str]]:
    """The step of every optimizer as words: rate, gradient, slots, step, positions before and after."""
    k, rows = r.update, []
    for run in r.runs:
        diverged = run.diverged >= 0 and k > run.last
        row = {
            "optimizer": run.label,
            "position": "–",
            "gradient": "–",
            "rate": number(run.path.lr[k]),
            "slots after": "–",
            "step": "–",
            "new position": "–",
        }
        if not diverged:
            before, after = run.path.xy[k], run.path.xy[k + 1]
            slots = [f"{name.replace('_', ' ')} = {coordinates(*kept[k + 1])}" for name, kept in run.path.slots.items()]
            row |= {"position": coordinates(*before), "gradient": coordinates(*r.gradient(run, k)), "slots after": ", ".join(slots) or "none",
                    "step": coordinates(*(after - before)), "new position": coordinates(*after)}  # fmt: skip
        rows.append(row)
    return rows
