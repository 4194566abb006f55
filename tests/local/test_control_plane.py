from __future__ import annotations

from typing import Any

import pytest

from pinecone_local import LocalEngine
from pinecone_local.http import Call

SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
POD = {"pod": {"environment": "us-east-1-aws", "pod_type": "p1.x1"}}


def create(wire: Any, status: int = 201, **options: Any) -> Any:
    return wire.ask("POST", "/indexes", {"name": "demo", "spec": SERVERLESS, **options}, status=status)


def test_an_index_is_ready_at_once_and_shown_as_it_was_made(wire):
    made = create(wire, dimension=8, metric="euclidean", tags={"team": "a"})
    assert made["status"] == {"ready": True, "state": "Ready"}
    assert (made["dimension"], made["metric"], made["vector_type"]) == (8, "euclidean", "dense")
    assert made["tags"] == {"team": "a"}
    assert made["spec"]["serverless"]["read_capacity"]["mode"] == "OnDemand"
    assert wire.ask("GET", "/indexes/demo") == made
    assert wire.ask("GET", "/indexes") == {"indexes": [made]}


@pytest.mark.parametrize(
    ("options", "status", "part"),
    [
        ({}, 400, "dimension is required"),
        ({"dimension": 0}, 400, "from 1 to 20000"),
        ({"dimension": 20_001}, 400, "from 1 to 20000"),
        ({"dimension": "8"}, 400, "does not fit"),
        ({"dimension": 8, "metric": "hamming"}, 400, "metric must be one of"),
        ({"dimension": 8, "name": "Demo"}, 400, "lower case"),
        ({"dimension": 8, "name": "-demo"}, 400, "start and end"),
        ({"dimension": 8, "name": "d" * 46}, 400, "1 to 45"),
        ({"dimension": 8, "spec": {}}, 400, "exactly one of"),
        ({"dimension": 8, "spec": {**SERVERLESS, **POD}}, 400, "exactly one of"),
        ({"dimension": 8, "spec": {"serverless": {"cloud": "moon", "region": "x"}}}, 404, "moon"),
        ({"dimension": 8, "spec": {"serverless": {"cloud": "aws"}}}, 400, "region is required"),
        ({"dimension": 8, "deletion_protection": "yes"}, 400, "deletion_protection"),
        ({"dimension": 8, "tags": {"a b": "c"}}, 400, "tag key"),
        ({"dimension": 8, "vector_type": "sparse"}, 400, "dotproduct|dimension"),
        ({"vector_type": "sparse", "metric": "cosine"}, 400, "dotproduct"),
        ({"vector_type": "thin"}, 400, "vector_type"),
        ({"dimension": 8, "spec": {"pod": {"environment": "e", "pod_type": "p9"}}}, 400, "pod_type"),
    ],
)
def test_what_does_not_fit_is_refused(wire, options, status, part):
    import re

    refused = create(wire, status, **options)
    assert refused["status"] == status
    assert re.search(part, refused["error"]["message"])
    assert wire.ask("GET", "/indexes") == {"indexes": []}


def test_names_are_taken_once(wire):
    create(wire, dimension=2)
    assert create(wire, 409, dimension=2)["error"]["code"] == "ALREADY_EXISTS"


def test_deletion_protection_must_be_taken_off_first(wire):
    create(wire, dimension=2, deletion_protection="enabled")
    assert wire.ask("DELETE", "/indexes/demo", status=403)["error"]["code"] == "FORBIDDEN"
    wire.ask("PATCH", "/indexes/demo", {"deletion_protection": "disabled"}, status=202)
    wire.ask("DELETE", "/indexes/demo", status=202)
    assert wire.ask("GET", "/indexes/demo", status=404)["error"]["code"] == "NOT_FOUND"


def test_tags_are_merged_and_an_empty_one_goes(wire):
    create(wire, dimension=2, tags={"a": "1", "b": "2"})
    changed = wire.ask("PATCH", "/indexes/demo", {"tags": {"a": "", "c": "3"}}, status=202)
    assert changed["tags"] == {"b": "2", "c": "3"}


def test_pods_scale_up_inside_their_family(wire):
    create(wire, dimension=2, spec=POD)
    changed = wire.ask(
        "PATCH", "/indexes/demo", {"spec": {"pod": {"pod_type": "p1.x2", "replicas": 3}}}, status=202
    )
    assert changed["spec"]["pod"]["pod_type"] == "p1.x2"
    assert changed["spec"]["pod"]["pods"] == 3
    for pod_type in ("p1.x1", "s1.x4"):
        wire.ask("PATCH", "/indexes/demo", {"spec": {"pod": {"pod_type": pod_type}}}, status=400)
    wire.ask("PATCH", "/indexes/demo", {"spec": {"serverless": {}}}, status=400)


