"""Critical points in many dimensions: how rare minima are under three models, and what high and low points look like."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...dimensions import descent_fraction, exponents
from ...lessons.saddles import Results
from ...lessons.saddles.many import DIMENSIONS, coin_shares
from ..plot.theme import BLUE, GREEN, INK, MUTED, RED, WIDTH, axis, key_line, spec
from .parts import listed, number
from .race import picture  # the race is the first picture

MODELS = {"independent": "independent signs", "goe": "random symmetric matrix", "field": "smooth random field"}
COLOUR = {"independent": BLUE, "goe": RED, "field": GREEN}
DASH = {"independent": "solid", "goe": "dash", "field": "dot"}
SYMBOL = {"independent": "circle", "goe": "square", "field": "diamond"}
LECTURE_N = 20_000
REACH = 2.6


def share(value: float) -> str:
    """A share as a sentence carries it: 0.9922, or 1 − 1.9e-9 where that rounds to 1."""
    return number(value) if 1 - value >= 1e-4 or value == 1 else f"1 − {number(1 - value, 2)}"


def sampled(r: Results, model: str) -> tuple[np.ndarray, np.ndarray]:
    """Shares and their standard errors by number of negative directions; the coin's are exact."""
    if model == "independent":
        return coin_shares(r.settings["n"]), np.zeros(r.settings["n"] + 1)
    now = r.samples[model].result
    return now.share, now.error


def exact(r: Results, model: str) -> float:
    """The exact share of minima in the chosen number of dimensions."""
    return float(r.samples["exact"].result[model][r.settings["n"] - 1])


# ---- how rare a minimum is ----------------------------------------------------------------------------------


def minima_caption(r: Results) -> str:
    """The three exact values, what was drawn, and what 2^-N assumes."""
    n, s = r.settings["n"], r.settings
    exacts = [
        f"{number(exact(r, model))} for {'a ' if model != 'independent' else ''}{name}"
        for model, name in MODELS.items()
    ]
    log10 = exponents(LECTURE_N)["independent"].log10
    return (
        f"In {n} {'dimension' if n == 1 else 'dimensions'} the share of minima is exactly {listed(exacts)}. "
        f"Drawing {s['draws']:,} matrices gave {_drawn(r, 'goe')} (symmetric) and {_drawn(r, 'field')} (field). "
        f"2^-20000 = 10^{log10:.1f} is exact for independent signs only: the other two leave fewer minima still (the matrix from "
        f"N = 2 on, the field from N = 3), and at N = 20,000 only how fast they fall is known, no value."
    )


def _drawn(r: Results, model: str) -> str:
    shares, errors = sampled(r, model)
    if shares[0] == 0:
        return f"none (so at most about {number(3 / r.samples[model].result.draws, 2)})"
    return f"{number(shares[0], 3)} ± {number(errors[0], 2)}"


@picture(label="How rare a minimum is", caption=minima_caption)
def minima(r: Results) -> dict[str, Any]:
    """The exact share of minima in 1 to 8 dimensions under three models, and what was drawn with its error."""
    data = []
    for model, name in MODELS.items():
        data.append({
            "type": "scatter", "mode": "lines+markers", "x": DIMENSIONS, "y": r.samples["exact"].result[model], "name": name,
            "line": {"color": COLOUR[model], "width": WIDTH, "dash": DASH[model]},
            "marker": {"color": COLOUR[model], "symbol": SYMBOL[model], "size": 8},
            "hovertemplate": f"{name}, N = %{{x}}: %{{y:.4g}}<extra></extra>",
        })  # fmt: skip
    for model, shift in (("goe", -0.13), ("field", 0.13)):
        shares, errors = sampled(r, model)
        data.append({
            "type": "scatter", "mode": "markers", "name": f"{MODELS[model]}, drawn", "x": np.array([r.settings["n"] + shift]),
            "y": np.where(shares[:1] > 0, shares[:1], np.nan),
            "error_y": {"type": "data", "array": 2 * errors[:1], "color": INK, "thickness": 1.6, "width": 6},
            "marker": {"color": INK, "symbol": f"{SYMBOL[model]}-open", "size": 12, "line": {"width": 2, "color": INK}},
            "hovertemplate": "drawn %{y:.4g}<extra></extra>",
        })  # fmt: skip
    key = [(name, COLOUR[model], DASH[model]) for model, name in MODELS.items()]
    logarithmic = axis(
        "share of minima", type="log", range=[-9.5, 0.2], exponentformat="power", dtick=1, tickfont={"size": 12}
    )
    return spec(
        data,
        title="Minima die out, how fast depends on the model",
        alt="Line chart on a log axis of the share of minima among critical points in 1 to 8 dimensions, for three models",
        style=r.settings["style"],
        height=430,
        showlegend=False,
        margin={"t": 84, "l": 76},
        annotations=[key_line([*key, ("drawn, ± 2 standard errors", INK, "marker")], a_line=2)],
        xaxis=axis("dimensions N", range=[0.6, 8.4], dtick=1),
        meta={"narrow": {"yaxis": logarithmic | {"ticklabelposition": "inside", "ticks": ""}}},
        yaxis=logarithmic,
    )


# ---- how many directions go down ----------------------------------------------------------------------------


