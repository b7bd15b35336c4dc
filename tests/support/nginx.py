"""nginx with the configuration that is delivered, on other ports and in a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import free_port, serve

SITE = Path(__file__).parents[2] / "deploy" / "nginx.conf"
PORTS = ("8501", "8502")  # of the processes in the configuration
MAIN = """
{user}daemon off;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    log_format who "$cookie_lrviz|$upstream_addr|$status|$request_method $uri";
    access_log access.log who;
    include site.conf;
}}
"""


class Seen(NamedTuple):
    """A line of the log: the process in the visitor's cookie, the addresses asked, the status, method and path."""

    cookie: str
    asked: str
    status: str
    request: str


def executable() -> str | None:
    """Path of nginx, or None. As root under CI=true Debian's is installed if there is none."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    if (
        not shutil.which("nginx", path=path)
        and os.environ.get("CI") == "true"
        and shutil.which("apt-get")
        and os.geteuid() == 0
    ):
        for words in (("update",), ("install", "--yes", "--no-install-recommends", "nginx")):
            subprocess.run(("apt-get", *words), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=120)
    return shutil.which("nginx", path=path)


class Nginx:
    """A running nginx before two processes of the app; `patient` lets hardly any time count for its rates."""

    def __init__(self, program: str, folder: Path, port: int, processes: dict[str, int], *, patient: bool = False):
        self.folder, self.address = folder, f"http://127.0.0.1:{port}"
        site = SITE.read_text(encoding="utf-8")
        if patient:
            site = re.sub(r"rate=\d+r/[sm]", "rate=1r/m", site)
        for delivered, here in zip(PORTS, processes.values(), strict=True):
            site = site.replace(f":{delivered}", f":{here}")
        site = site.replace("listen 80 default_server", f"listen 127.0.0.1:{port}")
        site = site.replace("/var/cache/nginx/lrviz", str(folder / "cache"))
        (folder / "site.conf").write_text(site, encoding="utf-8")
        (folder / "nginx.conf").write_text(
            MAIN.format(user="user root;\n" if os.geteuid() == 0 else ""), encoding="utf-8"
        )
        self._process = subprocess.Popen((program, "-p", str(folder), "-c", "nginx.conf", "-e", "error.log"))
        for _ in range(100):
            try:
                self.get("/_stcore/health")
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"nginx did not start: {(folder / 'error.log').read_text()}")

    def get(self, path: str, **headers: str):
        """The answer to a plain request."""
        return urllib.request.urlopen(urllib.request.Request(self.address + path, headers=headers), timeout=20)

    def seen(self) -> list[Seen]:
        """Every request that is over; that of a session is over when its socket is closed."""
        time.sleep(0.2)  # nginx writes a line after the answer has left
        return [Seen(*line.split("|")) for line in (self.folder / "access.log").read_text().splitlines()]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


class Cluster(NamedTuple):
    """nginx and the processes behind it, by the letters that the cookie calls them."""

    nginx: Nginx
    processes: dict[str, subprocess.Popen]
    ports: dict[str, int]

    def process_of(self, context) -> str:
        """The letter of the process that a browser's visitor belongs to."""
        return next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "lrviz")

    def kill(self, letter: str) -> None:
        """End a process as a crash would."""
        self.processes[letter].kill()
        self.processes[letter].wait(10)


@contextmanager
def cluster(folder: Path, begin: Callable[..., Any] = serve, **trees: Path):
    """Two processes of the app behind nginx, from this tree, as `begin` starts them, or, by their letters, from others."""
    program = executable()
    if program is None:
        pytest.skip("no nginx on the path")
    ports = {"a": free_port(), "b": free_port()}
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor() as both:
        patch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", "the same in every process")
        starts = {letter: partial(serve, tree=trees[letter]) if letter in trees else begin for letter in ports}
        running = both.map(lambda letter: starts[letter](ports[letter], "--server.address", "127.0.0.1"), ports)
        processes = dict(zip(ports, running, strict=True))
    front = None
    try:
        front = Nginx(program, folder, free_port(), ports)
        yield Cluster(front, processes, ports)
    finally:
        for process in processes.values():
            process.kill()
            process.wait(10)
        if front is not None:
            front.stop()
