"""Exponentially weighted averages (claims E1-E8): settings, presets, results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from .. import averages
from ..params import choice, flag, integer, numbers
from ..signals import PHI, SIGNALS, ErrorAgainstBeta, error_against_beta
from .lesson import Lesson, Preset, keyed, section

SWEEP = np.round(np.concatenate([np.linspace(0, 0.9, 31), np.linspace(0.905, 0.99, 18)]), 4)
CURVE = np.concatenate([np.linspace(0, 0.9, 37), np.linspace(0.905, 0.995, 19)])
SECTIONS = {
    "unrolled": "One day unrolled", "numbers": "Numbers", "window": "Moving window", "error": "Best β", "first_days": "First days",
    "own_data": "Your own data",
}  # fmt: skip
FIRST_DAYS = 12

SIGNAL_PARAMS = {
    f"{name}.{param.name}": param for name, entry in SIGNALS.items() for param in entry.params if param.name != "days"
}

PARAMS = keyed(
    choice("signal", "london", tuple(SIGNALS), help="The series that is averaged."),
    numbers(
        "betas", (0.5, 0.9, 0.98), symbol="β", label="decay rates", low=0, high=1, open_high=True, shortest=1, longest=6,
        slider=(0.0, 0.995), step=0.005,
        help="How much of yesterday's average is kept. The average reaches back about 1/(1 − β) days.",
    ),
    flag("corrected", False, label="bias correction",
         help="Draw v/(1 − β^t) as a solid line beside the uncorrected average (dotted), which starts from 0."),
    choice("unit", "C", ("C", "F"), label="unit", help="The uncorrected start depends on the unit; the corrected does not."),
    integer("day", 100, low=1, high=366, slider=(1, 365), symbol="t", unit="days",
            help="The day that is unrolled below; click in the figure to choose it."),
    integer("last_day", 365, low=10, high=366, slider=(10, 365), label="days shown", unit="days",
            help="Draw only the first days, to see the start."),
    integer("focus", 2, low=1, high=6, slider=(1, 6), label="which decay rate",
            help="Which of the decay rates, counted from the first, the section below takes apart."),
    choice("window", "memory", ("memory", "same_lag"), label="window length",
           help="1/(1 − β) days, as the notes say, or (1 + β)/(1 − β) days, which lags as much as the average does."),
    flag("mean", False, label="known mean", help="Draw the noise-free curve that the series was made from."),
    section(SECTIONS),
    *(param.with_default(param.default, name=key) for key, param in SIGNAL_PARAMS.items()),
)  # fmt: skip


@dataclass(frozen=True)
class OwnSeries:
    """A series of a visitor's own: values in °C, a day each, and what was done to them, in a sentence."""

    name: str
    value: np.ndarray
    note: str = ""


