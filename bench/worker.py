"""One contender: takes the name of a measure on each line of stdin, answers with figures as JSON.

The same calls are made of ours and of the reference, through the names both have.

    python bench/worker.py URL
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
import os
import resource
import sys
import time
import tracemalloc
import urllib.request
from array import array
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

os.environ.setdefault("PINECONE_API_KEY", "bench-key")
URL = sys.argv[1]
os.environ["PINECONE_CONTROLLER_HOST"] = URL

from pinecone import AsyncPinecone, Pinecone  # noqa: E402

RNG = np.random.default_rng(7)
NUMPY = RNG.standard_normal((101, 1536)).astype(np.float32)
NUMPY /= np.linalg.norm(NUMPY, axis=1, keepdims=True)  # as embeddings are
QUERY, NUMPY = NUMPY[100].tolist(), NUMPY[:100]
LISTS = NUMPY.tolist()
TEXTS = [f"a text about the number {number}" for number in range(96)]

pc = Pinecone(api_key="bench-key")
index = pc.Index(host=URL)


def cpu(call: Callable[[], Any], times: int) -> float:
    """Return the CPU seconds of a call."""
    began = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - began) / times


def wall(call: Callable[[], Any], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - began) / times


def query(top_k: int = 10, dimension: int = 1536, values: bool = False) -> Any:
    return index.query(vector=QUERY[:dimension], top_k=top_k, include_values=values)


def read_lists(matches: Any) -> None:
    for match in matches:
        len(match.values)


def read_arrays(matches: Any) -> None:
    for match in matches:
        found = getattr(match, "values_array", None)
        found() if found else array("f", match.values)


def kept() -> float:
    """Return the megabytes that an answer with 1,000 vectors keeps."""
    query(1000, values=True)
    gc.collect()
    tracemalloc.start()
    answer = query(1000, values=True)
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del answer
    return size / 1e6


def upsert_numpy() -> None:
    try:
        index.upsert(vectors=[(f"id-{n:03d}", row) for n, row in enumerate(NUMPY)])
    except TypeError:  # refused: who has numpy must turn it into lists
        index.upsert(vectors=[(f"id-{n:03d}", row.tolist()) for n, row in enumerate(NUMPY)])


def upsert_lists() -> None:
    index.upsert(vectors=[(f"id-{n:03d}", row) for n, row in enumerate(LISTS)])


def sent_bytes(call: Callable[[], Any]) -> float:
    urllib.request.urlopen(f"{URL}/size").close()
    call()
    with urllib.request.urlopen(f"{URL}/size") as answer:
        return float(answer.read())


def listed() -> int:
    return sum(len(list(page)) for page in index.list(namespace="n"))


def embedded() -> None:
    found = pc.inference.embed("multilingual-e5-large", TEXTS, {"input_type": "passage"})
    for item in found:
        len(item.values)


def chatted() -> int:
    stream = pc.assistants.chat(assistant_name="a", messages=[{"role": "user", "content": "hi"}], stream=True)
    return sum(1 for _ in stream)


async def _rate(in_flight: int, requests: int) -> float:
    left = requests
    async with AsyncPinecone(api_key="bench-key") as apc:
        found = apc.IndexAsyncio(host=URL)
        target = await found if inspect.isawaitable(found) else found

        async def work() -> None:
            nonlocal left
            while left > 0:
                left -= 1
                await target.query(vector=QUERY[:16], top_k=10)

        await asyncio.gather(*(work() for _ in range(in_flight)))  # connections
        left = requests
        began = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(in_flight)))
        seconds = time.perf_counter() - began
        closed = target.close()
        if inspect.isawaitable(closed):
            await closed
    return seconds / requests


def rows(count: int) -> Iterator[tuple[str, list[float]]]:
    base = (RNG.random(384, dtype=np.float32) - np.float32(0.5)).tolist()
    for number in range(count):
        base[number % 384] = number / count
        yield f"id-{number:06d}", list(base)


def bulk(count: int) -> None:
    source: Any = rows(count)
    options: dict[str, Any] = {"batch_size": 200, "max_concurrency": 8, "show_progress": False}
    if not IS_OURS:
        source = list(source)  # it takes sequences only
    done = index.upsert(vectors=source, **options)
    assert done.upserted_count == count, done


IS_OURS = hasattr(index, "wait_until")


def measure(name: str, times: int, **more: Any) -> dict[str, float]:
    """Return the figures of one round of a measure."""
    if name == "handle":
        return {"seconds": wall(lambda: pc.Index(host=URL), times)}
    if name == "async":
        return {"seconds": asyncio.run(_rate(more.get("in_flight", 32), times))}
    if name == "kept":
        return {"megabytes": kept()}
    if name == "bulk":
        began = time.perf_counter()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        bulk(times)
        seconds = (time.perf_counter() - began) / times
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"seconds": seconds, "megabytes": (peak - before) / 1024}
    if name in ("bytes numpy", "bytes lists"):
        return {"bytes": sent_bytes(upsert_numpy if name.endswith("numpy") else upsert_lists)}
    calls: dict[str, Callable[[], Any]] = {
        "query": lambda: query(more.get("top_k", 10), more.get("dimension", 1536), more.get("values", False)),
        "unread": lambda: query(1000, values=True),
        "arrays": lambda: read_arrays(query(1000, values=True).matches),
        "lists": lambda: read_lists(query(1000, values=True).matches),
        "upsert numpy": upsert_numpy,
        "upsert lists": upsert_lists,
        "upsert": lambda: index.upsert(
            vectors=[(f"id-{n}", LISTS[n % 100][: more["dimension"]]) for n in range(more["count"])]
        ),
        "fetch": lambda: index.fetch(ids=[f"id-{n}" for n in range(1000)], namespace="n"),
        "list": listed,
        "embed": embedded,
        "chat": chatted,
    }
    calls[name]()
    return {"seconds": cpu(calls[name], times)}


def main() -> None:
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        try:
            answer: dict[str, Any] = measure(**json.loads(line))
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
