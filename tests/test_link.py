"""Settings to query string and back: exact for every setting of every lesson, and one sentence for whatever is wrong."""

import difflib
import math
from itertools import count, pairwise
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrviz.lessons import LESSONS
from lrviz.link import decode, encode, from_text, parse, query_string, to_text
from lrviz.params import Param, choice, choices, decay, flag, integer, number, numbers

EWMA = LESSONS["ewma"]
TOY = {
    p.name: p
    for p in (
        number("lr", 0.1, low=0, open_low=True),
        decay("beta", 0.9),
        integer("steps", 200, low=1, high=10_000),
        flag("corrected", True),
        choice("unit", "C", ("C", "F")),
        choices("rules", ("gd",), ("gd", "momentum", "adam"), shortest=1, longest=2),
        numbers("betas", (0.5, 0.9), low=0, high=1, open_high=True, shortest=1, longest=3),
        number("target", None, low=0, optional=True),
    )
}


def defaults(params):
    return {key: param.default for key, param in params.items()}


def legal(param):
    """Every value that a Param takes, as hypothesis draws them."""
    low, high = (None if math.isinf(end) else end for end in (param.low, param.high))
    number = st.floats(
        low, high, exclude_min=param.open_low, exclude_max=param.open_high, allow_nan=False, allow_infinity=False
    )
    whole = st.integers(
        -(10**18) + 1 if low is None else math.ceil(low), 10**18 - 1 if high is None else math.floor(high)
    )
    words = st.permutations(param.options).map(tuple) if param.options else st.nothing()
    some = st.lists(number, min_size=param.shortest, max_size=param.longest)
    if type(param) is not Param:  # lists with a rule of their own: rising numbers, or pairs of them
        some = st.lists(number, min_size=param.shortest, max_size=param.longest, unique=True).map(
            lambda drawn: sorted(drawn)[: len(drawn) // 2 * 2]
        )
    values = {
        "number": number,
        "integer": whole,
        "flag": st.booleans(),
        "choice": st.sampled_from(param.options or ("",)),
        "choices": st.tuples(words, st.integers(param.shortest, min(param.longest, len(param.options)))).map(
            lambda pair: pair[0][: pair[1]]
        ),
        "numbers": some.map(tuple),
    }[param.kind]
    return st.none() | values if param.optional else values


def through_an_address(params, wanted):
    """The settings after a round trip through a query string, and what was complained of."""
    return decode(parse(query_string(wanted, params)), params)


def shapes():
    """One Param of every distinct shape that the lessons use: hundreds of settings differ in nothing but their names."""
    found = {}
    for lesson in LESSONS.values():
        for key, param in lesson.params.items():
            span = (param.low, param.high, param.open_low, param.open_high, param.shortest, param.longest)
            found.setdefault((type(param), param.kind, *span, param.options, param.optional), (key, param))
    return [pytest.param(param, id=key) for key, param in found.values()]


@pytest.mark.parametrize("param", shapes())
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_every_value_of_every_setting_comes_back_exactly(param, data):
    value = data.draw(legal(param))
    text = to_text(param, value)
    assert from_text(param, text, "link") == value
    back, problems = through_an_address({param.name: param}, {param.name: value})
    assert problems == []
    assert back == {param.name: value}
    assert type(back[param.name]) is type(param.check(value, "link"))


@pytest.mark.parametrize("name", LESSONS)
@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_many_settings_of_a_lesson_travel_together(name, data):
    params = LESSONS[name].params
    keys = data.draw(st.lists(st.sampled_from(list(params)), max_size=8, unique=True))
    wanted = defaults(params) | {key: data.draw(legal(params[key])) for key in keys}
    back, problems = through_an_address(params, wanted)
    assert problems == []
    assert back == wanted


@pytest.mark.parametrize("name", LESSONS)
def test_nothing_stands_in_a_link_for_what_is_at_its_default(name):
    params = LESSONS[name].params
    assert query_string(defaults(params), params) == ""
    assert decode([], params) == (defaults(params), [])


@pytest.mark.parametrize("name", LESSONS)
def test_every_preset_travels(name):
    lesson = LESSONS[name]
    for preset in lesson.presets:
        wanted = lesson.settings(**preset.settings)
        assert through_an_address(lesson.params, wanted) == (wanted, [])


def test_a_link_is_written_in_words_and_plain_numbers():
    wanted = EWMA.settings(betas=(0.9, 0.98), corrected=True, unit="F", day=7, keep=("betas", "day"))
    assert encode(wanted, EWMA.params) == {
        "betas": "0.9,0.98",
        "corrected": "1",
        "unit": "F",
        "day": "7",
        "keep": "betas,day",
    }
    assert query_string(wanted, EWMA.params) == "betas=0.9,0.98&corrected=1&unit=F&day=7&keep=betas,day"


@pytest.mark.parametrize(
    ("value", "text"), [(0.1, "0.1"), (3.0, "3"), (1e-8, "1e-08"), (1e22, "1e+22"), (0.1 + 0.2, "0.30000000000000004")]
)
def test_a_number_is_written_so_that_it_can_be_read_back_and_no_longer(value, text):
    assert to_text(TOY["lr"], value) == text
    assert from_text(TOY["lr"], text, "link") == value


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("lr=fast", "link: lr must be > 0, got 'fast'"),
        ("lr=0", "link: lr must be > 0, got 0.0"),
        ("lr=-1", "link: lr must be > 0, got -1.0"),
        ("lr=", "link: lr must be > 0, got ''"),
        ("lr=nan", "link: lr must be > 0, got 'nan'"),
        ("lr=inf", "link: lr must be > 0, got 'inf'"),
        ("lr=1e999", "link: lr must be > 0, got inf"),
        ("lr=1_000", "link: lr must be > 0, got '1_000'"),
        ("lr=0x10", "link: lr must be > 0, got '0x10'"),
        ("lr=%201", "link: lr must be > 0, got ' 1'"),
        ("lr=1,5", "link: lr must be > 0, got '1,5'"),
        ("lr=%D9%A1", "link: lr must be > 0, got '١'"),
        ("beta=1", "link: beta must be in [0, 1), got 1.0"),
        ("steps=2.5", "link: steps must be a whole number in [1, 10000], got '2.5'"),
        ("steps=1e3", "link: steps must be a whole number in [1, 10000], got '1e3'"),
        ("steps=0", "link: steps must be a whole number in [1, 10000], got 0"),
        ("steps=" + "9" * 30, f"link: steps must be a whole number in [1, 10000], got '{'9' * 30}'"),
        ("steps=1_0", "link: steps must be a whole number in [1, 10000], got '1_0'"),
        ("steps=%E0%A5%A7", "link: steps must be a whole number in [1, 10000], got '१'"),
        ("corrected=yes", "link: corrected must be true or false, got 'yes'"),
        ("corrected=", "link: corrected must be true or false, got ''"),
        ("unit=K", "link: unit must be one of C, F, got 'K'"),
        ("unit=c", "link: unit must be one of C, F, got 'c'"),
        ("rules=gd,adma", "link: rules must be 1 to 2 different words of gd, momentum, adam, got ('gd', 'adma')"),
        ("rules=gd,gd", "link: rules must be 1 to 2 different words of gd, momentum, adam, got ('gd', 'gd')"),
        ("rules=", "link: rules must be 1 to 2 different words of gd, momentum, adam, got ()"),
        ("betas=0.5,,0.9", "link: betas must be 1 to 3 numbers in [0, 1), got '0.5,,0.9'"),
        ("betas=0.5,nan", "link: betas must be 1 to 3 numbers in [0, 1), got '0.5,nan'"),
        ("betas=0.5,1", "link: betas must be 1 to 3 numbers in [0, 1), got (0.5, 1.0)"),
        ("betas=", "link: betas must be 1 to 3 numbers in [0, 1), got ()"),
        ("betas=0,0,0,0", "link: betas must be 1 to 3 numbers in [0, 1), got (0.0, 0.0, 0.0, 0.0)"),
        ("target=-1", "link: target must be None or >= 0, got -1.0"),
        ("target=None", "link: target must be None or >= 0, got 'None'"),
        ("stpes=5", "link: no setting is called 'stpes'; did you mean 'steps'?"),
        ("zzz=5", "link: no setting is called 'zzz'"),
        ("=5", "link: no setting is called ''"),
        ("q" * 90 + "=5", f"link: no setting is called '{'q' * 37}...'"),
        ("beta=0.5&beta=0.6", "link: beta must be given once, got it 2 times"),
        ("beta=0.5&beta=0.5&beta=0.5", "link: beta must be given once, got it 3 times"),
        ("unit=" + "K" * 2001, "link: unit must be at most 2000 characters, got 2001"),
        ("betas=" + "0," * 5000, "link: betas must be at most 2000 characters, got 10000"),
        ("unit=" + "K" * 90, f"link: unit must be one of C, F, got '{'K' * 56}..."),
    ],
)
def test_a_bad_entry_is_named_in_one_sentence_and_the_rest_is_honoured(query, sentence):
    back, problems = decode(parse(f"steps=321&{query}" if not query.startswith("steps") else query), TOY)
    assert problems == [sentence]
    expected = defaults(TOY) | ({"steps": 321} if not query.startswith("steps") else {})
    assert back == expected


