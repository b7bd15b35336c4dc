"""A process dies with a visitor's page open, and what was done meanwhile or is done next counts: alone, behind nginx, in an upgrade."""

import re
import shutil
import signal

import nginx
import pytest
from conftest import ROOT, free_port, serve, settle
from temperature_files import calendar, weather

pytestmark = pytest.mark.browser
STAGE = ".lrviz-stage[data-updates] .main-svg"
START = "ewma?betas=0.6,0.9"
SLIDER = "decay rates 2"
CONNECTED = """() => document.querySelector('[data-testid="stApp"]').dataset.testConnectionState === "CONNECTED" """
GONE = """() => document.querySelector('[data-testid="stApp"]').dataset.testConnectionState !== "CONNECTED" """
CAPTION = "() => document.querySelector('.lrviz-stage').closest('[data-testid=stElementContainer]').nextElementSibling.innerText"


class Server:
    """One process of the app, which can die and come back."""

    def __init__(self):
        self.port = free_port()
        self.start()

    def start(self):
        self.process = serve(self.port)

    def hang(self):
        self.process.send_signal(signal.SIGSTOP)

    def kill(self):
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def alone():
    running = Server()
    yield running
    running.kill()


@pytest.fixture
def visit(browser):
    """(address) -> a page on which the figure is drawn."""
    contexts = []

    def open_it(address: str):
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 900}))
        page = contexts[-1].new_page()
        page.set_default_timeout(120_000)
        page.goto(address)
        page.locator(STAGE).first.wait_for()
        settle(page)
        return page

    yield open_it
    for context in contexts:
        context.close()


def press(page):
    page.get_by_label(SLIDER, exact=True).press("ArrowRight")


def switch(page):
    page.locator(".st-key-ewma-corrected label").click()


def choose(page):
    page.locator(".st-key-ewma-section").get_by_text("Moving window", exact=True).click()


def reset(page):
    page.get_by_role("button", name="Reset", exact=True).click()


# what is done -> what the address says then
ACTIONS = {
    press: "betas=0.6%2C0.905",
    switch: "betas=0.6%2C0.9&corrected=1",
    choose: "betas=0.6%2C0.9&section=window",
    reset: "",
}
LASTING = (
    press,
    switch,
    choose,
)  # known to the browser until a process has taken it; a button that nobody heard has not been pressed


def agree(page, query):
    """Wait until the address says so, then compare with it what the page says."""
    page.wait_for_function("query => location.search === query", arg=query and f"?{query}")
    settle(page)
    assert page.evaluate("location.search") == (query and f"?{query}")
    betas = re.search(r"betas=[\d.]+%2C([\d.]+)", query)
    expected = betas[1] if betas else "0.9"
    assert page.get_by_label(SLIDER, exact=True).input_value() == expected
    assert page.get_by_label(f"{SLIDER}, exact value").input_value() == expected
    assert page.locator(".st-key-ewma-corrected input").is_checked() == ("corrected=1" in query)
    before = (page.evaluate(CAPTION), page.locator(".lrviz-plot").first.get_attribute("aria-label"))
    page.reload()  # what the address stands for when nothing else is known
    page.locator(STAGE).first.wait_for()
    settle(page)
    assert (page.evaluate(CAPTION), page.locator(".lrviz-plot").first.get_attribute("aria-label")) == before


@pytest.mark.parametrize("act", ACTIONS)
def test_the_first_action_after_a_process_died_counts(visit, alone, act):
    page = visit(f"http://localhost:{alone.port}/{START}")
    alone.kill()
    page.wait_for_function(GONE)
    alone.start()
    page.wait_for_function(CONNECTED)
    act(page)  # at once: the page may not have been drawn anew yet
    agree(page, ACTIONS[act])


@pytest.mark.parametrize("act", LASTING)
def test_what_nobody_has_taken_when_a_process_dies_is_taken_by_the_next(visit, alone, act):
    page = visit(f"http://localhost:{alone.port}/{START}")
    alone.hang()
    act(page)
    page.wait_for_timeout(500)  # until it has been told
    alone.kill()
    page.wait_for_function(GONE)
    alone.start()
    agree(page, ACTIONS[act])


