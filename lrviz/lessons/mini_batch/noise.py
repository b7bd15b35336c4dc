"""Where many runs of the same training end up: a cloud round the minimum, and its width against theory.

Each run draws its batches anew, so after so many epochs 200 runs lie scattered round the minimum. Under a fixed rate
the cloud keeps its width, under a decaying one it shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...batch_noise import floor, measured_spread, spread
from ...batches import batches
from ...minibatch import mean_penalty, train
from .training import Plan, data_of, minimum_of


@dataclass(frozen=True, eq=False)
class Cloud:
    """The runs that did not diverge, at the start and at the end of each epoch, and how wide they lie.

    points   (runs, epochs + 1, 2)
    measured (epochs + 1,) root mean square distance of the runs from their mean; NaN with fewer than two runs
    theory   (epochs + 1,) the same for batches drawn independently, from the start's width 0; None where there is none
    settled  the width long after the start under the fixed rate: (independent, as drawn); None where there is none
    lost     how many runs diverged
    """

    points: np.ndarray
    measured: np.ndarray
    theory: np.ndarray | None
    settled: tuple[float, float] | None
    lost: int


@lru_cache(maxsize=8)
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
    measured = np.full(plan.epochs + 1, np.nan)
    if minimum_of(plan.source) is None:
        return Cloud(points, measured, None, None, int(replicas - kept.sum()))
    if len(points) >= 2:
        measured = np.hypot(*measured_spread(data, points).T)
    theory = settled = None
    if plan.optimizer == "gd":
        lr = dict(plan.hyperparameters)["lr"]
        wide, tight = floor(data, batch_size, lr), floor(data, batch_size, lr, drawing=plan.drawing)
        if np.isfinite(wide).all():
            rates = lr * plan.factors(cut)(np.arange(plan.epochs * cut.number))
            theory = np.hypot(*spread(data, batch_size, rates).T)[:: cut.number]
            settled = (float(np.hypot(*wide)), float(np.hypot(*tight)))
    return Cloud(points, measured, theory, settled, int(replicas - kept.sum()))


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


@lru_cache(maxsize=128)
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
    end = None if run.diverged else run.path[updates // 2 :].mean(axis=0)
    return Penalised(
        batch_size, strength, tuple(map(float, data.minimum(strength))), None if end is None else tuple(map(float, end))
    )
