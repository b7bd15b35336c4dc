"""What was registered from outside, walked through everything that makes something of an entry; run by test_outside.py."""

from __future__ import annotations

import re

import numpy as np
import pytest

from lrviz.figures import gallery_of
from lrviz.figures.files import RenderOptions, content
from lrviz.figures.plot.identity import identity
from lrviz.figures.schedules import formulas
from lrviz.figures.trajectories import step_formula, step_table
from lrviz.figures.trajectories.formula import equations
from lrviz.lessons import LESSONS
from lrviz.lessons.schedules.snippets import LIBRARY, code
from lrviz.link import decode, parse, query_string
from lrviz.optimizers import OPTIMIZERS
from lrviz.schedules import SCHEDULES, warmup
from lrviz.surfaces import SURFACES
from support.broken_forms import broken, sentence_broken, texts

SHOWN = {  # the pages on which they can be chosen: settings that choose them and set what is theirs
    "trajectories": {
        "optimizers": ("lion", "sign_descent", "gd"), "lion.beta1": 0.8, "lion.lr": 0.02, "surface": "three_hump_camel",
        "three_hump_camel.coupling": 0.5, "three_hump_camel.x": -1.5, "schedule": "one_minus_sqrt",
        "one_minus_sqrt.decay_steps": 150.0, "maps": ("lion",), "resolution": 8,
    },
    "schedules": {"curves": ("a", "b"), "a.schedule": "one_minus_sqrt", "a.one_minus_sqrt.decay_steps": 700.0, "step": 350},
    "saddles": {
        "surface": "three_hump_camel", "three_hump_camel.coupling": 0.5, "three_hump_camel.lion.lr": 0.02,
        "optimizers": ("gd", "lion", "sign_descent"), "watched": "lion", "lion.beta2": 0.9, "draws": 200, "basin_grid": 4,
    },
    "mini_batch": {
        "optimizer": "lion", "lion.lr": 0.05, "lion.beta1": 0.8, "schedule": "one_minus_sqrt", "decay": "one_minus_sqrt",
        "m": 40, "epochs": 3, "replicas": 4,
    },
    "ewma": {"signal": "sawtooth", "sawtooth.period": 20.0},
}  # fmt: skip
PAGES = pytest.mark.parametrize("page", SHOWN)


@pytest.fixture(autouse=True)
def in_haste(monkeypatch):
    """What is timed and repeated on the page on mini-batches may be short."""
    for what, few in (("timing.BUDGET", 1e-4), ("timing.MOST_UPDATES", 100), ("noise.PENALISED_UPDATES", 100)):
        monkeypatch.setattr(f"lrviz.lessons.mini_batch.{what}", few)


def results(page, **more):
    return LESSONS[page].compute(LESSONS[page].settings(**SHOWN[page] | more))


@PAGES
def test_a_link_carries_them(page):
    params = LESSONS[page].params
    settings = LESSONS[page].settings(**SHOWN[page])
    query = query_string(settings, params)
    assert decode(parse(query), params) == (settings, [])
    for key, value in SHOWN[page].items():
        assert settings[key] == value
        assert key in query or value == params[key].default


@PAGES
def test_a_page_shows_them(page, run_page):
    app = run_page(page, query_string(LESSONS[page].settings(**SHOWN[page]), LESSONS[page].params))
    assert not app.exception
    assert not app.error
    assert not app.warning


@PAGES
def test_a_menu_offers_them(page):
    offered = {option for param in LESSONS[page].params.values() for option in param.options}
    chosen = {
        word
        for value in SHOWN[page].values()
        for word in ([value] if isinstance(value, str) else value if isinstance(value, tuple) else [])
    }
    assert chosen <= offered


@PAGES
def test_every_figure_is_drawn_told_and_exported(page):
    lesson, found = LESSONS[page], results(page)
    for picture in gallery_of(page).values():
        caption = picture.caption(found)
        assert caption
        assert sentence_broken(caption) == []
        assert [(where, text) for where, text in texts(picture.spec(found)) if broken(text)] == []
        for form, begins in (("html", "<!doctype html>"), ("csv", "# figure: "), ("py", f"# {picture.label}: {page}?")):
            data = content(form, lesson, picture, found.settings, found, RenderOptions(), None).decode()
            assert data.startswith(begins)


