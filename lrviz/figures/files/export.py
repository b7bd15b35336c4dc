"""A figure in files: HTML that plays offline, CSV of what is drawn, Python that draws it again.

What is written is always made from the figure itself and its settings, so it cannot differ from the picture.
Pictures as SVG, PNG and PDF come from `images`.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

from plotly.offline import get_plotlyjs

from ... import __version__
from ...lessons.lesson import COMMON, STYLE, Lesson
from ...link import encode, query_string, to_text
from ..gallery import Picture
from ..plot.theme import DARK, FONT, STYLE_SCALES, plain
from . import browser

MAX_NAME_LENGTH = 120
HEIGHT_BELOW = 180  # pixels that the bar, the sentence and the margins take in an HTML file


def figure_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that decide what a figure shows: all but those of a classroom link."""
    return {key: value for key, value in settings.items() if key not in COMMON or key == STYLE.name}


def file_name(lesson: Lesson, name: str, settings: Mapping[str, Any]) -> str:
    """A file name of page, figure and settings: letters, digits, dots and dashes, at most 120 characters.

    A longer one is cut and ends in a checksum of the whole, so that different settings have different names.
    """
    changed = encode(figure_settings(settings), lesson.params)
    words = [lesson.name, name, *(f"{key}-{text}" for key, text in changed.items())]
    whole = re.sub(r"[^A-Za-z0-9._-]+", "-", "_".join(words)).strip("-.")
    return (
        whole if len(whole) <= MAX_NAME_LENGTH else f"{whole[: MAX_NAME_LENGTH - 9]}_{zlib.crc32(whole.encode()):08x}"
    )


def link_provenance(lesson: Lesson, picture: Picture, settings: Mapping[str, Any]) -> dict[str, str]:
    """What is written into pictures saved in the browser; sent with every redraw, so of the settings only the link, which is short."""
    query = query_string(figure_settings(settings), lesson.params)
    link = f"{lesson.name}?{query}" if query else lesson.name
    return {"figure": picture.label, "link": link, "version": f"lrviz {__version__}"}


def provenance(lesson: Lesson, picture: Picture, settings: Mapping[str, Any], results: Any = None) -> dict[str, str]:
    """What is written into every file: figure, link, all settings (defaults too: later versions may have others), version.

    Results of a visitor's own series say so, since the link does not lead back to them.
    """
    settings = figure_settings(settings)
    every = urlencode({k: to_text(lesson.params[k], value) for k, value in settings.items()}, safe=",.")
    found = link_provenance(lesson, picture, settings) | {"settings": every}
    uploaded = getattr(results, "own", None)
    if uploaded is not None:
        found["data"] = f"{' '.join(uploaded.name.split())}, which is not part of the link"
    return found


def html(
    lesson: Lesson, picture: Picture, settings: Mapping[str, Any], results: Any, *, theme: str | None = None
) -> str:
    """One file that shows the figure and plays it, with nothing to fetch: plotly.js, the stage and the figure.

    It fills its window's width, and its height as far as that suits the width. It is light or dark as the reader's
    system is, unless `theme` ("light", "dark") says which.
    """
    figure = _embedded(plain(picture.draw(results)))
    texts = provenance(lesson, picture, settings, results).items()
    meta = "".join(f'<meta name="lrviz:{key}" content="{escape(text)}">' for key, text in texts)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(picture.label)}</title>{meta}
<style>body {{ margin: 16px; background: #ffffff; color: #1b1f24; font-family: var(--st-font); --st-font: {FONT}; }}
body.dark {{ background: #11151b; color: #eef1f5; color-scheme: dark; --st-text-color: #eef1f5;
  --st-secondary-background-color: #1d242d; --st-border-color: #3a4450; }}
#caption {{ font-size: {round(16 * STYLE_SCALES[settings["style"]])}px; }}
{browser.style()}</style>
<script>{get_plotlyjs()}</script></head><body><div id="stage"></div><p id="caption"></p>
<script>{browser.script()}</script><script type="module">
const {{ declareFont, inflate, mount }} = lrviz;
declareFont({json.dumps(browser.font_data())});
const figure = inflate({figure});
const dark = {json.dumps(DARK)};
document.getElementById("caption").textContent = {_embedded(picture.caption(results))};
const stage = mount(document.getElementById("stage"));
const theme = {json.dumps(theme)};
const scheme = matchMedia("(prefers-color-scheme: dark)");
const least = figure.layout.height;
const paint = () => {{
  const night = theme ? theme === "dark" : scheme.matches;
  document.body.classList.toggle("dark", night);
  figure.layout.height = Math.max(least, Math.min(innerHeight - {HEIGHT_BELOW}, 0.6 * innerWidth));
  stage.update(figure, night ? dark : {{}});
}};
scheme.addEventListener("change", paint);
addEventListener("resize", paint);
paint();
</script></body></html>
"""


def _embedded(value: Any) -> str:
    """JavaScript for a script element; NaN is a word of JavaScript, so curves keep their gaps."""
    return json.dumps(value, default=lambda array: array.tolist()).replace("<", "\\u003c")


def csv(lesson: Lesson, picture: Picture, settings: Mapping[str, Any], results: Any) -> str:
    """Every point drawn, a row each (tables.drawn_points), under a comment header with link, settings and version."""
    from ...tables import drawn_points

    lines = [f"# {key}: {text}" for key, text in provenance(lesson, picture, settings, results).items()]
    return "\n".join(lines) + "\n" + drawn_points(picture.draw(results)).to_csv(index=False)


def snippet(lesson: Lesson, picture: Picture, settings: Mapping[str, Any], results: Any = None) -> str:
    """Python that draws the same figure, to run as pasted."""
    changed = {key: settings[key] for key in encode(figure_settings(settings), lesson.params)}
    inside = "".join(f"\n    {key!r}: {value!r}," for key, value in changed.items())
    shown = f"{{{inside}\n}}" if inside else "{}"
    origin = link_provenance(lesson, picture, settings)
    return f"""# {origin["figure"]}: {origin["link"]} ({origin["version"]})
from lrviz.figures import {lesson.name} as pictures
from lrviz.lessons import {lesson.name} as lesson

settings = lesson.LESSON.settings(**{shown})
results = lesson.LESSON.compute(settings)
figure = pictures.{picture.name}(results)
print(pictures.PICTURES[{picture.name!r}].caption(results))
figure.show()
"""
