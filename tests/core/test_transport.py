"""The default transport against a real server that misbehaves."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from pinecone_core.config import RetryConfig, Timeout
from pinecone_core.errors import (
    ApiError,
    PayloadTooLargeError,
    PineconeConnectionError,
    PineconeTimeoutError,
    PineconeValueError,
    ResponseParsingError,
    ServiceError,
)
from pinecone_core.operation import Encoded, Operation

from .exchange import ONCE, exchange, failure, get, post

pytestmark = pytest.mark.usefixtures("alone")


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


def test_a_stream_that_is_tried_again_keeps_its_connection(side: Any, server: Any) -> None:
    # Too long to come together with its head.
    busy = b"HTTP/1.1 503 Busy\r\nContent-Length: 2000000\r\n\r\n" + b"busy" * 500_000
    server.answers["/busy"] = [busy, busy, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"]

    async def scenario() -> bytes:
        executor = side.executor(server.origin, clock=side.clock())
        stream = await executor.stream(get("/busy"))
        body = b"".join([piece async for piece in stream.achunks()])
        await stream.aclose()
        await executor.aclose()
        return body

    assert side.run(scenario) == b"{}"
    assert (len(server.seen), server.connections) == (3, 1)
