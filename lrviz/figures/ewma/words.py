"""All that the page on averages says: titles and sentences, from its results.

Lateness means one thing here: the lag behind a steady rise or fall, β/(1 − β) days. It has a closed form; how far one
noisy year seems to be shifted has not, and scatters by weeks.
"""

from __future__ import annotations

import numpy as np

from ... import averages
from ...lessons.ewma import CURVE, Results
from ...signals import SIGNALS
from ..plot.text import counted, fixed, listed, number, paragraph, percent, whole, with_unit

TINY = 1e-9  # errors that differ by less are equal, as a share of the largest


def beta_word(beta: float) -> str:
    """A decay rate as it is written everywhere on the page: β = 0.98."""
    return f"β = {number(beta, 4)}"


# ---- the year ----------------------------------------------------------------------------------------------------


def year_title(r: Results) -> str:
    """What the main figure shows, true of any series."""
    if r.settings["corrected"]:
        return "Dividing by 1 − β^t corrects the start from 0"
    if len(r.betas) == 1:
        return f"An exponentially weighted average over about {counted(averages.window(r.beta), 'day')}"
    return "The larger β, the smoother the average and the further it lags"


def averages_caption(r: Results) -> str:
    """How far the averages reach back, what they let through, how late they are, and how they start."""
    return paragraph(_reach(r), _let_through(r), _lag(r), _start(r) if r.settings["corrected"] else "")


def _reach(r: Results) -> str:
    windows = averages.window(r.betas)
    if len(windows) == 1:
        return f"The average reaches back about {counted(windows[0], 'day')}, 1/(1 − β)."
    if np.all(windows > 1):
        return f"The averages reach back about {listed(map(number, windows))} days, 1/(1 − β)."
    return f"The averages reach back about {listed(counted(w, 'day') for w in windows)}, 1/(1 − β)."


def _let_through(r: Results) -> str:
    if r.calmer is None:
        return ""
    who = "It lets" if len(r.betas) == 1 else "They let"
    shares = listed(percent(share) for share in r.calmer)
    return (
        f"{who} through {shares} of the day-to-day variation (root mean square of the daily changes, start corrected)."
    )


def _lag(r: Results) -> str:
    slowest = float(max(r.betas))
    if slowest == 0:
        return "With β = 0 the average is the day's own reading."
    days = counted(averages.ramp_lag(slowest), "day")
    return f"On a steady rise or fall the average for {beta_word(slowest)} lags β/(1 − β) = {days} behind."


def _start(r: Results) -> str:
    k, day = int(np.argmax(r.betas)), r.today
    beta = float(r.betas[k])
    if beta == 0:
        return ""
    ends = (r.plain[k, 0], r.value[0], r.plain[k, day - 1], r.corrected[k, day - 1])
    if not np.all(np.isfinite(ends)):
        return ""
    start, first, before, after = (with_unit(fixed(v, 2), r.unit) for v in ends)
    divisor = number(averages.share_inside(beta, day), 4)
    whose = f"the average for {beta_word(beta)} starts at {start}"
    begins = f"Corrected or not, {whose}" if start == first else f"Uncorrected, {whose} on a day of {first}"
    does = f"turns {before} into {after}" if before != after else f"leaves {before} as it is, to two decimals"
    return (
        f"{begins}; on day {day} the divisor 1 − β^t is {divisor if divisor != '1' else 'nearly 1'} and {does}. "
        f"The start-up bias β^t is below 5 % from day {whole(averages.startup_days(beta))} on."
    )


# ---- one day, unrolled -------------------------------------------------------------------------------------------


def unrolled_title(r: Results) -> str:
    """How the weights of neighbouring days compare."""
    if r.beta == 0:
        return "With β = 0 only the day itself counts"
    return f"Each day further back weighs {number(r.beta, 4)} times the day after it"


def unrolled_caption(r: Results) -> str:
    """The average of one day as the sum it is, and where 1/(1 - beta) comes from."""
    total = with_unit(fixed(r.plain[r.focus, r.today - 1], 2), r.unit)
    if r.beta == 0:
        return f"With β = 0 the average of day {r.today} is that day's reading, {total}."
    days, w = r.value[r.today - 1 :: -1], r.weights
    terms = [f"{number(w[i], 4)} × {_bracketed(days[i])}" for i in range(min(3, r.today))]
    if r.today > 3:
        terms.append(f"{_bracketed(float(np.nansum(w[3:] * days[3:])))} from the days before")
    return paragraph(f"On day {r.today} the average is {' + '.join(terms)} = {total}.", _weights(r))


