"""What the app says to browsers of itself, with nothing before it: its own files for good, and no more rights than a page needs."""

import gzip
import re
import threading
import urllib.error
import urllib.request
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import free_port, serve, settle

from lrviz.lessons import LESSONS
from lrviz.ui import assets
from lrviz.ui.headers import FRAME_SITES, frame_sites

OURS = f"/lrviz/{assets.version()}/app.js"
PATHS = (
    "/", "/ewma?betas=0.5", OURS, "/lrviz/figure/ewma/year", "/lrviz/figure/ewma/nothing", "/lrviz/0/app.js", "/_stcore/health",
    "/_stcore/host-config", "/_stcore/upload_file/a/b", "/media/nothing.html", "/static/js/nothing.js", "/favicon.png",
)  # fmt: skip


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


def ask(address: str, **headers: str) -> Answer:
    """The answer, be it good or bad."""
    try:
        answer = urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        return Answer(answer.status, answer.headers, answer.read())


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers_once(server, path):
    answer = ask(server + path)
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["frame-ancestors"] == "*"
    assert "unsafe" not in policy["script-src"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert len(answer.headers.get_all(name)) == 1


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({}, "*"),
        ({FRAME_SITES: ""}, "'none'"),
        ({FRAME_SITES: "'self'"}, "'self'"),
        ({FRAME_SITES: " https://course.example.org  http://*.example.net:8080 "}, "https://course.example.org http://*.example.net:8080"),
    ],
)  # fmt: skip
def test_the_sites_that_may_frame_the_app_are_a_setting(said, meant):
    assert frame_sites(said) == meant


@pytest.mark.parametrize(
    "site", ["https://a.org;", "javascript:alert(1)", "https://a.org/path", "a.org,", "'unsafe-inline'"]
)
def test_a_site_that_is_none_stops_the_start(site):
    with pytest.raises(ValueError, match=f"{FRAME_SITES}: a site must be like"):
        frame_sites({FRAME_SITES: site})


class Course(BaseHTTPRequestHandler):
    """A course page that frames the app at the address in its own path."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f'<iframe src="http://localhost:{self.path[1:]}/ewma?embed=true"></iframe>'.encode())

    def log_message(self, *_):
        pass


@pytest.mark.browser
def test_a_site_that_is_named_may_frame_the_app_and_no_other(browser, monkeypatch):
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Course) for _ in range(2)]
    for course in servers:
        threading.Thread(target=course.serve_forever, daemon=True).start()
    named, other = (f"http://localhost:{course.server_port}" for course in servers)
    monkeypatch.setenv(FRAME_SITES, named)
    port = free_port()
    app, context = serve(port), browser.new_context()
    try:
        page = context.new_page()
        page.goto(f"{named}/{port}")
        page.frame_locator("iframe").locator(".lrviz-stage[data-updates] .main-svg").first.wait_for(timeout=60_000)
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(f"{other}/{port}")
    finally:
        context.close()
        app.kill()
        app.wait(10)
        for course in servers:
            course.shutdown()
            course.server_close()


@pytest.mark.browser
@pytest.mark.parametrize("lesson", ["home", *LESSONS])
def test_no_page_and_no_export_asks_for_more_than_the_headers_allow(open_page, lesson):
    page = open_page("" if lesson == "home" else lesson, figure=lesson != "home")
    page.evaluate(
        "window.refused = []; addEventListener('securitypolicyviolation', (e) => refused.push(e.violatedDirective))"
    )
    if lesson != "home":
        for form in ("SVG", "PNG"):
            with page.expect_download():
                page.get_by_role("button", name=form, exact=True).first.click()
    if lesson == "ewma":  # Streamlit's own buttons, the same on every page
        page.get_by_role("button", name="Take this figure away").first.click()
        for label in ("HTML that plays offline", "CSV of what is drawn"):
            with page.expect_download() as download:
                page.get_by_role("button", name=label).click()
            assert Path(download.value.path()).stat().st_size > 1000
    settle(page)
    assert page.evaluate("refused") == []


@pytest.mark.browser
def test_a_script_that_somebody_put_into_the_page_does_not_run(server, browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(server, wait_until="commit")
        with page.expect_console_message(lambda message: "script-src" in message.text):
            page.evaluate(
                "document.head.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' }))"
            )
        assert page.evaluate("window.ran") is None


# The files for the browser


def test_files_are_kept_for_good_under_their_version(server):
    plain, packed = ask(server + OURS), ask(server + OURS, **{"Accept-Encoding": "gzip"})
    assert plain.headers["Cache-Control"] == packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.body == gzip.decompress(packed.body) == assets.FILES["app.js"].read_bytes()


@pytest.mark.parametrize("version", ["0", "7.0.0-00000000", assets.version() + "0", assets.version().upper() + "x"])
@pytest.mark.parametrize("name", assets.FILES)
def test_another_version_than_its_own_is_not_there_and_nobody_keeps_that(server, version, name):
    answer = ask(f"{server}/lrviz/{version}/{name}")
    assert answer.status == 404
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.body) < 100


def test_what_is_no_file_is_not_there(server):
    answer = ask(server + OURS.replace("app.js", "app.py"))
    assert (answer.status, answer.headers["Cache-Control"]) == (404, "no-store")


def test_the_version_tells_of_every_file(monkeypatch, tmp_path):
    before = assets.version()
    assert re.fullmatch(r"\d+\.\d+\.\d+-[0-9a-f]{8}", before)
    changed = tmp_path / "slider.js"
    changed.write_text("// other")
    monkeypatch.setitem(assets.FILES, "slider.js", changed)
    assert assets.version.__wrapped__() != before
