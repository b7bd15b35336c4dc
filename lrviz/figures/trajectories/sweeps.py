"""Pictures of many runs against one number: the learning rate, a rising rate, eps; and the rates of one run."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.trajectories import Results
from ...lessons.trajectories.maps import EPSILONS, last
from ...lessons.trajectories.run import Run
from ..plot.text import counted
from ..plot.theme import FAINT, INK, axis, key_line, spec
from .below import epsilon_caption, epsilon_title, range_test_caption, rates_caption, sensitivity_caption
from .paths import cues, picture, positive, room

FLOOR = 1e-12  # losses below this are drawn here


def shown(r: Results, loss: Any) -> np.ndarray:
    """A loss as it is drawn: above the lowest minimum, not below FLOOR; a gap where the run diverged."""
    loss = np.where(np.isfinite(loss), loss, np.nan)
    return loss if r.land.floor is None else np.maximum(r.land.excess(loss), FLOOR)


def loss_axis(r: Results, title: str, **fields: Any) -> dict[str, Any]:
    """A logarithmic axis for losses above the floor; a plain one where there is no floor."""
    if r.land.floor is None:
        low, high = float(r.land.loss.min()), float(r.land.loss.max())
        return axis(title, range=[low, high], **fields)
    top = np.log10(max(r.land.top, r.land.excess(float(r.runs[0].path.loss[0])))) + 0.5
    return axis(title, type="log", exponentformat="power", dtick=2, range=[np.log10(FLOOR) - 0.5, top], **fields)


def rate_axis(r: Results, **fields: Any) -> dict[str, Any]:
    """The swept learning rates, over decades."""
    ends = [float(np.log10(r.rates[0])), float(np.log10(r.rates[-1]))]
    return axis("learning rate", type="log", exponentformat="power", dtick=1, range=ends, **fields)


def inside(axis: dict[str, Any]) -> dict[str, Any]:
    """An axis for a narrow screen: its numbers stand within the panel, for lack of room beside it."""
    return axis | {"ticklabelposition": "inside", "ticks": ""}


def stacked(axes: dict[str, Any]) -> dict[str, Any]:
    """Two panels one below the other, on a narrow screen."""
    return axes | {name: inside(axes[name]) for name in ("yaxis", "yaxis2")} | {"height": 720}


def line(x: Any, y: Any, run: Run, look: dict[str, str], hover: str, **fields: Any) -> dict[str, Any]:
    """A line in an optimizer's colour."""
    pen = {"color": look["colour"], "dash": look["dash"], "width": 2.2} | fields.pop("line", {})
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": run.label, "line": pen,
            "hovertemplate": f"{run.label}, {hover}<extra></extra>"} | fields  # fmt: skip


def looks(r: Results) -> list[tuple[Run, dict[str, str]]]:
    """Every run with its colour, dash and symbol."""
    return list(zip(r.runs, cues([run.name for run in r.runs]), strict=True))


def key(r: Results, *more: tuple[str, str, str]) -> dict[str, Any]:
    """The key above a figure: the optimizers, and what else is drawn."""
    entries = [(run.label, look["colour"], look["dash"]) for run, look in looks(r)]
    a_line, _ = room(len(entries) + len(more), r.settings["style"], wide=True)
    return key_line([*entries, *more], a_line=a_line) | {"yshift": 8}


def margin(r: Results, more: int = 0) -> dict[str, int]:
    """Room for title and a key with `more` entries than there are optimizers."""
    return {"l": 78, "r": 16, "t": room(len(r.runs) + more, r.settings["style"], wide=True)[1], "b": 52}


# ------------------------------------------------------------------------------------------------------- sensitivity


