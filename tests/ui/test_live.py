"""The route that answers with a figure while the hand moves: the same drawing as the page's, nothing of a session."""

import asyncio
import gc
import json
import select
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from threading import Event
from urllib.parse import urlencode

import numpy as np
import pytest
from conftest import ROOT, answers, free_port
from starlette.requests import Request
from streamlit.web.server.starlette.starlette_server import _bind_socket

from lrviz.figures import gallery_of
from lrviz.lessons import LESSONS
from lrviz.lessons.ewma import OwnSeries
from lrviz.link import parse, query_string
from lrviz.optimizers import OPTIMIZERS
from lrviz.ui import disable_nagle, live
from lrviz.ui.stage import drawing
from lrviz.ui.turns import Turns

MAIN = {name: lesson.main for name, lesson in LESSONS.items()}
# lesson -> settings, and a point of its main figure with the settings it stands for
CASES = {
    "ewma": ({"betas": (0.3, 0.7), "corrected": True}, (41.7, 3.0), {"day": 42}),
    "trajectories": ({"surface": "beale"}, (1.2345, -0.5), {"beale.x": 1.234, "beale.y": -0.5}),
    "schedules": ({"axis": "epochs"}, (2.0, 0.05), {"step": 200}),
    "saddles": ({"noise": 0.1}, (0.25, -0.125), {"start_x": 0.25, "start_y": -0.125}),
    "mini_batch": ({"batch_size": 16}, (0.5, 0.25), {"w1": 0.5, "w2": 0.25}),
}


def asked(lesson, settings=None, **extra):
    """The route's answer for these settings, or for a case's."""
    chosen = CASES[lesson][0] if settings is None else settings
    query = parse(query_string(LESSONS[lesson].settings(**chosen), LESSONS[lesson].params))
    return json.loads(live.figure(lesson, MAIN[lesson], [*query, *extra.items()]))


def of_the_page(lesson, **settings):
    """What the page would send for these settings."""
    subject, picture = LESSONS[lesson], gallery_of(lesson)[MAIN[lesson]]
    settings = subject.settings(**settings)
    return json.loads(drawing(subject, picture, settings, subject.compute(settings))[0])


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_answer_is_what_the_page_would_send(lesson):
    for settings in ({"style": "slide"}, CASES.get(lesson, [{}])[0]):
        assert asked(lesson, settings) == of_the_page(lesson, **settings)


@pytest.mark.parametrize("lesson", CASES)
def test_a_picked_point_is_the_setting_it_stands_for(lesson):
    settings, (x, y), chosen = CASES[lesson]
    assert asked(lesson, **{"~pick": f"{x},{y}"}) == of_the_page(lesson, **settings, **chosen)


def test_the_still_part_is_left_out_where_it_is_known():
    whole = asked("ewma")
    assert asked("ewma", **{"~still": whole["stillKey"]}) == {k: v for k, v in whole.items() if k != "stills"}
    assert asked("ewma", **{"~still": "another"}) == whole


def test_keys_tell_different_figures_apart_and_like_ones_not():
    first, again, other = (
        of_the_page("ewma"),
        of_the_page("ewma", section="error"),
        of_the_page("ewma", betas=(0.5, 0.8, 0.98)),
    )
    assert first["key"] == again["key"] != other["key"]
    assert first["stillKey"] == other["stillKey"]


def test_a_series_of_ones_own_is_found_by_its_word_while_somebody_holds_it():
    own = OwnSeries("mine", np.linspace(0, 9, 40))
    lesson = LESSONS["ewma"]
    results = lesson.compute(lesson.settings(), own)
    about = live.question(lesson, gallery_of("ewma")["year"], results)
    assert about == live.question(lesson, gallery_of("ewma")["year"], results)
    assert len(about["own"]) > 20
    answer = json.loads(live.figure("ewma", "year", [("betas", "0.5"), ("~own", about["own"])]))
    settings = lesson.settings(betas=(0.5,))
    expected = drawing(lesson, gallery_of("ewma")["year"], settings, lesson.compute(settings, own))[0]
    assert answer == json.loads(expected)
    del own, results
    gc.collect()
    with pytest.raises(live.Refused, match="the series is gone"):
        live.figure("ewma", "year", [("~own", about["own"])])


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"betas": "1.5"}, "link: betas must be"),
        ({"bettas": "0.5"}, "did you mean 'betas'"),
        ({"~pick": "nan,1"}, "point must be finite"),
        ({"~pick": "1"}, "not enough values"),
        ({"~pick": "one,two"}, "could not convert"),
    ],
)
def test_what_cannot_be_had_is_refused_in_a_sentence(query, why):
    answer = json.loads(live.figure("ewma", "year", query.items()))
    assert answer.keys() == {"refused"}
    assert why in answer["refused"]


def test_a_pick_beyond_every_number_is_refused():
    answer = json.loads(live.figure("trajectories", "paths", [("~pick", "1e300,1")]))
    assert answer.keys() == {"refused"}


