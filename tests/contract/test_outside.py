"""Optimizers, a surface, a schedule and a signal from outside the package (support/outside.py) go everywhere by themselves.

Pages are made from the registries when they are imported, so the tests run in a Python of their own that has these first.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from textwrap import dedent

import pytest
from conftest import ROOT

from lrviz import OPTIMIZERS, SCHEDULES, SIGNALS, SURFACES, optimizers

ADDED = ("lion", "sign_descent", "three_hump_camel", "one_minus_sqrt", "sawtooth")


def passed(*arguments: str) -> int:
    """How many tests pass with them registered; none may fail."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.support.outside",
        *arguments,
    ]
    ours = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=ROOT, env=ours, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    return int(re.search(r"(\d+) passed", done.stdout)[1])


@pytest.mark.thorough
def test_they_keep_every_contract():
    rooms = (
        "contract/test_contract_descent",
        "contract/test_contract_schedules",
        "test_signals",
        "lessons/test_schedule_code",
    )
    files = [f"tests/{name}.py" for name in rooms]
    assert passed(*files, "-k", " or ".join(ADDED)) > 100


@pytest.mark.thorough
def test_they_go_through_page_link_sentence_formula_exports_and_code():
    assert passed("tests/support/outside_walk.py") > 30


def test_old_links_mean_the_same_beside_new_entries():
    assert passed("tests/contract/test_defaults.py") == 10


def test_the_examples_that_the_package_shows_are_among_them():
    code = (ROOT / "tests" / "support" / "outside.py").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lion = dedent(optimizers.__doc__.split("everywhere:\n\n")[1].split("\n\n")[0])
    sawtooth = re.search(r"```python\n(@signal.*?)\n```", readme, re.DOTALL)[1]
    assert lion in code
    assert sawtooth in code


def test_this_process_knows_none_of_them():
    assert not {*OPTIMIZERS, *SURFACES, *SCHEDULES, *SIGNALS} & set(ADDED[1:])  # Lion may have been taken in
