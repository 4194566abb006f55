from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core import inflate
from pinecone_core.errors import ResponseParsingError
from pinecone_core.inflate import Inflater

TEXT = b'{"matches":[]}' * 50


def bare(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(data) + deflater.flush()


def run(encoding: str, data: bytes, size: int = 1 << 20) -> bytes:
    inflater = Inflater(encoding)
    pieces = [piece for at in range(0, len(data), size) for piece in inflater.feed(data[at : at + size])]
    inflater.end()
    assert all(pieces)
    return b"".join(pieces)


FORMS = [
    ("", lambda data: data),
    ("identity", lambda data: data),
    ("gzip", gzip.compress),
    (" GZIP ", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", bare),
    ("gzip", lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])),
]


@given(st.sampled_from(FORMS), st.binary(max_size=300), st.integers(1, 50))
def test_what_goes_in_comes_out(form: tuple[str, object], data: bytes, size: int) -> None:
    encoding, deflate = form
    if deflate is bare:
        size = 1 << 20  # told apart by its beginning, so that has to be there
    assert run(encoding, deflate(data), size) == data  # type: ignore[operator]


def test_nothing_at_all() -> None:
    for encoding in ("", "gzip", "deflate"):
        assert run(encoding, b"") == b""


@pytest.mark.parametrize("cut", [3, 12, 30, -1])
def test_what_ends_early(cut: int) -> None:
    with pytest.raises(ResponseParsingError, match="gzip encoding is damaged: it ends early"):
        run("gzip", gzip.compress(TEXT, mtime=0)[:cut])


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("gzip", b"plain"),
        ("deflate", b"\xff\xff\xff plain"),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-8] + b"x" * 8),
    ],
)
def test_what_is_damaged(encoding: str, data: bytes) -> None:
    with pytest.raises(ResponseParsingError, match="is damaged"):
        run(encoding, data)


def test_an_encoding_that_was_not_asked_for() -> None:
    with pytest.raises(ResponseParsingError, match="'br', which was not asked for"):
        Inflater("br")


def test_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflate, "MAX_BODY_BYTES", 5_000_000)
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    inflater = Inflater("gzip")
    with pytest.raises(ResponseParsingError, match="grows to more than 5000000 bytes"):
        inflater.feed(bomb)
    assert sum(map(len, Inflater("gzip").feed(gzip.compress(b"\0" * 4_999_999)))) == 4_999_999
