"""What the schedules page says of the runs that schedules drive: training, watched runs, jumps and bursts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ...lessons.schedules import Results
from ...lessons.schedules.escape import AWAY, CALM_AFTER, CLOSE, NEAR, RUNS, Burst, minima, rippled, uncertainty
from ...lessons.schedules.slots import Curve
from ...lessons.schedules.training import REPLICAS, Runs, floor, state
from ..plot.text import counted, listed, noun, number, paragraph, point, verb, whole
from .words import by_curve, curve_label, curve_labels, rate_text

MOST_NAMED = 6


# ---- training ------------------------------------------------------------------------------------------------------


def time_lapse(r: Results) -> str:
    count = len(r.run_steps)
    return (
        ""
        if count == r.total
        else f"The runs take {counted(count, 'step')}, spread evenly over the axis of {counted(r.total, 'step')}."
    )


def not_taken(r: Results) -> str:
    """Steps with a negative rate, which no run takes."""
    count = [int((rates < 0).sum()) for rates in r.run_rates]
    left_out = [(c, n) for c, n in zip(r.curves, count, strict=True) if n]
    return (
        f"Steps with a rate below 0 are not taken: {listed(f'{curve_label(c)} {whole(n)}' for c, n in left_out)}."
        if left_out
        else ""
    )


def distance_caption(r: Results) -> str:
    """Where the runs of every curve end, what theory says, and how the best fixed rate compares."""
    ends = [number(runs.end) if runs.diverged < 0 else "diverged" for runs in r.training]
    return paragraph(
        f"Root mean square distance to the minimum after {counted(len(r.run_steps), 'step')}, over {REPLICAS} runs: {by_curve(r.curves, ends)}.",
        *(outcome(c, runs, r) for c, runs in zip(r.curves, r.training, strict=True)),
        nearest(r), tuned(r), not_taken(r), time_lapse(r),
    )  # fmt: skip


def nearest(r: Results) -> str:
    """The best fixed rate; without noise there is one that needs a single step, and nothing to decay for."""
    if r.settings["noise"] == 0:
        return f"Without noise a fixed rate of 1/λ = {number(r.constant)} is at the minimum after one step, so there is nothing to decay for."
    return f"The fixed rate that theory expects to end nearest, {number(r.constant)}, ends at {number(r.best.end)}."


def outcome(curve: Curve, runs: Runs, r: Results) -> str:
    """What theory has to say of how the runs of one curve ended; nothing where it has not."""
    curvature, noise = r.bowl
    who, rest, most = curve_label(curve), floor(runs.rates[0], *r.bowl), number(2 / curvature)
    found = state(runs, curvature, noise)
    if found == "diverged":
        diverged = REPLICAS - len(runs.left)
        high = runs.rates.max() * curvature >= 2
        why = (
            f"its highest rate is not below 2/λ = {most}"
            if high
            else f"its rates are below 2/λ = {most}, so the noise alone does it"
        )
        some = f"Of the {REPLICAS} runs of {who} {whole(diverged)} {verb(diverged, 'diverges', 'diverge')}"
        return f"{some if diverged < REPLICAS else f'All {REPLICAS} runs of {who} diverge'}, the first at step {whole(runs.diverged)}: {why}."
    said = {
        "still": f"The rate of {who} is 0, so nothing moves.",
        "leaving": f"The rate of {who} is not below 2/λ = {most}: its expected distance never falls.",
        "at rest": f"{who} is at rest where theory expects its fixed rate to stay, at {number(rest)}." if np.isfinite(rest) else "",
        "on the way": f"{who} is still on the way to where theory expects its fixed rate to stay, at {number(rest)}." if np.isfinite(rest) else "",
    }  # fmt: skip
    return said.get(found, "")


def tuned(r: Results) -> str:
    """What each schedule is expected to end at with all its rates times the best factor, beside the best fixed rate (D3)."""
    found = [(c, end) for c, runs, (_, end) in zip(r.curves, r.training, r.tuned, strict=True) if not runs.constant]
    if not found or r.settings["noise"] == 0:
        return ""
    curves, ends = zip(*found, strict=True)
    best = float(r.best.expected[-1])
    nearer = [c for c, end in found if end < (1 - 1e-3) * best]  # what differs by less is no result of a search
    if nearer:
        who = (
            f"{'both' if len(found) == 2 else 'all'} of them end"
            if len(nearer) == len(found) > 1
            else f"{curve_labels(nearer)} {verb(len(nearer), 'ends', 'end')}"
        )
    else:
        who = (
            f"{'neither' if len(found) == 2 else 'none'} of them ends"
            if len(found) > 1
            else f"{curve_labels(curves)} does not end"
        )
    return (
        f"With all rates of a schedule times its own best factor, theory expects {by_curve(curves, (f'at {number(end)}' for end in ends))}: "
        f"{who} nearer than the best fixed rate, which is expected at {number(best)}."
    )


def distance_title(r: Results) -> str:
    """A claim where the expected distances differ by a tenth at least, else what is drawn."""
    fixed = [runs.expected[-1] for runs in r.training if runs.constant]
    others = [runs.expected[-1] for runs in r.training if not runs.constant]
    if fixed and others and max(others) < 0.9 * min(fixed):
        return f"{noun(len(others), 'The schedule ends', 'The schedules end')} nearer than {noun(len(fixed), 'the', 'every')} fixed rate"
    if fixed and others and max(fixed) < 0.9 * min(others):
        return f"{noun(len(fixed), 'The fixed rate ends', 'The fixed rates end')} nearer than {noun(len(others), 'the', 'every')} schedule"
    return "How near the runs come to the minimum"


def cloud_caption(r: Results) -> str:
    """How wide each cloud of end points is in one coordinate, and round which point it lies."""
    pairs = list(zip(r.curves, r.training, strict=True))
    wide = [(c, runs) for c, runs in pairs if len(runs.left) > 1]
    diverged = [(c, REPLICAS - len(runs.left)) for c, runs in pairs if len(runs.left) < REPLICAS]
    resting = [
        (c, floor(runs.rates[0], *r.bowl) / np.sqrt(2)) for c, runs in pairs if state(runs, *r.bowl) == "at rest"
    ]
    calm = r.settings["noise"] == 0
    width = f"Standard deviation of the end points of {REPLICAS} runs in one coordinate: {by_pair(wide, lambda runs: f'± {number(runs.spread)}')}."
    same = f"Without noise all {REPLICAS} runs of a curve are the same: {by_pair(wide, lambda runs: f'ends {number(np.hypot(*runs.centre))} from the minimum')}."
    theory = f"Where a fixed rate is at rest, theory expects σ√(lr/(λ(2 − lr λ))): {by_pair(resting, lambda rest: f'± {number(rest)}')}."
    return paragraph(
        (same if calm else width) if wide else "",
        *(f"Those of {curve_label(c)} lie round {point(*runs.centre)}, {number(np.hypot(*runs.centre))} from the minimum." for c, runs in wide if runs.off_centre and not calm),
        theory if resting and not calm else "",
        f"Diverged runs out of {REPLICAS}: {by_pair(diverged, whole)}." if diverged else "",
        time_lapse(r),
    )  # fmt: skip


def by_pair(pairs: Iterable[tuple[Curve, Any]], said: Callable[[Any], str]) -> str:
    return listed(f"{curve_label(c)} {said(value)}" for c, value in pairs) if pairs else ""


# ---- watched -------------------------------------------------------------------------------------------------------


def plateau_caption(r: Results) -> str:
    """When the rate was cut, and what came of it beside the selected curve."""
    run, cuts, patience = r.plateau, r.plateau.cuts, r.settings["plateau.patience"]
    looking = f"Looking every {counted(r.settings['plateau.every'], 'step')}, the rule"
    if len(cuts):
        at = listed(
            [*map(whole, cuts[:MOST_NAMED]), *([f"{len(cuts) - MOST_NAMED} more"] if len(cuts) > MOST_NAMED else [])]
        )
        times = "once" if len(cuts) == 1 else f"{len(cuts)} times"
        done = f"cuts the rate {times}, at {noun(len(cuts), 'step')} {at}: it goes from {number(run.rates[0])} to {number(run.after[-1])}."
    elif r.waited <= patience:
        done = f"never cuts the rate: it waits for a new best for {counted(r.waited, 'look')} at most, and its patience is {counted(patience, 'look')}."
    else:
        done = f"never cuts the rate: it waits for a new best for {counted(r.waited, 'look')}, but a cut would not lower the rate by more than 10⁻⁸."
    return paragraph(f"{looking} {done}", final_losses(r), time_lapse(r))


def final_losses(r: Results) -> str:
    """The loss at the end of the plateau rule's run, beside that of the selected curve."""
    mine, other, who = r.plateau.tail, r.watched.tail, curve_label(r.hand)
    last = f"Over the last {counted(r.plateau.last, 'look')}"
    if np.isfinite(mine) and np.isfinite(other):
        same = ", on the same noise," if r.settings["noise"] else ""
        return f"{last} its mean loss is {number(mine)}; that of {who} as given{same} is {number(other)}."
    if np.isfinite(mine):
        return f"{last} its mean loss is {number(mine)}; the run of {who} as given has diverged."
    if np.isfinite(other):
        return f"Its run diverges; the mean loss of {who} as given is {number(other)} over the last {counted(r.watched.last, 'look')}."
    return f"Its run diverges, and so does that of {who} as given."


