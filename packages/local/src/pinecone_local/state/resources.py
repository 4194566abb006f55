"""The control plane's things, as they are stored: plain data and the states time gives them."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from .dataset import Dataset

__all__ = [
    "Backup",
    "BackupRow",
    "Collection",
    "CollectionRow",
    "ImportRow",
    "Index",
    "IndexRow",
    "RestoreRow",
    "iso_time",
]


def iso_time(seconds: float) -> str:
    """Write a moment as RFC 3339 text in UTC, to the microsecond."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class IndexRow(msgspec.Struct):
    """An index.

    Attributes:
        uid: Its id, never used again.
        name: Its name.
        label: The host label under which its data plane is reached.
        metric: ``cosine``, ``dotproduct`` or ``euclidean``.
        vector_type: ``dense`` or ``sparse``.
        spec: How it is deployed, as answers show it.
        created: Seconds since the epoch.
        ready_at: When it is ready to serve.
        dimension: The length of its vectors, or None for sparse ones.
        deletion_protection: ``enabled`` or ``disabled``.
        tags: Its tags.
        embed: Its embedding model and field map, or None.
        gone_at: When it stops to exist, once deleted.
        fields: The fields of its documents, by name; None when it holds vectors.
    """

    uid: str
    name: str
    label: str
    metric: str
    vector_type: str
    spec: dict[str, Any]
    created: float
    ready_at: float
    dimension: int | None = None
    deletion_protection: str = "disabled"
    tags: dict[str, str] = {}
    embed: dict[str, Any] | None = None
    gone_at: float | None = None
    fields: dict[str, Any] | None = None

    def state(self, now: float) -> str:
        """Return the name of its state at a moment."""
        if self.gone_at is not None:
            return "Terminating"
        return "Ready" if now >= self.ready_at else "Initializing"

    def filterable(self) -> frozenset[str] | None:
        """Return the only metadata fields that filters may use, or None when all may."""
        for kind, spec in self.spec.items():
            if kind == "pod":
                indexed = (spec.get("metadata_config") or {}).get("indexed")
                return None if indexed is None else frozenset(indexed)
            schema = spec.get("schema")
            if schema is not None:
                return frozenset(schema["fields"])
        return None


class CollectionRow(msgspec.Struct):
    """A collection: a still copy of a pod index."""

    uid: str
    name: str
    environment: str
    created: float
    ready_at: float
    dimension: int | None = None
    source: str = ""
    source_uid: str = ""


class BackupRow(msgspec.Struct):
    """A backup: a still copy of an index and of what it takes to make it again."""

    uid: str
    source_name: str
    source_uid: str
    source: IndexRow
    cloud: str
    region: str
    created: float
    ready_at: float
    name: str | None = None
    description: str | None = None


class RestoreRow(msgspec.Struct):
    """A job that makes an index from a backup."""

    uid: str
    backup_uid: str
    target_name: str
    target_uid: str
    created: float
    ready_at: float


class ImportRow(msgspec.Struct):
    """A bulk import into an index."""

    uid: str
    index_uid: str
    uri: str
    status: str
    created: float
    finished: float | None = None
    records: int = 0
    error: str | None = None


class Index:
    """An index and its records."""

    __slots__ = ("data", "row")

    def __init__(self, row: IndexRow, data: Dataset) -> None:
        self.row = row
        self.data = data


class Collection:
    """A collection and its records."""

    __slots__ = ("data", "row")

    def __init__(self, row: CollectionRow, data: Dataset) -> None:
        self.row = row
        self.data = data


class Backup:
    """A backup and its records."""

    __slots__ = ("data", "row")

    def __init__(self, row: BackupRow, data: Dataset) -> None:
        self.row = row
        self.data = data
