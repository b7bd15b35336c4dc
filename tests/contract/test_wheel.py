"""What `pip install .` installs: every file of the package, data and folders too, and it works from there."""

import os
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from lrviz.figures import galleries

ROOT = Path(__file__).parents[2]
NEEDED = next(
    line for line in (ROOT / "requirements-dev.txt").read_text().splitlines() if line.startswith("setuptools")
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network from a copy of what it is made of, since building leaves folders behind."""
    if int(metadata.version("setuptools").partition(".")[0]) < int(NEEDED.partition(">=")[2]):
        missing = f"no {NEEDED}: pip install -r requirements-dev.txt"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    shutil.copytree(ROOT / "lrviz", source / "lrviz", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    code = f"from setuptools.build_meta import build_wheel; build_wheel({str(built)!r})"
    run = subprocess.run([sys.executable, "-c", code], cwd=source, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    (path,) = built.iterdir()
    return path


def test_every_file_of_the_package_is_in_the_wheel_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as packed:
        found = {name for name in packed.namelist() if ".dist-info/" not in name}
    files = (path for path in (ROOT / "lrviz").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert found == {path.relative_to(ROOT).as_posix() for path in files}


def test_what_is_installed_lists_every_figure_and_draws_one(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path)
    code = """
import sys
from pathlib import Path
import lrviz
from lrviz.cli import main
assert Path(lrviz.__file__).parent == Path("lrviz").absolute()
main(["list"])
main(["export", "ewma", "-o", "year.html"])
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    listed = [line.split()[1] for line in run.stdout.splitlines() if line.startswith("  figure")]
    assert listed == [name for pictures in galleries().values() for name in pictures]
    assert "lrviz Sans" in (tmp_path / "year.html").read_text(encoding="utf-8")
