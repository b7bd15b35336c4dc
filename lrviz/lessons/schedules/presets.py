"""The claims of the notes on learning rates, as settings of the schedules page."""

from __future__ import annotations

from typing import Any

from ..lesson import Preset


def slot(letter: str, schedule: str, warmup: int = 0, **values: Any) -> dict[str, Any]:
    """The settings of one letter: a schedule with these parameters, after a warm-up."""
    own = {f"{letter}.{schedule}.{name}": value for name, value in values.items()}
    return {f"{letter}.schedule": schedule, **own} | ({f"{letter}.warmup": warmup} if warmup else {})


PRESETS = (
    Preset(
        claim="D1", title="A fixed rate wanders wide, a decaying one comes close",
        look="The blue end points (A, fixed rate) fill a wide region round the minimum, the green ones (C, decaying rate) a small one.",
        settings={"curves": ("a", "c"), "edit": "c", "section": "training"}
        | slot("a", "constant") | slot("c", "inverse_time_decay", decay_steps=50.0),
        figure="cloud", carries=("A ± 0.231",),
    ),
    Preset(
        claim="D2", title="a₀/(1 + rate · epoch) with a₀ = 0.2 and rate 1",
        look="After epochs 1, 2, 3 and 4 the rate is a half, a third, a quarter and a fifth of 0.2.",
        settings={"curves": ("a",), "total": 500, "axis": "epochs", "table_steps": (100.0, 200.0, 300.0, 400.0), "step": 100}
        | slot("a", "inverse_time_decay", initial_learning_rate=0.2, decay_steps=100.0, decay_rate=1.0, staircase=True),
        carries=("0.1, 0.067, 0.05 and 0.04",), slip="the rates are 0.067, 0.05 and 0.04, not 0.67, 0.5 and 0.4.",
    ),
    Preset(
        claim="D3", title="Other ways down, beside the best fixed rate",
        look="0.95 to the power of the epoch (A), k/√epoch (B), k/√t (C), stairs of one half (D) and a rate set by hand (E). Tune a "
        "fixed rate first: the dashed one is the best there is for so many steps. The table shows what tuning brings each of the others.",
        settings={"curves": ("a", "b", "c", "d", "e"), "steps_per_epoch": 50, "section": "training"}
        | slot("a", "exponential_decay", decay_steps=50.0, staircase=True) | slot("b", "inverse_sqrt_decay", decay_steps=50.0)
        | slot("c", "inverse_sqrt_decay") | slot("d", "step_decay", decay_steps=250.0) | slot("e", "manual_decay"),
        figure="distance", carries=("The best fixed rate for this",),
    ),
    Preset(
        claim="S1", title="Cosine over 1000 steps",
        look="Half a period of a cosine, from 0.1 down to 0 (A), or down to a tenth of it with α = 0.1 (B).",
        settings={"curves": ("a", "b"), "total": 1200, "step": 500}
        | slot("a", "cosine_decay") | slot("b", "cosine_decay", alpha=0.1),
        carries=("A 0.05 and B 0.055",), slip="α is a fraction of the initial rate, not a rate.",
    ),
    Preset(
        claim="S2", title="Cosine with restarts",
        look="The first cycle takes 1000 steps, each later one twice as many. B comes back to half the height each time.",
        settings={"curves": ("a", "b"), "total": 7000, "step": 3000}
        | slot("a", "cosine_decay_restarts", first_decay_steps=1000.0)
        | slot("b", "cosine_decay_restarts", first_decay_steps=1000.0, m_mul=0.5),
        carries=("A 0.1 and B 0.025",),
    ),
    Preset(
        claim="S3", title="Exponential: 0.1, every 100,000 steps times 0.96",
        look="In stairs (A) the rate waits for the end of each 100,000 steps; without (B) it shrinks a little at every one.",
        settings={"curves": ("a", "b"), "total": 1_000_000, "step": 250_000}
        | slot("a", "exponential_decay", decay_steps=100_000.0, decay_rate=0.96, staircase=True)
        | slot("b", "exponential_decay", decay_steps=100_000.0, decay_rate=0.96),
        carries=("A 0.0922 and B 0.0903",), slip="the sign ^ in the formula means “to the power of”.",
    ),
    Preset(
        claim="S4", title="Inverse time: 0.1, every step, rate 0.5",
        look="A divides 0.1 by 1 + 0.5 n, so it falls quickly at first and ever more slowly; B does so in stairs of five steps.",
        settings={"curves": ("a", "b"), "total": 20, "step": 4, "table_steps": (0.0, 1.0, 2.0, 4.0, 10.0, 20.0)}
        | slot("a", "inverse_time_decay", decay_steps=1.0, decay_rate=0.5)
        | slot("b", "inverse_time_decay", decay_steps=5.0, decay_rate=0.5, staircase=True),
        carries=("A 0.0333 and B 0.1",),
    ),
    Preset(
        claim="S5", title="Piecewise constant: 1, 0.5 and 0.1",
        look="At step 100,000 the rate is still 1; the next step has 0.5, and from step 110,001 on it is 0.1.",
        settings={"curves": ("a",), "total": 150_000, "step": 100_000, "table_steps": (100_000.0, 100_001.0, 110_000.0, 110_001.0)}
        | slot("a", "piecewise_constant_decay", boundaries=(100_000.0, 110_000.0), values=(1.0, 0.5, 0.1)),
        carries=("At step 100,000 the rate is A 1;",), slip="AT a boundary the earlier value still holds.",
    ),
    Preset(
        claim="S6", title="Polynomial: 0.1 to 0.01 in 10,000 steps, power 0.5",
        look="A stays at 0.01 after 10,000 steps. B begins again, over a stretch that is 10,000 steps longer each time.",
        settings={"curves": ("a", "b"), "total": 30_000, "step": 15_000}
        | slot("a", "polynomial_decay", decay_steps=10_000.0, end_learning_rate=0.01, power=0.5)
        | slot("b", "polynomial_decay", decay_steps=10_000.0, end_learning_rate=0.01, power=0.5, cycle=True),
        carries=("A 0.01 and B 0.055",), slip="with cycle the formula is 0/0 at step 0; step 0 belongs to the first cycle.",
    ),
    Preset(
        claim="S7", title="Linear cosine, and with noise",
        look="A straight line times a cosine (A), and the same with noise that grows calmer (B) round the band of its mean.",
        settings={"curves": ("a", "b"), "step": 500} | slot("a", "linear_cosine_decay") | slot("b", "noisy_linear_cosine_decay"),
        carries=("A 0.0251", "B is one draw of its noise"), slip="linear cosine is a line times a cosine, not a choice between the two.",
    ),
    Preset(
        claim="S8", title="Restarts jump out of a local minimum",
        look="A decays once and then stays where it is; B does the same but is restarted every 200 steps, C begins again with ever "
        "longer cycles. A jump needs a high rate, so each restart is a new chance.",
        settings={"curves": ("a", "b", "c"), "section": "ripples", "ripples.noise": 0.5}
        | slot("a", "cosine_decay", initial_learning_rate=0.45, decay_steps=200.0)
        | slot("b", "cosine_decay_restarts", initial_learning_rate=0.45, first_decay_steps=200.0, t_mul=1.0)
        | slot("c", "polynomial_decay", initial_learning_rate=0.45, decay_steps=200.0, cycle=True),
        figure="ripples", carries=("at least one jump", "B 1"),
    ),
    Preset(
        claim="O6", title="Too high, too low, a bit high, good",
        look="A is too high and diverges, B too low and crawls, C a bit high: quick, then it circles far out. D is good.",
        settings={"curves": ("a", "b", "c", "d"), "total": 300, "section": "training"}
        | slot("a", "constant", initial_learning_rate=0.41) | slot("b", "constant", initial_learning_rate=0.0003)
        | slot("c", "constant", initial_learning_rate=0.35) | slot("d", "constant", initial_learning_rate=0.01),
        figure="distance", carries=("A diverges", "B ends 3.19 from the minimum, still on the way"),
    ),
    Preset(
        claim="O8", title="Finding a good rate by hundreds of short runs",
        look="Each curve is a thousand short runs at a hundred rates; the diamond is the best. With few steps it lies far to the right.",
        settings={"section": "range"}, figure="budgets", carries=("for 10,", "2/λ = 0.4"),
    ),
    Preset(
        claim="A4", title="Decay cures the burst, warm-up alone postpones it",
        look="A fixed rate (A) bursts out of the valley; a warm-up alone (B) only postpones that. First up, then down (C) never bursts "
        "and arrives first.",
        settings={"curves": ("a", "b", "c"), "total": 300, "section": "burst"} | slot("a", "constant") | slot("b", "constant", 40)
        | slot("c", "noam", initial_learning_rate=0.8944, model_dim=1, warmup_steps=20),
        figure="burst", carries=("A bursts out at step", "B bursts out at step", "C stays calm"),
    ),
)  # fmt: skip
