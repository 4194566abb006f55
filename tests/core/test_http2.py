"""HTTP/2 against a real server that speaks nothing else."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest

from pinecone_core._async import library as async_library
from pinecone_core._async.executor import AsyncExecutor
from pinecone_core._sync import library as sync_library
from pinecone_core._sync.executor import Executor
from pinecone_core.config import PineconeConfig, RetryConfig
from pinecone_core.errors import (
    PineconeConnectionError,
    PineconeTimeoutError,
    PineconeValueError,
    ServiceError,
)
from pinecone_core.operation import Encoded, Operation

from .http2_server import TOGETHER, Http2Server

CA = str(Path(__file__).parent / "tls" / "ca.pem")
SETTINGS: dict[str, Any] = {"http2": True, "ssl_ca_certs": CA, "retry_config": RetryConfig(max_retries=0)}


def operation(path: str, body: Any = None) -> Operation[Any]:
    return Operation("do_thing", "GET" if body is None else "POST", path, dict, body)


@pytest.fixture
def http2_server(server_context: ssl.SSLContext) -> Iterator[Http2Server]:
    server = Http2Server(server_context)
    yield server
    server.stop()


def exchange(side: Any, server: Any, *operations: Operation[Any], **config: Any) -> list[Any]:
    async def scenario() -> list[Any]:
        executor = side.executor(server.origin, config={**SETTINGS, **config})
        try:
            return [await executor.send(each) for each in operations]
        finally:
            await executor.aclose()

    found: list[Any] = side.run(scenario)
    return found


def test_requests_share_one_connection(side: Any, http2_server: Http2Server) -> None:
    body = b'{"a":"' + b"x" * 200_000 + b'"}'
    large = operation("/large", Encoded(body, "application/json"))
    found = exchange(side, http2_server, operation("/ok"), operation("/gzip"), large)
    assert found == [{"ok": True}] * 3
    assert http2_server.connections == 1
    heads, bodies = zip(*http2_server.seen, strict=True)
    assert [head[":method"] for head in heads] == ["GET", "GET", "POST"]
    assert {head[":authority"] for head in heads} == {http2_server.origin.removeprefix("https://")}
    assert {head["api-key"] for head in heads} == {"key-of-the-tests"}
    assert not {"host", "connection", "transfer-encoding"} & {name for head in heads for name in head}
    assert bodies[2] == body


def test_a_body_in_pieces(side: Any, http2_server: Http2Server) -> None:
    class Pieces:
        length, replayable = None, True

        def chunks(self) -> Any:
            yield from (b'{"a"', b":1}")

        async def achunks(self) -> Any:
            for piece in self.chunks():
                yield piece

    assert exchange(side, http2_server, operation("/ok", Encoded(Pieces(), "a/b"))) == [{"ok": True}]
    assert http2_server.seen[0][1] == b'{"a":1}'


def test_a_stream(side: Any, http2_server: Http2Server) -> None:
    async def scenario() -> bytes:
        executor = side.executor(http2_server.origin, config=SETTINGS)
        stream = await executor.stream(operation("/gzip"))
        body = b"".join([piece async for piece in stream.achunks()])
        await stream.aclose()
        await executor.aclose()
        return body

    assert side.run(scenario) == b'{"ok":true}'


def test_many_at_once_on_one_connection_by_threads(http2_server: Http2Server) -> None:
    """None is answered before all have arrived over the same connection."""
    executor = Executor(PineconeConfig(api_key="k" * 8, **SETTINGS), http2_server.origin)
    executor.send(operation("/ok"))
    with ThreadPoolExecutor(TOGETHER) as threads:
        found = list(threads.map(lambda _: executor.send(operation("/together")), range(TOGETHER)))
    executor.close()
    assert len({each["stream"] for each in found}) == TOGETHER
    assert http2_server.connections == 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_many_at_once_on_one_connection_by_tasks(http2_server: Http2Server, backend: str) -> None:
    async def scenario() -> set[int]:
        found = set()

        async def one() -> None:
            found.add((await executor.send(operation("/together")))["stream"])

        executor = AsyncExecutor(PineconeConfig(api_key="k" * 8, **SETTINGS), http2_server.origin)
        await executor.send(operation("/ok"))
        async with anyio.create_task_group() as tasks:
            for _ in range(TOGETHER):
                tasks.start_soon(one)
        await executor.aclose()
        return found

    assert len(anyio.run(scenario, backend=backend)) == TOGETHER
    assert http2_server.connections == 1


def test_errors_of_the_service_and_repeats(side: Any, http2_server: Http2Server) -> None:
    with pytest.raises(ServiceError, match=r"\[503\] down \(request_id: r-2\)"):
        exchange(side, http2_server, operation("/unavailable"))
    assert len(http2_server.seen) == 1
    with pytest.raises(ServiceError):
        exchange(side, http2_server, operation("/unavailable"), retry_config=RetryConfig(max_retries=1))
    assert len(http2_server.seen) == 3


@pytest.mark.parametrize("path", ["/reset", "/go-away"])
def test_what_breaks(side: Any, http2_server: Http2Server, path: str) -> None:
    with pytest.raises(PineconeConnectionError) as caught:
        exchange(side, http2_server, operation(path, {"a": 1}))
    assert caught.value.host == http2_server.origin
    assert len(http2_server.seen) == 1, "it may have been carried out"


def test_the_deadline_holds(side: Any, http2_server: Http2Server) -> None:
    begun = time.monotonic()
    with pytest.raises(PineconeTimeoutError):
        exchange(side, http2_server, operation("/hang"), timeout=0.3)
    assert time.monotonic() - begun < 0.5


def test_it_needs_a_package(side: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (async_library, sync_library):
        monkeypatch.setattr(module, "find_spec", lambda name: None)

    class Nowhere:
        origin = "https://localhost:1"

    with pytest.raises(PineconeValueError, match=r"pinecone-core\[http2\]"):
        exchange(side, Nowhere, operation("/ok"))
