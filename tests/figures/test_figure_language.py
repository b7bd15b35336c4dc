"""One language for all figures: an optimizer looks the same everywhere, and what the stage reads is what Python writes."""

import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

from lrviz.figures import galleries
from lrviz.figures.plot import meta
from lrviz.figures.plot.axes import log_range, padded
from lrviz.figures.plot.identity import NOTED, cues, identity
from lrviz.figures.plot.surface_map import MARKS, contour, grid, marks
from lrviz.figures.plot.theme import BLUE, COLOURS, GREEN, PURPLE, RED, STROKES
from lrviz.figures.plot.traces import head, line
from lrviz.lessons import LESSONS
from lrviz.optimizers import OPTIMIZERS
from lrviz.surfaces import KINDS

FOLDER = Path(__file__).parents[2] / "lrviz" / "figures" / "static"
ENTRY = re.compile(r"<span style='color:(#\w+)'>([^<]+)</span> ([^<]+)")


# ---- identity


def test_the_notes_rules_have_the_notes_colours():
    assert [identity(name)["colour"] for name in NOTED] == [BLUE, RED, GREEN, PURPLE]


def test_lines_of_any_two_optimizers_differ_in_colour_or_dash_and_all_three_together():
    for one, other in combinations(cues(OPTIMIZERS), 2):
        assert (one["colour"], one["dash"]) != (other["colour"], other["dash"])
        assert one != other


def test_a_rule_added_from_outside_has_a_look_of_its_own_and_changes_nobody_elses():
    before = cues(OPTIMIZERS)
    OPTIMIZERS.add(replace(OPTIMIZERS["adam"], name="one_more"))
    try:
        after = cues(OPTIMIZERS)
        assert after[:-1] == before
        assert all((look["colour"], look["dash"]) != (after[-1]["colour"], after[-1]["dash"]) for look in before)
        assert after[-1]["colour"] in COLOURS
    finally:
        OPTIMIZERS.remove("one_more")


def named_optimizers(text):
    """(optimizer, colour, stroke) of the entries of a key that name one."""
    by_length = sorted(OPTIMIZERS.values(), key=lambda entry: -len(entry.label))
    for colour, stroke, words in ENTRY.findall(text):
        found = next(
            (entry.name for entry in by_length if re.match(rf"{re.escape(entry.label)}(?! \w*(?:ball|RMS))", words)),
            None,
        )
        if found is not None:
            yield found, colour, stroke


@pytest.mark.parametrize("first", [0, 4, 8])
def test_one_optimizer_has_one_colour_and_dash_in_the_key_of_every_figure(first):
    chosen, met = tuple(OPTIMIZERS)[first : first + 6], set()
    for name, lesson in LESSONS.items():
        param = lesson.params.get("optimizers")
        if param is None:
            continue
        results = lesson.compute(lesson.settings(optimizers=chosen[: param.longest], steps=20))
        for picture in galleries()[name].values():
            for note in picture.spec(results)["layout"].get("annotations", ()):
                for optimizer, colour, stroke in named_optimizers(note["text"]):
                    look = identity(optimizer)
                    assert (colour, stroke in (STROKES[look["dash"]], STROKES["solid"])) == (look["colour"], True), (
                        name,
                        picture.name,
                        optimizer,
                    )
                    met.add((name, optimizer))
    assert len(met) >= 2 * len(chosen) - 2


# ---- what the stage reads


def written():
    """Keys of layout.meta that a figure of any page writes."""
    for name, lesson in LESSONS.items():
        results = lesson.compute(lesson.settings())
        for picture in galleries()[name].values():
            yield picture.spec(results)["layout"]["meta"]


def test_the_stage_and_python_agree_on_what_stands_in_meta():
    contract = set(get_type_hints(meta.Meta))
    script = "\n".join(
        re.sub(r"//.*|/\*[\s\S]*?\*/", "", path.read_text(encoding="utf-8"))
        for path in FOLDER.glob("*.js")
        if not path.name.endswith(".bundle.js")
    )
    read = set(re.findall(r"\bmeta\??\.(\w+)", script))
    in_python = {"still", "style"}  # lrviz/ui/stage.py sends the still part once; gallery.py fits the text
    assert read | in_python == contract
    declared = re.search(r"interface Meta \{([^}]*)\}", (FOLDER / "types.d.ts").read_text(encoding="utf-8"))[1]
    assert set(re.findall(r"(?m)^  (\w+)\?:", declared)) == contract
    drawn = list(written())
    assert set().union(*drawn) == contract
    for kind, key in ((meta.Bar, "bar"), (meta.Pick, "pick")):
        parts = [found[key] for found in drawn if key in found]
        assert set().union(*parts) == set(get_type_hints(kind))
    assert set().union(*(one for found in drawn for one in found.get("heads", ()))) == set(get_type_hints(meta.Head))


# ---- pieces


def test_a_head_stands_where_its_line_last_was():
    path = line([0.0, 1.0, 2.0, 3.0], [5.0, 6.0, np.nan, np.nan], "a", BLUE, xaxis="x2", yaxis="y2")
    for at, x in ((0, 0), (1, 1), (3, 1)):
        mark = head(path, at, identity("adam"))
        assert (list(mark["x"]), list(mark["y"]), mark["yaxis"]) == ([x], [path["y"][x]], "y2")
    assert len(head(line([0.0], [np.nan], "none", BLUE), 0, identity("adam"))["x"]) == 1


def test_a_logarithmic_range_holds_the_values_and_stays_put_while_they_move_a_little():
    assert log_range([0.02, 300.0]) == [-2, 3]
    assert log_range([0.02, 300.0], grain=4) == [-4, 4]
    assert log_range([1e-30, 1.0], most=6) == [-6, 0]
    assert log_range([5.0, np.nan, -1.0, 0.0], top=1000.0) == [0, 3]
    assert log_range([]) == log_range([-1.0]) == [0, 0]
    low, high = log_range([0.02, 300.0], grain=0.1, pad=0.1)
    assert 10**low < 0.02 / 1.2
    assert 10**high > 300 * 1.2
    assert log_range([0.021, 290.0], grain=4) == [-4, 4]


def test_a_range_has_air_at_both_ends_also_round_a_single_value():
    np.testing.assert_allclose(padded([0.0, 10.0, np.nan], 0.1), [-1, 11])
    np.testing.assert_allclose(padded([3.0], 0.1), [2.9, 3.1])


def test_every_kind_of_critical_point_has_a_mark_of_its_own():
    assert set(MARKS) == set(KINDS)
    assert len({symbol for symbol, _ in MARKS.values()}) == len(MARKS)
    drawn = marks([(1.0, 2.0, "minimum"), (3.0, 4.0, "saddle")])
    assert (drawn["x"].tolist(), drawn["y"].tolist(), drawn["text"]) == ([1, 3], [2, 4], ["minimum", "saddle"])
    assert len(marks([])["x"]) == 0


def test_the_grid_is_the_function_on_the_box_and_the_contour_spans_it():
    x, y, z = grid(lambda x, y: x + 10 * y, (0.0, 1.0, 2.0, 4.0), 5)
    assert (x.tolist(), y.tolist()) == ([0, 0.25, 0.5, 0.75, 1], [2, 2.5, 3, 3.5, 4])
    assert z[3][1] == x[1] + 10 * y[3]
    levels = contour(x, y, z)["contours"]
    assert (levels["start"], levels["end"]) == (20, 41)
    assert contour(x, y, np.zeros((5, 5)))["contours"]["size"] > 0
