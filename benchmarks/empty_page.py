"""The floor: what Streamlit needs to repaint a page that does nothing."""

import streamlit as st

st.write("value", st.slider("value", 0, 100, 50))
