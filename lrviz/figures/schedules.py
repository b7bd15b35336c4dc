"""Pictures of learning-rate schedules, gathered from the files that draw them."""

from .schedules_curves import rate_table, rates
from .schedules_escape import burst, jumps_table, ripples
from .schedules_formula import formulas
from .schedules_look import PICTURES
from .schedules_search import budgets, range_test
from .schedules_training import cloud, distance, training_table
from .schedules_watched import by_hand, plateau

__all__ = [
    "PICTURES", "budgets", "burst", "by_hand", "cloud", "distance", "formulas", "jumps_table", "plateau", "range_test",
    "rate_table", "rates", "ripples", "training_table",
]  # fmt: skip
