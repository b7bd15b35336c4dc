"""A process dies with a visitor's page open, and what was done meanwhile or is done next counts: alone, behind nginx, in an upgrade.

Loading a page costs more than all that follows, so one page sees many processes die.
"""

import re
import shutil
import signal
from contextlib import suppress
from itertools import cycle
from urllib.parse import urlencode

import pytest
from conftest import ROOT, as_read, settle
from playwright.sync_api import TimeoutError
from support import nginx
from support.mortal import Line, Nursery
from support.temperature_files import calendar, table, weather

from lrviz.figures import gallery_of
from lrviz.lessons import LESSONS
from lrviz.link import decode, encode, parse
from lrviz.ui import assets

pytestmark = pytest.mark.browser
STAGE = ".lrviz-stage[data-updates] .main-svg"
START = "betas=0.6%2C0.9"
SLIDER = "decay rates 2"
CONNECTED = """() => document.querySelector('[data-testid="stApp"]').dataset.testConnectionState === "CONNECTED" """
GONE = """() => document.querySelector('[data-testid="stApp"]').dataset.testConnectionState !== "CONNECTED" """
GO = "address => { history.pushState({}, '', address); dispatchEvent(new PopStateEvent('popstate', {state: {}})) }"
SAID = """() => {
  const stage = document.querySelector(".lrviz-stage");
  const caption = stage?.closest("[data-testid=stElementContainer]").nextElementSibling?.innerText;
  return [caption, stage?.querySelector(".lrviz-plot")?.getAttribute("aria-label")];
}"""


@pytest.fixture(scope="module")
def nursery():
    begun = Nursery()
    yield begun
    begun.close()


@pytest.fixture(scope="module")
def line(nursery):
    laid = Line(nursery)
    yield laid
    laid.close()


@pytest.fixture(scope="module")
def visit(browser):
    """(address, cookies) -> a page on which the figure is drawn."""
    contexts = []

    def open_it(address: str, **cookies: str):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        contexts.append(context)
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        page.locator(STAGE).first.wait_for()
        settle(page)
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def visitor(visit, line):
    return visit(f"http://127.0.0.1:{line.port}/ewma?{START}")


@pytest.fixture
def go(visitor):
    """(path, query) -> the visitor's page, gone there."""

    def there(path: str, query: str = ""):
        visitor.evaluate(GO, f"/{path}?{query}")
        agree(visitor, query, path)
        return visitor

    return there


def stands_for(query, name):
    """What the main figure's sentence and its name are, by the lesson, where an address is all that is known."""
    lesson, picture = LESSONS[name], next(iter(gallery_of(name).values()))
    settings, problems = decode(parse(query), lesson.params)
    assert problems == []
    results = lesson.compute(settings)
    return [as_read(picture.caption(results)), picture.spec(results)["layout"]["meta"]["alt"]]


def agree(page, query, name="ewma"):
    """Wait until the address says so and the figure is the one it stands for, then see that all there is says the same."""
    said = stands_for(query, name)
    wanted = f"([search, said]) => location.search === search && String(({SAID})()) === said"
    with suppress(TimeoutError):  # what differs is said below
        page.wait_for_function(wanted, arg=[query and f"?{query}", ",".join(said)])
    settle(page)
    assert page.evaluate("location.search") == (query and f"?{query}")
    assert page.evaluate(SAID) == said
    if name != "ewma":
        return
    betas = re.search(r"betas=[\d.]+%2C([\d.]+)", query)
    expected = betas[1] if betas else "0.9"
    assert page.get_by_label(SLIDER, exact=True).input_value() == expected
    assert page.get_by_label(f"{SLIDER}, exact value").input_value() == expected
    assert page.locator(".st-key-ewma-corrected input").is_checked() == ("corrected=1" in query)


def press(page):
    page.get_by_label(SLIDER, exact=True).press("ArrowRight")


def switch(page):
    page.locator(".st-key-ewma-corrected label").click()


def choose(page):
    page.locator(".st-key-ewma-section").get_by_text("Moving window", exact=True).click()


def reset(page):
    page.get_by_role("button", name="Reset", exact=True).click()


def keep(page):
    page.get_by_role("button", name=re.compile("^Keep ")).click()


def enlarge(page):
    page.locator(".st-key-ewma-year-style").get_by_text("slide", exact=True).click()


def take(page):
    page.get_by_role("button", name=PRESET.title).click()


