"""Index handles by themselves: their settings, options of calls, and calls that run later, in threads."""

from __future__ import annotations

import contextlib
import copy
import gc
import multiprocessing.pool
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from pinecone_core.config import RetryConfig
from pinecone_core.errors import (
    PineconeClosedError,
    PineconeTypeError,
    PineconeValueError,
    UnauthorizedError,
)
from pinecone_core.transport import Request
from pinecone_db import AsyncIndex, Index
from pinecone_db._sync import later as later_home
from pinecone_db._sync.later import Later

from ..core.exchange import EVERY_SETTING
from .test_data_wire import HOST, Handle, checked
from .wire import FLAVOURS, Bench, Wire, headers_of


def test_later() -> None:
    wire = Wire(by=lambda request: (200, {"upsertedCount": 1}))
    with Index(host=HOST, api_key="key-1234", transport=wire, pool_threads=2) as index:
        later: Any = index.upsert(vectors=[("a", [1.0])], async_req=True)
        assert later.get(10).upserted_count == 1
        waiting: list[Any] = [
            index.query(top_k=1, id="a", async_req=True),
            index.describe_index_stats(async_req=True),
            index.list_paginated(async_req=True),
        ]
        for one in waiting:
            one.get(10)
        with pytest.raises(PineconeValueError, match="batch_size"):
            index.upsert(vectors=[], batch_size=1, async_req=True)
        refused: Any = index.upsert(vectors=[("a", [])], async_req=True)
        with pytest.raises(PineconeValueError, match="at least one"):
            refused.get(10)
    checked(wire)
    with pytest.raises(PineconeClosedError):
        index.query(top_k=1, id="a")
    for threads in (0, "3"):
        with pytest.raises((PineconeValueError, PineconeTypeError), match="pool_threads"):
            Index(host=HOST, api_key="key-1234", pool_threads=threads)  # type: ignore[arg-type]
    with pytest.raises(PineconeTypeError, match="await"):
        AsyncIndex(host=HOST, api_key="key-1234", pool_threads=2)
    handle = Handle("asyncio", Wire())
    with pytest.raises(PineconeTypeError, match="await"):
        handle.call("query", top_k=1, id="a", async_req=True)


LATER: list[tuple[str, dict[str, Any], Any]] = [
    (
        "query",
        {
            "top_k": 3,
            "vector": [0.5],
            "namespace": "n",
            "filter": {"g": "x"},
            "include_values": True,
            "include_metadata": True,
            "sparse_vector": {"indices": [1], "values": [0.5]},
            "scan_factor": 2.0,
            "max_candidates": 100,
            "timeout": 7,
        },
        {},
    ),
    ("list_paginated", {"prefix": "p", "limit": 5, "pagination_token": "t", "namespace": "n"}, {}),
    ("describe_index_stats", {"filter": {"g": "x"}, "timeout": 7}, {}),
    ("upsert", {"vectors": [("a", [0.5])], "namespace": "n", "timeout": 7}, {"upsertedCount": 1}),
]


@pytest.mark.parametrize(("name", "arguments", "answer"), LATER)
def test_a_later_call_sends_what_it_would_send_now(name: str, arguments: dict[str, Any], answer: Any) -> None:
    wire = Wire((200, answer), (200, answer))
    handle = Handle("sync", wire)
    now = handle.call(name, **arguments)
    assert handle.call(name, **arguments, async_req=True).get(10) == now
    first, second = wire.requests
    assert (first.target, first.body, first.deadline) == (second.target, second.body, second.deadline)
    handle.index.close()


def test_closing_waits_for_what_was_begun(wait_until: Callable[..., None]) -> None:
    begun, go = threading.Event(), threading.Event()

    def by(request: Request) -> tuple[int, Any]:
        begun.set()
        assert go.wait(10)
        return 200, {}

    handle = Handle("sync", Wire(by=by))
    index = handle.index
    index._later = Later(1)
    calls = [index.query(top_k=1, id="a", async_req=True) for _ in range(3)]  # two of them have to wait
    assert begun.wait(10)
    closing = threading.Thread(target=index.close)
    closing.start()
    wait_until(lambda: index._later._closed)
    assert closing.is_alive()
    go.set()
    closing.join(10)
    assert [call.get(0).matches for call in calls] == [[], [], []]
    before = threading.active_count()
    with pytest.raises(PineconeClosedError):
        index.query(top_k=1, id="a", async_req=True)
    assert threading.active_count() == before
    with pytest.raises(PineconeClosedError):
        copy.copy(index).query(top_k=1, id="a", async_req=True)


