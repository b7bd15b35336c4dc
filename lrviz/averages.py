"""Exponentially weighted averages: one number that remembers a series.

    v_t = beta v_{t-1} + (1 - beta) x_t,    v_0 = 0

Unrolled, v_t weighs today by 1 - beta, yesterday by (1 - beta) beta, the day before by (1 - beta) beta^2, and so
on: about 1/(1 - beta) days matter. The weights add up to 1 - beta^t only, so the average starts too low; dividing
by that sum corrects it.

A NumPy loop over a million days would be slow, but one step of the recursion can be doubled. If v holds, at
every t, the sum over the last k days, then v_t + beta^k v_{t-k} is the sum over the last 2k. Twenty doublings cover
a million days, for every beta of a batch at once (the scan of Hillis & Steele 1986, doi:10.1145/7902.7903).
Only fading terms are ever added, nothing large is subtracted, so the result is as exact as the plain recursion.
The moving average below adds up its windows by the same doubling.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .params import decay, integer, number

BETA = decay("beta", 0.9)
DAYS = integer("n", 1, low=0)
WINDOW = integer("window", 10, low=1)


def ewma(x: ArrayLike, beta: ArrayLike, corrected: bool = False) -> np.ndarray:
    """The exponentially weighted average of each series at every time.

    x          (..., time), real numbers; NaN is a missing value
    beta       in [0, 1): a number or an array of shape (*batch,)
    corrected  divide by the weight of the values seen so far, 1 - beta^t when none is missing
    returns    (*batch, ..., time), in the unit of x

    Missing values: the clock runs on. A missing day leaves the average where it was, and the next value meets a memory
    that has faded by beta for every day that passed. Temperatures belong to dates: after a fortnight without a reading
    the last one is a fortnight old and must not count as yesterday's. Nor may a missing day count as 0, which would
    pull the average down by an amount that depends on the unit. This is the rule of pandas `ewm(alpha=1-beta,
    ignore_na=False)`. Corrected (`adjust=True`) it is the mean of the values seen, weighted by their age. Uncorrected
    (`adjust=False`, begun at 0), g days after the last value v becomes (beta^g v + (1 - beta) x)/(beta^g + 1 - beta).
    Before the first value the corrected average is NaN, the uncorrected one its start, 0.

    ValueError: beta outside [0, 1); x without a time axis, not real numbers, or infinite.
    """
    x = _series("ewma", x)
    beta = np.asarray(BETA.check(beta, "ewma"))
    beta = beta.reshape(*beta.shape, *(1,) * x.ndim)
    seen = ~np.isnan(x)
    if seen.all():
        average = decaying_sum((1 - beta) * x, beta)
        return average / decaying_sum((1 - beta) * np.ones(x.shape[-1]), beta) if corrected else average
    return _corrected_over_gaps(x, seen, beta) if corrected else _plain_over_gaps(x, seen, beta)


def decaying_sum(push: ArrayLike, factor: ArrayLike) -> np.ndarray:
    """v_t = factor v_{t-1} + push_t from v_0 = 0, along the last axis of `push`.

    factor: a number, or an array that broadcasts against push and has length 1 along time; abs(factor) < 1. Factors and
    series are paired by broadcasting here, where `ewma` takes every beta with every series.
    """
    factor = np.asarray(factor, dtype=float)
    v = np.array(np.broadcast_to(push, np.broadcast_shapes(np.shape(push), factor.shape)), dtype=float)
    k = 1
    while k < v.shape[-1] and (fade := factor**k).any():
        v[..., k:] += fade * v[..., :-k]
        k *= 2
    return v


def ewma_weights(beta: ArrayLike, n: int) -> np.ndarray:
    """The weight (1 - beta) beta^k of the value k days back, k = 0 .. n-1; beta (*batch,) gives (*batch, n)."""
    beta = np.asarray(BETA.check(beta, "ewma_weights"))[..., None]
    return (1 - beta) * beta ** np.arange(DAYS.check_scalar(n, "ewma_weights"))


def moving_average(x: ArrayLike, window: ArrayLike) -> np.ndarray:
    """The mean of the last `window` values at every time, of fewer at the start.

    x        (..., time), real numbers; NaN is a missing value
    window   a whole number >= 1, or an array of them of shape (*batch,)
    returns  (*batch, ..., time), in the unit of x

    Missing values: as in `ewma`, the clock runs on. The window is counted in days and the mean is over the values
    present in it, NaN where there are none (pandas `rolling(window, min_periods=1).mean()`).

    ValueError: window below 1 or not whole; x without a time axis, not real numbers, or infinite.
    """
    x = _series("moving_average", x)
    windows = np.asarray(WINDOW.check(window, "moving_average"))
    seen = ~np.isnan(x)
    present = np.where(seen, x, 0.0)
    means = [_ratio(_window_sum(present, w), _window_sum(seen.astype(float), w)) for w in windows.ravel().tolist()]
    return np.reshape(means, windows.shape + x.shape)


def rms_error(average: ArrayLike, mean: ArrayLike) -> np.ndarray:
    """The root mean square distance, over time, of curves (..., time) from a known mean (time,) or (..., time)."""
    return np.sqrt(np.mean(np.square(np.subtract(average, mean)), axis=-1))


def window(beta: Any) -> Any:
    """About how many days are averaged: 1/(1 - beta), 10 for 0.9."""
    return 1 / (1 - BETA.check(beta, "window"))


def equal_lag_window(beta: Any) -> Any:
    """The days of a moving window that lags, and calms independent noise, as the EWMA does: (1 + beta)/(1 - beta)."""
    beta = BETA.check(beta, "equal_lag_window")
    return (1 + beta) / (1 - beta)


def half_life(beta: Any) -> Any:
    """The days after which a weight has halved: ln 0.5 / ln beta, and 0 for beta 0."""
    return np.log(0.5) / _log(BETA.check(beta, "half_life"))


def ramp_lag(beta: Any) -> Any:
    """The days by which the average trails a steady rise: beta/(1 - beta), the mean age of the weights."""
    beta = BETA.check(beta, "ramp_lag")
    return beta / (1 - beta)


def noise_kept(beta: Any, phi: Any = 0.0) -> Any:
    """The part of the noise variance that is left: (1 - beta)/(1 + beta) (1 + beta phi)/(1 - beta phi).

    phi, in (-1, 1), is the correlation of the noise from one day to the next: 0 if independent, 0.76 for the weather
    of the london signal.
    """
    beta = BETA.check(beta, "noise_kept")
    phi = number("phi", 0.0, low=-1, high=1, open_low=True, open_high=True).check(phi, "noise_kept")
    return (1 - beta) / (1 + beta) * (1 + beta * phi) / (1 - beta * phi)


def startup_days(beta: Any, share: float = 0.05) -> Any:
    """The first day t by whose end the start-up bias beta^t is below `share`, a number in (0, 1)."""
    beta = BETA.check(beta, "startup_days")
    share = number("share", 0.05, low=0, high=1, open_low=True, open_high=True).check(share, "startup_days")
    t = np.floor(np.log(share) / _log(beta)) + 1
    t = t - (np.power(beta, t - 1) < share) + (np.power(beta, t) >= share)  # where the logarithms rounded across a day
    return np.asarray(t).astype(int)[()]


def share_inside(beta: Any, days: Any) -> Any:
    """The weight of the last `days` days, 1 - beta^days; also the divisor of the correction on day t = days."""
    beta = BETA.check(beta, "share_inside")
    return 1 - np.power(beta, number("days", 10.0, low=0).check(days, "share_inside"))


def cycle_response(beta: Any, period: Any) -> tuple[Any, Any]:
    """What the average does to a sine of `period` days (at least 2): (gain, delay in days).

    The average multiplies exp(i w t) by (1 - beta)/(1 - beta exp(-i w)), w = 2 pi/period: its size and its angle.
    """
    beta = BETA.check(beta, "cycle_response")
    w = 2 * np.pi / number("period", 365.0, low=2).check(period, "cycle_response")
    across, along = beta * np.sin(w), 1 - beta * np.cos(w)
    return (1 - beta) / np.hypot(along, across), np.arctan2(across, along) / w


def _series(who: str, x: ArrayLike) -> np.ndarray:
    """x as floats (..., time), or ValueError."""
    try:
        series = np.asarray(x)
    except ValueError:
        raise ValueError(f"{who}: x must be of equal lengths, got {x!r:.60}") from None
    if series.dtype.kind not in "iuf":
        raise ValueError(f"{who}: x must be real numbers, got {series.dtype} values")
    if series.ndim == 0:
        raise ValueError(f"{who}: x must have a time axis, got {x!r}")
    series = series.astype(float, copy=False)
    if np.isinf(series).any():
        raise ValueError(f"{who}: x must be finite, or NaN where missing, got {series[np.isinf(series)][0]}")
    return series


def _last_seen(seen: np.ndarray) -> np.ndarray:
    """The day, counted from 1, of the latest value up to each day; 0 before the first."""
    return np.maximum.accumulate(np.where(seen, np.arange(1, seen.shape[-1] + 1), 0), axis=-1)


def _corrected_over_gaps(x: np.ndarray, seen: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """The weighted mean of the values present; on a missing day, that of the latest day with a value."""
    weighted = decaying_sum((1 - beta) * np.where(seen, x, 0.0), beta)
    weight = decaying_sum((1 - beta) * seen, beta)
    last = np.broadcast_to(_last_seen(seen), weighted.shape)
    return np.take_along_axis(_ratio(weighted, weight), np.maximum(last - 1, 0), axis=-1)


def _plain_over_gaps(x: np.ndarray, seen: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """v = kept v + push, where `kept` is 1 on a missing day and makes up for the days passed on the next one."""
    last = _last_seen(seen)
    gap = np.arange(1, x.shape[-1] + 1) - np.concatenate([np.zeros_like(last[..., :1]), last[..., :-1]], axis=-1)
    faded = beta**gap
    kept = np.where(seen, faded / (faded + 1 - beta), 1.0)
    v = np.where(seen, (1 - beta) / (faded + 1 - beta) * np.where(seen, x, 0.0), 0.0)
    k = 1
    while k < v.shape[-1]:
        v[..., k:] += kept[..., k:] * v[..., :-k]
        kept[..., k:] *= kept[..., :-k]
        k *= 2
    return v


def _window_sum(x: np.ndarray, window: int) -> np.ndarray:
    """The sum of the last `window` values, from sums over 1, 2, 4, ... values: those in the binary form of `window`."""
    n = x.shape[-1]
    total, run = np.zeros_like(x), x.copy()
    covered, k, window = 0, 1, min(window, n)
    while covered < window:
        if window & k:
            total[..., covered:] += run[..., : n - covered]
            covered += k
        run[..., k:] += run[..., : n - k]
        k *= 2
    return total


def _ratio(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a/b, and NaN where b is 0: nothing has been seen."""
    a, b = np.broadcast_arrays(a, b)
    return np.divide(a, b, out=np.full(a.shape, np.nan), where=b != 0)


def _log(beta: Any) -> np.ndarray:
    """ln beta, and minus infinity at 0 without a warning."""
    return np.log(beta, out=np.full(np.shape(beta), -np.inf), where=np.asarray(beta) > 0)[()]
