"""The splitter respects both limits and the order; the driver accounts for every item."""

from __future__ import annotations

import _thread
import itertools
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core._async.bulk import run_bulk as run_bulk_async
from pinecone_core._async.concurrency import AsyncClock
from pinecone_core._sync.bulk import run_bulk
from pinecone_core._sync.concurrency import Clock
from pinecone_core.batching import Batch, Outcome, Pace, Piece, Progress, Splitter, TooLargeError, halve
from pinecone_core.drafts import Draft, piece_size
from pinecone_core.errors import (
    NotFoundError,
    PayloadTooLargeError,
    PineconeTimeoutError,
    PineconeValueError,
    RateLimitError,
    ServiceError,
    error_class,
)
from pinecone_core.operation import Operation
from pinecone_core.transport import Request, Response
from pinecone_core.watchers import Watchers


def encode(item: int, position: int) -> bytes:
    if item < 0:
        raise PineconeValueError("is negative", f"items[{position}]")
    return b"x" * (item % 7 + 1)


@given(
    sizes=st.lists(st.integers(1, 30), max_size=60),
    max_items=st.one_of(st.none(), st.integers(1, 9)),
    max_bytes=st.integers(20, 80),
    overhead=st.integers(0, 10),
)
def test_batches_respect_both_limits_and_the_order(
    sizes: list[int], max_items: int | None, max_bytes: int, overhead: int
) -> None:
    splitter: Splitter[int] = Splitter(max_items, max_bytes, overhead)
    batches = [batch for size in sizes for batch in splitter.add(size, b"x" * size)] + splitter.end()
    assert [piece.item for batch in batches for piece in batch.pieces] == sizes
    assert [piece.position for batch in batches for piece in batch.pieces] == list(range(len(sizes)))
    assert [batch.index for batch in batches] == list(range(len(batches)))
    for batch in batches:
        assert max_items is None or len(batch.pieces) <= max_items
        assert batch.size + overhead <= max_bytes or len(batch.pieces) == 1
    for batch, after in itertools.pairwise(batches):
        full = max_items is not None and len(batch.pieces) == max_items
        assert full or batch.size + 1 + piece_size(after.pieces[0].data) + overhead > max_bytes


def test_halves_hold_everything() -> None:
    batch = Batch(3, [Piece(i, i, b"") for i in range(5)])
    first, second = halve(batch)
    assert first.items + second.items == batch.items
    assert first.data + second.data == [b""] * 5
    assert first.index == second.index == 3


def test_the_pace_halves_and_recovers() -> None:
    pace = Pace(8)
    pace.note(RateLimitError())
    assert pace.limit == 4
    for _ in range(7):  # sent before the limit fell
        pace.note(ServiceError("busy", 503))
    assert pace.limit == 4
    pace.note(ServiceError("busy", 503))
    assert pace.limit == 2
    for _ in range(2 + 3 + 4 + 5 + 6 + 7):
        pace.note(None)
    assert pace.limit == 8
    pace.note(ServiceError("broken", 500))
    assert pace.limit == 8
    for _ in range(20):
        pace.note(RateLimitError())
    assert pace.limit == 1


def test_the_pace_starts_from_what_was_in_flight() -> None:
    pace = Pace(64)
    pace.note(RateLimitError(), in_flight=4)
    assert pace.limit == 2


def test_the_pace_learns_from_requests_that_are_repeated() -> None:
    pace = Pace(8)
    request = Request("POST", "https://a", "/", [])
    watchers = Watchers((pace,), Operation("upsert", "POST", "/"), request)
    watchers.retrying(RateLimitError(), 1, 0.1)
    watchers.failed(RateLimitError())
    watchers.finished(200, {})
    assert pace.limit == 4


# ---- the driver, on threads and on tasks


