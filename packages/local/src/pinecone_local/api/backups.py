"""The control plane's backups, and the restore jobs that make indexes from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ..http import ApiFault, Call, Reply, Route, bad_request, json_reply, not_found
from ..state.dataset import Dataset
from ..state.resources import Backup, BackupRow, RestoreRow, iso_time
from . import document_indexes
from .indexes import find_index, make_index
from .specs import place_of
from .wire import checked_name, page_of

if TYPE_CHECKING:
    from ..engine import LocalEngine

__all__ = ["ROUTES"]


class CreateRequest(msgspec.Struct):
    """The body of ``POST /indexes/{index_name}/backups``."""

    name: str | None = None
    description: str | None = None


class RestoreRequest(msgspec.Struct):
    """The body of ``POST /backups/{backup_id}/create-index``."""

    name: str
    tags: dict[str, str] | None = None
    deletion_protection: str | None = None


def _show(call: Call, backup: Backup, now: float) -> dict[str, Any]:
    row, source = backup.row, backup.row.source
    shown: dict[str, Any] = {
        "backup_id": row.uid,
        "source_index_name": row.source_name,
        "source_index_id": row.source_uid,
        "status": "Ready" if now >= row.ready_at else "Initializing",
        "cloud": row.cloud,
        "region": row.region,
        "record_count": backup.data.count,
        "namespace_count": len(backup.data.entries()),
        "size_bytes": backup.data.size,
        "tags": source.tags,
        "created_at": iso_time(row.created),
    }
    optional: dict[str, Any] = {"name": row.name, "description": row.description}
    if not document_indexes.is_asked(call):
        optional |= {"metric": source.metric, "dimension": source.dimension}
        for inner in source.spec.values():
            optional["schema"] = inner.get("schema")
    return shown | {key: value for key, value in optional.items() if value is not None}


def _show_job(row: RestoreRow, now: float) -> dict[str, Any]:
    done = now >= row.ready_at
    shown: dict[str, Any] = {
        "restore_job_id": row.uid,
        "backup_id": row.backup_uid,
        "target_index_name": row.target_name,
        "target_index_id": row.target_uid,
        "status": "Completed" if done else "InProgress",
        "created_at": iso_time(row.created),
        "percent_complete": 100.0 if done else _percent(row, now),
    }
    if done:
        shown["completed_at"] = iso_time(row.ready_at)
    return shown


def _percent(row: RestoreRow, now: float) -> float:
    return round(max(0.0, 100 * (now - row.created) / (row.ready_at - row.created)), 1)


def _find(engine: LocalEngine, backup_id: str) -> Backup:
    found = engine.project.backups.get(backup_id)
    if found is None:
        raise not_found(f"Backup {backup_id} not found.")
    return found


def _newest_first(row: BackupRow | RestoreRow) -> tuple[float, str]:
    return -row.created, row.uid


def _page(engine: LocalEngine, call: Call, backups: list[Backup]) -> Reply:
    now = engine.clock()
    ordered = sorted(backups, key=lambda backup: _newest_first(backup.row))
    page, pagination = page_of(call, [(b.row.uid, _show(call, b, now)) for b in ordered], 10)
    return json_reply({"data": page, **pagination})


# ---- handlers


def create(engine: LocalEngine, call: Call, index_name: str) -> Reply:
    """Answer ``POST /indexes/{index_name}/backups``."""
    request = call.read(CreateRequest)
    project, now = engine.project, engine.clock()
    with project.lock:
        index = find_index(engine, index_name)
        if "pod" in index.row.spec:
            raise bad_request("Backups are made of serverless indexes only; make a collection of this one.")
        if index.row.fields is not None:
            raise ApiFault(501, "UNIMPLEMENTED", "Backups of indexes of documents are not offered.")
        if index.row.state(now) != "Ready":
            raise bad_request(f"The index {index_name} is not ready.")
        project.quotas.check("backups", len(project.backups))
        cloud, region = place_of(index.row.spec)
        row = BackupRow(
            uid=project.new_uid(),
            source_name=index.row.name,
            source_uid=index.row.uid,
            source=index.row,
            cloud=cloud,
            region=region,
            created=now,
            ready_at=now + project.ready_after,
            name=request.name,
            description=request.description,
        )
        backup = Backup(row, Dataset(project.store, row.uid, index.row.dimension))
        frozen = index.data.freeze()
        with project.keep("backup", row.uid, row) as batch:
            backup.data.fill(batch, frozen, in_memory=not engine.durable)
        project.backups[row.uid] = backup
    return json_reply(_show(call, backup, now), status=201)


def list_of_index(engine: LocalEngine, call: Call, index_name: str) -> Reply:
    """Answer ``GET /indexes/{index_name}/backups``."""
    backups = [b for b in engine.project.backups.copy().values() if b.row.source_name == index_name]
    if not backups:
        find_index(engine, index_name)
    return _page(engine, call, backups)


def list_all(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /backups``."""
    return _page(engine, call, list(engine.project.backups.copy().values()))


