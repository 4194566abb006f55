"""Upserts of many vectors: how they are split, what becomes of each, and how they go on after a stop."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from pinecone_core.batching import Progress
from pinecone_core.config import RetryConfig
from pinecone_core.errors import (
    ApiError,
    PineconeTimeoutError,
    PineconeTypeError,
    PineconeValueError,
    UnauthorizedError,
)
from pinecone_core.transport import Request
from pinecone_db import UpsertResponse, Vector

from .test_data_wire import HOST, Handle, checked
from .wire import FLAVOURS, Wire, body_of

Item = tuple[str, list[float]]


def many(count: int) -> list[Item]:
    return [(str(number), [0.5, 1.0]) for number in range(count)]


def ids(request: Request) -> list[str]:
    return [vector["id"] for vector in body_of(request)["vectors"]]


class Store:
    """Stores what it is sent; refuses a request in which one of the given ids stands."""

    def __init__(self, bad: dict[str, int] | None = None) -> None:
        self.bad = bad or {}
        self.stored: list[str] = []
        self.wire = Wire(by=self.answer)

    def answer(self, request: Request) -> tuple[int, Any]:
        found = ids(request)
        for id_ in found:
            if id_ in self.bad:
                return self.bad[id_], {"error": {"message": f"no {id_}"}}
        self.stored += found
        return 200, {"upsertedCount": len(found)}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_one_request(flavour: str) -> None:
    store = Store({"bad": 400})
    handle = Handle(flavour, store.wire)
    told: list[Progress] = []
    response = handle.call("upsert", vectors=many(3), namespace="n", on_progress=told.append)
    assert (response.upserted_count, response.total_batch_count, response.errors) == (3, 0, [])
    assert response.response_info is not None
    assert told == [Progress(3, 0, 1, 3)]
    assert handle.call("upsert", vectors=tuple(many(2)), total_timeout=5).upserted_count == 2
    assert len(store.wire.requests) == 2
    for more in ({}, {"total_timeout": 5}):
        with pytest.raises(ApiError, match="no bad"):
            handle.call("upsert", vectors=[("bad", [1.0])], **more)
    checked(store.wire)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_list_too_large_for_one_request(flavour: str) -> None:
    store = Store()
    handle = Handle(flavour, store.wire)
    response = handle.call("upsert", vectors=many(2500), show_progress=False)
    assert (response.upserted_count, response.total_batch_count) == (2500, 3)
    assert sorted(len(ids(request)) for request in store.wire.requests) == [500, 1000, 1000]
    assert sorted(store.stored, key=int) == [id_ for id_, _ in many(2500)]
    store.bad = {"1500": 400}
    with pytest.raises(ApiError, match="no 1500") as caught:
        handle.call("upsert", vectors=many(2500), show_progress=False)
    stored: Any = caught.value.response
    assert isinstance(stored, UpsertResponse)
    assert (stored.upserted_count, stored.failed_item_count) == (1500, 1000)
    assert stored.failed_items == many(2000)[1000:]
    wide = [(str(number), [1.0], {"t": "x" * 900_000}) for number in range(5)]
    before = len(store.wire.requests)
    assert handle.call("upsert", vectors=wide, show_progress=False).upserted_count == 5
    sizes = [len(request.body) for request in store.wire.requests[before:] if isinstance(request.body, bytes)]
    assert len(sizes) == 3
    assert max(sizes) <= 2_000_000


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_partial_success_and_sending_again(flavour: str) -> None:
    store = Store({"5": 400})
    handle = Handle(flavour, store.wire)
    vectors: list[Any] = [Vector(f"{number}", [1.0]) for number in range(4)]
    vectors += [{"id": str(n), "sparse_values": {"indices": [n], "values": [0.5]}} for n in range(4, 7)]
    told: list[Progress] = []
    response = handle.call(
        "upsert", vectors=vectors, batch_size=2, show_progress=False, on_progress=told.append
    )
    assert (response.upserted_count, response.failed_item_count, response.total_item_count) == (5, 2, 7)
    assert (response.successful_batch_count, response.failed_batch_count) == (3, 1)
    assert (response.total_batch_count, response.has_errors, response.error_count) == (4, True, 2)
    (error,) = response.errors
    assert (error.batch_index, error.items) == (2, vectors[4:6])
    assert "no 5" in error.error_message
    assert repr(response) == "UpsertResponse(PARTIAL FAILURE: 5/7 items, 3/4 batches)"
    plain = json.loads(response.to_json())
    assert plain["errors"][0]["batch_index"] == 2
    assert plain == json.loads(json.dumps(response.to_dict())), "an exception is left in it"
    assert told[-1] == Progress(7, 2, 4, 7)
    store.bad = {}
    assert handle.call("upsert", vectors=response.failed_items).upserted_count == 2
    assert sorted(store.stored) == [str(number) for number in range(7)]
    checked(store.wire)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_partial_success_as_plain_data(flavour: str) -> None:
    handle = Handle(flavour, Store({"1": 400}).wire)
    vectors = [Vector(str(number), [1.0], metadata={"n": number}) for number in range(2)]
    response = handle.call("upsert", vectors=vectors, batch_size=1, show_progress=False)
    data = response.to_dict()
    assert json.loads(json.dumps(data)) == data == json.loads(response.to_json())
    (error,) = data["errors"]
    assert error["error"] == error["error_message"] == "[400] no 1"
    assert error["items"] == [{"id": "1", "values": [1.0], "sparse_values": None, "metadata": {"n": 1}}]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_no_bar_where_there_is_no_terminal(flavour: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    Handle(flavour, Store().wire).call("upsert", vectors=many(4), batch_size=1)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_too_large_for_the_service_is_halved(flavour: str) -> None:
    def by(request: Request) -> tuple[int, Any]:
        found = ids(request)
        return (413, {}) if len(found) > 2 else (200, {"upsertedCount": len(found)})

    response = Handle(flavour, Wire(by=by)).call("upsert", vectors=many(8), batch_size=8, show_progress=False)
    assert (response.upserted_count, response.total_batch_count, response.errors) == (8, 1, [])


def test_nothing_to_send() -> None:
    handle = Handle("sync", Wire())
    response = handle.call("upsert", vectors=[], batch_size=10)
    assert (response.upserted_count, response.total_batch_count) == (0, 0)
    assert handle.wire.requests == []


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_iterator_is_read_as_it_is_sent(flavour: str) -> None:
    store = Store()
    read = 0
    most = 0

    def source() -> Iterator[Item]:
        nonlocal read, most
        for item in many(5000):
            read += 1
            most = max(most, read - len(store.stored))
            yield item

    response = Handle(flavour, store.wire).call("upsert", vectors=source(), batch_size=100, max_concurrency=3)
    assert (response.upserted_count, response.total_batch_count, read) == (5000, 50, 5000)
    assert most <= 100 * 4


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_iterator_may_use_its_lists_again(flavour: str) -> None:
    values, metadata = [0.0] * 100, {"n": 0}

    def source() -> Iterator[Any]:
        for number in range(50):
            values[:] = [float(number)] * 100
            metadata["n"] = number
            yield str(number), values, metadata
        values.clear()

    store = Store()
    response = Handle(flavour, store.wire).call(
        "upsert", vectors=source(), batch_size=20, show_progress=False
    )
    assert response.upserted_count == 50
    for vector in (vector for body in store.wire.bodies for vector in body["vectors"]):
        number = int(vector["id"])
        assert vector["values"] == [number] * 100
        assert vector["metadata"] == {"n": number}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("number", [0.1, -0.12345678, -1.2345678e-10])
def test_requests_stay_below_the_limit(flavour: str, number: float) -> None:
    store = Store()
    vectors = ((str(place), [number] * 1000) for place in range(400))
    response = Handle(flavour, store.wire).call("upsert", vectors=vectors, show_progress=False)
    assert (response.upserted_count, response.errors) == (400, [])
    assert sorted(store.stored, key=int) == [str(place) for place in range(400)]
    sizes = [len(request.body) for request in store.wire.requests if isinstance(request.body, bytes)]
    assert max(sizes) <= 2_000_000
    assert len(sizes) <= 7


@pytest.mark.parametrize("flavour", ["asyncio", "trio"])
def test_an_asynchronous_iterator(flavour: str) -> None:
    async def source() -> AsyncIterator[Item]:
        for item in many(2100):
            yield item

    store = Store()
    response = Handle(flavour, store.wire).call("upsert", vectors=source(), show_progress=False)
    assert (response.upserted_count, response.total_batch_count) == (2100, 3)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_bad_vector_in_an_iterator(flavour: str) -> None:
    store = Store()
    vectors = [*many(5), ("x", [1.0, float("nan")]), *many(5)]
    with pytest.raises(PineconeValueError) as caught:
        Handle(flavour, store.wire).call("upsert", vectors=iter(vectors), batch_size=2, show_progress=False)
    assert caught.value.path == "vectors[5].values[1]"
    stored: Any = caught.value.response
    assert isinstance(stored, UpsertResponse)
    assert stored.upserted_count == len(store.stored) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"vectors": [*many(2), ("", [1.0])], "batch_size": 1}, r"vectors\[2\].id"),
        ({"vectors": [*many(2000), ("x", [])]}, r"vectors\[2000\]"),
        ({"vectors": many(2), "batch_size": 0}, "batch_size"),
        ({"vectors": many(2), "batch_size": True}, "batch_size"),
        ({"vectors": many(2), "batch_size": 1, "max_concurrency": 0}, "max_concurrency"),
        ({"vectors": many(2), "batch_size": 1, "max_concurrency": 65}, "max_concurrency"),
        ({"vectors": many(2), "total_timeout": 0}, "total_timeout"),
        ({"vectors": many(2), "namespace": 5}, "namespace"),
        ({"vectors": {"id": "a", "values": [1.0]}}, "vectors"),
        ({"vectors": 5}, "vectors"),
        ({"vectors": None}, "vectors"),
        ({"vectors": "ab"}, "vectors"),
    ],
)
def test_refused_before_anything_is_sent(arguments: dict[str, Any], said: str) -> None:
    handle = Handle("sync", Wire())
    with pytest.raises((PineconeValueError, PineconeTypeError), match=said):
        handle.call("upsert", **arguments)
    assert handle.wire.requests == []


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_refused_key_stops_all(flavour: str) -> None:
    handle = Handle(flavour, Wire(by=lambda request: (401, {})))
    response = handle.call("upsert", vectors=many(100), batch_size=1, max_concurrency=2, show_progress=False)
    assert response.upserted_count == 0
    assert response.failed_items == many(100)
    assert len(handle.wire.requests) <= 3
    assert all(isinstance(error.error, UnauthorizedError) for error in response.errors)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_total_timeout(flavour: str) -> None:
    store = Store()
    handle = Handle(flavour, store.wire)

    def slow(request: Request) -> tuple[int, Any]:
        handle.bench.clock.time += 10
        return store.answer(request)

    store.wire.by = slow
    response = handle.call(
        "upsert", vectors=many(10), batch_size=2, max_concurrency=1, total_timeout=15, show_progress=False
    )
    assert response.upserted_count == len(store.stored) == 4
    assert response.failed_items == many(10)[4:]
    assert isinstance(response.errors[0].error, PineconeTimeoutError)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_time_of_each_request(flavour: str) -> None:
    store = Store()
    handle = Handle(flavour, store.wire)
    now = handle.bench.clock.now()
    handle.call("upsert", vectors=many(4), batch_size=2, timeout=7, show_progress=False)
    assert {request.deadline for request in store.wire.requests} == {now + 7}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_what_is_put_off_slows_down_those_after_it(flavour: str) -> None:
    store = Store()
    refusals = 3

    def by(request: Request) -> tuple[int, Any]:
        nonlocal refusals
        if refusals:
            refusals -= 1
            return 429, {}
        return store.answer(request)

    store.wire.by = by
    handle = Handle(flavour, store.wire, retry_config=RetryConfig(max_retries=3))
    before = handle.index._executor.pace.limit
    response = handle.call("upsert", vectors=many(4), batch_size=1, max_concurrency=1, show_progress=False)
    assert response.upserted_count == 4
    assert handle.index._executor.pace.limit < before
    assert len(handle.bench.clock.slept) == 3


# ---- checkpoints --------------------------------------------------------------------------------


class Crash(BaseException):
    """Stands for the end of the process."""


def mark(path: Path) -> int:
    found = json.loads(path.read_text("utf-8"))
    assert found["host"] == HOST
    return int(found["stored"])


@pytest.mark.parametrize("as_list", [True, False])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_going_on_after_a_crash(flavour: str, as_list: bool, tmp_path: Path) -> None:
    path = tmp_path / "mark.json"
    store = Store()
    left = 4

    def by(request: Request) -> tuple[int, Any]:
        nonlocal left
        left -= 1
        if left < 0:
            raise Crash
        return store.answer(request)

    def call(wire: Wire) -> Any:
        vectors: Any = many(20) if as_list else iter(many(20))
        return Handle(flavour, wire).call(
            "upsert", vectors=vectors, batch_size=2, checkpoint=path, namespace="n", show_progress=False
        )

    with pytest.raises(BaseException) as caught:  # noqa: PT011
        call(Wire(by=by))
    assert isinstance(caught.value, Crash) or caught.group_contains(Crash)
    stored = mark(path)
    assert 0 < stored <= 8
    assert set(store.stored) >= {str(number) for number in range(stored)}  # nothing is passed over
    again = Store()
    response = call(again.wire)
    assert response.upserted_count == 20 - stored
    assert sorted(again.stored, key=int) == [str(number) for number in range(stored, 20)]
    assert mark(path) == 20
    assert [item.name for item in tmp_path.iterdir()] == ["mark.json"]
    last = Store()
    assert call(last.wire).upserted_count == 0
    assert last.wire.requests == []


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_what_failed_is_sent_again(flavour: str, tmp_path: Path) -> None:
    path = tmp_path / "mark.json"
    store = Store({"5": 400})
    handle = Handle(flavour, store.wire)
    arguments: dict[str, Any] = {"batch_size": 2, "checkpoint": str(path), "show_progress": False}
    told: list[Progress] = []
    response = handle.call("upsert", vectors=iter(many(10)), **arguments)
    assert (response.upserted_count, response.failed_item_count, mark(path)) == (8, 2, 4)
    store.bad = {}
    response = handle.call("upsert", vectors=many(10), on_progress=told.append, **arguments)
    assert (response.upserted_count, mark(path)) == (6, 10)
    assert told[-1] == Progress(10, 0, 3, 10)
    assert set(store.stored) == {str(number) for number in range(10)}


def test_several_at_a_time_with_a_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "mark.json"
    store = Store()
    together = threading.Barrier(3, timeout=10)

    def by(request: Request) -> tuple[int, Any]:
        together.wait()  # breaks unless three requests are under way at once
        return store.answer(request)

    response = Handle("sync", Wire(by=by)).call(
        "upsert", vectors=many(9), batch_size=1, max_concurrency=3, checkpoint=path, show_progress=False
    )
    assert (response.upserted_count, response.errors, mark(path)) == (9, [], 9)


def test_a_mark_counts_up_to_the_first_gap(tmp_path: Path) -> None:
    path = tmp_path / "mark.json"
    others = threading.Event()
    count = 0
    marks: list[int] = []

    def by(request: Request) -> tuple[int, Any]:
        nonlocal count
        if ids(request) == ["0"]:
            assert others.wait(10)
            marks.append(mark(path))
        return 200, {"upsertedCount": 1}

    def progress(told: Progress) -> None:
        if told.items == 5:
            others.set()

    Handle("sync", Wire(by=by)).call(
        "upsert", vectors=many(6), batch_size=1, max_concurrency=2, checkpoint=path, on_progress=progress
    )
    assert marks == [0]
    assert mark(path) == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (json.dumps({"version": 1, "host": HOST, "namespace": "other", "stored": 2}), "belongs to namespace"),
        (json.dumps({"version": 1, "host": "https://x.y", "namespace": "n", "stored": 2}), "belongs to"),
        ("not json", "not a checkpoint"),
        ("[]", "not a checkpoint"),
        (json.dumps({"host": HOST, "namespace": "n", "stored": -1}), "not a checkpoint"),
        (json.dumps({"host": HOST, "namespace": "n", "stored": True}), "not a checkpoint"),
    ],
)
def test_a_foreign_checkpoint_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "mark.json"
    path.write_text(text, "utf-8")
    handle = Handle("sync", Wire())
    with pytest.raises(PineconeValueError, match=said):
        handle.call("upsert", vectors=many(3), namespace="n", checkpoint=path)
    assert handle.wire.requests == []
    assert path.read_text("utf-8") == text


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_checkpoint_of_other_vectors_is_refused(flavour: str, tmp_path: Path) -> None:
    path = tmp_path / "mark.json"
    store = Store()
    handle = Handle(flavour, store.wire)
    arguments: dict[str, Any] = {"batch_size": 2, "checkpoint": path, "show_progress": False}
    handle.call("upsert", vectors=many(6), **arguments)
    sent = len(store.wire.requests)
    others = [(f"other-{number}", [1.0]) for number in range(9)]
    for vectors in (others, iter(others), many(5), iter(many(5))):
        with pytest.raises(PineconeValueError, match="belongs to other vectors"):
            handle.call("upsert", vectors=vectors, **arguments)
    assert (len(store.wire.requests), mark(path)) == (sent, 6)
    assert handle.call("upsert", vectors=iter(many(9)), **arguments).upserted_count == 3


def test_a_checkpoint_that_cannot_be_written_shows_at_once(tmp_path: Path) -> None:
    handle = Handle("sync", Wire())
    with pytest.raises(OSError, match="nowhere"):
        handle.call("upsert", vectors=many(3), checkpoint=tmp_path / "nowhere" / "mark.json")
    assert handle.wire.requests == []
