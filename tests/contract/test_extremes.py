"""At the ends of every legal range the arithmetic holds: no warning (they are errors here), no inf, nan or array in words.

Every setting alone at either end of its range, pairs of them and whole hostile links at random: a seeded handful, thousands
under LRVIZ_FUZZ=1. Settings that cost are small; what still costs is left out by its estimate.
"""

import json
import math
import os
import random
import re

import numpy as np
import pytest

from lrviz.figures import gallery_of
from lrviz.lessons import LESSONS
from lrviz.link import decode, parse, to_text
from lrviz.params import Param
from lrviz.ui.stage import packed

pytestmark = pytest.mark.thorough

MANY = os.environ.get("LRVIZ_FUZZ") == "1"
SMALL = {"steps": 40, "total": 1000, "resolution": 8, "budget": 30, "m": 40, "batch_size": 8, "epochs": 3, "replicas": 5,
         "draws": 200, "basin_grid": 6}  # fmt: skip
CHEAP = 0.3  # seconds that a figure may cost here
HUGE = 1e300
WRONG = re.compile(r"\bnan\b|\binf\b|array\(|shape=|\bnp\.")
HOSTILE = ("", "nan", "-inf", "1e999", "-1e999", "1e-999", "9" * 400, "1e308", "-1e308", "5e-324", "0", "-0", "1e15", "None", ",", "a,a", "0,0,0,0",
           "x" * 3000, "\x00", "é", "[x](y)", "gd,gd", "adam,gd,rmsprop,adamw,radam,nadam", "1", "0.5", "2", "100")  # fmt: skip
NAMED = [  # what has once let a warning, an error or an array through
    ("schedules", "b.schedule=polynomial_decay&b.polynomial_decay.power=2.5&c.cosine_decay_restarts.initial_learning_rate=1e308"),
    ("schedules", "fairness=same_area&a.cosine_decay.initial_learning_rate=4e299"),
    ("schedules", "fairness=same_area&b.schedule=constant&b.constant.initial_learning_rate=1000000"),
    ("schedules", "fairness=same_peak&a.cosine_decay.initial_learning_rate=0"),
    ("schedules", "a.schedule=piecewise_constant_decay&a.piecewise_constant_decay.values=1e308,1e308,1e308&a.warmup=10"),
    ("schedules", "a.schedule=exponential_decay&a.exponential_decay.decay_rate=1e300&a.exponential_decay.decay_steps=1e-300"),
    ("trajectories", "surface=saddle&saddle.a=1000000&saddle.b=10&optimizers=gd,adam,adagrad_rms&noise=1000000"),
    ("trajectories", "surface=saddle&saddle.b=0.05&optimizers=adagrad_rms"),
    ("schedules", "curves=a&a.cosine_decay.initial_learning_rate=5e-324"),
    ("schedules", "curves=a&a.schedule=linear_cosine_decay&a.linear_cosine_decay.num_periods=1e308"),
    ("mini_batch", "schedule=exponential_decay&exponential_decay.decay_rate=1e300"),
    ("mini_batch", "section=noise&decay=exponential_decay&exponential_decay.decay_rate=1e300"),
    ("mini_batch", "section=regularisation&l2=5e-324"),
    ("mini_batch", "section=noise&decay=noisy_linear_cosine_decay&gd.lr=5e-324&schedule=step_decay"),
    ("mini_batch", "decay=exponential_decay&exponential_decay.decay_rate=100&exponential_decay.decay_steps=0.001"),
]  # fmt: skip


def ends(param):
    """The ends of a legal range, or their nearest neighbours inside it; a huge number where there is no end."""
    low, high = max(param.low, -HUGE), min(param.high, HUGE)
    if param.kind == "integer":
        return int(max(low, -(10**15))), int(min(high, SMALL.get(param.name, 10**15)))
    return (
        float(np.nextafter(low, math.inf) if param.open_low else low),
        float(np.nextafter(high, -math.inf) if param.open_high else high),
    )


def at_ends(param):
    """The values of a setting that lie at an end of its range."""
    if param.kind in ("number", "integer"):
        return ends(param)
    if param.kind == "numbers" and type(param) is Param:
        return tuple((end,) * max(param.shortest, 2) for end in ends(param))
    return ()


