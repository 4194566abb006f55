"""Whatever a client is made by, its settings hold, and it is made once however many ask for it."""

from __future__ import annotations

import gc
import importlib
import inspect
import threading
from collections.abc import Callable
from typing import Any

import pytest

import pinecone
from pinecone_core import errors
from pinecone_core.config import RetryConfig
from pinecone_core.transport import Response

grpc = importlib.import_module("pinecone.grpc")
HOST = "films-abc.svc.example.com"
SETTINGS: dict[str, Any] = {
    "api_key": "0123456789",
    "additional_headers": {"x-team": "a"},
    "source_tag": "tests",
    "proxy_url": "http://127.0.0.1:3128",
    "proxy_headers": {"x-proxy": "b"},
    "ssl_verify": False,
    "timeout": 7.0,
    "connection_pool_maxsize": 3,
    "retry_config": RetryConfig(max_retries=9),
}


@pytest.mark.parametrize("name", ["Pinecone", "AsyncPinecone", "Index", "AsyncIndex", "GrpcIndex", "Admin"])
def test_every_way_in_takes_every_setting(name: str) -> None:
    kind = grpc.PineconeGRPC if name == "GrpcIndex" else getattr(pinecone, name)
    settings = dict(SETTINGS)
    if name in ("Index", "AsyncIndex"):
        settings["host"] = HOST
    if name == "Admin":
        del settings["api_key"]
        settings |= {"client_id": "me", "client_secret": "planted-secret"}
    client = kind(**settings)
    for made in [client, client.Index(host=HOST)] if name == "GrpcIndex" else [client]:
        config = made.config
        for setting, value in SETTINGS.items():
            if setting in settings and setting != "api_key":
                assert getattr(config, setting) == value, (type(made), setting)


@pytest.mark.parametrize("kind", [pinecone.Pinecone, grpc.PineconeGRPC])
def test_a_handle_has_the_settings_of_its_client(kind: Any) -> None:
    client = kind(**SETTINGS)
    handle = client.Index(host=HOST)
    assert isinstance(handle, grpc.GRPCIndex) is (kind is grpc.PineconeGRPC)
    assert handle.config.retry_config.max_retries == 9
    assert handle.config.proxy_url == SETTINGS["proxy_url"]
    assert handle._executor._connections is client._executor._connections


def test_the_control_plane_of_assistants_is_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    class Wire:
        def send(self, request: Any) -> Any:
            asked.append(request.origin)
            raise pinecone.PineconeConnectionError("nobody there")

        def stream(self, request: Any) -> Any:
            raise NotImplementedError

        def close(self) -> None:
            pass

    monkeypatch.setenv("PINECONE_PLUGIN_ASSISTANT_CONTROL_HOST", "https://control.example.com")
    client = pinecone.Pinecone(
        api_key="0123456789", transport=Wire(), retry_config=pinecone.RetryConfig(max_retries=0)
    )
    with pytest.raises(pinecone.PineconeConnectionError):
        client.assistants.describe(name="manuals")
    assert asked == ["https://control.example.com"]


def test_every_error_has_a_name_at_the_top_and_among_the_exceptions() -> None:
    kinds = [
        kind
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and issubclass(kind, errors.PineconeError) and not name.startswith("_")
    ]
    assert len(kinds) > 20
    exceptions = importlib.import_module("pinecone.exceptions")
    for kind in kinds:
        assert getattr(pinecone, kind.__name__) is kind
        assert getattr(exceptions, kind.__name__) is kind
    assert exceptions.ValidationError is pinecone.PineconeValueError


def together(count: int, work: Callable[[], Any]) -> list[Any]:
    """Call ``work`` in many threads at the same moment."""
    begin = threading.Barrier(count)
    results: list[Any] = []

    def one() -> None:
        begin.wait(10)
        results.append(work())

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("room", ["inference", "assistants", "indexes", "collections", "backups", "preview"])
def test_a_room_that_many_ask_for_at_once_is_made_once(room: str) -> None:
    for _ in range(20):
        client = pinecone.Pinecone(api_key="0123456789")
        found = together(8, lambda client=client: getattr(client, room))  # type: ignore[misc]
        assert len({id(one) for one in found}) == 1


def test_later_calls_that_many_begin_at_once_share_their_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    from multiprocessing import pool

    made: list[Any] = []

    class Counted(pool.ThreadPool):
        def __init__(self, threads: int) -> None:
            made.append(self)
            super().__init__(threads)

    monkeypatch.setattr(pool, "ThreadPool", Counted)
    for _ in range(20):
        with pinecone.Index(host=HOST, api_key="0123456789", transport=Answer(), pool_threads=2) as index:
            begun = together(8, lambda index=index: index.describe_index_stats(async_req=True))  # type: ignore[misc]
            assert [one.get(10).dimension for one in begun] == [2] * 8
        assert len(made) == 1
        made.clear()


class Answer:
    """A wire that says the same to everyone, once it may."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()
        self.told: list[str] = []

    def send(self, request: Any) -> Any:
        assert self.go.wait(10)
        self.told.append("answered")
        return Response(200, {"content-type": "application/json"}, b'{"dimension":2}')

    def stream(self, request: Any) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        pass


def test_closing_waits_for_later_calls(wait_until: Callable[..., None]) -> None:
    wire = Answer()
    wire.go.clear()
    index = pinecone.Index(host=HOST, api_key="0123456789", transport=wire)
    later: Any = index.describe_index_stats(async_req=True)

    def close() -> None:
        index.close()
        wire.told.append("closed")

    closer = threading.Thread(target=close)
    closer.start()
    wait_until(lambda: index._later._pool is None)  # it is closing
    wire.go.set()
    closer.join(10)
    assert later.get(10).dimension == 2
    assert wire.told == ["answered", "closed"]


def test_a_handle_is_in_no_cycle() -> None:
    gc.collect()
    gc.disable()
    try:
        index = pinecone.Index(host=HOST, api_key="0123456789", transport=Answer())
        gone = threading.Event()

        class Witness:
            def __del__(self) -> None:
                gone.set()

        index.__dict__["witness"] = Witness()
        del index
        assert gone.is_set()
    finally:
        gc.enable()


def test_what_is_no_argument_is_named_by_every_way_in() -> None:
    for call in (
        lambda: pinecone.Index(host=HOST, api_key="k", hots="x"),
        lambda: pinecone.AsyncIndex(host=HOST, api_key="k", hots="x"),
        lambda: pinecone.AsyncPinecone(api_key="k", hots="x"),
        lambda: pinecone.Admin(client_id="a", client_secret="b", hots="x"),
    ):
        with pytest.raises(TypeError, match="hots"):
            call()
