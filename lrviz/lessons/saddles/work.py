"""Long computations that say how far they are: done once, shared, and taken up again where they were left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from threading import Lock
from typing import Any

from .. import worker
from ..memo import read_only

_numbers = count()


class Work:
    """A computation in parts: `begin(*args)` iterates over (share done, result so far), and its last result counts.

    A worker does it where one is at hand: then `begin` must have a module and a name, and all that it is given and yields
    can be pickled.
    """

    def __init__(self, begin: Callable[..., Iterator[tuple[float, Any]]], *args: Any):
        self._begin, self._args, self._number = begin, args, next(_numbers)
        self._lock, self._done = Lock(), False
        self._here: Iterator[tuple[float, Any]] | None = None
        self._last: Any = None

    def progress(self) -> Iterator[float]:
        """Do the rest, yielding the share done; a second visitor waits for the first and finds it done."""
        with self._lock:
            while not self._done:
                part = self._next()
                if part is None:
                    self._done = True
                else:
                    share, result = part
                    self._last = read_only(result)
                    yield share

    def _next(self) -> tuple[float, Any] | None:
        if worker.is_at_hand() and self._here is None:
            return worker.call(worker.next_part, self._number, self._begin, self._args)
        self._here = self._here or self._begin(*self._args)
        return next(self._here, None)

    @property
    def result(self) -> Any:
        """The result, computed to its end."""
        for _ in self.progress():
            pass
        return self._last
