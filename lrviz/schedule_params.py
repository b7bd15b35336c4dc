"""The vocabulary of the schedules: every parameter that they have, described once.

Steps are counted in updates; a rate is a learning rate; alpha and beta are fractions of the initial rate. Where no
word is said of a range, the parameter is any finite number. Rates and factors end at LARGEST, so that whatever is made of
a few of them is still a number.
"""

from __future__ import annotations

from itertools import chain, pairwise
from typing import Any

import numpy as np

from .params import Param, flag, integer, number

LARGEST = 1e6


class Increasing(Param):
    """Kind numbers, each above the one before."""

    @property
    def rule(self) -> str:
        return super().rule + ", each above the one before"

    def _as_numbers(self, value: Any) -> tuple[float, ...]:
        values = super()._as_numbers(value)
        if any(later <= earlier for earlier, later in pairwise(values)):
            raise ValueError
        return values


class Edits(Param):
    """Kind numbers: step, rate, step, rate, ... with the steps increasing. Pairs (step, rate) are flattened."""

    @property
    def rule(self) -> str:
        return "step, rate, step, rate, ... (numbers >= 0) with increasing steps"

    def _as_numbers(self, value: Any) -> tuple[float, ...]:
        items = [item if isinstance(item, (tuple, list, np.ndarray)) else (item,) for item in value]
        values = super()._as_numbers(chain.from_iterable(items))
        steps = values[::2]
        if len(values) % 2 or any(later <= earlier for earlier, later in pairwise(steps)):
            raise ValueError
        return values


STEP = number("step", 0.0, low=0.0, symbol="n", help="Updates made so far, from 0.", unit="steps")

INITIAL = number(
    "initial_learning_rate",
    0.1,
    symbol="a₀",
    help="The rate that the schedule starts from.",
    low=0.0,
    high=LARGEST,
    slider=(1e-4, 1.0),
    log=True,
)
PEAK = INITIAL.with_default(0.1, label="peak learning rate", help="The highest rate, between the rise and the fall.")
SCALE = INITIAL.with_default(0.1, label="scale", help="A factor on the whole schedule.", slider=(0.01, 10.0))
WARMUP_TARGET = INITIAL.with_default(
    None,
    name="warmup_target",
    label="warm-up target",
    symbol="",
    help="The rate at which the rise ends and the decay begins; unset, there is no rise.",
    optional=True,
    fallback="initial_learning_rate",
)
END_LEARNING_RATE = INITIAL.with_default(
    1e-4,
    name="end_learning_rate",
    label="end learning rate",
    symbol="",
    help="The rate at the end of the decay.",
    slider=(1e-6, 0.1),
)

DECAY_STEPS = number(
    "decay_steps",
    1000.0,
    symbol="T",
    help="How many steps the decay takes.",
    unit="steps",
    low=0.0,
    open_low=True,
    slider=(1.0, 100_000.0),
    log=True,
)
PERIOD = DECAY_STEPS.with_default(100.0, help="Steps in one stage of the decay, such as the steps in an epoch.")
COUNT = PERIOD.with_default(1.0, help="Steps per count: 1 counts updates; the steps in an epoch count epochs.")
FIRST_DECAY_STEPS = DECAY_STEPS.with_default(
    100.0, name="first_decay_steps", label="first decay steps", help="Steps in the first cycle.", low=1e-3,
    open_low=False,
)  # fmt: skip
TOTAL_STEPS = integer(
    "total_steps",
    1000,
    symbol="T",
    help="Steps in the whole run.",
    unit="steps",
    low=1,
    slider=(10, 100_000),
    log=True,
)
WARMUP_STEPS = integer(
    "warmup_steps",
    0,
    label="warm-up steps",
    symbol="W",
    help="Steps in which the rate rises to where the schedule starts; 0 is no warm-up.",
    unit="steps",
    low=0,
    slider=(0, 1000),
)
RISE_STEPS = WARMUP_STEPS.with_default(0, help="Steps of the rise to the warm-up target; without a target nothing.")
DELAY = WARMUP_STEPS.with_default(4000, low=1, slider=(1, 10_000), log=True, help="Steps until the decay sets in.")

