"""The export panel under a figure: its style, HTML that plays, CSV, Python. SVG and PNG come from the stage itself."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from ..figures.files.export import csv, file_name, html, provenance, snippet
from ..figures.gallery import Picture
from ..lessons.lesson import STYLE, Lesson
from .controls import control
from .session import Session

DOWNLOADS = (
    ("HTML that plays offline", html, "html", "text/html"),
    ("CSV of what is drawn", csv, "csv", "text/csv"),
    ("Python that draws it", snippet, "py", "text/x-python"),
)


def panel(lesson: Lesson, picture: Picture, settings: Mapping[str, Any], results: Any) -> None:
    """The downloads of one figure, made when they are asked for. Nothing is drawn in it until it is opened."""
    key = f"{lesson.name}.{picture.name}"
    with st.popover("Take this figure away", icon=":material/download:", key=f"{key}.take", on_change="rerun") as box:
        if not box.open:
            return
        control(Session(lesson), STYLE.name, widget=f"{key}.style")
        st.caption("SVG and PNG: the buttons under the figure.")
        name = file_name(lesson, picture.name, settings)
        own = getattr(results, "own", None) is not None
        for label, make, ending, kind in DOWNLOADS:
            if own and ending == "py":
                continue
            st.download_button(
                label, partial(make, lesson, picture, settings, results), f"{name}.{ending}", kind,
                key=f"{key}.{ending}", on_click="ignore", width="stretch",
            )  # fmt: skip
        if own:
            st.caption(
                "A series of your own is not part of the link, so neither Python nor a command can draw it again."
            )
        else:
            st.caption("PDF, and many figures in one go: the command line.")
            st.code(_command(lesson, picture, settings), language="bash", wrap_lines=True)


def _command(lesson: Lesson, picture: Picture, settings: Mapping[str, Any]) -> str:
    link = provenance(lesson, picture, settings)["link"]
    return f"python -m lrviz export {shlex.quote(link)} --figure {picture.name} -o {picture.name}.pdf"
