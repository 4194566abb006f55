"""What the preview operations send: indexes with a schema, and documents."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from pinecone_core.checks import between, enum_value, non_empty_string, resource_name
from pinecone_core.codec import encode
from pinecone_core.config import PineconeConfig
from pinecone_core.errors import PineconeTypeError, PineconeValueError, UnexpectedArgumentError
from pinecone_core.filters import as_filter
from pinecone_core.hosts import path

from ..models.preview.requests import PreviewConfigureIndexRequest, PreviewCreateIndexRequest
from .arguments import as_mapping, deletion_protection, tags

__all__ = [
    "PREVIEW_VERSION",
    "at_once",
    "bulk_options",
    "config_and_host",
    "configure_request",
    "create_request",
    "delete_body",
    "document_bytes",
    "documents_path",
    "fetch_body",
    "search_body",
    "upsert_body",
]

PREVIEW_VERSION = "2026-01.alpha"
_MOST_TAGS = 20


def _without_none(value: Any) -> Any:
    """Drop None from dicts at every depth, and turn models into dicts."""
    to_dict = getattr(value, "to_dict", None)
    if callable(to_dict):
        value = to_dict()
    if isinstance(value, Mapping):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_none(item) for item in value]
    return enum_value(value)


def _given(name: str, value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    plain = _without_none(value)
    if not isinstance(plain, dict):
        raise PineconeTypeError(f"{name} must be a dict, got {type(value).__name__}")
    return plain


def _schema(value: Any) -> dict[str, Any]:
    given = _given("schema", value)
    fields = None if given is None else given.get("fields")
    if not isinstance(fields, dict) or not fields:
        raise PineconeValueError(
            "schema must be {'fields': {name: definition, ...}} with at least one field; "
            "PreviewSchemaBuilder().add_...().build() makes one"
        )
    return {**(given or {}), "fields": {name: _usable(name, item) for name, item in fields.items()}}


def _usable(name: str, definition: Any) -> dict[str, Any]:
    field = as_mapping(f"schema['fields'][{name!r}]", definition)
    # False is what it is anyway, and refused beside full-text search.
    if field.get("filterable") is False:
        del field["filterable"]
    # The service refuses a text field that can be neither searched nor filtered by.
    if field.get("type") == "string" and "full_text_search" not in field and not field.get("filterable"):
        field["filterable"] = True
    return field


def create_request(
    *,
    schema: Any,
    name: str | None,
    deployment: Any,
    read_capacity: Any,
    protection: Any,
    tag_values: Any,
    source_collection: str | None,
    source_backup_id: str | None,
    cmek_id: str | None,
) -> PreviewCreateIndexRequest:
    """Return the body of ``POST /indexes``."""
    return PreviewCreateIndexRequest(
        schema=_schema(schema),
        name=None if name is None else resource_name("name", name),
        deployment=_given("deployment", deployment),
        read_capacity=_given("read_capacity", read_capacity),
        deletion_protection=None if protection is None else deletion_protection(protection),
        tags=tags(tag_values, most=_MOST_TAGS),
        source_collection=source_collection,
        source_backup_id=source_backup_id,
        cmek_id=cmek_id,
    )


def configure_request(
    *, schema: Any, deployment: Any, read_capacity: Any, protection: Any, tag_values: Any
) -> PreviewConfigureIndexRequest:
    """Return the body of ``PATCH /indexes/{name}``."""
    given = {
        "schema": schema,
        "deployment": deployment,
        "read_capacity": read_capacity,
        "tags": tag_values,
    }
    if protection is None and all(value is None for value in given.values()):
        raise PineconeValueError(f"at least one of {', '.join(given)} and deletion_protection must be given")
    for name, value in given.items():
        if value is not None and isinstance(value, Mapping) and not value:
            raise PineconeValueError(f"{name} cannot be an empty dict; leave it out")
    return PreviewConfigureIndexRequest(
        schema=None if schema is None else _changed_schema(schema),
        deployment=_given("deployment", deployment),
        read_capacity=_given("read_capacity", read_capacity),
        deletion_protection=None if protection is None else deletion_protection(protection),
        tags=tags(tag_values, most=_MOST_TAGS),
    )


def _changed_schema(value: Any) -> dict[str, Any]:
    schema = _schema(value)
    for name, field in schema["fields"].items():
        if field.get("type") != "semantic_text":
            raise PineconeValueError(
                f"schema['fields'][{name!r}] cannot be changed: only fields of type 'semantic_text' can"
            )
    return schema


# ---- documents ------------------------------------------------------------------------------


def documents_path(namespace: str, action: str) -> str:
    """Return where documents of a namespace are worked on."""
    return path("/namespaces/{}/documents/", non_empty_string("namespace", namespace)) + action


def _document_id(document: Any, where: str) -> str:
    if not isinstance(document, Mapping):
        raise PineconeTypeError(f"{where} must be a dict, got {type(document).__name__}")
    found = document.get("_id")
    if found is None:
        raise PineconeValueError(f"{where} must have an '_id'")
    if not isinstance(found, str) or not found:
        raise PineconeValueError(f"{where}['_id'] must be a non-empty string, got {found!r}")
    return found


def document_bytes(document: Any, position: int) -> bytes:
    """Write one document as JSON."""
    where = f"documents[{position}]"
    _document_id(document, where)
    return encode(document, where)


def upsert_body(documents: Any) -> dict[str, Any]:
    """Return the body of an upsert."""
    if isinstance(documents, Mapping | str) or not isinstance(documents, Sequence):
        raise PineconeTypeError(f"documents must be a list of dicts, got {type(documents).__name__}")
    if not documents:
        raise PineconeValueError("documents must not be empty")
    seen: dict[str, int] = {}
    for position, document in enumerate(documents):
        found = _document_id(document, f"documents[{position}]")
        if found in seen:
            raise PineconeValueError(
                f"documents[{position}]['_id'] {found!r} was given before, at documents[{seen[found]}]"
            )
        seen[found] = position
    return {"documents": list(documents)}


def search_body(top_k: Any, score_by: Any, include_fields: Any, filter: Any) -> dict[str, Any]:
    """Return the body of a search."""
    body: dict[str, Any] = {
        "top_k": between("top_k", top_k, 1, 10_000),
        "score_by": _clauses(score_by),
    }
    if include_fields is not None:
        body["include_fields"] = _names("include_fields", include_fields)
    if filter is not None:
        body["filter"] = as_filter(filter)
    return body


def _clauses(score_by: Any) -> list[Any]:
    # One clause alone is taken for a list of one.
    if isinstance(score_by, Mapping) or hasattr(type(score_by), "__struct_fields__"):
        score_by = [score_by]
    if isinstance(score_by, str) or not isinstance(score_by, Sequence):
        raise PineconeTypeError(f"score_by must be a list of queries, got {type(score_by).__name__}")
    if not score_by:
        raise PineconeValueError("score_by must not be empty")
    return list(score_by)


def _names(name: str, value: Any) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise PineconeTypeError(f"{name} must be a list of strings, got {type(value).__name__}")
    for position, item in enumerate(value):
        if not isinstance(item, str):
            raise PineconeTypeError(f"{name}[{position}] must be a string, got {type(item).__name__}")
    return list(value)


def fetch_body(ids: Any, include_fields: Any) -> dict[str, Any]:
    """Return the body of a fetch."""
    if ids is None or not _names("ids", ids):
        raise PineconeValueError("ids must not be empty")
    body: dict[str, Any] = {"ids": _names("ids", ids)}
    if include_fields is not None:
        body["include_fields"] = _names("include_fields", include_fields)
    return body


def delete_body(ids: Any, delete_all: bool) -> dict[str, Any]:
    """Return the body of a deletion."""
    if delete_all and ids is not None:
        raise PineconeValueError("Exactly one of ids and delete_all must be given, got both")
    if delete_all:
        return {"delete_all": True}
    if ids is None:
        raise PineconeValueError("Exactly one of ids and delete_all must be given, got none")
    checked = _names("ids", ids)
    if not checked:
        raise PineconeValueError("ids must not be empty; to delete everything pass delete_all=True")
    return {"ids": checked}


def bulk_options(batch_size: Any, max_concurrency: Any, more: dict[str, Any]) -> tuple[int, int]:
    """Return batch size and concurrency of a bulk upsert."""
    workers = more.pop("max_workers", None)
    if more:
        raise UnexpectedArgumentError(f"unexpected keyword arguments: {', '.join(sorted(more))}")
    if workers is not None and max_concurrency is not None:
        raise PineconeValueError("max_workers is an older name of max_concurrency; pass only one of them")
    wanted = workers if max_concurrency is None else max_concurrency
    return (
        between("batch_size", batch_size, 1, 1000),
        between("max_concurrency", 4 if wanted is None else wanted, 1, 64),
    )


# ---- handles --------------------------------------------------------------------------------


def config_and_host(given: tuple[Any, ...], config: Any, host: Any) -> tuple[PineconeConfig, str | None]:
    """Read configuration and host, which by position may come in either order."""
    for value in given:
        if isinstance(value, PineconeConfig) and config is None:
            config = value
        elif isinstance(value, str) and host is None:
            host = value
        elif value is not None:
            raise PineconeTypeError(f"expected a configuration and a host, got {type(value).__name__}")
    if config is None:
        raise PineconeTypeError("config is missing; use pc.preview.index(name=...) to make a handle")
    return config, host


def at_once(value: Any) -> Any:
    """Return what is there already; of a coroutine, which is not, nothing is run and None returned."""
    if inspect.iscoroutine(value):
        value.close()
        return None
    return value
