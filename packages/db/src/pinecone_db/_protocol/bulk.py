"""The account of a bulk upsert, and where it can go on after it was stopped. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pinecone_core.batching import Outcome, Progress
from pinecone_core.codec import decode_any, to_json_text
from pinecone_core.errors import PineconeValueError
from pinecone_core.response_info import ResponseInfo, merge_response_infos

from ..models.batch import BatchError
from ..models.responses import UpsertResponse

__all__ = [
    "Watermark",
    "other_vectors",
    "read_checkpoint",
    "shifted",
    "upsert_response",
    "write_checkpoint",
]


def upsert_response(outcome: Outcome[Any, UpsertResponse]) -> UpsertResponse:
    """Return what callers get for a batched upsert."""
    infos = [answer.response_info for _, answer in outcome.results if answer.response_info is not None]
    return UpsertResponse(
        upserted_count=outcome.succeeded,
        response_info=_merged(infos),
        total_item_count=outcome.item_count,
        failed_item_count=outcome.item_count - outcome.succeeded,
        total_batch_count=outcome.batch_count,
        successful_batch_count=outcome.batch_count - outcome.failed_batches,
        failed_batch_count=outcome.failed_batches,
        errors=[
            BatchError(
                batch_index=failure.index,
                items=failure.items,
                error=failure.error,
                error_message=str(failure.error),
            )
            for failure in outcome.failures
        ],
    )


def _merged(infos: list[ResponseInfo]) -> ResponseInfo | None:
    merged = merge_response_infos(infos)
    if merged is None:
        return None
    headers = {
        "x-pinecone-max-indexed-lsn": merged.lsn_reconciled,
        "x-pinecone-request-lsn": merged.lsn_committed,
    }
    return ResponseInfo(raw_headers={name: str(lsn) for name, lsn in headers.items() if lsn is not None})


class Watermark:
    """How many items from the beginning are stored without a gap, while batches end in any order.

    Args:
        stored: How many were stored before.
        last: The id of the last of them, or None when it is not known.
    """

    __slots__ = ("_beyond", "last", "stored")

    def __init__(self, stored: int = 0, last: str | None = None) -> None:
        self.stored = stored
        self.last = last
        self._beyond: dict[int, tuple[int, str]] = {}

    def add(self, position: int, count: int, last: str) -> int:
        """Take note of ``count`` items stored from a position on, up to the id ``last``; return the mark."""
        self._beyond[position] = (count, last)
        while (more := self._beyond.pop(self.stored, None)) is not None:
            self.stored += more[0]
            self.last = more[1]
        return self.stored


def write_checkpoint(host: str, namespace: str, mark: Watermark) -> str:
    """Return the text of a checkpoint."""
    parts = {"version": 1, "host": host, "namespace": namespace, "stored": mark.stored, "last": mark.last}
    return to_json_text(parts) + "\n"


def read_checkpoint(text: str, path: str, host: str, namespace: str) -> Watermark:
    """Return what a checkpoint says is stored.

    Raises:
        PineconeValueError: It is not a checkpoint, or one of another index or namespace.
    """
    found = decode_any(text.encode())
    stored = found.get("stored") if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or type(stored) is not int or stored < 0:
        raise PineconeValueError(
            f"checkpoint {path!r} is not a checkpoint; remove it to start from the beginning"
        )
    if (found.get("host"), found.get("namespace")) != (host, namespace):
        raise PineconeValueError(
            f"checkpoint {path!r} belongs to namespace {found.get('namespace')!r} of {found.get('host')!r}; "
            "pass another path, or remove it to start from the beginning"
        )
    last = found.get("last")
    return Watermark(stored, last if isinstance(last, str) else None)


def other_vectors(path: Any) -> PineconeValueError:
    """Return the error for vectors that are not those that a checkpoint counted."""
    return PineconeValueError(
        f"checkpoint {str(path)!r} belongs to other vectors: those it counts do not end as the first of "
        "these do; pass another path, or remove it to start from the beginning"
    )


def shifted(progress: Progress, by: int) -> Progress:
    """Return progress that counts the items stored before, too."""
    total = None if progress.total is None else progress.total + by
    return Progress(progress.items + by, progress.failed, progress.batches, total)