def unfold(page, title):
    page.get_by_role("button", name=title).first.click()
    settle(page)


PRESET = LESSONS["ewma"].presets[2]
# what is done -> what the address says then
ACTIONS = {
    press: "betas=0.6%2C0.905",
    switch: "betas=0.6%2C0.9&corrected=1",
    choose: "betas=0.6%2C0.9&section=window",
    enlarge: "betas=0.6%2C0.9&style=slide",
    reset: "",
    take: urlencode(encode(LESSONS["ewma"].settings(**PRESET.settings), LESSONS["ewma"].params)),
    keep: "curves=a%2Cb%2Cc%2Cd&edit=d&d.schedule=cosine_decay",  # pressed twice it would be a fifth curve
}


@pytest.fixture
def ready(go):
    """(what is going to be done) -> the name of the page where it can be, and the page."""

    def at_hand(act):
        if act is keep:
            return "schedules", go("schedules")
        page = go("ewma", START)
        if act in UNDER:
            unfold(page, UNDER[act])
        return "ewma", page

    return at_hand


UNDER = {enlarge: "Take this figure away", take: "Presets"}


@pytest.mark.parametrize("act", ACTIONS)
def test_the_first_action_after_a_process_died_counts(ready, line, act):
    name, page = ready(act)
    line.kill()
    page.wait_for_function(GONE)
    line.lead_on()
    page.wait_for_function(CONNECTED)
    act(page)  # at once: the page may not have been drawn anew yet
    agree(page, ACTIONS[act], name)


def hangs_and_dies(page, line, *acts):
    line.hang()
    for act in acts:
        act(page)
    page.wait_for_timeout(500)  # until it has been told
    line.kill()
    page.wait_for_function(GONE)
    line.lead_on()


@pytest.mark.parametrize("act", [enlarge, reset, take, keep])
def test_what_nobody_has_taken_when_a_process_dies_is_taken_by_the_next(ready, line, act):
    name, page = ready(act)
    hangs_and_dies(page, line, act)
    agree(page, ACTIONS[act], name)


def test_what_nobody_has_taken_is_taken_in_its_order(go, line):
    page = go("ewma", START)
    hangs_and_dies(page, line, press, switch, choose)
    agree(page, "betas=0.6%2C0.905&corrected=1&section=window")
    hangs_and_dies(page, line, reset, press)
    agree(page, "betas=0.6%2C0.91")  # the slider says what all its values are


def test_what_is_done_while_there_is_no_process_is_taken_by_the_next(go, line):
    page = go("ewma", START)
    line.kill()
    page.wait_for_function(GONE)
    press(page)
    press(page)
    line.lead_on()
    agree(page, "betas=0.6%2C0.91")


# A file is in one process alone


def upload(page, values):
    mine = {"name": "mine.csv", "mimeType": "text/csv", "buffer": table(values)}
    page.locator('input[type="file"]').set_input_files(mine)


def test_a_file_that_went_with_its_process_has_to_be_opened_again(go, line):
    celsius = [t / 10 for t in weather(calendar())]
    page = go("ewma", "section=own_data")
    upload(page, [round(32 + 1.8 * t, 1) for t in celsius])
    for _ in range(10):  # what a file brings onto the page moves the list, and a list that is moved is shut
        page.get_by_label("Unit", exact=True).click()
        with suppress(TimeoutError):
            page.get_by_role("option", name="°F").click(timeout=2000)
            break
    page.get_by_role("button", name="Show 2099").wait_for()
    settle(page)
    chip, gone = page.get_by_test_id("stFileChip"), page.get_by_text("the file went with it")

    line.cut()  # of which the process knows nothing
    page.wait_for_function(GONE)
    line.lead_on()
    page.wait_for_function(CONNECTED)
    page.get_by_role("button", name="Show 2099").click()
    page.get_by_text("Showing 2099 of mine.csv").wait_for()
    settle(page)
    assert (chip.count(), gone.count()) == (1, 0)

    line.kill()
    page.wait_for_function(GONE)
    line.lead_on()
    gone.wait_for()
    agree(page, "section=own_data")
    assert page.get_by_text("Showing 2099 of mine.csv").count() == 0
    assert (chip.count(), gone.count()) == (0, 1)

    upload(page, celsius)
    page.get_by_role("button", name="Show 2099").wait_for()
    settle(page)
    assert (chip.count(), gone.count()) == (1, 0)
    line.kill()  # with a file of which no year had been taken
    page.wait_for_function(GONE)
    line.lead_on()
    gone.wait_for()
    settle(page)
    assert (chip.count(), gone.count()) == (0, 1)

    upload(page, celsius)
    page.get_by_role("button", name="Show 2099").click()
    page.get_by_text("Showing 2099 of mine.csv").wait_for()
    settle(page)
    go("schedules")
    for _ in range(2):  # while the visitor is on another page
        line.kill()
        page.wait_for_function(GONE)
        line.lead_on()
        page.wait_for_function(CONNECTED)
        settle(page)
    go("ewma", "section=own_data")
    gone.wait_for()
    assert (chip.count(), gone.count()) == (0, 1)


