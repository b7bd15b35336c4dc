"""What the page on saddles says of the steps it takes to leave."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from ...lessons.saddles import OFFSETS, PATIENCE, Results
from ...lessons.saddles.settings import hyperparameters
from ...optimizers import OPTIMIZERS
from ..plot.identity import label
from ..plot.text import listed, number, paragraph, verb, whole
from .words import labels, learning_rate

FAST = 100.0  # growth a step that is too quick to look like a wait
AGREES = 0.1  # a formula is given where the runs agree with it to this share
TINY_CURVATURE = 1e-12
HARDLY = 2.0  # fewer than this many times as many steps from the nearest offset as from the farthest


def escape_caption(r: Results) -> str:
    """What leaving costs: against the offset beside a saddle, against the surface's own parameter elsewhere."""
    if not r.terrain.saddled:
        return _shelf(r)
    found = listed(f"{label(name)} {_spread(steps)}" for name, steps in r.escapes.items())
    low, high = number(OFFSETS[0]), number(OFFSETS[-1])
    return paragraph(
        f"Over offsets from {high} down to {low}, steps to leave: {found}.", _decades(r), _waiting(r), _noise(r)
    )


def _spread(steps: np.ndarray) -> str:
    found = steps[steps >= 0]
    if not len(found):
        return f"more than {whole(PATIENCE)} everywhere"
    low, high = whole(found.min()), whole(found.max()) if len(found) == len(steps) else f"more than {whole(PATIENCE)}"
    return f"{low} to {high}" if low != high else f"{low} everywhere"


def _noise(r: Results) -> str:
    return (
        f"Gradient noise of {number(r.settings['noise'])} moves every run off the ridge by itself."
        if r.settings["noise"] and all(learning_rate(r, name) for name in r.escapes)
        else ""
    )


def _decades(r: Results) -> str:
    """What ten times as near costs gradient descent: exact near the saddle, without noise."""
    growth = float(np.log1p(learning_rate(r, "gd") * r.terrain.curvature)) if "gd" in r.runs else 0.0
    if growth < 1e-12 or r.settings["noise"] or not _along_ridge(r):  # for practical purposes it never leaves
        return ""
    near = r.escapes["gd"][r.escapes["gd"] >= 0][:16]  # from the nearest offsets, where the saddle is all there is
    runs = len(near) > 1 and (near[0] - near[-1]) / np.log10(OFFSETS[len(near) - 1] / OFFSETS[0])
    if not runs or abs(runs * growth / np.log(10) - 1) > AGREES:
        return ""
    return f"Ten times nearer to the ridge costs gradient descent ln 10/ln(1 + α b) = {number(np.log(10) / growth)} steps more."


def _along_ridge(r: Results) -> bool:
    """Whether a run that starts on the ridge is not pushed off it at the start, so that the offset is what counts."""
    on_ridge = r.terrain.beside(0.0)
    sideways = abs(np.array(r.surface.gradient(*on_ridge)) @ r.terrain.down)
    return bool(sideways <= 1e-9 * max(r.terrain.curvature, TINY_CURVATURE))


def _waiting(r: Results) -> str:
    """From where on the adaptive rules wait as well, and how slowly they grow there."""
    names = sorted((name for name, below in r.waits_below.items() if below), key=lambda name: r.waits_below[name])
    if not names or r.settings["noise"] or not _along_ridge(r):
        return ""
    groups = groupby(names, key=lambda name: r.waits_below[name])
    where = listed(f"{number(below)} ({labels(list(group))})" for below, group in groups)
    text = (
        f"Below an offset of about ε/b = {where} the gradient is smaller than ε, which then sets the size of the steps"
    )
    here = {name: hyperparameters(r.settings, r.surface.name, name) for name in names}
    plain = [name for name in names if learning_rate(r, name) > 0 and not OPTIMIZERS[name].coasts(**here[name])]
    if not plain:
        return f"{text}."
    times = 1 + learning_rate(r, plain[0]) * r.terrain.curvature / r.settings[f"{plain[0]}.eps"]
    quick = ", too quickly to see it wait" if times > FAST else ", so it waits as well"
    return f"{text}: {label(plain[0])} then multiplies its offset by 1 + α b/ε = {number(times)} at each step{quick}."


def escape_title(r: Results) -> str:
    """For whom the wait grows nearer the ridge, and for whom it hardly does."""
    grows = [
        name
        for name, steps in r.escapes.items()
        if steps.max() >= 0 and (steps[0] < 0 or steps[0] > HARDLY * steps[-1] >= 0)
    ]
    steady = [name for name, s in r.escapes.items() if s.min() >= 0 and s.max() <= HARDLY * s.min()]
    if grows and steady:
        return f"Nearer the ridge the wait grows, but hardly for {labels(steady)}"
    if grows:
        return "The nearer the ridge, the longer the wait"
    if steady:
        return f"The offset hardly matters to {labels(steady)}"
    return "Steps to leave over fifteen decades of offset"


def shelf_title(r: Results) -> str:
    """What is varied on a surface without a saddle."""
    if r.shelves is None:
        return f"{r.surface.label}: no parameter to vary"
    return f"Steps to the minimum against {r.surface.params[0].label}"


def _shelf(r: Results) -> str:
    """Steps to the minimum as the surface's own parameter grows."""
    if r.shelves is None:
        return f"{r.surface.label} has no parameter to vary; choose the saddle, the plateau or the cliff."
    values, found = r.shelves
    words = listed(f"{label(rule)} {_first_last(steps)}" for rule, steps in found.items())
    always = [rule for rule, steps in found.items() if steps.min() >= 0]
    alone = (
        f"Only {labels(always)} {verb(len(always), 'arrives', 'arrive')} at every value."
        if 0 < len(always) < len(found)
        else ""
    )
    name = r.surface.params[0].label
    return paragraph(
        f"Steps to the minimum as {name} goes from {number(values[0])} to {number(values[-1])}: {words}.", alone
    )


def _first_last(steps: np.ndarray) -> str:
    first, last = (whole(v) if v >= 0 else f"more than {whole(PATIENCE)}" for v in (steps[0], steps[-1]))
    return f"{first} to {last}" if first != last else f"{first} at both ends"
