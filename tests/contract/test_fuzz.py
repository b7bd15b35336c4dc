"""Nothing that a visitor can ask for breaks a page: random legal settings, hostile links, controls and keys pressed blindly.

`make test` tries a few examples of each, always the same ones. LRVIZ_FUZZ=1 tries thousands, new ones each time:

    LRVIZ_FUZZ=1 .venv/bin/python -m pytest -q tests/contract/test_fuzz.py

Legal settings are drawn from the legal range of each Param, its ends and neighbours of its ends included. Only what
costs time (WORK) is drawn small; that its largest legal values cost a bearable time is measured, not tested.
"""

import json
import math
import os
import random
import re
from urllib.parse import urlencode

import numpy as np
import plotly.graph_objects as go
import pytest
from conftest import settle, unfold
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lrviz.figures import gallery_of
from lrviz.lessons import LESSONS
from lrviz.lessons.lesson import COMMON
from lrviz.link import decode, parse, query_string, to_text
from lrviz.params import Param
from lrviz.ui.stage import packed

pytestmark = pytest.mark.thorough

MANY = os.environ.get("LRVIZ_FUZZ") == "1"
PROFILE = {
    "deadline": None,
    "derandomize": not MANY,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate, Phase.shrink),
}

# Legal integers that cost time or memory, and how large they are drawn here.
WORK = {
    "steps": 40, "total": 3000, "resolution": 9, "budget": 30, "basin_grid": 6, "n": 4, "draws": 300, "m": 40,
    "batch_size": 50, "epochs": 3, "replicas": 5,
}  # fmt: skip
HUGE = 1e300
NONSENSE = re.compile(r"\bnan\b|\bNone\b(?! of)|\binf\b|\bnp\.|\[\]|\d{7,} %")


def examples(few, many):
    return settings(max_examples=many if MANY else few, **PROFILE)


# ------------------------------------------------------------------------------------------------------ legal settings


def ends(param):
    """The ends of the legal range, or their nearest neighbours inside it; a huge number where there is no end."""
    low, high = max(param.low, -HUGE), min(param.high, HUGE)
    return (
        float(np.nextafter(low, math.inf) if param.open_low else low),
        float(np.nextafter(high, -math.inf) if param.open_high else high),
    )


def one_number(param):
    low, high = ends(param)
    usual = param.slider or (max(low, -100.0), min(high, 100.0))
    drawn = st.one_of(st.floats(*usual), st.sampled_from((low, high, *usual)), st.floats(low, high))
    return drawn.filter(lambda value: low <= value <= high)


def one_integer(param):
    low, high = int(max(param.low, 0)), int(min(param.high, WORK.get(param.name, 10**15)))
    return st.one_of(st.integers(low, min(high, low + 300)), st.sampled_from((low, high)), st.integers(low, high))


