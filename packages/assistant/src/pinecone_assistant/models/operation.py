"""Long work of the service: taking in and deleting files."""

from __future__ import annotations

import msgspec

from pinecone_core.structs import StructDictMixin

from .card import Card, Parts, Rows, cut, present, quoted

__all__ = ["OperationModel"]


class OperationModel(Card, StructDictMixin, kw_only=True):
    """A piece of long work.

    Attributes:
        operation_id: What the service calls it (``id`` on the wire).
        status: ``"Processing"``, ``"Completed"`` or ``"Failed"``.
        created_at: When it began, RFC 3339 (``created_on`` on the wire).
        error: Why it failed (``error_message`` on the wire).
        operation_type: ``"upload_file"``, ``"upsert_file"``, ``"update_file_metadata"`` or ``"delete_file"``.
        file_id: The file it is about.
        completed_on: When it ended, RFC 3339.
        percent_complete: How far it is, from 0 to 100.
        ingestion_units: What it costs.
    """

    operation_id: str = msgspec.field(name="id")
    status: str
    created_at: str | None = msgspec.field(default=None, name="created_on")
    error: str | None = msgspec.field(default=None, name="error_message")
    operation_type: str | None = None
    file_id: str | None = None
    completed_on: str | None = None
    percent_complete: int | None = None
    ingestion_units: float | None = None

    def _parts(self, limit: int) -> Parts:
        parts = [("operation_id", repr(self.operation_id)), ("status", repr(self.status))]
        parts += [(key, repr(value)) for key, value in present(*self._extra())]
        return parts if self.error is None else [*parts, ("error", quoted(self.error, limit))]

    def _extra(self) -> list[tuple[str, object]]:
        names = ("operation_type", "file_id", "completed_on", "percent_complete", "ingestion_units")
        return [(name, getattr(self, name)) for name in names]

    def _more(self) -> Parts:
        return [] if self.created_at is None else [("created_at", repr(self.created_at))]

    def _rows(self) -> Rows:
        rows: Rows = [("Operation ID:", self.operation_id), ("Status:", self.status)]
        rows += present(("Created:", self.created_at))
        return rows + [
            (f"{key.replace('_', ' ').capitalize()}:", value) for key, value in present(*self._extra())
        ]

    def _sections(self) -> list[tuple[str, Rows, str]]:
        return [] if self.error is None else [("Error", [("Message", cut(self.error, 200))], "error")]
