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
        look="Momentum averages the zigzag away and keeps the way forward. At this rate, which is near the best of gradient descent, it "
        "still arrives later.",
        settings={"optimizers": ("gd", "momentum"), "rule": "same", "lr": 0.09, "step": 5}, carries=("64", "102"),
        slip="the notes call momentum “almost always” faster and “certainly” better. At one and the same rate that depends on the rate: at "
        "0.09 it takes 102 steps against 64, at 0.02 239 against 297, and above 0.1 gradient descent diverges.",
    ),
    Preset(
        claim="O2", title="Momentum at the same small rate",
        look="At a rate that is far from the best of gradient descent there is no zigzag to average away, and momentum arrives first.",
        settings={"optimizers": ("gd", "momentum"), "rule": "same", "lr": 0.02, "steps": 400},
        carries=("Momentum after 239 steps", "Gradient descent after 297 steps"),
    ),
    Preset(
        claim="O2", title="Momentum at the larger rate it permits",
        look="In a ravine five times as steep gradient descent must creep. With β = 0.9 momentum tolerates 19 times its rate, up to "
        "2(1 + β)/((1 − β)λ), and with some three times the rate it is far ahead.",
        settings={"optimizers": ("gd", "momentum"), "ravine.kappa": 100.0, "momentum.lr": 0.06, "steps": 400,
                  "section": "sensitivity"},
        carries=("Momentum after 90 steps", "Gradient descent after 330 steps"),
    ),
    Preset(
        claim="O2", title="Less momentum in a gentle ravine",
        look="With β = 0.5 momentum tolerates three times the rate of gradient descent and needs about a quarter of its steps. With "
        "β = 0.9 it would swing to and fro for longer: 83 steps at the same rate.",
        settings={"optimizers": ("gd", "momentum"), "momentum.beta": 0.5, "momentum.lr": 0.2, "section": "sensitivity"},
        carries=("Momentum after 17 steps", "Gradient descent after 64 steps"),
    ),
    Preset(
        claim="O2", title="A ball in a bowl",
        look="The slope pushes the ball, v is its speed, and β < 1 acts as friction: it rolls past the bottom 13 times along x before it "
        "is within 0.01 of it. With β nearer to 1 it rolls for longer.",
        settings={"optimizers": ("momentum",), "ravine.kappa": 4.0, "momentum.beta": 0.95, "momentum.lr": 1.0},
        carries=("Momentum after 175 steps",),
        remark="the notes offer the ball as a picture for those whom it helps; the formula does not need it.",
    ),
    Preset(
        claim="O3", title="Without 1 − β the rate must shrink",
        look="Momentum at rate 0.2 and heavy ball at 0.2 (1 − β) = 0.02 are one path: the heavy ball's velocity is 1/(1 − β) = 10 "
        "times as large.",
        settings={"optimizers": ("momentum", "heavy_ball"), "momentum.lr": 0.2, "heavy_ball.lr": 0.02, "step": 10},
        carries=("Momentum and Heavy ball take the same path",),
        slip="the notes let the rate change “according to 1/(1 − β)”; for the same path it is multiplied by 1 − β.",
    ),
    Preset(
        claim="O3", title="Rate and β side by side",
        look="From β = 0.5 to 0.9 the heavy ball's good rates fall by a factor of more than 4; those of momentum move far less.",
        settings={"optimizers": ("momentum", "heavy_ball"), "steps": 100, "section": "rate_beta", "resolution": 48},
        figure="rate_beta_beside", carries=("falls by a factor of 4.",),
    ),
    Preset(
        claim="O3", title="Momentum with bias correction",
        look="Corrected, the first step is as long as that of gradient descent at this rate, and here that is too long. After 50 steps "
        "1 − 0.9⁵⁰ = 0.995, and from then on both rules are all but the same.",
        settings={"optimizers": ("momentum",), "momentum.corrected": True}, carries=("10 times as long",),
        slip="the notes take the start-up to be over after 10 steps; 1 − 0.9¹⁰ = 0.65.",
        remark="as the notes say, people leave the correction out of momentum and sit out the start; Adam has it.",
    ),
    Preset(
        claim="O4", title="RMSprop evens out the directions",
        look="At one and the same rate gradient descent diverges while RMSprop arrives: it divides by the root of S, which is large "
        "across the ravine and small along it.",
        settings={"optimizers": ("gd", "rmsprop"), "rule": "same", "lr": 0.11, "section": "rates"}, figure="rates",
        carries=("10 times as large along x",),
        remark="the square is taken element by element: (dW)², not d(W²). RMSprop was proposed in an online course by Geoffrey Hinton, not "
        "in a paper.",
    ),
    Preset(
        claim="O5", title="Adam is momentum and RMSprop with both corrections",
        look="Adam overshoots as momentum does and scales as RMSprop does. The step below shows both averages and both "
        "corrections.",
        settings={"optimizers": ("momentum", "rmsprop", "adam"), "step": 3}, carries=("Adam after 85 steps",),
        remark="Adam is short for adaptive moment estimation: m estimates the first moment of the gradient, v the second.",
    ),
    Preset(
        claim="O5", title="ε hardly matters",
        look="The steps to the minimum stay the same over more than nine decades of ε.",
        settings={"optimizers": ("rmsprop", "adam"), "section": "epsilon"}, figure="epsilon",
        carries=("for every ε up to 0.00316",),
    ),
    Preset(
        claim="O6", title="A rate that is too low crawls",
        look="The path is smooth, but after 200 steps two thirds of the way along x are still ahead.",
        settings={"optimizers": ("gd",), "gd.lr": 0.002}, carries=("still 2.68 from the nearest minimum after 200 steps",),
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
        carries=("after 50 steps", "keeps circling at distance 0.216"),
    ),
    Preset(
        claim="O6", title="Circling without noise",
        look="Where the surface is not a parabola, a rate just above the limit need not leave: this one jumps to and fro across the "
        "minimum for good, at a width at which the steps fit.",
        settings={"surface": "himmelblau", "optimizers": ("gd",), "gd.lr": 0.0255, "section": "sensitivity"},
        carries=("circles a minimum at distance 0.262",),
    ),
    Preset(
        claim="O8", title="A range test, and what a budget changes",
        look="Left one run whose rate rises until it breaks down; right many runs. With 20 steps the best rate is one that gets there in "
        "time; with 200 a smaller one, which the noise keeps less far from the minimum.",
        settings={"optimizers": ("gd", "rmsprop"), "section": "range_test", "budget": 20, "noise": 1.0}, figure="range_test",
        carries=("Gradient descent", "is 0.0825 with 20 steps and 0.0215 with 200 steps"),
        remark="whoever must stop early needs another rate than somebody who can go on.",
    ),
    Preset(
        claim="A1", title="Stuck with a large gradient",
        look="The loss is flat although the gradient is still large: at exactly 2/λ the path bounces between the walls for good.",
        settings={"optimizers": ("gd",), "gd.lr": 0.1, "section": "sensitivity"},
        carries=("stuck", "gradient norm stays at 40"),
    ),
    Preset(
        claim="A2", title="A rate for each parameter",
        look="μ/σ with σ the root mean square of all gradients so far: small across the ravine, large along it.",
        settings={"optimizers": ("gd", "adagrad_rms"), "section": "rates", "step": 20}, figure="rates",
        carries=("as large along x",), remark="the second notes write μ for the learning rate, the first a or α.",
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
        remark="the notes know of no perfect explanation of why it helps to begin with a small rate; one is to look around the start before "
        "going far.",
    ),
    Preset(
        claim="A4", title="A rise without a fall only postpones it",
        look="With a rise over 15 steps the burst comes at step 90 instead of 35: C, the gradients seen so far, is larger, and (2C/(αλ))² is "
        "about when to expect it.",
        settings=VALLEY | {"adagrad_rms.lr": 0.12, "warmup_steps": 15}, carries=("bursts sideways at step 90", "= 83"),
        remark="what the notes call warm-up is a rise followed by a fall, as in the preset before this one.",
    ),
    Preset(
        claim="A5", title="How RMSprop starts its average",
        look="Started at the first squared gradient, as by the second lecturer, the average makes the first step √0.1 = 0.316 times as long "
        "as from 0, as by the first. For equal gradients the ratio then rises to 0.436, 0.521 and on towards 1.",
        settings={"optimizers": ("rmsprop",), "rmsprop.initial": "first_gradient"}, carries=("0.316 times as long",),
    ),
    Preset(
        claim="A5", title="From μ to RAdam",
        look="μ, then μ/σ, then μ/σ with a moving average, then m in place of g, then a rectified start: each line is one link of "
        "the chain. The rates differ, so compare the paths, not who is first.",
        settings={"optimizers": ("gd", "adagrad_rms", "rmsprop", "adam", "radam"), "section": "rates", "step": 30},
        carries=("Adam after 85 steps",),
        remark="the first notes read RMSprop as turning the gradient, the second as a rate for each direction; it is the same formula. RAdam's "
        "paper rectifies once ρ > 4, optax, as here, once ρ ≥ 5.",
    ),
)  # fmt: skip
