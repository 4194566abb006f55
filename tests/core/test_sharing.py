"""One transport shared by threads, tasks, copies and child processes."""

from __future__ import annotations

import asyncio
import copy
import multiprocessing
import os
import pickle
import socket
import ssl
import threading
from typing import Any

import anyio
import pytest

from pinecone_core._async.executor import AsyncExecutor
from pinecone_core._sync.executor import Executor
from pinecone_core.config import PineconeConfig

from .exchange import TLS, get, post

pytestmark = pytest.mark.usefixtures("alone")


def test_threads_share_a_client(server: Any) -> None:
    executor = Executor(PineconeConfig(api_key="k" * 8, connection_pool_maxsize=4), server.origin)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(20):
                assert executor.send(post("/ok")) == {"ok": True}
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    executor.close()
    assert not failures
    assert len(server.seen) == 240
    assert server.connections <= 4


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_tasks_share_a_client(server: Any, backend: str) -> None:
    async def scenario() -> None:
        config = PineconeConfig(api_key="k" * 8, connection_pool_maxsize=4)
        executor = AsyncExecutor(config, server.origin)

        async def work() -> None:
            for _ in range(20):
                assert await executor.send(post("/ok")) == {"ok": True}

        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(work)
        await executor.aclose()

    anyio.run(scenario, backend=backend)
    assert len(server.seen) == 240
    assert server.connections <= 4


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_call_leaves_no_place_taken(server: Any, backend: str) -> None:
    async def scenario() -> None:
        config = PineconeConfig(api_key="k" * 8, connection_pool_maxsize=1)
        executor = AsyncExecutor(config, server.origin)
        for path in ("/hang", "/hang-in-body"):
            with anyio.move_on_after(0.1) as scope:
                await executor.send(get(path))
            assert scope.cancelled_caught
        held = await executor.stream(get("/hang-in-body"))
        with anyio.move_on_after(0.05) as scope:  # while it waits for a place
            await executor.send(get("/ok"))
        assert scope.cancelled_caught
        await held.aclose()
        assert await executor.send(get("/ok")) == {"ok": True}
        await executor.aclose()

    anyio.run(scenario, backend=backend)


def test_two_event_loops(server: Any) -> None:
    executor = AsyncExecutor(PineconeConfig(api_key="k" * 8), server.origin)

    async def scenario() -> None:
        assert await executor.send(get("/ok")) == {"ok": True}
        assert await executor.send(get("/ok")) == {"ok": True}
        await executor._connections.transport().aclose()

    asyncio.run(scenario())
    anyio.run(scenario, backend="trio")
    asyncio.run(scenario())
    assert server.connections == 3


def test_two_event_loops_at_once(server: Any) -> None:
    executor = AsyncExecutor(PineconeConfig(api_key="k" * 8), server.origin)
    results: list[Any] = []

    async def scenario() -> None:
        for _ in range(10):
            results.append(await executor.send(get("/ok")))
        await executor._connections.transport().aclose()

    threads = [threading.Thread(target=asyncio.run, args=(scenario(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [{"ok": True}] * 20


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_a_copy_has_connections_of_its_own(side: Any, server: Any, duplicate: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin)
        await executor.send(get("/ok"))
        twin = duplicate(getattr(executor, "inner", executor))
        twin = type(executor)(twin) if side.is_sync else twin
        await twin.send(get("/ok"))
        assert server.connections == 2
        await executor.aclose()
        await twin.send(get("/ok"))
        await twin.aclose()

    side.run(scenario)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_forked_child_has_connections_of_its_own(server: Any) -> None:
    executor = Executor(PineconeConfig(api_key="k" * 8), server.origin)
    executor.send(get("/ok"))

    def child(results: Any) -> None:
        results.put(executor.send(get("/ok")))

    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    process = context.Process(target=child, args=(results,))
    process.start()
    assert results.get() == {"ok": True}
    process.join(10)
    assert process.exitcode == 0
    executor.send(get("/ok"))
    assert server.connections == 2
    assert [seen.connection for seen in server.seen] == [1, 2, 1]
    executor.close()


def test_nothing_is_opened_before_the_first_request(side: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("too early")

    monkeypatch.setattr(ssl, "SSLContext", refuse)
    monkeypatch.setattr(socket, "socket", refuse)
    executor = side.executor("https://api.example.com", config={"client_cert": str(TLS / "client-both.pem")})
    assert executor.at("https://index.example.com").with_options(timeout=1).base_url