# Behind nginx, where an old release and a new one run side by side at first


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """The old release: the same as this one but for the words of one of its files."""
    tree = tmp_path_factory.mktemp("old")
    for name in ("app.py", "pages", "lrviz", ".streamlit"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tree / name)
    script = tree / "lrviz" / "ui" / "static" / "slider.js"
    script.write_text("// the old one\n" + script.read_text(encoding="utf-8"), encoding="utf-8")
    return tree


@pytest.fixture(scope="module")
def pair(nursery, old, tmp_path_factory):
    """Process a is of the old release, process b of this one."""
    with nginx.cluster(tmp_path_factory.mktemp("nginx"), nursery, a=old) as running:
        yield running


def gone_over(page, cluster, letter):
    """Wait until the browser has found the other process."""
    for _ in range(480):
        if cluster.process_of(page.context) != letter and page.evaluate(CONNECTED):
            return
        page.wait_for_timeout(250)
    raise AssertionError("the browser has not found the other process")


def files_of(page):
    """The folder that the page's browser files came from."""
    names = page.evaluate("performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)")
    (folder,) = {name.rpartition("/")[0] for name in names if name.endswith(("/slider.js", "/app.js"))}
    return folder


def test_an_upgrade_and_a_crash_behind_nginx(visit, pair, nursery):
    page = visit(f"{pair.nginx.address}/ewma?{START}", lrviz="a")
    assert pair.process_of(page.context) == "a"
    folders = {"a": files_of(page), "b": assets.address("slider.js").rpartition("/")[0]}
    never_give_each_others_files(pair, folders)

    asked = []
    page.on("request", lambda request: asked.append(request.url))
    pair.processes["a"].send_signal(signal.SIGSTOP)
    press(page)
    page.wait_for_timeout(500)
    pair.kill("a")
    gone_over(page, pair, "a")
    agree(page, ACTIONS[press])
    assert any(f"{folders['b']}/slider.js" in address for address in asked)
    assert not any(f"{folders['a']}/" in address for address in asked)

    pair.processes["a"] = nursery(pair.ports["a"], "--server.address", "127.0.0.1")  # of the new release, too
    asked.clear()
    pair.processes["b"].send_signal(signal.SIGSTOP)
    switch(page)
    page.wait_for_timeout(500)
    pair.kill("b")
    gone_over(page, pair, "b")
    press(page)
    agree(page, "betas=0.6%2C0.91&corrected=1")
    assert not any(address.endswith(".js") for address in asked)  # the page has not been loaded anew


def never_give_each_others_files(pair, folders):
    assert folders["a"] != folders["b"]
    for _ in range(2):  # the second time from what nginx has kept
        for asked in "ba":
            for cookie in ("lrviz=a", "lrviz=b", "none=1"):
                answer = pair.nginx.get(f"{folders[asked]}/slider.js", Cookie=cookie)
                assert answer.read().startswith(b"// the old one") == (asked == "a")
                assert answer.headers["Set-Cookie"] is None


# The next process is of another release


@pytest.fixture
def upgrades(nursery, old):
    elder = Nursery(old)
    turns = cycle((elder, nursery))
    laid = Line(lambda port: next(turns)(port))
    yield laid
    laid.close()
    elder.close()


def test_a_switch_that_nobody_has_taken_when_an_upgrade_comes_is_taken(visit, upgrades):
    page = visit(f"http://127.0.0.1:{upgrades.port}/ewma?{START}")
    agree(page, START)
    page.evaluate("window.before = true")
    hangs_and_dies(page, upgrades, switch)
    page.wait_for_function("() => !window.before")  # loaded anew
    page.locator(STAGE).first.wait_for()
    settle(page)
    agree(page, ACTIONS[switch])