def some_numbers(param):
    most = min(param.longest, 8)
    if type(param) is Param:
        return st.lists(one_number(param), min_size=param.shortest, max_size=most).map(tuple)
    rising = st.lists(one_number(param), max_size=most, unique=True)  # numbers that rise, or pairs of them
    return rising.map(lambda drawn: tuple(sorted(drawn)[: len(drawn) // 2 * 2]))


def some_words(param):
    most = min(param.longest, len(param.options), 3)
    return st.lists(st.sampled_from(param.options), min_size=param.shortest, max_size=most, unique=True).map(tuple)


KINDS = {
    "flag": lambda param: st.booleans(),
    "choice": lambda param: st.sampled_from(param.options),
    "choices": some_words,
    "integer": one_integer,
    "number": one_number,
    "numbers": some_numbers,
}


def legal(param):
    """Any legal value of a Param, its work bounded."""
    drawn = KINDS[param.kind](param)
    return st.none() | drawn if param.optional else drawn


@st.composite
def wanted(draw, lesson):
    """Settings of a lesson: choices first, then numbers that have to do with what was chosen."""
    params = lesson.params
    found = {key: min(params[key].default, most) for key, most in WORK.items() if key in params}
    for likely in (lambda key: "." not in key and params[key].kind.startswith("choice"), bool, bool):
        near = [key for key in relevant(lesson, found) if likely(key)]
        keys = draw(st.lists(st.sampled_from(near), unique=True, max_size=8))
        found |= {key: draw(legal(params[key])) for key in keys}
    return lesson.settings(**found)


def relevant(lesson, found):
    """The keys that belong to no entry, or to one that is chosen."""
    now = lesson.settings(**found)
    chosen = set()
    for key, param in lesson.params.items():
        if param.kind in ("choice", "choices") and key != "keep":
            chosen.update((now[key],) if param.kind == "choice" else now[key])
    return [key for key in lesson.params if set(key.split(".")[:-1]) <= chosen]


def sound(picture, results):
    """Draw one picture of these results and say its sentence."""
    spec = picture.spec(results)
    json.dumps(spec, default=packed, allow_nan=False)
    go.Figure(spec)
    sentence = picture.caption(results)
    assert sentence.strip()
    for text in (sentence, spec["layout"]["title"]["text"], spec["layout"]["meta"]["alt"]):
        assert not NONSENSE.search(text), f"{picture.name}: {text!r}"


def all_sound(name, chosen):
    """Compute, draw and say everything there is for these settings."""
    results = LESSONS[name].compute(chosen)
    for picture in gallery_of(name).values():
        sound(picture, results)


@pytest.mark.parametrize("name", LESSONS)
@given(data=st.data())
@examples(4, 600)
def test_any_legal_settings_compute_draw_and_speak(name, data):
    all_sound(name, data.draw(wanted(LESSONS[name])))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("ewma", {"signal": "ramp"}),  # without noise every day moves alike, and rounding is no movement
        ("schedules", {"curves": ("a",), "a.schedule": "cosine_decay_restarts", "a.cosine_decay_restarts.first_decay_steps": 1e-3}),
        ("ewma", {"signal": "sine", "sine.period": 844866.0}),  # all but straight: every day moves alike
        ("saddles", {"saddle.b": 1.1e-6}),
        ("saddles", {"saddle.gd.lr": 5e-324}),
        ("saddles", {"saddle.b": 6.1, "saddle.rmsprop.lr": 1e6}),
        ("mini_batch", {"gd.lr": 0.0} | {"m": 40, "epochs": 3, "replicas": 5}),
        ("mini_batch", {"gd.lr": 1e300} | {"m": 40, "epochs": 3, "replicas": 5}),
    ],
)  # fmt: skip
def test_what_random_settings_have_broken_once(name, changes):
    all_sound(name, LESSONS[name].settings(**changes))


# ------------------------------------------------------------------------------------------------------- hostile links

HOSTILE = (
    "", " ", "nan", "-nan", "inf", "-inf", "1e999", "-1e999", "1e-999", "0x10", "1_000", "1,5", "-0", "+", "e5", "9" * 400, "None", "null", "true",
    "[]", "{}", "()", "a,a", ",", ",,,", "0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5", "\x00", "\n", "\u202e", "😀", "١٢", "é" * 2001, "x" * 5000,
    "<script>alert(1)</script>", "![](x)", "$\\frac{1}{0}$", ":material/bug:", "{0.__class__}", "%s%n", "'; DROP TABLE students; --", "../../etc/passwd",
    "__import__('os').system('true')", "adma", "gd,gd", "gd,adma",
)  # fmt: skip
STRANGE_KEYS = (
    "",
    "lrs",
    "betta",
    "optimiser",
    "__class__",
    "a",
    "a.",
    ".lr",
    "adam.lr.lr",
    "x" * 300,
    "<b>",
    "\x00",
    "Surface",
    "settings",
)


@st.composite
def links(draw, lesson):
    """The entries of a link: legal ones, hostile ones, and keys that there are not; some of them twice."""
    entries = []
    for key in draw(st.lists(st.sampled_from(list(lesson.params)), max_size=6)):
        legal_text = legal(lesson.params[key]).map(lambda value, key=key: to_text(lesson.params[key], value))
        entries.append((key, draw(legal_text | st.sampled_from(HOSTILE) | st.text(max_size=12))))
    entries += draw(
        st.lists(st.tuples(st.sampled_from(STRANGE_KEYS) | st.text(max_size=6), st.text(max_size=6)), max_size=2)
    )
    return draw(st.permutations(entries))


def refusable(entries, params):
    """How many different keys of a link have something wrong with them, counted without the code that is tested."""
    keys = {key for key, _ in entries}
    good = {key for key in keys if key in params and [k for k, _ in entries].count(key) == 1}
    return len(keys - good), good


@pytest.mark.parametrize("name", LESSONS)
@given(data=st.data())
@examples(12, 2000)
def test_any_link_gives_complete_legal_settings_and_a_sentence_for_each_refusal(name, data):
    params = LESSONS[name].params
    entries = data.draw(links(LESSONS[name]))
    found, problems = decode(parse(urlencode(entries)), params)
    assert list(found) == list(params)
    for key, param in params.items():
        assert param.check(found[key], name) == found[key]
    wrong, readable = refusable(entries, params)
    assert (wrong > 0) <= len(problems) <= min(wrong + len(readable), 8)
    changed = {key for key in params if found[key] != params[key].default}
    assert changed <= readable
    assert all(problem.startswith("link: ") and len(problem) < 3000 for problem in problems)
    assert decode(parse(query_string(found, params)), params) == (found, [])


@pytest.mark.parametrize("name", LESSONS)
@given(text=st.text(max_size=80) | st.text(alphabet="?&=%;+#,.0123456789abcdef", max_size=80))
@examples(20, 2000)
def test_any_text_can_be_read_as_a_link(name, text):
    found, _ = decode(parse(text), LESSONS[name].params)
    assert list(found) == list(LESSONS[name].params)


@pytest.mark.parametrize("name", LESSONS)
def test_a_page_opens_from_any_link_with_one_warning_where_something_was_refused(run_page, name):
    params = LESSONS[name].params

    @given(entries=links(LESSONS[name]))
    @examples(3, 150)
    def opens(entries):
        bounded = [(key, most) for key, most in WORK.items() if key in params and key not in dict(entries)]
        query = urlencode([*entries, *bounded])
        page = run_page(name, query)
        assert not page.exception, query
        assert not page.error, query
        assert len(page.warning) == bool(decode(parse(query), params)[1]), query

    opens()


# ------------------------------------------------------------------------------------------------------------ controls


def touch(app, lesson, chance):
    """Use one of the page's own controls at random; what was done, in words."""
    kinds = (app.selectbox, app.segmented_control, app.toggle, app.multiselect, app.button)
    element = chance.choice([e for e in chance.choice([kind for kind in kinds if len(kind)]) if not e.disabled])
    if element in app.button:
        element.click()
        return f"press {element.label}"
    key = element.key.partition(".")[2]
    param = lesson.params.get(key) or lesson.params[key.rpartition(".")[2]]  # the style is offered with each figure
    if element in app.toggle:
        value = not element.value
    elif element in app.multiselect:
        value = chance.sample(param.options, chance.randint(0, min(3, param.longest, len(param.options))))
    else:
        value = chance.choice(param.options)
    element.set_value(value)
    return f"{element.key} = {value}"


@pytest.mark.parametrize("name", LESSONS)
def test_any_sequence_of_controls_leaves_a_page_that_works(run_page, name):
    lesson = LESSONS[name]
    chance = random.Random(None if MANY else name)
    bounds = {key: min(lesson.params[key].default, most) for key, most in WORK.items() if key in lesson.params}
    for _ in range(20 if MANY else 1):
        app = unfold(run_page(name, query_string(lesson.settings(**bounds), lesson.params)))
        done = []
        for _ in range(60 if MANY else 10):
            done.append(touch(app, lesson, chance))
            app.run()
            assert not app.exception, done
            assert not app.error, done
            assert not app.warning, done
        next(button for button in app.button if button.label == "Reset").click()
        app.run()
        kept = {key for key in app.query_params if key not in COMMON}
        assert not app.exception, done
        assert not kept, done


# ---------------------------------------------------------------------------------------------------------------- keys

FOCUSABLE = (
    ".lrviz-slider input, .lrviz-slider button, .lrviz-bar > button, .lrviz-bar > input, .lrviz-bar > select, .lrviz-bar > label input, "
    ".lrviz-plot[tabindex='0'], .stMain [data-testid='stButtonGroup'] button, .stMain .stSelectbox input, .stMain .stMultiSelect input, "
    ".stMain .stToggle input, .stMain .stExpander summary, .stMain .stPopover button, .stMain .stButton button"
)
# Focus one of what can be seen, in one go: by the next call it may be gone.
FOCUS = """([css, share]) => {
  const there = [...document.querySelectorAll(css)].filter((e) => e.getClientRects().length && getComputedStyle(e).visibility === "visible");
  const one = there[Math.floor(share * there.length)];
  one?.focus();
  return one ? one.ariaLabel ?? one.innerText ?? one.className : "nothing";
}"""
KEYS = (
    *("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown") * 4, "Home", "PageUp", "PageDown", "Shift+ArrowRight", "Space", "Space", "Enter",
    "Enter", "Escape", "Backspace", "Delete", "Tab", "7", "0", ".", "-", "e", "a", "F2", "Control+z",
)  # fmt: skip


def press_blindly(page, chance, times):
    """Random keys on random things that can have the focus; what was pressed."""
    done = []
    for _ in range(times):
        name = page.evaluate(FOCUS, [FOCUSABLE, chance.random()])
        for key in chance.choices(KEYS, k=chance.randint(1, 3)):
            page.keyboard.press(key)
            done.append(f"{name[:40]!r} {key}")
        page.wait_for_timeout(30)
    return done


@pytest.mark.browser
@pytest.mark.parametrize("name", LESSONS)
def test_any_keys_leave_a_page_that_answers(open_page, name):
    lesson = LESSONS[name]
    bounds = {key: min(lesson.params[key].default, most) for key, most in WORK.items() if key in lesson.params}
    page = open_page(f"{name}?{query_string(lesson.settings(**bounds), lesson.params)}")
    page.on("filechooser", lambda chooser: None)
    done = press_blindly(page, random.Random(None if MANY else name), 400 if MANY else 12)
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    settle(page)
    assert page.locator('[data-testid="stException"]').count() == 0, done
    assert page.locator('[data-testid="stAlertContentError"]').all_inner_texts() == [], done
    if f"/{name}" not in page.url:
        page.goto(page.url.rpartition("/")[0] + f"/{name}")
        settle(page)
    full = page.get_by_role("button", name="Open the full page")
    if full.count():
        full.click()
        settle(page)
    page.get_by_role("button", name="Reset", exact=True).click()
    settle(page)
    assert page.locator('[data-testid="stException"]').count() == 0, done
    kept = {key for key, _ in parse(page.url.partition("?")[2])}
    assert kept <= set(COMMON), done
    assert page.locator(".lrviz-stage[data-updates] .main-svg").count() >= 1, done
