"""The claims of the lecture notes about mini-batches, each as settings."""

from ..lesson import Preset

NO_STOCHASTIC = ("batch", "mini_batch")
LARGE = {"m": 100_000, "batch_size": 512, "epochs": 5, "shown": NO_STOCHASTIC}
MIDDLING = LARGE | {"m": 20_000}

PRESETS = (
    Preset(
        claim="B1", title="Five million samples in batches of a thousand",
        look="The diagram cuts the lecture's five million samples; the paths above show the same cut in small, 5,000 samples "
        "in batches of 1,000.",
        settings={"m": 5000, "batch_size": 1000, "shown": NO_STOCHASTIC, "section": "cutting"}, figure="cutting",
        carries=("5,000 batches", "(2, 1,000)", "(1, 1,000)"), slip="5,000 times 1,000 is 5 million, not 50 million.",
    ),
    Preset(
        claim="B2", title="One epoch, one pass",
        look="In three epochs batch gradient descent takes 3 steps, mini-batch takes a step for every batch it sees.",
        settings={"m": 5000, "batch_size": 1000, "shown": NO_STOCHASTIC, "epochs": 3, "axis": "updates", "section": "cutting"},
        figure="cutting", carries=("1 update for batch", "5,000 updates for mini-batch"),
    ),
    Preset(
        claim="B3", title="Batch cost falls, mini-batch cost is noisy",
        look="The blue line falls at every point; the green one goes up and down, yet its trend is down.",
        settings={"shown": NO_STOCHASTIC, "epochs": 10}, carries=("falls at each of its 10 updates", "is noisy, up"),
    ),
    Preset(
        claim="B3", title="If batch cost rises, the rate is too big",
        look="The steep direction overshoots more at every step, until the cost of all samples rises.",
        settings={"shown": NO_STOCHASTIC, "gd.lr": 2.1}, carries=("Batch cost rises at update", "the rate is too big"),
    ),
    Preset(
        claim="B4", title="Batch, mini-batch and stochastic paths",
        look="Batch goes straight and is slow to come, stochastic is soon there and never settles, mini-batch lies between.",
        settings={"axis": "samples", "section": "noise"}, carries=("stochastic wanders", "does not settle"),
    ),
    Preset(
        claim="B4", title="Without residual noise even one sample settles",
        look="Every sample has the same minimum now, so no batch pulls away from it.",
        settings={"linear_regression.noise": 0.0}, carries=("it settles",),
        slip="one sample at a time never settles only where the samples disagree about the minimum.",
    ),
    Preset(
        claim="B5", title="Why not 1, why not m: measured",
        look="Seconds an epoch fall steeply with the first powers of two; updates a second fall all the way to B = m.",
        settings=LARGE | {"axis": "seconds", "section": "timing"}, figure="timing",
        carries=("with B = 1", "vectorisation is lost", "with B = m"),
    ),
    Preset(
        claim="B6", title="Below 2,000 samples use batch",
        look="With so few samples an epoch is quick whatever the batch.",
        settings={"m": 1000, "batch_size": 64, "section": "timing"}, figure="timing", carries=("so use batch",),
    ),
    Preset(
        claim="B6", title="Else 64 to 512, a power of two",
        look="The band marks the rule of thumb; the table says what memory a batch takes.",
        settings={"m": 20_000, "batch_size": 256, "shown": NO_STOCHASTIC, "section": "timing"}, figure="timing",
        carries=("too many for batch", "64 to 512"),
    ),
    Preset(
        claim="B7", title="A penalty divided by B depends on B",
        look="With the penalty divided by the batch's own size, each batch size has a minimum of its own.",
        settings={"section": "regularisation", "l2": 1.0, "seed": 1}, figure="regularisation",
        carries=("128 times as much", "Change B and you must change λ"),
    ),
    Preset(
        claim="B8", title="Try a few powers of two",
        look="Small batches never come so low, large ones need too many samples; the quickest lies between.",
        settings=MIDDLING | {"left_over": 0.0004, "section": "target"}, figure="target",
        carries=("fewest samples with B = 16 (736)", "B = 1, B = 2, B = 4, B = 8 and B = 20,000."),
    ),
    Preset(
        claim="B8", title="A smaller rate calms the noise",
        look="Now batches of 4 and 8 come down to the same target, later; the largest batches are too slow.",
        settings=MIDDLING | {"left_over": 0.0004, "gd.lr": 0.05, "section": "target"}, figure="target",
        carries=("B = 1, B = 2, B = 8,192, B = 16,384 and B = 20,000.",),
    ),
    Preset(
        claim="D1", title="Fixed rate wide, decay narrow",
        look="The blue cloud keeps its width however long it runs, the green one shrinks round the minimum.",
        settings={"m": 2048, "batch_size": 64, "epochs": 30, "drawing": "replacement", "shown": NO_STOCHASTIC, "section": "noise"},
        figure="noise", carries=("times tighter", "independent draws"),
    ),
    Preset(
        claim="D1", title="Reshuffled epochs end tighter",
        look="With every sample once an epoch the noises of an epoch add up to nothing, and its end is narrower than theory "
        "for independent draws allows.",
        settings={"m": 6400, "batch_size": 64, "linear_regression.condition": 1.0, "gd.lr": 0.01, "shown": NO_STOCHASTIC,
                  "epochs": 30, "section": "noise", "decay": "inverse_sqrt_decay", "inverse_sqrt_decay.decay_steps": 100.0},
        figure="noise", carries=("0.277 of that",),
    ),
    Preset(
        claim="O6", title="Rate too high: it diverges",
        look="Every step overshoots by more than the one before.",
        settings={"gd.lr": 3.0}, carries=("Batch diverged at update",),
    ),
    Preset(
        claim="O6", title="Rate too low: it crawls",
        look="After 20 epochs batch and mini-batch have hardly moved.",
        settings={"gd.lr": 0.003}, carries=("batch and mini-batch do not get that far",),
    ),
    Preset(
        claim="O6", title="Rate a bit high: quick, then it circles",
        look="Batches of 4 are at the minimum within an epoch and then go round it for good.",
        settings={"gd.lr": 0.7, "batch_size": 4, "shown": NO_STOCHASTIC}, carries=("mini-batch wanders", "does not settle"),
    ),
)  # fmt: skip
