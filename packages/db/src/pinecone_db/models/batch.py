"""What became of the batches of one call."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from pinecone_core.codec import to_json_text
from pinecone_core.display import HtmlBuilder, safe_display
from pinecone_core.response_info import BatchResponseInfo
from pinecone_core.structs import plain

__all__ = ["BatchError", "BatchResult"]


class BatchError(msgspec.Struct, kw_only=True):
    """A batch that failed.

    Attributes:
        batch_index: Its place among the batches, from 0.
        items: What was in it, as it was given; it can be sent again as it is.
        error: Why.
        error_message: The error's text.
    """

    batch_index: int
    items: list[Any]
    error: Exception
    error_message: str

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dict, the error as text."""
        return {
            "batch_index": self.batch_index,
            "items": plain(self.items),
            "error": str(self.error),
            "error_message": self.error_message,
        }

    def to_json(self) -> str:
        """Return the fields as JSON text."""
        return to_json_text(self.to_dict())

    def __repr__(self) -> str:
        return (
            f"BatchError(batch_index={self.batch_index}, item_count={len(self.items)}, "
            f"error_message={self.error_message!r})"
        )


class BatchResult(msgspec.Struct, kw_only=True):
    """What became of every item of a batched call.

    Attributes:
        total_item_count: Items there were.
        successful_item_count: Items stored.
        failed_item_count: Items not stored, or not known to be.
        total_batch_count: Batches there were.
        successful_batch_count: Batches of which everything was stored.
        failed_batch_count: Batches of which something failed.
        errors: What failed, in the order of the input.
        response_info: The highest log sequence numbers seen, or None.
    """

    total_item_count: int
    successful_item_count: int
    failed_item_count: int
    total_batch_count: int
    successful_batch_count: int
    failed_batch_count: int
    errors: list[BatchError]
    response_info: BatchResponseInfo | None = None

    @property
    def has_errors(self) -> bool:
        """Whether anything failed."""
        return bool(self.errors)

    @property
    def error_count(self) -> int:
        """How many items failed."""
        return self.failed_item_count

    @property
    def success_count(self) -> int:
        """How many items were stored."""
        return self.successful_item_count

    @property
    def failed_items(self) -> list[Any]:
        """The items that failed, in order; they can be sent again as they are."""
        return [item for error in self.errors for item in error.items]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dict, errors as text."""
        shown = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: plain(value) for name, value in shown.items()}

    def to_json(self) -> str:
        """Return the fields as JSON text."""
        return to_json_text(self.to_dict())

    def _messages(self) -> list[tuple[str, int]]:
        distinct = {(error.batch_index, error.error_message) for error in self.errors}
        return Counter(message for _, message in distinct).most_common()

    def __repr__(self) -> str:
        counts = (
            f"{self.successful_item_count}/{self.total_item_count} items, "
            f"{self.successful_batch_count}/{self.total_batch_count} batches"
        )
        if not self.errors:
            return f"BatchResult(SUCCESS: {counts})"
        lines = [
            f"    {message} ({count} batch{'es' if count > 1 else ''})" for message, count in self._messages()
        ]
        return "\n".join([f"BatchResult(PARTIAL FAILURE: {counts}", "  Errors:", *lines, ")"])

    @safe_display
    def _repr_html_(self) -> str:
        builder = HtmlBuilder("BatchResult")
        builder.rows((name, getattr(self, name)) for name in self.__struct_fields__[:6])
        if self.errors:
            builder.section("Errors", [(m, f"{n} batches") for m, n in self._messages()], theme="error")
        return builder.build()
