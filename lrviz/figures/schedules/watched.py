"""Pictures of a rate that somebody watches: the loss as it comes in, and the rate that follows from it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.schedules import Results
from ...lessons.schedules.watched import Watched
from ..plot.theme import FAINT, INK, axis, key_line, spec
from .look import colour, decades, letter, line, listed, number, picture, steps, whole

MOST_DECADES = 5
MOST_NAMED = 6


def panels(
    r: Results, runs: list[tuple[str, Watched, str, str]], cuts: np.ndarray, title: str, alt: str
) -> dict[str, Any]:
    """Loss above, rate below, for each (name, run, colour, dash); thin lines at the steps where something was done."""
    data, losses, rates = [], [], []
    for name, run, colour_, dash_ in runs:
        data.append(
            line(
                run.at,
                run.losses,
                f"{name}, loss",
                colour_,
                f"{name}, to step %{{x}}: loss %{{y:.3g}}",
                dash=dash_,
                width=1.8,
            )
        )
        held = line(run.at, run.rates, f"{name}, rate", colour_, f"{name}, to step %{{x}}: rate %{{y:.3g}}", dash=dash_)
        held["line"] = held["line"] | {"shape": "vh"}
        data.append(held | {"yaxis": "y2"})
        losses.append(run.losses[np.isfinite(run.losses) & (run.losses > 0)])
        rates.append(run.rates[run.rates > 0])
    losses, rates = np.concatenate([*losses, [1.0]]), np.concatenate([*rates, [1e-3]])
    shapes = [
        {"type": "line", "x0": float(at), "x1": float(at), "y0": 0, "y1": 1, "yref": "paper", "line": {"color": FAINT, "width": 1, "dash": "dot"}}
        for at in cuts
    ]  # fmt: skip
    strokes = {"solid": "solid", "dash": "dash"}
    axes = {
        "yaxis": axis("mean loss", type="log", dtick=1, exponentformat="e", domain=[0.46, 1], range=decades(losses.min(), losses.max(), MOST_DECADES)),
        "yaxis2": axis("rate", type="log", dtick=1, exponentformat="e", domain=[0, 0.38], range=decades(rates.min(), rates.max(), MOST_DECADES)),
    }  # fmt: skip
    return spec(
        data,
        title=title, alt=alt, style=r.settings["style"], showlegend=False, height=470,
        margin={"l": 76, "r": 30, "t": 66, "b": 52},
        annotations=[key_line([(name, colour_, strokes[dash_]) for name, _, colour_, dash_ in runs], a_line=3)],
        shapes=shapes,
        xaxis=axis("step", range=[0, len(r.run_steps)], anchor="y2"),
        meta={"narrow": {name: upward | {"ticklabelposition": "inside", "ticks": ""} for name, upward in axes.items()}}, **axes,
    )  # fmt: skip


def plateau_caption(r: Results) -> str:
    """When the rate was cut, and what came of it beside the curve in hand."""
    run, cuts = r.plateau, r.plateau.cuts
    first = f"Looking every {steps(r.settings['plateau.every'])}, the rule cuts the rate "
    if not len(cuts):
        return f"{first}never: the loss always found a new best within its patience. {ends(r, run)}"
    named = listed([whole(at) for at in cuts[:MOST_NAMED]]) + (
        f" and {len(cuts) - MOST_NAMED} more" if len(cuts) > MOST_NAMED else ""
    )
    times = "once" if len(cuts) == 1 else f"{len(cuts)} times"
    return f"{first}{times}, at step {named}: it goes from {number(run.rates[0])} to {number(run.after[-1])}. {ends(r, run)}"


def ends(r: Results, run: Watched) -> str:
    """The loss at the end, beside that of the curve in hand."""
    mine, other = tail(run), tail(r.watched)
    who = letter(r.hand)
    return f"Over the last tenth of the run its mean loss is {mine}; {who}'s is {other}."


def tail(run: Watched) -> str:
    """Mean loss over the last tenth of the looks."""
    last = run.losses[-max(len(run.losses) // 10, 1) :]
    return number(float(last.mean())) if np.isfinite(last).all() else "gone: it diverged"


@picture(label="The rate cut on plateaus of the loss", caption=plateau_caption)
def plateau(r: Results) -> dict[str, Any]:
    """Loss and rate of a run whose rate is cut on plateaus, beside the curve in hand on the same noise."""
    runs = [("reduce on plateau", r.plateau, INK, "solid"), (r.hand.name, r.watched, colour(r.hand), "dash")]
    return panels(
        r, runs, r.plateau.cuts, "When the loss stops falling, the rate is cut",
        f"Two line charts above each other: mean loss and rate of reduce on plateau and of {r.hand.name}",
    )  # fmt: skip


def by_hand_caption(r: Results) -> str:
    """The edits in words, and the loss between them."""
    run, hand = r.watched, r.hand
    if hand.entry.name != "manual_decay":
        return (
            f"This is what somebody watching {letter(hand)} sees: its mean loss every {steps(r.settings['plateau.every'])}. "
            f"Over the last tenth of the run it is {tail(run)}."
        )
    made = list(zip(hand.values["edits"][::2], hand.values["edits"][1::2], strict=True))
    said = listed([f"{number(rate)} from step {whole(step)}" for step, rate in made]) if made else "never changed"
    start = number(hand.values["initial_learning_rate"])
    return f"{letter(hand)} starts at {start} and is set by hand: {said}. Over the last tenth of the run its mean loss is {tail(run)}."


@picture(label="A run as somebody watching sees it", caption=by_hand_caption)
def by_hand(r: Results) -> dict[str, Any]:
    """Loss and rate of the curve in hand, with its edits where it is made by hand."""
    edits = np.array(r.hand.values.get("edits", ())[::2])
    return panels(
        r, [(r.hand.name, r.watched, colour(r.hand), "solid")], edits[edits <= len(r.run_steps)], "The loss as it comes in, and the rate below it",
        f"Two line charts above each other: mean loss and rate of {r.hand.name}",
    )  # fmt: skip
