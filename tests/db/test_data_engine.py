"""Whole flows against the embedded engine."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from pinecone_core.errors import NotFoundError
from pinecone_core.filters import Field
from pinecone_db import AsyncPineconeDB, PineconeDB, ServerlessSpec, SparseValues, Vector

local = pytest.importorskip("pinecone_local")


@pytest.fixture
def engine() -> Iterator[Any]:
    with local.LocalEngine() as engine:
        yield engine


def made(engine: Any, name: str = "films", **options: Any) -> Any:
    pc = PineconeDB(api_key="local", transport=engine.transport())
    settings: dict[str, Any] = {"dimension": 2, "metric": "cosine", **options}
    pc.create_index(name, ServerlessSpec(cloud="aws", region="us-east-1"), **settings)
    return pc.index(name)


def test_from_writing_to_reading(engine: Any) -> None:
    index = made(engine)
    vectors = [Vector(f"v{n:03d}", [1.0, n / 10], metadata={"n": n, "even": n % 2 == 0}) for n in range(250)]
    written = index.upsert(vectors=vectors, namespace="a", batch_size=100, show_progress=False)
    assert (written.upserted_count, written.total_batch_count, written.errors) == (250, 3, [])
    assert index.describe_index_stats().namespaces["a"].vector_count == 250

    found = index.query(
        vector=[1.0, 0.0],
        top_k=2,
        namespace="a",
        filter=Field("even").is_in([True]),
        include_metadata=True,
    )
    assert [match.id for match in found.matches] == ["v000", "v002"]
    assert found.matches[1].metadata == {"n": 2, "even": True}
    assert [match.id for match in index.query(id="v003", top_k=1, namespace="a").matches] == ["v003"]

    assert [id_ for page in index.list(namespace="a", prefix="v1", limit=40) for id_ in page.ids()] == [
        f"v{n}" for n in range(100, 200)
    ]
    exported = list(index.export(namespace="a"))
    assert exported == vectors
    assert list(index.fetch(ids=[vector.id for vector in vectors], namespace="a").vectors.values()) == vectors
    assert index.upsert(vectors=index.export(namespace="a"), namespace="b").upserted_count == 250
    assert list(index.export(namespace="b")) == vectors

    page = index.fetch_by_metadata(filter={"n": {"$lt": 3}}, namespace="a", limit=2)
    assert len(page.vectors) == 2
    assert page.pagination is not None
    rest = index.fetch_by_metadata(
        filter={"n": {"$lt": 3}}, namespace="a", limit=2, pagination_token=page.pagination.next
    )
    assert {*page.vectors, *rest.vectors} == {"v000", "v001", "v002"}


def test_changes(engine: Any) -> None:
    index = made(engine)
    index.upsert(vectors=[("a", [1.0, 0.0], {"g": "x"}), ("b", [0.0, 1.0], {"g": "x"}), ("c", (1, 1))])
    index.update(id="a", values=[0.5, 0.5], set_metadata={"h": True})
    vector = index.fetch(ids=["a"]).vectors["a"]
    assert (vector.values, vector.metadata) == ([0.5, 0.5], {"g": "x", "h": True})
    assert index.update(filter={"g": "x"}, set_metadata={"g": "y"}, dry_run=True).matched_records == 2
    assert index.update(filter={"g": "x"}, set_metadata={"g": "y"}).matched_records == 2
    index.delete(filter=Field("g") == "y")
    assert [vector.id for vector in index.export()] == ["c"]
    index.delete(ids=["c", "unknown"])
    assert list(index.export()) == []
    index.upsert(vectors=[("a", [1.0, 0.0])], namespace="n")
    index.delete(delete_all=True, namespace="n")
    assert index.describe_index_stats().total_vector_count == 0


def test_namespaces(engine: Any) -> None:
    index = made(engine)
    for name in ("a", "b", "c"):
        index.create_namespace(name=name)
    index.upsert(vectors=[("x", [1.0, 0.0])], namespace="b")
    assert [item.name for page in index.list_namespaces(limit=2) for item in page] == ["a", "b", "c"]
    assert index.describe_namespace(namespace="b").record_count == 1
    index.delete_namespace(name="b")
    with pytest.raises(NotFoundError):
        index.describe_namespace(name="b")


def test_several_namespaces_and_kinds(engine: Any) -> None:
    index = made(engine, metric="euclidean")
    for place, name in enumerate("abc"):
        index.upsert(vectors=[(f"{name}{n}", [float(n + 1), float(place)]) for n in range(5)], namespace=name)
    found = index.query_namespaces(vector=[1.0, 0.0], namespaces=["c", "b", "a"], metric="euclidean", top_k=4)
    assert [match.id for match in found.matches] == ["a0", "b0", "a1", "b1"]

    sparse = made(engine, "words", vector_type="sparse", dimension=None, metric="dotproduct")
    sparse.upsert(vectors=[{"id": "s", "sparse_values": SparseValues([3, 9], [0.5, 2.0])}])
    best = sparse.query(sparse_vector={"indices": [9], "values": [1.0]}, top_k=1, include_values=True)
    assert best.matches[0].score == pytest.approx(2.0)
    assert best.matches[0].sparse_values == SparseValues([3, 9], [0.5, 2.0])
    assert [vector.sparse_values for vector in sparse.export()] == [SparseValues([3, 9], [0.5, 2.0])]
    assert sparse.upsert(vectors=sparse.export(), namespace="copy").upserted_count == 1


def test_a_checkpoint_and_a_wait(engine: Any, tmp_path: Path) -> None:
    index = made(engine)
    path = tmp_path / "mark"
    vectors = [(f"{n:04d}", [1.0, float(n)]) for n in range(1500)]

    def broken() -> Iterator[Any]:
        yield from vectors[:900]
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="source broke"):
        index.upsert(vectors=broken(), batch_size=100, checkpoint=path, show_progress=False)
    before = index.describe_index_stats().total_vector_count
    assert 0 < before <= 900
    response = index.upsert(vectors=iter(vectors), batch_size=100, checkpoint=path, show_progress=False)
    assert response.upserted_count == 1500 - before
    assert [vector.id for vector in index.export()] == [id_ for id_, _ in vectors]
    written = index.upsert(vectors=[("last", [1.0, 0.0])])
    if written.response_info.lsn_committed is not None:
        index.wait_until(written)
    assert pickle.loads(pickle.dumps(written)) == written


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_tasks(engine: Any, backend: str) -> None:
    made(engine)

    async def main() -> None:
        async with AsyncPineconeDB(api_key="local", transport=engine.transport()) as pc:
            index = await pc.index("films")

            async def source() -> Any:
                for n in range(250):
                    yield (f"{n:03d}", [1.0, float(n)])

            written = await index.upsert(vectors=source(), batch_size=50, show_progress=False)
            assert written.upserted_count == 250
            assert [vector.id async for vector in index.export()] == [f"{n:03d}" for n in range(250)]
            assert (await index.upsert(vectors=index.export(), namespace="b")).upserted_count == 250
            later = index.with_options(timeout=5)
            assert len((await later.query(vector=[1.0, 0.0], top_k=5)).matches) == 5

    anyio.run(main, backend=backend)
