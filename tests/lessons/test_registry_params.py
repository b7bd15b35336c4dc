"""Parameters of registry entries as settings of a page, and back again."""

from types import SimpleNamespace

import pytest

from lrviz.lessons.registry_params import as_settings, entries_as_settings, key_of, keys_under, values_of
from lrviz.params import flag, number

RATE, BETA = number("lr", 0.1, low=0.0), number("beta", 0.9, low=0.0, high=1.0, help="Kept.")
GD = SimpleNamespace(name="gd", params=(RATE,))
MOMENTUM = SimpleNamespace(name="momentum", params=(RATE, BETA, flag("corrected", True)))
ENTRIES = (GD, MOMENTUM)


def names(params):
    return [param.name for param in params]


def test_every_parameter_becomes_a_setting_under_its_entry_in_order():
    assert names(entries_as_settings(ENTRIES)) == ["gd.lr", "momentum.lr", "momentum.beta", "momentum.corrected"]
    assert names(entries_as_settings(ENTRIES, under="saddle"))[:2] == ["saddle.gd.lr", "saddle.momentum.lr"]


def test_what_is_not_changed_stays():
    (found,) = as_settings("momentum", [BETA])
    assert found == BETA.with_default(0.9, name="momentum.beta")


def test_a_page_changes_fields_and_leaves_parameters_out():
    def change(entry, param):
        if param.name == "beta":
            return None
        return {"default": len(entry.name) / 10, "label": entry.name} if param.name == "lr" else {}

    gd, momentum, corrected = entries_as_settings(ENTRIES, change)
    assert (gd.name, gd.default, gd.label, gd.low) == ("gd.lr", 0.2, "gd", 0.0)
    assert (momentum.name, momentum.default, momentum.label) == ("momentum.lr", 0.8, "momentum")
    assert corrected.default is True


def test_a_changed_default_must_be_legal():
    with pytest.raises(ValueError, match=r"gd\.lr must be >= 0"):
        as_settings("gd", [RATE], lambda param: {"default": -1.0})


def test_values_come_back_by_parameter_and_only_those_that_the_page_has():
    settings = {"momentum.lr": 0.5, "momentum.beta": 0.7, "gd.lr": 1.0, "a.momentum.beta": 0.1, "beta": 0.2}
    assert values_of(settings, "momentum", MOMENTUM.params) == {"lr": 0.5, "beta": 0.7}
    assert values_of(settings, "a.momentum", MOMENTUM.params) == {"beta": 0.1}
    assert values_of(settings, "adam", MOMENTUM.params) == {}


def test_there_and_back():
    settings = {param.name: param.default for param in entries_as_settings(ENTRIES, under="b")}
    for entry in ENTRIES:
        assert values_of(settings, key_of("b", entry.name), entry.params) == {p.name: p.default for p in entry.params}


def test_keys_of_an_entry_are_one_word_longer_than_its_own():
    keys = ["saddle.a", "saddle.adam.lr", "saddles.b", "saddle", "monkey.saddle.a", "saddle.b"]
    assert keys_under(keys, "saddle") == ["saddle.a", "saddle.b"]
    assert keys_under(keys, "saddle.adam") == ["saddle.adam.lr"]
