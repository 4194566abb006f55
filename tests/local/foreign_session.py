"""A whole session of the official SDK, run in an environment of its own against the server.

Started by test_foreign_client.py as `python foreign_session.py`, with PINECONE_CONTROLLER_HOST set.
"""

# mypy: ignore-errors
from __future__ import annotations

import asyncio

from pinecone import AsyncPinecone, Pinecone, ServerlessSpec

SPEC = ServerlessSpec(cloud="aws", region="us-east-1")


def vectors_by_id(pc):
    pc.create_index(name="demo", dimension=4, metric="cosine", spec=SPEC)
    assert pc.has_index("demo")
    assert pc.list_indexes().names() == ["demo"]
    index = pc.Index("demo")
    upserted = index.upsert(
        vectors=[
            ("a", [1, 0, 0, 0], {"g": "x"}),
            {"id": "b", "values": [0, 1, 0, 0.5], "metadata": {"g": "y", "n": 1}},
        ],
        namespace="n",
    )
    assert upserted.upserted_count == 2
    found = index.query(vector=[1, 0.2, 0, 0], top_k=2, include_metadata=True, namespace="n")
    assert [match.id for match in found.matches] == ["a", "b"]
    assert found.response_info.lsn_reconciled == 1
    found = index.query(vector=[1, 0, 0, 0], top_k=2, namespace="n", filter={"g": {"$in": ["y"]}})
    assert [match.id for match in found.matches] == ["b"]
    assert index.fetch(ids=["a"], namespace="n").vectors["a"].values == [1, 0, 0, 0]
    assert [item.id for page in index.list(namespace="n") for item in page] == ["a", "b"]
    assert index.update(id="a", set_metadata={"q": 1}, namespace="n").response_info.lsn_committed == 2
    assert set(index.fetch_by_metadata(filter={"q": 1}, namespace="n").vectors) == {"a"}
    assert [one.name for one in index.list_namespaces_paginated().namespaces] == ["n"]
    index.delete(ids=["a"], namespace="n")
    assert index.describe_index_stats().total_vector_count == 1


def models(pc):
    parameters = {"input_type": "query"}
    found = pc.inference.embed(model="multilingual-e5-large", inputs=["a"], parameters=parameters)
    assert len(found.data[0].values) == 1024
    ranked = pc.inference.rerank(model="bge-reranker-v2-m3", query="cat", documents=["dog", "cat"])
    assert ranked.data[0].index == 1
    assert len(pc.inference.list_models().models) == 6


def records(pc):
    embed = {"model": "pinecone-sparse-english-v0", "field_map": {"text": "t"}}
    pc.create_index_for_model(name="rec", cloud="aws", region="us-east-1", embed=embed)
    index = pc.Index("rec")
    index.upsert_records(namespace="z", records=[{"_id": "1", "t": "a cat sat"}, {"id": "2", "t": "stocks"}])
    hits = index.search(namespace="z", top_k=2, inputs={"text": "cats"}).result.hits
    assert [hit.id for hit in hits] == ["1"]
    assert len(index.fetch(ids=["1"], namespace="z").vectors["1"].sparse_values.indices) == 2


def control_plane(pc):
    backup = pc.create_backup(index_name="demo", backup_name="b1")
    assert pc.create_index_from_backup(backup_id=backup.backup_id, name="demo2").name == "demo2"
    pc.configure_index("demo", tags={"a": "b"})
    assert pc.describe_index("demo").tags == {"a": "b"}
    for name in ("demo", "rec", "demo2"):
        pc.delete_index(name)
    assert pc.list_indexes().names() == []


async def asynchronously():
    async with AsyncPinecone(api_key="k") as pc:
        await pc.create_index(name="ademo", dimension=2, spec=SPEC)
        index = await pc.index("ademo")
        async with index:
            await index.upsert(vectors=[("a", [1, 0])])
            found = await index.query(vector=[1, 1], top_k=1)
            assert [match.id for match in found.matches] == ["a"]
        await pc.delete_index("ademo")


pc = Pinecone(api_key="k")
vectors_by_id(pc)
models(pc)
records(pc)
control_plane(pc)
asyncio.run(asynchronously())
print("all done")
