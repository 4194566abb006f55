"""The pair of files where threads and tasks truly differ."""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import random
import select
import socket
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest

from pinecone_core._async import concurrency as tasks
from pinecone_core._sync import concurrency as threads
from pinecone_core.reading import LITTLE, MUCH, Readiness

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])


def test_clocks() -> None:
    assert abs(threads.Clock().wall() - time.time()) < 5
    before = threads.Clock().now()
    threads.Clock().sleep(0.001)
    assert threads.Clock().now() > before
    assert abs(tasks.AsyncClock().wall() - time.time()) < 5
    before = tasks.AsyncClock().now()
    anyio.run(tasks.AsyncClock().sleep, 0.001)
    assert tasks.AsyncClock().now() > before


# ---- running side by side --------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_threads_in_order_and_bounded(limit: int) -> None:
    running: list[int] = []
    most: list[int] = []
    gate = threading.Barrier(limit) if limit <= 3 else None

    def work(item: int) -> int:
        running.append(item)
        most.append(len(running))
        if gate is not None and item < limit:
            gate.wait(5)  # proves that as many run at once
        running.remove(item)
        return item * 2

    assert threads.run_bounded(work, iter(range(9)), limit=limit) == [item * 2 for item in range(9)]
    assert max(most) <= limit
    assert threads.run_bounded(work, [], limit=limit) == []


def test_the_first_failure_of_threads_ends_it() -> None:
    done: list[int] = []

    def work(item: int) -> None:
        if item == 0:
            raise ValueError("first")
        done.append(item)

    with pytest.raises(ValueError, match="first"):
        threads.run_bounded(work, range(1000), limit=1)
    assert len(done) < 1000


@BACKENDS
@pytest.mark.parametrize("limit", [1, 3, 20])
def test_tasks_in_order_and_bounded(backend: str, limit: int) -> None:
    running: list[int] = []
    most: list[int] = []

    async def work(item: int) -> int:
        running.append(item)
        most.append(len(running))
        await anyio.sleep(0)
        running.remove(item)
        return item * 2

    async def scenario() -> None:
        assert await tasks.run_bounded(work, iter(range(9)), limit=limit) == [item * 2 for item in range(9)]
        assert max(most) == min(limit, 9)
        assert await tasks.run_bounded(work, [], limit=limit) == []

    anyio.run(scenario, backend=backend)


@BACKENDS
def test_the_first_failure_of_tasks_cancels_the_others(backend: str) -> None:
    ended: list[Any] = []

    async def work(item: int) -> None:
        if item == 1:
            raise ValueError("first")
        try:
            await anyio.sleep_forever()
        finally:
            ended.append(item)

    async def scenario() -> None:
        with pytest.raises(ValueError, match="first"):
            await tasks.run_bounded(work, range(100), limit=4)
        assert 0 in ended
        assert len(ended) < 4
        with anyio.move_on_after(0.01) as scope:
            await tasks.run_bounded(work, [5, 6], limit=2)
        assert scope.cancelled_caught
        assert {5, 6} <= set(ended)

    anyio.run(scenario, backend=backend)


def test_reading_any_iterable() -> None:
    assert threads.listed(iter([1, 2])) == [1, 2]
    assert list(threads.iterate([1, 2])) == [1, 2]
    assert threads.run_blocking(max, 1, 2) == 2

    async def numbers() -> Any:
        yield 1
        yield 2

    async def scenario() -> None:
        assert await tasks.alist(numbers()) == [1, 2]
        assert await tasks.alist(iter([1, 2])) == [1, 2]
        assert [item async for item in tasks.aiterate((1, 2))] == [1, 2]
        assert await tasks.run_blocking(max, 1, 2) == 2

    anyio.run(scenario)


# ---- locks, places, homes ----------------------------------------------------------------------


