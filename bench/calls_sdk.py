"""What a user of either SDK writes, ours and the reference alike; where the two differ, ``ours`` says so."""

from __future__ import annotations

import asyncio
import atexit
import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from burst import burst

import pinecone
from pinecone import AsyncPinecone, Pinecone

Call = Callable[[], Any]
TEXTS = [f"A sentence of no great length that is to become embedding number {i}." for i in range(96)]


def unit_rows(count: int, dimension: int) -> np.ndarray:
    made = np.random.default_rng(3).standard_normal((count, dimension), dtype=np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


class Contender:
    def __init__(self, kind: str, origin: str) -> None:
        self.kind, self.origin = kind, origin
        self.ours = kind.startswith("ours")
        self.takes_numpy = pinecone.__version__ != "9.0.1"
        self.client = Pinecone(api_key="key", host=origin)
        self.index = self.client.index(host=origin)

    def seen(self) -> dict[str, int]:
        with urllib.request.urlopen(f"{self.origin}/seen") as answer:
            found: dict[str, int] = json.loads(answer.read())
            return found

    def handle(self) -> Call:
        return lambda: self.client.index(host=self.origin)

    def pools(self) -> Call:
        """Return how many connections it takes to query through ten more handles."""

        def call() -> dict[str, int]:
            self.index.query(vector=[0.5] * 8, top_k=10)
            before = self.seen()["connections"]
            handles = [self.client.index(host=self.origin) for _ in range(10)]
            for handle in handles:
                handle.query(vector=[0.5] * 8, top_k=10)
            return {"opened": self.seen()["connections"] - before - 1}  # asking is one too

        return call

    def query(
        self, top_k: int = 10, dimension: int = 1536, values: bool = False, read: str | None = None
    ) -> Call:
        vector = unit_rows(1, dimension)[0].tolist()

        def call() -> Any:
            return self.index.query(vector=vector, top_k=top_k, include_values=values)

        def arrays() -> Any:
            if self.ours:
                return [match.values_array() for match in call().matches]
            return [np.array(match.values, dtype=np.float32) for match in call().matches]

        def lists() -> Any:
            return [match.values for match in call().matches]

        return {None: call, "array": arrays, "list": lists}[read]

    def answer(self, read: str | None) -> Call:
        """Return what is kept of an answer with 1,000 vectors, in a list; the reference has but one form."""
        call = self.query(1000, 1536, True, read if self.ours else None)
        return lambda: [call()]

    def upsert(self, form: str, batch: int = 100, dimension: int = 1536) -> Call:
        rows = unit_rows(batch, dimension)
        vectors: list[tuple[str, Any]]
        if form == "lists":
            vectors = [(f"v{i}", row) for i, row in enumerate(rows.tolist())]
            return lambda: self.index.upsert(vectors=vectors)
        if not self.takes_numpy:
            return lambda: self.index.upsert(vectors=[(f"v{i}", row.tolist()) for i, row in enumerate(rows)])
        return lambda: self.index.upsert(vectors=[(f"v{i}", row) for i, row in enumerate(rows)])

    def upsert_bytes(self, form: str) -> Call:
        send = self.upsert(form)

        def call() -> dict[str, int]:
            before = self.seen()["bytes"]
            send()
            return {"bytes": self.seen()["bytes"] - before}

        return call

    def bulk(self, rows: int, dimension: int = 384) -> Call:
        base = unit_rows(100, dimension).tolist()

        def made() -> Iterator[tuple[str, list[float], dict[str, int]]]:
            for i in range(rows):
                row = base[i % 100]
                yield str(i), [*row], {"n": i}

        def call() -> int:
            options = {"batch_size": 200, "max_concurrency": 8, "show_progress": False}
            # The reference wants a sequence.
            vectors = made() if self.ours else list(made())
            answer = self.index.upsert(vectors=vectors, **options)
            assert answer.upserted_count == rows, answer
            return rows

        return call

    def fetch(self) -> Call:
        ids = [f"v{i}" for i in range(1000)]
        return lambda: self.index.fetch(ids=ids)

    def fetch_lists(self) -> Call:
        call = self.fetch()
        return lambda: [vector.values for vector in call().vectors.values()]

    def list(self) -> Call:
        def call() -> Any:
            ids = [
                item.id for page in self.index.list(prefix="document-", limit=100) for item in page.vectors
            ]
            assert len(ids) == 100_000
            return ids

        return call

    def embed(self) -> Call:
        parameters = {"input_type": "passage"}
        return lambda: self.client.inference.embed("multilingual-e5-large", TEXTS, parameters)

    def embed_lists(self) -> Call:
        call = self.embed()
        return lambda: [embedding.values for embedding in call().data]

    def chat(self) -> Call:
        messages = [{"role": "user", "content": "Say much."}]

        def call() -> Any:
            stream = self.client.assistants.chat(assistant_name="a", messages=messages, stream=True)
            parts = [chunk.delta.content for chunk in stream if chunk.type == "content_chunk"]
            assert len(parts) == 10_000
            return parts

        return call

    def concurrent(self, in_flight: int, dimension: int = 1536) -> Callable[[float], dict[str, Any]]:
        vector = unit_rows(1, dimension)[0].tolist()
        loop = asyncio.new_event_loop()
        if self.kind == "ours+uvloop":
            import uvloop

            loop = uvloop.new_event_loop()

        async def opened() -> Any:
            options: dict[str, Any] = {}
            if self.kind == "ours+aiohttp":
                from pinecone_core.aiohttp_transport import AiohttpTransport

                options["transport"] = transport = AiohttpTransport()
                atexit.register(lambda: loop.run_until_complete(transport.aclose()))
            return await AsyncPinecone(api_key="key", host=self.origin, **options).index(host=self.origin)

        index = loop.run_until_complete(opened())

        async def query() -> None:
            await index.query(vector=vector, top_k=10)

        return lambda seconds: loop.run_until_complete(burst(query, in_flight, seconds))
