"""Files for the browser: plotly.js as the installed plotly package ships it, and our own modules.

They are routes of the server that `streamlit run app.py` starts, so nothing is copied and nothing is fetched
from elsewhere. Their address contains a version made of their contents: a browser keeps them for good. While an old
and a new release run side by side either may be asked for the other's files: it has none to give.
"""

from __future__ import annotations

import gzip
import zlib
from functools import cache
from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit import config

from ..figures.files import browser

_HERE = Path(__file__).parent / "static"
FILES = {
    "plotly.min.js": Path(plotly.__file__).parent / "package_data" / "plotly.min.js",
    **{name: browser.STATIC / name for name in (*browser.MODULES, *browser.FONT_FILES.values(), "stage.css")},
    **{path.name: path for path in sorted(_HERE.glob("*.js"))},
    "app.css": _HERE / "app.css",
}
KINDS = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}


@cache
def version() -> str:
    """A word that changes whenever one of the files does."""
    own = [path.read_bytes() for name, path in FILES.items() if name != "plotly.min.js"]
    return f"{plotly.__version__}-{zlib.crc32(b''.join(own)):08x}"


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(FILES[name].read_bytes(), 6, mtime=0)


def _answer(request: Request) -> Response:
    name = request.path_params["name"]
    if request.path_params["version"] != version() or name not in FILES:
        return Response("no such file", 404, {"Cache-Control": "no-store"}, "text/plain")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    kind = KINDS[Path(name).suffix]
    if kind != KINDS[".woff2"] and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_packed(name), headers=headers | {"Content-Encoding": "gzip"}, media_type=kind)
    return Response(FILES[name].read_bytes(), headers=headers, media_type=kind)


def base() -> str:
    """The path under which the app is served, without a slash at its end."""
    path = (config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def routes() -> list[Route]:
    """The routes to hand to `st.App`."""
    return [Route(base() + "/lrviz/{version}/{name}", _answer)]


def entry(function: str) -> str:
    """The inline script of a component: load our module and call one of its functions."""
    module = address("app.js")
    return f"""
export default async function (component) {{
  try {{
    const module = await import(new URL("{module}", window.location.origin));
    return module.{function}(component);
  }} catch (error) {{
    component.parentElement.textContent = "This part of the page could not be loaded (" + error.message + "). Reload the page.";
    console.error(error);
  }}
}}
"""


def address(name: str) -> str:
    """Where the browser finds one of the files."""
    return f"{base()}/lrviz/{version()}/{name}"


def font_faces() -> str:
    """CSS that makes our font known to a page."""
    return browser.font_faces({weight: address(name) for weight, name in browser.FONT_FILES.items()})
