"""Forms with files in them, read from disk as they are sent."""

from __future__ import annotations

import io
import mimetypes
import os
import secrets
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from .errors import PineconeTypeError, PineconeValueError
from .operation import Encoded

__all__ = ["Multipart", "Part"]

_PIECE = 1 << 18
_MEMORY = (bytes, bytearray, memoryview)


@dataclass(frozen=True)
class Part:
    """One part of a form.

    Attributes:
        name: The field's name.
        source: Text, bytes, the path of a file, a binary file object (read from its start where that
            is possible, and left open), or an iterable or asynchronous iterable of bytes.
        filename: Under which name to send it; None for a field that is no file. A path has one.
        content_type: The media type; None guesses it from the file name.
    """

    name: str
    source: Any
    filename: str | None = None
    content_type: str | None = None

    def head(self) -> bytes:
        """Return what stands before the content."""
        filename = self.filename
        if filename is None and isinstance(self.source, os.PathLike):
            filename = Path(self.source).name
        lines = [f'Content-Disposition: form-data; name="{_quoted(self.name)}"']
        if filename is not None:
            lines[0] += f'; filename="{_quoted(filename)}"'
            kind = self.content_type or mimetypes.guess_type(filename)[0] or "application/octet-stream"
            lines.append(f"Content-Type: {kind}")
        elif self.content_type is not None:
            lines.append(f"Content-Type: {self.content_type}")
        try:
            return "\r\n".join([*lines, "", ""]).encode()
        except UnicodeEncodeError:
            raise PineconeValueError(
                "the name holds a lone surrogate and cannot be sent", self.name
            ) from None


class Multipart:
    """A form as a request body: files go from disk to the network piece by piece.

    Args:
        parts: The fields and files, in order.
        on_progress: Called after every piece with the bytes sent so far and all there are (None when
            that is not known). A repeated request starts from 0 again.
        boundary: What parts the parts; None chooses something that cannot occur in them.

    Raises:
        PineconeValueError: A path names no file, or a file object is closed.
        PineconeTypeError: A source is of no kind that can be sent, such as a file opened as text.

    Example:
        >>> form = Multipart([Part("file", b"hello", "a.txt")], boundary="b")
        >>> form.length == len(b"".join(form.chunks()))
        True
    """

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        on_progress: Callable[[int, int | None], None] | None = None,
        boundary: str | None = None,
    ) -> None:
        self._boundary = (boundary or secrets.token_hex(16)).encode("ascii")
        self._on_progress = on_progress
        self._contents = [(part.head(), _content(part.source, part.name)) for part in parts]

    @property
    def content_type(self) -> str:
        """The media type of the whole."""
        return f"multipart/form-data; boundary={self._boundary.decode('ascii')}"

    @property
    def length(self) -> int | None:
        """The size in bytes, or None when a source does not say."""
        total = len(self._end())
        for head, content in self._contents:
            if content.length is None:
                return None
            total += len(self._begin(head)) + content.length + 2
        return total

    @property
    def replayable(self) -> bool:
        """Whether it can be sent a second time."""
        return all(content.replayable for _, content in self._contents)

    def encoded(self) -> Encoded:
        """Return it as the body of an operation."""
        return Encoded(self, self.content_type)

    def chunks(self) -> Iterator[bytes]:
        """Produce the bytes."""
        told = self._teller()
        for head, content in self._contents:
            yield told(self._begin(head))
            for piece in content.pieces():
                yield told(piece)
            yield told(b"\r\n")
        yield told(self._end())

    async def achunks(self) -> AsyncIterator[bytes]:
        """Produce the bytes; what may block is read in a thread of its own."""
        told = self._teller()
        for head, content in self._contents:
            yield told(self._begin(head))
            async for piece in content.apieces():
                yield told(piece)
            yield told(b"\r\n")
        yield told(self._end())

    def _begin(self, head: bytes) -> bytes:
        return b"--%b\r\n%b" % (self._boundary, head)

    def _end(self) -> bytes:
        return b"--%b--\r\n" % self._boundary

    def _teller(self) -> Callable[[bytes], bytes]:
        tell = self._on_progress
        if tell is None:
            return lambda piece: piece
        sent, total = 0, self.length

        def told(piece: bytes) -> bytes:
            nonlocal sent
            sent += len(piece)
            tell(sent, total)
            return piece

        return told

    def __repr__(self) -> str:
        return f"Multipart({len(self._contents)} parts, {self.length} bytes)"


@dataclass(frozen=True)
class _Content:
    """The bytes of one part."""

    length: int | None
    replayable: bool
    blocks: bool  # whether producing a piece may block
    produce: Callable[[], Any]  # gives an iterator or an asynchronous iterator

    def pieces(self) -> Iterator[bytes]:
        made = self.produce()
        if hasattr(made, "__aiter__"):
            raise PineconeTypeError("an asynchronous iterable can only be sent by an asynchronous client")
        return cast("Iterator[bytes]", made)

    async def apieces(self) -> AsyncIterator[bytes]:
        made = self.produce()
        if hasattr(made, "__aiter__"):
            async for piece in made:
                yield piece
            return
        if not self.blocks:
            for piece in made:
                yield piece
            return
        from ._async.concurrency import run_blocking

        def read() -> bytes | None:
            return next(made, None)

        try:
            while (piece := await run_blocking(read)) is not None:
                yield piece
        finally:
            if isinstance(made, Generator):
                made.close()


def _content(source: Any, name: str) -> _Content:
    if isinstance(source, str):
        source = source.encode()
    if isinstance(source, _MEMORY):
        data = bytes(source)
        return _Content(len(data), True, False, lambda: _cut(data))
    if isinstance(source, os.PathLike):
        return _on_disk(Path(source), name)
    if isinstance(source, io.TextIOBase):
        raise PineconeTypeError("the file is open as text; open it with mode 'rb'", name)
    if callable(getattr(source, "read", None)):
        return _file(source, name)
    if hasattr(source, "__aiter__"):
        return _Content(None, not hasattr(source, "__anext__"), False, source.__aiter__)
    if isinstance(source, Iterable):
        return _Content(None, not isinstance(source, Iterator), True, lambda: iter(source))
    raise PineconeTypeError(
        f"must be a path, bytes, a binary file or an iterable of bytes, got {type(source).__name__}", name
    )


def _cut(data: bytes) -> Iterator[bytes]:
    return (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))


def _on_disk(path: Path, name: str) -> _Content:
    if not path.is_file():
        raise PineconeValueError(f"File not found: {os.fspath(path)!r}", name)

    def read() -> Iterator[bytes]:
        with path.open("rb") as file:
            yield from _read(file)

    return _Content(path.stat().st_size, True, True, read)


def _file(file: Any, name: str) -> _Content:
    if getattr(file, "closed", False):
        raise PineconeValueError("the file is closed", name)
    seekable = getattr(file, "seekable", None)
    if not callable(seekable) or not seekable():
        return _Content(None, False, True, lambda: _read(file))
    length = file.seek(0, os.SEEK_END)

    def read() -> Iterator[bytes]:
        file.seek(0)
        yield from _read(file)

    return _Content(length, True, True, read)


def _read(file: Any) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        if isinstance(piece, str):
            raise PineconeTypeError("the file is open as text; open it with mode 'rb'")
        yield piece


def _quoted(name: str) -> str:
    """Write a name between quotes as browsers do."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
