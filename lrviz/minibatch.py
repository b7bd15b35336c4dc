"""Mini-batch gradient descent: learn from a few samples at a time.

Each batch X{t}, Y{t} of B samples gives its own cost J{t}, its own gradient, and one update. B = m is batch gradient
descent: one smooth update an epoch. B = 1 is stochastic gradient descent: m noisy ones, which never settle as long as
the samples disagree about the minimum.

`train` runs any optimizer under any schedule, for one seed or for hundreds of replicas in one call. The loop over
updates is that of `stepping`: a single path in plain Python floats, replicas as arrays, as in `descend`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import stepping
from .batches import DRAWING, SEED, Batches, batches, one_by_one, stream
from .optimizers import OPTIMIZERS
from .params import choice, integer, number
from .regression import Data

LARGEST_VISITS = 1_000_000_000  # samples looked at, by all replicas together: some ten seconds
LARGEST_RECORD = 5_000_000  # positions, of all replicas together
LARGEST_ORDER = 20_000_000  # places in the orders of one epoch, of all replicas together: 160 MB
LARGEST_BATCH = 4_000_000  # samples of one batch, of all replicas together: some 200 MB

REGULARISATION = choice(
    "regularisation", "lecture", ("lecture", "fixed"), label="penalty divided by",
    help="Lecture: the batch's own size B, so its strength changes with B. Fixed: m, whatever the batch.",
)  # fmt: skip
L2 = number(
    "l2", 0.0, low=0.0, slider=(0, 1000), label="regularisation", symbol="λ",
    help="Weight of the squared norm in the cost of a batch.",
)  # fmt: skip
EPOCHS = integer("epochs", 5, low=1, slider=(1, 100), help="Passes over the training set.")
UPDATES = integer("updates", 1, low=1)


def loss_and_gradient(data: Data, batch: tuple[Any, Any, Any], w: Any) -> tuple[Any, tuple[Any, Any]]:
    """Cost J{t} of one batch, without penalty, and its gradient (dJ/dw1, dJ/dw2).

    batch: x1, x2, y, each a float (one sample), (B,) or (*replicas, B). w: w1, w2, each a float or (*replicas,).
    """
    x1, x2, y = batch
    one = isinstance(y, float)
    if not one:
        w = [v[..., None] if isinstance(v, np.ndarray) else v for v in w]
    z = w[0] * x1 + w[1] * x2
    loss, slope = data.losses(z, y), data.slopes(z, y)
    if one:
        return loss, (slope * x1, slope * x2)
    size = y.shape[-1]
    return loss.sum(axis=-1) / size, (np.vecdot(slope, x1) / size, np.vecdot(slope, x2) / size)


def mean_penalty(m: int, batch_size: int, l2: float, regularisation: str = "lecture") -> float:
    """The factor c of the penalty c/2 |w|^2 that training with l2 amounts to, as a mean over the batches of an epoch.

    "lecture": each batch adds l2/(2 B) |w|^2, so c = l2/B: the smaller the batch, the stronger the pull to zero.
    "fixed": each adds l2/(2 m) |w|^2, so c = l2/m for any batch. They agree at B = m. The point where training ends up
    is `data.minimum(mean_penalty(...))`.
    """
    cut, l2 = batches(m, batch_size), L2.check_scalar(l2, "train")
    fixed = REGULARISATION.check(regularisation, "train") == "fixed"
    return l2 / m if fixed else l2 * cut.mean_inverse_size


@dataclass(frozen=True, eq=False)
class Run:
    """Where training went. NaN marks the part of a run after it diverged (lr, known beforehand, has none).

    path          (*replicas, updates + 1, 2) positions, the start first
    batch_cost    (*replicas, updates) J{t} of each batch with its penalty, measured before its update
    lr            (*replicas, updates) learning rate of each update
    samples_seen  (updates + 1,) samples looked at before each position; divide by m for epochs
    diverged      (*replicas,) True for the runs that left the limit
    penalty       the mean penalty c, for the cost of all samples
    """

    path: np.ndarray
    batch_cost: np.ndarray
    lr: np.ndarray
    samples_seen: np.ndarray
    diverged: np.ndarray
    penalty: float

    def cost(self, data: Data, every: int = 1) -> np.ndarray:
        """(*replicas, ceil((updates + 1) / every)) cost of ALL samples with the mean penalty, at every so many updates.

        Cheap for linear regression; for logistic regression each position costs a look at up to 10,000 samples.
        """
        return data.cost(self.path[..., ::every, :], self.penalty)


def train(
    data: Data,
    optimizer: Any,
    start: Any,
    epochs: int,
    batch_size: int,
    *,
    schedule: Any = 1.0,
    drawing: str = "reshuffle",
    seed: Any = 0,
    l2: float = 0.0,
    regularisation: str = "lecture",
    updates: int | None = None,
    limit: float = 1e6,
    **hyperparameters: Any,
) -> Run:
    """Mini-batch training from `start`, for one run or many replicas.

    optimizer        an entry of OPTIMIZERS or its name
    start            (*replicas, 2) finite numbers
    epochs           passes over the data, a whole number >= 1
    batch_size       a whole number in [1, m]; the last batch of an epoch is smaller when it does not divide m
    schedule         factor >= 0 on lr: a number, (updates,), (*replicas, updates), or a function of the update number
                     (from 0, an array) that returns one of these
    drawing          "reshuffle": every sample once an epoch, in a new order each; "replacement": independent draws
    seed             (*replicas,) whole numbers >= 0; one seed is one stream of batches, whatever the replicas round it
    l2               >= 0, the lambda of the penalty; `regularisation` says what divides it (see `mean_penalty`)
    updates          stop after so many, even inside an epoch
    limit            largest |coordinate|; beyond it a run has diverged
    hyperparameters  (*replicas,) each, as the optimizer's `params` say

    Raises KeyError for an unknown optimizer, TypeError for an unknown hyperparameter, ValueError for a value out of
    range, shapes that do not broadcast or more work than the limits above allow. Divergence raises nothing.
    """
    optimizer = OPTIMIZERS.resolve(optimizer)
    settings = stepping.hyperparameters_of(optimizer, hyperparameters)
    cut, drawing = batches(data.m, batch_size), DRAWING.check(drawing, "train")
    limit = stepping.LIMIT.check_scalar(limit, "train")
    penalty = mean_penalty(data.m, batch_size, l2, regularisation)
    sizes = _sizes(cut, epochs, updates)
    schedule = schedule(np.arange(sizes.size)) if callable(schedule) else schedule
    start = stepping.starts("train", start, "w1, w2")
    factor = stepping.factors("train", schedule, sizes.size, "updates")
    seed = np.asarray(SEED.check(seed, "train"))
    shapes = {"start": start.shape[:-1], "schedule": factor.shape[:-1], "seed": seed.shape}
    shapes |= stepping.shapes_of(settings)
    shape = stepping.broadcast("train", "replica", shapes)
    whole = cut.number == 1 and drawing == "reshuffle"  # every batch is all the samples: one walk serves all seeds
    walked = stepping.broadcast("train", "replica", shapes | {"seed": ()}) if whole else shape
    _affordable(cut, sizes.size, walked, 1 if whole else seed.size)
    pull = l2 / (sizes if regularisation == "lecture" else np.full(sizes.size, data.m))
    draws = one_by_one if walked == () and batch_size == 1 and not whole else stream
    cost = np.full((sizes.size, *walked), np.nan)
    observe = _observer(data, draws(data, cut, sizes.size, drawing, seed), pull.tolist(), cost)
    with np.errstate(all="ignore"):
        lr = np.asarray(settings.pop("lr"))[..., None] * factor
        path = stepping.walk(optimizer, settings, start, lr, walked, observe, limit)
    gone = stepping.lost(path, limit)
    path = np.moveaxis(np.where(gone[:, None], np.nan, path), (0, 1), (-2, -1))
    cost = np.moveaxis(np.where(gone[:-1], np.nan, cost), 0, -1)
    return Run(
        path=np.broadcast_to(path, (*shape, sizes.size + 1, 2)),
        batch_cost=np.broadcast_to(cost, (*shape, sizes.size)),
        lr=np.broadcast_to(lr, (*shape, sizes.size)),
        samples_seen=np.append(0, np.cumsum(sizes)),
        diverged=np.broadcast_to(gone[-1], shape),
        penalty=penalty,
    )


def _observer(data: Data, feed: Iterator[Any], pull: list[float], cost: np.ndarray) -> stepping.Observe:
    """What `walk` asks for gradients: takes the next batch, and writes down its cost (updates, *replicas)."""

    def observe(t, w, memory):
        if t == len(pull):
            return w
        loss, (g1, g2) = loss_and_gradient(data, next(feed), w)
        c, (w1, w2) = pull[t], w
        cost[t] = loss + 0.5 * c * (w1 * w1 + w2 * w2)
        if type(w1) is float:
            g1, g2 = float(g1), float(g2)
        return g1 + c * w1, g2 + c * w2

    return observe


def _sizes(cut: Batches, epochs: int, updates: int | None) -> np.ndarray:
    """(updates,) samples in the batch of each update."""
    count = EPOCHS.check_scalar(epochs, "train") * cut.number
    if updates is not None:
        count = min(count, UPDATES.check_scalar(updates, "train"))
    if count > LARGEST_RECORD:
        raise ValueError(f"train: updates must be <= {LARGEST_RECORD}, got {count}")
    return np.resize(cut.sizes, count)


def _affordable(cut: Batches, updates: int, replicas: tuple[int, ...], seeds: int) -> None:
    runs, size = int(np.prod(replicas)), cut.batch_size
    for what, amount, most in (
        ("replicas", runs, LARGEST_BATCH),
        ("replicas x updates", runs * updates, LARGEST_RECORD),
        ("replicas x batch_size", runs * size, LARGEST_BATCH),
        ("seeds x m", seeds * cut.m, LARGEST_ORDER),
        ("replicas x updates x batch_size", runs * updates * size, LARGEST_VISITS),
    ):
        if not 1 <= amount <= most:
            raise ValueError(f"train: {what} must be in [1, {most}], got {amount}")
