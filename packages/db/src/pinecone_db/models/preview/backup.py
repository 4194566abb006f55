"""What the service tells about backups of an index with a schema."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from pinecone_core.display import render_table, safe_display
from pinecone_core.structs import DictLikeStruct

from ..pagination import Pagination

__all__ = ["PreviewBackupList", "PreviewBackupModel"]


class PreviewBackupModel(DictLikeStruct, kw_only=True):
    """A backup.

    Attributes:
        backup_id: What it is known by.
        source_index_id: The index's id.
        source_index_name: The index it was made from.
        status: ``"Initializing"``, ``"Ready"`` and others.
        cloud: Where it is.
        region: Where it is.
        created_at: When it was made, RFC 3339.
        name: What you called it.
        description: What you said about it.
        tags: The index's tags.
        dimension: Components of a vector.
        schema: The index's fields.
        record_count: How many records.
        namespace_count: How many namespaces.
        size_bytes: Bytes.
    """

    backup_id: str
    source_index_id: str
    source_index_name: str
    status: str
    cloud: str
    region: str
    created_at: str
    name: str | None = None
    description: str | None = None
    tags: dict[str, Any] | None = None
    dimension: int | None = None
    schema: dict[str, Any] | None = None
    record_count: int | None = None
    namespace_count: int | None = None
    size_bytes: int | None = None

    def _facts(self) -> list[tuple[str, Any]]:
        facts: list[tuple[str, Any]] = [
            ("backup_id", self.backup_id),
            ("status", self.status),
            ("source_index_name", self.source_index_name),
            ("created_at", self.created_at),
        ]
        return facts + ([("name", self.name)] if self.name else [])

    @safe_display
    def __repr__(self) -> str:
        return f"PreviewBackupModel({', '.join(f'{name}={value!r}' for name, value in self._facts())})"

    def __dir__(self) -> list[str]:
        return sorted(name for name in super().__dir__() if not name.startswith("_"))

    @safe_display
    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text("PreviewBackupModel(...)" if cycle else repr(self))

    @safe_display
    def _repr_html_(self) -> str:
        rows = [
            (name.replace("_", " ").capitalize(), getattr(self, name))
            for name in self.__struct_fields__
            if getattr(self, name) is not None
        ]
        return render_table("PreviewBackupModel", rows)


class _BackupsWire(msgspec.Struct):
    data: list[PreviewBackupModel] = []
    pagination: Pagination | None = None


class PreviewBackupList:
    """One page of backups.

    Args:
        data: The backups.
        next_token: Where the next page begins; None at the end.
    """

    __wire__: ClassVar[type[_BackupsWire]] = _BackupsWire

    def __init__(self, data: list[PreviewBackupModel], next_token: str | None) -> None:
        self.data = data
        self.next_token = next_token

    @classmethod
    def from_wire(cls, wire: _BackupsWire) -> PreviewBackupList:
        """Make one from the service's answer."""
        return cls(wire.data, None if wire.pagination is None else wire.pagination.next)
