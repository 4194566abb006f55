"""Approximate nearest neighbours: a navigable graph over quantized vectors, by faiss.

The graph only names candidates. Whoever asks scores them exactly, together with the rows that were
written since the graph was built, so scores are exact and a write is found at once. A graph knows its
rows by their positions in the store, which no compaction and no reopening changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np
import numpy.typing as npt

from .exact import F32, GATHER_BELOW, I64, Metric, dense_search

if TYPE_CHECKING:
    from ..state.namespace import Snapshot

__all__ = ["Graph"]

_FORMAT = 1
_LINKS = 16
_BUILD_REACH = 80
_BLOCK_ROWS = 2048
_TRAINING_ROWS = 20_000
#: What the graph's recall at 10 must be on sampled queries, and how far a search may reach for it.
_RECALL = 0.99
_REACHES = (48, 96, 192, 384)
_SAMPLES = 64
#: More results than this are found by the exact scan.
_MOST_RESULTS = 1000
_FEWEST_CANDIDATES = 40
#: How many times the candidates are asked for that would do if what is allowed lay evenly.
_WIDER = (1, 4)
_WIDTHS = 16


class Graph:
    """The graph of one namespace.

    Attributes:
        positions: The store position of every node, ascending.
        seen: Rows whose position is below this were looked at when the graph was built.
        reach: How many nodes a search keeps in view.
    """

    def __init__(
        self, index: Any, form: _Form, positions: I64, seen: int, reach: int, snapshot: Snapshot
    ) -> None:
        self._index = index
        self._form = form
        self.positions = positions
        self.seen = seen
        self.reach = reach
        self._writes = snapshot.writes
        self._rows: tuple[object, I64, bool] | None = None

    # ---- making

    @classmethod
    def build(
        cls, snapshot: Snapshot, metric: Metric, known: Graph | None, stopped: Callable[[], bool]
    ) -> Graph | None:
        """Make a graph of a snapshot's living rows.

        Args:
            snapshot: The namespace, with no condition.
            metric: The index's metric.
            known: An older graph to add what is new to, or None.
            stopped: Says that nobody needs the graph any more.

        Returns:
            The graph, or None when it was stopped.
        """
        assert snapshot.matrix is not None
        kept = snapshot.kept_rows()
        if known is None:
            fresh = kept
            form = _Form(metric, float(snapshot.norms[kept].max(initial=0.0)))
            index = _empty(form.width(snapshot.matrix.dimension))
            step = max(1, len(kept) // _TRAINING_ROWS)
            index.train(form.of(snapshot.matrix.take(kept[::step])))
            nodes: I64 = np.empty(0, np.int64)
        else:
            fresh = kept[snapshot.positions[kept] >= known.seen]
            form = known._form
            index = faiss.clone_index(known._index)
            nodes = known.positions
        for start in range(0, len(fresh), _BLOCK_ROWS):
            if stopped():
                return None
            index.add(form.of(snapshot.matrix.take(fresh[start : start + _BLOCK_ROWS])))
        nodes = np.concatenate([nodes, snapshot.positions[fresh]])
        return cls(index, form, nodes, int(snapshot.positions[-1]) + 1, 0, snapshot)

    def settle(self, snapshot: Snapshot, stopped: Callable[[], bool]) -> bool:
        """Choose how far searches reach by comparing sampled ones with exact ones; False if none is enough.

        The queries are mixtures of two stored vectors each: near the data, but not of it.
        """
        assert snapshot.matrix is not None
        kept = snapshot.kept_rows()
        chance = np.random.default_rng(len(kept))
        first, second = (snapshot.matrix.take(chance.choice(kept, _SAMPLES)) for _ in range(2))
        queries = (0.8 * first + 0.2 * second).astype(np.float32)
        wanted = [
            dense_search(snapshot.matrix, snapshot.norms, query, self._form.metric, 10, snapshot.keep)
            for query in queries
            if not stopped()
        ]
        if len(wanted) < _SAMPLES:
            return False
        for reach in _REACHES:
            self.reach = reach
            found = 0
            for query, best in zip(queries, wanted, strict=True):
                rows = self.candidates(snapshot, query, 10)
                found += 0 if rows is None else int(np.isin(best.rows, rows).sum())
            if found >= _RECALL * 10 * _SAMPLES:
                return True
        return False

    # ---- searching

    def lag(self, snapshot: Snapshot) -> float:
        """Return what share of the living rows the graph does not know, or knows in vain."""
        rows, _ = self._placed(snapshot)
        known = int(np.count_nonzero(rows >= 0))
        missing = snapshot.rows - int(np.searchsorted(snapshot.positions, self.seen))
        return max(missing, len(rows) - known) / max(1, known)

    def candidates(self, snapshot: Snapshot, query: F32, top_k: int) -> I64 | None:
        """Return, ascending, the rows among which the nearest are, or None when a scan finds them better.

        What a filter hides or a write removed is left out afterwards: a graph that only walks over what is
        allowed gives up where that lies far from the query. The nearest nodes count as enough when the
        closer half of them holds as many allowed ones as are wanted.

        Args:
            snapshot: The namespace, kept to what the query's filter lets through.
            query: The query.
            top_k: How many rows are wanted.
        """
        keep = snapshot.keep
        # A reader from before the graph may know rows that were gone when it was built.
        if top_k > _MOST_RESULTS or not self._form.can_ask(query) or snapshot.writes < self._writes:
            return None
        kept = snapshot.rows if keep is None else int(np.count_nonzero(keep))
        if kept == 0 or kept < GATHER_BELOW * snapshot.rows:
            return None
        rows, whole = self._placed(snapshot)
        count = max(4 * top_k, _FEWEST_CANDIDATES)
        if keep is None and whole:
            near = rows[self._nearest(query, count, max(self.reach, count))]
            if len(near) < min(top_k, len(rows)):
                return None
        else:
            found = self._allowed(snapshot, query, top_k, count * max(snapshot.rows, len(rows)) // kept)
            if found is None:
                return None
            near = found
        new = np.arange(int(np.searchsorted(snapshot.positions, self.seen)), snapshot.rows)
        if keep is not None:
            new = new[keep[new]]
        return np.concatenate([np.sort(near), new])

    def _nearest(self, query: F32, count: int, reach: int) -> I64:
        parameters = faiss.SearchParametersHNSW(efSearch=reach)
        _, nodes = self._index.search(self._form.asked(query), count, params=parameters)
        found: I64 = nodes[0][nodes[0] >= 0]
        return found

    def _allowed(self, snapshot: Snapshot, query: F32, top_k: int, count: int) -> I64 | None:
        """Return the allowed ones of the nearest rows, or None where they are too far away."""
        rows, _ = self._placed(snapshot)
        for wider in _WIDER:
            # The last of many are wanted as surely as the first of few.
            nodes = self._nearest(query, wider * count, 2 * max(self.reach, wider * count))
            near = rows[nodes]
            allowed = near >= 0
            if snapshot.keep is not None:
                allowed[allowed] = snapshot.keep[near[allowed]]
            if np.count_nonzero(allowed[: len(nodes) // 2]) >= top_k:
                return near[allowed]
        return None

    def _placed(self, snapshot: Snapshot) -> tuple[I64, bool]:
        """Return the row of each node, -1 for those that are gone, and whether none is."""
        known = self._rows
        if known is not None and known[0] is snapshot.history:
            return known[1:]
        at = np.searchsorted(snapshot.positions, self.positions)
        at[at == snapshot.rows] = 0
        there = snapshot.positions[at] == self.positions if snapshot.rows else np.zeros(len(at), np.bool_)
        rows = np.where(there, at, -1)
        # Not read again from self: another thread may ask for another snapshot meanwhile.
        placed = self._rows = (snapshot.history, rows, bool(there.all()))
        return placed[1:]

    # ---- keeping

    def arrays(self, snapshot: Snapshot) -> dict[str, npt.NDArray[Any]]:
        """Return all that makes the graph again, and a mark of each vector it knows."""
        rows, _ = self._placed(snapshot)
        return {
            "about": np.array([_FORMAT, self.seen, self.reach], np.int64),
            "metric": np.frombuffer(self._form.metric.encode(), np.uint8),
            "ceiling": np.array([self._form.ceiling]),
            "positions": self.positions,
            "marks": _marks(snapshot, rows),
            "graph": faiss.serialize_index(self._index),
        }

    @classmethod
    def of(cls, arrays: dict[str, npt.NDArray[Any]], snapshot: Snapshot, metric: Metric) -> Graph | None:
        """Make a graph of its arrays.

        Returns:
            The graph, or None when it is of another format, or not of the vectors of this namespace.
        """
        assert snapshot.matrix is not None
        if arrays["about"][:1] != [_FORMAT] or arrays["metric"].tobytes() != metric.encode():
            return None
        _, seen, reach = arrays["about"].tolist()
        try:
            index = faiss.deserialize_index(arrays["graph"])
        except RuntimeError:  # another version of the library wrote it
            return None
        positions = arrays["positions"]
        form = _Form(metric, float(arrays["ceiling"][0]))
        if index.d != form.width(snapshot.matrix.dimension) or index.ntotal != len(positions):
            return None
        graph = cls(index, form, positions, seen, reach, snapshot)
        rows, _ = graph._placed(snapshot)
        there = rows >= 0
        # An emptied namespace uses its positions again: every row so far must have its node, and its vector.
        if np.count_nonzero(there) != np.searchsorted(snapshot.positions, seen):
            return None
        same = _marks(snapshot, rows) == arrays["marks"]
        return graph if same[there].all() else None


@dataclass(frozen=True, slots=True)
class _Form:
    """How vectors are laid out so that the smallest euclidean distance means the nearest by the metric.

    For the cosine they get length one. For the dot product they get one more number, so that all have the
    length of the longest; a query has zero there.
    """

    metric: Metric
    ceiling: float

    def width(self, dimension: int) -> int:
        """Return how many numbers a vector gets: the library is several times slower at odd ones."""
        return -(-(dimension + (self.metric == "dotproduct")) // _WIDTHS) * _WIDTHS

    def of(self, vectors: F32) -> F32:
        laid = self._padded(vectors)
        if self.metric == "euclidean":
            return laid
        squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
        if self.metric == "dotproduct":
            laid[:, vectors.shape[1]] = np.sqrt(np.maximum(self.ceiling**2 - squares, 0))
        else:
            np.divide(laid, np.sqrt(squares)[:, np.newaxis], out=laid, where=squares[:, np.newaxis] > 0)
        return laid

    def asked(self, query: F32) -> F32:
        if self.metric != "dotproduct":
            return self.of(query[np.newaxis])
        # All that counts is the direction; at the stored length the distances differ most.
        return self._padded(query[np.newaxis] * np.float32(self.ceiling / np.linalg.norm(query)))

    def can_ask(self, query: F32) -> bool:
        length = float(np.linalg.norm(query))
        return bool(np.isfinite(length)) and (length > 0 or self.metric == "euclidean")

    def _padded(self, vectors: F32) -> F32:
        laid = np.zeros((len(vectors), self.width(vectors.shape[1])), np.float32)
        laid[:, : vectors.shape[1]] = vectors
        return laid


def _empty(dimension: int) -> Any:
    # Eight bits a number: the order is settled from the vectors themselves.
    index = faiss.IndexHNSWSQ(dimension, faiss.ScalarQuantizer.QT_8bit, _LINKS)
    index.hnsw.efConstruction = _BUILD_REACH
    return index


def _marks(snapshot: Snapshot, rows: I64) -> npt.NDArray[np.uint64]:
    """Return a number for the vector at each row that another vector hardly has."""
    assert snapshot.matrix is not None
    factors = np.random.default_rng(0).integers(1, 2**62, snapshot.matrix.dimension, np.uint64) | np.uint64(1)
    marks = np.zeros(len(rows), np.uint64)
    for start in range(0, len(rows), _BLOCK_ROWS):
        vectors = snapshot.matrix.take(np.maximum(rows[start : start + _BLOCK_ROWS], 0))
        marks[start : start + len(vectors)] = (vectors.view(np.uint32) * factors).sum(axis=1)
    return marks
