"""One client for many: threads, processes, tasks cancelled anywhere, and an interpreter that ends."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import anyio
import pytest

from pinecone import AsyncPinecone, Pinecone, ServerlessSpec
from pinecone_local import LocalEngine, LocalServer

SPEC = ServerlessSpec(cloud="aws", region="us-east-1")


@pytest.fixture
def place() -> Iterator[tuple[str, str]]:
    """Give the URLs of a server and of an index on it."""
    with LocalEngine() as engine, LocalServer(engine) as server:
        pc = Pinecone(api_key="local", host=server.url)
        host = pc.create_index(name="demo", dimension=2, spec=SPEC).host
        pc.index(host=host).upsert(vectors=[(f"v{n}", [1.0, float(n)]) for n in range(64)])
        pc.close()
        yield server.url, host


def test_one_client_for_64_threads(place: tuple[str, str]) -> None:
    url, host = place
    with Pinecone(api_key="local", host=url, connection_pool_maxsize=8) as pc:
        index = pc.index(host=host)

        def work(number: int) -> None:
            for turn in range(10):
                id_ = f"v{(number + turn) % 64}"
                assert index.query(id=id_, top_k=1).matches[0].id
                assert list(index.fetch(ids=[id_]).vectors) == [id_]
                index.upsert(vectors=[(f"t{number}", [1.0, float(turn)])])

        with ThreadPoolExecutor(64) as threads:
            list(threads.map(work, range(64)))
        assert index.describe_index_stats().total_vector_count == 128


FETCH = "__import__('pinecone').Pinecone(api_key='local', host={!r}).index(host={!r}).fetch(ids=[{!r}])"


def test_spawned_processes_and_what_they_give_back(place: tuple[str, str]) -> None:
    # What a spawned process runs must be importable there, as eval is.
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        answers = list(processes.map(eval, [FETCH.format(*place, f"v{n}") for n in range(4)]))
    assert [list(answer.vectors) for answer in answers] == [[f"v{n}"] for n in range(4)]
    assert all(answer.vectors[f"v{n}"].values == [1.0, float(n)] for n, answer in enumerate(answers))


CALLS = {
    "query": lambda index: index.query(vector=[1.0, 2.0], top_k=3),
    "upsert": lambda index: index.upsert(
        vectors=[(f"c{n}", [1.0, 2.0]) for n in range(40)], batch_size=5, show_progress=False
    ),
    "namespaces": lambda index: index.query_namespaces(
        vector=[1.0, 2.0], namespaces=["", "a"], metric="cosine", top_k=2
    ),
}


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("name", CALLS)
def test_cancelled_anywhere(name: str, backend: str, place: tuple[str, str]) -> None:
    url, host = place

    async def scenario() -> None:
        # One connection: a place that a cancelled call kept would be missed at once.
        async with AsyncPinecone(api_key="local", host=url, connection_pool_maxsize=1, timeout=10) as pc:
            index = await pc.index(host=host)
            done = steps = 0
            while not done:
                finished: list[bool] = []

                async def call(finished: list[bool] = finished) -> None:
                    await CALLS[name](index)
                    finished.append(True)

                async with anyio.create_task_group() as group:
                    group.start_soon(call)
                    for _ in range(steps):
                        await anyio.lowlevel.checkpoint()
                    group.cancel_scope.cancel()
                done = len(finished)
                steps += 1 if steps < 60 else steps // 4
                assert (await index.fetch(ids=["v1"])).vectors["v1"].id == "v1"

    anyio.run(scenario, backend=backend)


ENDING = """
import asyncio, sys
from pinecone import AsyncPinecone, Pinecone
url, host = sys.argv[1:]
pc = Pinecone(api_key="local", host=url)
index = pc.index(host=host)
index.query(id="v1", top_k=1)
index.upsert(vectors=[(f"e{n}", [1.0, 2.0]) for n in range(50)], batch_size=5, show_progress=False)
async def use():
    global kept
    kept = AsyncPinecone(api_key="local", host=url)
    await (await kept.index(host=host)).query(id="v1", top_k=1)
asyncio.run(use())
"""


def test_an_interpreter_that_ends_with_open_clients_says_nothing(place: tuple[str, str]) -> None:
    done = subprocess.run([sys.executable, "-c", ENDING, *place], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
