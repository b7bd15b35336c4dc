"""Words and layout of the page on saddles and plateaus."""

from functools import partial

import streamlit as st

from lrviz.figures.saddles import PICTURES, model_table
from lrviz.lessons.registry_params import keys_under
from lrviz.lessons.saddles import LESSON
from lrviz.lessons.saddles.settings import rate_key
from lrviz.optimizers import OPTIMIZERS
from lrviz.surfaces import SURFACES
from lrviz.ui.page import opened
from lrviz.ui.tables import table

PLACE_NAMES = {"beside": "beside", "ridge": "on ridge", "saddle": "on saddle"}
PANEL_NAMES = {"distance": "distance", "loss": "loss"}
OPTIMIZER_NAMES = {name: entry.label for name, entry in OPTIMIZERS.items()}
SURFACE_NAMES = {name: entry.label for name, entry in SURFACES.items()}

with opened(LESSON, PICTURES) as page:
    page.head(
        "At a saddle (鞍点) the gradient is zero though the loss falls to either side; on a plateau (平稳段) it is almost "
        "zero for long. Who gets away, and when?"
    )
    section = page.settings["section"]
    eps = [f"{name}.eps" for name in page.settings["optimizers"] if f"{name}.eps" in LESSON.params]

    results = LESSON.compute(page.settings)
    figure_side, control_side = st.columns([7, 3], gap="medium")
    with figure_side:
        page.figure("race", results, step="step")
    with control_side:
        page.control("surface", labels=SURFACE_NAMES)
        own = keys_under(LESSON.params, results.surface.name)
        page.control("optimizers", labels=OPTIMIZER_NAMES)
        if results.picked:
            page.button("Back to the saddle's own start", partial(page.set, start_x=None, start_y=None))
        elif results.terrain.saddled:
            page.control("place", labels=PLACE_NAMES)
            if page.settings["place"] == "beside":
                page.control("offset")
        else:
            for key in own:
                page.control(key)
        page.control("noise")
        page.control("panel", labels=PANEL_NAMES)
        chosen = page.settings["optimizers"]
        page.folded("Learning rates", (rate_key(results.surface.name, name) for name in chosen))
        others = [key for name in chosen for key in keys_under(LESSON.params, name)]
        page.folded(
            "Steps, seed and other parameters",
            ["steps", "seed", *(own if results.terrain.saddled or results.picked else ())]
            + [key for key in others if section != "escape" or key not in eps],
        )

    section = page.section()
    left, right = st.columns([7, 3], gap="medium")
    with right:
        if section in ("meter", "local_optima"):
            page.control("watched", labels=OPTIMIZER_NAMES)
        if section == "escape" and results.terrain.saddled:
            for key in eps:
                page.control(key)
        if section == "local_optima":
            page.control("basin_factor")
            page.control("basin_grid")
        if section == "dimensions":
            page.control("n")
            page.control("draws")
            st.markdown(
                "**What real losses do.** Their Hessians obey none of the three models: most eigenvalues crowd around zero, a few "
                "are large, and training does not pick critical points at random but comes down from above. What carries "
                "over is the trend: low points have few directions left that go down."
            )
    with left:
        todo = results.progress() if page.affords("minima" if section == "dimensions" else section) else iter(())
        first = next(todo, None)
        if first is not None and first < 1:
            bar = st.progress(first, "Computing")
            for share in todo:
                bar.progress(share, "Computing")
            bar.empty()
        if section == "dimensions":
            page.figure("minima", results)
            page.figure("directions", results)
            page.figure("index_height", results)
        else:
            page.figure(section, results, step="step" if section in ("view3d", "meter") else None)
    if section == "dimensions":
        table(model_table(results))
