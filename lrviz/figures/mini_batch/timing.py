"""What a batch size costs: seconds for an epoch, and updates, samples and seconds to a target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...batches import batches
from ...lessons.mini_batch import Results
from ..plot.axes import axis, log_axis, log_range
from ..plot.text import duration, number, whole
from ..plot.theme import AMBER, BLUE, GREEN, INK, PURPLE, spec
from ..plot.traces import annotation, line, points
from .section_words import target_alt, target_caption, target_title, timing_alt, timing_caption, timing_title
from .style import empty_figure, picture
from .words import NO_RUNS, byte_size

BAND = (64, 512)


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
        hover = f"B = %{{x:,}}, {name}: %{{y:.3g}}"
        data.append(line(sizes, values, name, colour, hover, width=1.8, **axes))
        data.append(points(sizes, values, f"{name}, measured", colour, hover, symbol=hollow, **axes))
    return spec(
        data, title=timing_title(r),
        alt=timing_alt(r),
        style=r.settings["style"], height=470, showlegend=False,
        margin={"l": 72, "r": 20, "t": 70, "b": 52},
        shapes=[_band(BAND)], annotations=[_band_note(BAND), _panel_title("time for an epoch", BLUE, 1), _panel_title("updates a second", GREEN, 0.44)],
        xaxis=_sizes_axis(sizes) | {"anchor": "y2"},
        yaxis=_decades(panels[0][1], duration, domain=[0.56, 1]),
        yaxis2=_decades(panels[1][1], short_count, domain=[0, 0.44]),
    )  # fmt: skip


def timing_table(r: Results) -> list[dict[str, str]]:
    """A row for each batch size: updates, seconds, memory."""
    return [
        {
            "B": whole(t.batch_size) + (" = m" if t.batch_size == r.settings["m"] else ""),
            "updates an epoch": whole(t.updates),
            "an epoch": duration(t.seconds),
            "an update": duration(t.seconds / t.updates),
            f"memory of a batch, nₓ = {whole(r.settings['n_x'])}": byte_size(
                batches(r.settings["m"], t.batch_size, r.settings["n_x"]).bytes
            ),
        }
        for t in r.timings
    ]


@picture(label="Time to a target against batch size", caption=target_caption)
def target(r: Results) -> dict[str, Any]:
    """Updates, samples and seconds until the cost of all samples is down to the target; gaps where it never is."""
    found = r.targets
    if isinstance(found, str):
        return empty_figure(r, target_caption(r), NO_RUNS)
    sizes = np.array([t.batch_size for t in found], float)
    panels = (
        ("updates", "updates", PURPLE, "", [0.74, 1], None),
        ("samples", "samples seen", GREEN, "2", [0.37, 0.63], short_count),
        ("seconds", "time, measured here", AMBER, "3", [0, 0.26], duration),
    )
    data, axes = [], {}
    for kind, name, colour, place, domain, words in panels:
        values = np.array([getattr(t, kind) for t in found], float)
        where = {"yaxis": "y" + place} if place else {}
        marked = {"mode": "lines+markers", "marker": {"color": colour, "size": 8}}
        data.append(
            line(sizes, values, name, colour, f"B = %{{x:,}}, {kind}: %{{y:.3g}}", width=1.8, **marked, **where)
        )
        upward = _decades(values, words, domain=domain) if words else axis("", domain=domain, rangemode="tozero")
        axes["yaxis" + place] = upward
    return spec(
        data, title=target_title(r),
        alt=target_alt(r),
        style=r.settings["style"], height=520, showlegend=False, shapes=[_band(BAND)],
        annotations=[_band_note(BAND), *(_panel_title(name, colour, domain[1]) for _, name, colour, _, domain, _ in panels)],
        margin={"l": 72, "r": 20, "t": 70, "b": 52},
        xaxis=_sizes_axis(sizes) | {"anchor": "y3"}, **axes,
    )  # fmt: skip


def _sizes_axis(sizes: np.ndarray) -> dict[str, Any]:
    last = float(np.log10(sizes[-1]))
    ticks = [float(4**k) for k in range(11) if 4**k <= sizes[-1]]
    shown = ticks if len(ticks) <= 6 else ticks[::2]
    ticks = {"tickvals": shown, "ticktext": [whole(v) for v in shown]}
    return log_axis("batch size B", [-0.05 * last, 1.03 * last], **ticks)


def short_count(value: float) -> str:
    """A power of ten in short: 100, 10k, 1M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{whole(value / size)}{letter}"
    return number(value)


def _decades(values: np.ndarray, words: Callable[[float], str], **fields: Any) -> dict[str, Any]:
    """A logarithmic axis over whole decades, at least one, that holds the values; NaN is left out."""
    low, high = log_range(values)
    high = max(high, low + 1)
    ticks = [float(f"1e{k}") for k in range(int(low), int(high) + 1)]
    return log_axis("", [low, high], tickvals=ticks, ticktext=[words(v) for v in ticks], **fields)


def _panel_title(text: str, colour: str, top: float) -> dict[str, Any]:
    """The name of a panel, above its left end."""
    return annotation(
        text, 0, top, xref="paper", yref="paper", xanchor="left", yanchor="bottom", font={"color": colour}
    )


def _band(ends: tuple[int, int]) -> dict[str, Any]:
    """The rule of thumb as a band."""
    return {
        "type": "rect", "xref": "x", "yref": "paper", "x0": ends[0], "x1": ends[1], "y0": 0, "y1": 1, "layer": "below",
        "fillcolor": AMBER, "opacity": 0.14, "line": {"width": 0},
    }  # fmt: skip


def _band_note(ends: tuple[int, int]) -> dict[str, Any]:
    middle = float(np.log10(np.sqrt(ends[0] * ends[1])))
    return annotation("64–512", middle, 1, xref="x", yref="paper", yanchor="bottom", font={"size": 13, "color": INK})
