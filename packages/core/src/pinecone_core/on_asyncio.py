"""What asyncio does itself in less time than anyio takes for it: connections, time limits, and where we are.

anyio's streams yield to the event loop at every step, and start and stop listening for every answer; its
limits look after the tasks inside them. Together that is a quarter of a small request.
"""

from __future__ import annotations

import asyncio
import math
import socket
import sys
import weakref
from collections import deque
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .reading import LITTLE, MUCH

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

__all__ = ["AsyncioStream", "Loops", "Place", "TaskLimit", "running_loop", "task_limit"]

T = TypeVar("T")

_MOST_WAITING = 1 << 20  # bytes that have come and are not yet asked for
_STAGGER = 0.25  # seconds after which another address of a host is tried too


def _task() -> asyncio.Task[Any] | None:
    """Return the task of asyncio in which this runs; under another library, be it a guest, there is none."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop of the asyncio task in which this runs, or None."""
    task = _task()
    return None if task is None else task.get_loop()


class Place:
    """What is kept for one event loop."""

    __slots__ = ("_value",)

    def get(self, default: Any) -> Any:
        """Return the value, or the default where there is none."""
        return getattr(self, "_value", default)

    def set(self, value: Any) -> None:
        """Keep a value."""
        self._value = value


class Loops(Generic[T]):
    """Something for each event loop, as long as there is that loop.

    Args:
        make: Makes it for a new one.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, T] = weakref.WeakKeyDictionary()
        self._latest: tuple[Callable[[], Any], Any] = (_nothing, None)

    def at(self, loop: asyncio.AbstractEventLoop) -> T:
        """Return what belongs to a loop."""
        known, latest = self._latest
        if known() is loop:  # mostly there is but one
            return latest  # type: ignore[no-any-return]
        found = self._made.get(loop)
        if found is None:
            # What is kept for a loop may refer to it, so that it would never go by itself.
            for reference in self._made.keyrefs():  # a list, for other threads may add theirs
                if (other := reference()) is not None and other.is_closed():
                    self._made.pop(other, None)
            found = self._made[loop] = self._make()
        self._latest = (weakref.ref(loop), found)
        return found


def _nothing() -> None:
    return None


class _Limits:
    """The limits of all tasks of one event loop: one timer for them, as most are never reached."""

    __slots__ = ("_ends", "_next", "_timer")

    def __init__(self) -> None:
        self._ends: dict[TaskLimit, float] = {}
        self._next = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def add(self, limit: TaskLimit, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        """Have a limit expire after so many seconds."""
        self._ends[limit] = end = loop.time() + seconds
        if end < self._next:
            self._wake_at(end, loop)

    def remove(self, limit: TaskLimit) -> None:
        """Forget a limit."""
        self._ends.pop(limit, None)
        if not self._ends:
            self._stop()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._next = None, math.inf

    def _wake_at(self, end: float, loop: asyncio.AbstractEventLoop) -> None:
        self._stop()
        self._timer, self._next = loop.call_at(end, self._expire, loop), end

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        # An event loop's timers come early by up to as much as it cannot tell apart.
        due = max(self._next, loop.time())
        for limit in [limit for limit, end in self._ends.items() if end <= due]:
            del self._ends[limit]
            limit.expire()
        self._stop()
        if self._ends:
            self._wake_at(min(self._ends.values()), loop)


_limits: Loops[_Limits] = Loops(_Limits)


def task_limit(seconds: float) -> TaskLimit | None:
    """Return what bounds a block of the asyncio task in which this runs, or None where nothing here can."""
    task = _task() if sys.version_info >= (3, 11) else None
    return None if task is None else TaskLimit(task, seconds)


class TaskLimit:
    """Bounds how long a block of one task may wait, as ``asyncio.timeout`` does.

    Args:
        task: The one in which the block runs.
        seconds: How long.

    Raises:
        TimeoutError: It took longer. The block was cancelled at what it waited for.
    """

    __slots__ = ("_before", "_expired", "_limits", "_seconds", "_task")

    def __init__(self, task: Any, seconds: float) -> None:
        self._task = task
        self._seconds = seconds
        self._expired = False

    def __enter__(self) -> None:
        self._before = self._task.cancelling()
        loop = self._task.get_loop()
        self._limits = _limits.at(loop)
        self._limits.add(self, loop, self._seconds)

    def expire(self) -> None:
        """End the block."""
        self._expired = True
        self._task.cancel()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        self._limits.remove(self)
        if not self._expired:
            return
        # Who else cancels the task meanwhile is not to be deprived of it.
        others = self._task.uncancel() > self._before
        if kind is not None and issubclass(kind, asyncio.CancelledError) and not others:
            raise TimeoutError from error


class AsyncioStream(asyncio.Protocol):
    """What is sent over a connection and what comes. One task at a time sends, and one receives."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._came: deque[bytes] = deque()
        self._waiting = 0  # bytes that have come
        self._paused = False
        self._ended = False
        self._lost: Exception | None = None
        self._secure = False
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None

    @classmethod
    async def connect(cls, host: str, port: int) -> AsyncioStream:
        """Open a connection; several addresses of one host are tried side by side."""
        loop = asyncio.get_running_loop()
        stream: AsyncioStream
        if isinstance(loop, asyncio.BaseEventLoop):
            _, stream = await loop.create_connection(_InPlace, host, port, happy_eyeballs_delay=_STAGGER)
        else:  # others, such as uvloop, try one address after the other
            _, stream = await loop.create_connection(cls, sock=await _connected(loop, host, port))
        return stream

    async def start_tls(self, context: ssl.SSLContext, hostname: str) -> None:
        """Go on under TLS."""
        self._secure = True
        loop = asyncio.get_running_loop()
        upgraded = await loop.start_tls(self._transport, self, context, server_hostname=hostname)
        if upgraded is None:
            raise ConnectionResetError("the connection was closed during the TLS handshake")
        self.connection_made(upgraded)

    @property
    def raw(self) -> Any:
        """The socket."""
        return self._transport.get_extra_info("socket")

    async def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        self._refuse_if_lost()
        self._transport.write(data)
        if self._writer is not None:
            await self._writer
            self._refuse_if_lost()

    async def receive(self) -> bytes:
        """Return what comes next; nothing at the end."""
        if not self._came:
            if self._ended:
                self._refuse_if_broken()
                return b""
            self._reader = self._loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
            if not self._came:
                self._refuse_if_broken()
                return b""
        data = self._came.popleft()
        self._waiting -= len(data)
        if self._paused and self._waiting < _MOST_WAITING:
            self._paused = False
            self._transport.resume_reading()
        return data

    def has_come(self) -> bool:
        """Say whether something has come that nobody asked for, be it the end."""
        return bool(self._came) or self._ended

    async def aclose(self) -> None:
        """Close the connection at once. May be called twice."""
        self._ended = True
        self._transport.abort()

    def _refuse_if_broken(self) -> None:
        if self._lost is not None:
            raise ConnectionResetError(str(self._lost)) from self._lost

    def _refuse_if_lost(self) -> None:
        self._refuse_if_broken()
        if self._transport.is_closing():
            raise ConnectionResetError("the connection was closed")

    # ---- called by the event loop --------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._loop = asyncio.get_running_loop()
        self._transport = transport
        transport.set_write_buffer_limits(0)  # sent means that the system has taken all of it

    def data_received(self, data: bytes | memoryview) -> None:
        """Keep what has come."""
        self._came.append(bytes(data))  # whoever gives it may go on using it
        self._waiting += len(data)
        if self._waiting >= _MOST_WAITING and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> bool:
        """Take note that nothing more will come. What has to be sent still can, but under TLS."""
        self._ended = True
        _wake(self._reader)
        return not self._secure

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note that the connection is gone."""
        self._ended = True
        self._lost = exc
        _wake(self._reader)
        self.resume_writing()

    def pause_writing(self) -> None:
        """Have the sender wait."""
        self._writer = self._loop.create_future()

    def resume_writing(self) -> None:
        """Have the sender go on."""
        writer, self._writer = self._writer, None
        _wake(writer)


class _InPlace(AsyncioStream, asyncio.BufferedProtocol):
    """A stream on a loop of asyncio's own, which otherwise takes a quarter of a megabyte anew for every read.

    So much comes from the system each time, unless the program once gave back more in one piece.
    """

    def __init__(self) -> None:
        super().__init__()
        self._space = memoryview(bytearray(LITTLE))

    def get_buffer(self, sizehint: int) -> memoryview:
        """Say where to put what comes."""
        return self._space

    def buffer_updated(self, nbytes: int) -> None:
        """Keep what has come."""
        self.data_received(self._space[:nbytes])
        if nbytes == len(self._space) == LITTLE:  # there may be much more
            self._space = memoryview(bytearray(MUCH))


async def _connected(loop: asyncio.AbstractEventLoop, host: str, port: int) -> socket.socket:
    """Return a socket that leads to the first address of a host that answers."""
    waiting = deque(_by_turns(await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    attempts: set[asyncio.Task[None]] = set()
    made: list[socket.socket] = []
    failures: list[BaseException] = []

    async def attempt(family: int, kind: int, protocol: int, address: Any) -> None:
        raw = socket.socket(family, kind, protocol)
        try:
            raw.setblocking(False)
            await loop.sock_connect(raw, address)
        except BaseException:
            raw.close()
            raise
        made.append(raw)

    try:
        while not made and (waiting or attempts):
            if waiting:
                family, kind, protocol, _, address = waiting.popleft()
                attempts.add(loop.create_task(attempt(family, kind, protocol, address)))
            limit = _STAGGER if waiting else None
            ended, attempts = await asyncio.wait(attempts, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            failures += [error for one in ended if (error := one.exception()) is not None]
        if not made:
            raise failures[0] if failures else OSError(f"{host} has no address")
        return made.pop()
    finally:
        for one in attempts:
            one.cancel()
        await asyncio.gather(*attempts, return_exceptions=True)
        for raw in made:  # a second one in the same moment, or nobody waits any more
            raw.close()


def _by_turns(addresses: list[Any]) -> list[Any]:
    """Put the addresses of the two families by turns, beginning with the one that the system prefers."""
    preferred = [found for found in addresses if found[0] == addresses[0][0]]
    others = [found for found in addresses if found[0] != addresses[0][0]]
    return [found for pair in zip_longest(preferred, others) for found in pair if found is not None]


def _wake(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)
