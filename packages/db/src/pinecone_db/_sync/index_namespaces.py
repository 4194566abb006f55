# Made from ../_async/index_namespaces.py by tools/make_sync.py; do not edit.
"""The namespaces of an index."""

from __future__ import annotations

import pinecone_core as core
import pinecone_db as db
from pinecone_core.checks import positive_integer
from pinecone_core.hosts import path

from .. import _protocol as protocol

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pinecone_core._sync.executor import Executor

    from ..models.namespaces import ListNamespacesResponse, NamespaceDescription

__all__ = ["Namespaces"]


def _one_name(name: str | None, more: dict[str, Any], caller: str) -> str:
    """Return the name, which earlier generations called ``namespace``."""
    legacy = more.pop("namespace", None)
    if more:
        raise TypeError(f"{caller}() got unexpected keyword arguments: {sorted(more)}")
    if name is not None and legacy is not None:
        raise core.errors.PineconeValueError("Give either name or namespace, not both")
    return protocol.queries.namespace_name(name if legacy is None else legacy, "namespace name")


class Namespaces:
    """What an index handle does with namespaces."""

    _executor: Executor

    def create_namespace(
        self, *, name: str, schema: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> NamespaceDescription:
        """Create a namespace. Upserting into one that is not there creates it too.

        Args:
            name: What it is called.
            schema: Which metadata fields to index: ``{"fields": {"genre": {"filterable": True}}}``.
            timeout: Seconds for the whole call; None for the client's.

        Returns:
            The namespace.

        Raises:
            ConflictError: It is there already.

        Example:
            >>> index.create_namespace(name="films")  # doctest: +SKIP

        Wire: ``POST /namespaces``
        """
        body: dict[str, Any] = {"name": protocol.queries.namespace_name(name, "namespace name")}
        if schema is not None:
            body["schema"] = protocol.arguments.metadata_schema(schema)
        return self._executor.send(
            core.operation.Operation(
                "create_namespace", "POST", "/namespaces", db.NamespaceDescription, body
            ),
            timeout=timeout,
        )

    def describe_namespace(
        self, *, name: str | None = None, timeout: float | None = None, **kwargs: str
    ) -> NamespaceDescription:
        """Describe a namespace.

        Args:
            name: What it is called.
            timeout: Seconds for the whole call; None for the client's.
            kwargs: ``namespace``, an older name of ``name``.

        Returns:
            The namespace with its count of records.

        Raises:
            NotFoundError: There is none.

        Example:
            >>> index.describe_namespace(name="films").record_count  # doctest: +SKIP

        Wire: ``GET /namespaces/{namespace}``
        """
        where = path("/namespaces/{}", _one_name(name, kwargs, "describe_namespace"))
        return self._executor.send(
            core.operation.Operation("describe_namespace", "GET", where, db.NamespaceDescription),
            timeout=timeout,
        )

    def delete_namespace(
        self, *, name: str | None = None, timeout: float | None = None, **kwargs: str
    ) -> None:
        """Delete a namespace with everything in it.

        Args:
            name: What it is called.
            timeout: Seconds for the whole call; None for the client's.
            kwargs: ``namespace``, an older name of ``name``.

        Raises:
            NotFoundError: There is none.

        Example:
            >>> index.delete_namespace(name="films")  # doctest: +SKIP

        Wire: ``DELETE /namespaces/{namespace}``
        """
        where = path("/namespaces/{}", _one_name(name, kwargs, "delete_namespace"))
        self._executor.send(
            core.operation.Operation("delete_namespace", "DELETE", where, None, repeat_safe=True),
            timeout=timeout,
        )

    def list_namespaces_paginated(
        self,
        *,
        prefix: str | None = None,
        limit: int | None = None,
        pagination_token: str | None = None,
        timeout: float | None = None,
    ) -> ListNamespacesResponse:
        """Return one page of the namespaces.

        Args:
            prefix: What their names begin with; None for all.
            limit: The most on the page, 1 to 100; None for the service's default.
            pagination_token: Where the page begins: the ``pagination.next`` of the page before.
            timeout: Seconds for the whole call; None for the client's.

        Returns:
            The namespaces, and where the next page begins.

        Example:
            >>> index.list_namespaces_paginated(limit=10)  # doctest: +SKIP

        Wire: ``GET /namespaces``
        """
        query = {
            "prefix": prefix,
            "limit": None if limit is None else positive_integer("limit", limit),
            "paginationToken": pagination_token,
        }
        return self._executor.send(
            core.operation.Operation(
                "list_namespaces", "GET", "/namespaces", db.ListNamespacesResponse, query=query
            ),
            timeout=timeout,
        )

    def list_namespaces(
        self, *, prefix: str | None = None, limit: int | None = None, timeout: float | None = None
    ) -> Iterator[ListNamespacesResponse]:
        """Yield the namespaces page by page, each fetched when it is asked for.

        Args:
            prefix: What their names begin with; None for all.
            limit: The most on a page, 1 to 100; None for the service's default.
            timeout: Seconds for each page; None for the client's.

        Yields:
            Pages with at least one namespace.

        Example:
            >>> for page in index.list_namespaces():  # doctest: +SKIP
            ...     print([namespace.name for namespace in page])

        Wire: ``GET /namespaces``, repeatedly
        """
        token: str | None = None
        seen: set[str] = set()
        while True:
            page = self.list_namespaces_paginated(
                prefix=prefix, limit=limit, pagination_token=token, timeout=timeout
            )
            if page.namespaces:
                yield page
            token = page.pagination.next if page.pagination is not None else None
            if not token or token in seen:
                return
            seen.add(token)
