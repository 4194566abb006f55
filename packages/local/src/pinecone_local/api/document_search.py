"""How documents are scored: the clauses of ``score_by``, read once into a function over a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from ..http import ApiFault, bad_request
from ..search.exact import Found, Mask, best_of
from ..search.fulltext import Hits
from ..search.query_string import BadQueryError, Node, UnofferedQueryError, evaluate_query, parse_query
from ..search.sparse import sparse_scores
from ..state.document_table import DocumentTable
from .documents_in import read_sparse_field, read_values

__all__ = ["read_scoring"]

F64 = npt.NDArray[np.float64]

_BLOCK_ROWS = 2048

#: Finds the best of the rows kept in a table.
Scoring = Callable[[DocumentTable, Mask, int], Found]
#: Finds documents by their words, among the living.
TextScoring = Callable[[DocumentTable], Hits]


class Clause(msgspec.Struct, forbid_unknown_fields=True):
    """One member of ``score_by``."""

    type: Literal["text", "query_string", "dense_vector", "sparse_vector"]
    query: str | None = None
    field: str | None = None
    fields: list[str] | None = None
    values: list[float] | None = None
    sparse_values: dict[str, Any] | None = None


_NEEDS = {
    "text": {"query", "field"},
    "query_string": {"query"},
    "dense_vector": {"values", "field"},
    "sparse_vector": {"sparse_values", "field"},
}


def read_scoring(fields: dict[str, Any], score_by: list[dict[str, Any]]) -> Scoring:
    """Read the clauses of a search.

    Args:
        fields: The fields of the index, by name.
        score_by: One clause, or several of the types ``text`` and ``query_string``, whose scores add up.

    Raises:
        ApiFault: 400 when they do not fit, 501 for what is not offered.
    """
    if not 1 <= len(score_by) <= 100:
        raise bad_request(f"score_by must hold 1 to 100 clauses, got {len(score_by)}.")
    clauses = [_read_clause(position, given) for position, given in enumerate(score_by)]
    [first, *more] = clauses
    if more and any(clause.type in ("dense_vector", "sparse_vector") for clause in clauses):
        raise bad_request("A dense_vector or sparse_vector clause must be the only one of score_by.")
    if first.type == "dense_vector":
        return _by_dense(fields, first)
    if first.type == "sparse_vector":
        return _by_sparse(fields, first)
    return _by_text([_read_text(fields, clause) for clause in clauses])


def _read_clause(position: int, given: dict[str, Any]) -> Clause:
    try:
        clause = msgspec.convert(given, Clause)
    except msgspec.ValidationError as error:
        raise bad_request(f"score_by[{position}] does not fit: {error}.") from error
    if clause.field is not None and clause.fields is not None:
        raise bad_request(f"score_by[{position}] must have either field or fields.")
    has = {name for name in ("query", "values", "sparse_values") if getattr(clause, name) is not None}
    if clause.field is not None or clause.fields:
        has.add("field")
    if has != _NEEDS[clause.type]:
        wanted = " and ".join(sorted(_NEEDS[clause.type]))
        raise bad_request(f"score_by[{position}] of the type {clause.type} takes exactly {wanted}.")
    return clause


def _names(clause: Clause) -> list[str]:
    return [clause.field] if clause.field is not None else list(dict.fromkeys(clause.fields or ()))


def _vector_field(fields: dict[str, Any], clause: Clause) -> str:
    names = _names(clause)
    if len(names) != 1 or fields.get(names[0], {}).get("type") != clause.type:
        raise bad_request(f"A {clause.type} clause must name one field of that type, got {names}.")
    return names[0]


def _by_dense(fields: dict[str, Any], clause: Clause) -> Scoring:
    name = _vector_field(fields, clause)
    metric, dimension = fields[name]["metric"], fields[name]["dimension"]
    query = np.array(read_values(clause.values, dimension, "Query vector"), np.float32).astype(np.float64)

    def score(table: DocumentTable, keep: Mask, top_k: int) -> Found:
        vectors = table.dense[name]
        rows = np.array([row for row in np.flatnonzero(keep) if vectors[row] is not None], np.int64)
        scores = np.empty(len(rows), np.float64)
        for start in range(0, len(rows), _BLOCK_ROWS):
            block = rows[start : start + _BLOCK_ROWS]
            scores[start : start + len(block)] = _nearness([vectors[row] for row in block], query, metric)
        with np.errstate(over="ignore"):
            return best_of(rows, scores.astype(np.float32), top_k, lower=metric == "euclidean")

    return score


def _nearness(vectors: list[Any], query: F64, metric: str) -> F64:
    """Score vectors in float64; the same vector gets the same score wherever it stands."""
    exact = np.array(vectors, np.float64)
    if metric == "euclidean":
        distances: F64 = ((exact - query) ** 2).sum(axis=1)
        return distances
    dots: F64 = (exact * query).sum(axis=1)
    if metric == "dotproduct":
        return dots
    lengths = np.sqrt((exact**2).sum(axis=1)) * np.sqrt((query**2).sum())
    cosines: F64 = np.divide(dots, lengths, out=np.zeros_like(dots), where=lengths > 0)
    return cosines


def _by_sparse(fields: dict[str, Any], clause: Clause) -> Scoring:
    name = _vector_field(fields, clause)
    given = read_sparse_field(clause.sparse_values, "The query")
    query = np.array(given["indices"], np.uint32), np.array(given["values"], np.float32)

    def score(table: DocumentTable, keep: Mask, top_k: int) -> Found:
        scores, touched = sparse_scores(table.sparse[name].view(), query)
        return _best(Hits(touched, scores), keep, top_k)

    return score


def _best(hits: Hits, keep: Mask, top_k: int) -> Found:
    rows = np.flatnonzero(hits.found & keep)
    with np.errstate(over="ignore"):
        return best_of(rows, hits.scores[rows].astype(np.float32), top_k)


# ---- text


def _by_text(parts: list[TextScoring]) -> Scoring:
    def score(table: DocumentTable, keep: Mask, top_k: int) -> Found:
        hits = Hits.none(len(table.ids))
        for part in parts:
            hits = hits.either(part(table))
        return _best(hits, keep, top_k)

    return score


def _read_text(fields: dict[str, Any], clause: Clause) -> TextScoring:
    query = clause.query or ""
    if clause.type == "query_string":
        return _read_query_string(fields, query)
    names = _names(clause)
    for name in names:
        _check_searchable(fields, name)

    def score(table: DocumentTable) -> Hits:
        hits = Hits.none(len(table.ids))
        for name in names:
            column = table.texts[name]
            hits = hits.either(column.score_terms(column.analyzer.terms(query), table.alive))
        return hits

    return score


def _read_query_string(fields: dict[str, Any], query: str) -> TextScoring:
    try:
        node = parse_query(query)
    except BadQueryError as error:
        raise bad_request(str(error)) from error
    except UnofferedQueryError as error:
        raise ApiFault(501, "UNIMPLEMENTED", str(error)) from error
    if not any("full_text_search" in field for field in fields.values()):
        raise bad_request("The index has no field with full-text search.")
    for name in _named(node):
        _check_searchable(fields, name)

    def score(table: DocumentTable) -> Hits:
        found = evaluate_query(node, table.texts, table.alive)
        return Hits.none(len(table.ids)) if found is None else found

    return score


def _named(node: Node) -> set[str]:
    members = getattr(node, "wanted", ()) + getattr(node, "refused", ())
    own = getattr(node, "field", None)
    return set().union({own} if own is not None else set(), *(_named(member) for member in members))


def _check_searchable(fields: dict[str, Any], name: str) -> None:
    if "full_text_search" not in fields.get(name, {}):
        raise bad_request(f"The field {name!r} has no full-text search, so it cannot be searched by words.")
