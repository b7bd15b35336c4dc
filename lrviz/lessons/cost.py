"""What a question costs, said before it is answered.

Every lesson says of each of its figures how long a processor will work for it at these settings: an upper estimate in
seconds, made of counts (steps, runs, samples looked at) times the prices below. `benchmarks/costly.py` holds the
estimates against the clock. What follows a moving hand has to be quick, and no figure of a page may cost more than MOST.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

MOST = 4.0  # seconds for one figure of a page
LIVE = 0.5  # seconds for a figure that follows the hand
ALONE = 1.0  # seconds from which a page's figures are computed for one visitor at a time
DRAWING = 0.01  # seconds that any figure takes

# Seconds on one processor of a small server.
SINGLE = 9e-6  # one step of one run in plain floats, all that it remembers recorded
BATCHED = 50e-6  # one step of some dozens of runs in one call
CELL = 90e-9  # one step of one run among thousands in one call


@dataclass(frozen=True)
class Cost:
    """Seconds, and the settings (their keys) that make a figure cheaper when they are lowered."""

    seconds: float
    lower: tuple[str, ...] = ()

    @property
    def bearable(self) -> bool:
        """Whether a page may show the figure."""
        return self.seconds <= MOST

    @property
    def quick(self) -> bool:
        """Whether the figure can follow a moving hand."""
        return self.seconds <= LIVE

    def times(self, number: int) -> Cost:
        """The cost of so many of them."""
        return replace(self, seconds=number * self.seconds)


def free(settings: Mapping[str, Any], figure: str) -> Cost:
    """The cost of figures that take next to nothing at any setting."""
    return Cost(DRAWING)
