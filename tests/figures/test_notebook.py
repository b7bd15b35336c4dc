"""The example notebook runs from top to bottom and shows what the pages show."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from lrviz.figures import gallery_of
from lrviz.lessons import LESSONS, address

pytestmark = pytest.mark.thorough

NOTEBOOK = Path(__file__).parents[2] / "examples" / "figures.ipynb"
PLOTLY = "application/vnd.plotly.v1+json"


@pytest.fixture(scope="module")
def ran():
    """The notebook with its outputs, run in a fresh kernel."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    # The kernel runs beside the notebook, as Jupyter does it; lrviz is found there as if it had been installed.
    environment = os.environ | {"PYTHONPATH": str(NOTEBOOK.parents[1]), "PLOTLY_RENDERER": "plotly_mimetype"}
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": NOTEBOOK.parent}}
    )
    return client.execute(env=environment)


def shown(notebook, name: str) -> dict:
    """The figure shown by the cell whose last line is this name."""
    (cell,) = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.splitlines()[-1] == name]
    (figure,) = [out["data"][PLOTLY] for out in cell.outputs if PLOTLY in out.get("data", {})]
    return figure


def array(value) -> np.ndarray:
    """An array of a figure in JSON, packed or as a list."""
    if isinstance(value, dict):
        return np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
    return np.asarray(value, dtype=float)


@pytest.mark.parametrize(
    ("cell", "lesson", "figure", "settings"),
    [
        ("year", "ewma", "year", {"betas": (0.9, 0.98), "corrected": True, "last_day": 120}),
        ("paths", "trajectories", "paths", {"optimizers": ("gd", "momentum", "adam"), "steps": 60}),
        ("window", "ewma", "against_window", address.resolve("E6").settings),
        ("slide", "ewma", "year", {"betas": (0.9,), "style": "slide"}),
    ],
)
def test_the_notebook_shows_what_the_page_shows(ran, cell, lesson, figure, settings):
    got = shown(ran, cell)["data"]
    results = LESSONS[lesson].compute(LESSONS[lesson].settings(**settings))
    wanted = gallery_of(lesson)[figure].spec(results)["data"]
    assert len(got) == len(wanted)
    for mine, theirs in zip(got, wanted, strict=True):
        if theirs["type"] == "scatter":
            np.testing.assert_allclose(array(mine["y"]), np.asarray(theirs["y"], dtype=float), rtol=1e-12)


def test_its_words_and_numbers_are_right(ran):
    outputs = [out for cell in ran.cells if cell.cell_type == "code" for out in cell.outputs]
    text = [out["data"].get("text/plain", "") for out in outputs if "data" in out]
    # v_1 = 0.02 * 40 and v_2 = 0.98 * 0.8 + 0.02 * 49; corrected 40 and v_2/0.0396
    assert "0.8" in text[0]
    assert "1.764" in text[0]
    assert "44.54545455" in text[0]
    said = [out["text"] for out in outputs if out.output_type == "stream"]
    assert any(word in said[-1] for word in LESSONS["ewma"].preset("E6").carries)


def test_it_is_kept_without_outputs():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")
