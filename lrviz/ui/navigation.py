"""The pages there are, and the row of links between them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from ..lessons import LESSONS
from ..link import encode
from . import assets, order

PAGES = Path(__file__).parents[2] / "pages"
CSS = Path(__file__).parent / "static" / "page.css"
HOME = "home"


def page(name: str) -> Page:
    """The page of this name, for navigation and for links to it."""
    if name == HOME:
        return st.Page(PAGES / f"{HOME}.py", title="lrviz", url_path=HOME, default=True)
    lesson = LESSONS[name]
    return st.Page(lesson.script or PAGES / f"{name}.py", title=f"{lesson.label} · lrviz", url_path=name)


def run() -> None:
    """Set the page up, draw the links, run the page in the address."""
    st.set_page_config(page_title="lrviz", page_icon=str(Path(__file__).parent / "static" / "icon.svg"), layout="wide")
    st.html(f"<style>{assets.font_faces()}{CSS.read_text(encoding='utf-8')}</style>")
    order.answer()
    pages = {name: page(name) for name in (HOME, *LESSONS)}
    chosen = st.navigation(list(pages.values()), position="hidden")
    with st.container(horizontal=True, key="lrviz-nav"):
        for name, target in pages.items():
            st.page_link(target, label="Home" if name == HOME else LESSONS[name].label, query_params=_query(name))
    chosen.run()


def _query(name: str) -> dict[str, str]:
    """The settings a page was left with, so that going back to it finds them."""
    state = st.session_state.get(f"lrviz {name}")
    return encode(state["settings"], LESSONS[name].params) if state and state["settings"] else {}