def test_no_point_can_be_picked_where_the_figure_has_none():
    lesson, picture = LESSONS["ewma"], gallery_of("ewma")["unrolled"]
    with pytest.raises(ValueError, match="point must be finite, in a figure where one can be picked"):
        live.picked(lesson, picture, lesson.compute(lesson.settings()), 1.0, 1.0)


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_figure_but_the_main_one_is_live(lesson):
    for name in list(gallery_of(lesson))[1:]:
        with pytest.raises(live.Refused, match=f"{lesson}: {name} comes with its page") as refused:
            live.figure(lesson, name, [])
        assert refused.value.args[0] == 404


def test_a_listening_socket_is_told_not_to_wait_with_the_end_of_an_answer():
    with socket.socket() as made_as_streamlit_does:
        made_as_streamlit_does.bind(("127.0.0.1", 0))
        assert not made_as_streamlit_does.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

        async def start():
            async with live.lifespan(None):
                pass

        with ThreadPoolExecutor(1) as thread:  # Playwright's loop may be running in this one
            thread.submit(lambda: asyncio.run(start())).result()
        made_as_streamlit_does.listen()
        with socket.create_connection(made_as_streamlit_does.getsockname()):
            taken, _ = made_as_streamlit_does.accept()
            with taken:
                assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_streamlit_still_leaves_its_socket_without_a_protocol():
    # Once it names one, asyncio switches Nagle's algorithm off by itself, and disable_nagle can go.
    with _bind_socket("127.0.0.1", 0, 1) as made:
        assert made.proto == 0


def test_a_socket_that_names_its_protocol_is_left_alone():
    with socket.socket(proto=socket.IPPROTO_TCP) as named, socket.socket(type=socket.SOCK_DGRAM):
        disable_nagle.on_unnamed_sockets()
        assert not named.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_server_lets_threads_take_turns_quickly():
    code = "import asyncio, sys; from lrviz.ui import live; before = sys.getswitchinterval()\n"
    code += "async def start():\n    async with live.lifespan(None): print(before, sys.getswitchinterval())\nasyncio.run(start())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert said.split() == ["0.005", "0.0005"]


def test_a_figure_that_is_not_quickly_there_is_refused_before_anything_is_computed(monkeypatch):
    def compute(settings):
        raise AssertionError("computed")

    unready = replace(LESSONS["trajectories"], compute=compute)
    monkeypatch.setattr(live, "LESSONS", {**LESSONS, "trajectories": unready})
    optimizers = ",".join(list(OPTIMIZERS)[:8])
    answer = json.loads(live.figure("trajectories", "paths", [("optimizers", optimizers), ("steps", "10000")]))
    assert answer == {"refused": "this figure takes a while, and follows when the hand rests"}
    with pytest.raises(AssertionError, match="computed"):
        live.figure("trajectories", "paths", [("optimizers", optimizers), ("steps", "4000")])
    picked = live.figure("trajectories", "paths", [("optimizers", optimizers), ("steps", "4000"), ("~pick", "1,1")])
    assert "takes a while" in picked


# ---- who asks, and who still waits for an answer ------------------------------------------------------------------------


class Asked:
    """The route as the server calls it; what is asked is answered when `answer` is set."""

    def __init__(self, monkeypatch):
        self.begun, self.answer = [], Event()
        monkeypatch.setattr(live, "_turns", Turns(at_once=1, waiting=2, each=2, strangers=1))
        monkeypatch.setattr(live, "figure", self.figure)

    def figure(self, lesson, name, query):
        self.begun.append(dict(query)["q"])
        assert self.answer.wait(10)
        return "{}"

    def ask(self, q, visitor="", gone=None):
        """A question of a visitor whose browser leaves when `gone` is set."""
        headers = [(b"cookie", f"_streamlit_xsrf={visitor}".encode())] if visitor else []

        async def receive():
            await (gone or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        scope = {
            "type": "http", "method": "GET", "path": "/", "query_string": f"q={q}".encode(), "headers": headers,
            "path_params": {"lesson": "ewma", "name": "year"},
        }  # fmt: skip
        return asyncio.ensure_future(live._answer(Request(scope, receive)))

    async def begins(self, count):
        while len(self.begun) < count:
            await asyncio.sleep(0.01)


def told(monkeypatch, story):
    """Run a story of questions on a loop of its own: what it returns."""

    async def tell():
        return await asyncio.wait_for(story(Asked(monkeypatch)), 20)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(tell())).result()


def test_who_comes_when_every_place_is_taken_is_told_at_once_to_ask_again(monkeypatch):
    async def story(route):
        waiting = [route.ask(name, name) for name in "abc"]
        await route.begins(1)
        late = await route.ask("d", "d")
        route.answer.set()
        served = await asyncio.gather(*waiting)
        after = await route.ask("e", "e")
        return late, [*served, after], route.begun

    late, served, begun = told(monkeypatch, story)
    assert (late.status_code, late.body, late.headers["retry-after"]) == (503, b"busy, ask again", "1")
    assert late.headers["cache-control"] == "no-store"
    assert [answer.status_code for answer in served] == [200] * 4
    assert begun == ["a", "b", "c", "e"]