def describe(engine: LocalEngine, call: Call, backup_id: str) -> Reply:
    """Answer ``GET /backups/{backup_id}``."""
    return json_reply(_show(call, _find(engine, backup_id), engine.clock()))


def delete(engine: LocalEngine, call: Call, backup_id: str) -> Reply:
    """Answer ``DELETE /backups/{backup_id}``."""
    project, now = engine.project, engine.clock()
    with project.lock:
        backup = _find(engine, backup_id)
        jobs = project.restores.values()
        pending = [job.uid for job in jobs if job.backup_uid == backup_id and now < job.ready_at]
        if pending:
            raise ApiFault(
                412,
                "FAILED_PRECONDITION",
                f"Unable to delete backup. There are pending restore jobs for this backup: {pending}",
            )
        with backup.data.write_lock, project.store.batch() as batch:
            batch.drop_resource("backup", backup_id)
            backup.data.drop_all(batch)
        del project.backups[backup_id]
    return Reply(202)


def restore(engine: LocalEngine, call: Call, backup_id: str) -> Reply:
    """Answer ``POST /backups/{backup_id}/create-index``."""
    request = call.read(RestoreRequest)
    project, now = engine.project, engine.clock()
    with project.lock:
        backup = _find(engine, backup_id)
        if now < backup.row.ready_at:
            raise bad_request(f"The backup {backup_id} is not ready yet.")
        source = backup.row.source
        index = make_index(
            engine,
            name=checked_name(request.name, "Index"),
            metric=source.metric,
            vector_type=source.vector_type,
            dimension=source.dimension,
            spec=source.spec,
            protection=request.deletion_protection,
            tags={**source.tags, **(request.tags or {})},
            embed=source.embed,
            source=backup.data,
        )
        job = RestoreRow(
            uid=project.new_uid(),
            backup_uid=backup_id,
            target_name=index.row.name,
            target_uid=index.row.uid,
            created=now,
            ready_at=index.row.ready_at,
        )
        with project.keep("restore", job.uid, job):
            pass
        project.restores[job.uid] = job
    return json_reply({"restore_job_id": job.uid, "index_id": index.row.uid}, status=202)


def list_jobs(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /restore-jobs``."""
    now = engine.clock()
    ordered = sorted(engine.project.restores.copy().values(), key=_newest_first)
    page, pagination = page_of(call, [(job.uid, _show_job(job, now)) for job in ordered], 10)
    return json_reply({"data": page, **pagination})


def describe_job(engine: LocalEngine, call: Call, job_id: str) -> Reply:
    """Answer ``GET /restore-jobs/{job_id}``."""
    job = engine.project.restores.get(job_id)
    if job is None:
        raise not_found(f"Restore job {job_id} not found.")
    return json_reply(_show_job(job, engine.clock()))


ROUTES = [
    Route("POST", "/indexes/{index_name}/backups", create),
    Route("GET", "/indexes/{index_name}/backups", list_of_index),
    Route("GET", "/backups", list_all),
    Route("GET", "/backups/{backup_id}", describe),
    Route("DELETE", "/backups/{backup_id}", delete),
    Route("POST", "/backups/{backup_id}/create-index", restore),
    Route("GET", "/restore-jobs", list_jobs),
    Route("GET", "/restore-jobs/{job_id}", describe_job),
]
