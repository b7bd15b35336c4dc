"""The rate that somebody who watches a run sets."""

from __future__ import annotations

import numpy as np

from .. import schedule_params as p
from ..scheduling import schedule
from .latex import Values, tex


def manual_decay_numbers(n: float, v: Values) -> str:
    made = [i for i in range(0, len(v["edits"]), 2) if v["edits"][i] <= n]
    if not made:
        return rf"{tex(v['initial_learning_rate'])} \quad\text{{before the first edit}}"
    step, rate = v["edits"][made[-1]], v["edits"][made[-1] + 1]
    return rf"{tex(rate)} \quad\text{{edited at step {tex(step)}}}"


@schedule(
    label="By hand",
    params=(p.INITIAL, p.EDITS),
    formula=r"a_n = \text{the rate of the last edit at a step} \le n,\text{ before the first } a_0",
    source="what a person watching a run would do",
    numbers=manual_decay_numbers,
)
def manual_decay(step, *, initial_learning_rate, edits):
    made = np.searchsorted(np.array(edits[::2]), step, side="right")
    return np.where(made == 0, initial_learning_rate, np.take(np.array((0.0, *edits[1::2])), made))
