"""Pictures below the race: steps to escape, what a shelf costs, the curvature meter, and the many minima of the ripples."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.saddles import OFFSETS, PATIENCE, Results
from ...optimizers import OPTIMIZERS
from ..plot.theme import INK, MUTED, axis, key_line, spec
from .parts import key_entries, label, line, listed, look, number, picture
from .words import forgetful, rate

FAST = 100.0  # growth a step that looks like no wait at all


def _known(steps: np.ndarray) -> np.ndarray:
    """Steps with a gap where it took too long."""
    return np.where(steps >= 0, steps, np.nan)


def _between(steps: np.ndarray) -> str:
    found = steps[steps >= 0]
    if not len(found):
        return f"more than {PATIENCE} everywhere"
    most = str(found.max()) if len(found) == len(steps) else f"more than {PATIENCE}"
    return f"{found.min()} to {most}" if str(found.min()) != most else most


# ---- steps to escape ----------------------------------------------------------------------------------------


def _offsets_words(r: Results) -> str:
    """How many steps each optimizer takes over fifteen decades of offset, and where the adaptive ones start to wait."""
    words = listed([f"{label(name)} {_between(steps)}" for name, steps in r.escapes.items()])
    noise = f" Gradient noise of {number(r.settings['noise'])} is a nudge of its own." if r.settings["noise"] else ""
    return f"Over offsets from 0.1 down to 1e-16, steps to leave: {words}.{_decades(r)}{_waiting(r)}{noise}"


def _decades(r: Results) -> str:
    growth = np.log1p(rate(r, "gd") * r.terrain.curvature) if "gd" in r.runs else 0.0
    if growth < 1e-12:  # for practical purposes it never leaves
        return ""
    each = np.log(10) / growth
    return f" Each decade closer to the ridge costs gradient descent {number(each, 3)} steps more, ln 10/ln(1 + α b)."


def _waiting(r: Results) -> str:
    """Where the adaptive rules stop forgetting the scale of the gradient, and how slowly they grow there."""
    if not r.waits_below:
        return ""
    groups: dict[float, list[str]] = {}
    for name, below in r.waits_below.items():
        groups.setdefault(below, []).append(name)
    where = listed(
        [f"{number(below, 3)} ({listed([label(name) for name in names])})" for below, names in groups.items()]
    )
    text = f" Below an offset of ε/b = {where} the division by √v + ε no longer forgets how small the gradient is"
    plain = [name for name in r.waits_below if "m" not in OPTIMIZERS[name].slots]
    if not plain:
        return f"{text}."
    grows = 1 + rate(r, plain[0]) * r.terrain.curvature / r.settings[f"{plain[0]}.eps"]
    shows = "too fast to see it wait, until ε is larger" if grows > FAST else "so it waits, too"
    return f"{text}: {label(plain[0])} then grows by 1 + α b/ε = {number(grows, 3)} times a step, {shows}."


def _offsets(r: Results) -> dict[str, Any]:
    """Steps to leave against the offset from the ridge, for every optimizer; gradient descent's closed form dashed."""
    data = [
        line(OFFSETS, _known(steps), label(name), look(name)["colour"], "offset %{x:.1e}: %{y} steps", dash=look(name)["dash"])
        for name, steps in r.escapes.items()
    ]  # fmt: skip
    key = key_entries(r.runs)
    if r.terrain.curvature and "gd" in r.runs and rate(r, "gd"):
        title = "closed form" if r.terrain.quadratic else "closed form (curvature at the saddle)"
        data.append(line(OFFSETS, r.closed_forms, title, INK, "closed form %{y}", dash="dash", width=1.6))
        key.append((title, INK, "dash"))
    most = max([float(steps.max()) for steps in r.escapes.values()] + [10.0])
    marks = dict.fromkeys(r.waits_below.values(), "ε/b")
    if r.settings["place"] == "beside" and not r.picked:
        marks[r.offset] = "δ"
    marks = {x: text for x, text in marks.items() if OFFSETS[0] <= x <= OFFSETS[-1]}
    notes = [
        {
            "x": float(np.log10(x)),
            "y": 1,
            "yref": "paper",
            "yanchor": "top",
            "xanchor": "left",
            "text": text,
            "showarrow": False,
        }
        for x, text in marks.items()
    ]
    return spec(
        data,
        title=_offsets_title(r),
        alt=f"Line chart of the steps to leave {r.surface.label} against the offset from its ridge, on a log axis",
        style=r.settings["style"],
        height=420,
        showlegend=False,
        margin={"t": 94},
        annotations=[key_line(key, a_line=3), *notes],
        shapes=[_upright(x) for x in marks],
        xaxis=axis(
            "offset from the ridge",
            type="log",
            range=[-16.3, -0.7],
            exponentformat="power",
            dtick=2,
            tickfont={"size": 12},
        ),
        yaxis=axis("steps to leave", range=[0, 1.06 * most]),
    )


