"""Pictures: a lesson's results -> a Plotly figure, and the sentence under it.

>>> from lrviz.figures import ewma, gallery_of
>>> from lrviz.lessons import LESSONS
>>> results = LESSONS["ewma"].compute(LESSONS["ewma"].settings(betas=(0.9,)))
>>> figure = ewma.year(results)                               # a plotly Figure
>>> sentence = gallery_of("ewma")["year"].caption(results)    # what stands under it

Each lesson has a module of its own here, loaded when it is asked for.
"""

from importlib import import_module

from ..lessons import LESSONS
from .gallery import Gallery

__all__ = ["galleries", "gallery_of"]


def gallery_of(lesson: str) -> Gallery:
    """The figures of one lesson: name -> Picture, the main one first. KeyError for a lesson that there is not."""
    return import_module(f".{LESSONS[lesson].name}", __package__).PICTURES


def galleries() -> dict[str, Gallery]:
    """The figures of every lesson, by the lesson's name."""
    return {name: gallery_of(name) for name in LESSONS}
