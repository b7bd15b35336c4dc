"""Pictures of many runs against one number: the learning rate, a rising rate, eps; and the rates of one run."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.trajectories import Results
from ...lessons.trajectories.maps import EPSILONS, last
from ...lessons.trajectories.run import Run
from ..plot.axes import axis, log_axis, narrow_axis, positive
from ..plot.identity import identity, key_entries
from ..plot.text import counted
from ..plot.theme import FAINT, INK, key_line, spec
from ..plot.traces import annotation, line, on_panel, points, vline
from .paths import key_room, picture
from .section_words import epsilon_caption, epsilon_title, range_test_caption, rates_caption, sensitivity_caption

FLOOR = 1e-12  # losses below this are drawn here


def plotted_loss(r: Results, loss: Any) -> np.ndarray:
    """A loss as it is drawn: above the lowest minimum, not below FLOOR; a gap where the run diverged."""
    loss = np.where(np.isfinite(loss), loss, np.nan)
    return loss if r.land.floor is None else np.maximum(r.land.excess(loss), FLOOR)


def loss_axis(r: Results, title: str, **fields: Any) -> dict[str, Any]:
    """A logarithmic axis for losses above the floor; a plain one where there is no floor."""
    if r.land.floor is None:
        low, high = float(r.land.loss.min()), float(r.land.loss.max())
        return axis(title, range=[low, high], **fields)
    top = np.log10(max(r.land.top, r.land.excess(float(r.runs[0].path.loss[0])))) + 0.5
    return log_axis(title, [np.log10(FLOOR) - 0.5, top], dtick=2, **fields)


def rate_axis(r: Results, **fields: Any) -> dict[str, Any]:
    """The swept learning rates, over decades."""
    return log_axis("learning rate", np.log10(r.rates[[0, -1]]), **fields)


def stacked(axes: dict[str, Any]) -> dict[str, Any]:
    """Two panels one below the other, on a narrow screen."""
    return axes | {name: narrow_axis(axes[name]) for name in ("yaxis", "yaxis2")} | {"height": 720}


def curve(run: Run, x: Any, y: Any, hover: str, **fields: Any) -> dict[str, Any]:
    """A line in the look of a run's optimizer."""
    style = identity(run.name)
    return line(x, y, run.label, style["colour"], f"{run.label}, {hover}", **{"dash": style["dash"]} | fields)


def optimizer_key(r: Results, *more: tuple[str, str, str]) -> dict[str, Any]:
    """The key above a figure: the optimizers, and what else is drawn."""
    entries = [*key_entries(run.name for run in r.runs), *more]
    a_line, _ = key_room(len(entries), r.settings["style"], wide=True)
    return key_line(entries, a_line=a_line) | {"yshift": 8}


def margin(r: Results, more: int = 0) -> dict[str, int]:
    """Room for title and a key with `more` entries than there are optimizers."""
    return {"l": 78, "r": 16, "t": key_room(len(r.runs) + more, r.settings["style"], wide=True)[1], "b": 52}


# ------------------------------------------------------------------------------------------------------- sensitivity


