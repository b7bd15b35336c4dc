"""Learning-rate schedules: the rate as a function of the step.

A large rate moves fast and cannot settle; a small one settles and hardly moves. A schedule has both: it starts
large and shrinks, smoothly or in stairs, now and then rising again to jump out of where it is. All of them are
here, each a few lines that read like its equation. n, the step, counts updates from 0 and may be any number >= 0;
a_0 is the initial learning rate. Boundaries and restarts that are meant for a whole step fall exactly on it.
"""

from __future__ import annotations

from ..plateau import reduce_on_plateau
from ..scheduling import SCHEDULES, Schedule, normalise, schedule, warmup
from .decays import (
    begun,
    constant,
    exponential_decay,
    inverse_sqrt_decay,
    inverse_time_decay,
    passed,
    piecewise_constant_decay,
    polynomial_decay,
    step_decay,
)
from .half_cosines import (
    cosine_decay,
    cosine_decay_restarts,
    half_cosine,
    last_restart,
    linear_cosine_decay,
    noisy_band,
    noisy_linear_cosine_decay,
)
from .peaks import noam, one_cycle, rsqrt_decay
from .set_by_hand import manual_decay

__all__ = [
    "SCHEDULES", "Schedule", "begun", "constant", "cosine_decay", "cosine_decay_restarts", "exponential_decay", "half_cosine",
    "inverse_sqrt_decay", "inverse_time_decay", "last_restart", "linear_cosine_decay", "manual_decay", "noam", "noisy_band",
    "noisy_linear_cosine_decay", "normalise", "one_cycle", "passed", "piecewise_constant_decay", "polynomial_decay",
    "reduce_on_plateau", "rsqrt_decay", "schedule", "step_decay", "warmup",
]  # fmt: skip
