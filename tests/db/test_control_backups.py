"""Collections, backups and restore jobs: what is sent, refused, waited for and walked over."""

from __future__ import annotations

from typing import Any

import pytest

from pinecone_core.errors import (
    FailedPreconditionError,
    PineconeError,
    PineconeTimeoutError,
    PineconeTypeError,
    PineconeValueError,
)
from pinecone_core.transport import Request

from .test_control_indexes import sent
from .wire import FLAVOURS, Bench, Wire

COLLECTION = {"name": "old", "status": "Initializing", "environment": "us-east1-gcp"}


def backup(name: str = "b-1", status: str = "Ready") -> dict[str, Any]:
    return {
        "backup_id": name,
        "source_index_name": "movies",
        "source_index_id": "i-1",
        "status": status,
        "cloud": "aws",
        "region": "us-east-1",
    }


def job(name: str = "r-1", status: str = "Completed") -> dict[str, Any]:
    return {
        "restore_job_id": name,
        "backup_id": "b-1",
        "target_index_name": "movies",
        "target_index_id": "i-1",
        "status": status,
        "created_at": "2025-01-01T00:00:00Z",
    }


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_collections(flavour: str) -> None:
    ready = {**COLLECTION, "status": "Ready", "size": 5}
    answers = [(201, COLLECTION), (200, {"collections": [ready]}), (200, ready), (202, None)]
    bench = Bench(flavour, Wire(*answers, *answers))
    pc = bench.pc
    bench.run(pc.collections.create(name="old", source="movies"))
    assert bench.run(pc.collections.list())[0].size == 5
    assert bench.run(pc.collections.describe("old")).status == "Ready"
    assert bench.run(pc.collections.delete("old")) is None
    bench.run(pc.create_collection("old", "movies"))
    assert bench.run(pc.list_collections()).names() == ["old"]
    bench.run(pc.describe_collection("old"))
    bench.run(pc.delete_collection("old"))
    lines = [
        "POST /collections",
        "GET /collections",
        "GET /collections/old",
        "DELETE /collections/old",
    ]
    assert bench.wire.lines == lines * 2
    assert bench.wire.bodies[0] == bench.wire.bodies[4] == {"name": "old", "source": "movies"}
    sent(bench.wire)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_backups(flavour: str) -> None:
    answers = [
        (201, backup()),
        (200, {"data": [backup()], "pagination": {"next": "t"}}),
        (200, {"data": [backup()], "pagination": None}),
        (200, backup()),
        (202, None),
    ]
    bench = Bench(flavour, Wire(*answers, (200, backup()), *answers))
    pc = bench.pc
    bench.run(pc.backups.create(index_name="movies", name="n", description=""))
    page = bench.run(pc.backups.list(limit=5, pagination_token="s"))
    assert (page.next_token, page.names()) == ("t", ["b-1"])
    assert bench.run(pc.backups.list(index_name="movies")).next_token is None
    bench.run(pc.backups.describe(backup_id="b-1"))
    bench.run(pc.backups.delete(backup_id="b-1"))
    assert bench.run(pc.backups.get(backup_id="b-1")).backup_id == "b-1"
    bench.run(pc.create_backup(index_name="movies", backup_name="n", description=""))
    bench.run(pc.list_backups(limit=5, pagination_token="s"))
    bench.run(pc.list_backups(index_name="movies"))
    bench.run(pc.describe_backup(backup_id="b-1"))
    bench.run(pc.delete_backup(backup_id="b-1"))
    lines = [
        "POST /indexes/movies/backups",
        "GET /backups?limit=5&paginationToken=s",
        "GET /indexes/movies/backups",
        "GET /backups/b-1",
        "DELETE /backups/b-1",
    ]
    assert bench.wire.lines == [*lines, "GET /backups/b-1", *lines]
    assert bench.wire.bodies[0] == bench.wire.bodies[6] == {"name": "n", "description": ""}
    sent(bench.wire)


