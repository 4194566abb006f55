# Made from ../_async/backups.py by tools/make_sync.py; do not edit.
"""Backups of serverless indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinecone_core._sync.pages import Paginator
from pinecone_core._sync.waiting import wait_until
from pinecone_core.checks import non_empty_string, positive_integer
from pinecone_core.hosts import path
from pinecone_core.operation import Operation
from pinecone_core.pages import Page
from pinecone_core.patience import Patience

from .._protocol.arguments import waiting_time
from .._protocol.backups import backup_body, backups_path, page_query
from .._protocol.waiting import has_ended
from ..models.backup import BackupList, BackupModel

if TYPE_CHECKING:
    from pinecone_core._sync.executor import Executor

__all__ = ["Backups"]


class Backups:
    """The backups of a project.

    Args:
        http: What sends the operations, aimed at the control plane.
    """

    def __init__(self, http: Executor) -> None:
        self._executor = http

    def create(
        self, *, index_name: str, name: str | None = None, description: str | None = None
    ) -> BackupModel:
        """Start to make a backup of an index. Does not wait until it is ready.

        Args:
            index_name: The serverless index.
            name: What to call the backup.
            description: What to say about it.

        Returns:
            The backup, mostly still ``"Initializing"``.

        Raises:
            NotFoundError: There is no such index.

        Example:
            >>> pc.backups.create(index_name="movies", name="before-rebuild").name
            'before-rebuild'

        Wire: ``POST /indexes/{index_name}/backups``
        """
        where = path("/indexes/{}/backups", non_empty_string("index_name", index_name))
        return self._executor.send(
            Operation("create_backup", "POST", where, BackupModel, backup_body(name, description))
        )

    def list(
        self,
        *,
        index_name: str | None = None,
        limit: int | None = None,
        pagination_token: str | None = None,
    ) -> BackupList:
        """List one page of backups, of the whole project or of one index.

        Args:
            index_name: The index; None for all.
            limit: The most backups on the page, 1 to 100; None for the service's choice (10).
            pagination_token: ``pagination.next`` of the page before.

        Returns:
            The page; ``pagination`` says where the next one begins. ``iter_backups`` walks over all.

        Raises:
            NotFoundError: There is no such index.

        Example:
            >>> pc.backups.list(index_name="movies").names()
            ['nightly']

        Wire: ``GET /backups``, or ``GET /indexes/{index_name}/backups``
        """
        query = page_query(limit, pagination_token)
        return self._executor.send(
            Operation("list_backups", "GET", backups_path(index_name), BackupList, query=query)
        )

    def iter_backups(
        self,
        *,
        index_name: str | None = None,
        limit: int | None = None,
        pagination_token: str | None = None,
    ) -> Paginator[BackupModel]:
        """Walk over backups, page by page as they are needed.

        Args:
            index_name: The index; None for all.
            limit: The most backups to yield; None for all.
            pagination_token: Where to begin; None for the first page.

        Returns:
            The backups, to be iterated over.

        Example:
            >>> [backup.name for backup in pc.backups.iter_backups()]
            ['nightly']

        Wire: ``GET /backups``, or ``GET /indexes/{index_name}/backups``, repeatedly
        """
        most = None if limit is None else positive_integer("limit", limit)
        size = 100 if most is None else min(most, 100)
        backups_path(index_name)

        def fetch_page(token: str | None) -> Page[BackupModel]:
            page = self.list(index_name=index_name, limit=size, pagination_token=token)
            return Page(items=page.data, pagination_token=page.next_token)

        return Paginator(fetch_page=fetch_page, initial_token=pagination_token, limit=most)

    def describe(self, *, backup_id: str) -> BackupModel:
        """Describe a backup.

        Args:
            backup_id: The backup.

        Returns:
            The backup.

        Raises:
            NotFoundError: There is no such backup.

        Example:
            >>> backup = pc.backups.list()[0]
            >>> pc.backups.describe(backup_id=backup.backup_id).status
            'Ready'

        Wire: ``GET /backups/{backup_id}``
        """
        return self._look(backup_id)

    def get(self, *, backup_id: str) -> BackupModel:
        """Describe a backup; the same as ``describe``.

        Args:
            backup_id: The backup.

        Returns:
            The backup.

        Raises:
            NotFoundError: There is no such backup.

        Example:
            >>> backup = pc.backups.list()[0]
            >>> pc.backups.get(backup_id=backup.backup_id).source_index_name
            'movies'

        Wire: ``GET /backups/{backup_id}``
        """
        return self._look(backup_id)

    def delete(self, *, backup_id: str) -> None:
        """Delete a backup. Does not wait until it is gone.

        Args:
            backup_id: The backup.

        Raises:
            NotFoundError: There is no such backup.
            FailedPreconditionError: An index is being made from it.

        Example:
            >>> backup = pc.backups.list()[0]
            >>> pc.backups.delete(backup_id=backup.backup_id)

        Wire: ``DELETE /backups/{backup_id}``
        """
        where = path("/backups/{}", non_empty_string("backup_id", backup_id))
        self._executor.send(Operation("delete_backup", "DELETE", where))

    def wait_until_ready(self, *, backup_id: str, timeout: float | None = None) -> BackupModel:
        """Wait until a backup is ready.

        Args:
            backup_id: The backup.
            timeout: Seconds to wait; None for as long as it takes, 0 to look once.

        Returns:
            The backup.

        Raises:
            PineconeTimeoutError: It was not ready in time.
            PineconeError: It never will be.

        Example:
            >>> backup = pc.backups.list()[0]
            >>> pc.backups.wait_until_ready(backup_id=backup.backup_id, timeout=600).name
            'nightly'

        Wire: ``GET /backups/{backup_id}``, repeatedly
        """
        wait = waiting_time(timeout)
        late = f"Backup '{backup_id}' not ready after {wait or 0:g}s; it is still being made"
        return wait_until(
            lambda seen: has_ended("Backup", backup_id, seen.status, "Ready"),
            lambda limit: self._look(backup_id, limit),
            Patience(wait, self._executor.clock.now(), late),
            self._executor,
        )

    def _look(self, backup_id: str, limit: float | None = None) -> BackupModel:
        where = path("/backups/{}", non_empty_string("backup_id", backup_id))
        return self._executor.send(Operation("describe_backup", "GET", where, BackupModel), timeout=limit)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
