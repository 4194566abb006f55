"""Indexes with a schema: making, finding, changing and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinecone_core._async.executor import AsyncExecutor
from pinecone_core._async.pages import AsyncPaginator
from pinecone_core._async.waiting import wait_until_gone
from pinecone_core.checks import non_empty_string, positive_integer
from pinecone_core.config import DEFAULT_HOST
from pinecone_core.errors import NotFoundError
from pinecone_core.hosts import path
from pinecone_core.operation import Operation
from pinecone_core.pages import Page
from pinecone_core.patience import Patience

from .._protocol.arguments import waiting_time
from .._protocol.backups import backup_body
from .._protocol.preview import PREVIEW_VERSION, configure_request, create_request
from .._protocol.waiting import index_still_exists
from ..models.preview.backup import PreviewBackupList, PreviewBackupModel
from ..models.preview.index import PreviewIndexList, PreviewIndexModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from pinecone_core.config import PineconeConfig

__all__ = ["AsyncPreviewIndexes"]


class AsyncPreviewIndexes:
    """The indexes of a project, seen through the preview of the service.

    Args:
        config: The client's configuration.
    """

    def __init__(self, config: PineconeConfig) -> None:
        self._executor = AsyncExecutor(config, config.host or DEFAULT_HOST)

    @classmethod
    def over(cls, executor: AsyncExecutor) -> Self:
        """Return one that shares a client's settings and connections.

        Args:
            executor: What sends the operations, aimed at the control plane.
        """
        self = cls.__new__(cls)
        self._executor = executor.with_options()
        return self

    async def create(
        self,
        *,
        schema: Mapping[str, Any],
        name: str | None = None,
        deployment: Mapping[str, Any] | None = None,
        read_capacity: Mapping[str, Any] | None = None,
        deletion_protection: str | None = None,
        tags: Mapping[str, str] | None = None,
        source_collection: str | None = None,
        source_backup_id: str | None = None,
        cmek_id: str | None = None,
    ) -> PreviewIndexModel:
        """Start to make an index with a schema. Does not wait until it is ready.

        Args:
            schema: Its fields, ``{"fields": {name: definition}}``; ``PreviewSchemaBuilder`` writes one.
                A text field that is neither searched nor filtered by is made filterable.
            name: What to call it; the service chooses when it is None.
            deployment: Where it runs, ``{"deployment_type": "managed", "cloud": ..., "region": ...}``.
            read_capacity: ``{"mode": "OnDemand"}`` or ``{"mode": "Dedicated", "dedicated": {...}}``.
            deletion_protection: ``"enabled"`` to make deletion fail.
            tags: Up to 20 tags of your own.
            source_collection: A collection to make it from.
            source_backup_id: A backup to make it from.
            cmek_id: A key of your own to encrypt it with.

        Returns:
            The index, mostly not ready yet.

        Raises:
            PineconeValueError: An argument cannot be used; nothing was sent.
            ConflictError: The name is taken.

        Example:
            >>> schema = PreviewSchemaBuilder().add_string_field("body", full_text_search=True).build()
            >>> (await pc.preview.indexes.create(name="articles", schema=schema)).name
            'articles'

        Wire: ``POST /indexes``
        """
        body = create_request(
            schema=schema,
            name=name,
            deployment=deployment,
            read_capacity=read_capacity,
            protection=deletion_protection,
            tag_values=tags,
            source_collection=source_collection,
            source_backup_id=source_backup_id,
            cmek_id=cmek_id,
        )
        return await self._executor.send(
            Operation(
                "create_index", "POST", "/indexes", PreviewIndexModel, body, api_version=PREVIEW_VERSION
            )
        )

    async def configure(
        self,
        name: str,
        *,
        schema: Mapping[str, Any] | None = None,
        deletion_protection: str | None = None,
        tags: Mapping[str, str] | None = None,
        read_capacity: Mapping[str, Any] | None = None,
        deployment: Mapping[str, Any] | None = None,
    ) -> PreviewIndexModel:
        """Change an index. What is left out stays as it is.

        Args:
            name: What the index is called.
            schema: Fields to change; only those of type ``semantic_text`` can be.
            deletion_protection: ``"enabled"`` or ``"disabled"``.
            tags: Tags to set; others stay, and one with an empty value is taken away.
            read_capacity: The read capacity.
            deployment: Replicas and pod type of a pod index.

        Returns:
            The index with its changes.

        Raises:
            PineconeValueError: There is nothing to change, or it cannot be; nothing was sent.
            NotFoundError: There is no such index.

        Example:
            >>> index = await pc.preview.indexes.configure("articles", tags={"team": "search"})

        Wire: ``PATCH /indexes/{name}``
        """
        body = configure_request(
            schema=schema,
            deployment=deployment,
            read_capacity=read_capacity,
            protection=deletion_protection,
            tag_values=tags,
        )
        where = path("/indexes/{}", non_empty_string("name", name))
        return await self._executor.send(
            Operation(
                "configure_index",
                "PATCH",
                where,
                PreviewIndexModel,
                body,
                repeat_safe=True,
                api_version=PREVIEW_VERSION,
            )
        )

    async def describe(self, name: str) -> PreviewIndexModel:
        """Describe an index.

        Args:
            name: What the index is called.

        Returns:
            The index.

        Raises:
            NotFoundError: There is no such index.

        Example:
            >>> sorted((await pc.preview.indexes.describe("articles")).schema.fields)
            ['body', 'embedding']

        Wire: ``GET /indexes/{name}``
        """
        return await self._look(name)

    def list(
        self, *, limit: int | None = None, pagination_token: str | None = None
    ) -> AsyncPaginator[PreviewIndexModel]:
        """Walk over all indexes of the project.

        Args:
            limit: The most indexes to yield; None for all.
            pagination_token: Where an earlier walk ended; None for the beginning.

        Returns:
            The indexes, to be iterated over. One that cannot be read is left out, with a warning in
            the log.

        Example:
            >>> [index.name async for index in pc.preview.indexes.list()]
            ['articles']

        Wire: ``GET /indexes``, when iterated over
        """
        most = None if limit is None else positive_integer("limit", limit)

        async def fetch_page(token: str | None) -> Page[PreviewIndexModel]:
            answer = await self._executor.send(
                Operation("list_indexes", "GET", "/indexes", PreviewIndexList, api_version=PREVIEW_VERSION)
            )
            return Page(items=answer.indexes, pagination_token=None)

        return AsyncPaginator(fetch_page=fetch_page, initial_token=pagination_token, limit=most)

    async def exists(self, name: str) -> bool:
        """Say whether there is an index of a name.

        Args:
            name: What the index is called.

        Returns:
            Whether the service knows it.

        Example:
            >>> await pc.preview.indexes.exists("articles")
            True

        Wire: ``GET /indexes/{name}``
        """
        try:
            await self._look(name)
        except NotFoundError:
            return False
        return True

    async def delete(self, name: str, *, timeout: float | None = None) -> None:
        """Delete an index with all its data, and wait until it is gone.

        Args:
            name: What the index is called.
            timeout: Seconds to wait until it is gone; None for as long as it takes, -1 for not at all.

        Raises:
            NotFoundError: There is no such index.
            ForbiddenError: Deletion protection is on.
            PineconeTimeoutError: It was still there when the time was over; the deletion goes on.

        Example:
            >>> await pc.preview.indexes.delete("articles")

        Wire: ``DELETE /indexes/{name}``
        """
        wait = waiting_time(timeout)
        where = path("/indexes/{}", non_empty_string("name", name))
        await self._executor.send(Operation("delete_index", "DELETE", where, api_version=PREVIEW_VERSION))
        if wait != -1:
            late = index_still_exists(name, wait)
            patience = Patience(wait, self._executor.clock.now(), late)
            await wait_until_gone(lambda limit: self._look(name, limit), patience, self._executor)

    async def create_backup(
        self, index_name: str, *, name: str | None = None, description: str | None = None
    ) -> PreviewBackupModel:
        """Start to make a backup of an index. Does not wait until it is ready.

        Args:
            index_name: The index.
            name: What to call the backup.
            description: What to say about it.

        Returns:
            The backup, mostly still ``"Initializing"``.

        Raises:
            NotFoundError: There is no such index.

        Example:
            >>> backup = await pc.preview.indexes.create_backup("articles", name="nightly")

        Wire: ``POST /indexes/{index_name}/backups``
        """
        where = path("/indexes/{}/backups", non_empty_string("index_name", index_name))
        body = backup_body(name, description)
        return await self._executor.send(
            Operation("create_backup", "POST", where, PreviewBackupModel, body, api_version=PREVIEW_VERSION)
        )

    def list_backups(
        self, index_name: str, *, limit: int | None = None, pagination_token: str | None = None
    ) -> AsyncPaginator[PreviewBackupModel]:
        """Walk over the backups of an index, page by page as they are needed.

        Args:
            index_name: The index.
            limit: The most backups to yield; None for all.
            pagination_token: Where to begin; None for the first page.

        Returns:
            The backups, to be iterated over.

        Example:
            >>> [item.status async for item in pc.preview.indexes.list_backups("articles")]
            ['Ready']

        Wire: ``GET /indexes/{index_name}/backups``, repeatedly
        """
        most = None if limit is None else positive_integer("limit", limit)
        size = None if most is None else min(most, 100)
        where = path("/indexes/{}/backups", non_empty_string("index_name", index_name))

        async def fetch_page(token: str | None) -> Page[PreviewBackupModel]:
            answer = await self._executor.send(
                Operation(
                    "list_backups",
                    "GET",
                    where,
                    PreviewBackupList,
                    query={"limit": size, "paginationToken": token},
                    api_version=PREVIEW_VERSION,
                )
            )
            return Page(items=answer.data, pagination_token=answer.next_token)

        return AsyncPaginator(fetch_page=fetch_page, initial_token=pagination_token, limit=most)

    async def describe_backup(self, backup_id: str) -> PreviewBackupModel:
        """Describe a backup.

        Args:
            backup_id: The backup.

        Returns:
            The backup.

        Raises:
            NotFoundError: There is no such backup.

        Example:
            >>> (await pc.preview.indexes.describe_backup("b-1")).status
            'Ready'

        Wire: ``GET /backups/{backup_id}``
        """
        where = path("/backups/{}", non_empty_string("backup_id", backup_id))
        return await self._executor.send(
            Operation("describe_backup", "GET", where, PreviewBackupModel, api_version=PREVIEW_VERSION)
        )

    async def _look(self, name: str, limit: float | None = None) -> PreviewIndexModel:
        where = path("/indexes/{}", non_empty_string("name", name))
        return await self._executor.send(
            Operation("describe_index", "GET", where, PreviewIndexModel, api_version=PREVIEW_VERSION),
            timeout=limit,
        )

    async def close(self) -> None:
        """Refuse further calls. May be called twice."""
        await self._executor.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
