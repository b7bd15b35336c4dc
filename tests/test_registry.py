"""How entries are registered, looked up, and refused with a suggestion; how given parameters are completed."""

from types import SimpleNamespace

import pytest

from lrviz.lessons import LESSONS
from lrviz.optimizers import OPTIMIZERS
from lrviz.params import decay, integer, number
from lrviz.registry import Registry, UnknownName, complete, did_you_mean
from lrviz.schedules import SCHEDULES
from lrviz.signals import SIGNALS
from lrviz.surfaces import SURFACES

REGISTRIES = {"optimizer": OPTIMIZERS, "surface": SURFACES, "schedule": SCHEDULES, "signal": SIGNALS}
PARAMS = (number("lr", 0.001, low=0), decay("beta1", 0.9), integer("steps", 10, low=1))


def entry(name):
    return SimpleNamespace(name=name, label=name.title(), params=())


@pytest.mark.parametrize(
    ("registry", "word", "words"),
    [
        (OPTIMIZERS, "adma", "unknown optimizer 'adma'; did you mean 'adam'?"),
        (OPTIMIZERS, "heavyball", "unknown optimizer 'heavyball'; did you mean 'heavy_ball'?"),
        (SURFACES, "rosenbrok", "unknown surface 'rosenbrok'; did you mean 'rosenbrock'?"),
        (SCHEDULES, "cosine_deacy", "unknown schedule 'cosine_deacy'; did you mean 'cosine_decay'?"),
        (SIGNALS, "londn", "unknown signal 'londn'; did you mean 'london'?"),
        (OPTIMIZERS, "zzzz", "unknown optimizer 'zzzz'"),
        (OPTIMIZERS, 7, "unknown optimizer 7"),
        (OPTIMIZERS, [1], "unknown optimizer [1]"),
        (OPTIMIZERS, "q" * 500, "unknown optimizer '" + "q" * 56 + "..."),
    ],
)
def test_an_unknown_name_is_a_key_error_that_suggests_a_near_one(registry, word, words):
    with pytest.raises(KeyError) as caught:
        registry[word]
    assert isinstance(caught.value, UnknownName)
    assert str(caught.value) == words


def test_a_word_far_from_all_gets_no_suggestion():
    assert did_you_mean("zzzz", OPTIMIZERS) == ""


def test_of_several_near_words_one_of_the_same_letters_is_suggested_first():
    assert did_you_mean("adma", ["adamax", "adam", "nadam"]) == "; did you mean 'adam'?"
    assert did_you_mean("adamxa", ["adam", "adamax"]) == "; did you mean 'adamax'?"
    assert did_you_mean("ramdom", ["ram", "random"]) == "; did you mean 'random'?"


@pytest.mark.parametrize("kind", REGISTRIES)
def test_every_entry_is_keyed_by_its_own_name_and_complete(kind):
    registry = REGISTRIES[kind]
    assert registry.kind == kind
    assert len(registry) > 5
    for name, found in registry.items():
        assert found.name == name
        assert name.isidentifier()
        assert name == name.lower()
        assert found.label
        assert len({p.name for p in found.params}) == len(found.params)


@pytest.mark.parametrize("kind", REGISTRIES)
def test_every_entry_has_the_name_of_the_function_that_defines_it(kind):
    for name, found in REGISTRIES[kind].items():
        functions = [v for v in vars(found).values() if callable(v) and hasattr(v, "__qualname__")]
        assert functions
        assert name in {f.__name__ for f in functions}


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_and_its_settings_have_the_names_that_stand_in_links(lesson):
    assert LESSONS[lesson].name == lesson
    for key, param in LESSONS[lesson].params.items():
        assert param.name == key


def test_entries_stay_in_the_order_in_which_they_came_and_can_be_taken_out():
    registry = Registry("toy")
    for name in ("zebra", "ant", "cow"):
        registry.add(entry(name))
    assert list(registry) == ["zebra", "ant", "cow"]
    registry.remove("ant")
    assert list(registry) == ["zebra", "cow"]
    with pytest.raises(KeyError, match="unknown toy 'ant'"):
        registry.remove("ant")


def test_a_name_can_be_taken_once():
    registry = Registry("toy")
    registry.add(entry("ant"))
    with pytest.raises(ValueError, match=r"^toy: name must be new, got 'ant'$"):
        registry.add(entry("ant"))
    assert len(registry) == 1


def test_resolve_takes_a_name_or_an_entry_registered_or_not():
    registry = Registry("toy")
    ant, stranger = registry.add(entry("ant")), entry("stranger")
    assert registry.resolve("ant") is ant
    assert registry.resolve(stranger) is stranger
    with pytest.raises(KeyError, match="unknown toy 3"):
        registry.resolve(3)


def test_complete_fills_in_defaults_and_checks_what_is_given():
    assert complete("adam", PARAMS, {"beta1": 0}) == {"lr": 0.001, "beta1": 0.0, "steps": 10}
    assert list(complete("adam", PARAMS, {"steps": 3, "lr": 1})) == ["lr", "beta1", "steps"]
    with pytest.raises(ValueError, match=r"^adam: beta1 must be in \[0, 1\), got 7$"):
        complete("adam", PARAMS, {"beta1": 7})


def test_complete_names_a_parameter_that_does_not_exist():
    with pytest.raises(TypeError, match=r"^adam has no parameter 'betta'; it takes lr, beta1, steps$"):
        complete("adam", PARAMS, {"lr": 0.1, "betta": 1})
    with pytest.raises(TypeError, match=r"^mean has no parameter 'x'; it takes none$"):
        complete("mean", (), {"x": 1})
