"""The default transport against a real server that misbehaves."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import gc
import multiprocessing
import os
import pickle
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import Any

import anyio
import pytest

from pinecone_core._async.executor import AsyncExecutor
from pinecone_core._sync.executor import Executor
from pinecone_core.config import PineconeConfig, Timeout
from pinecone_core.errors import (
    ApiError,
    PayloadTooLargeError,
    PineconeClosedError,
    PineconeConnectionError,
    PineconeTimeoutError,
    PineconeValueError,
    ResponseParsingError,
    ServiceError,
)
from pinecone_core.operation import Encoded, Operation
from pinecone_core.retry import RetryConfig

TLS = Path(__file__).parent / "tls"
ONCE: dict[str, Any] = {"retry_config": RetryConfig(max_retries=0)}


def get(path: str, **more: Any) -> Operation[Any]:
    return Operation("get_thing", "GET", path, dict, **more)


def post(path: str, body: Any = None, **more: Any) -> Operation[Any]:
    return Operation("make_thing", "POST", path, dict, {"a": 1} if body is None else body, **more)


class Pieces:
    """A body in pieces."""

    replayable = True

    def __init__(self, pieces: list[Any], length: int | None = None) -> None:
        self.pieces = pieces
        self.length = length

    def chunks(self) -> Any:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def achunks(self) -> Any:
        for piece in self.chunks():
            yield piece


def exchange(side: Any, server: Any, operation: Operation[Any], **config: Any) -> Any:
    async def scenario() -> Any:
        executor = side.executor(server.origin, config=config)
        try:
            return await executor.send(operation)
        finally:
            await executor.aclose()

    return side.run(scenario)


def failure(side: Any, server: Any, operation: Operation[Any], kind: Any, **config: Any) -> Any:
    with pytest.raises(kind) as caught:
        exchange(side, server, operation, **{**ONCE, **config})
    return caught.value


# ---- answers of every kind -------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/ok", "/chunked", "/gzip", "/deflate", "/until-close", "/say-close", "/interim"]
)
def test_a_good_answer_is_read(side: Any, server: Any, path: str) -> None:
    assert exchange(side, server, get(path)) == {"ok": True}


def test_what_goes_over_the_wire(side: Any, server: Any) -> None:
    exchange(side, server, post("/x%20y", query={"a": [1, 2], "b": True}), source_tag="tag")
    (seen,) = server.seen
    assert (seen.method, seen.target, seen.body) == ("POST", "/x%20y?a=1&a=2&b=true", b'{"a":1}')
    assert dict(seen.headers) == {
        "Host": server.origin.partition("://")[2],
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": seen.header("user-agent"),
        "Api-Key": "key-of-the-tests",
        "X-Pinecone-Api-Version": "2025-10",
        "Content-Type": "application/json",
        "Content-Length": "7",
    }
    assert len(seen.headers) == 8
    assert seen.header("user-agent").startswith("python-client-")
    assert seen.header("user-agent").endswith(" source_tag=tag")


def test_a_post_without_body_says_so(side: Any, server: Any) -> None:
    exchange(side, server, Operation("x", "POST", "/ok", dict))
    assert server.seen[0].header("content-length") == "0"
    assert server.seen[0].header("content-type") is None


def test_a_header_of_the_callers_replaces_the_same_one_in_any_case(side: Any, server: Any) -> None:
    headers = {"api-KEY": "mine", "host": "elsewhere.example", "ACCEPT": "x/y"}
    exchange(side, server, get("/ok"), additional_headers=headers)
    names = [name.lower() for name, _ in server.seen[0].headers]
    assert len(names) == len(set(names))
    assert server.seen[0].header("api-key") == "mine"
    assert server.seen[0].header("host") == "elsewhere.example"


@pytest.mark.parametrize("length", [None, 300_006])
def test_a_body_in_pieces(side: Any, server: Any, length: int | None) -> None:
    body = Encoded(Pieces([b"abc", b"", b"x" * 300_000, b"def"], length), "text/plain")
    exchange(side, server, post("/ok", body))
    (seen,) = server.seen
    assert seen.body == b"abc" + b"x" * 300_000 + b"def"
    assert seen.header("transfer-encoding") == ("chunked" if length is None else None)
    assert seen.header("content-length") == (None if length is None else "300006")


@pytest.mark.parametrize(("length", "fragment"), [(2, "longer"), (9, "shorter")])
def test_a_body_of_another_length_than_it_said(side: Any, server: Any, length: int, fragment: str) -> None:
    error = failure(side, server, post("/ok", Encoded(Pieces([b"abc"], length))), PineconeValueError)
    assert fragment in str(error)


def test_a_body_that_cannot_be_read(side: Any, server: Any) -> None:
    body = Encoded(Pieces([b"abc", FileNotFoundError(2, "No such file", "x.pdf")]))
    error = failure(side, server, post("/ok", body), PineconeValueError)
    assert "cannot be read" in str(error)
    assert "x.pdf" in str(error)
    assert error.operation == "make_thing"


def test_a_large_body(side: Any, server: Any) -> None:
    server.answers["/large"] = (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000010\r\n\r\n" + b'{"a":"' + b"x" * 2_000_002 + b'"}'
    )
    assert len(exchange(side, server, post("/large", {"b": "y" * 1_000_000}))["a"]) == 2_000_002
    assert len(server.seen[0].body) == 1_000_008


def test_a_refusal_before_the_whole_body_was_read(side: Any, server: Any) -> None:
    error = failure(side, server, post("/refuse-early", {"b": "y" * 8_000_000}), PayloadTooLargeError)
    assert error.message == "too big"


def test_redirects_are_not_followed(side: Any, server: Any) -> None:
    error = failure(side, server, get("/redirect"), ApiError)
    assert error.status_code == 302
    assert len(server.seen) == 1


def test_a_stream(side: Any, server: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin)
        stream = await executor.stream(get("/chunked"))
        assert (stream.status, stream.reason) == (200, "OK")
        assert b"".join([piece async for piece in stream.achunks()]) == b'{"ok":true}'
        await stream.aclose()
        await stream.aclose()
        await executor.send(get("/ok"))
        assert server.connections == 1
        # Left early, the connection cannot be used again.
        stream = await executor.stream(get("/hang-in-body"))
        await stream.aclose()
        await executor.send(get("/ok"))
        assert server.connections == 2
        with pytest.raises(ServiceError, match="down"):
            await executor.with_options(max_retries=0).stream(get("/unavailable"))
        await executor.aclose()

    side.run(scenario)


def test_a_stream_that_does_not_begin(side: Any, server: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin, config={**ONCE, "connection_pool_maxsize": 1})
        for path, kind in (("/cut-head", PineconeConnectionError), ("/nonsense", ResponseParsingError)):
            server.answers["/cut-head"] = b""
            with pytest.raises((kind, PineconeTimeoutError)) as caught:
                await executor.with_options(timeout=0.2).stream(get(path))
            assert caught.value.host == server.origin
        with pytest.raises(PineconeValueError, match="not ASCII"):
            await executor.stream(get("/ok", headers={"x": "ä"}))
        with pytest.raises(PineconeValueError, match="does not allow"):
            await executor.send(get("/ok", headers={"x": "secret\r\ny: z"}))
        stream = await executor.stream(get("/cut"))
        with pytest.raises(PineconeConnectionError, match="before the answer was complete"):
            async for _ in stream.achunks():
                pass
        await stream.aclose()
        stream = await executor.stream(get("/bad-gzip"))
        with pytest.raises(ResponseParsingError, match="damaged"):
            async for _ in stream.achunks():
                pass
        await stream.aclose()
        assert await executor.send(get("/ok")) == {"ok": True}
        await executor.aclose()

    side.run(scenario)


# ---- connections -----------------------------------------------------------------------------


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
        for call in (executor.send(get("/ok")), executor.stream(get("/ok"))):
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


# ---- faults ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "seconds", "most"), [("/hang", 1.0, 1.2), ("/hang-in-body", 0.3, 0.8), ("/drip", 0.3, 0.8)]
)
def test_the_deadline_holds(side: Any, server: Any, path: str, seconds: float, most: float) -> None:
    async def scenario() -> Any:
        executor = side.executor(server.origin, config={"timeout": seconds})
        began = time.monotonic()
        with pytest.raises(PineconeTimeoutError) as caught:
            await executor.send(get(path))
        assert seconds - 0.1 < time.monotonic() - began < most
        await executor.aclose()
        return caught.value

    error = side.run(scenario)
    assert error.sent
    assert server.origin in str(error)
    assert "raise timeout=" in str(error)
    assert (error.operation, error.host) == ("get_thing", server.origin)
    assert isinstance(error, TimeoutError)
    assert len(server.seen) == 1


@pytest.mark.parametrize("part", ["read", "total"])
def test_a_stream_is_bounded_piece_by_piece(side: Any, server: Any, part: str) -> None:
    async def scenario() -> int:
        limit = Timeout(**{"total": 5.0, part: 0.2})
        executor = side.executor(server.origin, config={"timeout": limit})
        stream = await executor.stream(get("/drip"))
        count = 0
        async for piece in stream.achunks():
            count += len(piece)
            if count > 5:  # longer than the limit as a whole
                break
        await stream.aclose()
        stream = await executor.stream(get("/hang-in-body"))
        with pytest.raises(PineconeTimeoutError, match="reading the answer"):
            async for _ in stream.achunks():
                pass
        await stream.aclose()
        await executor.aclose()
        return count

    assert side.run(scenario) > 5


def test_each_part_of_the_time_limit(side: Any, server: Any) -> None:
    error = failure(side, server, get("/hang"), PineconeTimeoutError, timeout=Timeout(total=None, read=0.1))
    assert "waiting for an answer" in str(error)
    server.answers["/drip-less"] = b""
    error = failure(side, server, get("/drip-less"), PineconeTimeoutError, timeout=Timeout(read=0.1))
    assert error.sent


def test_a_connection_attempt_that_hangs(side: Any) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        # A full queue: the system neither accepts nor refuses.
        fillers = [socket.socket() for _ in range(8)]
        try:
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(address)

            class Place:
                origin = f"http://127.0.0.1:{address[1]}"

            began = time.monotonic()
            error = failure(side, Place, get("/ok"), PineconeTimeoutError, timeout=0.3)
            assert time.monotonic() - began < 1
            assert "connecting" in str(error)
            assert not error.sent
        finally:
            for filler in fillers:
                filler.close()


def test_a_refused_connection(side: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    class Nobody:
        origin = f"http://127.0.0.1:{port}"

    error = failure(side, Nobody, get("/ok"), PineconeConnectionError)
    assert str(error).startswith(f"Cannot connect to {Nobody.origin}: ")
    assert (error.sent, error.permanent, error.stale) == (False, False, False)
    assert error.__cause__ is not None


def test_a_name_that_does_not_exist(side: Any) -> None:
    class Nobody:
        origin = "https://no-such-host.invalid"

    error = failure(side, Nobody, get("/ok"), PineconeConnectionError)
    assert not error.sent
    assert "no-such-host.invalid" in str(error)


@pytest.mark.parametrize("path", ["/reset", "/close", "/cut"])
def test_a_connection_that_breaks(side: Any, server: Any, path: str) -> None:
    error = failure(side, server, get(path), PineconeConnectionError)
    assert "broke" in str(error)
    assert error.sent
    assert isinstance(error, ConnectionError)


def test_what_may_be_repeated_is_repeated(side: Any, server: Any) -> None:
    retry = RetryConfig(max_retries=2, max_wait=0.01)
    with pytest.raises(PineconeConnectionError, match=r"after 3 tries"):
        exchange(side, server, get("/cut"), retry_config=retry)
    assert len(server.seen) == 3
    with pytest.raises(PineconeConnectionError):
        exchange(side, server, post("/cut"), retry_config=retry)
    assert len(server.seen) == 4


@pytest.mark.parametrize(
    ("raw", "fragment"),
    [
        (b"SSH-2.0-x\r\n", "does not begin with HTTP"),
        (b"HTTP/1.1 OK\r\n\r\n", "status line"),
        (b"HTTP/1.1 200 OK\r\nno header\r\n\r\n", "not a header"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "content length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "content length"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "transfer encoding"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "without a size"),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "unasked"),
    ],
)
def test_what_is_not_http(side: Any, server: Any, raw: bytes, fragment: str) -> None:
    server.answers["/raw"] = raw
    error = failure(side, server, get("/raw"), ResponseParsingError)
    assert fragment in str(error)
    assert "did not answer in HTTP" in str(error)
    assert (error.operation, error.host) == ("get_thing", server.origin)


def test_a_damaged_encoding(side: Any, server: Any) -> None:
    error = failure(side, server, get("/bad-gzip"), ResponseParsingError)
    assert "gzip encoding is damaged" in str(error)
    assert error.operation == "get_thing"


def test_ten_calls_to_a_server_that_is_down(side: Any, server: Any) -> None:
    async def scenario() -> None:
        executor = side.executor(server.origin, clock=side.clock())
        for _ in range(10):
            with pytest.raises(ServiceError):
                await executor.send(get("/unavailable"))
        await executor.aclose()

    side.run(scenario)
    assert len(server.seen) <= 20
    assert server.connections == 1, "a retried answer is read, so its connection serves on"


# ---- TLS -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trust",
    [
        lambda: {"ssl_ca_certs": str(TLS / "ca.pem")},
        lambda: {"ssl_ca_certs": TLS / "folder"},
        lambda: {"ssl_ca_certs": ssl.create_default_context(cafile=str(TLS / "ca.pem"))},
        lambda: {"ssl_verify": False},
    ],
    ids=["file", "folder", "context", "unverified"],
)
def test_tls(side: Any, new_server: Any, server_context: Any, trust: Any) -> None:
    server = new_server(server_context)
    assert exchange(side, server, post("/ok"), **trust()) == {"ok": True}
    assert exchange(side, server, get("/chunked"), **trust()) == {"ok": True}


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_tls_by_environment(
    side: Any, new_server: Any, server_context: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(TLS / ("ca.pem" if name.endswith("FILE") else "folder")))
    server = new_server(server_context)
    assert exchange(side, server, get("/ok")) == {"ok": True}
    failure(side, server, get("/ok"), PineconeConnectionError, trust_env=False)


def test_a_wrong_certificate(side: Any, new_server: Any, server_context: Any) -> None:
    server = new_server(server_context)
    error = failure(side, server, get("/ok"), PineconeConnectionError)
    assert "certificate" in str(error)
    assert "ssl_ca_certs" in str(error)
    assert (error.sent, error.permanent) == (False, True)
    retry = RetryConfig(max_retries=3)
    failure(side, server, get("/ok"), PineconeConnectionError, retry_config=retry)
    assert server.connections == 2, "what would fail again is not repeated"


def test_a_certificate_of_another_host(side: Any, new_server: Any) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "client-both.pem")
    server = new_server(context)
    error = failure(side, server, get("/ok"), PineconeConnectionError, ssl_ca_certs=TLS / "ca.pem")
    assert (error.sent, error.permanent) == (False, True)


def test_tls_where_there_is_none(side: Any, server: Any, new_server: Any) -> None:
    class Plain(type(server)):  # type: ignore[misc]
        def _serve(self, link: Any, number: int) -> None:
            with link:
                link.recv(10)
                link.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server = new_server(kind=Plain)
    server.origin = server.origin.replace("http://", "https://")
    error = failure(side, server, get("/ok"), PineconeConnectionError)
    assert "http://" in str(error)
    assert not error.sent


@pytest.mark.parametrize(
    "cert", [str(TLS / "client-both.pem"), (TLS / "client.pem", TLS / "client-key.pem")], ids=["one", "pair"]
)
def test_a_client_certificate(side: Any, new_server: Any, server_context: Any, cert: Any) -> None:
    server_context.verify_mode = ssl.CERT_REQUIRED
    server_context.load_verify_locations(TLS / "ca.pem")
    server = new_server(server_context)
    trust: dict[str, Any] = {"ssl_ca_certs": TLS / "ca.pem"}
    assert exchange(side, server, get("/ok"), client_cert=cert, **trust) == {"ok": True}
    failure(side, server, get("/ok"), PineconeConnectionError, **trust)


def test_a_ca_file_that_holds_no_certificate(side: Any, new_server: Any, server_context: Any) -> None:
    server = new_server(server_context)
    error = failure(side, server, get("/ok"), PineconeValueError, ssl_ca_certs=__file__)
    assert "ssl_ca_certs" in str(error)


def test_a_wait_in_the_handshake(side: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        class Silent:
            origin = f"https://127.0.0.1:{listener.getsockname()[1]}"

        error = failure(side, Silent, get("/ok"), PineconeTimeoutError, timeout=0.2)
        assert not error.sent


# ---- proxies ---------------------------------------------------------------------------------


@pytest.fixture
def proxy(new_server: Any, server: Any) -> Any:
    base = type(server)

    class ProxyServer(base):  # type: ignore[misc,valid-type]
        """Forwards plain requests to the right server and opens tunnels."""

        refuse = ""

        def behave(self, link: Any, seen: Any, reader: Any) -> bool:
            if self.refuse:
                link.sendall(f"HTTP/1.1 {self.refuse}\r\nContent-Length: 0\r\n\r\n".encode())
                return False
            if seen.method != "CONNECT":
                return bool(self.on_ok(link, seen))
            host, _, port = seen.target.partition(":")
            far = socket.create_connection((host, int(port)))
            self._open.add(far)
            link.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._spawn(pump, far, link)
            pump(link, far)
            return False

    def pump(source: Any, sink: Any) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                if end is source:
                    end.close()

    return new_server(kind=ProxyServer)


SECRET = "us%40er:pass%2Fword"


def test_a_plain_request_through_a_proxy(side: Any, server: Any, proxy: Any) -> None:
    for operation in (get("/ok"), post("/ok")):
        exchange(
            side,
            server,
            operation,
            proxy_url=f"http://{SECRET}@127.0.0.1:{proxy.port}",
            proxy_headers={"X-Team": "a"},
        )
    assert not server.seen
    assert [seen.target for seen in proxy.seen] == [f"{server.origin}/ok"] * 2
    assert proxy.seen[1].method == "POST"
    assert proxy.seen[1].body == b'{"a":1}'
    assert proxy.seen[0].header("proxy-authorization") == "Basic dXNAZXI6cGFzcy93b3Jk"
    assert proxy.seen[0].header("x-team") == "a"


def test_repeats_and_kept_connections_through_a_proxy(side: Any, server: Any, proxy: Any) -> None:
    proxy.answers[f"{server.origin}/things"] = [answer_of(503), answer_of(503), answer_of(200)]

    async def scenario() -> None:
        address = f"http://127.0.0.1:{proxy.port}"
        executor = side.executor(server.origin, clock=side.clock(), config={"proxy_url": address})
        assert await executor.send(post("/things", repeat_safe=True)) == {}
        await executor.send(get("/ok"))
        await executor.aclose()

    proxy.behave = lambda *args: type(server).behave(proxy, *args)
    side.run(scenario)
    assert [seen.method for seen in proxy.seen] == ["POST", "POST", "POST", "GET"]
    assert proxy.connections == 1


def answer_of(status: int) -> bytes:
    return b"HTTP/1.1 %d Some\r\nContent-Length: 2\r\n\r\n{}" % status


def test_a_tunnel_through_a_proxy(side: Any, new_server: Any, server_context: Any, proxy: Any) -> None:
    server = new_server(server_context)
    trust: dict[str, Any] = {"ssl_ca_certs": TLS / "ca.pem"}
    address = f"http://{SECRET}@127.0.0.1:{proxy.port}"
    for operation in (get("/ok"), post("/ok")):
        result = exchange(side, server, operation, proxy_url=address, proxy_headers={"X-Team": "a"}, **trust)
        assert result == {"ok": True}
    (first, second) = proxy.seen
    assert (first.method, first.target) == ("CONNECT", f"localhost:{server.port}")
    assert first.header("proxy-authorization") == "Basic dXNAZXI6cGFzcy93b3Jk"
    assert first.header("x-team") == "a"
    assert first.header("api-key") is None
    assert second.method == "CONNECT"
    assert server.seen[0].header("api-key") == "key-of-the-tests"
    assert server.seen[0].header("proxy-authorization") is None


@pytest.mark.parametrize(
    ("status", "permanent"), [("407 Proxy Authentication Required", True), ("502 Bad", False)]
)
def test_a_proxy_that_refuses(side: Any, proxy: Any, status: str, permanent: bool) -> None:
    proxy.refuse = status

    class Somewhere:
        origin = "https://example.com"

    address = f"http://{SECRET}@127.0.0.1:{proxy.port}"
    error = failure(side, Somewhere, get("/ok"), PineconeConnectionError, proxy_url=address)
    assert status in str(error)
    assert (error.sent, error.permanent) == (False, permanent)
    assert "pass" not in str(error)


def test_a_proxy_that_hangs_up_or_is_not_there(side: Any, proxy: Any) -> None:
    class Somewhere:
        origin = "https://example.com"

    proxy.behave = lambda link, seen, reader: False
    address = f"http://127.0.0.1:{proxy.port}"
    error = failure(side, Somewhere, get("/ok"), PineconeConnectionError, proxy_url=address)
    assert not error.sent
    proxy.stop()
    error = failure(side, Somewhere, get("/ok"), PineconeConnectionError, proxy_url=address)
    assert f"through the proxy 127.0.0.1:{proxy.port}" in str(error)


def test_proxies_named_by_the_environment(
    side: Any, server: Any, proxy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Somewhere:
        origin = "http://far.example"

    monkeypatch.setenv("http_proxy", f"127.0.0.1:{proxy.port}")
    monkeypatch.setenv("no_proxy", "near.example")
    with pytest.warns(RuntimeWarning, match="unencrypted"):
        assert exchange(side, Somewhere, get("/ok")) == {"ok": True}
    assert proxy.seen[0].target == "http://far.example/ok"
    exchange(side, server, get("/ok"))  # loopback never goes through a proxy
    assert len(server.seen) == 1

    Somewhere.origin = "http://near.example"
    with pytest.warns(RuntimeWarning):
        failure(side, Somewhere, get("/ok"), PineconeConnectionError, timeout=2)
    Somewhere.origin = "http://far.example"
    with pytest.warns(RuntimeWarning):
        failure(
            side,
            Somewhere,
            get("/ok"),
            (PineconeConnectionError, PineconeTimeoutError),
            trust_env=False,
            timeout=2,
        )
    assert len(proxy.seen) == 1


@pytest.fixture
def tls_proxy(proxy: Any, new_server: Any) -> Any:
    """A proxy that is itself spoken to under TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    return new_server(context, type(proxy))


