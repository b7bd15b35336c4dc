"""Pictures of a rate that somebody watches: the loss as it comes in, and the rate that follows from it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.schedules import Results
from ...lessons.schedules.watched import Watched
from ..plot.theme import FAINT, INK, axis, key_line, spec
from . import run_words
from .look import colour, decades, line, picture

MOST_DECADES = 5


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


@picture(label="The rate cut on plateaus of the loss", caption=run_words.plateau)
def plateau(r: Results) -> dict[str, Any]:
    """Loss and rate of a run whose rate is cut on plateaus, beside the selected curve on the same noise."""
    runs = [("reduce on plateau", r.plateau, INK, "solid"), (r.hand.name, r.watched, colour(r.hand), "dash")]
    return panels(
        r, runs, r.plateau.cuts, run_words.plateau_title(r),
        f"Two line charts above each other: mean loss and rate of reduce on plateau and of {r.hand.name}",
    )  # fmt: skip


@picture(label="A run as somebody watching sees it", caption=run_words.by_hand)
def by_hand(r: Results) -> dict[str, Any]:
    """Loss and rate of the selected curve, with its edits where it is made by hand."""
    edits = np.array([begin for _, _, begin in r.edits])
    return panels(
        r, [(r.hand.name, r.watched, colour(r.hand), "solid")], edits, "The loss as it comes in, and the rate below it",
        f"Two line charts above each other: mean loss and rate of {r.hand.name}",
    )  # fmt: skip
