"""Assistants and their files: rows in the store, passages and their vectors in memory."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from ..http import ApiFault, bad_request, not_found
from ..models.embedder import get_embedder
from ..search.filters import FilterError, evaluate, read_filter
from ..state.columns import Columns
from ..store.rows import ResourceRow, Store
from .documents import UnreadableFileError, read_document
from .passages import Passage, cut

__all__ = ["AssistantRow", "FileRow", "Found", "Library", "OperationRow"]

_DIMENSION = 256
_LIMIT_TOKENS = 512


class AssistantRow(msgspec.Struct):
    """An assistant as it is stored."""

    uid: str
    name: str
    created: float
    updated: float
    region: str = "us"
    instructions: str | None = None
    metadata: dict[str, Any] | None = None


class FileRow(msgspec.Struct):
    """A file as it is stored: what was read from it, not its bytes."""

    id: str
    assistant_uid: str
    name: str
    size: int
    kind: str
    created: float
    updated: float
    status: str = "Available"
    metadata: dict[str, Any] | None = None
    error: str | None = None
    passages: list[Passage] = []


class OperationRow(msgspec.Struct):
    """Something that was done with a file."""

    id: str
    assistant_uid: str
    type: str
    file_id: str
    status: str
    created: float
    error: str | None = None


class Found(msgspec.Struct, frozen=True):
    """A passage that fits a question, and how well (0 to 1)."""

    file: FileRow
    passage: Passage
    score: float


class Library:
    """Every assistant of an engine.

    Args:
        store: Where rows are kept.
        clock: Seconds since the epoch.
    """

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.RLock()
        self._assistants: dict[str, AssistantRow] = {}
        self._files: dict[str, dict[str, FileRow]] = {}
        self._operations: dict[str, dict[str, OperationRow]] = {}
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}
        self._load()

    def _load(self) -> None:
        for row in self._store.resources():
            if row.kind == "assistant":
                assistant = msgspec.json.decode(row.body, type=AssistantRow)
                self._assistants[assistant.name] = assistant
            elif row.kind == "assistant_file":
                file = msgspec.json.decode(row.body, type=FileRow)
                self._files.setdefault(file.assistant_uid, {})[file.id] = file
            elif row.kind == "assistant_operation":
                operation = msgspec.json.decode(row.body, type=OperationRow)
                self._operations.setdefault(operation.assistant_uid, {})[operation.id] = operation

    def _keep(self, *rows: tuple[str, str, msgspec.Struct]) -> None:
        with self._store.batch() as batch:
            for kind, key, row in rows:
                batch.put_resource(ResourceRow(kind, key, msgspec.json.encode(row)))

    # ---- assistants

    def assistants(self) -> list[AssistantRow]:
        """Return all assistants, oldest first."""
        return sorted(self._assistants.copy().values(), key=lambda row: (row.created, row.name))

    def assistant(self, name: str) -> AssistantRow:
        """Return an assistant.

        Raises:
            ApiFault: 404 when there is none.
        """
        found = self._assistants.get(name)
        if found is None:
            raise not_found(f'Assistant "{name}" not found.')
        return found

    def create(
        self, name: str, instructions: str | None, metadata: dict[str, Any] | None, region: str
    ) -> AssistantRow:
        """Make an assistant.

        Raises:
            ApiFault: 409 when the name is taken.
        """
        with self._lock:
            if name in self._assistants:
                raise ApiFault(409, "ALREADY_EXISTS", f'Assistant "{name}" already exists.')
            now = self._clock()
            row = AssistantRow(str(uuid.uuid4()), name, now, now, region, instructions, metadata)
            self._keep(("assistant", row.uid, row))
            self._assistants[name] = row
            return row

    def update(self, name: str, changes: dict[str, Any]) -> AssistantRow:
        """Change an assistant's instructions or metadata."""
        with self._lock:
            row = msgspec.structs.replace(self.assistant(name), **changes, updated=self._clock())
            self._keep(("assistant", row.uid, row))
            self._assistants[name] = row
            return row

    def delete(self, name: str) -> None:
        """Remove an assistant with its files."""
        with self._lock:
            row = self.assistant(name)
            with self._store.batch() as batch:
                batch.drop_resource("assistant", row.uid)
                for file_id in self._files.get(row.uid, {}):
                    batch.drop_resource("assistant_file", f"{row.uid}/{file_id}")
                for operation_id in self._operations.get(row.uid, {}):
                    batch.drop_resource("assistant_operation", operation_id)
            for file_id in self._files.pop(row.uid, {}):
                self._vectors.pop(f"{row.uid}/{file_id}", None)
            self._operations.pop(row.uid, None)
            del self._assistants[name]

    # ---- files

    def files(self, name: str, filter_: Any = None) -> list[FileRow]:
        """Return the files of an assistant whose metadata meets a filter, oldest first."""
        row = self.assistant(name)
        files = sorted(self._files.get(row.uid, {}).copy().values(), key=lambda file: (file.created, file.id))
        return _filtered(files, filter_)

    def file(self, name: str, file_id: str) -> FileRow:
        """Return a file.

        Raises:
            ApiFault: 404 when there is none.
        """
        found = self._files.get(self.assistant(name).uid, {}).get(file_id)
        if found is None:
            raise not_found(f"File with id {file_id} not found in provided assistant.")
        return found

    def put_file(
        self, name: str, file_name: str, data: bytes, metadata: dict[str, Any] | None, file_id: str | None
    ) -> tuple[FileRow, OperationRow]:
        """Read a file and keep its passages, replacing the one with the same id.

        Args:
            name: The assistant.
            file_name: The file's name; its ending says what it is.
            data: Its bytes.
            metadata: What filters can ask about.
            file_id: The caller's id, or None for a new one.
        """
        assistant = self.assistant(name)
        now = self._clock()
        row = FileRow(file_id or str(uuid.uuid4()), assistant.uid, file_name, len(data), "text", now, now)
        row.metadata = metadata
        try:
            document = read_document(file_name, data)
            row.kind, row.passages = document.kind, cut(document)
        except UnreadableFileError as error:
            row.status, row.error = "ProcessingFailed", str(error)
        failed = row.error is not None
        operation = OperationRow(
            f"op-{uuid.uuid4()}",
            assistant.uid,
            "upload_file" if file_id is None else "upsert_file",
            row.id,
            "Failed" if failed else "Completed",
            now,
            row.error,
        )
        with self._lock:
            self.assistant(name)
            known = self._files.setdefault(assistant.uid, {})
            if row.id in known:
                row.created = known[row.id].created
            key = f"{assistant.uid}/{row.id}"
            self._keep(("assistant_file", key, row), ("assistant_operation", operation.id, operation))
            known[row.id] = row
            self._vectors.pop(key, None)
            self._operations.setdefault(assistant.uid, {})[operation.id] = operation
        return row, operation

    def delete_file(self, name: str, file_id: str) -> None:
        """Remove a file."""
        with self._lock:
            file = self.file(name, file_id)
            key = f"{file.assistant_uid}/{file_id}"
            with self._store.batch() as batch:
                batch.drop_resource("assistant_file", key)
            del self._files[file.assistant_uid][file_id]
            self._vectors.pop(key, None)

    # ---- operations

    def operations(self, name: str) -> list[OperationRow]:
        """Return what was done with an assistant's files, oldest first."""
        row = self.assistant(name)
        found = self._operations.get(row.uid, {}).copy().values()
        return sorted(found, key=lambda operation: (operation.created, operation.id))

    def operation(self, name: str, operation_id: str) -> OperationRow:
        """Return one operation.

        Raises:
            ApiFault: 404 when there is none.
        """
        found = self._operations.get(self.assistant(name).uid, {}).get(operation_id)
        if found is None:
            raise not_found(f"Operation {operation_id} not found.")
        return found

    # ---- searching

    def search(self, name: str, question: str, top_k: int, filter_: Any = None) -> list[Found]:
        """Return the passages that fit a question best, best first."""
        candidates: list[tuple[FileRow, Passage]] = []
        rough: list[npt.NDArray[np.float32]] = []
        for file in self.files(name, filter_):
            if file.passages:
                candidates += [(file, passage) for passage in file.passages]
                rough.append(self._vectors_of(file))
        if not candidates:
            return []
        from ..models.rerank import rerank_documents

        asked = get_embedder().encode([question], dimension=_DIMENSION, limit=_LIMIT_TOKENS, keep="start")
        near = np.argsort(-(np.concatenate(rough) @ asked.vectors[0]), kind="stable")[: max(100, 4 * top_k)]
        near.sort()  # equal scores stay in the order of the files
        texts = [{"text": candidates[place][1].text} for place in near]
        ranked = rerank_documents("pinecone-rerank-v0", question, texts, top_n=top_k).ranked
        best = [(candidates[int(near[one.index])], one.score) for one in ranked]
        return [Found(file, passage, score) for (file, passage), score in best]

    def _vectors_of(self, file: FileRow) -> npt.NDArray[np.float32]:
        key = f"{file.assistant_uid}/{file.id}"
        known = self._vectors.get(key)
        if known is None or len(known) != len(file.passages):
            texts = [passage.text for passage in file.passages]
            encoded = get_embedder().encode(texts, dimension=_DIMENSION, limit=_LIMIT_TOKENS, keep="start")
            known = self._vectors[key] = encoded.vectors
        return known


def _filtered(files: list[FileRow], filter_: Any) -> list[FileRow]:
    if filter_ is None:
        return files
    metadata = [None if file.metadata is None else msgspec.json.encode(file.metadata) for file in files]
    columns = Columns()
    try:
        condition = read_filter(filter_)
    except FilterError as error:
        raise bad_request(str(error)) from error
    kept = evaluate(condition, lambda field: columns.column(field, metadata), len(files))
    return [file for file, keep in zip(files, kept, strict=True) if keep]
