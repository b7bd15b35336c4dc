"""Pictures of exponentially weighted averages, and the sentences under them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import averages
from ..lessons.ewma import CURVE, SWEEP, Results, facts
from .gallery import gallery
from .plot.theme import (
    AMBER,
    BLUE,
    BROWN,
    FAINT,
    GREEN,
    GREY,
    INK,
    MUTED,
    PURPLE,
    RED,
    SKY,
    WIDTH,
    axis,
    key_line,
    spec,
)

PICTURES, picture = gallery("ewma")
SPARE = (BLUE, SKY, BROWN, GREY, PURPLE, INK)


def colours(betas: Any) -> list[str]:
    """The notes' colours: yellow for quick averages, red for middling, green for slow ones; others where one is taken."""
    taken: list[str] = []
    for beta in betas:
        wanted = AMBER if beta < 0.75 else RED if beta < 0.95 else GREEN
        taken.append(next(colour for colour in (wanted, *SPARE) if colour not in taken))
    return taken


def number(value: float) -> str:
    """A number as a sentence carries it: four significant digits, no trailing zeros."""
    return f"{float(value):.4g}"


def listed(words: list[str]) -> str:
    """a; a and b; a, b and c."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _line(x: Any, y: Any, name: str, colour: str, hover: str, **line: Any) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "name": name,
        "line": {"color": colour, "width": WIDTH} | line, "hovertemplate": f"{hover}<extra></extra>",
    }  # fmt: skip


def _reach(values: Any) -> list[float]:
    low, high = min(np.nanmin(values), 0.0), np.nanmax(values)
    pad = 0.05 * (high - low or 1.0)
    return [float(low - pad), float(high + pad)]


# ---- the year -----------------------------------------------------------------------------------------------


def averages_caption(r: Results) -> str:
    """What the averages do to this series, and how they start."""
    windows = [number(averages.window(b)) for b in r.betas]
    plural = "day" if windows == ["1"] else "days"
    what = "decay rate remembers" if len(windows) == 1 else "decay rates remember"
    parts = [f"The {what} about {listed(windows)} {plural}"]
    parts.append(f" and let {listed([f'{100 * c:.0f} %' for c in r.calmer])} of the day-to-day movement through.")
    if r.mean is not None:
        slow = int(np.argmax(r.late))
        parts.append(
            f" The curve for β = {number(r.betas[slow])} comes {r.late[slow]} days late against the known mean."
        )
    if r.settings["corrected"]:
        parts.append(" " + _start_sentence(r))
    return "".join(parts)


def _start_sentence(r: Results) -> str:
    k = int(np.argmax(r.betas))
    beta, day = r.betas[k], r.today
    first = (
        f"Uncorrected, β = {number(beta)} starts at {r.plain[k, 0]:.2f} {r.unit} on a day of {r.value[0]:.2f} {r.unit};"
    )
    divisor = f" on day {day} the divisor 1 − β^t is {averages.share_inside(beta, day):.4f}"
    value = f" and turns {r.plain[k, day - 1]:.3f} into {r.corrected[k, day - 1]:.3f} {r.unit};"
    return f"{first}{divisor}{value} the start-up bias is under 5 % after {averages.startup_days(beta)} days."


def picked_day(r: Results, x: float, y: float) -> dict[str, Any]:
    """The day under a point of the main figure."""
    return {"day": min(max(round(x), 1), len(r.day))}


@picture(label="Daily readings and their averages", caption=averages_caption, pick=picked_day)
def year(r: Results) -> dict[str, Any]:
    """The series and the average for every decay rate; its bar sweeps β through one batch of averages."""
    n, t = r.shown, r.today
    x = r.day[:n]
    background, key = _background(r, n)
    lines, names = _averages(r, n)
    here = (r.corrected if r.settings["corrected"] else r.plain)[:, t - 1]
    sweep = _line(x, np.full(n, np.nan), "sweep", INK, f"sweep: %{{y:.2f}} {r.unit}", width=3.2)
    chosen = {
        "type": "scatter", "mode": "markers", "name": "chosen day", "x": np.full(len(here), float(t)), "y": here, "hoverinfo": "skip",
        "marker": {"color": INK, "size": 8, "symbol": "circle-open", "line": {"width": 2, "color": INK}},
    }  # fmt: skip
    place = len(background) + len(lines)
    return spec(
        [*background, *lines, sweep, chosen],
        title=_year_title(r),
        alt=f"Line chart of {r.source}, days 1 to {n} in {r.unit or 'units'}, with averages for β = "
        + listed([number(b) for b in r.betas]),
        style=r.settings["style"],
        frames=[
            {"name": number(b), "data": [{"y": v[:n]}], "traces": [place]} for b, v in zip(SWEEP, r.sweep, strict=True)
        ],
        meta={
            "still": len(background),
            "bar": {"kind": "sweep", "label": "β", "values": SWEEP, "at": -1, "rate": 12},
            "pick": {"xaxis": "xaxis", "yaxis": "yaxis", "at": [t, float(here[r.focus])], "by": [1, 0]},
        },
        margin={"t": 74},
        showlegend=False,
        annotations=[key_line(key + names)],
        shapes=[_upright(t)],
        xaxis=axis("day", range=[0, n + 1]),
        yaxis=axis(f"temperature ({r.unit})" if "°" in r.unit else "value", range=_reach(r.value)),
    )


def _background(r: Results, n: int) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
    """What stays while β is dragged: the readings and, if wanted, the known mean; with their entries for the key."""
    x = r.day[:n]
    data = [_line(x, r.value[:n], "reading", FAINT, f"day %{{x}}: %{{y:.1f}} {r.unit}", width=1.1)]
    key = [("reading", FAINT, "thin")]
    if r.settings["mean"] and r.mean is not None:
        data.append(_line(x, r.mean[:n], "known mean", INK, f"known mean %{{y:.1f}} {r.unit}", width=1.4, dash="dash"))
        key.append(("known mean", INK, "dash"))
    return data, key


def _averages(r: Results, n: int) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
    """A line for each decay rate; with the correction on, a dotted one more that starts from 0."""
    both, alone = r.settings["corrected"], len(r.betas) == 1
    hover = f"day %{{x}}: v = %{{y:.2f}} {r.unit}"
    data, key = [], []
    for k, colour in enumerate(colours(r.betas)):
        if both:
            start = PURPLE if alone else colour
            data.append(_line(r.day[:n], r.plain[k, :n], f"average {k + 1} from 0", start, hover, dash="dot"))
        curve = r.corrected if both else r.plain
        data.append(_line(r.day[:n], curve[k, :n], f"average {k + 1}", colour, hover))
        key.append((f"β = {number(r.betas[k])}", colour, "solid"))
    if both:
        key.append(("from 0", PURPLE if alone else MUTED, "dot"))
    return data, key


def _year_title(r: Results) -> str:
    if r.settings["corrected"]:
        return "From zero the average starts too low; dividing by 1 − β^t mends it"
    if len(r.betas) == 1:
        return f"An exponentially weighted average over about {number(averages.window(r.beta))} days"
    return "A long memory is smooth and late, a short one quick and noisy"


def _upright(day: float) -> dict[str, Any]:
    return {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": FAINT, "width": 1, "dash": "dot"}}  # fmt: skip


# ---- one day, unrolled --------------------------------------------------------------------------------------


def unrolled_caption(r: Results) -> str:
    """v_t as the sum it is, and where 1/(1 - beta) comes from."""
    today, w = r.value[r.today - 1 :: -1], r.weights
    first = " + ".join(f"{number(w[i])} × {today[i]:.2f}" for i in range(min(3, r.today)))
    rest = float(np.nansum(w[3:] * today[3:]))
    total = r.plain[r.focus, r.today - 1]
    age = round(averages.window(r.beta))
    fall = r.beta**age
    return (
        f"v on day {r.today} is {first} + {rest:.2f} from the days before = {total:.2f} {r.unit}. Its weights sum to "
        f"{w.sum():.4f}; the newest {min(age, r.today)} days carry {100 * averages.share_inside(r.beta, min(age, r.today)):.0f} % "
        f"of all weight, and after {age} days a weight is β^{age} = {fall:.4f} of today's, beside 1/e = 0.3679."
    )


@picture(label="One day's average, unrolled", caption=unrolled_caption)
def unrolled(r: Results) -> dict[str, Any]:
    """The weights as bars over the days they weigh, the readings above them, 1/e and the window of 1/(1 - beta) days."""
    age = averages.window(r.beta)
    n = min(r.today, int(np.ceil(min(5 * age, 150))) + 1)
    days = r.today - np.arange(n)
    w, colour = r.weights[:n], colours(r.betas)[r.focus]
    top = float(w[0]) * 1.12
    left, right = float(days[-1]) - 0.7, float(r.today) + 0.7
    data = [
        {"type": "bar", "x": days, "y": w, "name": "weight", "marker": {"color": colour}, "width": 0.7,
         "hovertemplate": "day %{x}: weight %{y:.4f}<extra></extra>"},
        {"type": "scatter", "mode": "lines+markers", "x": days, "y": r.value[days - 1], "name": "reading", "yaxis": "y2",
         "line": {"color": MUTED, "width": 1.4}, "marker": {"color": MUTED, "size": 5},
         "hovertemplate": f"day %{{x}}: %{{y:.1f}} {r.unit}<extra></extra>"},
    ]  # fmt: skip
    e = float(w[0]) / np.e
    border = r.today - age + 0.5
    shapes = [
        {"type": "line", "x0": left, "x1": right, "y0": e, "y1": e, "line": {"color": INK, "width": 1.4, "dash": "dash"}},
        {"type": "line", "x0": border, "x1": border, "y0": 0, "y1": 1, "yref": "y domain", "line": {"color": INK, "width": 1.4, "dash": "dot"}},
    ]  # fmt: skip
    notes = [
        {
            "x": left,
            "y": e,
            "text": "1/e of today's weight",
            "showarrow": False,
            "xanchor": "left",
            "yanchor": "bottom",
        },
        {
            "x": border,
            "y": top,
            "text": f"{number(age)} days back",
            "showarrow": False,
            "xanchor": "right",
            "yanchor": "top",
        },
    ]
    return spec(
        data,
        title=f"Each day back weighs {number(r.beta)} of the next",
        alt=f"Bar chart of the weights in the average of day {r.today} for β = {number(r.beta)}, below the readings they weigh",
        style=r.settings["style"], height=420, showlegend=False, bargap=0,
        annotations=notes if border > left else notes[:1], shapes=shapes if border > left else shapes[:1],
        xaxis=axis("day", range=[left, right], anchor="y"),
        yaxis=axis("weight", range=[0, top], domain=[0, 0.58]),
        yaxis2=axis(f"reading ({r.unit})" if r.unit else "reading", domain=[0.66, 1], anchor="x"),
    )  # fmt: skip


# ---- against a moving window --------------------------------------------------------------------------------


def window_caption(r: Results) -> str:
    """Which of the two lies nearer the known mean, and what each must remember."""
    days = r.window_days
    memory = f"The average keeps 1 number, the window the last {days} readings."
    if r.errors is None:
        return f"{memory} Which lies nearer the truth cannot be said: nobody knows the mean of measured data."
    average, window = r.errors
    better, worse = ("average", "window") if average < window else ("window", "average")
    return (
        f"Over this year the {better} lies nearer the known mean: {min(average, window):.2f} {r.unit} away (root mean square), "
        f"the {worse} {max(average, window):.2f} {r.unit}. {memory}"
    )


@picture(label="Against a true moving window", caption=window_caption)
def against_window(r: Results) -> dict[str, Any]:
    """The focused average, the moving window of the chosen length, and the known mean."""
    n, k = r.shown, r.focus
    x = r.day[:n]
    colour = colours(r.betas)[k]
    data = [_line(x, r.value[:n], "reading", FAINT, "reading %{y:.1f}", width=1.1)]
    key = [("reading", FAINT, "thin")]
    if r.mean is not None:
        data.append(_line(x, r.mean[:n], "known mean", INK, "known mean %{y:.2f}", width=1.6, dash="dash"))
        key.append(("known mean", INK, "dash"))
    data.append(_line(x, r.corrected[k, :n], "average", colour, "average %{y:.2f}"))
    data.append(_line(x, r.moving[:n], "moving window", BLUE, "window %{y:.2f}", dash="dot"))
    key += [(f"β = {number(r.beta)} corrected", colour, "solid"), (f"mean of {r.window_days} days", BLUE, "dot")]
    return spec(
        data,
        title=f"One number of memory against {r.window_days}",
        alt=f"Line chart of the average for β = {number(r.beta)} and a moving mean of {r.window_days} days",
        style=r.settings["style"], height=420, showlegend=False,
        meta={"still": len(data) - 2},
        margin={"t": 74},
        annotations=[key_line(key)],
        xaxis=axis("day", range=[0, n + 1]), yaxis=axis(f"temperature ({r.unit})", range=_reach(r.value)),
    )  # fmt: skip


# ---- error against beta -------------------------------------------------------------------------------------


def error_caption(r: Results) -> str:
    """The error of the page's decay rates, and the best one."""
    curve, chosen, degree = r.error_curve, r.error_chosen, r.degree
    best = int(np.argmin(curve.average))
    errors = [f"{degree * e:.2f} for β = {number(b)}" for b, e in zip(r.betas, chosen.average, strict=True)]
    return (
        f"Over 30 years the corrected average misses the known mean by {listed(errors)} ({r.unit or 'units'}, root mean "
        f"square); the best decay rate is near {number(CURVE[best])} with {degree * curve.average[best]:.2f}."
    )


