r"""Update rules: how a gradient becomes a step.

Every rule here answers one question. At step t (counted from 1) the weight is w, the gradient there is g, and the
rule remembers a few numbers from the steps before, its slots s (0 at the start). Where to next? A rule is a pure
function `(w, g, s, t, *, lr, ...) -> (step, new slots)` written like the equation in its paper, and it knows nothing
of surfaces, loops or batches. All of them work coordinate by coordinate.

One definition serves plain Python floats (a single run, quick enough to follow a finger) and NumPy arrays (a sweep of
thousands of runs). That works as long as a rule keeps to arithmetic, products instead of powers of w or g, and the
few functions below that take either: `sqrt`, `maximum`, `sign`, `where`.

A rule becomes an entry of `OPTIMIZERS` by `@optimizer(...)`, and nothing else is needed to see it everywhere:

    @optimizer(label="Lion", params=(rate(1e-4), decay("beta1", 0.9), decay("beta2", 0.99)), slots=("m",),
               formula=r"w \leftarrow w - \alpha\,\mathrm{sign}(\beta_1 m + (1-\beta_1) g)", source="arXiv:2302.06675",
               like="adam", memory="beta1", normalises=True)
    def lion(w, g, s, t, *, lr, beta1, beta2):
        return -lr * sign(beta1 * s["m"] + (1 - beta1) * g), {"m": beta2 * s["m"] + (1 - beta2) * g}

The last line of its description may be left out. It says that Lion is shown at Adam's rates rather than at its own
default, that beta1 is mapped against the rate, and that its steps are as large where the gradient is small.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .params import Param, choice, decay, flag, number
from .registry import Registry

OPTIMIZERS = Registry("optimizer")


@dataclass(frozen=True, kw_only=True, eq=False)
class Optimizer:
    """An update rule with all that is known about it.

    name, label  the name of its function, which is its key; and its name for people
    params       its hyperparameters; `lr` is always one of them
    slots        names of the numbers it remembers, 0 at the start
    formula      the update in LaTeX
    source       where it was published, and which library agrees
    rule         (w, g, s, t, *, lr, ...) -> (step, new slots)
    like         the name of a relative, at whose rates it is shown where none is stated for itself
    memory       which of its params is the decay rate of its main average, the one that is mapped against lr; if any
    normalises   whether it divides the gradient by a running measure of the gradient's own size, so that a small gradient (as
                 long as it is above eps) does not make its steps small
    stability    (curvature > 0, **hyperparameters) -> the largest lr that does not diverge on such a quadratic; None
                 where there is no such number, as for the adaptive rules
    denominator  (slots after step t, t, **hyperparameters) -> what lr is divided by, per coordinate, if anything.
                 The slots may hold a whole path, (..., steps, 2), with t of shape (steps, 1)
    factor       (slots before, slots after the step, **hyperparameters) -> what lr is multiplied by, per coordinate, for
                 a rule that scales the gradient by more than a denominator
    """

    name: str
    label: str
    params: tuple[Param, ...]
    slots: tuple[str, ...] = ()
    formula: str
    source: str
    rule: Callable[..., tuple[Any, dict[str, Any]]]
    like: str | None = None
    memory: str | None = None
    normalises: bool = False
    stability: Callable[..., Any] | None = None
    denominator: Callable[..., Any] | None = None
    factor: Callable[..., Any] | None = None

    def param(self, name: str) -> Param:
        """The parameter of that name."""
        return next(p for p in self.params if p.name == name)

    def rate_among(self, stated: Mapping[str, float]) -> float:
        """The learning rate to show it at: the one stated for it, else its relative's, else its own default.

        KeyError if `like` names no optimizer.
        """
        own = self.param("lr").default
        return stated.get(self.name, stated.get(OPTIMIZERS[self.like].name, own) if self.like else own)

    def coasts(self, **hyperparameters: Any) -> bool:
        """Whether a gradient moves it for more than one step: it still moves where the next gradient is 0."""
        _, slots = self.rule(0.0, 1.0, dict.fromkeys(self.slots, 0.0), 1, **hyperparameters)
        return self.rule(0.0, 0.0, slots, 2, **hyperparameters)[0] != 0


def optimizer(**fields: Any) -> Callable:
    """Register the decorated rule under its own name; `fields` are those of `Optimizer`, less name and rule.

    The function itself stays as it was. ValueError if the name is taken, no parameter is called lr (a schedule would
    have nothing to drive) or `memory` names none.
    """

    def register(rule):
        entry = Optimizer(name=rule.__name__, rule=rule, **fields)
        names = [p.name for p in entry.params]
        if "lr" not in names:
            raise ValueError(f"{entry.name}: params must contain lr, got {names}")
        if entry.memory is not None and entry.memory not in names:
            raise ValueError(f"{entry.name}: memory must be one of {', '.join(names)}, got {entry.memory!r}")
        OPTIMIZERS.add(entry)
        return rule

    return register


# ------------------------------------------------------------------------ functions of plain floats and of arrays alike


def either(on_float: Callable, on_array: Callable) -> Callable:
    """One name for a function of plain floats and of arrays."""
    return lambda x: on_float(x) if type(x) is float else on_array(x)


sqrt = either(math.sqrt, np.sqrt)
sign = either(lambda x: float((x > 0) - (x < 0)), np.sign)


def maximum(a, b):
    """The larger of two, element by element."""
    if type(a) is float and type(b) is float:
        return a if a >= b else b
    return np.maximum(a, b)


def where(condition, a, b):
    """a where the condition holds, b elsewhere. Both are computed, so both must be computable."""
    return np.where(condition, a, b) if isinstance(condition, np.ndarray) else (a if condition else b)


def unbiased(mean, beta, t):
    """An average that started at 0, divided by the weight that t samples have in it."""
    return mean / (1 - beta**t)


# ----------------------------------------------------------------------------------------------------- their parameters


def rate(default: float) -> Param:
    """The learning rate: >= 0 (0 stands still), chosen over decades."""
    words = {"label": "learning rate", "symbol": "α", "help": "How far each step goes."}
    return number("lr", default, low=0.0, slider=(1e-5, 10.0), log=True, **words)


def small(default: float) -> Param:
    """eps, the number that keeps a division from 0/0."""
    text = "Added to the denominator. With 0, a coordinate that has met only gradients of 0 diverges: 0/0."
    return number("eps", default, label="epsilon", symbol="ε", help=text, low=0.0, slider=(1e-12, 1.0), log=True)


BETA = decay("beta", 0.9, symbol="β", help="How much of the velocity is kept from one step to the next.")
BETA1 = decay("beta1", 0.9, symbol="β₁", help="Decay rate of the average of the gradient.")
BETA2 = decay("beta2", 0.999, symbol="β₂", help="Decay rate of the average of the squared gradient.")
CORRECTED = flag(
    "corrected", True, label="bias correction", help="Divide each average by 1 − βᵗ, since it started at 0."
)


# fmt: off
# --------------------------------------------------------------------------- one rate for all, with and without inertia


@optimizer(label="Gradient descent", params=(rate(1e-3),), formula=r"w \leftarrow w - \alpha g",
           source="Cauchy 1847; torch SGD",
           stability=lambda curvature, **_: 2 / curvature)
def gd(w, g, s, t, *, lr):
    return -lr * g, {}


@optimizer(label="Momentum", params=(rate(1e-3), BETA, CORRECTED.with_default(False)), slots=("v",), memory="beta",
           formula=r"v \leftarrow \beta v + (1-\beta) g,\quad w \leftarrow w - \alpha v",
           source="Polyak 1964, the velocity an average; torch SGD with momentum and lr (1 - beta)",
           stability=lambda curvature, *, beta, **_: 2 * (1 + beta) / ((1 - beta) * curvature))
def momentum(w, g, s, t, *, lr, beta, corrected):
    v = beta * s["v"] + (1 - beta) * g
    return -lr * (unbiased(v, beta, t) if corrected else v), {"v": v}


@optimizer(label="Heavy ball", params=(rate(1e-3), BETA), slots=("v",), memory="beta",
           formula=r"v \leftarrow \beta v + g,\quad w \leftarrow w - \alpha v",
           source="Polyak 1964; torch SGD with momentum",
           stability=lambda curvature, *, beta, **_: 2 * (1 + beta) / curvature)
def heavy_ball(w, g, s, t, *, lr, beta):
    v = beta * s["v"] + g
    return -lr * v, {"v": v}


@optimizer(label="Nesterov", params=(rate(1e-3), BETA), slots=("v",), memory="beta",
           formula=r"v \leftarrow \beta v + g,\quad w \leftarrow w - \alpha (g + \beta v)",
           source="Nesterov 1983 as in Sutskever et al. 2013; torch SGD with nesterov",
           stability=lambda curvature, *, beta, **_: 2 * (1 + beta) / ((1 + 2 * beta) * curvature))
def nesterov(w, g, s, t, *, lr, beta):
    v = beta * s["v"] + g
    return -lr * (g + beta * v), {"v": v}


# ----------------------------------------------------------------------------------------- one rate for each coordinate


@optimizer(label="Adagrad", params=(rate(1e-2), small(1e-10)), slots=("s",), normalises=True,
           formula=r"s \leftarrow s + g^2,\quad w \leftarrow w - \alpha \frac{g}{\sqrt{s} + \epsilon}",
           source="Duchi, Hazan & Singer 2011; torch Adagrad",
           denominator=lambda s, t, *, eps, **_: sqrt(s["s"]) + eps)
def adagrad(w, g, s, t, *, lr, eps):
    total = s["s"] + g * g
    return -lr * g / (sqrt(total) + eps), {"s": total}


@optimizer(label="Adagrad, root mean square",
           params=(rate(1e-2), small(0.0).with_default(0.0, slider=(0.0, 0.1), log=False,
                                                       help="Added to the denominator. With 0, 0/0 is no step.")),
           slots=("s",), like="rmsprop", normalises=True,
           formula=r"s \leftarrow s + g^2,\quad \sigma = \sqrt{s/t},\quad "
                   r"w \leftarrow w - \alpha \frac{g}{\sigma + \epsilon}",
           source="Adagrad with the mean of the squares in place of their sum: Adagrad with lr sqrt(t)",
           denominator=lambda s, t, *, eps, **_: sqrt(s["s"] / t) + eps)
def adagrad_rms(w, g, s, t, *, lr, eps):
    total = s["s"] + g * g
    divisor = sqrt(total / t) + eps
    return -lr * g / where(divisor == 0, 1.0, divisor), {"s": total}


@optimizer(label="RMSprop",
           params=(rate(1e-2), BETA2.with_default(0.9), small(1e-8),
                   choice("initial", "zero", ("zero", "first_gradient"), label="average starts at",
                          help="The average of the squares starts at 0, or at the first squared gradient.")),
           slots=("s",), memory="beta2", normalises=True,
           formula=r"s \leftarrow \beta_2 s + (1-\beta_2) g^2,\quad "
                   r"w \leftarrow w - \alpha \frac{g}{\sqrt{s} + \epsilon}",
           source="Tieleman & Hinton 2012, lecture 6e; torch RMSprop",
           denominator=lambda s, t, *, eps, **_: sqrt(s["s"]) + eps)
def rmsprop(w, g, s, t, *, lr, beta2, eps, initial):
    before = g * g if t == 1 and initial == "first_gradient" else s["s"]
    mean = beta2 * before + (1 - beta2) * g * g
    return -lr * g / (sqrt(mean) + eps), {"s": mean}


@optimizer(label="Adadelta",
           params=(rate(1.0), decay("rho", 0.9, symbol="ρ", help="Decay rate of both averages of squares."), small(1e-6)),
           slots=("s", "d"), memory="rho",
           formula=r"s \leftarrow \rho s + (1-\rho) g^2,\quad \delta = \frac{\sqrt{d+\epsilon}}{\sqrt{s+\epsilon}} g,"
                   r"\quad d \leftarrow \rho d + (1-\rho)\delta^2,\quad w \leftarrow w - \alpha\delta",
           source="Zeiler 2012, arXiv:1212.5701, Algorithm 1; torch Adadelta",
           factor=lambda before, after, *, eps, **_: sqrt(before["d"] + eps) / sqrt(after["s"] + eps))
def adadelta(w, g, s, t, *, lr, rho, eps):
    mean = rho * s["s"] + (1 - rho) * g * g
    delta = sqrt(s["d"] + eps) / sqrt(mean + eps) * g
    return -lr * delta, {"s": mean, "d": rho * s["d"] + (1 - rho) * delta * delta}


# ------------------------------------------------------------------------------------------------------ the Adam family


def moments(s, g, beta1, beta2):
    """Adam's two averages: of the gradient, and of its square."""
    return beta1 * s["m"] + (1 - beta1) * g, beta2 * s["v"] + (1 - beta2) * g * g


