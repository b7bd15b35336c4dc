"""Pictures of optimizers on loss surfaces, and the sentences under them: everything a notebook may want, in one place."""

from ..plot.identity import cues
from .maps import basins, rate_beta, rate_beta_beside
from .paths import PICTURES, paths
from .step import step_formula, step_table, step_title
from .sweeps import epsilon, range_test, rates, sensitivity
from .view3d import view3d

__all__ = [
    "PICTURES",
    "basins",
    "cues",
    "epsilon",
    "paths",
    "range_test",
    "rate_beta",
    "rate_beta_beside",
    "rates",
    "sensitivity",
    "step_formula",
    "step_table",
    "step_title",
    "view3d",
]
