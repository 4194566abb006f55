"""Over real sockets: a stream that is left early gives its place in the pool back."""

from __future__ import annotations

import gc
import json
import threading
import warnings
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import anyio
import pytest

from pinecone_assistant import Assistants, AsyncAssistants

PIECE = {"type": "content_chunk", "id": "m", "delta": {"content": "Grüße \u2028"}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    release: threading.Event

    def log_message(self, *arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.answer({"id": "f1", "name": "a.txt", "status": "Available"})

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        if b'"stream":true' not in content:
            self.answer({"id": "m", "message": {"role": "assistant", "content": "Yes"}})
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        data = b"data: " + json.dumps(PIECE, ensure_ascii=False).encode() + b"\n\n"
        for part in (data[:40], data[40:47], data[47:]):  # also inside of a character
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
        self.wfile.flush()
        self.release.wait(20)
        self.close_connection = True

    def answer(self, value: Any) -> None:
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def host() -> Iterator[str]:
    release = threading.Event()
    handler = type("Handler", (Handler,), {"release": release})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def options(host: str) -> dict[str, Any]:
    return {
        "api_key": "local",
        "host": host,
        "data_host": host,
        "connection_pool_maxsize": 1,
        "timeout": 10.0,
    }


ASK: dict[str, Any] = {"assistant_name": "a", "messages": "Hi", "stream": True}


def loop_left(stream: Any) -> None:
    for chunk in stream:
        assert chunk.delta.content == "Grüße \u2028"
        break


def block_left(stream: Any) -> None:
    with stream:
        next(iter(stream))


def forgotten(stream: Any) -> None:
    walk = iter(stream)
    next(walk)
    del walk


@pytest.mark.parametrize("leave", [loop_left, block_left, forgotten])
def test_threads(host: str, leave: Callable[[Any], None]) -> None:
    with Assistants(**options(host)) as client:
        for _ in range(3):  # with one connection, a leak would end the second round
            leave(client.chat(**ASK))
            gc.collect()
            assert client.describe_file(assistant_name="a", file_id="f").id == "f1"


async def aloop_left(stream: Any) -> None:
    async for chunk in stream:
        assert chunk.delta.content == "Grüße \u2028"
        break


async def ablock_left(stream: Any) -> None:
    async with stream:
        await anext(stream.__aiter__())


async def aforgotten(stream: Any) -> None:
    await anext(stream.__aiter__())


async def acancelled(stream: Any) -> None:
    seen = []
    with anyio.CancelScope() as scope:
        async for chunk in stream:
            seen.append(chunk)
            scope.cancel()
    assert scope.cancelled_caught
    assert len(seen) == 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("leave", [aloop_left, ablock_left, aforgotten, acancelled])
def test_tasks(host: str, backend: str, leave: Callable[[Any], Any]) -> None:
    async def main() -> None:
        async with AsyncAssistants(**options(host)) as client:
            for _ in range(3):
                await leave(await client.chat(**ASK))
                gc.collect()
                assert (await client.describe_file(assistant_name="a", file_id="f")).id == "f1"

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # trio says that a generator was left early
        anyio.run(main, backend=backend)
