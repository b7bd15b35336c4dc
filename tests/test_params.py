"""What a parameter takes and what it refuses, kind by kind, with the exact words of each refusal."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.params import Param, choice, choices, decay, flag, integer, number, numbers

LR = number("lr", 0.1, low=0, high=10, open_low=True, log=True, slider=(1e-4, 1))
BETA = decay("beta1", 0.9)
STEPS = integer("steps", 200, low=1, high=10_000)
SWITCH = flag("corrected", True)
UNIT = choice("unit", "C", ("C", "F"))
RULES = choices("optimizers", ("gd", "adam"), ("gd", "momentum", "adam"), shortest=1, longest=2)
BETAS = numbers("betas", (0.5, 0.9), low=0, high=1, open_high=True, shortest=1, longest=3)


def refusal(param, value, who="adam"):
    with pytest.raises(ValueError) as caught:
        param.check(value, who)
    return str(caught.value)


@pytest.mark.parametrize(
    ("param", "value", "words"),
    [
        (BETA, 7, "adam: beta1 must be in [0, 1), got 7"),
        (BETA, 1.0, "adam: beta1 must be in [0, 1), got 1.0"),
        (BETA, -0.1, "adam: beta1 must be in [0, 1), got -0.1"),
        (BETA, math.nan, "adam: beta1 must be in [0, 1), got nan"),
        (BETA, "0.9", "adam: beta1 must be in [0, 1), got '0.9'"),
        (BETA, None, "adam: beta1 must be in [0, 1), got None"),
        (BETA, True, "adam: beta1 must be in [0, 1), got True"),
        (BETA, 1j, "adam: beta1 must be in [0, 1), got 1j"),
        (BETA, [0.1, math.nan], "adam: beta1 must be in [0, 1), got [0.1, nan]"),
        (BETA, [[0.1], [0.2, 0.3]], "adam: beta1 must be in [0, 1), got [[0.1], [0.2, 0.3]]"),
        (BETA, ["a"], "adam: beta1 must be in [0, 1), got ['a']"),
        (LR, 0, "adam: lr must be in (0, 10], got 0"),
        (LR, True, "adam: lr must be in (0, 10], got True"),
        (LR, [True, True], "adam: lr must be in (0, 10], got [True, True]"),
        (LR, math.inf, "adam: lr must be in (0, 10], got inf"),
        (number("x", 0.0), math.inf, "adam: x must be finite, got inf"),
        (number("x", 0.0), math.nan, "adam: x must be finite, got nan"),
        (number("x", 0.0), 10**400, "adam: x must be finite, got " + "1" + "0" * 56 + "..."),
        (number("eps", 1e-8, low=0), -1, "adam: eps must be >= 0, got -1"),
        (number("rate", 1.0, low=0, open_low=True), 0, "adam: rate must be > 0, got 0"),
        (number("x", 0.0, high=2), 3, "adam: x must be <= 2, got 3"),
        (number("x", 0.0, high=2, open_high=True), 2, "adam: x must be < 2, got 2"),
        (number("phi", 0.0, low=-1, high=1, open_low=True, open_high=True), 1, "adam: phi must be in (-1, 1), got 1"),
        (STEPS, 0, "adam: steps must be a whole number in [1, 10000], got 0"),
        (STEPS, 2.5, "adam: steps must be a whole number in [1, 10000], got 2.5"),
        (STEPS, math.nan, "adam: steps must be a whole number in [1, 10000], got nan"),
        (STEPS, math.inf, "adam: steps must be a whole number in [1, 10000], got inf"),
        (STEPS, True, "adam: steps must be a whole number in [1, 10000], got True"),
        (STEPS, [1.0, 2.0], "adam: steps must be a whole number in [1, 10000], got [1.0, 2.0]"),
        (STEPS, [1, 20_000], "adam: steps must be a whole number in [1, 10000], got [1, 20000]"),
        (integer("n", 1, low=0), -3, "adam: n must be a whole number >= 0, got -3"),
        (SWITCH, 1, "adam: corrected must be true or false, got 1"),
        (SWITCH, "yes", "adam: corrected must be true or false, got 'yes'"),
        (UNIT, "K", "adam: unit must be one of C, F, got 'K'"),
        (UNIT, ["C"], "adam: unit must be one of C, F, got ['C']"),
        (RULES, (), "adam: optimizers must be 1 to 2 different words of gd, momentum, adam, got ()"),
        (RULES, ("gd", "gd"), "adam: optimizers must be 1 to 2 different words of gd, momentum, adam, got ('gd', 'gd')"),
        (RULES, ("adma",), "adam: optimizers must be 1 to 2 different words of gd, momentum, adam, got ('adma',)"),
        (RULES, "gd", "adam: optimizers must be 1 to 2 different words of gd, momentum, adam, got 'gd'"),
        (RULES, ("gd", "momentum", "adam"), "adam: optimizers must be 1 to 2 different words of gd, momentum, adam, got ('gd', 'momentum', 'adam')"),
        (RULES, ([],), "adam: optimizers must be 1 to 2 different words of gd, momentum, adam, got ([],)"),
        (BETAS, (), "adam: betas must be 1 to 3 numbers in [0, 1), got ()"),
        (BETAS, (0.5, 1.0), "adam: betas must be 1 to 3 numbers in [0, 1), got (0.5, 1.0)"),
        (BETAS, (0.5, math.nan), "adam: betas must be 1 to 3 numbers in [0, 1), got (0.5, nan)"),
        (BETAS, (0.1,) * 4, "adam: betas must be 1 to 3 numbers in [0, 1), got (0.1, 0.1, 0.1, 0.1)"),
        (BETAS, "0.5", "adam: betas must be 1 to 3 numbers in [0, 1), got '0.5'"),
        (BETAS, 0.5, "adam: betas must be 1 to 3 numbers in [0, 1), got 0.5"),
        (BETAS, ((0.5, 0.6),), "adam: betas must be 1 to 3 numbers in [0, 1), got ((0.5, 0.6),)"),
        (number("target", None, low=0, optional=True), -1, "adam: target must be None or >= 0, got -1"),
        (UNIT, "x" * 100, "adam: unit must be one of C, F, got '" + "x" * 56 + "..."),
    ],
)  # fmt: skip
def test_a_refusal_names_who_the_rule_and_the_value(param, value, words):
    assert refusal(param, value) == words


@pytest.mark.parametrize(
    ("param", "value", "canonical"),
    [
        (BETA, 0, 0.0),
        (BETA, np.float32(0.5), 0.5),
        (LR, 10, 10.0),
        (STEPS, 20.0, 20),
        (STEPS, np.int64(7), 7),
        (STEPS, np.float64(7), 7),
        (SWITCH, np.bool_(False), False),
        (UNIT, "F", "F"),
        (RULES, ["adam", "gd"], ("adam", "gd")),
        (BETAS, [0, 0.5], (0.0, 0.5)),
        (BETAS, np.array([0.25, 0.5]), (0.25, 0.5)),
        (number("target", None, low=0, optional=True), None, None),
        (number("target", None, low=0, optional=True), 2, 2.0),
    ],
)
def test_a_legal_value_comes_back_in_canonical_form(param, value, canonical):
    checked = param.check(value, "adam")
    assert checked == canonical
    assert type(checked) is type(canonical)


def test_a_batch_is_checked_element_by_element_and_comes_back_as_floats_or_whole_numbers():
    batch = BETA.check([[0, 0.5], [0.9, 0.99]], "adam")
    np.testing.assert_array_equal(batch, [[0, 0.5], [0.9, 0.99]])
    assert batch.dtype == BETA.check([0, 0], "adam").dtype == float
    whole = STEPS.check(np.array([1, 10_000]), "adam")
    assert whole.dtype.kind == "i"
    np.testing.assert_array_equal(whole, [1, 10_000])


@pytest.mark.parametrize(
    ("param", "value", "plain"), [(LR, np.array(0.25), 0.25), (STEPS, np.array(7), 7), (STEPS, 7.0, 7), (LR, 1, 1.0)]
)
def test_a_scalar_is_a_plain_number_also_out_of_an_array_without_axes(param, value, plain):
    found = param.check_scalar(value, "adam")
    assert (type(found), found) == (type(plain), plain)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([0.1, 0.2], "adam: lr must be a single number, got an array of shape (2,)"),
        (np.ones((1, 1)), "adam: lr must be a single number, got an array of shape (1, 1)"),
        ([0.1, 20.0], "adam: lr must be in (0, 10], got [0.1, 20.0]"),
        (0.0, "adam: lr must be in (0, 10], got 0.0"),
    ],
)
def test_a_batch_is_refused_where_a_scalar_is_asked_for(value, words):
    with pytest.raises(ValueError) as caught:
        LR.check_scalar(value, "adam")
    assert str(caught.value) == words


def test_a_list_of_values_is_no_batch():
    assert BETAS.check_scalar([0.5, 0.9], "ewma") == (0.5, 0.9)


def test_a_list_of_numbers_holds_plain_floats():
    assert {type(v) for v in BETAS.check(np.array([0.25, 0.5]), "adam")} == {float}


@pytest.mark.parametrize(
    ("param", "bad", "words"),
    [(LR, math.inf, "adam: lr must be in (0, 10], got inf"), (BETA, -2.0, "adam: beta1 must be in [0, 1), got -2.0")],
)
def test_of_an_array_the_first_bad_element_is_named(param, bad, words):
    values = np.full((40, 50), 0.5)
    values[3, 7], values[5, 5] = bad, math.nan
    assert refusal(param, values) == words


def test_a_refusal_is_one_line_and_names_no_more_than_twenty_of_many_words():
    many = choice("key", "k0", tuple(f"k{i}" for i in range(500)))
    assert (
        refusal(many, "x")
        == "adam: key must be one of " + ", ".join(f"k{i}" for i in range(20)) + " and 480 more, got 'x'"
    )
    assert "\n" not in refusal(LR, np.array([["a"] * 9] * 9))


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_number_is_taken_exactly_when_it_lies_in_the_legal_range(value):
    for param, legal in ((BETA, 0 <= value < 1), (LR, 0 < value <= 10), (number("x", 0.0), math.isfinite(value))):
        if legal:
            assert param.check(value, "adam") == value
        else:
            assert refusal(param, value).startswith(f"adam: {param.name} must be ")


@given(st.one_of(st.integers(), st.floats(), st.text(), st.none(), st.lists(st.floats()), st.binary(), st.booleans()))
def test_whatever_is_given_is_taken_or_refused_with_a_value_error(value):
    for param in (LR, STEPS, SWITCH, UNIT, RULES, BETAS):
        try:
            checked = param.check(value, "adam")
        except ValueError as error:
            told = str(error).startswith(f"adam: {param.name} must be {param.rule}, got ")
        else:
            told = np.all(param.check(checked, "adam") == checked)
        assert told


def test_a_default_must_itself_be_legal():
    with pytest.raises(ValueError, match=r"^default: beta must be in \[0, 1\), got 1\.5$"):
        decay("beta", 1.5)
    with pytest.raises(ValueError, match=r"^default: beta1 must be in \[0, 1\), got 2$"):
        BETA.with_default(2)


def test_a_kind_that_does_not_exist_is_refused():
    with pytest.raises(
        ValueError, match=r"^a: kind must be one of number, integer, flag, choice, choices, numbers, got 'x'$"
    ):
        Param(name="a", default=1, kind="x")


def test_with_default_changes_the_default_and_what_is_named_only():
    changed = BETA.with_default(0.5, name="adam.beta1")
    assert (changed.name, changed.default, changed.rule, changed.slider) == ("adam.beta1", 0.5, BETA.rule, BETA.slider)
    assert BETA.default == 0.9


def test_a_label_is_made_from_the_name_where_none_is_given():
    assert number("weight_decay", 0.0).label == "weight decay"
    assert number("weight_decay", 0.0, label="decay").label == "decay"


def test_a_decay_rate_named_by_a_greek_letter_has_it_for_a_symbol():
    assert [decay(name, 0.9).symbol for name in ("beta", "beta2", "rho", "gamma10", "keep")] == [
        "β",
        "β₂",
        "ρ",
        "γ₁₀",
        "keep",
    ]
    assert decay("beta1", 0.9, symbol="b").symbol == "b"