def chosen_by(lesson, key):
    """What must be chosen for a setting to matter: "adam.beta1" only does where Adam runs."""
    found = {}
    for word in key.split(".")[:-1]:
        for name, param in lesson.params.items():
            if param.kind in ("choice", "choices") and name != "keep" and word in param.options and "." not in name:
                found[name] = word if param.kind == "choice" else (word,)
    letter, *rest = key.split(".")
    if len(rest) == 2 and f"{letter}.schedule" in lesson.params:
        found[f"{letter}.schedule"] = rest[0]
    return found


def small(lesson):
    return {key: min(lesson.params[key].default, most) for key, most in SMALL.items() if key in lesson.params}


def sound(lesson, settings, figures):
    """Compute, draw and say these figures."""
    results = lesson.compute(settings)
    for name in figures:
        if lesson.cost(settings, name).seconds > CHEAP:
            continue
        picture = gallery_of(lesson.name)[name]
        spec = picture.spec(results)
        json.dumps(spec, default=packed, allow_nan=False)
        for text in (picture.caption(results), spec["layout"]["title"]["text"], spec["layout"]["meta"]["alt"]):
            assert not WRONG.search(text), (name, text)


@pytest.mark.parametrize("name", LESSONS)
def test_every_setting_alone_at_either_end_of_its_range(name):
    lesson, main = LESSONS[name], LESSONS[name].main
    for key, param in lesson.params.items():
        if re.match(r"[b-h]\.", key):  # letters of a page are alike
            continue
        for value in at_ends(param):
            settings = lesson.settings(**(small(lesson) | chosen_by(lesson, key) | {key: value}))
            try:
                sound(lesson, settings, [main])
            except Exception as error:
                raise AssertionError(f"{key} = {value}") from error


@pytest.mark.parametrize("name", LESSONS)
def test_pairs_at_their_ends_in_every_figure(name):
    lesson, chance = LESSONS[name], random.Random(None if MANY else name)
    keys = [key for key, param in lesson.params.items() if at_ends(param)]
    for _ in range(2000 if MANY else 8):
        pair = chance.sample(keys, 2)
        wanted = small(lesson)
        for key in pair:
            wanted |= chosen_by(lesson, key)
        wanted |= {key: chance.choice(at_ends(lesson.params[key])) for key in pair}
        try:
            sound(lesson, lesson.settings(**wanted), gallery_of(name))
        except Exception as error:
            raise AssertionError(str({key: wanted[key] for key in pair})) from error


def hostile(lesson, chance):
    """The entries of a link that means harm: settings at their ends, nonsense, keys that there are not."""
    keys = list(lesson.params)
    entries = []
    for key in chance.choices(keys, k=chance.randint(1, 8)):
        values = at_ends(lesson.params[key])
        legal = [to_text(lesson.params[key], value) for value in values] + list(lesson.params[key].options)
        entries.append(
            (chance.choice((key, key, key, key + "x", "~" + key)), chance.choice([*legal, *legal, *HOSTILE]))
        )
        entries += [(word, to_text(lesson.params[word], v)) for word, v in chosen_by(lesson, key).items()]
    return dict(chance.choices(entries, k=len(entries))).items()


@pytest.mark.parametrize("name", LESSONS)
def test_a_hostile_link_is_read_computed_and_put_in_words(name):
    lesson, chance, main = LESSONS[name], random.Random(None if MANY else name), LESSONS[name].main
    bounds = [(key, to_text(lesson.params[key], value)) for key, value in small(lesson).items()]
    for _ in range(10_000 if MANY else 40):
        entries = dict([*bounds, *hostile(lesson, chance)])
        settings, problems = decode(entries.items(), lesson.params)
        assert len("; ".join(problems)) < 1500
        if lesson.cost(settings, main).seconds <= CHEAP:
            try:
                sound(lesson, settings, [main])
            except Exception as error:
                raise AssertionError(str(entries)) from error


@pytest.mark.parametrize(("name", "query"), NAMED)
def test_what_has_once_let_a_warning_or_an_array_through(name, query):
    lesson = LESSONS[name]
    settings, _ = decode([*small_entries(lesson), *parse(query)], lesson.params)
    sound(lesson, settings, gallery_of(name))


def small_entries(lesson):
    return [(key, to_text(lesson.params[key], value)) for key, value in small(lesson).items()]
