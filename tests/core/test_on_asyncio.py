"""Streams on asyncio's own transports lose nothing, hold back, and end as they should; limits are kept."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest

from pinecone_core import on_asyncio
from pinecone_core._async.concurrency import AsyncSocket, _AnyioStream, time_limit
from pinecone_core.on_asyncio import AsyncioStream, TaskLimit

Scenario = Callable[[AsyncioStream, socket.socket], Awaitable[None]]


def with_peer(scenario: Scenario) -> None:
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

    asyncio.run(asyncio.wait_for(main(), 20))


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0)


def test_what_is_sent_arrives_and_what_comes_is_read() -> None:
    async def scenario(stream: AsyncioStream, peer: socket.socket) -> None:
        await stream.send(b"question")
        assert peer.recv(100) == b"question"
        assert not stream.has_come()
        peer.sendall(b"answer")
        assert await stream.receive() == b"answer"
        assert not stream.has_come()

    with_peer(scenario)


def test_a_cancelled_wait_loses_nothing() -> None:
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


def test_who_sends_more_than_is_read_is_held_back() -> None:
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


def test_sending_waits_until_the_system_has_taken_all() -> None:
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
def test_a_peer_that_goes_while_it_is_sent_to(how: str) -> None:
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


def test_the_end_comes_after_all_that_came_before_it() -> None:
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


def test_the_end_wakes_who_waits() -> None:
    async def scenario(stream: AsyncioStream, peer: socket.socket) -> None:
        waiting = asyncio.create_task(stream.receive())
        await until(lambda: stream._reader is not None)
        peer.close()
        assert await waiting == b""

    with_peer(scenario)


def test_a_closed_stream_sends_and_receives_nothing() -> None:
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


def test_who_uses_it() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    async def kind() -> type:
        link = await AsyncSocket.connect("127.0.0.1", port, [], 5)
        await link.aclose()
        return type(link._stream)

    class Other:
        """No base of the running event loop, as of those that are not Python's own."""

    assert anyio.run(kind) is AsyncioStream
    assert anyio.run(kind, backend="trio") is _AnyioStream
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "BaseEventLoop", Other)
        assert anyio.run(kind) is _AnyioStream
    assert not on_asyncio.has_own_loop()
    listener.close()


def test_another_event_loop_does_the_same(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pinecone_core.on_asyncio.has_own_loop", lambda: False)

    async def scenario() -> None:
        link = await AsyncSocket.connect("127.0.0.1", server.port, [], 5)
        await link.send(b"GET /ok HTTP/1.1\r\nHost: a\r\n\r\n", None)
        assert (await link.receive(None)).startswith(b"HTTP/1.1 200 OK")
        assert not link.is_readable()
        await link.aclose()

    asyncio.run(scenario())


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
        for cancel in (limit._expire, task.cancel) if first == "limit" else (task.cancel, limit._expire):
            cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_who_is_limited_how() -> None:
    async def kinds() -> tuple[bool, bool]:
        return isinstance(time_limit(1), TaskLimit), isinstance(time_limit(None), TaskLimit)

    assert anyio.run(kinds) == (sys.version_info >= (3, 11), False)
    assert anyio.run(kinds, backend="trio") == (False, False)
