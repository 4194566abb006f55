from __future__ import annotations

import enum
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pinecone_core
from pinecone_core.checks import header_value
from pinecone_core.codec import RawJson
from pinecone_core.config import PineconeConfig
from pinecone_core.errors import (
    ApiError,
    NotFoundError,
    PineconeTypeError,
    PineconeValueError,
    RateLimitError,
    ResponseParsingError,
)
from pinecone_core.headers import checked, fold, request_headers, sdk_headers
from pinecone_core.operation import Encoded, Operation, api_error
from pinecone_core.response_info import BatchResponseInfo, ResponseInfo, merge_response_infos
from pinecone_core.structs import StructDictMixin
from pinecone_core.transport import Request, Response


class Metric(enum.Enum):
    COSINE = "cosine"


class Stats(StructDictMixin, kw_only=True):
    total: int = 0
    response_info: ResponseInfo | None = None


def test_operations_are_values() -> None:
    one = Operation("describe", "GET", "/indexes/a", Stats)
    assert one == Operation("describe", "GET", "/indexes/a", Stats)
    assert one != Operation("describe", "GET", "/indexes/b", Stats)
    assert one.api_version == "2025-10"
    with pytest.raises(AttributeError):
        one.path = "/x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("verb", "given_flag", "expected"),
    [
        ("GET", None, True),
        ("POST", None, False),
        ("DELETE", None, False),
        ("POST", True, True),
        ("GET", False, False),
    ],
)
def test_what_may_be_repeated(verb: str, given_flag: Any, expected: bool) -> None:
    assert Operation("x", verb, "/", repeat_safe=given_flag).may_be_repeated is expected


@pytest.mark.parametrize(
    ("query", "target"),
    [
        (None, "/p/x"),
        ({}, "/p/x"),
        ({"a": None}, "/p/x"),
        (
            {"a": 1, "b": [1, 2], "c": True, "d": "ä&b", "e": Metric.COSINE},
            "/p/x?a=1&b=1&b=2&c=true&d=%C3%A4%26b&e=cosine",
        ),
        ({"a": (None, "x"), "b": False, "c": 0, "d": ""}, "/p/x?a=x&b=false&c=0&d="),
    ],
)
def test_targets(query: Any, target: str) -> None:
    assert Operation("x", "GET", "/x", query=query).target("/p") == target


def test_no_repr_shows_a_secret() -> None:
    secret = {"authorization": "Bearer s3cret"}
    operation: Any = Operation(
        "token", "POST", "/t", body={"client_secret": "s3cret"}, headers=secret, query={"a": 1}
    )
    assert repr(operation) == "Operation('token', POST /t?{'a': 1})"
    assert repr(Encoded(b"s3cret")) == "Encoded(application/json)"
    request = Request("POST", "https://h.com", "/t?a=1", [("Api-Key", "s3cret")], b"s3cret")
    assert repr(request) == "Request(POST https://h.com/t?a=1)"
    assert repr(Response(200, {"set-cookie": "s3cret"}, b"s3cret")) == "Response(200, 6 bytes)"


def test_a_query_that_cannot_be_encoded() -> None:
    with pytest.raises(PineconeValueError, match="surrogate"):
        Operation("x", "GET", "/x", query={"a": "\ud800"}).target()


def test_bodies() -> None:
    assert Operation("x", "POST", "/x").encoded_body() is None
    assert Operation("x", "POST", "/x", body={"m": Metric.COSINE}).encoded_body() == Encoded(
        b'{"m":"cosine"}'
    )
    ready = Encoded(b"a\n", "application/x-ndjson")
    assert Operation("x", "POST", "/x", body=ready).encoded_body() is ready
    with pytest.raises(PineconeTypeError, match=r"body\.a"):
        Operation("x", "POST", "/x", body={"a": object()}).encoded_body()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"v": RawJson(b"[1]")}, b'{"v":[1]}'),
        ({"k": 1, "v": RawJson(b"[1]"), "n": "a"}, b'{"k":1,"v":[1],"n":"a"}'),
        ({'q"': RawJson(b"null"), "w": RawJson(b"[]")}, b'{"q\\"":null,"w":[]}'),
    ],
)
def test_bodies_around_text_that_is_json_already(body: dict[str, Any], text: bytes) -> None:
    made = Operation("x", "POST", "/x", body=body).encoded_body()
    assert made == Encoded(text)
    json.loads(text)


def test_what_stands_beside_long_json_text_is_checked_and_the_text_is_not() -> None:
    long = RawJson(b"[" + b"null," * 2_000 + b"1]")
    made = Operation("x", "POST", "/x", body={"v": long, "n": 1}).encoded_body()
    assert made is not None
    assert json.loads(made.content)["n"] == 1  # type: ignore[arg-type]
    with pytest.raises(PineconeValueError, match=r"at body\.n"):
        Operation("x", "POST", "/x", body={"v": long, "n": float("nan")}).encoded_body()


