"""Where a gradient vanishes, for surfaces that are sums of functions of one variable or symmetric."""

from __future__ import annotations

import numpy as np


def critical(slope, low, high):
    """Where a derivative of one variable vanishes in (low, high): [(position, True for a minimum), ...], by bisection.

    Finds every change of sign that two neighbours of 2,000 evenly spaced points see, to 15 decimals (so 0 is 0).
    """
    grid = np.linspace(low, high, 2000)
    rising = slope(grid) > 0
    at = np.flatnonzero(rising[1:] != rising[:-1])
    left, right, up = grid[at], grid[at + 1], rising[at + 1]
    for _ in range(60):
        middle = (left + right) / 2
        beyond = (slope(middle) > 0) == up
        left, right = np.where(beyond, left, middle), np.where(beyond, middle, right)
    return list(zip((np.round(right, 15) + 0.0).tolist(), up.tolist(), strict=True))


def separable(along_x, along_y):
    """Critical points of f(x) + g(y), from those of f and of g."""
    kinds = {(True, True): "minimum", (False, False): "maximum"}
    return tuple((x, y, kinds.get((i, j), "saddle")) for x, i in along_x for y, j in along_y)


def mirrored(points):
    """Points (x, y, kind) with all their images under sign changes and exchange of x and y, each once."""
    signs = (1, 1), (1, -1), (-1, 1), (-1, -1)
    images = {(i * a, j * b): kind for x, y, kind in points for a, b in ((x, y), (y, x)) for i, j in signs}
    return tuple((x, y, kind) for (x, y), kind in images.items())


BOTTOM = [(0.0, True)]  # the one critical point of a parabola
