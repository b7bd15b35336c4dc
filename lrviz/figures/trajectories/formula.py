r"""The update rule with the numbers of one step put in.

A rule is called once more, with numbers that remember how they came about. Each operation on such a number gives
another one that knows its parts, so that from the rule itself, whichever it is, its equation can be written down with
numbers in it: v <- 0.9 * 0 + 0.1 * (-4) = -0.4. What a rule hands back as a slot has an equation of its own, and stands
in the step as its value.
"""

from __future__ import annotations

from collections.abc import Collection

from ...lessons.trajectories.run import Run
from ..plot.traced import Traced, tex, tex_number, traced


def symbol(slot: str, axis: str) -> str:
    """A slot's name in LaTeX, with its coordinate: v_x, v_{max, x}."""
    name, _, rest = slot.partition("_")
    return f"{name}_{{{rest + ', ' if rest else ''}{axis}}}"


def equations(run: Run, k: int, i: int, gradient: float) -> list[str]:
    """The step from position k along coordinate i (0 is x, 1 is y), in LaTeX: each slot's equation, then the weight's.

    gradient is the one that the rule saw, noise included. ArithmeticError where the rule divides by 0.
    """
    path, axis = run.path, "xy"[i]
    slots = {name: Traced(kept[k, i]) for name, kept in path.slots.items()}
    position = Traced(path.xy[k, i])
    step, after = run.entry.rule(position, Traced(gradient), slots, k + 1, lr=float(path.lr[k]), **run.given)
    lines, known = [], []
    for name, new in after.items():
        lines.append(rf"{symbol(name, axis)} &\leftarrow {becomes(traced(new), known)}")
        known.append(traced(new))
    return [*lines, rf"{axis} &\leftarrow {becomes(position + step, known)}"]


def becomes(node: Traced, known: Collection[Traced]) -> str:
    """How a number came about, and what it is; only the latter if there is nothing to tell."""
    made, value = tex(node, known)[0], tex_number(node.value)
    return value if made == value else f"{made} = {value}"


def aligned(lines: list[str]) -> str:
    """Equations one below the other."""
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"