class Driver:
    """Runs the same call on threads or on tasks."""

    def __init__(self, flavour: str) -> None:
        self.flavour = flavour

    def __call__(self, items: Any, send: Any, **options: Any) -> Any:
        options.setdefault("encode", encode)
        if self.flavour == "threads":
            return run_bulk(items, send=send, clock=options.pop("clock", None) or Clock(), **options)

        async def main() -> Any:
            async def send_async(batch: Batch[int]) -> Any:
                await anyio.lowlevel.checkpoint()
                return send(batch)

            clock = options.pop("clock", None) or AsyncClock()
            return await run_bulk_async(items, send=send_async, clock=clock, **options)

        return anyio.run(main, backend=self.flavour)


@pytest.fixture(params=["threads", "asyncio", "trio"])
def drive(request: pytest.FixtureRequest) -> Driver:
    return Driver(request.param)


def test_everything_is_sent_once_and_reported_in_order(drive: Driver) -> None:
    seen: list[Progress] = []
    outcome = drive(
        list(range(100)), lambda batch: batch.items, max_items=7, max_concurrency=5, on_progress=seen.append
    )
    assert [item for _, items in outcome.results for item in items] == list(range(100))
    assert (outcome.succeeded, outcome.item_count, outcome.batch_count) == (100, 100, 15)
    assert outcome.failures == []
    assert sorted(p.batches for p in seen) == list(range(1, 16))
    assert max(p.items for p in seen) == 100
    assert {p.total for p in seen} == {100}


def test_nothing_makes_nothing(drive: Driver) -> None:
    outcome = drive([], lambda batch: pytest.fail("sent"))
    assert (outcome.item_count, outcome.batch_count, outcome.results, outcome.failures) == (0, 0, [], [])


def test_a_generator_is_read_only_as_far_as_needed(drive: Driver) -> None:
    read = 0
    ahead = []
    lock = threading.Lock()

    def source() -> Iterator[int]:
        nonlocal read
        for number in range(1000):
            read += 1
            yield number

    def send(batch: Batch[int]) -> None:
        with lock:
            ahead.append(read - batch.pieces[-1].position)

    drive(source(), send, max_items=10, max_concurrency=3)
    assert read == 1000
    assert max(ahead) <= 10 * (3 + 1)


def test_a_failed_batch_is_reported_and_the_others_are_sent(drive: Driver) -> None:
    def send(batch: Batch[int]) -> int:
        if 13 in batch.items:
            raise ServiceError("broken", 500)
        return len(batch.items)

    outcome = drive(list(range(40)), send, max_items=5, max_concurrency=2)
    [failure] = outcome.failures
    assert failure.items == [10, 11, 12, 13, 14]
    assert (failure.position, failure.sent) == (10, True)
    assert (outcome.succeeded, outcome.failed_batches, outcome.batch_count) == (35, 1, 8)
    assert list(outcome.failed_items) == failure.items


def test_what_is_too_large_is_halved_until_it_fits(drive: Driver) -> None:
    sent: list[list[int]] = []

    def send(batch: Batch[int]) -> int:
        if len(batch.items) > 3:
            raise PayloadTooLargeError()
        sent.append(batch.items)
        return len(batch.items)

    outcome = drive(list(range(16)), send, max_items=16, max_concurrency=1)
    assert sent == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [10, 11], [12, 13], [14, 15]]
    assert outcome.succeeded == 16
    assert outcome.batch_count == 1


def test_drafts_that_turn_out_too_large_are_halved_before_they_are_sent(drive: Driver) -> None:
    sent: list[list[int]] = []

    def send(batch: Batch[int]) -> int:
        if len(batch.items) > 3:
            raise TooLargeError
        sent.append(batch.items)
        return len(batch.items)

    outcome = drive(
        list(range(8)), send, encode=lambda item, position: Draft(b"", b"1234", b""), max_concurrency=1
    )
    assert sent == [[0, 1], [2, 3], [4, 5], [6, 7]]
    assert (outcome.succeeded, outcome.batch_count, outcome.failures) == (8, 1, [])


