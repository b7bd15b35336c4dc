"""Rates along half a period of a cosine: once, again and again, and on a straight line."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import schedule_params as p
from ..draws import normal_draws
from ..scheduling import plain, schedule
from .latex import Values, base, tex, wave

KERAS = "keras.optimizers.schedules"


def half_cosine(start: Any, stop: Any, fraction: Any) -> Any:
    """From `start` at fraction 0 to `stop` at fraction 1 along half a period of a cosine."""
    return stop + (start - stop) * 0.5 * (1 + np.cos(math.pi * fraction))


def cosine_decay_numbers(n: float, v: Values) -> str:
    peak, start = v["warmup_target"], v["warmup_steps"]
    if peak is None:
        peak, start = v["initial_learning_rate"], 0
    elif n < start:
        first = tex(v["initial_learning_rate"])
        return rf"{first} + ({tex(peak)} - {first}) \cdot \frac{{{tex(n)}}}{{{start}}}"
    shape = wave(min(n - start, v["decay_steps"]), v["decay_steps"])
    return rf"{tex(peak)} \left((1 - {tex(v['alpha'])}) \cdot {shape} + {tex(v['alpha'])}\right)"


@schedule(
    label="Cosine",
    params=(p.INITIAL, p.DECAY_STEPS, p.ALPHA, p.RISE_STEPS, p.WARMUP_TARGET),
    formula=r"a_n = a_0\left((1-\alpha)\,\tfrac{1}{2}\left(1+\cos\frac{\pi \min(n, T)}{T}\right) + \alpha\right)"
    r"\quad(n - W\text{ and the target, after a warm-up})",
    source=f"{KERAS}.CosineDecay; Loshchilov & Hutter 2017, arXiv:1608.03983",
    numbers=cosine_decay_numbers,
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


def cosine_decay_restarts_numbers(n: float, v: Values) -> str:
    cycle, begin = (float(part) for part in last_restart(n, v["first_decay_steps"], v["t_mul"]))
    shape = wave(n - begin, v["first_decay_steps"] * v["t_mul"] ** cycle)
    height = rf"{base(v['m_mul'])}^{{{cycle:.0f}}}"
    alpha = tex(v["alpha"])
    return rf"{tex(v['initial_learning_rate'])} \left((1 - {alpha}) \cdot {height} \cdot {shape} + {alpha}\right)"


@schedule(
    label="Cosine with restarts",
    params=(p.INITIAL, p.FIRST_DECAY_STEPS, p.T_MUL, p.M_MUL, p.ALPHA),
    formula=r"a_n = a_0\left((1-\alpha)\,m^i\,\tfrac{1}{2}\left(1+\cos\frac{\pi (n - n_i)}{t^i T}\right)"
    r" + \alpha\right),"
    r"\quad n_i = T\,(1 + t + \dots + t^{i-1}) \le n",
    source=f"{KERAS}.CosineDecayRestarts; Loshchilov & Hutter 2017, arXiv:1608.03983",
    numbers=cosine_decay_restarts_numbers,
)
def cosine_decay_restarts(step, *, initial_learning_rate, first_decay_steps, t_mul, m_mul, alpha):
    cycle, begin = last_restart(step, first_decay_steps, t_mul)
    fraction = (step - begin) / (first_decay_steps * t_mul**cycle)
    return initial_learning_rate * ((1 - alpha) * m_mul**cycle * half_cosine(1, 0, fraction) + alpha)


def line_and_cosine(step: Any, decay_steps: Any, num_periods: Any) -> tuple[Any, Any]:
    """The straight line from 1 to 0 over T, and the cosine from 1 that runs through P periods meanwhile."""
    fraction = np.minimum(step, decay_steps) / decay_steps
    return 1 - fraction, half_cosine(1, 0, 2 * num_periods * fraction)


def line_times_cosine(n: float, v: Values, noise: str = "") -> str:
    """The numbers of both schedules whose straight line has a cosine on it."""
    s = min(n, v["decay_steps"])
    line = rf"{tex(v['alpha'])} + 1 - {tex(s)}/{tex(v['decay_steps'])}{noise}"
    shape = wave(s, v["decay_steps"], rf"2 \pi \cdot {tex(v['num_periods'])}")
    return rf"{tex(v['initial_learning_rate'])} \left(({line}) \cdot {shape} + {tex(v['beta'])}\right)"


@schedule(
    label="Linear cosine",
    params=(p.INITIAL, p.DECAY_STEPS, p.NUM_PERIODS, p.LIFT, p.BETA),
    formula=r"a_n = a_0\left((\alpha + 1 - s/T)\,\tfrac{1}{2}\left(1+\cos\frac{2\pi P s}{T}\right) + \beta\right),"
    r"\quad s = \min(n, T)",
    source="tf.train.linear_cosine_decay (TensorFlow 1); Bello et al. 2017, arXiv:1709.07417",
    numbers=lambda n, v: line_times_cosine(n, v),
)
def linear_cosine_decay(step, *, initial_learning_rate, decay_steps, num_periods, alpha, beta):
    line, cosine = line_and_cosine(step, decay_steps, num_periods)
    return initial_learning_rate * ((alpha + line) * cosine + beta)


def noise_deviation(step: Any, decay_steps: Any, initial_variance: Any, variance_decay: Any) -> Any:
    """Standard deviation of the noise on the line: its variance falls like a power of the step, up to T."""
    return np.sqrt(initial_variance) * (1 + np.minimum(step, decay_steps)) ** (-0.5 * variance_decay)


def noisy_linear_cosine_decay_numbers(n: float, v: Values) -> str:
    s = min(n, v["decay_steps"])
    spread = rf"\frac{{{tex(v['initial_variance'])}}}{{(1 + {tex(s)})^{{{tex(v['variance_decay'])}}}}}"
    mean, deviation = noisy_band(n, **v)
    says = (
        rf",\quad \varepsilon_n \sim N\!\left(0, {spread}\right),\quad \text{{mean }} {tex(mean)} \pm {tex(deviation)}"
    )
    return line_times_cosine(n, v, r" + \varepsilon_n") + says


@schedule(
    label="Noisy linear cosine",
    params=(p.INITIAL, p.DECAY_STEPS, p.INITIAL_VARIANCE, p.VARIANCE_DECAY, p.NUM_PERIODS, p.LIFT, p.BETA, p.SEED),
    formula=r"a_n = a_0\left((\alpha + 1 - s/T + \varepsilon_n)"
    r"\,\tfrac{1}{2}\left(1+\cos\frac{2\pi P s}{T}\right) + \beta\right),"
    r"\quad \varepsilon_n \sim N\!\left(0, \frac{\sigma^2}{(1+s)^\gamma}\right),\quad s = \min(n, T)",
    source="tf.train.noisy_linear_cosine_decay (TensorFlow 1); Bello et al. 2017, arXiv:1709.07417",
    numbers=noisy_linear_cosine_decay_numbers,
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
