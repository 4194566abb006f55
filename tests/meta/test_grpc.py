"""The names of the gRPC client, over HTTP: handles, and futures that the standard library can wait for."""

from __future__ import annotations

import concurrent.futures
import importlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from pinecone import (
    NotFoundError,
    Pinecone,
    PineconeClosedError,
    PineconeError,
    PineconeFuture,
    PineconeTimeoutError,
    RetryConfig,
    ServerlessSpec,
)
from pinecone._grpc import GRPCClientConfig, GrpcIndex, PineconeGRPC
from pinecone_local import LocalEngine

# The module is made from the table, which a type checker of the sources does not see.
grpc: Any = importlib.import_module("pinecone.grpc")


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    with LocalEngine() as engine:
        pc = Pinecone(api_key="local", transport=engine.transport())
        pc.create_index(name="films", dimension=2, spec=ServerlessSpec(cloud="aws", region="us-east-1"))
        yield engine


@pytest.fixture
def index(engine: LocalEngine) -> Iterator[GrpcIndex]:
    pc = PineconeGRPC(api_key="local", transport=engine.transport())
    with pc.Index("films", grpc_config=GRPCClientConfig(secure=False)) as handle:
        yield handle


def test_every_call_has_a_future(index: GrpcIndex) -> None:
    assert index.upsert_async(vectors=[grpc.GRPCVector("a", [1.0, 0.0])]).result().upserted_count == 1
    assert index.update_async(id="a", set_metadata={"n": 1}).result() is not None
    assert index.query_async(vector=[1.0, 0.0], top_k=1).result().matches[0].id == "a"
    assert index.fetch_async(ids=["a"]).result().vectors["a"].metadata == {"n": 1}
    assert index.delete_async(ids=["a"]).result() is None
    assert index.describe_index_stats().total_vector_count == 0


def test_several_futures_are_waited_for(index: GrpcIndex) -> None:
    futures = [index.upsert_async(vectors=[(str(n), [1.0, float(n)])]) for n in range(20)]
    done, waiting = concurrent.futures.wait(futures, timeout=10)
    assert len(done) == 20
    assert not waiting
    assert sum(future.result().upserted_count for future in concurrent.futures.as_completed(futures)) == 20


def test_a_failure_is_the_futures(index: GrpcIndex) -> None:
    future = index.query_async(vector=[1.0], top_k=1)
    error = future.exception()
    assert isinstance(error, PineconeError)
    with pytest.raises(type(error)):
        future.result()


def test_a_handle_has_the_settings_of_its_client(engine: LocalEngine) -> None:
    seen: list[Any] = []

    class Wire:
        def send(self, request: Any) -> Any:
            seen.append(request)
            return engine.transport().send(request)

    transport: Any = Wire()
    settings: dict[str, Any] = {"additional_headers": {"X-Team": "films"}, "retry_config": RetryConfig(0)}
    clients = [
        PineconeGRPC(api_key="local", transport=transport, timeout=9.0, **settings),
        Pinecone(api_key="local", transport=transport, timeout=9.0, **settings),
    ]
    for handle in (clients[0].Index("films"), clients[1].index("films", grpc=True)):
        handle.describe_index_stats()
        request = seen[-1]
        assert dict(request.headers)["X-Team"] == "films"
        assert 0 < request.deadline - handle._executor.clock.now() <= 9.0
        assert handle.config.retry_config == RetryConfig(0)
    assert clients[0].Index("films")._executor._connections is clients[0]._executor._connections


def test_a_closed_handle_begins_nothing(index: GrpcIndex) -> None:
    index.query_async(vector=[1.0, 0.0], top_k=1).result()
    index.close()
    threads = threading.active_count()
    with pytest.raises(PineconeClosedError):
        index.query_async(vector=[1.0, 0.0], top_k=1)
    assert threading.active_count() == threads
    index.close()


class Pending:
    """A call that ends when it is told."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.pool = concurrent.futures.ThreadPoolExecutor(1)

    def begin(self, end: Any = "done") -> PineconeFuture[Any]:
        def call() -> Any:
            self.go.wait(10)
            if isinstance(end, Exception):
                raise end
            return end

        return PineconeFuture(self.pool.submit(call))


def test_waiting_ends_and_the_call_goes_on() -> None:
    pending = Pending()
    future = pending.begin()
    with pytest.raises(PineconeTimeoutError, match=r"has not ended after 0\.01 s; it goes on"):
        future.result(timeout=0.01)
    assert not future.done()
    pending.go.set()
    assert future.result() == "done"
    assert future.done()
    assert not future.cancelled()


def test_the_calls_own_time_out_is_raised_as_it_is() -> None:
    pending = Pending()
    pending.go.set()
    own = PineconeTimeoutError("its own")
    with pytest.raises(PineconeTimeoutError, match="its own"):
        pending.begin(own).result()


def test_cancelling_and_callbacks() -> None:
    pending = Pending()
    running, waiting = pending.begin(), pending.begin()
    told: list[Any] = []
    running.add_done_callback(told.append)
    waiting.add_done_callback(told.append)
    assert waiting.cancel()
    assert waiting.cancelled()
    with pytest.raises(concurrent.futures.CancelledError):
        waiting.result()
    pending.go.set()
    assert running.result() == "done"
    assert not running.cancel()
    assert told == [waiting, running]


def test_other_ways_to_a_handle(engine: LocalEngine) -> None:
    pc = Pinecone(api_key="local", transport=engine.transport())
    handle = pc.index("films", grpc=True)
    assert isinstance(handle, grpc.GRPCIndex)
    assert handle.host == pc.describe_index("films").host
    alone = GrpcIndex(host="127.0.0.1:5081", api_key="k", secure=False)
    assert alone.host == "http://127.0.0.1:5081"
    with pytest.raises(NotFoundError):
        pc.index("nothing", grpc=True)
    with pytest.raises(TypeError, match="unexpected keyword arguments"):
        PineconeGRPC(api_key="k").Index("films", hots="x")
