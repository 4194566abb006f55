"""Connections of the default transport: kept last in, first out, and found dead in time."""

from __future__ import annotations

import gc
import ssl
from typing import Any

import pytest

from pinecone_core._sync.executor import Executor
from pinecone_core.config import PineconeConfig, Timeout
from pinecone_core.errors import (
    PineconeClosedError,
    PineconeConnectionError,
    PineconeTimeoutError,
    ResponseParsingError,
)
from pinecone_core.operation import Operation

from .exchange import ONCE, TLS, failure, get, post, unset_options

pytestmark = pytest.mark.usefixtures("alone")


def test_connections_are_reused_last_in_first_out(side: Any, server: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin)
        first = await executor.stream(get("/ok"))
        second = await executor.stream(get("/ok"))
        for stream in (first, second):
            async for _ in stream.achunks():
                pass
            await stream.aclose()
        for _ in range(5):
            await executor.send(post("/ok"))
        assert server.connections == 2
        assert {seen.connection for seen in server.seen[2:]} == {2}
        await executor.aclose()

    side.run(scenario)


def test_a_connection_that_ended_while_idle_is_replaced(side: Any, server: Any, wait_until: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin, config=ONCE)
        await executor.send(get("/answer-then-close"))
        wait_until(lambda: not server._open)
        assert await executor.send(Operation("create", "POST", "/ok", dict)) == {"ok": True}
        await executor.aclose()

    side.run(scenario)


def test_a_kept_connection_that_breaks_is_no_try(side: Any, server: Any) -> None:
    """The server ends the connection in the very moment in which it is used again."""

    async def scenario(operation: Operation[Any]) -> None:
        executor = side.executor(server.origin, config=ONCE)
        await executor.send(get("/ok"))
        server.behave = dying
        try:
            await executor.send(operation)
        finally:
            await executor.aclose()

    calls: list[int] = []

    def dying(link: Any, seen: Any, reader: Any) -> bool:
        calls.append(seen.connection)
        if len(calls) > 1:
            return bool(server.on_ok(link, seen))
        return bool(server.on_close(link, seen))

    side.run(scenario, get("/ok"))
    assert len(calls) == 2
    calls.clear()
    server.__dict__.pop("behave")
    with pytest.raises(PineconeConnectionError) as caught:
        side.run(scenario, Operation("create", "POST", "/ok", dict))
    assert caught.value.stale
    assert len(calls) == 1, "it is unknown whether the first one was carried out"


def test_a_fresh_connection_that_breaks_is_a_try(side: Any, server: Any) -> None:
    error = failure(side, server, get("/close"), PineconeConnectionError)
    assert not error.stale
    assert error.sent
    assert len(server.seen) == 1


def test_the_pool_has_a_limit(side: Any, server: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin, config={"connection_pool_maxsize": 1})
        held = await executor.stream(get("/hang-in-body"))
        with pytest.raises(PineconeTimeoutError, match="connection_pool_maxsize") as caught:
            await executor.with_options(timeout=Timeout(pool=0.05), max_retries=0).send(get("/ok"))
        assert not caught.value.sent
        await held.aclose()
        assert await executor.send(get("/ok")) == {"ok": True}
        await executor.aclose()

    side.run(scenario)


def test_one_connection_is_kept_alive_too(side: Any, server: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin, config={"connection_pool_maxsize": 1})
        for _ in range(3):
            await executor.send(get("/ok"))
        await executor.aclose()

    side.run(scenario)
    assert server.connections == 1


def test_every_connection_of_a_burst_is_kept(side: Any, server: Any) -> None:
    async def burst(executor: Any) -> None:
        streams = [await executor.stream(get("/ok")) for _ in range(6)]
        for stream in streams:
            async for _ in stream.achunks():
                pass
            await stream.aclose()

    async def scenario() -> None:
        executor = side.executor(server.origin, config={"connection_pool_maxsize": 6})
        for _ in range(3):
            await burst(executor)
        assert server.connections == 6
        assert not unset_options(executor)
        await executor.aclose()

    side.run(scenario)


def test_a_pause_leaves_connections_open(side: Any, server: Any) -> None:
    async def scenario() -> None:
        clock = side.clock()
        executor = side.executor(server.origin, clock=clock, config={"timeout": None})
        for _ in range(3):
            await executor.send(get("/ok"))
            clock.pass_by(45)
        await executor.aclose()

    side.run(scenario)
    assert server.connections == 1


def test_the_pool_is_as_large_as_the_largest_concurrency(side: Any) -> None:
    assert side.executor("https://x.com")._connections.transport()._size == 64


