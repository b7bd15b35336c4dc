"""The controls of the selected curve of the schedules page: copy it, remove it, choose its schedule and parameters."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ..lessons.schedules.slots import LETTERS, copied, keys
from ..schedules import SCHEDULES
from .page import Page

SCHEDULE_LABELS = {name: entry.label for name, entry in SCHEDULES.items()}


def curve_controls(page: Page, curve: str) -> None:
    """Buttons that copy and remove the curve; its schedule, the parameters of that schedule, and its warm-up."""
    drawn = page.settings["curves"]
    unused = next((other for other in LETTERS if other not in (*drawn, curve)), None)
    rest = tuple(other for other in drawn if other != curve)
    with st.container(horizontal=True):
        page.button(
            f"Keep {curve.upper()}, go on with a copy", partial(_copy, page, curve, unused), key="schedules.copy",
            disabled=unused is None, help="The curve stays as it is; a copy of it under the next free letter is selected.",
        )  # fmt: skip
        if curve in drawn:
            remove = partial(page.set, curves=rest, edit=rest[-1] if rest else curve)
            page.button(f"Remove {curve.upper()}", remove, key="schedules.remove", disabled=not rest)
        else:
            draw = partial(page.set, curves=(*drawn, curve))
            page.button(f"Draw {curve.upper()}", draw, key="schedules.draw")
    name = page.control(f"{curve}.schedule", labels=SCHEDULE_LABELS)
    for key in keys(curve, name):
        page.control(key)
    page.control(f"{curve}.warmup")


def _copy(page: Page, curve: str, target: str | None) -> None:
    """Copy a curve to an unused letter and select the copy; the button is disabled where there is none."""
    if target is not None:
        drawn = dict.fromkeys([*page.settings["curves"], curve, target])
        page.set(**copied(page.settings, curve, target), edit=target, curves=tuple(drawn))
