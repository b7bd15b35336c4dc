"""What the page on saddles says of curvature, of many minima and of many dimensions."""

from __future__ import annotations

import numpy as np

from ...dimensions import descent_fraction, exponents
from ...lessons.saddles import Results
from ...lessons.saddles.many import BASIN_STEPS, BASIN_TOLERANCE, FACTORS, coin_shares
from ...lessons.saddles.settings import rate_key
from ..plot.identity import label
from ..plot.text import counted, listed, number, paragraph, percent, point, power, whole

MODELS = {"independent": "independent signs", "goe": "random symmetric matrix", "field": "smooth random field"}
LECTURE_N = 20_000
SHAPES = {
    "minimum": "the surface curves up both ways, as at a minimum",
    "maximum": "the surface curves down both ways, as at a maximum",
    "saddle": "the surface curves up one way and down the other, as at a saddle",
    "degenerate": "one curvature is practically zero, so the second derivatives do not tell the kind of point",
}


# ---- curvature along the path ------------------------------------------------------------------------------------


def meter_title(r: Results) -> str:
    """The two curvatures at the step shown."""
    step, (low, high) = whole(r.drawn[r.shown]), r.meter.values[r.shown]
    where = f"{label(r.settings['watched'])} at step {step}"
    return f"{where}: curvature {number(low)} and {number(high)}" if np.isfinite(low) else f"{where}: diverged"


def meter_caption(r: Results) -> str:
    """The reading at the step shown, and what it means for the optimizer shown."""
    name, at, m = r.settings["watched"], r.shown, r.meter
    step = whole(r.drawn[at])
    if m.kind is None:
        return f"By step {step} {label(name)} has diverged; there is no curvature to read."
    (low, high), (down, up) = m.values[at], m.directions[at]
    return (
        f"At step {step} {label(name)} is at {point(*m.xy[at])}. The eigenvalues of the Hessian there are {number(low)} along "
        f"{_arrow(down)} and {number(high)} along {_arrow(up)}: {SHAPES[m.kind]}. {_stability(r)}"
    )


def _arrow(direction: np.ndarray) -> str:
    """A direction in words; of the two that are the same line, the one to the right (or up)."""
    x, y = np.round(direction, 3)
    sign = -1 if (x, y) < (0, 0) else 1
    return point(sign * x, sign * y)


def _stability(r: Results) -> str:
    m, name = r.meter, label(r.settings["watched"])
    if m.limit is None:
        return f"For {name} no single rate is the limit of stability, since the rule rescales the gradient as it goes."
    limit = float(m.limit[r.shown])
    if not np.isfinite(limit):
        return f"Nothing curves up here, so there is no limit to the rate {number(m.rate)}."
    if m.rate < limit:
        return f"The rate {number(m.rate)} is below {name}'s limit of stability, {number(limit)}, which the upward curvature sets."
    return f"The rate {number(m.rate)} is not below {name}'s limit of stability, {number(limit)}: along the upward curvature the steps do not die away."


# ---- many minima -------------------------------------------------------------------------------------------------


def optima_title(r: Results) -> str:
    """How often the watched rule finds the lowest minimum."""
    name = r.settings["watched"]
    return f"{label(name)}: {percent(r.lotteries[name].result.chosen.share_reaching_best)} of the starts find the lowest minimum"


def optima_caption(r: Results) -> str:
    """Which share of the starts found the lowest minimum, for every optimizer, at these rates and at the page's own."""
    s = r.settings
    found = {name: work.result.chosen.share_reaching_best for name, work in r.lotteries.items()}
    words = listed(
        f"{label(name)} {percent(found[name])} (rate {number(_rate(r, name))})"
        for name in sorted(found, key=lambda n: -found[n])
    )
    minima = len(next(iter(r.lotteries.values())).result.chosen.minima)
    usual = {name: float(work.result.shares[FACTORS.index(1.0)]) for name, work in r.lotteries.items()}
    plain = listed(f"{label(name)} {percent(usual[name])}" for name in sorted(usual, key=lambda n: -usual[n]))
    multiple = counted(s["basin_factor"], "time")
    return paragraph(
        f"Of {s['basin_grid']} × {s['basin_grid']} starts over {counted(minima, 'minimum', 'minima')}, this share ends within "
        f"{number(BASIN_TOLERANCE)} of {'it' if minima == 1 else 'the lowest one'} in {BASIN_STEPS} steps, at {multiple} the learning rates set for the ripples: {words}.",
        f"At those rates themselves: {plain}." if s["basin_factor"] != 1 else "",
        "In many dimensions such minima are rare among the points where the gradient vanishes: see “Many dimensions”.",
    )


def _rate(r: Results, name: str) -> float:
    return r.settings["basin_factor"] * r.settings[rate_key("ripples", name)]


# ---- many dimensions ---------------------------------------------------------------------------------------------


def exact_share(r: Results, model: str) -> float:
    """The exact share of minima in the chosen number of dimensions."""
    return float(r.samples["exact"].result[model][r.settings["n"] - 1])


