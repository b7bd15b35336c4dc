"""One visitor's settings: what the link says, what the controls changed, and when the address is written.

The settings dict in the session is the truth; controls are drawn from it. What they ask for in their callbacks is done
when the page's script begins, in the order of the hand (order.py). The address is read when a page is opened and when the
visitor goes Back or Forward, and written when the hand rests. Streamlit adds one entry to the browser's history for each
write. With each message the browser says which address it shows: an older one for as long as what has been written is on
its way.

A session is fresh until the page has been drawn once. Usually nothing has been done by then; but after its process has died,
a browser goes on in a new session, and Streamlit calls no callback for what was done before its controls were drawn there.
So a fresh session takes what its controls say: see `take` and `pressed`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ..lessons.lesson import COMMON, Lesson
from ..link import decode, encode
from . import order

_PAGE = "lrviz page"


class Session:
    """The settings of one lesson for one visitor."""

    def __init__(self, lesson: Lesson):
        self.lesson = lesson
        self._state = st.session_state.setdefault(
            f"lrviz {lesson.name}",
            {
                "settings": None,
                "known": None,
                "older": [],
                "problems": [],
                "touched": False,
                "fresh": True,
                "taken": {},
                "replaced": {},
            },
        )

    @property
    def settings(self) -> dict[str, Any]:
        return self._state["settings"]

    @property
    def problems(self) -> list[str]:
        """What the link asked for and could not have, one sentence each."""
        return self._state["problems"]

    @property
    def fresh(self) -> bool:
        """Whether the page has not been drawn yet for this visitor, and nothing has been changed by hand."""
        return self._state["fresh"]

    def open(self) -> None:
        """Take the address into account; called once at the start of each run of the page."""
        arrived = st.session_state.get(_PAGE) != self.lesson.name
        st.session_state[_PAGE] = self.lesson.name
        query = [(key, value) for key in st.query_params for value in st.query_params.get_all(key)]
        text = urlencode(query)
        first = self.settings is None
        back = not self._state["touched"] and text != self._state["known"] and (arrived or self._has_gone_to(text))
        if first or (back and not (arrived and not query)):
            settings, problems = decode(query, self.lesson.params)
            self._state.update(settings=settings, problems=problems, known=text, older=[])
        self._shown(text)
        self._state["fresh"] &= not self._state["touched"]
        self._state["touched"] = False

    def _has_gone_to(self, text: str) -> bool:
        """Whether the visitor has gone to the address that the browser shows, by Back or Forward; or it is only late."""
        return has_navigated() or text not in self._state["older"]

    def _shown(self, text: str) -> None:
        """The browser shows this address, and none any more that was written before it."""
        older = self._state["older"]
        self._state["older"] = older[older.index(text) :] if text in older else [text]

    def _write(self, text: str) -> None:
        """This is going to be the address."""
        if text != self._state["known"]:
            self._state["older"].append(text)
        self._state["known"] = text

    def take(self, settings: Mapping[str, Any]) -> None:
        """What a control says in a fresh session, where it differs: it was set before it was drawn. Used when the page is drawn."""
        if self.fresh:
            self._state["taken"] |= {key: value for key, value in settings.items() if value != self.settings[key]}

    def pressed(self, act: Callable[[], None]) -> None:
        """A button of a fresh session has been pressed before it was drawn: the next run begins with what it does."""
        if self.fresh:
            order.ask(act)
            st.rerun()

    def set_widget(self, widget: str, value: Any) -> None:
        """Have one of Streamlit's controls show a value, and remember which one the browser has for it until it knows."""
        was = st.session_state.get(widget, value)
        if was == value:
            self._state["replaced"].pop(widget, None)
        else:
            self._state["replaced"][widget] = was
        st.session_state[widget] = value

    def is_repeated(self, widget: str, value: Any) -> bool:
        """Whether a control says what it said before the page set it to something else."""
        replaced = self._state["replaced"]
        return widget in replaced and replaced[widget] == value

    def drawn(self) -> None:
        """The page has been drawn to its end; once more, if its controls have said something new meanwhile."""
        taken, self._state["taken"], self._state["fresh"] = self._state["taken"], {}, False
        if taken:
            self.change(taken)
            st.rerun()

    def close(self) -> None:
        """Write the address if the settings have changed."""
        entries = encode(self.settings, self.lesson.params)
        text = urlencode(entries)
        if text == urlencode([(k, v) for k in st.query_params for v in st.query_params.get_all(k)]):
            self._write(text)
        elif not self.problems:
            self._write(text)
            st.query_params.from_dict(entries)

    def change(self, settings: Mapping[str, Any]) -> None:
        """Settings changed by hand."""
        self.settings.update(settings)
        self._state.update(touched=True, problems=[])

    def reset(self) -> None:
        """Everything at its default again, but for what every page has: figure style and classroom settings."""
        self.change({key: param.default for key, param in self.lesson.params.items() if key not in COMMON})

    def preset(self, settings: Mapping[str, Any]) -> None:
        """The defaults with a preset's settings."""
        self.change({key: value for key, value in self.lesson.settings(**settings).items() if key not in COMMON})

    def offers(self, key: str) -> bool:
        """Whether the page shows the control of a setting: always, but in a classroom link only if it was kept."""
        return not self.settings["classroom"] or key in self.settings["keep"]


def has_navigated() -> bool:
    """Whether this run has come of Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def acknowledged() -> dict[str, int]:
    """The number of the last message taken from each live control and stage (pending_edits.js)."""
    return st.session_state.setdefault("lrviz acks", {})