def test_one_visitor_does_not_take_the_places_of_the_others(monkeypatch):
    async def story(route):
        first = [route.ask(f"a{i}", "a") for i in range(5)]
        await route.begins(1)
        stranger, another = route.ask("b"), route.ask("c")
        refused = await another
        route.answer.set()
        return [answer.status_code for answer in await asyncio.gather(*first, stranger)], refused.status_code

    assert told(monkeypatch, story) == ([200, 200, 503, 503, 503, 200], 503)


def test_what_nobody_waits_for_any_more_is_not_begun(monkeypatch):
    async def story(route):
        gone = asyncio.Event()
        first, left, last = route.ask("a", "a"), route.ask("b", "b", gone), route.ask("c", "c")
        await route.begins(1)
        gone.set()
        route.answer.set()
        return [answer.status_code for answer in await asyncio.gather(first, left, last)], route.begun

    assert told(monkeypatch, story) == ([200, live.GONE, 200], ["a", "c"])


def test_a_place_is_free_again_after_a_question_that_failed(monkeypatch):
    async def story(route):
        def fail(*question):
            raise RuntimeError("broken")

        monkeypatch.setattr(live, "figure", fail)
        for _ in range(9):
            with pytest.raises(RuntimeError, match="broken"):
                await route.ask("a", "a")
        monkeypatch.setattr(live, "figure", lambda *question: "{}")
        return (await route.ask("b", "b")).status_code

    assert told(monkeypatch, story) == 200


WATCHED = """
import sys, time
from pathlib import Path
from streamlit.web import cli
from lrviz.ui import live
from lrviz.ui.turns import Turns

begun, answer = Path(sys.argv.pop(1)), Path(sys.argv.pop(1))

def figure(lesson, name, query):
    with begun.open("a") as log:
        print(dict(query)["q"], file=log)
    while not answer.exists():
        time.sleep(0.01)
    return "{}"

live.figure, live._turns = figure, Turns(at_once=1, waiting=24, each=4, strangers=12)
cli.main()
"""


@pytest.fixture
def watched(tmp_path):
    """The whole server, which writes down the questions it begins and answers when it is told to: its port and the two files."""
    port, begun, answer = free_port(), tmp_path / "begun", tmp_path / "answer"
    begun.touch()
    command = [sys.executable, "-c", WATCHED, begun, answer, "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert answers(port)
    yield port, begun, answer
    process.kill()
    process.wait(10)


def asks(stack, port, q):
    """A socket over which a visitor of the same name has asked."""
    asking = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
    asking.sendall(
        f"GET /lrviz/figure/ewma/year?q={q} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: _streamlit_xsrf={q}\r\nConnection: close\r\n\r\n".encode()
    )
    return asking


def until(there):
    for _ in range(600):
        if there():
            return
        time.sleep(0.05)
    raise AssertionError("it does not come to pass")


def test_for_browsers_that_have_left_no_work_is_done(watched):
    port, begun, answer = watched
    with ExitStack() as stack:
        first = asks(stack, port, "first")
        until(lambda: begun.read_text().split() == ["first"])
        others = {asks(stack, port, f"v{i}"): f"v{i}" for i in range(30)}
        until(lambda: len(select.select(others, (), (), 0)[0]) == 6)  # which are refused, for 24 may wait
        refused = select.select(others, (), (), 0)[0]
        assert all(asking.recv(12) == b"HTTP/1.1 503" for asking in refused)
        *left, stays = (asking for asking in others if asking not in refused)
        for asking in left:
            asking.close()
        time.sleep(0.2)
        answer.touch()
        assert (first.recv(12), stays.recv(12)) == (b"HTTP/1.1 200", b"HTTP/1.1 200")
        assert asks(stack, port, "after").recv(12) == b"HTTP/1.1 200"
    assert begun.read_text().split() == ["first", others[stays], "after"]


def ask(server, path, **query):
    with urllib.request.urlopen(f"{server}/lrviz/figure/{path}?{urlencode(query)}", timeout=20) as answer:
        return json.load(answer), answer.headers


def test_the_route_answers_over_the_wire(server):
    answer, headers = ask(server, "ewma/year", betas="0.3,0.7", corrected="1")
    assert answer == asked("ewma")
    assert headers["Content-Type"] == "application/json"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [("nothing/year", {}, 404), ("ewma/nothing", {}, 404), ("ewma/year", {"~own": "x"}, 410)],
)
def test_the_route_says_what_there_is_not(server, path, query, status):
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(server, path, **query)
    assert refused.value.code == status
    refused.value.close()
