"""Pictures of what a schedule does: 200 noisy runs, where they end and how they get there."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...descent import first_step
from ...lessons.schedules import Results
from ...lessons.schedules.slots import Curve
from ...lessons.schedules.training import REPLICAS, START, Runs, floor
from ..plot.theme import INK, axis, key_line, spec
from .look import band, colour, dash, decades, key_entry, letter, line, listed, number, picture, steps, symbol

MOST_POINTS = 600
MOST_DECADES, MOST_DECADES_CALM = 4, 12
TINY = 1e-12
FAR = 0.5  # a run that ends farther off, without having come to rest, is on the way


def resting(runs: Runs, r: Results) -> float | None:
    """The distance that theory has a fixed rate stay at; None for other curves and for runs that are not there yet."""
    rest = float(floor(runs.rates[0], *r.bowl))
    return rest if runs.constant and runs.diverged < 0 and runs.expected[-1] <= 1.05 * rest else None


def fate(curve: Curve, runs: Runs, r: Results) -> str:
    """How the runs of one curve ended: diverged, still on the way, or near the minimum."""
    who, rest = letter(curve), resting(runs, r)
    if runs.diverged >= 0:
        most = number(2 / r.settings["curvature"])
        return f"{who} diverges, the first run at step {runs.diverged} (it has a rate above 2/λ = {most})"
    text = f"{who} ends {number(runs.end)} from the minimum"
    if rest is not None:
        return f"{text} (theory for a fixed rate: {number(rest)})"
    return f"{text}, still on the way" if runs.constant and runs.end > FAR else text


def time_lapse(r: Results) -> str:
    count = len(r.run_steps)
    return (
        "" if count == r.total else f" The runs take {steps(count)}, spread evenly over the axis of {steps(r.total)}."
    )


def distance_caption(r: Results) -> str:
    """Where every curve's runs end, what theory says, and the best fixed rate."""
    fates = listed([fate(c, runs, r) for c, runs in zip(r.curves, r.training, strict=True)])
    best = f" The best fixed rate for this, {number(r.constant)}, ends at {number(r.best.end)}."
    skipped = [f"{letter(c)} {steps(t.skipped)}" for c, t in zip(r.curves, r.training, strict=True) if t.skipped]
    left_out = f" Steps with a rate below 0 are not taken: {listed(skipped)}." if skipped else ""
    return f"Root mean square of {REPLICAS} runs: {fates}.{best}{left_out}{time_lapse(r)}"


