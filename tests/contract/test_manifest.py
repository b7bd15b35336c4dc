"""A page is described once, by its lesson: whatever lists pages or figures follows that, and a page more needs nothing else."""

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from conftest import SCRIPT

import lrviz.figures
import lrviz.lessons
from lrviz import cli
from lrviz.figures import gallery_of
from lrviz.figures.gallery import Gallery, Picture
from lrviz.lessons import LESSONS, address
from lrviz.link import parse, query_string
from lrviz.ui import live

ROOT = Path(__file__).parents[2]
EVERY_LESSON = pytest.mark.parametrize("name", LESSONS)

LESSON_FILE = '''"""A straight line."""
from ...params import number
from ..lesson import Lesson, Preset, page_params

PARAMS = page_params(number("slope", 2.0, low=-10, high=10, slider=(-5, 5)))
PRESETS = (
    Preset(title="Falling", look="The line falls.", settings={"slope": -1.5}, carries=("falls",)),
    Preset(title="Flat", look="The line is flat.", settings={"slope": 0.0}, carries=("neither",)),
)
LESSON = Lesson(
    name="toy", title="A straight line", label="Lines", card="What a slope is.", params=PARAMS, presets=PRESETS,
    figures=("line",), compute=dict, script=SCRIPT,
)
'''
FIGURES_FILE = '''"""Figures of a straight line."""
from ..gallery import gallery
from ..plot.axes import axis
from ..plot.theme import spec

PICTURES, picture = gallery("toy")

def caption(r):
    return "The line " + ("rises." if r["slope"] > 0 else "falls." if r["slope"] < 0 else "neither rises nor falls.")

@picture(label="A line", caption=caption, pick=lambda r, x, y: {"slope": y / x})
def line(r):
    """From the origin to 1."""
    data = [{"type": "scatter", "mode": "lines", "x": [0, 1], "y": [0, r["slope"]], "name": "line"}]
    return spec(data, title="A line", alt="A line", style=r["style"], xaxis=axis("x"), yaxis=axis("y"))
'''
PAGE_FILE = '''"""Words and layout of the page on straight lines."""
from lrviz.figures.toy import PICTURES
from lrviz.lessons.toy import LESSON
from lrviz.ui.page import opened

with opened(LESSON, PICTURES) as page:
    page.head("A line has a slope.")
    page.figure("line", LESSON.compute(page.settings))
    page.control("slope")
'''


# ---- the pages there are


@EVERY_LESSON
def test_a_page_has_the_figures_that_its_lesson_lists(name):
    assert tuple(gallery_of(name)) == LESSONS[name].figures


@EVERY_LESSON
def test_a_page_has_a_script_of_its_name(name):
    assert (ROOT / "pages" / f"{name}.py").is_file()