def sampled_shares(r: Results, model: str) -> tuple[np.ndarray, np.ndarray]:
    """Shares and their standard errors by number of negative directions; the coin's are exact."""
    if model == "independent":
        return coin_shares(r.settings["n"]), np.zeros(r.settings["n"] + 1)
    now = r.samples[model].result
    return now.share, now.error


def minima_caption(r: Results) -> str:
    """The three exact values, what was drawn, and what 2^-N assumes."""
    n, s = r.settings["n"], r.settings
    exacts = listed(
        f"{number(exact_share(r, model), 4)} for {'' if model == 'independent' else 'a '}{name}"
        for model, name in MODELS.items()
    )
    return (
        f"In {counted(n, 'dimension')} the share of minima is exactly {exacts}. Drawing {whole(s['draws'])} matrices gave {_drawn_share(r, 'goe')} "
        f"(symmetric matrix) and {_drawn_share(r, 'field')} (field). 2⁻²⁰⁰⁰⁰ = {_power_of_two()} holds exactly for independent signs only: the "
        f"other two leave fewer minima still (the matrix from N = 2 on, the field from N = 3). How many at N = 20,000 is not computed here: "
        f"the leading exponentials alone are off by a factor of {_error_factors(r, 3)} at N = 3 already and of {_error_factors(r, 8)} at N = 8."
    )


def _power_of_two() -> str:
    """2^-20000, which no float holds, from its logarithm."""
    log10 = exponents(LECTURE_N)["independent"].log10
    whole_part = int(np.floor(log10))
    return f"{number(10 ** (log10 - whole_part), 2)} × {power(10, whole_part)}"


def _error_factors(r: Results, n: int) -> str:
    """By what factors the leading exponentials miss the exact shares: field and matrix."""
    laws = {"field": np.exp(-n), "goe": np.exp(-np.log(3) / 4 * n**2)}
    ratios = {model: laws[model] / r.samples["exact"].result[model][n - 1] for model in laws}
    ends = sorted(max(ratio, 1 / ratio) for ratio in ratios.values())
    return f"{number(ends[0], 2)} (field) and {number(ends[1], 2)} (matrix)"


def _drawn_share(r: Results, model: str) -> str:
    shares, errors = sampled_shares(r, model)
    if shares[0] == 0:
        return f"none, so at most about {number(3 / r.samples[model].result.draws, 2)}"
    return f"{number(shares[0])} ± {number(errors[0], 2)}"


def directions_title(r: Results) -> str:
    """The share of saddles that all three models exceed."""
    n = r.settings["n"]
    if n == 1:
        return "In one dimension there are no saddles"
    least = min(1 - 2 * exact_share(r, model) for model in MODELS)
    return f"In {n} dimensions at least {percent(least, 3)} of the critical points are saddles"


def directions_caption(r: Results) -> str:
    """How many of the critical points are saddles under each model."""
    n = r.settings["n"]
    if n == 1:
        return "In one dimension there are no saddles: every critical point is a minimum or a maximum, half of each."
    saddles = listed(f"{share_text(1 - 2 * exact_share(r, model))} ({name})" for model, name in MODELS.items())
    return (
        f"With {n} directions a point where the gradient vanishes is a saddle, some directions up and some down, in this share of all "
        f"cases: {saddles}. Minima are the leftmost bars, maxima the rightmost."
    )


def share_text(value: float) -> str:
    """A share as a sentence carries it: 0.9922, or 1 − 1.9 × 10⁻⁹ where that rounds to 1."""
    return number(value, 4) if 1 - value >= 1e-4 or value == 1 else f"1 − {number(1 - value, 2)}"


def heights_caption(r: Results) -> str:
    """What share of the directions goes down at high and low critical points."""
    n = r.settings["n"]
    edge = 2 * float(np.sqrt(n))
    low, high = (percent(float(descent_fraction(h, n))) for h in (-edge / 2, edge / 2))
    return (
        f"By the law for many dimensions, in a random field of unit variance with covariance exp(−r²/2), N = {n}: a critical point "
        f"{number(edge / 2)} standard deviations below the mean has about {low} of its directions going down, one as far above it {high}; "
        f"from {number(edge)} below the mean (2√N) on, none do: a minimum. So a descent meets saddles first and minima last."
    )


def model_table(r: Results) -> list[dict[str, str]]:
    """What each model assumes, its exact value here, and how far 2^-20000 goes for it."""
    says = {
        "independent": ("every direction goes up or down with equal chance, whatever the others do", "2^−N, exactly", f"{_power_of_two()}, exactly"),
        "goe": ("entries of the Hessian are independent Gaussians, so eigenvalues repel each other", "leading order e^(−(ln 3)/4 · N²)",
                "far rarer, with N² in the exponent; not computed here"),
        "field": ("the loss is a smooth random surface, all of its critical points counted", "roughly e^−N, within a third of 2^−N up to N = 8",
                  "rarer, roughly e in place of 2; not computed here"),
    }  # fmt: skip
    return [
        {
            "model": name,
            "what it assumes": says[model][0],
            f"minima, N = {r.settings['n']}": number(exact_share(r, model), 4),
            "law": says[model][1],
            "2⁻²⁰⁰⁰⁰ at N = 20,000": says[model][2],
        }
        for model, name in MODELS.items()
    ]
