"""Sending many items in batches, some at a time, with an account of every one."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..batching import (
    MAX_REQUEST_BYTES,
    Batch,
    Failure,
    Outcome,
    Pace,
    Progress,
    Splitter,
    TooLargeError,
    halve,
    stops_all,
)
from ..errors import PayloadTooLargeError, PineconeError, PineconeTimeoutError
from .concurrency import AsyncGate, AsyncLock, aiterate, run_workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Callable, Iterable

    from ..drafts import Draft
    from .concurrency import AsyncClock

__all__ = ["run_bulk"]

T = TypeVar("T")
R = TypeVar("R")


async def run_bulk(
    items: Iterable[T] | AsyncIterable[T],
    *,
    encode: Callable[[T, int], bytes | Draft],
    send: Callable[[Batch[T]], Awaitable[R]],
    clock: AsyncClock,
    max_items: int | None = None,
    max_bytes: int = MAX_REQUEST_BYTES,
    overhead: int = 0,
    max_concurrency: int = 4,
    total_timeout: float | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    pace: Pace | None = None,
) -> Outcome[T, R]:
    """Send items in batches, at most ``max_concurrency`` at a time.

    Items are read as they are needed, so an endless source takes no more memory than the batches in
    flight. A batch that is too large for the service is halved until it fits. After a failure that
    every other batch would meet too (a refused key, a missing index), and after the deadline, nothing
    more is sent; of a list, what was not sent is reported too.

    Args:
        items: What to send.
        encode: Turns an item, given its place in the input, into its bytes, or a draft of them.
        send: Sends a batch; what it raises is reported for that batch. It may refuse one of drafts with
            ``TooLargeError``.
        clock: The time.
        max_items: The most items a batch, or None.
        max_bytes: The most bytes a request.
        overhead: The bytes of a request besides its items.
        max_concurrency: The most requests at a time; fewer while the service asks to slow down.
        total_timeout: Seconds after which no further batch is begun, or None.
        on_progress: Called after every batch.
        pace: How many requests the host bears, shared by the calls that go to it; None for this call's own.

    Returns:
        What became of every item that was read, in the order of the input.

    Raises:
        PineconeError: What ``encode`` raised for an item; ``response`` holds the outcome so far.
        Exception: What ``items`` or ``on_progress`` raised themselves.
    """
    deadline = None if total_timeout is None else clock.now() + total_timeout
    splitter: Splitter[T] = Splitter(max_items, max_bytes, overhead)
    pace = pace or Pace(max_concurrency)
    max_concurrency = min(max_concurrency, pace.ceiling)
    run = AsyncBulk(items, encode, send, clock, splitter, max_concurrency, deadline, on_progress, pace)
    return await run.finish()


class AsyncBulk(Generic[T, R]):
    """One bulk call. ``run_bulk`` says what it does."""

    def __init__(
        self,
        items: Iterable[T] | AsyncIterable[T],
        encode: Callable[[T, int], bytes | Draft],
        send: Callable[[Batch[T]], Awaitable[R]],
        clock: AsyncClock,
        splitter: Splitter[T],
        max_concurrency: int,
        deadline: float | None,
        on_progress: Callable[[Progress], None] | None,
        pace: Pace,
    ) -> None:
        self._known = items if isinstance(items, list | tuple) else None
        self._items: Any = aiterate(items)  # a generator, closed at the end
        self._encode = encode
        self._send = send
        self._clock = clock
        self._splitter = splitter
        few = max_concurrency if self._known is None else min(max_concurrency, len(self._known))
        self._workers = max(1, few)
        self._deadline = deadline
        self._on_progress = on_progress
        self._outcome: Outcome[T, R] = Outcome()
        self._ready: deque[Batch[T]] = deque()
        self._reading = AsyncLock()
        self._recording = AsyncLock()
        self._exhausted = False
        self._stopped = False
        self._fatal: Exception | None = None
        self._broken: Exception | None = None
        self._pace = pace
        self._most = max_concurrency
        self._gate = AsyncGate(min(max_concurrency, pace.limit))
        self._done = 0
        self._failed = 0

    async def finish(self) -> Outcome[T, R]:
        """Do all of it and return what became of the items."""
        try:
            await run_workers(self._work, self._workers, self._stop)
        finally:
            await self._items.aclose()
        if self._fatal is not None:
            self._report_unsent(self._fatal)
        self._outcome.item_count = self._splitter.position
        self._outcome.settle()
        if self._broken is not None:
            if isinstance(self._broken, PineconeError):
                self._broken.response = self._outcome
            raise self._broken
        return self._outcome

    def _stop(self) -> None:
        self._stopped = True

    async def _work(self) -> None:
        while not self._stopped:
            await self._gate.acquire()
            try:
                batch = await self._next()
                if batch is not None:
                    await self._deliver(batch)
            finally:
                self._gate.limit = min(self._most, self._pace.limit)
                await self._gate.release()
            if batch is None:
                return

    async def _next(self) -> Batch[T] | None:
        """Return the next batch, reading as many items as it takes; None when there is no more."""
        async with self._reading:
            if self._is_over():
                return None
            try:
                if not self._ready and not self._exhausted:
                    await self._read()
            except Exception as error:
                # Whatever a caller's own source raises is the caller's to see.
                self._broken = error
                self._stop()
                return None
            return self._ready.popleft() if self._ready else None

    async def _read(self) -> None:
        """Read items until a batch is ready, or to the end."""
        splitter, encode = self._splitter, self._encode
        async for item in self._items:
            full = splitter.add(item, encode(item, splitter.position))
            if full:
                break
        else:
            self._exhausted = True
            full = splitter.end()
        self._ready.extend(full)
        self._outcome.batch_count += len(full)

    def _is_over(self) -> bool:
        """Say whether nothing more may be sent."""
        if not self._stopped and self._deadline is not None and self._clock.now() >= self._deadline:
            self._give_up(PineconeTimeoutError("The total_timeout ran out before this was sent", sent=False))
        return self._stopped

    def _give_up(self, error: Exception) -> None:
        self._fatal = self._fatal or error
        self._stop()

    async def _deliver(self, batch: Batch[T]) -> None:
        try:
            result = await self._send(batch)
        except (PayloadTooLargeError, TooLargeError) as error:
            if len(batch.pieces) == 1:
                await self._fail(batch, error)
                return
            for half in halve(batch):
                if self._is_over():
                    self._ready.append(half)  # to be reported with all that was not sent
                else:
                    await self._deliver(half)
        except Exception as error:
            await self._fail(batch, error)
            if stops_all(error):
                self._give_up(error)
        else:
            async with self._recording:
                self._pace.note(None)
                self._outcome.results.append((batch.position, result))
                self._outcome.succeeded += len(batch.pieces)
                self._progress()

    async def _fail(self, batch: Batch[T], error: Exception) -> None:
        async with self._recording:
            self._pace.note(error)
            self._failed += len(batch.pieces)
            self._outcome.failures.append(Failure(batch.index, batch.position, batch.items, error))
            self._progress()

    def _progress(self) -> None:
        self._done += 1
        if self._on_progress is not None:
            total = None if self._known is None else len(self._known)
            items = self._outcome.succeeded + self._failed
            try:
                self._on_progress(Progress(items, self._failed, self._done, total))
            except Exception as error:
                self._broken = self._broken or error
                self._stop()

    def _report_unsent(self, error: Exception) -> None:
        """Account for what was read and not sent, and for the rest of a list."""
        unsent = list(self._ready) + self._splitter.end()
        if self._known is not None:
            rest: Splitter[T] = self._splitter
            for item in self._known[rest.position :]:
                unsent += rest.add(item, b"")
            unsent += rest.end()
        self._outcome.batch_count = max([self._outcome.batch_count, *(batch.index + 1 for batch in unsent)])
        for batch in unsent:
            self._outcome.failures.append(
                Failure(batch.index, batch.position, batch.items, error, sent=False)
            )
