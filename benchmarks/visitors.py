"""Visitors as the server sees them: a websocket each, Streamlit's own messages, no browser.

A visitor opens a page, finds its live sliders and its live figure in what arrives, and moves a slider as a key press in the
browser does: it asks for the figure as it would be, and when it has it tells the page, which then runs. What it sends was
compared with what Chromium sends.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import random
import subprocess
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import requests
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from lrviz.lessons import LESSONS

PAGES = tuple(LESSONS)
PATIENCE = 30.0  # seconds until a run that has not ended counts as an error
STRIDE = 0.03  # of a slider's length
BUSY, RETRY = 503, 0.25  # status, and seconds until the browser asks again: up to twice as many
_THREADS = ThreadPoolExecutor(200)  # one for each question under way


class Failed(RuntimeError):
    """A run that ended in an error, or did not end."""


@dataclass
class Tally:
    """What a crowd of visitors went through, in seconds."""

    opened: list[float] = field(default_factory=list)
    live: list[float] = field(default_factory=list)  # question for the figure to the end of its answer
    whole: list[float] = field(default_factory=list)  # message of the hand at rest to the end of its run
    errors: list[str] = field(default_factory=list)
    received: int = 0  # bytes


class Visitor:
    """One session on one page."""

    def __init__(self, address: str, page: str, query: str, tally: Tally, seed: int):
        self.address, self.page, self.query, self.tally = address, page, query, tally
        self._random = random.Random(seed)
        self._hash = ""
        self._states: dict[str, str] = {}  # component id -> JSON, sent again with every message
        self._sliders: dict[str, dict] = {}  # component id -> what Python handed to slider.js
        self._live: dict[str, Any] = {}  # what the page's live stage was told: its link, where to ask, its still part
        self._answers = requests.Session()
        self._answers.cookies.set("_streamlit_xsrf", f"visitor {seed}")  # what tells visitors apart
        self._known: set[str] = set()  # messages the browser still has, which the server need not send again
        self._seq = int(time.time() * 1000)

    async def open(self) -> None:
        """Connect and let the page be drawn for the first time."""
        start = time.perf_counter()
        url = f"ws://{self.address}/_stcore/stream"
        self._socket = await websockets.connect(
            url, subprotocols=["streamlit"], max_size=None, compression=None, ping_interval=None
        )
        await self._run()
        self.tally.opened.append(time.perf_counter() - start)

    async def _ask(self, changes: dict[str, str]) -> None:
        """Ask for the live figure with these entries of the link changed."""
        query = dict(parse_qsl(self._live["facts"]["link"].partition("?")[2], keep_blank_values=True))
        query |= changes | {"~still": self._live["stillKey"]}
        url = f"http://{self.address}{self._live['live']['url']}"
        loop = asyncio.get_running_loop()
        ask = partial(self._answers.get, url, params=query, timeout=PATIENCE)
        while (answer := await loop.run_in_executor(_THREADS, ask)).status_code == BUSY:
            await asyncio.sleep(RETRY * (1 + self._random.random()))
        self.tally.received += len(answer.content)
        if not answer.ok:
            raise Failed(f"{self.page}: {answer.status_code}")

    async def close(self) -> None:
        self._answers.close()
        await self._socket.close()

    async def move(self) -> None:
        """A key press on one of the live sliders."""
        slider = self._random.choice(list(self._sliders))
        spec = self._sliders[slider]
        values = _stepped(spec, self._random)
        start = time.perf_counter()
        await self._ask({spec["setting"]: ",".join(map(repr, values))})
        self.tally.live.append(time.perf_counter() - start)
        self._states[slider] = json.dumps({"slid": {"values": values, "unset": spec["unset"], "seq": self._next()}})
        start = time.perf_counter()
        await self._run()
        self.tally.whole.append(time.perf_counter() - start)

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    async def _run(self) -> None:
        """Ask for a run and read what it sends until its end."""
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_script_hash = self.query, self._hash
        run.page_name = "" if self._hash else self.page
        run.context_info.url = f"http://{self.address}/{self.page}"
        run.context_info.color_scheme = "light"
        run.cached_message_hashes.extend(self._known)
        for name, text in self._states.items():
            run.widget_states.widgets.add(id=name, json_value=text)
        self._known.clear()
        await self._socket.send(message.SerializeToString())
        try:
            async with asyncio.timeout(PATIENCE):
                while await self._next_message():
                    pass
        except TimeoutError:
            raise Failed(f"{self.page}: no end after {PATIENCE:.0f} s") from None

    async def _next_message(self) -> bool:
        """Take one message; False when it ends the run."""
        data = await self._socket.recv()
        self.tally.received += len(data)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "ref_hash":
            self._known.add(message.ref_hash)
        elif kind == "delta":
            self._element(message)
        elif kind == "script_finished":
            return message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return True

    def _element(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable:
            self._known.add(message.hash)
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception" or (kind == "alert" and "Something went wrong" in element.alert.body):
            raise Failed(f"{self.page}: {element.exception.message or element.alert.body}")
        if kind != "bidi_component":
            return
        component = element.bidi_component
        if component.component_name.endswith("lrviz_slider"):
            self._sliders[component.id] = json.loads(component.bytes)
        elif component.component_name.endswith("lrviz_stage"):
            told = json.loads(component.bytes)
            if told["live"]:
                self._live = told


def _stepped(spec: dict, chance: random.Random) -> list[float]:
    """The slider's values with one of them moved a little, as far along the slider as others would be moved."""
    values = [v if v is not None else spec["slider"][0] for v in spec["values"]]
    i = chance.randrange(len(values))
    low, high = spec["slider"]
    to, back = (math.log, math.exp) if spec["log"] else (float, float)
    stride = max(STRIDE * (to(high) - to(low)), (spec["step"] or 1) if spec["whole"] and not spec["log"] else 0)
    at = to(min(max(values[i], low), high)) + stride * chance.choice((-1, 1))
    at = min(max(at, to(low)), to(high))
    moved = min(max(back(at), low), high)
    values[i] = round(moved) if spec["whole"] else float(f"{moved:.4g}")
    return values


class Server:
    """What Linux says of a process."""

    def __init__(self, process: subprocess.Popen):
        self.process = process

    def memory(self) -> float:
        """Resident memory in MB."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def seconds(self) -> float:
        """Processor time used so far."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


async def gather(visitors: Iterable[Visitor], spacing: float) -> list[Visitor]:
    """Let visitors in one after the other, `spacing` seconds apart; those that get in."""

    async def enter(visitor: Visitor, wait: float) -> Visitor | None:
        await asyncio.sleep(wait)
        try:
            await visitor.open()
        except (Failed, OSError, websockets.WebSocketException, requests.RequestException) as error:
            visitor.tally.errors.append(str(error))
            return None
        return visitor

    entered = await asyncio.gather(*(enter(v, i * spacing) for i, v in enumerate(visitors)))
    return [visitor for visitor in entered if visitor is not None]


async def stay(visitor: Visitor, seconds: float, every: float) -> None:
    """Move a control every so many seconds, or as soon as the page has answered where that takes longer."""
    begin = time.perf_counter()
    due = begin + visitor._random.uniform(0, every)
    while due < begin + seconds:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        try:
            await visitor.move()
        except (Failed, OSError, websockets.WebSocketException, requests.RequestException) as error:
            visitor.tally.errors.append(str(error))
            return
        due = max(due + every, time.perf_counter())
