"""All that the page on mini-batches says: sentences, titles and alternatives, each computed from the results."""

from __future__ import annotations

import numpy as np

from ...batches import Batches, batches
from ...lessons.mini_batch import Results
from ...lessons.mini_batch.staying import Stay
from ...lessons.mini_batch.training import Path
from ...schedules import SCHEDULES
from ..plot.text import between, counted, duration, listed, number, paragraph, point, power, verb, whole

NAME = {"batch": "batch", "mini_batch": "mini-batch", "stochastic": "stochastic"}
AXIS = {"updates": "update t", "epochs": "epochs", "samples": "samples seen", "seconds": "time, measured here"}
NO_RUNS = "These runs cannot be made"


def batch_label(size: int) -> str:
    """A batch size: B = 1,024."""
    return f"B = {whole(size)}"


def capitalised(text: str) -> str:
    """With a capital at its beginning."""
    return text[0].upper() + text[1:]


def refusal(r: Results, why: str) -> str:
    """Why something cannot be trained, for people, from the error that says it ("who: rule, got value")."""
    who, _, rule = why.partition(": ")
    if who == "batches":
        return f"a batch of {whole(r.settings['batch_size'])} cannot be cut from {counted(r.settings['m'], 'sample')}"
    if who not in SCHEDULES:
        return "that is more training than this page may do at once; ask for fewer samples, epochs or runs"
    label = SCHEDULES[who].label.lower()
    if rule.startswith("rate must be"):
        return f"the schedule “{label}” would make the rate negative"
    if "one more than" in rule:
        return f"the schedule “{label}” needs one rate more than it has boundaries"
    return f"these settings of the schedule “{label}” do not fit each other"


# ---- the paths ----------------------------------------------------------------------------------------------


def paths_caption(r: Results) -> str:
    """How soon each arrives, whether batch cost falls, and whether the smallest batches settle."""
    refused = [f"Not drawn: {refusal(r, why)}." for why in r.refusals]
    if not r.paths:
        return paragraph(*refused, "No path can be drawn.")
    lost = [f"{NAME[p.name]} diverged at update {whole(p.diverged_at)}" for p in r.paths if p.diverged_at is not None]
    return paragraph(
        *refused,
        f"{capitalised(listed(lost))}." if lost else "",
        _arrivals(r),
        *(_falling(r, p) for p in r.paths if p.name != "stochastic"),
        settling(NAME[r.paths[-1].name], r.stay(r.paths[-1])),
        *(_stopped(p) for p in r.paths if not p.complete),
        _update_times(r),
    )


def _arrivals(r: Results) -> str:
    if r.start_cost <= r.least * (1 + 1e-9):
        return "All start at the minimum."
    if r.minimum is None:
        return (
            "A line separates the two classes, so the cost has no minimum: along some direction of w it falls for ever."
        )
    nouns = {"updates": "update", "epochs": "epoch", "samples": "sample"}
    axis = r.settings["axis"]
    there, absent = [], []
    for path, arrival in zip(r.paths, r.arrivals, strict=True):
        if arrival is None:
            absent.append(NAME[path.name])
        else:
            amount = duration(arrival) if axis == "seconds" else counted(arrival, nouns[axis])
            there.append(f"{amount} for {NAME[path.name]}")
    what = "Nine tenths of the excess over the least cost are"
    if not there:
        return f"{what} never gone in this run for {listed(absent)}."
    never = f", and never in this run for {listed(absent)}" if absent else ""
    return f"{what} first gone after {listed(there)}{never}."


def _falling(r: Results, path: Path) -> str:
    """Whether batch cost falls at every update; how noisy the cost of the mini-batches is, and where it goes."""
    if path.name == "batch":
        return _batch_falling(r, path)
    n, whole_epochs = path.cut.number, path.updates // path.cut.number
    if path.diverged_at is not None or whole_epochs < 2:
        return ""
    cost = path.run.batch_cost
    first, last = float(cost[:n].mean()), float(cost[(whole_epochs - 1) * n : whole_epochs * n].mean())
    rises = f"rises at {whole(path.rises.size)} of its {counted(path.updates, 'update')}"
    if number(first) == number(last):
        return f"Mini-batch cost {rises}; its mean over an epoch is {number(first)} in the first and in the last."
    means = cost[: whole_epochs * n].reshape(whole_epochs, n).mean(axis=1)
    if path.rises.size and _trends_down(means) and r.stay(path).word != "unbounded":
        return f"Mini-batch cost is noisy but trends down: it {rises}, and its mean over an epoch falls from {number(first)} to {number(last)}."
    goes = "falls" if last < first else "rises"
    return f"Mini-batch cost {rises}; its mean over an epoch {goes} from {number(first)} to {number(last)}."


