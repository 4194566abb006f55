"""Streams on asyncio's own transports lose nothing, hold back, and end as they should; limits are kept."""

from __future__ import annotations

import asyncio
import random
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import anyio
import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core import on_asyncio
from pinecone_core._async.concurrency import AsyncHome, AsyncSocket, _AnyioStream, time_limit
from pinecone_core.on_asyncio import AsyncioStream, TaskLimit, _by_turns, _connected

Scenario = Callable[[AsyncioStream, socket.socket], Awaitable[None]]
WithPeer = Callable[[Scenario], None]


def on_uvloop(main: Coroutine[Any, Any, Any]) -> Any:
    loop = pytest.importorskip("uvloop").new_event_loop()
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()


RUNS: dict[str, Callable[[Coroutine[Any, Any, Any]], Any]] = {"asyncio": asyncio.run, "uvloop": on_uvloop}


@pytest.fixture(params=RUNS)
def with_peer(request: pytest.FixtureRequest) -> Callable[[Scenario], None]:
    return partial(run_with_peer, RUNS[request.param])


def run_with_peer(run: Callable[[Coroutine[Any, Any, Any]], Any], scenario: Scenario) -> None:
    """Run a scenario with a stream and the socket at its other end, which blocks for a second at most."""

    async def main() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        stream = await AsyncioStream.connect("127.0.0.1", listener.getsockname()[1])
        peer, _ = listener.accept()
        listener.close()
        peer.settimeout(1)
        try:
            await scenario(stream, peer)
        finally:
            await stream.aclose()
            peer.close()

    run(asyncio.wait_for(main(), 20))


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0)


def test_what_is_sent_arrives_and_what_comes_is_read(with_peer: WithPeer) -> None:
    async def scenario(stream: AsyncioStream, peer: socket.socket) -> None:
        await stream.send(b"question")
        assert peer.recv(100) == b"question"
        assert not stream.has_come()
        peer.sendall(b"answer")
        assert await stream.receive() == b"answer"
        assert not stream.has_come()

    with_peer(scenario)


def test_much_is_read_in_larger_pieces(with_peer: WithPeer) -> None:
    sent = random.Random(1).randbytes(2 << 20)

    async def scenario(stream: AsyncioStream, peer: socket.socket) -> None:
        sending = asyncio.get_running_loop().run_in_executor(None, peer.sendall, sent)
        pieces: list[bytes] = []
        while sum(map(len, pieces)) < len(sent):
            await until(stream.has_come)
            pieces.append(await stream.receive())
        await sending
        assert b"".join(pieces) == sent
        assert max(map(len, pieces)) > 1 << 16
        peer.sendall(b"more")
        assert await stream.receive() == b"more"

    with_peer(scenario)


def test_a_cancelled_wait_loses_nothing(with_peer: WithPeer) -> None:
    async def scenario(stream: AsyncioStream, peer: socket.socket) -> None:
        waiting = asyncio.create_task(stream.receive())
        await until(lambda: stream._reader is not None)
        stream.data_received(b"first")  # in the very moment in which it is cancelled
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert stream.has_come()
        assert await stream.receive() == b"first"
        peer.sendall(b"second")
        assert await stream.receive() == b"second"

    with_peer(scenario)


def test_who_sends_more_than_is_read_is_held_back(with_peer: WithPeer) -> None:
    total = 40 << 20  # more than the buffers of two sockets

    async def scenario(stream: AsyncioStream, peer: socket.socket) -> None:
        peer.settimeout(None)
        sending = asyncio.get_running_loop().run_in_executor(None, peer.sendall, bytes(total))
        await until(lambda: stream._paused)
        assert stream._waiting < 2 << 20
        assert not sending.done()
        found = 0
        while found < total:
            found += len(await stream.receive())
            assert stream._waiting < 2 << 20
        await sending
        assert (found, stream._waiting, stream._paused) == (total, 0, False)

    with_peer(scenario)


