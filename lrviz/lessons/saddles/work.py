"""Long computations that say how far they are: done once, shared, and taken up again where they were left."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock
from typing import Any

from ..memo import read_only


class Work:
    """Wraps an iterator of (share done, result so far); its last result counts."""

    def __init__(self, parts: Iterator[tuple[float, Any]]):
        self._parts, self._lock = parts, Lock()
        self._last: Any = None

    def progress(self) -> Iterator[float]:
        """Do the rest, yielding the share done; a second visitor waits for the first and finds it done."""
        with self._lock:
            for share, result in self._parts:
                self._last = read_only(result)
                yield share

    @property
    def result(self) -> Any:
        """The result, computed to its end."""
        for _ in self.progress():
            pass
        return self._last