def adam_denominator(s, t, *, beta2, eps, corrected=True, **_):
    return sqrt(unbiased(s["v"], beta2, t) if corrected else s["v"]) + eps


@optimizer(label="Adam", params=(rate(1e-3), BETA1, BETA2, small(1e-8), CORRECTED), slots=("m", "v"),
           memory="beta1", normalises=True,
           formula=r"m \leftarrow \beta_1 m + (1-\beta_1) g,\quad v \leftarrow \beta_2 v + (1-\beta_2) g^2,\quad "
                   r"w \leftarrow w - \alpha \frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)} + \epsilon}",
           source="Kingma & Ba 2015, arXiv:1412.6980, Algorithm 1; torch Adam, optax adam",
           denominator=adam_denominator)
def adam(w, g, s, t, *, lr, beta1, beta2, eps, corrected):
    m, v = moments(s, g, beta1, beta2)
    m_hat, v_hat = (unbiased(m, beta1, t), unbiased(v, beta2, t)) if corrected else (m, v)
    return -lr * m_hat / (sqrt(v_hat) + eps), {"m": m, "v": v}


@optimizer(label="AMSGrad", params=(rate(1e-3), BETA1, BETA2, small(1e-8)), slots=("m", "v", "v_max"),
           like="adam", memory="beta1", normalises=True,
           formula=r"m, v \text{ as Adam},\quad v_{\max} \leftarrow \max(v_{\max}, v),\quad "
                   r"w \leftarrow w - \alpha \frac{m/(1-\beta_1^t)}{\sqrt{v_{\max}/(1-\beta_2^t)} + \epsilon}",
           source="Reddi, Kale & Kumar 2018, arXiv:1904.09237; torch Adam with amsgrad",
           denominator=lambda s, t, *, beta2, eps, **_: sqrt(unbiased(s["v_max"], beta2, t)) + eps)
