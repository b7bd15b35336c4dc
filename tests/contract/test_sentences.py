"""Everything a page says, at settings drawn at random, reads as a person would write it.

`make test` reads some settings of each page, always the same ones; LRVIZ_SENTENCES=5000 reads as many as it says:

    LRVIZ_SENTENCES=5000 .venv/bin/python -m pytest -q tests/contract/test_sentences.py -n 2
"""

import os
from collections import Counter
from importlib import import_module

import pytest
from support.broken_forms import broken, sentence_broken, texts
from support.random_settings import random_settings

from lrviz.figures import gallery_of
from lrviz.lessons import LESSONS

pytestmark = pytest.mark.thorough

MANY = int(os.environ.get("LRVIZ_SENTENCES", 0))
USUAL, FEWER = (
    30,
    {"trajectories": 15, "saddles": 15, "schedules": 10, "mini_batch": 10},
)  # settings read unless LRVIZ_SENTENCES says; fewer of the costly
RARELY = {
    "minima",
    "directions",
    "local_optima",
    "error_against_beta",
}  # figures that are costly: read at one draw in ten
PAGES = list(LESSONS)
PARTS = 5  # so that two processes share the work


def table_words(name, results):
    """(column, cell) of every table of a page: the functions of its figures module that are called so."""
    module = import_module(f"lrviz.figures.{name}")
    tables = [make for word, make in vars(module).items() if word.endswith("_table")]
    return [(str(column), str(cell)) for make in tables for row in make(results) for column, cell in row.items()]


def complaints(name, seed):
    """What is wrong in the figures of a page at one draw of its settings: (figure, where, what)."""
    lesson = LESSONS[name]
    settings = random_settings(lesson, seed)
    results = lesson.compute(settings)
    for column, cell in table_words(name, results):
        yield from (("table", column, odd, cell) for odd in broken(column) + broken(cell))
    rare = seed // PARTS % 10 == 0
    for picture in (each for each in gallery_of(name).values() if rare or each.name not in RARELY):
        caption = picture.caption(results)
        yield from ((picture.name, "sentence", odd, caption) for odd in sentence_broken(caption))
        for where, text in texts(picture.spec(results)):
            yield from ((picture.name, where, odd, text) for odd in broken(text))


@pytest.fixture(autouse=True)
def in_haste(monkeypatch):
    """What is read are the words round the measured times and the long runs, so both may be short."""
    for what, few in (("timing.BUDGET", 1e-4), ("timing.MOST_UPDATES", 100), ("noise.PENALISED_UPDATES", 100)):
        monkeypatch.setattr(f"lrviz.lessons.mini_batch.{what}", few)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_says_at_random_settings_is_well_said(name, part):
    many = MANY or FEWER.get(name, USUAL)
    found = {seed: list(complaints(name, seed)) for seed in range(part, many, PARTS)}
    kinds = Counter((figure, where, odd.split(":")[0]) for odds in found.values() for figure, where, odd, _ in odds)
    first = [(seed, *odds[0]) for seed, odds in found.items() if odds][:5]
    assert not kinds, f"{sum(kinds.values())} broken: {kinds.most_common(12)}; first: {first}"


@pytest.mark.parametrize("name", PAGES)
def test_labels_help_and_presets_are_well_said(name):
    lesson = LESSONS[name]
    said = [
        (f"{key} {what}", getattr(param, what))
        for key, param in lesson.params.items()
        for what in ("label", "help", "unit")
    ]
    said += [
        (f"{p.claim} {p.title} {what}", getattr(p, what))
        for p in lesson.presets
        for what in ("title", "look", "slip", "remark")
    ]
    said += [(picture.name, picture.label) for picture in gallery_of(name).values()]
    assert [(where, broken(text), text) for where, text in said if broken(text)] == []
