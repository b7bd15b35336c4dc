"""What a visitor sees when a page fails: an apology and a way out, never a stack trace (the log has that)."""

from __future__ import annotations

import streamlit as st


def show(error: Exception) -> bool:
    """Handle an uncaught error of a page; True tells Streamlit that it has been shown."""
    st.error(
        "Something went wrong while this page was drawn. Your settings are still in the address: reload the page, or "
        "open it without them."
    )
    return True
