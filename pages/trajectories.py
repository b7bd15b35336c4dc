"""Words and layout of the page on optimizers and loss surfaces."""

import streamlit as st

from lrviz.figures.trajectories import PICTURES, cues, step_formula, step_table, step_title
from lrviz.lessons.trajectories import LESSON, display_rate
from lrviz.lessons.trajectories.settings import keys_of, start_keys
from lrviz.optimizers import OPTIMIZERS
from lrviz.schedules import SCHEDULES
from lrviz.surfaces import SURFACES
from lrviz.ui.page import opened
from lrviz.ui.tables import table

LABELS = {name: entry.label for registry in (OPTIMIZERS, SURFACES, SCHEDULES) for name, entry in registry.items()}


def controls(page):
    """The main figure's controls."""
    settings, surface, chosen = page.settings, page.settings["surface"], page.settings["optimizers"]
    page.control("surface", labels=LABELS)
    page.control("optimizers", labels=LABELS)
    page.control("rule")
    if settings["rule"] == "same":
        page.control("lr", unset=display_rate(settings, "gd"))
    elif settings["rule"] == "own":
        for name, look in zip(chosen, cues(chosen), strict=True):
            page.control(f"{name}.lr", colours=[look["colour"]], unset=display_rate(settings, name))
    page.control("steps")
    page.folded("Start and surface", (*keys_of(surface), *start_keys(surface), "tolerance"))
    own = {key: f"{LABELS[name]}: {LESSON.params[key].label}" for name in chosen for key in keys_of(name)}
    page.folded("Momentum (动量), decay rates, switches", own, own)
    schedule = ("schedule", *keys_of(settings["schedule"]), "warmup_steps", "noise", "seed")
    page.folded("Schedule, warm-up, noise", schedule, labels=LABELS)


def one_step(results):
    """The chosen step of every optimizer: a table, and its equations."""
    st.markdown(f"**{step_title(results)}** The time bar above chooses it.")
    table(step_table(results))
    columns = st.columns(min(len(results.runs), 2), gap="medium")
    for i, run in enumerate(results.runs):
        with columns[i % len(columns)], st.container(border=True):
            st.markdown(f"**{run.label}** ${run.entry.formula}$  \n{run.entry.source}")
            st.latex(step_formula(results, run))


def rate_maps(page, results):
    """Maps of one or two optimizers, side by side."""
    left, right = st.columns(2, gap="medium")
    with left:
        names = page.control("maps", labels=LABELS)
    with right:
        size = page.control("resolution")
    for which, (name, column) in enumerate(zip(names, st.columns(len(names)), strict=True)):
        with column:
            with st.spinner(f"Running {size**2:,} cells of {LABELS[name]}"):
                results.rate_map(name)
            picture = ("rate_beta", "rate_beta_beside")[which]
            page.figure(picture, results)


def basin_maps(page, results):
    """Maps of starts, with progress over the optimizers."""
    page.control("resolution")
    if len(results.land.minima) and page.affords("basins"):
        done = st.progress(0.0, "Running every start")
        for i, run in enumerate(results.runs, 1):
            results.basins(run)
            done.progress(i / len(results.runs), f"Running every start: {run.label}")
        done.empty()
    page.figure("basins", results)


with opened(LESSON, PICTURES) as page:
    page.head("Every optimizer (优化算法) turns gradients into steps in its own way. Click or drag on the surface to choose the start.")  # fmt: skip
    results = LESSON.compute(page.settings)
    figure_side, control_side = st.columns([7, 3], gap="medium")
    with control_side:
        controls(page)
    with figure_side:
        page.figure("paths", results, step="step")
    section = page.section()
    if section == "step":
        one_step(results)
    elif section == "rate_beta":
        rate_maps(page, results)
    elif section == "basins":
        basin_maps(page, results)
    else:
        if section == "range_test":
            page.control("budget")
        page.figure(section, results, step="step" if section == "view3d" else None)
