"""What the operations on collections, backups and restore jobs send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pinecone_core.checks import between, non_empty_string, resource_name
from pinecone_core.errors import PineconeTypeError
from pinecone_core.hosts import path

from .arguments import deletion_protection, tags

if TYPE_CHECKING:
    from ..models.enums import DeletionProtection

__all__ = ["backup_body", "backups_path", "collection_body", "from_backup_body", "page_query"]


def collection_body(name: str, source: str) -> dict[str, Any]:
    """Return the body of ``POST /collections``."""
    return {"name": resource_name("name", name), "source": non_empty_string("source", source)}


def backup_body(name: str | None, description: str | None) -> dict[str, Any]:
    """Return the body of ``POST /indexes/{index_name}/backups``."""
    body: dict[str, Any] = {}
    for key, value in (("name", name), ("description", description)):
        if value is None:
            continue
        if not isinstance(value, str):
            raise PineconeTypeError(f"{key} must be a string, got {type(value).__name__}")
        body[key] = value
    return body


def backups_path(index_name: str | None) -> str:
    """Return where backups are listed: of the whole project, or of one index."""
    if index_name is None:
        return "/backups"
    return path("/indexes/{}/backups", non_empty_string("index_name", index_name))


def page_query(limit: int | None, pagination_token: str | None) -> dict[str, Any]:
    """Return the query of a listing that comes in pages."""
    return {
        "limit": None if limit is None else between("limit", limit, 1, 100),
        "paginationToken": pagination_token,
    }


def from_backup_body(
    name: str, protection: DeletionProtection | str | None, tag_values: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return the body of ``POST /backups/{backup_id}/create-index``."""
    body: dict[str, Any] = {"name": resource_name("name", name)}
    if protection is not None:
        body["deletion_protection"] = deletion_protection(protection)
    if tag_values is not None:
        body["tags"] = tags(tag_values)
    return body
