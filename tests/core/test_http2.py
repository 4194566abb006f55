"""HTTP/2 against a real server that speaks nothing else."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded
from h2.exceptions import ProtocolError

from pinecone_core._async import transport as async_transport
from pinecone_core._async.executor import AsyncExecutor
from pinecone_core._sync import transport as sync_transport
from pinecone_core._sync.executor import Executor
from pinecone_core.config import PineconeConfig
from pinecone_core.errors import (
    PineconeConnectionError,
    PineconeTimeoutError,
    PineconeValueError,
    ServiceError,
)
from pinecone_core.operation import Encoded, Operation
from pinecone_core.retry import RetryConfig

CA = str(Path(__file__).parent / "tls" / "ca.pem")
SETTINGS: dict[str, Any] = {"http2": True, "ssl_ca_certs": CA, "retry_config": RetryConfig(max_retries=0)}
TOGETHER = 4


def operation(path: str, body: Any = None) -> Operation[Any]:
    return Operation("do_thing", "GET" if body is None else "POST", path, dict, body)


class Http2Server:
    """Answers by path over HTTP/2; everything it was sent is in `seen`."""

    def __init__(self, context: ssl.SSLContext) -> None:
        context.set_alpn_protocols(["h2"])
        self.context = context
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.connections = 0
        self.links: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"https://localhost:{self.listener.getsockname()[1]}"
        self.threads = [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = self.listener.accept()
                self.connections += 1
                self.threads.append(threading.Thread(target=self.serve, args=(link,), daemon=True))
                self.threads[-1].start()

    def serve(self, plain: socket.socket) -> None:
        with (
            contextlib.suppress(OSError, ProtocolError),
            plain,
            self.context.wrap_socket(plain, server_side=True) as link,
        ):
            self.links.append(link)
            state = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
            state.initiate_connection()
            link.sendall(state.data_to_send())
            heads: dict[int, dict[str, str]] = {}
            bodies: dict[int, bytes] = {}
            waiting: list[int] = []
            while data := link.recv(65536):
                for event in state.receive_data(data):
                    if isinstance(event, RequestReceived):
                        heads[event.stream_id] = {str(name): str(value) for name, value in event.headers}
                        bodies[event.stream_id] = b""
                    elif isinstance(event, DataReceived):
                        bodies[event.stream_id] += event.data
                        state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                    elif isinstance(event, StreamEnded):
                        self.seen.append((heads[event.stream_id], bodies[event.stream_id]))
                        self.behave(state, event.stream_id, heads[event.stream_id][":path"], waiting)
                link.sendall(state.data_to_send())

    def behave(self, state: H2Connection, stream: int, path: str, waiting: list[int]) -> None:
        if path == "/hang":
            return
        if path == "/reset":
            state.reset_stream(stream)
        elif path == "/go-away":
            state.close_connection()
        elif path == "/unavailable":
            answer(state, stream, b'{"message":"down"}', status="503")
        elif path == "/gzip":
            answer(state, stream, gzip.compress(b'{"ok":true}'), encoding="gzip")
        elif path == "/together":
            waiting.append(stream)
            if len(waiting) == TOGETHER:
                for each in reversed(waiting):
                    answer(state, each, b'{"stream":%d}' % each)
        else:
            answer(state, stream, b'{"ok":true}')

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for link in self.links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)


def answer(
    state: H2Connection, stream: int, body: bytes, *, status: str = "200", encoding: str = "identity"
) -> None:
    head = [(":status", status), ("x-pinecone-request-id", "r-2"), ("content-length", str(len(body)))]
    state.send_headers(stream, head if encoding == "identity" else [*head, ("content-encoding", encoding)])
    state.send_data(stream, body, end_stream=True)


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
    for module in (async_transport, sync_transport):
        monkeypatch.setattr(module, "find_spec", lambda name: None)

    class Nowhere:
        origin = "https://localhost:1"

    with pytest.raises(PineconeValueError, match=r"pinecone-core\[http2\]"):
        exchange(side, Nowhere, operation("/ok"))
