"""Every documented answer of the database's API is read, and nothing in it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import pinecone_db as db
from pinecone_db.models.imports import ImportList, ImportModel, StartImportResponse
from pinecone_db.models.preview.backup import PreviewBackupList
from pinecone_db.models.preview.index import PreviewIndexList

from .openapi import described
from .test_control_models import read

CONTROL: dict[str, Any] = {
    "list_indexes": db.IndexList,
    "create_index": db.IndexModel,
    "describe_index": db.IndexModel,
    "configure_index": db.IndexModel,
    "create_index_for_model": db.IndexModel,
    "list_collections": db.CollectionList,
    "create_collection": db.CollectionModel,
    "describe_collection": db.CollectionModel,
    "list_project_backups": db.BackupList,
    "list_index_backups": db.BackupList,
    "create_backup": db.BackupModel,
    "describe_backup": db.BackupModel,
    "create_index_from_backup_operation": db.CreateIndexFromBackupResponse,
    "list_restore_jobs": db.RestoreJobList,
    "describe_restore_job": db.RestoreJobModel,
}
PREVIEW: dict[str, Any] = {
    **CONTROL,
    "list_indexes": PreviewIndexList,
    "create_index": db.PreviewIndexModel,
    "describe_index": db.PreviewIndexModel,
    "configure_index": db.PreviewIndexModel,
    "create_index_for_model": db.PreviewIndexModel,
    "list_project_backups": PreviewBackupList,
    "list_index_backups": PreviewBackupList,
    "create_backup": db.PreviewBackupModel,
    "describe_backup": db.PreviewBackupModel,
}
DATA: dict[str, Any] = {
    "listBulkImports": ImportList,
    "startBulkImport": StartImportResponse,
    "describeBulkImport": ImportModel,
    "describeIndexStats": db.DescribeIndexStatsResponse,
    "queryVectors": db.QueryResponse,
    "fetchVectors": db.FetchResponse,
    "fetch_vectors_by_metadata": db.FetchByMetadataResponse,
    "listVectors": db.ListResponse,
    "updateVector": db.UpdateResponse,
    "upsertVectors": db.UpsertResponse,
    "listNamespacesOperation": db.ListNamespacesResponse,
    "createNamespace": db.NamespaceDescription,
    "describeNamespace": db.NamespaceDescription,
    "searchRecordsNamespace": db.SearchRecordsResponse,
}
DOCUMENTS: dict[str, Any] = {
    **DATA,
    "upsertDocuments": db.PreviewDocumentUpsertResponse,
    "searchDocuments": db.PreviewDocumentSearchResponse,
    "fetchDocuments": db.PreviewDocumentFetchResponse,
}
EMPTY = {"cancelBulkImport", "deleteVectors", "deleteNamespace", "deleteDocuments"}  # answers without content
"""Methods for these return nothing."""
NOT_SENT = {"index_fullness", "results"}
"""The first is described as indexFullness; the second answers what no client can ask for any more."""

DESCRIPTIONS = {
    "db_control_2025-10.oas.yaml": CONTROL,
    "db_control_2026-01.alpha.oas.yaml": PREVIEW,
    "db_data_2025-10.oas.yaml": DATA,
    "db_data_2026-01.alpha.oas.yaml": DOCUMENTS,
}


@pytest.mark.parametrize("description", DESCRIPTIONS)
def test_every_documented_answer_is_read_whole(description: str, caplog: pytest.LogCaptureFixture) -> None:
    models = DESCRIPTIONS[description]
    seen = set()
    for operation, example in described(description).answers():
        if operation in EMPTY:
            continue
        seen.add(operation)
        value = read(example, models[operation])
        held = fields_of(value)
        if "data" in held and "data" not in example:
            held[next(iter(example))] = held.pop("data")
        expected = {key: item for key, item in example.items() if key not in NOT_SENT}
        missing = list(lost(held, expected, operation))
        assert not missing, missing
    assert seen == set(models)
    assert not caplog.records


def fields_of(value: Any) -> dict[str, Any]:
    if hasattr(value, "to_dict"):
        return dict(value.to_dict())
    items = value.indexes if hasattr(value, "indexes") else value.data
    next_token = getattr(value, "next_token", None)
    return {"data": [one.to_dict() for one in items], "pagination": {"next": next_token}}


def lost(held: Any, example: Any, where: str) -> Iterator[str]:
    """Yield what of an example is not in a model, whose names are those of Python."""
    if isinstance(example, dict) and isinstance(held, dict):
        names = {snake(key): key for key in held}
        for key, item in example.items():
            yield from lost(held.get(names.get(snake(key))), item, f"{where}.{key}")
    elif isinstance(example, list) and isinstance(held, list) and len(held) == len(example):
        for place, item in enumerate(example):
            yield from lost(held[place], item, f"{where}[{place}]")
    elif held not in (example, f"https://{example}"):  # hosts come with a scheme
        yield f"{where}: {example!r} is read as {held!r}"


def snake(key: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key).strip("_")