def directions_caption(r: Results) -> str:
    """How many of the critical points are saddles under each model."""
    n = r.settings["n"]
    saddles = [f"{share(1 - 2 * exact(r, model))} ({name})" for model, name in MODELS.items()]
    if n == 1:
        return "In one dimension there are no saddles: every critical point is a minimum or a maximum, half of each."
    return (
        f"With {n} directions a point where the gradient vanishes is a saddle, some directions up and some down, in "
        f"this share of all cases: {listed(saddles)}; minima are the leftmost bars, maxima the rightmost."
    )


@picture(label="How many directions go down", caption=directions_caption)
def directions(r: Results) -> dict[str, Any]:
    """Shares of critical points by number of negative directions under the three models."""
    n = r.settings["n"]
    data = []
    for model, name in MODELS.items():
        shares, errors = sampled(r, model)
        data.append({
            "type": "bar", "x": np.arange(n + 1), "y": 100 * shares, "name": name,
            "marker": {"color": COLOUR[model], "pattern": {"shape": {"independent": "", "goe": "/", "field": "."}[model], "solidity": 0.35}},
            "error_y": {"type": "data", "array": 200 * errors, "color": INK, "thickness": 1.2, "width": 3},
            "hovertemplate": f"{name}, %{{x}} down: %{{y:.3g}} %<extra></extra>",
        })  # fmt: skip
    return spec(
        data,
        title="Almost every critical point is a saddle" if n > 3 else f"Critical points in {n} {'dimension' if n == 1 else 'dimensions'}",
        alt=f"Bar chart of the share of critical points by number of negative directions, in {n} dimensions, for three models",
        style=r.settings["style"],
        height=400,
        showlegend=False,
        barmode="group",
        margin={"t": 84},
        annotations=[key_line([(name, COLOUR[model], "marker") for model, name in MODELS.items()])],
        xaxis=axis("directions that go down", dtick=1, range=[-0.6, n + 0.6]),
        yaxis=axis("share (%)", rangemode="tozero"),
    )  # fmt: skip


# ---- high and low points ------------------------------------------------------------------------------------


def heights_caption(r: Results) -> str:
    """What share of the directions goes down at high and low critical points."""
    n = r.settings["n"]
    edge = 2 * np.sqrt(n)
    low, high = (float(descent_fraction(h, n)) for h in (-edge / 2, edge / 2))
    return (
        f"In {n} dimensions a critical point {number(edge / 2, 3)} standard deviations below the mean has about {100 * low:.0f} % of "
        f"its directions going down, one as far above it {100 * high:.0f} %; from {number(edge, 3)} below (2√N) on, none: a minimum. "
        f"So a long descent meets saddles first and minima last. (The law is that of many dimensions.)"
    )


@picture(label="High points go down, low ones up", caption=heights_caption)
def index_height(r: Results) -> dict[str, Any]:
    """The fraction of directions that go down against the height of a critical point."""
    n = r.settings["n"]
    edge = 2 * float(np.sqrt(n))
    h = np.linspace(-1.5 * edge, 1.5 * edge, 241)
    curve = {
        "type": "scatter", "mode": "lines", "x": h, "y": 100 * descent_fraction(h, n), "name": "directions that go down",
        "line": {"color": GREEN, "width": WIDTH}, "hovertemplate": "height %{x:.2f}: %{y:.1f} %<extra></extra>",
    }  # fmt: skip
    marks = [{"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": MUTED, "width": 1.2, "dash": "dot"}}
             for x in (-edge, edge)]  # fmt: skip
    notes = [
        {
            "x": -edge,
            "y": 0.97,
            "yref": "paper",
            "text": "minima",
            "xanchor": "right",
            "showarrow": False,
            "xshift": -6,
        },
        {"x": edge, "y": 0.03, "yref": "paper", "text": "maxima", "xanchor": "left", "showarrow": False, "xshift": 6},
    ]
    return spec(
        [curve],
        title="High critical points have many ways down, low ones few",
        alt=f"Line chart of the share of directions that go down against the height of a critical point, for N = {n}",
        style=r.settings["style"],
        height=380,
        showlegend=False,
        annotations=notes,
        shapes=marks,
        xaxis=axis("height (standard deviations of the field)", range=[-1.5 * edge, 1.5 * edge]),
        yaxis=axis("directions that go down (%)", range=[-3, 103]),
    )


def model_table(r: Results) -> list[dict[str, str]]:
    """What each model assumes, its exact value here, and how far 2^-20000 goes for it."""
    log10 = exponents(LECTURE_N)["independent"].log10
    says = {
        "independent": ("every direction tosses its own coin", "2^-N, exactly", f"10^{log10:.1f}, exactly"),
        "goe": ("entries of the Hessian are independent Gaussians, so eigenvalues repel", "order e^(-(ln 3)/4 · N²)",
                "far rarer: N² in the exponent; no value known"),
        "field": ("the loss is a smooth random landscape, all critical points counted", "order e^-N",
                  "rarer: e for 2 in the base, roughly; no value known"),
    }  # fmt: skip
    return [
        {
            "model": name,
            "it assumes": says[model][0],
            f"minima, N = {r.settings['n']}": number(exact(r, model), 5),
            "law": says[model][1],
            "2^-20000 at N = 20,000": says[model][2],
        }
        for model, name in MODELS.items()
    ]
