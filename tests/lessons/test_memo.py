"""What is remembered, for how long, and what may be done with it."""

import gc
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier, Event
from typing import NamedTuple

import numpy as np
import pytest

from lrviz.lessons.memo import memo, read_only


def counted(entries=8, megabytes=1.0, function=lambda *args, **kwargs: object()):
    """A memo of a function that returns something new each time, and the list of its calls."""
    calls = []

    @memo(entries=entries, megabytes=megabytes)
    def remembered(*args, **kwargs):
        calls.append((args, kwargs))
        return function(*args, **kwargs)

    return remembered, calls


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((1, "adam", None), (1, "adam", None)),
        (([0.1, 0.2], {"beta": 0.9, "eps": 0.0}), ([0.1, 0.2], {"eps": 0.0, "beta": 0.9})),
        ((np.arange(6.0),), (np.arange(6.0),)),
        ((np.arange(6.0)[::2],), (np.array([0.0, 2.0, 4.0]),)),
        (({"rates": np.ones(3)}, (np.zeros(2),)), ({"rates": np.ones(3)}, (np.zeros(2),))),
    ],
)
def test_equal_arguments_are_computed_once(first, second):
    f, calls = counted()
    assert f(*first) is f(*second)
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((1,), (2,)),
        ((np.arange(6.0),), (np.arange(6.0).reshape(2, 3),)),
        ((np.zeros(2, int),), (np.zeros(2),)),
        ((np.zeros(1),), (np.array([5e-324]),)),
        (([1, 2],), ((1, 2),)),
        (({"a": 1, "b": 2},), ({"a": 2, "b": 1},)),
        (({"a": 1},), ((("a", 1),),)),
        (([np.ones(2), np.ones(3)],), ([np.ones(3), np.ones(2)],)),
    ],
)
def test_different_arguments_are_told_apart(first, second):
    f, _ = counted()
    assert f(*first) is not f(*second)


def test_keywords_count_in_any_order_and_apart_from_positions():
    f, _ = counted()
    assert f(1, b=2, c=[3]) is f(1, c=[3], b=2)
    assert f(1, b=2) is not f(1, b=3)
    assert f(1, ("b", 2)) is not f(1, b=2)


def test_an_array_that_is_written_to_is_another_argument():
    f, calls = counted(function=lambda rates: float(rates.sum()))
    rates = np.ones(4)
    assert f(rates) == 4.0
    rates[0] = 3.0
    assert f(rates) == 6.0
    assert len(calls) == 2


def test_the_result_that_was_not_asked_for_longest_goes_first():
    f, calls = counted(entries=3)
    for x in (1, 2, 3, 1, 4):  # 2 was not asked for longest
        f(x)
    calls.clear()
    for x in (1, 3, 4):
        f(x)
    assert calls == []
    assert len(f) == 3
    f(2)
    assert calls == [((2,), {})]
    assert len(f) == 3


def test_bytes_are_bounded_too():
    f, calls = counted(entries=100, megabytes=0.001, function=lambda n: np.zeros(50))  # 400 bytes each
    for n in range(5):
        f(n)
    assert (len(f), f.bytes) == (2, 800)
    calls.clear()
    f(3), f(4), f(2)
    assert [args for args, _ in calls] == [(2,)]


def test_a_result_larger_than_the_bound_is_returned_and_leaves_the_others_alone():
    f, calls = counted(megabytes=0.001, function=lambda n: np.zeros(n))
    f(50)
    assert f(126).nbytes > 1000
    assert f(126).nbytes > 1000
    f(50)
    assert [args for args, _ in calls] == [(50,), (126,), (126,)]


def test_memory_that_two_arrays_share_is_counted_once():
    whole = np.zeros(100)
    f, _ = counted(function=lambda: (whole, whole.reshape(10, 10), np.broadcast_to(whole, (7, 100))))
    f()
    assert f.bytes == 800


def test_compute_remembers_nothing_and_forget_forgets():
    f, calls = counted(function=lambda x: np.full(10, x))
    assert f.compute(1) is not f.compute(1)
    assert len(f) == 0
    kept = f(1)
    assert f.compute(1) is not kept
    f.forget()
    assert (len(f), f.bytes) == (0, 0)
    assert f(1) is not kept
    assert (len(calls), len(f), f.bytes) == (5, 1, 80)


