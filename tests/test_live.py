"""The route that answers with a figure while the hand moves: the same drawing as the page's, nothing of a session."""

import asyncio
import gc
import json
import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import numpy as np
import pytest

from lrviz.figures import gallery_of
from lrviz.lessons import LESSONS
from lrviz.lessons.ewma import OwnSeries
from lrviz.link import parse, query_string
from lrviz.ui import live
from lrviz.ui.stage import drawing

MAIN = {name: next(iter(gallery_of(name))) for name in LESSONS}
# lesson -> settings, and a point of its main figure with the settings it stands for
CASES = {
    "ewma": ({"betas": (0.3, 0.7), "corrected": True}, (41.7, 3.0), {"day": 42}),
    "trajectories": ({"surface": "beale"}, (1.2345, -0.5), {"beale.x": 1.234, "beale.y": -0.5}),
    "schedules": ({"axis": "epochs"}, (2.0, 0.05), {"step": 200}),
    "saddles": ({"noise": 0.1}, (0.25, -0.125), {"start_x": 0.25, "start_y": -0.125}),
    "mini_batch": ({"batch_size": 16}, (0.5, 0.25), {"w1": 0.5, "w2": 0.25}),
}


def asked(lesson, **extra):
    """The route's answer for a case's settings."""
    query = parse(query_string(LESSONS[lesson].settings(**CASES[lesson][0]), LESSONS[lesson].params))
    return json.loads(live.figure(lesson, MAIN[lesson], [*query, *extra.items()]))


def of_the_page(lesson, **settings):
    """What the page would send for these settings."""
    subject, picture = LESSONS[lesson], gallery_of(lesson)[MAIN[lesson]]
    settings = subject.settings(**settings)
    return json.loads(drawing(subject, picture, settings, subject.compute(settings))[0])


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_answer_is_what_the_page_would_send(lesson):
    assert set(CASES) == set(LESSONS)
    assert asked(lesson) == of_the_page(lesson, **CASES[lesson][0])


@pytest.mark.parametrize("lesson", LESSONS)
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
    answer = json.loads(live.figure("trajectories", "rate_beta", [("~pick", "1e300,1")]))
    assert answer.keys() == {"refused"}


def test_no_point_can_be_picked_where_the_figure_has_none():
    assert "point must be finite, in a figure where one can be picked" in live.figure(
        "ewma", "unrolled", [("~pick", "1,1")]
    )


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
