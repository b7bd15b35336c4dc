"""The house: who may import whom, what `import lrviz` brings with it, what files are called and how long they are."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from lrviz.lessons import LESSONS

ROOT = Path(__file__).parents[2]
# A room may use those of a lower floor, and itself. On one floor, rooms do not know each other.
FLOORS = {"lrviz": 0, "lrviz.lessons": 1, "lrviz.figures": 2, "lrviz.ui": 3, "command line": 3, "pages": 4}
COMMAND_LINE = {"lrviz.__main__", "lrviz.cli"}
LIBRARIES = {
    "lrviz": {"numpy"},
    "lrviz.lessons": {"numpy"},
    "lrviz.figures": {"numpy", "plotly"},
    "lrviz.ui": {"numpy", "pandas", "plotly", "segno", "starlette", "streamlit"},
    "command line": {"plotly"},
    "pages": {"streamlit"},
    None: {"streamlit"},  # app.py
}
SPECIAL = {  # imported where they are needed; the fresh interpreters below see to that
    "lrviz.readers": {"pandas"},
    "lrviz.tables": {"pandas"},
    "lrviz.figures.files.images": {"kaleido", "choreographer"},
}
BANNED = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
FILES = sorted([*ROOT.glob("lrviz/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"])
SCRIPTS = sorted(path for path in ROOT.glob("lrviz/**/*.js") if ".bundle." not in path.name)
# What is longer than it should be. The list only gets shorter: what has been made short enough has to leave it.
LONG_FILES: set[str] = set()
LONG_FUNCTIONS = {
    "lrviz/descent.py descend",
    "lrviz/figures/files/images.py image_renderer",
    "lrviz/minibatch.py train",
}
EVERY_FILE = pytest.mark.parametrize("path", FILES, ids=[str(p.relative_to(ROOT)) for p in FILES])


def module(path):
    """lrviz/ui/page.py -> lrviz.ui.page; a package is its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(name):
    """The room of a module (or of something in it); None outside the house."""
    if any(name == m or name.startswith(m + ".") for m in COMMAND_LINE):
        return "command line"
    return max((r for r in FLOORS if name == r or name.startswith(r + ".")), key=len, default=None)


@cache
def source(path):
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path):
    """The modules that a file imports, relative ones resolved, wherever in the file the import stands."""
    package = module(path) if path.name == "__init__.py" else module(path).rpartition(".")[0]
    found = set()
    for node in ast.walk(source(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parent = package.rsplit(".", node.level - 1)[0] if node.level else ""
            origin = ".".join(filter(None, (parent, node.module)))
            found |= {f"{origin}.{alias.name}" for alias in node.names}
    return found


def test_relative_imports_are_resolved():
    # The reader of this test reads imports itself: it must see through dots, or it would find no offence at all.
    assert "lrviz.params.Param" in imports(ROOT / "lrviz" / "registry.py")
    assert "lrviz.figures.plot.theme.DARK" in imports(ROOT / "lrviz" / "ui" / "stage.py")
    assert "lrviz.averages.ewma" in imports(ROOT / "lrviz" / "__init__.py")
    assert "lrviz.lessons.ewma.OwnSeries" in imports(ROOT / "lrviz" / "ui" / "upload.py")


@EVERY_FILE
def test_imports_run_one_way(path):
    own = room(module(path))
    if own is not None:  # app.py stands above all rooms
        others = {name: r for name in imports(path) if (r := room(name)) not in (None, own)}
        assert [name for name, r in others.items() if FLOORS[r] >= FLOORS[own]] == []


def test_pages_do_not_import_each_other():
    for path in ROOT.glob("pages/*.py"):
        assert not {name for name in imports(path) if name.startswith("pages")}


@EVERY_FILE
def test_each_room_uses_its_own_libraries(path):
    allowed = LIBRARIES[room(module(path))] | SPECIAL.get(module(path), set())
    foreign = {name.split(".")[0] for name in imports(path)} - {"lrviz"} - sys.stdlib_module_names
    assert foreign - allowed == set()


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import lrviz", ("streamlit", "plotly", "pandas", "lrviz.lessons", "lrviz.figures", "lrviz.ui")),
        ("import lrviz.lessons", ("streamlit", "plotly", "pandas")),
        ("import lrviz.figures.ewma, lrviz.figures.files.export", ("streamlit", "pandas", "kaleido")),
        ("import lrviz.link", ("streamlit", "plotly", "pandas")),
    ],
)
def test_a_fresh_interpreter_loads_no_more_than_it_needs(statement, absent):
    words = f"import sys; {statement}; print(*(name for name in {absent!r} if name in sys.modules))"
    run = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == []


