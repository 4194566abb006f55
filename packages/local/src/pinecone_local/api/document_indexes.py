"""Indexes of documents: their schema and their shape in requests and answers (API version 2026-01.alpha)."""

from __future__ import annotations

from typing import Any

import msgspec

from ..http import ApiFault, Call, bad_request
from ..state.resources import IndexRow
from .configuring import ConfigureRequest
from .specs import checked_spec

__all__ = ["VERSION", "NewIndex", "is_asked", "read_change", "read_new", "show"]

VERSION = "2026-01.alpha"

_METRICS = ("cosine", "dotproduct", "euclidean")
_PLAIN = ("string_list", "boolean", "float", "integer")
_KNOWN = {
    "dense_vector": {"dimension", "metric"},
    "sparse_vector": {"metric"},
    "string": {"full_text_search", "filterable"},
    **{kind: {"filterable"} for kind in _PLAIN},
}
_RESERVED = ("_id", "_values", "_sparse_values")


class CreateRequest(msgspec.Struct):
    """The body of ``POST /indexes``."""

    schema: dict[str, Any]
    name: str | None = None
    deployment: dict[str, Any] | None = None
    read_capacity: dict[str, Any] | None = None
    deletion_protection: str | None = None
    tags: dict[str, str] | None = None
    source_collection: str | None = None
    source_backup_id: str | None = None
    cmek_id: str | None = None


class ChangeRequest(msgspec.Struct):
    """The body of ``PATCH /indexes/{index_name}``."""

    schema: dict[str, Any] | None = None
    deployment: dict[str, Any] | None = None
    read_capacity: dict[str, Any] | None = None
    deletion_protection: str | None = None
    tags: dict[str, str] | None = None


class NewIndex(msgspec.Struct):
    """A new index, as it is to be made."""

    name: str | None
    spec: dict[str, Any]
    fields: dict[str, Any]
    metric: str
    protection: str | None
    tags: dict[str, str] | None


def _unoffered(sentence: str) -> ApiFault:
    return ApiFault(501, "UNIMPLEMENTED", sentence)


def is_asked(call: Call) -> bool:
    """Say whether a call is made under the version of the API that has indexes of documents."""
    return call.headers.get("x-pinecone-api-version") == VERSION


def read_new(call: Call) -> NewIndex:
    """Read the body of ``POST /indexes``.

    Raises:
        ApiFault: 400 for what does not fit, 501 for what is not offered.
    """
    request = call.read(CreateRequest)
    for name in ("source_collection", "source_backup_id", "cmek_id"):
        if getattr(request, name) is not None:
            raise _unoffered(f"{name} is not offered for indexes of documents.")
    deployment = request.deployment or {"deployment_type": "managed", "cloud": "aws", "region": "us-east-1"}
    kind = deployment.get("deployment_type")
    if kind in ("pod", "byoc"):
        raise _unoffered(f"Indexes of documents are offered with managed deployment only, not {kind}.")
    if kind != "managed":
        raise bad_request(f"deployment.deployment_type must be 'managed', 'pod' or 'byoc', got {kind!r}.")
    inner = {key: deployment.get(key) for key in ("cloud", "region")}
    spec = checked_spec({"serverless": {**inner, "read_capacity": request.read_capacity}})
    fields = _checked_fields(request.schema.get("fields"))
    metric = next((one["metric"] for one in fields.values() if one["type"] == "dense_vector"), "dotproduct")
    return NewIndex(request.name, spec, fields, metric, request.deletion_protection, request.tags)


def read_change(call: Call) -> ConfigureRequest:
    """Read the body of ``PATCH /indexes/{index_name}`` as the change of spec, tags and protection it is.

    Raises:
        ApiFault: 400 for what does not fit, 501 for what is not offered.
    """
    request = call.read(ChangeRequest)
    if request.schema is not None:
        raise _unoffered("Only semantic_text fields can be changed, and those are not offered.")
    if request.deployment is not None:
        raise bad_request("Only the deployment of pod indexes can be changed.")
    capacity = request.read_capacity
    spec = None if capacity is None else {"serverless": {"read_capacity": capacity}}
    return ConfigureRequest(spec, request.deletion_protection, request.tags)


def show(call: Call, row: IndexRow, now: float) -> dict[str, Any]:
    """Show an index of documents as the API's ``IndexModel``."""
    state = row.state(now)
    inner = row.spec["serverless"]
    shown: dict[str, Any] = {
        "name": row.name,
        "host": call.index_url(row.label),
        "status": {"ready": state == "Ready", "state": state},
        "deployment": {"deployment_type": "managed", "cloud": inner["cloud"], "region": inner["region"]},
        "read_capacity": inner["read_capacity"],
        "schema": {"fields": row.fields},
        "deletion_protection": row.deletion_protection,
    }
    if row.tags:
        shown["tags"] = row.tags
    return shown


