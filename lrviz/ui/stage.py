"""The one way a figure reaches a page.

The plot lives on in the browser (stage.js). A figure's still part, its leading traces counted by
`layout.meta["still"]` and its frames, is sent once and remembered there under a key made of its contents; a run
that changes only the rest sends only the rest. Where the browser turns out not to have the still part (a
page switched to and back) it asks, and the next run sends it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from streamlit.components.v2 import component

from ..figures.files.export import file_name, link_provenance
from ..figures.gallery import Picture
from ..figures.plot.theme import DARK
from ..lessons.lesson import Lesson
from . import assets, order
from .session import acknowledged

_stage = component("lrviz_stage", js=assets.entry("stage"), isolate_styles=False)
_STATE = "lrviz stage "


def drawing(
    lesson: Lesson, picture: Picture, settings: Mapping[str, Any], results: Any, known: str | None = None
) -> tuple[str, str]:
    """All that a stage draws, as JSON (the figure, keys of its contents, what files saved from it carry), and the key of
    its still part, which is left out where it is known."""
    content = picture.spec(results)
    still = content["layout"].get("meta", {}).get("still", 0)
    stills = json.dumps({"data": content["data"][:still], "frames": content["frames"]}, default=packed, allow_nan=False)
    moving = json.dumps({"layout": content["layout"], "moving": content["data"][still:]}, default=packed)
    still_key = _key(stills)
    facts = {
        "file": file_name(lesson, picture.name, settings),
        "facts": link_provenance(lesson, picture, settings),
        "stillKey": still_key,
        "key": f"{still_key} {_key(moving)}",
    }
    rest = "" if still_key == known else f', "stills": {stills}'
    return f"{json.dumps(facts)[:-1]}, {moving[1:-1]}{rest}}}", still_key


def _key(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}.{len(text)}"


def show(
    lesson: Lesson,
    picture: Picture,
    settings: Mapping[str, Any],
    results: Any,
    *,
    live: Mapping[str, str | None] | None = None,
    held: bool = False,
    fresh: bool = False,
    on_step: Callable[[int, Any], None] | None = None,
    on_pick: Callable[[float, float], None] | None = None,
) -> Mapping[str, Any]:
    """Show a figure, and return what a browser that has just found this process knows of the time before.

    `live` says where the browser asks for it while something is dragged, `held` that the visitor's file would go with this
    process, `fresh` that the page has not been drawn in this session. `on_step(index, value)` is called when the hand rests on
    a step of its bar, `on_pick(x, y)` when a point has been picked in its axes; both when the page's script begins.
    """
    id = f"{lesson.name}.{picture.name}"
    state = st.session_state.setdefault(_STATE + id, {"sent": None})
    text, state["sent"] = drawing(lesson, picture, settings, results, known=state["sent"])
    about = {"id": id, "acks": acknowledged(), "live": live, "held": held, "fresh": fresh}
    about |= {"steps": on_step is not None, "dark": DARK}
    result = _stage(
        key=id,
        data=f"{json.dumps(about)[:-1]}, {text[1:]}".encode(),
        height="content",
        on_need_change=partial(_need, state),
        on_step_change=partial(_step, id, on_step),
        on_pick_change=partial(_pick, id, on_pick),
        on_found_change=partial(_need, state),
        on_pressed_change=partial(_pressed, id),
        on_last_change=partial(_last, id),
    )
    return result.get("found") or {}


def packed(value: Any) -> Any:
    """Arrays as base64 typed arrays, floats as float32: half the bytes, and more digits than a screen has."""
    array = np.asarray(value)
    if array.dtype.kind == "f":
        with np.errstate(over="ignore"):  # beyond the reach of float32 is beyond every axis
            array = array.astype("<f4")
    elif array.dtype.kind in "iu":
        array = array.astype("<i4")
    else:
        return array.tolist()
    out: dict[str, Any] = {
        "dtype": array.dtype.str[1:],
        "bdata": base64.b64encode(np.ascontiguousarray(array).data).decode(),
    }
    return out | ({"shape": f"{array.shape[0]}, {array.shape[1]}"} if array.ndim == 2 else {})


def forget_sent() -> None:
    """A page has been opened anew: its plots start empty."""
    for name, state in st.session_state.items():
        if isinstance(name, str) and name.startswith(_STATE):
            state["sent"] = None


def _need(state: dict[str, Any]) -> None:
    state["sent"] = None


@order.undisturbed
def _step(id: str, on_step: Callable[[int, Any], None] | None) -> None:
    message = st.session_state[id]["step"]
    acknowledged()[f"{id}/step"] = message["seq"]
    if on_step is not None:
        order.ask(partial(on_step, message["at"], message["value"]), number=message["seq"])


@order.undisturbed
def _pick(id: str, on_pick: Callable[[float, float], None] | None) -> None:
    message = st.session_state[id]["pick"]
    acknowledged()[f"{id}/pick"] = message["seq"]
    if on_pick is not None:
        order.ask(partial(on_pick, message["x"], message["y"]), number=message["seq"])


@order.undisturbed
def _pressed(id: str) -> None:
    """Which buttons have been pressed, and when: comes with the press itself."""
    presses = st.session_state[id]["pressed"]
    acknowledged()["presses"] = max(presses.values(), default=0)
    order.pressed(presses)


@order.undisturbed
def _last(id: str) -> None:
    """All that was done on a page of another release has been sent (release.js)."""
    number = acknowledged()["last"] = st.session_state[id]["last"]
    order.ask(lambda: None, number=number)  # a repeated value beside it is no change