@picture(label="Final loss against the learning rate", caption=sensitivity_caption)
def sensitivity(r: Results) -> dict[str, Any]:
    """Loss at each rate of the sweep, the rates in use as markers, the stability limits as vertical lines."""
    data, walls = [], []
    for run in r.runs:
        data.append(curve(run, r.rates, plotted_loss(r, r.sweeps[run.name][1]), "rate %{x:.3g}: %{y:.3g}"))
        style, ends = identity(run.name), plotted_loss(r, run.path.loss[-last(r.steps) :].mean(keepdims=True))
        data.append(points([run.lr], ends, f"{run.label}, in use", style["colour"], f"{run.label}, rate in use %{{x:.3g}}", symbol=style["symbol"],
                           size=11, line={"width": 1.5, "color": INK}))  # fmt: skip
        if run.limit is not None:
            walls.append(vline(run.limit, style["colour"]))
    upward = loss_axis(r, "mean loss at the end")
    return spec(
        data,
        title=f"Loss after {counted(r.steps, 'step')} against the learning rate",
        alt=f"Line chart of the loss after {counted(r.steps, 'step')} against the learning rate for {counted(len(r.runs), 'optimizer')}",
        style=r.settings["style"], height=430, showlegend=False, margin=margin(r, 1), shapes=walls,
        annotations=[optimizer_key(r, ("stability limit", FAINT, "dot"))],
        meta={"narrow": {"yaxis": narrow_axis(upward)}}, xaxis=rate_axis(r), yaxis=upward,
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------------- range test


@picture(label="Range test beside a sweep", caption=range_test_caption)
def range_test(r: Results) -> dict[str, Any]:
    """Left the loss during one run whose rate rises; right the losses of many runs, with the budget and in full."""
    data = []
    for run in r.runs:
        test = r.range_test(run)
        data.append(curve(run, test.rate, plotted_loss(r, test.loss[1:]), "rate %{x:.3g}: %{y:.3g}"))
        for steps, stroke in ((r.steps, {}), (r.settings["budget"], {"width": 1.2, "dash": "dot"})):
            hover = f"{counted(steps, 'step')}, rate %{{x:.3g}}: %{{y:.3g}}"
            data.append(curve(run, test.rates, plotted_loss(r, test.final[steps][1]), hover, **stroke, **on_panel(2)))

    def axes(left: list, right: list, upper: list, lower: list) -> dict[str, Any]:
        return {
            "xaxis": rate_axis(r, domain=left, anchor="y"), "yaxis": loss_axis(r, "loss while the rate rises", domain=upper, anchor="x"),
            "xaxis2": rate_axis(r, domain=right, anchor="y2"), "yaxis2": loss_axis(r, "loss of each run", domain=lower, anchor="x2"),
        }  # fmt: skip

    budget = counted(r.settings["budget"], "step")
    return spec(
        data,
        title=f"One run of {budget} with a rising rate, beside many runs",
        alt=f"Two line charts against the learning rate: the loss during one run of {budget}, and the losses of many runs",
        style=r.settings["style"], height=430, showlegend=False, margin=margin(r, 1),
        annotations=[optimizer_key(r, (f"runs of {budget} (thin)", FAINT, "dot"))],
        meta={"narrow": stacked(axes([0, 1], [0, 1], [0.6, 1], [0, 0.42]))},
        **axes([0, 0.45], [0.56, 1], [0, 1], [0, 1]),
    )  # fmt: skip


# --------------------------------------------------------------------------------------------------------------- eps


@picture(label="Arrival against ε", caption=epsilon_caption)
def epsilon(r: Results) -> dict[str, Any]:
    """Steps to a minimum against eps, for the rules that have one."""
    data = []
    for run in r.runs:
        if run in r.with_eps and len(r.land.minima):
            steps = r.arrivals_by_eps(run).astype(float)
            data.append(curve(run, np.array(EPSILONS), np.where(steps < 0, np.nan, steps), "ε %{x:.2g}: step %{y:,}"))
    nothing = annotation("no ε among the chosen optimizers, or no minimum", 0.5, 0.5, xref="paper", yref="paper")
    return spec(
        data,
        title=epsilon_title(r),
        alt="Line chart of the steps to a minimum against ε",
        style=r.settings["style"], height=430, showlegend=False, margin=margin(r), annotations=[optimizer_key(r), *([] if data else [nothing])],
        xaxis=log_axis("ε", [-12, 1], dtick=2),
        yaxis=axis("steps to a minimum", range=[0, r.steps]),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- rates


@picture(label="Effective rates and learning rate", caption=rates_caption)
def rates(r: Results) -> dict[str, Any]:
    """Left the learning rate over what each rule divides it by, along x (solid) and y (dotted); right the learning rate."""
    data, at = [], r.drawn[1:]
    for run in r.runs:
        for i, dash in ((0, "solid"), (1, "dot")):
            values = positive(run.effective[at - 1, i])
            data.append(curve(run, at, values, f"step %{{x:,}}, {'xy'[i]}: %{{y:.3g}}", dash=dash))
        data.append(curve(run, at, run.path.lr[at - 1], "step %{x:,}: %{y:.3g}", **on_panel(2)))
    highest = max(float(run.path.lr.max()) for run in r.runs)
    now = [vline(r.update + 1, INK, xref=x, yref=f"{y} domain") for x, y in (("x", "y"), ("x2", "y2"))]

    def axes(left: list, right: list, upper: list, lower: list) -> dict[str, Any]:
        return {
            "xaxis": axis("step", range=[0, r.steps], domain=left, anchor="y"),
            "yaxis": axis("effective rate", type="log", dtick=1, domain=upper, anchor="x"),
            "xaxis2": axis("step", range=[0, r.steps], domain=right, anchor="y2"),
            "yaxis2": axis("learning rate", range=[0, 1.08 * (highest or 1.0)], domain=lower, anchor="x2"),
        }  # fmt: skip

    return spec(
        data,
        title="Effective rate along x and y, and learning rate",
        alt="Two line charts against the step: effective rates along x and y, and the learning rate used",
        style=r.settings["style"], height=430, showlegend=False, margin=margin(r, 2), shapes=now,
        annotations=[optimizer_key(r, ("along x", INK, "solid"), ("along y", INK, "dot"))],
        meta={"narrow": stacked(axes([0, 1], [0, 1], [0.58, 1], [0, 0.4]))},
        **axes([0, 0.56], [0.66, 1], [0, 1], [0, 1]),
    )  # fmt: skip