# ---- schema


def _checked_fields(fields: Any) -> dict[str, Any]:
    if not isinstance(fields, dict) or not fields:
        raise bad_request("schema must be an object such as {'fields': {'body': {'type': 'string', ...}}}.")
    checked = {name: _checked_field(name, field) for name, field in fields.items()}
    for kind in ("dense_vector", "sparse_vector"):
        if sum(field["type"] == kind for field in checked.values()) > 1:
            raise bad_request(f"A schema must have at most one field of the type {kind}.")
    if not any(
        field["type"] in ("dense_vector", "sparse_vector") or "full_text_search" in field
        for field in checked.values()
    ):
        raise bad_request(
            "A schema must have at least one field to search: a dense_vector, a sparse_vector, or a string "
            "with full_text_search."
        )
    return checked


def _checked_field(name: str, field: Any) -> dict[str, Any]:
    if not name or name in _RESERVED or name[0] in "_$" or len(name.encode()) > 64:
        raise bad_request(
            f"A field's name must have 1 to 64 bytes and not start with '_' or '$', got {name!r}."
        )
    where = f"schema.fields[{name!r}]"
    if not isinstance(field, dict):
        raise bad_request(f"{where} must be an object with a type.")
    kind = "float" if field.get("type") == "number" else field.get("type")
    if kind == "semantic_text":
        raise _unoffered(f"{where}: semantic_text fields are not offered.")
    if not isinstance(kind, str) or kind not in _KNOWN:
        raise bad_request(f"{where}.type must be one of {', '.join(_KNOWN)}, got {kind!r}.")
    given = {key: value for key, value in field.items() if value is not None and key != "type"}
    if odd := sorted(set(given) - _KNOWN[kind] - {"description"}):
        raise bad_request(f"{where} has {odd[0]!r}, which is not known for the type {kind}.")
    shown: dict[str, Any] = {"type": kind}
    if "description" in given:
        shown["description"] = _typed(given["description"], str, f"{where}.description")
    if kind == "dense_vector":
        return shown | _checked_dense(given, where)
    if kind == "sparse_vector":
        if given.get("metric", "dotproduct") != "dotproduct":
            raise bad_request(f"{where}.metric must be 'dotproduct'.")
        return shown
    return shown | _checked_text(kind, given, where)


def _checked_dense(given: dict[str, Any], where: str) -> dict[str, Any]:
    dimension = _typed(given.get("dimension"), int, f"{where}.dimension")
    if not 1 <= dimension <= 20_000:
        raise bad_request(f"{where}.dimension must be from 1 to 20000, got {dimension}.")
    metric = given.get("metric")
    if metric not in _METRICS:
        raise bad_request(f"{where}.metric must be one of {', '.join(_METRICS)}, got {metric!r}.")
    return {"dimension": dimension, "metric": metric}


def _checked_text(kind: str, given: dict[str, Any], where: str) -> dict[str, Any]:
    filterable = _typed(given.get("filterable", False), bool, f"{where}.filterable")
    if "full_text_search" in given:
        if filterable:
            raise bad_request(f"{where} must not be filterable beside full_text_search.")
        return {"full_text_search": _checked_search(given["full_text_search"], f"{where}.full_text_search")}
    if kind == "string" and not filterable:
        raise bad_request(f"{where} must have full_text_search, or be filterable.")
    return {"filterable": True} if filterable else {}


def _checked_search(given: Any, where: str) -> dict[str, Any]:
    given = {key: value for key, value in _typed(given, dict, where).items() if value is not None}
    if odd := sorted(set(given) - {"language", "stemming", "stop_words"}):
        raise bad_request(f"{where} has {odd[0]!r}, which cannot be set.")
    language = _typed(given.get("language", "en"), str, f"{where}.language")
    stemming = _typed(given.get("stemming", False), bool, f"{where}.stemming")
    stop_words = _typed(given.get("stop_words", False), bool, f"{where}.stop_words")
    if stop_words and not stemming:
        raise bad_request(f"{where}.stop_words requires stemming.")
    if stemming and language != "en":
        raise _unoffered(f"{where}: stemming is offered for English only, not {language!r}.")
    return {
        "language": language,
        "stemming": stemming,
        "stop_words": stop_words,
        "lowercase": True,
        "max_term_len": 40,
    }


def _typed(value: Any, kind: type, where: str) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        names = {str: "a string", int: "a whole number", bool: "true or false", dict: "an object"}
        raise bad_request(f"{where} must be {names[kind]}, got {value!r}.")
    return value
