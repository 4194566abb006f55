"""The control plane as attributes and methods of a client, in the namespaced and in the flat form."""

from __future__ import annotations

import pinecone_core as core
from pinecone_core.on_demand import kept

from .. import _protocol as protocol
from .._protocol.hosts import HostCache

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pinecone_core._async.executor import AsyncExecutor

    from ..models.backup import (
        BackupList,
        BackupModel,
        CreateIndexFromBackupResponse,
        RestoreJobList,
        RestoreJobModel,
    )
    from ..models.collection import CollectionList, CollectionModel
    from ..models.enums import (
        AwsRegion,
        AzureRegion,
        CloudProvider,
        DeletionProtection,
        GcpRegion,
        Metric,
        PodType,
        VectorType,
    )
    from ..models.index import IndexList, IndexModel
    from ..models.specs import ByocSpec, EmbedConfig, IndexEmbed, IntegratedSpec, PodSpec, ServerlessSpec
    from .backups import AsyncBackups
    from .collections import AsyncCollections
    from .index import AsyncIndex
    from .indexes import AsyncIndexes
    from .preview import AsyncPreview
    from .restore_jobs import AsyncRestoreJobs

__all__ = ["AsyncControlPlane"]


class AsyncControlPlane:
    """What a client of the database offers. Mixed into a client, whose ``_executor`` it uses."""

    _executor: AsyncExecutor

    @kept
    def _hosts(self) -> HostCache:
        return HostCache()

    @kept
    def indexes(self) -> AsyncIndexes:
        """Create, describe, list, change and delete indexes."""
        from .indexes import AsyncIndexes

        return AsyncIndexes(self._executor, self._hosts)

    @kept
    def collections(self) -> AsyncCollections:
        """Create, describe, list and delete collections."""
        from .collections import AsyncCollections

        return AsyncCollections(self._executor)

    @kept
    def backups(self) -> AsyncBackups:
        """Create, describe, list and delete backups."""
        from .backups import AsyncBackups

        return AsyncBackups(self._executor)

    @kept
    def restore_jobs(self) -> AsyncRestoreJobs:
        """Describe and list restore jobs."""
        from .restore_jobs import AsyncRestoreJobs

        return AsyncRestoreJobs(self._executor)

    @kept
    def preview(self) -> AsyncPreview:
        """Use what the service offers as a preview, indexes with a schema and documents."""
        from .preview import AsyncPreview

        return AsyncPreview(self._executor)

    async def index(self, name: str = "", *, host: str = "") -> AsyncIndex:
        """Return a handle on an index. It shares this client's connections and settings.

        Args:
            name: What the index is called; its host is asked for once and remembered.
            host: Where it is, which saves the question; ``name`` is not used then.

        Returns:
            The handle; several may be used at once.

        Raises:
            NotFoundError: There is no such index.
            PineconeValueError: Neither name nor host was given, or the index has no host yet.

        Example:
            >>> index = await pc.index("movies")

        Wire: ``GET /indexes/{name}`` unless the host is known
        """
        if not host and not name:
            raise core.errors.PineconeValueError(
                "Either name or host must be provided to create an Index client."
            )
        where = host or await self.indexes.resolve_host(name)
        from .index import AsyncIndex

        return AsyncIndex.over(self._executor.at(where).watched_by(self._hosts))

    # ---- the flat form ----------------------------------------------------------------------

    async def create_index(
        self,
        name: str,
        spec: ServerlessSpec | PodSpec | ByocSpec | IntegratedSpec | Mapping[str, Any],
        dimension: int | None = None,
        metric: Metric | str | None = "cosine",
        timeout: float | None = None,
        deletion_protection: DeletionProtection | str | None = "disabled",
        vector_type: VectorType | str = "dense",
        tags: Mapping[str, str] | None = None,
        schema: Mapping[str, Any] | None = None,
        read_capacity: Mapping[str, Any] | None = None,
    ) -> IndexModel:
        """Create an index; see ``indexes.create``, which takes the same arguments by keyword.

        Returns:
            The index, as it was seen last.

        Wire: ``POST /indexes``
        """
        return await self.indexes.create(
            name=name,
            spec=spec,
            dimension=dimension,
            metric=metric or "cosine",
            vector_type=vector_type,
            deletion_protection=deletion_protection or "disabled",
            tags=tags,
            schema=schema,
            read_capacity=read_capacity,
            timeout=timeout,
        )

    async def create_index_for_model(
        self,
        name: str,
        cloud: CloudProvider | str,
        region: AwsRegion | GcpRegion | AzureRegion | str,
        embed: IndexEmbed | EmbedConfig | Mapping[str, Any],
        tags: Mapping[str, str] | None = None,
        deletion_protection: DeletionProtection | str | None = "disabled",
        read_capacity: Mapping[str, Any] | None = None,
        schema: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> IndexModel:
        """Create an index that embeds text by itself; see ``indexes.create_for_model``.

        Returns:
            The index, as it was seen last.

        Wire: ``POST /indexes/create-for-model``
        """
        return await self.indexes.create_for_model(
            name=name,
            cloud=cloud,
            region=region,
            embed=protocol.indexes.embed_config(embed),
            deletion_protection=deletion_protection or "disabled",
            tags=tags,
            schema=schema,
            read_capacity=read_capacity,
            timeout=timeout,
        )

    async def create_index_from_backup(
        self,
        *,
        name: str,
        backup_id: str,
        deletion_protection: DeletionProtection | str | None = None,
        tags: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> CreateIndexFromBackupResponse | IndexModel:
        """Create an index with the data of a backup; see ``indexes.create_from_backup``.

        Returns:
            The index; with a timeout of -1 the ids of the restore job and the index.

        Wire: ``POST /backups/{backup_id}/create-index``
        """
        return await self.indexes.create_from_backup(
            name=name,
            backup_id=backup_id,
            deletion_protection=deletion_protection,
            tags=tags,
            timeout=timeout,
        )

    async def describe_index(self, name: str) -> IndexModel:
        """Describe an index; see ``indexes.describe``. Wire: ``GET /indexes/{name}``."""
        return await self.indexes.describe(name)

    async def list_indexes(self) -> IndexList:
        """List all indexes of the project; see ``indexes.list``. Wire: ``GET /indexes``."""
        return await self.indexes.list()

    async def has_index(self, name: str) -> bool:
        """Say whether there is an index of a name; see ``indexes.exists``. Wire: ``GET /indexes/{name}``."""
        return await self.indexes.exists(name)

    async def configure_index(
        self,
        name: str,
        replicas: int | None = None,
        pod_type: PodType | str | None = None,
        deletion_protection: DeletionProtection | str | None = None,
        tags: Mapping[str, str] | None = None,
        embed: EmbedConfig | IndexEmbed | Mapping[str, Any] | None = None,
        read_capacity: Mapping[str, Any] | None = None,
        serverless_read_capacity: Mapping[str, Any] | None = None,
    ) -> IndexModel:
        """Change an index; see ``indexes.configure``, which takes the same arguments by keyword.

        Returns:
            The index with its changes.

        Wire: ``PATCH /indexes/{name}``
        """
        return await self.indexes.configure(
            name,
            replicas=replicas,
            pod_type=pod_type,
            deletion_protection=deletion_protection,
            tags=tags,
            embed=embed,
            read_capacity=read_capacity,
            serverless_read_capacity=serverless_read_capacity,
        )

    async def delete_index(self, name: str, timeout: float | None = None) -> None:
        """Delete an index with all its data; see ``indexes.delete``. Wire: ``DELETE /indexes/{name}``."""
        await self.indexes.delete(name, timeout=timeout)

    async def create_collection(self, name: str, source: str) -> CollectionModel:
        """Start to make a collection; see ``collections.create``. Wire: ``POST /collections``."""
        return await self.collections.create(name=name, source=source)

    async def list_collections(self) -> CollectionList:
        """List all collections; see ``collections.list``. Wire: ``GET /collections``."""
        return await self.collections.list()

    async def describe_collection(self, name: str) -> CollectionModel:
        """Describe a collection; see ``collections.describe``. Wire: ``GET /collections/{name}``."""
        return await self.collections.describe(name)

    async def delete_collection(self, name: str) -> None:
        """Delete a collection; see ``collections.delete``. Wire: ``DELETE /collections/{name}``."""
        await self.collections.delete(name)

    async def create_backup(
        self, *, index_name: str, backup_name: str | None = None, description: str | None = None
    ) -> BackupModel:
        """Start to make a backup; see ``backups.create``. Wire: ``POST /indexes/{index_name}/backups``."""
        return await self.backups.create(index_name=index_name, name=backup_name, description=description)

    async def list_backups(
        self,
        *,
        index_name: str | None = None,
        limit: int | None = None,
        pagination_token: str | None = None,
    ) -> BackupList:
        """List one page of backups; see ``backups.list``. Wire: ``GET /backups``."""
        return await self.backups.list(index_name=index_name, limit=limit, pagination_token=pagination_token)

    async def describe_backup(self, *, backup_id: str) -> BackupModel:
        """Describe a backup; see ``backups.describe``. Wire: ``GET /backups/{backup_id}``."""
        return await self.backups.describe(backup_id=backup_id)

    async def delete_backup(self, *, backup_id: str) -> None:
        """Delete a backup; see ``backups.delete``. Wire: ``DELETE /backups/{backup_id}``."""
        await self.backups.delete(backup_id=backup_id)

    async def list_restore_jobs(
        self, *, limit: int | None = None, pagination_token: str | None = None
    ) -> RestoreJobList:
        """List one page of restore jobs; see ``restore_jobs.list``. Wire: ``GET /restore-jobs``."""
        return await self.restore_jobs.list(limit=limit, pagination_token=pagination_token)

    async def describe_restore_job(self, *, job_id: str) -> RestoreJobModel:
        """Describe a restore job; see ``restore_jobs.describe``. Wire: ``GET /restore-jobs/{job_id}``."""
        return await self.restore_jobs.describe(job_id=job_id)
