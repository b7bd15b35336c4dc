"""The sentences about runs on a loss surface: who arrived, who left, who zigzags, circles or is stuck."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...lessons.trajectories import Results
from ...lessons.trajectories.run import Run

ALIKE = 1e-9  # paths that differ by less than this are the same path


def number(value: float) -> str:
    """A number as a sentence carries it: three significant digits, no trailing zeros, a true minus."""
    text = f"{float(value):,.0f}" if 1000 <= abs(value) < 1e6 else f"{float(value):.3g}"
    return text.replace("-", "−")


def listed(words: Iterable[str]) -> str:
    """a; a and b; a, b and c."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def counted(n: int, what: str) -> str:
    """1 step; 7 steps; 10,000 steps."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def place(x: float, y: float) -> str:
    """A point of the plane."""
    return f"({number(x + 0.0)}, {number(y + 0.0)})"


def paths_title(r: Results) -> str:
    """Who is first, in a few words."""
    if not len(r.land.minima):
        leavers = sorted((run.left, run.label) for run in r.runs if run.left >= 0)
        return _first(leavers, "leaves the picture", "leave the picture") if leavers else "Nobody leaves the picture"
    arrivals = sorted((run.arrived, run.label) for run in r.runs if run.arrived >= 0)
    if arrivals:
        return _first(arrivals, "arrives", "arrive")
    if all(run.diverged >= 0 for run in r.runs):
        return (
            "The rate is too large: the path leaves"
            if len(r.runs) == 1
            else "The rates are too large: every path leaves"
        )
    return f"Nobody arrives within {counted(r.steps, 'step')}"


def _first(found: list[tuple[int, str]], does: str, do: str) -> str:
    names = [label for step, label in found if step == found[0][0]]
    alone = len(names) == 1
    order = " first" if len(found) > len(names) else ""
    return f"{listed(names)} {does if alone else do}{order}, after {counted(found[0][0], 'step')}"


def paths_caption(r: Results) -> str:
    """What happened to every run, in numbers."""
    arrivals = _arrivals(r)
    others = [_fate(r, run) for run in sorted(r.runs, key=lambda run: run.diverged) if run.arrived < 0]
    return " ".join(filter(None, [_problem(r), _beginning(r), arrivals, *others, _still(r), *_after(r), _outside(r)]))


def _moves(run: Run) -> bool:
    """Whether it ever leaves its start."""
    return run.diverged >= 0 or bool(np.any(run.path.xy != run.path.xy[0]))


def _still(r: Results) -> str:
    """Who stands still, for want of a rate or, where there is a gradient, because its steps come to nothing."""
    level = r.runs[0].path.grad_norm[0] < 1e-12
    still = [run for run in r.runs if not _moves(run)]
    reasons = {
        "the rate is 0": [run.label for run in still if run.lr == 0],
        "the steps come to 0": [run.label for run in still if run.lr != 0 and not level and run.arrived < 0],
    }
    return " ".join(
        f"{listed(names)} stand{'s' if len(names) == 1 else ''} still: {why}."
        for why, names in reasons.items()
        if names
    )


def _problem(r: Results) -> str:
    return f"The rates stay constant, because the schedule cannot be had: {r.problem}." if r.problem else ""


def _beginning(r: Results) -> str:
    """What is special about the start."""
    start, run = r.setup.start, r.runs[0]
    if not run.land.inside(np.array(start)):
        return f"The start {place(*start)} lies outside the picture."
    if run.path.grad_norm[0] < 1e-12 and not r.setup.noise:
        kinds = [kind for x, y, kind in r.land.surface.points if np.hypot(x - start[0], y - start[1]) < 1e-9]
        where = f"on a {kinds[0]}" if kinds and kinds[0] != "degenerate" else "where the surface is level"
        return f"The start lies {where}: its gradient is 0, and without a gradient nobody moves."
    return ""


def _arrivals(r: Results) -> str:
    arrived = sorted((run for run in r.runs if run.arrived >= 0), key=lambda run: run.arrived)
    if not arrived:
        return ""
    words = [f"{run.label} after {counted(run.arrived, 'step')}{_how(run)}" for run in arrived]
    return f"Within {number(r.settings['tolerance'])} of a minimum: {', '.join(words)}.{_not_the_lowest(arrived)}"


def _how(run: Run) -> str:
    """Zigzags on the way, in brackets."""
    if run.turns <= max(5, 0.3 * run.arrived):
        return ""
    return f" (turning back {counted(run.turns, 'time')} across the steep direction)"


def _not_the_lowest(arrived: list[Run]) -> str:
    """Who ended at which minimum that is not the lowest."""
    found: dict[str, list[str]] = {}
    for run in arrived:
        x, y, value = run.land.minima[run.land.nearest(*run.path.xy[run.arrived])]
        if run.land.excess(value) > 1e-9 * max(1.0, abs(run.land.top)):
            found.setdefault(place(x, y), []).append(run.label)
    if not found:
        return ""
    return f" Not the lowest one: {'; '.join(f'{listed(names)} at {point}' for point, names in found.items())}."


def _fate(r: Results, run: Run) -> str:
    """The sentence on a run that did not arrive."""
    if run.left >= 0 and not len(r.land.minima):
        return f"{run.label} leaves the picture at step {run.left:,}."
    if run.diverged >= 0:
        above = run.limit is not None and run.lr > run.limit
        why = f": its rate {number(run.lr)} is above the stability limit {number(run.limit)}" if above else ""
        return f"{run.label} diverged at step {run.diverged:,}{why}."
    if not _moves(run):
        return ""
    if not len(r.land.minima):
        return f"{run.label} stays in the picture."
    if run.stuck:
        return (
            f"{run.label} is stuck, and not for want of a gradient: over the last quarter its loss changes by less than 1 % "
            f"while its gradient norm stays at {number(run.stuck)}."
        )
    turning = f", having turned back {counted(run.turns, 'time')}" if run.turns > max(5, 0.3 * r.steps) else ""
    if run.circling:
        return f"{run.label} circles a minimum at a distance of {number(run.circling)}."
    return f"{run.label} is still {number(run.away[-1])} away after {counted(r.steps, 'step')}{turning}."


def _after(r: Results) -> list[str]:
    """What else there is to see: circling after arrival, bursts, equal paths, what a switch changed."""
    circling = [run for run in r.runs if run.arrived >= 0 and run.circling]
    words = [f"{run.label} circles on at a distance of {number(run.circling)}" for run in circling]
    said = [f"After that {listed(words)}."] if words else []
    said += [_burst(r, run) for run in r.runs if run.name == "adagrad_rms" and run.calm >= 0]
    said += [
        f"{listed([a.label, b.label])} take the same path."
        for i, a in enumerate(r.runs) for b in r.runs[i + 1 :] if _same(a, b)
    ]  # fmt: skip
    return said + [_switched(run, r.plain[run.name]) for run in r.runs if run.name in r.plain]


def _burst(r: Results, run: Run) -> str:
    """When the root mean square over all steps lets go, and when that is due; nothing where it is not due for long."""
    due = run.due(r.settings["warmup_steps"])
    expected = f"it is due from about step (2C/(αλ))² = {due:,.0f} on"
    if run.burst >= 0:
        return f"The path is calm from step {run.calm} and bursts sideways at step {run.burst}; {expected}."
    if run.path.lr[-1] < 0.999 * run.path.lr.max():
        return f"The path is calm from step {run.calm} and stays so: no burst follows, because the rate falls, too."
    return f"The path is calm from step {run.calm}; {expected}." if due < 2 * r.steps else ""


def _same(a: Run, b: Run) -> bool:
    return a.last > 0 and _moves(a) and bool(np.allclose(a.path.xy, b.path.xy, rtol=0, atol=ALIKE, equal_nan=True))


def _switched(run: Run, plain: Run) -> str:
    """What the changed switches do to the first step and to the arrival; nothing where a first step already diverges."""
    if not run.last or not plain.last:
        return ""
    switched, usual = (float(np.hypot(*np.diff(each.path.xy[:2], axis=0)[0])) for each in (run, plain))
    fates = [f"after {counted(each.arrived, 'step')}" if each.arrived >= 0 else "never" for each in (run, plain)]
    ratio = f"{number(usual / switched)} times as long" if switched > 0 else "longer"
    return (
        f"{run.label}'s first step is {number(switched)} long; with the switch as usual (thin dotted line) it is {ratio}. "
        f"It arrives {fates[0]}, as usual {fates[1]}."
    )


def _outside(r: Results) -> str:
    """Who leaves the picture and has not been said to diverge."""
    if not len(r.land.minima):
        return ""
    away = [run for run in r.runs if run.left >= 0 and run.diverged < 0]
    if not away:
        return ""
    words = [f"{run.label} at step {run.left:,}" for run in away]
    return (
        f"The path is drawn to the edge of the picture where {listed(words)} leave{'s' if len(words) == 1 else ''} it."
    )
