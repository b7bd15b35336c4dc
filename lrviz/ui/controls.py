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
from streamlit.components.v2 import component

from ..figures.plot.theme import DARK
from ..params import Param
from . import assets, order
from .session import Session, acknowledged

_slider = component("lrviz_slider", js=assets.entry("slider"), isolate_styles=False)

STREAMED = ("number", "integer", "numbers")
MENU_FROM = 36  # characters: more do not fit side by side in a column of controls, and become a menu

OnChange = Callable[[], None]


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
    if param.kind in STREAMED:
        _stream(session, param, label or param.label, colours, extra, unset)
        return value
    widget = widget or f"{session.lesson.name}.{key}"
    draw = partial(
        _DRAW[param.kind], param, label or param.label, widget, partial(_on_change, session, key, widget), labels or {}
    )
    shown = list(value) if param.kind == "choices" else value
    if session.fresh:  # what the browser knows of the control is left to it
        with suppress(ValueError):
            session.take({key: _checked(session, param, draw(shown))})
    else:
        session.set_widget(widget, shown)
        draw()
    return value


def _checked(session: Session, param: Param, value: Any) -> Any:
    return param.check(tuple(value) if param.kind == "choices" else value, session.lesson.name)


@order.undisturbed
def _on_change(session: Session, key: str, widget: str) -> None:
    param = session.lesson.params[key]
    said = st.session_state[widget]
    try:
        changed = {key: _checked(session, param, said)}
    except ValueError:
        changed = {}
    order.ask(partial(session.change, changed), repeated=session.is_repeated(widget, said))


def _is_set(session: Session, param: Param, label: str) -> bool:
    """A switch over an optional setting: off is None, on is the low end of its slider."""
    widget = f"{session.lesson.name}.{param.name}.set"
    is_set = session.settings[param.name] is not None

    def wanted(on: bool) -> dict[str, Any]:
        return {param.name: _slider_range(param)[0] if on else None}

    @order.undisturbed
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
    param: Param, label: str, widget: str, on_change: OnChange, labels: Mapping[str, str], value: bool | None = None
) -> bool:
    return st.toggle(label, value=bool(value), key=widget, help=param.help or None, on_change=on_change)


def _choice(
    param: Param, label: str, widget: str, on_change: OnChange, labels: Mapping[str, str], value: str | None = None
) -> str | None:
    """Buttons side by side where they fit, otherwise a menu."""
    name = partial(_option_label, labels)
    if param.wide or sum(len(name(option)) + 4 for option in param.options) <= MENU_FROM:
        return st.segmented_control(
            label, param.options, default=value, key=widget, format_func=name, help=param.help or None, on_change=on_change,
            required=True,
        )  # fmt: skip
    index = 0 if value is None else param.options.index(value)
    return st.selectbox(
        label, param.options, index=index, key=widget, format_func=name, help=param.help or None, on_change=on_change
    )


def _choices(
    param: Param,
    label: str,
    widget: str,
    on_change: OnChange,
    labels: Mapping[str, str],
    value: list[str] | None = None,
) -> list[str]:
    return st.multiselect(
        label, param.options, default=value, key=widget, format_func=partial(_option_label, labels),
        help=param.help or None, on_change=on_change, max_selections=param.longest,
    )  # fmt: skip


def _option_label(labels: Mapping[str, str], option: str) -> str:
    return labels.get(option, option.replace("_", " "))


_DRAW = {"flag": _flag, "choice": _choice, "choices": _choices}


def _stream(
    session: Session,
    param: Param,
    label: str,
    colours: Sequence[str],
    extra: float | None,
    unset: float | None,
) -> None:
    key = f"{session.lesson.name}.{param.name}"
    span = _slider_range(param)
    values, defaults = (
        _entries(value, span[0] if unset is None else unset) for value in (session.settings[param.name], param.default)
    )
    data = _spec(param) | {
        "key": key,
        "ack": acknowledged().get(key, 0),
        "label": label,
        "values": values,
        "unset": unset,
        "defaults": defaults,
        "slider": list(span),
        "extra": _next_entry(param, values, span[0]) if extra is None else extra,
        "colours": [[colour, DARK.get(colour, colour)] for colour in colours],
    }
    # As text: Streamlit searches anything else for tables, slider by slider.
    _slider(key=key, data=json.dumps(data).encode(), on_slid_change=partial(_slid, session, key), height="content")


def _entries(value: float | tuple[float, ...] | None, unset: float) -> list[float]:
    """The numbers in a slider's rows: those of a list, or a single one; None is shown as `unset`."""
    return [unset] if value is None else list(value) if isinstance(value, tuple) else [value]


def _spec(param: Param) -> dict[str, Any]:
    """What a slider has to know of its Param, whatever its value (Spec in slider.js)."""
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


def _next_entry(param: Param, values: Sequence[float], lowest: float) -> float:
    """The number that a new entry of a list starts from: after the last one as the Param says, in an empty list as its default begins."""
    if param.ratio is None:
        return lowest
    return float(f"{param.ratio * values[-1]:.3g}") if values else param.default[0]


def _slider_range(param: Param) -> tuple[float, float]:
    """The Param's own, otherwise the legal range as far as it is finite, otherwise a range around the default."""
    if param.slider:
        return param.slider
    size = max([1.0, *(2 * abs(v) for v in np.ravel(param.default or 0.0))])
    return max(param.low, -size if param.low < 0 else 0.0), min(param.high, size)


def _finite(bound: float) -> float:
    return max(min(bound, 1e300), -1e300)


@order.undisturbed
def _slid(session: Session, key: str) -> None:
    """What a live control sent: its values, a running number, and the value that stands for an optional setting that is not set."""
    message = st.session_state[key]["slid"]
    acknowledged()[key] = message["seq"]
    param = session.lesson.params[key.removeprefix(f"{session.lesson.name}.")]
    values = [int(v) if param.kind == "integer" and v == int(v) else v for v in message["values"]]
    value = tuple(values) if param.kind == "numbers" else values[0]
    value = None if param.optional and value == message["unset"] else param.check(value, session.lesson.name)
    order.ask(partial(session.change, {param.name: value}), number=message["seq"])
