"""The formula of a schedule with the numbers of one step put in, in LaTeX.

Every function below writes what stands on the right of a_n for one schedule, with whole numbers and rates where the
rule has letters. A schedule without a function here still gets its formula and its result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ...lessons.schedules import Results
from ...lessons.schedules.slots import Curve
from ...schedules import last_restart, noisy_band

Values = Mapping[str, Any]
WORKED: dict[str, Callable[[float, Values], str]] = {}


def worked(function: Callable[[float, Values], str]) -> Callable[[float, Values], str]:
    """Register the numbers of the schedule that the function is named after."""
    WORKED[function.__name__] = function
    return function


def tex(value: float) -> str:
    """A number in LaTeX: whole ones in full, others to six significant digits; brackets round negative ones."""
    text = f"{value:.0f}" if value == int(value) and abs(value) < 1e9 else f"{value:.6g}"
    mantissa, e, power = text.partition("e")
    text = rf"{mantissa} \cdot 10^{{{int(power)}}}" if e else mantissa
    return f"({text})" if value < 0 else text


def base(value: float) -> str:
    """A number that a power is taken of: in brackets where it has a power of its own."""
    text = tex(value)
    return f"({text})" if "^" in text and value > 0 else text


def root_of(text: str) -> str:
    return rf"\sqrt{{{text}}}"


def epochs(n: float, v: Values) -> str:
    quotient = rf"{tex(n)}/{tex(v['decay_steps'])}"
    return rf"\lfloor {quotient} \rfloor" if v["staircase"] else quotient


def half_cosine(over: float, under: float, turns: str = r"\pi") -> str:
    return rf"\tfrac{{1}}{{2}}\left(1 + \cos\frac{{{turns} \cdot {tex(over)}}}{{{tex(under)}}}\right)"


@worked
def constant(n: float, v: Values) -> str:
    return tex(v["initial_learning_rate"])


@worked
def inverse_time_decay(n: float, v: Values) -> str:
    return rf"\frac{{{tex(v['initial_learning_rate'])}}}{{1 + {tex(v['decay_rate'])} \cdot {epochs(n, v)}}}"


@worked
def exponential_decay(n: float, v: Values) -> str:
    return rf"{tex(v['initial_learning_rate'])} \cdot {base(v['decay_rate'])}^{{{epochs(n, v)}}}"


@worked
def inverse_sqrt_decay(n: float, v: Values) -> str:
    count = rf"\lfloor {tex(n)}/{tex(v['decay_steps'])} \rfloor + 1"
    return rf"\frac{{{tex(v['k'])} \cdot {tex(v['initial_learning_rate'])}}}{{{root_of(count)}}}"


@worked
def step_decay(n: float, v: Values) -> str:
    return rf"{tex(v['initial_learning_rate'])} \cdot {base(v['drop'])}^{{\lfloor {tex(n)}/{tex(v['decay_steps'])} \rfloor}}"


@worked
def piecewise_constant_decay(n: float, v: Values) -> str:
    piece = sum(end < n for end in v["boundaries"])
    ends = [-1.0, *v["boundaries"], math.inf]
    low = rf"{tex(ends[piece])} < " if piece else ""
    high = rf" \le {tex(ends[piece + 1])}" if piece < len(v["boundaries"]) else ""
    where = rf"\quad\text{{for }} {low}{tex(n)}{high}" if low or high else ""
    return tex(v["values"][piece]) + where


@worked
def polynomial_decay(n: float, v: Values) -> str:
    cycles = max(math.ceil(n / v["decay_steps"]), 1) if v["cycle"] else 1
    left = (
        rf"\left(1 - \frac{{{tex(min(n, cycles * v['decay_steps']))}}}{{{cycles} \cdot {tex(v['decay_steps'])}}}\right)"
    )
    end = tex(v["end_learning_rate"])
    return rf"({tex(v['initial_learning_rate'])} - {end}){left}^{{{tex(v['power'])}}} + {end}"


@worked
def cosine_decay(n: float, v: Values) -> str:
    peak, start = v["warmup_target"], v["warmup_steps"]
    if peak is None:
        peak, start = v["initial_learning_rate"], 0
    elif n < start:
        first = tex(v["initial_learning_rate"])
        return rf"{first} + ({tex(peak)} - {first}) \cdot \frac{{{tex(n)}}}{{{start}}}"
    wave = half_cosine(min(n - start, v["decay_steps"]), v["decay_steps"])
    return rf"{tex(peak)} \left((1 - {tex(v['alpha'])}) \cdot {wave} + {tex(v['alpha'])}\right)"


@worked
def cosine_decay_restarts(n: float, v: Values) -> str:
    cycle, begin = (float(part) for part in last_restart(n, v["first_decay_steps"], v["t_mul"]))
    wave = half_cosine(n - begin, v["first_decay_steps"] * v["t_mul"] ** cycle)
    height = rf"{base(v['m_mul'])}^{{{cycle:.0f}}}"
    alpha = tex(v["alpha"])
    return rf"{tex(v['initial_learning_rate'])} \left((1 - {alpha}) \cdot {height} \cdot {wave} + {alpha}\right)"


def line_times_cosine(n: float, v: Values, noise: str = "") -> str:
    s = min(n, v["decay_steps"])
    line = rf"{tex(v['alpha'])} + 1 - {tex(s)}/{tex(v['decay_steps'])}{noise}"
    wave = half_cosine(s, v["decay_steps"], rf"2 \pi \cdot {tex(v['num_periods'])}")
    return rf"{tex(v['initial_learning_rate'])} \left(({line}) \cdot {wave} + {tex(v['beta'])}\right)"


@worked
def linear_cosine_decay(n: float, v: Values) -> str:
    return line_times_cosine(n, v)


@worked
def noisy_linear_cosine_decay(n: float, v: Values) -> str:
    s = min(n, v["decay_steps"])
    spread = rf"\frac{{{tex(v['initial_variance'])}}}{{(1 + {tex(s)})^{{{tex(v['variance_decay'])}}}}}"
    mean, deviation = noisy_band(n, **v)
    says = (
        rf",\quad \varepsilon_n \sim N\!\left(0, {spread}\right),\quad \text{{mean }} {tex(mean)} \pm {tex(deviation)}"
    )
    return line_times_cosine(n, v, r" + \varepsilon_n") + says


@worked
def one_cycle(n: float, v: Values) -> str:
    peak, total = v["initial_learning_rate"], v["total_steps"]
    first = peak / v["div_factor"]
    last = first / v["final_div_factor"]
    top, end = v["pct_start"] * total - 1, total - 1
    if n < top:
        start, stop, part, whole = first, peak, n, top
    else:
        start, stop, part, whole = peak, last, min(n, end) - top, (end - top) or 1
    wave = half_cosine(part, whole)
    return rf"{tex(stop)} + ({tex(start)} - {tex(stop)}) \cdot {wave}"


@worked
def noam(n: float, v: Values) -> str:
    rise = rf"{tex(n + 1)} \cdot {v['warmup_steps']}^{{-1.5}}"
    return (
        rf"{tex(v['initial_learning_rate'])} \cdot {v['model_dim']}^{{-0.5}} \cdot \min({base(n + 1)}^{{-0.5}}, {rise})"
    )


@worked
def rsqrt_decay(n: float, v: Values) -> str:
    ratio = rf"{v['warmup_steps']}/\max({tex(n)}, {v['warmup_steps']})"
    return rf"{tex(v['initial_learning_rate'])} {root_of(ratio)}"


@worked
def manual_decay(n: float, v: Values) -> str:
    made = [i for i in range(0, len(v["edits"]), 2) if v["edits"][i] <= n]
    if not made:
        return rf"{tex(v['initial_learning_rate'])} \quad\text{{before the first edit}}"
    step, rate = v["edits"][made[-1]], v["edits"][made[-1] + 1]
    return rf"{tex(rate)} \quad\text{{edited at step {tex(step)}}}"


def formula(curve: Curve, step: float) -> list[str]:
    """The rule in letters, and in numbers at a step: LaTeX, a line each."""
    name, values, n = curve.entry.name, curve.values, max(step - curve.warmup, 0.0)
    result = tex(curve.entry(n, **values))
    body = WORKED[name](n, values) if name in WORKED else result
    lines = [curve.entry.formula, rf"a_{{{tex(n)}}} = {body}"]
    if r"\varepsilon" in body:
        lines.append(rf"a_{{{tex(n)}}} = {result}")
    elif body != result and r"\text" not in body:
        lines[-1] += f" = {result}"
    if curve.warmup and step < curve.warmup:
        part = rf"\frac{{{tex(step)} + 1}}{{{curve.warmup}}}"
        lines.append(
            rf"\text{{in the warm-up, at step }} {tex(step)}:\quad {result} \cdot {part} = {tex(curve.rate(step))}"
        )
    elif curve.warmup:
        lines.append(rf"\text{{that is step }} {tex(step)}, \text{{ }} {tex(n)} \text{{ steps after the warm-up}}")
    return lines


def formulas(r: Results) -> list[tuple[str, list[str]]]:
    """Every drawn curve with the lines of its formula at the chosen step."""
    return [(curve.name, formula(curve, float(r.step))) for curve in r.curves]
