"""Figures while the hand moves: what a figure's stage needs, for the settings of a link, without a visitor's session.

A run of a page's script takes Streamlit and the browser several times as long as the figure itself. A figure depends
on its settings alone, so the stage asks for it here while something is dragged; the page follows when the hand rests.

Only a page's main figure is live, and only where it is quickly there. Who asks while others wait may be told to ask
again; what nobody waits for any more is not answered.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from math import isfinite
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..figures import gallery_of
from ..figures.gallery import Picture
from ..lessons import LESSONS
from ..lessons.lesson import Lesson
from ..link import decode
from . import assets, disable_nagle, stage
from .turns import Busy, Turns

# What is no setting: the point that was picked, the key of the still part that the browser has, a series of the visitor's own.
PICK, STILL, OWN = "~pick", "~still", "~own"
_owned: WeakValueDictionary[str, Any] = WeakValueDictionary()
_lock = Lock()
# As many at once as there is work for. A browser asks for one figure at a time; a visitor may have a few pages open.
_turns = Turns(at_once=max(os.cpu_count() or 1, 2), waiting=24, each=4, strangers=12)
_VISITOR = "_streamlit_xsrf"  # the cookie that every browser gets with its first page
# Seconds after which a thread lets another have the interpreter. Python's own 5 ms add up to half a second in a short answer
# that takes many turns beside a long computation; a tenth of it halves what one visitor's work costs the others.
SWITCH = 5e-4
GONE = 499  # nginx's word for a client that has closed the connection


class Refused(Exception):
    """The status to answer with, and a sentence."""


def is_live(lesson: Lesson, picture: Picture) -> bool:
    """Whether a figure follows the hand: the main one of its page does."""
    return picture.name == lesson.main


def question(lesson: Lesson, picture: Picture, results: Any) -> dict[str, str | None]:
    """Where the browser asks for a figure, its settings to follow as a query string; and the word for the visitor's own series,
    if it is drawn from one."""
    own = getattr(results, "own", None)
    return {
        "url": f"{assets.base()}/lrviz/figure/{lesson.name}/{picture.name}",
        "own": None if own is None else _word(own),
    }


def _word(series: Any) -> str:
    """A word that finds a series that is no part of a link, as long as its session holds on to it."""
    with _lock:
        word = next((word for word, kept in _owned.items() if kept is series), None) or secrets.token_urlsafe(16)
        _owned[word] = series
    return word


def figure(lesson: str, name: str, query: Iterable[tuple[str, str]]) -> str:
    """The drawing (see `stage.drawing`) of a live figure for the entries of a link, or {"refused": why}; Refused where
    there is no such figure."""
    query = list(query)
    extra = {key: text for key, text in query if key in (PICK, STILL, OWN)}
    try:
        subject, picture = LESSONS[lesson], gallery_of(lesson)[name]
    except KeyError as unknown:
        raise Refused(404, str(unknown)) from None
    if not is_live(subject, picture):
        raise Refused(404, f"{lesson}: {name} comes with its page")
    settings, problems = decode([(key, text) for key, text in query if key not in extra], subject.params)
    if problems:
        return json.dumps({"refused": "; ".join(problems)})
    questions = 2 if PICK in extra else 1  # the point is found in the figure before
    if not subject.cost(settings, name).times(questions).quick:
        return json.dumps({"refused": "this figure takes a while, and follows when the hand rests"})
    if OWN in extra and extra[OWN] not in _owned:
        raise Refused(410, "the series is gone")
    own = (_owned[extra[OWN]],) if OWN in extra else ()
    try:
        if PICK in extra:
            x, y = map(float, extra[PICK].split(","))
            settings |= picked(subject, picture, subject.compute(settings, *own), x, y)
        results = subject.compute(settings, *own)
        return stage.drawing(subject, picture, settings, results, known=extra.get(STILL))[0]
    except (ValueError, OverflowError) as refused:
        return json.dumps({"refused": str(refused)})


def picked(lesson: Lesson, picture: Picture, results: Any, x: float, y: float) -> dict[str, Any]:
    """The settings that a point picked in a figure stands for; ValueError where they cannot be had."""
    if picture.pick is None or not (isfinite(x) and isfinite(y)):
        raise ValueError(f"{picture.name}: point must be finite, in a figure where one can be picked, got {x}, {y}")
    return {key: lesson.params[key].check(value, lesson.name) for key, value in picture.pick(results, x, y).items()}


async def _answer(request: Request) -> Response:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    work = partial(figure, *request.path_params.values(), request.query_params.multi_items())
    try:
        async with _turns.turn(request.cookies.get(_VISITOR, "")):
            if await request.is_disconnected():
                return Response(status_code=GONE)
            text = await asyncio.to_thread(work)
    except Busy:
        return Response("busy, ask again", 503, headers | {"Retry-After": "1"}, "text/plain")
    except Refused as refused:
        status, sentence = refused.args
        return Response(sentence, status, headers, "text/plain")
    return Response(text, headers=headers, media_type="application/json")


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """What happens once, when the server starts: its socket exists by then, and nobody has connected yet."""
    disable_nagle.on_unnamed_sockets()
    sys.setswitchinterval(SWITCH)
    yield


def routes() -> list[Route]:
    """The route to hand to `st.App`."""
    return [Route(assets.base() + "/lrviz/figure/{lesson}/{name}", _answer)]
