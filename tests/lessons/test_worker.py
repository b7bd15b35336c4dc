"""Long computations go to a process of their own: the same comes back, its death is survived, and cheap ones stay here."""

import gc
import operator
import os
import subprocess
import sys
import time
from dataclasses import replace
from itertools import count
from threading import Event, Thread
from types import FunctionType

import pytest
from conftest import ROOT

from lrviz.figures import gallery_of
from lrviz.lessons import LESSONS, worker
from lrviz.lessons.memo import Memo
from lrviz.lessons.saddles.work import Work
from lrviz.lessons.trajectories import setup_of
from lrviz.lessons.trajectories.maps import sweep
from lrviz.link import query_string
from lrviz.optimizers import OPTIMIZERS
from lrviz.ui import live
from lrviz.ui.stage import drawing
from lrviz.ui.turns import alone

ASKED = {  # settings that need everything that is long, at sizes that are not
    "trajectories": ({"optimizers": ("gd", "adam"), "maps": ("adam",), "resolution": 8, "steps": 40, "budget": 20, "rule": "tuned",
                      "noise": 0.1, "surface": "himmelblau"},),
    "schedules": ({"curves": ("a", "b"), "total": 60, "plateau.every": 20},),
    "saddles": ({"steps": 40, "draws": 500, "basin_grid": 4, "optimizers": ("gd", "adam")}, {"surface": "plateau", "steps": 40}),
    "mini_batch": ({"m": 60, "epochs": 2, "replicas": 4, "data": "logistic_regression", "axis": "seconds"},),
}  # fmt: skip
MEASURED = {
    "timing",
    "target",
    "paths",
}  # on the page on mini-batches: how long something takes is never the same twice


@pytest.fixture(autouse=True)
def no_workers(monkeypatch):
    """None from before, and none of ours afterwards."""
    monkeypatch.setattr(worker, "_idle", [])
    yield
    worker._idle.clear()
    gc.collect()


@pytest.fixture
def sent(monkeypatch):
    """What is sent to a worker, as it comes."""
    functions = []
    call = worker.Worker.call

    def noted(self, function, args, kwargs):
        functions.append(function)
        return call(self, function, args, kwargs)

    monkeypatch.setattr(worker.Worker, "call", noted)
    return functions


def long_ones():
    return {f for f in gc.get_objects() if isinstance(f, Memo) and f.long and f.__module__.startswith("lrviz.")}


def forget():
    for memo in [f for f in gc.get_objects() if isinstance(f, Memo)]:
        memo.forget()


def shown(lesson, settings):
    """What is drawn and said of every figure of a lesson."""
    forget()
    results = lesson.compute(settings)
    pictures = gallery_of(lesson.name)
    return {
        name: (drawing(lesson, pictures[name], settings, results)[0], pictures[name].caption(results))
        for name in lesson.figures
    }


def test_the_same_is_drawn_and_said_and_everything_long_can_be_sent(sent):
    for name, lesson in LESSONS.items():
        for changes in ASKED.get(name, ()):
            settings = lesson.settings(**changes)
            with worker.at_hand():
                there = shown(lesson, settings)
            begun, here = len(sent), shown(lesson, settings)
            assert len(sent) == begun > 0
            for figure in lesson.figures:
                if name != "mini_batch" or figure not in MEASURED:
                    assert there[figure] == here[figure], f"{name}: {figure}"
    reached = {function.__self__ for function in sent if isinstance(getattr(function, "__self__", None), Memo)}
    assert {memo.__qualname__ for memo in long_ones() - reached} == set()
    assert worker.next_part in sent


def test_a_costly_page_says_the_same_though_its_worker_dies(run_page, monkeypatch, sent):
    lesson = LESSONS["saddles"]
    settings = lesson.settings(section="local_optima", basin_grid=4, optimizers=("gd", "adam"))
    monkeypatch.setattr("lrviz.ui.page.ALONE", 0.9 * lesson.cost(settings, "local_optima").seconds)
    asked, calls = worker.Worker._asked, count()

    def mortal(self, message):
        if next(calls) == 9:
            self.process.kill()
        return asked(self, message)

    monkeypatch.setattr(worker.Worker, "_asked", mortal)
    forget()
    app = run_page("saddles", query_string(settings, lesson.params))
    assert not app.exception
    assert next(calls) > 15
    begun = len(sent)
    forget()
    caption = gallery_of("saddles")["local_optima"].caption(lesson.compute(settings))
    assert caption in [element.value for element in app.markdown]
    assert len(sent) == begun


def test_pages_as_they_open_and_live_figures_need_no_worker(run_page, sent):
    forget()
    for name, lesson in LESSONS.items():
        assert not run_page(name).exception
        assert "refused" not in live.figure(name, lesson.main, [])
    assert sent == []


def test_who_waits_in_vain_has_nothing_computed(sent):
    inside, leave = Event(), Event()

    def other():
        with alone(lambda: None):
            inside.set()
            assert leave.wait(30)

    def left():
        raise InterruptedError

    thread = Thread(target=other)
    thread.start()
    assert inside.wait(30)
    with pytest.raises(InterruptedError), alone(left), worker.at_hand():
        worker.call(os.getpid)
    leave.set()
    thread.join(30)
    assert sent == []
    assert worker._idle == []


