# Made from ../_async/preview.py by tools/make_sync.py; do not edit.
"""What the service offers as a preview: indexes with a schema, and documents."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from pinecone_core._sync.concurrency import Home, Lock
from pinecone_core.errors import PineconeValueError

from .._protocol.hosts import HostCache
from .._protocol.preview import at_once
from .preview_index import PreviewIndex
from .preview_indexes import PreviewIndexes

if TYPE_CHECKING:
    from pinecone_core._sync.executor import Executor
    from pinecone_core.config import PineconeConfig

__all__ = ["Preview"]


class Preview:
    """The preview of the database. It may change in any release.

    Args:
        http: What sends the operations, aimed at the control plane.
        config: The client's configuration; ``http`` knows it already.
    """

    def __init__(self, http: Executor, config: PineconeConfig | None = None) -> None:
        self._executor = http
        self._config = config
        self._hosts = HostCache()
        self._locks = Home()

    @cached_property
    def indexes(self) -> PreviewIndexes:
        """Create, describe, list, change and delete indexes with a schema."""
        return PreviewIndexes.over(self._executor)

    def index(self, *, name: str | None = None, host: str | None = None) -> PreviewIndex:
        """Return a handle on an index with a schema. It shares this client's connections.

        Args:
            name: What the index is called.
            host: Where it is, which saves a request.

        Returns:
            The handle.

        Raises:
            PineconeValueError: Not exactly one of the two was given, or the index has no host yet.

        Example:
            >>> index = pc.preview.index(name="articles")

        Wire: ``GET /indexes/{name}`` unless the host is known
        """
        if (name is None) == (host is None):
            given = "none" if name is None else "both"
            raise PineconeValueError(f"Exactly one of 'name' or 'host' must be given, got {given}")
        if host is not None:
            return PreviewIndex.over(self._executor, host=host)
        find = partial(self._host_of, name or "")
        handle = PreviewIndex.over(self._executor.watched_by(self._hosts), find=find)
        # Where calls block, a wrong name shows here; where they are awaited, at the first call.
        at_once(handle.resolve())
        return handle

    def _host_of(self, name: str) -> str:
        known = self._hosts.get(name)
        if known:
            return known
        # Whoever asks meanwhile waits for the one answer.
        with self._locks.get(Lock):
            host = self._hosts.get(name) or self.indexes.describe(name).host
        if not host:
            raise PineconeValueError(
                f"Index '{name}' does not yet have a host assigned; wait until it is ready"
            )
        self._hosts.learn(name, host)
        return host

    def close(self) -> None:
        """Refuse further calls of ``indexes``. May be called twice."""
        self.indexes.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._executor, self._config)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
