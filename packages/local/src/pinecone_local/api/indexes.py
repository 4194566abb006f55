"""The control plane's indexes: create, describe, list, configure, delete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from ..http import ApiFault, Call, Reply, Route, bad_request, json_reply, not_found
from ..state.dataset import Dataset
from ..state.resources import Collection, Index, IndexRow
from . import document_indexes
from .configuring import ConfigureRequest
from .integrated import changed_embed, new_embed, shown_embed
from .specs import changed_spec, checked_spec, source_collection_of
from .wire import checked_name, checked_tags

if TYPE_CHECKING:
    from ..engine import LocalEngine

__all__ = ["METRICS", "ROUTES", "checked_protection", "find_index", "make_index", "show_index"]

METRICS = ("cosine", "dotproduct", "euclidean")

_VERSION = re.compile(r"\d{4}-\d{2}(\.[a-z]+)?")


class CreateRequest(msgspec.Struct):
    """The body of ``POST /indexes``."""

    name: str
    spec: dict[str, Any] | None = None
    schema: dict[str, Any] | None = None
    deployment: dict[str, Any] | None = None
    dimension: int | None = None
    metric: str | None = None
    deletion_protection: str | None = None
    tags: dict[str, str] | None = None
    vector_type: str | None = None


class CreateForModelRequest(msgspec.Struct):
    """The body of ``POST /indexes/create-for-model``."""

    name: str
    cloud: str
    region: str
    embed: dict[str, Any]
    deletion_protection: str | None = None
    tags: dict[str, str] | None = None
    schema: dict[str, Any] | None = None
    read_capacity: dict[str, Any] | None = None


def show_index(call: Call, row: IndexRow, now: float) -> dict[str, Any]:
    """Show an index as the API's ``IndexModel``."""
    state = row.state(now)
    shown: dict[str, Any] = {
        "name": row.name,
        "metric": row.metric,
        "host": call.index_url(row.label),
        "deletion_protection": row.deletion_protection,
        "tags": row.tags,
        "spec": row.spec,
        "status": {"ready": state == "Ready", "state": state},
        "vector_type": row.vector_type,
    }
    if row.dimension is not None:
        shown["dimension"] = row.dimension
    if row.embed is not None:
        shown["embed"] = shown_embed(row)
    if not row.tags:
        del shown["tags"]
    return shown


def find_index(engine: LocalEngine, name: str) -> Index:
    """Return the index of this name.

    Raises:
        ApiFault: 404 when there is none.
    """
    index = engine.project.indexes.get(name)
    if index is None:
        raise not_found(f"Resource {name} not found.")
    return index


def make_index(
    engine: LocalEngine,
    *,
    name: str,
    metric: str,
    vector_type: str,
    dimension: int | None,
    spec: dict[str, Any],
    protection: str | None,
    tags: dict[str, str] | None,
    embed: dict[str, Any] | None = None,
    fields: dict[str, Any] | None = None,
    source: Dataset | None = None,
) -> Index:
    """Make an index, empty or with a copy of what a dataset holds.

    Raises:
        ApiFault: 409 when the name is taken, 403 when a quota would be exceeded.
    """
    project = engine.project
    now = engine.clock()
    with project.lock:
        if name in project.indexes:
            raise ApiFault(409, "ALREADY_EXISTS", "Resource already exists.")
        project.check_index(spec)
        row = IndexRow(
            uid=project.new_uid(),
            name=name,
            label=project.new_label(name),
            metric=metric,
            vector_type=vector_type,
            spec=spec,
            created=now,
            ready_at=now + project.ready_after,
            dimension=dimension,
            deletion_protection=checked_protection(protection),
            tags={key: value for key, value in checked_tags(tags or {}).items() if value},
            embed=embed,
            fields=fields,
        )
        data = Dataset(project.store, row.uid, dimension)
        index = Index(row, data)
        if source is None:
            project.add_index(index)
        else:
            frozen = source.freeze()
            project.add_index(index, lambda batch: data.fill(batch, frozen, in_memory=not engine.durable))
        return index


def checked_protection(value: str | None) -> str:
    """Return whether deletion is refused, ``enabled`` or ``disabled``."""
    if value not in (None, "enabled", "disabled"):
        raise bad_request(f"deletion_protection must be 'enabled' or 'disabled', got {value!r}.")
    return value or "disabled"