def test_sending_waits_until_the_system_has_taken_all(with_peer: WithPeer) -> None:
    total = 40 << 20

    async def scenario(stream: AsyncioStream, peer: socket.socket) -> None:
        sending = asyncio.create_task(stream.send(bytes(total)))
        await until(lambda: stream._writer is not None)
        assert not sending.done()

        def drain() -> int:
            taken = 0
            while taken < total:
                taken += len(peer.recv(1 << 20))
            return taken

        assert await asyncio.get_running_loop().run_in_executor(None, drain) == total
        await sending

    with_peer(scenario)


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_peer_that_goes_while_it_is_sent_to(how: str, with_peer: WithPeer) -> None:
    async def scenario(stream: AsyncioStream, peer: socket.socket) -> None:
        sending = asyncio.create_task(stream.send(bytes(40 << 20)))
        await until(lambda: stream._writer is not None)
        if how == "reset":
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        peer.close()
        with pytest.raises(ConnectionResetError, match=r"\w"):
            await sending
        for _ in range(2):
            with pytest.raises(ConnectionResetError, match=r"\w"):
                await stream.send(b"more")
            with pytest.raises(ConnectionResetError, match=r"\w"):
                await stream.receive()

    with_peer(scenario)


def test_the_end_comes_after_all_that_came_before_it(with_peer: WithPeer) -> None:
    async def scenario(stream: AsyncioStream, peer: socket.socket) -> None:
        peer.sendall(b"last words")
        peer.shutdown(socket.SHUT_WR)
        await until(lambda: stream._ended)
        assert stream.has_come()
        assert await stream.receive() == b"last words"
        assert [await stream.receive(), await stream.receive()] == [b"", b""]
        assert stream.has_come()
        await stream.send(b"still")  # half of it is open
        assert peer.recv(100) == b"still"

    with_peer(scenario)


def test_the_end_wakes_who_waits(with_peer: WithPeer) -> None:
    async def scenario(stream: AsyncioStream, peer: socket.socket) -> None:
        waiting = asyncio.create_task(stream.receive())
        await until(lambda: stream._reader is not None)
        peer.close()
        assert await waiting == b""

    with_peer(scenario)


def test_a_closed_stream_sends_and_receives_nothing(with_peer: WithPeer) -> None:
    async def scenario(stream: AsyncioStream, peer: socket.socket) -> None:
        waiting = asyncio.create_task(stream.receive())
        await until(lambda: stream._reader is not None)
        await stream.aclose()
        await stream.aclose()
        assert await waiting == b""
        with pytest.raises(ConnectionResetError, match="was closed"):
            await stream.send(b"x")
        assert await stream.receive() == b""
        assert stream.has_come()
        assert peer.recv(100) == b""

    with_peer(scenario)


def test_who_uses_it(server: Any) -> None:
    async def kind() -> type:
        link = await AsyncSocket.connect("127.0.0.1", server.port, [], 5)
        await link.send(b"GET /ok HTTP/1.1\r\nHost: a\r\n\r\n", None)
        assert (await link.receive(None)).startswith(b"HTTP/1.1 200 OK")
        assert not link.is_readable()
        await link.aclose()
        return type(link._stream)

    assert [run(kind()) for run in RUNS.values()] == [on_asyncio._InPlace, AsyncioStream]
    assert anyio.run(kind, backend="trio") is _AnyioStream
    assert on_asyncio.running_loop() is None


def test_a_guest_of_asyncio_is_not_asyncio() -> None:
    home = AsyncHome()

    async def main() -> tuple[object, object]:
        ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        async def guest() -> object:
            return home.get(object)

        trio.lowlevel.start_guest_run(
            guest,
            run_sync_soon_threadsafe=asyncio.get_running_loop().call_soon_threadsafe,
            done_callback=ended.set_result,
        )
        return home.get(object), (await ended).unwrap()

    ours, theirs = asyncio.run(main())
    assert ours is not theirs


# ---- several addresses of one host, where the event loop leaves them to us ----------------------------


def addresses(*ports: int) -> Any:
    """Have a host with these ports of this machine as its addresses."""

    async def found(host: str, port: int, **how: Any) -> list[Any]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        return [(*kind, ("127.0.0.1", port)) for port in ports]

    return found


class Dialling:
    """An event loop whose connections are held back, by port, until the clock says so."""

    def __init__(self, loop: asyncio.AbstractEventLoop, slow: tuple[int, ...], *ports: int) -> None:
        self._loop = loop
        self._slow = slow
        self.dialled: list[int] = []
        self.getaddrinfo = addresses(*ports)

    def create_task(self, coroutine: Any) -> Any:
        return self._loop.create_task(coroutine)

    async def sock_connect(self, raw: socket.socket, address: Any) -> None:
        self.dialled.append(address[1])
        if address[1] in self._slow:
            await asyncio.sleep(3600)
        await self._loop.sock_connect(raw, address)


