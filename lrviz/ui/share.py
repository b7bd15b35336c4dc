"""Pass a page on: its link, a QR code for the hall, a frame for a course page, a link for the class."""

from __future__ import annotations

import ipaddress
import socket
from html import escape
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno
import streamlit as st

from ..link import encode
from .controls import control
from .session import Session

FRAME_HEIGHT = 900


def panel(session: Session) -> None:
    """The share button and what it opens."""
    with st.popover("Share", key=f"lrviz share {session.lesson.name}", on_change="rerun") as box:
        if not box.open:
            return
        address = link(st.context.url or "", encode(session.settings, session.lesson.params))
        st.caption("This page as it stands now:")
        st.code(address, language=None, wrap_lines=True)
        reachable = _for_phones(address)
        st.image(qr(reachable), width=220)
        if reachable != address:
            st.caption(
                f"The app runs on this computer. The code leads to {urlsplit(reachable).netloc}, which phones in the same network "
                "can reach if the computer's firewall lets them."
            )
        st.caption("For a course page:")
        st.code(frame(address, session.lesson.title), language="html", wrap_lines=True)
        _classroom(session)


def _classroom(session: Session) -> None:
    """The settings of a link for the class; switching it on narrows this very page, so that the lecturer sees it too."""
    st.caption("For the class:")
    for key in ("keep", "text", "presets", "sentence", "classroom"):
        control(session, key)


def link(url: str, entries: dict[str, str], **more: str) -> str:
    """The page's address with these entries for a query."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(entries | more, safe=",."), ""))


def frame(address: str, title: str) -> str:
    """HTML that shows the page inside another one."""
    parts = urlsplit(address)
    inside = urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, "embed=true")))))
    return (
        f'<iframe src="{escape(inside)}" title="{escape(title)}" width="100%" height="{FRAME_HEIGHT}" '
        'style="border:0" allow="fullscreen"></iframe>'
    )


def qr(address: str) -> str:
    """A QR code as inline SVG, dark on white in either theme, that a camera reads from the back row."""
    return segno.make(address, error="m").svg_inline(scale=4, border=3, dark="#000000", light="#ffffff")


def _for_phones(address: str) -> str:
    """The address with this machine's own in place of localhost, where there is one."""
    parts = urlsplit(address)
    own = _own_address() if _local(parts.hostname or "") else None
    if own is None:
        return address
    return urlunsplit(parts._replace(netloc=own + (f":{parts.port}" if parts.port else "")))


def _local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _own_address() -> str | None:
    """This machine's address in its network: the one a packet to elsewhere would carry (none is sent)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return None