def plateau_title(r: Results) -> str:
    return "No new best for a while, and the rate is cut" if len(r.plateau.cuts) else "The rule never cuts the rate"


def by_hand_caption(r: Results) -> str:
    """The edits in words, and the loss at the end."""
    run, who = r.watched, curve_label(r.hand)
    seen = f"{who} as given, looked at every {counted(r.settings['plateau.every'], 'step')}"
    end = (
        f"over the last {counted(run.last, 'look')} its mean loss is {number(run.tail)}"
        if np.isfinite(run.tail)
        else "its run diverges"
    )
    return paragraph(f"{seen}: {end}.", edited(r) if r.hand.entry.name == "manual_decay" else "", time_lapse(r))


def edited(r: Results) -> str:
    """What was set by hand."""
    later = len(r.hand.values["edits"]) // 2 - len(r.edits)
    made = listed(f"{number(rate)} from step {number(step, 7)}" for step, rate, _ in r.edits) if r.edits else ""
    return paragraph(
        f"The rate begins at {rate_text(r.hand.rate(0.0))} and is set by hand: {made}." if made else f"The rate begins at {rate_text(r.hand.rate(0.0))} and is not edited in this run.",
        f"{counted(later, 'edit')} {verb(later, 'comes', 'come')} after the run." if later else "",
    )  # fmt: skip