def test_what_stands_beside_json_text_is_checked() -> None:
    with pytest.raises(PineconeValueError, match=r"body\.f\.x"):
        Operation("x", "POST", "/x", body={"v": RawJson(b"[]"), "f": {"x": float("nan")}}).encoded_body()


def test_results() -> None:
    operation = Operation("stats", "POST", "/stats", Stats)
    headers = {"x-pinecone-request-id": "r"}
    stats = operation.result(headers, b'{"total":3}')
    assert stats == Stats(total=3, response_info=ResponseInfo(raw_headers=headers))
    assert Operation("x", "DELETE", "/x").result({}, b"anything") is None
    with pytest.raises(ResponseParsingError) as caught:
        operation.result({"x-request-id": "q"}, b"[]")
    assert (caught.value.request_id, caught.value.operation) == ("q", "stats")


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        (b'{"error":{"code":"NOT_FOUND","message":"no such"},"status":404}', "no such", "NOT_FOUND"),
        (b'{"error":{"code":"X"},"message":"m"}', "m", "X"),
        (b'{"error":{"code":"X"}}', '{"error":{"code":"X"}}', "X"),
        (b'{"error":"text"}', "text", None),
        (b'{"error":"invalid","error_description":"wrong secret"}', "wrong secret", None),
        (b'{"message":"m","code":"C"}', "m", "C"),
        (b'{"message":" ","detail":"d"}', "d", None),
        (b'{"description":"d"}', "d", None),
        (b'{"error":{"message":5}}', '{"error":{"message":5}}', None),
        (b" plain text ", "plain text", None),
        (b"<" * 600, "<" * 500 + "... (truncated)", None),
        (b"", "Not Found", None),
        (b"  ", "Not Found", None),
        (b"\xff", "\ufffd", None),
        (b"[1]", "[1]", None),
    ],
)
def test_messages(body: bytes, message: str, code: Any) -> None:
    error = api_error(404, {"x-request-id": "r"}, body, reason="Not Found")
    assert type(error) is NotFoundError
    assert (error.message, error.error_code, error.request_id, error.reason) == (
        message,
        code,
        "r",
        "Not Found",
    )
    assert error.headers == {"x-request-id": "r"}
    try:
        assert error.body == json.loads(body)
    except ValueError:
        assert error.body is None


@given(
    st.integers(300, 999),
    st.binary(max_size=80),
    st.dictionaries(st.sampled_from(["retry-after", "x-request-id"]), st.text()),
)
def test_any_answer_makes_an_error(status: int, body: bytes, headers: dict[str, str]) -> None:
    error = Operation("x", "GET", "/").error(status, headers, body)
    assert isinstance(error, ApiError)
    assert error.operation == "x"
    assert str(error).startswith(f"[{status}")


def test_what_the_service_asks_for() -> None:
    error = api_error(429, {"retry-after": "7"}, b"", now=0.0)
    assert isinstance(error, RateLimitError)
    assert error.retry_after == 7.0


# ---- headers ---------------------------------------------------------------------------------


def test_the_header_set() -> None:
    config = PineconeConfig(api_key="k", source_tag="My Tag")
    sdk = sdk_headers(config)
    operation: Operation[Any] = Operation(
        "x", "POST", "/x", headers={"Accept": "text/event-stream"}, api_version="2026-04"
    )
    pairs = request_headers(sdk, operation, Encoded(b"{}", "a/b"), {}, None)
    assert pairs == [
        ("Accept", "text/event-stream"),
        ("Accept-Encoding", "gzip, deflate"),
        ("User-Agent", f"python-client-{pinecone_core.__version__} source_tag=my_tag"),
        ("Api-Key", "k"),
        ("X-Pinecone-Api-Version", "2026-04"),
        ("Content-Type", "a/b"),
    ]
    bare = sdk_headers(PineconeConfig())
    assert "api-key" not in bare
    assert bare["user-agent"] == ("User-Agent", f"python-client-{pinecone_core.__version__}")


def test_later_headers_replace_earlier_ones_in_any_case() -> None:
    sdk = sdk_headers(PineconeConfig(api_key="k"))
    operation: Operation[Any] = Operation("x", "POST", "/x", headers={"X-One": "operation"})
    pairs = request_headers(
        sdk,
        operation,
        Encoded(b"{}"),
        fold({"x-one": "client", "API-KEY": "client", "content-type": "client", "user-agent": "u"}),
        {"X-ONE": "call", "x-pinecone-api-version": "2099-01"},
    )
    found = dict(pairs)
    assert len({name.lower() for name, _ in pairs}) == len(pairs)
    assert found["X-ONE"] == "call"
    assert found["API-KEY"] == "client"
    assert found["content-type"] == "client"
    assert found["x-pinecone-api-version"] == "2099-01"
    assert sdk["api-key"] == ("Api-Key", "k"), "what the client has is left alone"


