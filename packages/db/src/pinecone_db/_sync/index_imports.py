# Made from ../_async/index_imports.py by tools/make_sync.py; do not edit.
"""Bulk imports into an index from object storage."""

from __future__ import annotations

import pinecone_core as core
import pinecone_db as db
from pinecone_core.checks import positive_integer
from pinecone_core.hosts import path

from .. import _protocol as protocol

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pinecone_core._sync.executor import Executor

    from ..models.imports import ImportErrorMode, ImportList, ImportModel, StartImportResponse

__all__ = ["Imports"]


class Imports:
    """What an index handle does with imports."""

    _executor: Executor

    def start_import(
        self,
        uri: str,
        *,
        error_mode: ImportErrorMode | str | None = None,
        integration_id: str | None = None,
        timeout: float | None = None,
    ) -> StartImportResponse:
        """Start importing Parquet files from object storage. Never repeated blindly.

        Args:
            uri: The folder: ``s3://bucket/folder/``, ``gs://...`` or an Azure blob address.
            error_mode: ``continue`` or ``abort`` at a record that cannot be read; None for the
                service's default.
            integration_id: The storage integration that may read it, or None for public data.
            timeout: Seconds for the whole call; None for the client's.

        Returns:
            The import's id.

        Example:
            >>> index.start_import("s3://bucket/folder/").id  # doctest: +SKIP

        Wire: ``POST /bulk/imports``
        """
        body = protocol.queries.import_body(uri, error_mode, integration_id)
        return self._executor.send(
            core.operation.Operation("start_import", "POST", "/bulk/imports", db.StartImportResponse, body),
            timeout=timeout,
        )

    def describe_import(self, id: str | int, *, timeout: float | None = None) -> ImportModel:
        """Describe an import.

        Args:
            id: Its id.
            timeout: Seconds for the whole call; None for the client's.

        Returns:
            The import with its status.

        Example:
            >>> index.describe_import("1").percent_complete  # doctest: +SKIP

        Wire: ``GET /bulk/imports/{id}``
        """
        where = path("/bulk/imports/{}", protocol.queries.import_id(id))
        return self._executor.send(
            core.operation.Operation("describe_import", "GET", where, db.ImportModel), timeout=timeout
        )

    def cancel_import(self, id: str | int, *, timeout: float | None = None) -> None:
        """Cancel an import that has not ended.

        Args:
            id: Its id.
            timeout: Seconds for the whole call; None for the client's.

        Example:
            >>> index.cancel_import("1")  # doctest: +SKIP

        Wire: ``DELETE /bulk/imports/{id}``
        """
        where = path("/bulk/imports/{}", protocol.queries.import_id(id))
        self._executor.send(
            core.operation.Operation("cancel_import", "DELETE", where, None, repeat_safe=True),
            timeout=timeout,
        )

    def list_imports_paginated(
        self,
        *,
        limit: int | None = None,
        pagination_token: str | None = None,
        timeout: float | None = None,
    ) -> ImportList:
        """Return one page of the imports.

        Args:
            limit: The most on the page, 1 to 100; None for the service's default.
            pagination_token: Where the page begins: the ``pagination.next`` of the page before.
            timeout: Seconds for the whole call; None for the client's.

        Returns:
            The imports, and where the next page begins.

        Example:
            >>> index.list_imports_paginated(limit=10)  # doctest: +SKIP

        Wire: ``GET /bulk/imports``
        """
        query = {
            "limit": None if limit is None else positive_integer("limit", limit),
            "paginationToken": pagination_token,
        }
        return self._executor.send(
            core.operation.Operation("list_imports", "GET", "/bulk/imports", db.ImportList, query=query),
            timeout=timeout,
        )

    def list_imports(
        self,
        *,
        limit: int | None = None,
        pagination_token: str | None = None,
        timeout: float | None = None,
    ) -> Iterator[ImportModel]:
        """Yield the imports, fetched page by page as they are asked for.

        Args:
            limit: The most on a page, 1 to 100; None for the service's default.
            pagination_token: Where to begin; None for the beginning.
            timeout: Seconds for each page; None for the client's.

        Yields:
            The imports.

        Example:
            >>> for job in index.list_imports():  # doctest: +SKIP
            ...     print(job.id, job.status)

        Wire: ``GET /bulk/imports``, repeatedly
        """
        token = pagination_token
        seen: set[str] = set()
        while True:
            page = self.list_imports_paginated(limit=limit, pagination_token=token, timeout=timeout)
            for job in page:
                yield job
            token = page.next_token
            if not token or token in seen:
                return
            seen.add(token)
