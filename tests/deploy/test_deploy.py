"""Behind nginx as delivered: visitors stay with their process, files go both ways, a dead process costs nobody the page."""

import contextlib
import gzip
import math
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from conftest import free_port, settle
from support import nginx

from lrviz.lessons import LESSONS
from lrviz.link import decode, encode

pytestmark = pytest.mark.verify

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
LONGEST_BUFFER = 64 * 1024  # nginx's as delivered, and uvicorn's for a request line with all headers
FIGURE = ".lrviz-stage[data-updates] .main-svg"
DRAWN = "() => document.querySelector('.lrviz-plot').data.map((trace) => [trace.name, Array.from(trace.y ?? [])])"
CAPTION = "() => document.querySelector('.lrviz-stage').closest('[data-testid=stElementContainer]').nextElementSibling.innerText"
YEAR = "date,temp\n" + "".join(f"2021-{m:02d}-{d:02d},{m + d / 100:.2f}\n" for m in range(1, 13) for d in range(1, 29))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with nginx.cluster(tmp_path_factory.mktemp("nginx")) as running:
        yield running


@pytest.fixture
def visit(browser, cluster):
    """(path) -> a page behind nginx on which the figure is drawn, for a visitor who was never here before.

    Nothing on it may have been held back by the headers that nginx adds.
    """
    contexts, refused = [], []

    def heard(message):
        if "Security Policy" in message.text or "Security-Policy" in message.text:
            refused.append(message.text)

    def open_it(path: str):
        context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", heard)
        page.goto(f"{cluster.nginx.address}/{path}")
        page.wait_for_selector(FIGURE)
        settle(page)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert refused == []


def test_first_visits_are_shared_out_and_remembered(cluster):
    cookies = [cluster.nginx.get("/").headers["Set-Cookie"] for _ in range(6)]
    letters = [re.match(r"lrviz=([ab]); Path=/; HttpOnly; SameSite=Lax$", cookie)[1] for cookie in cookies]
    assert sorted(letters) == ["a"] * 3 + ["b"] * 3
    for letter in "ab":
        known = f"lrviz={letter}; lrviz_visitor={'0' * 32}"
        answers = [cluster.nginx.get("/", Cookie=known) for _ in range(4)]
        assert [answer.headers["Set-Cookie"] for answer in answers] == [None] * 4
        assert {seen.asked for seen in cluster.nginx.seen()[-4:]} == {f"127.0.0.1:{cluster.ports[letter]}"}


def test_a_cookie_of_no_process_is_replaced(cluster):
    assert cluster.nginx.get("/", Cookie="lrviz=z").headers["Set-Cookie"].startswith("lrviz=")


