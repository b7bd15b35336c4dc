"""What the tests share: an app run for AppTest, a server and a Chromium for browser tests."""

from __future__ import annotations

import base64
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from support.visitors import Visitors
from support.visitors import settle as settle

# How long an example takes says something of the machine, not of the code; and one commit gets one verdict: examples are
# drawn at random only where they are hunted for.
settings.register_profile("lrviz", deadline=None, derandomize=not os.environ.get("LRVIZ_FUZZ"))
settings.load_profile("lrviz")

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "lrviz" / "ui" / "script.py"
os.environ["FONTCONFIG_FILE"] = str(Path(__file__).parent / "support" / "fonts.conf")  # for every browser started here
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter, config):
    """After everything else, say in one line what was not run and what runs it."""
    yield
    why = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", ()))
    if why:
        listed = "; ".join(f"{reason} ({count})" for reason, count in why.items())
        where = "" if config.option.markexpr == "verify" else " Run it with `make verify`."
        terminalreporter.write_line(f"Not run here: {listed}.{where}")


def pytest_collection_modifyitems(items):
    """A test that runs a page whole is thorough. The files that drive a browser come first, those with the most such tests
    at the very beginning: they wait more than they work, and begun last they would leave the other processes idle."""
    driven = Counter(item.path for item in items if item.get_closest_marker("browser"))
    items.sort(key=lambda item: -driven[item.path])
    for item in items:
        if "run_page" in item.fixturenames:
            item.add_marker(pytest.mark.thorough)


@pytest.fixture(scope="session")
def components():
    """AppTest reads the metadata of every installed package before a page's first run, in search of components: once is enough."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def run_page(components):
    """(page name, query string) -> an AppTest that has run that page."""
    from streamlit.testing.v1 import AppTest

    from lrviz.link import parse

    def run(name: str, query: str = ""):
        app = AppTest.from_file(str(SCRIPT), default_timeout=300)
        if name != "home":
            app.switch_page(f"../../pages/{name}.py")
        for key, value in parse(query):
            app.query_params[key] = [*app.query_params.get(key, []), value]
        return app.run()

    return run


def unfold(app):
    """Open every lid and panel of a page, as a visitor would one after the other."""
    for box in (*app.get("expander"), *app.get("popover")):
        if box.proto.id:
            app.session_state[box.proto.id.split("-", 2)[2]] = True  # $$ID-<hash>-<key>
    return app.run()


def as_read(markdown: str) -> str:
    """A sentence as its readers see it: without backslashes before marks and without joiners nobody sees."""
    return re.sub(r"\\(?=[!-/:-@\[-`{-~])|\u2060", "", markdown)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def serve(port: int, *options: str, script: str = "app.py", tree: Path = ROOT) -> subprocess.Popen:
    """The app as a visitor gets it: `streamlit run app.py`; waits until it answers."""
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), *options]
    process = subprocess.Popen(command, cwd=tree, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not answers(port):
        process.kill()
        raise RuntimeError("the app did not start")
    return process


def answers(port: int) -> bool:
    """Wait until the app answers; whether it does."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=2):
                return True
        except OSError:
            time.sleep(0.2)
    return False


@pytest.fixture(scope="session")
def server():
    port = free_port()
    process = serve(port)
    yield f"http://localhost:{port}"
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="session")
def browser():
    sys.path.insert(0, str(Path(__file__).parent))
    from chromium import executable

    path = executable()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: run `make chromium`")
        pytest.skip("no Chromium: run `make chromium`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def visitors(server, browser):
    there = Visitors(server, browser)
    yield there
    there.close()


def at_work(request, visitors):
    """`Visitors.at_work`, until a test fails."""
    before = request.session.testsfailed
    return visitors.at_work(request.module.__name__, lambda: request.session.testsfailed > before)


@pytest.fixture
def open_page(request, visitors):
    """(path, theme=, size=) -> a Playwright page on which the first figure is drawn; console errors fail at the end."""
    with at_work(request, visitors) as open_it:
        yield open_it


@pytest.fixture(scope="module")
def open_shared(request, visitors):
    """`open_page`, for pages that the tests of a module share."""
    with at_work(request, visitors) as open_it:
        yield open_it


@pytest.fixture
def page(request, open_page):
    """The page that a test module calls its PAGE, at its defaults."""
    return open_page(request.module.PAGE, stay=True)


def load_stage(page) -> None:
    """Plotly, the stage and the font on an empty page of the app, as a page of the app has them."""
    from lrviz.figures.files.browser import FONT_FILES
    from lrviz.ui.assets import address

    page.add_script_tag(url=address("plotly.min.js"))
    script = """async ([stage, font, files]) => {
      Object.assign(window, await import(stage));
      (await import(font)).declareFont(files);
    }"""
    files = {weight: address(name) for weight, name in FONT_FILES.items()}
    page.evaluate(script, [address("stage.js"), address("font.js"), files])


def eventually(page, check) -> None:
    """`check`, again and again until it holds: what the hand asks for is drawn a moment later."""
    for _ in range(100):
        try:
            return check()
        except AssertionError:
            page.wait_for_timeout(50)
    check()


def ink(page, picture: bytes) -> float:
    """The share of a picture's pixels that differ from its commonest colour, counted by the browser."""
    script = """async (picture) => {
      const bitmap = await createImageBitmap(await (await fetch(picture)).blob());
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      canvas.drawImage(bitmap, 0, 0);
      const pixels = new Uint32Array(canvas.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
      const count = new Map();
      for (const pixel of pixels) count.set(pixel, (count.get(pixel) ?? 0) + 1);
      return 1 - Math.max(...count.values()) / pixels.length;
    }"""
    return page.evaluate(script, "data:image/png;base64," + base64.b64encode(picture).decode())


def memory(page) -> np.ndarray:
    """What is held once the rubbish has been collected: bytes (numbers in arrays included), nodes and listeners."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap, dom = session.send("Runtime.getHeapUsage"), session.send("Memory.getDOMCounters")
    session.detach()
    return np.array([heap["usedSize"] + heap.get("backingStorageSize", 0), dom["nodes"], dom["jsEventListeners"]])


def growth(page, act) -> np.ndarray:
    """What doing `act` leaves in memory: the median of five times, for a leak leaves something each time, and what a browser
    compiles once, keeps for a while or lets go late shows in one of them."""
    act()
    held = [memory(page)]
    for _ in range(5):
        act()
        held.append(memory(page))
    return np.median(np.diff(held, axis=0), axis=0)
