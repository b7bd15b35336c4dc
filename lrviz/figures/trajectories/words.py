"""What the main figure of the trajectories page says: who arrived, who left, who zigzags, circles or is stuck.

The facts and their definitions are the lesson's; here they become whole sentences. `section_words.py`
speaks for the other figures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...lessons.trajectories import Results
from ...lessons.trajectories.burst import Burst
from ...lessons.trajectories.cost import TUNED
from ...lessons.trajectories.maps import SEEDS
from ...lessons.trajectories.run import Run
from ...params import Param
from ..plot.text import apart, counted, listed, number, paragraph, point, times_as, verb, whole

SAME_PATH = 1e-9  # paths that differ by less than this share of their way are the same path
OFTEN = 5, 0.3  # turning back is told if it happens more often than this, and in more than this share of the steps
LEVEL = 1e-12  # a first gradient below this is told


def paths_title(r: Results) -> str:
    """Who is first, in a few words."""
    if not len(r.land.minima):
        return _who_leaves(r)
    arrivals = [(run.arrived, run.label) for run in r.runs if run.arrived >= 0]
    if arrivals and arrivals[0][0] == 0:
        return f"The start is within {number(r.settings['tolerance'])} of a minimum"
    if arrivals:
        return _first(r, arrivals, "arrives", "arrive", _with_this_seed(r))
    if all(run.diverged >= 0 for run in r.runs):
        return f"The path diverges at step {whole(r.runs[0].diverged)}" if len(r.runs) == 1 else "Every path diverges"
    within = f"within {counted(r.steps, 'step')}"
    return f"{r.runs[0].label} does not arrive {within}" if len(r.runs) == 1 else f"No optimizer arrives {within}"


def _who_leaves(r: Results) -> str:
    if not r.land.inside(np.array(r.setup.start)):
        return "The start lies outside the picture"
    leavers = [(run.left, run.label) for run in r.runs if run.left >= 0]
    if leavers:
        return _first(r, leavers, "leaves the picture", "leave the picture", "")
    return f"No path leaves the picture within {counted(r.steps, 'step')}"


def _first(r: Results, found: Sequence[tuple[int, str]], does: str, do: str, seed: str) -> str:
    least = min(step for step, _ in found)
    names = [label for step, label in found if step == least]
    what, when = f"{listed(names)} {verb(len(names), does, do)}", f"after {counted(least, 'step')}"
    if len(found) > len(names):
        return f"{what} first{seed}, {when}"
    return f"Only {what}{seed}, {when}" if len(names) < len(r.runs) else f"{what} {when}"


def _with_this_seed(r: Results) -> str:
    """Nothing where the noise cannot change who is first."""
    sure = r.firsts is not None and max(r.firsts.values()) == SEEDS
    return " with this seed" if r.setup.noise and not sure else ""


def paths_alt(r: Results) -> str:
    """The figure for somebody who cannot see it."""
    return (
        f"Contour map of {r.land.surface.label} with the {verb(len(r.runs), 'path', 'paths')} of {counted(len(r.runs), 'optimizer')} from "
        f"{point(*r.setup.start)}, and loss, gradient norm and effective rates over {counted(r.steps, 'step')}"
    )


def paths_caption(r: Results) -> str:
    """What happened to every run, in numbers."""
    fates = [_fate(r, run) for run in sorted(r.runs, key=lambda run: run.diverged) if run.arrived < 0]
    return paragraph(_problem(r), _untuned(r), _beginning(r), _arrivals(r), _order(r), *fates, _still(r), _later(r), *_bursts(r), *_same_paths(r), *_switches(r), _outside(r))  # fmt: skip


def _problem(r: Results) -> str:
    return (
        f"The rates stay constant, since these settings of the schedule do not fit: {r.problem}." if r.problem else ""
    )


def _untuned(r: Results) -> str:
    """Why the rates are not the best ones."""
    if not r.untuned:
        return ""
    most = TUNED // len(r.runs)
    return f"Each keeps its own rate: for {counted(len(r.runs), 'optimizer')} the best ones are searched for over {counted(most, 'step')} at most."


def _beginning(r: Results) -> str:
    """What is special about the start."""
    start, gradient = r.setup.start, float(r.runs[0].path.grad_norm[0])
    if not r.land.inside(np.array(start)):
        return f"The start {point(*start)} lies outside the picture."
    if gradient >= LEVEL or r.setup.noise:
        return ""
    kinds = [kind for x, y, kind in r.land.surface.points if np.hypot(x - start[0], y - start[1]) < 1e-9]
    where = f"at a {kinds[0]}" if kinds and kinds[0] != "degenerate" else "where the surface is level"
    return f"The start lies {where}; the gradient there is {'only ' if gradient else ''}{number(gradient)}."


def _arrivals(r: Results) -> str:
    arrived = sorted((run for run in r.runs if run.arrived >= 0), key=lambda run: run.arrived)
    if not arrived:
        return ""
    within = number(r.settings["tolerance"])
    if arrived[0].arrived == 0:
        return f"The start is within {within} of a minimum."
    words = [f"{run.label} after {counted(run.arrived, 'step')}{_turning(run, run.arrived)}" for run in arrived]
    return paragraph(f"Within {within} of a minimum: {', '.join(words)}.", _not_the_lowest(arrived))


def _turning(run: Run, steps: int) -> str:
    """Zigzags on the way, in brackets."""
    if run.turns <= max(OFTEN[0], OFTEN[1] * steps):
        return ""
    return f" (turning back {counted(run.turns, 'time')} in the steep direction)"


def _not_the_lowest(arrived: list[Run]) -> str:
    """Who came to which minimum that is not the lowest."""
    found: dict[str, list[str]] = {}
    for run in arrived:
        x, y, value = run.land.minima[run.land.nearest(*run.path.xy[run.arrived])]
        if run.land.excess(value) > 1e-9 * max(1.0, abs(run.land.top)):
            found.setdefault(point(x, y), []).append(run.label)
    if not found:
        return ""
    return f"Not the lowest minimum: {'; '.join(f'{listed(names)} at {where}' for where, names in found.items())}."


def _order(r: Results) -> str:
    """With how many seeds each was first, where the noise decides it."""
    if r.firsts is None or max(r.firsts.values()) in (0, SEEDS):
        return ""
    labels = {run.name: run.label for run in r.runs}
    most = sorted(((count, name) for name, count in r.firsts.items() if count), key=lambda pair: -pair[0])
    counts = [f"{labels[name]} {counted(count, 'time')}" for count, name in most]
    none = f"; with {whole(r.seeds_without)} no run arrives" if r.seeds_without else ""
    return f"Over {SEEDS} seeds, ties included, the first to arrive is {listed(counts)}{none}."


def _fate(r: Results, run: Run) -> str:
    """The sentence on a run that did not arrive."""
    if not len(r.land.minima) and 0 <= run.left != run.diverged:
        return f"{run.label} leaves the picture at step {whole(run.left)}."
    if run.diverged >= 0:
        return f"{run.label} diverged at step {whole(run.diverged)}{_limit(run)}."
    if not run.moves:
        return ""
    if not len(r.land.minima):
        return f"{run.label} stays in the picture." if run.entered else f"{run.label} does not come into the picture."
    if run.stuck:
        return (
            f"{run.label} is stuck although the gradient is still large: over the last quarter of the steps it bounces to and fro, the "
            f"loss changes by less than 1 %, and the gradient norm stays at {number(run.stuck)} on average."
        )
    if run.circling:
        return f"{run.label} circles a minimum at distance {number(run.circling)}."
    return f"{run.label} is still {number(run.away[-1])} from the nearest minimum after {counted(r.steps, 'step')}{_turning(run, r.steps)}."


def _limit(run: Run) -> str:
    """The stability limit that a diverged run was above; a reason on a quadratic only, where the limit is exact."""
    rate = float(run.path.lr[run.diverged - 1])
    if run.limit is None or not rate > run.limit:
        return ""
    rate, limit = apart(rate, run.limit)
    if run.land.quadratic:
        return f": its rate {rate} is above the stability limit {limit}"
    x, y, _ = run.land.minima[run.land.nearest(*run.path.xy[0])]
    return (
        f"; its rate is {rate}, and the stability limit at {point(x, y)}, the minimum nearest to the start, is {limit}"
    )


def _still(r: Results) -> str:
    """Who stands still: for lack of a rate, at a level start, or because its steps are rounded away."""
    level = r.runs[0].path.grad_norm[0] == 0 and not r.setup.noise
    still = [run for run in r.runs if not run.moves]
    idle = [run.label for run in still if not run.path.lr.any()]
    lost = [run.label for run in still if run.path.lr.any()]
    why = "there is no gradient to follow" if level else "the steps are too small to change the numbers"
    return paragraph(
        f"{listed(idle)} {verb(len(idle), 'stands', 'stand')} still: the learning rate is 0." if idle else "",
        f"{listed(lost)} {verb(len(lost), 'stands', 'stand')} still: {why}." if lost else "",
    )


def _later(r: Results) -> str:
    """What those did that had arrived: circle, or diverge."""
    arrived = [run for run in r.runs if run.arrived >= 0]
    said = [f"{run.label} keeps circling at distance {number(run.circling)}" for run in arrived if run.circling]
    said += [f"{run.label} diverged at step {whole(run.diverged)}" for run in arrived if run.diverged >= 0]
    return f"After arriving, {listed(said)}." if said else ""


def _bursts(r: Results) -> list[str]:
    return [_burst(r, run, r.bursts[run.name]) for run in r.runs if run.name in r.bursts]


def _burst(r: Results, run: Run, burst: Burst) -> str:
    """What followed the calm of a root mean square over all steps, and when a burst is due if the run fits that theory."""
    due = f"(2C/(αλ))² = {whole(burst.due)}" if np.isfinite(burst.due) else ""
    calm = f"{run.label}: the path is calm from step {whole(burst.calm)}"
    if burst.step >= 0:
        after = f"; with σ = C/√t that is due from about step {due} on" if due else ""
        if not burst.sideways:
            return f"{calm}, and its gradient is large again at step {whole(burst.step)}."
        return f"{calm} and bursts sideways at step {whole(burst.step)}{after}."
    end = run.arrived if run.arrived >= 0 else run.last
    before = "before it arrives" if run.arrived >= 0 else f"up to step {whole(end)}"
    falls = run.path.lr[max(end - 1, 0)] < 0.999 * run.path.lr[: max(end, 1)].max()
    if falls and np.isfinite(burst.tame):
        limit = number(burst.tame)
        return f"{calm} and no burst follows {before}: the rate falls, too, and the effective rate across stays below 2/λ = {limit}."
    if due and end < burst.due < 2 * r.steps:
        return f"{calm} and no burst follows {before}; with σ = C/√t one is due from about step {due} on."
    return ""


def _same_paths(r: Results) -> list[str]:
    """Who takes the same path."""
    groups: list[list[Run]] = []
    for run in r.runs:
        if not (run.moves and run.last):
            continue
        group = next((group for group in groups if _coincide(group[0], run)), None)
        if group is None:
            groups.append([run])
        else:
            group.append(run)
    return [f"{listed(run.label for run in group)} take the same path." for group in groups if len(group) > 1]


def _coincide(a: Run, b: Run) -> bool:
    way = float(np.nanmax(np.abs(a.path.xy - a.path.xy[0])))
    return bool(np.allclose(a.path.xy, b.path.xy, rtol=0, atol=SAME_PATH * way, equal_nan=True))


def _switches(r: Results) -> list[str]:
    return [_switched(run, r.plain[run.name], _named(run, r.plain[run.name])) for run in r.runs if run.name in r.plain]


def _named(run: Run, plain: Run) -> str:
    """The changed switches of a run in words."""
    changed = [p for p in run.entry.params if run.given.get(p.name) != plain.given.get(p.name)]
    return listed(_setting(p, run.given[p.name]) for p in changed)


def _setting(param: Param, value: bool | str) -> str:
    if isinstance(value, bool):
        return f"{'with' if value else 'without'} {param.label}"
    return f"with “{param.label} {value.replace('_', ' ')}”"


def _switched(run: Run, plain: Run, named: str) -> str:
    """What the changed switches do to the first step and to the arrival; nothing where a first step already diverges."""
    if not run.last or not plain.last:
        return ""
    changed, usual = (float(np.hypot(*np.diff(each.path.xy[:2], axis=0)[0])) for each in (run, plain))
    if not changed or not usual:
        return ""
    first = f"The first step of {run.label} {named} is {times_as(changed / usual, 'long')} as with the usual setting (thin dotted line)"
    if run.arrived > 0 and plain.arrived == run.arrived:
        return f"{first}; with either it arrives after {counted(run.arrived, 'step')}."
    if run.arrived > 0 and plain.arrived > 0:
        return f"{first}; it arrives after {counted(run.arrived, 'step')} instead of {whole(plain.arrived)}."
    if run.arrived > 0:
        return f"{first}; with the usual setting it does not arrive."
    if plain.arrived > 0:
        return f"{first}, which arrives after {counted(plain.arrived, 'step')}."
    return f"{first}."


def _outside(r: Results) -> str:
    """Who leaves the picture and has not been said to diverge."""
    away = [run for run in r.runs if run.left >= 0 and run.diverged < 0]
    if not away or not len(r.land.minima):
        return ""
    first = f"{away[0].label} leaves the picture at step {whole(away[0].left)}"
    others = [f"{run.label} at step {whole(run.left)}" for run in away[1:]]
    return f"{listed([first, *others])}; what lies outside is not drawn."