def _is_alpha(call: Call) -> bool:
    """Say whether a call is about indexes of documents, which have another shape.

    Raises:
        ApiFault: 400 for what is no version, 501 for versions in which indexes have a third shape.
    """
    if document_indexes.is_asked(call):
        return True
    version = call.headers.get("x-pinecone-api-version", "2025-10")
    if not _VERSION.fullmatch(version):
        raise bad_request(f"X-Pinecone-Api-Version must be like 2025-10, got {version!r}.")
    if version.endswith(".alpha") or version >= "2026-07":
        raise ApiFault(
            501,
            "UNIMPLEMENTED",
            f"Indexes have another shape in the API version {version}; pinecone-local speaks 2025-10, and "
            f"{document_indexes.VERSION} for indexes of documents.",
        )
    return False


def _check_kind(row: IndexRow, *, alpha: bool) -> None:
    if alpha != (row.fields is not None):
        held, version = ("vectors", "2025-10") if alpha else ("documents", document_indexes.VERSION)
        raise ApiFault(
            501,
            "UNIMPLEMENTED",
            f"The index {row.name!r} holds {held}: it is described and configured under the API version "
            f"{version} only.",
        )


# ---- handlers


def list_indexes(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /indexes``."""
    alpha, now = _is_alpha(call), engine.clock()
    show = document_indexes.show if alpha else show_index
    rows = [index.row for index in engine.project.indexes.copy().values()]
    return json_reply(
        {"indexes": [show(call, row, now) for row in rows if alpha == (row.fields is not None)]}
    )


def create(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /indexes``."""
    if _is_alpha(call):
        return _create_for_documents(engine, call)
    request = call.read(CreateRequest)
    if request.schema is not None or request.deployment is not None:
        raise ApiFault(
            501,
            "UNIMPLEMENTED",
            "Indexes with a schema of their own are made under the API version "
            f"{document_indexes.VERSION} only; send it as X-Pinecone-Api-Version, or spec and dimension.",
        )
    if request.spec is None:
        raise bad_request("spec is required, with exactly one of serverless, pod and byoc.")
    name = checked_name(request.name, "Index")
    vector_type = request.vector_type or "dense"
    if vector_type not in ("dense", "sparse"):
        raise bad_request(f"vector_type must be 'dense' or 'sparse', got {vector_type!r}.")
    metric = request.metric or ("dotproduct" if vector_type == "sparse" else "cosine")
    if metric not in METRICS:
        raise bad_request(f"metric must be one of {', '.join(METRICS)}, got {metric!r}.")
    _check_shape(vector_type, metric, request.dimension)
    spec = checked_spec(request.spec)
    source = _source(engine, spec, request.dimension)
    index = make_index(
        engine,
        name=name,
        metric=metric,
        vector_type=vector_type,
        dimension=request.dimension,
        spec=spec,
        protection=request.deletion_protection,
        tags=request.tags,
        source=None if source is None else source.data,
    )
    return json_reply(show_index(call, index.row, engine.clock()), status=201)


def _create_for_documents(engine: LocalEngine, call: Call) -> Reply:
    new = document_indexes.read_new(call)
    name = new.name if new.name is not None else f"index-{engine.project.new_uid()[:8]}"
    index = make_index(
        engine,
        name=checked_name(name, "Index"),
        metric=new.metric,
        # Vectors are fields of documents, so the arrays of vector indexes stay empty.
        vector_type="sparse",
        dimension=None,
        spec=new.spec,
        protection=new.protection,
        tags=new.tags,
        fields=new.fields,
    )
    return json_reply(document_indexes.show(call, index.row, engine.clock()), status=201)


def _check_shape(vector_type: str, metric: str, dimension: int | None) -> None:
    if vector_type == "sparse":
        if metric != "dotproduct":
            raise bad_request(f"Sparse vector indexes must use the metric 'dotproduct', got {metric!r}.")
        if dimension is not None:
            raise bad_request("dimension should not be specified for sparse indexes.")
    elif dimension is None:
        raise bad_request("dimension is required for dense indexes.")
    elif not 1 <= dimension <= 20_000:
        raise bad_request(f"dimension must be from 1 to 20000, got {dimension}.")


def _source(engine: LocalEngine, spec: dict[str, Any], dimension: int | None) -> Collection | None:
    name = source_collection_of(spec)
    if name is None:
        return None
    collection = engine.project.collections.get(name)
    if collection is None:
        raise not_found(f"The source collection {name} was not found.")
    if engine.clock() < collection.row.ready_at:
        raise bad_request(f"The source collection {name} is not ready yet; wait until it is.")
    if collection.row.dimension != dimension:
        raise bad_request(
            f"The index's dimension {dimension} does not match the dimension {collection.row.dimension} "
            f"of the source collection {name}."
        )
    return collection


def create_for_model(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /indexes/create-for-model``."""
    if _is_alpha(call):
        raise ApiFault(501, "UNIMPLEMENTED", "Indexes of documents with an embedding model are not offered.")
    request = call.read(CreateForModelRequest)
    name = checked_name(request.name, "Index")
    inner: dict[str, Any] = {"cloud": request.cloud, "region": request.region}
    if request.schema is not None:
        inner["schema"] = request.schema
    if request.read_capacity is not None:
        inner["read_capacity"] = request.read_capacity
    spec = checked_spec({"serverless": inner})
    model = new_embed(request.embed)
    index = make_index(
        engine,
        name=name,
        metric=model.metric,
        vector_type=model.vector_type,
        dimension=model.dimension,
        spec=spec,
        protection=request.deletion_protection,
        tags=request.tags,
        embed=model.embed,
    )
    return json_reply(show_index(call, index.row, engine.clock()), status=201)


def describe(engine: LocalEngine, call: Call, index_name: str) -> Reply:
    """Answer ``GET /indexes/{index_name}``."""
    alpha, row = _is_alpha(call), find_index(engine, index_name).row
    _check_kind(row, alpha=alpha)
    show = document_indexes.show if alpha else show_index
    return json_reply(show(call, row, engine.clock()))


def configure(engine: LocalEngine, call: Call, index_name: str) -> Reply:
    """Answer ``PATCH /indexes/{index_name}``."""
    alpha = _is_alpha(call)
    request = document_indexes.read_change(call) if alpha else call.read(ConfigureRequest)
    with engine.project.lock:
        index = find_index(engine, index_name)
        _check_kind(index.row, alpha=alpha)
        row = msgspec.structs.replace(index.row)
        if row.gone_at is not None:
            raise ApiFault(412, "FAILED_PRECONDITION", f"The index {index_name} is being deleted.")
        if request.deletion_protection is not None:
            row.deletion_protection = checked_protection(request.deletion_protection)
        if request.tags is not None:
            joined = {**row.tags, **checked_tags(request.tags)}
            row.tags = {key: value for key, value in joined.items() if value}
        if request.spec is not None:
            row.spec = changed_spec(row.spec, request.spec)
        if request.embed is not None:
            row.embed = changed_embed(row, request.embed)
        engine.project.save_index(index, row)
    show = document_indexes.show if alpha else show_index
    return json_reply(show(call, row, engine.clock()), status=202)


def delete(engine: LocalEngine, call: Call, index_name: str) -> Reply:
    """Answer ``DELETE /indexes/{index_name}``."""
    project = engine.project
    with project.lock:
        index = find_index(engine, index_name)
        if index.row.deletion_protection == "enabled":
            raise ApiFault(
                403,
                "FORBIDDEN",
                "Deletion protection is enabled for this index. Disable deletion protection before retrying.",
            )
        if project.ready_after <= 0:
            project.remove_index(index)
        elif index.row.gone_at is None:
            row = msgspec.structs.replace(index.row, gone_at=engine.clock() + project.ready_after)
            project.save_index(index, row)
    return Reply(202)


ROUTES = [
    Route("GET", "/indexes", list_indexes),
    Route("POST", "/indexes", create),
    Route("POST", "/indexes/create-for-model", create_for_model),
    Route("GET", "/indexes/{index_name}", describe),
    Route("PATCH", "/indexes/{index_name}", configure),
    Route("DELETE", "/indexes/{index_name}", delete),
]
