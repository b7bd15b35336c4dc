"""Exponentially weighted averages (claims E1-E8): the series, its averages and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ... import averages
from ...signals import PHI, SIGNALS, ErrorAgainstBeta, error_against_beta
from ..lesson import Lesson
from ..memo import memo
from ..registry_params import values_of
from .presets import PRESETS
from .settings import PARAMS, SECTIONS

SWEEP = np.round(np.concatenate([np.linspace(0, 0.9, 31), np.linspace(0.905, 0.99, 18)]), 4)
CURVE = np.concatenate([np.linspace(0, 0.9, 37), np.linspace(0.905, 0.995, 19)])
FIRST_DAYS = 12
ROUNDING = 1e-12  # errors below this share of the largest value are none


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
        average, window = _unrounded(averages.rms_error(pair, self.mean), self.value)
        return float(average), float(window)

    @cached_property
    def error_curve(self) -> ErrorAgainstBeta:
        """Error to the known mean over 30 years, for every decay rate of CURVE."""
        return _errors(self.settings["signal"], _signal_settings(self.settings), CURVE)

    @cached_property
    def error_chosen(self) -> ErrorAgainstBeta:
        """The same for the page's decay rates."""
        return _errors(self.settings["signal"], _signal_settings(self.settings), self.betas)

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


def _signal_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    name = settings["signal"]
    return values_of(settings, name, SIGNALS[name].params)


@memo(entries=64)
def _series(name: str, given: Mapping[str, Any]) -> Any:
    return SIGNALS[name](**given)


@memo(entries=32)
def _errors(name: str, given: Mapping[str, Any], betas: np.ndarray) -> ErrorAgainstBeta:
    params = {key: value for key, value in given.items() if key not in ("seed", "lecture_days")}
    found, value = error_against_beta(betas, name, **params), _series(name, given).value
    return replace(found, **{of: _unrounded(getattr(found, of), value) for of in ("average", "window", "equal_lag")})


def _unrounded(errors: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Errors in a series of these values; 0 where they come from rounding alone."""
    return np.where(errors <= ROUNDING * np.max(np.abs(value)), 0.0, errors)


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


LESSON = Lesson(
    name="ewma", title="Exponentially weighted averages", label="Averages",
    card="How an average that forgets works, why 0.98 comes late, and why it starts too low.",
    params=PARAMS, sections=SECTIONS, presets=PRESETS, compute=compute,
    figures=("year", "unrolled", "against_window", "error_against_beta"),
)  # fmt: skip
