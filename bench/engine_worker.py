"""One engine in a process and environment of its own, asked what ``local_engine.py`` measures.

    python bench/engine_worker.py KIND ROWS DIMENSION

Loads the same vectors as the others and says how fast. Then reads one JSON object a line, ``{"kept": percent,
"way": name}``, asks some queries and answers with the median milliseconds and the ids that were found.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

BATCH = 500
QUERIES = 40
SECONDS = 3.0


def vectors(rows: int, dimension: int, seed: int = 0) -> Any:
    """Return unit vectors that lie as embeddings do: in clusters, on a surface of 48 dimensions."""
    shape = np.random.default_rng(1)
    centers = shape.standard_normal((256, 48), dtype=np.float32)
    plane = shape.standard_normal((48, dimension), dtype=np.float32)
    chance = np.random.default_rng(seed)
    made = np.empty((rows, dimension), np.float32)
    for start in range(0, rows, 10_000):
        count = min(10_000, rows - start)
        inner = centers[chance.integers(0, 256, count)]
        inner = inner + 0.7 * chance.standard_normal((count, 48), dtype=np.float32)
        block = inner @ plane / 7 + 0.3 * chance.standard_normal((count, dimension), dtype=np.float32)
        made[start : start + count] = block / np.linalg.norm(block, axis=1, keepdims=True)
    return made


def batches(matrix: Any) -> Iterator[tuple[int, Any]]:
    for start in range(0, len(matrix), BATCH):
        yield start, matrix[start : start + BATCH]


class Ours:
    def __init__(self, rows: int, dimension: int) -> None:
        from pinecone import Pinecone, ServerlessSpec
        from pinecone_local import LocalEngine, LocalServer

        begun = time.perf_counter()
        self.engine = LocalEngine(approximate_from=1000)
        self.started = 1000 * (time.perf_counter() - begun)
        self.graphs, self.engine.graphs = self.engine.graphs, None
        pc = Pinecone(api_key="local", transport=self.engine.transport())
        spec = ServerlessSpec(cloud="aws", region="local")
        pc.create_index(name="bench", dimension=dimension, metric="dotproduct", spec=spec)
        self.index = pc.index("bench")
        server = LocalServer(self.engine).start()
        self.far = Pinecone(api_key="local", host=server.url).index("bench")
        self.matrix: Any = None

    def load(self, matrix: Any) -> None:
        self.matrix = matrix
        for start, block in batches(matrix):
            made = [(f"v{start + n}", row, {"tag": (start + n) % 100}) for n, row in enumerate(block)]
            self.index.upsert(vectors=made)

    def exact(self, query: Any, kept: int | None) -> list[str]:
        choice = {} if kept is None else {"filter": {"tag": {"$lt": kept}}}
        return [match.id for match in self.index.query(vector=query, top_k=10, **choice).matches]

    def http(self, query: Any, kept: int | None) -> list[str]:
        return [match.id for match in self.far.query(vector=query, top_k=10).matches]

    def approximate(self, query: Any, kept: int | None) -> list[str]:
        if self.engine.graphs is None:
            self.engine.graphs = self.graphs
            self.exact(query, None)
            self.engine.join()  # until it is built
        found = self.exact(query, kept)
        return found

    def bare(self, query: Any, kept: int | None) -> list[str]:
        scores = self.matrix @ query
        best = np.argpartition(-scores, 10)[:10]
        return [f"v{row}" for row in best[np.argsort(-scores[best])]]


class Qdrant:
    started = 0.0

    def __init__(self, rows: int, dimension: int) -> None:
        from qdrant_client import QdrantClient, models

        self.models = models
        self.client = QdrantClient(":memory:")
        size = models.VectorParams(size=dimension, distance=models.Distance.DOT)
        self.client.create_collection("bench", vectors_config=size)

    def load(self, matrix: Any) -> None:
        for start, block in batches(matrix):
            points = [
                self.models.PointStruct(id=start + n, vector=row.tolist(), payload={"tag": (start + n) % 100})
                for n, row in enumerate(block)
            ]
            self.client.upsert("bench", points)

    def exact(self, query: Any, kept: int | None) -> list[str]:
        chosen = None
        if kept is not None:
            below = self.models.FieldCondition(key="tag", range=self.models.Range(lt=kept))
            chosen = self.models.Filter(must=[below])
        found = self.client.query_points("bench", query=query.tolist(), limit=10, query_filter=chosen)
        return [f"v{point.id}" for point in found.points]


class Chroma:
    started = 0.0

    def __init__(self, rows: int, dimension: int) -> None:
        import chromadb

        client = chromadb.EphemeralClient(chromadb.Settings(anonymized_telemetry=False))
        self.collection = client.create_collection(
            "bench", configuration={"hnsw": {"space": "ip"}}, embedding_function=None
        )

    def load(self, matrix: Any) -> None:
        for start, block in batches(matrix):
            numbers = range(start, start + len(block))
            self.collection.add(
                ids=[f"v{number}" for number in numbers],
                embeddings=block,
                metadatas=[{"tag": number % 100} for number in numbers],
            )

    def exact(self, query: Any, kept: int | None) -> list[str]:
        chosen = None if kept is None else {"tag": {"$lt": kept}}
        found = self.collection.query(query_embeddings=[query], n_results=10, where=chosen, include=[])
        ids: list[str] = found["ids"][0]
        return ids


ENGINES: dict[str, Callable[[int, int], Any]] = {"ours": Ours, "qdrant": Qdrant, "chromadb": Chroma}


def asked(search: Callable[[Any, int | None], list[str]], queries: Any, kept: int | None) -> dict[str, Any]:
    search(queries[0], kept)
    times, found = [], []
    for query in queries:
        begun = time.perf_counter()
        found.append(search(query, kept))
        times.append(time.perf_counter() - begun)
        if sum(times) > SECONDS and len(times) >= 3:
            break
    return {"ms": 1000 * statistics.median(times), "ids": found}


def main() -> None:
    kind, rows, dimension = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    out, sys.stdout = sys.stdout, sys.stderr
    engine = ENGINES[kind](rows, dimension)
    matrix, queries = vectors(rows, dimension), vectors(QUERIES, dimension, seed=2)
    begun = time.perf_counter()
    engine.load(matrix)
    rate = rows / (time.perf_counter() - begun)
    print(json.dumps({"rate": rate, "started": engine.started}), file=out, flush=True)
    for line in sys.stdin:
        wanted = json.loads(line)
        answer = asked(getattr(engine, wanted["way"]), queries, wanted["kept"])
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
