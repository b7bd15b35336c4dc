"""The lessons, one a page, by the page's word in the address bar and in the order of the row of links."""

from ..registry import Registry
from . import ewma, mini_batch, saddles, schedules, trajectories
from .lesson import Lesson

LESSONS: Registry[Lesson] = Registry("page")
for _module in (ewma, trajectories, schedules, saddles, mini_batch):
    LESSONS.add(_module.LESSON)
