"""What the data plane sends, checked against the API description, and how it reads the answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core.errors import (
    NotFoundError,
    PineconeTimeoutError,
    PineconeTypeError,
    PineconeValueError,
)
from pinecone_core.filters import Field
from pinecone_core.response_info import ResponseInfo
from pinecone_core.transport import Request, Response
from pinecone_db import (
    QueryResponse,
    QueryResultsAggregator,
    QueryResultsAggregatorInvalidTopKError,
    ScoredVector,
    SearchQueryVector,
    SearchRerank,
    SparseValues,
)
from pinecone_db.models import imports, namespaces, responses, search

from .openapi import described
from .test_control_models import read
from .wire import FLAVOURS, Bench, Wire, body_of, headers_of

HOST = "https://movies-abc.svc.pinecone.io"
CONTRACT = "db_data_2025-10.oas.yaml"
JOB = {"id": "7", "uri": "s3://b/f/", "status": "Pending", "createdAt": "2026-01-01T00:00:00Z"}


class Handle:
    """An index handle over a scripted wire."""

    def __init__(self, flavour: str, wire: Any, **options: Any) -> None:
        self.bench = Bench(flavour, wire, **options)
        self.wire = wire
        self.index: Any = self.bench.run(self.bench.pc.index(host=HOST))

    def call(self, name: str, /, *args: Any, **arguments: Any) -> Any:
        return self.bench.run(getattr(self.index, name)(*args, **arguments))

    def walk(self, name: str, /, **arguments: Any) -> list[Any]:
        return self.bench.whole(getattr(self.index, name)(**arguments))


class Headed(Wire):
    """A wire whose answers have headers."""

    def __init__(self, *answers: Any, headers: list[dict[str, str]]) -> None:
        super().__init__(*answers)
        self.headers = headers

    def send(self, request: Request) -> Response:
        found = super().send(request)
        found.headers.update(self.headers.pop(0))
        return found


def checked(wire: Wire) -> None:
    """Check every request against the API description."""
    contract = described(CONTRACT)
    for request in wire.requests:
        headers = headers_of(request)
        assert request.origin == HOST
        assert headers["x-pinecone-api-version"] == contract.version
        assert headers["api-key"] == "key-1234"
        if headers.get("content-type") == "application/x-ndjson":
            assert isinstance(request.body, bytes)
            lines = [json.loads(line) for line in request.body.splitlines()]
            contract.check_request(request.method, request.target, headers, lines)
        else:
            contract.check_request(request.method, request.target, headers, body_of(request))


CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any], Any, str, Any]] = [
    # method, positional, keywords, answer, request line, body
    (
        "upsert",
        (),
        {"vectors": [("a", [0.5], {"g": "x"})], "namespace": "n"},
        {"upsertedCount": 1},
        "POST /vectors/upsert",
        {"vectors": [{"id": "a", "values": [0.5], "metadata": {"g": "x"}}], "namespace": "n"},
    ),
    (
        "query",
        (),
        {
            "top_k": 3,
            "vector": [0.5, 1],
            "sparse_vector": SparseValues([1], [0.5]),
            "namespace": "n",
            "filter": Field("year") > 1980,
            "include_values": True,
            "include_metadata": True,
            "scan_factor": 2.0,
            "max_candidates": 100,
        },
        {},
        "POST /query",
        {
            "topK": 3,
            "includeValues": True,
            "includeMetadata": True,
            "vector": [0.5, 1],
            "sparseVector": {"indices": [1], "values": [0.5]},
            "namespace": "n",
            "filter": {"year": {"$gt": 1980}},
            "scanFactor": 2.0,
            "maxCandidates": 100,
        },
    ),
    (
        "query",
        (),
        {"top_k": 1, "id": "a"},
        {},
        "POST /query",
        {"topK": 1, "includeValues": False, "includeMetadata": False, "id": "a"},
    ),
    ("fetch", (), {"ids": ["a", "b&c"]}, {}, "GET /vectors/fetch?ids=a&ids=b%26c", None),
    ("fetch", (), {"ids": "a", "namespace": "n"}, {}, "GET /vectors/fetch?ids=a&namespace=n", None),
    (
        "fetch_by_metadata",
        (),
        {"filter": {"g": "x"}, "namespace": "n", "limit": 5, "pagination_token": "t"},
        {},
        "POST /vectors/fetch_by_metadata",
        {"filter": {"g": "x"}, "namespace": "n", "limit": 5, "paginationToken": "t"},
    ),
    ("list_paginated", (), {}, {}, "GET /vectors/list?namespace=", None),
    (
        "list_paginated",
        (),
        {"prefix": "d#", "limit": 5, "pagination_token": "t", "namespace": "n"},
        {},
        "GET /vectors/list?namespace=n&prefix=d%23&limit=5&paginationToken=t",
        None,
    ),
    ("describe_index_stats", (), {}, {}, "POST /describe_index_stats", {}),
    (
        "describe_index_stats",
        (),
        {"filter": {"g": "x"}},
        {},
        "POST /describe_index_stats",
        {"filter": {"g": "x"}},
    ),
    ("delete", (), {"ids": ["a"]}, {}, "POST /vectors/delete", {"namespace": "", "ids": ["a"]}),
    (
        "delete",
        (),
        {"delete_all": True, "namespace": "n"},
        {},
        "POST /vectors/delete",
        {"namespace": "n", "deleteAll": True},
    ),
    (
        "delete",
        (),
        {"filter": {"g": "x"}},
        {},
        "POST /vectors/delete",
        {"namespace": "", "filter": {"g": "x"}},
    ),
    (
        "update",
        (),
        {"id": "a", "values": (1, 2), "sparse_values": {"indices": [1], "values": [0.5]}},
        {},
        "POST /vectors/update",
        {"namespace": "", "id": "a", "values": [1, 2], "sparseValues": {"indices": [1], "values": [0.5]}},
    ),
    (
        "update",
        (),
        {"filter": {"g": "x"}, "set_metadata": {"g": "y"}, "dry_run": True, "namespace": "n"},
        {"matchedRecords": 4},
        "POST /vectors/update",
        {"namespace": "n", "filter": {"g": "x"}, "setMetadata": {"g": "y"}, "dryRun": True},
    ),
    (
        "search",
        (),
        {
            "namespace": "a/b",
            "top_k": 3,
            "inputs": {"text": "mars"},
            "filter": {"g": "x"},
            "fields": ["text"],
            "rerank": SearchRerank(model="m", rank_fields=["text"], top_n=2),
            "match_terms": {"strategy": "all", "terms": ["mars"]},
        },
        {"result": {"hits": []}, "usage": {"read_units": 1}},
        "POST /records/namespaces/a%2Fb/search",
        {
            "query": {
                "top_k": 3,
                "inputs": {"text": "mars"},
                "filter": {"g": "x"},
                "match_terms": {"strategy": "all", "terms": ["mars"]},
            },
            "fields": ["text"],
            "rerank": {"model": "m", "rank_fields": ["text"], "top_n": 2},
        },
    ),
    (
        "search_records",
        (),
        {"namespace": "n", "top_k": 1, "vector": (0.5, 1)},
        {"result": {"hits": []}, "usage": {"read_units": 1}},
        "POST /records/namespaces/n/search",
        {"query": {"top_k": 1, "vector": {"values": [0.5, 1.0]}}},
    ),
    (
        "search",
        (),
        {
            "namespace": "n",
            "top_k": 1,
            "vector": SearchQueryVector(sparse_indices=[1], sparse_values=[0.5]),
        },
        {"result": {"hits": []}, "usage": {"read_units": 1}},
        "POST /records/namespaces/n/search",
        {"query": {"top_k": 1, "vector": {"sparse_values": [0.5], "sparse_indices": [1]}}},
    ),
    (
        "search",
        (),
        {"namespace": "n", "top_k": 1, "id": "a"},
        {"result": {"hits": []}, "usage": {"read_units": 1}},
        "POST /records/namespaces/n/search",
        {"query": {"top_k": 1, "id": "a"}},
    ),
    (
        "create_namespace",
        (),
        {"name": "n", "schema": {"fields": {"g": {"filterable": True}}}},
        {"name": "n"},
        "POST /namespaces",
        {"name": "n", "schema": {"fields": {"g": {"filterable": True}}}},
    ),
    ("describe_namespace", (), {"name": "a/b"}, {"name": "a/b"}, "GET /namespaces/a%2Fb", None),
    ("describe_namespace", (), {"namespace": "n"}, {"name": "n"}, "GET /namespaces/n", None),
    ("delete_namespace", (), {"name": ".."}, {}, "DELETE /namespaces/%2E%2E", None),
    ("delete_namespace", (), {"namespace": "n"}, {}, "DELETE /namespaces/n", None),
    ("list_namespaces_paginated", (), {}, {}, "GET /namespaces", None),
    (
        "list_namespaces_paginated",
        (),
        {"prefix": "p", "limit": 2, "pagination_token": "t"},
        {},
        "GET /namespaces?prefix=p&limit=2&paginationToken=t",
        None,
    ),
    ("start_import", ("s3://b/f/",), {}, {"id": "7"}, "POST /bulk/imports", {"uri": "s3://b/f/"}),
    (
        "start_import",
        ("s3://b/f/",),
        {"error_mode": "ABORT", "integration_id": "i"},
        {"id": "7"},
        "POST /bulk/imports",
        {"uri": "s3://b/f/", "errorMode": {"onError": "abort"}, "integrationId": "i"},
    ),
    (
        "start_import",
        ("s3://b/f/",),
        {"error_mode": imports.ImportErrorMode.CONTINUE},
        {"id": "7"},
        "POST /bulk/imports",
        {"uri": "s3://b/f/", "errorMode": {"onError": "continue"}},
    ),
    ("describe_import", (7,), {}, JOB, "GET /bulk/imports/7", None),
    ("cancel_import", ("a/b",), {}, {}, "DELETE /bulk/imports/a%2Fb", None),
    (
        "list_imports_paginated",
        (),
        {"limit": 2, "pagination_token": "t"},
        {"data": [JOB]},
        "GET /bulk/imports?limit=2&paginationToken=t",
        None,
    ),
]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_method(flavour: str) -> None:
    wire = Wire(*[(200, call[3]) for call in CALLS])
    handle = Handle(flavour, wire)
    for name, args, keywords, _, line, body in CALLS:
        handle.call(name, *args, **keywords)
        assert wire.lines[-1] == line
        assert body_of(wire.requests[-1]) == body
    checked(wire)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_records(flavour: str) -> None:
    wire = Headed((201, None), headers=[{"x-pinecone-request-lsn": "5"}])
    seen: list[int] = []
    handle = Handle(flavour, wire)
    handle.index = handle.index.with_options(on_response=lambda response: seen.append(response.status))
    given = [{"id": "1", "text": "a"}, {"_id": "2", "id": "x", "text": "b"}]
    stored = handle.call("upsert_records", namespace="a b", records=given)
    assert stored.record_count == 2
    assert stored.response_info.lsn_committed == 5
    assert seen == [201]  # what the caller listens with is still told
    assert given[0] == {"id": "1", "text": "a"}
    assert wire.lines == ["POST /records/namespaces/a%20b/upsert"]
    assert wire.requests[0].body == b'{"text":"a","_id":"1"}\n{"_id":"2","text":"b"}\n'
    checked(wire)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_arrays_are_taken_wherever_vectors_are(flavour: str) -> None:
    numpy = pytest.importorskip("numpy")
    dense, sparse = numpy.array([0.1, 1], "f4"), SparseValues(numpy.array([1, 7]), numpy.array([0.5, 0.25]))
    mapping = {"indices": numpy.array([1, 7]), "values": numpy.array([0.5, 0.25])}
    wire = Wire(by=lambda request: (200, {"result": {"hits": []}, "usage": {"read_units": 1}}))
    handle = Handle(flavour, wire)
    handle.call("query", top_k=1, vector=dense, sparse_vector=sparse)
    handle.call("query", top_k=1, sparse_vector=mapping)
    handle.call("update", id="a", values=dense, sparse_values=mapping)
    handle.call("search", namespace="n", top_k=1, vector=dense)
    handle.call("query_namespaces", vector=dense, namespaces=["n"], metric="cosine")
    lists = {"indices": [1, 7], "values": [0.5, 0.25]}
    first, second, third, fourth, fifth = wire.bodies
    assert (first["vector"], first["sparseVector"], second["sparseVector"]) == ([0.1, 1.0], lists, lists)
    assert (third["values"], third["sparseValues"]) == ([0.1, 1.0], lists)
    assert (fourth["query"]["vector"], fifth["vector"]) == ({"values": [0.1, 1.0]}, [0.1, 1.0])
    checked(wire)


def test_answers_that_leave_things_out() -> None:
    assert read({"matches": [{"id": "a"}]}, QueryResponse).matches[0].score == 0.0
    stats = read({"memory_fullness": 0.5, "storage_fullness": 0.25}, responses.DescribeIndexStatsResponse)
    assert (stats.memory_fullness, stats.storage_fullness) == (0.5, 0.25)
    found = read({"matches": None, "namespace": None, "usage": None}, QueryResponse)
    assert (found.matches, found.namespace, found.usage) == ([], "", None)
    assert read({"name": "n", "record_count": "5"}, namespaces.NamespaceDescription).record_count == 5


def test_a_hit_by_any_name() -> None:
    hit = read({"_id": "a", "_score": 0.5, "fields": {"t": 1}}, search.Hit)
    assert hit["id"] == hit["_id"] == hit["id_"] == hit.get("_id") == hit.get("id") == hit.id == "a"
    assert hit["score"] == hit["_score"] == hit.get("score") == hit.score == 0.5
    assert "_id" in hit
    assert hit.get("nothing", 3) == 3
    with pytest.raises(KeyError):
        hit["nothing"]
    assert list(hit.keys()) == ["id_", "score_", "fields"]


REFUSED: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("query", (), {"top_k": 0, "id": "a"}, "top_k"),
    ("query", (), {"top_k": 10_001, "id": "a"}, "top_k"),
    ("query", (), {"top_k": True, "id": "a"}, "top_k"),
    ("query", (), {"top_k": 1}, "vector, id or sparse_vector"),
    ("query", (), {"top_k": 1, "id": "a", "vector": [1.0]}, "not both"),
    ("query", (), {"top_k": 1, "id": "a", "sparse_vector": SparseValues([1], [1.0])}, "not both"),
    ("query", (), {"top_k": 1, "vector": [1.0, float("nan")]}, r"vector\[1\]"),
    ("query", (), {"top_k": 1, "vector": "text"}, "vector"),
    ("query", (), {"top_k": 1, "vector": [1.0], "namespace": 5}, "namespace"),
    ("fetch", (), {"ids": []}, "ids"),
    ("fetch", (), {"ids": ["a", ""]}, r"ids\[1\]"),
    ("fetch", (), {"ids": ["a", 5]}, r"ids\[1\]"),
    ("fetch_by_metadata", (), {"filter": {}}, "filter"),
    ("fetch_by_metadata", (), {"filter": {"g": 1}, "limit": 0}, "limit"),
    ("list_paginated", (), {"limit": 0}, "limit"),
    ("delete", (), {}, "Exactly one"),
    ("delete", (), {"ids": ["a"], "delete_all": True}, "Exactly one"),
    ("delete", (), {"ids": []}, "ids"),
    ("delete", (), {"filter": {}}, "delete_all=True"),
    ("update", (), {}, "Exactly one"),
    ("update", (), {"id": "a", "filter": {"g": 1}}, "Exactly one"),
    ("update", (), {"filter": {"g": 1}, "values": [1.0]}, "need id"),
    ("update", (), {"filter": {}}, "filter"),
    ("update", (), {"id": "a", "set_metadata": [1]}, "set_metadata"),
    ("search", (), {"namespace": "n", "top_k": 1}, "inputs, vector or id"),
    ("search", (), {"namespace": " ", "top_k": 1, "id": "a"}, "namespace"),
    ("search", (), {"namespace": "n", "top_k": 0, "id": "a"}, "top_k"),
    ("search", (), {"namespace": "n", "top_k": 1, "id": "a", "fields": "text"}, "fields"),
    ("search", (), {"namespace": "n", "top_k": 1, "id": "a", "rerank": {"model": "m"}}, "rank_fields"),
    ("search", (), {"namespace": "n", "top_k": 1, "id": "a", "rerank": {"rank_fields": ["t"]}}, "model"),
    ("search", (), {"namespace": "n", "top_k": 1, "vector": {"numbers": [1]}}, "numbers"),
    ("upsert_records", (), {"namespace": "n", "records": []}, "records"),
    ("upsert_records", (), {"namespace": "", "records": [{"_id": "1"}]}, "namespace"),
    ("upsert_records", (), {"namespace": "n", "records": [{"_id": "1"}, {"t": 1}]}, r"records\[1\]"),
    ("upsert_records", (), {"namespace": "n", "records": [{"_id": 5}]}, r"records\[0\]"),
    ("upsert_records", (), {"namespace": "n", "records": ["text"]}, r"records\[0\]"),
    ("create_namespace", (), {"name": ""}, "namespace name"),
    ("describe_namespace", (), {"name": 5}, "namespace name"),
    ("describe_namespace", (), {"name": "n", "namespace": "n"}, "not both"),
    ("delete_namespace", (), {}, "namespace name"),
    ("start_import", (" ",), {}, "uri"),
    ("start_import", ("s3://b/",), {"error_mode": ""}, "error_mode"),
    ("describe_import", ("",), {}, "id"),
    ("cancel_import", ("x" * 1001,), {}, "id"),
    ("describe_import", (1.5,), {}, "id"),
    ("query_namespaces", (), {"vector": [1.0], "namespaces": [], "metric": "cosine"}, "namespaces"),
    ("query_namespaces", (), {"vector": [1.0], "namespaces": "n", "metric": "cosine"}, "namespaces"),
    ("query_namespaces", (), {"namespaces": ["n"], "metric": "cosine"}, "vector"),
    ("query_namespaces", (), {"vector": [1.0], "namespaces": ["n"], "metric": "far"}, "metric"),
    ("query_namespaces", (), {"vector": [1.0], "namespaces": ["n", 5], "metric": "cosine"}, r"\[1\]"),
]


@pytest.mark.parametrize(("name", "args", "keywords", "said"), REFUSED)
def test_refused_before_anything_is_sent(
    name: str, args: tuple[Any, ...], keywords: dict[str, Any], said: str
) -> None:
    handle = Handle("sync", Wire())
    with pytest.raises((PineconeValueError, PineconeTypeError), match=said):
        handle.call(name, *args, **keywords)
    assert handle.wire.requests == []


def test_unknown_keywords() -> None:
    handle = Handle("sync", Wire())
    with pytest.raises(TypeError, match="nam"):
        handle.call("describe_namespace", nam="n")
    with pytest.raises(TypeError):
        handle.call("query", [1.0])


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_paging_goes_on_over_empty_pages_and_ends_at_a_repeated_token(flavour: str) -> None:
    def page(ids: list[str], token: str | None) -> tuple[int, Any]:
        more = {} if token is None else {"pagination": {"next": token}}
        return 200, {
            "vectors": [{"id": id_} for id_ in ids],
            "namespaces": [{"name": id_} for id_ in ids],
            "data": [{**JOB, "id": id_} for id_ in ids],
            **more,
        }

    whole = [page(["a"], "1"), page([], "2"), page(["b", "c"], None)]
    around = [page(["a"], "1"), page(["b"], "2"), page(["c"], "1")]
    empty = [page(["a", "b", "c"], "")]
    names: dict[str, Callable[[Any], list[Any]]] = {
        "list": lambda pages: [id_ for page in pages for id_ in page.ids()],
        "list_namespaces": lambda pages: [item.name for page in pages for item in page],
        "list_imports": lambda jobs: [job.id for job in jobs],
    }
    for name, ids in names.items():
        for script in (whole, around, empty):
            wire = Wire(*script)
            found = Handle(flavour, wire).walk(name, limit=2)
            assert ids(found) == ["a", "b", "c"]
            assert len(wire.requests) == len(script)
            checked(wire)
            tokens = [line.partition("paginationToken=")[2] for line in wire.lines]
            assert tokens == ["", "1", "2"][: len(script)]


def test_pages_are_fetched_when_asked_for() -> None:
    wire = Wire((200, {"vectors": [{"id": "a"}], "pagination": {"next": "1"}}))
    handle = Handle("sync", wire)
    pages = handle.index.list()
    assert wire.requests == []
    assert next(pages).ids() == ["a"]
    assert len(wire.requests) == 1


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_many_ids_are_fetched_in_several_requests(flavour: str) -> None:
    ids = [f"{number:05d}#{'x' * 40}" for number in range(400)]

    def by(request: Request) -> tuple[int, Any]:
        assert len(request.target) < 8000
        asked = [part.removeprefix("ids=") for part in request.target.partition("?")[2].split("&")]
        names = [id_.replace("%23", "#") for id_ in asked if not id_.startswith("namespace=")]
        return 200, {
            "vectors": {id_: {"id": id_, "values": [1.0]} for id_ in names},
            "namespace": "n",
            "usage": {"readUnits": 1},
        }

    wire = Wire(by=by)
    found = Handle(flavour, wire).call("fetch", ids=ids, namespace="n")
    assert list(found.vectors) == ids
    assert found.usage.read_units == len(wire.requests) > 1
    assert found.namespace == "n"
    checked(wire)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_export(flavour: str) -> None:
    wire = Wire(
        (200, {"vectors": [{"id": "a"}, {"id": "b"}], "pagination": {"next": "1"}}),
        (200, {"vectors": {"b": {"id": "b", "values": [2]}, "a": {"id": "a", "values": [1]}}}),
        (200, {"vectors": [{"id": "c"}, {"id": "gone"}]}),
        (200, {"vectors": {"c": {"id": "c", "values": [3]}}}),
    )
    found = Handle(flavour, wire).walk("export", namespace="n", prefix="p")
    assert [(vector.id, vector.values) for vector in found] == [("a", [1.0]), ("b", [2.0]), ("c", [3.0])]
    checked(wire)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_waiting_until_a_write_is_visible(flavour: str) -> None:
    def lsn(*numbers: int) -> list[dict[str, str]]:
        return [{"x-pinecone-max-indexed-lsn": str(number)} for number in numbers]

    wire = Headed(*[(200, {})] * 3, headers=lsn(3, 4, 5))
    handle = Handle(flavour, wire)
    written = ResponseInfo(raw_headers={"x-pinecone-request-lsn": "5"})
    handle.call("wait_until", written, interval=0.5)
    assert handle.bench.clock.slept == [0.5, 0.5]
    handle.wire.answers, handle.wire.headers = [(200, {})], lsn(9)
    handle.call("wait_until", 5)
    handle.wire.answers, handle.wire.headers = [(200, {})] * 4, lsn(1, 1, 1, 1)
    before = handle.bench.clock.now()
    with pytest.raises(PineconeTimeoutError, match="write 5"):
        handle.call("wait_until", 5, timeout=2.0, interval=0.5)
    assert handle.bench.clock.now() - before < 2.0
    with pytest.raises(PineconeValueError, match="log sequence number"):
        handle.call("wait_until", ResponseInfo())
    with pytest.raises(PineconeValueError, match="interval"):
        handle.call("wait_until", 5, interval=0)
    checked(wire)


# ---- several namespaces -------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_query_namespaces(flavour: str) -> None:
    scores = {"": [0.9, 0.1], "b": [0.9, 0.5], "c": []}

    def by(request: Request) -> tuple[int, Any]:
        body = body_of(request)
        assert body["vector"] == [0.5, 1.0]
        name = body.get("namespace", "")
        matches = [{"id": f"{name}{place}", "score": score} for place, score in enumerate(scores[name])]
        return 200, {"matches": matches, "namespace": name, "usage": {"readUnits": 2}}

    wire = Wire(by=by)
    handle = Handle(flavour, wire)
    found = handle.call(
        "query_namespaces",
        vector=iter([0.5, 1.0]),  # read once, though it is sent three times
        namespaces=["b", "", "c", "b"],
        metric="cosine",
        top_k=3,
    )
    assert [match.id for match in found.matches] == ["b0", "0", "b1"]
    assert found.usage.read_units == 6
    assert list(found.ns_usage) == ["b", "", "c"]
    assert len(wire.requests) == 3
    checked(wire)
    with pytest.raises(QueryResultsAggregatorInvalidTopKError):
        handle.call("query_namespaces", vector=[1.0], namespaces=["b"], metric="cosine", top_k=0)
    wire.by = lambda request: (404, {})
    with pytest.raises(NotFoundError):
        handle.call("query_namespaces", vector=[1.0], namespaces=["a", "b"], metric="cosine")


SCORES = st.lists(st.lists(st.integers(-5, 5), max_size=6), max_size=5)


@given(scores=SCORES, top_k=st.integers(1, 12), metric=st.sampled_from(["cosine", "euclidean", "dotproduct"]))
def test_merged_is_the_sorted_union(scores: list[list[int]], top_k: int, metric: str) -> None:
    merged = QueryResultsAggregator(metric=metric, top_k=top_k)
    union = []
    for number, part in enumerate(scores):
        matches = [
            ScoredVector(id=f"{number}-{place}", score=float(score)) for place, score in enumerate(part)
        ]
        union += matches
        merged.add_results(str(number), QueryResponse(matches=matches))
    best = sorted(union, key=lambda match: match.score, reverse=metric != "euclidean")
    assert merged.get_results().matches == best[:top_k]
    assert merged.get_results() == merged.get_results()
    with pytest.raises(PineconeValueError, match="get_results"):
        merged.add_results("late", QueryResponse())


# ---- settings -----------------------------------------------------------------------------------
