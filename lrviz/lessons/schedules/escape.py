"""Two troubles that a schedule gets a run into or out of.

Ripples (S8): a bowl with many local minima. Noise shakes a run, and shakes it harder the larger the rate; while the
rate is high a run may jump from one minimum to another, and a restart makes it high again. Counted are arrivals: a
jump is made when a run comes close to another minimum than the one it was at last.

The long valley (A4): with the root of the mean of all past squares in the denominator, the walls are forgotten on the
long calm way. Across the floor the curvature is lambda = 10, so a step overshoots by more than it mends once
lr lambda / sigma > 2 with sigma = C / sqrt(t): from step (2 C / (lr lambda))^2 on, C^2 the sum of g^2 so far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...descent import descend, diverged_at, first_step
from ...surfaces import SURFACES, Surface
from ..memo import memo

RUNS = 200
CLOSE = 0.4
DRAWN_RUN = 0

VALLEY = SURFACES["long_valley"]
CALM_AFTER = 30
AWAY = 0.1
NEAR = 0.3
ACROSS = 10.0


@dataclass(frozen=True)
class Jumps:
    """200 runs on the ripples, driven by one schedule.

    path      (steps + 1, 2) the first of them
    made      (runs,) how many jumps each made
    late      (runs,) how many of them in the second half of its steps
    centre    how many were close to the best minimum, in the centre, last
    loss      mean loss at the end, over the runs that did not diverge
    diverged  how many did
    """

    path: np.ndarray
    made: np.ndarray
    late: np.ndarray
    centre: int
    loss: float
    diverged: int

    @property
    def escaped(self) -> int:
        """How many runs made a jump."""
        return int((self.made > 0).sum())

    @property
    def still(self) -> int:
        """How many made one in the second half of their steps."""
        return int((self.late > 0).sum())


def uncertainty(count: int) -> float:
    """Standard error of a count of RUNS independent runs."""
    return float(np.sqrt(count * (1 - count / RUNS)))


def rippled(depth: float) -> Surface:
    return SURFACES["ripples"].bind(depth=depth)


def minima(surface: Surface) -> np.ndarray:
    """(n, 2) the local minima inside the surface's box."""
    return np.array([(x, y) for x, y, kind in surface.points if kind == "minimum"])


def outermost(surface: Surface) -> tuple[float, float]:
    """The local minimum in the upper left corner, where the runs start."""
    x, y = min(minima(surface), key=lambda point: point[0] - point[1])
    return float(x), float(y)


def visited(xy: np.ndarray, places: np.ndarray) -> np.ndarray:
    """For positions (runs, time, 2) the number of the place a run was close to last; the first must be close to one.

    The places are the crossings of a grid, so that the nearest is found for each coordinate alone.
    """
    xs, ys = np.unique(places[:, 0]), np.unique(places[:, 1])
    x, y = xy[..., 0], xy[..., 1]
    i, j = (np.searchsorted((line[1:] + line[:-1]) / 2, part) for line, part in ((xs, x), (ys, y)))
    numbers = np.empty((len(xs), len(ys)), int)
    numbers[np.searchsorted(xs, places[:, 0]), np.searchsorted(ys, places[:, 1])] = np.arange(len(places))
    close = np.hypot(x - xs[i], y - ys[j]) < CLOSE  # never where a run is NaN
    when = np.maximum.accumulate(np.where(close, np.arange(xy.shape[-2]), 0), axis=-1)
    return np.take_along_axis(numbers[i, j], when, axis=-1)


@memo(entries=24, long=True)
def jump(rates: np.ndarray, depth: float, noise: float) -> Jumps:
    """200 runs driven by the rates (steps,), from the local minimum farthest out."""
    rates, surface = np.maximum(rates, 0.0), rippled(depth)
    places = minima(surface)
    runs = descend(surface, "gd", outermost(surface), len(rates), lr=1.0, schedule=rates, noise=noise,
                   seed=np.arange(RUNS), limit=1e3)  # fmt: skip
    at = visited(runs.xy, places)
    changes = np.diff(at, axis=-1) != 0
    final = runs.loss[:, -1]
    return Jumps(
        path=runs.xy[DRAWN_RUN],
        made=changes.sum(axis=-1),
        late=changes[:, len(rates) // 2 :].sum(axis=-1),
        centre=int((at[~runs.diverged, -1] == np.argmin(np.hypot(*places.T))).sum()),
        loss=float(final[~runs.diverged].mean()) if not runs.diverged.all() else np.inf,
        diverged=int(runs.diverged.sum()),
    )


@dataclass(frozen=True)
class Burst:
    """One run of the root-mean-square method (adagrad_rms) down the long valley, without noise.

    path       (steps + 1, 2) positions
    off        (steps + 1,) distance from the valley's floor
    due        the step from which the formula, with the C of the calm, expects bursts; -1 for never
    calm       the first step, of those from CALM_AFTER on, at which the run was less than AWAY from the floor; -1 for never
    at         the step at which the run, calm before and not yet at the minimum, was AWAY from the floor; -1 for never
    after      the same for a run that has been at the minimum
    arrived    the step at which it came within NEAR of the minimum; -1 for never
    diverged   the step at which it diverged; -1 for never
    """

    path: np.ndarray
    off: np.ndarray
    due: int
    calm: int
    at: int
    after: int
    arrived: int
    diverged: int

    @property
    def predicted(self) -> bool:
        """Whether there is a burst before the minimum, and not before the formula expects one."""
        return 0 <= self.due <= self.at


@memo(entries=24, long=True)
def burst(rates: np.ndarray) -> Burst:
    """The run driven by the rates (steps,)."""
    rates = np.maximum(rates, 0.0)
    run = descend(VALLEY, "adagrad_rms", VALLEY.start, len(rates), lr=1.0, schedule=rates)
    x, y = run.xy.T
    slope = ACROSS * (y - 0.1 * np.sin(3 * x))
    off = np.abs(slope) / ACROSS
    start = min(max(CALM_AFTER, int(rates.argmax())), len(rates) - 1)
    size = np.sqrt((slope[: start + 1] ** 2).sum())
    step = np.arange(1, len(rates) + 1)
    over = first_step((step > start) & (rates * ACROSS * np.sqrt(step) > 2 * size))
    calm = first_step((off < AWAY) & (np.arange(len(off)) >= CALM_AFTER))
    arrived = int(first_step(np.hypot(x, y) < NEAR))
    away = first_step((off > AWAY) & (np.arange(len(off)) > calm)) if calm >= 0 else -1
    before = away >= 0 and (arrived < 0 or away < arrived)
    return Burst(
        run.xy, off, int(over) + 1 if over >= 0 else -1, int(calm), int(away) if before else -1, -1 if before else int(away), arrived,
        int(diverged_at(run)),
    )  # fmt: skip