# ---- jumping out, and the burst ------------------------------------------------------------------------------------


def ripples_caption(r: Results) -> str:
    """How many runs jumped, how many still in the second half, and what they had of it."""
    count = len(minima(rippled(r.settings["ripples.depth"])))
    made = by_curve(r.curves, (whole(j.escaped) for j in r.jumps))
    late = by_curve(r.curves, (whole(j.still) for j in r.jumps))
    error = max(uncertainty(n) for j in r.jumps for n in (j.escaped, j.still))
    jumped = (
        f"{RUNS} runs of each curve start in the outermost of {counted(count, 'local minimum', 'local minima')}. The number of runs that come "
        f"within {number(CLOSE)} of another one is {made}; in the second half of the steps it is {late}."
    )
    left = [(c, j) for c, j in zip(r.curves, r.jumps, strict=True) if j.diverged < RUNS]
    diverged = [(c, j.diverged) for c, j in zip(r.curves, r.jumps, strict=True) if j.diverged]
    return paragraph(
        jumped if count > 1 else f"At this depth the surface has one minimum and no other to jump into; {RUNS} runs of each curve start there.",
        f"Such a count has a standard error of about {number(error, 2)} or less." if count > 1 and error else "",
        f"The mean loss at the end is {by_pair(left, lambda j: number(j.loss))}." if left else "",
        f"Diverged runs out of {RUNS}, left out there: {by_pair(diverged, whole)}." if diverged else "",
        not_taken(r), time_lapse(r),
    )  # fmt: skip


def burst_caption(r: Results) -> str:
    """What became of each run down the long valley."""
    return paragraph(
        *(burst_of(c, b, len(r.run_steps)) for c, b in zip(r.curves, r.bursts, strict=True)),
        not_taken(r),
        time_lapse(r),
    )


def burst_of(curve: Curve, b: Burst, steps: int) -> str:
    """The run of one curve: whether it left the floor, when that was due, and when it arrived."""
    who, far = curve_label(curve), number(AWAY)
    arrives = f"comes within {number(NEAR)} of the minimum at step {whole(b.arrived)}"
    if b.diverged >= 0:
        return f"{who} diverges at step {whole(b.diverged)}."
    arrival = (
        f"it {arrives}"
        if b.arrived >= 0
        else f"it does not come within {number(NEAR)} of the minimum in {counted(steps, 'step')}"
    )
    if steps < CALM_AFTER:
        return f"{who} takes fewer than {CALM_AFTER} steps, too few to tell a calm stretch from a burst; {arrival}."
    if b.calm < 0:
        return f"{who} does not come within {far} of the floor from step {CALM_AFTER} on, so there is no calm stretch for a burst to end; {arrival}."
    if b.at >= 0:
        due = f" (the formula expects that from step {whole(b.due)} on)" if b.predicted else ""
        return f"{who} bursts out, more than {far} off the floor, at step {whole(b.at)}{due}; {arrival}."
    if b.after >= 0:
        return f"{who} {arrives} without a burst; only after that, at step {whole(b.after)}, is it more than {far} off the floor."
    return f"{who} stays within {far} of the floor, once it is there, for all {counted(steps, 'step')}; {arrival}."


def burst_title(r: Results) -> str:
    out = [c for c, b in zip(r.curves, r.bursts, strict=True) if b.at >= 0]
    return (
        f"{curve_labels(out)} {verb(len(out), 'bursts', 'burst')} out of the valley"
        if out
        else "Too few steps for a burst"
        if len(r.run_steps) < CALM_AFTER
        else "No burst on the way to the minimum"
    )