def test_a_backup_without_a_name_has_an_empty_body() -> None:
    bench = Bench("sync", Wire((201, backup())))
    bench.pc.backups.create(index_name="movies")
    assert bench.wire.requests[0].body == b"{}"
    sent(bench.wire)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_restore_jobs(flavour: str) -> None:
    answers = [(200, {"data": [job()]}), (200, job())]
    bench = Bench(flavour, Wire(*answers, *answers))
    assert bench.run(bench.pc.restore_jobs.list(limit=2)).names() == ["r-1"]
    bench.run(bench.pc.restore_jobs.describe(job_id="r-1"))
    bench.run(bench.pc.list_restore_jobs(limit=2))
    bench.run(bench.pc.describe_restore_job(job_id="r-1"))
    assert bench.wire.lines == ["GET /restore-jobs?limit=2", "GET /restore-jobs/r-1"] * 2
    sent(bench.wire)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_walking_over_all_pages(flavour: str) -> None:
    def answer(request: Request) -> tuple[int, Any]:
        make = job if "restore" in request.target else backup
        if "paginationToken=t" in request.target:
            return 200, {"data": [make("3")], "pagination": None}
        return 200, {"data": [make("1"), make("2")], "pagination": {"next": "t"}}

    bench = Bench(flavour, Wire(by=answer))
    all_backups = bench.pc.backups.iter_backups(index_name="movies")
    assert [item.backup_id for item in bench.walk(all_backups)] == ["1", "2", "3"]
    assert bench.wire.lines == [
        "GET /indexes/movies/backups?limit=100",
        "GET /indexes/movies/backups?limit=100&paginationToken=t",
    ]
    two = bench.pc.restore_jobs.iter_jobs(limit=2)
    assert [item.restore_job_id for item in bench.walk(two)] == ["1", "2"]
    assert bench.wire.lines[2:] == ["GET /restore-jobs?limit=2"]
    sent(bench.wire)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_waiting(flavour: str) -> None:
    ready = {**COLLECTION, "status": "Ready"}
    bench = Bench(
        flavour,
        Wire(
            (200, backup(status="Initializing")),
            (503, {}),
            (200, backup()),
            (200, job(status="Pending")),
            (200, job()),
            (200, COLLECTION),
            (200, ready),
        ),
    )
    assert bench.run(bench.pc.backups.wait_until_ready(backup_id="b-1")).status == "Ready"
    assert bench.run(bench.pc.restore_jobs.wait_until_completed(job_id="r-1")).status == "Completed"
    assert bench.run(bench.pc.collections.wait_until_ready("old")).status == "Ready"
    assert bench.clock.slept == [0.5, 1.0, 0.5, 0.5]


def test_waiting_in_vain() -> None:
    bench = Bench("sync", Wire(by=lambda request: (200, backup(status="Initializing"))))
    with pytest.raises(PineconeTimeoutError, match="Backup 'b-1' not ready after 7s"):
        bench.pc.backups.wait_until_ready(backup_id="b-1", timeout=7)
    bench = Bench(
        "sync", Wire((200, job(status="Cancelled")), (200, {**COLLECTION, "status": "Terminating"}))
    )
    with pytest.raises(PineconeError, match="Restore job 'r-1' ended as 'Cancelled'"):
        bench.pc.restore_jobs.wait_until_completed(job_id="r-1")
    with pytest.raises(PineconeError, match="Collection 'old' ended as 'Terminating'"):
        bench.pc.collections.wait_until_ready("old")


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda pc: pc.collections.create(name="", source="a"), PineconeValueError, "name must be a non-"),
        (lambda pc: pc.collections.create(name="a-", source="a"), PineconeValueError, "end with a hyphen"),
        (lambda pc: pc.collections.create(name="a", source=" "), PineconeValueError, "source must be"),
        (lambda pc: pc.collections.delete(None), PineconeValueError, "name must be a non-empty string"),
        (lambda pc: pc.backups.create(index_name=""), PineconeValueError, "index_name must be"),
        (lambda pc: pc.backups.create(index_name="a", name=3), PineconeTypeError, "name must be a string"),
        (lambda pc: pc.backups.list(index_name=""), PineconeValueError, "index_name must be a non-empty"),
        (lambda pc: pc.backups.list(limit=0), PineconeValueError, "limit must be between 1 and 100"),
        (lambda pc: pc.backups.iter_backups(limit=0), PineconeValueError, "limit must be a positive"),
        (lambda pc: pc.backups.describe(backup_id=" "), PineconeValueError, "backup_id must be"),
        (lambda pc: pc.restore_jobs.describe(job_id=""), PineconeValueError, "job_id must be"),
        (lambda pc: pc.restore_jobs.list(limit=101), PineconeValueError, "limit must be between"),
        (
            lambda pc: pc.create_index_from_backup(name="A", backup_id="b"),
            PineconeValueError,
            "only lowercase letters",
        ),
        (
            lambda pc: pc.create_index_from_backup(name="a", backup_id=""),
            PineconeValueError,
            "backup_id must be",
        ),
    ],
)
def test_refusing(call: Any, kind: type[Exception], words: str) -> None:
    bench = Bench("sync", Wire())
    with pytest.raises(kind, match=words):
        call(bench.pc)
    assert not bench.wire.requests


def test_a_backup_in_use() -> None:
    bench = Bench("sync", Wire((412, {"error": {"code": "FAILED_PRECONDITION", "message": "in use"}})))
    with pytest.raises(FailedPreconditionError, match="in use"):
        bench.pc.backups.delete(backup_id="b-1")
