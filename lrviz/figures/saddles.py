"""Pictures of saddles, plateaus and critical points in many dimensions: everything a notebook may want, in one place."""

from .saddles_dimensions import directions, index_height, minima, model_table
from .saddles_meter import meter
from .saddles_optima import local_optima
from .saddles_parts import PICTURES
from .saddles_race import race, view3d
from .saddles_sections import escape

__all__ = [
    "PICTURES",
    "directions",
    "escape",
    "index_height",
    "local_optima",
    "meter",
    "minima",
    "model_table",
    "race",
    "view3d",
]