@EVERY_LESSON
def test_galleries_keep_their_order_whatever_is_imported_first(name):
    # The package itself would import its files in its own order, so an empty one takes its place.
    code = f"""
import random, sys
from pathlib import Path
from types import ModuleType
import lrviz.figures
folder = Path(lrviz.figures.__file__).parent / {name!r}
files = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
orders, registered = set(), set()
for seed in range(6):
    for module in [m for m in sys.modules if m.startswith("lrviz.figures.{name}")]:
        del sys.modules[module]
    package = sys.modules["lrviz.figures.{name}"] = ModuleType("lrviz.figures.{name}")
    package.__path__ = [str(folder)]
    random.Random(seed).shuffle(files)
    for file in files:
        __import__(f"lrviz.figures.{name}.{{file}}")
    pictures = next(m.PICTURES for m in map(sys.modules.get, [f"lrviz.figures.{name}.{{file}}" for file in files]) if hasattr(m, "PICTURES"))
    orders.add(tuple(pictures))
    registered.add(tuple(pictures._entries))
assert len(registered) > 1, "the order of registration has not been shuffled"
print(*orders)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == str(LESSONS[name].figures)


def test_a_figure_that_no_lesson_lists_is_refused():
    pictures = Gallery(LESSONS["ewma"])
    with pytest.raises(ValueError, match="ewma figure: name must be one that its lesson lists, got 'yaer'"):
        pictures.add(Picture(name="yaer", label="", spec=dict, caption=str))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"figures": ()}, "figures must name the main figure at least"),
        ({"sections": {"unrolled": "One day"}}, "sections must be those of the setting"),
        ({"sections": {}}, "sections must be those of the setting"),
        ({"figures": ("year",)}, "figure of a preset must be one of"),
    ],
)
def test_a_lesson_that_contradicts_itself_is_refused(changes, words):
    with pytest.raises(ValueError, match=f"ewma: {words}"):
        replace(LESSONS["ewma"], **changes)


# ---- a page more


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A page more: a lesson, its figure and its script, in folders beside the others' for as long as a test runs."""
    script = tmp_path / "pages" / "toy.py"
    for path, text in (
        (
            tmp_path / "lessons" / "toy" / "__init__.py",
            LESSON_FILE.replace("SCRIPT", f'__import__("pathlib").Path({str(script)!r})'),
        ),
        (tmp_path / "figures" / "toy" / "__init__.py", FIGURES_FILE),
        (script, PAGE_FILE),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    for package in (lrviz.lessons, lrviz.figures):
        folder = tmp_path / package.__name__.rpartition(".")[2]
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    lesson = LESSONS.add(import_module("lrviz.lessons.toy").LESSON)
    yield lesson
    LESSONS.remove("toy")
    for package in (lrviz.lessons, lrviz.figures):
        vars(package).pop("toy", None)
        sys.modules.pop(f"{package.__name__}.toy", None)


@pytest.fixture
def run_toy(toy, components):
    """Query string -> an AppTest that has run the page; or the first page, for None."""
    from streamlit.testing.v1 import AppTest

    def run(query):
        app = AppTest.from_file(str(SCRIPT), default_timeout=300)
        if query is not None:
            app.switch_page(os.path.relpath(toy.script, SCRIPT.parent))
            for key, value in parse(query):
                app.query_params[key] = value
        app.run()
        assert not app.exception
        return app

    return run


@pytest.fixture
def many(toy):
    """Two pages more than that, so that the first page needs a third row of cards."""
    for i in range(2):
        script = toy.script.with_name(f"toy{i}.py")
        script.write_text(PAGE_FILE, encoding="utf-8")
        LESSONS.add(replace(toy, name=f"toy{i}", card=f"Card {i}.", script=script))
    yield
    for i in range(2):
        LESSONS.remove(f"toy{i}")


def words(app):
    return [element.value for element in app.markdown]


def test_pages_more_are_in_the_row_of_links_and_on_the_first_page(run_toy, many):
    home = run_toy(None)
    links = [element.proto.label for element in home.get("page_link")]
    assert links[: 1 + len(LESSONS)] == ["Home", *(lesson.label for lesson in LESSONS.values())]
    assert links[len(LESSONS)] == "Lines"
    assert links[-1] == "**A straight line**"
    cards = [lesson.card for lesson in LESSONS.values()]
    assert [text for text in words(home) if text in cards] == cards


def test_a_page_more_opens_at_its_link_and_its_link_says_its_settings(run_toy, toy):
    app = run_toy("slope=-1.5&style=slide")
    assert app.title[0].value == "A straight line"
    assert "The line falls." in words(app)
    assert app.session_state["lrviz toy"]["settings"] == toy.settings(slope=-1.5, style="slide")
    assert {key: app.query_params[key] for key in app.query_params} == {"slope": "-1.5", "style": "slide"}
    assert not app.warning
    assert "The line falls." in app.info[0].value


def test_the_presets_of_a_page_more_need_no_claim(run_toy, toy):
    assert (address.resolve("toy.1").title, address.resolve("toy.2").title) == ("Falling", "Flat")
    assert address.resolve("toy.2").settings == toy.settings(slope=0.0)
    with pytest.raises(KeyError, match=r"unknown page 'toy\.3'"):
        address.resolve("toy.3")
    with pytest.raises(KeyError):
        toy.preset("")
    app = run_toy("")
    app.session_state["lrviz presets toy"] = True
    buttons = [button for button in app.run().button if button.key and ".preset." in button.key]
    assert [button.label for button in buttons] == ["Falling", "Flat"]
    assert "The line neither rises nor falls." in words(buttons[1].click().run())


def test_the_live_route_answers_for_a_page_more(toy):
    query = parse(query_string(toy.settings(slope=-3.0), toy.params))
    answer = json.loads(live.figure("toy", "line", query))
    assert answer["moving"][0]["y"] == [0, -3.0]
    picked = json.loads(live.figure("toy", "line", [*query, (live.PICK, "2,8")]))
    assert picked["moving"][0]["y"] == [0, 4.0]


def test_the_command_line_lists_and_draws_a_page_more(toy, tmp_path, capsys):
    assert cli.main(["list"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    at = rows.index(["toy:", "A", "straight", "line"])
    assert rows[at + 1 :] == [
        ["figure", "line", "A", "line"],
        ["preset", "toy.1", "Falling"],
        ["preset", "toy.2", "Flat"],
    ]
    files = {form: tmp_path / f"line.{form}" for form in ("csv", "html", "py")}
    for file in files.values():
        assert cli.main(["export", "toy?slope=-4", "-o", str(file)]) == 0
    rows = [line for line in files["csv"].read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    drawn = [(float(row["x"]), float(row["y"])) for row in csv.DictReader(io.StringIO("\n".join(rows)))]
    assert drawn == [(0.0, 0.0), (1.0, -4.0)]
    assert "The line falls." in files["html"].read_text(encoding="utf-8")
    names = {}
    exec(files["py"].read_text(encoding="utf-8").replace("figure.show()", ""), names)
    assert tuple(names["figure"].data[0].y) == (0, -4.0)