@given(st.lists(st.integers(0, 8), max_size=40), st.integers(20, 120))
def test_drafts_count_for_about_what_they_will_be(numbers: list[int], max_bytes: int) -> None:
    splitter: Splitter[int] = Splitter(None, max_bytes, 10)
    data = [Draft(b"ab", bytes(4 * count), b"c") if count else b"abc" for count in numbers]
    batches = [
        batch for item, piece in enumerate(data) for batch in splitter.add(item, piece)
    ] + splitter.end()
    assert [piece for batch in batches for piece in batch.data] == data
    for batch in batches:
        assert batch.size == sum(map(piece_size, batch.data)) + len(batch.data) - 1
        assert batch.size + 10 <= max_bytes or len(batch.data) == 1
    for batch, after in itertools.pairwise(batches):
        assert batch.size + 1 + piece_size(after.data[0]) + 10 > max_bytes


def test_one_item_that_is_too_large_is_final(drive: Driver) -> None:
    def send(batch: Batch[int]) -> int:
        if 5 in batch.items:
            raise PayloadTooLargeError()
        return 1

    outcome = drive(list(range(8)), send, max_items=8)
    assert [failure.items for failure in outcome.failures] == [[5]]
    assert outcome.succeeded == 7


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_what_would_fail_for_every_batch_is_sent_once(drive: Driver, status: int) -> None:
    sent = []

    def send(batch: Batch[int]) -> None:
        sent.append(batch.index)
        raise error_class(status)("no", status)

    outcome = drive(list(range(20)), send, max_items=2, max_concurrency=1)
    assert sent == [0]
    assert list(outcome.failed_items) == list(range(20))


@pytest.mark.parametrize("as_list", [True, False])
def test_a_fatal_failure_stops_and_what_was_not_sent_is_said(drive: Driver, as_list: bool) -> None:
    sent = []

    def send(batch: Batch[int]) -> None:
        sent.append(batch.index)
        raise NotFoundError("no such index", 404)

    items = list(range(50))
    outcome = drive(items if as_list else iter(items), send, max_items=5, max_concurrency=1)
    assert sent == [0]
    failed = list(outcome.failed_items)
    if as_list:
        assert failed == items
        assert outcome.item_count == 50
        assert outcome.failed_batches == outcome.batch_count == 10
    else:
        assert failed == items[: outcome.item_count]
        assert outcome.item_count == 5
    assert [failure.sent for failure in outcome.failures] == [True] + [False] * (len(outcome.failures) - 1)


def test_the_deadline_ends_the_sending(drive: Driver) -> None:
    class Ticking(AsyncClock if drive.flavour != "threads" else Clock):  # type: ignore[misc]
        time = 0.0

        def now(self) -> float:
            self.time += 1
            return self.time

    outcome = drive(
        list(range(30)),
        lambda batch: None,
        max_items=3,
        max_concurrency=1,
        total_timeout=4.5,
        clock=Ticking(),
    )
    assert 0 < outcome.succeeded < 30
    assert outcome.succeeded + len(list(outcome.failed_items)) == 30
    assert all(isinstance(failure.error, PineconeTimeoutError) for failure in outcome.failures)


def test_a_malformed_item_stops_and_says_what_was_stored(drive: Driver) -> None:
    with pytest.raises(PineconeValueError, match=r"items\[9\]: is negative") as caught:
        drive([0, 1, 2, 3, 4, 5, 6, 7, 8, -1, 10], lambda batch: None, max_items=3, max_concurrency=1)
    assert caught.value.response.succeeded == 9


def test_a_failing_source_is_the_callers_to_see(drive: Driver) -> None:
    def source() -> Iterator[int]:
        yield 1
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        drive(source(), lambda batch: None, max_items=1, max_concurrency=1)


def test_throttling_lowers_how_many_are_in_flight(drive: Driver) -> None:
    pace = Pace(8)
    limits = []

    def send(batch: Batch[int]) -> None:
        limits.append(pace.limit)
        if batch.index < 50:
            raise RateLimitError()

    outcome = drive(iter(range(400)), send, max_items=1, max_concurrency=8, pace=pace)
    assert min(limits) == 1
    assert pace.limit == 8  # and it recovered
    assert (outcome.succeeded, len(outcome.failures)) == (350, 50)


