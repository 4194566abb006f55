"""Measure the embedded engine against a bare numpy scan of the same vectors, in one run.

    python bench/local_engine.py [--rows 100000] [--dimension 384] [--folder DIR] [--http]

Machines drift, so read the ratios and not the times. One thread of the linear algebra library is used.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import http.client
import shutil
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from pinecone_local import LocalEngine, LocalServer
from pinecone_local.http import Call

F32 = npt.NDArray[np.float32]
FILTERS: dict[str, dict[str, Any]] = {
    "1 % kept": {"tag": {"$lt": 1}},
    "10 % kept": {"tag": {"$lt": 10}},
    "50 % kept": {"tag": {"$lt": 50}},
}


def vectors(rows: int, dimension: int) -> F32:
    made = np.random.default_rng(0).standard_normal((rows, dimension), dtype=np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def bare_scan(matrix: F32, query: F32) -> Any:
    scores = matrix @ query
    best = np.argpartition(-scores, 10)[:10]
    return best[np.argsort(-scores[best])]


def median_ms(work: Callable[[F32], Any], queries: F32) -> float:
    times = []
    for query in queries:
        begun = time.perf_counter()
        work(query)
        times.append(time.perf_counter() - begun)
    return 1000 * statistics.median(times)


class Wire:
    def __init__(self, engine: LocalEngine) -> None:
        self.engine = engine
        self.prefix = ""

    def ask(self, method: str, target: str, body: Any = None) -> Any:
        data = b"" if body is None else msgspec.json.encode(body)
        reply = self.engine.handle(Call.make(method, self.prefix + target, {}, data))
        assert reply.status < 300, reply.read()
        return reply.read()

    def make_index(self, dimension: int) -> None:
        spec = {"serverless": {"cloud": "aws", "region": "local"}}
        body = {"name": "bench", "dimension": dimension, "metric": "dotproduct", "spec": spec}
        made = msgspec.json.decode(self.ask("POST", "/indexes", body))
        self.prefix = made["host"].removeprefix("http://localhost")

    def upsert(self, matrix: F32) -> float:
        size = max(1, min(1000, 1_900_000 // (22 * matrix.shape[1])))
        seconds = 0.0
        for start in range(0, len(matrix), size):
            records = [
                {"id": f"v{start + i}", "values": values, "metadata": {"tag": (start + i) % 100}}
                for i, values in enumerate(matrix[start : start + size].tolist())
            ]
            begun = time.perf_counter()
            self.ask("POST", "/vectors/upsert", {"vectors": records})
            seconds += time.perf_counter() - begun
        return len(matrix) / seconds


def query_body(query: F32, filter_: dict[str, Any] | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {"topK": 10, "vector": query.tolist()}
    return body if filter_ is None else {**body, "filter": filter_}


def over_http(engine: LocalEngine, prefix: str, queries: F32) -> float:
    with LocalServer(engine) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)

        def ask(query: F32) -> None:
            connection.request("POST", f"{prefix}/query", msgspec.json.encode(query_body(query)))
            connection.getresponse().read()

        ask(queries[0])
        found = median_ms(ask, queries)
        connection.close()
        return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--folder", type=Path, help="a folder to make, fill and reopen; it is emptied first")
    parser.add_argument("--http", action="store_true", help="ask over a socket too")
    options = parser.parse_args()
    matrix = vectors(options.rows, options.dimension)
    queries = matrix[:: max(1, options.rows // 30)][:30]
    if options.folder is not None:
        shutil.rmtree(options.folder, ignore_errors=True)
    with ExitStack() as stack:
        engine = stack.enter_context(LocalEngine(options.folder))
        wire = Wire(engine)
        wire.make_index(options.dimension)
        print(f"upsert: {wire.upsert(matrix):,.0f} vectors a second")

        def ask(query: F32) -> Any:
            return wire.ask("POST", "/query", query_body(query))

        bare_scan(matrix, queries[0]), ask(queries[0])
        bare = median_ms(lambda query: bare_scan(matrix, query), queries)
        exact = median_ms(ask, queries)
        print(f"query: {exact:.2f} ms, {exact / bare:.2f} times the bare scan ({bare:.2f} ms)")
        for name, filter_ in FILTERS.items():
            wire.ask("POST", "/query", query_body(queries[0], filter_))

            def ask_kept(query: F32, filter_: dict[str, Any] = filter_) -> Any:
                return wire.ask("POST", "/query", query_body(query, filter_))

            kept = median_ms(ask_kept, queries)
            print(f"query, {name}: {kept:.2f} ms, {kept / exact:.2f} times the unfiltered one")
        if options.http:
            found = over_http(engine, wire.prefix, queries)
            print(f"query over HTTP: {found:.2f} ms, {found - exact:+.2f} ms")
    if options.folder is not None:
        begun = time.perf_counter()
        with LocalEngine(options.folder) as engine:
            opened = time.perf_counter() - begun
            wire.engine = engine
            ask(queries[0])
            print(f"reopened in {opened:.3f} s, first query after {time.perf_counter() - begun:.2f} s")


if __name__ == "__main__":
    main()