def _trends_down(means: np.ndarray) -> bool:
    """Whether no epoch of the second half comes back two thirds of the way up to the first epoch's mean cost."""
    late = means[len(means) // 2 :]
    return bool(means[-1] < means[0] and late.max() - late.min() < 2 / 3 * (means[0] - late.min()))


def _batch_falling(r: Results, path: Path) -> str:
    if path.rises_at is not None:
        why = ": the rate is too big" if r.settings["optimizer"] == "gd" else ""
        return f"Batch cost rises at update {whole(path.rises_at)}{why}."
    if path.diverged_at is not None:
        return ""
    if path.updates == 1:
        return "Batch makes a single update."
    if (np.diff(path.cost) < 0).all():
        return f"Batch cost falls at each of its {counted(path.updates, 'update')}."
    return f"Batch cost is at none of its {counted(path.updates, 'update')} above that of the update before."


def settling(who: str, stay: Stay) -> str:
    """Whether a path settles, and how far from the minimum it is."""
    if stay.word == "lost":
        return ""
    if stay.word == "at rest":
        return f"Its rate is 0: {who} does not move."
    half = f"In the second half of its path {who}"
    if stay.word == "settled":
        return f"{half} stays within a millionth of the start's distance from the minimum: it settles."
    where = f"{half} is {between(stay.near, stay.far)} from the minimum"
    if stay.word == "coming":
        return f"{where}; it has no noise floor and can come closer still."
    if stay.word == "unbounded":
        return f"{where}. At this rate its batches are too small for a noise floor: in theory its mean square distance grows for ever."
    if stay.floor is None or stay.left is None:  # there is no theory for it
        third, fourth = (number(q) for q in stay.quarters)
        if {third, fourth} == {number(stay.near), number(stay.far)} and third == fourth:
            return f"{where}."
        return (
            f"{where}; the root mean square is {third} in the third quarter of its updates and {fourth} in the fourth."
        )
    where = f"{where} (root mean square {number(stay.rms)})"
    floor = f"The noise floor of this rate and batch size is about {number(stay.floor, 2)}"
    if stay.word == "wanders":
        return f"{where}. {floor}: there it wanders and does not settle."
    ends = f"{floor}, and without noise it would end {number(stay.left)} away"
    return f"{where}. {ends}: it {'has just come down to its floor' if stay.word == 'comes down' else 'is still on its way'}."


def _stopped(path: Path) -> str:
    ran = f"{number(path.epoch[-1])} of {counted(path.epochs, 'epoch')}"
    return f"The {NAME[path.name]} path stops after {counted(path.updates, 'update')}, {ran}."


def _update_times(r: Results) -> str:
    if r.settings["axis"] != "seconds":
        return ""
    took = [f"{duration(r.seconds(p))} for {NAME[p.name]}" for p in r.paths]
    return f"Measured on the machine that serves this page, an update takes {listed(took)}."


def paths_title(r: Results) -> str:
    """What became of the paths, of the one with the smallest batches before all."""
    if not r.paths:
        return "No path can be drawn"
    shown, last = {p.name: p for p in r.paths}, r.paths[-1]
    if "batch" in shown and shown["batch"].rises_at is not None and r.settings["optimizer"] == "gd":
        return "The rate is too big: batch cost rises"
    lost = [NAME[p.name] for p in r.paths if p.diverged_at is not None]
    if lost:
        return f"{capitalised(listed(lost))} diverged"
    who = capitalised(NAME[last.name])
    return {
        "settled": f"{who} settles at the minimum",
        "wanders": f"{who} wanders round the minimum",
        "comes down": f"{who} has come down to its noise floor",
        "on its way": f"{who} is on its way to the minimum",
        "coming": f"{who} comes closer to the minimum" if r.stay(last).quarters[1] < r.stay(last).quarters[0] else "",
        "at rest": "At rate 0 nothing moves",
    }.get(r.stay(last).word) or "Paths on the cost of all samples"


def paths_alt(r: Results) -> str:
    """What the main picture shows, in words."""
    who = listed(f"{NAME[p.name]} ({batch_label(p.size)})" for p in r.paths) if r.paths else "none"
    return (
        f"Contour of the cost of all {counted(r.settings['m'], 'sample')} with the paths of {who} from {point(*r.start)}; "
        f"below, the cost of each batch and of all samples against {AXIS[r.settings['axis']].split(',')[0]}"
    )


# ---- cutting ------------------------------------------------------------------------------------------------


def byte_size(bytes_: float) -> str:
    """Bytes in words: 24 kB, 120 MB."""
    for size, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if bytes_ >= size:
            return f"{number(bytes_ / size)} {unit}"
    return counted(bytes_, "byte")


def matrix_shape(of: tuple[int, int]) -> str:
    """The shape of a matrix: (2, 1,000)."""
    return f"({whole(of[0])}, {whole(of[1])})"


def too_large(r: Results) -> str:
    """Why there is no cut."""
    return f"A batch of {whole(r.settings['cut_b'])} cannot be cut from {counted(r.settings['cut_m'], 'sample')}."


def cutting_caption(r: Results) -> str:
    """Batches, shapes, updates an epoch, memory."""
    cut = r.cut
    if cut is None:
        return too_large(r)
    last = f", the last with only {counted(cut.last, 'sample')}" if cut.last < cut.batch_size else ""
    every = batches(cut.m, cut.m, cut.n_x)
    return paragraph(
        f"{counted(cut.m, 'sample')} in batches of {whole(cut.batch_size)} {verb(cut.m, 'makes', 'make')} {counted(cut.number, 'batch', 'batches')}{last}.",
        f"X{{t}} has shape {matrix_shape(cut.x_shape)}, Y{{t}} {matrix_shape(cut.y_shape)}.",
        f"One epoch is 1 update for batch gradient descent, {counted(cut.number, 'update')} for mini-batch and "
        f"{counted(cut.m, 'update')} for stochastic; then the next epoch begins.",
        f"In double precision a batch takes {byte_size(cut.bytes)}, all samples {byte_size(every.bytes)}.",
        _power_of_two(cut),
    )


def _power_of_two(cut: Batches) -> str:
    """The batch size as a power of two, or the nearest one there is; the larger where two are as near."""
    size, exponent = cut.batch_size, cut.batch_size.bit_length() - 1
    if size == 2**exponent:
        return f"{whole(size)} is a power of two, {power(2, exponent)}." if exponent else ""
    below, above = size - 2**exponent, 2 ** (exponent + 1) - size
    exponent += above <= below
    if 2**exponent > cut.m:
        return ""
    which = "A nearest" if above == below else "The nearest"
    made = counted(batches(cut.m, 2**exponent, cut.n_x).number, "batch", "batches")
    return f"{which} power of two, {whole(2**exponent)} = {power(2, exponent)}, would make {made}."


def cutting_title(cut: Batches) -> str:
    """How many batches of how many samples."""
    if cut.last == cut.batch_size:
        return f"{counted(cut.number, 'batch', 'batches')} of {whole(cut.batch_size)}"
    return f"{counted(cut.number, 'batch', 'batches')}: {whole(cut.number - 1)} of {whole(cut.batch_size)} and a last one of {whole(cut.last)}"


def cutting_alt(cut: Batches) -> str:
    """What the diagram shows, in words."""
    return (
        f"Diagram of {counted(cut.m, 'sample')} cut into {counted(cut.number, 'batch', 'batches')}; "
        f"X{{t}} is {matrix_shape(cut.x_shape)}, Y{{t}} {matrix_shape(cut.y_shape)}"
    )


def loop(r: Results) -> str:
    """The training loop over the batches of the diagram, as the lecture writes it: forward, cost, backward, update."""
    cut = r.cut
    if cut is None:
        return too_large(r)
    ends = ["1"] if cut.number == 1 else ["1", "2"] if cut.number == 2 else ["1", "…", whole(cut.number)]
    size = whole(cut.batch_size)
    lines = [
        f"for t = {', '.join(ends)}:",
        "  Ŷ = forward(X{t})",
        f"  J{{t}} = (Σ L(ŷ, y) + λ/2 ‖w‖²) / {size}",
        "  dw = backward(J{t})",
        "  w := w − α dw",
    ]
    if cut.last < cut.batch_size:
        lines.append(f"The last batch has {whole(cut.last)}, not {size}.")
    return "\n".join(lines)
