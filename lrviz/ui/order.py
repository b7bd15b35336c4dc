"""What the hand has asked for since the page's script last ran, done in the order of the hand.

Streamlit calls the callbacks of one run in an order of its own: those of our live controls last, so that a slider moved just
before Reset was pressed would be moved again after it. So callbacks only ask, and `answer` does it when the script begins.
An edit comes with its number (pending_edits.js), and so does a button that is pressed. Streamlit's own controls have none: they
send what they are set to at once, and stand before a button of the same run.

Wherever a callback looks into the session, Streamlit may end it for a newer message from the browser, and does not call it
again: the change would be lost. So each is `undisturbed`. An act that is ended so is done again by the next run.

A message that was sent before the browser knew what Reset had set its controls to says the old values again, as if they had been
chosen. Such a repetition is no change, unless it is all that has been asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from math import inf
from typing import Any, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx

_ASKED, _PRESSES = "lrviz asked", "lrviz presses"


class Asked(NamedTuple):
    """One thing to do: the number of the edit, or the button that it is the work of, or neither; whether it repeats an old value."""

    act: Callable[[], Any]
    number: float | None
    button: str | None
    repeated: bool


def undisturbed(callback: Callable[..., None]) -> Callable[..., None]:
    """A callback that is run to its end, however many messages arrive meanwhile; they are answered after it."""

    @wraps(callback)
    def whole(*args: Any, **kwargs: Any) -> None:
        arrived: list[RerunException] = []
        while True:
            try:
                callback(*args, **kwargs)
                break
            except RerunException as message:
                arrived.append(message)
        context = get_script_run_ctx()
        if context and context.script_requests:
            for earlier in arrived[:-1]:
                context.script_requests.request_rerun(earlier.rerun_data)
        if arrived:
            raise arrived[-1]

    return whole


def ask(
    act: Callable[[], Any], *, number: float | None = None, button: str | None = None, repeated: bool = False
) -> None:
    """Have something done when the script next begins; `button` is the key of the one that was pressed."""
    st.session_state.setdefault(_ASKED, []).append(Asked(act, number, button and class_of(button), repeated))


def pressed(presses: Mapping[str, float]) -> None:
    """The numbers of the buttons that have been pressed, by their classes in the browser."""
    st.session_state.setdefault(_PRESSES, {}).update(presses)


def answer() -> None:
    """Do what has been asked for."""
    asked = st.session_state.setdefault(_ASKED, [])
    presses = st.session_state.setdefault(_PRESSES, {})
    if len(asked) > 1:
        asked[:] = [each for each in asked if not each.repeated]
    first = min((presses.get(each.button, inf) for each in asked if each.button), default=inf)

    def place(each: Asked) -> tuple[float, bool]:
        if each.number is not None:
            return each.number, False
        return (presses.get(each.button, inf), True) if each.button else (first, False)

    asked.sort(key=place)
    while asked:
        asked[0].act()
        del asked[0]
    presses.clear()


def class_of(key: str) -> str:
    """The class by which Streamlit marks the element of this key."""
    return "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", key.strip())
