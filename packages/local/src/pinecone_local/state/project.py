"""Everything one engine holds: indexes, collections, backups, restore jobs and imports."""

from __future__ import annotations

import secrets
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

from ..quotas import Quotas
from ..store.rows import NamespaceRow, ResourceRow, Store, WriteBatch
from .dataset import Dataset
from .lag import Lag
from .resources import (
    Backup,
    BackupRow,
    Collection,
    CollectionRow,
    ImportRow,
    Index,
    IndexRow,
    RestoreRow,
)

__all__ = ["Project"]

R = TypeVar("R", IndexRow, CollectionRow, BackupRow, RestoreRow, ImportRow)

_LABEL_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Project:
    """All resources, in memory and in the store.

    Whoever changes them takes ``lock``; looking one up needs no lock.

    Args:
        store: Where rows are kept.
        clock: Seconds since the epoch.
        ready_after: Seconds until what was made is ready, and until what was deleted is gone.
        visible_after: Seconds until reads see a write.
        quotas: How much the project may hold.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float],
        ready_after: float,
        visible_after: float = 0.0,
        quotas: Quotas = Quotas(),  # noqa: B008 - it cannot be changed
    ) -> None:
        self.store = store
        self.clock = clock
        self.ready_after = ready_after
        self.visible_after = visible_after
        self.quotas = quotas
        self.lock = threading.RLock()
        self.indexes: dict[str, Index] = {}
        self.by_label: dict[str, Index] = {}
        self.collections: dict[str, Collection] = {}
        self.backups: dict[str, Backup] = {}
        self.restores: dict[str, RestoreRow] = {}
        self.imports: dict[str, ImportRow] = {}
        self._load()

    # ---- opening

    def _load(self) -> None:
        rows: dict[str, list[bytes]] = {}
        for resource in self.store.resources():
            rows.setdefault(resource.kind, []).append(resource.body)
        spaces: dict[str, list[NamespaceRow]] = {}
        for namespace in self.store.namespaces():
            spaces.setdefault(namespace.owner, []).append(namespace)
        lsns = self.store.lsns()

        def data(owner: str, dimension: int | None) -> Dataset:
            return Dataset(self.store, owner, dimension, spaces.pop(owner, ()), lsns.get(owner, 0))

        def read(kind: str, type_: type[R]) -> list[R]:
            return [msgspec.json.decode(body, type=type_) for body in rows.get(kind, ())]

        for index in sorted(read("index", IndexRow), key=lambda row: row.created):
            self._add_index(Index(index, data(index.uid, index.dimension)))
        for collection in sorted(read("collection", CollectionRow), key=lambda row: row.created):
            self.collections[collection.name] = Collection(
                collection, data(collection.uid, collection.dimension)
            )
        for backup in sorted(read("backup", BackupRow), key=lambda row: row.created):
            self.backups[backup.uid] = Backup(backup, data(backup.uid, backup.source.dimension))
        for restore in sorted(read("restore", RestoreRow), key=lambda row: row.created):
            self.restores[restore.uid] = restore
        for job in sorted(read("import", ImportRow), key=lambda row: row.created):
            self.imports[job.uid] = _ended(job)

    def _add_index(self, index: Index) -> None:
        if self.visible_after > 0:
            index.data.lag = Lag(self.clock, self.visible_after, index.data.lsn)
        self.indexes[index.row.name] = index
        self.by_label[index.row.label] = index

    # ---- time

    def sweep(self) -> None:
        """Let go of the indexes whose time has come."""
        now = self.clock()
        if all(
            index.row.gone_at is None or index.row.gone_at > now for index in self.indexes.copy().values()
        ):
            return
        with self.lock:
            for index in list(self.indexes.values()):
                if index.row.gone_at is not None and index.row.gone_at <= now:
                    self.remove_index(index)

    # ---- changes

    def check_index(self, spec: dict[str, Any]) -> None:
        """Refuse an index that would exceed a quota.

        Raises:
            ApiFault: 403.
        """
        self.quotas.check("indexes", len(self.indexes))
        if "pod" in spec:
            held = sum(_pods(index.row.spec) for index in self.indexes.values())
            self.quotas.check("pods", held, _pods(spec))

    @contextmanager
    def keep(self, kind: str, key: str, row: msgspec.Struct) -> Iterator[WriteBatch]:
        """Write a resource, together with whatever else goes into the batch."""
        with self.store.batch() as batch:
            batch.put_resource(ResourceRow(kind, key, msgspec.json.encode(row)))
            yield batch

    def add_index(self, index: Index, fill: Callable[[WriteBatch], None] | None = None) -> None:
        """Write a new index, and what fills it, and show it."""
        with self.keep("index", index.row.uid, index.row) as batch:
            if fill is not None:
                fill(batch)
        self._add_index(index)

    def save_index(self, index: Index, row: IndexRow) -> None:
        """Write an index's changed row and show it."""
        with self.keep("index", row.uid, row):
            pass
        index.row = row

    def remove_index(self, index: Index) -> None:
        """Remove an index, its records and its imports."""
        jobs = [job for job in self.imports.values() if job.index_uid == index.row.uid]
        with index.data.write_lock, self.store.batch() as batch:
            batch.drop_resource("index", index.row.uid)
            for job in jobs:
                batch.drop_resource("import", job.uid)
            index.data.drop_all(batch)
        for job in jobs:
            del self.imports[job.uid]
        del self.indexes[index.row.name]
        del self.by_label[index.row.label]

    def new_uid(self) -> str:
        """Return an id never used before."""
        return str(uuid.uuid4())

    def new_label(self, name: str) -> str:
        """Return a host label for a new index: its name and a few random letters."""
        while True:
            label = f"{name}-{''.join(secrets.choice(_LABEL_LETTERS) for _ in range(7))}"
            if label not in self.by_label:
                return label


def _pods(spec: dict[str, Any]) -> int:
    return int(spec["pod"].get("pods") or 1) if "pod" in spec else 0


def _ended(job: ImportRow) -> ImportRow:
    """Return an import as it stands after the engine that ran it was closed."""
    if job.status in ("Pending", "InProgress"):
        job.status, job.finished = "Failed", job.created
        job.error = "The engine was closed before the import had finished; start it again."
    return job
