"""Arguments of the data plane's reads and changes, to bodies and query parameters. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pinecone_core.checks import between, enum_value, exactly_one, positive_integer
from pinecone_core.codec import RawJson, encode_lines
from pinecone_core.errors import PineconeTypeError, PineconeValueError
from pinecone_core.filters import Condition, as_filter
from pinecone_core.operation import Encoded
from pinecone_core.vectors import float_list, index_list, raw_values

from .vectors import sparse_bytes, vector_id

__all__ = [
    "delete_body",
    "fetch_by_metadata_body",
    "id_groups",
    "id_list",
    "import_body",
    "import_id",
    "namespace_name",
    "query_body",
    "records_body",
    "search_body",
    "update_body",
]

Filter = Condition | Mapping[str, Any] | None
_MOST_TOP_K = 10_000
_MOST_IDS = 1000
_MOST_IDS_BYTES = 7000
"""What is sure to pass: servers take request lines of 8 kB at least."""


def given(**fields: Any) -> dict[str, Any]:
    """Return the fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def text(name: str, value: Any) -> str:
    """Return a string argument that may be empty; None counts as empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise PineconeTypeError(f"{name} must be a string, got {type(value).__name__}")
    return value


def query_body(
    *,
    top_k: int,
    vector: Any,
    id: str | None,
    namespace: str,
    filter: Filter,
    include_values: bool,
    include_metadata: bool,
    sparse_vector: Any,
    scan_factor: float | None,
    max_candidates: int | None,
) -> dict[str, Any]:
    """Return the body of a query."""
    body: dict[str, Any] = {
        "topK": between("top_k", top_k, 1, _MOST_TOP_K),
        "includeValues": bool(include_values),
        "includeMetadata": bool(include_metadata),
    }
    if id is not None and (vector is not None or sparse_vector is not None):
        raise PineconeValueError("Give either id or vector and sparse_vector, not both")
    if id is None and vector is None and sparse_vector is None:
        raise PineconeValueError("One of vector, id or sparse_vector must be given")
    if vector is not None:
        body["vector"] = raw_values(vector, "vector")
    if sparse_vector is not None:
        body["sparseVector"] = RawJson(sparse_bytes(sparse_vector, "sparse_vector"))
    if id is not None:
        body["id"] = vector_id(id, "id")
    if name := text("namespace", namespace):
        body["namespace"] = name
    more = given(filter=as_filter(filter), scanFactor=scan_factor, maxCandidates=max_candidates)
    return body | more


def id_list(ids: Any) -> list[str]:
    """Return ids as a list; one id alone counts as a list of one."""
    listed = [ids] if isinstance(ids, str) else list(() if ids is None else ids)
    if not listed:
        raise PineconeValueError("ids must be a non-empty list")
    return [vector_id(item, f"ids[{place}]") for place, item in enumerate(listed)]


def id_groups(ids: list[str]) -> list[list[str]]:
    """Split ids so that each group fits into the request line of one request."""
    from urllib.parse import quote_plus  # slow to load, and a query needs none

    groups: list[list[str]] = []
    room = 0
    for id_ in ids:
        size = len(quote_plus(id_)) + len("&ids=")
        if not groups or size > room or len(groups[-1]) >= _MOST_IDS:
            groups.append([])
            room = _MOST_IDS_BYTES
        groups[-1].append(id_)
        room -= size
    return groups


def delete_body(*, ids: Any, delete_all: bool, filter: Filter, namespace: str) -> dict[str, Any]:
    """Return the body of a delete by ids, by filter, or of all."""
    one = exactly_one(ids=ids is not None, delete_all=bool(delete_all), filter=filter is not None)
    body: dict[str, Any] = {"namespace": text("namespace", namespace)}
    if one == "ids":
        return body | {"ids": id_list(ids)}
    if one == "delete_all":
        return body | {"deleteAll": True}
    if not (asked := as_filter(filter)):
        raise PineconeValueError("filter must not be empty; pass delete_all=True to delete everything")
    return body | {"filter": asked}


def update_body(
    *,
    id: str | None,
    values: Any,
    sparse_values: Any,
    set_metadata: Mapping[str, Any] | None,
    namespace: str,
    filter: Filter,
    dry_run: bool,
) -> dict[str, Any]:
    """Return the body of an update of one vector by id, or of the metadata of all that meet a filter."""
    one = exactly_one(id=id is not None, filter=filter is not None)
    body: dict[str, Any] = {"namespace": text("namespace", namespace)}
    if one == "filter":
        if values is not None or sparse_values is not None:
            raise PineconeValueError(
                "values and sparse_values need id; with filter only set_metadata can be set"
            )
        if not (asked := as_filter(filter)):
            raise PineconeValueError("filter must not be empty")
        body["filter"] = asked
    else:
        body["id"] = vector_id(id, "id")
    if values is not None:
        body["values"] = raw_values(values)
    if sparse_values is not None:
        body["sparseValues"] = RawJson(sparse_bytes(sparse_values))
    if set_metadata is not None:
        if not isinstance(set_metadata, Mapping):
            raise PineconeTypeError(f"set_metadata must be a dict, got {type(set_metadata).__name__}")
        body["setMetadata"] = dict(set_metadata)
    if dry_run:
        body["dryRun"] = True
    return body


def fetch_by_metadata_body(
    *, filter: Filter, namespace: str, limit: int | None, pagination_token: str | None
) -> dict[str, Any]:
    """Return the body of a fetch by metadata."""
    if not (asked := as_filter(filter)):
        raise PineconeValueError("filter must be a non-empty filter")
    body: dict[str, Any] = {"filter": asked}
    if name := text("namespace", namespace):
        body["namespace"] = name
    if limit is not None:
        body["limit"] = positive_integer("limit", limit)
    return body | given(paginationToken=pagination_token)


def namespace_name(value: Any, name: str = "namespace") -> str:
    """Return the name of a namespace, which must be given."""
    if not isinstance(value, str):
        raise PineconeValueError(f"{name} must be a string, got {type(value).__name__}")
    if not value.strip():
        raise PineconeValueError(f"{name} must be a non-empty string")
    return value


def records_body(records: Any) -> tuple[Encoded, int]:
    """Return records as lines of JSON, and how many there are."""
    listed = list(records)
    if not listed:
        raise PineconeValueError("records must be a non-empty list")
    lines = [_record(record, place) for place, record in enumerate(listed)]
    return Encoded(encode_lines(lines), "application/x-ndjson"), len(lines)


def _record(record: Any, place: int) -> dict[str, Any]:
    path = f"records[{place}]"
    if not isinstance(record, Mapping):
        raise PineconeTypeError(f"a record must be a dict, got {type(record).__name__}", path)
    shown = dict(record)
    found = shown.pop("id", None)
    id_ = shown.get("_id", found)
    if id_ is None:
        raise PineconeValueError("a record must have an '_id' or 'id'", path)
    shown["_id"] = vector_id(id_, f"{path}._id")
    return shown


def search_body(
    *,
    top_k: int,
    inputs: Mapping[str, Any] | None,
    vector: Any,
    id: str | None,
    filter: Filter,
    fields: Sequence[str] | None,
    rerank: Any,
    match_terms: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the body of a search of records."""
    query: dict[str, Any] = {"top_k": positive_integer("top_k", top_k)}
    if rerank is not None:
        rerank = _plain(rerank)
        for key in ("model", "rank_fields"):
            if not rerank.get(key):
                raise PineconeValueError(f"rerank must contain '{key}'")
        rerank = {key: enum_value(value) for key, value in rerank.items()}
    if inputs is None and vector is None and id is None:
        raise PineconeValueError("One of inputs, vector or id must be given")
    if isinstance(fields, str):
        raise PineconeTypeError("fields must be a list of names, got str; write [name] for one")
    query |= given(
        inputs=None if inputs is None else dict(inputs),
        vector=None if vector is None else _search_vector(vector),
        id=id,
        filter=as_filter(filter),
        match_terms=None if match_terms is None else dict(match_terms),
    )
    return {"query": query} | given(fields=None if fields is None else list(fields), rerank=rerank)


