"""What is sent about indexes with a schema. What is None is not sent."""

from __future__ import annotations

from typing import Any

from pinecone_core.structs import DictLikeStruct

__all__ = ["PreviewConfigureIndexRequest", "PreviewCreateBackupRequest", "PreviewCreateIndexRequest"]


class PreviewCreateIndexRequest(DictLikeStruct, kw_only=True, omit_defaults=True):
    """The index to make.

    Attributes:
        schema: Its fields, ``{"fields": {...}}``.
        name: What to call it; the service chooses when it is None.
        deployment: Where it runs.
        read_capacity: Its read capacity.
        deletion_protection: ``"enabled"`` or ``"disabled"``.
        tags: Tags of your own.
        source_collection: A collection to make it from.
        source_backup_id: A backup to make it from.
        cmek_id: A key of your own to encrypt it with.
    """

    schema: dict[str, Any]
    name: str | None = None
    deployment: dict[str, Any] | None = None
    read_capacity: dict[str, Any] | None = None
    deletion_protection: str | None = None
    tags: dict[str, str] | None = None
    source_collection: str | None = None
    source_backup_id: str | None = None
    cmek_id: str | None = None


class PreviewConfigureIndexRequest(DictLikeStruct, kw_only=True, omit_defaults=True):
    """What to change about an index.

    Attributes:
        schema: Fields to change.
        deployment: Where it runs.
        read_capacity: Its read capacity.
        deletion_protection: ``"enabled"`` or ``"disabled"``.
        tags: Tags to set.
    """

    schema: dict[str, Any] | None = None
    deployment: dict[str, Any] | None = None
    read_capacity: dict[str, Any] | None = None
    deletion_protection: str | None = None
    tags: dict[str, str] | None = None


class PreviewCreateBackupRequest(DictLikeStruct, kw_only=True, omit_defaults=True):
    """The backup to make.

    Attributes:
        name: What to call it.
        description: What to say about it.
    """

    name: str | None = None
    description: str | None = None
