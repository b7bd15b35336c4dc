"""Settings of the page on averages: those of its own, and those of each signal."""

from typing import Any

from ...params import Param, choice, flag, integer, numbers
from ...signals import SIGNALS
from ..lesson import page_params, section
from ..registry_params import Changes, entries_as_settings

SECTIONS = {
    "unrolled": "One day unrolled", "numbers": "Numbers", "window": "Moving window", "error": "Best β", "first_days": "First days",
    "own_data": "Your own data",
}  # fmt: skip


def _changes(entry: Any, param: Param) -> Changes:
    """Every series of the page is a year long."""
    return None if param.name == "days" else {}


PARAMS = page_params(
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
    *entries_as_settings(SIGNALS.values(), _changes),
)  # fmt: skip