def test_what_raises_is_not_remembered():
    answers = iter([ValueError("no"), 7])

    @memo(entries=2)
    def f(x):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ValueError, match="no"):
        f(1)
    assert f(1) == 7


@dataclass(frozen=True)
class Run:
    """A result with arrays at several depths."""

    path: np.ndarray
    parts: tuple
    slots: dict
    name: str = "adam"


class Pair(NamedTuple):
    """A named tuple of arrays."""

    x: np.ndarray
    y: np.ndarray


def arrays(run):
    return [run.path, *run.parts[0], *run.parts[1], run.slots["m"]]


def test_all_arrays_of_a_result_are_read_only_and_none_is_a_view_of_a_larger_one():
    whole = np.arange(1000.0).reshape(100, 10)
    views = Run(whole[3], (Pair(whole[:, 4], whole[5, ::2]), [whole[-1]]), {"m": whole[7:9].T})
    alive, wanted = weakref.ref(whole), [np.array(array) for array in arrays(views)]
    f, _ = counted(function=[views].pop)  # handed out once, and not kept by the function
    run = f()
    assert isinstance(run, Run)
    assert isinstance(run.parts[0], Pair)
    assert run.name == "adam"
    for found, right in zip(arrays(run), wanted, strict=True):
        np.testing.assert_array_equal(found, right)
        with pytest.raises(ValueError, match="read-only"):
            found[...] = 0.0
    assert f.bytes == 8 * (10 + 100 + 5 + 10 + 20)
    del whole, views
    gc.collect()
    assert alive() is None


def test_an_array_that_fills_its_memory_is_not_copied():
    made = np.zeros((4, 5))
    f, _ = counted(function=lambda: np.moveaxis(made, 0, 1))
    assert np.shares_memory(f(), made)
    g, _ = counted(function=lambda: np.broadcast_to(np.nan, (1000, 1000)))
    assert g().strides == (0, 0)
    assert g.bytes == 8


def test_a_result_does_not_change_with_the_array_it_was_made_from():
    f, _ = counted(function=lambda rates: {"rates": rates.reshape(2, 2)})
    rates = np.ones(4)
    kept = f(rates)
    rates[:] = 5.0  # still the caller's own to write to
    np.testing.assert_array_equal(kept["rates"], np.ones((2, 2)))


def test_a_value_without_arrays_stays_the_same_object():
    value = Run(3, ("a", [1, 2]), {"b": {"c": 1}})
    assert read_only(value) is value


def test_threads_that_ask_for_the_same_wait_for_one_computation():
    together, go, calls = Barrier(4), Event(), []

    @memo(entries=4)
    def slow(x):
        calls.append(x)
        assert go.wait(10)
        return object()

    def ask(x):
        together.wait(10)
        return slow(x)

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask, x) for x in (1, 1, 1, 2)]
        while len(calls) < 2:  # both kinds have begun: neither waits for the other
            pass
        go.set()
        found = [one.result(10) for one in asked]
    assert found[0] is found[1] is found[2] is not found[3]
    assert sorted(calls) == [1, 2]


def test_who_waited_for_one_that_raised_computes_it_again():
    begun, go, answers = Event(), Event(), iter([ValueError("no"), 7])

    @memo(entries=4)
    def f(x):
        answer = next(answers)
        begun.set()
        assert go.wait(10)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(f, 1)
        assert begun.wait(10)
        second = pool.submit(f, 1)
        go.set()
        with pytest.raises(ValueError, match="no"):
            first.result(10)
        assert second.result(10) == 7


@pytest.fixture
def hasty_threads():
    """Threads take turns as often as they can, so that what can go wrong between two of them does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty_threads")
def test_many_threads_and_few_entries_end_with_a_true_account():
    under_way, twice = set(), []

    @memo(entries=5, megabytes=0.004)
    def f(x):
        if x in under_way:
            twice.append(x)
        under_way.add(x)
        result = np.full(100 + x, float(x))
        under_way.discard(x)
        return result

    def ask(seed):
        return all((f(x) == x).all() for x in np.random.default_rng(seed).integers(0, 8, 500).tolist())

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(16)))
    assert twice == []
    assert 0 < len(f) <= 5
    known = [x for (x,) in f._kept]
    assert f.bytes == sum(8 * (100 + x) for x in known) <= 4000


def test_it_keeps_the_name_and_words_of_its_function():
    @memo(entries=1)
    def thing(x):
        """What it is."""

    assert (thing.__name__, thing.__doc__) == ("thing", "What it is.")