@BACKENDS
def test_a_lock_for_tasks(backend: str) -> None:
    async def scenario() -> None:
        lock, inside, most = tasks.AsyncLock(), [0], [0]

        async def work() -> None:
            async with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                await anyio.sleep(0)
                inside[0] -= 1

        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(work)
        assert most == [1]

    anyio.run(scenario, backend=backend)


def test_a_lock_for_threads() -> None:
    lock = threads.Lock()
    with lock:
        assert lock._lock.locked()
    assert not lock._lock.locked()


def test_places_for_threads() -> None:
    slots = threads.Slots(1)
    assert slots.acquire(None)
    assert not slots.acquire(0.01)
    assert not slots.acquire(-5)
    slots.release()
    assert slots.acquire(0)


@BACKENDS
def test_places_for_tasks(backend: str) -> None:
    async def scenario() -> None:
        slots, served = tasks.AsyncSlots(2), []
        assert await slots.acquire(None)
        assert await slots.acquire(None)
        assert not await slots.acquire(0.01)
        assert not await slots.acquire(0)

        async def wait(number: int) -> None:
            assert await slots.acquire(5)
            served.append(number)

        async with anyio.create_task_group() as group:
            for number in range(3):
                group.start_soon(wait, number)
                await anyio.wait_all_tasks_blocked()
            for _ in range(3):
                slots.release()
                await anyio.wait_all_tasks_blocked()
        assert served == [0, 1, 2]
        # One that is cancelled in the moment it is served passes its place on.
        async with anyio.create_task_group() as group:
            group.start_soon(wait, 9)
            await anyio.wait_all_tasks_blocked()
            slots.release()
            group.cancel_scope.cancel()
        slots.release()
        assert await slots.acquire(0.01)

    anyio.run(scenario, backend=backend)


def test_a_home_for_each_process(monkeypatch: pytest.MonkeyPatch) -> None:
    home = threads.Home()
    assert home.take() is None
    made = home.get(object)
    assert home.get(object) is made
    monkeypatch.setattr(os, "getpid", lambda: -1)
    other = home.get(object)
    assert other is not made
    assert home.take() is other
    assert home.take() is None


def test_a_home_for_each_event_loop() -> None:
    home = tasks.AsyncHome()

    async def visit() -> Any:
        assert home.take() is None
        made = home.get(object)
        assert home.get(object) is made
        assert home.take() is made
        return home.get(object)

    values = [asyncio.run(visit()), anyio.run(visit, backend="trio"), asyncio.run(visit())]
    assert len({id(value) for value in values}) == 3
    assert asyncio.run(home_taken()) is None


def test_what_was_kept_for_an_event_loop_goes_after_it() -> None:
    home = tasks.AsyncHome()

    class Kept:
        def __init__(self) -> None:
            self.loop = asyncio.get_running_loop()  # as connections refer to theirs

    async def visit(home: tasks.AsyncHome) -> weakref.ref[Kept]:
        return weakref.ref(home.get(Kept))

    first = asyncio.run(visit(home))
    second = asyncio.run(visit(home))
    gc.collect()
    assert first() is None
    assert second() is not None
    del home
    gc.collect()
    assert second() is None


def test_homes_are_told_apart_even_when_one_is_gone() -> None:
    async def scenario() -> None:
        for number in range(20):
            # A new home may well have the address of the one before.
            assert tasks.AsyncHome().get(functools.partial(int, number)) == number

    asyncio.run(scenario())


async def home_taken() -> Any:
    return tasks.AsyncHome().take()


# ---- sockets -----------------------------------------------------------------------------------


def test_limits() -> None:
    assert threads.step_limit(None, lambda: None) is None
    assert threads.step_limit(3.0, lambda: None) == 3.0
    assert threads.step_limit(None, lambda: 2.0) == 2.0
    assert threads.step_limit(3.0, lambda: 2.0) == 2.0
    assert tasks.step_limit(3.0, lambda: 2.0) == 3.0
    assert tasks.step_limit(None, lambda: 2.0) is None
    with threads.time_limit(0.0):
        pass

    async def scenario() -> None:
        with pytest.raises(TimeoutError), tasks.time_limit(0.01):
            await anyio.sleep_forever()

    anyio.run(scenario)


