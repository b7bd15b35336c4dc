"""The cloud of many runs round the minimum, and where a penalty that is divided by B pulls them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lessons.mini_batch import Results
from ...lessons.mini_batch.noise import Cloud
from ...schedules import SCHEDULES
from ..plot import meta
from ..plot.axes import axis, narrow_axis
from ..plot.text import number
from ..plot.theme import BLUE, GREEN, INK, PURPLE, key_line, spec
from ..plot.traces import annotation, line, on_panel, open_circles, points
from .section_words import (
    Clouds,
    noise_alt,
    noise_caption,
    noise_title,
    regularisation_caption,
    regularisation_title,
)
from .style import PANELS, box, contour, empty_figure, minimum_mark, picture
from .words import NO_RUNS, batch_label


def _epoch_shown(r: Results) -> int:
    """The epoch whose cloud is drawn: the chosen one, or the last."""
    chosen = r.settings["epoch"]
    return r.settings["epochs"] if chosen is None else min(round(chosen), r.settings["epochs"])


# ---- fixed rate against decay -------------------------------------------------------------------------------


def caption(r: Results) -> str:
    """The sentence at the epoch that is drawn."""
    return noise_caption(r, _epoch_shown(r))


@picture(label="Fixed rate against decay", caption=caption)
def noise(r: Results) -> dict[str, Any]:
    """The two clouds at the chosen epoch, and below it their widths over the epochs with theory; the bar runs over epochs."""
    clouds = r.clouds
    if isinstance(clouds, str):
        return empty_figure(r, caption(r), NO_RUNS)
    at, epochs = _epoch_shown(r), np.arange(r.settings["epochs"] + 1.0)
    x0, x1, y0, y1 = corners = _cloud_box(r, clouds)
    kinds = ((clouds[0], "fixed", BLUE), (clouds[1], "decay", GREEN))
    data = [contour(r, corners), *(curve for kind in kinds for curve in _curves(*kind, epochs)), minimum_mark(r)]
    still = len(data)
    data += [_cloud_markers(*kind, at) for kind in kinds]
    data.append(open_circles([at] * 2, _widths(clouds, at), "now", 11, **on_panel(2)))
    lower, key, upper = PANELS[r.settings["style"]]
    curves = [curve for cloud in clouds for curve in (cloud.measured, cloud.theory) if curve is not None]
    widest = float(np.max(np.nan_to_num(curves, posinf=0.0))) or 1.0
    dotted = [("in theory, independent draws", INK, "dot")] if clouds[0].theory is not None else []
    upward = axis("w₂", range=[y0, y1], domain=[upper, 1])
    return spec(
        data,
        title=noise_title(clouds, at),
        alt=noise_alt(r),
        style=r.settings["style"], height=560, showlegend=False, margin={"l": 78, "r": 16, "t": 66, "b": 52},
        frames=[_frame(clouds, k, still) for k in range(epochs.size)],
        meta={"still": still, "bar": meta.bar("sweep", "epoch", epochs, at, 6),
              "narrow": {"yaxis": narrow_axis(upward)}},
        annotations=[_cloud_key(r), key_line([("width, measured", INK, "solid"), *dotted]) | {"y": key}],
        xaxis=axis("", range=[x0, x1], anchor="y"), yaxis=upward,
        xaxis2=axis("epoch", range=[-0.2, epochs[-1] + 0.2], anchor="y2"),
        yaxis2=axis("", range=[0, 1.1 * widest], domain=[0, lower], anchor="x2"),
    )  # fmt: skip


def _cloud_key(r: Results) -> dict[str, Any]:
    """Which cloud is which, above the axes."""
    words = [
        f"<span style='color:{colour}'>{sign}</span> {text}"
        for colour, sign, text in ((BLUE, "●", "Fixed rate"), (GREEN, "◆", SCHEDULES[r.settings["decay"]].label))
    ]
    return key_line([]) | {"text": "    ".join(words)}


def _cloud_box(r: Results, clouds: Clouds) -> tuple[float, float, float, float]:
    """A box round where both clouds are over the last third of the epochs, and the minimum."""
    late = 2 * r.settings["epochs"] // 3
    late_points = [cloud.points[:, late:].reshape(-1, 2) for cloud in clouds]
    there = np.concatenate([*late_points, *([] if r.minimum is None else [r.minimum[None]])])
    return _bounding_box(there, 0.08) if len(there) else box(r)


def _bounding_box(points: np.ndarray, margin: float) -> tuple[float, float, float, float]:
    """A box round points (n, 2), one at least, with a margin on each side."""
    low, high = points.min(axis=0), points.max(axis=0)
    pad = margin * np.maximum(high - low, 1e-3)
    return float(low[0] - pad[0]), float(high[0] + pad[0]), float(low[1] - pad[1]), float(high[1] + pad[1])


def _widths(clouds: Clouds, epoch: int) -> np.ndarray:
    return np.array([cloud.measured[epoch] for cloud in clouds])


def _curves(cloud: Cloud, name: str, colour: str, epochs: np.ndarray) -> list[dict[str, Any]]:
    """The width of a cloud over the epochs, as measured and, where there is one, in theory."""
    curves = [
        line(epochs, cloud.measured, f"{name}, measured", colour, f"epoch %{{x:,}}: {name} %{{y:.3g}}", **on_panel(2))
    ]
    if cloud.theory is not None:
        stroke = {"dash": "dot", "width": 1.6}
        hover = f"theory, {name}: %{{y:.3g}}"
        curves.append(line(epochs, cloud.theory, f"{name}, theory", colour, hover, **stroke, **on_panel(2)))
    return curves


def _cloud_markers(cloud: Cloud, name: str, colour: str, at: int) -> dict[str, Any]:
    x, y = cloud.points[:, at].T
    symbol = "circle" if name == "fixed" else "diamond"
    return points(
        x, y, f"{name}: runs", colour, f"{name}: (%{{x:.3f}}, %{{y:.3f}})", symbol=symbol, size=4, opacity=0.75
    )


def _frame(clouds: Clouds, k: int, first: int) -> dict[str, Any]:
    data: list[dict[str, Any]] = [{"x": cloud.points[:, k, 0], "y": cloud.points[:, k, 1]} for cloud in clouds]
    data.append({"x": [k] * 2, "y": _widths(clouds, k)})
    return {"name": str(k), "data": data, "traces": [first, first + 1, first + 2]}


# ---- regularisation -----------------------------------------------------------------------------------------


@picture(label="Regularisation against batch size", caption=regularisation_caption)
def regularisation(r: Results) -> dict[str, Any]:
    """On the contour without penalty: the minimum with penalty for each batch size, and where training went."""
    x0, x1, y0, y1 = corners = _penalty_box(r)
    data = [contour(r, corners), minimum_mark(r)]
    data.append(points([0.0], [0.0], "zero", INK, "zero", symbol="cross", size=10))
    if not isinstance(r.penalised, str):
        found = r.penalised
        w = np.array([p.minimum for p in found])
        hover = "%{customdata}: (%{x:.3f}, %{y:.3f})"
        words = [f"{batch_label(p.batch_size)}, strength {number(p.strength)}" for p in found]
        data.append(line(w[:, 0], w[:, 1], "minimum with penalty", PURPLE, hover, mode="lines+markers", customdata=words,
                         marker={"color": PURPLE, "size": 8}))  # fmt: skip
        kept = [(p.reached, text) for p, text in zip(found, words, strict=True) if p.reached is not None]
        x, y = np.array([p for p, _ in kept]).reshape(-1, 2).T
        reached = {"customdata": [text for _, text in kept], "symbol": "diamond-open", "size": 13}
        data.append(points(x, y, "where training went", INK, hover, **reached))
    return spec(
        data, title=regularisation_title(r),
        alt="Contour of the cost of all samples without penalty, with the minimum under a penalty for each batch size and where training went",
        style=r.settings["style"], height=430, showlegend=False, margin={"l": 64, "r": 16, "t": 74, "b": 52},
        annotations=[_penalty_key(), *_ends(r)],
        xaxis=axis("w₁", range=[x0, x1]), yaxis=axis("w₂", range=[y0, y1]),
    )  # fmt: skip


def _penalty_key() -> dict[str, Any]:
    words = key_line([("minimum, B = 1 to m", PURPLE, "solid")])
    return words | {"text": f"☆ no penalty    {words['text']}    ◇ where training went"}


def _ends(r: Results) -> list[dict[str, Any]]:
    """Labels at the minima of the smallest and the largest batch, where they lie apart."""
    if isinstance(r.penalised, str) or np.allclose(r.penalised[0].minimum, r.penalised[-1].minimum):
        return []
    names = (("B = 1", r.penalised[0]), ("B = m", r.penalised[-1]))
    return [annotation(name, p.minimum[0], p.minimum[1], yshift=-20) for name, p in names]


def _penalty_box(r: Results) -> tuple[float, float, float, float]:
    """A box round zero, the minima and where training went, with a margin."""
    places = [(0.0, 0.0)]
    places += [] if r.minimum is None else [tuple(r.minimum)]
    if not isinstance(r.penalised, str):
        places += [p for found in r.penalised for p in (found.minimum, found.reached) if p is not None]
    return _bounding_box(np.array(places), 0.2)
