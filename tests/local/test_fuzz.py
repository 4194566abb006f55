"""Requests that are nearly right: never a failure inside, never an answer outside the description."""

from __future__ import annotations

import copy
import json
import random
from typing import Any
from urllib.parse import quote

import pytest

from pinecone_local import LocalEngine
from pinecone_local.http import Call

SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
POD = {"pod": {"environment": "e", "pod_type": "p1.x1", "metadata_config": {"indexed": ["k"]}}}
EMBED = {"model": "pinecone-sparse-english-v0", "field_map": {"text": "t"}}
VECTOR = {
    "id": "a",
    "values": [1, 2, 3],
    "sparseValues": {"indices": [1, 2], "values": [0.5, 1]},
    "metadata": {"k": ["x"], "n": 1, "b": True},
}
FILTER = {
    "$or": [{"k": {"$in": ["x"]}}, {"n": {"$gte": 1, "$lt": 5}}],
    "b": {"$exists": True},
    "c": {"$ne": "y"},
}
SEARCH = {
    "query": {
        "top_k": 3,
        "inputs": {"text": "hello"},
        "filter": {"k": "x"},
        "match_terms": {"strategy": "all", "terms": ["hello"]},
    },
    "fields": ["t"],
    "rerank": {"model": "bge-reranker-v2-m3", "rank_fields": ["t"], "top_n": 2},
}
READ_CAPACITY = {
    "mode": "Dedicated",
    "dedicated": {"node_type": "b1", "manual": {"replicas": 1, "shards": 1}},
}