def test_a_socket_for_threads() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        link = threads.Socket.connect("localhost", port, [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)], 5.0)
        far, _ = listener.accept()
        assert not link.is_readable()
        link.send(b"ping", None)
        assert far.recv(10) == b"ping"
        with pytest.raises(TimeoutError):
            link.receive(0.01)
        with pytest.raises(TimeoutError):
            link.receive(0.0)
        far.sendall(b"pong")
        assert link.receive(5.0) == b"pong"
        sent = random.Random(1).randbytes(1 << 20)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(far.sendall, sent)
            pieces = [link.receive(5.0)]
            while sum(map(len, pieces)) < len(sent):
                pieces.append(link.receive(5.0))
        assert b"".join(pieces) == sent
        assert max(map(len, pieces)) > 1 << 16  # more at once, as there was much
        far.close()
        assert link.receive(5.0) == b""
        link.close()
        link.close()
        assert link.is_readable()
    with pytest.raises(OSError, match="refused"):
        threads.Socket.connect("127.0.0.1", port, [], 5.0)
    with pytest.raises(TimeoutError):
        threads.Socket.connect("127.0.0.1", port, [], -1.0)


@BACKENDS
def test_a_socket_for_tasks(backend: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        async def scenario() -> None:
            options = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
            link = await tasks.AsyncSocket.connect("localhost", port, options, 5.0)
            far, _ = listener.accept()
            assert not link.is_readable()
            await link.send(b"ping", None)
            await link.send(b"!", 5.0)
            assert far.recv(4) == b"ping"
            with pytest.raises(TimeoutError):
                await link.receive(0.01)
            far.sendall(b"pong")
            assert await link.receive(5.0) == b"pong"
            far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            far.close()
            with pytest.raises(ConnectionResetError):
                await link.receive(5.0)
            await link.aclose()
            await link.aclose()
            assert link.is_readable()
            for after in (link.send(b"x", None), link.receive(None)):
                with pytest.raises(ConnectionResetError):
                    await after

        anyio.run(scenario, backend=backend)


class Flow:
    """A socket and a stream from which so much comes; notes how much is asked for."""

    def __init__(self, total: int) -> None:
        self.left = total
        self.asked: list[int] = []

    def settimeout(self, seconds: float | None) -> None: ...

    def close(self) -> None: ...

    def recv(self, most: int) -> bytes:
        self.asked.append(most)
        found = min(most, self.left)
        self.left -= found
        return bytes(found)

    async def receive(self, most: int) -> bytes:
        return self.recv(most)


@pytest.mark.parametrize("in_task", [False, True])
def test_more_is_read_at_once_while_so_much_comes(in_task: bool) -> None:
    flow: Any = Flow(LITTLE + 2 * MUCH + 5)

    async def scenario() -> list[int]:
        link = tasks._AnyioStream(flow)
        return [len(await link.receive()) for _ in range(5)]

    if in_task:
        sizes = anyio.run(scenario)
    else:
        link = threads.Socket(flow)
        sizes = [len(link.receive(None)) for _ in range(5)]
    assert sizes == [LITTLE, MUCH, MUCH, 5, 0]
    assert flow.asked == [LITTLE, MUCH, MUCH, MUCH, LITTLE]


@pytest.mark.parametrize("polls", [True, False])
def test_what_waits_to_be_read(polls: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not polls:
        monkeypatch.delattr(select, "poll", raising=False)
    one, other = socket.socketpair()
    readable = Readiness(one)
    assert not readable()
    other.sendall(b"x")
    assert readable()
    assert one.recv(1) == b"x"
    assert not readable()
    other.close()
    assert readable()
    one.close()
    assert readable()
    assert Readiness(one)()
