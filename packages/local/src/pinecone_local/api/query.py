"""The data plane's query: nearest records to a vector, a sparse vector, both, or a stored record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from ..http import ApiFault, Call, Reply, Route, bad_request
from ..search.exact import Found, Mask, best_of, dense_search
from ..search.filters import Condition
from ..search.sparse import sparse_scores
from ..state.arrays import F32
from ..state.namespace import Namespace, Snapshot
from ..state.resources import Index, IndexRow
from ..state.sparse_table import SparseRow
from .filtering import read_condition
from .records_in import SparseIn, checked_id, read_dense, read_sparse
from .records_out import query_units, read_reply, shown_records, shown_scores
from .wire import checked_namespace

if TYPE_CHECKING:
    from ..engine import LocalEngine
    from ..state.graphs import Graphs

__all__ = ["MAX_TOP_K", "ROUTES", "checked_top_k", "find_nearest", "stored_query"]

MAX_TOP_K = 10_000


class QueryRequest(
    msgspec.Struct,
    rename={
        "top_k": "topK",
        "include_values": "includeValues",
        "include_metadata": "includeMetadata",
        "sparse_vector": "sparseVector",
        "scan_factor": "scanFactor",
        "max_candidates": "maxCandidates",
    },
):
    """The body of ``POST /query``."""

    top_k: int
    namespace: str | None = None
    filter: dict[str, Any] | None = None
    include_values: bool | None = None
    include_metadata: bool | None = None
    queries: list[Any] | None = None
    vector: list[float] | None = None
    sparse_vector: SparseIn | None = None
    id: str | None = None
    scan_factor: float | None = None
    max_candidates: int | None = None


def query(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /query``."""
    index = engine.index_of(call)
    request = call.read(QueryRequest)
    checked_top_k(request.top_k, "topK")
    if request.queries:
        raise ApiFault(501, "UNIMPLEMENTED", "The deprecated 'queries' is not offered; send one query each.")
    if request.scan_factor is not None and not 0.5 <= request.scan_factor <= 4:
        raise bad_request(f"scanFactor must be from 0.5 to 4, got {request.scan_factor}.")
    if request.max_candidates is not None and not 1 <= request.max_candidates <= 100_000:
        raise bad_request(f"maxCandidates must be from 1 to 100000, got {request.max_candidates}.")
    namespace = checked_namespace(request.namespace)
    condition = read_condition(index.row, index.data, namespace, request.filter)
    records = index.data.records(namespace)
    dense, sparse = _wanted(index, request, records)
    shown: dict[str, Any] = {"matches": [], "namespace": namespace, "usage": {"readUnits": 1}}
    if records is not None:
        snapshot, found = find_nearest(
            index.row, records, condition, dense, sparse, request.top_k, graphs=engine.graphs
        )
        shown["matches"] = _matches(snapshot, found, request)
        shown["usage"] = {"readUnits": query_units(snapshot.size)}
    return read_reply(index.data, shown)


def checked_top_k(top_k: int, name: str) -> int:
    """Return a number of results that is allowed.

    Raises:
        ApiFault: 400 when it is not.
    """
    if not 1 <= top_k <= MAX_TOP_K:
        raise bad_request(f"{name} must be from 1 to {MAX_TOP_K}, got {top_k}.")
    return top_k


def stored_query(records: Namespace | None, id_: str) -> tuple[F32 | None, SparseRow | None]:
    """Return the vectors of a stored record, both None when it is not there."""
    record = None if records is None else records.find(checked_id(id_))
    return (None, None) if record is None else (record.dense, record.sparse)


def _wanted(
    index: Index, request: QueryRequest, records: Namespace | None
) -> tuple[F32 | None, SparseRow | None]:
    if request.id:
        if request.vector or request.sparse_vector:
            raise bad_request("Send either an id or a vector, not both.")
        return stored_query(records, request.id)
    dimension = index.row.dimension
    sparse = read_sparse(request.sparse_vector, "The query")
    if dimension is None:
        if request.vector:
            raise bad_request("The index is sparse: send sparseVector instead of vector.")
        if request.sparse_vector is None:
            raise bad_request("The query needs a sparseVector or an id.")
        return None, sparse
    if not request.vector:
        raise bad_request("The query needs a vector or an id.")
    if sparse is not None and index.row.metric != "dotproduct":
        raise bad_request(
            "Index configuration does not support sparse values - only indexes that are sparse or using "
            "dotproduct are supported"
        )
    return read_dense(request.vector, dimension, "Query vector"), sparse


def find_nearest(
    row: IndexRow,
    records: Namespace,
    condition: Condition,
    dense: F32 | None,
    sparse: SparseRow | None,
    top_k: int,
    terms: np.ndarray[Any, np.dtype[np.uint32]] | None = None,
    graphs: Graphs | None = None,
) -> tuple[Snapshot, Found]:
    """Find the best records of a namespace as it is now.

    Args:
        row: The index.
        records: The namespace.
        condition: What a record must meet.
        dense: The dense query, or None.
        sparse: The sparse query, or None.
        top_k: How many records to find at most.
        terms: Sparse indices of which a record must have every one, or None.
        graphs: The graphs that name candidates in large namespaces, or None to look at every record.
    """
    snapshot = records.snapshot(condition)
    nothing = Found(np.empty(0, np.int64), np.empty(0, np.float32))
    keep: Mask | None = snapshot.keep
    for term in () if terms is None else terms:
        _, has = sparse_scores(snapshot.sparse, (np.array([term], np.uint32), np.ones(1, np.float32)))
        keep = has if keep is None else keep & has
    if snapshot.matrix is None:
        if sparse is None:
            return snapshot, nothing
        scores, touched = sparse_scores(snapshot.sparse, sparse)
        rows = np.flatnonzero(touched if keep is None else touched & keep)
        with np.errstate(over="ignore"):
            return snapshot, best_of(rows, scores[rows].astype(np.float32), top_k)
    if dense is None:
        return snapshot, nothing
    metric: Any = row.metric
    if graphs is not None and sparse is None and terms is None:
        among = graphs.candidates(records, snapshot, metric, dense, top_k)
        return snapshot, dense_search(
            snapshot.matrix, snapshot.norms, dense, metric, top_k, keep, among=among
        )
    bonus = None if sparse is None else sparse_scores(snapshot.sparse, sparse)[0]
    return snapshot, dense_search(snapshot.matrix, snapshot.norms, dense, metric, top_k, keep, bonus)


def _matches(snapshot: Snapshot, found: Found, request: QueryRequest) -> list[dict[str, Any]]:
    rows = found.rows.tolist()
    scores = shown_scores(found.scores)
    if not request.include_values and not request.include_metadata:
        return [{"id": snapshot.id(row), "score": score} for row, score in zip(rows, scores, strict=True)]
    shown = shown_records(
        [snapshot.record(row) for row in rows],
        values=bool(request.include_values),
        metadata=bool(request.include_metadata),
    )
    for item, score in zip(shown, scores, strict=True):
        item["score"] = score
    return shown


ROUTES = [Route("POST", "/query", query)]
