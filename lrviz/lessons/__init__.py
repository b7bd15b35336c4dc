"""The lessons, one a page, by the page's word in the address bar."""

from . import ewma, mini_batch, saddles, schedules, trajectories

LESSONS = {module.LESSON.name: module.LESSON for module in (ewma, trajectories, schedules, saddles, mini_batch)}
