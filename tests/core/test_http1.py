"""HTTP/1.1 as bytes, without a network."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core.errors import PineconeValueError
from pinecone_core.http1 import AnswerReader, NotHttpError, request_head

COUNTED = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:1\r\nx-a:  2 \r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n"
    b"2\r\nhe\r\n03;a=b\r\nllo\r\n0\r\nTrailer: x\r\n\r\n"
)
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + COUNTED
UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\n\r\nhello"


def read(data: bytes, cuts: list[int] | None = None, method: bytes = b"GET") -> tuple[AnswerReader, bytes]:
    reader = AnswerReader(method)
    body: list[bytes] = []
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts or []}), len(data)]
    for start, end in itertools.pairwise(edges):
        if start != end:
            body += reader.feed(data[start:end])
    return reader, b"".join(body)


@given(st.sampled_from([COUNTED, CHUNKED, INTERIM]), st.lists(st.integers(0, 500), max_size=30))
def test_an_answer_is_the_same_however_it_is_cut(data: bytes, cuts: list[int]) -> None:
    reader, body = read(data, cuts)
    assert (reader.status, reader.reason, body) == (200, "OK", b"hello")
    assert (reader.complete, reader.reusable, reader.begun) == (True, True, True)


@given(st.lists(st.integers(0, 500), max_size=30))
def test_a_body_that_the_end_of_the_connection_ends(cuts: list[int]) -> None:
    reader, body = read(UNTIL_CLOSE, cuts)
    assert body == b"hello"
    assert not reader.complete
    assert reader.end()
    assert reader.complete
    assert not reader.reusable


@given(st.binary(max_size=200))
def test_anything_is_read_or_refused(data: bytes) -> None:
    for prefix in (b"", b"HTTP/1.1 200 OK\r\n", CHUNKED[:60]):
        with contextlib.suppress(NotHttpError):
            read(prefix + data)


def test_headers() -> None:
    reader, _ = read(COUNTED)
    assert reader.headers == {"content-length": "5", "x-a": "1, 2"}
    reader, _ = read(b"HTTP/1.1 204\r\nx-umlaut: \xfc\r\nempty:\r\n\r\n")
    assert (reader.status, reader.reason) == (204, "")
    assert reader.headers == {"x-umlaut": "ü", "empty": ""}


@pytest.mark.parametrize("cut", [0, 10, 45, len(COUNTED) - 1])
def test_an_answer_that_is_cut_off(cut: int) -> None:
    reader, _ = read(COUNTED[:cut])
    assert not reader.end()
    assert not reader.complete
    assert reader.begun == (cut > 0)


@pytest.mark.parametrize(
    ("head", "method"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"GET"),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", b"GET"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", b"HEAD"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"GET"),
    ],
)
def test_answers_without_a_body(head: bytes, method: bytes) -> None:
    reader, body = read(head, method=method)
    assert body == b""
    assert reader.complete
    assert reader.reusable


@pytest.mark.parametrize(
    ("data", "reusable"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", True),
        (COUNTED + b"more than asked", False),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            False,
        ),
    ],
)
def test_whether_the_connection_serves_on(data: bytes, reusable: bool) -> None:
    reader, _ = read(data)
    assert reader.complete
    assert reader.reusable == reusable


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 099 OK\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nna me: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nname : x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nname\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nname: a\x00b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nname: a\nb: c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 5000,
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 30_000,
    ],
)
def test_what_is_not_http(data: bytes) -> None:
    with pytest.raises(NotHttpError):
        read(data)


def test_a_head() -> None:
    assert request_head(b"GET", b"/a?b=c", [(b"Host", b"h"), (b"X", b"1")]) == (
        b"GET /a?b=c HTTP/1.1\r\nHost: h\r\nX: 1\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        (b"GET", b"/", [(b"X", b"secret\r\nInjected: 1")]),
        (b"GET", b"/", [(b"X", b"secret\n")]),
        (b"GET", b"/", [(b"X", b"a\x00")]),
        (b"GET", b"/a b", []),
        (b"GET", b"/a\r\nX: y", []),
        (b"GET X", b"/", []),
    ],
)
def test_nothing_can_be_smuggled_into_a_head(
    method: bytes, target: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    with pytest.raises(PineconeValueError) as caught:
        request_head(method, target, headers)
    assert "secret" not in str(caught.value)
