"""From key to paint, redraws while dragging, frames while playing, bytes on the wire: in Chromium, page by page.

Key to paint is divided by the same on an empty Streamlit page, measured alternately in the same browser, so that what else
the machine does weighs on both.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from chromium import executable  # noqa: E402
from conftest import FLAGS, free_port, serve, settle  # noqa: E402

KEYS = 30
SECONDS = 4.0
# page -> the label of its usual control, if that is not the first, and the aim for the ratio
CONTROLS = {
    "ewma": ("decay rates 2", 1.15),
    "schedules": ("initial learning rate", 1.15),
    "trajectories": ("Adam", 1.3),
    "saddles": ("offset from the ridge", 1.3),
    "mini_batch": ("learning rate", 1.3),
}

LISTEN = """
() => {
  window.bench = { drawn: 0, bytes: 0 };
  document.addEventListener('lrviz:drawn', () => { window.bench.drawn += 1; }, true);
}
"""
COUNT_BYTES = """
const Plain = window.WebSocket;
window.received = 0;
window.WebSocket = function (...words) {
  const socket = new Plain(...words);
  socket.addEventListener('message', (event) => { window.received += event.data.byteLength ?? event.data.size ?? event.data.length; });
  return socket;
};
window.WebSocket.prototype = Plain.prototype;
Object.assign(window.WebSocket, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 });
"""
ARM = """
(what) => {
  window.painted = new Promise((done) => {
    let start = 0;
    document.addEventListener('keydown', () => { start = performance.now(); }, { once: true, capture: true });
    const after = new MessageChannel();
    after.port1.onmessage = () => done(performance.now() - start);
    const finish = () => requestAnimationFrame(() => after.port2.postMessage(0));  // taken once that frame is painted
    if (what === 'drawn') document.addEventListener('lrviz:drawn', finish, { once: true, capture: true });
    else {
      const seen = new MutationObserver(() => { seen.disconnect(); finish(); });
      seen.observe([...document.querySelectorAll('[data-testid="stMarkdownContainer"]')].at(-1), { subtree: true, childList: true, characterData: true });
    }
  });
}
"""


def press(page: Page, what: str, key: str) -> float:
    """Milliseconds from a key press to the frame after the answer is drawn."""
    page.evaluate(ARM, what)
    page.keyboard.press(key)
    elapsed = page.evaluate("() => Promise.race([window.painted, new Promise((r) => setTimeout(() => r(null), 8000))])")
    settle(page)
    return float("nan") if elapsed is None else elapsed


def control(page: Page, label: str) -> Locator:
    return page.get_by_role("slider", name=label, exact=True).first


def repaint(page: Page, empty: Page, label: str) -> dict[str, float]:
    """p50 and p95 of key to paint on both pages, alternately, and their ratio."""
    ours, floor = [], []
    for i in range(KEYS):
        key = "ArrowLeft" if i % 2 else "ArrowRight"
        empty.bring_to_front()
        empty.get_by_role("slider").focus()
        floor.append(press(empty, "text", key))
        page.bring_to_front()
        control(page, label).focus()
        ours.append(press(page, "drawn", key))
    low, high = statistics.median(ours), statistics.quantiles(ours, n=20)[-1]
    base, base_high = statistics.median(floor), statistics.quantiles(floor, n=20)[-1]
    return {"p50": low, "p95": high, "floor p50": base, "floor p95": base_high, "ratio": low / base}


def drag(page: Page, label: str) -> float:
    """Redraws of the main figure a second while its usual control is dragged."""
    slider = control(page, label)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.4, y)
    page.mouse.down()
    return _count_while(
        page, lambda i: page.mouse.move(box["x"] + box["width"] * (0.4 + 0.3 * (i % 40) / 40), y), page.mouse.up
    )


def drag_start(page: Page) -> float:
    """Redraws a second while the start of the paths is dragged about the main figure."""
    box = page.locator(".lrviz-plot").first.bounding_box()
    x, y = box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5
    page.mouse.move(x, y)
    page.mouse.down()
    return _count_while(page, lambda i: page.mouse.move(x + 2 * (i % 40), y - (i % 40)), page.mouse.up)


def _count_while(page: Page, move, stop) -> float:
    before = page.evaluate("window.bench.drawn")
    start, i = time.time(), 0
    while time.time() - start < SECONDS:
        i += 1
        move(i)
        time.sleep(0.01)
    after = page.evaluate("window.bench.drawn")
    stop()
    settle(page)
    return (after - before) / SECONDS


def play(page: Page) -> float:
    """Frames a second while the bar plays: how often what is drawn changes."""
    page.evaluate(
        """() => { window.frames = 0; document.addEventListener('lrviz:stepped', () => { window.frames += 1; }, true); }"""
    )
    bar = page.locator(".lrviz-bar").first
    bar.locator("select").first.select_option("4")
    bar.get_by_role("checkbox", name="loop").check()
    bar.locator('button[data-do="play"]').click()
    page.wait_for_timeout(500)
    before = page.evaluate("window.frames")
    page.wait_for_timeout(int(1000 * SECONDS))
    frames = (page.evaluate("window.frames") - before) / SECONDS
    bar.locator('button[data-do="play"]').click()
    return frames


def bytes_a_rerun(page: Page, label: str) -> int:
    control(page, label).focus()
    settle(page)
    before = page.evaluate("window.received")
    page.keyboard.press("ArrowRight")
    settle(page)
    return page.evaluate("window.received") - before


def main() -> None:
    from lrviz.lessons import LESSONS

    port, floor_port = free_port(), free_port()
    servers = [serve(port), serve(floor_port, script="benchmarks/empty_page.py")]
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            empty = context.new_page()
            empty.goto(f"http://localhost:{floor_port}")
            empty.get_by_role("slider").wait_for()
            print(
                "| page | key to paint p50 | p95 | empty page p50 | ratio | aim | redraws/s dragging | frames/s playing | kB a rerun |"
            )
            print("| --- | --: | --: | --: | --: | --: | --: | --: | --: |")
            for name in LESSONS:
                print(row(context, port, name, empty), flush=True)
            browser.close()
    finally:
        for server in servers:
            server.terminate()


def row(context, port: int, name: str, empty: Page) -> str:
    page = context.new_page()
    page.add_init_script(COUNT_BYTES)
    page.goto(f"http://localhost:{port}/{name}")
    page.wait_for_selector(".lrviz-stage[data-updates] .main-svg")
    settle(page)
    page.evaluate(LISTEN)
    first = page.get_by_role("slider").first
    label, aim = CONTROLS.get(name) or (first.get_attribute("aria-label"), 1.3)
    times = repaint(page, empty, label)
    kilobytes = bytes_a_rerun(page, label) / 1000
    dragged = drag(page, label)
    if name == "trajectories":
        dragged_start = drag_start(page)
        shown = f"{dragged:.0f} (start: {dragged_start:.0f})"
    else:
        shown = f"{dragged:.0f}"
    frames = play(page) if page.locator(".lrviz-bar").count() else float("nan")
    page.close()
    return (
        f"| {name} | {times['p50']:.0f} ms | {times['p95']:.0f} ms | {times['floor p50']:.0f} ms | {times['ratio']:.2f} | {aim} "
        f"| {shown} | {frames:.0f} | {kilobytes:.0f} |"
    )


if __name__ == "__main__":
    main()
