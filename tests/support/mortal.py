"""Processes of the app that begin at once and can be killed, and a line from browsers to one of them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from conftest import ROOT, free_port

SECRET = {"STREAMLIT_SERVER_COOKIE_SECRET": "the same in every process"}
# Most of a process's start are its imports, so every one begins as a copy of a process that has them.
PARENT = """
import os, signal, sys
import lrviz.lessons, lrviz.ui.failure, lrviz.ui.headers, lrviz.ui.navigation, lrviz.ui.page, streamlit.web.bootstrap
from streamlit.web import cli
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.argv = ["streamlit", "run", "app.py", "--server.port", *line.split()]
        cli.main()
    print(child, flush=True)
"""


class Process:
    """One process of the app. Who is going to speak to it waits until it listens."""

    def __init__(self, pid: int, port: int):
        self.pid, self.port = pid, port

    def send_signal(self, what: int) -> None:
        with suppress(ProcessLookupError):  # it was killed before
            os.kill(self.pid, what)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, seconds: float = 10) -> None:
        """Until it listens no more."""
        until = time.monotonic() + seconds
        while listens(self.port) and time.monotonic() < until:
            time.sleep(0.01)


class Nursery:
    """Where processes of the app begin: `nursery(port, *options)` is `streamlit run app.py` in its tree."""

    def __init__(self, tree: Path = ROOT):
        self._parent = subprocess.Popen(
            [sys.executable, "-c", PARENT],
            cwd=tree, env=os.environ | SECRET, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._begun = []

    def __call__(self, port: int, *options: str) -> Process:
        print(port, *options, file=self._parent.stdin, flush=True)
        self._begun.append(Process(int(self._parent.stdout.readline()), port))
        return self._begun[-1]

    def close(self) -> None:
        for process in self._begun:
            process.kill()
        self._parent.communicate()


class Line:
    """An address that leads to one process after another. While it leads nowhere, who calls is kept waiting, so that a browser
    does not have to call again and again, later and later."""

    def __init__(self, nursery: Callable[[int], Process]):
        self.port = free_port()
        self._nursery = nursery
        self._process, self._next = nursery(free_port()), nursery(free_port())
        self._calls: set[asyncio.StreamWriter] = set()
        begun = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(begun)))
        self._thread.start()
        self._loop = begun.result(10)
        self.lead_on()

    async def _serve(self, begun: Future) -> None:
        self._open, self._over = asyncio.Event(), asyncio.Event()
        async with await asyncio.start_server(self._carry, "127.0.0.1", self.port):
            begun.set_result(asyncio.get_running_loop())
            await self._over.wait()
            self._open.set()
            while self._calls:
                self._cut()
                await asyncio.sleep(0.01)

    def _there(self, act: Callable[[], None]) -> None:
        self._loop.call_soon_threadsafe(act)

    def _cut(self) -> None:
        for writer in self._calls:
            writer.transport.abort()

    async def _carry(self, reader, writer) -> None:
        self._calls.add(writer)
        await self._open.wait()
        while True:
            with suppress(OSError):  # it does not listen yet
                there, on = await asyncio.open_connection("127.0.0.1", self._process.port)
                break
            await asyncio.sleep(0.05)
        await asyncio.gather(_pass_on(reader, on), _pass_on(there, writer))
        self._calls.discard(writer)

    def hang(self) -> None:
        """Let the process stand still."""
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End the process as a crash would; `lead_on` is for its callers to be heard again."""
        self._there(self._open.clear)
        self._process.kill()
        self._process, self._next = self._next, self._nursery(free_port())

    def cut(self) -> None:
        """Break the line, while the process goes on."""
        self._there(self._open.clear)
        self._there(self._cut)

    def lead_on(self) -> None:
        """To the process there is now."""
        self._there(self._open.set)

    def close(self) -> None:
        self._there(self._over.set)
        self._thread.join()


async def _pass_on(reader, writer) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
    writer.close()


def listens(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
        return True
    return False
