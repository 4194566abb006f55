"""The data plane's bulk imports: Parquet files of a local folder into an index's namespaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from ..http import Call, Reply, Route, bad_request, not_found
from ..imports.job import run_import
from ..imports.parquet import files_under, require_reader
from ..state.resources import ImportRow, Index, iso_time
from .records_out import read_reply, write_reply
from .wire import page_of

if TYPE_CHECKING:
    from ..engine import LocalEngine

__all__ = ["ROUTES"]


class StartRequest(msgspec.Struct, rename={"error_mode": "errorMode", "integration_id": "integrationId"}):
    """The body of ``POST /bulk/imports``."""

    uri: str
    integration_id: str | None = None
    error_mode: dict[str, Any] | None = None


def _show(row: ImportRow) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": row.uid,
        "uri": row.uri,
        "status": row.status,
        "createdAt": iso_time(row.created),
        "percentComplete": 100.0 if row.status == "Completed" else 0.0,
        "recordsImported": row.records,
    }
    if row.finished is not None:
        shown["finishedAt"] = iso_time(row.finished)
    if row.error is not None:
        shown["error"] = row.error
    return shown


def _of(engine: LocalEngine, index: Index) -> list[ImportRow]:
    jobs = [job for job in engine.project.imports.copy().values() if job.index_uid == index.row.uid]
    return sorted(jobs, key=lambda job: (-job.created, job.uid))


def _find(engine: LocalEngine, index: Index, id_: str) -> ImportRow:
    job = engine.project.imports.get(id_)
    if job is None or job.index_uid != index.row.uid:
        raise not_found(f"The import {id_} was not found.")
    return job


def start(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /bulk/imports``."""
    index = engine.index_of(call)
    request = call.read(StartRequest)
    if not 1 <= len(request.uri) <= 1500:
        raise bad_request(f"uri must be 1 to 1500 characters long, got {len(request.uri)}.")
    mode = (request.error_mode or {}).get("onError", "continue")
    if mode not in ("abort", "continue"):
        raise bad_request(f"errorMode.onError must be 'abort' or 'continue', got {mode!r}.")
    if "pod" in index.row.spec:
        raise bad_request("Imports go into serverless indexes only.")
    require_reader()
    files = files_under(request.uri, engine.buckets)
    project = engine.project
    with project.lock:
        taken = [int(uid) for uid in project.imports if re.fullmatch(r"[0-9]{1,18}", uid)]
        job = ImportRow(
            uid=str(max(taken, default=0) + 1),
            index_uid=index.row.uid,
            uri=request.uri,
            status="Pending",
            created=engine.clock(),
        )
        with project.keep("import", job.uid, job):
            pass
        project.imports[job.uid] = job
    engine.background(lambda: run_import(engine, index, job.uid, files, abort=mode == "abort"))
    return write_reply(index.data, {"id": job.uid})


def list_imports(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /bulk/imports``."""
    index = engine.index_of(call)
    page, pagination = page_of(call, [(job.uid, _show(job)) for job in _of(engine, index)])
    return read_reply(index.data, {"data": page, **pagination})


def describe(engine: LocalEngine, call: Call, id: str) -> Reply:
    """Answer ``GET /bulk/imports/{id}``."""
    index = engine.index_of(call)
    return read_reply(index.data, _show(_find(engine, index, id)))


def cancel(engine: LocalEngine, call: Call, id: str) -> Reply:
    """Answer ``DELETE /bulk/imports/{id}``."""
    index = engine.index_of(call)
    project = engine.project
    with project.lock:
        job = _find(engine, index, id)
        if job.status in ("Pending", "InProgress"):
            row = msgspec.structs.replace(job, status="Cancelled", finished=engine.clock())
            with project.keep("import", row.uid, row):
                pass
            project.imports[row.uid] = row
    return write_reply(index.data, {})


ROUTES = [
    Route("POST", "/bulk/imports", start),
    Route("GET", "/bulk/imports", list_imports),
    Route("GET", "/bulk/imports/{id}", describe),
    Route("DELETE", "/bulk/imports/{id}", cancel),
]
