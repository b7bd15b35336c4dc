"""Series to average, each with its known mean.

A signal is a curve without noise, and noise on top. Measurements never come with that curve; here it is known, so how
far an average is from the truth can be computed (`error_against_beta`).

The first one is a year of London temperatures. It is synthetic: Heathrow's monthly means of 1991-2020, smoothed to a
curve, plus weather that remembers yesterday. Each day's weather is 0.76 of the day before's and a fresh shock: so
weather is itself an exponentially weighted sum of shocks, and the same doubling makes both.

A signal of one's own is a function of the day that returns its values and its known mean:

    @signal(label="Sawtooth", params=(number("period", 30.0, low=1), *noise(0.5)))
    def sawtooth(day, *, period, noise, seed):
        '''Rises by one a day and falls back after every period.'''
        mean = day % period
        return mean + noise * gaussian(seed, len(day)), mean
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .averages import BETA, decaying_sum, equal_lag_window, ewma, moving_average, rms_error, window
from .params import Param, flag, integer, number
from .registry import Registry, complete

SIGNALS: Registry[Signal] = Registry("signal")

DAYS = integer("days", 365, low=1, high=1_000_000, slider=(30, 1095), help="How many days the series has.")
SEED = integer("seed", 0, low=0, high=2**32 - 1, slider=(0, 99), help="The draw of the noise: one seed, one series.")
AT = integer("at", 100, low=1, slider=(1, 365), label="changes on day", help="The day of the step or the impulse.")
SIZE = number(
    "size",
    10.0,
    low=-1e6,
    high=1e6,
    slider=(-20, 20),
    step=0.5,
    label="height",
    help="How high the step or the impulse is; below 0 it goes down.",
)
LEVEL = SIZE.with_default(10.0, name="level", label="level", help="The value it has without noise.")
AMPLITUDE = SIZE.with_default(10.0, name="amplitude", label="amplitude", help="Half the way from lowest to highest.")
SLOPE = number("slope", 0.1, low=-1e6, high=1e6, slider=(-1, 1), step=0.01, help="The rise from one day to the next.")
NOISE = number("noise", 0.0, low=0, high=1e6, slider=(0, 5), step=0.1, help="The standard deviation of the noise.")
PERIOD = number("period", 365.0, low=2, high=1e6, slider=(2, 730), step=1, help="The days of one cycle.", unit="days")
PHI_NOISE = number(
    "phi",
    0.0,
    low=-1,
    high=1,
    open_low=True,
    open_high=True,
    slider=(-0.95, 0.95),
    step=0.05,
    symbol="φ",
    help="The correlation of the noise of one day and the next; 0 is independent noise.",
)
YEARS = integer("years", 30, low=1, high=10_000)

PHI = 0.76
LECTURE_DAYS = np.array([1, 2, 180])
LECTURE_CELSIUS = (np.array([40.0, 49.0, 60.0]) - 32) / 1.8


@dataclass(frozen=True, eq=False)
class Series:
    """`day` counts from 1; `value` and `mean`, its known noise-free curve, are (*batch, day), in `unit`."""

    day: np.ndarray
    value: np.ndarray
    mean: np.ndarray
    unit: str


@dataclass(frozen=True)
class Signal:
    """A registered signal: SIGNALS["london"](seed=2) is a `Series`.

    Every signal has the parameter `days`. Its other numbers may be arrays, a batch; they broadcast over leading axes,
    so seed=np.arange(30) gives 30 independent years of shape (30, days).
    """

    name: str
    label: str
    params: tuple[Param, ...]
    unit: str
    about: str
    function: Callable[..., tuple[np.ndarray, np.ndarray]]

    def __call__(self, **given: Any) -> Series:
        """TypeError for an unknown parameter, ValueError for one out of its range."""
        settings = complete(self.name, self.params, given)
        day = np.arange(1, DAYS.check_scalar(settings.pop("days"), self.name) + 1)
        shape = (*self._batch(settings), len(day))
        over_time = {name: value[..., None] if np.ndim(value) else value for name, value in settings.items()}
        value, mean = self.function(day, **over_time)
        return Series(day, _filled(value, shape), _filled(mean, shape), self.unit)

    def _batch(self, settings: dict[str, Any]) -> tuple[int, ...]:
        shapes = {name: np.shape(value) for name, value in settings.items()}
        try:
            return np.broadcast_shapes(*shapes.values())
        except ValueError:
            batches = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
            raise ValueError(f"{self.name}: parameters must have shapes that broadcast, got {batches}") from None


def _filled(curve: Any, shape: tuple[int, ...]) -> np.ndarray:
    return np.array(np.broadcast_to(curve, shape), dtype=float)


def signal(*, label: str, params: tuple[Param, ...] = (), unit: str = "") -> Callable:
    """Register a function (day, **params) -> (values, known mean) under its own name; `days` is added to its params.

    An array given for a parameter reaches the function with a last axis of length 1, ready to broadcast over time.
    """

    def register(function: Callable) -> Signal:
        about = (function.__doc__ or "").strip().split("\n")[0]
        return SIGNALS.add(Signal(function.__name__, label, (DAYS, *params), unit, about, function))

    return register


def noise(standard_deviation: float, seed: int = 0) -> tuple[Param, Param]:
    """The two parameters of a signal with noise: its standard deviation and its seed."""
    return NOISE.with_default(standard_deviation), SEED.with_default(seed)


def gaussian(seed: Any, days: int) -> np.ndarray:
    """Independent noise of unit variance from np.random.RandomState, whose stream is frozen: (days,) for a seed,
    (*batch, days) for seeds of shape (*batch, 1)."""
    seeds = np.asarray(seed)
    draws = [np.random.RandomState(s).standard_normal(days) for s in seeds.ravel().tolist()]
    return np.reshape(draws, (*seeds.shape[:-1], days))


def weather(seed: Any, days: int, phi: Any = PHI) -> np.ndarray:
    """Noise of unit variance in which phi of yesterday is left: z_t = phi z_{t-1} + sqrt(1 - phi^2) e_t (AR(1)).

    The first day is drawn from the same distribution as all others. abs(phi) < 1; phi and seed broadcast.
    """
    shocks = gaussian(seed, days)
    size = np.where(np.arange(days) == 0, 1.0, np.sqrt(1 - np.square(phi)))
    return decaying_sum(size * shocks, phi)


def london_mean(day: Any) -> np.ndarray:
    """The mean temperature in °C of a day of the year in London, two harmonics through Heathrow's monthly means."""
    t = 2 * np.pi * (np.asarray(day) - 0.5) / 365
    return 11.760 - 6.456 * np.cos(t) - 2.506 * np.sin(t) + 0.099 * np.cos(2 * t) + 0.656 * np.sin(2 * t)


