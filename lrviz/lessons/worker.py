"""Long computations in a process of their own, so that they hold up nobody who asks this one for little.

Python lets one thread of a process run at a time. Inside `at_hand()`, `call` hands a computation to a worker: a Python
beside this one, started when it is first needed, which gives way to others and ends when it has long had nothing to do. All
that a worker holds can be computed again: where one dies, the next begins anew, and where none can be had, this process
computes.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Any, cast

IDLE = 120.0  # seconds without work after which a worker ends
GIVES_WAY = 10  # by how much its priority (its niceness) is lower than that of the process that started it
TRIES = 2  # workers that a computation is given to before this process does it
UNFINISHED = 8  # computations in parts that a worker holds; beyond, the one that was begun first is given up
_START = [sys.executable, "-P", "-c", f"from {__name__} import serve; serve()"]
_ROOT = str(Path(__file__).parents[2])


class Worker:
    """A process that computes what it is sent, one thing after the other; started anew where it has ended."""

    def __init__(self) -> None:
        self._end: Callable[[], object] = lambda: None
        self.process: subprocess.Popen[bytes] | None = None

    def call(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What the function returns, or the ValueError or ArithmeticError that it raises; it is found by module and name.

        What fails in another way is done here: the worker may not know an entry that was registered in this process.
        """
        try:
            message = pickle.dumps((function, args, kwargs))
        except pickle.PicklingError:  # its module has been loaded anew meanwhile
            return function(*args, **kwargs)
        for _ in range(TRIES):
            try:
                word, answer = self._asked(message)
            except (OSError, EOFError, pickle.UnpicklingError):
                continue
            if word == "returned":
                return answer
            if word == "raised":
                raise answer
            break
        return function(*args, **kwargs)

    def _asked(self, message: bytes) -> tuple[str, Any]:
        requests, answers = self._pipes()
        try:
            requests.write(message)
            requests.flush()
            return pickle.load(answers)
        except BaseException:  # whatever it was, half an answer may be left
            self._end()
            raise

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self.process is None or self.process.poll() is not None:
            self._end()
            path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
            pipe = subprocess.PIPE
            self.process = subprocess.Popen(_START, stdin=pipe, stdout=pipe, env=os.environ | {"PYTHONPATH": path})
            self._end = weakref.finalize(self, _end, self.process)
        return cast("IO[bytes]", self.process.stdin), cast("IO[bytes]", self.process.stdout)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    with suppress(BrokenPipeError), process:
        pass


_idle: list[Worker] = []
_mine: ContextVar[Worker | None] = ContextVar("_mine", default=None)


@contextmanager
def at_hand() -> Iterator[Worker]:
    """Have a worker for this thread's long computations."""
    try:
        worker = _idle.pop()
    except IndexError:
        worker = Worker()
    token = _mine.set(worker)
    try:
        yield worker
    finally:
        _mine.reset(token)
        _idle.append(worker)


def is_at_hand() -> bool:
    """Whether this thread has a worker."""
    return _mine.get() is not None


def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a function with a module and a name returns: computed by the worker that is at hand, or else here."""
    worker = _mine.get()
    return function(*args, **kwargs) if worker is None else worker.call(function, args, kwargs)


# ---- in the worker ----------------------------------------------------------------------------------------------


def serve() -> None:
    """Compute what standard input asks for, until it is closed or nothing has come for long; answers go to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, with which this process ends
    if hasattr(os, "nice"):
        os.nice(GIVES_WAY)
    requests, answers, sys.stdout = sys.stdin.buffer, sys.stdout.buffer, sys.stderr
    with suppress(EOFError, BrokenPipeError):
        while True:
            answers.write(_answer(*_next(requests)))
            answers.flush()


def _next(requests: IO[bytes]) -> Any:
    end = threading.Timer(IDLE, os._exit, (0,))
    end.start()
    try:
        return pickle.load(requests)
    finally:
        end.cancel()


def _answer(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    try:
        return pickle.dumps(("returned", function(*args, **kwargs)))
    except (ValueError, ArithmeticError) as error:
        return pickle.dumps(("raised", error))
    except LookupError:
        return pickle.dumps(("unknown", None))


_unfinished: OrderedDict[int, Iterator[Any]] = OrderedDict()


def next_part(number: int, begin: Callable[..., Iterator[Any]], args: tuple[Any, ...]) -> Any:
    """The next part of a computation that this process knows by a number, begun here if it does not; None at its end."""
    if number not in _unfinished:
        _unfinished[number] = begin(*args)
        if len(_unfinished) > UNFINISHED:
            _unfinished.popitem(last=False)
    part = next(_unfinished[number], None)
    if part is None:
        del _unfinished[number]
    return part
