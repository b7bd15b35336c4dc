"""Words and layout of the page on batch, mini-batch and stochastic gradient descent."""

import streamlit as st

from lrviz.datasets import DATASETS
from lrviz.figures.mini_batch import PICTURES, loop, timing_table
from lrviz.lessons.mini_batch import LESSON
from lrviz.lessons.mini_batch.timing import measure_again
from lrviz.lessons.registry_params import keys_under
from lrviz.optimizers import OPTIMIZERS
from lrviz.schedules import SCHEDULES
from lrviz.ui.page import opened
from lrviz.ui.tables import table

LABELS = {name: entry.label for known in (OPTIMIZERS, SCHEDULES, DATASETS) for name, entry in known.items()}
DRAWINGS = {"reshuffle": "reshuffling", "replacement": "replacement"}

with opened(LESSON, PICTURES) as page:
    page.head(
        "A step may look at all m samples (batch), at B of them (mini-batch, 小批量) or at one (stochastic, 随机梯度下降): "
        r"$J^{\{t\}} = \frac{1}{B}\sum_i L(\hat y^{(i)}, y^{(i)})$, $w \leftarrow w - \alpha\,\nabla J^{\{t\}}$."
    )

    def parameters_of(setting):
        return [key for key in keys_under(LESSON.params, page.settings[setting]) if not key.endswith(".lr")]

    def measured(text, results, measure):
        progress = st.progress(0.0, text)
        for i, size in enumerate(results.sizes):
            measure(size)
            progress.progress((i + 1) / len(results.sizes), f"{text}: B = {size:,}")
        progress.empty()
        page.button("Measure again", measure_again, help="Forget what was measured, on this whole server.")

    results = LESSON.compute(page.settings)
    figure_side, control_side = st.columns([7, 3], gap="medium")
    with figure_side:
        page.figure("paths", results, step="epoch")
    with control_side:
        for key in ("batch_size", page.settings["optimizer"] + ".lr", "epochs", "m"):
            page.control(key)
        page.control("shown", labels={"mini_batch": "mini-batch"})
        page.control("axis")
        page.control("scale")
        registered = [key for name in ("optimizer", "schedule", "data") for key in (name, *parameters_of(name))]
        page.folded("Optimizer, decay, data, start", [*registered, "seed", "w1", "w2"], labels=LABELS)
        page.control("drawing", labels=DRAWINGS)

    section = page.section()
    left, right = st.columns([7, 3], gap="medium")
    if section == "cutting":
        with right:
            for key in ("cut_m", "cut_b", "n_x"):
                page.control(key)
            st.markdown(
                r"$X^{\{t\}}$ has a column for each sample of batch t, $Y^{\{t\}}$ its labels. One pass over all is an epoch:"
            )
            st.code(loop(results), language=None, wrap_lines=True)
    elif section == "timing":
        with right:
            measured("Measuring", results, results.timed)
            page.control("n_x")
            st.markdown(
                "A batch has to fit the memory of the processor that works on it, else every update gets far slower. "
                "Powers of two are the custom, after the way memory is laid out."
            )
    elif section == "target":
        with right:
            if page.affords("target"):
                measured("Training", results, results.reached)
            page.control("left_over")
            st.markdown("The rate, the samples and the optimizer are those above: a smaller rate calms the noise.")
    elif section == "regularisation":
        with right:
            page.control("l2")
            page.control("divided_by", labels={"lecture": "B", "fixed": "m"})
            st.markdown(
                r"$J^{\{t\}} = \frac{1}{B}\sum_i L(\hat y^{(i)}, y^{(i)}) + \frac{\lambda}{2B}\,\lVert w\rVert^2$: "
                "the loss is a mean over the batch, the penalty is not, so its weight depends on B."
            )
    else:
        with right:
            page.control("decay", labels=LABELS)
            if page.settings["decay"] != page.settings["schedule"]:  # else its parameters are above already
                for key in parameters_of("decay"):
                    page.control(key)
            page.control("replicas")
            st.markdown(
                r"With independent draws and a small rate the runs scatter by "
                r"$\frac{\sigma}{\sqrt B}\sqrt{\frac{\alpha}{\lambda(2-\alpha\lambda)}}$ along each eigen-direction of the bowl; "
                r"λ is its curvature there, σ the standard deviation of one sample's gradient. The theory drawn is exact at any rate."
            )
    with left, st.spinner("Training"):
        page.figure(section, results, step="epoch" if section == "noise" else None)
    if section == "timing":
        table(timing_table(results))