def london_spread(day: Any) -> np.ndarray:
    """The standard deviation in °C of the weather round `london_mean`, largest at the end of January."""
    return 2.81 + 0.32 * np.cos(2 * np.pi * (np.asarray(day) - 29) / 365)


@signal(
    label="London temperatures (synthetic)",
    params=(
        SEED.with_default(1),
        flag("lecture_days", True, help="Meet the lecture's temperatures on days 1, 2 and 180: 40, 49 and 60 °F."),
    ),
    unit="°C",
)
def london(day, *, seed, lecture_days):
    """A year of daily temperatures: Heathrow's mean of 1991-2020 and simulated weather, no measurements."""
    mean, spread = london_mean(day), london_spread(day)
    z = weather(seed, max(len(day), LECTURE_DAYS[-1]))
    if lecture_days:
        z = z + _towards_lecture_days(z)
    return mean + spread * z[..., : len(day)], mean


def _towards_lecture_days(z: np.ndarray) -> np.ndarray:
    """What must be added to weather z to meet the lecture's days, and be distributed as weather that met them.

    The Gaussian is conditioned: with C = phi^|i-j| the correlation of days i and j, the misses on the lecture's days
    are spread by C[all, lecture] C[lecture, lecture]^-1.
    """
    near = PHI ** np.abs(LECTURE_DAYS[:, None] - np.arange(1, z.shape[-1] + 1))
    wanted = (LECTURE_CELSIUS - london_mean(LECTURE_DAYS)) / london_spread(LECTURE_DAYS)
    return (wanted - z[..., LECTURE_DAYS - 1]) @ np.linalg.solve(near[:, LECTURE_DAYS - 1], near)


