"""A visitor's own temperatures: choose a file, see what was found in it, correct column and unit, choose a year.

Until a year is taken the page shows what it showed before. Nothing of a file is written anywhere or kept beyond the session.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from ..formats import UNITS
from ..lessons.ewma import OwnSeries
from ..readers import Daily, ReadError, Upload, Year, daily, sniff, year
from .markdown import escaped, line

_OWN, _FOUND = "lrviz own series", "lrviz upload found"
ASK, AS_FOUND = "ask", "as found"
PROMPTS = {ASK: "please choose", AS_FOUND: "as the file says"}
PREVIEW_ROWS = 6
LONGEST_NAME = 60  # of a file, as shown


def own_series() -> OwnSeries | None:
    """The series that takes the place of the chosen signal, if the visitor has taken one."""
    return st.session_state.get(_OWN)


def uploader() -> None:
    """The whole way from a file to a series, and the way back."""
    st.markdown(
        "Bring a file of daily temperatures: HadCET, ECA&D, GHCN-Daily, GSOD, Meteostat, Open-Meteo, or any CSV with a date "
        "and a temperature. It stays in this session and is not part of the link. A missing day is not a zero: gaps of up to three "
        "days are filled on a straight line, and the page says so; longer ones are refused, because an average that had waited "
        "through them would remember days that never were."
    )
    if own_series() is not None:
        st.button("Back to the synthetic series", on_click=_forget)
    file = st.file_uploader("File of daily temperatures", max_upload_size=20)
    if file is None:
        return
    try:
        _choose(_found(file))
    except ReadError as error:
        st.error(f"{escaped(file.name, LONGEST_NAME)}: this file cannot be used. {escaped(error)}.")


def _found(file: Any) -> Upload:
    known = st.session_state.get(_FOUND)
    if known is None or known[0] != file.file_id:
        known = (file.file_id, sniff(file.getvalue(), file.name), file.name)
        st.session_state[_FOUND] = known
    return known[1]


def _choose(found: Upload) -> None:
    """Preview, overrides and the choice of a year."""
    st.caption(f"Found: {escaped(found.format)}. The first rows:")
    st.dataframe(found.frame.head(PREVIEW_ROWS), width="stretch")
    one, two, three = st.columns(3)
    station = None
    if len(found.stations) > 1:
        station = one.selectbox("Station", found.stations, key="lrviz upload station")
    start = found.columns.index(found.value) if found.value in found.columns else None
    value = one.selectbox(
        "Temperature column", found.columns, index=start, format_func=_column_name, key="lrviz upload column"
    )
    units = (AS_FOUND if found.unit_certain else ASK, *UNITS)
    unit = two.selectbox("Unit", units, format_func=_unit_name, key="lrviz upload unit")
    if value is None or unit == ASK:
        st.info(
            "Choose the temperature column." if value is None else
            "The highest value would be above 60 °C. Is the file in Fahrenheit, or in tenths of a degree?"
        )  # fmt: skip
        return
    read = daily(found, value=value, unit=None if unit == AS_FOUND else unit, station=station)
    names = dict(read.years)
    chosen = three.selectbox(
        "Year", list(names), format_func=lambda y: f"{y} ({names[y]} days)", key="lrviz upload year"
    )
    _offer(read, year(read, chosen))


def _offer(read: Daily, found: Year) -> None:
    low, high = float(found.values.min()), float(found.values.max())
    st.markdown(f"{escaped(found.note)} Lowest {low:.1f} °C, highest {high:.1f} °C.")
    st.button(f"Show {found.year}", type="primary", on_click=_take, args=(found,))


def _take(found: Year) -> None:
    name = line(st.session_state[_FOUND][2], LONGEST_NAME)
    st.session_state[_OWN] = OwnSeries(f"{found.year} of {name}", found.values, found.note)


def _forget() -> None:
    st.session_state.pop(_OWN, None)


def _column_name(column: Any) -> str:
    return f"mean of {column[0]} and {column[1]}" if isinstance(column, tuple) else str(column)


def _unit_name(unit: str) -> str:
    return PROMPTS.get(unit) or UNITS[unit]
