"""What the page on saddles says of the race: titles and sentences, from its results.

"Leaves" means one thing: the first step that is more than `reach` from the ridge, or within `reach` of the minimum on a
surface without a saddle. A reason is given only where the numbers of the race show it.
"""

from __future__ import annotations

import numpy as np

from ...lessons.saddles import FLAT, LIMIT, Results
from ...lessons.saddles.settings import hyperparameters
from ..plot.identity import label
from ..plot.text import counted, listed, number, paragraph, percent, point, verb, whole

QUIET = 0.2  # a stretch whose gradient is below this share of the run's steepest is a plateau
BOUNCING = 0.5  # a stretch in which more than this share of the steps turn back is bouncing between walls
CLEAR = 10.0  # a gradient this many times eps is hardly changed by it


def labels(names: list[str]) -> str:
    """Names for people, in a list."""
    return listed(label(name) for name in names)


def learning_rate(r: Results, name: str) -> float:
    """The learning rate of an optimizer in this race."""
    return float(hyperparameters(r.settings, r.surface.name, name)["lr"])


def _named(r: Results, name: str) -> str:
    rates = {learning_rate(r, other) for other in r.runs}
    return label(name) if len(rates) == 1 else f"{label(name)} (rate {number(learning_rate(r, name))})"


def _ranked(r: Results) -> list[str]:
    """Those who got away, the quickest first."""
    return sorted((name for name, step in r.gone.items() if step >= 0), key=lambda name: r.gone[name])


def _starts_away(r: Results) -> bool:
    """Whether the start itself already counts as having left the saddle, or as having arrived."""
    return any(step == 0 for step in r.gone.values())


def _goal(r: Results) -> str:
    """Where a run must be to have left the saddle, or to have arrived."""
    reach = number(r.terrain.reach)
    return f"more than {reach} from the ridge" if r.terrain.saddled else f"within {reach} of a minimum"


# ---- the race ----------------------------------------------------------------------------------------------------


def race_title(r: Results) -> str:
    """Who was first and who last."""
    if _starts_away(r):
        return f"The start is already {_goal(r)}"
    if r.still:
        return "At a gradient of zero nothing moves" if _level(r) else "No step is large enough to move anything"
    ranked = _ranked(r)
    steps = counted(r.settings["steps"], "step")
    if not ranked:
        return f"Within {steps} no run {'leaves the saddle' if r.terrain.saddled else 'reaches a minimum'}"
    first = [name for name in ranked if r.gone[name] == r.gone[ranked[0]]]
    does = verb(len(first), "leaves", "leave") if r.terrain.saddled else verb(len(first), "reaches", "reach")
    who = (
        labels(first)
        if len(first) < 4
        else f"All {len(first)}"
        if len(first) == len(r.runs)
        else f"{len(first)} of {len(r.runs)}"
    )
    place = "the saddle" if r.terrain.saddled else "a minimum"
    title = f"{who} {does} {place} after {counted(r.gone[ranked[0]], 'step')}"
    return title if len(first) == len(ranked) else f"{title}, {label(ranked[-1])} after {whole(r.gone[ranked[-1]])}"


def race_caption(r: Results) -> str:
    """What happened, with the steps of each optimizer, and why."""
    if _starts_away(r):
        distance = "distance from the ridge" if r.terrain.saddled else "distance from the nearest minimum"
        return f"The start {point(*r.start)} is already {_goal(r)} (its {distance} is {number(r.offset)}): choose one {'nearer to the ridge' if r.terrain.saddled else 'further away'}."
    if r.still:
        return _still(r)
    if r.terrain.saddled:
        return paragraph(*_departures(r), _on_ridge(r), _closed_form(r), _divided(r), _averaged(r))
    return paragraph(*_departures(r), _flat(r))


def _level(r: Results) -> bool:
    """Whether the gradient at the start is zero."""
    return not np.hypot(*r.surface.gradient(*r.start))


def _still(r: Results) -> str:
    steps, where = counted(r.settings["steps"], "step"), point(*r.start)
    stand = "the run stands" if len(r.runs) == 1 else f"all {len(r.runs)} runs stand"
    if all(learning_rate(r, name) == 0 for name in r.runs):
        return f"With a rate of 0 nothing moves: {stand} at the start {where}."
    if not _level(r):
        return f"The steps are too small to change the position: after {steps} {stand} at the start {where}."
    return (
        f"At {where} the gradient is zero, so no rule has anything to go by, an adaptive one as little as gradient descent: after "
        f"{steps} {stand} where {verb(len(r.runs), 'it', 'they')} began. Start beside the ridge, or give the gradient noise."
    )


def _where(r: Results) -> str:
    noise = f", with gradient noise of {number(r.settings['noise'])}" if r.settings["noise"] else ""
    rates = {learning_rate(r, name) for name in r.runs}
    same = f", all at rate {number(rates.pop())}" if len(rates) == 1 and len(r.runs) > 1 else ""
    if r.picked or not r.terrain.saddled:
        place = f"From {point(*r.start)}"
    elif r.settings["place"] == "beside":
        place = f"From an offset of {number(r.offset)} beside the ridge"
    else:
        place = f"From exactly on the {r.settings['place']}"
    return f"{place}{same}{noise}"