def test_a_worker_is_another_process_and_serves_one_after_the_other():
    with worker.at_hand():
        first = worker.call(os.getpid)
    assert first != os.getpid()
    assert worker.call(os.getpid) == os.getpid()
    with worker.at_hand():
        assert worker.call(os.getpid) == first
        with worker.at_hand():
            assert worker.call(os.getpid) not in (first, os.getpid())


@pytest.mark.skipif(not hasattr(os, "nice"), reason="no priorities")
def test_a_worker_gives_way():
    with worker.at_hand():
        there = worker.call(os.getpriority, os.PRIO_PROCESS, 0)
    assert there == min(os.getpriority(os.PRIO_PROCESS, 0) + worker.GIVES_WAY, 19)


def test_a_worker_that_dies_at_work_is_replaced_and_the_work_done_again():
    with worker.at_hand() as mine:
        first, answers = worker.call(os.getpid), []
        slow = "__import__('time').sleep(1) or __import__('os').getpid()"
        asker = Thread(target=lambda: answers.append(mine.call(eval, (slow,), {})))
        asker.start()
        time.sleep(0.2)
        mine.process.kill()
        asker.join(60)
        assert answers == [mine.process.pid]
        assert answers[0] not in (first, os.getpid())


@pytest.mark.parametrize(
    "start", [["/no/such/program"], [sys.executable, "-c", ""], [sys.executable, "-c", "print('?')"]]
)
def test_where_no_worker_can_be_had_the_work_is_done_here(monkeypatch, start):
    monkeypatch.setattr(worker, "_START", start)
    with worker.at_hand():
        assert worker.call(os.getpid) == os.getpid()
        assert Work(iter, [(0.5, "half"), (1.0, "all")]).result == "all"


def test_a_refusal_comes_back():
    with worker.at_hand():
        first = worker.call(os.getpid)
        with pytest.raises(ValueError, match=r"invalid literal for int\(\) with base 10: 'x'"):
            worker.call(int, "x")
        with pytest.raises(ZeroDivisionError):
            worker.call(operator.truediv, 1, 0)
        assert worker.call(os.getpid) == first


def test_an_entry_that_only_this_process_knows_is_computed_here():
    setup, _ = setup_of(LESSONS["trajectories"].settings())
    OPTIMIZERS.add(replace(OPTIMIZERS["gd"], name="of_this_process"))
    try:
        with worker.at_hand():
            first = worker.call(os.getpid)
            found = sweep(setup, "of_this_process", (), 20)
            assert worker.call(os.getpid) == first
    finally:
        OPTIMIZERS.remove("of_this_process")
    best, losses = sweep(setup, "gd", (), 20)
    assert found[0] == best
    assert found[1].tolist() == losses.tolist()


def test_a_function_whose_module_has_been_loaded_anew_is_computed_here():
    old = FunctionType(reloaded.__code__, globals(), "reloaded")
    with worker.at_hand():
        assert worker.call(old) == os.getpid()


def reloaded():
    return os.getpid()


def test_work_that_was_left_is_taken_up_again_and_begun_anew_in_a_new_worker():
    parts = [(0.25, 1), (0.5, 2), (0.75, 3), (1.0, 4)]
    work = Work(iter, parts)
    with worker.at_hand() as mine:
        todo = work.progress()
        assert next(todo) == 0.25
        todo.close()
        todo = work.progress()
        assert next(todo) == 0.5
        todo.close()
        mine.process.kill()
        assert list(work.progress()) == [0.25, 0.5, 0.75, 1.0]
        assert list(work.progress()) == []
    assert work.result == 4


def test_a_worker_gives_up_what_was_begun_first_when_too_much_is_left():
    works = [Work(iter, [(0.5, 1), (1.0, 2)]) for _ in range(worker.UNFINISHED + 1)]
    with worker.at_hand():
        for work in works:
            todo = work.progress()
            next(todo)
            todo.close()
        assert list(works[-1].progress()) == [1.0]
        assert list(works[0].progress()) == [0.5, 1.0]


SERVE = "from lrviz.lessons import worker; worker.IDLE = {}; worker.serve()"


@pytest.mark.parametrize("idle", [0.01, 600.0])
def test_a_worker_ends_when_it_is_idle_or_left_alone(idle):
    command = [sys.executable, "-c", SERVE.format(idle)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        if idle > 1:
            process.stdin.close()
        assert process.wait(60) == 0


def test_a_worker_that_ended_for_want_of_work_is_replaced(monkeypatch):
    monkeypatch.setattr(worker, "_START", [sys.executable, "-c", SERVE.format(0.2)])
    monkeypatch.chdir(ROOT)
    with worker.at_hand() as mine:
        first = worker.call(os.getpid)
        assert mine.process.wait(60) == 0
        assert worker.call(os.getpid) not in (first, os.getpid())


def test_a_worker_ends_with_who_started_it():
    code = "import os\nfrom lrviz.lessons import worker\nwith worker.at_hand():\n    print(worker.call(os.getpid))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)