def _plain(value: Any) -> dict[str, Any]:
    found = value.to_dict() if hasattr(value, "to_dict") else dict(value)
    return {key: item for key, item in found.items() if item is not None}


def _search_vector(vector: Any) -> dict[str, Any]:
    if hasattr(vector, "as_dict"):
        vector = vector.as_dict()
    if not isinstance(vector, Mapping):
        return {"values": float_list(vector, "vector")}
    allowed = {"values", "sparse_indices", "sparse_values"}
    if unknown := sorted(set(vector) - allowed):
        raise PineconeValueError(f"Unsupported keys in search vector dict: {unknown}")
    shown: dict[str, Any] = {}
    for key, item in vector.items():
        if item is not None:
            name = f"vector.{key}"
            shown[key] = index_list(item, name) if key == "sparse_indices" else float_list(item, name)
    return shown


def import_body(uri: str, error_mode: Any, integration_id: str | None) -> dict[str, Any]:
    """Return the body that starts an import."""
    if not isinstance(uri, str) or not uri.strip():
        raise PineconeValueError(f"uri must be a non-empty string such as 's3://bucket/folder/', got {uri!r}")
    body: dict[str, Any] = {"uri": uri}
    if error_mode is not None:
        mode = str(enum_value(error_mode)).lower()
        if mode not in ("continue", "abort"):
            raise PineconeValueError(f"error_mode must be 'continue' or 'abort', got {error_mode!r}")
        body["errorMode"] = {"onError": mode}
    return body | given(integrationId=integration_id)


def import_id(value: Any) -> str:
    """Return the id of an import as a string."""
    shown = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(shown, str | None):
        raise PineconeTypeError(f"id must be a string, got {type(value).__name__}")
    if not shown or len(shown) > 1000:
        raise PineconeValueError("id must be between 1 and 1000 characters")
    return shown
