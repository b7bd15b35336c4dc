"""Rates with a rise of their own before they fall."""

from __future__ import annotations

import numpy as np

from .. import schedule_params as p
from ..scheduling import schedule
from .half_cosines import half_cosine
from .latex import Values, base, root_of, tex, wave

TENSOR2TENSOR = "tensor2tensor, utils/learning_rate.py"


def one_cycle_numbers(n: float, v: Values) -> str:
    peak, total = v["initial_learning_rate"], v["total_steps"]
    first = peak / v["div_factor"]
    last = first / v["final_div_factor"]
    top, end = v["pct_start"] * total - 1, total - 1
    if n < top:
        start, stop, part, whole = first, peak, n, top
    else:
        start, stop, part, whole = peak, last, min(n, end) - top, (end - top) or 1
    shape = wave(part, whole)
    return rf"{tex(stop)} + ({tex(start)} - {tex(stop)}) \cdot {shape}"


@schedule(
    label="One cycle",
    params=(p.PEAK, p.TOTAL_STEPS, p.PCT_START, p.DIV_FACTOR, p.FINAL_DIV_FACTOR),
    formula=r"\frac{a_0}{d} \nearrow a_0 \text{ until } n = pT - 1,"
    r"\quad a_0 \searrow \frac{a_0}{d f} \text{ until } n = T - 1,"
    r"\quad\text{each half a cosine}",
    source="torch.optim.lr_scheduler.OneCycleLR; Smith & Topin 2018, arXiv:1708.07120",
    numbers=one_cycle_numbers,
)
def one_cycle(step, *, initial_learning_rate, total_steps, pct_start, div_factor, final_div_factor):
    first, last = initial_learning_rate / div_factor, initial_learning_rate / div_factor / final_div_factor
    top, end = pct_start * total_steps - 1, total_steps - 1
    rising = half_cosine(first, initial_learning_rate, step / np.where(top > 0, top, 1))
    falling = half_cosine(
        initial_learning_rate, last, (np.minimum(step, end) - top) / np.where(end > top, end - top, 1)
    )
    return np.where(step < top, rising, falling)


def noam_numbers(n: float, v: Values) -> str:
    rise = rf"{tex(n + 1)} \cdot {v['warmup_steps']}^{{-1.5}}"
    return (
        rf"{tex(v['initial_learning_rate'])} \cdot {v['model_dim']}^{{-0.5}} \cdot \min({base(n + 1)}^{{-0.5}}, {rise})"
    )


@schedule(
    label="Noam",
    params=(p.SCALE, p.MODEL_DIM, p.DELAY),
    formula=r"a_n = a_0\,d^{-1/2}\,\min\!\left((n+1)^{-1/2},\ (n+1)\,W^{-3/2}\right)",
    source=f"Vaswani et al. 2017, arXiv:1706.03762, section 5.3; {TENSOR2TENSOR}",
    numbers=noam_numbers,
)
def noam(step, *, initial_learning_rate, model_dim, warmup_steps):
    n = step + 1
    return initial_learning_rate * model_dim**-0.5 * np.minimum(n**-0.5, n * warmup_steps**-1.5)


def rsqrt_decay_numbers(n: float, v: Values) -> str:
    ratio = rf"{v['warmup_steps']}/\max({tex(n)}, {v['warmup_steps']})"
    return rf"{tex(v['initial_learning_rate'])} {root_of(ratio)}"


@schedule(
    label="Reciprocal square root",
    params=(p.INITIAL, p.DELAY),
    formula=r"a_n = a_0\,\sqrt{W/\max(n, W)}",
    source=f"{TENSOR2TENSOR} (rsqrt_normalized_decay; its rsqrt_decay lacks the factor of √W)",
    numbers=rsqrt_decay_numbers,
)
def rsqrt_decay(step, *, initial_learning_rate, warmup_steps):
    return initial_learning_rate * np.sqrt(warmup_steps / np.maximum(step, warmup_steps))