def test_read_capacity_can_be_dedicated_and_changed(wire):
    capacity = {"mode": "Dedicated", "dedicated": {"node_type": "t1", "manual": {"replicas": 2, "shards": 1}}}
    spec = {"serverless": {**SERVERLESS["serverless"], "read_capacity": capacity}}
    shown = create(wire, dimension=2, spec=spec)["spec"]["serverless"]["read_capacity"]
    assert shown["status"] == {"state": "Ready", "current_replicas": 2, "current_shards": 1}
    change = {"spec": {"serverless": {"read_capacity": {"mode": "OnDemand"}}}}
    changed = wire.ask("PATCH", "/indexes/demo", change, status=202)
    assert changed["spec"]["serverless"]["read_capacity"]["mode"] == "OnDemand"


def test_a_clock_and_a_delay_give_life_cycles(clock, wire_of):
    with LocalEngine(clock=clock, ready_after=5) as engine:
        wire = wire_of(engine)
        index = wire.index()
        assert index.described["status"] == {"ready": False, "state": "Initializing"}
        assert "not ready" in index.upsert({"id": "a", "values": [1, 2, 3]}, status=503)["message"]
        clock.now += 5
        assert wire.ask("GET", "/indexes/demo")["status"]["state"] == "Ready"
        index.upsert({"id": "a", "values": [1, 2, 3]})
        wire.ask("DELETE", "/indexes/demo", status=202)
        assert wire.ask("GET", "/indexes/demo")["status"]["state"] == "Terminating"
        index.query(vector=[1, 2, 3], status=404)
        clock.now += 5
        wire.ask("GET", "/indexes/demo", status=404)
        assert wire.index().described["status"]["state"] == "Initializing"


def test_an_index_made_again_is_empty(wire):
    index = wire.index()
    index.upsert({"id": "a", "values": [1, 2, 3]})
    wire.ask("DELETE", "/indexes/demo", status=202)
    assert wire.index().stats()["totalVectorCount"] == 0
    index.query(vector=[1, 2, 3], status=404)


def test_data_operations_need_an_index_host(wire):
    refused = wire.ask("POST", "/query", {"topK": 1}, status=404)
    assert "not the host of one" in refused["error"]["message"]
    assert "There is no operation" in wire.ask("GET", "/nowhere", status=404)["error"]["message"]
    assert wire.ask("PUT", "/indexes", status=405)["error"]["code"] == "UNIMPLEMENTED"
    assert wire.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("version", ["2026-04.alpha", "2026-07"])
def test_versions_with_other_shapes_are_refused_in_a_sentence(wire, engine, version):
    wire.index()
    headers = {"X-Pinecone-Api-Version": version}
    for method, target in (("GET", "/indexes"), ("GET", "/indexes/demo"), ("POST", "/indexes")):
        reply = engine.handle(Call.make(method, target, headers))
        assert reply.status == 501
        assert b"speaks 2025-10" in reply.read()
    for older in ("2025-01", "2025-04", "2026-04"):
        assert engine.handle(Call.make("GET", "/indexes", {"X-Pinecone-Api-Version": older})).status == 200
    body = {"name": "x", "schema": {"fields": {}}}
    assert "schema" in wire.ask("POST", "/indexes", body, status=501)["error"]["message"]
    assert "spec is required" in wire.ask("POST", "/indexes", {"name": "x"}, status=400)["error"]["message"]


def test_engines_know_nothing_of_each_other(wire, wire_of):
    wire.index()
    with LocalEngine() as other:
        assert wire_of(other).ask("GET", "/indexes") == {"indexes": []}


# ---- collections


def test_a_collection_keeps_a_pod_index_as_it_was(wire):
    index = wire.index(spec=POD)
    index.upsert({"id": "a", "values": [1, 2, 3], "metadata": {"k": 1}}, namespace="n")
    made = wire.ask("POST", "/collections", {"name": "kept", "source": "demo"}, status=201)
    assert (made["vector_count"], made["dimension"], made["status"]) == (1, 3, "Ready")
    index.ask("POST", "/vectors/delete", {"deleteAll": True, "namespace": "n"})
    assert wire.ask("GET", "/collections") == {"collections": [made]}
    assert wire.ask("GET", "/collections/kept") == made
    spec = {"pod": {**POD["pod"], "source_collection": "kept"}}
    copy = wire.index("copy", spec=spec)
    assert copy.ids(vector=[1, 2, 3], namespace="n", filter={"k": 1}) == ["a"]
    wire.ask("POST", "/collections", {"name": "kept", "source": "demo"}, status=409)
    wire.ask("DELETE", "/collections/kept", status=202)
    wire.ask("GET", "/collections/kept", status=404)
    wrong = {"name": "wrong", "dimension": 3, "spec": spec}
    wire.ask("POST", "/indexes", wrong, status=404)