def test_a_pace_that_is_shared_bounds_the_next_call_too() -> None:
    pace = Pace(8)
    for _ in range(30):
        pace.note(RateLimitError())
    inside, most, lock = 0, 0, threading.Lock()

    def send(batch: Batch[int]) -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        with lock:
            inside -= 1
        raise RateLimitError()

    run_bulk(range(50), encode=encode, send=send, clock=Clock(), max_items=1, max_concurrency=8, pace=pace)
    assert most == 1


def test_what_is_left_of_a_batch_at_the_deadline_is_not_sent(drive: Driver) -> None:
    class Hand(AsyncClock if drive.flavour != "threads" else Clock):  # type: ignore[misc]
        time = 0.0

        def now(self) -> float:
            return self.time

    clock = Hand()

    def send(batch: Batch[int]) -> None:
        if len(batch.items) > 2:
            raise PayloadTooLargeError()
        clock.time += 10

    outcome = drive(list(range(8)), send, max_items=8, max_concurrency=1, total_timeout=15, clock=clock)
    assert outcome.succeeded == 4
    assert list(outcome.failed_items) == [4, 5, 6, 7]
    assert {failure.sent for failure in outcome.failures} == {False}
    assert outcome.item_count == 8


def test_a_failing_progress_callback_is_the_callers_to_see(drive: Driver) -> None:
    def on_progress(progress: Progress) -> None:
        raise KeyError("bar")

    sent: list[int] = []
    with pytest.raises(KeyError, match="bar"):
        drive(
            iter(range(99)),
            lambda b: sent.append(b.index),
            max_items=1,
            max_concurrency=2,
            on_progress=on_progress,
        )
    assert len(sent) <= 3


def outcome_of(batch: Batch[int]) -> int:
    if batch.index in (1, 4):
        raise ServiceError("broken", 500)
    return batch.index


def test_what_ends_the_other_way_round_is_in_order() -> None:
    late = threading.Event()

    def send(batch: Batch[int]) -> int:
        # The first two are held up while a third worker sends all the others, one after another.
        if batch.index < 2:
            assert late.wait(10)
        elif batch.index == 5:
            late.set()
        return outcome_of(batch)

    how: dict[str, Any] = {"encode": encode, "clock": Clock(), "max_items": 1, "max_concurrency": 3}
    outcome = run_bulk(list(range(6)), send=send, **how)
    assert [failure.position for failure in outcome.failures] == [1, 4]
    assert outcome.results == [(0, 0), (2, 2), (3, 3), (5, 5)]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_what_ends_the_other_way_round_is_in_order_for_tasks(backend: str) -> None:
    async def main() -> Any:
        late = anyio.Event()

        async def send(batch: Batch[int]) -> int:
            if batch.index < 2:
                await late.wait()
            elif batch.index == 5:
                late.set()
            return outcome_of(batch)

        how: dict[str, Any] = {"encode": encode, "clock": AsyncClock(), "max_items": 1, "max_concurrency": 3}
        return await run_bulk_async(list(range(6)), send=send, **how)

    outcome = anyio.run(main, backend=backend)
    assert [failure.position for failure in outcome.failures] == [1, 4]
    assert outcome.results == [(0, 0), (2, 2), (3, 3), (5, 5)]


def test_an_asynchronous_source() -> None:
    async def source() -> AsyncIterator[int]:
        for number in range(10):
            yield number

    async def send(batch: Batch[int]) -> list[int]:
        return batch.items

    async def main() -> Any:
        return await run_bulk_async(source(), encode=encode, send=send, clock=AsyncClock(), max_items=4)

    outcome = anyio.run(main)
    assert [items for _, items in outcome.results] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_cancelling_leaves_nothing_running(backend: str) -> None:
    begun, ended = [], []

    async def send(batch: Batch[int]) -> None:
        begun.append(batch.index)
        try:
            await anyio.sleep_forever()
        finally:
            ended.append(batch.index)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(call)
            while len(begun) < 4:
                await anyio.lowlevel.checkpoint()
            group.cancel_scope.cancel()

    async def call() -> None:
        await run_bulk_async(
            iter(range(1000)), encode=encode, send=send, clock=AsyncClock(), max_items=1, max_concurrency=4
        )

    anyio.run(main, backend=backend)
    assert sorted(begun) == sorted(ended) == [0, 1, 2, 3]


