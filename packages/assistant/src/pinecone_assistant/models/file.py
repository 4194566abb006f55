"""What the service tells about a file of an assistant."""

from __future__ import annotations

from typing import Any

import msgspec

from pinecone_core.display import abbreviate_dict
from pinecone_core.structs import StructDictMixin

from .card import Card, Parts, Rows, cut, present, quoted

__all__ = ["AssistantFileModel"]


class AssistantFileModel(Card, StructDictMixin, kw_only=True):
    """A file of an assistant.

    Attributes:
        name: The name it was uploaded under.
        id: What the service calls it.
        metadata: What was given with it.
        created_on: When it came, RFC 3339.
        updated_on: When it changed last, RFC 3339.
        status: ``"Processing"``, ``"Available"``, ``"Deleting"`` or ``"ProcessingFailed"``.
        size: Bytes.
        multimodal: Whether its images are used too.
        signed_url: Where it can be downloaded for a while, if that was asked for.
        content_hash: The CRC-32C of its content (``crc32c_hash`` on the wire).
        percent_done: How far its processing is, from 0 to 1.
        error_message: Why its processing failed.
    """

    name: str
    id: str
    metadata: dict[str, object] | None = None
    created_on: str | None = None
    updated_on: str | None = None
    status: str | None = None
    size: int | None = None
    multimodal: bool | None = None
    signed_url: str | None = None
    content_hash: str | None = msgspec.field(default=None, name="crc32c_hash")
    percent_done: float | None = None
    error_message: str | None = None

    @property
    def crc32c_hash(self) -> str | None:
        """The CRC-32C of the content."""
        return self.content_hash

    def __getitem__(self, key: str) -> Any:
        return super().__getitem__("content_hash" if key == "crc32c_hash" else key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the field called ``key``, or ``default`` when there is none."""
        return super().get("content_hash" if key == "crc32c_hash" else key, default)

    def _parts(self, limit: int) -> Parts:
        parts = [("name", repr(self.name)), ("id", repr(self.id))]
        parts += [(key, repr(value)) for key, value in present(("status", self.status), ("size", self.size))]
        if self.percent_done is not None:
            parts.append(("percent_done", f"{self.percent_done * 100:.1f}%"))
        if self.error_message is not None:
            parts.append(("error_message", quoted(self.error_message, 40 if limit == 80 else 80)))
        return parts

    def _more(self) -> Parts:
        parts = [
            (key, quoted(getattr(self, key), 80))
            for key in ("multimodal", "signed_url", "content_hash", "created_on", "updated_on")
            if getattr(self, key) is not None
        ]
        if self.metadata is not None:
            parts.append(("metadata", abbreviate_dict(self.metadata)))
        return parts

    def _rows(self) -> Rows:
        rows: Rows = [("Name:", self.name), ("ID:", self.id)]
        rows += present(
            ("Status:", self.status),
            ("Size:", self.size),
            ("Multimodal:", self.multimodal),
            ("Signed URL:", None if self.signed_url is None else cut(self.signed_url, 80)),
            ("Content Hash:", self.content_hash),
            ("Percent Done:", None if self.percent_done is None else f"{self.percent_done * 100:.1f}%"),
            ("Metadata:", None if self.metadata is None else abbreviate_dict(self.metadata)),
            ("Created:", self.created_on),
            ("Updated:", self.updated_on),
        )
        if self.error_message is not None and not self._has_failed():
            rows.append(("Error:", cut(self.error_message, 80)))
        return rows

    def _sections(self) -> list[tuple[str, Rows, str]]:
        if self.error_message is None or not self._has_failed():
            return []
        return [("Error", [("Message:", self.error_message)], "error")]

    def _has_failed(self) -> bool:
        return "Failed" in (self.status or "")
