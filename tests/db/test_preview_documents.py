"""The preview of documents."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from pinecone_core.config import PineconeConfig
from pinecone_core.errors import NotFoundError, PineconeTypeError, PineconeValueError
from pinecone_core.filters import Field
from pinecone_core.transport import Request
from pinecone_db import (
    AsyncPreviewIndex,
    PreviewDenseVectorQuery,
    PreviewDocument,
    PreviewDocuments,
    PreviewIndex,
    PreviewQueryStringQuery,
    PreviewSparseValues,
    PreviewSparseVectorQuery,
    PreviewTextQuery,
)

from .test_preview_indexes import index, sent
from .wire import FLAVOURS, Bench, Wire

HOST = "https://articles-abc.svc.pinecone.io"
DATA = "db_data_2026-01.alpha.oas.yaml"
FOUND = {
    "matches": [{"_id": "1", "_score": 0.5, "title": "Ran"}],
    "namespace": "n",
    "usage": {"read_units": 5},
}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_documents(flavour: str) -> None:
    bench = Bench(
        flavour,
        Wire(
            (202, {"upserted_count": 1}),
            (200, FOUND),
            (200, {"documents": {"1": {"_id": "1", "title": "Ran"}}, "namespace": "n"}),
            (202, {}),
            (202, {}),
        ),
    )
    documents = bench.pc.preview.index(host=HOST).documents
    written = bench.run(documents.upsert(namespace="a/b", documents=[{"_id": "1", "title": "Ran"}]))
    assert written.upserted_count == 1
    assert written.response_info is not None
    found = bench.run(
        documents.search(
            namespace="n",
            top_k=3,
            score_by=[PreviewQueryStringQuery(query="title:(ran)")],
            include_fields=[],
            filter=Field("year") > 1980,
        )
    )
    assert (found.matches[0].id, found.matches[0].score, found.matches[0].title) == ("1", 0.5, "Ran")
    assert found.usage.read_units == 5
    assert bench.wire.bodies[1] == {
        "top_k": 3,
        "score_by": [{"type": "query_string", "query": "title:(ran)"}],
        "include_fields": [],
        "filter": {"year": {"$gt": 1980}},
    }
    fetched = bench.run(documents.fetch(namespace="n", ids=["1"], include_fields=["title"]))
    assert fetched.documents["1"].title == "Ran"
    assert bench.run(documents.delete(namespace="n", ids=["1"])) is None
    bench.run(documents.delete(namespace="n", delete_all=True))
    assert bench.wire.bodies[2:] == [
        {"ids": ["1"], "include_fields": ["title"]},
        {"ids": ["1"]},
        {"delete_all": True},
    ]
    assert bench.wire.lines == [
        "POST /namespaces/a%2Fb/documents/upsert",
        "POST /namespaces/n/documents/search",
        "POST /namespaces/n/documents/fetch",
        "POST /namespaces/n/documents/delete",
        "POST /namespaces/n/documents/delete",
    ]
    assert {request.origin for request in bench.wire.requests} == {HOST}
    sent(bench.wire, DATA)


def test_score_by() -> None:
    bench = Bench("sync", Wire(*[(200, {})] * 2))
    documents = bench.pc.preview.index(host=HOST).documents
    found = documents.search(
        namespace="n",
        top_k=1,
        score_by=[
            PreviewTextQuery(query="ran", fields=["title"]),
            PreviewDenseVectorQuery(field="v", values=[0.5, 1.0]),
            PreviewSparseVectorQuery(field="s", sparse_values=PreviewSparseValues([1], [0.5])),
            {"type": "text", "query": "x", "field": "y"},
        ],
    )
    assert (found.matches, found.namespace, found.usage) == ([], "", None)
    assert bench.wire.bodies[0]["score_by"] == [
        {"type": "text", "query": "ran", "fields": ["title"]},
        {"type": "dense_vector", "field": "v", "values": [0.5, 1.0]},
        {"type": "sparse_vector", "field": "s", "sparse_values": {"indices": [1], "values": [0.5]}},
        {"type": "text", "query": "x", "field": "y"},
    ]
    documents.search(namespace="n", top_k=1, score_by=PreviewQueryStringQuery(query="x"))
    assert bench.wire.bodies[1]["score_by"] == [{"type": "query_string", "query": "x"}]


def test_the_older_spelling_of_a_text_query() -> None:
    with pytest.warns(DeprecationWarning, match="use fields="):
        query = PreviewTextQuery(query="ran", field="title")
    assert (query.field, query.fields) == (None, ["title"])
    for given in ({}, {"field": "a", "fields": ["a"]}):
        with pytest.raises(ValueError, match="Exactly one of fields and field"):
            PreviewTextQuery(query="ran", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda d: d.upsert(namespace=" ", documents=[{"_id": "1"}]), PineconeValueError, "namespace must"),
        (lambda d: d.upsert(namespace="n", documents=[]), PineconeValueError, "must not be empty"),
        (lambda d: d.upsert(namespace="n", documents={"_id": "1"}), PineconeTypeError, "list of dicts"),
        (
            lambda d: d.upsert(namespace="n", documents=[3]),
            PineconeTypeError,
            r"documents\[0\] must be a dict",
        ),
        (
            lambda d: d.upsert(namespace="n", documents=[{"_id": "1"}, {"id": "2"}]),
            PineconeValueError,
            r"documents\[1\] must have an '_id'",
        ),
        (lambda d: d.upsert(namespace="n", documents=[{"_id": 1}]), PineconeValueError, "non-empty string"),
        (
            lambda d: d.upsert(namespace="n", documents=[{"_id": "1"}, {"_id": "2"}, {"_id": "1"}]),
            PineconeValueError,
            r"documents\[2\]\['_id'\] '1' was given before, at documents\[0\]",
        ),
        (
            lambda d: d.upsert(namespace="n", documents=[{"_id": "1", "a": {1, "b"}, "c": object()}]),
            PineconeTypeError,
            "object has no JSON form",
        ),
        (lambda d: d.search(namespace="n", top_k=0, score_by=[{}]), PineconeValueError, "top_k must be"),
        (lambda d: d.search(namespace="n", top_k=1, score_by=[]), PineconeValueError, "score_by must not"),
        (lambda d: d.search(namespace="n", top_k=1, score_by="x"), PineconeTypeError, "score_by must be"),
        (
            lambda d: d.search(namespace="n", top_k=1, score_by=[{}], include_fields="title"),
            PineconeTypeError,
            "include_fields must be a list",
        ),
        (lambda d: d.fetch(namespace="n"), PineconeValueError, "ids must not be empty"),
        (lambda d: d.fetch(namespace="n", ids=["a", 1]), PineconeTypeError, r"ids\[1\] must be a string"),
        (lambda d: d.delete(namespace="n"), PineconeValueError, "got none"),
        (lambda d: d.delete(namespace="n", ids=[]), PineconeValueError, "pass delete_all=True"),
        (lambda d: d.delete(namespace="n", ids=["a"], delete_all=True), PineconeValueError, "got both"),
    ],
)
def test_refusing(call: Any, kind: type[Exception], words: str) -> None:
    bench = Bench("sync", Wire())
    with pytest.raises(kind, match=words):
        call(bench.pc.preview.index(host=HOST).documents)
    assert not bench.wire.requests


# ---- handles --------------------------------------------------------------------------------


def test_a_name_is_resolved_at_once_where_calls_block() -> None:
    bench = Bench("sync", Wire((200, index()), (404, {}), (200, index(host=None))))
    handle = bench.pc.preview.index(name="articles")
    assert (handle.host, repr(handle)) == (HOST, f"PreviewIndex(host='{HOST}')")
    assert bench.pc.preview.index(name="articles").host == HOST
    assert bench.wire.lines == ["GET /indexes/articles"]
    with pytest.raises(NotFoundError):
        bench.pc.preview.index(name="films")
    with pytest.raises(PineconeValueError, match="does not yet have a host"):
        bench.pc.preview.index(name="young")


@pytest.mark.parametrize("flavour", ["asyncio", "trio"])
def test_a_name_is_resolved_at_the_first_call_where_they_are_awaited(flavour: str) -> None:
    bench = Bench(flavour, Wire((200, index()), (202, {}), (202, {})))
    handle = bench.pc.preview.index(name="articles")
    assert repr(handle) == "AsyncPreviewIndex(host=None)"
    with pytest.raises(RuntimeError, match=r"await index\.resolve\(\)"):
        assert handle.host
    assert not bench.wire.requests
    for _ in range(2):
        bench.run(handle.documents.delete(namespace="n", ids=["1"]))
    assert handle.host == HOST
    assert bench.wire.lines[0] == "GET /indexes/articles"
    assert len(bench.wire.requests) == 3


def test_exactly_one_of_name_and_host() -> None:
    preview = Bench("sync", Wire()).pc.preview
    for given in ({}, {"name": "a", "host": "b.c"}):
        with pytest.raises(PineconeValueError, match="Exactly one of 'name' or 'host'"):
            preview.index(**given)
    with pytest.raises(PineconeValueError, match="host must be a non-empty string"):
        preview.index(host="")
    with pytest.raises(PineconeValueError, match="name must be a non-empty string"):
        preview.index(name="")


def test_a_host_that_fails_is_asked_for_again() -> None:
    bench = Bench("sync", Wire((200, index()), (404, {}), (200, index())))
    with pytest.raises(NotFoundError):
        bench.pc.preview.index(name="articles").documents.fetch(namespace="n", ids=["1"])
    bench.pc.preview.index(name="articles")
    assert bench.wire.lines[-1] == "GET /indexes/articles"


def test_handles_of_their_own() -> None:
    config = PineconeConfig(api_key="key-1234")
    for handle in (
        PreviewIndex(HOST, config),
        PreviewIndex(host=HOST, config=config),
        AsyncPreviewIndex(config, HOST),
    ):
        assert handle.host == HOST
    with PreviewIndex(HOST, config) as index_handle:
        assert index_handle.documents is index_handle.documents
    assert repr(PreviewDocuments(config=config, host=HOST)) == "PreviewDocuments()"
    with pytest.raises(PineconeTypeError, match="config is missing"):
        PreviewIndex(HOST)
    with pytest.raises(PineconeTypeError, match="got int"):
        PreviewIndex(3, config)  # type: ignore[arg-type]
    assert pickle.loads(pickle.dumps(PreviewIndex(HOST, config))).host == HOST


# ---- models ---------------------------------------------------------------------------------


def test_a_document() -> None:
    document = PreviewDocument({"_id": "1", "_score": 1, "title": "Ran", "id": "x", "get": 3})
    assert (document.id, document._id, document.score, document._score) == ("1", "1", 1.0, 1.0)
    assert (document.title, document.get("id"), document.get("get")) == ("Ran", "x", 3)
    assert document["id"] == "x"
    assert "title" in document
    assert repr(document) == "PreviewDocument(_id='1', score=1.0, ...)"
    assert document.to_json() == '{"_id":"1","_score":1,"title":"Ran","id":"x","get":3}'
    assert copy.deepcopy(document) == pickle.loads(pickle.dumps(document)) == document
    assert document != PreviewDocument({"_id": "1"})
    with pytest.raises(AttributeError, match="no field 'year'"):
        assert document.year
    with pytest.raises(AttributeError):
        document.year = 3  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="no '_id'"):
        assert PreviewDocument({}).id
    assert repr(PreviewDocument({"_id": 5})) == "PreviewDocument(_id=5, score=None)"


def test_responses_look_well() -> None:
    bench = Bench("sync", Wire((200, FOUND), (200, {"documents": {"1": {"_id": "1"}}, "namespace": "n"})))
    documents = bench.pc.preview.index(host=HOST).documents
    found = documents.search(namespace="n", top_k=1, score_by=[{"type": "query_string", "query": "x"}])
    assert repr(found) == "SearchResponse(matches=1, namespace='n', usage=PreviewUsage(read_units=5))"
    assert "0.5" in found._repr_html_()
    assert found.to_dict()["matches"] == FOUND["matches"]
    fetched = documents.fetch(namespace="n", ids=["1"])
    assert repr(fetched) == "FetchResponse(documents=1, namespace='n', usage=None)"
    assert fetched.to_dict()["documents"] == {"1": {"_id": "1"}}


# ---- many documents -------------------------------------------------------------------------


def many(count: int) -> list[dict[str, Any]]:
    return [{"_id": str(number), "n": number} for number in range(count)]


def ids_in(bench: Bench) -> list[list[str]]:
    return [[document["_id"] for document in body["documents"]] for body in bench.wire.bodies]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_many_documents(flavour: str) -> None:
    bench = Bench(flavour, Wire(by=lambda request: (202, {"upserted_count": 2})))
    documents = bench.pc.preview.index(host=HOST).documents
    seen: list[int] = []
    result = bench.run(
        documents.batch_upsert(
            namespace="n",
            documents=iter(many(5)),
            batch_size=2,
            max_concurrency=2,
            on_progress=lambda progress: seen.append(progress.items),
        )
    )
    assert sorted(found for batch in ids_in(bench) for found in batch) == ["0", "1", "2", "3", "4"]
    assert sorted(map(len, ids_in(bench))) == [1, 2, 2]
    assert repr(result) == "BatchResult(SUCCESS: 5/5 items, 3/3 batches)"
    assert seen[-1] == 5
    sent(bench.wire, DATA)


@pytest.mark.parametrize("flavour", ["asyncio", "trio"])
def test_many_documents_from_an_asynchronous_source(flavour: str) -> None:
    async def source() -> Any:
        for document in many(3):
            yield document

    bench = Bench(flavour, Wire((200, index()), (202, {"upserted_count": 3})))
    documents = bench.pc.preview.index(name="articles").documents
    result = bench.run(documents.batch_upsert(namespace="n", documents=source()))
    assert result.success_count == 3
    assert bench.wire.lines == ["GET /indexes/articles", "POST /namespaces/n/documents/upsert"]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_host_that_asks_to_slow_down_is_remembered(flavour: str) -> None:
    busy = 1

    def answer(request: Request) -> tuple[int, Any]:
        nonlocal busy
        busy -= 1
        return (429, {"message": "slow down"}) if busy >= 0 else (202, {"upserted_count": 1})

    bench = Bench(flavour, Wire(by=answer))
    index = bench.pc.preview.index(host=HOST)
    pace = index.documents._executor.at(HOST).pace
    before = pace.limit
    result = bench.run(index.documents.batch_upsert(namespace="n", documents=many(4), batch_size=1))
    assert result.failed_item_count == 1
    assert pace.limit < before
    assert bench.pc.preview.index(host=HOST).documents._executor.at(HOST).pace is pace


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_failed_batch_does_not_stop_the_others(flavour: str) -> None:
    def answer(request: Request) -> tuple[int, Any]:
        return (
            (400, {"message": "no"}) if b'"_id":"2"' in body_bytes(request) else (202, {"upserted_count": 2})
        )

    bench = Bench(flavour, Wire(by=answer))
    documents = bench.pc.preview.index(host=HOST).documents
    given = [*many(6), {"_id": "5", "n": 6}]
    result = bench.run(documents.batch_upsert(namespace="n", documents=given, batch_size=2))
    assert (result.total_item_count, result.success_count, result.error_count) == (7, 5, 2)
    assert (result.total_batch_count, result.failed_batch_count) == (4, 1)
    assert result.failed_items == given[2:4]
    assert "PARTIAL FAILURE: 5/7 items, 3/4 batches" in repr(result)
    assert "(1 batch)" in repr(result)
    assert result.to_dict()["errors"][0]["batch_index"] == 1
    assert "[400] no" in result.to_json()


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_no_bar_where_there_is_no_terminal(flavour: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    bench = Bench(flavour, Wire(by=lambda request: (202, {"upserted_count": 2})))
    documents = bench.pc.preview.index(host=HOST).documents
    bench.run(documents.batch_upsert(namespace="n", documents=many(6), batch_size=2))
    assert capsys.readouterr() == ("", "")


def body_bytes(request: Request) -> bytes:
    assert isinstance(request.body, bytes)
    return request.body


def test_what_is_wrong_with_many_documents() -> None:
    bench = Bench("sync", Wire(by=lambda request: (202, {"upserted_count": 1})))
    documents = bench.pc.preview.index(host=HOST).documents
    twice = documents.batch_upsert(namespace="n", documents=[{"_id": "1"}, {"_id": "1"}])
    assert "documents[1]['_id'] '1' was given before, at documents[0]" in twice.errors[0].error_message
    assert not bench.wire.requests
    with pytest.raises(PineconeValueError, match=r"documents\[1\] must have an '_id'"):
        documents.batch_upsert(namespace="n", documents=[{"_id": "1"}, {}])
    for options, words in [
        ({"batch_size": 0}, "batch_size must be between 1 and 1000"),
        ({"max_concurrency": 65}, "max_concurrency must be between 1 and 64"),
        ({"max_concurrency": 1, "max_workers": 2}, "pass only one of them"),
        ({"concurrency": 1}, "unexpected keyword arguments: concurrency"),
    ]:
        with pytest.raises(PineconeValueError, match=words):
            documents.batch_upsert(namespace="n", documents=[], **options)
    empty = documents.batch_upsert(namespace="n", documents=[], max_workers=2)
    assert (empty.total_batch_count, empty.has_errors) == (0, False)
