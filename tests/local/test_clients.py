"""Every data operation through this SDK's own clients: in process and over a socket, in every flavour."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

import pytest

from pinecone_local import LocalEngine, LocalServer

pytest.importorskip("pinecone_db")

from pinecone_db import AsyncPineconeDB, PineconeDB
from pinecone_inference import AsyncInference, Inference

SPEC = {"serverless": {"cloud": "aws", "region": "us-east-1"}}

Do = Callable[[Any], Awaitable[Any]]


async def whole(value: Any) -> Any:
    """Await what is awaitable, and read listings of either flavour to their end."""
    if inspect.isawaitable(value):
        value = await value
    if hasattr(value, "__aiter__"):
        return [item async for item in value]
    return list(value) if inspect.isgenerator(value) else value


async def session(pc: Any, inference: Any) -> None:
    do = whole
    await do(pc.indexes.create(name="demo", dimension=3, metric="dotproduct", spec=SPEC))
    assert [one.name for one in await do(pc.indexes.list())] == ["demo"]
    assert (await do(pc.indexes.describe("demo"))).status.ready
    index = await do(pc.index("demo"))
    await vectors(index, do)
    await namespaces(index, do)
    await do(index.close())
    await records(pc, do)
    parameters = {"input_type": "query"}
    found = await do(inference.embed(model="multilingual-e5-large", inputs=["a"], parameters=parameters))
    assert len(found.data[0].values) == 1024
    ranked = await do(inference.rerank(model="bge-reranker-v2-m3", query="cat", documents=["dog", "cat"]))
    assert ranked.data[0].index == 1
    for name in ("demo", "texts"):
        await do(pc.indexes.delete(name))
    assert [one.name for one in await do(pc.indexes.list())] == []


async def vectors(index: Any, do: Do) -> None:
    many = [(f"v{i:03}", [1.0, i / 100, 0.5], {"even": i % 2 == 0}) for i in range(250)]
    upserted = await do(index.upsert(vectors=many, batch_size=100, show_progress=False))
    assert upserted.upserted_count == 250
    sparse = {"indices": [7], "values": [100.0]}
    written = await do(index.upsert(vectors=[{"id": "s", "values": [0, 0, 1], "sparse_values": sparse}]))
    await do(index.wait_until(written))
    found = await do(index.query(vector=[0, 1, 0], top_k=2, filter={"even": True}, include_metadata=True))
    assert [match.id for match in found.matches] == ["v248", "v246"]
    assert found.matches[0].metadata == {"even": True}
    found = await do(index.query(vector=[0, 0, 1], sparse_vector={"indices": [7], "values": [1]}, top_k=1))
    assert found.matches[0].score == 101
    assert set((await do(index.fetch(ids=["v001", "none"]))).vectors) == {"v001"}
    pages = await do(index.list(prefix="v"))
    assert [item.id for page in pages for item in page.vectors] == [id_ for id_, *_ in many]
    await do(index.update(id="v001", values=[9, 9, 9], set_metadata={"new": 1}))
    changed = (await do(index.fetch_by_metadata(filter={"new": 1}))).vectors
    assert list(changed["v001"].values) == [9, 9, 9]
    assert (await do(index.update(filter={"even": True}, set_metadata={"x": 1}))).matched_records == 125
    await do(index.delete(filter={"even": False}))
    await do(index.delete(ids=["s"]))
    assert (await do(index.describe_index_stats())).total_vector_count == 125
    await do(index.delete(delete_all=True))


async def namespaces(index: Any, do: Do) -> None:
    await do(index.create_namespace(name="n", schema={"fields": {"k": {"filterable": True}}}))
    assert (await do(index.describe_namespace(name="n"))).record_count == 0
    listed = await do(index.list_namespaces_paginated(prefix="n"))
    assert [one.name for one in listed.namespaces] == ["n"]
    await do(index.delete_namespace(name="n"))


async def records(pc: Any, do: Do) -> None:
    embed: Any = {"model": "multilingual-e5-large", "field_map": {"text": "text"}}
    from pinecone_db import IntegratedSpec

    await do(
        pc.indexes.create(name="texts", spec=IntegratedSpec(cloud="aws", region="us-east-1", embed=embed))
    )
    index = await do(pc.index("texts"))
    texts = [{"_id": "cat", "text": "a cat on a sofa"}, {"_id": "car", "text": "a fast car"}]
    await do(index.upsert_records(namespace="n", records=texts))
    found = await do(index.search(namespace="n", top_k=1, inputs={"text": "the cat"}))
    assert [hit.id for hit in found.result.hits] == ["cat"]
    await do(index.close())


def run_to_the_end(work: Any) -> None:
    """Run a coroutine that never really waits."""
    with pytest.raises(StopIteration):
        work.send(None)


@pytest.fixture(params=["in process", "over a socket"])
def options(request: pytest.FixtureRequest, engine: LocalEngine):
    with ExitStack() as stack:
        if request.param == "in process":
            yield {"api_key": "any", "transport": engine.transport()}
        else:
            server = stack.enter_context(LocalServer(engine, api_keys=["right"]))
            yield {"api_key": "right", "host": server.url}


def test_blocking(options):
    with PineconeDB(**options) as pc, Inference(**options) as inference:
        run_to_the_end(session(pc, inference))


@pytest.mark.anyio
async def test_asynchronous(options):
    async with AsyncPineconeDB(**options) as pc, AsyncInference(**options) as inference:
        await session(pc, inference)
