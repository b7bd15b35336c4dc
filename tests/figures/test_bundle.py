"""The script that exported pages carry is made of the browser files as they are."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from lrviz.figures.files.browser import BUNDLE, MODULES, STATIC

ROOT = Path(__file__).parents[2]
ADVICE = "run `make bundle`"


def test_it_is_made_of_the_files_as_they_are():
    names, checksum = (STATIC / BUNDLE).read_text(encoding="utf-8").splitlines()[0].removeprefix("// ").split(": ")
    assert set(names.split()) <= set(MODULES)
    whole = b"".join((STATIC / name).read_bytes() for name in names.split())
    assert hashlib.sha256(whole).hexdigest() == checksum, ADVICE


@pytest.mark.skipif(
    not shutil.which("node") or not (ROOT / "node_modules/esbuild").exists(), reason="esbuild is not here"
)
def test_it_is_what_the_bundler_makes_of_them(tmp_path):
    subprocess.run(["node", ROOT / "tools/bundle.mjs", tmp_path / BUNDLE], check=True, timeout=120)
    assert (tmp_path / BUNDLE).read_bytes() == (STATIC / BUNDLE).read_bytes(), ADVICE
