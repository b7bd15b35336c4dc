"""The claims P1-P3 as settings of the saddles page."""

from __future__ import annotations

from ..lesson import Preset
from .settings import rate_key

PRESETS = (
    Preset(
        claim="P1", title="The old picture: many local optima",
        look="In two dimensions the dimples do trap: at their usual rates all five rules stay in the dimple they start in. The "
        "section below runs at five times those rates, where a difference shows.",
        settings={"surface": "ripples", "steps": 100, "step": 100, "section": "local_optima", "watched": "adam"},
        figure="local_optima", carries=("best one", "39.1 %"),
    ),
    Preset(
        claim="P1", title="The new picture: almost always a saddle",
        look="With eight directions, minima and maxima are the thin bars at the two ends; everything between is a saddle.",
        settings={"section": "dimensions", "n": 8}, figure="directions", carries=("0.9922", "is a saddle"),
    ),
    Preset(
        claim="P2", title="Every direction must curve up",
        look="The three lines are three ideas of what a critical point is; only for one of them is the share of minima 2^-N.",
        settings={"section": "dimensions", "n": 3}, figure="minima", carries=("0.125", "0.02492", "0.1233", "2^-20000"),
        slip="2^-N is exact for independent signs, and for a smooth random field at N = 1 and 2. A random symmetric matrix is "
        "positive far more rarely, with N² in the exponent; over a field the share falls roughly like e^-N. Where they can be "
        "checked, these growth laws are off by 10 and more, so none of them gives a number for N = 20,000.",
    ),
    Preset(
        claim="P3", title="Who leaves the saddle first",
        look="All start at (1, 0.001) with rate 0.05. At step 73 gradient descent is just leaving; momentum is still to come.",
        settings={"step": 73}, carries=(
            "RMSprop is further than 1 from it after 8 steps", "Adam after 20", "Heavy ball after 27", "Gradient descent after 73",
            "Momentum after 115", "⌈ln(1/0.001)/ln(1 + 0.05 × 2)⌉ = 73"),
        slip="momentum averages the gradient and does not enlarge it: at the same rate it leaves later than gradient descent.",
    ),
    Preset(
        claim="P3", title="Momentum with the larger rate it permits",
        look="Ten times the rate, 0.05/(1 − 0.9), turns momentum into heavy ball: the two paths are one.",
        settings={"step": 27, rate_key("saddle", "momentum"): 0.5}, carries=("Momentum (rate 0.5) after 27", "Heavy ball (rate 0.05) after 27"),
    ),
    Preset(
        claim="P3", title="Exactly on the saddle",
        look="Nothing moves, Adam as little as gradient descent. Give the gradient a little noise and the race is on.",
        settings={"place": "saddle"}, carries=("Exactly on the saddle the gradient is zero",),
    ),
    Preset(
        claim="P3", title="Nudged by noise of a millionth",
        look="The same start, with gradient noise of 1e-6: RMSprop and Adam make a stride of it, the others wait for it to grow.",
        settings={"place": "saddle", "noise": 1e-6, "steps": 300}, carries=("gradient noise of 1e-6", "RMSprop is further than 1"),
    ),
    Preset(
        claim="P3", title="Below ε/b the adaptive rules wait, too",
        look="With ε = 0.1 RMSprop and Adam notice how small the gradient is once the offset is below 0.05: their lines rise as "
        "gradient descent's does.",
        settings={"rmsprop.eps": 0.1, "adam.eps": 0.1, "offset": 1e-9, "steps": 300}, figure="escape",
        carries=("ε/b = 0.05", "= 2 times a step", "RMSprop 12 to 62"),
    ),
    Preset(
        claim="P3", title="A plateau, then the edge",
        look="The loss is flat for long and the gradient norm small: not walls but a shelf. Rates are the usual ones here.",
        settings={"surface": "plateau", "panel": "loss", "steps": 250, "step": 100},
        carries=("after 163", "That is a plateau"),
    ),
)  # fmt: skip