@picture(label="Error against β", caption=error_caption)
def error_against_beta(r: Results) -> dict[str, Any]:
    """Distance to the known mean over 30 years against memory, for the average and for moving windows."""
    curve, chosen, degree = r.error_curve, r.error_chosen, r.degree
    x = averages.window(CURVE)
    unit = r.unit or "units"
    data = [
        _line(x, degree * curve.average, "average", RED, f"β = %{{customdata:.3f}}: %{{y:.2f}} {unit}") | {"customdata": CURVE},
        _line(x, degree * curve.window, "window of 1/(1 − β) days", BLUE, f"%{{y:.2f}} {unit}", dash="dot"),
        _line(x, degree * curve.equal_lag, "window of (1 + β)/(1 − β) days", SKY, f"%{{y:.2f}} {unit}", dash="dash"),
        {"type": "scatter", "mode": "markers+text", "x": averages.window(r.betas), "y": degree * chosen.average, "name": "chosen",
         "text": [f"β = {number(b)}" for b in r.betas], "textposition": "top center", "showlegend": False, "cliponaxis": False,
         "marker": {"color": INK, "size": 9}, "hovertemplate": f"%{{text}}: %{{y:.2f}} {unit}<extra></extra>"},
    ]  # fmt: skip
    return spec(
        data,
        title="Too short a memory is noisy, too long a one late",
        alt="Line chart of the distance to the known mean against the days remembered, for averages and moving windows",
        style=r.settings["style"], height=420, showlegend=False, margin={"t": 84},
        annotations=[key_line([("average", RED, "solid"), ("window of 1/(1 − β) days", BLUE, "dot"),
                               ("window of (1 + β)/(1 − β) days", SKY, "dash")], a_line=2)],
        xaxis=axis("memory 1/(1 − β) (days)", type="log", tickvals=[1, 2, 5, 10, 20, 50, 100, 200]),
        yaxis=axis(f"error to the known mean ({unit})", rangemode="tozero"),
    )  # fmt: skip


def beta_table(r: Results) -> list[dict[str, str]]:
    """The live numbers of each decay rate, as words."""
    rows = []
    for beta in r.betas:
        f = facts(float(beta))
        rows.append({
            "β": number(beta),
            "window 1/(1 − β)": f"{number(f['window'])} days",
            "half-life": f"{f['half_life']:.1f} days",
            "lag on a ramp": f"{number(f['lag'])} days",
            "weight inside the window": f"{100 * f['inside']:.0f} %",
            "noise variance kept, independent": f"{f['kept_independent']:.3f}",
            "noise variance kept, weather": f"{f['kept_weather']:.3f}",
            "yearly cycle": f"{100 * f['cycle_gain']:.0f} %, {f['cycle_delay']:.1f} days late",
            "start-up bias under 5 %": f"day {f['startup']}",
        })  # fmt: skip
    return rows
