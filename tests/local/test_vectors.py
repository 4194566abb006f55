from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def index(wire):
    return wire.index()


def test_upsert_replaces_and_counts(index):
    one, other = {"id": "a", "values": [1, 0, 0]}, {"id": "a", "values": [0, 1, 0], "metadata": {"k": 1}}
    assert index.upsert(one, other) == {"upsertedCount": 2}
    assert index.stats()["namespaces"] == {"": {"vectorCount": 1}}
    assert index.ask("GET", "/vectors/fetch?ids=a")["vectors"]["a"]["values"] == [0, 1, 0]
    assert index.wire.headers["x-pinecone-max-indexed-lsn"] == "1"
    assert index.wire.headers["x-pinecone-lsn-reconciled"] == "1"


def test_writes_tell_their_number_under_both_names(index):
    index.upsert({"id": "a", "values": [1, 0, 0]})
    index.upsert({"id": "b", "values": [1, 0, 0]})
    headers = index.wire.headers
    assert headers["x-pinecone-request-lsn"] == headers["x-pinecone-lsn-committed"] == "2"


@pytest.mark.parametrize(
    ("vector", "part"),
    [
        ({"id": "", "values": [1, 2, 3]}, "1 to 512"),
        ({"id": "a" * 513, "values": [1, 2, 3]}, "1 to 512"),
        ({"id": "é", "values": [1, 2, 3]}, "ASCII"),
        ({"id": 5, "values": [1, 2, 3]}, "vectors"),
        ({"id": "a"}, "must have dense values"),
        ({"id": "a", "values": [1, 2]}, "dimension 2 does not match the dimension of the index 3"),
        ({"id": "a", "values": [0, 0, 0]}, "non-zero"),
        ({"id": "a", "values": [1, 2, 1e39]}, "32-bit"),
        ({"id": "a", "values": [1, 2, "x"]}, "vectors"),
        ({"id": "a", "values": [1, 2, 3], "metadata": {"k": None}}, "Metadata value"),
        ({"id": "a", "values": [1, 2, 3], "metadata": {"k": {"x": 1}}}, "Metadata value"),
        ({"id": "a", "values": [1, 2, 3], "metadata": {"k": [1]}}, "Metadata value"),
        ({"id": "a", "values": [1, 2, 3], "metadata": {"$k": 1}}, "must not start"),
        ({"id": "a", "values": [1, 2, 3], "metadata": {"k": "x" * 40960}}, "exceeds the limit"),
        (
            {"id": "a", "values": [1, 2, 3], "sparseValues": {"indices": [1], "values": [1]}},
            "does not support sparse",
        ),
    ],
)
def test_a_record_that_does_not_fit_is_refused_whole(index, vector, part):
    refused = index.upsert({"id": "good", "values": [1, 2, 3]}, vector, status=400)
    assert refused["code"] == 3
    assert part in refused["message"]
    assert index.stats()["totalVectorCount"] == 0


@pytest.mark.parametrize(
    ("sparse", "part"),
    [
        ({"indices": [1, 2], "values": [1]}, "as many"),
        ({"indices": [1, 1], "values": [1, 2]}, "repeat"),
        ({"indices": [-1], "values": [1]}, "from 0 to 4294967295"),
        ({"indices": [2**32], "values": [1]}, "from 0 to 4294967295"),
        ({"indices": list(range(1001)), "values": [1] * 1001}, "at most 1000"),
        ({"indices": [1], "values": [0]}, "not zero"),
    ],
)
def test_sparse_vectors_are_checked(wire, sparse, part):
    index = wire.index(vector_type="sparse")
    assert part in index.upsert({"id": "a", "sparseValues": sparse}, status=400)["message"]


def test_limits_of_a_request(index):
    many = [{"id": str(i), "values": [1, 2, 3]} for i in range(1001)]
    assert "at most 1000" in index.upsert(*many, status=400)["message"]
    assert "at least one" in index.upsert(status=400)["message"]
    big = {"id": "a", "values": [1, 2, 3], "metadata": {"k": "x" * 2_200_000}}
    refused = index.upsert(big, status=413)
    assert "too large" in refused["message"]
    ids = "&".join(f"ids={i}" for i in range(1001))
    index.ask("GET", f"/vectors/fetch?{ids}", status=400)
    for top_k in (0, 10_001):
        assert "from 1 to 10000" in index.query(vector=[1, 2, 3], topK=top_k, status=400)["message"]
    index.ask("POST", "/vectors/upsert", b"{not json", status=400)
    index.ask("POST", "/query", b"\xff", status=400)


def test_fetch_keeps_encoded_ids_and_leaves_out_what_is_not_there(index):
    index.upsert({"id": "a b&c/ü".replace("ü", "u"), "values": [1, 2, 3]})
    found = index.ask("GET", "/vectors/fetch?ids=a%20b%26c%2Fu&ids=none")
    assert list(found["vectors"]) == ["a b&c/u"]
    assert index.ask("GET", "/vectors/fetch?ids=a&namespace=none")["vectors"] == {}
    index.ask("GET", "/vectors/fetch", status=400)


