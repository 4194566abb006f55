"""The canned server: one process, raw asyncio, answers prepared as bytes before the first request.

    python bench/server.py CERTIFICATE

Prints the ports of HTTP and of TLS, and serves until its input ends. Numbers are written as the service
writes them, as the shortest text that names the float32. It parses no more of a request than it needs.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import sys
from functools import cache
from urllib.parse import parse_qs

import msgspec
import numpy as np
import orjson

IDS = 100_000
PAGE = 100
CHUNKS = 10_000
_TOP_K = re.compile(rb'"(?:topK|top_k)":\s*(\d+)')
_VALUES = re.compile(rb'"(?:includeValues|include_values)":\s*true')


@cache
def numbers(count: int, dimension: int) -> list[bytes]:
    """Return vectors of unit length, as embedding models give them, each as JSON text."""
    made = np.random.default_rng(7).standard_normal((count, dimension), dtype=np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return [orjson.dumps(row, option=orjson.OPT_SERIALIZE_NUMPY) for row in made]


@cache
def matches(top_k: int, with_values: bool) -> bytes:
    values = numbers(1000, 1536) if with_values else [b"[]"]
    found = b",".join(
        b'{"id":"v%d","score":%.7f,"values":%b}' % (i, 1 - i / 20_000, values[i % len(values)])
        for i in range(top_k)
    )
    return b'{"results":[],"matches":[' + found + b'],"namespace":"","usage":{"readUnits":5}}'


@cache
def fetched(ids: tuple[str, ...]) -> bytes:
    values = numbers(1000, 1536)
    found = b",".join(
        b'"%b":{"id":"%b","values":%b}' % (name.encode(), name.encode(), values[i % 1000])
        for i, name in enumerate(ids)
    )
    return b'{"vectors":{' + found + b'},"namespace":"","usage":{"readUnits":10}}'


@cache
def page(start: int) -> bytes:
    body: dict[str, object] = {
        "vectors": [{"id": f"document-{i:06d}#chunk-1"} for i in range(start, start + PAGE)],
        "namespace": "",
        "usage": {"readUnits": 1},
    }
    if start + PAGE < IDS:
        body["pagination"] = {"next": str(start + PAGE)}
    return msgspec.json.encode(body)


@cache
def embeddings() -> bytes:
    found = b",".join(b'{"values":%b,"vector_type":"dense"}' % row for row in numbers(96, 1024))
    usage = b'"usage":{"total_tokens":960}'
    return b'{"model":"multilingual-e5-large","vector_type":"dense","data":[' + found + b"]," + usage + b"}"


@cache
def chat() -> bytes:
    base = {"id": "0000000000000000abcd", "model": "gpt-4o-2024-11-20"}
    events: list[dict[str, object]] = [{"type": "message_start", **base, "role": "assistant"}]
    events += [{"type": "content_chunk", **base, "delta": {"content": f" word{i}"}} for i in range(CHUNKS)]
    usage = {"prompt_tokens": 10, "completion_tokens": CHUNKS, "total_tokens": CHUNKS + 10}
    events.append({"type": "message_end", **base, "finish_reason": "stop", "usage": usage})
    framed = []
    for event in events:
        text = b"data:" + msgspec.json.encode(event) + b"\r\n\r\n"
        framed.append(b"%x\r\n%b\r\n" % (len(text), text))
    return b"".join(framed) + b"0\r\n\r\n"


class Seen:
    """What has come, for clients to ask about."""

    connections = 0
    requests = 0
    body_bytes = 0


class Canned(asyncio.Protocol):
    """One connection."""

    origin = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = bytearray()
        self.needed = 0
        Seen.connections += 1

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while len(self.buffer) >= self.needed and (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end])
            size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            self.needed = end + 4 + size
            if len(self.buffer) < self.needed:
                return
            body = bytes(self.buffer[end + 4 : self.needed])
            del self.buffer[: self.needed]
            self.needed = 0
            Seen.requests += 1
            Seen.body_bytes += size
            self.answer(head.split(b" ", 2)[1].decode(), body)

    def answer(self, target: str, body: bytes) -> None:
        path, _, query = target.partition("?")
        if path.startswith("/assistant/chat/"):
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            self.transport.write(head + chat())
            return
        found = self.body(path, query, body)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(found)
        if len(found) < 1 << 16:
            self.transport.write(head + found)
        else:
            self.transport.writelines((head, found))

    def body(self, path: str, query: str, body: bytes) -> bytes:
        if path == "/query":
            asked = _TOP_K.search(body)
            assert asked is not None
            return matches(int(asked[1]), _VALUES.search(body) is not None)
        if path == "/vectors/upsert":
            return b'{"upsertedCount":%d}' % body.count(b'"id":')
        if path == "/vectors/fetch":
            return fetched(tuple(parse_qs(query)["ids"]))
        if path == "/vectors/list":
            return page(int(parse_qs(query).get("paginationToken", ["0"])[0]))
        if path == "/embed":
            return embeddings()
        if path == "/seen":
            seen = (Seen.connections, Seen.requests, Seen.body_bytes)
            return b'{"connections":%d,"requests":%d,"bytes":%d}' % seen
        if path.startswith("/assistant/assistants/"):
            assistant = {"name": "a", "status": "Ready", "host": self.origin, "metadata": {}}
            moment = "2026-01-01T00:00:00Z"
            return msgspec.json.encode({**assistant, "created_at": moment, "updated_at": moment})
        return b"{}"


async def serve(certificate: str) -> None:
    loop = asyncio.get_running_loop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    plain = await loop.create_server(Canned, "127.0.0.1", 0, backlog=512)
    secure = await loop.create_server(Canned, "127.0.0.1", 0, ssl=context, backlog=512)
    ports = [server.sockets[0].getsockname()[1] for server in (plain, secure)]
    Canned.origin = f"http://127.0.0.1:{ports[0]}"
    matches(1000, True), embeddings(), chat()
    for start in range(0, IDS, PAGE):
        page(start)
    print(*ports, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
