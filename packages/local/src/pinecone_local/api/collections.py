"""The control plane's collections: still copies of pod indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ..http import ApiFault, Call, Reply, Route, bad_request, json_reply, not_found
from ..state.dataset import Dataset
from ..state.resources import Collection, CollectionRow
from .indexes import find_index
from .wire import checked_name

if TYPE_CHECKING:
    from ..engine import LocalEngine

__all__ = ["ROUTES"]


class CreateRequest(msgspec.Struct):
    """The body of ``POST /collections``."""

    name: str
    source: str


def _show(collection: Collection, now: float) -> dict[str, Any]:
    row = collection.row
    shown: dict[str, Any] = {
        "name": row.name,
        "environment": row.environment,
        "status": "Ready" if now >= row.ready_at else "Initializing",
        "size": collection.data.size,
        "vector_count": collection.data.count,
    }
    if row.dimension is not None:
        shown["dimension"] = row.dimension
    return shown


def _find(engine: LocalEngine, name: str) -> Collection:
    found = engine.project.collections.get(name)
    if found is None:
        raise not_found(f"Resource {name} not found.")
    return found


def list_collections(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /collections``."""
    now = engine.clock()
    found = engine.project.collections.copy().values()
    return json_reply({"collections": [_show(collection, now) for collection in found]})


def create(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /collections``."""
    request = call.read(CreateRequest)
    name = checked_name(request.name, "Collection")
    project, now = engine.project, engine.clock()
    with project.lock:
        if name in project.collections:
            raise ApiFault(409, "ALREADY_EXISTS", "Resource already exists.")
        source = find_index(engine, request.source)
        if "pod" not in source.row.spec:
            raise bad_request("Collections are made from pod indexes only; make a backup of this one.")
        if source.row.state(now) != "Ready":
            raise bad_request(f"The source index {request.source} is not ready.")
        project.quotas.check("collections", len(project.collections))
        row = CollectionRow(
            uid=project.new_uid(),
            name=name,
            environment=source.row.spec["pod"]["environment"],
            created=now,
            ready_at=now + project.ready_after,
            dimension=source.row.dimension,
            source=source.row.name,
            source_uid=source.row.uid,
        )
        collection = Collection(row, Dataset(project.store, row.uid, row.dimension))
        frozen = source.data.freeze()
        with project.keep("collection", row.uid, row) as batch:
            collection.data.fill(batch, frozen, in_memory=not engine.durable)
        project.collections[name] = collection
    return json_reply(_show(collection, now), status=201)


def describe(engine: LocalEngine, call: Call, collection_name: str) -> Reply:
    """Answer ``GET /collections/{collection_name}``."""
    return json_reply(_show(_find(engine, collection_name), engine.clock()))


def delete(engine: LocalEngine, call: Call, collection_name: str) -> Reply:
    """Answer ``DELETE /collections/{collection_name}``."""
    project = engine.project
    with project.lock:
        collection = _find(engine, collection_name)
        with collection.data.write_lock, project.store.batch() as batch:
            batch.drop_resource("collection", collection.row.uid)
            collection.data.drop_all(batch)
        del project.collections[collection_name]
    return Reply(202)


ROUTES = [
    Route("GET", "/collections", list_collections),
    Route("POST", "/collections", create),
    Route("GET", "/collections/{collection_name}", describe),
    Route("DELETE", "/collections/{collection_name}", delete),
]
