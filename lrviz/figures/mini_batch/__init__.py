"""Pictures of batch, mini-batch and stochastic gradient descent, and the sentences under them."""

from .cutting import cutting
from .noise import noise, regularisation
from .paths import paths
from .style import PICTURES
from .timing import target, timing, timing_table
from .words import loop

__all__ = ["PICTURES", "cutting", "loop", "noise", "paths", "regularisation", "target", "timing", "timing_table"]
