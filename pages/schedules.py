"""Words and layout of the page on learning-rate schedules."""

from functools import partial

import streamlit as st

from lrviz.figures.schedules import PICTURES, formulas, jumps_table, rate_table, training_table
from lrviz.lessons.schedules import LESSON
from lrviz.lessons.schedules.slots import LETTERS, curve
from lrviz.plateau import PLATEAU
from lrviz.ui.curve_controls import curve_controls
from lrviz.ui.page import opened
from lrviz.ui.tables import table

FAIR = {"as_given": "as given", "same_peak": "same peak", "same_area": "same area"}
PARTS = {  # section -> its figures, its controls beside them, and a word on what is run
    "training": (("cloud", "distance"), ("curvature", "noise"),
        "Gradient descent on a bowl of curvature λ in every direction, with noise σ on each gradient: 200 runs from the same point, the same "
        "noise for every curve. The best fixed rate is the one that theory expects to end nearest after as many steps."),
    "by_hand": (("by_hand",), ("curvature", "noise", "plateau.every"),
        "One noisy run of the selected curve. Edit its steps and rates above, as somebody would who watches this loss."),
    "plateau": (("plateau",), ("plateau.every", *(f"plateau.{p.name}" for p in PLATEAU), "curvature", "noise"),
        "The rate is cut once the loss has found no new best for more looks than the patience; the selected curve runs beside it on the same "
        "noise. The code below the figure does the same."),
    "ripples": (("ripples",), ("ripples.depth", "ripples.noise"),
        "A jump is counted when a run comes within 0.4 of another minimum than the one that it was within 0.4 of last."),
    "burst": (("burst",), (),
        r"Each step is divided by σ, the root mean square of all gradients so far. On the calm floor σ shrinks like $C/\sqrt{t}$, and across the "
        r"valley the curvature is λ = 10: with a fixed rate a step overshoots the floor by more than it corrects from about step "
        r"$(2C/(\mathrm{lr}\,\lambda))^2$ on."),
    "range": (("budgets", "range_test"), ("curvature", "noise"), "Fixed rates tried on the same noisy bowl."),
}  # fmt: skip


with opened(LESSON, PICTURES) as page:
    page.head(
        "With noisy gradients a large rate moves fast but wanders far round the minimum, a small one comes closer but takes long. "
        "Learning-rate decay (学习率衰减) starts with the one and ends with the other."
    )

    results = LESSON.compute(page.settings)
    figure_side, control_side = st.columns([7, 3], gap="medium")
    with figure_side:
        page.figure("rates", results)
        page.control("curves", labels={letter: letter.upper() for letter in LETTERS})
        for side, shown in zip(
            st.columns(2, gap="medium"),
            (("total", "step", "steps_per_epoch"), ("axis", "scale", "fairness")),
            strict=True,
        ):
            with side:
                for key in shown:
                    page.control(key, labels=FAIR)
    with control_side:
        curve_controls(page, page.control("edit", labels={c: curve(page.settings, c).name for c in LETTERS}))

    section = page.section()
    if section == "table":
        table(rate_table(results))
        page.control("table_steps", extra=float(results.step))
    elif section == "formula":
        for name, lines in formulas(results):
            st.markdown(f"**{name}**")
            for text in lines:
                st.latex(text)
        st.caption("In letters, then with the numbers of the chosen step; rates as given, before any scaling.")
    elif section == "code":
        page.control("library")
        st.markdown(f"{results.hand.name}, as given, before any scaling:")
        st.code(results.code, language="python")
    else:
        figures, controls, words = PARTS[section]
        *sides, right = st.columns([3, 4, 3] if section == "training" else [7, 3], gap="medium")
        for i, name in enumerate(figures):
            with sides[i % len(sides)]:
                page.figure(name, results)
        with right:
            for key in controls:
                page.control(key)
            st.markdown(words)
            if section == "by_hand" and results.hand.entry.name != "manual_decay":
                by_hand = {f"{results.hand.letter}.schedule": "manual_decay"}
                page.button("Set this curve by hand", partial(page.set, **by_hand), key="schedules.take_over")
        if section == "training":
            table(training_table(results))
        elif section == "ripples":
            table(jumps_table(results))
        elif section == "plateau":
            page.control("library")
            st.code(results.plateau_code, language="python")
