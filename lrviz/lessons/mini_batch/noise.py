"""Where many runs of the same training end up: a cloud round the minimum, and its width against theory.

Each run draws its batches anew, so after so many epochs 200 runs lie scattered round the minimum. Under a fixed rate
the cloud keeps its width, under a decaying one it shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...batches import Batches, batches
from ...minibatch import mean_penalty, train
from ...regression import LinearRegression
from ..memo import memo
from .staying import has_theory, law_of, rate_of
from .training import Plan, data_of


@dataclass(frozen=True, eq=False)
class Settled:
    """The width of a cloud at the ends of epochs, long after the start, under the fixed rate, in theory.

    independent  for batches drawn independently
    drawn        for batches as they are drawn; None where that is not known
    half_rate    as drawn, at half the rate; None where that is not known
    twice_batch  as drawn, with batches of twice the size; None where that is not known or there are not so many samples
    """

    independent: float
    drawn: float | None
    half_rate: float | None
    twice_batch: float | None


@dataclass(frozen=True, eq=False)
class Cloud:
    """The runs that did not diverge, at the start and at the end of each epoch, and how wide they lie.

    points   (runs, epochs + 1, 2)
    measured (epochs + 1,) root mean square distance of the runs from their mean; NaN with fewer than two runs
    theory   (epochs + 1,) the same for batches drawn independently; None where there is none
    settled  the width long after the start; None where there is no theory, or no width that lasts
    lost     how many runs diverged
    """

    points: np.ndarray
    measured: np.ndarray
    theory: np.ndarray | None
    settled: Settled | None
    lost: int


@memo(entries=8, long=True)
def cloud(plan: Plan, batch_size: int, replicas: int) -> Cloud:
    """Train so many replicas. ValueError where that is more than memory or time allow (see `minibatch.train`)."""
    data = data_of(plan.source)
    cut = batches(data.m, batch_size)
    run = train(
        data, plan.optimizer, plan.start, plan.epochs, batch_size, schedule=plan.factors(cut),
        drawing=plan.drawing, seed=plan.seed + np.arange(replicas), **dict(plan.hyperparameters),
    )  # fmt: skip
    kept = ~run.diverged
    points = run.path[kept][:, :: cut.number].copy()
    lost = int(replicas - kept.sum())
    measured = np.full(plan.epochs + 1, np.nan)
    if len(points) >= 2:
        measured = np.sqrt(points.var(axis=0, ddof=1).sum(axis=-1))
    return Cloud(points, measured, None if lost else _theory(plan, cut), _settled(plan, cut), lost)


def _theory(plan: Plan, cut: Batches) -> np.ndarray | None:
    """The width for independent draws: of gradient descent on a linear regression, under any schedule."""
    if plan.optimizer != "gd" or not isinstance(data_of(plan.source), LinearRegression):
        return None
    rates = rate_of(plan) * plan.factors(cut)(np.arange(plan.epochs * cut.number))
    width = law_of(plan.source).spread(cut.batch_size, rates, plan.start)
    return width if np.isfinite(width).all() else None


def _settled(plan: Plan, cut: Batches) -> Settled | None:
    if not has_theory(plan):
        return None
    source, size, lr, drawing = plan.source, cut.batch_size, rate_of(plan), plan.drawing

    def width(size: int, lr: float, drawing: str) -> float | None:
        found = law_of(source).long_run(size, lr, drawing)
        return None if found is None else found.end

    independent = width(size, lr, "replacement")
    if independent is None:
        return None
    twice = width(2 * size, lr, drawing) if 2 * size <= cut.m else None
    return Settled(independent, width(size, lr, drawing), width(size, 0.5 * lr, drawing), twice)


# ---- regularisation -----------------------------------------------------------------------------------------

PENALISED_UPDATES = 2000
VISITS = 2_000_000  # samples looked at by one path


@dataclass(frozen=True)
class Penalised:
    """Training with a penalty at one batch size: its strength c, where the minimum then is, and where training went.

    `reached` is the mean position over the second half of a run; None if it diverged or the batch cannot be cut.
    """

    batch_size: int
    strength: float
    minimum: tuple[float, float]
    reached: tuple[float, float] | None


def penalised_updates(batch_size: int) -> int:
    """How long a path with a penalty is: PENALISED_UPDATES, fewer of large batches."""
    return int(np.clip(VISITS // batch_size, 30, PENALISED_UPDATES))


@memo(entries=128, long=True)
def penalised(plan: Plan, batch_size: int, l2: float, regularisation: str) -> Penalised:
    """One batch size with a penalty of weight l2 > 0, divided by its own size or by m."""
    data = data_of(plan.source)
    cut = batches(data.m, batch_size)
    updates = penalised_updates(batch_size)
    strength = mean_penalty(data.m, batch_size, l2, regularisation)
    run = train(
        data, plan.optimizer, plan.start, -(-updates // cut.number), batch_size, schedule=plan.factors(cut),
        drawing="reshuffle" if batch_size == data.m else plan.drawing, seed=plan.seed, l2=l2,
        regularisation=regularisation, updates=updates, **dict(plan.hyperparameters),
    )  # fmt: skip
    reached = None if run.diverged else _pair(run.path[updates // 2 :].mean(axis=0))
    return Penalised(batch_size, strength, _pair(data.minimum(strength)), reached)


def _pair(position: np.ndarray) -> tuple[float, float]:
    w1, w2 = position.tolist()
    return w1, w2