def _departures(r: Results) -> list[str]:
    """Who left when, who diverged, and who has not left."""
    ranked, where = _ranked(r), _where(r)
    sentences = []
    if ranked:
        first = f"{_named(r, ranked[0])} is {_goal(r)} after {counted(r.gone[ranked[0]], 'step')}"
        sentences.append(
            f"{where}, {listed([first, *(f'{_named(r, name)} after {whole(r.gone[name])}' for name in ranked[1:])])}."
        )
    lost = [name for name, step in r.gone.items() if step < 0 <= r.lost[name]]
    sentences += [_diverged(r, name) for name in lost]
    waiting = [_named(r, name) for name, step in r.gone.items() if step < 0 and r.lost[name] < 0]
    if waiting:
        what = f"{verb(len(waiting), 'has', 'have')} not {'left' if r.terrain.saddled else 'arrived'} within {counted(r.settings['steps'], 'step')}"
        sentences.append(f"{listed(waiting)} {what}." if ranked or lost else f"{where}, {listed(waiting)} {what}.")
    return sentences


def _diverged(r: Results, name: str) -> str:
    """A run that went beyond all bounds without having left the saddle (or arrived)."""
    step = r.lost[name]
    along = ""
    if r.terrain.saddled and step > 1:
        last = r.runs[name].xy[step - 1] - r.terrain.origin
        along = " along the ridge" if abs(last @ r.terrain.ridge) > CLEAR * abs(last @ r.terrain.down) else ""
    return f"{_named(r, name)} diverged{along}: a coordinate is beyond {number(LIMIT)} at step {whole(step)}."


def _on_ridge(r: Results) -> str:
    if any(distance.any() for distance in r.distance.values()):
        return ""
    off = "it has not" if len(r.runs) == 1 else "none of them has"
    return f"On the ridge no gradient points sideways, so {off} moved off it at all."


def _closed_form(r: Results) -> str:
    steps = r.closed_form if "gd" in r.runs and not r.picked else None
    if steps is None:
        return ""
    lr, b = number(learning_rate(r, "gd")), number(r.terrain.curvature)
    return f"For gradient descent ⌈ln({number(r.terrain.reach)}/{number(r.offset, 4)})/ln(1 + {lr} × {b})⌉ = {whole(steps)}."


def _divided(r: Results) -> str:
    """Who left before gradient descent by dividing; said where the gradient at the start is far above eps."""
    gd = r.gone.get("gd", -1)
    ahead = [name for name, below in r.waits_below.items() if gd > r.gone[name] >= 0 and r.offset > CLEAR * below]
    if not ahead or r.settings["noise"]:
        return ""
    return (
        f"{labels(ahead)} {verb(len(ahead), 'divides', 'divide')} the gradient by a running measure of its own size, so a small gradient "
        f"does not make {verb(len(ahead), 'its', 'their')} steps small."
    )


def _averaged(r: Results) -> str:
    """Why momentum left later than gradient descent at the same rate: it averages."""
    if (
        not {"gd", "momentum"} <= set(r.runs)
        or learning_rate(r, "momentum") != learning_rate(r, "gd")
        or r.settings["momentum.corrected"]
    ):
        return ""
    later = r.gone["momentum"] > r.gone["gd"] >= 0 or (
        r.gone["momentum"] < 0 <= r.gone["gd"] and r.lost["momentum"] < 0
    )
    if not later or r.settings["noise"]:
        return ""
    lr, beta = learning_rate(r, "momentum"), r.settings["momentum.beta"]
    return (
        f"Momentum averages the gradient, which does not make it larger: at the rate {number(lr)}/(1 − {number(beta, 4)}) = "
        f"{number(lr / (1 - beta))} it would take heavy ball's path."
    )


def _flat(r: Results) -> str:
    """How long the loss was flat for the run for which it was so longest, and whether its gradient was small."""
    slow = max(r.runs, key=lambda name: r.flat[name].end - r.flat[name].begin)
    flat = r.flat[slow]
    if flat.end - flat.begin < 2:
        return ""
    verdict = ""
    if flat.turning > BOUNCING:
        verdict = "That is no plateau: the run goes to and fro between the walls of a valley."
    elif flat.norm < QUIET * flat.steepest:
        verdict = "That is a plateau: the gradient itself is small, and the run does not go to and fro between walls."
    stretch = (
        f"The loss of {_named(r, slow)} is flat from step {whole(flat.begin)} to step {whole(flat.end)} (it varies by less than "
        f"{percent(FLAT)} of the way from the start to the lowest loss), with a median gradient norm of {number(flat.norm, 2)} there."
    )
    return paragraph(stretch, verdict)


def view3d_caption(r: Results) -> str:
    """How high each run is at the step shown."""
    step = int(r.drawn[r.shown])
    heights = {name: float(run.loss[step]) for name, run in r.runs.items()}
    here = [f"{number(h)} for {label(name)}" for name, h in heights.items() if np.isfinite(h)]
    away = [name for name, h in heights.items() if not np.isfinite(h)]
    return paragraph(
        f"At the start the loss is {number(r.surface.value(*r.start))}.",
        f"At step {whole(step)} it is {listed(here)}." if here else "",
        f"{labels(away)} {verb(len(away), 'has', 'have')} diverged by step {whole(step)}." if away else "",
        "Drag to turn the surface; paths are drawn as far as it reaches.",
    )
