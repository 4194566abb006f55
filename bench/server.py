"""The canned server of the benchmarks: prepared answers over HTTP/1.1, plain and under TLS.

    python bench/server.py [--cert FILE --key FILE]     prints its ports

Floats are written as the service does, as the shortest text of a float32. Nothing is computed per
request but which answer is asked for.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import ssl
from urllib.parse import parse_qs

import numpy as np

DIMENSION = 1536
PAGES, PAGE = 1000, 100
CHUNKS = 10_000
MODEL = (
    b'{"model":"multilingual-e5-large","type":"embed","short_description":"",'
    b'"supported_parameters":[],"max_batch_size":96}'
)


@functools.cache
def vector_text(seed: int, dimension: int = DIMENSION) -> str:
    numbers = np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)
    numbers /= np.linalg.norm(numbers)
    return "[" + ",".join(str(number) for number in numbers) + "]"


@functools.cache
def found(count: int, dimension: int) -> bytes:
    """An answer to a query; a dimension of 0 leaves the values out."""
    matches = []
    for number in range(count):
        values = f',"values":{vector_text(number % 50, dimension)}' if dimension else ""
        matches.append(f'{{"id":"id-{number:06d}","score":{1 - number / 20_000}{values}}}')
    return f'{{"matches":[{",".join(matches)}],"namespace":"n","usage":{{"readUnits":5}}}}'.encode()


@functools.cache
def fetched(ids: tuple[str, ...]) -> bytes:
    vectors = ",".join(
        f'"{id_}":{{"id":"{id_}","values":{vector_text(place % 50)}}}' for place, id_ in enumerate(ids)
    )
    return f'{{"vectors":{{{vectors}}},"namespace":"n","usage":{{"readUnits":5}}}}'.encode()


@functools.cache
def page(number: int) -> bytes:
    ids = [{"id": f"id-{number * PAGE + place:06d}"} for place in range(PAGE)]
    body = {"vectors": ids, "namespace": "n", "usage": {"readUnits": 1}}
    if number + 1 < PAGES:
        body["pagination"] = {"next": str(number + 1)}
    return json.dumps(body, separators=(",", ":")).encode()


@functools.cache
def embedded() -> bytes:
    data = ",".join(f'{{"vector_type":"dense","values":{vector_text(n, 1024)}}}' for n in range(96))
    head = '"model":"multilingual-e5-large","vector_type":"dense"'
    return f'{{{head},"data":[{data}],"usage":{{"total_tokens":960}}}}'.encode()


@functools.cache
def streamed() -> bytes:
    chunks = [{"type": "message_start", "id": "1", "model": "gpt-4o", "role": "assistant"}]
    chunks += [
        {"type": "content_chunk", "id": "1", "model": "gpt-4o", "delta": {"content": f"word{n} "}}
        for n in range(CHUNKS)
    ]
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    chunks.append(
        {"type": "message_end", "id": "1", "model": "gpt-4o", "finish_reason": "stop", "usage": usage}
    )
    return b"".join(b"data:" + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks)


def query_answer(body: bytes) -> bytes:
    asked = {"topK": 10, **json.loads(body)}
    return found(asked["topK"], len(asked.get("vector", ())) if asked.get("includeValues") else 0)


class Server(asyncio.Protocol):
    """Answers each connection's requests in order."""

    upserted = 0  # bytes since GET /size was last asked
    plain_url = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = bytearray()
        self.wanted = 0

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while len(self.buffer) >= self.wanted:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.buffer[:end])
            size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            self.wanted = end + 4 + size
            if len(self.buffer) < self.wanted:
                return
            body = bytes(self.buffer[end + 4 : self.wanted])
            del self.buffer[: self.wanted]
            self.wanted = 0
            self.answer(head, body)

    def answer(self, head: bytes, body: bytes) -> None:
        target = head.split(b" ", 2)[1].decode()
        path, _, query = target.partition("?")
        kind = "application/json"
        if path == "/query":
            reply = query_answer(body)
        elif path == "/vectors/upsert":
            Server.upserted += len(body)
            reply = b'{"upsertedCount":%d}' % (body.count(b'"id":') or 1)
        elif path == "/vectors/fetch":
            reply = fetched(tuple(parse_qs(query)["ids"]))
        elif path == "/vectors/list":
            reply = page(int(parse_qs(query).get("paginationToken", ["0"])[0]))
        elif path == "/embed":
            reply = embedded()
        elif "/chat/" in path:
            reply, kind = streamed(), "text/event-stream"
        elif "assistants/" in path:
            reply = b'{"name":"a","status":"Ready","host":"%b"}' % Server.plain_url.encode()
        elif path == "/models/multilingual-e5-large":
            reply = MODEL
        elif path == "/size":
            reply, Server.upserted = b"%d" % Server.upserted, 0
        else:
            reply = b"{}"
        self.transport.writelines(  # type: ignore[attr-defined]
            (
                b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
                % (kind.encode(), len(reply)),
                reply,
            )
        )


async def serve(cert: str | None, key: str | None) -> None:
    loop = asyncio.get_running_loop()
    plain = await loop.create_server(Server, "127.0.0.1", 0, backlog=512)
    ports = [plain.sockets[0].getsockname()[1]]
    Server.plain_url = f"http://127.0.0.1:{ports[0]}"
    if cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        secure = await loop.create_server(Server, "127.0.0.1", 0, ssl=context)
        ports.append(secure.sockets[0].getsockname()[1])
    for prepare in (embedded, streamed):
        prepare()
    print(*ports, flush=True)
    await plain.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    options = parser.parse_args()
    asyncio.run(serve(options.cert, options.key))


if __name__ == "__main__":
    main()
