"""Settings of the trajectories page that show the notes' claims O1-O6, O8 and A1-A5."""

from __future__ import annotations

from ..lesson import Preset

VALLEY = {"surface": "long_valley", "optimizers": ("adagrad_rms",), "steps": 300, "tolerance": 0.3, "section": "rates"}

PRESETS = (
    Preset(
        claim="O1", title="Zigzag on a long ellipse",
        look="Across the ellipse the steps are too long and turn back each time; along it they are short, and that is where the "
        "minimum lies.",
        settings={"optimizers": ("gd",), "gd.lr": 0.095}, carries=("turning back 60 times",),
    ),
    Preset(
        claim="O1", title="A larger rate leaves",
        look="Above 2/λ every step across the ellipse ends further out than it began.",
        settings={"optimizers": ("gd",), "gd.lr": 0.11, "steps": 100, "section": "sensitivity"},
        carries=("diverged at step 72", "stability limit 0.1"),
    ),
    Preset(
        claim="O2", title="Momentum at the same rate",
        look="Momentum averages the zigzag away and keeps the way forward, but at the same rate it is not the first to arrive.",
        settings={"optimizers": ("gd", "momentum"), "rule": "same", "lr": 0.09, "step": 5}, carries=("64", "102"),
        slip="momentum is not “almost always faster”: at the same rate it is slower here, 102 steps against 64.",
    ),
    Preset(
        claim="O2", title="Momentum at the larger rate it permits",
        look="In a ravine five times as steep gradient descent must creep. With β = 0.9 momentum bears 19 times its rate, up to "
        "2(1 + β)/((1 − β)λ), and with some three times the rate it is far ahead.",
        settings={"optimizers": ("gd", "momentum"), "ravine.kappa": 100.0, "momentum.lr": 0.06, "steps": 400,
                  "section": "sensitivity"},
        carries=("Momentum after 90 steps", "Gradient descent after 330 steps"),
    ),
    Preset(
        claim="O2", title="Less momentum in a gentle ravine",
        look="With β = 0.5 momentum bears three times the rate of gradient descent and needs a quarter of its steps. With β = 0.9 "
        "it would swing to and fro for longer: 83 steps at the same rate.",
        settings={"optimizers": ("gd", "momentum"), "momentum.beta": 0.5, "momentum.lr": 0.2, "section": "sensitivity"},
        carries=("Momentum after 17 steps", "Gradient descent after 64 steps"),
    ),
    Preset(
        claim="O3", title="Without 1 − β the rate must shrink",
        look="Momentum at rate 0.2 and heavy ball at 0.2 (1 − β) = 0.02 are one path: the heavy ball's velocity is 1/(1 − β) = 10 "
        "times as large.",
        settings={"optimizers": ("momentum", "heavy_ball"), "momentum.lr": 0.2, "heavy_ball.lr": 0.02, "step": 10},
        carries=("Momentum and Heavy ball take the same path",),
        slip="without 1 − β the rate is multiplied by 1 − β, not by 1/(1 − β).",
    ),
    Preset(
        claim="O3", title="Rate and β side by side",
        look="The heavy ball's good rates fall as β grows; those of momentum stay where they are.",
        settings={"optimizers": ("momentum", "heavy_ball"), "steps": 100, "section": "rate_beta", "resolution": 48},
        figure="rate_beta_beside", carries=("falls 4.",),
    ),
    Preset(
        claim="O3", title="Momentum with bias correction",
        look="Corrected, the first step is as long as that of gradient descent at this rate, and here that is too long; later "
        "both paths behave alike.",
        settings={"optimizers": ("momentum",), "momentum.corrected": True}, carries=("0.1 times as long",),
        slip="after 10 steps the start-up is not over: 1 − 0.9¹⁰ = 0.65.",
    ),
    Preset(
        claim="O4", title="RMSprop evens out the directions",
        look="At one and the same rate gradient descent leaves while RMSprop arrives: it divides by the root of S, which is large "
        "across the ravine and small along it.",
        settings={"optimizers": ("gd", "rmsprop"), "rule": "same", "lr": 0.11, "section": "rates"}, figure="rates",
        carries=("10 times as much along x",), slip="RMSprop is Geoffrey Hinton's.",
    ),
    Preset(
        claim="O5", title="Adam is momentum and RMSprop with both corrections",
        look="Adam overshoots as momentum does and scales as RMSprop does. The step below shows both averages and both "
        "corrections.",
        settings={"optimizers": ("momentum", "rmsprop", "adam"), "step": 3}, carries=("Adam after 85 steps",),
    ),
    Preset(
        claim="O5", title="eps hardly matters",
        look="The steps to the minimum stay the same over more than nine decades of eps.",
        settings={"optimizers": ("rmsprop", "adam"), "section": "epsilon"}, figure="epsilon",
        carries=("for every eps up to 0.00316",),
    ),
    Preset(
        claim="O6", title="A rate that is too low crawls",
        look="The path is smooth and hardly moves.",
        settings={"optimizers": ("gd",), "gd.lr": 0.002}, carries=("still 2.68 away after 200 steps",),
    ),
    Preset(
        claim="O6", title="A rate that is too high leaves",
        look="Each step across the ravine is 1.4 times as long as the one before.",
        settings={"optimizers": ("gd",), "gd.lr": 0.12, "steps": 60}, carries=("diverged at step 39",),
    ),
    Preset(
        claim="O6", title="A rate that is a bit high is quick, then circles",
        look="With noise, as from mini-batches, the same rate that arrives early never settles. Lower the rate: it comes later and "
        "circles more closely.",
        settings={"optimizers": ("gd",), "gd.lr": 0.09, "noise": 1.0, "tolerance": 0.1},
        carries=("after 50 steps", "circles on at a distance of 0.216"),
    ),
    Preset(
        claim="O6", title="Circling without noise",
        look="Where the surface is not a parabola, a rate just above the limit does not leave: it finds a width at which it stays.",
        settings={"surface": "himmelblau", "optimizers": ("gd",), "gd.lr": 0.025, "section": "sensitivity"},
        carries=("circles a minimum at a distance of 0.133",),
    ),
    Preset(
        claim="O8", title="A range test, and what a budget changes",
        look="Left one run whose rate rises until it breaks down; right many runs. With 20 steps momentum's best rate is another "
        "than with 200.",
        settings={"optimizers": ("gd", "momentum"), "section": "range_test", "budget": 20}, figure="range_test",
        carries=("Momentum", "is 0.562 with 20 steps and 0.0825 with 200"),
    ),
    Preset(
        claim="A1", title="Stuck with a large gradient",
        look="The loss is flat, but not for want of a gradient: at exactly 2/λ the path bounces between the walls for good.",
        settings={"optimizers": ("gd",), "gd.lr": 0.1, "section": "sensitivity"},
        carries=("stuck", "gradient norm stays at 40"),
    ),
    Preset(
        claim="A2", title="A rate for each parameter",
        look="η/σ with σ the root mean square of all gradients so far: small across the ravine, large along it.",
        settings={"optimizers": ("gd", "adagrad_rms"), "section": "rates", "step": 20}, figure="rates",
        carries=("as much along x",),
    ),
    Preset(
        claim="A3", title="After a long flat stretch, a burst",
        look="On the floor of the valley the steep coordinate meets almost no gradient, σ shrinks and its rate grows until the "
        "path bursts sideways; the large gradients it meets there bring the rate down again.",
        settings=VALLEY, carries=("bursts sideways at step 59",),
    ),
    Preset(
        claim="A4", title="Decay cures the burst",
        look="A rate that falls like 1/√t falls as fast as σ does: the path stays calm, but it is slow to arrive.",
        settings=VALLEY | {"adagrad_rms.lr": 0.35, "schedule": "inverse_sqrt_decay"}, carries=("no burst follows", "287"),
    ),
    Preset(
        claim="A4", title="Warm-up, then decay",
        look="First up, then down: σ has seen the walls before the rate is large, and the rate falls before σ has forgotten them.",
        settings=VALLEY | {"adagrad_rms.lr": 0.2, "warmup_steps": 20, "schedule": "inverse_time_decay",
                           "inverse_time_decay.decay_steps": 40.0},
        carries=("no burst follows", "107"),
    ),
    Preset(
        claim="A4", title="Warm-up alone only postpones it",
        look="The warm-up makes C, the gradients seen so far, larger. The burst comes all the same, about when (2C/(αλ))² says.",
        settings=VALLEY | {"warmup_steps": 20}, carries=("bursts sideways at step 150", "= 152"),
        slip="it is warm-up followed by decay that cures the burst; warm-up alone postpones it.",
    ),
    Preset(
        claim="A5", title="How RMSprop starts its average",
        look="The second lecturer starts σ at the first gradient, the first lecturer at 0, which makes the first steps 3.16 times "
        "as long.",
        settings={"optimizers": ("rmsprop",), "rmsprop.initial": "first_gradient"}, carries=("3.16 times as long",),
    ),
    Preset(
        claim="A5", title="From η to RAdam",
        look="η, then η/σ, then η/σ with a moving average, then m in place of g, then a rectified start: each line is one link of "
        "the chain.",
        settings={"optimizers": ("gd", "adagrad_rms", "rmsprop", "adam", "radam"), "section": "rates", "step": 30},
        carries=("Adam after 85 steps",),
    ),
)  # fmt: skip
