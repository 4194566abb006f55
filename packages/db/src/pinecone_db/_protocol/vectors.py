"""Vectors in whatever form a caller has them, to what goes over the wire. Pure."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from typing import Any

import pinecone_core as core
from pinecone_core.codec import RawJson, encode
from pinecone_core.drafts import Draft, piece_size, written
from pinecone_core.errors import PineconeTypeError, PineconeValueError
from pinecone_core.operation import Encoded
from pinecone_core.vectors import dense_values, index_list, narrow_values

from ..models.vector import ScoredVector, SparseValues, Vector

__all__ = [
    "MAX_VECTORS",
    "check_forms",
    "id_of",
    "one_request",
    "overhead",
    "sparse_bytes",
    "sparse_parts",
    "upsert_body",
    "vector_draft",
    "vector_id",
]

MAX_VECTORS = 1000
"""The most vectors a request may hold at the service."""

_KEYS = frozenset({"id", "values", "sparse_values", "sparseValues", "metadata"})
_MOST_ID = 512
_USUAL_ID = re.compile(r"[ !#-\[\]-~]{1,512}")
_USUAL = (str, int, float, bool)


def vector_id(value: Any, path: str) -> str:
    """Check the id of a vector: 1 to 512 ASCII characters without NUL."""
    if not isinstance(value, str):
        raise PineconeTypeError(f"Vector ID must be a string, got {type(value).__name__}", path)
    if not value:
        raise PineconeValueError("Vector ID must not be empty", path)
    if not value.isascii():
        raise PineconeValueError(f"Vector ID must contain only ASCII characters, got {value!r}", path)
    if "\0" in value:
        raise PineconeValueError("Vector ID must not contain null characters", path)
    if len(value) > _MOST_ID:
        raise PineconeValueError(f"Vector ID must have at most {_MOST_ID} characters, got {len(value)}", path)
    return value


def _parts(item: Any, path: str) -> tuple[Any, Any, Any, Any]:
    """Return id, values, sparse values and metadata of a vector in any accepted form."""
    if isinstance(item, tuple):
        if len(item) not in (2, 3):
            raise PineconeValueError(
                f"Vector tuple must have 2 or 3 elements (id, values[, metadata]), got {len(item)}", path
            )
        return item[0], item[1], None, item[2] if len(item) == 3 else None
    if isinstance(item, Vector | ScoredVector):
        return item.id, item.held_values(), item.sparse_values, item.metadata
    if isinstance(item, Mapping):
        if unknown := sorted(str(key) for key in item if key not in _KEYS):
            raise PineconeValueError(
                f"Vector dict contains unrecognized keys: {unknown}; "
                "put what filters should ask about into 'metadata'",
                path,
            )
        if "id" not in item:
            raise PineconeValueError("Vector dict must contain an 'id' key", path)
        sparse = item.get("sparse_values")
        sparse = item.get("sparseValues") if sparse is None else sparse
        return item["id"], item.get("values"), sparse, item.get("metadata")
    raise PineconeTypeError(
        f"Expected Vector, tuple, or dict, got {type(item).__name__}; write (id, values) or "
        "{'id': ..., 'values': ...}",
        path,
    )


def id_of(item: Any) -> Any:
    """Return the id of a vector in any accepted form."""
    return _parts(item, "vectors")[0]


def _has_values(values: Any) -> bool:
    return values is not None and not (hasattr(values, "__len__") and len(values) == 0)


def vector_draft(item: Any, position: int) -> bytes | Draft:
    """Encode one vector, as a draft where its numbers can be written later.

    Args:
        item: A ``Vector``, a tuple ``(id, values)`` or ``(id, values, metadata)``, or a dict.
        position: Its place in the input, for errors.

    Returns:
        A JSON object.

    Raises:
        PineconeTypeError: A part has the wrong type; ``path`` says which.
        PineconeValueError: A part cannot be used; likewise.
    """
    path = f"vectors[{position}]"
    id_, values, sparse, metadata = _parts(item, path)
    before = _before(id_, path)
    numbers = narrow_values(values)
    dense = _dense(values, f"{path}.values") if numbers is None else b""
    if sparse is None and dense == b"[]":
        raise PineconeValueError(
            "Vector must have at least one of non-empty dense values or sparse values", path
        )
    sparse_text = b"" if sparse is None else sparse_bytes(sparse, f"{path}.sparse_values")
    after = b"}" if metadata is None else b',"metadata":%b}' % _metadata(metadata, f"{path}.metadata")
    if sparse is not None:
        after = b',"sparseValues":%b%b' % (sparse_text, after)
    return b"".join((before, dense, after)) if numbers is None else Draft(before, numbers, after)


def _before(id_: Any, path: str) -> bytes:
    """Return a vector's text up to its values."""
    if type(id_) is str and _USUAL_ID.fullmatch(id_) is not None:
        return b'{"id":"%b","values":' % id_.encode()  # nothing to refuse, and nothing to escape
    return b'{"id":%b,"values":' % encode(vector_id(id_, f"{path}.id"))


