"""Every described operation is offered, and its answers fit the description.

All calls of the other tests that go through ``wire`` are held to the description too.
"""

from __future__ import annotations

import json
import re

import pytest

from pinecone_local.api.routes import control_router, data_router


def test_the_check_itself_finds_what_does_not_fit(api_contract):
    good = {"data": [], "usage": {"total_tokens": 1}, "model": "m", "vector_type": "dense"}
    api_contract.check("POST", "/embed", 200, good)
    wrong = [{**good, "model": 5}, {**good, "odd": 1}, {k: v for k, v in good.items() if k != "usage"}]
    for one in wrong:
        with pytest.raises(AssertionError, match="embed"):
            api_contract.check("POST", "/embed", 200, one)
    with pytest.raises(AssertionError, match="may not answer 418"):
        api_contract.check("GET", "/indexes", 418, {})


def test_every_described_operation_has_a_route(api_contract):
    assert len(api_contract.operations) >= 40
    for verb, pattern, operation, _ in api_contract.operations:
        path = pattern.pattern.replace("[^/]+", "x").replace("\\", "")
        segments = tuple(path.removeprefix("/").split("/"))
        assert any(router.knows(segments) for router in (control_router(), data_router())), path
        data = any(
            tag in ("Vector Operations", "Bulk Operations", "Namespace Operations")
            for tag in operation["tags"]
        )
        router = data_router() if data or path.startswith("/records") else control_router()
        router.find(verb, segments)


def test_a_whole_session_fits(wire, api_contract, tmp_path):
    index = wire.index(metric="dotproduct", tags={"a": "b"})
    wire.ask("GET", "/indexes")
    wire.ask("GET", "/indexes/demo")
    wire.ask("PATCH", "/indexes/demo", {"tags": {"c": "d"}}, status=202)
    sparse = {"indices": [1, 5], "values": [0.5, 1]}
    index.upsert({"id": "a", "values": [1, 2, 3], "sparseValues": sparse, "metadata": {"k": ["x"]}})
    index.query(vector=[1, 2, 3], includeValues=True, includeMetadata=True)
    index.ask("GET", "/vectors/fetch?ids=a")
    index.ask("GET", "/vectors/list?limit=1")
    index.ask("POST", "/vectors/fetch_by_metadata", {"filter": {"k": "x"}})
    index.ask("POST", "/vectors/update", {"filter": {"k": "x"}, "setMetadata": {"k": "y"}})
    index.stats()
    index.ask("POST", "/namespaces", {"name": "n", "schema": {"fields": {"k": {"filterable": True}}}})
    index.ask("GET", "/namespaces")
    index.ask("GET", "/namespaces/n")
    index.ask("DELETE", "/namespaces/n")
    backup = wire.ask("POST", "/indexes/demo/backups", {}, status=201)["backup_id"]
    wire.ask("GET", "/indexes/demo/backups")
    wire.ask("GET", "/backups")
    wire.ask("GET", f"/backups/{backup}")
    job = wire.ask("POST", f"/backups/{backup}/create-index", {"name": "again"}, status=202)["restore_job_id"]
    wire.ask("GET", "/restore-jobs")
    wire.ask("GET", f"/restore-jobs/{job}")
    wire.ask("DELETE", f"/backups/{backup}", status=202)
    wire.index("pods", spec={"pod": {"environment": "e", "pod_type": "p1.x1"}})
    wire.ask("POST", "/collections", {"name": "kept", "source": "pods"}, status=201)
    wire.ask("GET", "/collections")
    wire.ask("GET", "/collections/kept")
    wire.ask("DELETE", "/collections/kept", status=202)
    index.ask("GET", "/bulk/imports")
    index.ask("GET", "/bulk/imports/1", status=404)
    index.ask("POST", "/bulk/imports", {"uri": ""}, status=400)
    index.ask("DELETE", "/bulk/imports/1", status=404)
    index.ask("POST", "/vectors/delete", {"deleteAll": True})
    texts = wire.model_index()
    record = json.dumps({"_id": "a", "text": "hello"}).encode()
    texts.ask("POST", "/records/namespaces/n/upsert", record, status=201)
    query = {"top_k": 1, "inputs": {"text": "hello"}}
    texts.ask("POST", "/records/namespaces/n/search", {"query": query})
    wire.ask("GET", "/models")
    wire.ask("GET", "/models/multilingual-e5-large")
    parameters = {"input_type": "query"}
    for model in ("multilingual-e5-large", "pinecone-sparse-english-v0"):
        wire.ask("POST", "/embed", {"model": model, "inputs": [{"text": "a"}], "parameters": parameters})
    documents = [{"text": "a"}, {"text": "b"}]
    wire.ask("POST", "/rerank", {"model": "bge-reranker-v2-m3", "query": "a", "documents": documents})
    wire.ask("DELETE", "/indexes/demo", status=202)
    described = {(verb, pattern.pattern) for verb, pattern, _, _ in api_contract.operations}
    assert described <= api_contract.seen, sorted(described - api_contract.seen)


def test_the_table_in_the_documentation_lists_every_operation(api_contract):
    from pathlib import Path

    page = (Path(__file__).resolve().parents[2] / "docs" / "local.md").read_text()
    listed = set(re.findall(r"^\| `([A-Z]+) (/[^`]*)` \|", page, re.MULTILINE))
    for router in (control_router(), data_router()):
        for route in router.routes:
            if route.template.startswith("/assistant/") or (route.method, route.template) == (
                "GET",
                "/describe_index_stats",
            ):
                continue  # the same as without the prefix; a courtesy to older clients
            assert (route.method, route.template) in listed, f"{route.method} {route.template}"
