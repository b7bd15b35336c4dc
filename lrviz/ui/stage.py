"""The one way a figure reaches a page.

The plot lives on in the browser (stage.js). A figure's still part, its leading traces counted by
`layout.meta["still"]` and its frames, is sent once and remembered there under a key made of its contents; a run
that changes only the rest sends only the rest. Where the browser turns out not to have the still part (a
page switched to and back, a message overtaken by a newer one) it asks, and the next run sends it.
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

from ..figures.style import DARK
from . import assets
from .session import acknowledged

_stage = st.components.v2.component("lrviz_stage", js=assets.entry("stage"), isolate_styles=False)


def show(
    content: Mapping[str, Any],
    *,
    key: str,
    file: str,
    facts: Mapping[str, str],
    on_step: Callable[[int, Any], None] | None = None,
    on_pick: Callable[[float, float, bool], None] | None = None,
    on_live: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Show a figure (its spec) under a key that stays the same from run to run.

    `file` names the pictures saved from it, `facts` travel inside them. `on_step(index, value)` is called when the hand rests on a step of its
    bar, `on_pick(x, y, moving)` while a point is picked in its axes; both before the page's script runs. `on_live(message)` takes what a live control sends while it is dragged, if this
    figure stands in the part of the page that redraws alone.
    """
    state = st.session_state.setdefault(f"lrviz stage {key}", {"sent": None})
    still = content["layout"].get("meta", {}).get("still", 0)
    stills = json.dumps({"data": content["data"][:still], "frames": content["frames"]}, default=packed, allow_nan=False)
    name = f"{zlib.crc32(stills.encode()):08x}.{len(stills)}"
    moving = json.dumps(content["data"][still:], default=packed, allow_nan=False)
    message = json.dumps({"key": key, "file": file, "facts": dict(facts), "stillKey": name, "dark": DARK, "steps": on_step is not None, "live": on_live is not None,
                          "layout": content["layout"]}, default=packed)  # fmt: skip
    known = f', "stills": {stills}' if state["sent"] != name else ""
    state["sent"] = name
    callbacks = {
        "on_need_change": partial(_need, state),
        "on_step_change": partial(_step, key, on_step),
        "on_pick_change": partial(_pick, key, on_pick),
    }
    if on_live is not None:
        callbacks["on_live_change"] = partial(_live, key, on_live)
    _stage(key=key, data=f'{message[:-1]}, "moving": {moving}{known}}}'.encode(), height="content", **callbacks)


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
        "bdata": base64.b64encode(np.ascontiguousarray(array)).decode(),
    }
    return out | ({"shape": f"{array.shape[0]}, {array.shape[1]}"} if array.ndim == 2 else {})


def forget_sent() -> None:
    """A page has been opened anew: its plots start empty."""
    for name, state in st.session_state.items():
        if isinstance(name, str) and name.startswith("lrviz stage "):
            state["sent"] = None


def _need(state: dict[str, Any]) -> None:
    state["sent"] = None


def _live(key: str, on_live: Callable[[dict[str, Any]], None]) -> None:
    on_live(st.session_state[key]["live"])


def _step(key: str, on_step: Callable[[int, Any], None] | None) -> None:
    message = st.session_state[key]["step"]
    acknowledged()[f"{key}/step"] = message["seq"]
    if on_step is not None:
        on_step(message["at"], message["value"])


def _pick(key: str, on_pick: Callable[[float, float, bool], None] | None) -> None:
    message = st.session_state[key]["pick"]
    acknowledged()[f"{key}/pick"] = message["seq"]
    if on_pick is not None:
        on_pick(message["x"], message["y"], not message["rest"])