def _bracketed(value: float) -> str:
    text = fixed(value, 2)
    return f"({text})" if value < 0 and text[0] == "−" else text


def _weights(r: Results) -> str:
    age, total = round(averages.window(r.beta)), averages.share_inside(r.beta, r.today)
    sum_of_weights = number(total, 4)
    count = (
        f"Its weights sum to 1 − β^{r.today} = {sum_of_weights}"
        if sum_of_weights != "1"
        else "Its weights sum to nearly 1"
    )
    if age >= r.today:
        return f"{count}, and all of them lie within 1/(1 − β) = {counted(averages.window(r.beta), 'day')}."
    newest = "the newest day carries" if age == 1 else f"the newest {whole(age)} days carry"
    share = percent(averages.share_inside(r.beta, age) / total)
    fall = f"After {counted(age, 'day')} a weight is β^{age} = {number(r.beta**age, 4)} of the newest, beside 1/e = 0.3679."
    return f"{count}; {newest} {share} of that. {fall}"


# ---- against a moving window -------------------------------------------------------------------------------------


def window_title(r: Results) -> str:
    """What each of the two has to keep in memory."""
    if r.window_days == 1:
        return "The average and the window keep one number each"
    return f"The average keeps one number, the window {counted(r.window_days, 'reading')}"


def window_caption(r: Results) -> str:
    """Which of the two lies nearer the known mean, and what each must remember."""
    days = r.window_days
    memory = (
        "Each of them keeps 1 number in memory."
        if days == 1
        else f"The average keeps 1 number in memory, the window the last {days} readings."
    )
    if r.errors is None:
        return f"{memory} Which lies nearer the truth cannot be said, since nobody knows the mean of measured data."
    average, window = r.errors
    if abs(average - window) <= TINY * max(average, window):
        if average == 0:
            return f"Both lie on the known mean all year. {memory}"
        return f"Both lie {_apart(average, r)} from the known mean (root mean square over the year). {memory}"
    better, worse = ("average", "window") if average < window else ("window", "average")
    if min(average, window) == 0:
        return f"Over this year the {better} lies on the known mean, the {worse} {_apart(max(average, window), r)} from it (root mean square). {memory}"
    return (
        f"Over this year the {better} lies nearer the known mean: {_apart(min(average, window), r)} from it (root mean square), the "
        f"{worse} {_apart(max(average, window), r)}. {memory}"
    )


def _apart(error: float, r: Results) -> str:
    return with_unit(number(error), r.unit)


# ---- error against beta ------------------------------------------------------------------------------------------


def error_title(r: Results) -> str:
    """Where the least error lies."""
    best = _best(r)
    if best is None:
        return (
            "Every decay rate misses the known mean by as much"
            if r.error_curve.average.any()
            else "No decay rate misses the known mean"
        )
    if best == 0:
        return "For this series the shortest memory is the best"
    if best == len(CURVE) - 1:
        return "For this series the longest memory is the best"
    return f"A middle β is best: near {number(CURVE[best])}"


def error_caption(r: Results) -> str:
    """The error of the page's decay rates, and the best one."""
    if not np.any([r.error_curve.average.any(), r.error_chosen.average.any()]):
        return paragraph(
            _whose(r), "Over 30 simulated years the corrected average lies on the known mean, whatever β is."
        )
    misses = listed(
        f"{with_unit(number(r.degree * error), r.error_unit)} for {beta_word(beta)}"
        for beta, error in zip(r.betas, r.error_chosen.average, strict=True)
    )
    return paragraph(
        _whose(r),
        f"Over 30 simulated years the corrected average misses the known mean by {misses} (root mean square).",
        _least(r),
    )


def _whose(r: Results) -> str:
    series = SIGNALS[r.settings["signal"]].label
    return f"Nobody knows the mean of a file, so this is the series “{series}”." if r.own is not None else ""


def _least(r: Results) -> str:
    best = _best(r)
    if best is None:
        return ""
    beta, error = number(CURVE[best], 4), r.degree * float(r.error_curve.average[best])
    if error == 0:
        return f"Of those drawn, β = {beta} does not miss it at all."
    return f"Of those drawn, β = {beta} misses it least, by {with_unit(number(error), r.error_unit)}."


def _best(r: Results) -> int | None:
    """Where on CURVE the error of the average is least; None where it is the same everywhere."""
    errors = r.error_curve.average
    return int(np.argmin(errors)) if np.ptp(errors) > TINY * max(float(np.max(errors)), TINY) else None
