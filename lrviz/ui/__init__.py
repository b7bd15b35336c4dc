"""Widgets: everything that touches Streamlit, except the words of the pages."""
