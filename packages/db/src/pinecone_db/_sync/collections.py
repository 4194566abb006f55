# Made from ../_async/collections.py by tools/make_sync.py; do not edit.
"""Collections: still copies of pod indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinecone_core._sync.waiting import wait_until
from pinecone_core.checks import non_empty_string
from pinecone_core.hosts import path
from pinecone_core.operation import Operation
from pinecone_core.patience import Patience

from .._protocol.arguments import waiting_time
from .._protocol.backups import collection_body
from .._protocol.waiting import has_ended
from ..models.collection import CollectionList, CollectionModel

if TYPE_CHECKING:
    from pinecone_core._sync.executor import Executor

__all__ = ["Collections"]


class Collections:
    """The collections of a project.

    Args:
        http: What sends the operations, aimed at the control plane.
    """

    def __init__(self, http: Executor) -> None:
        self._executor = http

    def create(self, *, name: str, source: str) -> CollectionModel:
        """Start to make a collection of a pod index. Does not wait until it is ready.

        Args:
            name: What to call it: 1 to 45 lower-case letters, digits and inner hyphens.
            source: The pod index to copy.

        Returns:
            The collection, mostly still ``"Initializing"``.

        Raises:
            PineconeValueError: A name cannot be used; nothing was sent.
            ConflictError: The name is taken.

        Example:
            >>> pc.collections.create(name="films-2024", source="films").name
            'films-2024'

        Wire: ``POST /collections``
        """
        return self._executor.send(
            Operation(
                "create_collection", "POST", "/collections", CollectionModel, collection_body(name, source)
            )
        )

    def list(self) -> CollectionList:
        """List all collections of the project.

        Returns:
            The collections.

        Example:
            >>> pc.collections.list().names()
            ['films-2023']

        Wire: ``GET /collections``
        """
        return self._executor.send(Operation("list_collections", "GET", "/collections", CollectionList))

    def describe(self, name: str) -> CollectionModel:
        """Describe a collection.

        Args:
            name: What the collection is called.

        Returns:
            The collection.

        Raises:
            NotFoundError: There is no such collection.

        Example:
            >>> pc.collections.describe("films-2023").status
            'Ready'

        Wire: ``GET /collections/{name}``
        """
        return self._look(name)

    def delete(self, name: str) -> None:
        """Delete a collection. Does not wait until it is gone.

        Args:
            name: What the collection is called.

        Raises:
            NotFoundError: There is no such collection.

        Example:
            >>> pc.collections.delete("films-2023")

        Wire: ``DELETE /collections/{name}``
        """
        where = path("/collections/{}", non_empty_string("name", name))
        self._executor.send(Operation("delete_collection", "DELETE", where))

    def wait_until_ready(self, name: str, *, timeout: float | None = None) -> CollectionModel:
        """Wait until a collection is ready.

        Args:
            name: What the collection is called.
            timeout: Seconds to wait; None for as long as it takes, 0 to look once.

        Returns:
            The collection.

        Raises:
            PineconeTimeoutError: It was not ready in time.
            PineconeError: It never will be.

        Example:
            >>> pc.collections.wait_until_ready("films-2023", timeout=600).dimension
            3

        Wire: ``GET /collections/{name}``, repeatedly
        """
        wait = waiting_time(timeout)
        late = f"Collection '{name}' not ready after {wait or 0:g}s; it is still being made"
        return wait_until(
            lambda seen: has_ended("Collection", name, seen.status, "Ready"),
            lambda limit: self._look(name, limit),
            Patience(wait, self._executor.clock.now(), late),
            self._executor,
        )

    def _look(self, name: str, limit: float | None = None) -> CollectionModel:
        where = path("/collections/{}", non_empty_string("name", name))
        return self._executor.send(
            Operation("describe_collection", "GET", where, CollectionModel), timeout=limit
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
