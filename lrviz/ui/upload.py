"""A visitor's own temperatures: choose a file, see what was found in it, correct column and unit, choose a year.

Until a year is taken the page shows what it showed before. Nothing of a file is written anywhere or kept beyond the session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import Any

import streamlit as st

from ..figures.plot.text import fixed
from ..lessons.ewma import OwnSeries
from ..readers import Daily, Doubt, ReadError, Upload, Year, daily, sniff, unit_of, year
from ..units import UNITS
from ..uploads import listed
from .markdown import escaped, line

_OWN, _HELD, _KEY, _LOST = "lrviz own series", "lrviz upload held", "lrviz upload key", "lrviz upload lost"
CHOOSE = "please choose"
PREVIEW_ROWS = 6
LONGEST_NAME = 60  # of a file, as shown
MOST_ANSWERS = 20


@dataclass
class Held:
    """The visitor's file, one at a time, and what has been read of it: the page runs often, a file is read once."""

    digest: str
    name: str
    file_id: str = ""
    answers: dict[tuple, Any] = field(default_factory=dict, repr=False)

    def once(self, question: tuple, answer: Callable[[], Any]) -> Any:
        """The answer, or the refusal, found before or now."""
        if question not in self.answers:
            if len(self.answers) == MOST_ANSWERS:
                self.answers = {("found",): self.answers[("found",)]}
            try:
                self.answers[question] = answer()
            except ReadError as error:
                self.answers[question] = type(error)(str(error))  # without the frames that hold the file
        known = self.answers[question]
        if isinstance(known, ReadError):
            raise known.with_traceback(None)
        return known

    def key(self, what: str, *choice: Any) -> str:
        """The key of a control: another for each file, so that what was set for one is not set for the next."""
        return f"lrviz upload {what} {self.digest} {choice}"


def own_series() -> OwnSeries | None:
    """The series that takes the place of the chosen signal, if the visitor has taken one."""
    return st.session_state.get(_OWN)


def is_held() -> bool:
    """Whether something of a visitor's file would be gone with this process, or the visitor has yet to be told that it is."""
    return own_series() is not None or bool(st.session_state.get(_LOST))


def lost() -> None:
    """A browser has come from a process that had a file of the visitor's, which went with it."""
    st.session_state[_LOST] = True


def word_of_loss(again: str = "Open it again under “Your own data” to go on with it.") -> None:
    """Say that a file is gone, until another one is opened."""
    if st.session_state.get(_LOST):
        st.warning(f"The server that held your file has stopped, and the file went with it. {again}")


def uploader(button: Callable[..., None]) -> None:
    """The whole way from a file to a series, and the way back; `button` draws one (`Page.button`)."""
    st.markdown(
        "Bring a file of daily temperatures: HadCET, ECA&D, GHCN-Daily, GSOD, Meteostat, Open-Meteo, or any CSV with a date "
        "and a temperature. It stays in this session and is not part of the link. A missing day is not a zero: gaps of up to three "
        "days are filled on a straight line, and the page says so; longer ones are refused, because an average that had waited "
        "through them would remember days that never were."
    )
    if own_series() is not None:
        button("Back to the synthetic series", _forget)
    # Another key in each session, or the browser would go on showing a file that this one does not have.
    key = st.session_state.setdefault(_KEY, f"lrviz upload {token_hex(8)}")
    file = st.file_uploader("File of daily temperatures", max_upload_size=20, key=key)
    if file is None:
        word_of_loss("Open it again to go on with it.")
        return
    st.session_state[_LOST] = False
    try:
        _choose(file, _held(file), button)
    except ReadError as error:
        st.error(f"{escaped(file.name, LONGEST_NAME)}: this file cannot be used. {escaped(error)}.")


def _held(file: Any) -> Held:
    """What is known of the file: nothing yet if its bytes are others than those of the file before."""
    held = st.session_state.get(_HELD)
    if held is None or held.file_id != file.file_id:
        digest = sha256(file.getvalue()).hexdigest()
        if held is None or (held.digest, held.name) != (digest, file.name):
            held = Held(digest, file.name)
            st.session_state[_HELD] = held
        held.file_id = file.file_id
    return held


def _choose(file: Any, held: Held, button: Callable[..., None]) -> None:
    """Preview, overrides and the choice of a year."""
    found = held.once(("found",), lambda: sniff(file.getvalue(), file.name))
    st.caption(f"Found: {escaped(found.format)}. The first rows:")
    st.dataframe(found.frame.head(PREVIEW_ROWS), width="stretch")
    one, two, three = st.columns(3)
    station = None
    if len(found.stations) > 1:
        station = one.selectbox("Station", found.stations, index=None, placeholder=CHOOSE, key=held.key("station"))
    start = found.columns.index(found.value) if found.value in found.columns else None
    value = one.selectbox(
        "Temperature column",
        found.columns,
        index=start,
        placeholder=CHOOSE,
        format_func=_column_name,
        key=held.key("column"),
    )
    if value is None or (station is None and len(found.stations) > 1):
        st.info(_missing_choice(found, value))
        return
    known, doubt = held.once(("unit", value, station), lambda: unit_of(found, value, station))
    prompt = CHOOSE if doubt else f"as the file says ({UNITS[known]})" if known != "C" else UNITS["C"]
    names = {None: prompt} | {unit: name for unit, name in UNITS.items() if doubt or unit != known}
    unit = two.selectbox("Unit", [*names], format_func=names.__getitem__, key=held.key("unit", value, station))
    if unit is None and doubt:
        st.info(f"Choose the unit: the column {escaped(_column_name(value))} has {escaped(doubt)}.")
        return
    choice = {"value": value, "unit": unit, "station": station}
    read = held.once(("daily", *choice.values()), lambda: daily(found, **choice))
    days = dict(read.years)
    chosen = three.selectbox(
        "Year", [*days], format_func=lambda y: f"{y} ({days[y]} days)", key=held.key("year", *choice.values())
    )
    taken = _year(held, read, chosen, (*choice.values(), chosen))
    if taken is not None:
        _offer(taken, button)


def _missing_choice(found: Upload, value: Any) -> str:
    if value is not None:
        return f"The file holds {len(found.stations)} stations. Choose the one to show."
    names = escaped(listed(map(_column_name, found.columns)))
    return f"The names do not say which column is the daily temperature: {names}. Choose it."


def _year(held: Held, read: Daily, chosen: int, choice: tuple) -> Year | None:
    """The year; None where it seems to hold two units and the visitor has not said that it does not."""
    try:
        return held.once(("year", *choice), lambda: year(read, chosen))
    except Doubt as doubt:
        st.warning(f"Are there two units in the file? {escaped(doubt)}.")
        if not st.checkbox("All of it is in one unit", key=held.key("one unit", *choice)):
            return None
    return held.once(("sure", *choice), lambda: year(read, chosen, one_unit=True))


def _offer(found: Year, button: Callable[..., None]) -> None:
    low, high = float(found.values.min()), float(found.values.max())
    st.markdown(f"{escaped(found.note)} Lowest {fixed(low, 1)} °C, highest {fixed(high, 1)} °C.")
    button(f"Show {found.year}", partial(_take, found), type="primary")


def _take(found: Year) -> None:
    name = line(st.session_state[_HELD].name, LONGEST_NAME)
    st.session_state[_OWN] = OwnSeries(f"{found.year} of {name}", found.values, found.note)


def _forget() -> None:
    st.session_state.pop(_OWN, None)


def _column_name(column: Any) -> str:
    return f"mean of {column[0]} and {column[1]}" if isinstance(column, tuple) else str(column)
