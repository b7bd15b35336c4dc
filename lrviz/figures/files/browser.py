"""What a browser needs to draw a figure, besides plotly.js: the modules of the stage, its style and the font."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..plot.theme import FONT_FAMILY

STATIC = Path(__file__).parents[1] / "static"
BUNDLE = "offline.bundle.js"
MODULES = tuple(sorted({path.name for path in STATIC.glob("*.js")} - {BUNDLE}))
FONT_FILES = {400: "lrviz-sans-regular.woff2", 700: "lrviz-sans-bold.woff2"}  # by weight


@cache
def script() -> str:
    """What offline.js offers, as an object `lrviz`, in one script: for a page that cannot import modules."""
    return (STATIC / BUNDLE).read_text(encoding="utf-8")


@cache
def style() -> str:
    """The style of the stage."""
    return (STATIC / "stage.css").read_text(encoding="utf-8")


@cache
def font_data() -> dict[int, str]:
    """The whole font, by weight, as addresses that carry it."""
    return {
        weight: f"data:font/woff2;base64,{base64.b64encode((STATIC / name).read_bytes()).decode()}"
        for weight, name in FONT_FILES.items()
    }


def font_faces(addresses: Mapping[int, str]) -> str:
    """CSS that makes the font known to a page."""
    return "".join(
        f'@font-face {{ font-family: "{FONT_FAMILY}"; font-weight: {weight}; src: url("{address}") format("woff2"); }}\n'
        for weight, address in addresses.items()
    )
