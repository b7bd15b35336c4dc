"""Pictures of batch, mini-batch and stochastic gradient descent, and the sentences under them."""

from .mini_batch_style import PICTURES  # the page's first picture is the one that is registered first

# isort: split
from .mini_batch_paths import paths

# isort: split
from .mini_batch_cutting import cutting
from .mini_batch_noise import noise, regularisation
from .mini_batch_timing import target, timing, timing_table

__all__ = ["PICTURES", "cutting", "noise", "paths", "regularisation", "target", "timing", "timing_table"]
