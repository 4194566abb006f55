"""JSON text of which the numbers are not written yet, so that those of a request are written together. Pure.

Numbers are copied when an item is read, as whoever made it may change them after that. They become text when
the request is put together, and while so many are written other threads can run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from .compiled import floats

__all__ = ["Draft", "piece_size", "written"]


class Draft(msgspec.Struct, frozen=True, gc=False):
    """A text with one array of numbers in it, made only where there is something compiled to write it.

    Attributes:
        before: The text before the array.
        numbers: Native float32 numbers.
        after: The text after it.
    """

    before: bytes
    numbers: bytes
    after: bytes

    @property
    def size(self) -> int:
        """About how many bytes it will be: numbers of embeddings take 10.9 to 12.7 each, with the comma."""
        return len(self.before) + len(self.after) + 2 + len(self.numbers) * 51 // 16


def piece_size(piece: bytes | Draft) -> int:
    """Return the bytes of a piece; of a draft, about so many."""
    return len(piece) if isinstance(piece, bytes) else piece.size


def written(pieces: Sequence[bytes | Draft], before: bytes = b"", after: bytes = b"") -> bytes:
    """Write pieces with commas between them, and something before and after all of them."""
    parts: list[bytes] = []  # a text, numbers, a text, numbers, ...
    texts = [before]
    for piece in pieces:
        if isinstance(piece, Draft):
            texts.append(piece.before)
            parts += (b"".join(texts), piece.numbers)
            texts = [piece.after, b","]
        else:
            texts += (piece, b",")
    if pieces:
        texts.pop()
    texts.append(after)
    text = b"".join(texts)
    if not parts:
        return text
    native: Any = floats()
    whole: bytes = native.join([*parts, text])
    return whole
