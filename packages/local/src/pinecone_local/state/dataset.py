"""All namespaces of one index, backup or collection: what the store has, what memory has, and writes.

A namespace's records are read from the store the first time they are needed. Every write is
committed to the store before memory shows it, so whatever was answered is on the disk.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from ..errors import StoreDamagedError
from ..store.rows import NamespaceRow, Store, VectorRow, WriteBatch
from .arrays import F32
from .lag import Lag
from .namespace import Namespace, RecordBlock, Snapshot

__all__ = ["Dataset", "DatasetGoneError", "NamespaceEntry"]


class DatasetGoneError(Exception):
    """A write came after its index was deleted."""


class NamespaceEntry:
    """What is known of a namespace without reading its records.

    Attributes:
        number: The store's number of it.
        name: Its name; the default namespace is the empty string.
        schema: Its metadata schema as JSON, or None.
        created: Seconds since the epoch.
        count: How many records it holds.
        size: Bytes of ids, vectors and metadata.
        data: Its records, or None while they are only in the store.
    """

    __slots__ = ("count", "created", "data", "loading", "name", "number", "schema", "size")

    def __init__(self, row: NamespaceRow, data: Namespace | None = None) -> None:
        self.number = row.number
        self.name = row.name
        self.schema = row.schema
        self.created = row.created
        self.count = row.count
        self.size = row.size
        self.data = data
        self.loading = threading.Lock()


class Dataset:
    """The namespaces of one owner.

    Reads may come from any thread. Writes take ``write_lock``, one at a time for the whole owner.

    Args:
        store: Where rows are kept.
        owner: The id of the index, backup or collection.
        dimension: The length of dense vectors, or None for sparse ones.
        rows: The namespaces the store already has.
        lsn: The number of the last write.
    """

    def __init__(
        self,
        store: Store,
        owner: str,
        dimension: int | None,
        rows: Sequence[NamespaceRow] = (),
        lsn: int = 0,
    ) -> None:
        self.store = store
        self.owner = owner
        self.dimension = dimension
        self.lsn = lsn
        self.write_lock = threading.RLock()
        #: What readers see, when that is to stay behind.
        self.lag: Lag | None = None
        self._gone = False
        self._entries = {row.name: NamespaceEntry(row) for row in rows}
        #: Numbers of namespaces that were made while readers stay behind; they come in by their writes.
        self._unseen: set[int] = set()

    # ---- reads

    def entries(self) -> list[NamespaceEntry]:
        """Return all namespaces, by name."""
        known = self._entries.copy()
        return [known[name] for name in sorted(known)]

    def entry(self, name: str) -> NamespaceEntry | None:
        """Return one namespace, or None."""
        return self._entries.get(name)

    @property
    def count(self) -> int:
        """How many records there are in all namespaces."""
        return sum(entry.count for entry in self.entries())

    @property
    def size(self) -> int:
        """Bytes of ids, vectors and metadata in all namespaces."""
        return sum(entry.size for entry in self.entries())

    def records(self, name: str) -> Namespace | None:
        """Return a namespace's records as readers see them, or None.

        They are read from the store if need be.
        """
        entry = self._entries.get(name)
        if self.lag is not None:
            if entry is not None:
                self._seen_from(entry)
            return self.lag.seen().get(name)
        return None if entry is None else self._loaded(entry)

    def _loaded(self, entry: NamespaceEntry) -> Namespace:
        data = entry.data
        if data is not None:
            return data
        with entry.loading:
            if entry.data is None:
                data = Namespace(self.dimension, reserve=entry.count, number=entry.number)
                data.load(self._checked(self.store.load(entry.number)))
                if len(data) != entry.count:
                    raise StoreDamagedError(
                        f"The store is damaged: the namespace {entry.name!r} of {self.owner} should have "
                        f"{entry.count} records and has {len(data)}. Restore the file from a copy."
                    )
                entry.data = data
            return entry.data

    def _checked(self, blocks: Iterator[list[VectorRow]]) -> Iterator[list[VectorRow]]:
        width = None if self.dimension is None else 4 * self.dimension
        for block in blocks:
            for row in block:
                if (None if row.dense is None else len(row.dense)) != width:
                    raise StoreDamagedError(
                        f"The store is damaged: the vector of {row.id!r} has the wrong length. "
                        "Restore the file from a copy."
                    )
            yield block

    # ---- what readers see

    @property
    def seen_lsn(self) -> int:
        """The number of the last write that readers see."""
        return self.lsn if self.lag is None else self.lag.lsn

    def counts(self) -> dict[str, int]:
        """Return how many records readers see in each namespace, by name."""
        if self.lag is None:
            return {entry.name: entry.count for entry in self.entries()}
        with self.write_lock:
            for entry in self.entries():
                self._seen_from(entry)
            return {name: len(records) for name, records in sorted(self.lag.seen().items())}

    def _seen_from(self, entry: NamespaceEntry) -> None:
        """Have readers see a namespace as it is, unless they see it already."""
        if self.lag is None or self.lag.has(entry.name):
            return
        with self.write_lock:
            if entry.number not in self._unseen and not self.lag.has(entry.name):
                copy = Namespace(self.dimension, reserve=entry.count)
                for block in self._loaded(entry).snapshot().blocks():
                    copy.add(block)
                self.lag.start(entry.name, copy)

    def _note(self, write: Callable[[dict[str, Namespace]], object]) -> None:
        """Have readers see a write later; take ``write_lock`` first."""
        if self.lag is not None:
            self.lag.note(self.lsn, write)

    # ---- writes

    @contextmanager
    def _writing(self) -> Iterator[WriteBatch]:
        """Open a batch that also counts the write; take ``write_lock`` first."""
        if self._gone:
            raise DatasetGoneError
        with self.store.batch() as batch:
            batch.set_lsn(self.owner, self.lsn + 1)
            yield batch
        self.lsn += 1

    def ensure(self, name: str, created: float, schema: bytes | None = None) -> bool:
        """Make a namespace unless it is there; return whether it was made."""
        with self.write_lock:
            if name in self._entries:
                return False
            with self._writing() as batch:
                number = batch.add_namespace(self.owner, name, schema, created)
            row = NamespaceRow(number, self.owner, name, schema, created, 0, 0)
            self._entries[name] = NamespaceEntry(row, Namespace(self.dimension, number=number))
            self._unseen.add(number)
            dimension = self.dimension
            self._note(lambda seen: seen.setdefault(name, Namespace(dimension)))
            return True

    def add(self, name: str, block: RecordBlock, created: float) -> None:
        """Put records into a namespace, making it if need be, replacing records with the same ids."""
        with self.write_lock:
            entry = self._entries.get(name)
            data = Namespace(self.dimension) if entry is None else self._loaded(entry)
            if entry is not None:
                self._seen_from(entry)
            more, bytes_more = data.growth(block)
            with self._writing() as batch:
                if entry is None:
                    number = batch.add_namespace(self.owner, name, None, created)
                    row = NamespaceRow(number, self.owner, name, None, created, 0, 0)
                    entry = NamespaceEntry(row, data)
                    data.number = number
                    self._unseen.add(number)
                batch.remove(entry.number, data.positions(block.ids))
                batch.append(entry.number, block.rows(data.next_position))
                batch.size_namespace(entry.number, entry.count + more, entry.size + bytes_more)
            data.add(block)
            self._note_size(entry, data)
            self._entries[name] = entry
            dimension = self.dimension
            self._note(lambda seen: seen.setdefault(name, Namespace(dimension)).add(block))

    def change(
        self, name: str, select: Callable[[Namespace], list[str]], alter: Callable[[RecordBlock], RecordBlock]
    ) -> int:
        """Rewrite the records that a function selects; return how many there were.

        Args:
            name: The namespace; nothing happens when it is not there.
            select: Gives the ids to rewrite.
            alter: Gives the new records for the old ones, with the same ids.
        """
        with self.write_lock:
            entry = self._entries.get(name)
            if entry is None:
                return 0
            data = self._loaded(entry)
            ids = select(data)
            if ids:
                records = data.find_all(ids)
                dense: F32 | None = None
                if self.dimension is not None:
                    dense = np.array([record.dense for record in records], np.float32)
                block = RecordBlock(
                    [record.id for record in records],
                    dense,
                    [record.sparse for record in records],
                    [record.metadata for record in records],
                )
                self.add(name, alter(block), entry.created)
            return len(ids)

    def remove(self, name: str, select: Callable[[Namespace], list[str]]) -> int:
        """Take out the records that a function selects; return how many there were."""
        with self.write_lock:
            entry = self._entries.get(name)
            if entry is None:
                return 0
            data = self._loaded(entry)
            self._seen_from(entry)
            ids = [id_ for id_ in dict.fromkeys(select(data)) if id_ in data]
            with self._writing() as batch:
                batch.remove(entry.number, data.positions(ids))
                batch.size_namespace(entry.number, entry.count - len(ids), entry.size - data.bytes_of(ids))
            data.kill(ids)
            self._note_size(entry, data)
            self._note(lambda seen: seen[name].kill(ids))
            return len(ids)

    def clear(self, name: str) -> None:
        """Take all records out of a namespace, which stays."""
        with self.write_lock:
            entry = self._entries.get(name)
            if entry is None:
                return
            self._seen_from(entry)
            with self._writing() as batch:
                batch.clear_namespace(entry.number)
                batch.size_namespace(entry.number, 0, 0)
            # Not loaded only to be emptied; positions may start again since none is in use.
            entry.data = Namespace(self.dimension, number=entry.number)
            entry.count, entry.size = 0, 0
            self._note(lambda seen: seen[name].clear())

    def drop(self, name: str) -> bool:
        """Remove a namespace with its records; return whether it was there."""
        with self.write_lock:
            entry = self._entries.get(name)
            if entry is None:
                return False
            self._seen_from(entry)
            with self._writing() as batch:
                batch.drop_namespace(entry.number)
            del self._entries[name]
            self._note(lambda seen: seen.pop(name))
            return True

    def drop_all(self, batch: WriteBatch) -> None:
        """Remove every namespace as part of a batch; take ``write_lock`` before opening the batch."""
        self._gone = True
        for entry in self._entries.values():
            batch.drop_namespace(entry.number)

    # ---- copies

    def freeze(self) -> list[tuple[NamespaceEntry, Snapshot]]:
        """Return every namespace as it is now."""
        with self.write_lock:
            return [(entry, self._loaded(entry).snapshot()) for entry in self.entries()]

    def fill(
        self, batch: WriteBatch, frozen: list[tuple[NamespaceEntry, Snapshot]], *, in_memory: bool
    ) -> None:
        """Fill an empty dataset with copies of frozen namespaces, as part of a batch.

        Args:
            batch: Where the rows are written.
            frozen: What ``freeze`` of another dataset returned.
            in_memory: Whether the copy must live in memory too, since the store keeps nothing.
        """
        for entry, snapshot in frozen:
            number = batch.add_namespace(self.owner, entry.name, entry.schema, entry.created)
            data = Namespace(self.dimension, number=number) if in_memory else None
            count, size = 0, 0
            for block in snapshot.blocks():
                batch.append(number, block.rows(count))
                count += len(block)
                size += block.nbytes
                if data is not None:
                    data.add(block)
            batch.size_namespace(number, count, size)
            row = NamespaceRow(number, self.owner, entry.name, entry.schema, entry.created, count, size)
            self._entries[entry.name] = NamespaceEntry(row, data)

    @staticmethod
    def _note_size(entry: NamespaceEntry, data: Namespace) -> None:
        entry.count, entry.size = len(data), data.size
