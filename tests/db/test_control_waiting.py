"""Waiting: how long, how often, and through which faults."""

from __future__ import annotations

from typing import Any

import pytest

from pinecone_core.errors import (
    ForbiddenError,
    IndexInitFailedError,
    IndexTerminatedError,
    NotFoundError,
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    ServiceError,
)
from pinecone_core.transport import Request
from pinecone_db import CreateIndexFromBackupResponse, ServerlessSpec

from .test_control_indexes import index, sent
from .wire import FLAVOURS, Bench, Wire

SPEC = ServerlessSpec(cloud="aws", region="us-east-1")
NOT_READY = (200, index(ready=False, state="Initializing", host=None))


def create(bench: Bench, timeout: float | None = None) -> Any:
    return bench.run(bench.pc.indexes.create(name="movies", spec=SPEC, dimension=3, timeout=timeout))


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_ready_after_a_while(flavour: str) -> None:
    bench = Bench(flavour, Wire((201, NOT_READY[1]), *[NOT_READY] * 6, (200, index())))
    assert create(bench).status.ready
    assert bench.clock.slept == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    sent(bench.wire)
    # What was seen told where it is, so a handle costs no further request.
    assert bench.run(bench.pc.indexes.resolve_host("movies")) == "https://movies-abc.svc.pinecone.io"
    assert len(bench.wire.requests) == 8


def test_ready_at_once_costs_no_further_request() -> None:
    bench = Bench("sync", Wire((201, index())))
    assert create(bench).status.ready
    assert bench.wire.lines == ["POST /indexes"]


def test_not_waiting() -> None:
    bench = Bench("sync", Wire((201, NOT_READY[1])))
    assert not create(bench, timeout=-1).status.ready
    assert not bench.clock.slept


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_deadline_is_not_overshot(flavour: str) -> None:
    bench = Bench(flavour, Wire((201, NOT_READY[1]), by=lambda request: NOT_READY))
    with pytest.raises(PineconeTimeoutError, match="Index 'movies' not ready after 4s") as caught:
        create(bench, timeout=4)
    assert sum(bench.clock.slept) == pytest.approx(4)
    assert caught.value.response.status.state == "Initializing"
    assert isinstance(caught.value, TimeoutError)


def test_a_timeout_of_nothing_looks_once() -> None:
    bench = Bench("sync", Wire(by=lambda request: NOT_READY))
    with pytest.raises(PineconeTimeoutError):
        create(bench, timeout=0)
    assert bench.wire.lines == ["POST /indexes", "GET /indexes/movies"]
    assert not bench.clock.slept


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("InitializationFailed", IndexInitFailedError),
        ("Terminating", IndexTerminatedError),
        ("Disabled", IndexTerminatedError),
    ],
)
def test_states_that_end_the_wait(state: str, kind: type[Exception]) -> None:
    bench = Bench("sync", Wire((201, NOT_READY[1]), (200, index(ready=False, state=state))))
    with pytest.raises(kind):
        create(bench)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_single_faults_are_borne(flavour: str) -> None:
    bench = Bench(
        flavour,
        Wire(
            (201, NOT_READY[1]),
            (404, {}),  # not known everywhere yet
            (503, {}),
            PineconeConnectionError("reset"),
            NOT_READY,
            (500, {}),
            (200, index()),
        ),
    )
    assert create(bench).status.ready


def test_a_fault_that_stays_ends_the_wait() -> None:
    bench = Bench("sync", Wire((201, NOT_READY[1]), *[(500, {})] * 9))
    with pytest.raises(ServiceError):
        create(bench)
    assert len(bench.wire.requests) == 6


