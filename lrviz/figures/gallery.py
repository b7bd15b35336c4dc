"""The figures there are, by lesson and name.

A figure is a pure function from a lesson's results to a Plotly figure, with a pure function from the same
results to the sentence that stands under it. A notebook, the command line, the page and the tests all start here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

import plotly.graph_objects as go

from ..lessons import LESSONS
from ..lessons.lesson import Lesson
from ..registry import Registry
from .plot.measure import fitted
from .plot.theme import FIGURE_WIDTHS


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One figure of a lesson.

    spec     results -> the figure in Plotly's plain form (style.spec), which the stage sends
    caption  results -> the sentence under it
    pick     results, x, y -> the settings that a point picked in its axes stands for; None where none can be
    """

    name: str
    label: str
    spec: Callable[[Any], dict[str, Any]]
    caption: Callable[[Any], str]
    pick: Callable[[Any, float, float], Mapping[str, Any]] | None = None
    params: tuple = ()

    def draw(self, results: Any) -> go.Figure:
        """The figure as a Plotly object, every property checked by Plotly, its title and key in lines for the usual width."""
        content = self.spec(results)
        layout = content["layout"]
        return go.Figure(content | {"layout": fitted(layout, FIGURE_WIDTHS[layout["meta"]["style"]])})


class Gallery(Registry):
    """The figures of a lesson, in the order that the lesson gives them, whatever was imported first."""

    def __init__(self, lesson: Lesson):
        super().__init__(f"{lesson.name} figure")
        self.names = lesson.figures

    def add(self, entry: Picture) -> Picture:
        """Register a figure; ValueError for one that the lesson does not list, which nobody would see."""
        if entry.name not in self.names:
            raise ValueError(f"{self.kind}: name must be one that its lesson lists, got {entry.name!r}")
        return super().add(entry)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.names if name in self._entries)


def gallery(lesson: str) -> tuple[Gallery, Callable]:
    """A registry for a lesson's figures, and the decorator that fills it.

    @picture(label="...", caption=caption_function, pick=pick_function) over a function results -> spec registers it under its name and
    leaves in its place a function results -> go.Figure, for notebooks.
    """
    pictures = Gallery(LESSONS[lesson])

    def picture(*, label: str, caption: Callable[[Any], str], pick: Callable | None = None) -> Callable:
        def register(function: Callable[[Any], dict[str, Any]]) -> Callable[[Any], go.Figure]:
            entry = pictures.add(
                Picture(name=function.__name__, label=label, spec=function, caption=caption, pick=pick)
            )

            @wraps(function)
            def draw(results: Any) -> go.Figure:
                return entry.draw(results)

            return draw

        return register

    return pictures, picture
