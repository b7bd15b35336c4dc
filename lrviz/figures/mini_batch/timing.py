"""What a batch size costs: seconds for an epoch, and updates, samples and seconds to a target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...batches import batches, rule_of_thumb
from ...lessons.mini_batch import Results
from ...lessons.mini_batch.timing import MOST_EPOCHS, MOST_UPDATES
from ..plot.theme import AMBER, BLUE, GREEN, INK, PURPLE, axis, spec
from .cutting import memory
from .style import dots, duration, figure, line, listed, picture, refused

BAND = (64, 512)


def thumb(m: int) -> str:
    """The rule of thumb for m samples, in a sentence."""
    if rule_of_thumb(m) == (m,):
        return f"Rule of thumb: {m:,} samples are fewer than 2,000, so use batch; else 64 to 512, a power of two."
    return f"Rule of thumb: {m:,} samples are too many for batch, so try 64 to 512, a power of two."


def timing_caption(r: Results) -> str:
    """Why not 1, why not m, on this machine."""
    timings = r.timings
    one, whole = timings[0], timings[-1]
    best = min(timings, key=lambda t: t.seconds)
    parts = [
        f"Measured on this machine: an epoch of {r.settings['m']:,} samples takes {duration(one.seconds)} with B = 1 and "
        f"{duration(best.seconds)} with B = {best.batch_size:,}, {figure(one.seconds / best.seconds)} times faster: one sample "
        f"at a time, vectorisation is lost. Until the next step you wait {duration(one.seconds / one.updates)} with B = 1 and "
        f"{duration(whole.seconds / whole.updates)} with B = m. {thumb(r.settings['m'])}"
    ]
    if any(t.extrapolated for t in timings):
        parts.append("Hollow points: a part of the epoch was run, the rest extrapolated.")
    return " ".join(parts)


@picture(label="Time per epoch against batch size", caption=timing_caption)
def timing(r: Results) -> dict[str, Any]:
    """Seconds for an epoch and updates a second, over decades, against batch size."""
    timings = r.timings
    sizes = np.array([t.batch_size for t in timings], float)
    hollow = ["circle-open" if t.extrapolated else "circle" for t in timings]
    panels = (
        ("seconds an epoch", np.array([t.seconds for t in timings]), BLUE, {}),
        ("updates a second", np.array([t.updates_per_second for t in timings]), GREEN, {"yaxis": "y2"}),
    )
    data = []
    for name, values, colour, axes in panels:
        data.append(line(sizes, values, name, colour, f"B = %{{x:,}}: %{{y:.3g}} {name}", width=1.8, **axes))
        data.append(
            dots(sizes, values, f"{name}, measured", colour, f"B = %{{x:,}}: %{{y:.3g}} {name}", symbol=hollow, **axes)
        )
    return spec(
        data, title="One sample at a time wastes the machine",
        alt=f"Two line charts over batch sizes from 1 to {r.settings['m']:,}: measured seconds of an epoch, and updates a second",
        style=r.settings["style"], height=470, showlegend=False,
        margin={"l": 72, "r": 20, "t": 70, "b": 52},
        shapes=[_band(BAND)], annotations=[_band_note(BAND), _over("time for an epoch", BLUE, 1), _over("updates a second", GREEN, 0.44)],
        xaxis=_sizes_axis(sizes) | {"anchor": "y2"},
        yaxis=axis("", domain=[0.56, 1], **_decades(panels[0][1], duration)),
        yaxis2=axis("", domain=[0, 0.44], **_decades(panels[1][1], count)),
    )  # fmt: skip


def timing_table(r: Results) -> list[dict[str, str]]:
    """A row for each batch size: updates, seconds, memory."""
    return [
        {
            "B": f"{t.batch_size:,}" + (" = m" if t.batch_size == r.settings["m"] else ""),
            "updates an epoch": f"{t.updates:,}",
            "an epoch": duration(t.seconds),
            "an update": duration(t.seconds / t.updates),
            f"memory of a batch, nₓ = {r.settings['n_x']:,}": memory(
                batches(r.settings["m"], t.batch_size, r.settings["n_x"]).bytes
            ),
        }
        for t in r.timings
    ]


def target_caption(r: Results) -> str:
    """Which batch size needs the fewest updates, samples and seconds, and which do not arrive."""
    found = r.targets
    if isinstance(found, str):
        return f"These runs cannot be made: {found}."
    there = [t for t in found if t.reached]
    target = f"down to a cost of {figure(r.target(r.settings['left_over']))}, with {100 * r.settings['left_over']:.3g} % of the start's excess left"
    if not there:
        return f"No batch size comes {target}, in {MOST_EPOCHS} epochs or {MOST_UPDATES:,} updates."
    best = [min(there, key=lambda t, kind=kind: getattr(t, kind)) for kind in ("updates", "samples", "seconds")]
    words = [f"fewest updates with B = {best[0].batch_size:,} ({figure(best[0].updates)})"]
    words.append(f"fewest samples with B = {best[1].batch_size:,} ({figure(best[1].samples)})")
    words.append(f"quickest, as measured here, with B = {best[2].batch_size:,} ({duration(best[2].seconds)})")
    absent = [f"B = {t.batch_size:,}" for t in found if not t.reached]
    missing = ""
    if absent:
        missing = f" Given up, after {MOST_EPOCHS} epochs or {MOST_UPDATES:,} updates: {listed(absent)}. Too small a batch is too noisy, too large a one too slow."
    return f"To come {target}: {listed(words)}.{missing}"


@picture(label="Time to a target against batch size", caption=target_caption)
def target(r: Results) -> dict[str, Any]:
    """Updates, samples and seconds until the cost of all samples is down to the target; gaps where it never is."""
    found = r.targets
    if isinstance(found, str):
        return refused(r, target_caption(r))
    sizes = np.array([t.batch_size for t in found], float)
    panels = (
        ("updates", "updates", PURPLE, "", [0.74, 1], None),
        ("samples", "samples seen", GREEN, "2", [0.37, 0.63], count),
        ("seconds", "time, measured here", AMBER, "3", [0, 0.26], duration),
    )
    data, axes = [], {}
    for kind, name, colour, number, domain, words in panels:
        values = np.array([getattr(t, kind) for t in found], float)
        where = {"yaxis": "y" + number} if number else {}
        data.append(
            line(
                sizes,
                values,
                name,
                colour,
                f"B = %{{x:,}}: %{{y:.3g}} {kind}",
                mode="lines+markers",
                width=1.8,
                marker={"color": colour, "size": 8},
                **where,
            )
        )
        axes["yaxis" + number] = axis(
            "", domain=domain, **({"rangemode": "tozero"} if words is None else _decades(values, words))
        )
    return spec(
        data, title="The best batch size depends on what is counted",
        alt=f"Three line charts over batch sizes from 1 to {r.settings['m']:,}: updates, samples and seconds to the target",
        style=r.settings["style"], height=520, showlegend=False, shapes=[_band(BAND)],
        annotations=[_band_note(BAND), *(_over(name, colour, domain[1]) for _, name, colour, _, domain, _ in panels)],
        margin={"l": 72, "r": 20, "t": 70, "b": 52},
        xaxis=_sizes_axis(sizes) | {"anchor": "y3"}, **axes,
    )  # fmt: skip


def _sizes_axis(sizes: np.ndarray) -> dict[str, Any]:
    last = float(np.log10(sizes[-1]))
    ticks = [float(4**k) for k in range(11) if 4**k <= sizes[-1]]
    shown = ticks if len(ticks) <= 6 else ticks[::2]
    return axis(
        "batch size B",
        type="log",
        range=[-0.05 * last, 1.03 * last],
        tickvals=shown,
        ticktext=[f"{v:,.0f}" for v in shown],
    )


def count(value: float) -> str:
    """A power of ten in short: 100, 10k, 1M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.0f}{letter}"
    return f"{value:.3g}"


