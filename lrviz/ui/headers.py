"""What every answer tells the browser, so that a page can do no more than it needs, whatever stands before the app.

Everything comes from here: a page fetches nothing from elsewhere and sends nothing there. Streamlit and Plotly write styles
into the page; Streamlit runs the script of a component from a blob; a figure is saved by way of a blob or a data address.
A script inside the page runs only if it is one of those in Streamlit's own first page.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import streamlit
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAME_SITES = "LRVIZ_FRAME_SITES"
_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'none'",
}
_SITE = re.compile(r"\*|'self'|(https?://)?(\*\.)?[\w-]+(\.[\w-]+)*(:(\d+|\*))?")


def frame_sites(environment: Mapping[str, str]) -> str:
    """The sites whose pages may frame the app, from the environment; any, where it does not say."""
    sites = environment.get(FRAME_SITES, "*").split()
    for site in sites:
        if not _SITE.fullmatch(site):
            raise ValueError(f"{FRAME_SITES}: a site must be like https://course.example.org, got {site!r}")
    return " ".join(sites) or "'none'"


def _inline() -> str:
    """The scripts that Streamlit's first page contains, by their hashes."""
    page = Path(streamlit.__file__).with_name("static") / "index.html"
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)
    return " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)


def headers(environment: Mapping[str, str]) -> dict[str, str]:
    """The headers of every answer."""
    scripts = f"{_POLICY['script-src']} {_inline()}"
    policy = _POLICY | {"script-src": scripts, "frame-ancestors": frame_sites(environment)}
    return {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


class Guarded:
    """The app with these headers on every answer, in place of any of the same name."""

    def __init__(self, app: ASGIApp, added: Mapping[str, str]):
        self._app = app
        self._added = [(name.lower().encode(), text.encode()) for name, text in added.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in self._added}
                kept = [(name, text) for name, text in message.get("headers", ()) if name.lower() not in ours]
                message = {**message, "headers": [*kept, *self._added]}
            await send(message)

        await self._app(scope, receive, guarded)


def middleware() -> list[Middleware]:
    """The middleware to hand to `st.App`."""
    return [Middleware(Guarded, headers(os.environ))]
