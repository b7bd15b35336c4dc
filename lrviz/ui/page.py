"""The frame of every page: link, presets, reset, figures with their sentences, exports."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

from ..figures.gallery import Picture
from ..figures.plot import text
from ..lessons import worker
from ..lessons.cost import ALONE, MOST, Cost
from ..lessons.lesson import COMMON, Lesson, Preset
from ..registry import Registry
from . import export, order, share, stage, upload
from .controls import control
from .live import is_live, picked, question
from .markdown import escaped
from .session import Session
from .turns import alone


class Page:
    """What a page's script works with: the settings, its controls and its figures."""

    def __init__(self, lesson: Lesson, pictures: Registry):
        self.lesson, self.pictures = lesson, pictures
        self.session = Session(lesson)

    @property
    def settings(self) -> dict[str, Any]:
        """The settings as they stand, complete and checked."""
        return self.session.settings

    def control(self, key: str, **shown: Any) -> Any:
        """Draw one control, unless a classroom link leaves it out, and return its setting."""
        if not self.session.offers(key):
            return self.settings[key]
        return control(self.session, key, **shown)

    def section(self) -> str:
        """Draw the choice of what is open below the main figure, and return what is."""
        return self.control("section", labels=self.lesson.sections)

    def folded(self, title: str, keys: Iterable[str], names: Mapping[str, str] | None = None, **shown: Any) -> None:
        """Controls behind a lid: drawn, and worked on in each run, only while it is open. `names` relabels some of them."""
        offered = [key for key in keys if self.session.offers(key)]
        if not offered:
            return
        with st.expander(title, key=f"{self.lesson.name}.{title}", on_change="rerun") as box:
            for key in offered if box.open else ():
                self.control(key, label=(names or {}).get(key), **shown)

    def button(self, label: str, act: Callable[[], None], **shown: Any) -> None:
        """A button and what it does, which is not lost where a process has died just before."""
        key = shown.pop("key", f"{self.lesson.name}.{label}")
        if st.button(label, key=key, on_click=partial(order.undisturbed(order.ask), act, button=key), **shown):
            self.session.pressed(act)

    def set(self, **settings: Any) -> None:
        """Change settings by hand."""
        self.session.change(settings)

    def affords(self, name: str) -> bool:
        """Whether a figure can be shown at these settings. The main one always can: its lesson keeps it short."""
        return is_live(self.lesson, self.pictures[name]) or self.lesson.cost(self.settings, name).bearable

    @property
    def seconds(self) -> float:
        """What the page costs at these settings: its main figure and the section below it, unless that is refused."""
        main = self.lesson.cost(self.settings, self.lesson.main)
        if not self.lesson.sections:
            return main.seconds
        below = self.lesson.cost(self.settings, self.settings["section"])
        return main.seconds + (below.seconds if below.bearable else 0.0)

    def figure(self, name: str, results: Any, *, step: str | None = None) -> None:
        """One figure with its sentence and its exports.

        `step` is the setting that follows the figure's bar. The main figure is live: it is drawn anew while something is
        dragged; the rest of the page follows when the hand rests.
        """
        picture: Picture = self.pictures[name]
        if not self.affords(name):
            st.info(too_costly(self.lesson, self.lesson.cost(self.settings, name)))
            return
        found = stage.show(
            self.lesson,
            picture,
            self.settings,
            results,
            live=question(self.lesson, picture, results) if is_live(self.lesson, picture) else None,
            held=upload.is_held(),
            fresh=self.session.fresh,
            on_step=partial(self._stepped, step) if step else None,
            on_pick=partial(self._picked, picture, results) if picture.pick else None,
        )
        if self.session.fresh and found.get("file"):
            upload.lost()
        self._sentence(picture.caption(results))
        export.panel(self.lesson, picture, self.settings, results)

    def _sentence(self, caption: str) -> None:
        if self.settings["classroom"] and self.settings["sentence"] == "reveal":
            with st.expander("What happened? Guess first, then open."):
                st.markdown(caption)
        else:
            st.markdown(caption)

    @property
    def text(self) -> bool:
        """Whether the page's words are shown: always, but in a classroom link only if it says so."""
        return self.settings["text"] or not self.settings["classroom"]

    def _stepped(self, key: str, at: int, value: Any) -> None:
        param = self.lesson.params[key]
        self.session.change({key: param.check(int(value) if param.kind == "integer" else value, self.lesson.name)})

    def _picked(self, picture: Picture, results: Any, x: float, y: float) -> None:
        self.session.change(picked(self.lesson, picture, results, x, y))

    def head(self, intro: str) -> None:
        """Title, one line of introduction, presets and reset, and what the link could not have."""
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        with left:
            st.title(self.lesson.title, anchor=False)
            if self.text:
                st.markdown(intro)
        with right, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom"):
            if self.settings["classroom"]:
                self.button("Open the full page", partial(self.set, classroom=False))
            if self.settings["presets"] or not self.settings["classroom"]:
                self._presets()
            share.panel(self.session)
            self.button("Reset", self.session.reset, help="Every setting of this page back to its default.")
        if self.session.problems:
            st.warning(
                "This link asks for something it cannot have. " + escaped("; ".join(self.session.problems)) + "."
            )
        shown = self.current_preset()
        if shown and self.text:
            notes = "".join(f"  \n*{heading}:* {text}" for heading, text in shown.notes)
            st.info(f"{_claim(shown)}{shown.look}{notes}")

    def _presets(self) -> None:
        key = f"lrviz presets {self.lesson.name}"
        shown = "Settings worth a look, such as those that show a claim of the lecture notes."
        with st.popover("Presets", help=shown, key=key, on_change="rerun") as box:
            for i, preset in enumerate(self.lesson.presets if box.open else ()):
                self.button(
                    f"{_claim(preset)}{preset.title}",
                    partial(self._take, key, preset),
                    key=f"{self.lesson.name}.preset.{i}",
                    width="stretch",
                )

    def _take(self, key: str, preset: Preset) -> None:
        st.session_state[key] = False
        self.session.preset(preset.settings)

    def current_preset(self) -> Preset | None:
        """The preset whose settings the page has just now, if any; the defaults alone are none."""
        changed = {k: v for k, v in self.settings.items() if k not in COMMON}
        for preset in self.lesson.presets:
            wanted = {k: v for k, v in self.lesson.settings(**preset.settings).items() if k not in COMMON}
            if preset.settings and wanted == changed:
                return preset
        return None


