"""Pictures as SVG, PNG and PDF, drawn by Kaleido in a Chrome or Chromium on this computer; nothing is fetched.

One browser serves many figures:

    with image_renderer() as draw:
        svg = draw(figure, "svg", width=1280, height=720)
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import plotly.graph_objects as go

from ..plot.theme import PAPER, THEMES, plain, recolour
from . import browser

GROUNDS = ("white", "transparent")
TRANSPARENT = "rgba(0,0,0,0)"
NEEDS = "svg, png and pdf are drawn by a browser"


class CannotDraw(RuntimeError):
    """There is nothing here to draw pictures with; says in one line what to install."""


def static_figure(figure: go.Figure, *, theme: str = "light", ground: str | None = None) -> dict[str, Any]:
    """The figure as it is printed: in a theme, on the theme's own ground, a white or a transparent one; without frames."""
    still = recolour(plain(figure), THEMES[theme])
    still.pop("frames")
    if ground is not None:
        layout, colour = still["layout"], PAPER if ground == "white" else TRANSPARENT
        layout.update(paper_bgcolor=colour, plot_bgcolor=colour)
        for scene in [key for key in layout if key.startswith("scene")]:
            layout[scene] = layout[scene] | {"bgcolor": colour}
    return still


@contextmanager
def image_renderer() -> Iterator[Callable[..., bytes]]:
    """A function (figure, format, *, width, height, scale=1) -> bytes, good inside the `with`.

    Sizes are in pixels, of which a PDF has 96 to the inch. CannotDraw where Kaleido or a browser is missing.
    """
    try:
        import kaleido
        from kaleido.errors import (
            BrowserClosedError,
            BrowserFailedError,
            ChromeNotFoundError,
            JavascriptError,
            KaleidoError,
        )
    except ImportError:
        raise CannotDraw(f"{NEEDS}; install Kaleido: pip install kaleido") from None
    logging.getLogger("choreographer").setLevel(logging.CRITICAL)  # what goes wrong is said here, in one line
    advice = "install one (on Debian: apt install chromium) or name its program in BROWSER_PATH"
    with asyncio.Runner() as runner:
        try:
            chrome = runner.run(_open(kaleido))
        except ChromeNotFoundError:
            raise CannotDraw(f"{NEEDS}, and no Chrome or Chromium is here; {advice}") from None
        except (BrowserClosedError, BrowserFailedError, OSError):
            raise CannotDraw(f"{NEEDS}, and the Chrome or Chromium that is here does not start; {advice}") from None

        def draw(figure: Any, form: str, *, width: int, height: int, scale: int = 1) -> bytes:
            options = {"format": form, "width": width, "height": height, "scale": scale}
            try:
                return runner.run(chrome.calc_fig(figure, opts=options))
            except TimeoutError:
                raise CannotDraw("the browser did not finish drawing the figure") from None
            except (BrowserClosedError, JavascriptError, KaleidoError) as error:
                raise CannotDraw(
                    f"the browser could not draw the figure: {' '.join(str(error).split())[:200]}"
                ) from None

        try:
            yield draw
        finally:
            runner.run(chrome.close())


async def _open(kaleido: Any) -> Any:
    chrome = kaleido.Kaleido(n=1, page_generator=_Page(kaleido.PageGenerator(mathjax=False)))
    await chrome.open()
    return chrome


class _Page:
    """The page in which Kaleido draws, with our font, and with text fitted as the stage fits it."""

    def __init__(self, generator: Any):
        self.generator = generator

    def generate_index(self) -> str:
        start = f"lrviz.declareFont({json.dumps(browser.font_data())}); lrviz.replaceToImage();"
        own = f'<script>{browser.script()}</script><script type="module">{start}</script>'
        return self.generator.generate_index().replace("</head>", f'<meta charset="utf-8">{own}</head>')
