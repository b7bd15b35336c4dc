"""Pictures of what a schedule does: 200 noisy runs, where they end and how they get there."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.schedules import Results
from ...lessons.schedules.training import FAR, LIMIT, REPLICAS, START, Runs
from ..plot.axes import axis, log_axis
from ..plot.surface_map import marks
from ..plot.text import listed, number, whole
from ..plot.theme import INK, key_line, spec
from ..plot.traces import line, points
from . import run_words
from .style import band, colour, dash, decades, key_layout, picture, symbol
from .words import curve_label

MOST_POINTS = 600
MOST_DECADES, MOST_DECADES_CALM = 4, 12
TINY = 1e-12


@picture(label="Distance to the minimum against step", caption=run_words.distance_caption)
def distance(r: Results) -> dict[str, Any]:
    """The middle run of each curve with the band of the middle two thirds; thin, what the equation expects."""
    x = np.arange(len(r.run_steps) + 1.0)
    shades, lines = [], []
    for c, runs in zip(r.curves, r.training, strict=True):
        low, _, high = np.where(np.isfinite(runs.band), runs.band, np.nan)
        whole = np.isfinite(low) & np.isfinite(high)
        shades.append(band(x[whole], low[whole], high[whole], f"{c.name}, 16 to 84 %", colour(c)))
        rms = np.where(np.isfinite(runs.rms), runs.rms, np.nan)
        lines.append(line(x, rms, c.name, colour(c), f"{curve_label(c)}, step %{{x:,}}: %{{y:.3g}}", dash=dash(c)))
        expected = np.where(np.isfinite(runs.expected), runs.expected, np.nan)
        lines.append(line(x, expected, f"{c.name}, expected", INK, "expected %{y:.3g}", width=0.8, dash="dot"))
    best = f"best fixed rate {number(r.constant)}"
    lines.append(line(x, r.best.rms, best, INK, f"{best}, step %{{x:,}}: %{{y:.3g}}", dash="dash", width=1.8))
    lowest = max(min(float(runs.rms.min()) for runs in (*r.training, r.best)), TINY)
    most = MOST_DECADES if r.settings["noise"] else MOST_DECADES_CALM
    return spec(
        [*shades, *lines],
        title=run_words.distance_title(r),
        alt="Line chart of the distance to the minimum against the step, on a logarithmic axis, for "
        + listed([c.name for c in r.curves]) + " and the best fixed rate",
        height=430, **key_layout(r, (best, INK, "dash"), ("expected", INK, "thin")),
        xaxis=axis("step", range=[0, len(x) - 1]),
        yaxis=log_axis("distance to the minimum", decades([lowest, 4 * np.hypot(*START)], most)),
    )  # fmt: skip


@picture(label="Where the runs end", caption=run_words.cloud_caption)
def cloud(r: Results) -> dict[str, Any]:
    """The end points round the minimum, a symbol and colour for each curve."""
    shown = max(MOST_POINTS // len(r.curves), 1)
    ends = [runs.ends[np.isfinite(runs.ends[:, 0])][:shown] for runs in r.training]
    every = np.abs(np.concatenate([*ends, [[0.1, 0.1]]]))
    reach = 1.05 * float(np.quantile(every, 0.995))
    order = np.argsort([-float(e.std()) if len(e) else 0.0 for e in ends], kind="stable")
    data = [
        points(ends[i][:, 0], ends[i][:, 1], r.curves[i].name, colour(r.curves[i]), f"{curve_label(r.curves[i])} (%{{x:.3g}}, %{{y:.3g}})",
               symbol=symbol(r.curves[i]), size=5, opacity=0.75)
        for i in order
    ]  # fmt: skip
    data.append(marks([(0.0, 0.0, "minimum")], 13))
    keys = [(curve_label(c), colour(c), "marker") for c in r.curves]
    return spec(
        data,
        title="Where the runs are after the last step",
        alt="Scatter plot of the end points round the minimum for " + listed([c.name for c in r.curves]),
        style=r.settings["style"], showlegend=False, height=430,
        margin={"l": 60, "r": 16, "t": 66, "b": 52},
        annotations=[key_line(keys)],
        xaxis=axis("w₁", range=[-reach, reach]),
        yaxis=axis("w₂", range=[-reach, reach], scaleanchor="x", constrain="domain"),
    )  # fmt: skip


def training_table(r: Results) -> list[dict[str, str]]:
    """Each curve beside the best fixed rate (D3), as it is and with all its rates times its own best factor."""
    rows = [
        _training_row(c.name, runs, factor, end)
        for c, runs, (factor, end) in zip(r.curves, r.training, r.tuned, strict=True)
    ]
    return [*rows, _training_row("best fixed rate", r.best, 1.0, float(r.best.expected[-1]))]


def _training_row(name: str, runs: Runs, factor: float, end: float) -> dict[str, str]:
    expected = runs.expected[-1]
    gone = REPLICAS - len(runs.left)
    return {
        "curve": name, "mean rate": number(runs.rates.mean()),
        "distance at the end": f"{whole(gone)} of {REPLICAS} diverged" if gone else number(runs.end),
        "expected": number(expected) if np.isfinite(expected) else f"over {number(LIMIT)}",
        f"first within {number(FAR)}": f"step {whole(runs.arrived)}" if runs.arrived >= 0 else "never",
        "best factor on it": f"× {number(factor)}", "expected then": number(end),
    }  # fmt: skip
