"""The controls of one letter of the schedules page: keep it and go on with a copy, remove it, change what it is."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ..lessons.schedules.slots import LETTERS, copied, keys
from ..schedules import SCHEDULES
from .page import Page

SCHEDULE_NAMES = {name: entry.label for name, entry in SCHEDULES.items()}


def letter_controls(page: Page, letter: str) -> None:
    """Copy and remove; the schedule of the selected curve, what it needs, and its warm-up."""
    drawn = page.settings["curves"]
    free = next((other for other in LETTERS if other not in (*drawn, letter)), None)
    rest = tuple(other for other in drawn if other != letter)
    with st.container(horizontal=True):
        page.button(
            f"Keep {letter.upper()}, go on with a copy", partial(keep, page, letter, free), key="schedules.copy",
            disabled=free is None, help="The curve stays as it is; a copy of it under the next free letter is selected.",
        )  # fmt: skip
        if letter in drawn:
            page.button(
                f"Remove {letter.upper()}", partial(remove, page, rest), key="schedules.remove", disabled=not rest
            )
        else:
            draw = partial(page.set, curves=(*drawn, letter))
            page.button(f"Draw {letter.upper()}", draw, key="schedules.draw")
    name = page.control(f"{letter}.schedule", labels=SCHEDULE_NAMES)
    for key in keys(letter, name):
        page.control(key)
    page.control(f"{letter}.warmup")


def keep(page: Page, letter: str, free: str) -> None:
    """Leave a curve as it is and select a copy of it, under a free letter."""
    drawn = dict.fromkeys([*page.settings["curves"], letter, free])
    page.set(**copied(page.settings, letter, free), edit=free, curves=tuple(drawn))


def remove(page: Page, rest: tuple[str, ...]) -> None:
    """Draw the others only, and select the last of them."""
    page.set(curves=rest, edit=rest[-1])