@dataclass(frozen=True)
class Results:
    """The series in the chosen unit and its averages; curves are (betas, days). `mean` is None where nobody knows it."""

    settings: Mapping[str, Any]
    day: np.ndarray
    value: np.ndarray
    mean: np.ndarray | None
    unit: str
    source: str
    plain: np.ndarray
    corrected: np.ndarray
    own: OwnSeries | None = field(default=None)

    @property
    def betas(self) -> np.ndarray:
        return np.array(self.settings["betas"])

    @property
    def focus(self) -> int:
        """Index of the decay rate that is taken apart."""
        return min(self.settings["focus"], len(self.betas)) - 1

    @property
    def beta(self) -> float:
        return float(self.betas[self.focus])

    @property
    def today(self) -> int:
        """The chosen day, from 1, not beyond the last."""
        return min(self.settings["day"], len(self.day))

    @property
    def shown(self) -> int:
        return min(self.settings["last_day"], len(self.day))

    @cached_property
    def sweep(self) -> np.ndarray:
        """The average for every decay rate of SWEEP, in one batched call: (len(SWEEP), days)."""
        return averages.ewma(self.value, SWEEP, corrected=self.settings["corrected"])

    @cached_property
    def weights(self) -> np.ndarray:
        """The weights of today, yesterday, ... in the average of the chosen day: (today,)."""
        return averages.ewma_weights(self.beta, self.today)

    @cached_property
    def calmer(self) -> np.ndarray | None:
        """For each decay rate the root mean square of the daily changes of its corrected average, as a share of the series'
        own; None for a series that does not change."""
        raw = _daily_change(self.value)
        if raw <= 1e-12 * np.nanmax(np.abs(self.value)):  # rounding
            return None
        return _daily_change(self.corrected) / raw

    @property
    def window_days(self) -> int:
        """Length of the moving window that the focused average is held against."""
        same_lag = self.settings["window"] == "same_lag"
        length = averages.equal_lag_window(self.beta) if same_lag else averages.window(self.beta)
        return max(int(np.rint(length)), 1)

    @cached_property
    def moving(self) -> np.ndarray:
        return averages.moving_average(self.value, self.window_days)

    @cached_property
    def errors(self) -> tuple[float, float] | None:
        """Distance to the known mean of the corrected average and of the moving window; None where there is no mean."""
        if self.mean is None:
            return None
        pair = np.stack([self.corrected[self.focus], self.moving])
        average, window = averages.rms_error(pair, self.mean)
        return float(average), float(window)

    @cached_property
    def error_curve(self) -> ErrorAgainstBeta:
        """Error to the known mean over 30 years, for every decay rate of CURVE."""
        return _errors(self.settings["signal"], _signal_settings(self.settings), tuple(CURVE))

    @cached_property
    def error_chosen(self) -> ErrorAgainstBeta:
        """The same for the page's decay rates."""
        return _errors(self.settings["signal"], _signal_settings(self.settings), tuple(self.betas))

    @property
    def degree(self) -> float:
        """How many of the unit go into one degree Celsius: 1, or 1.8 for Fahrenheit."""
        return 1.8 if self.unit == "°F" else 1.0

    @property
    def error_unit(self) -> str:
        """The unit of the errors, which are the chosen signal's even where a file is on show."""
        return self.unit if self.own is None else "" if SIGNALS[self.settings["signal"]].unit == "" else self.unit

    def rows(self) -> list[tuple[float, float, float, float]]:
        """theta_t, v_t, 1 - beta^t and the corrected v_t of the focused decay rate, for every day from the first."""
        k = self.focus
        divisor = averages.share_inside(self.beta, self.day)
        return list(zip(self.value, self.plain[k], divisor, self.corrected[k], strict=True))


def _daily_change(series: np.ndarray) -> np.ndarray:
    return np.sqrt(np.nanmean(np.diff(series) ** 2, axis=-1))


