"""Whole flows against the embedded engine: in process and over a socket, in every flavour."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pinecone_core.errors import NotFoundError
from pinecone_core.filters import Field
from pinecone_db import (
    PreviewSchemaBuilder,
    PreviewTextQuery,
    ServerlessSpec,
    SparseValues,
    Vector,
)

from .wire import Bench

SPEC = ServerlessSpec(cloud="aws", region="us-east-1")


def made(bench: Bench, name: str = "films", **options: Any) -> Any:
    bench.run(
        bench.pc.indexes.create(name=name, spec=SPEC, **{"dimension": 2, "metric": "cosine", **options})
    )
    return bench.run(bench.pc.index(name))


def ids(vectors: list[Any]) -> list[str]:
    return [vector.id for vector in vectors]


def test_from_writing_to_reading(bench: Bench) -> None:
    index, run = made(bench), bench.run
    vectors = [Vector(f"v{n:03d}", [1.0, n / 10], metadata={"n": n, "even": n % 2 == 0}) for n in range(250)]
    written = run(index.upsert(vectors=vectors, namespace="a", batch_size=100, show_progress=False))
    assert (written.upserted_count, written.total_batch_count, written.errors) == (250, 3, [])
    assert run(index.describe_index_stats()).namespaces["a"].vector_count == 250

    even = Field("even").is_in([True])
    found = run(index.query(vector=[1, 0], top_k=2, namespace="a", filter=even, include_metadata=True))
    assert ids(found.matches) == ["v000", "v002"]
    assert found.matches[1].metadata == {"n": 2, "even": True}
    assert ids(run(index.query(id="v003", top_k=1, namespace="a")).matches) == ["v003"]

    pages = bench.whole(index.list(namespace="a", prefix="v1", limit=40))
    assert [id_ for page in pages for id_ in page.ids()] == [f"v{n}" for n in range(100, 200)]
    assert bench.whole(index.export(namespace="a")) == vectors
    fetched = run(index.fetch(ids=[vector.id for vector in vectors], namespace="a"))
    assert list(fetched.vectors.values()) == vectors
    assert run(index.upsert(vectors=index.export(namespace="a"), namespace="b")).upserted_count == 250
    assert bench.whole(index.export(namespace="b")) == vectors

    low = {"filter": {"n": {"$lt": 3}}, "namespace": "a", "limit": 2}
    page = run(index.fetch_by_metadata(**low))
    assert (len(page.vectors), page.pagination is None) == (2, False)
    rest = run(index.fetch_by_metadata(**low, pagination_token=page.pagination.next))
    assert {*page.vectors, *rest.vectors} == {"v000", "v001", "v002"}


def test_changes(bench: Bench) -> None:
    index, run = made(bench), bench.run
    run(index.upsert(vectors=[("a", [1.0, 0.0], {"g": "x"}), ("b", [0.0, 1.0], {"g": "x"}), ("c", (1, 1))]))
    run(index.update(id="a", values=[0.5, 0.5], set_metadata={"h": True}))
    vector = run(index.fetch(ids=["a"])).vectors["a"]
    assert (vector.values, vector.metadata) == ([0.5, 0.5], {"g": "x", "h": True})
    change: dict[str, Any] = {"filter": {"g": "x"}, "set_metadata": {"g": "y"}}
    assert run(index.update(**change, dry_run=True)).matched_records == 2
    assert run(index.update(**change)).matched_records == 2
    run(index.delete(filter=Field("g") == "y"))
    assert ids(bench.whole(index.export())) == ["c"]
    run(index.delete(ids=["c", "unknown"]))
    assert bench.whole(index.export()) == []
    run(index.upsert(vectors=[("a", [1.0, 0.0])], namespace="n"))
    run(index.delete(delete_all=True, namespace="n"))
    assert run(index.describe_index_stats()).total_vector_count == 0


def test_namespaces(bench: Bench) -> None:
    index, run = made(bench), bench.run
    for name in ("a", "b", "c"):
        run(index.create_namespace(name=name))
    run(index.upsert(vectors=[("x", [1.0, 0.0])], namespace="b"))
    pages = bench.whole(index.list_namespaces(limit=2))
    assert [item.name for page in pages for item in page] == ["a", "b", "c"]
    assert run(index.describe_namespace(namespace="b")).record_count == 1
    run(index.delete_namespace(name="b"))
    with pytest.raises(NotFoundError):
        run(index.describe_namespace(name="b"))


def test_several_namespaces_and_kinds(bench: Bench) -> None:
    index, run = made(bench, metric="euclidean"), bench.run
    for place, name in enumerate("abc"):
        vectors = [(f"{name}{n}", [float(n + 1), float(place)]) for n in range(5)]
        run(index.upsert(vectors=vectors, namespace=name))
    everywhere: dict[str, Any] = {"namespaces": ["c", "b", "a"], "metric": "euclidean", "top_k": 4}
    assert ids(run(index.query_namespaces(vector=[1.0, 0.0], **everywhere)).matches) == [
        "a0",
        "b0",
        "a1",
        "b1",
    ]

    sparse = made(bench, "words", vector_type="sparse", dimension=None, metric="dotproduct")
    run(sparse.upsert(vectors=[{"id": "s", "sparse_values": SparseValues([3, 9], [0.5, 2.0])}]))
    best = run(sparse.query(sparse_vector={"indices": [9], "values": [1.0]}, top_k=1, include_values=True))
    assert best.matches[0].score == pytest.approx(2.0)
    assert best.matches[0].sparse_values == SparseValues([3, 9], [0.5, 2.0])
    kept = bench.whole(sparse.export())
    assert [vector.sparse_values for vector in kept] == [SparseValues([3, 9], [0.5, 2.0])]
    assert run(sparse.upsert(vectors=sparse.export(), namespace="copy")).upserted_count == 1


def test_a_checkpoint_and_a_wait(bench: Bench, tmp_path: Path) -> None:
    index, run = made(bench), bench.run
    vectors = [(f"{n:04d}", [1.0, float(n)]) for n in range(1500)]
    options: dict[str, Any] = {"batch_size": 100, "checkpoint": tmp_path / "mark", "show_progress": False}

    def broken() -> Iterator[Any]:
        yield from vectors[:900]
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="source broke"):
        run(index.upsert(vectors=broken(), **options))
    before = run(index.describe_index_stats()).total_vector_count
    assert 0 < before <= 900
    assert run(index.upsert(vectors=iter(vectors), **options)).upserted_count == 1500 - before
    assert ids(bench.whole(index.export())) == [id_ for id_, _ in vectors]
    written = run(index.upsert(vectors=[("last", [1.0, 0.0])]))
    run(index.wait_until(written))
    assert pickle.loads(pickle.dumps(written)) == written


def test_records(bench: Bench) -> None:
    run = bench.run
    embed = {"model": "multilingual-e5-large", "field_map": {"text": "body"}}
    run(bench.pc.indexes.create_for_model(name="texts", cloud="aws", region="us-east-1", embed=embed))
    index = run(bench.pc.index("texts"))
    records = [{"_id": "1", "body": "a cat sleeps", "n": 1}, {"_id": "2", "body": "stocks fell", "n": 2}]
    assert run(index.upsert_records(namespace="n", records=records)).record_count == 2
    query: dict[str, Any] = {"namespace": "n", "top_k": 2, "inputs": {"text": "cat"}, "fields": ["body"]}
    found = run(index.search(**query))
    assert found.result.hits[0].fields == {"body": "a cat sleeps"}
    rerank = {"model": "bge-reranker-v2-m3", "rank_fields": ["body"], "top_n": 1}
    assert [hit.id for hit in run(index.search(**query, rerank=rerank)).result.hits] == ["1"]
    low = run(index.search(**query, filter={"n": {"$gt": 1}}))
    assert [hit.id for hit in low.result.hits] == ["2"]


def test_documents(bench: Bench) -> None:
    run, preview = bench.run, bench.pc.preview
    schema = PreviewSchemaBuilder().add_string_field("body", full_text_search=True).build()
    run(preview.indexes.create(name="articles", schema=schema))
    documents = preview.index(name="articles").documents
    many = ({"_id": f"{n:03d}", "body": "a film" if n % 2 else "a song"} for n in range(120))
    assert run(documents.batch_upsert(namespace="n", documents=many, batch_size=50)).success_count == 120
    best = run(
        documents.search(namespace="n", top_k=3, score_by=[PreviewTextQuery(query="film", fields=["body"])])
    )
    assert len(best.matches) == 3
    assert all(int(match.id) % 2 for match in best.matches)
    run(documents.delete(namespace="n", ids=["001"]))
    assert set(run(documents.fetch(namespace="n", ids=["001", "002"])).documents) == {"002"}
    run(preview.indexes.delete("articles"))


def test_an_asynchronous_source(bench: Bench) -> None:
    if bench.flavour == "sync":
        pytest.skip("a source of tasks")
    index = made(bench)

    async def source() -> Any:
        for n in range(250):
            yield (f"{n:03d}", [1.0, float(n)])

    written = bench.run(index.upsert(vectors=source(), batch_size=50, show_progress=False))
    assert written.upserted_count == 250
    later = index.with_options(timeout=5)
    assert len(bench.run(later.query(vector=[1.0, 0.0], top_k=5)).matches) == 5
