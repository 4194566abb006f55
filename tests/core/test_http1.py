"""HTTP/1.1 as bytes, without a network."""

from __future__ import annotations

import contextlib
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core.errors import PineconeValueError
from pinecone_core.http1 import AnswerReader, HeadWriter, NotHttpError, framed_headers, request_head
from pinecone_core.routes import Proxy, Route
from pinecone_core.transport import Request

COUNTED = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:1\r\nx-a:  2 \r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n"
    b"2\r\nhe\r\n03;a=b\r\nllo\r\n0\r\nTrailer: x\r\n\r\n"
)
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + COUNTED
CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\n\r\nhello"


def read(data: bytes, cuts: list[int] | None = None, method: str = "GET") -> tuple[AnswerReader, bytes]:
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


def test_a_value_is_all_that_stands_after_the_first_colon_but_for_blanks_around_it() -> None:
    head = (
        b"HTTP/1.1 200 OK\r\nLocation: \thttp://x:80/a:b \t\r\n"
        b"X: X-ray X\r\nE:\r\nV: \x0bv\x85\r\nContent-Length: 0\r\n\r\n"
    )
    assert read(head)[0].headers == {
        "location": "http://x:80/a:b",
        "x": "X-ray X",
        "e": "",
        "v": "\x0bv\x85",
        "content-length": "0",
    }


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
        (b"HTTP/1.1 204 No Content\r\n\r\n", "GET"),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "GET"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", "HEAD"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "GET"),
    ],
)
def test_answers_without_a_body(head: bytes, method: str) -> None:
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
    ("data", "said"),
    [
        (b"GET / HTTP/1.1\r\n", "its answer does not begin with HTTP/1."),
        (b"HTTP/2 200 OK\r\n", "its answer does not begin with HTTP/1."),
        (b"\r\n\r\nHTTP/1.1 200 OK", "the first line of its answer is not a status line"),
        (b"HTTP/1.1 20 OK\r\n\r\n", "the first line of its answer is not a status line"),
        (b"HTTP/1.1 099 OK\r\n\r\n", "the first line of its answer is not a status line"),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "it switched to another protocol unasked"),
        (b"HTTP/1.1 200 OK\r\nna me: x\r\n\r\n", "its answer has a line that is not a header"),
        (b"HTTP/1.1 200 OK\r\nname : x\r\n\r\n", "its answer has a line that is not a header"),
        (b"HTTP/1.1 200 OK\r\nname\r\n\r\n", "its answer has a line that is not a header"),
        (b"HTTP/1.1 200 OK\r\nname: a\x00b\r\n\r\n", "its answer has a line that is not a header"),
        (b"HTTP/1.1 200 OK\r\nname: a\nb: c\r\n\r\n", "its answer has a line that is not a header"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "its answer has content length '-1'"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "its answer has content length '1, 2'",
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
            "its answer has transfer encoding 'identity'",
        ),
        (CHUNKED_HEAD + b"\r\n", "its answer has a chunk without a size"),
        (CHUNKED_HEAD + b"-1\r\n", "its answer has a chunk without a size"),
        (CHUNKED_HEAD + b"1\r\nabc", "its answer has a chunk longer than its size"),
        (CHUNKED_HEAD + b"0" * 4097, "its answer has a line longer than 4096 bytes between chunks"),
        (
            b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 30_000,
            "the head of its answer is longer than 131072 bytes",
        ),
    ],
)
def test_what_is_not_http(data: bytes, said: str) -> None:
    with pytest.raises(NotHttpError) as caught:
        read(data)
    assert str(caught.value) == said


def test_what_is_just_short_enough() -> None:
    reader, _ = read(b"HTTP/1.1 200 OK\r\n" + b"x" * (131_072 - 17))
    assert not reader.complete
    reader, _ = read(CHUNKED_HEAD + b"0" * 4096)
    assert not reader.complete


def test_a_reader_that_was_told_nothing() -> None:
    reader = AnswerReader("GET")
    assert (reader.status, reader.reason, reader.headers) == (0, "", {})
    assert (reader.begun, reader.complete, reader.reusable) == (False, False, False)
    assert reader.end() is False


@pytest.mark.parametrize(
    ("chunks", "bodies"),
    [
        (b"1a\r\nabcdefghijklmnopqrstuvwxyz\r\n2\r\n12\r\n", [b"abcdefghijklmnopqrstuvwxyz12"]),
        (b"1\r\na\r\n10\r\n0123456789abcdef\r\n3\r\n12", [b"a0123456789abcdef", b"12"]),
        (b"1\r\na\r\n2;x=y\r\nbc\r\n1\r\nd\r\n", [b"a", b"bc", b"d"]),
        (b"1f;x=y\r\n0123456789abcdef0123456789abcde\r\n", [b"0123456789abcdef0123456789abcde"]),
    ],
)
def test_whole_chunks_are_one_piece(chunks: bytes, bodies: list[bytes]) -> None:
    reader = AnswerReader("GET")
    assert reader.feed(CHUNKED_HEAD + chunks) == bodies
    assert not reader.complete


