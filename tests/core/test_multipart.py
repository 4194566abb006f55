"""A form is the same from every kind of source, of the length it says, and never read whole."""

from __future__ import annotations

import email
import io
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from pinecone_core.errors import PineconeTypeError, PineconeValueError
from pinecone_core.multipart import Multipart, Part
from pinecone_core.operation import Operation
from pinecone_core.transport import Body

DATA = bytes(range(256)) * 2500  # some pieces long


def read(form: Multipart) -> bytes:
    return b"".join(form.chunks())


def aread(form: Multipart, backend: str = "asyncio") -> bytes:
    async def main() -> bytes:
        return b"".join([piece async for piece in form.achunks()])

    return anyio.run(main, backend=backend)


def parsed(form: Multipart, data: bytes) -> list[tuple[str | None, str, bytes]]:
    head = f"Content-Type: {form.content_type}\r\n\r\n".encode()
    message: Any = email.message_from_bytes(head + data)
    return [
        (p.get_filename(), p.get_content_type(), p.get_payload(decode=True)) for p in message.get_payload()
    ]


class Pipe(io.RawIOBase):
    """A file that can only be read onwards."""

    def __init__(self) -> None:
        self.inner = io.BytesIO(DATA)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        return self.inner.read(size)


class Again:
    def __iter__(self) -> Iterator[bytes]:
        return iter([DATA[:9], DATA[9:]])


def written() -> io.BytesIO:
    file = io.BytesIO()
    file.write(DATA)
    return file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(DATA)
    return path


@pytest.mark.parametrize(
    ("make", "known", "replayable"),
    [
        (lambda path: path, True, True),
        (lambda path: DATA, True, True),
        (lambda path: bytearray(DATA), True, True),
        (lambda path: written(), True, True),
        (lambda path: Pipe(), False, False),
        (lambda path: iter([DATA[:5], DATA[5:]]), False, False),
        (lambda path: (piece for piece in [DATA]), False, False),
        (lambda path: Again(), False, True),
    ],
)
@pytest.mark.parametrize("way", [read, aread, lambda form: aread(form, "trio")])
def test_every_source(
    path: Path, make: Callable[[Path], Any], known: bool, replayable: bool, way: Callable[[Multipart], bytes]
) -> None:
    form = Multipart([Part("metadata", '{"a": 1}'), Part("file", make(path), "ü.pdf")])
    assert isinstance(form, Body)
    assert (form.length is not None, form.replayable) == (known, replayable)
    sent = way(form)
    assert [part[1:] for part in parsed(form, sent)] == [
        ("text/plain", b'{"a": 1}'),
        ("application/pdf", DATA),
    ]
    if known:
        assert form.length == len(sent)
    if replayable:
        assert way(form) == sent


def test_heads() -> None:
    form = Multipart([Part('a"\r\nb', b"1"), Part("j", "2", content_type="application/json")], boundary="B")
    assert read(form) == (
        b'--B\r\nContent-Disposition: form-data; name="a%22%0D%0Ab"\r\n\r\n1\r\n'
        b'--B\r\nContent-Disposition: form-data; name="j"\r\nContent-Type: application/json\r\n\r\n2\r\n'
        b"--B--\r\n"
    )
    assert form.encoded().content_type == "multipart/form-data; boundary=B"
    assert repr(form) == f"Multipart(2 parts, {len(read(form))} bytes)"


def test_a_path_brings_its_name(path: Path) -> None:
    assert b'filename="a.pdf"\r\nContent-Type: application/pdf' in read(Multipart([Part("file", path)]))
    unknown = Multipart([Part("file", b"", "x.unknown-kind")])
    assert b"Content-Type: application/octet-stream" in read(unknown)


def test_a_file_is_read_piece_by_piece_and_left_open(path: Path) -> None:
    sizes = []
    with path.open("rb") as file:
        for piece in Multipart([Part("file", file, "f")]).chunks():
            sizes.append(len(piece))
        assert not file.closed
    assert max(sizes) <= 1 << 18
    assert len(sizes) > 4


def test_progress(path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    form = Multipart([Part("file", path)], on_progress=lambda sent, total: seen.append((sent, total)))
    read(form)
    assert seen[-1] == (form.length, form.length)
    assert seen == sorted(seen)
    seen.clear()
    aread(form)
    assert seen[-1] == (form.length, form.length)


def test_an_asynchronous_source() -> None:
    async def source() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    form = Multipart([Part("file", source(), "f")], boundary="B")
    assert (form.length, form.replayable) == (None, False)
    with pytest.raises(PineconeTypeError, match="asynchronous client"):
        read(form)
    assert b"\r\n\r\nab\r\n--B--" in aread(form)


def test_leaving_early_closes_the_file(path: Path) -> None:
    async def main() -> None:
        pieces = Multipart([Part("file", path)]).achunks()
        async for _ in pieces:
            break
        await pieces.aclose()  # type: ignore[attr-defined]

    anyio.run(main)  # a file left open would be a ResourceWarning, which is an error here


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        (Path("/nowhere/at all"), PineconeValueError, "at file: File not found: '/nowhere/at all'"),
        (io.StringIO("text"), PineconeTypeError, "at file: the file is open as text"),
        (
            3,
            PineconeTypeError,
            "at file: must be a path, bytes, a binary file or an iterable of bytes, got int",
        ),
        (None, PineconeTypeError, "got NoneType"),
    ],
)
def test_what_cannot_be_sent(source: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Multipart([Part("file", source, "f")])


def test_a_closed_file_and_a_text_file_in_disguise() -> None:
    closed = io.BytesIO()
    closed.close()
    with pytest.raises(PineconeValueError, match="the file is closed"):
        Multipart([Part("file", closed, "f")])

    class Disguised:
        def read(self, size: int) -> str:
            return "text"

    with pytest.raises(PineconeTypeError, match="open as text"):
        read(Multipart([Part("file", Disguised(), "f")]))
    with pytest.raises(PineconeValueError, match="lone surrogate"):
        Multipart([Part("\ud800", b"")])


def test_it_goes_over_the_wire(side: Any, server: Any, path: Path) -> None:
    form = Multipart([Part("file", path)])
    operation: Operation[Any] = Operation("upload", "POST", "/files/x", dict, form.encoded())

    async def main() -> None:
        executor = side.executor(server.origin)
        await executor.send(operation)
        await executor.aclose()

    side.run(main)
    [seen] = server.seen
    assert seen.header("content-length") == str(form.length)
    assert seen.header("content-type") == form.content_type
    assert parsed(form, seen.body) == [("a.pdf", "application/pdf", DATA)]
