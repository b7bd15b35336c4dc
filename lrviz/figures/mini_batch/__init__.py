"""Pictures of batch, mini-batch and stochastic gradient descent, and the sentences under them."""

from .style import PICTURES  # the page's first picture is the one that is registered first

# isort: split
from .paths import paths

# isort: split
from .cutting import cutting
from .noise import noise, regularisation
from .timing import target, timing, timing_table
from .words import loop

__all__ = ["PICTURES", "cutting", "loop", "noise", "paths", "regularisation", "target", "timing", "timing_table"]
