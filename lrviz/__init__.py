"""lrviz: see how optimisation in deep learning works, in numbers that agree with the formulas.

>>> import lrviz
>>> lrviz.ewma([40, 49], 0.98, corrected=True)
array([40.        , 44.54545455])
"""

from .averages import ewma, ewma_weights, moving_average
from .descent import Trajectory, descend, tune
from .optimizers import OPTIMIZERS
from .schedules import SCHEDULES
from .signals import SIGNALS
from .surfaces import SURFACES

__version__ = "0.1.0"
__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "SIGNALS",
    "SURFACES",
    "Trajectory",
    "descend",
    "ewma",
    "ewma_weights",
    "moving_average",
    "tune",
]
