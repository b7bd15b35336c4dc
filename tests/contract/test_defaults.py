"""Links leave out what is at its default: so a default must never change in silence.

The frozen values are in data/defaults.json. A new setting or lesson breaks no link until links
with it have been passed on: it is frozen, before it is released, by `python -m tests.freeze_defaults <lesson>`.
"""

import pytest

from lrviz.lessons import LESSONS
from lrviz.link import decode, from_text
from tests.freeze_defaults import defaults, frozen


@pytest.mark.parametrize("name", frozen())
def test_defaults_are_those_that_old_links_rely_on(name):
    old, new = frozen()[name], defaults(LESSONS[name])
    changed = {key: f"{old[key]!r} -> {new[key]!r}" for key in old.keys() & new.keys() if old[key] != new[key]}
    assert not changed, "old links leave these out and would now mean something else"
    assert old.keys() - new.keys() == set(), "old links may carry these settings, which are gone"


@pytest.mark.parametrize("name", frozen())
def test_frozen_values_read_back_as_the_defaults(name):
    params, values = LESSONS[name].params, decode([], LESSONS[name].params)[0]
    for key, text in frozen()[name].items():
        assert from_text(params[key], text, "frozen") == values[key], key
