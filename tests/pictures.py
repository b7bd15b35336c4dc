"""Draw the pictures of the first page and of the README anew: `make pictures`, after a figure has changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from chromium import executable  # noqa: E402
from conftest import FLAGS, free_port, serve, settle  # noqa: E402

from lrviz.lessons import LESSONS  # noqa: E402

PICTURES = HERE.parent / "pages" / "pictures"


def cards() -> None:
    """The main figure of each page, in both themes."""
    for name in LESSONS:
        for theme in ("light", "dark"):
            target = PICTURES / f"{name}-{theme}.svg"
            command = [
                sys.executable,
                "-m",
                "lrviz",
                "export",
                name,
                "-o",
                str(target),
                "--theme",
                theme,
                "--size",
                "760x470",
            ]
            subprocess.run(command, check=True, cwd=HERE.parent)


def app() -> None:
    """The app as the README shows it."""
    port = free_port()
    server = serve(port)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"http://localhost:{port}/trajectories")
            page.wait_for_selector(".lrviz-stage[data-updates] .main-svg")
            settle(page)
            page.screenshot(path=PICTURES / "app.png")
            browser.close()
    finally:
        server.terminate()


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    cards()
    app()
