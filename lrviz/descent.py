"""Follow an update rule down a surface.

`descend` asks the surface for a gradient, the rule for a step, and records where that leads. Every number may be an
array: all of them broadcast over leading axes, so that one run, a sweep of rates and a map of ten thousand starts are
the same call. Axes come in the order batch, time, coordinate. The loop itself is in `stepping`.

Divergence is a result, not an error: a run that leaves |coordinate| <= limit, or stops being a number, is NaN from
there on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import stepping
from .optimizers import OPTIMIZERS, Optimizer, sqrt
from .params import flag, integer, number
from .surfaces import SURFACES, Surface

LARGEST_WORK = 20_000_000  # positions of all runs together: about 0.6 GB of results

STEPS = integer("steps", 200, low=0, high=100_000)
NOISE = number("noise", 0.0, low=0.0)
SEED = integer("seed", 0, low=0)
SLOTS = flag("slots", False)
HEIGHTS = flag("heights", True)
RATES = number("rates", 0.0, low=0.0)


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Where the runs went. NaN marks the part of a run after it diverged (lr, which is known beforehand, has none).

    xy          (*batch, steps + 1, 2) positions, the start first
    loss        (*batch, steps + 1) values of the surface there
    grad_norm   (*batch, steps + 1) length of its gradient there, without noise
    lr          (*batch, steps) learning rate of each step
    slots       name -> (*batch, steps + 1, 2), what the rule remembers after each step; empty unless asked for
    diverged    (*batch,) True for the runs that left the limit
    """

    xy: np.ndarray
    loss: np.ndarray
    grad_norm: np.ndarray
    lr: np.ndarray
    slots: Mapping[str, np.ndarray]
    diverged: np.ndarray


def descend(
    surface: Surface | str,
    optimizer: Optimizer | str,
    start: ArrayLike,
    steps: int,
    *,
    schedule: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
    seed: ArrayLike = 0,
    limit: float = 1e6,
    slots: bool = False,
    heights: bool = True,
    **hyperparameters: Any,
) -> Trajectory:
    """Take `steps` steps of an optimizer from `start`, for one run or a batch of them.

    surface, optimizer   an entry or its name
    start                (*batch, 2) finite numbers
    steps                a whole number in [0, 100000]; runs times (steps + 1) at most `LARGEST_WORK` together
    schedule             factor >= 0 on lr: a number, (steps,) or (*batch, steps), one for each step
    noise                (*batch,) standard deviation >= 0 of Gaussian noise on each coordinate of each gradient
    seed                 (*batch,) whole numbers >= 0; one seed is one stream of noise, whatever the batch round it
    limit                largest |coordinate|; beyond it a run has diverged
    slots                keep what the rule remembers, too
    heights              work out loss and grad_norm at each position; NaN where not, which takes half the time
    hyperparameters      (*batch,) each, as the optimizer's `params` say; defaults for those not given

    Raises KeyError for an unknown name, TypeError for an unknown hyperparameter, ValueError for a value out of range
    or shapes that do not broadcast; each names the culprit. Divergence raises nothing.
    """
    surface, optimizer = SURFACES.resolve(surface), OPTIMIZERS.resolve(optimizer)
    settings = stepping.hyperparameters_of(optimizer, hyperparameters)
    steps, limit = STEPS.check_scalar(steps, "descend"), stepping.LIMIT.check_scalar(limit, "descend")
    keep, heights = SLOTS.check(slots, "descend"), HEIGHTS.check(heights, "descend")
    noise, seed = (stepping.plain(p.check(v, "descend")) for p, v in ((NOISE, noise), (SEED, seed)))
    start = stepping.starts("descend", start, "x, y")
    factor = stepping.factors("descend", schedule, steps, "steps")
    shapes = {
        "start": start.shape[:-1],
        "schedule": factor.shape[:-1],
        "noise": np.shape(noise),
        "seed": np.shape(seed),
    }
    batch = stepping.broadcast("descend", "batch", shapes | stepping.shapes_of(settings))
    if np.prod(batch, dtype=float) * (steps + 1) > LARGEST_WORK:
        raise ValueError(f"descend: runs times steps must be <= {LARGEST_WORK}, got batch {batch} of {steps} steps")
    with np.errstate(all="ignore"):
        lr = np.asarray(settings.pop("lr"))[..., None] * factor
        record = _blank(batch, lr, optimizer.slots if keep else (), heights)
        observe = _observer(surface, _gradient_noise(noise, seed, steps), record)
        xy = stepping.walk(optimizer, settings, start, lr, batch, observe, limit)
    return _finish(replace(record, xy=xy), limit)


def _blank(batch: tuple[int, ...], lr: np.ndarray, names: Sequence[str], heights: bool) -> Trajectory:
    """A trajectory to be written into, as yet without positions: time before batch, and NaN wherever nothing gets written."""
    time = lr.shape[-1] + 1
    nothing = np.broadcast_to(np.nan, (time, *batch))
    return Trajectory(
        xy=np.empty(0),
        loss=np.full((time, *batch), np.nan) if heights else nothing,
        grad_norm=np.full((time, *batch), np.nan) if heights else nothing,
        lr=np.broadcast_to(lr, (*batch, time - 1)),
        slots={name: np.full((time, 2, *batch), np.nan) for name in names},
        diverged=np.zeros(batch, bool),
    )


