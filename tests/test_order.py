"""What the hand asks for between two runs of a page's script is done in the order of the hand."""

from functools import partial
from types import SimpleNamespace

import pytest

from lrviz.ui import order


@pytest.fixture
def done(monkeypatch):
    """(what is asked for, by name) -> the names in the order in which it is done."""
    monkeypatch.setattr(order, "st", SimpleNamespace(session_state={}))

    def do(presses, **asked):
        names = []
        for name, about in asked.items():
            order.ask(partial(names.append, name), **about)
        if presses:
            order.pressed(presses)
        order.answer()
        return names

    return do


@pytest.mark.parametrize(
    ("presses", "asked", "expected"),
    [
        ({"st-key-reset": 2}, {"reset": {"button": "reset"}, "slider": {"number": 1}}, ["slider", "reset"]),
        ({"st-key-reset": 2}, {"slider": {"number": 3}, "reset": {"button": "reset"}}, ["reset", "slider"]),
        ({"st-key-reset": 2}, {"reset": {"button": "reset"}, "switch": {}}, ["switch", "reset"]),
        ({"st-key-a-b": 1, "st-key-c": 2}, {"c": {"button": "c"}, "a.b": {"button": "a.b"}}, ["a.b", "c"]),
        ({}, {"reset": {"button": "reset"}, "slider": {"number": 1}}, ["slider", "reset"]),
        ({}, {"switch": {}, "slider": {"number": 1}}, ["slider", "switch"]),
        ({}, {"b": {"number": 2}, "a": {"number": 1}}, ["a", "b"]),
        (
            {"st-key-keep": 3},
            {"switch": {}, "keep": {"button": "keep"}, "after": {"number": 4}, "before": {"number": 1}},
            ["before", "switch", "keep", "after"],
        ),
    ],
)
def test_edits_presses_and_switches_have_their_order(done, presses, asked, expected):
    assert done(presses, **asked) == expected
    assert done({}) == []  # once


def test_a_press_says_nothing_of_the_next_run(done):
    done({"st-key-reset": 2}, reset={"button": "reset"})
    assert done({}, slider={"number": 3}, reset={"button": "reset"}) == ["slider", "reset"]
