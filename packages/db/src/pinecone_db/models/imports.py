"""Bulk imports from object storage."""

from __future__ import annotations

import enum
from typing import Any

import msgspec

from pinecone_core.structs import StructDictMixin

from .listing import Listing
from .pagination import Pagination

__all__ = ["ImportErrorMode", "ImportList", "ImportModel", "StartImportResponse"]


class ImportErrorMode(str, enum.Enum):
    """What an import does with a record that it cannot read."""

    CONTINUE = "continue"
    ABORT = "abort"


class ImportModel(StructDictMixin, kw_only=True, rename="camel"):
    """A bulk import.

    Attributes:
        id: Its id.
        uri: Where it reads from.
        status: ``Pending``, ``InProgress``, ``Failed``, ``Completed`` or ``Cancelled``.
        created_at: When it was started, RFC 3339.
        finished_at: When it ended, or None.
        percent_complete: From 0 to 100, or None.
        records_imported: Records stored so far, or None.
        error: Why it failed, or None.
    """

    id: str
    uri: str
    status: str
    created_at: str
    finished_at: str | None = None
    percent_complete: float | None = None
    records_imported: int | None = None
    error: str | None = None


class StartImportResponse(StructDictMixin, kw_only=True):
    """The id of an import that was started.

    Attributes:
        id: The id.
    """

    id: str


class _ImportPage(msgspec.Struct, kw_only=True):
    data: list[ImportModel] = msgspec.field(default_factory=list)
    pagination: Pagination | None = None


class ImportList(Listing[ImportModel]):
    """Imports, as a list.

    Args:
        imports: The imports.
        pagination: Where the next page begins, or None.
    """

    __wire__ = _ImportPage
    _name_field = "id"
    _shown = {"id": "id", "status": "status", "percent": "percent_complete"}  # noqa: RUF012

    def __init__(self, imports: list[ImportModel], *, pagination: Pagination | None = None) -> None:
        super().__init__(imports, pagination)

    @classmethod
    def from_wire(cls, wire: Any) -> ImportList:
        """Make one from what the service answered."""
        return cls(wire.data, pagination=wire.pagination)