def test_a_proxy_under_tls(
    side: Any, server: Any, new_server: Any, server_context: Any, tls_proxy: Any
) -> None:
    trust: dict[str, Any] = {
        "ssl_ca_certs": TLS / "ca.pem",
        "proxy_url": f"https://{SECRET}@localhost:{tls_proxy.port}",
        "proxy_headers": {"X-Team": "a"},
    }

    async def scenario(far: Any) -> None:
        executor = side.executor(far.origin, config={**ONCE, **trust})
        for operation in (get("/ok"), post("/chunked", query={"a": 1}), get("/gzip")):
            assert await executor.send(operation) == {"ok": True}
        stream = await executor.stream(get("/chunked"))
        assert b"".join([piece async for piece in stream.achunks()]) == b'{"ok":true}'
        await stream.aclose()
        await executor.aclose()

    tls_proxy.on_chunked = tls_proxy.on_gzip = tls_proxy.on_ok
    side.run(scenario, server)
    assert tls_proxy.seen[0].target == f"{server.origin}/ok"
    assert tls_proxy.seen[0].header("proxy-authorization") == "Basic dXNAZXI6cGFzcy93b3Jk"
    assert tls_proxy.seen[0].header("x-team") == "a"

    secure = new_server(server_context)
    side.run(scenario, secure)
    assert tls_proxy.seen[-1].target == f"localhost:{secure.port}"
    assert [seen.target for seen in secure.seen] == ["/ok", "/chunked?a=1", "/gzip", "/chunked"]

    tls_proxy.on_ok = tls_proxy.on_hang
    began = time.monotonic()
    failure(side, server, get("/ok"), PineconeTimeoutError, timeout=0.3, **trust)
    assert time.monotonic() - began < 1
    tls_proxy.refuse = "407 Proxy Authentication Required"
    error = failure(side, secure, get("/ok"), PineconeConnectionError, **trust)
    assert "407" in str(error)
    assert (error.sent, error.permanent) == (False, True)


def test_a_proxy_over_socks(side: Any, server: Any) -> None:
    """There is none here to talk to; a refused connection shows that it was asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = failure(
        side,
        server,
        get("/ok"),
        (PineconeConnectionError, PineconeValueError),
        proxy_url=f"socks5h://u:p@127.0.0.1:{port}",
    )
    assert "Cannot connect" in str(error) or "pinecone-core[socks]" in str(error)
    assert not server.seen


# ---- sharing ---------------------------------------------------------------------------------


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
