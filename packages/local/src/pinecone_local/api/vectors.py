"""The data plane's records by id or filter: upsert, fetch, list, update, delete, statistics."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from ..http import Call, Reply, Route, bad_request, not_found
from ..search.filters import Everything
from ..state.namespace import Namespace, RecordBlock
from ..state.resources import Index
from .filtering import matching_ids, read_condition
from .records_in import (
    SparseIn,
    VectorIn,
    check_size,
    checked_id,
    checked_metadata,
    read_block,
    read_dense,
    read_sparse,
)
from .records_out import query_units, read_reply, shown_records, write_reply
from .wire import checked_namespace, limit_of, read_token, token_for

if TYPE_CHECKING:
    from ..engine import LocalEngine

__all__ = ["ROUTES"]

MAX_VECTORS = 1000
MAX_IDS = 1000


class UpsertRequest(msgspec.Struct):
    """The body of ``POST /vectors/upsert``."""

    vectors: list[VectorIn]
    namespace: str | None = None


class DeleteRequest(msgspec.Struct, rename={"delete_all": "deleteAll"}):
    """The body of ``POST /vectors/delete``."""

    ids: list[str] | None = None
    delete_all: bool | None = None
    namespace: str | None = None
    filter: dict[str, Any] | None = None


class UpdateRequest(
    msgspec.Struct,
    rename={"sparse_values": "sparseValues", "set_metadata": "setMetadata", "dry_run": "dryRun"},
):
    """The body of ``POST /vectors/update``."""

    id: str | None = None
    values: list[float] | None = None
    sparse_values: SparseIn | None = None
    set_metadata: dict[str, Any] | None = None
    namespace: str | None = None
    filter: dict[str, Any] | None = None
    dry_run: bool | None = None


class FetchByMetadataRequest(msgspec.Struct, rename={"pagination_token": "paginationToken"}):
    """The body of ``POST /vectors/fetch_by_metadata``."""

    filter: dict[str, Any] | None = None
    namespace: str | None = None
    limit: int | None = None
    pagination_token: str | None = None


class StatsRequest(msgspec.Struct):
    """The body of ``POST /describe_index_stats``."""

    filter: dict[str, Any] | None = None


def upsert(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /vectors/upsert``."""
    index = engine.index_of(call)
    check_size(call)
    request = call.read(UpsertRequest)
    count = len(request.vectors)
    if count == 0:
        raise bad_request("vectors must hold at least one vector.")
    if count > MAX_VECTORS:
        raise bad_request(f"Upsert at most {MAX_VECTORS} vectors a request, got {count}.")
    namespace = checked_namespace(request.namespace)
    index.data.add(namespace, read_block(index.row, request.vectors), engine.clock())
    return write_reply(index.data, {"upsertedCount": count})


