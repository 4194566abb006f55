"""Copies of an engine's indexes as JSON lines: readable, portable, in the API's own terms.

A line is an object with one key: ``index`` (its definition), ``namespace`` (a namespace that has a
schema or no records) or ``vector`` (a record, with the index and namespace it belongs to). Backups,
collections and assistants are not copied; copy the folder for those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from .api.documents_in import stored_documents
from .api.records_in import VectorIn, read_block
from .api.records_out import shown_records
from .errors import EngineError
from .http import ApiFault
from .state.dataset import Dataset
from .state.resources import Index, IndexRow

if TYPE_CHECKING:
    from .engine import LocalEngine

__all__ = ["dump", "load"]

_BATCH = 1000
_KEPT = (
    "name",
    "metric",
    "vector_type",
    "spec",
    "dimension",
    "deletion_protection",
    "tags",
    "embed",
    "fields",
)


def dump(engine: LocalEngine) -> Iterator[bytes]:
    """Yield the lines that describe every index of an engine."""
    encode = msgspec.json.Encoder().encode
    for index in list(engine.project.indexes.values()):
        row = index.row
        yield encode({"index": {name: getattr(row, name) for name in _KEPT}})
        for entry, snapshot in index.data.freeze():
            if entry.schema is not None or not entry.count:
                schema = None if entry.schema is None else msgspec.Raw(entry.schema)
                yield encode({"namespace": {"index": row.name, "name": entry.name, "schema": schema}})
            kept = snapshot.kept_rows().tolist()
            for start in range(0, len(kept), _BATCH):
                records = [snapshot.record(at) for at in kept[start : start + _BATCH]]
                for shown in shown_records(records):
                    yield encode({"vector": {"index": row.name, "namespace": entry.name, **shown}})


def load(engine: LocalEngine, lines: Iterable[bytes]) -> int:
    """Make the indexes that ``dump`` described and fill them; return how many records there were.

    Args:
        engine: The engine; it must not have an index of a name that is to be loaded.
        lines: What ``dump`` gave.

    Raises:
        EngineError: A line cannot be read, or an index is there already.
    """
    loading = _Loading(engine)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            loading.take(msgspec.json.decode(line))
        except (msgspec.MsgspecError, ApiFault, KeyError, TypeError, ValueError) as error:
            raise EngineError(f"Line {number} cannot be loaded: {error}") from error
    loading.flush()
    return loading.count


class _Loading:
    def __init__(self, engine: LocalEngine) -> None:
        self.count = 0
        self._engine = engine
        self._made: dict[str, Index] = {}
        self._where: tuple[str, str] = ("", "")
        self._waiting: list[VectorIn] = []

    def take(self, line: dict[str, Any]) -> None:
        [(kind, value)] = line.items()
        if kind == "vector":
            where = value["index"], value["namespace"]
            if where != self._where or len(self._waiting) >= _BATCH:
                self.flush()
                self._where = where
            self._waiting.append(msgspec.convert(value, VectorIn))
            return
        self.flush()
        if kind == "index":
            self._add_index(value)
        elif kind == "namespace":
            schema = None if value["schema"] is None else msgspec.json.encode(value["schema"])
            self._made[value["index"]].data.ensure(value["name"], self._engine.clock(), schema)
        else:
            raise ValueError(f"there is no kind {kind!r}")

    def _add_index(self, value: dict[str, Any]) -> None:
        project = self._engine.project
        name, now = value["name"], self._engine.clock()
        with project.lock:
            if name in project.indexes:
                raise ValueError(f"the index {name!r} is there already")
            own = {
                "uid": project.new_uid(),
                "label": project.new_label(name),
                "created": now,
                "ready_at": now,
            }
            row = msgspec.convert({**value, **own}, IndexRow)
            index = Index(row, Dataset(project.store, row.uid, row.dimension))
            project.add_index(index)
        self._made[name] = index

    def flush(self) -> None:
        if not self._waiting:
            return
        index = self._made[self._where[0]]
        read = read_block if index.row.fields is None else stored_documents
        index.data.add(self._where[1], read(index.row, self._waiting), self._engine.clock())
        self.count += len(self._waiting)
        self._waiting = []