def test_refusals_and_disappearance_end_the_wait_at_once() -> None:
    bench = Bench("sync", Wire((201, NOT_READY[1]), (403, {})))
    with pytest.raises(ForbiddenError):
        create(bench)
    bench = Bench("sync", Wire((201, NOT_READY[1]), NOT_READY, (404, {})))
    with pytest.raises(NotFoundError):
        create(bench)
    bench = Bench("sync", Wire(by=lambda request: (201, NOT_READY[1]) if request.body else (404, {})))
    with pytest.raises(NotFoundError):
        create(bench)
    assert 60 <= sum(bench.clock.slept) < 70


def test_each_look_is_bounded_by_the_deadline() -> None:
    bench = Bench("sync", Wire(by=lambda request: NOT_READY))
    with pytest.raises(PineconeTimeoutError):
        create(bench, timeout=10)
    looks = bench.wire.requests[1:]
    assert all(look.deadline is not None and look.deadline <= 1011 for look in looks)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_gone_after_a_while(flavour: str) -> None:
    dying = (200, index(ready=False, state="Terminating"))
    bench = Bench(flavour, Wire((200, index()), (202, None), dying, (502, {}), dying, (404, {})))
    bench.run(bench.pc.indexes.describe("movies"))
    assert bench.run(bench.pc.indexes.delete("movies")) is None
    assert bench.pc._hosts.get("movies") is None
    assert bench.clock.slept == [0.5, 1.0, 2.0]
    sent(bench.wire)


def test_not_gone_in_time() -> None:
    dying = index(ready=False, state="Terminating")
    bench = Bench("sync", Wire(by=lambda request: (200, dying)))
    with pytest.raises(PineconeTimeoutError, match="Index 'movies' still exists after 3s"):
        bench.pc.delete_index("movies", 3)
    # A dying index must not be remembered.
    assert bench.pc._hosts.get("movies") is None


def test_not_waiting_for_a_deletion() -> None:
    bench = Bench("sync", Wire((202, None)))
    bench.pc.indexes.delete("movies", timeout=-1)
    assert bench.wire.lines == ["DELETE /indexes/movies"]


BEGUN = (202, {"restore_job_id": "r-1", "index_id": "i-1"})


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_restoring(flavour: str) -> None:
    bench = Bench(flavour, Wire(BEGUN, (404, {}), NOT_READY, (200, index()), BEGUN))
    made = bench.run(
        bench.pc.create_index_from_backup(
            name="movies", backup_id="b-1", deletion_protection="enabled", tags={"a": "b"}
        )
    )
    assert made.name == "movies"
    assert bench.wire.bodies[0] == {
        "name": "movies",
        "deletion_protection": "enabled",
        "tags": {"a": "b"},
    }
    begun = bench.run(bench.pc.create_index_from_backup(name="movies", backup_id="b-1", timeout=-1))
    assert begun == CreateIndexFromBackupResponse(restore_job_id="r-1", index_id="i-1")
    assert bench.wire.lines[0] == "POST /backups/b-1/create-index"
    sent(bench.wire)


def test_a_restore_that_takes_too_long_names_its_job() -> None:
    def answer(request: Request) -> tuple[int, Any]:
        if request.method == "POST":
            return BEGUN
        if request.target == "/restore-jobs/r-1":
            return 404, {}
        return NOT_READY

    bench = Bench("sync", Wire(by=answer))
    with pytest.raises(PineconeTimeoutError, match=r"not ready after 300s.*job_id='r-1'"):
        bench.pc.create_index_from_backup(name="movies", backup_id="b-1")
    assert sum(bench.clock.slept) == pytest.approx(300)


def test_a_restore_that_fails_is_noticed() -> None:
    job = {
        "restore_job_id": "r-1",
        "backup_id": "b-1",
        "target_index_name": "movies",
        "target_index_id": "i-1",
        "status": "Failed",
        "created_at": "2025-01-01T00:00:00Z",
    }
    bench = Bench("sync", Wire(BEGUN, (404, {}), NOT_READY, NOT_READY, (200, job)))
    with pytest.raises(PineconeError, match="Restore job 'r-1' ended as 'Failed'"):
        bench.pc.create_index_from_backup(name="movies", backup_id="b-1")
