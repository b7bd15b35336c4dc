"""What the hand asks for between two runs of a page's script is done in the order of the hand."""

from functools import partial
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException

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
        ({}, {"old": {"repeated": True}, "slider": {"number": 1}}, ["slider"]),
        ({}, {"old": {"repeated": True}, "older": {"repeated": True}}, []),
        ({}, {"switch": {"repeated": True}}, ["switch"]),
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


class Interrupting(dict):
    """A session into which nobody looks without being told of a newer message, `times` times."""

    times = 2

    def setdefault(self, key, value):
        self.times -= 1
        if self.times >= 0:
            raise RerunException(RerunData(query_string=f"{self.times} to come"))
        return super().setdefault(key, value)


def test_a_newer_message_does_not_end_a_callback(monkeypatch):
    kept, names = [], []
    monkeypatch.setattr(order, "st", SimpleNamespace(session_state=Interrupting()))
    requests = SimpleNamespace(request_rerun=lambda data: kept.append(data.query_string))
    monkeypatch.setattr(order, "get_script_run_ctx", lambda: SimpleNamespace(script_requests=requests))
    with pytest.raises(RerunException) as last:
        order.undisturbed(order.ask)(partial(names.append, "reset"), button="reset")
    assert [*kept, last.value.rerun_data.query_string] == ["1 to come", "0 to come"]
    order.answer()
    assert names == ["reset"]


def test_what_a_newer_message_ended_is_done_by_the_next_run(monkeypatch):
    names, session = [], Interrupting()
    session.times = 0
    monkeypatch.setattr(order, "st", SimpleNamespace(session_state=session))

    def reset():
        if not names:
            names.append("begun")
            raise RerunException(RerunData())
        names.append("reset")

    order.ask(reset, button="reset")
    order.ask(partial(names.append, "slider"), number=3)
    order.pressed({"st-key-reset": 2})
    with pytest.raises(RerunException):
        order.answer()
    order.answer()
    order.answer()
    assert names == ["begun", "reset", "slider"]
