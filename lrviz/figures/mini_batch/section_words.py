"""What the sections below the main figure say: time, target, regularisation, fixed rate against decay."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...batch_timing import EpochTime, TargetTime
from ...batches import rule_of_thumb
from ...lessons.mini_batch import Results
from ...lessons.mini_batch.noise import Cloud
from ...lessons.mini_batch.timing import MOST_EPOCHS, MOST_UPDATES
from ..plot.text import counted, duration, listed, number, paragraph, whole, with_unit
from .words import NO_RUNS, batch_label, capitalised, refusal

Clouds = tuple[Cloud, Cloud]  # of the fixed rate and of the decaying one


def no_runs_sentence(r: Results, why: str) -> str:
    """That a section has no runs, and why."""
    return f"{NO_RUNS}: {refusal(r, why)}."


def batch_labels(of: Iterable[int]) -> str:
    """Batch sizes: B = 1, B = 2 and B = 4."""
    return listed(batch_label(size) for size in of)


# ---- time per epoch -----------------------------------------------------------------------------------------


def timing_caption(r: Results) -> str:
    """Why not 1, why not m, as measured; and the rule of thumb beside the run above."""
    one, all_samples = r.timings[0], r.timings[-1]
    best = min(r.timings, key=lambda t: t.seconds)
    epoch = f"an epoch of {counted(r.settings['m'], 'sample')} takes {duration(one.seconds)} with B = 1"
    waits = [duration(t.seconds / t.updates) for t in (one, all_samples)]
    return paragraph(
        f"Measured on the machine that serves this page, {epoch}{_quickest(one, best)}.",
        f"Until the next step you wait {waits[0]} with B = 1 and {waits[1]} with B = m.",
        thumb(r.settings["m"]),
        _thumb_here(r),
        "Hollow points: a part of the epoch was run, the rest extrapolated." if any(t.extrapolated for t in r.timings) else "",
    )  # fmt: skip


def _quickest(one: EpochTime, best: EpochTime) -> str:
    """How an epoch with B = 1 compares with the quickest one; the reason is given where the gap is wide."""
    if best is one:
        return ", less than with any larger batch"
    ratio, least = one.seconds / best.seconds, f"{duration(best.seconds)} with {batch_label(best.batch_size)}"
    if ratio < 1.5:
        return f", little more than the {least}"
    return f", {number(ratio)} times the {least}: one sample at a time, vectorisation is lost"


def thumb(m: int) -> str:
    """The rule of thumb for m samples, in a sentence."""
    if rule_of_thumb(m) == (m,):
        return f"Rule of thumb: {whole(m)} samples are fewer than 2,000, so use batch; from 2,000 on, try powers of two from 64 to 512."
    return (
        f"Rule of thumb: {whole(m)} samples are 2,000 or more, too many for batch, so try powers of two from 64 to 512."
    )


def _thumb_here(r: Results) -> str:
    """How batch and mini-batch of the run above compare in epochs, whatever the rule says."""
    there = {
        path.name: (path, updates) for path, updates in zip(r.paths, r.arrived, strict=True) if updates is not None
    }
    if not {"batch", "mini_batch"} <= set(there):
        return ""
    epochs = {name: float(path.epoch[updates]) for name, (path, updates) in there.items()}
    mini = there["mini_batch"][0].size
    first = (
        f"In the run above nine tenths of the excess cost are first gone after {counted(epochs['batch'], 'epoch')} of batch "
        f"and {counted(epochs['mini_batch'], 'epoch')} of mini-batch ({batch_label(mini)})"
    )
    if rule_of_thumb(r.settings["m"]) == (r.settings["m"],) and epochs["mini_batch"] < epochs["batch"]:
        return f"{first}: with few samples batch is quick enough, not quickest in epochs."
    return f"{first}."


def timing_title(r: Results) -> str:
    """How much longer an epoch takes one sample at a time."""
    best = min(r.timings, key=lambda t: t.seconds)
    if best is r.timings[0]:
        return "An epoch is quickest with B = 1"
    ratio = r.timings[0].seconds / best.seconds
    if ratio < 1.5:
        return f"An epoch takes about as long with B = 1 as with {batch_label(best.batch_size)}"
    return f"With B = 1 an epoch takes {number(ratio, 2)} times as long as with {batch_label(best.batch_size)}"


def timing_alt(r: Results) -> str:
    """What the two charts show, in words."""
    return f"Two line charts over batch sizes from 1 to {whole(r.settings['m'])}: measured seconds of an epoch, and updates a second"


# ---- time to a target ---------------------------------------------------------------------------------------

COUNTED = {"updates": "the fewest updates", "samples": "the fewest samples", "seconds": "the least time"}


def target_caption(r: Results) -> str:
    """Which batch size needs the fewest updates, samples and seconds, and which do not arrive or do not stay."""
    found = r.targets
    if isinstance(found, str):
        return no_runs_sentence(r, found)
    if r.start_cost <= r.least * (1 + 1e-9):
        return "All start at the minimum."
    share = with_unit(number(100 * r.settings["left_over"]), "%")
    down = f"down to a cost of {number(r.target(r.settings['left_over']))}, with {share} of the start's excess over the least cost left"
    there = [t for t in found if t.reached]
    noisy = [t.batch_size for t in found if not t.reached and r.stays_above(t.batch_size)]
    slow = [t.batch_size for t in found if not t.reached and not r.stays_above(t.batch_size)]
    return paragraph(
        f"To come {down}, and to stay there: {_winners(there)}." if there else f"No batch size comes {down}, and stays there.",
        f"In the long run the noise keeps {batch_labels(noisy)} above it." if noisy else "",
        f"Not there within {MOST_EPOCHS} epochs and {whole(MOST_UPDATES)} updates: {batch_labels(slow)}." if slow else "",
    )  # fmt: skip


def _winners(there: list[TargetTime]) -> str:
    found = {kind: _fewest(there, kind) for kind in COUNTED}
    amounts = {kind: float(getattr(best[0], kind)) for kind, best in found.items()}
    who = {kind: batch_labels(t.batch_size for t in best) for kind, best in found.items()}
    return listed((
        f"fewest updates with {who['updates']} ({whole(amounts['updates'])})",
        f"fewest samples with {who['samples']} ({whole(amounts['samples'])})",
        f"quickest, as measured here, with {who['seconds']} ({duration(amounts['seconds'])})",
    ))  # fmt: skip


def _fewest(there: list[TargetTime], kind: str) -> list[TargetTime]:
    least = min(getattr(t, kind) for t in there)
    return [t for t in there if getattr(t, kind) == least]


def target_title(r: Results) -> str:
    """Whether one batch size is best whatever is counted."""
    there = [] if isinstance(r.targets, str) else [t for t in r.targets if t.reached]
    if not there:
        return "No batch size comes down to the target and stays"
    best = {kind: {t.batch_size for t in _fewest(there, kind)} for kind in COUNTED}
    all_round = set.intersection(*best.values())
    if all_round:
        return f"{batch_label(min(all_round))} needs the fewest updates, samples and seconds"
    return "The best batch size depends on what is counted"


def target_alt(r: Results) -> str:
    """What the three charts show, in words."""
    return f"Three line charts over batch sizes from 1 to {whole(r.settings['m'])}: updates, samples and seconds to the target"


# ---- regularisation -----------------------------------------------------------------------------------------


def regularisation_caption(r: Results) -> str:
    """How strong the penalty becomes at each batch size, and how far it pulls."""
    found, l2 = r.penalised, number(r.settings["l2"])
    if r.settings["l2"] == 0:
        return "With λ = 0 there is no penalty, whatever the batch size."
    if isinstance(found, str):
        return no_runs_sentence(r, found)
    small, all_samples = found[0], found[-1]
    away = [number(float(np.hypot(*p.minimum))) for p in (small, all_samples)]
    lost = [p.batch_size for p in found if p.reached is None]
    if r.settings["divided_by"] == "fixed":
        pulls = (
            f"Divided by m whatever the batch, λ = {l2} has the strength λ/m = {number(all_samples.strength)} everywhere: "
            f"all batch sizes share one minimum, {away[1]} from zero."
        )
    else:
        pulls = (
            f"Divided by the batch's own size, λ = {l2} has the strength λ/B = {number(all_samples.strength)} for B = m but "
            f"{number(small.strength)} for B = 1, {whole(all_samples.batch_size)} times as much: the minimum is "
            f"{away[1]} from zero with B = m and {away[0]} with B = 1. Change B and you must change λ to keep the same penalty."
        )
    return paragraph(pulls, f"Training diverged at {batch_labels(lost)}." if lost else "")


def regularisation_title(r: Results) -> str:
    """Whether the penalty depends on the batch size."""
    if r.settings["l2"] == 0:
        return "Without a penalty"
    if r.settings["divided_by"] == "fixed":
        return "Divided by m, the penalty is the same for all"
    return "Divided by B, the penalty pulls small batches harder"


# ---- fixed rate against decay -------------------------------------------------------------------------------

DRAWINGS = {"replacement": "independent draws", "reshuffle": "reshuffled epochs"}


def noise_caption(r: Results, epoch: int) -> str:
    """How wide the two clouds are at an epoch, beside theory."""
    clouds = r.clouds
    if isinstance(clouds, str):
        return no_runs_sentence(r, clouds)
    runs = r.settings["replicas"]
    lost = [
        f"{whole(cloud.lost)} of {counted(runs, 'run')} with {name}"
        for cloud, name in zip(clouds, ("a fixed rate", "decay"), strict=True)
        if cloud.lost
    ]
    gone = f"{capitalised(listed(lost))} diverged." if lost else ""
    wide, narrow = (float(cloud.measured[epoch]) for cloud in clouds)
    if not (np.isfinite(wide) and np.isfinite(narrow)):
        return paragraph(gone, "Of fewer than two runs no width can be stated.")
    return paragraph(
        gone,
        f"With {DRAWINGS[r.settings['drawing']]}, after epoch {whole(epoch)} the fixed-rate runs lie {number(wide)} from their mean "
        f"(root mean square distance), those with decay {number(narrow)}{_tighter(wide, narrow)}.",
        _not_there(r, clouds, epoch),
        _theory(r, clouds[0]),
    )


def _tighter(wide: float, narrow: float) -> str:
    if not min(wide, narrow) > 0:
        return ""
    ratio = number(max(wide, narrow) / min(wide, narrow))
    if ratio == "1":
        return ": just as far"
    return f": {ratio} times tighter" if wide > narrow else f": {ratio} times wider"


def _not_there(r: Results, clouds: Clouds, epoch: int) -> str:
    """Where the runs with decay do not lie round the minimum, though those without do."""
    if r.minimum is None:
        return ""
    left = [float(np.hypot(*(cloud.points[:, epoch].mean(axis=0) - r.minimum))) for cloud in clouds]
    fixed, decaying = (float(cloud.measured[epoch]) for cloud in clouds)
    if left[0] >= fixed or left[1] <= 3 * decaying:
        return ""
    away = f"their mean is {number(left[1])} from it"
    if decaying > 0 and (widths := left[1] / decaying) < 1e6:
        away = f"{away}, {number(widths)} times their distance from that mean"
    return f"Those with decay do not lie round the minimum as the fixed-rate runs do: {away}."


def _theory(r: Results, fixed: Cloud) -> str:
    """The width that the fixed rate keeps in the long run, and what calms it."""
    if not r.has_theory:
        return "The theory is for gradient descent on a linear regression, whose cost is exactly a bowl."
    if fixed.settled is None:
        return "In theory no cloud of independent draws settles at this rate: its width grows for ever."
    settled = fixed.settled
    if r.settings["gd.lr"] == 0 or settled.independent < 1e-9 * r.start_distance:
        return "In the long run theory leaves no cloud: at rate 0, or where all samples agree about the minimum, nothing scatters."
    independent = f"{number(settled.independent)} for independent draws"
    keeps = f"In the long run theory gives the fixed rate {independent}"
    if settled.drawn is None:
        return f"{keeps}; at so large a rate none is known for reshuffled epochs."
    ways = ((settled.half_rate, "at half the rate"), (settled.twice_batch, "with batches of twice the size"))
    independent_draws = r.settings["drawing"] == "replacement"
    digits = 3 if independent_draws else 2  # reshuffled, an approximation
    calmer = [f"{number(width, digits)} {how}" for width, how in ways if width is not None]
    if independent_draws:
        return f"In the long run theory gives the fixed rate {listed([independent, *calmer])}."
    share = number(settled.drawn / settled.independent, digits)
    return f"{keeps} and, at the end of a reshuffled epoch, about {share} of that, {number(settled.drawn, digits)}; then {listed(calmer)}."


def noise_title(clouds: Clouds, epoch: int) -> str:
    """Which cloud is wider at an epoch."""
    fixed, decaying = (float(cloud.measured[epoch]) for cloud in clouds)
    if not (np.isfinite(fixed) and np.isfinite(decaying)):
        return f"Epoch {whole(epoch)}: too few runs are left"
    if number(fixed) == number(decaying):
        return f"Epoch {whole(epoch)}: both clouds are equally wide"
    return f"Epoch {whole(epoch)}: with decay the cloud is {'tighter' if decaying < fixed else 'wider'}"


def noise_alt(r: Results) -> str:
    """What the clouds and the curves below them show, in words."""
    return (
        f"Scatter of {counted(r.settings['replicas'], 'run')} with a fixed and with a decaying rate round the minimum, "
        "and the width of both clouds over the epochs"
    )