def test_every_bad_entry_gets_its_own_sentence():
    back, problems = decode(parse("?lr=nan&unit=F&beta=2&nonsense=1&steps=7&steps=8"), TOY)
    assert [p.split(" must")[0] for p in problems] == [
        "link: lr", "link: beta", "link: no setting is called 'nonsense'", "link: steps",
    ]  # fmt: skip
    assert back == defaults(TOY) | {"unit": "F"}


@pytest.mark.parametrize("name", LESSONS)
def test_a_thousand_unknown_settings_cost_three_searches_and_a_few_words(name, monkeypatch):
    params = LESSONS[name].params
    searched = []
    near = difflib.get_close_matches
    monkeypatch.setattr(
        difflib, "get_close_matches", lambda word, *rest, **more: searched.append(word) or near(word, *rest, **more)
    )
    keys = [f"{key}{i}" for i in range(999) for key in list(params)[i % len(params) : i % len(params) + 1]]
    back, problems = decode([("text", "0"), *((key, "1") for key in keys)], params)
    assert back == defaults(params) | {"text": False}
    assert searched == keys[:3]
    assert problems[-1] == "link: 996 more settings that this page does not have"
    assert len("; ".join(problems)) < 500


@pytest.mark.parametrize("name", LESSONS)
def test_a_link_with_everything_wrong_is_refused_in_a_few_sentences(name):
    params = LESSONS[name].params
    for value in ("~", "~" * 1999, "~" * 100_000, "9" * 400, ",".join("a" * 900)):
        keys = [key for key in params if params[key].kind != "flag"]
        back, problems = decode([(key, value) for key in keys], params)
        assert back == defaults(params)
        assert problems[3:] == [f"link: {len(keys) - 3} more settings with a bad value"]
        assert len("; ".join(problems)) < 1200
    _, problems = decode([("keep", "~")], params)
    assert len(problems[0]) < 600


