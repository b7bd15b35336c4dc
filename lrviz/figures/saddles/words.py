"""Titles and sentences under the pictures of the race: results -> words with the computed numbers in them."""

from __future__ import annotations

import numpy as np

from ...lessons.saddles import FLAT, LIMIT, Results
from ...lessons.saddles.settings import hyperparameters
from ...optimizers import OPTIMIZERS
from .parts import counted, label, listed, number

QUIET = 0.2  # a stretch whose gradient is below this share of the run's steepest is a plateau
BOUNCING = 0.5  # a stretch in which more than this share of the steps turn back is bouncing between walls


def rate(r: Results, name: str) -> float:
    """The learning rate of an optimizer in this race."""
    return float(hyperparameters(r.settings, r.surface.name, name)["lr"])


def _named(r: Results, name: str) -> str:
    rates = {rate(r, other) for other in r.runs}
    return label(name) if len(rates) == 1 else f"{label(name)} (rate {number(rate(r, name))})"


def _ranked(r: Results) -> list[str]:
    """Those who got away, the quickest first."""
    return sorted((name for name, step in r.gone.items() if step >= 0), key=lambda name: r.gone[name])


def race_title(r: Results) -> str:
    """Who was first and who last."""
    if r.still:
        return "Where the gradient is zero nothing moves"
    ranked = _ranked(r)
    place = "leaves the saddle" if r.terrain.saddled else "reaches the minimum"
    if not ranked:
        verb = "left the saddle" if r.terrain.saddled else "reached the minimum"
        return f"After {counted(r.settings['steps'], 'step')} nobody has {verb}"
    first = f"{label(ranked[0])} {place} after {counted(r.gone[ranked[0]], 'step')}"
    if len(ranked) == 1:
        return first
    return f"{first}, {label(ranked[-1])} after {r.gone[ranked[-1]]}"


def race_caption(r: Results) -> str:
    """What happened, with the steps of each optimizer, and why."""
    if r.still:
        return _still(r)
    parts = [_departures(r), _closed_form(r), *_reasons(r)] if r.terrain.saddled else [_departures(r), _flat(r)]
    return " ".join(part for part in parts if part)


def view3d_caption(r: Results) -> str:
    """How far down each run is at the step shown."""
    step = int(r.drawn[r.shown])
    heights = {name: float(run.loss[step]) for name, run in r.runs.items()}
    words = [f"{label(name)} {number(h, 3) if np.isfinite(h) else 'gone'}" for name, h in heights.items()]
    return (
        f"At step {step} the loss is {listed(words)}; the start was at {number(r.surface.value(*r.start), 3)}. Turn the surface "
        f"by dragging; paths are drawn as far as it reaches."
    )


def _still(r: Results) -> str:
    many = "the run stands" if len(r.runs) == 1 else f"all {len(r.runs)} runs stand"
    if all(rate(r, name) == 0 for name in r.runs):
        return f"With a rate of 0 nothing moves: {many} where they began."
    steps = counted(r.settings["steps"], "step")
    return (
        f"Exactly on the saddle the gradient is zero, so no rule has anything to go by, Adam as little as gradient "
        f"descent: after {steps} {many} at ({number(r.start[0])}, {number(r.start[1])}). Any nudge will do: start "
        f"beside the ridge, or give the gradient noise."
    )


def _where(r: Results) -> str:
    noise = f", with gradient noise of {number(r.settings['noise'])}" if r.settings["noise"] else ""
    rates = {rate(r, name) for name in r.runs}
    same = f", all at rate {number(rates.pop())}" if len(rates) == 1 and len(r.runs) > 1 else ""
    if r.picked or not r.terrain.saddled:
        place = f"From ({number(r.start[0])}, {number(r.start[1])})"
    else:
        place = {
            "beside": f"From an offset of {number(r.offset)} beside the ridge",
            "ridge": "From exactly on the ridge",
            "saddle": "From exactly on the saddle",
        }[r.settings["place"]]
    return f"{place}{same}{noise}"


