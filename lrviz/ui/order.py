"""What the hand has asked for since the page's script last ran, done in the order of the hand.

Streamlit calls the callbacks of one run in an order of its own: those of our live controls last, so that a slider moved just
before Reset was pressed would be moved again after it. So callbacks only ask, and `answer` does it when the script begins.
An edit comes with its number (pending_edits.js), and so does a button that is pressed. Streamlit's own controls have none: they
send what they are set to at once, and stand before a button of the same run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import inf
from typing import Any, NamedTuple

import streamlit as st

_ASKED, _PRESSES = "lrviz asked", "lrviz presses"


class Asked(NamedTuple):
    """One thing to do: the number of the edit, or the button that it is the work of, or neither."""

    act: Callable[[], Any]
    number: float | None
    button: str | None


def ask(act: Callable[[], Any], *, number: float | None = None, button: str | None = None) -> None:
    """Have something done when the script next begins; `button` is the key of the one that was pressed."""
    st.session_state.setdefault(_ASKED, []).append(Asked(act, number, button and class_of(button)))


def pressed(presses: Mapping[str, float]) -> None:
    """The numbers of the buttons that have been pressed, by their classes in the browser."""
    st.session_state[_PRESSES] = presses


def answer() -> None:
    """Do what has been asked for."""
    asked = st.session_state.pop(_ASKED, [])
    presses = st.session_state.pop(_PRESSES, {})
    first = min((presses.get(each.button, inf) for each in asked if each.button), default=inf)

    def place(each: Asked) -> tuple[float, bool]:
        if each.number is not None:
            return each.number, False
        return (presses.get(each.button, inf), True) if each.button else (first, False)

    for each in sorted(asked, key=place):
        each.act()


def class_of(key: str) -> str:
    """The class by which Streamlit marks the element of this key."""
    return "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", key.strip())
