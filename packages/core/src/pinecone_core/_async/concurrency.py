"""Waiting, limiting and running side by side, for tasks.

Written by hand, as is its counterpart for threads: here the two truly differ. The library that
does the work is imported on first use, because building a client must not load it.
"""

from __future__ import annotations

import itertools
import os
import socket
import sys
import time
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..reading import Readiness, read_size

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
    from contextlib import AbstractContextManager

__all__ = [
    "AsyncClock",
    "AsyncGate",
    "AsyncHome",
    "AsyncLock",
    "AsyncSlots",
    "AsyncSocket",
    "aiterate",
    "alist",
    "run_blocking",
    "run_bounded",
    "run_workers",
    "shielded",
    "step_limit",
    "time_limit",
]

T = TypeVar("T")
R = TypeVar("R")

_numbers = itertools.count()
_NOBODY = (0, None)


class AsyncClock:
    """The time, and waiting for it to pass. Give a client another one to control both."""

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""
        return time.monotonic()

    def wall(self) -> float:
        """Return seconds since the epoch."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        import anyio

        await anyio.sleep(seconds)


class AsyncLock:
    """A mutual exclusion lock for tasks, made when it is first used."""

    def __init__(self) -> None:
        self._lock: Any = None

    async def __aenter__(self) -> None:
        if self._lock is None:
            import anyio

            self._lock = anyio.Lock()
        await self._lock.acquire()

    async def __aexit__(self, *exc: object) -> None:
        self._lock.release()


def _asyncio() -> Any:
    """Return what asyncio does itself, where the program has loaded it, or None."""
    found = sys.modules.get("pinecone_core.on_asyncio")
    if found is None and "asyncio" in sys.modules:
        from .. import on_asyncio as found
    return found


class AsyncHome:
    """One value for each event loop, so that a client works under several, one after another or at once."""

    def __init__(self) -> None:
        self._loops: Any = None
        self._variable: Any = None

    def _place(self) -> Any:
        """Return what keeps the running event loop's value."""
        quick = _asyncio()
        if quick is not None and (loop := quick.running_loop()) is not None:
            if self._loops is None:
                self._loops = quick.Loops(quick.Place)
            return self._loops.at(loop)
        if self._variable is None:
            from anyio.lowlevel import RunVar

            # By a number that never comes again: the library tells variables apart by name.
            self._variable = RunVar(f"pinecone-{next(_numbers)}")
        return self._variable

    def get(self, make: Callable[[], T]) -> T:
        """Return the running event loop's value, making it on first use."""
        place = self._place()
        pid, value = place.get(_NOBODY)
        if pid != os.getpid():
            value = make()
            place.set((os.getpid(), value))
        return cast("T", value)

    def take(self) -> Any:
        """Return the running event loop's value and forget it; None when there is none."""
        place = self._place()
        pid, value = place.get(_NOBODY)
        place.set(_NOBODY)
        return value if pid == os.getpid() else None


class AsyncSlots:
    """A number of places of which each holder takes one; those who wait are served in order."""

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting: list[Any] = []

    def acquire_now(self) -> bool:
        """Take a place if one is free and nobody waits for it."""
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return True
        return False

    async def acquire(self, timeout: float | None) -> bool:
        """Take a place, waiting for one if need be; False when ``timeout`` seconds went by."""
        if self.acquire_now():
            return True
        import anyio

        event = anyio.Event()
        self._waiting.append(event)
        try:
            with anyio.move_on_after(timeout):
                await event.wait()
                return True
        except BaseException:
            self._withdraw(event)
            raise
        self._withdraw(event)
        return False

    def _withdraw(self, event: Any) -> None:
        # A place may have been handed over in the very moment of leaving.
        if event.is_set():
            self.release()
        else:
            self._waiting.remove(event)

    def release(self) -> None:
        """Give a place back; it goes straight to whoever has waited longest."""
        if self._waiting:
            self._waiting.pop(0).set()
        else:
            self._free += 1


def time_limit(seconds: float | None) -> AbstractContextManager[object]:
    """Bound how long a block may wait; it ends with ``TimeoutError`` when it takes longer."""
    if seconds is None:
        from contextlib import nullcontext

        return nullcontext()
    quick = _asyncio()
    if quick is not None and (limit := quick.task_limit(seconds)) is not None:
        return cast("AbstractContextManager[object]", limit)
    import anyio

    return anyio.fail_after(seconds)


def shielded(seconds: float) -> AbstractContextManager[object]:
    """Let a block finish although its task is cancelled, but give it up after so many seconds."""
    import anyio

    return anyio.move_on_after(seconds, shield=True)


def step_limit(part: float | None, left: Callable[[], float | None]) -> float | None:
    """Return the limit of one step inside ``time_limit(left())``: tasks need none but the part's own."""
    return part


async def _connected(host: str, port: int) -> tuple[Any, Any]:
    """Return a stream of the kind that suits the event loop, and its socket."""
    quick = _asyncio()
    if quick is not None and quick.running_loop() is not None:
        made = await quick.AsyncioStream.connect(host, port)
        return made, made.raw
    import anyio
    from anyio.abc import SocketAttribute

    stream = await anyio.connect_tcp(host, port)
    return _AnyioStream(stream), stream.extra(SocketAttribute.raw_socket)