def _departures(r: Results) -> str:
    ranked = _ranked(r)
    reach = number(r.terrain.reach)
    done = f"is further than {reach} from it" if r.terrain.saddled else f"is within {reach} of the minimum"
    sentences = []
    if ranked:
        first = f"{_named(r, ranked[0])} {done} after {counted(r.gone[ranked[0]], 'step')}"
        rest = [f"{_named(r, name)} after {r.gone[name]}" for name in ranked[1:]]
        sentences.append(f"{_where(r)}, {listed([first, *rest])}.")
    lost = [name for name, step in r.gone.items() if step < 0 and r.lost[name] >= 0]
    if lost:
        words = [f"{_named(r, name)} at step {r.lost[name]}" for name in lost]
        sentences.append(f"Another way, beyond {number(LIMIT)}, went {listed(words)}.")
    waiting = [name for name, step in r.gone.items() if step < 0 and r.lost[name] < 0]
    if waiting:
        lead = "" if ranked else f"{_where(r)}: "
        verb = "is" if len(waiting) == 1 else "are"
        steps = counted(r.settings["steps"], "step")
        sentences.append(f"{lead}{listed([_named(r, name) for name in waiting])} {verb} still there after {steps}.")
    if r.terrain.saddled and not ranked and not any(distance.any() for distance in r.distance.values()):
        sentences.append("On the ridge nothing pulls sideways, so none of them has moved off it at all.")
    return " ".join(sentences)


def _closed_form(r: Results) -> str:
    steps = r.closed_form if "gd" in r.runs and not r.picked else None
    if steps is None:
        return ""
    lr, b = number(rate(r, "gd")), number(r.terrain.curvature)
    return f"For gradient descent ⌈ln({number(r.terrain.reach)}/{number(r.offset)})/ln(1 + {lr} × {b})⌉ = {steps}."


def forgetful(r: Results) -> list[str]:
    """The racers that divide the gradient by its own size."""
    return [name for name in r.runs if OPTIMIZERS[name].stability is None]


def _reasons(r: Results) -> list[str]:
    """Why the quick were quick and the slow slow, where this race shows it."""
    if "gd" not in r.runs or r.gone["gd"] < 0:
        return []
    ahead = [name for name in forgetful(r) if 0 <= r.gone[name] < r.gone["gd"]]
    out = []
    if ahead:
        verbs = ("divides", "forgets") if len(ahead) == 1 else ("divide", "forget")
        names = listed([label(name) for name in ahead])
        out.append(f"{names} {verbs[0]} the gradient by its own size and so {verbs[1]} how small it is.")
    if "momentum" in r.runs and rate(r, "momentum") == rate(r, "gd") and not 0 <= r.gone["momentum"] < r.gone["gd"]:
        lr, beta = rate(r, "momentum"), r.settings["momentum.beta"]
        out.append(
            f"Momentum averages the gradient, which does not make it larger: it needs the larger rate it permits, "
            f"{number(lr)}/(1 − {number(beta)}) = {number(lr / (1 - beta))} for heavy ball's pace."
        )
    return out


def _flat(r: Results) -> str:
    """How long the slowest run's loss was flat, and whether its gradient was."""
    slow = max(r.runs, key=lambda name: r.flat[name].end - r.flat[name].begin)
    flat = r.flat[slow]
    if flat.end - flat.begin < 2:
        return ""
    verdict = ""
    if flat.turning > BOUNCING:
        verdict = " That is no plateau: the run is thrown to and fro between walls."
    elif flat.norm < QUIET * flat.steepest:
        verdict = " That is a plateau: the gradient itself is small, and no walls throw the run to and fro."
    return (
        f"The loss of {_named(r, slow)} is flat from step {flat.begin} to {flat.end} (it varies by less than "
        f"{100 * FLAT:.0f} % of the way down), with a gradient norm of {number(flat.norm, 2)} there.{verdict}"
    )
