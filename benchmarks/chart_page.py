"""A page with one Plotly chart in Streamlit's own element, to compare start-up with."""

import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Scatter(y=[1, 3, 2])))