def test_threads_that_begin_together_share_one_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    pools: list[Any] = []

    class Pool(multiprocessing.pool.ThreadPool):
        def __init__(self, threads: int) -> None:
            pools.append(self)
            super().__init__(threads)

    class Slow(Later):
        def __init__(self) -> None:
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(0.2)  # where nothing keeps them apart, both threads are in here at once
            super().__init__(2)

    both, together = threading.Barrier(2), threading.Barrier(8)
    monkeypatch.setattr(multiprocessing.pool, "ThreadPool", Pool)
    monkeypatch.setattr(later_home, "Later", Slow)
    index = Handle("sync", Wire(by=lambda request: (200, {}))).index
    results: list[Any] = []

    def work() -> None:
        together.wait(10)
        results.append(index.query(top_k=1, id="a", async_req=True).get(10))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    index.close()
    assert (len(results), len(pools)) == (8, 1)


def test_a_handle_and_its_results_are_no_cycles() -> None:
    index = Handle("sync", Wire(by=lambda request: (200, {}))).index
    index._later = Later(1)
    gc.collect()
    gc.disable()
    try:
        begun = index.query(top_k=1, id="a", async_req=True)
        begun.get(10)
        index.close()
        ends = [weakref.ref(index), weakref.ref(begun)]
        del begun, index
        assert [end() for end in ends] == [None, None]
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("kind", "flavour"), [(Index, "sync"), (AsyncIndex, "asyncio"), (AsyncIndex, "trio")]
)
def test_a_handle_of_its_own_takes_every_setting(kind: Any, flavour: str) -> None:
    seen: list[str] = []

    class Names:
        def start(self, operation: Any, request: Any) -> None:
            seen.append(operation.name)

    wire = Wire((500, {}), (200, {}))
    index = kind(host=HOST, api_key="key-1234", transport=wire, observers=(Names(),), **EVERY_SETTING)
    assert {name: getattr(index.config, name) for name in EVERY_SETTING} == EVERY_SETTING
    bench = Bench(flavour, wire)
    bench.run(index.query(top_k=1, id="a"))
    assert (len(wire.requests), seen) == (2, ["query"])
    assert headers_of(wire.requests[0])["x-team"] == "films"
    with pytest.raises(TypeError, match=r"unexpected keyword arguments: \['hots'\]"):
        kind(host=HOST, api_key="key-1234", hots="x")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_options_and_timeouts(flavour: str) -> None:
    wire = Wire(by=lambda request: (200, {}))
    handle = Handle(flavour, wire)
    now = handle.bench.clock.now()
    handle.call("query", top_k=1, id="a")
    handle.call("query", top_k=1, id="a", timeout=5)
    handle.call("delete", ids=["a"], timeout=7)
    handle.index = handle.index.with_options(timeout=3, headers={"X-Team": "films"})
    handle.call("describe_namespace", name="n")
    limits = [None if request.deadline is None else request.deadline - now for request in wire.requests]
    assert limits == [30.0, 5, 7, 3]
    assert headers_of(wire.requests[-1])["x-team"] == "films"
    assert handle.index.host == HOST
    assert repr(handle.index).endswith(f"Index(host='{HOST}')")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_what_is_repeated(flavour: str) -> None:
    retry = RetryConfig(max_retries=1)
    for name, arguments, times in (
        ("query", {"top_k": 1, "id": "a"}, 2),
        ("upsert", {"vectors": [("a", [1.0])]}, 2),
        ("delete", {"ids": ["a"]}, 2),
        ("create_namespace", {"name": "n"}, 1),
        ("start_import", {"uri": "s3://b/f/"}, 1),
    ):
        wire = Wire(*[(500, {})] * 2)
        with pytest.raises(Exception, match="500"):
            Handle(flavour, wire, retry_config=retry).call(name, **arguments)
        assert len(wire.requests) == times
    with pytest.raises(UnauthorizedError):
        Handle(flavour, Wire((401, {}))).call("fetch", ids=["a"])
