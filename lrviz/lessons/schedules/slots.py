"""Eight letters, each a curve of its own: a schedule, its parameters and a warm-up.

The settings of letter A are "a.schedule", "a.warmup" and, for every schedule there is, its parameters, such as
"a.cosine_decay.decay_steps"; so a letter that goes from one schedule to another and back finds its numbers again.
Pairs of step and rate are two lists on a page, since each list has its own range: "a.manual_decay.steps" and
"a.manual_decay.rates". While one of two lists is a value longer, what has no partner is left out, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...params import Param, choice, numbers
from ...schedule_params import EDITS, LARGEST, WARMUP_STEPS, Edits, Increasing
from ...schedules import SCHEDULES, noisy_band, warmup
from ...scheduling import Schedule
from ..registry_params import as_settings, key_of, keys_under, values_of

LETTERS = tuple("abcdefgh")
STARTS = ("cosine_decay", "inverse_time_decay", "cosine_decay_restarts", "step_decay", "one_cycle",
          "exponential_decay", "polynomial_decay", "noisy_linear_cosine_decay")  # fmt: skip
AXIS_END = 1_000_000
MOST_PIECES = 12


def paired(param: Param) -> tuple[str, str] | None:
    """The names of the two lists that a parameter of pairs is on the page; None for any other parameter."""
    return ("steps", "rates") if isinstance(param, Edits) else None


def shown_params(param: Param, prefix: str) -> Iterator[Param]:
    """A parameter of a schedule as settings of the page; one of pairs is two."""
    steps = {"unit": "steps", "low": 0.0, "slider": (1.0, AXIS_END), "log": True, "longest": MOST_PIECES, "ratio": 1.25}
    rates = {"low": 0.0, "high": LARGEST, "slider": (1e-5, 1.0), "log": True, "longest": MOST_PIECES, "ratio": 0.5}
    if isinstance(param, Edits):
        yield numbers(
            key_of(prefix, "steps"), EDITS.default[::2], label="edit at step", help="Step of each edit.", **steps
        )
        yield numbers(
            key_of(prefix, "rates"), EDITS.default[1::2], label="new rate", help="Rate from that step on.", **rates
        )
    elif isinstance(param, Increasing):
        fields = {"label": param.label, "symbol": param.symbol, "help": param.help}
        yield numbers(key_of(prefix, param.name), param.default, **fields, **steps)
    else:
        yield from as_settings(prefix, [param], lambda param: rates if param.kind == "numbers" else {})


def slot_params(letter: str, start: str) -> list[Param]:
    """Every setting of one letter; `start` is the schedule that it begins with."""
    warm = WARMUP_STEPS.with_default(
        0,
        name=f"{letter}.warmup",
        label="warm-up put before",
        help="Steps of a straight rise to the first rate of the schedule.",
    )
    which = choice(
        f"{letter}.schedule", start, tuple(SCHEDULES), label="schedule", help="The rule that this curve follows."
    )
    params = (
        p for name, entry in SCHEDULES.items() for q in entry.params for p in shown_params(q, key_of(letter, name))
    )
    return [which, warm, *params]


SLOTS = {letter: slot_params(letter, start) for letter, start in zip(LETTERS, STARTS, strict=True)}


def keys(letter: str, name: str) -> list[str]:
    """The keys of a letter's settings for one schedule, in the schedule's order."""
    return keys_under((param.name for param in SLOTS[letter]), key_of(letter, name))


def copied(settings: Mapping[str, Any], source: str, target: str) -> dict[str, Any]:
    """The settings that make letter `target` the same curve as letter `source`."""
    return {f"{target}{param.name[1:]}": settings[param.name] for param in SLOTS[source]}


@dataclass(frozen=True)
class Unpaired:
    """How many entries at the end of one list of pairs have no partner in the other yet, and what each lacks."""

    count: int
    what: str
    lacks: str


@dataclass(frozen=True)
class Curve:
    """One letter as it stands. `values` are the schedule's own parameters, `unpaired` what could not be used."""

    letter: str
    entry: Schedule
    values: Mapping[str, Any]
    warmup: int
    unpaired: Unpaired | None = None

    @property
    def name(self) -> str:
        """ "A Cosine", with the warm-up where there is one."""
        return f"{self.letter.upper()} {self.entry.label}" + (f", {self.warmup:,}-step warm-up" if self.warmup else "")

    @property
    def noisy(self) -> bool:
        return self.entry.name == "noisy_linear_cosine_decay"

    @cached_property
    def _warmed(self) -> Schedule:
        return warmup(self.entry, self.warmup) if self.warmup else self.entry

    def rate(self, step: Any) -> Any:
        """The learning rate at a step or at an array of them."""
        return self._warmed(step, **self.values)

    def band(self, step: Any) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of a noisy curve over all seeds, (steps,) each."""
        step = np.asarray(step, dtype=float)
        rising = np.minimum((step + 1) / max(self.warmup, 1), 1) if self.warmup else 1.0
        mean, deviation = noisy_band(np.maximum(step - self.warmup, 0), **self.values)
        return mean * rising, deviation * rising


def curve(settings: Mapping[str, Any], letter: str) -> Curve:
    """The curve of one letter, from the page's settings."""
    entry = SCHEDULES[settings[f"{letter}.schedule"]]
    prefix, left = key_of(letter, entry.name), None
    values = values_of(settings, prefix, entry.params)
    for param in entry.params:
        if lists := paired(param):
            steps, rates = (settings[key_of(prefix, part)] for part in lists)
            values[param.name], left = edits(steps, rates)
    if entry.name == "piecewise_constant_decay":
        pieces, left = fitting(values["boundaries"], values["values"])
        values |= pieces
    return Curve(letter, entry, values, settings[f"{letter}.warmup"], left)


def edits(steps: tuple[float, ...], rates: tuple[float, ...]) -> tuple[tuple[float, ...], Unpaired | None]:
    """Edits in order of their steps, and those without a partner. Of two at one step the later one holds."""
    pairs = dict(zip(steps, rates, strict=False))
    made = tuple(number for step in sorted(pairs) for number in (step, pairs[step]))
    return made, _unpaired(len(steps), len(rates), "edit")


def fitting(
    boundaries: tuple[float, ...], values: tuple[float, ...]
) -> tuple[dict[str, tuple[float, ...]], Unpaired | None]:
    """Boundaries in order with one rate more than there are of them, and what has no partner.

    The piece between two equal boundaries is empty and is left out with its rate.
    """
    ends = sorted(boundaries[: len(values) - 1])
    full = [i for i, end in enumerate(ends) if i == 0 or end != ends[i - 1]]
    pieces = {
        "boundaries": tuple(ends[i] for i in full),
        "values": (*(values[i] for i in full), values[len(ends)]),
    }
    return pieces, _unpaired(len(boundaries) + 1, len(values), "boundary")


def _unpaired(left: int, right: int, what: str) -> Unpaired | None:
    if left == right:
        return None
    return Unpaired(left - right, what, "rate") if left > right else Unpaired(right - left, "rate", what)