def _signal_settings(settings: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    prefix = settings["signal"] + "."
    return tuple((key.removeprefix(prefix), settings[key]) for key in SIGNAL_PARAMS if key.startswith(prefix))


@lru_cache(maxsize=64)
def _series(name: str, given: tuple[tuple[str, Any], ...]) -> Any:
    return SIGNALS[name](**dict(given))


@lru_cache(maxsize=32)
def _errors(name: str, given: tuple[tuple[str, Any], ...], betas: tuple[float, ...]) -> ErrorAgainstBeta:
    params = {key: value for key, value in given if key not in ("seed", "lecture_days")}
    return error_against_beta(np.array(betas), name, **params)


def compute(settings: Mapping[str, Any], own: OwnSeries | None = None) -> Results:
    """The series and its averages. `own` takes the place of the chosen signal; its known mean is nobody's to know."""
    entry = SIGNALS[settings["signal"]]
    if own is None:
        series = _series(settings["signal"], _signal_settings(settings))
        day, value, mean, unit, source = series.day, series.value, series.mean, series.unit, entry.label
    else:
        value, mean, unit, source = own.value, None, "°C", own.name
        day = np.arange(1, len(value) + 1)
    if unit == "°C" and settings["unit"] == "F":
        value, mean, unit = 32 + 1.8 * value, None if mean is None else 32 + 1.8 * mean, "°F"
    betas = np.array(settings["betas"])
    return Results(
        settings=settings, day=day, value=value, mean=mean, unit=unit, source=source, own=own,
        plain=averages.ewma(value, betas), corrected=averages.ewma(value, betas, corrected=True),
    )  # fmt: skip


def facts(beta: float) -> dict[str, float]:
    """What is known of an average from its decay rate alone (see `lrviz.averages`)."""
    return {
        "window": averages.window(beta),
        "half_life": averages.half_life(beta),
        "lag": averages.ramp_lag(beta),
        "kept_independent": averages.noise_kept(beta),
        "kept_weather": averages.noise_kept(beta, PHI),
        "startup": averages.startup_days(beta),
        "inside": averages.share_inside(beta, averages.window(beta)),
        "cycle_gain": averages.cycle_response(beta, 365)[0],
        "cycle_delay": averages.cycle_response(beta, 365)[1],
    }


PRESETS = (
    Preset(
        claim="E1", title="A year of temperatures, β = 0.9",
        look="The line for β = 0.9 runs through the middle of the daily readings: each day it keeps nine tenths of what it "
        "was and takes one tenth of today.",
        settings={"betas": (0.9,), "focus": 1, "section": "numbers"}, carries=("about 10 days",),
        slip="“about 180 days, the end of May”: day 180 is 29 June.",
        remark="In code it is the one line v := βv + (1 − β)θ, which overwrites the one number that is kept.",
    ),
    Preset(
        claim="E2", title="β = 0.98 against β = 0.5",
        look="The line for 0.98 is smoother, lies further to the right and turns late; the line for 0.5 is quick and noisy.",
        settings={"betas": (0.98, 0.5), "focus": 1, "mean": True, "section": "numbers"}, carries=("β = 0.98", "49 days behind"),
    ),
    Preset(
        claim="E3", title="About 1/(1 − β) days",
        look="In the numbers below, the three averages reach back about 2, 10 and 50 days.",
        settings={"section": "numbers", "mean": True}, carries=("2, 10 and 50 days",),
    ),
    Preset(
        claim="E4", title="Day 100 unrolled",
        look="The average of day 100 is a sum of weights times temperatures; each day further back weighs 0.9 times the day after it.",
        settings={"day": 100, "betas": (0.9,), "focus": 1, "section": "unrolled", "window": "memory"}, figure="unrolled",
        carries=("0.1 × 10.42",), slip="“0.1 × 0.9² θ₉₉”: one day back the weight is 0.1 × 0.9; 0.1 × 0.9² = 0.081 belongs to θ₉₈, two days back.",
    ),
    Preset(
        claim="E5", title="Why 1/(1 − β): the weight falls to 1/e",
        look="After 1/(1 − β) days a weight is close to 1/e of the newest: the dashed line meets the bars there.",
        settings={"day": 200, "betas": (0.9, 0.98), "focus": 1, "section": "unrolled"}, figure="unrolled",
        carries=("0.3487", "0.3679"), slip="“below a third after 10 days”: 0.9¹⁰ = 0.349 is still above; the weight falls below a third on day 11.",
    ),
    Preset(
        claim="E5", title="0.98⁵⁰ is close to 1/e, too",
        look="For β = 0.98 the weight takes 50 days to fall to about 1/e of the newest: (1 − ε)^(1/ε) with ε = 0.02.",
        settings={"day": 300, "betas": (0.9, 0.98), "focus": 2, "section": "unrolled"}, figure="unrolled",
        carries=("β^50 = 0.3642", "0.3679"),
    ),
    Preset(
        claim="E6", title="Against a true moving window",
        look="Both follow the year. Which lies nearer the known mean is computed, and changes with the length of the window.",
        settings={"betas": (0.9,), "focus": 1, "section": "window", "mean": True}, figure="against_window",
        carries=("nearer the known mean",),
        remark="The notes say that a window often estimates better. Here it depends on the length: over 30 years the average misses the "
        "known mean by 1.65 °C and the window by 1.93 °C at 10 days, by 3.14 and 2.28 °C at 50 days, and each at its best length by "
        "1.64 and 1.69 °C.",
    ),
    Preset(
        claim="E7", title="The start is too low",
        look="The dotted line starts near zero, the solid one in the middle of the readings; later they meet.",
        settings={"betas": (0.98,), "focus": 1, "corrected": True, "day": 2, "last_day": 200, "section": "first_days", "unit": "F"},
        carries=("0.0396", "starts at 0.80 °F"), slip="“0.02 × 40 = 8”: it is 0.8.",
        remark="How low the start is depends on the unit: for β = 0.9 the first average is 4 °F or 0.44 °C, which is not the same "
        "temperature; the corrected average does not depend on it. Most people leave the correction out and wait until the start is over.",
    ),
    Preset(
        claim="E8", title="A middle β is best",
        look="Too small a decay rate lets the weather through, too large a one comes late: the error is least in between.",
        settings={"section": "error", "corrected": True, "mean": True}, figure="error_against_beta",
        carries=("2.37", "1.65", "3.14"),
    ),
)  # fmt: skip

LESSON = Lesson(
    name="ewma", title="Exponentially weighted averages", label="Averages",
    card="How an average that forgets works, why 0.98 comes late, and why it starts too low.",
    params=PARAMS, sections=SECTIONS, presets=PRESETS, compute=compute,
    figures=("year", "unrolled", "against_window", "error_against_beta"),
)  # fmt: skip