def test_an_interrupt_leaves_no_thread_running() -> None:
    def send(batch: Batch[int]) -> None:
        if batch.index == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_bulk(
            iter(range(100_000)), encode=encode, send=send, clock=Clock(), max_items=1, max_concurrency=3
        )
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pinecone-bulk")]


def test_bulk_calls_of_a_client_share_what_they_learn_of_a_host(side: Any) -> None:
    throttled = [Response(429, {}, b""), Response(200, {}, b"{}")]

    async def main() -> tuple[int, int, int]:
        transport = side.transport(lambda request: throttled.pop(0))
        executor = side.executor("https://a.example", transport=transport, clock=side.clock())
        watched = executor.watched_by(executor.pace)
        sending = watched.send(Operation("upsert", "POST", "/", dict, {}, repeat_safe=True))
        if not side.is_sync:
            await sending
        again = executor.with_options(timeout=5)
        return executor.pace.limit, again.pace.limit, executor.at("https://b.example").pace.limit

    assert side.run(main) == (32, 32, 64)


def test_ctrl_c_leaves_no_thread_running() -> None:
    sent: list[int] = []

    def send(batch: Batch[int]) -> None:
        sent.append(batch.index)
        # Python drops one that comes while it tidies up, so it comes again.
        if batch.index % 1000 == 2:
            _thread.interrupt_main()

    with pytest.raises(KeyboardInterrupt):
        run_bulk(itertools.count(), encode=encode, send=send, clock=Clock(), max_items=1, max_concurrency=3)
    assert not [t for t in threading.enumerate() if t.name.startswith("pinecone-bulk") and t.is_alive()]
    count = len(sent)
    assert count == len(set(sent)) == max(sent) + 1


def test_how_the_pace_counts() -> None:
    refused, fine = RateLimitError(), None
    pace = Pace(8)
    pace.note(refused, 8)
    assert pace.limit == 4
    for _ in range(7):  # sent before the halving
        pace.note(refused, 8)
    assert pace.limit == 4
    pace.note(refused, 8)
    assert pace.limit == 2
    assert isinstance(pace.limit, int)
    for _ in range(4):
        pace.note(fine)
    assert pace.limit == 3
    pace.note(fine)
    assert pace.limit == 4
    alone = Pace(8)
    alone.note(refused, 1)
    assert alone.limit == 1
    alone.note(fine)
    assert alone.limit == 2
    alone.note(fine)
    alone.note(refused, 2)
    assert alone.limit == 1
    alone.note(refused, 1)  # of the two before it, one is still out
    alone.note(fine)
    assert alone.limit == 2


def test_one_item_may_complete_two_batches() -> None:
    splitter: Splitter[int] = Splitter(max_items=1, max_bytes=10)
    assert [[batch.items for batch in splitter.add(n, b"123456789")] for n in range(2)] == [[[0]], [[1]]]
    splitter = Splitter(max_items=2, max_bytes=10)
    assert splitter.add(0, b"1234") == []
    assert [batch.items for batch in splitter.add(1, b"12345")] == [[0, 1]]
    splitter = Splitter(max_bytes=10)
    assert splitter.add(0, b"1234") == []
    assert splitter.add(1, b"12345") == []
    assert [batch.items for batch in splitter.add(2, b"1")] == [[0, 1]]
    assert [batch.items for batch in splitter.end()] == [[2]]
    assert splitter.add(3, b"1234") == splitter.add(4, b"12345") == []


def test_results_are_sorted_by_place_alone() -> None:
    outcome: Outcome[int, object] = Outcome()
    outcome.results += [(1, object()), (0, object()), (1, object())]
    outcome.settle()
    assert [place for place, _ in outcome.results] == [0, 1, 1]