@picture(label="Distance to the minimum against step", caption=distance_caption)
def distance(r: Results) -> dict[str, Any]:
    """The middle run of each curve with the band of the middle two thirds; thin, what the equation expects."""
    x = np.arange(len(r.run_steps) + 1.0)
    shades, lines = [], []
    for c, runs in zip(r.curves, r.training, strict=True):
        low, _, high = np.where(np.isfinite(runs.band), runs.band, np.nan)
        whole = np.isfinite(low) & np.isfinite(high)
        shades.append(band(x[whole], low[whole], high[whole], f"{c.name}, 16 to 84 %", colour(c)))
        rms = np.where(np.isfinite(runs.rms), runs.rms, np.nan)
        lines.append(line(x, rms, c.name, colour(c), f"{letter(c)}, step %{{x}}: %{{y:.3g}}", dash=dash(c)))
        lines.append(
            line(
                x,
                np.where(np.isfinite(runs.expected), runs.expected, np.nan),
                f"{c.name}, expected",
                INK,
                "expected %{y:.3g}",
                width=0.8,
                dash="dot",
            )
        )
    best = f"best fixed rate {number(r.constant)}"
    lines.append(line(x, r.best.rms, best, INK, f"{best}, step %{{x}}: %{{y:.3g}}", dash="dash", width=1.8))
    lowest = max(min(float(runs.rms.min()) for runs in (*r.training, r.best)), TINY)
    most = MOST_DECADES if r.settings["noise"] else MOST_DECADES_CALM
    return spec(
        [*shades, *lines],
        title="The fixed rate stays away, the decaying one closes in" if _mixed(r) else "How near the runs come",
        alt="Line chart of the distance to the minimum against the step, on a logarithmic axis, for "
        + listed([c.name for c in r.curves]) + " and the best fixed rate",
        style=r.settings["style"], showlegend=False, height=430,
        margin={"l": 76, "r": 30, "t": 38 + 24 * ((len(r.curves) + 4) // 3), "b": 52},
        annotations=[key_line([*map(key_entry, r.curves), (best, INK, "dash"), ("expected", INK, "thin")], a_line=3)],
        meta={"still": 0},
        xaxis=axis("step", range=[0, len(x) - 1]),
        yaxis=axis("distance to the minimum", type="log", dtick=1, exponentformat="e", range=decades(lowest, 4 * np.hypot(*START), most)),
    )  # fmt: skip


def _mixed(r: Results) -> bool:
    """Whether a fixed rate and a decaying one that ends nearer are both there."""
    fixed = [runs.end for runs in r.training if runs.constant]
    others = [runs.end for runs in r.training if not runs.constant]
    return bool(fixed and others and max(others) < min(fixed))


def cloud_caption(r: Results) -> str:
    """How wide each cloud is, in one coordinate."""
    parts = []
    for c, runs in zip(r.curves, r.training, strict=True):
        left = np.isfinite(runs.ends[:, 0])
        spread = float(runs.ends[left].std()) if left.any() else np.nan
        gone = REPLICAS - int(left.sum())
        parts.append(
            f"{letter(c)} "
            + (f"± {number(spread)}" if left.any() else "nowhere")
            + (f" ({gone} diverged)" if gone else "")
        )
    rests = [(letter(c), resting(runs, r)) for c, runs in zip(r.curves, r.training, strict=True)]
    fixed = [f"{who} ± {number(rest / np.sqrt(2))}" for who, rest in rests if rest is not None]
    theory = f" A fixed rate should come to rest at σ√(lr/(λ(2 − lr λ))): {listed(fixed)}." if fixed else ""
    return f"Spread of the {REPLICAS} end points in one coordinate: {listed(parts)}.{theory}"


@picture(label="Where the runs end", caption=cloud_caption)
def cloud(r: Results) -> dict[str, Any]:
    """The end points round the minimum, a symbol and colour for each curve."""
    shown = max(MOST_POINTS // len(r.curves), 1)
    ends = [runs.ends[np.isfinite(runs.ends[:, 0])][:shown] for runs in r.training]
    every = np.abs(np.concatenate([*ends, [[0.1, 0.1]]]))
    reach = 1.05 * float(np.quantile(every, 0.995))
    order = np.argsort([-float(e.std()) if len(e) else 0.0 for e in ends], kind="stable")
    data = [
        {"type": "scatter", "mode": "markers", "x": ends[i][:, 0], "y": ends[i][:, 1], "name": r.curves[i].name, "opacity": 0.75,
         "marker": {"color": colour(r.curves[i]), "size": 5, "symbol": symbol(r.curves[i])},
         "hovertemplate": f"{letter(r.curves[i])} (%{{x:.3g}}, %{{y:.3g}})<extra></extra>"}
        for i in order
    ]  # fmt: skip
    data.append({
        "type": "scatter", "mode": "markers", "x": np.zeros(1), "y": np.zeros(1), "name": "minimum",
        "marker": {"color": INK, "size": 13, "symbol": "cross-thin", "line": {"width": 2, "color": INK}}, "hoverinfo": "skip",
    })  # fmt: skip
    keys = [(letter(c), colour(c), "marker") for c in r.curves]
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
    rows = []
    for c, runs, (factor, end) in zip(r.curves, r.training, r.tuned, strict=True):
        left = np.isfinite(runs.end)
        rows.append({
            "curve": c.name, "mean rate": number(runs.rates.mean()),
            "distance at the end": number(runs.end) if left else "diverged",
            "expected": number(runs.expected[-1]) if left else "", "within 0.5 from step": arrival(runs),
            "best factor on it": f"× {number(factor)}", "expected then": number(end),
        })  # fmt: skip
    rows.append({
        "curve": "best fixed rate", "mean rate": number(r.constant), "distance at the end": number(r.best.end),
        "expected": number(r.best.expected[-1]), "within 0.5 from step": arrival(r.best), "best factor on it": "× 1",
        "expected then": number(r.best.expected[-1]),
    })  # fmt: skip
    return rows


def arrival(runs: Runs) -> str:
    """The first step at which the runs were within `FAR` of the minimum."""
    step = int(first_step(runs.rms <= FAR))
    return str(step) if step >= 0 else "never"
