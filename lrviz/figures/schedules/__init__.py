"""Pictures of learning-rate schedules, gathered from the files that draw them."""

from .curves import rate_table, rates
from .escape import burst, jumps_table, ripples
from .formula import formulas
from .loss_and_rate import by_hand, plateau
from .search import budgets, range_test
from .style import PICTURES
from .training import cloud, distance, training_table

__all__ = [
    "PICTURES", "budgets", "burst", "by_hand", "cloud", "distance", "formulas", "jumps_table", "plateau", "range_test",
    "rate_table", "rates", "ripples", "training_table",
]  # fmt: skip
