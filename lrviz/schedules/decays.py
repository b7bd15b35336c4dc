"""Rates that only fall: smoothly or in stairs, and in pieces of one's own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from .. import schedule_params as p
from ..scheduling import schedule
from .latex import Values, base, root_of, tex

KERAS = "keras.optimizers.schedules"


def passed(step: Any, length: Any) -> Any:
    """How many stages of `length` steps are over; one that only rounding keeps from its end is."""
    return np.floor(step / length * (1 + 1e-12))


def begun(step: Any, length: Any) -> Any:
    """How many stages of `length` steps have begun; one whose beginning only rounding has reached has not."""
    return np.ceil(step / length * (1 - 1e-12))


def written_epochs(n: float, v: Values) -> str:
    """How many epochs have passed; whole ones with stairs."""
    quotient = rf"{tex(n)}/{tex(v['decay_steps'])}"
    return rf"\lfloor {quotient} \rfloor" if v["staircase"] else quotient


@schedule(
    label="Constant",
    params=(p.INITIAL,),
    formula=r"a_n = a_0",
    source="a fixed rate, the one to beat",
    numbers=lambda n, v: tex(v["initial_learning_rate"]),
)
def constant(step, *, initial_learning_rate):
    return initial_learning_rate * np.ones_like(step)


@schedule(
    label="Inverse time",
    params=(p.INITIAL, p.PERIOD, p.DECAY_RATE, p.STAIRCASE),
    formula=r"a_n = \frac{a_0}{1 + r\,n/T}\quad(\lfloor n/T \rfloor\text{ with stairs})",
    source=f"{KERAS}.InverseTimeDecay; with stairs, a0/(1 + rate * epoch)",
    numbers=lambda n, v: (
        rf"\frac{{{tex(v['initial_learning_rate'])}}}{{1 + {tex(v['decay_rate'])} \cdot {written_epochs(n, v)}}}"
    ),
)
def inverse_time_decay(step, *, initial_learning_rate, decay_steps, decay_rate, staircase):
    epochs = passed(step, decay_steps) if staircase else step / decay_steps
    return initial_learning_rate / (1 + decay_rate * epochs)


@schedule(
    label="Exponential",
    params=(p.INITIAL, p.PERIOD, p.BASE, p.STAIRCASE),
    formula=r"a_n = a_0\,r^{\,n/T}\quad(\lfloor n/T \rfloor\text{ with stairs})",
    source=f"{KERAS}.ExponentialDecay",
    numbers=lambda n, v: rf"{tex(v['initial_learning_rate'])} \cdot {base(v['decay_rate'])}^{{{written_epochs(n, v)}}}",
)
def exponential_decay(step, *, initial_learning_rate, decay_steps, decay_rate, staircase):
    epochs = passed(step, decay_steps) if staircase else step / decay_steps
    return initial_learning_rate * decay_rate**epochs


def inverse_sqrt_decay_numbers(n: float, v: Values) -> str:
    count = rf"\lfloor {tex(n)}/{tex(v['decay_steps'])} \rfloor + 1"
    return rf"\frac{{{tex(v['k'])} \cdot {tex(v['initial_learning_rate'])}}}{{{root_of(count)}}}"


@schedule(
    label="Inverse square root",
    params=(p.INITIAL, p.K, p.COUNT),
    formula=r"a_n = \frac{k\,a_0}{\sqrt{\lfloor n/T \rfloor + 1}}",
    source="the lecture's k/sqrt(t) and k/sqrt(epoch), counted from 1",
    numbers=inverse_sqrt_decay_numbers,
)
def inverse_sqrt_decay(step, *, initial_learning_rate, k, decay_steps):
    return k * initial_learning_rate / np.sqrt(passed(step, decay_steps) + 1)


@schedule(
    label="Step",
    params=(p.INITIAL, p.PERIOD, p.DROP),
    formula=r"a_n = a_0\,d^{\,\lfloor n/T \rfloor}",
    source="the lecture's discrete staircase; torch.optim.lr_scheduler.StepLR",
    numbers=lambda n, v: (
        rf"{tex(v['initial_learning_rate'])} \cdot {base(v['drop'])}^{{\lfloor {tex(n)}/{tex(v['decay_steps'])} \rfloor}}"
    ),
)
def step_decay(step, *, initial_learning_rate, decay_steps, drop):
    return initial_learning_rate * drop ** passed(step, decay_steps)


def values_fit(settings: Mapping[str, Any]) -> str:
    """What is wrong when there is not one value more than there are boundaries."""
    boundaries, values = len(settings["boundaries"]), len(settings["values"])
    there = f"{boundaries} {'boundary' if boundaries == 1 else 'boundaries'}"
    return "" if values == boundaries + 1 else f"values must be one more than the {there}, got {values}"


def piecewise_constant_decay_numbers(n: float, v: Values) -> str:
    piece = sum(end < n for end in v["boundaries"])
    ends = [-1.0, *v["boundaries"], math.inf]
    low = rf"{tex(ends[piece])} < " if piece else ""
    high = rf" \le {tex(ends[piece + 1])}" if piece < len(v["boundaries"]) else ""
    where = rf"\quad\text{{for }} {low}{tex(n)}{high}" if low or high else ""
    return tex(v["values"][piece]) + where


@schedule(
    label="Piecewise constant",
    params=(p.BOUNDARIES, p.VALUES),
    formula=r"a_n = v_i \quad\text{for } b_{i-1} < n \le b_i",
    source=f"{KERAS}.PiecewiseConstantDecay",
    numbers=piecewise_constant_decay_numbers,
    complaint=values_fit,
)
def piecewise_constant_decay(step, *, boundaries, values):
    return np.take(np.array(values), np.searchsorted(np.array(boundaries), step))


def polynomial_decay_numbers(n: float, v: Values) -> str:
    cycles = max(math.ceil(n / v["decay_steps"]), 1) if v["cycle"] else 1
    left = (
        rf"\left(1 - \frac{{{tex(min(n, cycles * v['decay_steps']))}}}{{{cycles} \cdot {tex(v['decay_steps'])}}}\right)"
    )
    end = tex(v["end_learning_rate"])
    return rf"({tex(v['initial_learning_rate'])} - {end}){left}^{{{tex(v['power'])}}} + {end}"


@schedule(
    label="Polynomial",
    params=(p.INITIAL, p.DECAY_STEPS, p.END_LEARNING_RATE, p.POWER, p.CYCLE),
    formula=r"a_n = (a_0 - a_T)\left(1 - \frac{\min(n, cT)}{cT}\right)^p + a_T,"
    r"\quad c = \max(1, \lceil n/T \rceil)\text{ with cycle, else }1",
    source=f"{KERAS}.PolynomialDecay",
    numbers=polynomial_decay_numbers,
)
def polynomial_decay(step, *, initial_learning_rate, decay_steps, end_learning_rate, power, cycle):
    cycles = np.maximum(begun(step, decay_steps), 1) if cycle else 1
    left = 1 - np.minimum(step / (decay_steps * cycles), 1)
    return (initial_learning_rate - end_learning_rate) * left**power + end_learning_rate
