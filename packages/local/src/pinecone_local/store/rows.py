"""The rows a store keeps and what every store can do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

__all__ = ["NamespaceRow", "ResourceRow", "Store", "VectorRow", "WriteBatch"]


class ResourceRow(NamedTuple):
    """One control-plane thing (index, collection, backup, job ...) as JSON."""

    kind: str
    key: str
    body: bytes


class NamespaceRow(NamedTuple):
    """One namespace of an index, a backup or a collection.

    Attributes:
        number: The store's own number of the namespace.
        owner: The id of what it belongs to.
        name: Its name; the default namespace is the empty string.
        schema: Its metadata schema as JSON, or None.
        created: Seconds since the epoch.
        count: How many records it holds.
        size: Bytes of vectors, ids and metadata it holds.
    """

    number: int
    owner: str
    name: str
    schema: bytes | None
    created: float
    count: int  # type: ignore[assignment]
    size: int


class VectorRow(NamedTuple):
    """One record.

    Attributes:
        position: Its place in write order inside the namespace.
        id: Its id.
        dense: The float32 values, little endian, or None.
        sparse: The uint32 indices followed by as many float32 values, or None.
        metadata: The metadata as compact JSON, or None.
    """

    position: int
    id: str
    dense: bytes | None
    sparse: bytes | None
    metadata: bytes | None


class WriteBatch(Protocol):
    """Changes that reach the disk together or not at all."""

    def put_resource(self, row: ResourceRow) -> None:
        """Write a resource, replacing the one with the same kind and key."""
        ...

    def drop_resource(self, kind: str, key: str) -> None:
        """Remove a resource if it is there."""
        ...

    def add_namespace(self, owner: str, name: str, schema: bytes | None, created: float) -> int:
        """Make a namespace and return its number."""
        ...

    def size_namespace(self, number: int, count: int, size: int) -> None:
        """Record how much a namespace holds now."""
        ...

    def drop_namespace(self, number: int) -> None:
        """Remove a namespace with all its records."""
        ...

    def clear_namespace(self, number: int) -> None:
        """Remove all records of a namespace."""
        ...

    def append(self, number: int, rows: Iterable[VectorRow]) -> None:
        """Write records at positions not used before."""
        ...

    def remove(self, number: int, positions: Iterable[int]) -> None:
        """Remove the records at these positions."""
        ...

    def set_lsn(self, owner: str, lsn: int) -> None:
        """Record the number of an index's last write."""
        ...


class Store(Protocol):
    """Keeps rows. Writes are serialised by the store; every batch is all or nothing."""

    def batch(self) -> AbstractContextManager[WriteBatch]:
        """Open a batch; leaving it normally commits, leaving it by an exception undoes it."""
        ...

    def resources(self) -> list[ResourceRow]:
        """Read every resource."""
        ...

    def namespaces(self) -> list[NamespaceRow]:
        """Read every namespace's row."""
        ...

    def lsns(self) -> dict[str, int]:
        """Read the last write's number of every index."""
        ...

    def load(self, number: int) -> Iterator[list[VectorRow]]:
        """Read a namespace's records in position order, in blocks."""
        ...

    def verify(self) -> list[str]:
        """Check all that is stored; return one sentence for each fault found."""
        ...

    def close(self) -> None:
        """Finish and let go. May be called twice."""
        ...