@signal(label="Step", params=(AT, SIZE, *noise(0.0)))
def step(day, *, at, size, noise, seed):
    """0, then `size` from day `at` on: how quickly an average adapts."""
    mean = np.where(day >= at, size, 0.0)
    return mean + noise * gaussian(seed, len(day)), mean


@signal(label="Ramp", params=(SLOPE, *noise(0.0)))
def ramp(day, *, slope, noise, seed):
    """A steady rise by `slope` a day: an average trails it by beta/(1 - beta) days."""
    mean = slope * day
    return mean + noise * gaussian(seed, len(day)), mean


@signal(label="Impulse", params=(AT, SIZE))
def impulse(day, *, at, size):
    """0 but for one day: an average of it draws its own weights."""
    mean = np.where(day == at, size, 0.0)
    return mean, mean


@signal(label="Constant with noise", params=(LEVEL, *noise(1.0), PHI_NOISE))
def constant(day, *, level, noise, seed, phi):
    """The same value every day and noise: how much of the noise an average keeps."""
    return level + noise * weather(seed, len(day), phi), level


@signal(label="Sine", params=(AMPLITUDE, PERIOD, LEVEL.with_default(0.0), *noise(0.0)))
def sine(day, *, amplitude, period, level, noise, seed):
    """A cycle of `period` days: an average makes it smaller and later."""
    wave = np.where(
        2 * day % period == 0, 0.0, np.sin(2 * np.pi * day / period)
    )  # 0 after whole and half cycles, not 10⁻¹⁶
    mean = level + amplitude * wave
    return mean + noise * gaussian(seed, len(day)), mean


@dataclass(frozen=True, eq=False)
class ErrorAgainstBeta:
    """Root mean square distances to the known mean, each (*batch,) like `beta`: of the average itself, and of the
    moving windows of 1/(1 - beta) days and of the (1 + beta)/(1 - beta) days that have its lag."""

    beta: np.ndarray
    average: np.ndarray
    window: np.ndarray
    equal_lag: np.ndarray


def error_against_beta(
    betas: Any, signal: Any = "london", *, years: int = 30, corrected: bool = True, **params: Any
) -> ErrorAgainstBeta:
    """How far averages are from the known mean: over all days of independent years, for every beta in one call.

    betas      in [0, 1): a number or an array of shape (*batch,)
    signal     an entry of SIGNALS or its name
    years      how many series are drawn, whole and >= 1: the seeds 0 .. years-1, each series begun anew
    corrected  as in `ewma`
    params     the signal's own. London is drawn without the lecture's days, which all years would share; giving
               `lecture_days` or `seed` (one series: a year on show) overrules that

    ValueError and TypeError as `ewma` and the signal raise them.
    """
    betas = BETA.check(betas, "error_against_beta")
    entry = SIGNALS.resolve(signal)
    names = {p.name for p in entry.params}
    usual = {"seed": np.arange(YEARS.check_scalar(years, "error_against_beta")), "lecture_days": False}
    series = entry(**{name: value for name, value in usual.items() if name in names} | params)

    def error(curves: np.ndarray) -> np.ndarray:
        by_year = rms_error(curves, series.mean)
        return np.sqrt(np.mean(np.square(by_year), axis=tuple(range(np.ndim(betas), by_year.ndim))))

    def windowed(days: Any) -> np.ndarray:
        return error(moving_average(series.value, np.rint(days).astype(int)))

    average = error(ewma(series.value, betas, corrected))
    return ErrorAgainstBeta(np.asarray(betas), average, windowed(window(betas)), windowed(equal_lag_window(betas)))