def _dense(values: Any, path: str) -> bytes:
    if values is None:
        return b"[]"
    # What was fetched and never looked at goes out as it came in.
    if isinstance(values, RawJson):
        text = bytes(values)
        return b"[]" if text == b"null" else text
    return dense_values(values, path)


def sparse_parts(value: Any, path: str) -> tuple[list[int], Any]:
    """Return indices and values of a sparse vector in any accepted form, checked."""
    if isinstance(value, SparseValues):
        indices, values = value.indices, value.values
    elif isinstance(value, Mapping):
        if missing := [key for key in ("indices", "values") if key not in value]:
            raise PineconeValueError(f"sparse_values dict is missing required keys: {missing}", path)
        indices, values = value["indices"], value["values"]
    else:
        raise PineconeTypeError(
            f"sparse_values must be a SparseValues or a dict, got {type(value).__name__}", path
        )
    checked = index_list(indices, f"{path}.indices")
    if hasattr(values, "__len__") and len(values) != len(checked):
        raise PineconeValueError(
            "sparse_values indices and values must have the same length, "
            f"got {len(checked)} and {len(values)}",
            path,
        )
    return checked, values


def sparse_bytes(value: Any, path: str = "sparse_values") -> bytes:
    """Encode a sparse vector."""
    indices, values = sparse_parts(value, path)
    numbers = dense_values(values, f"{path}.values")
    return b'{"indices":%b,"values":%b}' % (encode(indices), numbers)


def _metadata(value: Any, path: str) -> bytes:
    if type(value) is not dict and not isinstance(value, Mapping):
        raise PineconeTypeError(f"metadata must be a dict, got {type(value).__name__}", path)
    for key, item in value.items():
        if type(item) in _USUAL:
            continue
        if isinstance(item, Mapping):
            raise PineconeTypeError(
                "metadata values must be strings, numbers, booleans or lists of strings, got a dict; "
                "flatten it",
                f"{path}.{key}",
            )
        if isinstance(item, list | tuple | set | frozenset):
            for place, part in enumerate(item):
                if not isinstance(part, str):
                    raise PineconeTypeError(
                        f"metadata lists may hold strings only, got {type(part).__name__}",
                        f"{path}.{key}[{place}]",
                    )
    return encode(value, path)


def check_forms(vectors: Any) -> None:
    """Refuse what is no source of vectors, and what is malformed in a list, before anything is sent.

    Numbers and metadata are checked when they are encoded, and what an iterator yields when it is read.
    """
    if not isinstance(vectors, list | tuple):
        if not isinstance(vectors, Iterable | AsyncIterable):
            raise PineconeTypeError(
                f"vectors must be a list or another iterable, got {type(vectors).__name__}", "vectors"
            )
        return
    for position, item in enumerate(vectors):
        path = f"vectors[{position}]"
        id_, values, sparse, metadata = _parts(item, path)
        vector_id(id_, f"{path}.id")
        if metadata is not None and not isinstance(metadata, Mapping):
            raise PineconeTypeError(
                f"metadata must be a dict, got {type(metadata).__name__}", f"{path}.metadata"
            )
        empty = item.has_no_values() if isinstance(item, Vector) else not _has_values(values)
        if sparse is None and empty:
            raise PineconeValueError(
                "Vector must have at least one of non-empty dense values or sparse values", path
            )


def _tail(namespace: str) -> bytes:
    return b'],"namespace":%b}' % encode(namespace) if namespace else b"]}"


def overhead(namespace: str) -> int:
    """Return the bytes of an upsert besides its vectors."""
    return len(b'{"vectors":[') + len(_tail(namespace))


def upsert_body(pieces: Sequence[bytes | Draft], namespace: str) -> Encoded:
    """Put encoded vectors together into the body of an upsert.

    Raises:
        TooLargeError: It is too large for one request and can be divided, which shows with drafts only now.
    """
    body = written(pieces, b'{"vectors":[', _tail(namespace))
    if len(body) > core.batching.MAX_REQUEST_BYTES and len(pieces) > 1:
        raise core.batching.TooLargeError
    return Encoded(body)


def one_request(vectors: Any, namespace: str) -> tuple[list[bytes | Draft], Encoded | None]:
    """Encode a list of vectors as far as they fit into one request.

    Returns:
        The encoded vectors, and the body that holds all there are, or None where they do not fit.
    """
    pieces: list[bytes | Draft] = []
    if not isinstance(vectors, list | tuple) or len(vectors) > MAX_VECTORS:
        return pieces, None
    most = core.batching.MAX_REQUEST_BYTES - overhead(namespace) + 1
    size, exact = 0, False
    for place, item in enumerate(vectors):
        piece = vector_draft(item, place)
        pieces.append(written([piece]) if exact else piece)
        size += piece_size(pieces[-1]) + 1
        if size > most and not exact:
            # Drafts say but about how large they are.
            exact = True
            pieces = [written([piece]) for piece in pieces]
            size = sum(piece_size(piece) + 1 for piece in pieces)
        if size > most and len(vectors) > 1:
            return pieces, None
    try:
        return pieces, upsert_body(pieces, namespace)
    except core.batching.TooLargeError:
        return pieces, None
