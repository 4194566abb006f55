"""One namespace in memory: vectors, ids and metadata row by row, only ever growing at the end.

Replacing or deleting a record marks its row as dead; nothing that a reader may hold is changed.
A snapshot is therefore a handful of references and a row count, taken under a short lock, and a
search runs on it without any lock. When dead rows outnumber a quarter, the living move together.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..search.filters import Condition, Everything, Mask, evaluate
from ..store.rows import VectorRow
from .arrays import F32, ChunkedMatrix, Column, MatrixView
from .columns import Columns
from .sparse_table import SparseRow, SparseTable, SparseView

__all__ = ["Namespace", "Record", "RecordBlock", "Snapshot"]

_COMPACT_SHARE = 0.25
_COMPACT_ROWS = 4096


@dataclass(slots=True)
class RecordBlock:
    """Records on their way in, in write order, each id once.

    Attributes:
        ids: The ids.
        dense: Their dense vectors, one a row, or None for a sparse index.
        sparse: Their sparse vectors, None where a record has none.
        metadata: Their metadata as compact JSON, None where a record has none.
    """

    ids: list[str]
    dense: F32 | None
    sparse: list[SparseRow | None]
    metadata: list[bytes | None]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        """Bytes of ids, vectors and metadata."""
        return sum(self.sizes())

    def sizes(self) -> list[int]:
        """Return the bytes of each record."""
        width = 0 if self.dense is None else 4 * self.dense.shape[1]
        return [
            record_size(id_, width, vector, metadata)
            for id_, vector, metadata in zip(self.ids, self.sparse, self.metadata, strict=True)
        ]

    def rows(self, first_position: int) -> list[VectorRow]:
        """Return the records as a store keeps them."""
        return [
            VectorRow(
                first_position + i,
                id_,
                None if self.dense is None else self.dense[i].astype("<f4", copy=False).tobytes(),
                _sparse_bytes(self.sparse[i]),
                self.metadata[i],
            )
            for i, id_ in enumerate(self.ids)
        ]


def record_size(id_: str, dense_bytes: int, sparse: SparseRow | None, metadata: bytes | None) -> int:
    """Return the bytes one record counts for."""
    return len(id_) + dense_bytes + (8 * len(sparse[0]) if sparse is not None else 0) + len(metadata or b"")


def _sparse_bytes(vector: SparseRow | None) -> bytes | None:
    if vector is None:
        return None
    return vector[0].astype("<u4", copy=False).tobytes() + vector[1].astype("<f4", copy=False).tobytes()


def _sparse_from(blob: bytes | None) -> SparseRow | None:
    if blob is None:
        return None
    half = len(blob) // 2
    return (
        np.frombuffer(blob[:half], "<u4").astype(np.uint32, copy=False),
        np.frombuffer(blob[half:], "<f4").astype(np.float32, copy=False),
    )


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands.

    Attributes:
        id: The id.
        dense: The dense vector, or None.
        sparse: The sparse vector, or None.
        metadata: The metadata as compact JSON, or None.
    """

    id: str
    dense: F32 | None
    sparse: SparseRow | None
    metadata: bytes | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A namespace at one moment. Rows run in write order; later rows may exist but are not seen.

    Attributes:
        rows: How many rows there are, dead ones included.
        matrix: The dense vectors, or None for a sparse index.
        norms: The length of each dense vector.
        sparse: The sparse vectors.
        keep: Which rows live and pass the filter, or None when all do.
        positions: The store position of each row, ascending.
        writes: How many writes the namespace had taken.
        size: Bytes of vectors, ids and metadata.
    """

    rows: int
    matrix: MatrixView | None
    norms: F32
    sparse: SparseView
    keep: Mask | None
    positions: npt.NDArray[np.int64]
    writes: int
    size: int
    _ids: list[str] = field(repr=False)
    _metadata: list[bytes | None] = field(repr=False)

    @property
    def history(self) -> object:
        """What stays the same object for as long as rows keep their numbers."""
        return self._metadata

    def id(self, row: int) -> str:
        """Return the id at a row."""
        return self._ids[row]

    def metadata(self, row: int) -> bytes | None:
        """Return the metadata at a row."""
        return self._metadata[row]

    def dense(self, row: int) -> F32 | None:
        """Return the dense vector at a row."""
        return None if self.matrix is None else self.matrix.row(row)

    def record(self, row: int) -> Record:
        """Return all of a row."""
        return Record(self._ids[row], self.dense(row), self.sparse.row(row), self._metadata[row])

    def kept_rows(self) -> npt.NDArray[np.int64]:
        """Return the numbers of the rows kept, ascending."""
        return np.arange(self.rows) if self.keep is None else np.flatnonzero(self.keep)

    def blocks(self, rows: int = 2048) -> Iterator[RecordBlock]:
        """Copy the kept records out, in write order, some at a time."""
        kept = self.kept_rows()
        for start in range(0, len(kept), rows):
            yield self.block(kept[start : start + rows])

    def block(self, rows: npt.NDArray[np.int64]) -> RecordBlock:
        """Copy the records at these rows out."""
        numbers = rows.tolist()
        return RecordBlock(
            [self._ids[row] for row in numbers],
            None if self.matrix is None else self.matrix.take(rows),
            [self.sparse.row(row) for row in numbers],
            [self._metadata[row] for row in numbers],
        )


class Namespace:
    """The records of one namespace.

    Reads may come from any thread at any time. Writes (``add``, ``kill``, ``clear``) must come one
    at a time; the index that owns the namespace sees to that.

    Args:
        dimension: The length of dense vectors, or None for a sparse index.
        reserve: How many records are known to come.
        number: The store's number of the namespace, or None for one that is in no store.
    """

    def __init__(self, dimension: int | None, reserve: int = 0, number: int | None = None) -> None:
        self.dimension = dimension
        self.number = number
        self.next_position = 0
        #: What searches over documents have laid out of this namespace.
        self.documents: object = None
        #: What approximate searches know of it.
        self.graph: object = None
        self._lock = threading.Lock()
        self._writes = 0
        self._sorted: list[str] = []
        self._unsorted: list[str] = []
        self._reset(reserve)

    def _reset(self, reserve: int = 0) -> None:
        self._rows_by_id: dict[str, int] = {}
        self._ids: list[str] = []
        self._metadata: list[bytes | None] = []
        self._matrix = ChunkedMatrix(self.dimension, reserve) if self.dimension is not None else None
        self._norms = Column(np.float32)
        self._sparse = SparseTable()
        self._alive = Column(np.bool_)
        self._alive_shared = False
        self._positions = Column(np.int64)
        self._columns = Columns()
        self._dead = 0
        self._size = 0

    # ---- what it holds

    def __len__(self) -> int:
        return len(self._rows_by_id)

    def __contains__(self, id_: str) -> bool:
        return id_ in self._rows_by_id

    @property
    def size(self) -> int:
        """Bytes of vectors, ids and metadata of the living records."""
        return self._size

    def snapshot(self, condition: Condition | None = None) -> Snapshot:
        """Freeze the namespace as it is now, kept to the records that meet a condition."""
        with self._lock:
            rows = len(self._ids)
            keep: Mask | None = None
            if condition is not None and not isinstance(condition, Everything):
                keep = evaluate(condition, lambda name: self._columns.column(name, self._metadata), rows)
            if self._dead:
                if keep is None:
                    keep = self._alive.view()
                    self._alive_shared = True
                else:
                    keep = keep & self._alive.view()
            return Snapshot(
                rows,
                None if self._matrix is None else self._matrix.view(),
                self._norms.view(),
                self._sparse.view(),
                keep,
                self._positions.view(),
                self._writes,
                self._size,
                self._ids,
                self._metadata,
            )

    def find(self, id_: str) -> Record | None:
        """Return the record with an id, or None."""
        found = self.find_all([id_])
        return found[0] if found else None

    def find_all(self, ids: Iterable[str]) -> list[Record]:
        """Return the records with these ids, leaving out ids that are not there."""
        with self._lock:
            known = self._rows_by_id
            wanted = [known[id_] for id_ in ids if id_ in known]
            matrix = None if self._matrix is None else self._matrix.view()
            sparse = self._sparse.view()
            return [
                Record(
                    self._ids[row],
                    None if matrix is None else matrix.row(row),
                    sparse.row(row),
                    self._metadata[row],
                )
                for row in wanted
            ]

    def positions(self, ids: Iterable[str]) -> list[int]:
        """Return the store positions of the ids that are there."""
        with self._lock:
            where = self._positions.view()
            return [int(where[row]) for row in map(self._rows_by_id.get, ids) if row is not None]

    def ids_after(self, prefix: str, after: str | None, limit: int) -> list[str]:
        """Return up to ``limit`` ids with a prefix, in order, that come after a given one."""
        with self._lock:
            if self._unsorted:
                # Two sorted runs: the sort only merges them.
                self._unsorted.sort()
                self._sorted += self._unsorted
                self._sorted.sort()
                self._unsorted = []
            ids = self._sorted
            start = bisect_left(ids, prefix)
            if after is not None:
                start = max(start, bisect_right(ids, after))
            page: list[str] = []
            known = self._rows_by_id
            last: str | None = None
            for at in range(start, len(ids)):
                id_ = ids[at]
                if not id_.startswith(prefix) or len(page) >= limit:
                    break
                # Deleted ids stay in the order until it is rebuilt, and may have come twice.
                if id_ != last and id_ in known:
                    page.append(id_)
                last = id_
            return page

    # ---- writes

    def load(self, blocks: Iterable[list[VectorRow]]) -> None:
        """Fill an empty namespace from a store."""
        for rows in blocks:
            dense: F32 | None = None
            if self.dimension is not None:
                joined = b"".join(row.dense or b"" for row in rows)
                dense = np.frombuffer(joined, "<f4").reshape(len(rows), self.dimension)
            block = RecordBlock(
                [row.id for row in rows],
                dense,
                [_sparse_from(row.sparse) for row in rows],
                [row.metadata for row in rows],
            )
            self._append(block, np.array([row.position for row in rows], np.int64))
            self.next_position = rows[-1].position + 1

    def growth(self, block: RecordBlock) -> tuple[int, int]:
        """Return by how many records and bytes the namespace grows when the block is added."""
        replaced = [id_ for id_ in block.ids if id_ in self._rows_by_id]
        return len(block) - len(replaced), block.nbytes - self.bytes_of(replaced)

    def bytes_of(self, ids: Sequence[str]) -> int:
        """Return the bytes of the records with these ids."""
        width = 4 * (self.dimension or 0)
        return sum(record_size(r.id, width, r.sparse, r.metadata) for r in self.find_all(ids))

    def add(self, block: RecordBlock) -> None:
        """Put records in, replacing those with the same ids. Positions run on from the last."""
        first = self.next_position
        self.next_position += len(block)
        old_bytes = self.bytes_of([id_ for id_ in block.ids if id_ in self._rows_by_id])
        with self._lock:
            self._writes += 1
            self._size -= old_bytes
            self._kill_rows([row for row in map(self._rows_by_id.get, block.ids) if row is not None])
            self._append(block, np.arange(first, first + len(block)))
            self._compact_if_worn()

    def kill(self, ids: Sequence[str]) -> None:
        """Take records out; ids that are not there are passed over."""
        gone = self.bytes_of(ids)
        with self._lock:
            self._writes += 1
            self._size -= gone
            rows = [row for id_ in ids if (row := self._rows_by_id.pop(id_, None)) is not None]
            self._kill_rows(rows)
            self._compact_if_worn()

    def clear(self) -> None:
        """Take all records out."""
        with self._lock:
            self._writes += 1
            self._sorted, self._unsorted = [], []
            self._reset()

    def _append(self, block: RecordBlock, positions: npt.NDArray[np.int64]) -> None:
        first = len(self._ids)
        known = self._rows_by_id
        self._unsorted += [id_ for id_ in block.ids if id_ not in known]
        if self._matrix is not None and block.dense is not None:
            self._matrix.append(block.dense)
            # einsum squares and sums without a copy of the block.
            squares = np.einsum("ij,ij->i", block.dense, block.dense, dtype=np.float64)
            with np.errstate(over="ignore"):
                self._norms.extend(np.sqrt(squares).astype(np.float32))
        self._sparse.append(block.sparse)
        self._alive.extend(np.ones(len(block), np.bool_))
        self._positions.extend(positions)
        self._columns.append(first, block.metadata)
        self._metadata += block.metadata
        self._ids += block.ids
        known.update(zip(block.ids, range(first, first + len(block)), strict=True))
        self._size += block.nbytes

    def _kill_rows(self, rows: list[int]) -> None:
        if not rows:
            return
        if self._alive_shared:
            self._alive.detach()
            self._alive_shared = False
        self._alive.view()[rows] = False
        self._dead += len(rows)

    def _compact_if_worn(self) -> None:
        if self._dead < _COMPACT_ROWS or self._dead < _COMPACT_SHARE * len(self._ids):
            return
        keep = np.flatnonzero(self._alive.view())
        new_rows = np.full(len(self._ids), -1, np.int64)
        new_rows[keep] = np.arange(len(keep))
        old_ids, old_metadata = self._ids, self._metadata
        old_matrix = None if self._matrix is None else self._matrix.view()
        old_norms, old_sparse = self._norms.view(), self._sparse.view()
        old_positions, columns, size = self._positions.view(), self._columns, self._size
        numbers = keep.tolist()
        self._reset(reserve=len(keep))
        self._ids = [old_ids[row] for row in numbers]
        self._metadata = [old_metadata[row] for row in numbers]
        self._rows_by_id = {id_: row for row, id_ in enumerate(self._ids)}
        if self._matrix is not None and old_matrix is not None:
            for start in range(0, len(keep), 8192):
                self._matrix.append(old_matrix.take(keep[start : start + 8192]))
            self._norms.extend(old_norms[keep])
        self._sparse.append([old_sparse.row(row) for row in numbers])
        self._alive.extend(np.ones(len(keep), np.bool_))
        self._positions.extend(old_positions[keep])
        columns.renumber(new_rows)
        self._columns, self._size = columns, size
        self._sorted, self._unsorted = sorted(self._ids), []