def _decades(values: np.ndarray, words: Callable[[float], str]) -> dict[str, Any]:
    """A logarithmic axis over whole decades, at least one, that holds the values; NaN is left out."""
    known = np.log10(values[np.isfinite(values) & (values > 0)])
    low, high = (int(np.floor(known.min())), int(np.ceil(known.max()))) if known.size else (0, 1)
    high = max(high, low + 1)
    ticks = [float(f"1e{k}") for k in range(low, high + 1)]
    return {"type": "log", "range": [low, high], "tickvals": ticks, "ticktext": [words(v) for v in ticks]}


def _over(text: str, colour: str, top: float) -> dict[str, Any]:
    """The name of a panel, above its left end."""
    return {
        "text": text, "x": 0, "y": top, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
        "showarrow": False, "font": {"color": colour},
    }  # fmt: skip


def _band(ends: tuple[int, int]) -> dict[str, Any]:
    """The rule of thumb as a band."""
    return {
        "type": "rect", "xref": "x", "yref": "paper", "x0": ends[0], "x1": ends[1], "y0": 0, "y1": 1, "layer": "below",
        "fillcolor": AMBER, "opacity": 0.14, "line": {"width": 0},
    }  # fmt: skip


def _band_note(ends: tuple[int, int]) -> dict[str, Any]:
    middle = float(np.log10(np.sqrt(ends[0] * ends[1])))
    return {
        "x": middle,
        "y": 1,
        "xref": "x",
        "yref": "paper",
        "yanchor": "bottom",
        "text": "64–512",
        "showarrow": False,
        "font": {"size": 13, "color": INK},
    }
