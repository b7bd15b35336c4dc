"""The look of figures: colours that can be seen and told apart, a second cue, type that grows, two themes."""

from itertools import combinations, pairwise

import numpy as np
import plotly.graph_objects as go
import pytest

from lrviz.figures.plot import theme as style
from lrviz.figures.plot.axes import axis
from lrviz.figures.plot.theme import COLOURS, DARK, GRID, PAPER, SURFACE, cue, key_line, spec, themed

TEXTS = (style.INK, style.MUTED)


def luminance(colour):
    """Relative luminance of WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    """Contrast ratio of WCAG 2.2: 1 (the same) to 21 (black on white)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def seen_by_the_colour_blind(colour):
    """Deuteranopia in linear RGB after Viénot, Brettel & Mollon 1999 (the projection of doi:10.1002/(SICI)1520-6378)."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]) @ linear


def figure(**changes):
    data = [{"type": "scatter", "x": [1.0, 2.0], "y": [3.0, 4.0], "line": {"color": style.BLUE}, "marker": {"size": 6}}]
    return spec(data, title="It rises", alt="A line that rises", **changes)


def test_contrast_is_the_published_one():
    # https://webaim.org/resources/contrastchecker/: black on white 21, #767676 on white 4.54
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=5e-3)


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_of_a_curve_can_be_seen_on_either_ground(colour):
    # WCAG 2.2, 1.4.11: at least 3 : 1 for what one must see to understand a graphic
    assert contrast(colour, PAPER) >= 3
    assert contrast(DARK[colour], DARK[PAPER]) >= 3


@pytest.mark.parametrize("colour", TEXTS)
def test_text_can_be_read_on_either_ground(colour):
    # WCAG 2.2, 1.4.3: at least 4.5 : 1 for text
    assert contrast(colour, PAPER) >= 4.5
    assert contrast(DARK[colour], DARK[PAPER]) >= 4.5


@pytest.mark.parametrize("colour", COLOURS[:5])
def test_the_first_colours_can_be_seen_over_the_shades_of_a_surface(colour):
    assert contrast(colour, SURFACE[0][1]) >= 2.5
    assert contrast(DARK[colour], DARK[SURFACE[0][1]]) >= 3


def test_curves_stay_apart_for_eyes_that_do_not_see_green():
    for theme in ({}, DARK):
        seen = [seen_by_the_colour_blind(theme.get(c, c)) for c in COLOURS[:6]]
        assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 0.05


def test_the_grid_stays_behind():
    assert contrast(GRID, PAPER) < 1.5
    assert contrast(DARK[GRID], DARK[PAPER]) < 1.5


def test_the_first_24_things_of_a_kind_are_told_apart():
    cues = [tuple(cue(i).values()) for i in range(24)]
    assert len(set(cues)) == 24
    assert len({(colour, dash) for colour, dash, _ in cues[:16]}) == 16  # lines have no symbol
    for neighbours in pairwise(cues):
        assert len({c[0] for c in neighbours}) == len({c[2] for c in neighbours}) == 2


def test_every_colour_of_the_house_has_a_dark_fellow_of_its_own():
    named = {v for v in vars(style).values() if isinstance(v, str) and style._HEX.fullmatch(v)}
    used = named | {colour for _, colour in SURFACE} | set(COLOURS)
    assert used == set(DARK)
    assert len(set(DARK.values())) == len(DARK)


def test_the_dark_theme_maps_every_colour_wherever_it_stands_and_nothing_else():
    picture = go.Figure(figure(annotations=[key_line([("a", style.RED, "dash")])], xaxis=axis("step")))
    dark = themed(picture, "dark")
    assert dark.layout.paper_bgcolor == DARK[PAPER]
    assert dark.layout.font.color == DARK[style.INK]
    assert dark.layout.xaxis.gridcolor == DARK[GRID]
    assert dark.data[0].line.color == DARK[style.BLUE]
    assert f"color:{DARK[style.RED]}" in dark.layout.annotations[0].text
    np.testing.assert_array_equal(dark.data[0].y, picture.data[0].y)
    assert dark.layout.title == picture.layout.title
    assert themed(picture, "light") is picture


def test_a_figure_looks_the_same_on_the_stage_and_as_a_plotly_figure():
    # go.Figure would add Plotly's template; the stage sends the plain form, which has none.
    assert go.Figure(figure()).layout.template.layout.to_plotly_json() == {}


def test_the_slide_style_has_larger_type_thicker_lines_and_wider_margins():
    desk, hall = figure(), figure(style="slide")
    ratio = style.STYLE_SCALES["slide"]
    assert (
        hall["layout"]["font"]["size"]
        == round(ratio * style.FONT_SIZE)
        > desk["layout"]["font"]["size"]
        == style.FONT_SIZE
    )
    assert hall["layout"]["title"]["font"]["size"] > desk["layout"]["title"]["font"]["size"]
    assert hall["data"][0]["line"]["width"] == pytest.approx(ratio * style.LINE_WIDTH)
    assert hall["data"][0]["marker"]["size"] == pytest.approx(ratio * 6)
    for side in "lrtb":
        assert hall["layout"]["margin"][side] > desk["layout"]["margin"][side]
    assert desk["data"][0]["line"] == {"color": style.BLUE}


def test_margins_never_make_plotly_draw_twice():
    # Automatic margins lay the chart out, measure it and lay it out again.
    layout = figure(margin={"t": 90}, xaxis=axis("step"))["layout"]
    assert layout["margin"] == {"l": 64, "r": 16, "t": 90, "b": 52, "autoexpand": False}
    assert layout["xaxis"]["automargin"] is False


def test_what_the_stage_reads_stands_in_meta_beside_the_alternative_text():
    meta = figure(meta={"still": 1})["layout"]["meta"]
    assert meta == {"alt": "A line that rises", "style": "screen", "still": 1}


def test_the_key_breaks_into_lines_and_says_colour_and_stroke():
    note = key_line([(f"curve {i}", COLOURS[i % 8], "dash") for i in range(10)], a_line=4)
    assert [line.count("curve") for line in note["text"].split("<br>")] == [4, 4, 2]
    assert f"<span style='color:{style.BLUE}'>╍╍</span> curve 0" in note["text"]
    assert note["name"] == "key"