def test_files_that_never_change_are_fetched_once(cluster):
    html = cluster.nginx.get("/").read().decode()
    script = "/" + re.search(r"static/js/index\.[\w-]+\.js", html)[0]
    first = cluster.nginx.get(script).read()
    again = cluster.nginx.get(script, **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(again.read()) == first
    assert [seen.asked == "-" for seen in cluster.nginx.seen() if script in seen.request] == [False, True]


def test_answers_carry_the_headers_that_keep_strangers_out(cluster):
    headers = cluster.nginx.get("/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.browser
def test_files_go_up_and_down_and_all_to_one_process(visit, cluster):
    before = len(cluster.nginx.seen())
    page = visit("ewma?section=own_data")
    letter = cluster.process_of(page.context)
    upload = {"name": "year.csv", "mimeType": "text/csv", "buffer": YEAR.encode()}
    page.locator('input[type="file"]').set_input_files(upload)
    page.get_by_role("button", name="Show 2021").wait_for()
    page.get_by_role("button", name="Take this figure away").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV of what is drawn").click()
    assert "# figure: " in Path(download.value.path()).read_text(encoding="utf-8")
    page.context.close()
    kinds = ("GET /_stcore/stream", "PUT /_stcore/upload_file/", "GET /media/")
    for _ in range(100):  # until the session's socket is closed, too
        seen = [line for line in cluster.nginx.seen()[before:] if line.asked != "-"]
        missing = [kind for kind in kinds if not any(line.request.startswith(kind) for line in seen)]
        if not missing:
            break
    assert missing == []
    assert {line.asked for line in seen if line.cookie != "-"} == {f"127.0.0.1:{cluster.ports[letter]}"}


@pytest.mark.browser
def test_the_headers_leave_three_dimensions_and_pictures_alone(visit):
    page = visit("trajectories?section=view3d")
    page.locator(".lrviz-plot canvas").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


# The longest links


def longest(param):
    """A legal value near the default whose text is long."""

    def near(value, k=0):
        low, high = max(param.low, -1e12), min(param.high, 1e12)
        wanted = (value or 0.5 * (param.slider or (0, 1))[1]) * (1 + 1e-7 * (math.pi + k))
        return wanted if low < wanted < high else (value or 1.0) * (1 - 1e-7 * (math.pi + k))

    if param.kind == "flag":
        return not param.default
    if param.kind == "choice":
        return max((word for word in param.options if word != param.default), key=len, default=param.default)
    if param.kind == "choices":
        return param.options[-param.longest :]
    if param.kind == "numbers":
        return tuple(sorted(near((param.default or (0.5,))[0], k) for k in range(param.longest)))
    if param.kind == "integer":
        return param.default + 1 if param.default is not None and param.default + 1 <= param.high else param.default
    return near(param.default)


def longest_link(lesson) -> str:
    settings = {}
    for key, param in lesson.params.items():
        try:
            settings[key] = param.check(longest(param), "test")
        except ValueError:
            settings[key] = param.default
    settings["classroom"] = False  # or there would be nothing to move
    return urlencode(encode(settings, lesson.params))


@pytest.mark.parametrize("name", LESSONS)
def test_the_longest_link_fits_and_leaves_room_for_headers(name):
    link = longest_link(LESSONS[name])
    assert decode(parse_qsl(link, keep_blank_values=True), LESSONS[name].params)[1] == []
    assert len(link) < LONGEST_BUFFER - 8000


def all_settings(page):
    """The settings that the page's address stands for."""
    query = parse_qsl(page.evaluate("location.search.slice(1)"), keep_blank_values=True)
    return decode(query, LESSONS["schedules"].params)[0]


@pytest.mark.browser
def test_the_longest_link_opens_is_changed_and_asks_for_figures(request, browser):
    address = (
        request.getfixturevalue("cluster").nginx.address if nginx.executable() else request.getfixturevalue("server")
    )
    link = longest_link(LESSONS["schedules"])
    wanted = decode(parse_qsl(link, keep_blank_values=True), LESSONS["schedules"].params)[0]
    with contextlib.closing(browser.new_context()) as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        answers = []
        page.on("response", lambda answer: answers.append(answer.status))
        page.goto(f"{address}/schedules?{link}")
        page.locator(".lrviz-stage[data-updates] .main-svg").first.wait_for()
        settle(page)
        assert all_settings(page) == wanted
        with page.expect_response(lambda answer: "/lrviz/figure/schedules/" in answer.url) as live:
            page.locator("input[type=range]").first.press("ArrowRight")
        assert live.value.status == 200
        page.wait_for_function("before => location.search !== before", arg="?" + link)
        settle(page)
        assert all_settings(page) != wanted
        assert not {400, 414, 429, 431} & set(answers)


# The last of those that need both processes.
@pytest.mark.browser
def test_a_dead_process_costs_nobody_the_page(visit, cluster):
    page = visit("ewma?betas=0.6,0.9")
    letter = cluster.process_of(page.context)
    other = {"a": "b", "b": "a"}[letter]
    page.get_by_label("decay rates 2", exact=True).first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**0.905*")
    settle(page)
    address, drawn, caption = page.url, page.evaluate(DRAWN), page.evaluate(CAPTION)
    assert "β" in caption or "average" in caption
    cluster.processes[letter].kill()
    cluster.processes[letter].wait(10)
    for _ in range(120):  # until the browser has found the other process
        if cluster.process_of(page.context) == other:
            break
        page.wait_for_timeout(500)
    assert cluster.process_of(page.context) == other
    settle(page)
    assert page.url == address
    assert page.evaluate(DRAWN) == drawn
    assert page.evaluate(CAPTION) == caption
    for _ in range(10):  # a press while the page is still being drawn anew reaches nothing
        page.get_by_label("decay rates 2", exact=True).first.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(2000)
        if page.url != address:
            break
    assert page.url != address
    settle(page)
    assert page.evaluate(DRAWN) != drawn


def copied() -> list[tuple[list[str], str]]:
    """(sources, target) of every COPY in the Dockerfile."""
    lines = re.findall(r"^COPY (.+)$", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    return [(words[:-1], words[-1]) for words in (line.split() for line in lines)]


def test_the_image_is_made_of_files_that_are_there_and_not_ignored():
    allowed = [
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"
    ]
    sources = [source.rstrip("/") for sources, _ in copied() for source in sources]
    assert {"app.py", "lrviz", "pages", "requirements.txt"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(fnmatch(source, pattern) for pattern in allowed), f"{source} is kept out by .dockerignore"


def test_the_image_is_pinned_and_runs_without_rights():
    words = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^FROM python:\d+\.\d+\.\d+-slim-\w+$", words, re.MULTILINE)
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", words, re.MULTILINE)
    pinned = dict(
        re.findall(r"^([\w.-]+)==(\S+)$", (DEPLOY / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for line in re.findall("^[^#\n]+$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE):
        name, low, high = re.fullmatch(r"([\w.-]+)>=([\d.]+),<([\d.]+)", line).groups()
        numbers = [[int(part) for part in text.split(".")] for text in (low, pinned[name], high)]
        assert numbers[0] <= numbers[1] < numbers[2], line


@pytest.mark.browser
def test_the_image_has_all_it_needs_under_a_base_path(browser, tmp_path):
    for sources, target in copied():
        for source in (ROOT / source for source in sources):
            into = tmp_path / target
            if source.is_dir():
                shutil.copytree(source, into, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                into.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, into)
    port = free_port()
    address = f"http://127.0.0.1:{port}/lrviz-app"
    command = (
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.port",
        str(port),
        "--server.baseUrlPath",
        "lrviz-app",
    )
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        for _ in range(150):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health"):
                break
            time.sleep(0.2)
        page.goto(f"{address}/ewma?betas=0.5")
        page.wait_for_selector(FIGURE)
        page.get_by_text("Trajectories", exact=True).first.click()
        page.wait_for_url("**/lrviz-app/trajectories*")
        page.wait_for_selector(FIGURE)
    finally:
        context.close()
        process.kill()
        process.wait(10)
