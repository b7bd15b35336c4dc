r"""Update rules: how a gradient becomes a step.

Every rule here answers one question. At step t (counted from 1) the weight is w, the gradient there is g, and the
rule remembers a few numbers from the steps before, its slots s (0 at the start). Where to next? A rule is a pure
function `(w, g, s, t, *, lr, ...) -> (step, new slots)` written like the equation in its paper, and it knows nothing
of surfaces, loops or batches. All of them work coordinate by coordinate.

One definition serves plain Python floats (a single run, quick enough to follow a finger) and NumPy arrays (a sweep of
thousands of runs). That works as long as a rule keeps to arithmetic, products instead of powers of w or g, and the
few functions below that take either: `sqrt`, `maximum`, `sign`, `where`.

A rule becomes an entry of `OPTIMIZERS` by `@optimizer(...)`, here or in a file of your own that is imported before the pages
are, and nothing else is needed to see it everywhere:

    @optimizer(label="Lion", params=(rate(1e-4), decay("beta1", 0.9), decay("beta2", 0.99)), slots=("m",),
               formula=r"w \leftarrow w - \alpha\,\mathrm{sign}(\beta_1 m + (1-\beta_1) g)", source="arXiv:2302.06675",
               like="adam", memory="beta1", normalises=True)
    def lion(w, g, s, t, *, lr, beta1, beta2):
        return -lr * sign(beta1 * s["m"] + (1 - beta1) * g), {"m": beta2 * s["m"] + (1 - beta2) * g}

The last line of its description may be left out. It says that Lion is shown at Adam's rates rather than at its own
default, that beta1 is mapped against the rate, and that its steps are as large where the gradient is small.
"""

from __future__ import annotations

from ..arithmetic import either, maximum, sign, sqrt, where
from ..params import Param, choice, decay, flag, number
from .entry import OPTIMIZERS, Optimizer, optimizer
from .inertia import gd, heavy_ball, momentum, nesterov
from .parameters import BETA, BETA1, BETA2, CORRECTED, rate, small, unbiased
from .scaled import adadelta, adagrad, adagrad_rms, rmsprop
from .two_averages import adam, adam_denominator, adamax, adamw, amsgrad, nadam, radam, radam_denominator

__all__ = [
    "BETA", "BETA1", "BETA2", "CORRECTED", "OPTIMIZERS", "Optimizer", "Param", "adadelta", "adagrad", "adagrad_rms", "adam",
    "adam_denominator", "adamax", "adamw", "amsgrad", "choice", "decay", "either", "flag", "gd", "heavy_ball", "maximum", "momentum",
    "nadam", "nesterov", "number", "optimizer", "radam", "radam_denominator", "rate", "rmsprop", "sign", "small", "sqrt", "unbiased", "where",
]  # fmt: skip
