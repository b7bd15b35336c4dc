"""Pictures of the search for a good fixed rate (O8): many short runs, and one run through all rates."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.schedules import Results
from ...lessons.schedules.training import BUDGETS, SWEPT
from ..plot.axes import log_axis
from ..plot.text import listed, whole
from ..plot.theme import FAINT, INK, cue, key_line, spec
from ..plot.traces import line, points, vline
from . import words
from .style import decades, picture

STROKES = ("solid", "dash", "dot", "dash", "dot")
TOP = 1e3


@picture(label="Loss against a fixed rate", caption=words.budgets_caption)
def budgets(r: Results) -> dict[str, Any]:
    """Mean loss after each budget of steps, for every rate tried, the best one marked."""
    found, data, keys = r.search, [], []
    for i, (budget, losses) in enumerate(zip(BUDGETS, found.losses, strict=True)):
        style = cue(i)
        drawn = np.where(losses < TOP, losses, np.nan)
        hover = f"{whole(budget)} steps at %{{x:.3g}}: %{{y:.3g}}"
        data.append(line(SWEPT, drawn, f"{budget} steps", style["colour"], hover, dash=STROKES[i]))
        keys.append((f"{whole(budget)} steps", style["colour"], STROKES[i]))
    data.append(
        points(found.best, found.losses.min(axis=1), "best rate", INK, "best at %{x:.3g}: %{y:.3g}", symbol="diamond")
    )
    lowest = float(found.losses.min())
    return spec(
        data,
        title=words.budgets_title(r),
        alt="Line chart of the mean loss against a fixed rate, for budgets of " + listed(map(whole, BUDGETS)) + " steps",
        margin={"l": 76, "r": 30, "t": 86, "b": 52},
        annotations=[key_line([*keys, ("best", INK, "marker")], a_line=3)],
        **_chart(r, "fixed rate", "mean loss", lowest),
    )  # fmt: skip


@picture(label="Range test: one run through all rates", caption=words.range_test_caption)
def range_test(r: Results) -> dict[str, Any]:
    """The loss of a run whose rate rises, raw and averaged, against that rate."""
    found = r.search
    ends = [found.steepest, found.lowest]
    raw = np.where(found.raw < TOP, found.raw, np.nan)
    calm = np.where(np.isfinite(raw), found.calm, np.nan)
    data = [
        line(found.rising, raw, "loss", FAINT, "rate %{x:.3g}: loss %{y:.3g}", width=1.2),
        line(found.rising, calm, "loss, averaged", cue(0)["colour"], "rate %{x:.3g}: %{y:.3g} averaged"),
        points(
            ends,
            np.interp(ends, found.rising, found.calm),
            "fastest and lowest",
            INK,
            symbol=["triangle-down", "diamond"],
        ),
    ]
    low = float(raw[raw > 0].min(initial=1.0))
    return spec(
        data,
        title="Range test: the loss of one run while its rate rises",
        alt="Line chart of the loss of one run against its rising rate, raw and averaged",
        margin={"l": 76, "r": 30, "t": 66, "b": 52},
        annotations=[key_line([("loss", FAINT, "thin"), ("averaged, β = 0.9", cue(0)["colour"], "solid"), ("falls fastest, lowest", INK, "marker")])],
        **_chart(r, "rate", "loss", low),
    )  # fmt: skip


def _chart(r: Results, across: str, upward: str, lowest: float) -> dict[str, Any]:
    """Loss against rate, both over decades; dashed the rate above which a quadratic of this curvature diverges."""
    return {
        "style": r.settings["style"], "showlegend": False, "height": 430,
        "shapes": [vline(2 / r.settings["curvature"], width=1.4, dash="dash")],
        "xaxis": log_axis(across, np.log10(SWEPT[[0, -1]])),
        "yaxis": log_axis(upward, decades([max(lowest, 1e-9), TOP / 2], 9)),
    }  # fmt: skip