def amsgrad(w, g, s, t, *, lr, beta1, beta2, eps):
    m, v = moments(s, g, beta1, beta2)
    v_max = maximum(s["v_max"], v)
    step = -lr * unbiased(m, beta1, t) / (sqrt(unbiased(v_max, beta2, t)) + eps)
    return step, {"m": m, "v": v, "v_max": v_max}


@optimizer(label="Adamax", params=(rate(2e-3), BETA1, BETA2, small(1e-8)), slots=("m", "u"),
           like="adam", memory="beta1", normalises=True,
           formula=r"m \text{ as Adam},\quad u \leftarrow \max(\beta_2 u, |g| + \epsilon),\quad "
                   r"w \leftarrow w - \alpha \frac{m/(1-\beta_1^t)}{u}",
           source="Kingma & Ba 2015, arXiv:1412.6980, Algorithm 2; torch Adamax, optax adamax",
           denominator=lambda s, t, **_: s["u"])
def adamax(w, g, s, t, *, lr, beta1, beta2, eps):
    m = beta1 * s["m"] + (1 - beta1) * g
    u = maximum(beta2 * s["u"], abs(g) + eps)
    return -lr * unbiased(m, beta1, t) / u, {"m": m, "u": u}


@optimizer(label="Nadam", params=(rate(1e-3), BETA1, BETA2, small(1e-8)), slots=("m", "v"),
           like="adam", memory="beta1", normalises=True,
           formula=r"m, v \text{ as Adam},\quad w \leftarrow w - \alpha \frac"
                   r"{\beta_1 m/(1-\beta_1^{t+1}) + (1-\beta_1) g/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)} + \epsilon}",
           source="Dozat 2016, with a constant beta1; optax nadam",
           denominator=adam_denominator)
