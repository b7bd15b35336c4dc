"""Start-up, as ratios: `python -m benchmarks.startup`.

From the start of the process to the first chart in Chromium, against a page with one chart in Streamlit's own element (chart_page.py);
and how long `import lrviz` takes over `import numpy`, each in fresh interpreters. Turns alternate, so that what else the machine
does weighs on both; medians.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import executable
from tests.conftest import FLAGS, ROOT, free_port, serve

STARTS, IMPORTS = 5, 11
CLOCK = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"


def first_chart(browser: Browser, script: str, path: str) -> float:
    """Seconds from the start of the server to the first chart that a new visitor sees."""
    port, begin = free_port(), time.perf_counter()
    process = serve(port, script=script)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        page.goto(f"http://localhost:{port}/{path}")
        page.wait_for_selector(".js-plotly-plot .main-svg")
        return time.perf_counter() - begin
    finally:
        context.close()
        process.kill()
        process.wait(10)


def importing(module: str) -> float:
    """Seconds that an import takes in a fresh interpreter."""
    run = subprocess.run(
        (sys.executable, "-c", CLOCK.format(module)), cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(run.stdout)


def main() -> None:
    """Print the table."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        turns = [
            (first_chart(browser, "app.py", "ewma"), first_chart(browser, "benchmarks/chart_page.py", ""))
            for _ in range(STARTS + 1)
        ]
        browser.close()
    imports = [(importing("lrviz"), importing("numpy")) for _ in range(IMPORTS + 1)]
    print("| | ours | against | ratio |\n| --- | --: | --: | --: |")
    # The first turn fills the disk's cache and writes bytecode.
    for label, pairs, unit in (
        ("process start to first chart, over a Streamlit page with one chart", turns, 1),
        ("import lrviz, over numpy", imports, 1000),
    ):
        ours, floor = (statistics.median(pair[i] for pair in pairs[1:]) for i in (0, 1))
        print(
            f"| {label} | {unit * ours:.2f} {'ms' if unit > 1 else 's'} | {unit * floor:.2f} {'ms' if unit > 1 else 's'} | {ours / floor:.2f} |"
        )


if __name__ == "__main__":
    main()
