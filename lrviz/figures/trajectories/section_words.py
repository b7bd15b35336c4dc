"""What the figures below the main one say: rates, sweeps, maps, basins, eps, and one step written out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...curvature import Basins
from ...lessons.trajectories import Results
from ...lessons.trajectories.maps import EPSILONS, RateMap, last, near, replicas
from ...lessons.trajectories.run import Run
from ...lessons.trajectories.settings import MAP_STEPS, MEMORY
from ...optimizers import OPTIMIZERS
from ..plot.text import counted, listed, number, paragraph, percent, point, times_as, verb, whole

BETAS = (0.0, 0.5, 0.9)  # rows of a map that are told
SAME = 1.05  # what changes by a smaller factor hardly changes


def loss_criterion(r: Results, steps: int) -> str:
    """Which loss a rate is judged by."""
    few, seeds = last(steps), replicas(r.setup, steps)
    over = f"mean of the last {whole(few)} losses" if few > 1 else "last loss"
    return f"{over}, over {seeds} seeds" if seeds > 1 else over


# ----------------------------------------------------------------------------------------------------- rates of a run


def rates_caption(r: Results) -> str:
    """The effective rates of the step shown, for the rules that scale each coordinate."""
    k = r.update
    scaled = [_rates(run, k) for run in r.runs if run.scales and k < run.last]
    plain = [run.label for run in r.runs if not run.scales and not run.entry.normalises]
    sizeless = [run.label for run in r.runs if not run.scales and run.entry.normalises]
    diverged = [run.label for run in r.runs if run.scales and k >= run.last]
    return paragraph(
        f"Effective rates in step {whole(k + 1)}: {'; '.join(scaled)}." if scaled else "",
        f"{listed(plain)} {verb(len(plain), 'has', 'have')} the same rate along x and y." if plain else "",
        f"{listed(sizeless)} {verb(len(sizeless), 'divides', 'divide')} the gradient by its own size: no rate multiplies it."
        if sizeless
        else "",
        f"{listed(diverged)} had diverged by then." if diverged else "",
    )


def _rates(run: Run, k: int) -> str:
    x, y = run.effective[k]
    along = [
        f"{number(rate)} along {axis}" if np.isfinite(rate) else f"none along {axis} (0/0)"
        for axis, rate in (("x", x), ("y", y))
    ]
    more, less = max(x, y), min(x, y)
    ratio = f" ({times_as(more / less, 'large')} along {'x' if x > y else 'y'})" if 0 < SAME * less < more else ""
    return f"{run.label} {listed(along)}{ratio}"


# ------------------------------------------------------------------------------------------------------------- sweeps


def sensitivity_caption(r: Results) -> str:
    """The best rate of each, and the limits of those that have one."""
    lost = [run.label for run in r.runs if not np.isfinite(r.sweeps[run.name][1]).any()]
    best = [f"{run.label} {number(r.sweeps[run.name][0])}" for run in r.runs if run.label not in lost]
    return paragraph(
        f"Of {len(r.rates)} rates the best after {counted(r.steps, 'step')} ({loss_criterion(r, r.steps)}): {', '.join(best)}." if best else "",
        _at_an_end([r.sweeps[run.name][0] for run in r.runs if run.label not in lost], r.rates),
        f"At each of the {len(r.rates)} rates {listed(lost)} {verb(len(lost), 'diverges', 'diverge')}." if lost else "",
        _limits(r),
    )  # fmt: skip


def _at_an_end(found: Iterable[float], rates: np.ndarray) -> str:
    """That a rate found lies at an end of those tried, and is no best of all."""
    said = []
    for end, which, more in ((rates[-1], "largest", "larger"), (rates[0], "smallest", "smaller")):
        if any(np.isclose(rate, end, rtol=1e-6, atol=0) for rate in found):
            said.append(f"{number(end)} is the {which} rate tried; a {more} one may be better.")
    return paragraph(*said)


def _limits(r: Results) -> str:
    limits = [f"{number(run.limit)} for {run.label}" for run in r.runs if run.limit is not None]
    if not limits:
        return ""
    x, y, _ = r.land.minima[r.land.nearest(*r.setup.start)]
    where = "Here" if r.land.quadratic else f"On a quadratic that curves as much as the minimum at {point(x, y)}"
    return f"{where} the stability limit of the rate is {listed(limits)}."


def range_test_caption(r: Results) -> str:
    """What the range test suggests, and how the best rate changes with the budget."""
    said = [_range_test(r, run) for run in r.runs]
    some = any(r.range_test(run).lowest is not None for run in r.runs)
    return paragraph(
        f"{'; '.join(said)}.",
        f"Best is the smallest loss ({_judged_both(r)}).",
        _at_an_end(
            [best for run in r.runs for best, loss in r.range_test(run).final.values() if np.isfinite(loss).any()],
            r.rates,
        ),
        "The usual rule for a range test is a tenth of the rate at the lowest loss." if some else "",
    )


def _judged_both(r: Results) -> str:
    ways = {steps: loss_criterion(r, steps) for steps in (r.settings["budget"], r.steps)}
    if len(set(ways.values())) == 1:
        return ways[r.steps]
    return "; ".join(f"with {counted(steps, 'step')} the {way}" for steps, way in ways.items())


def _range_test(r: Results, run: Run) -> str:
    test = r.range_test(run)
    lowest = f"lowest at a rate of {number(test.lowest)}" if test.lowest is not None else "never below its start"
    best = [_best_rate(steps, *test.final[steps]) for steps in dict.fromkeys((r.settings["budget"], r.steps))]
    return f"{run.label}: the loss is {lowest}, and of many runs the best rate is {listed(best)}"


def _best_rate(steps: int, best: float, loss: np.ndarray) -> str:
    found = number(best) if np.isfinite(loss).any() else "none (every one diverges)"
    return f"{found} with {counted(steps, 'step')}"


def epsilon_title(r: Results) -> str:
    """Up to which eps nothing changes, where that is one statement."""
    ends = {_same_up_to(r.arrivals_by_eps(run)) for run in r.with_eps} if len(r.land.minima) else set()
    if len(ends) == 1 and 0 < min(ends) < len(EPSILONS):
        return f"Up to ε = {number(EPSILONS[min(ends) - 1])} the steps to a minimum stay the same"
    return "Steps to a minimum against ε"


def _same_up_to(steps: np.ndarray) -> int:
    """How many of EPSILONS, from the smallest on, give the same arrival; 0 where there is none."""
    if steps[0] < 0:
        return 0
    return int(np.argmax(steps != steps[0])) if (steps != steps[0]).any() else len(steps)


def epsilon_caption(r: Results) -> str:
    """Up to which eps the arrival stays the same."""
    if not len(r.land.minima):
        return "This surface has no minimum to arrive at."
    if not r.with_eps:
        return "None of the chosen optimizers has an ε."
    return "; ".join(_eps(run, r.arrivals_by_eps(run)) for run in r.with_eps) + "."


def _eps(run: Run, steps: np.ndarray) -> str:
    same, some = _same_up_to(steps), int((steps >= 0).sum())
    if not some:
        return f"{run.label} does not arrive with any ε from {number(EPSILONS[0])} to {number(EPSILONS[-1])}"
    if not same:
        return f"{run.label} does not arrive with ε = {number(EPSILONS[0])}, but with {some} of the {len(steps)} values"
    first = f"{run.label} takes {counted(int(steps[0]), 'step')}"
    if same == len(steps):
        return f"{first} with every ε from {number(EPSILONS[0])} to {number(EPSILONS[-1])}"
    up_to = f"for every ε up to {number(EPSILONS[same - 1])}"
    end = "does not arrive" if steps[-1] < 0 else f"takes {counted(int(steps[-1]), 'step')}"
    return f"{first} {up_to}, and {end} with ε = {number(EPSILONS[-1])}"


# --------------------------------------------------------------------------------------------------------------- maps


def map_caption(r: Results, chosen: RateMap) -> str:
    """How the good rates move with the decay rate."""
    label, good, symbol = OPTIMIZERS[chosen.name].label, chosen.middle(r.land.floor), symbol_of(chosen)
    rows = [int(np.argmin(np.abs(chosen.beta - beta))) for beta in BETAS]
    gone = float(np.isnan(chosen.loss).mean())
    lost = f"{percent(gone)} of the cells diverged." if gone else "No cell diverged."
    steps = f"{label}, after {counted(chosen.steps, 'step')}"
    what = "middle of the good rates" if r.land.floor is not None else "best rate"
    if not np.isfinite(good[rows]).all():
        return f"{steps}: {lost}"
    found = [f"{number(good[i])} at {symbol} = {number(chosen.beta[i])}" for i in dict.fromkeys(rows)]
    end = _at_an_end(good[rows[1:]], chosen.rate)
    moved = "" if end else f"; {_moved(good[rows[1]], good[rows[2]])} between the last two"
    return paragraph(f"{steps}: the {what} is {listed(found)}{moved}.", end, lost)


def _moved(before: float, after: float) -> str:
    ratio = max(before / after, after / before)
    if ratio < SAME:
        return "it hardly changes"
    return f"it {'falls' if before > after else 'rises'} by a factor of {number(ratio, 2)}"


def symbol_of(chosen: RateMap) -> str:
    """The symbol of the decay rate that a map varies."""
    return MEMORY[chosen.name].symbol


def map_title(chosen: RateMap) -> str:
    """What a map shows."""
    return f"{OPTIMIZERS[chosen.name].label}: loss over rate and {symbol_of(chosen)}"


def map_alt(chosen: RateMap) -> str:
    """A map for somebody who cannot see it."""
    label = OPTIMIZERS[chosen.name].label
    return (
        f"Map of the loss of {label} after {counted(chosen.steps, 'step')} over learning rate and {symbol_of(chosen)}"
    )


def basins_title(r: Results) -> str:
    """What the maps of starts show."""
    if not len(r.land.minima):
        return f"{r.land.surface.label} has no minimum"
    if len(r.land.minima) == 1:
        return "From which starts a run ends at the minimum, and their share"
    return "Where a run ends, by its start; share that ends at the lowest minimum"


def basins_caption(r: Results) -> str:
    """Shares of the starts, optimizer by optimizer."""
    if not len(r.land.minima):
        return "This surface has no minimum that a run could end at."
    within = number(near(r.land, r.settings["tolerance"]))
    runs, steps = whole(r.settings["resolution"] ** 2), counted(min(r.steps, MAP_STEPS), "step")
    shares = "; ".join(_share(run, r.basins(run)) for run in r.runs)
    return (
        f"Where {runs} runs, one from each start, are after {steps} (at a minimum is within {within} of it): {shares}."
    )


def _share(run: Run, found: Basins) -> str:
    if len(found.best) == len(found.minima) > 1:
        shares = [(share, f"at {point(x, y)}") for share, (x, y, _) in zip(found.shares, found.minima, strict=True)]
    else:
        others = float(found.shares.sum()) - found.share_reaching_best
        which = "lowest minimum" if len(found.minima) > 1 else "minimum"
        shares = [(found.share_reaching_best, f"at the {which}"), (others, "at others")]
    shares.append((1 - float(found.shares.sum()), "at none"))
    first, *more = shares
    told = [first, *(each for each in more if each[0] > 1e-12)]
    return f"with {run.label} {listed(f'{_whole_percent(share)} {where}' for share, where in told)}"


def _whole_percent(share: float) -> str:
    """A share of the starts, without decimals from 1 % on, so that shares add up as they are read."""
    return percent(share, 1 if share < 0.095 else 2)


# ------------------------------------------------------------------------------------------------- in three dimensions


def view3d_caption(r: Results) -> str:
    """How far down each has come."""
    drawn = "the logarithm of the loss" if r.land.surface.log else "the loss"
    return f"Loss from the start on: {'; '.join(_descent(run) for run in r.runs)}. Height is {drawn}; drag to turn, and the view is kept."


def _descent(run: Run) -> str:
    start, end = float(run.path.loss[0]), float(run.path.loss[run.last])
    when = f"after {counted(run.last, 'step')}"
    before = ", the last before it diverged" if run.diverged >= 0 else ""
    return f"{run.label} {' to '.join(dict.fromkeys((number(start), number(end))))} {when}{before}"


# ----------------------------------------------------------------------------------------------------------- one step


def step_title(r: Results) -> str:
    """Which step is written out."""
    return f"Step {whole(r.update + 1)} of {whole(r.steps)}"


def step_diverged(run: Run) -> str:
    """In place of an equation after divergence."""
    return f"It diverged at step {whole(run.diverged)}."


def step_undefined() -> str:
    """In place of an equation that cannot be computed."""
    return "This step divides by 0."


def coordinates(x: float, y: float) -> str:
    """A pair of numbers in the table of a step, or a word where the step has left all limits."""
    return point(x, y) if np.isfinite(x) and np.isfinite(y) else "diverged"
