"""Records on their way out: vectors with the shortest text of their float32 numbers, raw metadata."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from ..float_text import shortest_doubles
from ..http import Reply, json_reply
from ..state.dataset import Dataset
from ..state.namespace import Record
from ..state.sparse_table import SparseRow

__all__ = ["query_units", "read_reply", "shown_record", "shown_records", "shown_scores", "write_reply"]

_LARGEST = np.finfo(np.float32).max


def write_reply(data: Dataset, shown: Any, status: int = 200) -> Reply:
    """Answer a write, with the number of the index's last write under both of its names."""
    lsn = str(data.lsn)
    reply = json_reply(shown, status)
    reply.headers["x-pinecone-request-lsn"] = reply.headers["x-pinecone-lsn-committed"] = lsn
    return reply


def read_reply(data: Dataset, shown: Any) -> Reply:
    """Answer a read, with the number of the last write it can see under both of its names."""
    lsn = str(data.seen_lsn)
    reply = json_reply(shown)
    reply.headers["x-pinecone-max-indexed-lsn"] = reply.headers["x-pinecone-lsn-reconciled"] = lsn
    return reply


def query_units(size: int) -> int:
    """Return the read units of a query over a namespace of this many bytes."""
    return max(1, -(-size // 1_000_000_000))


def shown_sparse(vector: SparseRow) -> dict[str, Any]:
    """Show a sparse vector."""
    return {"indices": vector[0].tolist(), "values": shortest_doubles(vector[1]).tolist()}


def shown_record(record: Record, *, values: bool = True, metadata: bool = True) -> dict[str, Any]:
    """Show one record."""
    return shown_records([record], values=values, metadata=metadata)[0]


def shown_records(
    records: list[Record], *, values: bool = True, metadata: bool = True
) -> list[dict[str, Any]]:
    """Show records, their dense vectors turned into text together."""
    shown: list[dict[str, Any]] = [{"id": record.id} for record in records]
    if values and records:
        # A sparse record has the key too: some clients insist on it.
        dense = [record.dense for record in records if record.dense is not None]
        lists = shortest_doubles(np.array(dense, np.float32)).tolist() if dense else [[] for _ in records]
        for item, record, numbers in zip(shown, records, lists, strict=True):
            item["values"] = numbers
            if record.sparse is not None:
                item["sparseValues"] = shown_sparse(record.sparse)
    if metadata:
        for item, record in zip(shown, records, strict=True):
            if record.metadata is not None:
                item["metadata"] = msgspec.Raw(record.metadata)
    return shown


def shown_scores(scores: Any) -> list[float]:
    """Show scores; one beyond the range of float32 is shown as the end of that range."""
    found: list[float] = shortest_doubles(np.clip(scores, -_LARGEST, _LARGEST)).tolist()
    return found
