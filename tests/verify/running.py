"""The real libraries, each in a process of its own: Keras has one backend a process, and JAX one precision."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "rates.py"
LIBRARIES = ("torch", "keras", "jax", "optax")
RECORDED = {"torch": ("torch",), "keras": ("keras", "double"), "optax": ("optax", "double", "compiled")}
"""How the recorded rates of each library are made, Keras' on the torch backend, which computes cosines in float64."""


def rates(codes: list[tuple[str, list[int]]], *words: str, backend: str = "torch") -> list[list[float]]:
    """The rates of every (code, steps); the words are those of rates.py."""
    environment = os.environ | {"KERAS_BACKEND": backend}
    done = subprocess.run(
        (sys.executable, SCRIPT, *words), input=json.dumps(codes), env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def need() -> None:
    """Skip the module that calls this where a library is missing."""
    if missing := [name for name in LIBRARIES if not find_spec(name)]:
        pytest.skip(f"{', '.join(missing)} not installed", allow_module_level=True)


def versions() -> dict[str, str]:
    """The libraries that are installed here."""
    return {name: version(name).partition("+")[0] for name in LIBRARIES}