DECAY_RATE = number(
    "decay_rate",
    1.0,
    symbol="r",
    help="After one stage the initial rate is divided by 1 plus this, after two by 1 plus twice this.",
    low=0.0,
    slider=(0.01, 10.0),
    log=True,
)
BASE = number(
    "decay_rate",
    0.95,
    symbol="r",
    help="Each stage multiplies the rate by this.",
    low=0.0,
    open_low=True,
    slider=(0.1, 1.0),
)
DROP = BASE.with_default(
    0.5, name="drop", label="drop", symbol="d", help="Each stair multiplies the rate by this.", high=1.0
)
STAIRCASE = flag("staircase", False, help="Decay in stairs, once in so many steps, instead of a little at every step.")
K = number("k", 1.0, symbol="k", help="A factor on the rate.", low=0.0, high=LARGEST, slider=(0.1, 10.0), log=True)
POWER = number(
    "power",
    1.0,
    symbol="p",
    help="1 is a straight line; below 1 the rate stays high for longer.",
    low=0.0,
    open_low=True,
    slider=(0.1, 5.0),
)
CYCLE = flag(
    "cycle",
    False,
    help="Rise again one step after each period of decay steps. The peaks fall: with power 1 to about 1/2, 1/3, 1/4 of the first.",
)
ALPHA = number(
    "alpha", 0.0, label="lowest fraction", symbol="α", help="Lowest rate divided by the initial rate.", low=0.0, high=1.0,
    slider=(0.0, 1.0),
)  # fmt: skip
LIFT = ALPHA.with_default(
    0.0, label="added to the line", help="Added to the falling line, as a fraction of the initial rate."
)
BETA = number(
    "beta", 0.001, label="added throughout", symbol="β", help="Added to the product, as a fraction of the initial rate.", low=0.0,
    high=LARGEST,
    slider=(0.0, 0.5), step=0.001,
)  # fmt: skip
T_MUL = number(
    "t_mul", 2.0, label="cycle length factor", symbol="t", help="Each cycle is this many times as long as the one before.", low=1.0,
    slider=(1.0, 4.0),
)  # fmt: skip
M_MUL = number(
    "m_mul", 1.0, label="peak factor", symbol="m", help="The cosine of each cycle is this many times as high as the one before.", low=0.0,
    slider=(0.1, 1.5),
)  # fmt: skip
NUM_PERIODS = number(
    "num_periods",
    0.5,
    label="periods",
    symbol="P",
    help="Periods of the cosine within the decay: half a period goes from its top to its bottom once.",
    low=0.0,
    high=LARGEST,
    slider=(0.0, 10.0),
    step=0.5,
)
INITIAL_VARIANCE = number(
    "initial_variance",
    1.0,
    symbol="σ²",
    help="Variance of the noise at step 0.",
    low=0.0,
    high=LARGEST,
    slider=(0.0, 2.0),
)
VARIANCE_DECAY = number(
    "variance_decay",
    0.55,
    symbol="γ",
    help="The variance is divided by (1 + step) to this power.",
    low=0.0,
    slider=(0.0, 2.0),
)
SEED = integer("seed", 0, help="One seed is one draw of the noise.", low=0, high=2**32 - 1, slider=(0, 100))

PCT_START = number(
    "pct_start",
    0.3,
    label="rising part",
    symbol="p",
    help="Part of the run that rises.",
    low=0.0,
    high=1.0,
    slider=(0.0, 1.0),
)
DIV_FACTOR = number(
    "div_factor", 25.0, label="peak over first rate", symbol="d", help="Peak divided by the first rate.", low=1e-6,
    slider=(1.0, 1000.0), log=True,
)  # fmt: skip
FINAL_DIV_FACTOR = DIV_FACTOR.with_default(
    1e4,
    name="final_div_factor",
    label="first over last rate",
    symbol="f",
    help="First rate divided by the last.",
    slider=(1.0, 1e6),
)
MODEL_DIM = integer(
    "model_dim", 512, label="model width", symbol="d", help="Width of the model.", low=1, slider=(1, 8192), log=True
)

BOUNDARIES = Increasing(
    name="boundaries",
    default=(400.0, 700.0),
    kind="numbers",
    symbol="b",
    help="Last step of every piece but the final one: at a boundary the earlier value still holds.",
    unit="steps",
    low=0.0,
    longest=63,
)
VALUES = Param(
    name="values",
    default=(0.1, 0.05, 0.01),
    kind="numbers",
    symbol="v",
    help="Rate in each piece.",
    low=0.0,
    high=LARGEST,
    shortest=1,
)
EDITS = Edits(
    name="edits",
    default=(250.0, 0.05, 500.0, 0.02, 800.0, 0.005),
    kind="numbers",
    help="Step, new rate, step, new rate and so on; each rate holds from its step on.",
    low=0.0,
)
