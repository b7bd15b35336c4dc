"""What the schedules page says of the rates and of the search for one: a few sentences under each figure, and its title.

What it says of runs is in `run_words`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ...lessons.schedules import Results
from ...lessons.schedules.axis import MOST_SUMMED, MOST_WHOLE
from ...lessons.schedules.slots import Curve
from ...lessons.schedules.training import BUDGETS, RANGE_STEPS, SHORT_RUNS, SWEPT
from ..plot.text import counted, listed, noun, number, paragraph, verb, whole

LARGEST = 1e30  # of the rates that are drawn: the browser counts in single precision
SCALED = {"same_peak": "highest rate", "same_area": "sum of the rates"}


def curve_label(curve: Curve) -> str:
    return curve.letter.upper()


def curve_labels(curves: Iterable[Curve]) -> str:
    return listed(map(curve_label, curves))


def by_curve(curves: Iterable[Curve], values: Iterable[Any]) -> str:
    """A 0.1, B 0.2 and C 0.3."""
    return listed(f"{curve_label(c)} {value}" for c, value in zip(curves, values, strict=True))


def rate_text(value: float) -> str:
    """A learning rate, also one that is too large for a floating-point number."""
    return number(value) if np.isfinite(value) else "above 10³⁰⁸ (overflow)"


def sum_text(value: float, exact: bool) -> str:
    """A sum of rates: four digits, those that are compared by it must be seen to be equal; three where it is estimated."""
    return rate_text(value) if not np.isfinite(value) else number(value, 4) if exact else number(float(f"{value:.3g}"))


# ---- the rates -----------------------------------------------------------------------------------------------------


def rates_caption(r: Results) -> str:
    """The rates at the chosen step, the sum of each curve's rates, and how the curves are compared."""
    exact = r.total <= MOST_SUMMED
    return paragraph(
        f"At step {whole(r.step)} the rate is {by_curve(r.curves, map(rate_text, r.at(r.step)))}.",
        f"The sum of the rates over {counted(r.total, 'step')} is {'' if exact else 'about '}{by_curve(r.curves, (sum_text(s, exact) for s in r.sums))}.",
        compared(r), epochs(r), *map(unpaired, r.curves), noisy(r), sampled(r), undrawn(r),
    )  # fmt: skip


def compared(r: Results) -> str:
    """Whether the curves are as given, and if not, what was done to them."""
    fairness = r.settings["fairness"]
    if len(r.curves) == 1:
        return ""
    if fairness == "as_given":
        return "The curves are as given."
    if r.unfair:
        who, have = listed(name.upper() for name in r.unfair), verb(len(r.unfair), "has", "have")
        return f"The curves are shown as given: {who} {have} no {SCALED[fairness]} between 10⁻¹⁰⁰ and 10¹⁰⁰ to be scaled by."
    factors = by_curve(r.curves[1:], (f"× {number(factor)}" for factor in r.factors[1:]))
    return f"All are scaled to the {SCALED[fairness]} of {curve_label(r.curves[0])}: {factors}."


def epochs(r: Results) -> str:
    """Counted in epochs: the rate of the selected curve after the first four of them (D2)."""
    ends = np.arange(1.0, 5.0) * r.settings["steps_per_epoch"]
    ends = ends[ends <= r.total]
    if r.settings["axis"] != "epochs" or not len(ends):
        return ""
    curve, factor = r.curves[r.in_hand], r.factors[r.in_hand]
    after = f"After {noun(len(ends), 'epoch')} {listed(str(i + 1) for i in range(len(ends)))}"
    found = listed(number(v, 2) if np.isfinite(v) else rate_text(v) for v in factor * curve.rate(ends))
    return f"{after} the rate of {curve_label(curve)} is {found}."


def unpaired(curve: Curve) -> str:
    """What of two lists has no partner yet."""
    left = curve.unpaired
    if left is None:
        return ""
    if left.count == 1:
        return f"The last {left.what} of {curve_label(curve)} has no {left.lacks} of its own yet and is left out."
    many = {"boundary": "boundaries"}.get(left.what, f"{left.what}s")
    lacks = {"boundary": "boundaries"}.get(left.lacks, f"{left.lacks}s")
    return f"The last {whole(left.count)} {many} of {curve_label(curve)} have no {lacks} of their own yet and are left out."


