"""Figures of exponentially weighted averages, and the sentences under them: everything a notebook may want, in one place."""

from .sections import against_window, error_against_beta, unrolled
from .style import PICTURES, colours
from .tables import beta_table, first_days_table
from .words import averages_caption, error_caption, unrolled_caption, window_caption
from .year import year

__all__ = [
    "PICTURES", "against_window", "averages_caption", "beta_table", "colours", "error_against_beta", "error_caption",
    "first_days_table", "unrolled", "unrolled_caption", "window_caption", "year",
]  # fmt: skip
