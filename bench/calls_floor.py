"""The floor: plain sockets, requests prepared as bytes, answers read by bare msgspec; and stock httpx."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import numpy as np
from burst import burst

Call = Callable[[], Any]


class Match(msgspec.Struct):
    id: str
    score: float
    values: list[float] = []


class Unread(msgspec.Struct):
    id: str
    score: float
    values: msgspec.Raw = msgspec.Raw(b"[]")


class Matches(msgspec.Struct):
    matches: list[Match]


class UnreadMatches(msgspec.Struct):
    matches: list[Unread]


class Id(msgspec.Struct):
    id: str


class Page(msgspec.Struct):
    vectors: list[Id]
    pagination: dict[str, str] | None = None


class Embedding(msgspec.Struct):
    values: list[float]


class Embeddings(msgspec.Struct):
    data: list[Embedding]


class Event(msgspec.Struct):
    type: str
    delta: dict[str, str] = {}


class Stored(msgspec.Struct):
    id: str
    values: list[float]


class Fetched(msgspec.Struct):
    vectors: dict[str, Stored]


def unit_rows(count: int, dimension: int) -> np.ndarray:
    made = np.random.default_rng(3).standard_normal((count, dimension), dtype=np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def post(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nApi-Key: key\r\nContent-Type: application/json\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


def query_text(top_k: int, dimension: int, values: bool) -> bytes:
    vector = unit_rows(1, dimension)[0].tolist()
    return msgspec.json.encode({"topK": top_k, "includeValues": values, "vector": vector})


class Contender:
    def __init__(self, kind: str, origin: str) -> None:
        self.kind, self.origin = kind, origin
        where = urlsplit(origin)
        self.address = (where.hostname, where.port)
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.http = httpx.Client()

    def ask(self, request: bytes) -> bytes:
        self.socket.sendall(request)
        data = self.socket.recv(1 << 18)
        head, _, rest = data.partition(b"\r\n\r\n")
        left = int(head.rpartition(b"Content-Length: ")[2]) - len(rest)
        parts = [rest]
        while left:
            parts.append(self.socket.recv(min(left, 1 << 18)))
            left -= len(parts[-1])
        return b"".join(parts)

    def query(
        self, top_k: int = 10, dimension: int = 1536, values: bool = False, read: str | None = None
    ) -> Call:
        body = query_text(top_k, dimension, values)
        decoder = msgspec.json.Decoder(UnreadMatches if read is None else Matches)
        if self.kind == "httpx":
            url, headers = f"{self.origin}/query", {"content-type": "application/json"}
            return lambda: decoder.decode(self.http.post(url, content=body, headers=headers).content)
        asked = {"topK": top_k, "includeValues": values, "vector": unit_rows(1, dimension)[0].tolist()}
        # The vector of a query is never there as bytes.
        return lambda: decoder.decode(self.ask(post("/query", msgspec.json.encode(asked))))

    def upsert(self, form: str, batch: int = 100, dimension: int = 1536) -> Call:
        rows = unit_rows(batch, dimension)
        lists = rows.tolist()

        def call() -> Any:
            given = lists if form == "lists" else rows.tolist()
            vectors = [{"id": f"v{i}", "values": row} for i, row in enumerate(given)]
            return self.ask(post("/vectors/upsert", msgspec.json.encode({"vectors": vectors})))

        return call

    def upsert_bytes(self, form: str) -> Call:
        body = [{"id": f"v{i}", "values": row} for i, row in enumerate(unit_rows(100, 1536).tolist())]
        return lambda: {"bytes": len(msgspec.json.encode({"vectors": body}))}

    def bulk(self, rows: int, dimension: int = 384) -> Call:
        """Send batches one after the other."""
        base = unit_rows(100, dimension).tolist()

        def call() -> int:
            for start in range(0, rows, 200):
                batch = [
                    {"id": str(i), "values": [*base[i % 100]], "metadata": {"n": i}}
                    for i in range(start, min(start + 200, rows))
                ]
                self.ask(post("/vectors/upsert", msgspec.json.encode({"vectors": batch})))
            return rows

        return call

    def fetch(self) -> Call:
        query = "&".join(f"ids=v{i}" for i in range(1000))
        request = f"GET /vectors/fetch?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        decoder = msgspec.json.Decoder(Fetched)
        return lambda: decoder.decode(self.ask(request))

    fetch_lists = fetch

    def list(self) -> Call:
        decoder = msgspec.json.Decoder(Page)

        def call() -> Any:
            ids: list[str] = []
            more = ""
            while True:
                target = f"/vectors/list?limit=100{more}"
                page = decoder.decode(self.ask(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode()))
                ids += [item.id for item in page.vectors]
                if page.pagination is None:
                    return ids
                more = f"&paginationToken={page.pagination['next']}"

        return call

    def embed(self) -> Call:
        request = post("/embed", json.dumps({"inputs": [{"text": "x" * 70}] * 96}).encode())
        decoder = msgspec.json.Decoder(Embeddings)
        return lambda: decoder.decode(self.ask(request))

    embed_lists = embed

    def chat(self) -> Call:
        request = post("/assistant/chat/a", b"{}")
        decoder = msgspec.json.Decoder(Event)

        def call() -> Any:
            self.socket.sendall(request)
            data = b""
            while not data.endswith(b"\r\n0\r\n\r\n"):
                data += self.socket.recv(1 << 20)
            lines = [line[5:] for line in data.split(b"\r\n") if line.startswith(b"data:")]
            return [decoder.decode(line) for line in lines]

        return call

    def concurrent(self, in_flight: int, dimension: int = 1536) -> Callable[[float], dict[str, Any]]:
        loop = asyncio.new_event_loop()
        body = query_text(10, dimension, False)
        request = post("/query", body)
        decoder = msgspec.json.Decoder(Matches)
        idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

        async def over_streams() -> None:
            reader, writer = idle.pop() if idle else await asyncio.open_connection(*self.address)
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            decoder.decode(await reader.readexactly(int(head.rpartition(b"Content-Length: ")[2])))
            idle.append((reader, writer))

        client = httpx.AsyncClient()
        url, headers = f"{self.origin}/query", {"content-type": "application/json"}

        async def over_httpx() -> None:
            decoder.decode((await client.post(url, content=body, headers=headers)).content)

        query = over_httpx if self.kind == "httpx" else over_streams
        return lambda seconds: loop.run_until_complete(burst(query, in_flight, seconds))