def noisy(r: Results) -> str:
    """Which curves are draws of their noise."""
    found = [c for c in r.curves if c.noisy]
    if not found:
        return ""
    seeds = listed(f"{curve_label(c)} is one draw of its noise (seed {whole(c.values['seed'])})" for c in found)
    return f"{seeds}; the band is the mean plus and minus one standard deviation."


def sampled(r: Results) -> str:
    """How many steps of a long axis are drawn."""
    if r.total <= MOST_WHOLE:
        return ""
    return f"Of {whole(r.total)} steps {whole(len(r.steps))} are drawn; where several jumps lie between two of them, at most one is."


def undrawn(r: Results) -> str:
    """What has no place in the figure."""
    below = [c for c, v in zip(r.curves, r.rates, strict=True) if (v <= 0).any()]
    above = [c for c, v in zip(r.curves, r.rates, strict=True) if not (v < LARGEST).all()]
    low = r.settings["scale"] == "log" and below
    return paragraph(
        f"A logarithmic axis has no place for rates of 0 and below, which {curve_labels(below)} {verb(len(below), 'has', 'have')}." if low else "",
        f"Rates from 10³⁰ on, which {curve_labels(above)} {verb(len(above), 'has', 'have')}, are not drawn." if above else "",
    )  # fmt: skip


def rates_title(r: Results) -> str:
    over = f"over {counted(r.total, 'step')}"
    if len(r.curves) == 1:
        return f"{r.curves[0].name} {over}"
    scaled = r.settings["fairness"] != "as_given" and not r.unfair
    same = f", scaled to the same {SCALED[r.settings['fairness']]}" if scaled else ""
    return f"{len(r.curves)} schedules {over}{same}"


# ---- finding a rate ------------------------------------------------------------------------------------------------


def falling(r: Results) -> bool:
    """Whether theory has the best fixed rate fall with every larger budget."""
    return bool((np.diff(r.search.theory) < 0).all())


def budgets_caption(r: Results) -> str:
    """The best rate for each budget, tried and expected, and the rate above which none can settle."""
    most = number(2 / r.settings["curvature"])
    border = f"A rate of 2/λ = {most} or more cannot settle."
    if r.settings["noise"] == 0:
        return f"Without noise the best fixed rate is 1/λ = {number(1 / r.settings['curvature'])} for every budget. {border}"
    tried = listed(
        f"{number(rate)} ({number(theory)})" for rate, theory in zip(r.search.best, r.search.theory, strict=True)
    )
    return paragraph(
        f"Of {len(SWEPT)} rates, each tried in {SHORT_RUNS} runs, the one with the lowest mean loss after {listed(map(whole, BUDGETS))} steps is "
        f"{tried}; in brackets the rate that theory expects to be best.",
        "The more steps there are, the smaller it is." if falling(r) else "", border,
    )  # fmt: skip


def budgets_title(r: Results) -> str:
    return (
        "The more steps, the smaller the best fixed rate"
        if falling(r)
        else "Loss after so many steps, against a fixed rate"
    )


def range_test_caption(r: Results) -> str:
    """What a range test would have one choose."""
    found = r.search
    first, last = number(SWEPT[0]), number(SWEPT[-1])
    end = (
        f"at {number(found.diverged)} the run has diverged"
        if found.diverged
        else f"up to {last} the run does not diverge"
    )
    return (
        f"One run of {RANGE_STEPS} steps, its rate rising from {first} to {last}: the averaged loss falls fastest at {number(found.steepest)} "
        f"and is lowest at {number(found.lowest)}; {end}. A usual choice is a tenth of the rate of the lowest loss, {number(found.lowest / 10)}; for "
        f"{counted(BUDGETS[-1], 'step')} theory expects {number(found.theory[-1])} to be the best fixed rate."
    )