@EVERY_FILE
def test_a_file_is_named_for_what_it_does(path):
    assert path.stem not in BANNED


@EVERY_FILE
def test_every_file_says_what_it_is_for(path):
    assert ast.get_docstring(source(path))


@EVERY_FILE
def test_nothing_is_swallowed_and_no_input_is_checked_by_assert(path):
    for node in ast.walk(source(path)):
        assert not isinstance(node, ast.Assert), f"{path.name}:{node.lineno}: assert vanishes under python -O"
        if isinstance(node, ast.ExceptHandler):
            names = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else {""}
            broad = names & {"", "Exception", "BaseException"}
            assert not broad or isinstance(node.body[-1], ast.Raise), f"{path.name}:{node.lineno}: too broad"


@pytest.mark.parametrize("folder", sorted(ROOT.glob("lrviz/*/*/__init__.py")), ids=lambda p: "/".join(p.parts[-3:-1]))
def test_no_file_begins_with_its_folders_name(folder):
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(folder.parent.name)] == []


def test_every_page_is_a_folder_of_numbers_and_one_of_figures():
    for name in LESSONS:
        assert (ROOT / "lrviz" / "lessons" / name / "__init__.py").is_file()
        assert (ROOT / "lrviz" / "figures" / name / "__init__.py").is_file()


def function_lengths(path):
    """(name, lines) of every function of a Python file, and of every function of a formatted script that is longer than a line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds))
        return [(node.name, node.end_lineno - node.lineno + 1) for node in found]
    lines = text.splitlines()
    begins = ((i, re.match(r"( *).*?(?:function (\w+)|(\w+) = .*=>).*\{$", line)) for i, line in enumerate(lines))
    return [
        (
            begin[2] or begin[3],
            1 + next(k for k, line in enumerate(lines[i:]) if k and line.startswith(f"{begin[1]}}}")),
        )
        for i, begin in begins
        if begin
    ]


def test_functions_of_both_languages_are_measured(tmp_path):
    # The reader of the next test, on functions whose lengths can be counted.
    files = {
        "a.py": "def one():\n    pass\n\nclass A:\n    async def two(\n        self,\n    ):\n        pass\n",
        "a.js": "export async function one(a) {\n  const two = (b) => {\n    f(b);\n  };\n}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert function_lengths(tmp_path / "a.py") == [("one", 2), ("two", 4)]
    assert function_lengths(tmp_path / "a.js") == [("one", 5), ("two", 3)]


def test_files_and_functions_stay_short():
    long_files, long_functions = set(), set()
    for path in [*FILES, *SCRIPTS]:
        name = path.relative_to(ROOT).as_posix()
        if len(path.read_text(encoding="utf-8").splitlines()) > (100 if name.startswith("pages/") else 300):
            long_files.add(name)
        long_functions |= {f"{name} {function}" for function, lines in function_lengths(path) if lines > 40}
    assert long_files - LONG_FILES == set(), "more than 300 lines, or a page more than 100: split it by what it does"
    assert long_functions - LONG_FUNCTIONS == set(), "more than 40 lines: let a part of it have a name"
    assert (LONG_FILES - long_files, LONG_FUNCTIONS - long_functions) == (set(), set()), (
        "short enough: take it off the list"
    )
