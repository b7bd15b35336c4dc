"""The claims P1-P3 as settings of the saddles page."""

from __future__ import annotations

from ..lesson import Preset
from .settings import rate_key

PRESETS = (
    Preset(
        claim="P1", title="The old picture: many local optima",
        look="In two dimensions the minima do trap: at the rates set for the ripples the runs end in a minimum near their start, almost "
        "never in the lowest. The map below runs at five times those rates, where a difference shows.",
        settings={"surface": "ripples", "steps": 100, "step": 100, "section": "local_optima", "watched": "adam"},
        figure="local_optima", carries=("lowest one", "Adam 39 %"),
        remark="The shares depend on the starts: on a grid of 2,001 × 2,001 they are 28 % for Adam, 15 % for momentum and heavy ball, and "
        "4.7 % for gradient descent and RMSprop.",
    ),
    Preset(
        claim="P1", title="The new picture: almost always a saddle",
        look="With eight directions, minima and maxima are the thin bars at the two ends; everything between is a saddle.",
        settings={"section": "dimensions", "n": 8}, figure="directions", carries=("0.9922", "is a saddle"),
    ),
    Preset(
        claim="P2", title="Every direction must curve up",
        look="The three lines are three models of a critical point; only for independent signs is the share of minima 2^−N throughout.",
        settings={"section": "dimensions", "n": 3}, figure="minima", carries=("0.125", "0.02492", "0.1233", "2⁻²⁰⁰⁰⁰"),
        slip="“perhaps 2⁻²⁰⁰⁰⁰”: 2^−N is exact for independent signs, and for a smooth random field at N = 1 and 2. A field's share of "
        "minima stays within a third of it up to N = 8 and falls roughly like e^−N; a random symmetric matrix has far fewer, with N² in "
        "the exponent. These growth laws are leading exponentials only, off by a factor of 2.5 and 3.4 at N = 3 and of 8.7 and 24 at "
        "N = 8; for N = 20,000 no value is computed here.",
    ),
    Preset(
        claim="P3", title="Who leaves the saddle first",
        look="All start at (1, 0.001) with rate 0.05. At step 73 gradient descent is just leaving; momentum takes longer still.",
        settings={"step": 73}, carries=(
            "RMSprop is more than 1 from the ridge after 8 steps", "Adam after 20", "Heavy ball after 27", "Gradient descent after 73",
            "Momentum after 115", "⌈ln(1/0.001)/ln(1 + 0.05 × 2)⌉ = 73"),
        remark="The notes count momentum among the rules that get away sooner. Beside a saddle that takes the larger rate it permits: at the "
        "same rate it leaves later than gradient descent. The name comes from a horse's saddle, which rises to the front and the "
        "back and falls to both sides.",
    ),
    Preset(
        claim="P3", title="Momentum with the larger rate it permits",
        look="Ten times the rate, 0.05/(1 − 0.9), turns momentum into heavy ball: the two paths are one.",
        settings={"step": 27, rate_key("saddle", "momentum"): 0.5}, carries=("Momentum (rate 0.5) after 27", "Heavy ball (rate 0.05) after 27"),
    ),
    Preset(
        claim="P3", title="Exactly on the saddle",
        look="Nothing moves, Adam as little as gradient descent. Give the gradient a little noise and every run leaves.",
        settings={"place": "saddle"}, carries=("At (0, 0) the gradient is zero",),
    ),
    Preset(
        claim="P3", title="Nudged by noise of a millionth",
        look="The same start, with gradient noise of 10⁻⁶: RMSprop and Adam, which divide by the size of the noise, leave at once; the "
        "others leave when the offset that the noise has given them has grown.",
        settings={"place": "saddle", "noise": 1e-6, "steps": 300}, carries=("gradient noise of 10⁻⁶", "RMSprop is more than 1 from the ridge"),
    ),
    Preset(
        claim="P3", title="Below ε/b the adaptive rules wait, too",
        look="With ε = 0.1 the steps of RMSprop and Adam shrink with the gradient once the offset is below 0.05: their lines rise as "
        "gradient descent's does.",
        settings={"rmsprop.eps": 0.1, "adam.eps": 0.1, "offset": 1e-9, "steps": 300}, figure="escape",
        carries=("ε/b = 0.05", "= 2 at each step", "RMSprop 12 to 62"),
    ),
    Preset(
        claim="P3", title="A plateau, then the edge",
        look="The loss stays flat for a long time while the gradient norm is small, until the path reaches the edge and falls.",
        settings={"surface": "plateau", "panel": "loss", "steps": 250, "step": 100},
        carries=("after 163", "That is a plateau"),
    ),
    Preset(
        claim="P3", title="What knocks a run off a plateau: noise",
        look="All start exactly on the ridge, where no gradient points sideways. Without noise they would roll to the saddle and stay; noise "
        "of 0.001 in the gradient pushes every one of them off to one side.",
        settings={"place": "ridge", "noise": 1e-3, "steps": 300, "step": 30}, carries=("From exactly on the ridge", "with gradient noise of 0.001"),
    ),
)  # fmt: skip
