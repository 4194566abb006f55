"""Calls over aiohttp end as those over the default transport do."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

pytest.importorskip("aiohttp", reason="needs the extra aiohttp")

from pinecone_core._async.executor import AsyncExecutor
from pinecone_core.aiohttp_transport import AiohttpTransport
from pinecone_core.config import PineconeConfig, RetryConfig, Timeout
from pinecone_core.errors import (
    NotFoundError,
    PineconeConnectionError,
    PineconeTimeoutError,
    PineconeValueError,
    ResponseParsingError,
)
from pinecone_core.multipart import Multipart, Part
from pinecone_core.operation import Operation

TLS = Path(__file__).parent / "tls"


def run(origin: str, scenario: Callable[[AsyncExecutor], Awaitable[Any]], **config: Any) -> Any:
    settings = PineconeConfig(api_key="key-of-the-tests", retry_config=RetryConfig(max_retries=0), **config)

    async def main() -> Any:
        transport = AiohttpTransport(settings)
        try:
            return await scenario(AsyncExecutor(settings, origin, transport=transport))
        finally:
            await transport.aclose()
            await transport.aclose()

    return anyio.run(main)


def get(origin: str, path: str, **config: Any) -> Any:
    return run(origin, lambda executor: executor.send(Operation("get", "GET", path, Any)), **config)


@pytest.mark.parametrize("path", ["/ok", "/chunked", "/gzip", "/deflate", "/until-close"])
def test_a_good_answer_is_read(server: Any, path: str) -> None:
    assert get(server.origin, path) == {"ok": True}


def test_what_goes_over_the_wire(server: Any) -> None:
    operation: Operation[Any] = Operation("post", "POST", "/a%2Fb", Any, {"a": 1}, {"q": "x y"})
    run(server.origin, lambda executor: executor.send(operation))
    [seen] = server.seen
    assert (seen.method, seen.target, seen.body) == ("POST", "/a%2Fb?q=x+y", b'{"a":1}')
    names = [name.lower() for name, _ in seen.headers]
    assert len(names) == len(set(names))
    assert seen.header("api-key") == "key-of-the-tests"
    assert seen.header("content-type") == "application/json"
    assert seen.header("user-agent").startswith("python-client-")


@pytest.mark.parametrize("known", [True, False])
def test_a_body_in_pieces(server: Any, known: bool) -> None:
    data = b"x" * 300_000
    form = Multipart([Part("file", data if known else iter([data]), "f")])
    operation: Operation[Any] = Operation("upload", "POST", "/u", Any, form.encoded())
    run(server.origin, lambda executor: executor.send(operation))
    [seen] = server.seen
    assert data in seen.body
    assert (seen.header("content-length") is not None) == known


def test_connections_are_kept(server: Any) -> None:
    async def scenario(executor: AsyncExecutor) -> None:
        for _ in range(3):
            await executor.send(Operation("get", "GET", "/ok", Any))

    run(server.origin, scenario)
    assert server.connections == 1


def test_a_stream(server: Any) -> None:
    async def scenario(executor: AsyncExecutor) -> bytes:
        answer = await executor.stream(Operation("get", "GET", "/chunked", Any))
        data = b"".join([piece async for piece in answer.achunks()])
        await answer.aclose()
        left_early = await executor.stream(Operation("get", "GET", "/drip", Any))
        await left_early.aclose()
        return data

    assert run(server.origin, scenario) == b'{"ok":true}'


def test_a_stream_that_fails(server: Any) -> None:
    async def scenario(executor: AsyncExecutor) -> None:
        answer = await executor.stream(Operation("get", "GET", "/cut", Any))
        try:
            async for _ in answer.achunks():
                pass
        finally:
            await answer.aclose()

    with pytest.raises(PineconeConnectionError, match="broke"):
        run(server.origin, scenario)


@pytest.mark.parametrize("path", ["/hang", "/hang-in-body"])
def test_the_deadline_holds(server: Any, path: str) -> None:
    with pytest.raises(PineconeTimeoutError):
        get(server.origin, path, timeout=0.2)


def test_a_stream_has_the_deadline_until_it_begins(server: Any) -> None:
    with pytest.raises(PineconeTimeoutError):
        run(
            server.origin,
            lambda executor: executor.stream(Operation("get", "GET", "/hang", Any)),
            timeout=Timeout(total=0.2, read=9),
        )


@pytest.mark.parametrize("path", ["/reset", "/close", "/cut"])
def test_a_connection_that_breaks(server: Any, path: str) -> None:
    with pytest.raises(PineconeConnectionError, match=r"The connection to http://127.0.0.1:\d+ broke"):
        get(server.origin, path)


def test_what_is_not_http(server: Any) -> None:
    with pytest.raises(ResponseParsingError, match="did not answer in HTTP"):
        get(server.origin, "/nonsense")


def test_a_damaged_encoding(server: Any) -> None:
    with pytest.raises(ResponseParsingError, match="damaged"):
        get(server.origin, "/bad-gzip")
    server.answers["/br"] = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx"
    with pytest.raises(ResponseParsingError, match="not asked for"):
        get(server.origin, "/br")


def test_an_error_of_the_service(server: Any) -> None:
    server.answers["/none"] = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nA: 1\r\nA: 2\r\n\r\nno"
    with pytest.raises(NotFoundError) as caught:
        get(server.origin, "/none")
    assert (caught.value.headers or {})["a"] == "1, 2"


def test_a_refused_connection(server: Any) -> None:
    server.stop()
    with pytest.raises(PineconeConnectionError, match="Cannot connect") as caught:
        get(server.origin, "/ok")
    assert caught.value.sent is False


def test_tls(new_server: Any, server_context: ssl.SSLContext) -> None:
    secure = new_server(server_context)
    assert get(secure.origin, "/ok", ssl_ca_certs=str(TLS / "ca.pem")) == {"ok": True}
    with pytest.raises(PineconeConnectionError, match=r"certificate of .* was refused"):
        get(secure.origin, "/ok")


def test_a_proxy_that_refuses(server: Any) -> None:
    server.answers["service.example:443"] = b"HTTP/1.1 407 Login first\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(PineconeConnectionError, match=r"The proxy refused to connect .* 407"):
        get("https://service.example", "/ok", proxy_url=server.origin)


def test_a_header_that_http_does_not_allow(server: Any) -> None:
    with pytest.raises(PineconeValueError, match="does not allow") as caught:
        run(
            server.origin,
            lambda executor: executor._connections.transport().asend(
                executor._request(
                    Operation("get", "GET", "/ok", Any, headers={"X": "a\r\nsecret: 1"}),
                    Timeout(),
                    None,
                    streamed=False,
                )
            ),
        )
    assert "secret" not in str(caught.value)


def test_another_event_loop_is_refused() -> None:
    async def main() -> None:
        executor = AsyncExecutor(
            PineconeConfig(api_key="k"), "http://localhost", transport=AiohttpTransport()
        )
        await executor.stream(Operation("get", "GET", "/", Any))

    with pytest.raises(PineconeValueError, match="needs an event loop of asyncio"):
        anyio.run(main, backend="trio")
