"""Whose turn it is: a few questions are answered at once, a few more wait, and the others hear at once to ask again.

Nobody takes more than a few places, so that a visitor who asks without pause leaves places to the others. Visitors that no
cookie tells apart (scripts, pages framed in those of another site) share theirs.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field


class Busy(Exception):
    """There is no place left."""


@dataclass
class Turns:
    """`at_once` questions are answered at a time and `waiting` wait; `each` visitor, and all `strangers`, hold so many places."""

    at_once: int
    waiting: int
    each: int
    strangers: int
    _held: Counter[str] = field(default_factory=Counter)

    def __post_init__(self):
        self._free = asyncio.Semaphore(self.at_once)

    @asynccontextmanager
    async def turn(self, visitor: str) -> AsyncIterator[None]:
        """Wait for a turn and keep it for the block; Busy where there is no place to wait."""
        most = self.each if visitor else self.strangers
        if self._held[visitor] >= most or self._held.total() >= self.at_once + self.waiting:
            raise Busy
        self._held[visitor] += 1
        try:
            async with self._free:
                yield
        finally:
            self._held[visitor] -= 1
            if not self._held[visitor]:
                del self._held[visitor]


PATIENCE = 0.2  # seconds between two words to who waits
_long = threading.Lock()


@contextmanager
def alone(waiting: Callable[[], object]) -> Iterator[None]:
    """Do long work for one visitor at a time, so that it never has more than its share of the processor: who asks for
    little does not notice. `waiting` is called again and again until it is one's turn; it may raise to give up."""
    while not _long.acquire(timeout=PATIENCE):
        waiting()
    try:
        yield
    finally:
        _long.release()
