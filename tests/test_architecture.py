"""The house: who may import whom, what `import lrviz` brings with it, what files are called and how long they are."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# A room may use those of a lower floor, and itself. On one floor, rooms do not know each other.
FLOORS = {"lrviz": 0, "lrviz.lessons": 1, "lrviz.figures": 2, "lrviz.ui": 3, "command line": 3, "pages": 4}
COMMAND_LINE = {"lrviz.__main__", "lrviz.cli", "lrviz.exporting"}
LIBRARIES = {
    "lrviz": {"numpy"},
    "lrviz.lessons": {"numpy"},
    "lrviz.figures": {"numpy", "plotly"},
    "lrviz.ui": {"numpy", "pandas", "plotly", "segno", "starlette", "streamlit"},
    "command line": {"plotly"},
    "pages": {"numpy", "streamlit"},
    None: {"streamlit"},  # app.py
}
SPECIAL = {  # imported where they are needed; the fresh interpreters below see to that
    "lrviz.readers": {"pandas"},
    "lrviz.tables": {"pandas"},
    "lrviz.figures.files.images": {"kaleido", "choreographer"},
}
BANNED = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
FILES = sorted([*ROOT.glob("lrviz/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"])
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


def imports(path):
    """The modules that a file imports, relative ones resolved, wherever in the file the import stands."""
    package = module(path) if path.name == "__init__.py" else module(path).rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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
def test_a_file_is_named_for_what_it_does_and_stays_readable(path):
    assert path.stem not in BANNED
    lines = len(path.read_text(encoding="utf-8").splitlines())
    longest = 110 if path.parent.name == "pages" else 400
    assert lines <= longest, f"{path.name} has {lines} lines: split it where it gets a second purpose"


@EVERY_FILE
def test_every_file_says_what_it_is_for(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)


def test_javascript_stays_small():
    for path in {*ROOT.glob("lrviz/**/*.js")} - {*ROOT.glob("lrviz/**/*.bundle.js")}:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path.name


@EVERY_FILE
def test_nothing_is_swallowed_and_no_input_is_checked_by_assert(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Assert), f"{path.name}:{node.lineno}: assert vanishes under python -O"
        if isinstance(node, ast.ExceptHandler):
            names = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else {""}
            broad = names & {"", "Exception", "BaseException"}
            assert not broad or isinstance(node.body[-1], ast.Raise), f"{path.name}:{node.lineno}: too broad"
