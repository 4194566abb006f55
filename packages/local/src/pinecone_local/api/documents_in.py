"""Documents on their way in: read from JSON and held to the schema of their index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from ..float_text import shortest_doubles
from ..http import bad_request
from ..state.namespace import RecordBlock
from ..state.resources import IndexRow
from .records_in import SparseIn, VectorIn, checked_id, checked_metadata, read_dense, read_sparse

__all__ = ["read_documents", "read_sparse_field", "read_values", "stored_documents"]


def read_documents(fields: dict[str, Any], documents: Sequence[dict[str, Any]]) -> RecordBlock:
    """Turn an upsert's documents into a block.

    Raises:
        ApiFault: 400 when a document does not fit, or an id comes twice.
    """
    block: dict[str, bytes | None] = {}
    for position, document in enumerate(documents):
        id_ = document.pop("_id", None)
        if not isinstance(id_, str):
            raise bad_request(f"documents[{position}] must have an '_id' that is a string.")
        if checked_id(id_) in block:
            raise bad_request(f"documents[{position}] has the '_id' {id_!r} of a document before it.")
        block[id_] = msgspec.json.encode(_checked(fields, document, f"Document {id_!r}", id_))
    return RecordBlock(list(block), None, [None] * len(block), list(block.values()))


def stored_documents(row: IndexRow, records: Sequence[VectorIn]) -> RecordBlock:
    """Turn documents as a dump has them, their fields as metadata, into a block."""
    return read_documents(row.fields or {}, [{**(one.metadata or {}), "_id": one.id} for one in records])


def _checked(fields: dict[str, Any], document: dict[str, Any], what: str, id_: str) -> dict[str, Any]:
    searchable = False
    shown: dict[str, Any] = {}
    loose: dict[str, Any] = {}
    for name, value in document.items():
        field = fields.get(name)
        if field is None:
            if name.startswith("_"):
                raise bad_request(f"{what} has the field {name!r}: names must not start with '_'.")
            loose[name] = value
        elif field["type"] == "dense_vector":
            shown[name], searchable = read_values(value, field["dimension"], f"{what} {name!r}"), True
        elif field["type"] == "sparse_vector":
            shown[name], searchable = read_sparse_field(value, f"{what} {name!r}"), True
        else:
            shown[name] = _checked_plain(field["type"], value, f"{what}: the field {name!r}")
            searchable = searchable or "full_text_search" in field
    for name, field in fields.items():
        if field["type"] == "dense_vector" and name not in shown:
            raise bad_request(f"{what} must have the dense vector {name!r}.")
    if not searchable:
        raise bad_request(f"{what} must have at least one field that can be searched.")
    checked_metadata(loose, id_)
    return {**shown, **loose}


def _checked_plain(kind: str, value: Any, what: str) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {
        "string": isinstance(value, str),
        "string_list": isinstance(value, list) and all(isinstance(item, str) for item in value),
        "boolean": isinstance(value, bool),
        "float": number,
        "integer": number and (isinstance(value, int) or value.is_integer()),
    }
    if not fits[kind]:
        raise bad_request(f"{what} must be of the type {kind}.")
    return value


def read_values(value: Any, dimension: int, what: str) -> list[float]:
    """Return a dense vector as 32-bit numbers in their shortest form.

    Raises:
        ApiFault: 400 when it does not fit.
    """
    try:
        numbers = msgspec.convert(value, list[float])
    except msgspec.ValidationError:
        raise bad_request(f"{what} must be a list of numbers.") from None
    shown: list[float] = shortest_doubles(read_dense(numbers, dimension, what)).tolist()
    return shown


def read_sparse_field(value: Any, what: str) -> dict[str, Any]:
    """Return a sparse vector without zeros, as 32-bit numbers in their shortest form.

    Raises:
        ApiFault: 400 when it does not fit.
    """
    try:
        given = msgspec.convert(value, SparseIn)
    except msgspec.ValidationError:
        raise bad_request(f"{what} must be {{'indices': [...], 'values': [...]}}.") from None
    found = read_sparse(given, what)
    if found is None:
        raise bad_request(f"{what} must have at least one value that is not zero.")
    return {"indices": found[0].tolist(), "values": shortest_doubles(found[1]).tolist()}
