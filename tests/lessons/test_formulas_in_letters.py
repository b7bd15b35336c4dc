"""Formulas as they are shown, in letters: read back as Python and worked out, they give the value of the rule."""

import math
import re

import pytest

from lrviz.optimizers import OPTIMIZERS
from lrviz.schedules import SCHEDULES


def group(text, at):
    """What stands in the braces that open at `at`, and where the text goes on."""
    depth = 0
    for i in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[i], 0)
        if not depth:
            return text[at + 1 : i], i + 1
    raise ValueError(text)


def python(text, names):
    """LaTeX as Python: fractions, roots, powers, cosines, whole parts; letters become the numbers in `names`."""
    for latex, plain in (
        (r"\left", ""),
        (r"\right", ""),
        (r"\,", " "),
        (r"\ ", " "),
        (r"\tfrac", r"\frac"),
        ("|g|", r"\size "),
    ):
        text = text.replace(latex, plain)
    out, i = [], 0
    while i < len(text):
        for latex, letter in names.items():
            if text.startswith(latex, i) and not (
                latex[-1].isalpha() and latex[0] == "\\" and text[i + len(latex) : i + len(latex) + 1].isalpha()
            ):
                out.append(f" V[{letter!r}] ")
                i += len(latex)
                break
        else:
            if text.startswith(r"\frac", i):
                above, i = group(text, i + 5)
                below, i = group(text, i)
                out.append(f" (({python(above, names)})/({python(below, names)})) ")
            elif text.startswith(r"\sqrt", i):
                inside, i = group(text, i + 5)
                out.append(f" math.sqrt({python(inside, names)}) ")
            elif text[i] == "^":
                if text[i + 1] == "{":
                    inside, i = group(text, i + 1)
                else:
                    inside, i = next(
                        (latex, i + 1 + len(latex)) for latex in (*names, text[i + 1]) if text.startswith(latex, i + 1)
                    )
                out.append(f"**({python(inside, names)}) ")
            elif text.startswith(r"\cos", i):
                out.append(" math.cos * ")
                i += 4
            elif word := re.match(r"\\(min|max|lfloor|rfloor|pi|cdot)(?![a-z])\s*\!?", text[i:].replace(r"\!", "!")):
                out.append(
                    {"lfloor": " math.floor(", "rfloor": ") ", "pi": " math.pi ", "cdot": "*"}.get(
                        word[1], f" {word[1]}"
                    )
                )
                i += len(word[0]) + word[0].count("!")
            else:
                out.append(text[i])
                i += 1
    return product("".join(out))


def product(text):
    """With the signs of multiplication that LaTeX leaves out."""
    value = r"(?:V\['[^']*'\]|\)|\d|math\.pi)"
    for _ in range(2):
        text = re.sub(rf"({value})\s+(?=(?:V\[|\(|\d|math\.|min|max))", r"\1 * ", text)
    text = re.sub(r"(\))(?=(?:V\[|\(|\d|math\.))", r"\1 * ", text)
    return re.sub(r"math\.cos \*\s*(\(\(.*?\)/\(.*?\)\))", r"math.cos(\1)", text)


def worked(formula, names, **values):
    """The value of a formula in letters."""
    return eval(
        python(formula, {latex: latex for latex in names}), {"math": math, "V": names, "min": min, "max": max} | values
    )


@pytest.mark.parametrize("cycle", [False, True])
@pytest.mark.parametrize("n", [0.0, 30.0, 100.0, 101.0, 250.0])
def test_a_polynomial_also_after_its_decay(n, cycle):
    values = {
        "initial_learning_rate": 0.1,
        "decay_steps": 100.0,
        "end_learning_rate": 0.01,
        "power": 0.5,
        "cycle": cycle,
    }
    right = SCHEDULES["polynomial_decay"].formula.partition(" = ")[2].partition(r",\quad")[0].replace("cT", "c T")
    c = max(1, math.ceil(n / 100)) if cycle else 1
    names = {"a_0": 0.1, "a_T": 0.01, "T": 100.0, "c": c, "p": 0.5, "n": n}
    assert worked(right, names) == pytest.approx(SCHEDULES["polynomial_decay"](n, **values), rel=1e-12)


@pytest.mark.parametrize("t", [6, 7, 50, 2000])
def test_radam_from_its_letters(t):
    """One coordinate whose gradient is always g, so that m and v without their start are g and its square."""
    g, alpha, b2 = -0.3, 0.1, 0.999
    parts = dict(part.strip().split(" = ") for part in OPTIMIZERS["radam"].formula.split(r",\quad") if " = " in part)
    names = {r"\beta_2": b2, "t": t}
    names[r"\rho_\infty"] = worked(parts[r"\rho_\infty"], names)
    names[r"\rho_t"] = worked(parts[r"\rho_t"], names)
    shrunk = worked(parts["r_t"], names)
    slots = {"m": (1 - 0.9 ** (t - 1)) * g, "v": (1 - b2 ** (t - 1)) * g * g}
    step, _ = OPTIMIZERS["radam"].rule(0.0, g, slots, t, lr=alpha, beta1=0.9, beta2=b2, eps=0.0)
    assert step == pytest.approx(alpha * shrunk, rel=1e-9)


def test_the_normalised_root_is_named_as_its_source():
    """tensor2tensor: rsqrt_decay is 1/sqrt(max(n, W)); with the factor sqrt(W), as here, it is rsqrt_normalized_decay."""
    entry, n, w = SCHEDULES["rsqrt_decay"], 400.0, 100
    assert entry(n, initial_learning_rate=1.0, warmup_steps=w) == pytest.approx(math.sqrt(w) / math.sqrt(max(n, w)))
    assert "rsqrt_normalized_decay" in entry.source
