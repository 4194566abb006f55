"""Vectors and metadata on their way in: read from JSON, held to the service's limits."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from ..http import ApiFault, Call, bad_request
from ..state.arrays import F32
from ..state.namespace import RecordBlock
from ..state.resources import IndexRow
from ..state.sparse_table import SparseRow
from .wire import MAX_BODY_BYTES

__all__ = [
    "SparseIn",
    "VectorIn",
    "check_size",
    "checked_id",
    "checked_metadata",
    "read_block",
    "read_dense",
    "read_sparse",
]

MAX_METADATA_BYTES = 40 * 1024
MAX_ID_LENGTH = 512
MAX_SPARSE_VALUES = 1000

_LARGEST = float(np.finfo(np.float32).max)


class SparseIn(msgspec.Struct):
    """A sparse vector of a request."""

    indices: list[int]
    values: list[float]


class VectorIn(msgspec.Struct, rename={"sparse_values": "sparseValues"}):
    """One record of an upsert."""

    id: str
    values: list[float] | None = None
    sparse_values: SparseIn | None = None
    metadata: dict[str, Any] | None = None


def check_size(call: Call) -> None:
    """Refuse a write of more than 2 MB.

    Raises:
        ApiFault: 413.
    """
    if len(call.body) > MAX_BODY_BYTES:
        raise ApiFault(
            413,
            "OUT_OF_RANGE",
            f"The request is too large: {len(call.body)} bytes, the limit is {MAX_BODY_BYTES}. "
            "Send fewer records a request.",
        )


def checked_id(id_: str) -> str:
    """Return a record's id if it is one.

    Raises:
        ApiFault: 400 when it is not.
    """
    if not 1 <= len(id_) <= MAX_ID_LENGTH:
        raise bad_request(f"Vector ID must be 1 to {MAX_ID_LENGTH} characters long, got {len(id_)}.")
    if not id_.isascii() or "\0" in id_:
        raise bad_request(f"Vector ID must be ASCII without NUL, but got {id_!r}.")
    return id_


def read_dense(values: Sequence[float], dimension: int, what: str) -> F32:
    """Turn a dense vector into float32.

    Raises:
        ApiFault: 400 for another dimension or a number that is not a float32.
    """
    return np.frombuffer(_packed(values, dimension, what), np.float32)


def _packed(values: Sequence[float], dimension: int, what: str) -> bytes:
    """Return the bytes of a dense vector as float32, in half the time that numpy takes for a list."""
    if len(values) != dimension:
        raise bad_request(
            f"{what} dimension {len(values)} does not match the dimension of the index {dimension}"
        )
    try:
        return struct.pack(f"={dimension}f", *values)
    except OverflowError:
        raise bad_request(f"{what} has a value beyond the range of 32-bit floating point numbers.") from None


def read_sparse(given: SparseIn | None, what: str) -> SparseRow | None:
    """Turn a sparse vector into arrays, or None when there is none.

    Raises:
        ApiFault: 400 when it does not fit.
    """
    if given is None or not (given.indices or given.values):
        return None
    if len(given.indices) != len(given.values):
        raise bad_request(
            f"{what} sparse values must have as many indices ({len(given.indices)}) as values "
            f"({len(given.values)})."
        )
    if len(given.indices) > MAX_SPARSE_VALUES:
        raise bad_request(
            f"{what} has {len(given.indices)} sparse values; at most {MAX_SPARSE_VALUES} are allowed."
        )
    if min(given.indices) < 0 or max(given.indices) > 0xFFFFFFFF:
        raise bad_request(f"{what} sparse indices must be from 0 to 4294967295.")
    if len(set(given.indices)) != len(given.indices):
        raise bad_request(f"{what} sparse indices must not repeat.")
    if any(abs(value) > _LARGEST for value in given.values):
        raise bad_request(f"{what} has a value beyond the range of 32-bit floating point numbers.")
    indices, values = np.array(given.indices, np.uint32), np.array(given.values, np.float32)
    kept = values != 0
    if not kept.all():
        indices, values = indices[kept], values[kept]
    return (indices, values) if len(indices) else None


def checked_metadata(metadata: dict[str, Any] | None, id_: str) -> bytes | None:
    """Turn metadata into compact JSON, or None when it is empty.

    Raises:
        ApiFault: 400 for a value that cannot be stored, or more than 40 KB.
    """
    if not metadata:
        return None
    for name, value in metadata.items():
        if name.startswith("$"):
            raise bad_request(f"Metadata keys must not start with '$', got {name!r} for the vector {id_!r}.")
        if not isinstance(value, str | bool):
            metadata[name] = _checked_value(name, value)
    encoded = msgspec.json.encode(metadata)
    if len(encoded) > MAX_METADATA_BYTES:
        raise bad_request(
            f"Metadata size is {len(encoded)} bytes, which exceeds the limit of {MAX_METADATA_BYTES} bytes "
            f"per vector, for the vector {id_!r}."
        )
    return encoded


def _checked_value(name: str, value: Any) -> Any:
    if isinstance(value, int | float):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isinf(number):
            raise bad_request(f"The metadata value for the field {name!r} is too large a number.")
        # As at the service, numbers are 64-bit floating point.
        return number if abs(number) > 2**53 else value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    raise bad_request(
        "Metadata value must be a string, number, boolean or list of strings, got "
        f"{msgspec.json.encode(value).decode()[:60]!r} for field {name!r}"
    )


def read_block(row: IndexRow, vectors: Sequence[VectorIn]) -> RecordBlock:
    """Turn an upsert's records into a block; of records with the same id the last one counts.

    Raises:
        ApiFault: 400 when a record does not fit the index.
    """
    last = {checked_id(vector.id): vector for vector in vectors}
    packed: list[bytes] = []
    sparse: list[SparseRow | None] = []
    metadata: list[bytes | None] = []
    for id_, vector in last.items():
        what = f"Vector {id_!r}"
        row_sparse = read_sparse(vector.sparse_values, what)
        if row.dimension is not None:
            if not vector.values:
                raise bad_request(f"{what} must have dense values: the index is dense.")
            packed.append(_packed(vector.values, row.dimension, "Vector"))
            if row_sparse is not None and row.metric != "dotproduct":
                raise bad_request(
                    "Index configuration does not support sparse values - only indexes that are sparse or "
                    "using dotproduct are supported"
                )
        elif vector.values:
            raise bad_request(f"{what} has dense values, but the index is sparse: send sparseValues only.")
        elif row_sparse is None:
            raise bad_request(f"{what} must have at least one sparse value that is not zero.")
        sparse.append(row_sparse)
        metadata.append(checked_metadata(vector.metadata, id_))
    ids = list(last)
    if row.dimension is None:
        return RecordBlock(ids, None, sparse, metadata)
    dense = np.frombuffer(b"".join(packed), np.float32).reshape(len(ids), row.dimension)
    for place in np.flatnonzero(~dense.any(axis=1)):
        if sparse[place] is None:
            raise bad_request(
                "Dense vectors must contain at least one non-zero value. "
                f"Vector ID {ids[place]} contains only zeros."
            )
    return RecordBlock(ids, dense, sparse, metadata)
