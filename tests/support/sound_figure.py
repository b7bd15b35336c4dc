"""What every figure must have, whatever its settings."""

import re

import plotly.graph_objects as go


def assert_complete(figure: go.Figure, sentence: str) -> None:
    """A title, words for those who do not see it, margins that stay, and a whole sentence with a number in it."""
    assert figure.layout.title.text
    assert figure.layout.meta["alt"]
    assert figure.layout.margin.autoexpand is False
    assert re.search(r"\d", sentence)
    assert sentence.endswith(".")
