"""Every control of every page, drawn from its Param by one function.

Numbers, whole numbers and lists of numbers become live sliders (slider.js) that stream while dragged; switches,
words and sets of words become Streamlit's own widgets.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from ..figures.plot.theme import DARK
from ..params import Param
from . import assets, order
from .session import Session, acknowledged

_slider = st.components.v2.component("lrviz_slider", js=assets.entry("slider"), isolate_styles=False)

LIVE = ("number", "integer", "numbers")
NARROW = 36  # characters that fit side by side in a column of controls


def control(
    session: Session,
    key: str,
    *,
    labels: Mapping[str, str] | None = None,
    colours: Sequence[str] = (),
    extra: float | None = None,
    label: str | None = None,
    unset: float | None = None,
    widget: str | None = None,
) -> Any:
    """Draw the control of one setting and return the setting's value.

    `labels` gives the words of a choice their names for people, `colours` a swatch to each value of a list,
    `extra` the value that a new entry of a list starts from, unless the Param says it. `unset` is what an optional number
    amounts to while it is not set: the slider shows it then, and going back to it unsets the number again. A Param that has a
    `fallback` says that itself, too. `widget` is a key for a setting that has several controls on a page.
    """
    param = session.lesson.params[key]
    value = session.settings[key]
    if unset is None and param.fallback:
        unset = session.settings.get(".".join([*key.split(".")[:-1], param.fallback]))
    if param.optional and unset is None and not _is_set(session, param, label or param.label):
        return None
    if param.kind in LIVE:
        _live(session, param, label or param.label, colours, extra, unset)
        return value
    widget = widget or f"{session.lesson.name}.{key}"
    draw = partial(
        _DRAW[param.kind], param, label or param.label, widget, partial(_took, session, key, widget), labels or {}
    )
    shown = list(value) if param.kind == "choices" else value
    if session.fresh:  # what the browser knows of the control is left to it
        with suppress(ValueError):
            session.take({key: _checked(session, param, draw(shown))})
    else:
        st.session_state[widget] = shown
        draw()
    return value


def _checked(session: Session, param: Param, value: Any) -> Any:
    return param.check(tuple(value) if param.kind == "choices" else value, session.lesson.name)


def _took(session: Session, key: str, widget: str) -> None:
    param = session.lesson.params[key]
    try:
        changed = {key: _checked(session, param, st.session_state[widget])}
    except ValueError:
        changed = {}
    order.ask(partial(session.change, changed))


def _is_set(session: Session, param: Param, label: str) -> bool:
    """A switch over an optional setting: off is None, on is the low end of its slider."""
    widget = f"{session.lesson.name}.{param.name}.set"
    is_set = session.settings[param.name] is not None

    def wanted(on: bool) -> dict[str, Any]:
        return {param.name: _reach(param)[0] if on else None}

    def switched() -> None:
        order.ask(partial(session.change, wanted(st.session_state[widget])))

    draw = partial(st.toggle, f"set {label}", key=widget, help=param.help or None, on_change=switched)
    if session.fresh:
        on = draw(value=is_set)
        session.take(wanted(on) if on != is_set else {})
    else:
        st.session_state[widget] = is_set
        draw()
    return is_set


def _flag(
    param: Param, label: str, widget: str, changed: Callable, labels: Mapping[str, str], start: bool | None = None
) -> bool:
    first = {} if start is None else {"value": start}
    return st.toggle(label, key=widget, help=param.help or None, on_change=changed, **first)


def _choice(
    param: Param, label: str, widget: str, changed: Callable, labels: Mapping[str, str], start: str | None = None
) -> str:
    name = partial(_name, labels)
    if param.wide or sum(len(name(word)) + 4 for word in param.options) <= NARROW:
        first = {} if start is None else {"default": start}
        return st.segmented_control(
            label,
            param.options,
            key=widget,
            format_func=name,
            help=param.help or None,
            on_change=changed,
            required=True,
            **first,
        )
    first = {} if start is None else {"index": param.options.index(start)}
    return st.selectbox(
        label, param.options, key=widget, format_func=name, help=param.help or None, on_change=changed, **first
    )


def _choices(
    param: Param, label: str, widget: str, changed: Callable, labels: Mapping[str, str], start: list[str] | None = None
) -> list[str]:
    name = partial(_name, labels)
    first = {} if start is None else {"default": start}
    return st.multiselect(
        label, param.options, key=widget, format_func=name, help=param.help or None, on_change=changed,
        max_selections=param.longest, **first,
    )  # fmt: skip


def _name(labels: Mapping[str, str], word: str) -> str:
    return labels.get(word, word.replace("_", " "))


_DRAW = {"flag": _flag, "choice": _choice, "choices": _choices}


def _live(
    session: Session,
    param: Param,
    label: str,
    colours: Sequence[str],
    extra: float | None,
    unset: float | None,
) -> None:
    key = f"{session.lesson.name}.{param.name}"
    many = param.kind == "numbers"
    value = session.settings[param.name]
    value = unset if value is None else value
    default = param.default if many else [unset if param.default is None else param.default]
    reach = _reach(param)
    data = _described(param) | {
        "key": key,
        "ack": acknowledged().get(key, 0),
        "label": label,
        "values": list(value) if many else [value],
        "unset": unset,
        "defaults": list(default) if default != [None] else list(reach[:1]),
        "slider": list(reach),
        "extra": _next(param, value, reach[0]) if extra is None else extra,
        "colours": [[colour, DARK.get(colour, colour)] for colour in colours],
    }
    # As text: Streamlit searches anything else for tables, slider by slider.
    _slider(key=key, data=json.dumps(data).encode(), on_slid_change=partial(_slid, session, key), height="content")


def _described(param: Param) -> dict[str, Any]:
    """What a slider has to know of its Param, whatever its value."""
    return {
        "setting": param.name,
        "symbol": param.symbol,
        "help": param.help,
        "unit": param.unit,
        "rule": param.rule,
        "list": param.kind == "numbers",
        "whole": param.kind == "integer",
        "step": param.step,
        "log": param.log,
        "low": _finite(param.low),
        "high": _finite(param.high),
        "openLow": param.open_low,
        "openHigh": param.open_high,
        "shortest": param.shortest,
        "longest": param.longest,
    }


def _next(param: Param, value: Any, least: float) -> float | None:
    """What a new entry of a list starts from: after the last one as the Param says, in an empty list as its default begins."""
    if param.ratio is None:
        return least
    return float(f"{param.ratio * value[-1]:.3g}") if value else param.default[0]


def _reach(param: Param) -> tuple[float, float]:
    """The range a slider offers: the Param's own, else the legal one as far as it is finite, else round the default."""
    if param.slider:
        return param.slider
    size = max([1.0, *(2 * abs(v) for v in np.ravel(param.default or 0.0))])
    return max(param.low, -size if param.low < 0 else 0.0), min(param.high, size)


def _finite(bound: float) -> float:
    return max(min(bound, 1e300), -1e300)


def _slid(session: Session, key: str) -> None:
    """What a live control sent: its values, a running number, and the value that stands for an optional setting that is not set."""
    message = st.session_state[key]["slid"]
    acknowledged()[key] = message["seq"]
    param = session.lesson.params[key.removeprefix(f"{session.lesson.name}.")]
    values = [int(v) if param.kind == "integer" and v == int(v) else v for v in message["values"]]
    value = tuple(values) if param.kind == "numbers" else values[0]
    value = None if param.optional and value == message["unset"] else param.check(value, session.lesson.name)
    order.ask(partial(session.change, {param.name: value}), number=message["seq"])