def test_what_is_done_while_there_is_no_process_is_taken_by_the_next(visit, alone):
    page = visit(f"http://localhost:{alone.port}/{START}")
    alone.kill()
    page.wait_for_function(GONE)
    press(page)
    press(page)
    alone.start()
    agree(page, "betas=0.6%2C0.91")


def test_a_file_that_went_with_its_process_is_not_spoken_of(visit, alone):
    rows = [f"{day},{t / 10}" for day, t in zip(calendar(), weather(calendar()), strict=True)]
    page = visit(f"http://localhost:{alone.port}/ewma?section=own_data")
    upload = {"name": "mine.csv", "mimeType": "text/csv", "buffer": "\n".join(["date,temp", *rows]).encode()}
    page.locator('input[type="file"]').set_input_files(upload)
    page.get_by_role("button", name="Show 2099").click()
    page.get_by_text("Showing 2099 of mine.csv").wait_for()
    settle(page)
    alone.kill()
    page.wait_for_function(GONE)
    alone.start()
    page.get_by_text("Showing 2099 of mine.csv").wait_for(state="detached")
    page.locator('.lrviz-plot[aria-label*="London"]').first.wait_for()


# Behind nginx


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    with nginx.cluster(tmp_path_factory.mktemp("nginx")) as running:
        yield running


def gone_over(page, cluster, letter):
    """Wait until the browser has found the other process."""
    for _ in range(120):
        if cluster.process_of(page.context) != letter and page.evaluate(CONNECTED):
            return
        page.wait_for_timeout(250)
    raise AssertionError("the browser has not found the other process")


def test_behind_nginx_actions_count_before_and_after_the_move(visit, pair):
    page = visit(f"{pair.nginx.address}/{START}")
    letter = pair.process_of(page.context)
    pair.processes[letter].send_signal(signal.SIGSTOP)
    switch(page)
    page.wait_for_timeout(500)
    pair.kill(letter)
    gone_over(page, pair, letter)
    press(page)
    agree(page, "betas=0.6%2C0.905&corrected=1")


# While an old release and a new one run side by side


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """The old release is process a: the same but for the words of one of its files. The new one is process b."""
    old = tmp_path_factory.mktemp("old")
    for name in ("app.py", "pages", "lrviz", ".streamlit"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, old / name)
    script = old / "lrviz" / "ui" / "static" / "slider.js"
    script.write_text("// the old one\n" + script.read_text(encoding="utf-8"), encoding="utf-8")
    with nginx.cluster(tmp_path_factory.mktemp("nginx"), a=old) as running:
        yield running


def files_of(visit, cluster, letter):
    """The path of the browser files that a process's pages ask for."""
    page = visit(f"http://127.0.0.1:{cluster.ports[letter]}/ewma")
    names = page.evaluate("performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)")
    (folder,) = {name.rpartition("/")[0] for name in names if name.endswith(("/slider.js", "/app.js"))}
    page.context.close()
    return folder


def test_two_releases_never_give_each_others_files_and_a_page_outlives_its_release(visit, releases):
    folders = {letter: files_of(visit, releases, letter) for letter in "ab"}
    assert folders["a"] != folders["b"]
    for _ in range(2):  # the second time from what nginx has kept
        for asked in "ba":
            for cookie in ("lrviz=a", "lrviz=b", "none=1"):
                answer = releases.nginx.get(f"{folders[asked]}/slider.js", Cookie=cookie)
                assert answer.read().startswith(b"// the old one") == (asked == "a")
                assert answer.headers["Set-Cookie"] is None
    pages = [visit(f"{releases.nginx.address}/{START}") for _ in range(2)]
    page = next(page for page in pages if releases.process_of(page.context) == "a")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    releases.kill("a")
    gone_over(page, releases, "a")
    press(page)
    agree(page, ACTIONS[press])
    assert any(f"{folders['b']}/slider.js" in address for address in asked)
    assert not any(f"{folders['a']}/" in address for address in asked)
