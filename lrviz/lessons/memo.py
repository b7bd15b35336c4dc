"""Results that are remembered, so that a figure which asks again for the same run gets it at once.

`@memo(...)` takes the place of `functools.lru_cache` for functions of settings and arrays:

- Arguments may be arrays, dicts and lists. An array counts by its contents.
- What is remembered is bounded twice, by entries and by bytes of arrays; whatever was not asked for longest goes first.
- Results are shared between visitors, so their arrays are read-only. None is a view of a larger array, which would be
  kept alive whole.
- Of several threads that ask for the same thing, one computes it and the others wait for it.
- What is `long` is computed by a worker where one is at hand (see `lrviz.lessons.worker`), and remembered here.

Not counted is what an object in a result computes later (a `cached_property`, a `Work`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import fields, is_dataclass
from functools import update_wrapper
from hashlib import blake2b
from threading import Event, Lock
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

from . import worker

P = ParamSpec("P")
R = TypeVar("R")


def memo(*, entries: int, megabytes: float = 32.0, long: bool = False) -> Callable[[Callable[P, R]], Memo[P, R]]:
    """Remember the last results of the decorated function: at most so many, with at most so many megabytes of arrays.

    `long` is what takes a tenth of a second or more at some settings; its arguments and results can be pickled.
    """
    return lambda function: Memo(function, entries, int(megabytes * 1e6), long)


class Memo(Generic[P, R]):
    """A function that remembers its results."""

    def __init__(self, function: Callable[P, R], entries: int, most: int, long: bool):
        update_wrapper(self, function)
        self.long = long
        self._function, self._entries, self._most = function, entries, most
        self._kept: OrderedDict[Hashable, tuple[R, int]] = OrderedDict()
        self._bytes = 0
        self._running: dict[Hashable, Event] = {}
        self._lock = Lock()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The remembered result, or else a computed one. What raises is not remembered."""
        key = _key_of_call(args, kwargs)
        while True:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key][0]
                running = self._running.get(key)
                if running is None:
                    self._running[key] = done = Event()
                    break
            running.wait()
        try:
            new = worker.call(self.compute, *args, **kwargs) if self.long else self.compute(*args, **kwargs)
            result = read_only(new, _owners((args, kwargs)))
            self._keep(key, result)
        finally:
            with self._lock:
                del self._running[key]
            done.set()
        return result

    def compute(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of the function itself, which remembers nothing."""
        return self._function(*args, **kwargs)

    def __reduce__(self) -> str:
        """Another process finds it by its name, as it does a function."""
        return self._function.__qualname__

    def __len__(self) -> int:
        """How many results are remembered."""
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """What the arrays of the remembered results take."""
        return self._bytes

    def forget(self) -> None:
        """Forget every result."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _keep(self, key: Hashable, result: R) -> None:
        size = sum(array.nbytes for array in _owners(result).values())
        if size > self._most:
            return
        with self._lock:
            self._kept[key] = result, size
            self._bytes += size
            while len(self._kept) > self._entries or self._bytes > self._most:
                _, (_, gone) = self._kept.popitem(last=False)
                self._bytes -= gone


def read_only(value: Any, others: dict[int, np.ndarray] | None = None) -> Any:
    """The value with all its arrays, also those in tuples, lists, dicts and dataclasses, made read-only.

    An array that is a view of a larger one is copied, and so is one that shares memory with one of `others`, which
    somebody else may go on writing to.
    """
    if isinstance(value, np.ndarray):
        return _read_only_array(value, others or {})
    if isinstance(value, (tuple, list)):
        return _rebuilt(value, [read_only(item, others) for item in value])
    if isinstance(value, dict):
        new = {key: read_only(item, others) for key, item in value.items()}
        return value if all(new[key] is item for key, item in value.items()) else new
    if is_dataclass(value) and not isinstance(value, type):
        return _read_only_fields(value, others)
    return value


def _read_only_array(array: np.ndarray, others: dict[int, np.ndarray]) -> np.ndarray:
    owner = _owner(array)
    if owner.nbytes > array.nbytes or id(owner) in others:
        array = array.copy(order="K")
    array.flags.writeable = False
    return array


def _rebuilt(items: Any, new: list[Any]) -> Any:
    if all(one is other for one, other in zip(new, items, strict=True)):
        return items
    return type(items)(*new) if hasattr(items, "_fields") else type(items)(new)


def _read_only_fields(value: Any, others: dict[int, np.ndarray] | None) -> Any:
    old = {field.name: getattr(value, field.name) for field in fields(value)}
    changed = {name: new for name, item in old.items() if (new := read_only(item, others)) is not item}
    if changed:
        value = copy(value)
        for name, item in changed.items():
            object.__setattr__(value, name, item)
    return value


def _owner(array: np.ndarray) -> np.ndarray:
    """The array whose memory an array is a view of; the array itself where it is no view."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _owners(value: Any) -> dict[int, np.ndarray]:
    """Every array whose memory is in use somewhere in a value, once each, by its id."""
    if isinstance(value, np.ndarray):
        owner = _owner(value)
        return {id(owner): owner}
    if isinstance(value, dict):
        return _owners(list(value.values()))
    if is_dataclass(value) and not isinstance(value, type):
        return _owners([getattr(value, field.name) for field in fields(value)])
    found: dict[int, np.ndarray] = {}
    for item in value if isinstance(value, (tuple, list)) else ():
        found |= _owners(item)
    return found


def _key_of_call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
    if not kwargs:
        try:
            hash(args)
        except TypeError:
            pass
        else:
            return args
    return _key(args), _key(kwargs)


def _key(value: Any) -> Hashable:
    """Something hashable that is equal for equal values: arrays by shape, kind and contents, dicts in any order."""
    if isinstance(value, np.ndarray):
        contents = blake2b(np.ascontiguousarray(value).data, digest_size=20).digest()
        return np.ndarray, value.shape, value.dtype.str, contents
    if isinstance(value, dict):
        return dict, frozenset((name, _key(item)) for name, item in value.items())
    if isinstance(value, (tuple, list)):
        return type(value), *map(_key, value)
    return value