def test_one_more_is_one_more():
    _, problems = decode(parse("z1=1&z2=1&z3=1&z4=1&lr=a&beta=a&steps=a&unit=a&corrected=1"), TOY)
    assert problems[-2:] == [
        "link: 1 more setting with a bad value",
        "link: 1 more setting that this page does not have",
    ]
    assert len(problems) == 8
    _, problems = decode(parse("z1=1&z2=1&z3=1&lr=a&beta=a&steps=a"), TOY)
    assert len(problems) == 6


def test_only_the_first_thousand_entries_are_read():
    back, problems = decode([("beta", "0.5"), *[("zzz", "1")] * 999, ("lr", "7")], TOY)
    assert back == defaults(TOY) | {"beta": 0.5}
    assert problems == ["link: no setting is called 'zzz'", "link: only the first 1000 entries are read"]
    assert all(len(lesson.params) < 1000 for lesson in LESSONS.values())
    endless = ((f"k{i}", "1") for i in count())
    assert len(decode(endless, TOY)[1]) == 5


def test_an_optional_setting_is_blank_in_the_link_where_it_is_not_set():
    params = {"rate": number("rate", 0.1, low=0, optional=True)}
    assert query_string({"rate": None}, params) == "rate="
    assert decode(parse("rate="), params) == ({"rate": None}, [])


@given(st.text(max_size=200))
def test_any_text_gives_settings_and_sentences_never_an_exception(text):
    for query in (text, *(f"{key}={text}" for key in TOY)):
        back, problems = decode(parse(query), TOY)
        assert back.keys() == TOY.keys()
        assert all("\n" not in problem and problem.startswith("link: ") for problem in problems)


@given(st.lists(st.tuples(st.sampled_from(list(TOY)) | st.text(max_size=20), st.text(max_size=60)), max_size=6))
def test_any_entries_give_legal_settings(entries):
    back, problems = decode(entries, TOY)
    for key, param in TOY.items():
        assert param.check(back[key], "test") == back[key]
    assert len(problems) <= len(dict(entries))


@given(st.tuples(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True)))
def test_neighbouring_floats_stay_apart(pair):
    values = sorted({*pair, math.nextafter(pair[0], 0), math.nextafter(pair[0], 0.5)})
    texts = [to_text(TOY["beta"], value) for value in values]
    assert all(a != b for a, b in pairwise(texts))


def test_what_a_browser_escapes_is_read_the_same():
    wanted = EWMA.settings(betas=(0.25, 1e-7), section="window")
    escaped = urlencode(encode(wanted, EWMA.params))
    assert "%2C" in escaped
    assert decode(parse(escaped), EWMA.params) == (wanted, [])
    assert decode(parse("?" + query_string(wanted, EWMA.params)), EWMA.params) == (wanted, [])