def test_tokens_survive_writes_between_pages(index):
    index.upsert(*[{"id": f"v{i:02}", "values": [1, 2, 3]} for i in range(10)])
    page = index.ask("GET", "/vectors/list?limit=4&prefix=v")
    assert [item["id"] for item in page["vectors"]] == ["v00", "v01", "v02", "v03"]
    index.ask("POST", "/vectors/delete", {"ids": ["v03", "v04"]})
    index.upsert({"id": "v001", "values": [1, 2, 3]}, {"id": "v055", "values": [1, 2, 3]})
    token = page["pagination"]["next"]
    rest = index.ask("GET", f"/vectors/list?limit=100&prefix=v&paginationToken={token}")
    assert [item["id"] for item in rest["vectors"]] == ["v05", "v055", "v06", "v07", "v08", "v09"]
    assert "pagination" not in rest
    index.ask("GET", "/vectors/list?limit=101", status=400)
    index.ask("GET", "/vectors/list?paginationToken=%C3%A9", status=400)


def test_fetch_by_metadata_goes_in_pages(index):
    index.upsert(*[{"id": f"{i}", "values": [1, 2, 3], "metadata": {"k": i % 2}} for i in range(9)])
    page = index.ask("POST", "/vectors/fetch_by_metadata", {"filter": {"k": 0}, "limit": 3})
    assert list(page["vectors"]) == ["0", "2", "4"]
    rest = index.ask(
        "POST",
        "/vectors/fetch_by_metadata",
        {"filter": {"k": 0}, "limit": 3, "paginationToken": page["pagination"]["next"]},
    )
    assert list(rest["vectors"]) == ["6", "8"]
    assert "pagination" not in rest
    index.ask("POST", "/vectors/fetch_by_metadata", {"filter": {}}, status=400)


def test_delete_says_what_it_takes(index):
    index.upsert({"id": "a", "values": [1, 2, 3]}, {"id": "b", "values": [1, 2, 3]})
    wrongs: list[Any] = [{}, {"ids": ["a"], "deleteAll": True}, {"ids": []}, {"filter": {}}]
    for wrong in wrongs:
        index.ask("POST", "/vectors/delete", wrong, status=400)
    missing = index.ask("POST", "/vectors/delete", {"ids": ["a"], "namespace": "none"}, status=404)
    assert missing == {"code": 5, "message": "Namespace not found", "details": []}
    assert index.ask("POST", "/vectors/delete", {"ids": ["a", "zz"]}) == {}
    assert index.stats()["totalVectorCount"] == 1
    index.ask("POST", "/vectors/delete", {"deleteAll": True})
    assert index.stats()["namespaces"] == {"": {"vectorCount": 0}}


def test_update_takes_an_id_or_a_filter(index):
    index.upsert({"id": "a", "values": [1, 2, 3], "metadata": {"k": 1, "old": "x"}})
    assert index.ask("POST", "/vectors/update", {"id": "a", "values": [3, 2, 1]}) == {}
    assert index.ask("POST", "/vectors/update", {"id": "none", "values": [3, 2, 1]}) == {}
    found = index.ask("GET", "/vectors/fetch?ids=a")["vectors"]["a"]
    assert found == {"id": "a", "values": [3, 2, 1], "metadata": {"k": 1, "old": "x"}}
    for wrong in (
        {},
        {"id": "a", "filter": {"k": 1}},
        {"filter": {"k": 1}},
        {"filter": {}, "setMetadata": {"k": 2}},
        {"filter": {"k": 1}, "values": [1, 2, 3], "setMetadata": {"k": 2}},
        {"id": "a", "values": [1, 2]},
        {"id": "a", "setMetadata": {"k": None}},
    ):
        index.ask("POST", "/vectors/update", wrong, status=400)


def test_metadata_that_outgrows_the_limit_by_an_update_changes_nothing(index):
    index.upsert({"id": "a", "values": [1, 2, 3], "metadata": {"k": "x" * 30_000}})
    index.ask("POST", "/vectors/update", {"id": "a", "setMetadata": {"l": "x" * 20_000}}, status=400)
    assert list(index.ask("GET", "/vectors/fetch?ids=a")["vectors"]["a"]["metadata"]) == ["k"]


