"""Tests of users that intercept the HTTP library with respx go on working."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import httpx
import pytest
import respx

from pinecone_core.errors import (
    NotFoundError,
    PineconeConnectionError,
    PineconeTimeoutError,
    PineconeValueError,
    ResponseParsingError,
)
from pinecone_core.operation import Encoded, Operation

HOST = "https://index-1.svc.example.com"


def query(**more: Any) -> Operation[Any]:
    return Operation("query", "POST", "/query", dict, {"topK": 1}, repeat_safe=True, **more)


@respx.mock
def test_an_answer(side: Any) -> None:
    route = respx.post(f"{HOST}/query").mock(
        return_value=httpx.Response(200, json={"matches": []}, headers={"x-pinecone-request-id": "r-9"})
    )
    seen: list[Any] = []

    async def scenario() -> Any:
        executor = side.executor(HOST).with_options(on_response=seen.append)
        result = await executor.send(query(query={"q": "a b"}))
        await executor.aclose()
        return result

    assert side.run(scenario) == {"matches": []}
    request = route.calls.last.request
    assert request.read() == b'{"topK":1}'
    assert request.headers["api-key"] == "key-of-the-tests"
    assert str(request.url) == f"{HOST}/query?q=a+b"
    assert seen[0].headers["x-pinecone-request-id"] == "r-9"


@respx.mock
def test_a_mock_that_comes_after_a_connection(side: Any, server: Any) -> None:
    """Also a client with warm connections is intercepted."""

    async def scenario() -> Any:
        executor = side.executor(server.origin)
        respx.stop()
        await executor.send(query())
        respx.start()
        respx.post(f"{server.origin}/query").respond(json={"mocked": True})
        result = await executor.send(query())
        respx.stop()
        await executor.send(query())
        respx.start()
        await executor.aclose()
        return result

    assert side.run(scenario) == {"mocked": True}
    assert len(server.seen) == 2


@respx.mock
def test_errors_and_retries(side: Any) -> None:
    route = respx.post(f"{HOST}/query").mock(
        side_effect=[httpx.Response(503), httpx.ConnectError("no route"), httpx.Response(200, json={})]
    )

    async def scenario() -> None:
        executor = side.executor(HOST, clock=side.clock())
        assert await executor.send(query()) == {}
        respx.get(f"{HOST}/gone").respond(404, json={"message": "gone"})
        with pytest.raises(NotFoundError, match="gone"):
            await executor.send(Operation("x", "GET", "/gone"))
        await executor.aclose()

    side.run(scenario)
    assert route.call_count == 3


@pytest.mark.parametrize(
    ("raised", "expected", "fragment"),
    [
        (httpx.ConnectError("x"), PineconeConnectionError, "Cannot connect"),
        (httpx.ReadError("x"), PineconeConnectionError, "broke"),
        (httpx.ConnectTimeout("x"), PineconeTimeoutError, "connecting"),
        (httpx.ReadTimeout("x"), PineconeTimeoutError, "waiting for an answer"),
        (httpx.PoolTimeout("x"), PineconeTimeoutError, "free connection"),
        (httpx.ProxyError("407 x"), PineconeConnectionError, "proxy"),
        (httpx.UnsupportedProtocol("x"), ResponseParsingError, "HTTP"),
        (httpx.WriteTimeout("x"), PineconeTimeoutError, "sending"),
        (httpx.LocalProtocolError("secret"), PineconeValueError, "does not allow|that HTTP"),
        (httpx.RemoteProtocolError("x"), PineconeConnectionError, "broke: x"),
    ],
)
@respx.mock
def test_failures_that_a_mock_raises(side: Any, raised: Any, expected: Any, fragment: str) -> None:
    respx.post(f"{HOST}/query").mock(side_effect=raised)

    async def scenario() -> None:
        executor = side.executor(HOST).with_options(max_retries=0)
        with pytest.raises(expected, match=fragment):
            await executor.send(query())
        await executor.aclose()

    side.run(scenario)


@respx.mock
def test_streams_and_bodies_in_pieces(side: Any) -> None:
    class Pieces:
        length, replayable = None, True

        def chunks(self) -> Any:
            yield b"ab"
            yield b"c"

        async def achunks(self) -> Any:
            for piece in self.chunks():
                yield piece

    route = respx.post(f"{HOST}/files").respond(200, content=b"data: 1\n\n")

    async def scenario() -> bytes:
        executor = side.executor(HOST)
        stream = await executor.stream(Operation("x", "POST", "/files", None, Encoded(Pieces(), "a/b")))
        body = b"".join([piece async for piece in stream.achunks()])
        await stream.aclose()
        await executor.aclose()
        return body

    assert side.run(scenario) == b"data: 1\n\n"
    assert route.calls.last.request.read() == b"abc"


def test_a_program_that_loads_it_late(server: Any) -> None:
    """Nothing is loaded to send alone, and a mock that is loaded after that still comes in between."""
    code = f"""
import sys
from pinecone_core._sync.executor import Executor
from pinecone_core.config import PineconeConfig
from pinecone_core.operation import Operation

executor = Executor(PineconeConfig(api_key="key-of-the-tests"), {server.origin!r})
assert executor.send(Operation("get", "GET", "/ok", dict)) == {{"ok": True}}
assert not {{"httpcore", "httpx", "h11", "anyio", "asyncio"}} & set(sys.modules), "loaded without need"
import respx
with respx.mock:
    respx.get({server.origin + "/ok"!r}).respond(json={{"mocked": True}})
    assert executor.send(Operation("get", "GET", "/ok", dict)) == {{"mocked": True}}
assert executor.send(Operation("get", "GET", "/ok", dict)) == {{"ok": True}}
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert not done.returncode, done.stderr
    assert len(server.seen) == 2