@picture(label="Final loss against the learning rate", caption=sensitivity_caption)
def sensitivity(r: Results) -> dict[str, Any]:
    """Loss at each rate of the sweep, the rates in use as markers, the stability limits as vertical lines."""
    data, walls = [], []
    for run, look in looks(r):
        loss = shown(r, r.sweeps[run.name][1])
        data.append(line(r.rates, loss, run, look, "rate %{x:.3g}: %{y:.3g}"))
        ends = shown(r, run.path.loss[-last(r.steps) :].mean(keepdims=True))
        mark = {"color": look["colour"], "symbol": look["symbol"], "size": 11, "line": {"width": 1.5, "color": INK}}
        data.append({"type": "scatter", "mode": "markers", "x": np.array([run.lr]), "y": ends, "name": f"{run.label}, in use",
                     "marker": mark, "hovertemplate": f"{run.label}, rate in use %{{x:.3g}}<extra></extra>"})  # fmt: skip
        if run.limit is not None:
            walls.append({"type": "line", "x0": run.limit, "x1": run.limit, "y0": 0, "y1": 1, "yref": "paper",
                          "line": {"color": look["colour"], "width": 1.2, "dash": "dot"}})  # fmt: skip
    upward = loss_axis(r, "mean loss at the end")
    return spec(
        data,
        title=f"Loss after {counted(r.steps, 'step')} against the learning rate",
        alt=f"Line chart of the loss after {counted(r.steps, 'step')} against the learning rate for {counted(len(r.runs), 'optimizer')}",
        style=r.settings["style"], height=430, showlegend=False, margin=margin(r, 1), shapes=walls,
        annotations=[key(r, ("stability limit", FAINT, "dot"))],
        meta={"narrow": {"yaxis": inside(upward)}}, xaxis=rate_axis(r), yaxis=upward,
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------------- range test


@picture(label="Range test beside a sweep", caption=range_test_caption)
def range_test(r: Results) -> dict[str, Any]:
    """Left the loss during one run whose rate rises; right the losses of many runs, with the budget and in full."""
    data = []
    for run, look in looks(r):
        test = r.range_test(run)
        data.append(line(test.rate, shown(r, test.loss[1:]), run, look, "rate %{x:.3g}: %{y:.3g}"))
        for steps, width, dash in ((r.steps, 2.2, look["dash"]), (r.settings["budget"], 1.2, "dot")):
            hover = f"{counted(steps, 'step')}, rate %{{x:.3g}}: %{{y:.3g}}"
            pen = {"width": width, "dash": dash}
            data.append(
                line(test.rates, shown(r, test.final[steps][1]), run, look, hover, line=pen, xaxis="x2", yaxis="y2")
            )

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
        annotations=[key(r, (f"runs of {budget} (thin)", FAINT, "dot"))],
        meta={"narrow": stacked(axes([0, 1], [0, 1], [0.6, 1], [0, 0.42]))},
        **axes([0, 0.45], [0.56, 1], [0, 1], [0, 1]),
    )  # fmt: skip


# --------------------------------------------------------------------------------------------------------------- eps


@picture(label="Arrival against ε", caption=epsilon_caption)
def epsilon(r: Results) -> dict[str, Any]:
    """Steps to a minimum against eps, for the rules that have one."""
    data = []
    for run, look in looks(r):
        if run in r.with_eps and len(r.land.minima):
            steps = r.arrivals_by_eps(run).astype(float)
            data.append(
                line(np.array(EPSILONS), np.where(steps < 0, np.nan, steps), run, look, "ε %{x:.2g}: step %{y}")
            )
    note = {
        "text": "no ε among the chosen optimizers, or no minimum",
        "x": 0.5,
        "y": 0.5,
        "xref": "paper",
        "yref": "paper",
        "showarrow": False,
    }
    return spec(
        data,
        title=epsilon_title(r),
        alt="Line chart of the steps to a minimum against ε",
        style=r.settings["style"], height=430, showlegend=False, margin=margin(r), annotations=[key(r), *([] if data else [note])],
        xaxis=axis("ε", type="log", exponentformat="power", dtick=2, range=[-12, 1]),
        yaxis=axis("steps to a minimum", range=[0, r.steps]),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- rates


@picture(label="Effective rates and learning rate", caption=rates_caption)
def rates(r: Results) -> dict[str, Any]:
    """Left the learning rate over what each rule divides it by, along x (solid) and y (dotted); right the learning rate."""
    data, at = [], r.drawn[1:]
    for run, look in looks(r):
        for i, dash in ((0, "solid"), (1, "dot")):
            values = positive(run.effective[at - 1, i])
            data.append(line(at, values, run, look, f"step %{{x}}, {'xy'[i]}: %{{y:.3g}}", line={"dash": dash}))
        data.append(line(at, run.path.lr[at - 1], run, look, "step %{x}: %{y:.3g}", xaxis="x2", yaxis="y2"))
    highest = max(float(run.path.lr.max()) for run in r.runs)
    now = [{"type": "line", "x0": r.update + 1, "x1": r.update + 1, "y0": 0, "y1": 1, "xref": x, "yref": f"{y} domain",
            "line": {"color": INK, "width": 1, "dash": "dot"}} for x, y in (("x", "y"), ("x2", "y2"))]  # fmt: skip

    def axes(left: list, right: list, upper: list, lower: list) -> dict[str, Any]:
        power = {"type": "log", "exponentformat": "power", "dtick": 1}
        return {
            "xaxis": axis("step", range=[0, r.steps], domain=left, anchor="y"),
            "yaxis": axis("effective rate", domain=upper, anchor="x", **power),
            "xaxis2": axis("step", range=[0, r.steps], domain=right, anchor="y2"),
            "yaxis2": axis("learning rate", range=[0, 1.08 * (highest or 1.0)], domain=lower, anchor="x2"),
        }  # fmt: skip

    return spec(
        data,
        title="Effective rate along x and y, and learning rate",
        alt="Two line charts against the step: effective rates along x and y, and the learning rate used",
        style=r.settings["style"], height=430, showlegend=False, margin=margin(r, 2), shapes=now,
        annotations=[key(r, ("along x", INK, "solid"), ("along y", INK, "dot"))],
        meta={"narrow": stacked(axes([0, 1], [0, 1], [0.58, 1], [0, 0.4]))},
        **axes([0, 0.56], [0.66, 1], [0, 1], [0, 1]),
    )  # fmt: skip