@pytest.mark.parametrize("end", [b"\nx", b"\rx", b"xx"])
def test_a_chunk_that_does_not_end_where_it_should(end: bytes) -> None:
    with pytest.raises(NotHttpError, match="longer than its size"):
        read(CHUNKED_HEAD + b"1\r\na\r\n1\r\nb" + end)


def test_a_head() -> None:
    assert request_head("GET", "/a?b=c", [("Host", "h"), ("X", "1")]) == (
        b"GET /a?b=c HTTP/1.1\r\nHost: h\r\nX: 1\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        ("GET", "/", [("X", "secret\r\nInjected: 1")]),
        ("GET", "/", [("X", "secret\n")]),
        ("GET", "/", [("X", "a\x00")]),
        ("GET", "/a ", []),
        ("GET", "/a\r\nX: y", []),
        ("GET X", "/", []),
    ],
)
def test_nothing_can_be_smuggled_into_a_head(
    method: str, target: str, headers: list[tuple[str, str]]
) -> None:
    with pytest.raises(PineconeValueError) as caught:
        request_head(method, target, headers)
    assert str(caught.value) == "The request has a header or path that HTTP does not allow"


@pytest.mark.parametrize(("target", "headers"), [("/ä", []), ("/", [("X", "é")]), ("/", [("X", "\ud800")])])
def test_a_head_is_ascii(target: str, headers: list[tuple[str, str]]) -> None:
    with pytest.raises(PineconeValueError) as caught:
        request_head("GET", target, headers)
    assert str(caught.value) == ("The request has a header or path that is not ASCII; percent-encode it")


NAMES = st.sampled_from(["Accept", "X-One", "host", "HOST", "Api-Key"])
HEADERS = st.lists(st.tuples(NAMES, st.text("abc", max_size=2)), max_size=4)


@given(
    st.lists(
        st.tuples(st.sampled_from(["GET", "POST"]), HEADERS, st.none() | st.binary(max_size=3)), max_size=6
    )
)
def test_heads_over_one_connection_know_nothing_of_each_other(
    asked: list[tuple[str, list[tuple[str, str]], bytes | None]],
) -> None:
    writer = HeadWriter(Route(False, "h.com", 80, "h.com:80", None, None))
    for method, headers, body in asked:
        request = Request(method, "http://h.com", "/a?b=c", headers, body)
        expected = request_head(method, "/a?b=c", framed_headers(request, "h.com:80"))
        assert writer.head(request) == expected
        headers.append(("Added", "later"))  # by whoever made the list
        assert b"\r\nAdded: later\r\n" in writer.head(request)


@pytest.mark.parametrize("secure", [True, False])
def test_a_proxy_is_told_the_whole_address_but_under_tls(secure: bool) -> None:
    proxy = Proxy("p", 1, (("Proxy-Authorization", "Basic a"),))
    request = Request("POST", "http://h.com", "/a", [("X", "1")], b"abc")
    head = HeadWriter(Route(secure, "h.com", 80, "h.com", proxy, None)).head(request)
    if secure:
        assert head == b"POST /a HTTP/1.1\r\nHost: h.com\r\nX: 1\r\nContent-Length: 3\r\n\r\n"
    else:
        assert head == (
            b"POST http://h.com/a HTTP/1.1\r\nHost: h.com\r\nX: 1\r\nProxy-Authorization: Basic a\r\n"
            b"Content-Length: 3\r\n\r\n"
        )


def test_a_refused_header_does_not_stay() -> None:
    writer = HeadWriter(Route(False, "h.com", 80, "h.com", None, None))
    good = Request("GET", "http://h.com", "/", [("X", "1")])
    expected = writer.head(good)
    bad = Request("GET", "http://h.com", "/", [("X", "1\r\n")])
    for _ in range(2):
        with pytest.raises(PineconeValueError, match="HTTP does not allow"):
            writer.head(bad)
    assert writer.head(good) == expected
    for target in ("/ä", "/a b", "/a\nb"):
        with pytest.raises(PineconeValueError):
            writer.head(Request("GET", "http://h.com", target, good.headers))


class Pieces:
    replayable = False

    def __init__(self, length: int | None) -> None:
        self.length = length

    def chunks(self) -> Any: ...

    def achunks(self) -> Any: ...


@pytest.mark.parametrize(
    ("method", "body", "framing"),
    [
        ("GET", None, []),
        ("DELETE", None, []),
        ("POST", None, [("Content-Length", "0")]),
        ("PUT", None, [("Content-Length", "0")]),
        ("PATCH", None, [("Content-Length", "0")]),
        ("POST", b"", [("Content-Length", "0")]),
        ("POST", b"abc", [("Content-Length", "3")]),
        ("POST", Pieces(7), [("Content-Length", "7")]),
        ("POST", Pieces(None), [("Transfer-Encoding", "chunked")]),
    ],
)
def test_headers_say_where_to_and_how_much(method: str, body: Any, framing: list[tuple[str, str]]) -> None:
    request = Request(method, "https://h.com", "/", [("Accept", "a"), ("X-Y", "b")], body)
    headers = [("Accept", "a"), ("X-Y", "b"), *framing]
    assert framed_headers(request, "h.com:8") == [("Host", "h.com:8"), *headers]
    request.headers.append(("hOST", "other"))
    assert framed_headers(request, "h.com:8") == [("Host", "other"), *headers]