def _offsets_title(r: Results) -> str:
    """Who takes hardly longer from far nearer the ridge."""
    known = {name: steps[steps >= 0] for name, steps in r.escapes.items()}
    steady = [
        label(name) for name, steps in known.items() if len(steps) == len(OFFSETS) and steps.max() <= 2 * steps.min()
    ]
    if not steady:
        return "The nearer the ridge, the longer the wait"
    return f"Nearer the ridge the wait grows; {listed(steady)} hardly {'notices' if len(steady) == 1 else 'notice'}"


def _upright(x: float) -> dict[str, Any]:
    line = {"color": MUTED, "width": 1.2, "dash": "dot"}
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line}


# ---- what a shelf costs -------------------------------------------------------------------------------------


def _shelf_words(r: Results) -> str:
    """Steps to the minimum as the terrain's own parameter grows."""
    if r.shelves is None:
        return f"{r.surface.label} has no parameter to change; choose the saddle, the plateau or the cliff."
    values, steps = r.shelves
    low, high = number(values[0]), number(values[-1])
    words = listed([f"{label(rule)} {_first_last(found)}" for rule, found in steps.items()])
    quick = [label(rule) for rule in forgetful(r) if steps[rule].min() >= 0]
    rest = [found for rule, found in steps.items() if rule not in forgetful(r)]
    slower = any(found.min() < 0 for found in rest)
    text = f"Steps to the minimum as {r.surface.params[0].label} goes from {low} to {high}: {words}."
    if not (quick and slower):
        return text
    return f"{text} {listed(quick)} {'goes' if len(quick) == 1 else 'go'} on at a pace that the size of the gradient does not set."


def _first_last(steps: np.ndarray) -> str:
    first, last = (str(v) if v >= 0 else f"more than {PATIENCE}" for v in (steps[0], steps[-1]))
    return f"{first} to {last}"


def _shelf(r: Results) -> dict[str, Any]:
    """Steps to the minimum against the terrain's first parameter, for every optimizer."""
    values, found = r.shelves or (np.array([0.0, 1.0]), {})
    data = [
        line(values, _known(steps), label(rule), look(rule)["colour"], "%{x:.3g}: %{y} steps", dash=look(rule)["dash"])
        for rule, steps in found.items()
    ]
    most = max([float(steps.max()) for steps in found.values()] + [10.0])
    param = r.surface.params[0] if r.shelves else None
    title = f"{param.label} {param.symbol}".strip() if param else "nothing to change"
    return spec(
        data,
        title=f"What {param.label} costs on the {r.surface.label.lower()}" if param else f"{r.surface.label}: nothing to change",
        alt=f"Line chart of the steps to the minimum against the first parameter of {r.surface.label}",
        style=r.settings["style"],
        height=420,
        showlegend=False,
        margin={"t": 84},
        annotations=[key_line(key_entries(found), a_line=3)],
        xaxis=axis(title),
        yaxis=axis("steps to the minimum", range=[0, 1.06 * most]),
    )  # fmt: skip


# ---- one picture of the two ---------------------------------------------------------------------------------


def escape_caption(r: Results) -> str:
    """What leaving costs: against the offset beside a saddle, against the terrain's own parameter elsewhere."""
    return _offsets_words(r) if r.terrain.saddled else _shelf_words(r)


@picture(label="Steps to escape", caption=escape_caption)
def escape(r: Results) -> dict[str, Any]:
    """Steps to leave a saddle against the offset from its ridge; without a saddle, against the terrain's parameter."""
    return _offsets(r) if r.terrain.saddled else _shelf(r)
