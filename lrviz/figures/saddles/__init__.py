"""Pictures of saddles, plateaus and critical points in many dimensions: everything a notebook may want, in one place."""

from .dimensions import directions, index_height, minima
from .escape import escape
from .meter import meter
from .optima import local_optima
from .race import race, view3d
from .section_words import model_table
from .surface import PICTURES

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
