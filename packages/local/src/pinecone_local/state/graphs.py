"""When a namespace is searched by a graph, and who builds it: nobody waits for it."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..search.exact import F32, I64, Metric
from ..store.graph_files import GraphDamagedError, graph_path, read_graph, tidy_graphs, write_graph

if TYPE_CHECKING:
    from ..search.graph import Graph
    from .namespace import Namespace, Snapshot

__all__ = ["Graphs"]

_log = logging.getLogger("pinecone_local")

#: The share of rows that a graph may miss, or know in vain, before it is brought up to date, or made anew.
_MISSING = 0.05
_WORN = 0.3


class _Held:
    """What is known of one namespace's graph."""

    __slots__ = ("building", "graph", "unfit")

    def __init__(self) -> None:
        self.graph: Graph | None = None
        self.building = False
        #: How many rows there were when no graph was good enough.
        self.unfit = 0


class Graphs:
    """The graphs of an engine's namespaces.

    Args:
        from_rows: How many rows a namespace must have to be searched by a graph.
        run: Runs work in the background.
        stopped: Says that the engine ends.
        folder: Where graphs are kept, or None.
    """

    def __init__(
        self,
        from_rows: int,
        run: Callable[[Callable[[], None]], None],
        stopped: Callable[[], bool],
        folder: Path | None,
    ) -> None:
        self.from_rows = from_rows
        self._run = run
        self._stopped = stopped
        self._folder = folder
        self._lock = threading.Lock()

    def candidates(
        self, records: Namespace, snapshot: Snapshot, metric: Metric, query: F32, top_k: int
    ) -> I64 | None:
        """Return the rows among which the nearest are, or None when all have to be looked at."""
        if snapshot.rows < self.from_rows or snapshot.matrix is None:
            return None
        held = self._held(records)
        graph = held.graph
        if graph is None or graph.lag(snapshot) > _MISSING:
            self._renew(records, held, metric)
        return None if graph is None else graph.candidates(snapshot, query, top_k)

    def _held(self, records: Namespace) -> _Held:
        with self._lock:
            if not isinstance(records.graph, _Held):
                records.graph = _Held()
            return records.graph

    def _renew(self, records: Namespace, held: _Held, metric: Metric) -> None:
        with self._lock:
            if held.building or len(records) < max(self.from_rows, 2 * held.unfit):
                return
            held.building = True
        self._run(lambda: self._build(records, held, metric))

    def _build(self, records: Namespace, held: _Held, metric: Metric) -> None:
        from ..search.graph import Graph

        try:
            snapshot = records.snapshot()
            known = held.graph
            if known is None and (known := self._stored(records, snapshot, metric)) is not None:
                held.graph = known
                if known.lag(snapshot) <= _MISSING:
                    return
            if known is not None and known.lag(snapshot) > _WORN:
                known = None
            graph = Graph.build(snapshot, metric, known, self._stopped)
            if graph is None:
                return
            if not graph.settle(snapshot, self._stopped):
                held.graph, held.unfit = None, len(records)
                return
            held.graph, held.unfit = graph, 0
            if (path := self._path(records)) is not None and not self._stopped():
                write_graph(path, graph.arrays(snapshot))
        except OSError as error:
            _log.warning("A search graph could not be kept and will be built again: %s", error)
        except Exception:
            # Tried again when there are twice as many rows; until then every row is looked at.
            held.unfit = len(records)
            _log.exception("A search graph could not be built; searches go on without it")
        finally:
            held.building = False

    def _path(self, records: Namespace) -> Path | None:
        if self._folder is None or records.number is None:
            return None
        return graph_path(self._folder, records.number)

    def _stored(self, records: Namespace, snapshot: Snapshot, metric: Metric) -> Graph | None:
        from ..search.graph import Graph

        path = self._path(records)
        if path is not None:
            # What cannot be read is made anew: nothing but time is lost.
            with contextlib.suppress(FileNotFoundError, GraphDamagedError):
                return Graph.of(read_graph(path), snapshot, metric)
        return None

    def tidy(self, numbers: set[int]) -> None:
        """Remove the files of namespaces that are no more."""
        if self._folder is not None:
            tidy_graphs(self._folder, numbers)