def fetch(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /vectors/fetch``."""
    index = engine.index_of(call)
    ids = list(dict.fromkeys(call.params("ids")))
    if not ids:
        raise bad_request("ids must hold at least one id.")
    if len(ids) > MAX_IDS:
        raise bad_request(f"Fetch at most {MAX_IDS} ids a request, got {len(ids)}.")
    namespace = checked_namespace(call.param("namespace"))
    records = index.data.records(namespace)
    found = [] if records is None else shown_records(records.find_all(ids))
    shown = {
        "vectors": {item["id"]: item for item in found},
        "namespace": namespace,
        "usage": {"readUnits": max(1, -(-len(ids) // 10))},
    }
    return read_reply(index.data, shown)


def fetch_by_metadata(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /vectors/fetch_by_metadata``."""
    index = engine.index_of(call)
    request = call.read(FetchByMetadataRequest)
    namespace = checked_namespace(request.namespace)
    if not request.filter:
        raise bad_request("filter must be a metadata filter that is not empty.")
    limit = 100 if request.limit is None else request.limit
    if not 1 <= limit <= 10_000:
        raise bad_request(f"limit must be from 1 to 10000, got {limit}.")
    after = read_token(request.pagination_token)
    condition = read_condition(index.row, index.data, namespace, request.filter)
    records = index.data.records(namespace)
    shown: dict[str, Any] = {"vectors": {}, "namespace": namespace, "usage": {"readUnits": 1}}
    if records is not None:
        # Pages go by id, so that a token survives writes between two of them.
        ids = sorted(id_ for id_ in matching_ids(records, condition) if after is None or id_ > after)
        page = ids[:limit]
        shown["vectors"] = {item["id"]: item for item in shown_records(records.find_all(page))}
        shown["usage"] = {"readUnits": max(query_units(records.size), -(-len(page) // 10))}
        if len(ids) > limit:
            shown["pagination"] = {"next": token_for(page[-1])}
    return read_reply(index.data, shown)


def list_ids(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /vectors/list``."""
    index = engine.index_of(call)
    namespace = checked_namespace(call.param("namespace"))
    limit = limit_of(call, 100, 100)
    after = read_token(call.param("paginationToken"))
    records = index.data.records(namespace)
    ids = [] if records is None else records.ids_after(call.param("prefix") or "", after, limit + 1)
    shown: dict[str, Any] = {
        "vectors": [{"id": id_} for id_ in ids[:limit]],
        "namespace": namespace,
        "usage": {"readUnits": 1},
    }
    if len(ids) > limit:
        shown["pagination"] = {"next": token_for(ids[limit - 1])}
    return read_reply(index.data, shown)


# ---- update


def update(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /vectors/update``."""
    index = engine.index_of(call)
    check_size(call)
    request = call.read(UpdateRequest)
    namespace = checked_namespace(request.namespace)
    if (request.id is None) == (request.filter is None):
        raise bad_request("Update takes either an id or a filter.")
    if request.id is not None:
        id_ = checked_id(request.id)
        alter = _alteration(index, request)
        index.data.change(namespace, lambda data: [id_] if id_ in data else [], alter)
        return write_reply(index.data, {})
    return _update_by_metadata(index, namespace, request)


def _update_by_metadata(index: Index, namespace: str, request: UpdateRequest) -> Reply:
    if not request.filter:
        raise bad_request("filter must be a metadata filter that is not empty.")
    if request.values is not None or request.sparse_values is not None:
        raise bad_request("Vector values can be updated by id only; with a filter send setMetadata.")
    if not request.set_metadata:
        raise bad_request("An update with a filter needs setMetadata.")
    condition = read_condition(index.row, index.data, namespace, request.filter)
    if request.dry_run:
        records = index.data.records(namespace)
        count = 0 if records is None else len(matching_ids(records, condition))
        return read_reply(index.data, {"matchedRecords": count})
    alter = _alteration(index, request)
    count = index.data.change(namespace, lambda data: matching_ids(data, condition), alter)
    return write_reply(index.data, {"matchedRecords": count})


def _alteration(index: Index, request: UpdateRequest) -> Callable[[RecordBlock], RecordBlock]:
    """Return the function that changes records as an update asks."""
    row = index.row
    dense = None
    if request.values:
        if row.dimension is None:
            raise bad_request("The index is sparse: send sparseValues instead of values.")
        dense = read_dense(request.values, row.dimension, "Vector")
    sparse = read_sparse(request.sparse_values, "The update")
    if sparse is not None and row.dimension is not None and row.metric != "dotproduct":
        raise bad_request(
            "Index configuration does not support sparse values - only indexes that are sparse or using "
            "dotproduct are supported"
        )
    changes = dict(request.set_metadata or {})
    checked_metadata(changes, request.id or "of the update")

    def alter(block: RecordBlock) -> RecordBlock:
        if dense is not None:
            block.dense = np.repeat(dense[np.newaxis], len(block), axis=0)
        if sparse is not None:
            block.sparse = [sparse] * len(block)
        if changes:
            block.metadata = [
                checked_metadata({**(msgspec.json.decode(old) if old else {}), **changes}, id_)
                for id_, old in zip(block.ids, block.metadata, strict=True)
            ]
        return block

    return alter


# ---- delete


def delete(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /vectors/delete``."""
    index = engine.index_of(call)
    request = call.read(DeleteRequest)
    namespace = checked_namespace(request.namespace)
    asked = [bool(request.ids), bool(request.delete_all), request.filter is not None]
    if sum(asked) != 1:
        raise bad_request("Delete takes exactly one of ids, deleteAll and filter.")
    select: Callable[[Namespace], list[str]] | None = None
    if request.ids:
        if len(request.ids) > MAX_IDS:
            raise bad_request(f"Delete at most {MAX_IDS} ids a request, got {len(request.ids)}.")
        ids = request.ids
        select = lambda data: ids  # noqa: E731
    elif request.filter is not None:
        condition = read_condition(index.row, index.data, namespace, request.filter)
        if isinstance(condition, Everything):
            raise bad_request("filter must not be empty; to delete all records send deleteAll.")
        select = lambda data: matching_ids(data, condition)  # noqa: E731
    if index.data.entry(namespace) is None:
        raise not_found("Namespace not found")
    if select is None:
        index.data.clear(namespace)
    else:
        index.data.remove(namespace, select)
    return write_reply(index.data, {})


# ---- statistics


def stats(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /describe_index_stats``."""
    index = engine.index_of(call)
    request = call.read(StatsRequest)
    counts = index.data.counts()
    if request.filter:
        if "pod" not in index.row.spec:
            raise bad_request(
                "Serverless and Starter indexes do not support describing index stats with metadata filtering"
            )
        for name in counts:
            condition = read_condition(index.row, index.data, name, request.filter)
            records = index.data.records(name)
            counts[name] = 0 if records is None else len(matching_ids(records, condition))
    shown: dict[str, Any] = {
        "namespaces": {name: {"vectorCount": count} for name, count in counts.items()},
        "indexFullness": 0.0,
        "totalVectorCount": sum(counts.values()),
        "metric": index.row.metric,
        "vectorType": index.row.vector_type,
        "memory_fullness": 0.0,
        "storage_fullness": 0.0,
    }
    if index.row.dimension is not None:
        shown["dimension"] = index.row.dimension
    return read_reply(index.data, shown)


ROUTES = [
    Route("POST", "/vectors/upsert", upsert),
    Route("GET", "/vectors/fetch", fetch),
    Route("POST", "/vectors/fetch_by_metadata", fetch_by_metadata),
    Route("GET", "/vectors/list", list_ids),
    Route("POST", "/vectors/update", update),
    Route("POST", "/vectors/delete", delete),
    Route("POST", "/describe_index_stats", stats),
    Route("GET", "/describe_index_stats", stats),
]
