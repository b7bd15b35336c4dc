"""The tables of the averages: the numbers of each decay rate, and the first days of one average."""

from __future__ import annotations

from ...lessons.ewma import FIRST_DAYS, Results, facts
from ..plot.text import counted, fixed, number, percent, whole


def beta_table(r: Results) -> list[dict[str, str]]:
    """The numbers of each decay rate, all of them closed forms, as words."""
    rows = []
    for beta in r.betas:
        f = facts(float(beta))
        rows.append({
            "β": number(beta, 4),
            "window 1/(1 − β)": counted(f["window"], "day"),
            "half-life": counted(round(f["half_life"], 1), "day"),
            "lag on a steady rise": counted(f["lag"], "day"),
            "weight inside the window": percent(f["inside"]),
            "noise variance kept, independent": number(f["kept_independent"]),
            "noise variance kept, weather": number(f["kept_weather"]),
            "yearly cycle": f"{percent(f['cycle_gain'])} of its size, {counted(round(f['cycle_delay'], 1), 'day')} late",
            "start-up bias under 5 %": f"from day {whole(f['startup'])} on",
        })  # fmt: skip
    return rows


def first_days_table(r: Results) -> list[dict[str, str]]:
    """Reading, average, divisor and corrected average of the first days, for the selected decay rate."""
    reading = f"θ ({r.unit})" if r.unit else "θ"
    return [
        {
            "t": str(t),
            reading: fixed(theta, 2),
            "v": fixed(v, 4),
            "1 − β^t": fixed(divisor, 4),
            "v/(1 − β^t)": fixed(fair, 4),
        }
        for t, (theta, v, divisor, fair) in enumerate(r.rows()[:FIRST_DAYS], 1)
    ]
