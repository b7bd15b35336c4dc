"""Pictures of a rate that somebody watches: the loss as it comes in, and the rate that follows from it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.schedules import Results
from ...lessons.schedules.watched import Watched
from ..plot.axes import axis, log_axis, narrow_axis
from ..plot.theme import INK, key_line, spec
from ..plot.traces import line, vline
from . import run_words
from .style import colour, decades, picture

MOST_DECADES = 5


def _panels(
    r: Results, runs: list[tuple[str, Watched, str, str]], cuts: np.ndarray, title: str, alt: str
) -> dict[str, Any]:
    """Loss above, rate below, for each (name, run, colour, dash); thin lines at the steps where something was done."""
    data, losses, rates = [], [], []
    for name, run, colour_, dash_ in runs:
        hover = f"{name}, to step %{{x:,}}"
        data.append(
            line(run.at, run.losses, f"{name}, loss", colour_, f"{hover}: loss %{{y:.3g}}", dash=dash_, width=1.8)
        )
        data.append(
            line(
                run.at,
                run.rates,
                f"{name}, rate",
                colour_,
                f"{hover}: rate %{{y:.3g}}",
                dash=dash_,
                shape="vh",
                yaxis="y2",
            )
        )
        losses.append(run.losses)
        rates.append(run.rates)
    axes: dict[str, Any] = {
        "yaxis": log_axis("mean loss", decades(np.concatenate([*losses, [1.0]]), MOST_DECADES), domain=[0.46, 1]),
        "yaxis2": log_axis("rate", decades(np.concatenate([*rates, [1e-3]]), MOST_DECADES), domain=[0, 0.38]),
    }
    return spec(
        data,
        title=title, alt=alt, style=r.settings["style"], showlegend=False, height=470,
        margin={"l": 76, "r": 30, "t": 66, "b": 52},
        annotations=[key_line([(name, colour_, dash_) for name, _, colour_, dash_ in runs], a_line=3)],
        shapes=[vline(float(at)) for at in cuts],
        xaxis=axis("step", range=[0, len(r.run_steps)], anchor="y2"),
        meta={"narrow": {name: narrow_axis(upward) for name, upward in axes.items()}}, **axes,
    )  # fmt: skip


@picture(label="The rate cut on plateaus of the loss", caption=run_words.plateau_caption)
def plateau(r: Results) -> dict[str, Any]:
    """Loss and rate of a run whose rate is cut on plateaus, beside the selected curve on the same noise."""
    runs = [("reduce on plateau", r.plateau, INK, "solid"), (r.hand.name, r.watched, colour(r.hand), "dash")]
    return _panels(
        r, runs, r.plateau.cuts, run_words.plateau_title(r),
        f"Two line charts above each other: mean loss and rate of reduce on plateau and of {r.hand.name}",
    )  # fmt: skip


@picture(label="A run as somebody watching sees it", caption=run_words.by_hand_caption)
def by_hand(r: Results) -> dict[str, Any]:
    """Loss and rate of the selected curve, with its edits where it is made by hand."""
    edits = np.array([begin for _, _, begin in r.edits])
    return _panels(
        r, [(r.hand.name, r.watched, colour(r.hand), "solid")], edits, "The loss as it comes in, and the rate below it",
        f"Two line charts above each other: mean loss and rate of {r.hand.name}",
    )  # fmt: skip
