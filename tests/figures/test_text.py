"""Numbers in words read as a person would write them, and the reader of broken forms finds those that do not."""

import math

import pytest
from support.broken_forms import FORMS, broken, sentence_broken, texts

from lrviz.figures.plot import text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"), (-0.0, "0"), (0.34868, "0.349"), (-12.5, "−12.5"), (1234.5, "1,234"), (1235.4, "1,235"), (2e-6, "2 × 10⁻⁶"),
        (1e-6, "10⁻⁶"), (-1e-9, "−10⁻⁹"), (1e7, "10⁷"), (9_999_999, "9,999,999"), (1.5e12, "1.5 × 10¹²"), (0.0001, "0.0001"), (100.0, "100"),
        (0.99999, "1"), (9.9999e-5, "0.0001"), (150.0, "150"), (5e-324, "4.94 × 10⁻³²⁴"),
    ],
)  # fmt: skip
def test_a_number(value, said):
    assert text.number(value) == said


@pytest.mark.parametrize("digits", [1, 2, 4, 6])
@pytest.mark.parametrize("value", [3.14159265, 0.000271828, -12.3456789, 99999.4, 1.999999e-7, 8.7e15])
def test_a_number_keeps_its_value_to_so_many_digits(value, digits):
    plain = text.number(value, digits).replace("−", "-").replace(",", "").replace(" × 10", "e").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))  # fmt: skip
    plain = "1e" + plain[2:] if plain.startswith("10") and "e" not in plain and abs(value) >= 1e7 else plain
    assert math.isclose(float(plain), value, rel_tol=0.5001 * 10 ** (1 - digits))


@pytest.mark.parametrize(
    "form", [text.number, text.whole, text.percent, lambda v: text.fixed(v, 2), lambda v: text.counted(v, "step")]
)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_no_number(form, value):
    with pytest.raises(ValueError, match="must be finite"):
        form(value)


def test_readings_counts_and_lists():
    assert [text.fixed(v, 2) for v in (4.4, -0.004, -0.5, 1234.5)] == ["4.40", "0.00", "−0.50", "1,234.50"]
    assert [text.counted(n, "step") for n in (0, 1, 2, 10_000, 1.25)] == [
        "0 steps", "1 step", "2 steps", "10,000 steps", "1.25 steps",
    ]  # fmt: skip
    assert text.counted(2, "batch", "batches") == "2 batches"
    assert text.counted(0.9996, "epoch") == "1 epoch"
    assert (text.noun(1, "minimum", "minima"), text.noun(2, "minimum", "minima")) == ("minimum", "minima")
    assert [text.listed(w) for w in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert text.listed(["a", "b"], "or") == "a or b"


def test_shares_ratios_and_ranges():
    shares = {
        0: "0 %",
        1: "100 %",
        0.33: "33 %",
        1e-6: "under 0.01 %",
        0.9999: "over 99.9 %",
        0.997: "99.7 %",
        0.004: "0.4 %",
        2.5: "250 %",
    }
    assert {share: text.percent(share) for share in shares} == shares
    assert (text.times_as(3.2, "long"), text.times_as(1.0004, "long")) == ("3.2 times as long", "just as long")
    assert (text.between(4.15, 4.2, "°C"), text.between(4.151, 4.152)) == ("4.15 to 4.2 °C", "4.15")
    assert (text.with_unit("5.75", ""), text.point(-1.0, 0.25)) == ("5.75", "(−1, 0.25)")
    assert [text.duration(s) for s in (3.1e-5, 0.0042, 1.3)] == ["31 µs", "4.2 ms", "1.3 s"]
    assert text.paragraph("One.", "", "Two.") == "One. Two."
    assert [text.apart(a, 0.1) for a in (0.11, 0.1000001, 0.1)] == [
        ("0.11", "0.1"),
        ("0.1000001", "0.1"),
        ("0.1", "0.1"),
    ]


BROKEN = {
    "a hyphen for a minus": "It ends at -0.5.", "minus zero": "It ends at −0 of it.", "an exponent of a programming language": "At 1e-06 it stops.",
    "no number": "F is inf there.", "one of many": "It takes 1 steps.", "many of one": "It takes 12 step.", "one of many, hyphened": "It falls 1-fold.",
    "within nothing": "It is within 0 of it.", "a space too many": "It is 5.75 .", "a stop too many": "It is there..", "LaTeX": r"alpha \alpha is",
    "an identifier": "The batch_size is 2.", "an open slot": "It takes {n}.", "a range from a number to itself": "From 4.15 to 4.15 it is.",
    "digits without end": "It takes 10000 steps.", "a small letter after a full stop": "It ends there. it does.", "an empty quotation": "It says “”.",
}  # fmt: skip


@pytest.mark.parametrize("what", FORMS)
def test_a_broken_form_is_found(what):
    assert any(found.startswith(what + ":") for found in broken(BROKEN[what]))


@pytest.mark.parametrize(
    "sound",
    [
        "On day 180 the divisor 1 − β^t is 0.0396, so 0.8 °F becomes 40.1 °F.",
        "It is 3.1 times as long, grows 2.1-fold, and takes 1 step, 21 steps, 0.1 days or 10,000 steps; 2 to 20 runs, 1.25 epochs.",
        "From −4 to 4 at 2 × 10⁻⁶ (10 % in 1991–2020), from 9.18 to 9.18 × 10⁻⁹.",
        "X{t} has shape (2, 1,000), J{t} is its cost, Y{5,000} the last.",
        "A 2-day memory lets 1 time in 3 through, e.g. in a 20-step run.",
    ],
)
def test_a_sound_sentence_passes(sound):
    assert sentence_broken(sound) == []


def test_a_sentence_begins_and_ends():
    assert sentence_broken("it ends")[0].startswith("begins small")
    assert sentence_broken("It ends")[0].startswith("does not end")


def test_everything_in_a_figure_is_read():
    spec = {
        "data": [{"x": [1e-6], "y": [2.0], "hovertemplate": "x %{x:.3g}<extra></extra>", "text": ["a", "b"]}],
        "layout": {
            "title": {"text": "T"}, "xaxis2": {"title": {"text": "X"}, "ticktext": ["1"]}, "annotations": [{"text": "k    l", "name": "key"}],
            "meta": {"alt": "A", "bar": {"label": "step"}},
        },
    }  # fmt: skip
    assert [found for _, found in texts(spec)] == [
        "T",
        "X",
        "1",
        "k",
        "l",
        "A",
        "step",
        "a",
        "b",
        "x 10⁻⁶<extra></extra>",
    ]
