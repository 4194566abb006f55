"""Where indexes are: asked once, remembered, forgotten when it proves wrong; and the client itself."""

from __future__ import annotations

import contextlib
import copy
import pickle
import threading
from typing import Any

import anyio
import pytest

from pinecone_core.errors import (
    NotFoundError,
    PineconeConnectionError,
    PineconeTimeoutError,
    PineconeValueError,
)
from pinecone_core.operation import Operation
from pinecone_core.transport import Request
from pinecone_db import HostCache, PineconeDB
from pinecone_db._sync import control

from .test_control_indexes import index
from .wire import FLAVOURS, Bench, Wire

HOST = "https://movies-abc.svc.pinecone.io"


def test_the_cache_keeps_what_was_learned_last() -> None:
    cache = HostCache(limit=2)
    for name in ("a", "b", "c"):
        cache.learn(name, f"https://{name}.x")
    cache.learn("d", "")
    assert [cache.get(name) for name in "abcd"] == [None, "https://b.x", "https://c.x", None]
    assert len(cache) == 2


def test_the_cache_forgets_by_address() -> None:
    cache = HostCache({"a": "http://localhost/_index/a", "ab": "http://localhost/_index/ab"})
    cache.forget_at("http://localhost/_index/a/query?x=1")
    assert cache.get("a") is None
    assert cache.get("ab") == "http://localhost/_index/ab"


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_host_is_asked_for_once(flavour: str) -> None:
    bench = Bench(flavour, Wire((200, index())))
    for _ in range(2):
        handle = bench.run(bench.pc.index("movies"))
        assert handle.host == HOST
    given = bench.run(bench.pc.index("ignored", host="other.svc.pinecone.io"))
    assert given.host == "https://other.svc.pinecone.io"
    assert bench.wire.lines == ["GET /indexes/movies"]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_askers_at_the_same_time_share_one_answer(backend: str) -> None:
    bench = Bench(backend, Wire((200, index())))

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(bench.pc.indexes.resolve_host, "movies")

    anyio.run(main, backend=backend)
    assert len(bench.wire.requests) == 1


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(
    "fault",
    [
        (404, {}),
        PineconeConnectionError("refused", sent=False),
        PineconeTimeoutError("connecting", sent=False),
    ],
)
def test_a_host_that_fails_is_forgotten(flavour: str, fault: object) -> None:
    bench = Bench(flavour, Wire((200, index()), fault, (200, index())))  # type: ignore[arg-type]
    handle = bench.run(bench.pc.index("movies"))
    with pytest.raises((NotFoundError, PineconeConnectionError, PineconeTimeoutError)):
        bench.run(handle._executor.send(Operation("stats", "POST", "/describe_index_stats")))
    bench.run(bench.pc.index("movies"))
    assert bench.wire.lines[-1] == "GET /indexes/movies"
    assert len(bench.wire.requests) == 3


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_index_deleted_and_made_again_elsewhere_is_found(flavour: str) -> None:
    where = "old.svc.pinecone.io"

    def by(request: Request) -> tuple[int, Any]:
        if request.target == "/indexes/movies":
            return 200, index(host=where)
        return (200, {}) if request.origin == f"https://{where}" else (404, {})

    bench = Bench(flavour, Wire(by=by))
    bench.run(bench.run(bench.pc.index("movies")).describe_index_stats())
    where = "new.svc.pinecone.io"  # somebody else deletes it and makes it again
    with pytest.raises(NotFoundError):
        bench.run(bench.run(bench.pc.index("movies")).describe_index_stats())
    bench.run(bench.run(bench.pc.index("movies")).describe_index_stats())
    assert bench.wire.requests[-1].origin == "https://new.svc.pinecone.io"


def test_threads_that_come_together_share_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2)

    class Slow(HostCache):
        def __init__(self) -> None:
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(0.2)  # where nothing keeps them apart, both threads are in here at once
            super().__init__()

    monkeypatch.setattr(control, "HostCache", Slow)
    pc = PineconeDB(api_key="key-1234")
    found: list[HostCache] = []
    threads = [threading.Thread(target=lambda: found.append(pc._hosts)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] is found[1] is pc._hosts


def test_neither_name_nor_host_and_no_host_yet() -> None:
    bench = Bench("sync", Wire((200, index(host=None)), (404, {})))
    with pytest.raises(PineconeValueError, match="Either name or host must be provided"):
        bench.pc.index()
    with pytest.raises(PineconeValueError, match="does not yet have a host assigned"):
        bench.pc.index("movies")
    with pytest.raises(NotFoundError):
        bench.pc.index("films")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_resources(flavour: str) -> None:
    pc = Bench(flavour, Wire()).pc
    prefix = "" if flavour == "sync" else "Async"
    for name, kind in [
        ("indexes", "Indexes"),
        ("collections", "Collections"),
        ("backups", "Backups"),
        ("restore_jobs", "RestoreJobs"),
        ("preview", "Preview"),
    ]:
        assert repr(getattr(pc, name)) == f"{prefix}{kind}()"
        assert getattr(pc, name) is getattr(pc, name)


def test_copies_work() -> None:
    pc = PineconeDB(api_key="key-1234")
    assert repr(pc.indexes) == "Indexes()"
    for twin in (copy.deepcopy(pc), pickle.loads(pickle.dumps(pc))):
        assert repr(twin) == repr(pc)
        assert twin.indexes is not pc.indexes
        assert "key-1234" not in repr(twin)