def test_checks_of_headers() -> None:
    assert checked("h", None) == {}
    assert checked("h", {"a": "b\tc"}) == {"a": "b\tc"}
    for bad in ("a\nb", "a\x00", "a\x7f", "ä"):
        with pytest.raises(PineconeValueError, match="api_key cannot be sent") as caught:
            header_value("api_key", bad)
        assert bad not in str(caught.value)


# ---- what an answer says about itself ----------------------------------------------------------


def test_response_info() -> None:
    info = ResponseInfo(
        raw_headers={
            "x-request-id": "other",
            "x-pinecone-lsn-reconciled": "5",
            "x-pinecone-lsn-committed": "9",
        }
    )
    assert (info.request_id, info.lsn_reconciled, info.lsn_committed) == ("other", 5, 9)
    assert info.is_reconciled(5)
    assert not info.is_reconciled(6)
    newer = ResponseInfo(
        raw_headers={
            "x-pinecone-request-id": "r",
            "x-request-id": "other",
            "x-pinecone-max-indexed-lsn": "7",
            "x-pinecone-lsn-reconciled": "5",
            "x-pinecone-request-lsn": "11",
        }
    )
    assert (newer.request_id, newer.lsn_reconciled, newer.lsn_committed) == ("r", 7, 11)
    empty = ResponseInfo()
    assert (empty.request_id, empty.lsn_reconciled, empty.lsn_committed) == (None, None, None)
    assert not empty.is_reconciled(0)
    odd = ResponseInfo(raw_headers={"x-pinecone-lsn-reconciled": "x", "x-pinecone-request-id": ""})
    assert (odd.lsn_reconciled, odd.request_id) == (None, None)
    assert list(info) == ["raw_headers"]
    with pytest.raises(KeyError):
        info["request_id"]
    with pytest.raises(TypeError):
        hash(info)
    assert info == msgspec.convert(msgspec.to_builtins(info), ResponseInfo)


def test_batches() -> None:
    infos = [
        ResponseInfo(raw_headers={"x-pinecone-lsn-reconciled": "5", "x-pinecone-lsn-committed": "9"}),
        ResponseInfo(raw_headers={"x-pinecone-lsn-reconciled": "7"}),
        ResponseInfo(),
    ]
    merged = merge_response_infos(infos)
    assert merged == BatchResponseInfo(lsn_reconciled=7, lsn_committed=9)
    assert merged is not None
    assert merged.is_reconciled(7)
    assert not merged.is_reconciled(8)
    assert not BatchResponseInfo().is_reconciled(0)
    assert merge_response_infos(infos[2:]) is None
    assert merge_response_infos([]) is None


def test_the_text_of_an_operation() -> None:
    assert repr(Operation("list", "GET", "/things")) == "Operation('list', GET /things)"


def test_what_an_error_of_an_operation_knows() -> None:
    operation: Operation[Any] = Operation("list", "GET", "/things")
    error = operation.error(429, {"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"}, b"", now=40.0)
    assert (error.operation, error.retry_after, error.reason) == ("list", 60.0, None)
    assert operation.error(429, {}, b"", reason="Slow down").reason == "Slow down"
    plain = api_error(429, {"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"}, b"")
    assert (plain.retry_after, plain.reason) == (100.0, None)
    assert operation.error(503, {"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"}, b"").retry_after == 100.0


def test_the_length_of_a_text_that_is_no_json() -> None:
    assert api_error(500, {}, b"x" * 500).message == "x" * 500
    assert api_error(500, {}, b"x" * 501).message == "x" * 500 + "... (truncated)"
    assert api_error(500, {}, "é".encode() * 501).message == "é" * 500 + "... (truncated)"
    assert api_error(500, {}, b'{"error":"","error_description":"why","message":"other"}').message == "why"


def test_answers_of_any_kind_and_of_none() -> None:
    anything: Any = Any
    assert Operation("x", "GET", "/x", anything).result({}, b"") is None
    assert Operation("x", "GET", "/x", anything).result({}, b"[1]") == [1]
    with pytest.raises(ResponseParsingError, match="the body is empty"):
        Operation("x", "GET", "/x", Stats).result({}, b"")


def test_a_query_that_cannot_be_encoded_is_said() -> None:
    with pytest.raises(PineconeValueError) as caught:
        Operation("x", "GET", "/x", query={"a": "\ud800"}).target()
    assert str(caught.value) == "A query parameter holds a lone surrogate and cannot be encoded"
