"""What every client has, whatever it is a client of."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import anyio
import pytest

from pinecone_core._async.client import AsyncClient
from pinecone_core._sync.client import Client
from pinecone_core.config import RetryConfig
from pinecone_core.errors import PineconeClosedError, PineconeTypeError, PineconeValueError
from pinecone_core.transport import Response

KEY = "secret-key-abcd"


@pytest.fixture(params=[Client, AsyncClient])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_a_key_is_needed(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for given in ({}, {"api_key": ""}, {"api_key": None}, {"api_key": " \n"}):
        with pytest.raises(PineconeValueError, match="No API key provided"):
            kind(**given)
    monkeypatch.setenv("PINECONE_API_KEY", f"{KEY}\n")
    assert kind().config.api_key == KEY
    assert kind(api_key="argument-first").config.api_key == "argument-first"

    class Keyless(kind):  # type: ignore[misc]
        _needs_key = False

    monkeypatch.delenv("PINECONE_API_KEY")
    assert Keyless().config.api_key == ""


def test_hosts(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kind(api_key=KEY)._executor.base_url == "https://api.pinecone.io"
    monkeypatch.setenv("PINECONE_CONTROLLER_HOST", "ctl.example.com")
    assert kind(api_key=KEY)._executor.base_url == "https://ctl.example.com"
    assert kind(api_key=KEY, host="x.example.com")._executor.base_url == "https://x.example.com"


def test_the_repr_hides_the_key(kind: Any) -> None:
    client = kind(api_key=KEY)
    assert repr(client) == f"{kind.__name__}(api_key='...abcd', host='https://api.pinecone.io')"
    assert repr(kind(api_key="abc")) == f"{kind.__name__}(api_key='***', host='https://api.pinecone.io')"


def test_bad_arguments_fail_at_once(kind: Any) -> None:
    with pytest.raises(PineconeValueError, match="timeout"):
        kind(api_key=KEY, timeout=0)
    with pytest.raises(PineconeTypeError, match="retry_config"):
        kind(api_key=KEY, retry_config=3)
    with pytest.raises(TypeError, match="unknown"):
        kind(api_key=KEY, unknown=1)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies(kind: Any, duplicate: Any) -> None:
    client = kind(api_key=KEY, retry_config=RetryConfig(max_retries=1), additional_headers={"x": "y"})
    twin = duplicate(client)
    assert type(twin) is kind
    assert twin.config == client.config
    assert repr(twin) == repr(client)


def test_a_deep_copy_keeps_a_given_transport(kind: Any) -> None:
    class Engine:
        def __deepcopy__(self, memo: Any) -> Any:
            raise AssertionError("an engine is not to be copied")

    engine = Engine()
    assert copy.deepcopy(kind(api_key=KEY, transport=engine))._executor._connections.given is engine


def test_options_and_raw_requests_and_closing() -> None:
    requests: list[Any] = []
    seen: list[Any] = []

    class Transport:
        def send(self, request: Any) -> Response:
            requests.append(request)
            return Response(200, {}, b'{"a":1}')

        async def asend(self, request: Any) -> Response:
            return self.send(request)

    def headers() -> dict[str, str]:
        return dict(requests[-1].headers)

    client = Client(api_key=KEY, transport=Transport())  # type: ignore[arg-type]
    with client as same:
        assert same is client
        copied = client.with_options(headers={"x-a": "1"}, on_response=seen.append, timeout=3, max_retries=0)
        assert type(copied) is Client
        assert copied.request("GET", "/x", extra_headers={"x-b": "2"}) == {"a": 1}
        assert (headers()["x-a"], headers()["x-b"]) == ("1", "2")
        assert seen[0].body == b'{"a":1}'
    client.close()
    with pytest.raises(PineconeClosedError):
        client.request("GET", "/x")

    async def scenario() -> None:
        async with AsyncClient(api_key=KEY, transport=Transport()) as client:  # type: ignore[arg-type]
            copied = client.with_options(headers={"x-a": "3"})
            assert await copied.request("GET", "/x") == {"a": 1}
            assert headers()["x-a"] == "3"
        with pytest.raises(PineconeClosedError):
            await client.request("GET", "/x")
        await client.close()

    anyio.run(scenario)