@PAGES
def test_the_exported_code_draws_the_figure(page, capsys):
    lesson, found = LESSONS[page], results(page)
    picture = next(iter(gallery_of(page).values()))
    text = content("py", lesson, picture, found.settings, found, RenderOptions(), None).decode()
    namespace = {}
    exec(text.replace("figure.show()", ""), namespace)
    assert capsys.readouterr().out.strip() == picture.caption(found)
    assert namespace["results"].settings == found.settings


def test_a_sentence_names_them():
    captions = {
        page: next(iter(gallery_of(page).values())).caption(results(page)) for page in ("trajectories", "saddles")
    }
    for caption in captions.values():
        assert "Lion" in caption
        assert "Sign descent" in caption
    assert "Sawtooth" in str(gallery_of("ewma")["year"].spec(results("ewma")))


def test_a_rule_that_normalises_is_said_to_and_has_no_rate_of_its_own():
    caption = gallery_of("trajectories")["rates"].caption(results("trajectories"))
    assert "Lion divides the gradient by its own size: no rate multiplies it." in caption
    assert "Sign descent and Gradient descent have the same rate along x and y." in caption
    ahead = results("saddles", surface="saddle", place="beside", offset=1e-6)
    assert ahead.waits_below == {"lion": 0.0}
    assert "Lion divides the gradient by a running measure of its own size" in gallery_of("saddles")["race"].caption(
        ahead
    )


def test_rates_are_the_surface_s_then_the_relative_s_then_their_own():
    rates = {key: LESSONS["saddles"].params[f"{key}.lr"].default for key in (
        "three_hump_camel.gd", "three_hump_camel.adam", "three_hump_camel.lion", "three_hump_camel.sign_descent",
        "three_hump_camel.momentum", "saddle.lion",
    )}  # fmt: skip
    assert list(rates.values()) == [0.05, 0.1, 0.1, 0.05, 1e-3, SURFACES["saddle"].rates["adam"]]
    params = LESSONS["mini_batch"].params
    assert [params[f"{name}.lr"].default for name in ("adam", "lion", "sign_descent")] == [0.1, 0.1, 0.05]


def test_the_step_of_lion_is_written_out():
    found = results("trajectories", surface="ravine", schedule="constant", optimizers=("lion",), step=0)
    run = found.runs[0]
    # from (-4, 2) with kappa 20 the gradient is (-4, 40): m = 0.01 g, and the step is 0.02 sign(0.2 g)
    assert equations(run, 0, 0, -4.0) == [
        r"m_{x} &\leftarrow 0.99 \cdot 0 + 0.01 \cdot \left(-4\right) = -0.04",
        r"x &\leftarrow -4 - 0.02 \cdot \operatorname{sign}\left(0.8 \cdot 0 + 0.2 \cdot \left(-4\right)\right) = -3.98",
    ]
    assert r"\operatorname{sign}" in step_formula(found, run)
    assert step_table(found)[0]["new position"] == "(−3.98, 1.98)"


def test_the_formula_of_the_schedule_has_numbers():
    _, lines = formulas(results("schedules"))[0]
    assert lines[0] == SCHEDULES["one_minus_sqrt"].formula
    shown = r"0.1 \cdot \left(1 - \sqrt{\frac{\min\left(350, 700\right)}{700}}\right)"
    assert lines[1] == rf"a_{{350}} = {shown} = 0.0292893"  # 0.1 (1 - sqrt(1/2)) = 0.02928932...


@pytest.mark.parametrize("library", LIBRARY.options)
def test_the_schedule_has_code_for_every_library(library):
    given = {"initial_learning_rate": 0.2, "decay_steps": 50.0}
    text = code("one_minus_sqrt", given, library, 5)
    assert text.startswith("# One minus square root, after 5 steps of warm-up")
    rule = re.search(r"def one_minus_sqrt\(.*?\n    return [^\n]*", text, re.DOTALL)[0]
    namespace = {"np": np, "ops": np, "jnp": np}
    exec(rule, namespace)
    np.testing.assert_allclose(
        namespace["one_minus_sqrt"](np.arange(60.0)), warmup("one_minus_sqrt", 0)(np.arange(60), **given), rtol=1e-12
    )


def test_every_optimizer_has_a_look_of_its_own():
    looks = [tuple(identity(name).values()) for name in OPTIMIZERS]
    assert len(set(looks)) == len(OPTIMIZERS) == 16
