"""Cutting m samples into batches, and drawing them anew every epoch.

The samples are put in an order and cut into batches X{1}, Y{1}, X{2}, Y{2}, ... of B samples, the last one smaller
when B does not divide m. A pass over all of them is an epoch. Reshuffled, every sample comes exactly once an epoch.
Drawn with replacement, each place in the epoch is an independent draw: some samples come twice, others not at all,
and the noise of a batch no longer makes up for that of the batches before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .params import choice, integer
from .regression import Data

DRAWING = choice(
    "drawing", "reshuffle", ("reshuffle", "replacement"), label="batches are drawn by",
    help="Reshuffle: every sample once an epoch, in a new order. Replacement: every draw independent of all others.",
)  # fmt: skip
SEED = integer("seed", 0, low=0)
AT_ONCE = 10_000  # samples unpacked at a time: a list of floats takes six times an array's memory


@dataclass(frozen=True)
class Batches:
    """How m samples of n_x features are cut into batches of at most batch_size."""

    m: int
    batch_size: int
    n_x: int = 2

    @property
    def number(self) -> int:
        """Batches, and so updates, in an epoch: m / B rounded up."""
        return -(-self.m // self.batch_size)

    @property
    def last(self) -> int:
        """Samples in the last batch, from 1 to B."""
        return self.m - (self.number - 1) * self.batch_size

    @property
    def sizes(self) -> np.ndarray:
        """(number,) samples in each batch."""
        return np.append(np.full(self.number - 1, self.batch_size), self.last)

    @property
    def x_shape(self) -> tuple[int, int]:
        """The shape of X{t}: (n_x, B)."""
        return self.n_x, self.batch_size

    @property
    def y_shape(self) -> tuple[int, int]:
        """The shape of Y{t}: (1, B)."""
        return 1, self.batch_size

    @property
    def bytes(self) -> int:
        """Memory of one X{t} and Y{t} in double precision."""
        return 8 * (self.n_x + 1) * self.batch_size

    @property
    def mean_inverse_size(self) -> float:
        """The mean over the batches of 1 / size."""
        return ((self.number - 1) / self.batch_size + 1 / self.last) / self.number


def batches(m: int, batch_size: int, n_x: int = 2) -> Batches:
    """The cut of m samples into batches of `batch_size`; only counted, so five million samples cost nothing.

    ValueError unless m and n_x are whole numbers >= 1 and batch_size is one in [1, m].
    """
    m = integer("m", 1, low=1).check_scalar(m, "batches")
    batch_size = integer("batch_size", 1, low=1, high=m).check_scalar(batch_size, "batches")
    return Batches(m, batch_size, integer("n_x", 2, low=1).check_scalar(n_x, "batches"))


def rule_of_thumb(m: int) -> tuple[int, ...]:
    """Batch sizes the lecture would try: all m samples below 2,000, else the powers of two from 64 to 512."""
    return (m,) if m < 2000 else (64, 128, 256, 512)


def draw_order(m: int, drawing: str, rng: np.random.Generator) -> np.ndarray:
    """(m,) which sample comes when in an epoch: all of them shuffled, or m independent draws."""
    return rng.permutation(m) if drawing == "reshuffle" else rng.integers(m, size=m)


def epoch(
    data: Data, batch_size: int, *, drawing: str = "reshuffle", seed: int = 0
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The batches X{t} (2, B), Y{t} (1, B) of the first epoch that `train` sees with this seed."""
    cut, drawing = batches(data.m, batch_size), DRAWING.check(drawing, "epoch")
    for batch in stream(data, cut, cut.number, drawing, np.asarray(SEED.check(seed, "epoch"))):
        yield batch[:2], batch[2:]


def stream(data: Data, cut: Batches, updates: int, drawing: str, seed: np.ndarray) -> Iterator[np.ndarray]:
    """The batches of so many updates, each (3, *seeds, B) with the rows x1, x2, y; one seed is one stream.

    A batch of all the samples is (3, m) for any seed: the order inside a batch does not matter.
    """
    if cut.number == 1 and drawing == "reshuffle":
        for _ in range(updates):
            yield data.samples
        return
    for order in orders(cut, updates, drawing, seed):
        for i in range(0, order.shape[-1], cut.batch_size):
            yield data.samples.take(order[..., i : i + cut.batch_size], axis=1)


def one_by_one(data: Data, cut: Batches, updates: int, drawing: str, seed: np.ndarray) -> Iterator[list[float]]:
    """`stream` for batches of one sample and one seed: x1, x2, y as plain floats."""
    for order in orders(cut, updates, drawing, seed):
        for i in range(0, len(order), AT_ONCE):
            yield from data.samples.take(order[i : i + AT_ONCE], axis=1).T.tolist()


def orders(cut: Batches, updates: int, drawing: str, seed: np.ndarray) -> Iterator[np.ndarray]:
    """Which samples come when, (*seeds, m) epoch by epoch; the last one as far as it is needed."""
    rngs = [np.random.default_rng(s) for s in seed.ravel()]
    for done in range(0, updates, cut.number):
        needed = min(cut.number, updates - done) * cut.batch_size
        order = np.stack([draw_order(cut.m, drawing, rng)[:needed] for rng in rngs])
        yield order.reshape(*seed.shape, -1)