#: Verb, path and body of requests that are right; DENSE, MODEL and so on are filled in.
RIGHT: list[tuple[str, str, Any]] = [
    ("GET", "/indexes", None),
    ("GET", "/indexes/demo", None),
    (
        "POST",
        "/indexes",
        {"name": "new", "dimension": 3, "metric": "cosine", "spec": SERVERLESS, "tags": {"a": "b"}},
    ),
    ("POST", "/indexes", {"name": "new", "dimension": 3, "spec": POD, "deletion_protection": "disabled"}),
    ("POST", "/indexes", {"name": "new", "vector_type": "sparse", "spec": SERVERLESS}),
    ("POST", "/indexes/create-for-model", {"name": "new", "cloud": "aws", "region": "r", "embed": EMBED}),
    (
        "PATCH",
        "/indexes/demo",
        {"tags": {"a": "c"}, "spec": {"serverless": {"read_capacity": READ_CAPACITY}}},
    ),
    ("PATCH", "/indexes/texts", {"embed": EMBED}),
    ("PATCH", "/indexes/pods", {"spec": {"pod": {"replicas": 2, "pod_type": "p1.x2"}}}),
    ("DELETE", "/indexes/new", None),
    ("POST", "/collections", {"name": "kept", "source": "pods"}),
    ("GET", "/collections", None),
    ("GET", "/collections/kept", None),
    ("DELETE", "/collections/kept", None),
    ("POST", "/indexes/demo/backups", {"name": "b", "description": "d"}),
    ("GET", "/indexes/demo/backups?limit=2", None),
    ("GET", "/backups?limit=3&paginationToken=YQ", None),
    ("POST", "/backups/BACKUP/create-index", {"name": "again", "tags": {"x": "y"}}),
    ("DELETE", "/indexes/again", None),
    ("GET", "/restore-jobs?limit=1", None),
    ("POST", "DENSE/vectors/upsert", {"vectors": [VECTOR], "namespace": "n"}),
    ("POST", "DENSE/query", {"topK": 3, "vector": [1, 2, 3], "filter": FILTER, "includeValues": True}),
    ("POST", "DENSE/query", {"topK": 3, "id": "a", "includeMetadata": True, "scanFactor": 1.5}),
    (
        "POST",
        "DENSE/query",
        {"topK": 3, "vector": [1, 2, 3], "sparseVector": {"indices": [1], "values": [1]}},
    ),
    ("GET", "DENSE/vectors/fetch?ids=a&ids=b&namespace=n", None),
    ("POST", "DENSE/vectors/fetch_by_metadata", {"filter": FILTER, "namespace": "n", "limit": 2}),
    ("GET", "DENSE/vectors/list?prefix=a&limit=3&namespace=n", None),
    (
        "POST",
        "DENSE/vectors/update",
        {"id": "a", "values": [3, 2, 1], "setMetadata": {"k": "z"}, "namespace": "n"},
    ),
    ("POST", "DENSE/vectors/update", {"filter": FILTER, "setMetadata": {"n": 2}, "dryRun": False}),
    ("POST", "DENSE/vectors/delete", {"ids": ["a"], "namespace": "n"}),
    ("POST", "DENSE/vectors/delete", {"filter": FILTER, "namespace": "n"}),
    ("POST", "DENSE/describe_index_stats", {"filter": {}}),
    ("GET", "DENSE/namespaces?prefix=a&limit=3", None),
    ("POST", "DENSE/namespaces", {"name": "m", "schema": {"fields": {"k": {"filterable": True}}}}),
    ("GET", "DENSE/namespaces/m", None),
    ("DELETE", "DENSE/namespaces/m", None),
    ("POST", "DENSE/bulk/imports", {"uri": "file:///none", "errorMode": {"onError": "abort"}}),
    ("GET", "DENSE/bulk/imports?limit=3", None),
    ("POST", "SPARSE/vectors/upsert", {"vectors": [{"id": "a", "sparseValues": VECTOR["sparseValues"]}]}),
    ("POST", "SPARSE/query", {"topK": 3, "sparseVector": {"indices": [1], "values": [1]}}),
    ("POST", "PODS/describe_index_stats", {"filter": {"k": "x"}}),
    ("POST", "TEXTS/records/namespaces/n/upsert", {"_id": "a", "t": "hello world", "k": "x"}),
    ("POST", "TEXTS/records/namespaces/n/search", SEARCH),
    (
        "POST",
        "/embed",
        {"model": EMBED["model"], "inputs": [{"text": "a"}], "parameters": {"input_type": "query"}},
    ),
    (
        "POST",
        "/rerank",
        {"model": "bge-reranker-v2-m3", "query": "a", "documents": [{"text": "a"}], "top_n": 1},
    ),
    ("GET", "/models?type=embed&vector_type=dense", None),
]

ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    2**31,
    2**64,
    10**400,
    0.5,
    -1e39,
    1e308,
    "",
    "a",
    "é\u0000☃",
    "x" * 600,
    [],
    [None],
    [[]],
    ["a", 1],
    {},
    {"a": {"b": []}},
    {"$eq": {"$eq": 1}},
]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every container of a body with every key or position in it."""
    found: list[tuple[Any, Any]] = []
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        found += [(value, key) for key in keys]
        for key in keys:
            found += places(value[key])
    return found


def spoiled(chance: random.Random, body: Any) -> Any:
    body = copy.deepcopy(body)
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
        options = places(body)
        if not options:
            return chance.choice(ODD)
        holder, key = chance.choice(options)
        how = chance.random()
        if how < 0.6:
            holder[key] = copy.deepcopy(chance.choice(ODD))
        elif how < 0.8:
            del holder[key]
        elif isinstance(holder, dict):
            holder[chance.choice(["$and", "$ne", "odd", "", "id", "filter"])] = copy.deepcopy(holder[key])
        else:
            holder.extend(copy.deepcopy(holder[key : key + 1]) * chance.choice([1, 3, 1200]))
    return body


def spoiled_target(chance: random.Random, target: str) -> str:
    path, mark, query = target.partition("?")
    if mark and chance.random() < 0.4:
        pairs = query.split("&")
        at = chance.randrange(len(pairs))
        pairs[at] = (
            pairs[at].partition("=")[0] + "=" + chance.choice(["", "-1", "0", "9" * 30, "%C3%A9", "%00", "x"])
        )
        return path + mark + "&".join(pairs)
    if chance.random() < 0.05:
        parts = path.split("/")
        parts[-1] = quote(chance.choice(["", "é", "a/b", "..", "x" * 700, "new"]), safe="")
        return "/".join(parts) + mark + query
    return target


@pytest.mark.parametrize("seed", range(4))
def test_nearly_right_requests_are_answered_or_refused(seed, wire_of, api_contract, tmp_path):
    chance = random.Random(seed)
    with LocalEngine(tmp_path if seed == 0 else None) as engine:
        wire = wire_of(engine)
        dense = wire.index(metric="dotproduct")
        pods = wire.index("pods", spec=POD)
        sparse = wire.index("thin", vector_type="sparse")
        texts = wire.model_index(EMBED["model"], field_map={"text": "t"})
        backup = wire.ask("POST", "/indexes/demo/backups", {}, status=201)["backup_id"]
        names = {"DENSE": dense, "PODS": pods, "SPARSE": sparse, "TEXTS": texts}
        answered = 0
        for _ in range(1800):
            method, target, right = chance.choice(RIGHT)
            for name, index in names.items():
                target = target.replace(name, index.prefix)
            target = spoiled_target(chance, target.replace("BACKUP", backup))
            body = None if right is None else spoiled(chance, right)
            data = b"" if body is None else json.dumps(body).encode()
            reply = engine.handle(Call.make(method, target, {}, data))
            text = reply.read()
            told = f"{method} {target} {data[:600]!r}: {reply.status} {text!r}"
            assert reply.status < 500 or reply.status == 501, told
            shown = json.loads(text) if text else None
            try:
                api_contract.check(method, target, reply.status, shown)
            except AssertionError as error:
                raise AssertionError(told) from error
            answered += reply.status < 300
        assert answered > 300
        assert engine.store.verify() == []
    if seed == 0:
        LocalEngine(tmp_path).close()