def _observer(surface: Surface, noise: Sequence[Any], record: Trajectory) -> stepping.Observe:
    """What `walk` asks for gradients: fills in the record on the way."""
    value, gradient, slots = surface.value, surface.gradient, record.slots
    loss, norm = (record.loss, record.grad_norm) if record.loss.flags.writeable else (None, None)

    def observe(t, w, memory):
        for name, kept in slots.items():
            kept[t, 0], kept[t, 1] = memory[0][name], memory[1][name]
        g = gradient(*w)
        if loss is not None and norm is not None:
            loss[t] = value(*w)
            norm[t] = sqrt(g[0] * g[0] + g[1] * g[1])
        return (g[0] + noise[t][0], g[1] + noise[t][1]) if t < len(noise) else g

    return observe


def _finish(record: Trajectory, limit: float) -> Trajectory:
    """The record with time after batch, and NaN from where a run left the limit."""
    gone = stepping.lost(record.xy, limit)
    if gone.any():
        for values in (record.loss, record.grad_norm) if record.loss.flags.writeable else ():
            values[gone] = np.nan
        for values in (record.xy, *record.slots.values()):
            np.moveaxis(values, 1, -1)[gone] = np.nan
    return Trajectory(
        xy=np.moveaxis(record.xy, (0, 1), (-2, -1)),
        loss=np.moveaxis(record.loss, 0, -1),
        grad_norm=np.moveaxis(record.grad_norm, 0, -1),
        lr=record.lr,
        slots={name: np.moveaxis(values, (0, 1), (-2, -1)) for name, values in record.slots.items()},
        diverged=gone[-1],
    )


def _gradient_noise(noise: Any, seed: Any, steps: int) -> Sequence[Any]:
    """What is added to the gradient: over steps, a pair for x and y. Empty where there is no noise."""
    if not np.any(noise):
        return ()
    streams = [np.random.default_rng(s).standard_normal((steps, 2)) for s in np.ravel(seed)]
    drawn = np.asarray(noise)[..., None, None] * np.reshape(streams, (*np.shape(seed), steps, 2))
    return drawn.tolist() if drawn.ndim == 2 else list(np.ascontiguousarray(np.moveaxis(drawn, (-2, -1), (0, 1))))


def tune(
    surface: Surface | str, optimizer: Optimizer | str, start: ArrayLike, steps: int, rates: ArrayLike, **settings: Any
) -> tuple[float, np.ndarray]:
    """The best of several learning rates, tried all at once: (best rate, final loss at each rate).

    Best is the smallest final loss, the smaller rate where two are equal; the loss of a run that diverged is inf, and
    if all of them did, the smallest rate is returned. rates has shape (n,), n >= 1, each >= 0; what else `descend`
    takes (schedule, noise, seed, ...) may be given too, for one run. Raises what `descend` raises.
    """
    rates = np.asarray(RATES.check(rates, "tune"))
    if rates.ndim != 1 or not rates.size:
        raise ValueError(f"tune: rates must be a list of at least one number, got shape {rates.shape}")
    final = descend(surface, optimizer, start, steps, lr=rates, **settings).loss[..., -1]
    if final.shape != rates.shape:
        raise ValueError(f"tune: all but the rates must be single, got a batch of shape {final.shape}")
    final = np.where(np.isnan(final), np.inf, final)
    return float(rates[np.lexsort((rates, final))[0]]), final


def first_step(condition: ArrayLike) -> np.ndarray:
    """(*batch,) the first step at which a condition (*batch, steps + 1) holds, -1 where it never does."""
    condition = np.asarray(condition, bool)
    return np.where(condition.any(axis=-1), condition.argmax(axis=-1), -1)


def steps_to(trajectory: Trajectory, targets: ArrayLike, tolerance: float) -> np.ndarray:
    """(*batch,) steps until a run first comes within `tolerance` of one of the targets (n, 2); -1 if it never does."""
    away = trajectory.xy[..., None, :] - np.reshape(targets, (-1, 2))
    return first_step((np.hypot(away[..., 0], away[..., 1]) <= tolerance).any(axis=-1))


def diverged_at(trajectory: Trajectory) -> np.ndarray:
    """(*batch,) the step that took a run beyond the limit; -1 where none did."""
    return first_step(np.isnan(trajectory.xy[..., 0]))


def path_length(trajectory: Trajectory) -> np.ndarray:
    """(*batch,) length of the way gone, up to divergence."""
    steps = np.diff(trajectory.xy, axis=-2)
    return np.nansum(np.hypot(steps[..., 0], steps[..., 1]), axis=-1)


def zigzags(trajectory: Trajectory, direction: ArrayLike = (0.0, 1.0)) -> np.ndarray:
    """(*batch,) how often consecutive steps point opposite ways along a direction (the steep one)."""
    along = np.diff(trajectory.xy, axis=-2) @ np.asarray(direction, float)
    return (along[..., 1:] * along[..., :-1] < 0).sum(axis=-1)
