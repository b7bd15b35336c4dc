"""Small tables: words in rows, drawn as Markdown, which is light and readable by a screen reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st


def table(rows: Sequence[Mapping[str, str]]) -> None:
    """Rows with the same keys, which become the header."""
    if not rows:
        return
    head = "| " + " | ".join(rows[0]) + " |\n|" + " --: |" * len(rows[0])
    body = "\n".join("| " + " | ".join(str(cell).replace("|", "∣") for cell in row.values()) + " |" for row in rows)
    st.markdown(f"{head}\n{body}")
