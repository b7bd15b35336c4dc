"""Pages of the app that live on from test to test: to load one costs a browser seconds, to move about in it a moment.

A test gets a page that no other has at the time, moves it where it wants to begin, and gives it back. One that a test has failed
with, or that has complained, is thrown away. What is about loading itself, or leaves something behind, asks for a fresh one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lrviz.lessons import LESSONS
from lrviz.lessons.lesson import STYLE
from lrviz.link import to_text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

DRAWN = ".lrviz-stage:not([data-left])[data-updates] .main-svg"
PLAIN = "_stcore/health"  # a page of the app's address with nothing on it
# What makes a page forget the settings that it was left with: a link, and be it one that says what is the case anyway.
AFRESH = {name: f"style={to_text(STYLE, STYLE.default)}" for name in LESSONS}

# Streamlit does not say that it has asked for a run until the answer begins: `lrvizAsked` says so. 0x5A begins a message that does.
WATCH = """(() => {
  const { send } = WebSocket.prototype;
  const watched = new WeakSet();
  window.lrvizAsked = 0;
  WebSocket.prototype.send = function (data) {
    if (!watched.has(this)) this.addEventListener("message", () => (window.lrvizAsked = 0));
    watched.add(this);
    if (new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0)[0] === 0x5a) window.lrvizAsked = performance.now();
    return send.call(this, data);
  };
})()"""

# Go to another page of the app as a link in it does, or Back. What is drawn there before is marked as left.
MOVE = """(address) => {
  for (const stage of document.querySelectorAll(".lrviz-stage")) stage.dataset.left = "1";
  document.querySelector(".stMain")?.scrollTo(0, 0);
  history.replaceState({}, "", address);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}"""

# True when nothing has been going on for a while: the page has taken what the hand did, no run is asked for or under way, and no
# figure is drawn. Counted in frames too, which come late where the machine is busy.
QUIET = """(turn) => {
  const asked = window.lrvizAsked;
  const still = document.documentElement.dataset.lrvizEdits !== "pending" && !(asked && performance.now() - asked < 5000) &&
    document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning";
  const now = [turn, location.href, ...[...document.querySelectorAll(".lrviz-stage")].map((e) => e.dataset.updates)].join(" ");
  if (!still || window.lrvizSeen?.now !== now) {
    window.lrvizSeen = still ? { now, since: performance.now(), frames: 0 } : null;
    return false;
  }
  const { since, frames } = window.lrvizSeen;
  window.lrvizSeen.frames += 1;
  return frames > 10 && performance.now() - since > (asked === undefined ? 400 : 180);
}"""
_turns = count()


def settle(page: Page) -> None:
    """Wait until the page has taken what the hand did, the script has run to its end and nothing more comes for a moment."""
    page.wait_for_function(QUIET, arg=next(_turns))


def move(page: Page, path: str, figure: bool = True) -> None:
    """Go to a page of the app from another one, without loading anything; from itself by way of home, so that its lids are shut."""
    name, _, query = path.partition("?")
    if urlsplit(page.url).path == f"/{name}":
        move(page, "", figure=False)
    page.evaluate(MOVE, f"/{name}?{query or AFRESH[name]}" if name in LESSONS else f"/{path}")
    if figure:
        page.wait_for_selector(DRAWN)
    else:
        page.wait_for_function("() => !document.querySelector('.lrviz-stage')")
    settle(page)
    if name in LESSONS and not query:
        page.wait_for_function("() => location.search === ''")


def reset(page: Page) -> None:
    """The page it is, at its defaults."""
    if "?" in page.url:
        page.get_by_role("button", name="Reset", exact=True).click()
        page.wait_for_function("() => location.search === ''")
    settle(page)


def expected(message: ConsoleMessage) -> bool:
    """Streamlit asks below the page's own path first, to find out where it is served; what a page left asked for is aborted."""
    return "net::ERR_ABORTED" in message.text or (
        "404" in message.text and "/_stcore/" in message.location.get("url", "")
    )


@dataclass
class Visitor:
    """One page in a context of its own, and what it has complained of."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    user: str = ""  # the tests that it was with

    def __post_init__(self) -> None:
        self.page.set_default_timeout(30_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not expected(message):
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def begin(self, server: str, path: str, figure: bool, stay: bool) -> None:
        """Put the page where a test begins, loading it only if the app is not there yet."""
        here, there = urlsplit(self.page.url).path[1:], path.partition("?")[0]
        if self.page.url == "about:blank" or there == PLAIN or here == there == "":
            self.page.goto(f"{server}/{path}")
            if figure:
                self.page.wait_for_selector(DRAWN)
            if there != PLAIN:
                settle(self.page)
        elif stay and here == path:
            reset(self.page)
        else:
            move(self.page, path, figure)


class Visitors:
    """The visitors of one server, those of its app and those of its plain page, as many as tests want at a time."""

    def __init__(self, server: str, browser: Browser):
        self.server, self.browser = server, browser
        self.idle: dict[bool, list[Visitor]] = {False: [], True: []}

    def new(self) -> Visitor:
        context = self.browser.new_context(accept_downloads=True)
        context.add_init_script(WATCH)
        return Visitor(context, context.new_page())

    @contextmanager
    def at_work(self, user: str, failed: Callable[[], bool]) -> Iterator[Callable[..., Page]]:
        """(path, theme=, size=) -> a page on which the first figure is drawn; what they complain of fails at the end.

        `user` names the tests; `failed` says whether one of them has failed by then.
        """
        pooled: list[tuple[bool, Visitor]] = []
        alone: list[Visitor] = []

        def open_it(
            path: str,
            *,
            theme: str = "light",
            size: tuple[int, int] = (1440, 900),
            figure: bool = True,
            fresh: bool = False,
            stay: bool = False,
        ) -> Page:
            """`fresh`: loaded in a context of its own. `stay`: where the same tests have just been, reset, lids as they are."""
            plain = path == PLAIN
            visitor = self.idle[plain].pop() if self.idle[plain] and not fresh else self.new()
            alone.append(visitor) if fresh else pooled.append((plain, visitor))
            visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
            visitor.page.emulate_media(color_scheme=theme)
            visitor.page.mouse.move(0, 0)
            visitor.begin(self.server, path, figure, stay and visitor.user == user)
            visitor.user = user
            return visitor.page

        yield open_it
        lost = failed()
        for _, visitor in pooled if not lost else ():
            visitor.page.evaluate("0")  # what has been said by now is heard by then
        complaints = []
        for plain, visitor in pooled:
            complaints += visitor.complaints
            if lost or visitor.complaints:
                visitor.context.close()
            else:
                self.idle[plain].append(visitor)
        for visitor in alone:
            visitor.context.close()
            complaints += visitor.complaints
        assert complaints == []

    def close(self) -> None:
        for visitor in (*self.idle[False], *self.idle[True]):
            visitor.context.close()