def test_idle_connections_to_many_hosts_stay_within_the_limit(side: Any, new_server: Any) -> None:
    servers = [new_server() for _ in range(4)]

    async def scenario() -> None:
        executor = side.executor(servers[0].origin, config={"connection_pool_maxsize": 2})
        for server in servers:
            await executor.at(server.origin).send(get("/ok"))
        pool = executor._connections.transport()._home.get(lambda: None)
        assert len(pool.open) == 2
        await executor.aclose()
        assert not pool.open

    side.run(scenario)


def test_old_idle_connections_go(side: Any, new_server: Any) -> None:
    one, other = new_server(), new_server()

    async def scenario() -> None:
        clock = side.clock()
        executor = side.executor(one.origin, clock=clock, config={"timeout": None})
        await executor.send(get("/ok"))
        clock.pass_by(60)
        await executor.at(other.origin).send(get("/ok"))
        pool = executor._connections.transport()._home.get(lambda: None)
        assert len(pool.open) == 1
        clock.pass_by(60)
        await executor.at(other.origin).send(get("/ok"))
        assert other.connections == 2
        await executor.aclose()

    side.run(scenario)


def test_a_hundred_handles_share_one_pool_and_one_context(
    side: Any, new_server: Any, server_context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    create = ssl.create_default_context

    def counting(*args: Any, **kwargs: Any) -> Any:
        made.append(args)
        return create(*args, **kwargs)

    monkeypatch.setattr(ssl, "create_default_context", counting)
    server = new_server(server_context)

    async def scenario() -> None:
        executor = side.executor(server.origin, config={"ssl_ca_certs": TLS / "ca.pem"})
        handles = [executor.at(f"{server.origin}/index-{i}") for i in range(100)]
        assert not made
        for handle in handles:
            await handle.send(get("/ok"))
        assert len(made) == 1
        assert server.connections == 1
        assert len({seen.target for seen in server.seen}) == 100
        await executor.aclose()

    side.run(scenario)


def test_a_closed_client(side: Any, server: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin)
        await executor.send(get("/ok"))
        await executor.aclose()
        await executor.aclose()
        for call in (executor.send(get("/ok")), executor.send(post("/ok")), executor.stream(get("/ok"))):
            with pytest.raises(PineconeClosedError, match="the client has been closed"):
                await call
        never_used = side.executor(server.origin)
        await never_used.aclose()
        with pytest.raises(RuntimeError):
            await never_used.send(get("/ok"))
        assert server.connections == 1

    side.run(scenario)


def test_a_handle_outlives_its_client(side: Any, server: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin)
        handle = executor.at(server.origin)
        await executor.send(get("/ok"))
        await executor.aclose()
        assert await handle.send(get("/ok")) == {"ok": True}
        await handle.aclose()
        pool = executor._connections.transport()._home.get(lambda: None)
        assert pool is None

    side.run(scenario)


def test_closing_while_an_answer_is_read(side: Any, server: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin)
        stream = await executor.stream(get("/ok"))
        pool = executor._connections.transport()._home.get(lambda: None)
        await executor.aclose()
        assert [piece async for piece in stream.achunks()] == [b'{"ok":true}']
        await stream.aclose()
        assert not pool.open

    side.run(scenario)


def test_nothing_is_left_behind(side: Any, server: Any, wait_until: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin)
        for path in ("/ok", "/chunked", "/say-close"):
            await executor.send(get(path))
        for path in ("/cut", "/nonsense", "/bad-gzip"):
            with pytest.raises((PineconeConnectionError, ResponseParsingError)):
                await executor.with_options(max_retries=0).send(get(path))
        with pytest.raises(PineconeTimeoutError):
            await executor.with_options(timeout=0.05, max_retries=0).send(get("/hang"))
        await executor.aclose()

    side.run(scenario)
    gc.collect()  # a socket left open would warn here, and warnings are errors
    server.stopping.set()
    wait_until(lambda: not server._open)


def test_a_client_that_is_dropped_leaves_nothing_open(server: Any, wait_until: Any) -> None:
    executor = Executor(PineconeConfig(api_key="k" * 8), server.origin)
    executor.send(get("/ok"))
    gc.disable()  # it is no cycle, so it goes at once
    try:
        del executor
        wait_until(lambda: not server._open)
    finally:
        gc.enable()


def test_a_call_leaves_no_cycles(side: Any, server: Any) -> None:
    async def scenario() -> int:
        executor = side.executor(server.origin)
        for path in ("/ok", "/chunked", "/gzip"):
            await executor.send(get(path))
        gc.collect()
        gc.disable()
        try:
            for _ in range(50):
                await executor.send(post("/ok"))
            return gc.collect()
        finally:
            gc.enable()
            await executor.aclose()

    assert side.run(scenario) < 50, "not one object a call"
