"""The store of an engine without a folder: it keeps nothing, the engine's memory is all there is."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from .rows import NamespaceRow, ResourceRow, VectorRow, WriteBatch

__all__ = ["MemoryStore"]


class _Forgetful:
    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers = numbers

    def put_resource(self, row: ResourceRow) -> None: ...

    def drop_resource(self, kind: str, key: str) -> None: ...

    def add_namespace(self, owner: str, name: str, schema: bytes | None, created: float) -> int:
        return next(self._numbers)

    def size_namespace(self, number: int, count: int, size: int) -> None: ...

    def drop_namespace(self, number: int) -> None: ...

    def clear_namespace(self, number: int) -> None: ...

    def append(self, number: int, rows: Iterable[VectorRow]) -> None: ...

    def remove(self, number: int, positions: Iterable[int]) -> None: ...

    def set_lsn(self, owner: str, lsn: int) -> None: ...


class MemoryStore:
    """Take every write and keep none of it."""

    def __init__(self) -> None:
        self._batch = _Forgetful(itertools.count(1))

    @contextmanager
    def batch(self) -> Iterator[WriteBatch]:
        """Open a batch that goes nowhere."""
        yield self._batch

    def resources(self) -> list[ResourceRow]:
        """Nothing is kept."""
        return []

    def namespaces(self) -> list[NamespaceRow]:
        """Nothing is kept."""
        return []

    def lsns(self) -> dict[str, int]:
        """Nothing is kept."""
        return {}

    def load(self, number: int) -> Iterator[list[VectorRow]]:
        """Nothing is kept."""
        return iter(())

    def verify(self) -> list[str]:
        """Nothing can be damaged."""
        return []

    def close(self) -> None:
        """Nothing to close."""
