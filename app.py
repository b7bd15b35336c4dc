"""lrviz: `streamlit run app.py` serves this. The script that each visitor runs is lrviz/ui/script.py."""

import streamlit as st

from lrviz.ui import assets, failure, headers, live

app = st.App(
    "lrviz/ui/script.py",
    routes=[*assets.routes(), *live.routes()],
    middleware=headers.middleware(),
    lifespan=live.lifespan,
    on_script_error=failure.show,
)
