"""The documents of an index with a schema: upsert, search, fetch, delete (API version 2026-01.alpha)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from ..http import ApiFault, Call, Reply, Route, bad_request, not_found, unsupported
from ..search.filters import Condition, Everything, FilterError, Group, fields_of, read_filter, text_fields_of
from ..state.document_table import table_of
from ..state.namespace import Namespace, Record
from ..state.resources import Index
from .document_search import read_scoring
from .documents_in import read_documents
from .records_in import check_size
from .records_out import query_units, read_reply, shown_scores, write_reply
from .wire import checked_namespace, read_token, shown_namespace, token_for

if TYPE_CHECKING:
    from ..engine import LocalEngine

__all__ = ["DATA_ROUTES", "ROUTES"]

MAX_DOCUMENTS = 1000


class UpsertRequest(msgspec.Struct):
    """The body of an upsert."""

    documents: list[dict[str, Any]]


class SearchRequest(msgspec.Struct):
    """The body of a search."""

    score_by: list[dict[str, Any]]
    top_k: int
    include_fields: list[str] | None = None
    filter: dict[str, Any] | None = None


class FetchRequest(msgspec.Struct):
    """The body of a fetch."""

    ids: list[str] | None = None
    filter: dict[str, Any] | None = None
    include_fields: list[str] | None = None
    limit: int | None = None
    pagination_token: str | None = None


class DeleteRequest(msgspec.Struct):
    """The body of a deletion."""

    ids: list[str] | None = None
    filter: dict[str, Any] | None = None
    delete_all: bool | None = None


def _index_of(engine: LocalEngine, call: Call) -> tuple[Index, dict[str, Any]]:
    version = call.headers.get("x-pinecone-api-version", "")
    if version >= "2026-07":
        raise ApiFault(
            501, "UNIMPLEMENTED", f"Documents are offered as in 2026-01.alpha, not as in {version}."
        )
    index = engine.index_of(call, documents=True)
    return index, index.row.fields or {}


def upsert(engine: LocalEngine, call: Call, namespace: str) -> Reply:
    """Answer ``POST /namespaces/{namespace}/documents/upsert``."""
    index, fields = _index_of(engine, call)
    check_size(call)
    documents = call.read(UpsertRequest).documents
    if not 1 <= len(documents) <= MAX_DOCUMENTS:
        raise bad_request(f"documents must hold 1 to {MAX_DOCUMENTS} documents, got {len(documents)}.")
    count = len(documents)
    index.data.add(checked_namespace(namespace), read_documents(fields, documents), engine.clock())
    return write_reply(index.data, {"upserted_count": count}, 202)


# ---- search


def search(engine: LocalEngine, call: Call, namespace: str) -> Reply:
    """Answer ``POST /namespaces/{namespace}/documents/search``."""
    index, fields = _index_of(engine, call)
    request = call.read(SearchRequest)
    if not 1 <= request.top_k <= 10_000:
        raise bad_request(f"top_k must be from 1 to 10000, got {request.top_k}.")
    condition = _read_condition(fields, request.filter, text=True)
    scoring = read_scoring(fields, request.score_by)
    name = checked_namespace(namespace)
    records = index.data.records(name)
    matches: list[dict[str, Any]] = []
    units = 1
    if records is not None:
        table = table_of(records, fields)
        with table.lock:
            snapshot = table.follow(records)
            found = scoring(table, table.kept(condition), request.top_k)
        units = query_units(snapshot.size)
        rows = found.rows.tolist()
        for row, score in zip(rows, shown_scores(found.scores), strict=True):
            shown = _shown(snapshot.record(row), request.include_fields)
            matches.append({"_id": shown.pop("_id"), "_score": score, **shown})
    answer = {"matches": matches, "namespace": shown_namespace(name), "usage": {"read_units": units}}
    return read_reply(index.data, answer)


def _read_condition(fields: dict[str, Any], filter_: Any, *, text: bool) -> Condition:
    """Read a filter and hold it to the schema; None and ``{}`` hold for every document."""
    if filter_ is None:
        return Everything()
    try:
        condition = read_filter(filter_, text=text)
    except FilterError as error:
        raise bad_request(str(error)) from error
    searchable = {name for name, field in fields.items() if "full_text_search" in field}
    if refused := sorted(text_fields_of(condition) - searchable):
        raise bad_request(f"The field {refused[0]!r} has no full-text search, so no text can be matched.")
    closed = {name for name, field in fields.items() if name in searchable or "vector" in field["type"]}
    if refused := sorted(_compared(condition) & closed):
        raise bad_request(
            f"The field {refused[0]!r} is searched and not filtered by; on text with full-text search use "
            "$match_phrase, $match_all or $match_any."
        )
    return condition


def _compared(condition: Condition) -> set[str]:
    """Return the fields whose values, not terms, a condition asks about."""
    if isinstance(condition, Group):
        return set().union(*(_compared(member) for member in condition.members))
    return fields_of(condition) - text_fields_of(condition)


def _shown(record: Record, include_fields: list[str] | None) -> dict[str, Any]:
    """Show a document: all its fields without a list or with ``*``, else those named."""
    document = msgspec.json.decode(record.metadata or b"{}", type=dict[str, msgspec.Raw])
    shown: dict[str, Any] = {"_id": record.id, **document}
    if include_fields is None or "*" in include_fields:
        return shown
    return {name: value for name, value in shown.items() if name == "_id" or name in include_fields}


# ---- fetch


def fetch(engine: LocalEngine, call: Call, namespace: str) -> Reply:
    """Answer ``POST /namespaces/{namespace}/documents/fetch``."""
    index, fields = _index_of(engine, call)
    request = call.read(FetchRequest)
    name = checked_namespace(namespace)
    records = index.data.records(name)
    answer: dict[str, Any] = {"documents": {}, "namespace": shown_namespace(name), "usage": {"read_units": 1}}
    if (request.ids is None) == (request.filter is None):
        raise bad_request("Fetch takes either ids or a filter.")
    if request.ids is not None:
        ids = _checked_ids(request.ids)
        if request.limit is not None or request.pagination_token is not None:
            raise bad_request("limit and pagination_token go with a filter only.")
    else:
        ids = _fetched_page(fields, request, records, answer)
    if records is not None:
        found = records.find_all(ids)
        answer["documents"] = {record.id: _shown(record, request.include_fields or None) for record in found}
    answer["usage"]["read_units"] = max(1, -(-len(ids) // 10))
    return read_reply(index.data, answer)


def _fetched_page(
    fields: dict[str, Any], request: FetchRequest, records: Namespace | None, answer: dict[str, Any]
) -> list[str]:
    """Return the ids of a page by filter, and put the token of the next one into the answer."""
    if not request.filter:
        raise bad_request("filter must not be empty.")
    limit = 100 if request.limit is None else request.limit
    if not 1 <= limit <= 10_000:
        raise bad_request(f"limit must be from 1 to 10000, got {limit}.")
    condition = _read_condition(fields, request.filter, text=True)
    after = read_token(request.pagination_token)
    found = [] if records is None else _matching_ids(records, fields, condition)
    # Pages go by id, so that a token survives writes between two of them.
    ids = sorted(id_ for id_ in found if after is None or id_ > after)
    if len(ids) > limit:
        answer["pagination"] = {"next": token_for(ids[limit - 1])}
    return ids[:limit]


def _matching_ids(records: Namespace, fields: dict[str, Any], condition: Condition) -> list[str]:
    table = table_of(records, fields)
    with table.lock:
        table.follow(records)
        return [table.ids[row] for row in table.kept(condition).nonzero()[0].tolist()]


def _checked_ids(ids: list[str]) -> list[str]:
    if not 1 <= len(ids) <= MAX_DOCUMENTS:
        raise bad_request(f"ids must hold 1 to {MAX_DOCUMENTS} ids, got {len(ids)}.")
    return list(dict.fromkeys(ids))


# ---- delete


def delete(engine: LocalEngine, call: Call, namespace: str) -> Reply:
    """Answer ``POST /namespaces/{namespace}/documents/delete``."""
    index, fields = _index_of(engine, call)
    request = call.read(DeleteRequest)
    name = checked_namespace(namespace)
    if sum([request.ids is not None, request.filter is not None, bool(request.delete_all)]) != 1:
        raise bad_request("Delete takes exactly one of ids, filter and delete_all.")
    select: Callable[[Namespace], list[str]] | None = None
    if request.ids is not None:
        ids = _checked_ids(request.ids)
        select = lambda data: ids  # noqa: E731
    elif request.filter is not None:
        condition = _read_condition(fields, request.filter, text=False)
        if isinstance(condition, Everything):
            raise bad_request("filter must not be empty; to delete all documents send delete_all.")
        select = lambda data: _matching_ids(data, fields, condition)  # noqa: E731
    if index.data.entry(name) is None:
        raise not_found("Namespace not found")
    if select is None:
        index.data.clear(name)
    else:
        index.data.remove(name, select)
    return write_reply(index.data, {}, 202)


_REFUSED = unsupported(
    "Documents cannot be updated or listed in this version of pinecone-local; upsert them again, or fetch "
    "them by ids or a filter."
)

ROUTES: list[Route] = []

DATA_ROUTES = [
    Route("POST", "/namespaces/{namespace}/documents/upsert", upsert),
    Route("POST", "/namespaces/{namespace}/documents/search", search),
    Route("POST", "/namespaces/{namespace}/documents/fetch", fetch),
    Route("POST", "/namespaces/{namespace}/documents/delete", delete),
    *(Route("POST", f"/namespaces/{{namespace}}/documents/{verb}", _REFUSED) for verb in ("update", "list")),
]