def nadam(w, g, s, t, *, lr, beta1, beta2, eps):
    m, v = moments(s, g, beta1, beta2)
    ahead = beta1 * unbiased(m, beta1, t + 1) + (1 - beta1) * unbiased(g, beta1, t)
    return -lr * ahead / (sqrt(unbiased(v, beta2, t)) + eps), {"m": m, "v": v}


def radam_denominator(s, t, *, beta2, eps, **_):
    """1 until rho_t, the number of samples the average of squares is worth, is 5; then Adam's over r_t."""
    rho_inf = 2 / (1 - beta2) - 1
    rho = rho_inf - 2 * t * unbiased(beta2**t, beta2, t)
    top, now = maximum(rho_inf, 5.0), maximum(rho, 5.0)  # below 5 the factor is not used, and need not exist
    r = sqrt((now - 4) * (now - 2) * top / ((top - 4) * (top - 2) * now))
    return where(rho >= 5, adam_denominator(s, t, beta2=beta2, eps=eps) / r, 1.0)


@optimizer(label="RAdam", params=(rate(1e-3), BETA1, BETA2, small(1e-8)), slots=("m", "v"),
           memory="beta1", normalises=True,
           formula=r"m, v \text{ as Adam},\quad \rho_t = \rho_\infty - \frac{2 t \beta_2^t}{1-\beta_2^t},\quad "
                   r"w \leftarrow w - \alpha\, r_t \frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)} + \epsilon}"
                   r"\text{ if } \rho_t \ge 5,\text{ else } w - \alpha\, m/(1-\beta_1^t)",
           source="Liu et al. 2020, arXiv:1908.03265, Algorithm 2, there from rho > 4 on; from rho ≥ 5 on as in optax radam",
           denominator=radam_denominator)
def radam(w, g, s, t, *, lr, beta1, beta2, eps):
    m, v = moments(s, g, beta1, beta2)
    return -lr * unbiased(m, beta1, t) / radam_denominator({"v": v}, t, beta2=beta2, eps=eps), {"m": m, "v": v}


@optimizer(label="AdamW",
           params=(rate(1e-3), BETA1, BETA2, small(1e-8),
                   number("weight_decay", 0.01, symbol="λ", low=0.0, slider=(0.0, 1.0),
                          help="Every step shrinks the weight by this share, times the learning rate.")),
           slots=("m", "v"), like="adam", memory="beta1", normalises=True,
           formula=r"m, v \text{ as Adam},\quad w \leftarrow w - \alpha"
                   r"\left(\frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)} + \epsilon} + \lambda w\right)",
           source="Loshchilov & Hutter 2019, arXiv:1711.05101; torch AdamW, optax adamw",
           denominator=adam_denominator)
def adamw(w, g, s, t, *, lr, beta1, beta2, eps, weight_decay):
    step, slots = adam(w, g, s, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps, corrected=True)
    return step - lr * weight_decay * w, slots
