"""Waiting, limiting and running side by side, for threads.

Written by hand, as is its counterpart for tasks: here the two truly differ.
"""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Clock", "Home", "Lock", "Slots", "iterate", "listed", "run_blocking", "run_bounded"]

T = TypeVar("T")
R = TypeVar("R")


class Clock:
    """The time, and waiting for it to pass. Give a client another one to control both."""

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""
        return time.monotonic()

    def wall(self) -> float:
        """Return seconds since the epoch."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class Lock:
    """A mutual exclusion lock for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *exc: object) -> None:
        self._lock.release()


class Home:
    """One value for each process, so that a client works in forked children too."""

    def __init__(self) -> None:
        self._value: tuple[int, Any] = (0, None)
        self._lock = threading.Lock()

    def get(self, make: Callable[[], T]) -> T:
        """Return this process's value, making it on first use."""
        pid, value = self._value
        if pid != os.getpid():
            with self._lock:
                pid, value = self._value
                if pid != os.getpid():
                    value = make()
                    self._value = (os.getpid(), value)
        return cast("T", value)

    def take(self) -> Any:
        """Return this process's value and forget it; None when there is none."""
        pid, value = self._value
        self._value = (0, None)
        return value if pid == os.getpid() else None


class Slots:
    """A number of places of which each holder takes one."""

    def __init__(self, number: int) -> None:
        self._places = threading.Semaphore(number)

    def acquire(self, timeout: float | None) -> bool:
        """Take a place, waiting for one if need be; False when ``timeout`` seconds went by."""
        return self._places.acquire(timeout=None if timeout is None else max(0.0, timeout))

    def release(self) -> None:
        """Give a place back."""
        self._places.release()


def run_blocking(function: Callable[..., T], *args: Any) -> T:
    """Run a function that may block."""
    return function(*args)


def run_bounded(function: Callable[[T], R], items: Iterable[T], *, limit: int) -> list[R]:
    """Call a function for every item, at most ``limit`` calls at a time.

    Args:
        function: What to call.
        items: What to call it with. All of it is read before the first call ends.
        limit: The most calls at a time, 1 or more.

    Returns:
        The results, in the order of the items.

    Raises:
        BaseException: The first failure; calls not yet begun are dropped, running ones waited for.
    """
    listed_items = list(items)
    if not listed_items:
        return []
    with ThreadPoolExecutor(min(limit, len(listed_items)), thread_name_prefix="pinecone") as pool:
        futures = [pool.submit(function, item) for item in listed_items]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            for future in futures:
                future.cancel()
    for future in futures:
        if not future.cancelled() and (error := future.exception()) is not None:
            raise error
    return [future.result() for future in futures]


def listed(items: Iterable[T]) -> list[T]:
    """Read an iterable to its end."""
    return list(items)


def iterate(items: Iterable[T]) -> Iterator[T]:
    """Yield from an iterable."""
    yield from items
