"""Rows of data frames: pandas, polars, arrow tables and record batches, without importing any of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pinecone_core.codec import decode_any
from pinecone_core.errors import PineconeTypeError, PineconeValueError

__all__ = ["rows"]

_COLUMNS = ("id", "values", "sparse_values", "metadata")


def rows(frame: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows of a data frame as vectors in dict form.

    Args:
        frame: A pandas or polars data frame, or an arrow table, record batch or batch reader, with the
            columns ``id``, ``values`` and, if wanted, ``sparse_values`` and ``metadata`` (a dict, or JSON
            text). Missing cells count as absent.

    Raises:
        PineconeTypeError: It is no data frame.
        PineconeValueError: A column is missing.
    """
    for names, table in _tables(frame):
        missing = [name for name in _COLUMNS[:2] if name not in names]
        if missing and not ("id" in names and "sparse_values" in names):
            raise PineconeValueError(
                f"The data frame must have the columns 'id' and 'values'; missing: {', '.join(missing)}"
            )
        wanted = [name for name in _COLUMNS if name in names]
        for cells in _cells(table, wanted):
            row = {name: cell for name, cell in zip(wanted, cells, strict=True) if not _absent(cell)}
            if isinstance(row.get("metadata"), str):  # the form that bulk imports read
                row["metadata"] = decode_any(row["metadata"].encode())
            if isinstance(row.get("metadata"), dict):
                row["metadata"] = {key: item for key, item in row["metadata"].items() if not _absent(item)}
            yield row


def _tables(frame: Any) -> Iterator[tuple[list[str], Any]]:
    if hasattr(frame, "column_names"):  # an arrow table or record batch
        yield list(frame.column_names), frame
    elif hasattr(frame, "read_next_batch") and hasattr(frame, "schema"):
        for batch in frame:
            yield list(batch.schema.names), batch
    elif hasattr(frame, "collect_schema") and hasattr(frame, "collect") and not hasattr(frame, "iter_rows"):
        yield from _tables(frame.collect())  # a lazy frame
    elif hasattr(frame, "columns") and (hasattr(frame, "iter_rows") or hasattr(frame, "itertuples")):
        yield [str(name) for name in frame.columns], frame
    else:
        raise PineconeTypeError(
            f"df must be a pandas or polars data frame or an arrow table, got {type(frame).__name__}"
        )


def _cells(table: Any, wanted: list[str]) -> Iterator[tuple[Any, ...]]:
    if hasattr(table, "to_batches"):  # an arrow table: batch by batch, so that it is not held twice
        for batch in table.to_batches(max_chunksize=1000):
            yield from _cells(batch, wanted)
    elif hasattr(table, "iter_rows"):
        yield from table.select(wanted).iter_rows()
    elif hasattr(table, "to_pylist"):
        yield from zip(*(table.column(name).to_pylist() for name in wanted), strict=True)
    else:
        yield from zip(*(table[name] for name in wanted), strict=True)


def _absent(cell: Any) -> bool:
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(cell, float) and math.isnan(cell)
