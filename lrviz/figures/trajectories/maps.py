"""Maps of the trajectories page: final loss over rate and memory, and which start leads to which minimum."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from ...lessons.trajectories import Results
from ...lessons.trajectories.maps import RateMap
from ..plot import meta
from ..plot.axes import NUMBER_FORMAT, axis
from ..plot.surface_map import marks
from ..plot.text import counted, number, percent
from ..plot.theme import AMBER, BLUE, BROWN, FAINT, GREEN, GREY, INK, PURPLE, RED, SKY, SURFACE, key_line, spec
from ..plot.traces import annotation, line, on_panel, open_circles, panel_title
from .paths import key_room, picture
from .section_words import basins_caption, basins_title, map_alt, map_caption, map_title, symbol_of
from .sweeps import FLOOR, plotted_loss

BETAS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
SPECTRUM = (GREEN, BLUE, AMBER, PURPLE, SKY, RED, BROWN, GREY)  # of minima, in the surface's order


def log_memory(beta: Any) -> Any:
    """Where a decay rate stands on the map: the logarithm of 1 / (1 - beta)."""
    return -np.log10(1 - np.asarray(beta))


# ----------------------------------------------------------------------------------------------------- rate and memory


def chosen_map(r: Results, which: int) -> RateMap:
    """The first or second of the mapped optimizers' maps; the only one where one is mapped."""
    names = r.settings["maps"]
    return r.rate_map(names[min(which, len(names) - 1)])


def rate_beta_caption(r: Results) -> str:
    """How the good rates move with the decay rate, for the first map."""
    return map_caption(r, chosen_map(r, 0))


def rate_beta_beside_caption(r: Results) -> str:
    """The same for the second map."""
    return map_caption(r, chosen_map(r, 1))


def _cells(r: Results, chosen: RateMap) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The cells of a map: the loss, in decades where there is a floor, and in grey what diverged; and its colours."""
    x, y, loss = np.log10(chosen.rate), log_memory(chosen.beta), plotted_loss(r, chosen.loss)
    if r.land.floor is None:
        words, z, ends = "loss", loss, (r.land.loss.min(), r.land.loss.max())
    else:
        words, z, ends = "log₁₀ loss", np.log10(loss), (np.log10(FLOOR), np.log10(r.land.top))
    side = {
        "title": {"text": words, "side": "right"},
        "thickness": 12,
        "x": 1.01,
        "tickfont": {"size": 12},
    } | NUMBER_FORMAT
    colours = {
        "colorscale": [[1 - at, colour] for at, colour in reversed(SURFACE)],
        "cmin": float(ends[0]),
        "cmax": float(ends[1]),
        "colorbar": side,
    }
    cells = [
        {"type": "heatmap", "x": x, "y": y, "z": z, "name": "final loss", "coloraxis": "coloraxis",
         "hovertemplate": f"log₁₀ rate %{{x:.2f}}: {words} %{{z:.3g}}<extra></extra>"},
        {"type": "heatmap", "x": x, "y": y, "z": np.where(np.isnan(chosen.loss), 1.0, np.nan), "showscale": False,
         "colorscale": [[0, FAINT], [1, FAINT]], "name": "diverged", "hovertemplate": "diverged<extra></extra>"},
    ]  # fmt: skip
    return cells, colours


def _rate_map(r: Results, chosen: RateMap) -> dict[str, Any]:
    x, y = np.log10(chosen.rate), log_memory(chosen.beta)
    ways = [("middle of the good rates", chosen.middle(r.land.floor), INK, "dot")]
    if chosen.limit is not None:
        ways.append(("stability limit", chosen.limit, RED, "solid"))
    cells, colours = _cells(r, chosen)
    at = _in_use(r, chosen)
    data = [*cells, *(line(np.log10(rates), y, name, colour, width=2, dash=dash) for name, rates, colour, dash in ways)]
    data.append(open_circles([at[0]], [at[1]], "in use", 13))
    decades = np.arange(np.ceil(x[0]), np.floor(x[-1]) + 1)
    keys = [("diverged", FAINT, "marker"), *((name, colour, dash) for name, _, colour, dash in ways)]
    a_line, top = key_room(len(keys), r.settings["style"])
    by = [float(x[1] - x[0]), float(y[1] - y[0])]
    across = axis("learning rate", range=_edges(x), tickvals=decades, ticktext=[number(10.0**d) for d in decades])
    narrow = {
        "xaxis": across | {"domain": [0, 0.76]},
        "coloraxis": colours | {"colorbar": colours["colorbar"] | {"x": 0.78}},
    }
    return spec(
        data,
        title=map_title(chosen),
        alt=map_alt(chosen),
        style=r.settings["style"], height=430, showlegend=False, margin={"l": 64, "r": 92, "t": top, "b": 52},
        annotations=[key_line(keys, a_line=a_line) | {"yshift": 6}],
        meta={"pick": meta.pick(at, by), "narrow": narrow},
        coloraxis=colours, xaxis=across,
        yaxis=axis(symbol_of(chosen), range=_edges(y), tickvals=log_memory(BETAS), ticktext=[number(b) for b in BETAS]),
    )  # fmt: skip


def _edges(centres: np.ndarray) -> list[float]:
    half = float(np.diff(centres).mean()) / 2
    return [float(centres[0]) - half, float(centres[-1]) + half]


def _in_use(r: Results, chosen: RateMap) -> tuple[float, float]:
    """Where the settings in use stand on a map."""
    rate = next((run.lr for run in r.runs if run.name == chosen.name), r.rate_of(chosen.name))
    beta = r.settings[f"{chosen.name}.{chosen.param}"]
    return float(np.log10(max(rate, chosen.rate[0] / 10))), float(log_memory(beta))


def picked_cell(r: Results, x: float, y: float, which: int = 0) -> dict[str, Any]:
    """The settings that a point of a map stands for: its optimizer with the cell's rate and memory."""
    chosen = chosen_map(r, which)
    rate, beta = chosen.cell(10.0**x, 1 - 10.0**-y)
    names = r.settings["optimizers"]
    shown = names if chosen.name in names else (*names, chosen.name)[-8:]
    return {"rule": "own", "optimizers": shown, f"{chosen.name}.lr": rate, f"{chosen.name}.{chosen.param}": beta}