class _AnyioStream:
    """A stream of anyio's, whose failures are ``OSError``."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._came = 0  # bytes at the last read

    async def start_tls(self, context: ssl.SSLContext, hostname: str) -> None:
        from anyio import BrokenResourceError, EndOfStream
        from anyio.streams.tls import TLSStream

        try:
            self._stream = await TLSStream.wrap(
                self._stream,
                server_side=False,
                hostname=hostname,
                ssl_context=context,
                standard_compatible=False,
            )
        except (BrokenResourceError, EndOfStream) as error:
            raise ConnectionResetError("the connection was closed during the TLS handshake") from error

    async def send(self, data: bytes) -> None:
        from anyio import BrokenResourceError, ClosedResourceError

        try:
            await self._stream.send(data)
        except (BrokenResourceError, ClosedResourceError) as error:
            raise ConnectionResetError(str(error.__cause__ or "the connection was closed")) from error

    async def receive(self) -> bytes:
        from anyio import BrokenResourceError, ClosedResourceError, EndOfStream

        try:
            data = cast("bytes", await self._stream.receive(read_size(self._came)))
        except EndOfStream:
            return b""
        except (BrokenResourceError, ClosedResourceError) as error:
            raise ConnectionResetError(str(error.__cause__ or "the connection was closed")) from error
        self._came = len(data)
        return data

    def has_come(self) -> bool:
        return False  # it listens only while it is asked

    async def aclose(self) -> None:
        await self._stream.aclose()


class AsyncSocket:
    """A connection to a peer, with or without TLS. Every failure is an ``OSError``, a timeout too."""

    __slots__ = ("_raw", "_readable", "_stream")

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw
        self._readable = Readiness(raw)
        self._stream: Any = None

    @classmethod
    async def connect(
        cls, host: str, port: int, options: Iterable[tuple[int, int, int]], timeout: float | None
    ) -> AsyncSocket:
        """Open a connection; several addresses of one host are tried side by side."""
        with time_limit(timeout):
            stream, raw = await _connected(host, port)
        link = cls(raw)
        link._stream = stream
        try:
            for option in options:
                link._raw.setsockopt(*option)
        except BaseException:
            await link.aclose()
            raise
        return link

    async def start_tls(self, context: ssl.SSLContext, hostname: str, timeout: float | None) -> None:
        """Go on under TLS. The connection is closed when that fails."""
        try:
            with time_limit(timeout):
                await self._stream.start_tls(context, hostname)
        except BaseException:
            await self.aclose()
            raise

    async def send(self, data: bytes, timeout: float | None) -> None:
        """Send all of ``data``."""
        if timeout is None:
            await self._stream.send(data)
        else:
            with time_limit(timeout):
                await self._stream.send(data)

    async def receive(self, timeout: float | None) -> bytes:
        """Return what comes next; nothing at the end."""
        if timeout is None:
            return cast("bytes", await self._stream.receive())
        with time_limit(timeout):
            return cast("bytes", await self._stream.receive())

    def is_readable(self) -> bool:
        """Say whether something waits to be read, which on an idle connection is its end."""
        return self._stream.has_come() or self._readable()

    async def aclose(self) -> None:
        """Close the connection. May be called twice."""
        await self._stream.aclose()


class AsyncGate:
    """Lets as many through at a time as its limit says, which may change at any time."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._inside = 0
        self._condition: Any = None

    async def acquire(self) -> None:
        """Go in, waiting for room if need be."""
        if self._condition is None:
            import anyio

            self._condition = anyio.Condition()
        async with self._condition:
            while self._inside >= self.limit:
                await self._condition.wait()
            self._inside += 1

    async def release(self) -> None:
        """Go out."""
        from anyio import CancelScope

        # Also on the way out of a cancelled task, or the others would wait for ever.
        with CancelScope(shield=True):
            async with self._condition:
                self._inside -= 1
                self._condition.notify_all()


async def run_workers(work: Callable[[], Awaitable[None]], count: int, stop: Callable[[], None]) -> None:
    """Run ``count`` copies of a function side by side until all have returned.

    Args:
        work: What to run. It handles its own failures.
        count: How many copies.
        stop: Called when something goes wrong from outside, so that the copies come to an end.
    """
    import anyio

    async def one() -> None:
        await work()

    try:
        async with anyio.create_task_group() as group:
            for _ in range(count):
                group.start_soon(one)
    finally:
        stop()


async def run_blocking(function: Callable[..., T], *args: Any) -> T:
    """Run a function that may block where it does not hold up the event loop."""
    import anyio.to_thread

    return await anyio.to_thread.run_sync(function, *args)


async def run_bounded(function: Callable[[T], Awaitable[R]], items: Iterable[T], *, limit: int) -> list[R]:
    """Call a function for every item, at most ``limit`` calls at a time.

    Args:
        function: What to call.
        items: What to call it with. All of it is read before the first call ends.
        limit: The most calls at a time, 1 or more.

    Returns:
        The results, in the order of the items.

    Raises:
        BaseException: The first failure; the other calls are cancelled and waited for.
    """
    import anyio

    waiting = list(enumerate(items))[::-1]
    results: dict[int, R] = {}
    failures: list[BaseException] = []

    async def work(group: Any) -> None:
        while waiting and not failures:
            position, item = waiting.pop()
            try:
                results[position] = await function(item)
            except Exception as error:
                failures.append(error)
                group.cancel_scope.cancel()

    total = len(waiting)
    async with anyio.create_task_group() as group:
        for _ in range(min(limit, total)):
            group.start_soon(work, group)
    if failures:
        raise failures[0]
    return [results[position] for position in range(total)]


async def alist(items: Iterable[T] | AsyncIterable[T]) -> list[T]:
    """Read an iterable or an asynchronous iterable to its end."""
    return [item async for item in aiterate(items)]


async def aiterate(items: Iterable[T] | AsyncIterable[T]) -> AsyncIterator[T]:
    """Yield from an iterable or an asynchronous iterable."""
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