def test_query_shows_only_what_is_asked_for(index):
    index.upsert({"id": "a", "values": [3, 4, 0], "metadata": {"k": True}})
    [plain] = index.query(vector=[3, 4, 0])["matches"]
    assert plain == {"id": "a", "score": 1.0}
    [full] = index.query(vector=[3, 4, 0], includeValues=True, includeMetadata=True)["matches"]
    assert full == {"id": "a", "score": 1.0, "values": [3.0, 4.0, 0.0], "metadata": {"k": True}}
    assert index.query(id="a", namespace="none")["matches"] == []
    assert index.ids(id="a") == ["a"]
    assert index.ids(id="none") == []


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({}, "vector or an id"),
        ({"vector": [1, 2]}, "dimension 2"),
        ({"vector": [1, 2, 3], "id": "a"}, "not both"),
        ({"vector": [1, 2, 3], "sparseVector": {"indices": [1], "values": [1]}}, "does not support sparse"),
        ({"vector": [1, 2, 3], "filter": {"k": {"$near": 1}}}, "not a valid operator"),
        ({"vector": [1, 2, 3], "filter": {"k": {"$gt": "x"}}}, "number"),
        ({"vector": [1, 2, 3], "filter": {"$and": []}}, "non-empty"),
        ({"vector": [1, 2, 3], "scanFactor": 9}, "scanFactor"),
    ],
)
def test_queries_that_make_no_sense_are_refused(index, body, part):
    assert part in index.query(**body, status=400)["message"]


def test_sparse_indexes_find_what_shares_an_index(wire):
    index = wire.index(vector_type="sparse")
    index.upsert(
        {"id": "a", "sparseValues": {"indices": [1, 2**32 - 1], "values": [0.5, 2.0]}},
        {"id": "b", "sparseValues": {"indices": [9], "values": [1.0]}},
    )
    [match] = index.query(sparseVector={"indices": [2**32 - 1, 5], "values": [3, 1]}, includeValues=True)[
        "matches"
    ]
    assert (match["id"], match["score"]) == ("a", 6.0)
    assert match["sparseValues"] == {"indices": [1, 2**32 - 1], "values": [0.5, 2.0]}
    assert "dimension" not in index.stats()
    index.query(vector=[1.0], status=400)
    index.query(status=400)
    assert index.ids(id="b") == ["b"]


def test_the_deprecated_queries_is_refused(index):
    refused = index.query(queries=[{"values": [1, 2, 3]}], status=501)
    assert refused["code"] == 12


# ---- namespaces


def test_namespaces_are_apart(index):
    index.upsert({"id": "a", "values": [1, 0, 0]}, namespace="one")
    index.upsert({"id": "a", "values": [0, 1, 0]}, namespace="two")
    assert index.ids(vector=[1, 0, 0]) == []
    assert index.query(vector=[1, 0, 0], namespace="one")["namespace"] == "one"
    assert index.stats()["totalVectorCount"] == 2
    index.ask("DELETE", "/namespaces/one")
    assert index.stats()["namespaces"] == {"two": {"vectorCount": 1}}
    index.ask("DELETE", "/namespaces/one", status=404)


def test_the_default_namespace_has_two_names(index):
    index.upsert({"id": "a", "values": [1, 0, 0]}, namespace="__default__")
    assert index.ids(vector=[1, 0, 0]) == ["a"]
    assert index.ask("GET", "/namespaces/__default__")["record_count"] == 1
    index.ask("POST", "/namespaces", {"name": "__default__"}, status=400)


def test_namespaces_are_listed_by_name_and_prefix(index):
    for name in ("b", "a2", "a1", "a/3"):
        index.ask("POST", "/namespaces", {"name": name})
    index.ask("POST", "/namespaces", {"name": "b"}, status=409)
    page = index.ask("GET", "/namespaces?prefix=a&limit=2")
    assert [one["name"] for one in page["namespaces"]] == ["a/3", "a1"]
    assert page["total_count"] == 3
    index.ask("DELETE", "/namespaces/a1")
    rest = index.ask("GET", f"/namespaces?prefix=a&limit=2&paginationToken={page['pagination']['next']}")
    assert [one["name"] for one in rest["namespaces"]] == ["a2"]
    assert index.ask("GET", "/namespaces/a%2F3")["name"] == "a/3"


def test_a_schema_says_what_filters_may_use(index):
    schema = {"fields": {"k": {"filterable": True}}}
    made = index.ask("POST", "/namespaces", {"name": "n", "schema": schema})
    assert made["schema"] == schema
    assert made["indexed_fields"] == {"fields": ["k"]}
    index.upsert({"id": "a", "values": [1, 0, 0], "metadata": {"k": 1, "l": 2}}, namespace="n")
    assert index.ids(vector=[1, 0, 0], namespace="n", filter={"k": 1}) == ["a"]
    refused = index.query(vector=[1, 0, 0], namespace="n", filter={"l": 2}, status=400)
    assert "not filterable" in refused["message"]
    index.ask("POST", "/namespaces", {"name": "m", "schema": {"fields": {"k": {}}}}, status=400)


def test_statistics_with_a_filter_are_for_pods(wire, index):
    assert (
        "do not support"
        in index.ask("POST", "/describe_index_stats", {"filter": {"k": 1}}, status=400)["message"]
    )
    pods = wire.index("pods", spec={"pod": {"environment": "e", "pod_type": "p1.x1"}})
    pods.upsert(*[{"id": str(i), "values": [1, 2, 3], "metadata": {"k": i}} for i in range(5)])
    assert pods.ask("POST", "/describe_index_stats", {"filter": {"k": {"$lt": 2}}})["totalVectorCount"] == 2
