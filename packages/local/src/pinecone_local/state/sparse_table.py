"""Sparse vectors: kept row by row as they came, and turned into posting lists as they gather."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .arrays import Column

__all__ = ["Postings", "SparseRow", "SparseTable", "SparseView"]

#: Indices (uint32) and as many values (float32).
SparseRow = tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]

_TAIL_ENTRIES = 1 << 16


@dataclass(frozen=True, slots=True)
class Postings:
    """Entries of some rows, ordered by index, then row.

    Attributes:
        terms: The indices that occur, ascending.
        starts: Where each term's entries begin; one more than terms.
        rows: The row of each entry.
        values: The value of each entry.
    """

    terms: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]

    @classmethod
    def build(
        cls,
        indices: npt.NDArray[np.uint32],
        rows: npt.NDArray[np.int64],
        values: npt.NDArray[np.float32],
    ) -> Postings:
        """Order entries that come in row order by their index."""
        order = np.argsort(indices, kind="stable")
        ordered = indices[order]
        terms, starts = np.unique(ordered, return_index=True)
        return cls(terms, np.append(starts, len(ordered)).astype(np.int64), rows[order], values[order])

    def merged(self, later: Postings) -> Postings:
        """Join with the postings of later rows."""
        indices = np.concatenate([self.indices(), later.indices()])
        return Postings.build(
            indices,
            np.concatenate([self.rows, later.rows]),
            np.concatenate([self.values, later.values]),
        )

    def indices(self) -> npt.NDArray[np.uint32]:
        """Return the index of each entry."""
        return np.repeat(self.terms, np.diff(self.starts))


@dataclass(frozen=True, slots=True)
class SparseView:
    """The sparse vectors as they were at one moment.

    Attributes:
        rows: How many rows there are, those without a sparse vector included.
        postings: Posting lists over the rows before ``tail_row``.
        tail_row: The first row that is in no posting list yet.
        bounds: Where the entries of each row begin and end; one more than rows.
        indices: The index of each entry, in row order.
        values: The value of each entry, in row order.
    """

    rows: int
    postings: tuple[Postings, ...]
    tail_row: int
    bounds: npt.NDArray[np.int64]
    indices: npt.NDArray[np.uint32]
    values: npt.NDArray[np.float32]

    def row(self, row: int) -> SparseRow | None:
        """Return one row's vector, or None when it has none."""
        start, end = int(self.bounds[row]), int(self.bounds[row + 1])
        return None if start == end else (self.indices[start:end], self.values[start:end])


class SparseTable:
    """Sparse vectors that grow at the end.

    Rows without a sparse vector have no entries. Every 65,536 entries the latest rows become
    posting lists, and lists of like size are joined, so that a query looks into a handful.
    """

    __slots__ = ("_bounds", "_indices", "_postings", "_tail_row", "_values")

    def __init__(self) -> None:
        self._bounds = Column(np.int64)
        self._bounds.extend(np.zeros(1, np.int64))
        self._indices = Column(np.uint32)
        self._values = Column(np.float32)
        self._postings: tuple[Postings, ...] = ()
        self._tail_row = 0

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self._bounds.length - 1

    def append(self, vectors: Sequence[SparseRow | None]) -> None:
        """Put rows at the end."""
        present = [vector for vector in vectors if vector is not None]
        if present:
            self._indices.extend(np.concatenate([indices for indices, _ in present]))
            self._values.extend(np.concatenate([values for _, values in present]))
        lengths = [0 if vector is None else len(vector[0]) for vector in vectors]
        self._bounds.extend(np.cumsum(lengths, dtype=np.int64) + self._bounds.view()[-1])
        if self._indices.length - int(self._bounds.view()[self._tail_row]) >= _TAIL_ENTRIES:
            self._seal()

    def _seal(self) -> None:
        bounds = self._bounds.view()[self._tail_row :]
        rows = np.repeat(np.arange(self._tail_row, self.rows, dtype=np.int64), np.diff(bounds))
        start = int(bounds[0])
        latest = Postings.build(self._indices.view()[start:], rows, self._values.view()[start:])
        postings = [*self._postings, latest]
        while len(postings) > 1 and len(postings[-2].rows) <= 2 * len(postings[-1].rows):
            later = postings.pop()
            postings.append(postings.pop().merged(later))
        self._postings = tuple(postings)
        self._tail_row = self.rows

    def view(self) -> SparseView:
        """Return the rows so far, without copying."""
        return SparseView(
            self.rows,
            self._postings,
            self._tail_row,
            self._bounds.view(),
            self._indices.view(),
            self._values.view(),
        )