def test_collections_are_for_pods_and_dimensions_must_agree(wire):
    wire.index("flat")
    wire.ask("POST", "/collections", {"name": "kept", "source": "flat"}, status=400)
    wire.ask("POST", "/collections", {"name": "kept", "source": "none"}, status=404)
    wire.index(spec=POD)
    wire.ask("POST", "/collections", {"name": "kept", "source": "demo"}, status=201)
    spec = {"pod": {**POD["pod"], "source_collection": "kept"}}
    refused = wire.ask("POST", "/indexes", {"name": "x", "dimension": 4, "spec": spec}, status=400)
    assert "dimension" in refused["error"]["message"]


# ---- backups


def test_a_backup_restores_what_was_there(wire):
    index = wire.index(metric="dotproduct", tags={"a": "b"})
    index.upsert({"id": "a", "values": [1, 2, 3], "sparseValues": {"indices": [7], "values": [2]}})
    index.upsert({"id": "b", "values": [3, 2, 1], "metadata": {"k": ["x"]}}, namespace="n")
    backup = wire.ask("POST", "/indexes/demo/backups", {"name": "one", "description": "d"}, status=201)
    assert (backup["record_count"], backup["namespace_count"], backup["status"]) == (2, 2, "Ready")
    index.upsert({"id": "c", "values": [1, 1, 1]})
    restore = f"/backups/{backup['backup_id']}/create-index"
    answer = wire.ask("POST", restore, {"name": "again", "tags": {"c": "d"}}, status=202)
    again = type(index)(wire, wire.ask("GET", "/indexes/again"))
    assert again.described["tags"] == {"a": "b", "c": "d"}
    assert again.stats()["totalVectorCount"] == 2
    both = again.query(vector=[1, 0, 0], sparseVector={"indices": [7], "values": [1]})["matches"]
    assert [(match["id"], match["score"]) for match in both] == [("a", 3.0)]
    job = wire.ask("GET", f"/restore-jobs/{answer['restore_job_id']}")
    assert (job["status"], job["percent_complete"]) == ("Completed", 100.0)
    assert job["target_index_id"] == answer["index_id"]
    wire.ask("POST", restore, {"name": "again"}, status=409)
    wire.ask("DELETE", "/indexes/demo", status=202)
    assert wire.ask("GET", "/backups")["data"] == [wire.ask("GET", f"/backups/{backup['backup_id']}")]
    wire.ask("DELETE", f"/backups/{backup['backup_id']}", status=202)
    assert wire.ask("GET", "/backups") == {"data": []}


def test_backups_and_jobs_come_in_pages(wire, engine):
    wire.index()
    made = {wire.ask("POST", "/indexes/demo/backups", {}, status=201)["backup_id"] for _ in range(5)}
    for place in ("/backups", "/indexes/demo/backups"):
        seen: list[str] = []
        token = ""
        while True:
            page = wire.ask("GET", f"{place}?limit=2&paginationToken={token}")
            seen += [backup["backup_id"] for backup in page["data"]]
            if "pagination" not in page:
                break
            token = page["pagination"]["next"]
        assert len(seen) == 5
        assert set(seen) == made
    wire.ask("GET", "/backups?limit=0", status=400)
    wire.ask("GET", "/backups?paginationToken=%21", status=400)


def test_a_backup_in_use_stays(clock, wire_of):
    with LocalEngine(clock=clock, ready_after=10) as engine:
        wire = wire_of(engine)
        wire.index()
        clock.now += 10
        backup = wire.ask("POST", "/indexes/demo/backups", {}, status=201)["backup_id"]
        wire.ask("POST", f"/backups/{backup}/create-index", {"name": "again"}, status=400)
        clock.now += 10
        wire.ask("POST", f"/backups/{backup}/create-index", {"name": "again"}, status=202)
        clock.now += 4
        [job] = wire.ask("GET", "/restore-jobs")["data"]
        assert (job["status"], job["percent_complete"]) == ("InProgress", 40.0)
        refused = wire.ask("DELETE", f"/backups/{backup}", status=412)
        assert job["restore_job_id"] in refused["error"]["message"]
        clock.now += 6
        wire.ask("DELETE", f"/backups/{backup}", status=202)