@picture(label="Rate and memory, first map", caption=rate_beta_caption, pick=picked_cell)
def rate_beta(r: Results) -> dict[str, Any]:
    """Final loss of the first mapped optimizer over learning rate and decay rate; a click takes a cell's values."""
    return _rate_map(r, chosen_map(r, 0))


@picture(label="Rate and memory, second map", caption=rate_beta_beside_caption, pick=partial(picked_cell, which=1))
def rate_beta_beside(r: Results) -> dict[str, Any]:
    """The same for the second."""
    return _rate_map(r, chosen_map(r, 1))


# -------------------------------------------------------------------------------------------------------------- basins


@picture(label="Which start leads to which minimum", caption=basins_caption)
def basins(r: Results) -> dict[str, Any]:
    """A map of starts for every chosen optimizer, coloured by the minimum that a run from there reaches."""
    n = len(r.runs)
    if not len(r.land.minima):
        return _empty_figure(r)
    data: list[dict[str, Any]] = []
    steps = [(i - 1, FAINT if i == 0 else SPECTRUM[(i - 1) % len(SPECTRUM)]) for i in range(len(r.land.minima) + 1)]
    scale = [[j / len(steps), colour] for i, (_, colour) in enumerate(steps) for j in (i, i + 1)]
    for i, run in enumerate(r.runs):
        found, axes = r.basins(run), on_panel(i + 1)
        data.append({"type": "heatmap", "x": found.x, "y": found.y, "z": found.reached, "zmin": -1.5, "zmax": len(steps) - 1.5,
                     "colorscale": scale, "showscale": False, "opacity": 0.75, "name": run.label,
                     "hovertemplate": f"{run.label} from (%{{x:.2f}}, %{{y:.2f}})<extra></extra>"} | axes)  # fmt: skip
        best = np.isin(np.arange(len(r.land.minima)), found.best)
        data.append(marks([(x, y, "minimum") for x, y, _ in r.land.minima], np.where(best, 13, 7)) | axes)
    columns = min(n, 4)
    rows = -(-n // columns)
    return spec(
        data,
        title=basins_title(r),
        alt=f"{counted(n, 'map')} of starts on {r.land.surface.label}, coloured by the minimum at which the run ends",
        style=r.settings["style"], height=110 + 300 * rows, showlegend=False, margin={"l": 56, "r": 16, "t": 66, "b": 46},
        meta={"narrow": _panels(r, 1) | {"height": 100 + 300 * n}},
        **_panels(r, columns), annotations=_names(r, columns),
    )  # fmt: skip


def _grid(n: int, columns: int) -> list[tuple[list[float], list[float]]]:
    """Domains of n panels in rows of `columns`, with room for names and ticks."""
    rows = -(-n // columns)
    wide, high = 1 / columns, 1 / rows
    domains = []
    for i in range(n):
        left, top = (i % columns) * wide, 1 - (i // columns) * high
        domains.append(
            (
                [left, left + (0.88 if columns > 1 else 1) * wide],
                [top - (0.8 if rows > 1 else 0.94) * high, top - 0.06 * high],
            )
        )
    return domains


def _panels(r: Results, columns: int) -> dict[str, Any]:
    x0, x1, y0, y1 = r.land.surface.box
    out = {}
    for i, (across, up) in enumerate(_grid(len(r.runs), columns), 1):
        out[f"xaxis{i if i > 1 else ''}"] = axis("", range=[x0, x1], domain=across, anchor=f"y{i}")
        out[f"yaxis{i if i > 1 else ''}"] = axis("", range=[y0, y1], domain=up, anchor=f"x{i}")
    return out


def _names(r: Results, columns: int) -> list[dict[str, Any]]:
    """Each panel's optimizer, above it; anchored to the panel, so that they follow it."""
    return [
        panel_title(f"{run.label} {percent(r.basins(run).share_reaching_best)}", i) for i, run in enumerate(r.runs, 1)
    ]


def _empty_figure(r: Results) -> dict[str, Any]:
    return spec([], title=basins_title(r), alt="An empty figure", style=r.settings["style"], height=200,
                annotations=[annotation("no minimum here", 0.5, 0.5, xref="paper", yref="paper")], xaxis={"visible": False}, yaxis={"visible": False})  # fmt: skip
