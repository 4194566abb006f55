"""What an upload sends: a form with a file in it, read while it is sent."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

from pinecone_core.errors import PineconeTypeError, PineconeValueError
from pinecone_core.multipart import Multipart, Part
from pinecone_core.operation import Encoded

__all__ = ["upload_body"]


def upload_body(
    file_path: Any,
    file_stream: Any,
    file_name: Any,
    metadata: str | None,
    on_progress: Callable[[int, int | None], None] | None,
) -> Encoded:
    """Return the body of an upload.

    Args:
        file_path: The file, or None.
        file_stream: Bytes or a file that is open for reading them, or None.
        file_name: What to call it; needed for a stream that has no name of its own.
        metadata: JSON text to send along, or None.
        on_progress: Called with the bytes sent so far and the size.

    Raises:
        PineconeValueError: Not exactly one of the two was given, there is no such file, or there is no
            name to tell its kind.
        PineconeTypeError: It is of no kind that can be sent.
    """
    if (file_path is None) == (file_stream is None):
        raise PineconeValueError("Exactly one of file_path or file_stream must be provided")
    if file_path is not None:
        part = Part("file", _path(file_path))
    else:
        part = Part("file", _from_here(file_stream), _stream_name(file_stream, file_name))
    fields = [] if metadata is None else [Part("metadata", metadata)]
    return Multipart([part, *fields], on_progress=on_progress).encoded()


def _path(value: Any) -> Path:
    if not isinstance(value, str | os.PathLike):
        raise PineconeTypeError(f"file_path must be a path, got {type(value).__name__}")
    path = Path(value)
    if not path.is_file():
        raise PineconeValueError(f"File not found: {os.fspath(value)!r}")
    return path


def _stream_name(stream: Any, given: Any) -> str:
    """Return the name that tells the service what a stream holds."""
    if given is not None and not isinstance(given, str):
        raise PineconeTypeError(f"file_name must be a string, got {type(given).__name__}")
    own = getattr(stream, "name", None)
    name = given or (PurePath(own).name if isinstance(own, str) else "")
    if not PurePath(name).suffix:
        raise PineconeValueError(
            "file_name must have an extension that tells the file's kind, such as .txt, .pdf, .json, .md or "
            f".docx, when file_stream is used; got {name!r}"
        )
    return name


def _from_here(stream: Any) -> Any:
    """Return a stream so that it is sent from where it stands, or whole when it stands at its end."""
    seekable = getattr(stream, "seekable", None)
    if not callable(seekable) or getattr(stream, "closed", False) or not seekable():
        return stream
    here = stream.tell()
    if not here:
        return stream
    end = stream.seek(0, os.SEEK_END)
    stream.seek(here)
    # At its end it has most likely just been written, and all of it is meant.
    return stream if here >= end else _Rest(stream, here)


class _Rest:
    """What follows a position of a file, as a file of its own."""

    def __init__(self, file: Any, start: int) -> None:
        self._file = file
        self._start = start

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_SET:
            offset += self._start
        return int(self._file.seek(offset, whence)) - self._start

    def read(self, size: int = -1) -> Any:
        return self._file.read(size)

    @property
    def closed(self) -> bool:
        return bool(self._file.closed)
