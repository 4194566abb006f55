"""Waiting, limiting and running side by side, for tasks.

Written by hand, as is its counterpart for threads: here the two truly differ. The library that
does the work is imported on first use, because building a client must not load it.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable

__all__ = [
    "AsyncClock",
    "AsyncHome",
    "AsyncLock",
    "AsyncSlots",
    "aiterate",
    "alist",
    "run_blocking",
    "run_bounded",
]

T = TypeVar("T")
R = TypeVar("R")


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


class AsyncHome:
    """One value for each event loop, so that a client works under several, one after another or at once."""

    def __init__(self) -> None:
        self._variable: Any = None

    def get(self, make: Callable[[], T]) -> T:
        """Return the running event loop's value, making it on first use."""
        if self._variable is None:
            from anyio.lowlevel import RunVar

            self._variable = RunVar(f"pinecone-{id(self)}")
        pid, value = self._variable.get((0, None))
        if pid != os.getpid():
            value = make()
            self._variable.set((os.getpid(), value))
        return cast("T", value)

    def take(self) -> Any:
        """Return the running event loop's value and forget it; None when there is none."""
        if self._variable is None:
            return None
        pid, value = self._variable.get((0, None))
        self._variable.set((0, None))
        return value if pid == os.getpid() else None


class AsyncSlots:
    """A number of places of which each holder takes one; those who wait are served in order."""

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting: list[Any] = []

    async def acquire(self, timeout: float | None) -> bool:
        """Take a place, waiting for one if need be; False when ``timeout`` seconds went by."""
        if self._free > 0 and not self._waiting:
            self._free -= 1
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
    if hasattr(items, "__aiter__"):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
