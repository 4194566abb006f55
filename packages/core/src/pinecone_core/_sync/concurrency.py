"""Waiting, limiting and running side by side, for threads.

Written by hand, as is its counterpart for tasks: here the two truly differ.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..reading import Readiness, read_size

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

__all__ = [
    "Clock",
    "Gate",
    "Home",
    "Lock",
    "Slots",
    "Socket",
    "iterate",
    "listed",
    "run_blocking",
    "run_bounded",
    "run_workers",
    "shielded",
    "step_limit",
    "time_limit",
]

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
        self._inherited: list[Any] = []
        self._lock = threading.Lock()

    def get(self, make: Callable[[], T]) -> T:
        """Return this process's value, making it on first use."""
        pid, value = self._value
        if pid != os.getpid():
            with self._lock:
                pid, value = self._value
                if pid != os.getpid():
                    # A parent's value is kept but never touched: ending it would speak on its sockets.
                    self._inherited.append(value)
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

    def acquire_now(self) -> bool:
        """Take a place if one is free."""
        return self._places.acquire(blocking=False)

    def acquire(self, timeout: float | None) -> bool:
        """Take a place, waiting for one if need be; False when ``timeout`` seconds went by."""
        return self._places.acquire(timeout=None if timeout is None else max(0.0, timeout))

    def release(self) -> None:
        """Give a place back."""
        self._places.release()


def time_limit(seconds: float | None) -> AbstractContextManager[object]:
    """Do nothing: what waits in a thread has a limit of its own, see ``step_limit``."""
    return contextlib.nullcontext()


def shielded(seconds: float) -> AbstractContextManager[object]:
    """Do nothing: a thread is not cancelled, and what waits in it has a limit of its own."""
    return contextlib.nullcontext()


def step_limit(part: float | None, left: Callable[[], float | None]) -> float | None:
    """Return the limit of one step inside ``time_limit(left())``: a thread must stop by itself in time."""
    seconds = left()
    if seconds is None or part is None:
        return seconds if part is None else part
    return min(seconds, part)


class Socket:
    """A connection to a peer, with or without TLS. Every failure is an ``OSError``, a timeout too."""

    __slots__ = ("_came", "_raw", "_readable")

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw
        self._came = 0  # bytes at the last read
        self._readable = Readiness(raw)

    @classmethod
    def connect(
        cls, host: str, port: int, options: Iterable[tuple[int, int, int]], timeout: float | None
    ) -> Socket:
        """Open a connection; several addresses of one host are tried in turn, sharing the time."""
        end = None if timeout is None else time.monotonic() + timeout
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        failure = OSError(f"{host} has no address")
        for index, (family, kind, protocol, _, address) in enumerate(addresses):
            raw = socket.socket(family, kind, protocol)
            try:
                if end is not None:
                    raw.settimeout(_some((end - time.monotonic()) / (len(addresses) - index)))
                for option in options:
                    raw.setsockopt(*option)
                raw.connect(address)
            except OSError as error:
                raw.close()
                failure = error
            else:
                return cls(raw)
        raise failure

    def start_tls(self, context: ssl.SSLContext, hostname: str, timeout: float | None) -> None:
        """Go on under TLS. The connection is closed when that fails."""
        try:
            self._raw.settimeout(_some(timeout))
            self._raw = context.wrap_socket(self._raw, server_hostname=hostname)
            self._readable = Readiness(self._raw)
        except BaseException:
            self.close()
            raise

    def send(self, data: bytes, timeout: float | None) -> None:
        """Send all of ``data``."""
        self._raw.settimeout(_some(timeout))
        self._raw.sendall(data)

    def receive(self, timeout: float | None) -> bytes:
        """Return what comes next; nothing at the end."""
        self._raw.settimeout(_some(timeout))
        data = self._raw.recv(read_size(self._came))
        self._came = len(data)
        return data

    def is_readable(self) -> bool:
        """Say whether something waits to be read, which on an idle connection is its end."""
        return self._readable()

    def close(self) -> None:
        """Close the connection. May be called twice."""
        self._raw.close()

    def __del__(self) -> None:
        # Of a client that is dropped without being closed, nothing stays open.
        self._raw.close()


def _some(timeout: float | None) -> float | None:
    """Refuse a limit of nothing, which a socket would take for "do not wait"."""
    if timeout is not None and timeout <= 0:
        raise TimeoutError("timed out")
    return timeout


class Gate:
    """Lets as many through at a time as its limit says, which may change at any time."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._inside = 0
        self._condition = threading.Condition()

    def acquire(self) -> None:
        """Go in, waiting for room if need be."""
        with self._condition:
            while self._inside >= self.limit:
                self._condition.wait()
            self._inside += 1

    def release(self) -> None:
        """Go out."""
        with self._condition:
            self._inside -= 1
            self._condition.notify_all()


def run_workers(work: Callable[[], None], count: int, stop: Callable[[], None]) -> None:
    """Run ``count`` copies of a function side by side until all have returned.

    Args:
        work: What to run. It handles its own failures.
        count: How many copies.
        stop: Called when something goes wrong from outside, so that the copies come to an end.
    """
    if count == 1:
        work()
        return
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
            stop()

    # Not an executor: one loses sight of a thread when an interrupt comes while it starts.
    threads = [threading.Thread(target=guarded, name=f"pinecone-bulk_{number}") for number in range(count)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        stop()
        for thread in threads:
            # One that has not begun yet will find that there is nothing to do.
            with contextlib.suppress(RuntimeError):
                thread.join()
    if failures:
        raise failures[0]


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
    from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait  # slow to load, seldom needed

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
