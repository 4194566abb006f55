"""The data plane's namespaces: list, create, describe, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ..http import ApiFault, Call, Reply, Route, bad_request, not_found
from ..state.dataset import NamespaceEntry
from ..state.resources import IndexRow
from .records_out import read_reply, write_reply
from .specs import checked_schema
from .wire import DEFAULT_NAMESPACE, checked_namespace, page_of, shown_namespace

if TYPE_CHECKING:
    from ..engine import LocalEngine

__all__ = ["ROUTES"]


class CreateRequest(msgspec.Struct):
    """The body of ``POST /namespaces``."""

    name: str
    schema: dict[str, Any] | None = None


def _show(row: IndexRow, entry: NamespaceEntry) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": shown_namespace(entry.name), "record_count": entry.count}
    if entry.schema is not None:
        shown["schema"] = msgspec.Raw(entry.schema)
        shown["indexed_fields"] = {"fields": sorted(msgspec.json.decode(entry.schema)["fields"])}
    elif (fields := row.filterable()) is not None:
        shown["schema"] = {"fields": {name: {"filterable": True} for name in sorted(fields)}}
        shown["indexed_fields"] = {"fields": sorted(fields)}
    return shown


def list_namespaces(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /namespaces``."""
    index = engine.index_of(call, documents=None)
    prefix = call.param("prefix") or ""
    entries = [entry for entry in index.data.entries() if shown_namespace(entry.name).startswith(prefix)]
    entries.sort(key=lambda entry: shown_namespace(entry.name))
    items = [(shown_namespace(entry.name), _show(index.row, entry)) for entry in entries]
    page, pagination = page_of(call, items)
    return read_reply(index.data, {"namespaces": page, "total_count": len(items), **pagination})


def create(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /namespaces``."""
    index = engine.index_of(call)
    request = call.read(CreateRequest)
    name = checked_namespace(request.name)
    if not name:
        raise bad_request(f"A namespace needs a name; {DEFAULT_NAMESPACE!r} is made by the first upsert.")
    schema = None if request.schema is None else msgspec.json.encode(checked_schema(request.schema))
    if not index.data.ensure(name, engine.clock(), schema):
        raise ApiFault(409, "ALREADY_EXISTS", f"The namespace {name!r} already exists.")
    entry = index.data.entry(name)
    if entry is None:
        raise not_found("Namespace not found")
    return write_reply(index.data, _show(index.row, entry))


def describe(engine: LocalEngine, call: Call, namespace: str) -> Reply:
    """Answer ``GET /namespaces/{namespace}``."""
    index = engine.index_of(call, documents=None)
    entry = index.data.entry(checked_namespace(namespace))
    if entry is None:
        raise not_found("Namespace not found")
    return read_reply(index.data, _show(index.row, entry))


def delete(engine: LocalEngine, call: Call, namespace: str) -> Reply:
    """Answer ``DELETE /namespaces/{namespace}``."""
    index = engine.index_of(call, documents=None)
    if not index.data.drop(checked_namespace(namespace)):
        raise not_found("Namespace not found")
    return write_reply(index.data, {})


ROUTES = [
    Route("GET", "/namespaces", list_namespaces),
    Route("POST", "/namespaces", create),
    Route("GET", "/namespaces/{namespace}", describe),
    Route("DELETE", "/namespaces/{namespace}", delete),
]
