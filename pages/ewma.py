"""Words and layout of the page on exponentially weighted averages."""

import streamlit as st

from lrviz.figures.ewma import PICTURES, beta_table, colours, first_days_table
from lrviz.lessons.ewma import LESSON
from lrviz.lessons.registry_params import keys_under
from lrviz.signals import SIGNALS
from lrviz.ui.markdown import escaped
from lrviz.ui.page import opened
from lrviz.ui.tables import table
from lrviz.ui.upload import own_series, uploader, word_of_loss

SIGNAL_NAMES = {name: entry.label for name, entry in SIGNALS.items()}

with opened(LESSON, PICTURES) as page:
    page.head(
        "Each day the average (指数加权平均) keeps the share β of what it was and takes 1 − β of today:  \n"
        r"$v_t = \beta\,v_{t-1} + (1-\beta)\,\theta_t$, from $v_0 = 0$."
    )
    own = own_series()

    results = LESSON.compute(page.settings, own)
    figure_side, control_side = st.columns([7, 3], gap="medium")
    with figure_side:
        page.figure("year", results)
    with control_side:
        page.control("betas", colours=colours(results.betas), extra=0.95)
        page.control("corrected")
        page.control("last_day")
        page.control("unit")
        page.control("mean")
        if own is None:
            if page.settings["section"] != "own_data":
                word_of_loss()
            page.control("signal", labels=SIGNAL_NAMES)
            for key in keys_under(LESSON.params, page.settings["signal"]):
                page.control(key)
        else:
            st.info(f"Showing {escaped(own.name)}. {escaped(own.note)} An uploaded series is not part of the link.")

    section = page.section()
    left, right = st.columns([7, 3], gap="medium")
    if section in ("unrolled", "window", "first_days"):
        with right:
            page.control("focus")
    if section == "unrolled":
        with right:
            page.control("day")
            st.markdown(
                r"$v_t = \sum_{k=0}^{t-1} (1-\beta)\,\beta^k\,\theta_{t-k}$, and $(1-\varepsilon)^{1/\varepsilon} \approx 1/e$."
            )
        with left:
            page.figure("unrolled", results)
    elif section == "numbers":
        table(beta_table(results))
        st.caption(
            "Noise variance kept: for noise that is independent from day to day, and for weather whose correlation from one day to the next is 0.76. "
            "The start from zero depends on the unit of the readings; the corrected average does not."
        )
    elif section == "window":
        with right:
            page.control("window", labels={"memory": "1/(1 − β)", "same_lag": "(1 + β)/(1 − β)"})
        with left:
            page.figure("against_window", results)
    elif section == "error":
        with left:
            page.figure("error_against_beta", results)
    elif section == "first_days":
        with left:
            table(first_days_table(results))
    else:
        uploader(page.button)