def _claim(preset: Preset) -> str:
    """The id of the claim that a preset shows, to stand before what is said of it; nothing where there is none."""
    return f"**{preset.claim}** " if preset.claim else ""


def too_costly(lesson: Lesson, cost: Cost) -> str:
    """Why a figure is not drawn, and what to do about it."""
    fewer = [f"fewer {lesson.params[key].label}" for key in cost.lower if lesson.params[key].kind == "choices"]
    lower = [f"a smaller “{lesson.params[key].label}”" for key in cost.lower if lesson.params[key].kind != "choices"]
    return (
        f"This figure would take about {text.duration(cost.seconds)} of computing here, more than the "
        f"{text.duration(MOST)} there are for one. Choose {text.listed([*lower, *fewer], 'or')}."
    )


@contextmanager
def opened(lesson: Lesson, pictures: Registry) -> Iterator[Page]:
    """Open a page: read the link, run the page's script, write the link; where a newer message ends the run, the next one does."""
    if st.session_state.get("lrviz page") != lesson.name:
        stage.forget_sent()
    page = Page(lesson, pictures)
    page.session.open()
    try:
        with _turn(page):
            yield page
        page.session.drawn()
    finally:
        if not isinstance(sys.exception(), RerunException):
            page.session.close()


@contextmanager
def _turn(page: Page) -> Iterator[None]:
    """Nothing for most pages; one at a time for those whose figures take long."""
    if page.seconds <= ALONE:
        yield
        return
    word = st.empty()
    with alone(partial(word.caption, "Another long computation is under way; this one follows.")), worker.at_hand():
        word.empty()
        yield