def dial(*ports: int, slow: tuple[int, ...] = ()) -> tuple[Any, list[int]]:
    async def main() -> tuple[Any, list[int]]:
        loop: Any = Dialling(asyncio.get_running_loop(), slow, *ports)
        try:
            with await _connected(loop, "host", 1) as raw:
                return raw.getpeername()[1], loop.dialled
        except OSError as error:
            return error, loop.dialled

    return asyncio.run(asyncio.wait_for(main(), 20))


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found: int = listener.getsockname()[1]
    return found


def test_the_next_address_is_tried_after_one_that_refuses(server: Any, closed_port: int) -> None:
    assert dial(closed_port, server.port) == (server.port, [closed_port, server.port])


def test_the_next_address_is_tried_beside_one_that_is_slow(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_asyncio, "_STAGGER", 0.01)
    assert dial(7, server.port, 9, slow=(7, 9)) == (server.port, [7, server.port])


def test_all_addresses_refuse(closed_port: int) -> None:
    error, dialled = dial(closed_port, closed_port)
    assert isinstance(error, ConnectionRefusedError)
    assert dialled == [closed_port, closed_port]
    error, dialled = dial()
    assert (str(error), dialled) == ("host has no address", [])


def test_no_socket_is_left_when_nobody_waits_any_more(server: Any) -> None:
    async def main() -> None:
        loop: Any = Dialling(asyncio.get_running_loop(), (7,), 7)
        waiting = asyncio.create_task(_connected(loop, "host", 1))
        await until(lambda: bool(loop.dialled))
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(asyncio.wait_for(main(), 20))  # an open socket would be a ResourceWarning, which fails


def test_families_take_turns() -> None:
    six, four = socket.AF_INET6, socket.AF_INET
    mixed = [(six, 1), (six, 2), (six, 3), (four, 4)]
    assert _by_turns(mixed) == [(six, 1), (four, 4), (six, 2), (six, 3)]
    assert _by_turns([(four, 1), (six, 2)]) == [(four, 1), (six, 2)]
    assert _by_turns([]) == []


def test_loops_of_many_threads() -> None:
    homes = on_asyncio.Loops(on_asyncio.Place)

    def work(_: int) -> None:
        loops = [asyncio.new_event_loop() for _ in range(40)]
        places = [homes.at(loop) for loop in loops]
        assert [homes.at(loop) for loop in loops] == places
        assert len(set(places)) == 40
        for loop in loops:
            loop.close()

    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(16)))
    finally:
        sys.setswitchinterval(often)


# ---- limits ------------------------------------------------------------------------------------------

limits = pytest.mark.skipif(sys.version_info < (3, 11), reason="tasks cannot take a cancellation back")


@limits
def test_a_limit_ends_what_waits_and_leaves_no_trace() -> None:
    async def main() -> None:
        task: Any = asyncio.current_task()
        for _ in range(2):
            with pytest.raises(TimeoutError) as caught, time_limit(0.01):
                await asyncio.sleep(60)
            assert isinstance(caught.value.__cause__, asyncio.CancelledError)
            assert task.cancelling() == 0
        await asyncio.sleep(0)
        with time_limit(60):
            await asyncio.sleep(0)
        assert not [handle for handle in task.get_loop()._scheduled if not handle.cancelled()]

    asyncio.run(main())


@limits
def test_what_a_limited_block_raises_is_its_own() -> None:
    async def main() -> None:
        with pytest.raises(KeyError), time_limit(60):
            raise KeyError
        with pytest.raises(KeyError), time_limit(0.001):
            await another_error()
        await asyncio.sleep(0)

    async def another_error() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise KeyError from None

    asyncio.run(main())


@limits
def test_an_outer_limit_is_the_outer_ones() -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError), time_limit(0.01), time_limit(60):
            await asyncio.sleep(60)
        with time_limit(60):
            with pytest.raises(TimeoutError), time_limit(0.01):
                await asyncio.sleep(60)
            await asyncio.sleep(0)
        async with asyncio.timeout(60):
            with pytest.raises(TimeoutError), time_limit(0.01):
                await asyncio.sleep(60)
        with anyio.move_on_after(60) as scope:
            with pytest.raises(TimeoutError), time_limit(0.01):
                await asyncio.sleep(60)
            await anyio.sleep(0)
        assert not scope.cancelled_caught
        with anyio.move_on_after(0.01) as scope, time_limit(60):
            await anyio.sleep_forever()
        assert scope.cancelled_caught
        await anyio.sleep(0)

    asyncio.run(main())


