"""Words and layout of the first page: what there is, and every claim of the notes with a link to see it."""

from pathlib import Path

import streamlit as st

from lrviz.lessons import LESSONS
from lrviz.lessons.claims import TOPICS, index, link
from lrviz.ui.navigation import page
from lrviz.ui.tables import table

PICTURES = Path(__file__).parent / "pictures"
ACROSS = 3  # cards in a row
NOTATION = (
    ("learning rate (学习率)", "α, a", "μ, η", "lr, learning_rate"),
    ("learning-rate decay (学习率衰减)", "decay-rate", "μᵗ", "schedule"),
    ("momentum (动量)", "v, β, β₁", "m", "beta, beta1"),
    ("mean of squared gradients (均方)", "S, β₂", "σ²", "beta2, rho"),
    ("guard of the division", "ε", "", "eps"),
    ("exponentially weighted average (指数加权平均)", "v, θ", "", "ewma"),
    ("mini-batch t", "X{t}, Y{t}", "", "batch_size"),
)

st.session_state["lrviz page"] = "home"
st.title("See how optimisation in deep learning works", anchor=False)
st.markdown(
    "Move a slider and watch averages, optimizers, saddles, mini-batches and learning-rate schedules answer. Every number is computed as "
    "you look, every page is a link, and every figure can be taken to a slide or a notebook."
)

theme = st.context.theme.type or "light"
lessons = list(LESSONS.values())
for row in (lessons[i : i + ACROSS] for i in range(0, len(lessons), ACROSS)):
    for column, lesson in zip(st.columns(ACROSS), row, strict=False):
        with column, st.container(border=True):
            picture = PICTURES / f"{lesson.name}-{theme}.svg"
            if picture.exists():
                st.image(str(picture), width="stretch", alt=f"The main figure of the page: {lesson.title}")
            st.page_link(page(lesson.name), label=f"**{lesson.title}**")
            st.markdown(lesson.card)

st.header("The claims of the lecture notes", anchor=False)
st.markdown(
    "Each line opens its page with the lecture's own numbers. Where the notes slip, the right number stands beside it."
)
claims = index(LESSONS)
for letter, topic in TOPICS.items():
    with st.expander(f"{letter} · {topic}"):
        for claim, shown in claims.items():
            if claim.startswith(letter):
                for lesson, preset in shown:
                    notes = "".join(f" *{heading}:* {text}" for heading, text in preset.notes)
                    st.markdown(f"[**{claim}** {preset.title}]({link(lesson, preset)}): {preset.look}{notes}")

st.header("Notation", anchor=False)
table(
    [dict(zip(("what", "first notes", "second notes", "here and in libraries"), row, strict=True)) for row in NOTATION]
)
