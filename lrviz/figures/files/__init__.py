"""A figure as a file in any form, with where it came from inside, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...lessons.lesson import Lesson
from ..gallery import Picture
from ..plot.theme import FIGURE_WIDTHS
from . import export, metadata
from .images import static_figure

IMAGES = ("svg", "png", "pdf")
FORMATS = (*IMAGES, "html", "csv", "py")
SIZES = {
    "screen": (FIGURE_WIDTHS["screen"], None),
    "slide": (FIGURE_WIDTHS["slide"], 720),
}  # pixels by figure style; None is the figure's own height


@dataclass(frozen=True, kw_only=True)
class RenderOptions:
    """How a picture is printed: theme, ground, size in pixels, and for PNG the pixels drawn for each of these.

    None leaves the theme of HTML to the reader's system, the ground to the theme and the size to the figure's style.
    """

    theme: str | None = None
    ground: str | None = None
    size: tuple[int, int] | None = None
    scale: int = 1


def content(
    form: str,
    lesson: Lesson,
    picture: Picture,
    settings: Mapping[str, Any],
    results: Any,
    options: RenderOptions,
    draw: Callable | None,
) -> bytes:
    """The whole file of one figure; `draw` (see `images.image_renderer`) is needed for svg, png and pdf only."""
    if form == "html":
        return export.html(lesson, picture, settings, results, theme=options.theme).encode()
    if form in ("csv", "py"):
        write = export.csv if form == "csv" else export.snippet
        return write(lesson, picture, settings, results).encode()
    if draw is None:
        raise ValueError(f"{form}: draw must be an image renderer, got None")
    figure = static_figure(picture.draw(results), theme=options.theme or "light", ground=options.ground)
    width, height = options.size or SIZES[settings["style"]]
    data = draw(figure, form, width=width, height=height or figure["layout"]["height"], scale=options.scale)
    provenance = export.provenance(lesson, picture, settings, results)
    if form == "pdf":
        return metadata.into_pdf(data, picture.label, provenance)
    return metadata.into_svg(data, provenance) if form == "svg" else metadata.into_png(data, provenance)


def write(path: Path, data: bytes) -> None:
    """Put the bytes in a file, taking the place of one that is there. Until they are all written the old one stays.

    OSError names the file where it cannot be written.
    """
    whole = path.resolve()
    part = whole.with_name(f".lrviz-{secrets.token_hex(6)}.part")
    try:
        part.write_bytes(data)
        os.replace(part, whole)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        part.unlink(missing_ok=True)
