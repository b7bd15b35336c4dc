"""The claims of the notes on learning rates, as settings of the schedules page."""

from __future__ import annotations

from typing import Any

from ..lesson import Preset
from ..registry_params import key_of


def slot(letter: str, schedule: str, warmup: int = 0, **values: Any) -> dict[str, Any]:
    """The settings of one letter: a schedule with these parameters, after a warm-up."""
    own = {key_of(letter, schedule, name): value for name, value in values.items()}
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
        remark="In the notes epochs count from 1, so that the first epoch already runs at 0.1. Here, as in Keras, the formula counts the "
        "epochs that are complete: the first one runs at 0.2, and 0.1 is the rate after epoch 1.",
    ),
    Preset(
        claim="D2", title="The decay rate is a hyperparameter, too",
        look="Decay rates of 0.1 (A), 10 (B) and 1,000 (C). With A the rate stays too high, and the runs too noisy; with C it is so small after "
        "the first epoch that they hardly move any more. B ends nearest to the minimum.",
        settings={"curves": ("a", "b", "c"), "edit": "b", "steps_per_epoch": 50, "section": "training"}
        | slot("a", "inverse_time_decay", decay_steps=50.0, decay_rate=0.1, staircase=True)
        | slot("b", "inverse_time_decay", decay_steps=50.0, decay_rate=10.0, staircase=True)
        | slot("c", "inverse_time_decay", decay_steps=50.0, decay_rate=1000.0, staircase=True),
        figure="distance", carries=("B 0.02",),
    ),
    Preset(
        claim="D3", title="Other ways down, beside the best fixed rate",
        look="0.95 to the power of the epoch (A), k/√epoch (B), k/√t (C), stairs of one half (D) and a rate set by hand (E). As given, the "
        "best fixed rate (dashed) ends nearer than all five; tuned, all five end nearer than it. So tune a fixed rate first, and then the decay.",
        settings={"curves": ("a", "b", "c", "d", "e"), "steps_per_epoch": 50, "section": "training"}
        | slot("a", "exponential_decay", decay_steps=50.0, staircase=True) | slot("b", "inverse_sqrt_decay", decay_steps=50.0)
        | slot("c", "inverse_sqrt_decay") | slot("d", "step_decay", decay_steps=250.0) | slot("e", "manual_decay"),
        figure="distance", carries=("all of them end nearer than the best fixed rate",),
        remark="0.95 to the power of the epoch counts epochs from 0 here, so that the first one runs at a₀; k/√epoch and k/√t count from 1, "
        "since they have no value at 0. The notes do not say where they begin.",
    ),
    Preset(
        claim="D3", title="By hand: watch the loss and lower the rate",
        look="The loss of one run as it comes in, and the rate that somebody has set while watching it: 0.1, then 0.05, 0.02 and 0.005.",
        settings={"curves": ("a",), "section": "by_hand"} | slot("a", "manual_decay"),
        figure="by_hand", carries=("0.05 from step 250, 0.02 from step 500 and 0.005 from step 800",),
        remark="As the notes say, this works as long as there are few models to watch.",
    ),
    Preset(
        claim="D3", title="Cut the rate when progress stops",
        look="The rule halves the rate whenever the loss has found no new best for more than 5 looks; A keeps its fixed rate. By the end of "
        "the run the loss of the rule is less than a tenth of that of A.",
        settings={"curves": ("a",), "section": "plateau", "plateau.factor": 0.5, "plateau.patience": 5} | slot("a", "constant"),
        figure="plateau", carries=("cuts the rate", "that of A as given"),
        remark="The article begins with this: start with a large rate and lower it once training makes no more progress.",
    ),
    Preset(
        claim="S1", title="Cosine over 1,000 steps",
        look="Half a period of a cosine, from 0.1 down to 0 (A), or down to a tenth of it with α = 0.1 (B).",
        settings={"curves": ("a", "b"), "total": 1200, "step": 500}
        | slot("a", "cosine_decay") | slot("b", "cosine_decay", alpha=0.1),
        carries=("A 0.05 and B 0.055",),
        remark="The article calls α the lowest learning rate; in its formula α is a fraction of the initial rate.",
    ),
    Preset(
        claim="S2", title="Cosine with restarts",
        look="The first cycle takes 1,000 steps, each later one twice as many. B comes back to half the height each time.",
        settings={"curves": ("a", "b"), "total": 7000, "step": 3000}
        | slot("a", "cosine_decay_restarts", first_decay_steps=1000.0)
        | slot("b", "cosine_decay_restarts", first_decay_steps=1000.0, m_mul=0.5),
        carries=("A 0.1 and B 0.025",),
        remark="The article says that restarts may gain one or two points. How much they gain depends on the model and its data; S8 shows what they do "
        "among many local minima.",
    ),
    Preset(
        claim="S3", title="Exponential: 0.1, every 100,000 steps times 0.96",
        look="In stairs (A) the rate waits for the end of each 100,000 steps; without (B) it shrinks a little at every one.",
        settings={"curves": ("a", "b"), "total": 1_000_000, "step": 250_000}
        | slot("a", "exponential_decay", decay_steps=100_000.0, decay_rate=0.96, staircase=True)
        | slot("b", "exponential_decay", decay_steps=100_000.0, decay_rate=0.96),
        carries=("A 0.0922 and B 0.0903",),
        remark="The sign ^ in the code of the article means “to the power of”. The article calls this the decay that is used most; which one is "
        "best depends on the problem.",
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
        carries=("At step 100,000 the rate is A 1.",),
        remark="The article leaves open which value holds at a boundary itself. In Keras it is the earlier one; PyTorch (MultiStepLR) and optax "
        "take the new one.",
    ),
    Preset(
        claim="S6", title="Polynomial: 0.1 to 0.01 in 10,000 steps, power 0.5",
        look="A stays at 0.01 after 10,000 steps. B rises again one step after every 10,000 steps; each tooth is as long as the first, and its "
        "peak is lower: 0.1, 0.0736, 0.062.",
        settings={"curves": ("a", "b"), "total": 30_000, "step": 15_000}
        | slot("a", "polynomial_decay", decay_steps=10_000.0, end_learning_rate=0.01, power=0.5)
        | slot("b", "polynomial_decay", decay_steps=10_000.0, end_learning_rate=0.01, power=0.5, cycle=True),
        carries=("A 0.01 and B 0.055",),
        remark="With cycle the formula is 0/0 at step 0; Keras counts step 0 to the first cycle.",
    ),
    Preset(
        claim="S7", title="Cosine, linear cosine, and with noise",
        look="In the colours of the article: a straight line times a cosine (blue), the cosine itself (red), and the line with noise that grows "
        "calmer, times the cosine (green), round the band of its mean.",
        settings={"curves": ("a", "b", "c"), "step": 500}
        | slot("a", "linear_cosine_decay") | slot("b", "cosine_decay") | slot("c", "noisy_linear_cosine_decay"),
        carries=("A 0.0251", "C is one draw of its noise"),
        remark="The article describes the blue curve as a linear fall. It is a line times a cosine: at half time 0.0251, where the line alone has "
        "0.05.",
    ),
    Preset(
        claim="S8", title="Restarts jump out of a local minimum",
        look="A decays once and then stays where it is; B does the same but is restarted every 200 steps, so that many more runs jump. C, a "
        "polynomial with cycle, rises again as often, but to 0.22, 0.15, 0.11 and 0.09 only, too little for a jump here: it does no better "
        "than D, which is C without cycle.",
        settings={"curves": ("a", "b", "c", "d"), "section": "ripples", "ripples.noise": 0.5}
        | slot("a", "cosine_decay", initial_learning_rate=0.45, decay_steps=200.0)
        | slot("b", "cosine_decay_restarts", initial_learning_rate=0.45, first_decay_steps=200.0, t_mul=1.0)
        | slot("c", "polynomial_decay", initial_learning_rate=0.45, decay_steps=200.0, cycle=True)
        | slot("d", "polynomial_decay", initial_learning_rate=0.45, decay_steps=200.0),
        figure="ripples", carries=("within 0.4 of another one", "B 1"),
    ),
    Preset(
        claim="S8", title="Where the cycle of a polynomial helps",
        look="With more noise and a power of 0.5, which keeps the peaks higher, the later teeth of B still make runs jump in the second half of "
        "the steps, and its mean loss at the end is lower. A, the same without cycle, makes none there.",
        settings={"curves": ("a", "b"), "section": "ripples", "ripples.noise": 1.5}
        | slot("a", "polynomial_decay", initial_learning_rate=0.35, decay_steps=200.0, power=0.5)
        | slot("b", "polynomial_decay", initial_learning_rate=0.35, decay_steps=200.0, power=0.5, cycle=True),
        figure="ripples", carries=("in the second half of the steps it is A 0 and B 1",),
    ),
    Preset(
        claim="O6", title="Too high, too low, a bit high, good",
        look="A is too high and diverges, B too low and crawls, C a bit high: quick at first, then it wanders far out. D is good.",
        settings={"curves": ("a", "b", "c", "d"), "total": 300, "section": "training"}
        | slot("a", "constant", initial_learning_rate=0.41) | slot("b", "constant", initial_learning_rate=0.0003)
        | slot("c", "constant", initial_learning_rate=0.35) | slot("d", "constant", initial_learning_rate=0.01),
        figure="distance", carries=("All 200 runs of A diverge", "B is still on the way"),
    ),
    Preset(
        claim="O8", title="Finding a good rate by hundreds of short runs",
        look="Each curve is a thousand short runs at a hundred rates; the diamond is the best. With few steps it lies far to the right.",
        settings={"section": "range"}, figure="budgets", carries=("after 10, 30, 100, 300 and 1,000 steps", "2/λ = 0.4"),
    ),
    Preset(
        claim="A4", title="Decay cures the burst, a rise alone postpones it",
        look="A fixed rate (A) bursts out of the valley; after a rise over eight steps (B) it bursts later. First up, then down (C), which is what "
        "the notes call warm-up, does not burst at all.",
        settings={"curves": ("a", "b", "c"), "total": 300, "section": "burst"}
        | slot("a", "constant", initial_learning_rate=0.11) | slot("b", "constant", 8, initial_learning_rate=0.11)
        | slot("c", "noam", initial_learning_rate=0.8944, model_dim=1, warmup_steps=20),
        figure="burst", carries=("A bursts out", "B bursts out", "C stays within 0.1 of the floor"),
        remark="Why a rate that first rises often trains better has, as the notes say, no perfect explanation; they suggest that it explores "
        "round the start first. Here a slow start also leaves larger squared gradients in σ, which puts the burst off.",
    ),
)  # fmt: skip
