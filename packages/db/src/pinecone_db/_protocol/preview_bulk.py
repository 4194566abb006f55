"""Writing documents in bulk: the requests, and the account of what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pinecone_core.drafts import written
from pinecone_core.errors import PineconeValueError
from pinecone_core.operation import Encoded
from pinecone_core.response_info import merge_response_infos

from ..models.batch import BatchError, BatchResult

if TYPE_CHECKING:
    from pinecone_core.batching import Batch, Outcome

    from ..models.preview.documents import PreviewDocumentUpsertResponse

__all__ = ["OVERHEAD", "batch_result", "bulk_body"]

_HEAD, _TAIL = b'{"documents":[', b"]}"
OVERHEAD = len(_HEAD) + len(_TAIL)


def bulk_body(batch: Batch[Mapping[str, Any]]) -> Encoded:
    """Return the body that upserts one batch.

    Raises:
        PineconeValueError: An id comes twice, of which only one could be stored.
    """
    seen: dict[str, int] = {}
    for piece in batch.pieces:
        found = piece.item["_id"]
        if found in seen:
            raise PineconeValueError(
                f"documents[{piece.position}]['_id'] {found!r} was given before, at documents[{seen[found]}]"
            )
        seen[found] = piece.position
    return Encoded(written(batch.data, _HEAD, _TAIL))


def batch_result(outcome: Outcome[Mapping[str, Any], PreviewDocumentUpsertResponse]) -> BatchResult:
    """Return the account that callers get."""
    answers = [answer for _, answer in outcome.results]
    infos = [answer.response_info for answer in answers if answer.response_info is not None]
    return BatchResult(
        total_item_count=outcome.item_count,
        successful_item_count=outcome.succeeded,
        failed_item_count=outcome.item_count - outcome.succeeded,
        total_batch_count=outcome.batch_count,
        successful_batch_count=outcome.batch_count - outcome.failed_batches,
        failed_batch_count=outcome.failed_batches,
        errors=[
            BatchError(
                batch_index=failure.index,
                items=[dict(item) for item in failure.items],
                error=failure.error,
                error_message=str(failure.error),
            )
            for failure in outcome.failures
        ],
        response_info=merge_response_infos(infos),
    )