class Clockwork:
    """An event loop of which the time is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Any]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Any, *args: Any) -> Any:
        timer = (when, lambda: callback(*args))
        self.timers.append(timer)

        def cancel() -> None:
            if timer in self.timers:
                self.timers.remove(timer)

        return SimpleNamespace(cancel=cancel)

    def advance(self, to: float) -> None:
        self.now = to
        for timer in [timer for timer in self.timers if timer[0] <= to + 1e-9]:
            self.timers.remove(timer)
            timer[1]()


class Noted:
    def __init__(self, loop: Clockwork) -> None:
        self.loop = loop
        self.expired: float | None = None

    def expire(self) -> None:
        assert self.expired is None
        self.expired = self.loop.now


def test_one_timer_is_enough_for_all_limits() -> None:
    loop: Any = Clockwork()
    bounds = on_asyncio._Limits()
    usual, short, never, same = (Noted(loop) for _ in range(4))
    for limit, seconds in ((usual, 30.0), (short, 5.0), (never, 40.0), (same, 30.0)):
        bounds.add(cast("Any", limit), loop, seconds)
        assert [when for when, _ in loop.timers] == [30.0 if limit is usual else 5.0]
    loop.advance(4.9)
    assert short.expired is None
    loop.advance(5.0)
    expired = [limit.expired for limit in (usual, short, never, same)]
    assert (expired, [when for when, _ in loop.timers]) == ([None, 5.0, None, None], [30.0])
    bounds.remove(cast("Any", short))
    loop.advance(30.0 - 1e-10)  # early by less than the loop can tell
    assert usual.expired == same.expired == loop.now
    assert [when for when, _ in loop.timers] == [40.0]
    bounds.remove(cast("Any", never))
    assert not loop.timers
    bounds.remove(cast("Any", never))
    loop.advance(100.0)
    assert never.expired is None


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 30), st.integers(0, 40)), max_size=12))
def test_each_limit_expires_when_it_should(plan: list[tuple[int, int, int]]) -> None:
    loop: Any = Clockwork()
    bounds = on_asyncio._Limits()
    noted = [Noted(loop) for _ in plan]
    for now in range(60):
        loop.advance(float(now))
        for limit, (start, seconds, length) in zip(noted, plan, strict=True):
            if now == start + length:
                bounds.remove(cast("Any", limit))
            elif now == start:
                bounds.add(cast("Any", limit), loop, float(seconds))
        assert len(loop.timers) <= 1
    for limit, (start, seconds, length) in zip(noted, plan, strict=True):
        assert limit.expired == (start + seconds if seconds <= length else None)


@limits
@pytest.mark.parametrize("how", RUNS)
def test_limits_side_by_side(how: str) -> None:
    async def waiting(seconds: float | None) -> str:
        try:
            with time_limit(60), time_limit(seconds):
                await asyncio.sleep(0 if seconds is None else 60)
        except TimeoutError:
            return "late"
        return "done"

    async def main() -> list[str]:
        return await asyncio.gather(*[waiting(limit) for limit in (0.02, None, 0.01, 0.03, None, 0.01)])

    assert RUNS[how](main()) == ["late", "done", "late", "late", "done", "late"]


@limits
@pytest.mark.parametrize("first", ["limit", "task"])
def test_who_cancels_the_task_meanwhile_is_not_deprived_of_it(first: str) -> None:
    limits: list[Any] = []

    async def limited() -> None:
        limits.append(time_limit(60))
        with limits[0]:
            await asyncio.sleep(60)

    async def main() -> None:
        task = asyncio.create_task(limited())
        await asyncio.sleep(0)
        limit = limits[0]
        for cancel in (limit.expire, task.cancel) if first == "limit" else (task.cancel, limit.expire):
            cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_who_is_limited_how() -> None:
    async def kinds() -> tuple[bool, bool]:
        return isinstance(time_limit(1), TaskLimit), isinstance(time_limit(None), TaskLimit)

    assert anyio.run(kinds) == (sys.version_info >= (3, 11), False)
    assert anyio.run(kinds, backend="trio") == (False, False)
