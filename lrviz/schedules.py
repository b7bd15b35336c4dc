"""Learning-rate schedules: the rate as a function of the step.

A large rate moves fast and cannot settle; a small one settles and hardly moves. A schedule has both: it starts
large and shrinks, smoothly or in stairs, now and then rising again to jump out of where it is. All of them are
below, each a few lines that read like its equation. n, the step, counts updates from 0 and may be any number >= 0;
a_0 is the initial learning rate. Boundaries and restarts that are meant for a whole step fall exactly on it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from . import schedule_params as p
from .draws import normal_draws
from .plateau import reduce_on_plateau
from .scheduling import SCHEDULES, Schedule, normalise, plain, schedule, warmup

__all__ = ["SCHEDULES", "Schedule", "noisy_band", "normalise", "reduce_on_plateau", "schedule", "warmup"]

KERAS = "keras.optimizers.schedules"
TENSOR2TENSOR = "tensor2tensor, utils/learning_rate.py"


def half_cosine(start: Any, stop: Any, fraction: Any) -> Any:
    """From `start` at fraction 0 to `stop` at fraction 1 along half a period of a cosine."""
    return stop + (start - stop) * 0.5 * (1 + np.cos(math.pi * fraction))


def passed(step: Any, length: Any) -> Any:
    """How many stages of `length` steps are over; one that only rounding keeps from its end is."""
    return np.floor(step / length * (1 + 1e-12))


def begun(step: Any, length: Any) -> Any:
    """How many stages of `length` steps have begun; one whose beginning only rounding has reached has not."""
    return np.ceil(step / length * (1 - 1e-12))


@schedule(label="Constant", params=(p.INITIAL,), formula=r"a_n = a_0", source="a fixed rate, the one to beat")
def constant(step, *, initial_learning_rate):
    return initial_learning_rate * np.ones_like(step)


@schedule(
    label="Inverse time",
    params=(p.INITIAL, p.PERIOD, p.DECAY_RATE, p.STAIRCASE),
    formula=r"a_n = \frac{a_0}{1 + r\,n/T}",
    source=f"{KERAS}.InverseTimeDecay; with stairs, a0/(1 + rate * epoch)",
)
def inverse_time_decay(step, *, initial_learning_rate, decay_steps, decay_rate, staircase):
    epochs = passed(step, decay_steps) if staircase else step / decay_steps
    return initial_learning_rate / (1 + decay_rate * epochs)


@schedule(
    label="Exponential",
    params=(p.INITIAL, p.PERIOD, p.BASE, p.STAIRCASE),
    formula=r"a_n = a_0\,r^{\,n/T}",
    source=f"{KERAS}.ExponentialDecay",
)
def exponential_decay(step, *, initial_learning_rate, decay_steps, decay_rate, staircase):
    epochs = passed(step, decay_steps) if staircase else step / decay_steps
    return initial_learning_rate * decay_rate**epochs


@schedule(
    label="Inverse square root",
    params=(p.INITIAL, p.K, p.COUNT),
    formula=r"a_n = \frac{k\,a_0}{\sqrt{\lfloor n/T \rfloor + 1}}",
    source="the lecture's k/sqrt(t) and k/sqrt(epoch), counted from 1",
)
def inverse_sqrt_decay(step, *, initial_learning_rate, k, decay_steps):
    return k * initial_learning_rate / np.sqrt(passed(step, decay_steps) + 1)


@schedule(
    label="Step",
    params=(p.INITIAL, p.PERIOD, p.DROP),
    formula=r"a_n = a_0\,d^{\,\lfloor n/T \rfloor}",
    source="the lecture's discrete staircase; torch.optim.lr_scheduler.StepLR",
)
def step_decay(step, *, initial_learning_rate, decay_steps, drop):
    return initial_learning_rate * drop ** passed(step, decay_steps)


def values_fit(settings: Mapping[str, Any]) -> str:
    """What is wrong when there is not one value more than there are boundaries."""
    boundaries, values = len(settings["boundaries"]), len(settings["values"])
    there = f"{boundaries} {'boundary' if boundaries == 1 else 'boundaries'}"
    return "" if values == boundaries + 1 else f"values must be one more than the {there}, got {values}"


@schedule(
    label="Piecewise constant",
    params=(p.BOUNDARIES, p.VALUES),
    formula=r"a_n = v_i \quad\text{for } b_{i-1} < n \le b_i",
    source=f"{KERAS}.PiecewiseConstantDecay",
    complaint=values_fit,
)
def piecewise_constant_decay(step, *, boundaries, values):
    return np.take(np.array(values), np.searchsorted(np.array(boundaries), step))


@schedule(
    label="Polynomial",
    params=(p.INITIAL, p.DECAY_STEPS, p.END_LEARNING_RATE, p.POWER, p.CYCLE),
    formula=r"a_n = (a_0 - a_T)\left(1 - \frac{n}{cT}\right)^p + a_T,\quad c = \max(1, \lceil n/T \rceil)\text{ or }1",
    source=f"{KERAS}.PolynomialDecay",
)
def polynomial_decay(step, *, initial_learning_rate, decay_steps, end_learning_rate, power, cycle):
    cycles = np.maximum(begun(step, decay_steps), 1) if cycle else 1
    left = 1 - np.minimum(step / (decay_steps * cycles), 1)
    return (initial_learning_rate - end_learning_rate) * left**power + end_learning_rate


@schedule(
    label="Cosine",
    params=(p.INITIAL, p.DECAY_STEPS, p.ALPHA, p.RISE_STEPS, p.WARMUP_TARGET),
    formula=r"a_n = a_0\left((1-\alpha)\,\tfrac{1}{2}\left(1+\cos\frac{\pi \min(n, T)}{T}\right) + \alpha\right)",
    source=f"{KERAS}.CosineDecay; Loshchilov & Hutter 2017, arXiv:1608.03983",
)
def cosine_decay(step, *, initial_learning_rate, decay_steps, alpha, warmup_steps, warmup_target):
    warm = warmup_target is not None
    peak, start = (warmup_target, warmup_steps) if warm else (initial_learning_rate, 0)
    rising = initial_learning_rate + (peak - initial_learning_rate) * step / np.maximum(start, 1)
    fraction = np.minimum(np.maximum(step - start, 0) / decay_steps, 1)
    return np.where(step < start, rising, peak * half_cosine(1, alpha, fraction))


def last_restart(step: Any, first_decay_steps: Any, t_mul: Any) -> tuple[Any, Any]:
    """Which cycle the step is in, from 0, and the step at which that cycle began.

    Cycle i begins at first (1 + t + ... + t^(i-1)). The logarithm that inverts the sum may be off by one through
    rounding, so its answer is compared with the beginnings themselves, which are rounded, too: a step that lies
    within rounding of a beginning is that beginning.
    """
    growth = t_mul - 1
    rate = np.where(growth > 0, np.log1p(growth), 1)

    def beginning(cycle):
        return first_decay_steps * np.where(growth > 0, np.expm1(cycle * rate) / np.where(growth > 0, growth, 1), cycle)

    elapsed = step / first_decay_steps
    cycle = np.floor(np.where(growth > 0, np.log1p(elapsed * growth) / rate, elapsed))
    cycle = cycle + (step >= beginning(cycle + 1) * (1 - 1e-12))
    cycle = cycle - (step < beginning(cycle) * (1 - 1e-12))
    return cycle, np.minimum(beginning(cycle), step)


@schedule(
    label="Cosine with restarts",
    params=(p.INITIAL, p.FIRST_DECAY_STEPS, p.T_MUL, p.M_MUL, p.ALPHA),
    formula=r"a_n = a_0\left((1-\alpha)\,m^i\,\tfrac{1}{2}\left(1+\cos\frac{\pi (n - n_i)}{t^i T}\right)"
    r" + \alpha\right),"
    r"\quad n_i = T\,(1 + t + \dots + t^{i-1}) \le n",
    source=f"{KERAS}.CosineDecayRestarts; Loshchilov & Hutter 2017, arXiv:1608.03983",
)
def cosine_decay_restarts(step, *, initial_learning_rate, first_decay_steps, t_mul, m_mul, alpha):
    cycle, begin = last_restart(step, first_decay_steps, t_mul)
    fraction = (step - begin) / (first_decay_steps * t_mul**cycle)
    return initial_learning_rate * ((1 - alpha) * m_mul**cycle * half_cosine(1, 0, fraction) + alpha)


def line_and_cosine(step: Any, decay_steps: Any, num_periods: Any) -> tuple[Any, Any]:
    """The straight line from 1 to 0 over T, and the cosine from 1 that runs through P periods meanwhile."""
    fraction = np.minimum(step, decay_steps) / decay_steps
    return 1 - fraction, half_cosine(1, 0, 2 * num_periods * fraction)


@schedule(
    label="Linear cosine",
    params=(p.INITIAL, p.DECAY_STEPS, p.NUM_PERIODS, p.LIFT, p.BETA),
    formula=r"a_n = a_0\left((\alpha + 1 - s/T)\,\tfrac{1}{2}\left(1+\cos\frac{2\pi P s}{T}\right) + \beta\right),"
    r"\quad s = \min(n, T)",
    source="tf.train.linear_cosine_decay (TensorFlow 1); Bello et al. 2017, arXiv:1709.07417",
)
def linear_cosine_decay(step, *, initial_learning_rate, decay_steps, num_periods, alpha, beta):
    line, cosine = line_and_cosine(step, decay_steps, num_periods)
    return initial_learning_rate * ((alpha + line) * cosine + beta)


def noise_deviation(step: Any, decay_steps: Any, initial_variance: Any, variance_decay: Any) -> Any:
    """Standard deviation of the noise on the line: its variance falls like a power of the step, up to T."""
    return np.sqrt(initial_variance) * (1 + np.minimum(step, decay_steps)) ** (-0.5 * variance_decay)


@schedule(
    label="Noisy linear cosine",
    params=(p.INITIAL, p.DECAY_STEPS, p.INITIAL_VARIANCE, p.VARIANCE_DECAY, p.NUM_PERIODS, p.LIFT, p.BETA, p.SEED),
    formula=r"a_n = a_0\left((\alpha + 1 - s/T + \varepsilon_n)"
    r"\,\tfrac{1}{2}\left(1+\cos\frac{2\pi P s}{T}\right) + \beta\right),"
    r"\quad \varepsilon_n \sim N\!\left(0, \frac{\sigma^2}{(1+s)^\gamma}\right),\quad s = \min(n, T)",
    source="tf.train.noisy_linear_cosine_decay (TensorFlow 1); Bello et al. 2017, arXiv:1709.07417",
)
def noisy_linear_cosine_decay(
    step, *, initial_learning_rate, decay_steps, initial_variance, variance_decay, num_periods, alpha, beta, seed
):
    line, cosine = line_and_cosine(step, decay_steps, num_periods)
    noise = noise_deviation(step, decay_steps, initial_variance, variance_decay) * normal_draws(seed, np.floor(step))
    return initial_learning_rate * ((alpha + line + noise) * cosine + beta)


def noisy_band(step: Any, **given: Any) -> tuple[Any, Any]:
    """Mean and standard deviation of `noisy_linear_cosine_decay` over all seeds, at each step.

    The noise stands inside the bracket, so its deviation is multiplied by a_0 and by the cosine. Takes the
    parameters of that schedule (the seed changes nothing); shapes and errors are the schedule's.
    """
    values = noisy_linear_cosine_decay.settings(**given)
    step = p.STEP.check(step, "noisy_band")
    rate, period = values["initial_learning_rate"], values["decay_steps"]
    line, cosine = line_and_cosine(step, period, values["num_periods"])
    mean = rate * ((values["alpha"] + line) * cosine + values["beta"])
    deviation = noise_deviation(step, period, values["initial_variance"], values["variance_decay"])
    return plain(mean), plain(rate * cosine * deviation)


@schedule(
    label="One cycle",
    params=(p.PEAK, p.TOTAL_STEPS, p.PCT_START, p.DIV_FACTOR, p.FINAL_DIV_FACTOR),
    formula=r"\frac{a_0}{d} \nearrow a_0 \text{ until } n = pT - 1,"
    r"\quad a_0 \searrow \frac{a_0}{d f} \text{ until } n = T - 1,"
    r"\quad\text{each half a cosine}",
    source="torch.optim.lr_scheduler.OneCycleLR; Smith & Topin 2018, arXiv:1708.07120",
)
def one_cycle(step, *, initial_learning_rate, total_steps, pct_start, div_factor, final_div_factor):
    first, last = initial_learning_rate / div_factor, initial_learning_rate / div_factor / final_div_factor
    top, end = pct_start * total_steps - 1, total_steps - 1
    rising = half_cosine(first, initial_learning_rate, step / np.where(top > 0, top, 1))
    falling = half_cosine(
        initial_learning_rate, last, (np.minimum(step, end) - top) / np.where(end > top, end - top, 1)
    )
    return np.where(step < top, rising, falling)


@schedule(
    label="Noam",
    params=(p.SCALE, p.MODEL_DIM, p.DELAY),
    formula=r"a_n = a_0\,d^{-1/2}\,\min\!\left((n+1)^{-1/2},\ (n+1)\,W^{-3/2}\right)",
    source=f"Vaswani et al. 2017, arXiv:1706.03762, section 5.3; {TENSOR2TENSOR}",
)
def noam(step, *, initial_learning_rate, model_dim, warmup_steps):
    n = step + 1
    return initial_learning_rate * model_dim**-0.5 * np.minimum(n**-0.5, n * warmup_steps**-1.5)


@schedule(
    label="Reciprocal square root",
    params=(p.INITIAL, p.DELAY),
    formula=r"a_n = a_0\,\sqrt{W/\max(n, W)}",
    source=f"{TENSOR2TENSOR} (rsqrt_decay)",
)
def rsqrt_decay(step, *, initial_learning_rate, warmup_steps):
    return initial_learning_rate * np.sqrt(warmup_steps / np.maximum(step, warmup_steps))


@schedule(
    label="By hand",
    params=(p.INITIAL, p.EDITS),
    formula=r"a_n = \text{the rate of the last edit at a step} \le n,\text{ before the first } a_0",
    source="what a person watching a run would do",
)
def manual_decay(step, *, initial_learning_rate, edits):
    made = np.searchsorted(np.array(edits[::2]), step, side="right")
    return np.where(made == 0, initial_learning_rate, np.take(np.array((0.0, *edits[1::2])), made))
