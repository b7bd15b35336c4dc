"""nginx as delivered keeps one visitor from taking what is everybody's: requests, sessions and uploads, counted by visitor."""

import http.client
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import free_port
from support import nginx

pytestmark = pytest.mark.verify
ONE, OTHER = (f"lrviz_visitor={digit * 32}" for digit in "ab")
released = threading.Event()


class App(BaseHTTPRequestHandler):
    """Answers at once, but for sessions, which last until they are released."""

    def do_GET(self):
        if self.path.endswith("/stream"):
            released.wait(60)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_):
        pass


class Crowd(ThreadingHTTPServer):
    request_queue_size = 4000
    daemon_threads = True


@pytest.fixture
def front(tmp_path):
    """nginx before something that answers as the app would, counting from nothing."""
    program = nginx.executable()
    if program is None:
        pytest.skip("no nginx on the path")
    servers = [Crowd(("127.0.0.1", 0), App) for _ in "ab"]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    ports = dict(zip("ab", (server.server_port for server in servers), strict=True))
    released.clear()
    running = nginx.Nginx(program, tmp_path, free_port(), ports, patient=True)
    try:
        yield running
    finally:
        released.set()
        running.stop()
        for server in servers:
            server.shutdown()
            server.server_close()


def status(front, path="/", cookie="", method="GET", body=None) -> int:
    request = urllib.request.Request(front.address + path, body, {"Cookie": cookie} if cookie else {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.status


def many(front, count, *arguments, **more) -> list[int]:
    with ThreadPoolExecutor(8) as hands:
        return list(hands.map(lambda _: status(front, *arguments, **more), range(count)))


def test_who_asks_without_end_is_refused_and_the_neighbour_is_not(front):
    answers = many(front, 160, "/ewma", ONE)
    assert answers.count(200) == 101  # what comes at once, and the one that time allows
    assert answers.count(429) == 59
    assert status(front, "/ewma", OTHER) == 200
    assert status(front, "/ewma") == 200


def test_a_hall_that_arrives_at_once_is_let_in(front):
    assert set(many(front, 400)) == {200}


def test_a_visitor_is_given_a_cookie_and_one_that_is_made_up_counts_by_address(front):
    cookies = front.get("/").headers.get_all("Set-Cookie")
    (own,) = (cookie for cookie in cookies if cookie.startswith("lrviz_visitor="))
    name, rest = own.split("; ", 1)
    assert rest == "Path=/; HttpOnly; SameSite=Lax"
    again = front.get("/", Cookie=name).headers.get_all("Set-Cookie") or []
    assert not any(cookie.startswith("lrviz_visitor=") for cookie in again)
    answers = many(front, 1200, "/", "lrviz_visitor=zz")
    assert 0 < answers.count(429) < 400


def test_uploads_are_few_and_each_visitor_has_its_own(front):
    put = {"method": "PUT", "body": b"x" * 1000}
    answers = [status(front, "/_stcore/upload_file/s/f", ONE, **put) for _ in range(12)]
    assert answers == [200] * 6 + [429] * 6
    assert status(front, "/_stcore/upload_file/s/f", OTHER, **put) == 200
    assert status(front, "/lrviz-app/_stcore/upload_file/s/f", **put) == 200


def test_a_visitor_has_twenty_sessions_at_once(front):
    port = int(front.address.rpartition(":")[2])
    with ExitStack() as open_ones:

        def begin(cookie):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            open_ones.callback(connection.close)
            connection.request("GET", "/_stcore/stream", headers={"Cookie": cookie})
            return connection

        for _ in range(20):
            begin(ONE)
        refused = [begin(ONE).getresponse().status for _ in range(3)]
        assert refused == [429] * 3
        other = begin(OTHER)
        released.set()
        assert other.getresponse().status == 200


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics?x=1", "/lrviz-app/_stcore/metrics", "//_stcore//%6Detrics", "/_stcore/./metrics"])  # fmt: skip
def test_what_the_machine_says_of_itself_is_not_public(front, path):
    assert status(front, path) == 404
    assert status(front, "/_stcore/health") == 200
