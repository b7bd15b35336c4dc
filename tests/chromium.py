"""Find a Chromium for the browser tests, or get one: the system's, else Playwright's own, else Debian's by apt (as root).

Run as a script before the tests; `executable` is what the tests use.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str | None:
    """Path of a browser that is installed, or None."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _attempt(*command: str) -> bool:
    print("trying:", " ".join(command), flush=True)
    return subprocess.run(command, stdin=subprocess.DEVNULL).returncode == 0


def install() -> str | None:
    """Install a browser; its path, or None where nothing worked."""
    if _attempt(sys.executable, "-m", "playwright", "install", "chromium") and executable():
        return executable()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get") and _attempt("apt-get", "update"):
        _attempt("apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-noto-cjk")
    return executable()


if __name__ == "__main__":
    found = executable() or install()
    print(
        f"Chromium for the browser tests: {found}"
        if found
        else "No Chromium: browser tests will be skipped (they fail under CI=true)."
    )
