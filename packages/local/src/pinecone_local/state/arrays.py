"""Arrays that grow at the end while others read their beginning.

What was written is never changed or moved, so a reader that holds the old parts and a row count
needs no lock.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["F32", "ChunkedMatrix", "Column", "MatrixView"]

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

_FIRST_ROWS = 256
_CHUNK_BYTES = 64 << 20


class Column:
    """A one-dimensional array with room at its end.

    Args:
        dtype: The numpy type of the items.
    """

    __slots__ = ("_items", "length")

    def __init__(self, dtype: Any) -> None:
        self._items: npt.NDArray[Any] = np.empty(_FIRST_ROWS, dtype)
        self.length = 0

    def extend(self, items: npt.NDArray[Any]) -> None:
        """Put items at the end."""
        end = self.length + len(items)
        if end > len(self._items):
            grown = np.empty(max(end, 2 * len(self._items)), self._items.dtype)
            grown[: self.length] = self._items[: self.length]
            self._items = grown
        self._items[self.length : end] = items
        self.length = end

    def view(self) -> npt.NDArray[Any]:
        """Return all items so far, without copying."""
        return self._items[: self.length]

    def detach(self) -> None:
        """Go on with a copy, so that views handed out keep what they show."""
        self._items = self._items.copy()

    @property
    def nbytes(self) -> int:
        """How many bytes are reserved."""
        return self._items.nbytes


class MatrixView:
    """The first rows of a matrix, as they were when the view was taken."""

    __slots__ = ("chunks", "dimension", "rows", "starts")

    def __init__(self, chunks: tuple[F32, ...], starts: tuple[int, ...], rows: int, dimension: int) -> None:
        self.chunks = chunks
        self.starts = starts
        self.rows = rows
        self.dimension = dimension

    def parts(self) -> list[tuple[int, F32]]:
        """Return (first row, the chunk's filled part) for every chunk."""
        return [
            (start, chunk[: self.rows - start])
            for start, chunk in zip(self.starts, self.chunks, strict=True)
            if start < self.rows
        ]

    def row(self, row: int) -> F32:
        """Return one row, without copying."""
        at = bisect_right(self.starts, row) - 1
        found: F32 = self.chunks[at][row - self.starts[at]]
        return found

    def take(self, rows: I64) -> F32:
        """Copy the rows with these numbers, in their order."""
        if len(self.chunks) == 1:
            return self.chunks[0][rows]
        taken = np.empty((len(rows), self.dimension), np.float32)
        owner = np.searchsorted(self.starts, rows, side="right") - 1
        for at in np.unique(owner):
            mine = owner == at
            taken[mine] = self.chunks[at][rows[mine] - self.starts[at]]
        return taken


class ChunkedMatrix:
    """A float32 matrix in chunks, so that growing copies nothing and needs no second matrix.

    Args:
        dimension: The length of a row.
        reserve: How many rows are known to come, so that one chunk can hold them.
    """

    __slots__ = ("_chunks", "_starts", "dimension", "rows")

    def __init__(self, dimension: int, reserve: int = 0) -> None:
        self.dimension = dimension
        self.rows = 0
        self._chunks: list[F32] = [np.empty((max(reserve, _FIRST_ROWS), dimension), np.float32)]
        self._starts = [0]

    def append(self, block: F32) -> None:
        """Put rows at the end."""
        while len(block):
            chunk = self._chunks[-1]
            used = self.rows - self._starts[-1]
            fit = min(len(chunk) - used, len(block))
            chunk[used : used + fit] = block[:fit]
            self.rows += fit
            block = block[fit:]
            if len(block):
                self._grow()

    def _grow(self) -> None:
        most = max(_FIRST_ROWS, _CHUNK_BYTES // (4 * self.dimension))
        # The system commits memory as it is touched, so an unfilled chunk costs nothing yet.
        rows = min(max(self.rows, _FIRST_ROWS), most)
        self._chunks.append(np.empty((rows, self.dimension), np.float32))
        self._starts.append(self.rows)

    def view(self) -> MatrixView:
        """Return the rows so far, without copying."""
        return MatrixView(tuple(self._chunks), tuple(self._starts), self.rows, self.dimension)
