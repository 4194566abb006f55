"""Undoes the content encoding of an answer, piece by piece and within bounds. Pure."""

from __future__ import annotations

import zlib

from .errors import ResponseParsingError

__all__ = ["MAX_BODY_BYTES", "Inflater"]

MAX_BODY_BYTES = 1 << 30
"""The most bytes a compressed answer may grow to."""

_PIECE = 1 << 20
# 32 more than the window size: find out by itself whether it is gzip or zlib.
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


class Inflater:
    """Turns the pieces of a body as received into the pieces of the body as meant.

    Args:
        encoding: The ``Content-Encoding`` header; empty for none.

    Raises:
        ResponseParsingError: The encoding is one that was not asked for, the data is damaged or
            ends early, or it grows beyond ``MAX_BODY_BYTES``.
    """

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding.strip().lower()
        self._total = 0
        self._begun = False
        self._zlib: zlib._Decompress | None = None
        if self._encoding in ("gzip", "x-gzip", "deflate"):
            self._zlib = zlib.decompressobj(_GZIP_OR_ZLIB)
        elif self._encoding not in ("", "identity"):
            raise ResponseParsingError(
                f"The answer has content encoding {self._encoding!r}, which was not asked for"
            )

    def feed(self, data: bytes) -> list[bytes]:
        """Take one piece as received; return none, one or more pieces as meant."""
        if self._zlib is None:
            return [data] if data else []
        pieces: list[bytes] = []
        while data:
            piece = self._step(data)
            self._total += len(piece)
            if self._total > MAX_BODY_BYTES:
                raise ResponseParsingError(
                    f"The answer grows to more than {MAX_BODY_BYTES} bytes; it was dropped"
                )
            if piece:
                pieces.append(piece)
            data = self._zlib.unconsumed_tail
            if self._zlib.eof and self._zlib.unused_data:
                data = self._zlib.unused_data  # one gzip file after another is a gzip file
                self._zlib = zlib.decompressobj(_GZIP_OR_ZLIB)
        return pieces

    def _step(self, data: bytes) -> bytes:
        assert self._zlib is not None
        try:
            piece = self._zlib.decompress(data, _PIECE)
        except zlib.error as error:
            if self._begun or self._encoding != "deflate":
                raise self._damaged(str(error)) from error
            # Some servers take "deflate" to mean the bare format.
            self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                piece = self._zlib.decompress(data, _PIECE)
            except zlib.error:
                raise self._damaged(str(error)) from error
        self._begun = True
        return piece

    def end(self) -> None:
        """Check that nothing is missing."""
        if self._zlib is not None and self._begun and not self._zlib.eof:
            raise self._damaged("it ends early")

    def _damaged(self, why: str) -> ResponseParsingError:
        return ResponseParsingError(f"The answer's {self._encoding} encoding is damaged: {why}")
