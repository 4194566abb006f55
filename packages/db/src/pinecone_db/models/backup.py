"""What the service tells about backups, and about turning them back into indexes."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from pinecone_core.structs import StructDictMixin

from .listing import Listing
from .pagination import Pagination

__all__ = [
    "BackupList",
    "BackupModel",
    "CreateIndexFromBackupResponse",
    "RestoreJobList",
    "RestoreJobModel",
]


class BackupModel(StructDictMixin, kw_only=True):
    """A backup of a serverless index.

    Attributes:
        backup_id: What it is known by.
        source_index_name: The index it was made from.
        source_index_id: That index's id.
        status: ``"Initializing"``, ``"Ready"`` and others.
        cloud: Where it is.
        region: Where it is.
        name: What you called it.
        description: What you said about it.
        dimension: Components of a vector.
        metric: The index's metric.
        record_count: How many records.
        namespace_count: How many namespaces.
        size_bytes: Bytes.
        tags: The index's tags.
        created_at: When it was made, RFC 3339.
        schema: Which metadata fields can be filtered by.
    """

    backup_id: str
    source_index_name: str
    source_index_id: str
    status: str
    cloud: str
    region: str
    name: str | None = None
    description: str | None = None
    dimension: int | None = None
    metric: str | None = None
    record_count: int | None = None
    namespace_count: int | None = None
    size_bytes: int | None = None
    tags: dict[str, Any] | None = None
    created_at: str | None = None
    schema: dict[str, Any] | None = None


class RestoreJobModel(StructDictMixin, kw_only=True):
    """The work of making an index from a backup.

    Attributes:
        restore_job_id: What it is known by.
        backup_id: The backup.
        target_index_name: The new index.
        target_index_id: The new index's id.
        status: ``"Pending"``, ``"Completed"``, ``"Failed"`` and others.
        created_at: When it was started, RFC 3339.
        completed_at: When it ended.
        percent_complete: How far it is, 0 to 100.
    """

    restore_job_id: str
    backup_id: str
    target_index_name: str
    target_index_id: str
    status: str
    created_at: str | None = None
    completed_at: str | None = None
    percent_complete: float | None = None


class CreateIndexFromBackupResponse(StructDictMixin, kw_only=True):
    """What is known when a restore has been started.

    Attributes:
        restore_job_id: The job, for ``restore_jobs.describe``.
        index_id: The new index's id.
    """

    restore_job_id: str
    index_id: str


class _Backups(msgspec.Struct):
    data: list[BackupModel] = []
    pagination: Pagination | None = None


class _RestoreJobs(msgspec.Struct):
    data: list[RestoreJobModel] = []
    pagination: Pagination | None = None


class BackupList(Listing[BackupModel]):
    """One page of backups.

    Args:
        backups: The backups.
        pagination: Where the next page begins; None at the end.
    """

    __wire__: ClassVar[type[_Backups]] = _Backups

    def __init__(self, backups: list[BackupModel], *, pagination: Pagination | None = None) -> None:
        super().__init__(backups, pagination)

    @classmethod
    def from_wire(cls, wire: _Backups) -> BackupList:
        """Make one from the service's answer."""
        return cls(wire.data, pagination=wire.pagination)

    def _name_of(self, item: BackupModel) -> str:
        return item.name or item.backup_id

    def _cells(self, item: BackupModel) -> dict[str, Any]:
        return {"name": self._name_of(item), "status": item.status, "source": item.source_index_name}


class RestoreJobList(Listing[RestoreJobModel]):
    """One page of restore jobs.

    Args:
        restore_jobs: The jobs.
        pagination: Where the next page begins; None at the end.
    """

    __wire__: ClassVar[type[_RestoreJobs]] = _RestoreJobs
    _name_field = "restore_job_id"

    def __init__(self, restore_jobs: list[RestoreJobModel], *, pagination: Pagination | None = None) -> None:
        super().__init__(restore_jobs, pagination)

    @classmethod
    def from_wire(cls, wire: _RestoreJobs) -> RestoreJobList:
        """Make one from the service's answer."""
        return cls(wire.data, pagination=wire.pagination)

    def _cells(self, item: RestoreJobModel) -> dict[str, Any]:
        return {"id": item.restore_job_id, "status": item.status, "target": item.target_index_name}
