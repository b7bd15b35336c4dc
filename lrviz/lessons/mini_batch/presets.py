"""The claims of the lecture notes about mini-batches, each as settings."""

from ..lesson import Preset

NO_STOCHASTIC = ("batch", "mini_batch")
LARGE = {"m": 100_000, "batch_size": 512, "epochs": 5, "shown": NO_STOCHASTIC}
MIDDLING = LARGE | {"m": 20_000}

PRESETS = (
    Preset(
        claim="B1", title="Five million samples in batches of a thousand",
        look="The diagram cuts the lecture's five million samples; the paths above train on 5,000 samples in five batches of "
        "1,000.",
        settings={"m": 5000, "batch_size": 1000, "shown": NO_STOCHASTIC, "section": "cutting"}, figure="cutting",
        carries=("5,000 batches", "(2, 1,000)", "(1, 1,000)"),
        slip="The notes say that 5,000 times 1,000 is 50 million; it is 5 million.",
    ),
    Preset(
        claim="B1", title="Try 1,024 instead of 1,000",
        look="A power of two seldom divides the number of samples: the last of the batches is smaller than the others.",
        settings={"cut_b": 1024, "section": "cutting", "shown": NO_STOCHASTIC}, figure="cutting",
        carries=("4,883 batches, the last with only 832 samples", "2¹⁰"),
        remark="The notes try 1,024 because of the way memory is laid out. What that gains depends on the machine and is not "
        "measured here.",
    ),
    Preset(
        claim="B2", title="One epoch, one pass",
        look="In three epochs batch gradient descent takes 3 steps, mini-batch takes 15, one for every batch it sees. Beside "
        "the diagram stands the loop: forward, cost, backward, update.",
        settings={"m": 5000, "batch_size": 1000, "shown": NO_STOCHASTIC, "epochs": 3, "axis": "updates", "section": "cutting"},
        figure="cutting", carries=("1 update for batch", "5,000 updates for mini-batch"),
        remark="One run of the loop over t is one epoch; the loop that repeats it until the cost is low enough goes round it.",
    ),
    Preset(
        claim="B3", title="Batch cost falls, mini-batch cost is noisy",
        look="The blue line falls at every point; the green one goes up and down, yet its trend is down.",
        settings={"shown": NO_STOCHASTIC, "epochs": 10}, carries=("falls at each of its 10 updates", "is noisy but trends down"),
    ),
    Preset(
        claim="B3", title="If batch cost rises, the rate is too big",
        look="The steep direction overshoots more at every step, until the cost of all samples rises.",
        settings={"shown": NO_STOCHASTIC, "gd.lr": 2.1}, carries=("Batch cost rises at update", "the rate is too big"),
    ),
    Preset(
        claim="B4", title="Batch, mini-batch and stochastic paths",
        look="Batch takes a smooth path and sees the most samples on its way; stochastic is soon near the minimum and never "
        "settles; mini-batch lies between.",
        settings={"axis": "samples", "section": "noise"}, carries=("stochastic", "it wanders and does not settle"),
    ),
    Preset(
        claim="B4", title="Without residual noise even one sample settles",
        look="The cost of every sample is least at one and the same point now, so no batch pulls away from it.",
        settings={"linear_regression.noise": 0.0}, carries=("it settles",),
        remark="At a fixed rate one sample at a time never settles where the samples disagree about the minimum, as they do in practice.",
    ),
    Preset(
        claim="B5", title="Why not 1, why not m: measured",
        look="Seconds an epoch fall steeply over the first powers of two; at B = m an epoch is a single update, and each "
        "update is slow.",
        settings=LARGE | {"axis": "seconds", "section": "timing"}, figure="timing",
        carries=("with B = 1", "vectorisation is lost", "with B = m"),
    ),
    Preset(
        claim="B6", title="Below 2,000 samples use batch",
        look="With so few samples one step on all of them is quick, so batch is simple and good enough; counted in epochs, "
        "mini-batch is still much sooner near the minimum.",
        settings={"m": 1000, "batch_size": 64, "section": "timing"}, figure="timing",
        carries=("so use batch", "quick enough, not quickest"),
        remark="The rule says up to what size batch is fast enough, not that it is fastest there.",
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
        remark="The notes divide the penalty by the size of the batch; divided by m, it would not depend on B.",
    ),
    Preset(
        claim="B8", title="Try a few powers of two",
        look="The noise of the smallest batches keeps them above the target, and taking all samples at once needs too many epochs; what "
        "is best lies between.",
        settings=MIDDLING | {"left_over": 0.0003, "section": "target"}, figure="target",
        carries=("the noise keeps B = 1, B = 2, B = 4, B = 8 and B = 16 above it", "updates: B = 20,000."),
    ),
    Preset(
        claim="B8", title="A smaller rate calms the noise",
        look="Now batches of 8 and 16 come down to the same target and stay there; the largest batches are too slow.",
        settings=MIDDLING | {"left_over": 0.0003, "gd.lr": 0.05, "section": "target"}, figure="target",
        carries=("the noise keeps B = 1, B = 2 and B = 4 above it", "B = 8,192, B = 16,384 and B = 20,000."),
    ),
    Preset(
        claim="D1", title="Fixed rate wide, decay narrow",
        look="The blue cloud keeps its width however long it runs, the green one shrinks round the minimum.",
        settings={"m": 2048, "batch_size": 64, "epochs": 30, "drawing": "replacement", "shown": NO_STOCHASTIC, "section": "noise"},
        figure="noise", carries=("times tighter", "independent draws"),
    ),
    Preset(
        claim="D1", title="Reshuffled epochs end tighter",
        look="With every sample once an epoch most of the noise of an epoch cancels by its end, and the cloud there is "
        "tighter than independent draws would leave it.",
        settings={"m": 6400, "batch_size": 64, "linear_regression.condition": 1.0, "gd.lr": 0.01, "shown": NO_STOCHASTIC,
                  "epochs": 30, "section": "noise", "decay": "inverse_sqrt_decay", "inverse_sqrt_decay.decay_steps": 100.0},
        figure="noise", carries=("0.28 of that",),
    ),
    Preset(
        claim="O6", title="Rate too high: it diverges",
        look="Every step of batch overshoots by more than the one before.",
        settings={"gd.lr": 3.0}, carries=("Batch diverged at update",),
    ),
    Preset(
        claim="O6", title="Rate too low: it crawls",
        look="After 20 epochs batch has hardly moved and mini-batch is on its way; stochastic made 128 updates for each of batch "
        "and comes near.",
        settings={"gd.lr": 0.003}, carries=("never in this run for batch and mini-batch",),
    ),
    Preset(
        claim="O6", title="Rate a bit high: quick, then it wanders",
        look="Batches of 4 are near the minimum within an epoch, and their noise then keeps them wandering about half a unit "
        "from it.",
        settings={"gd.lr": 0.7, "batch_size": 4, "shown": NO_STOCHASTIC}, carries=("mini-batch", "it wanders and does not settle"),
    ),
)  # fmt: skip
