"""The run of one import, in the background."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ..api.records_in import VectorIn, read_block
from ..errors import EngineClosedError
from ..http import ApiFault
from ..state.dataset import DatasetGoneError
from ..state.resources import ImportRow, Index
from .parquet import rows_of

if TYPE_CHECKING:
    from ..engine import LocalEngine

__all__ = ["run_import"]

_log = logging.getLogger("pinecone_local")


def run_import(
    engine: LocalEngine, index: Index, uid: str, files: list[tuple[str, Path]], *, abort: bool
) -> None:
    """Read files into an index and keep the import's record up to date.

    Args:
        engine: The engine.
        index: Where the rows go.
        uid: The import.
        files: Pairs of namespace and file.
        abort: Whether the first row that does not fit ends the import; else such rows are left out.
    """
    job = _Job(engine, index, uid, abort)
    try:
        job.run(files)
    except (EngineClosedError, DatasetGoneError):
        return
    except Exception as error:
        _log.info("import %s failed", uid, exc_info=error)
        job.save(status="Failed", finished=engine.clock(), error=str(error) or type(error).__name__)


class _Job:
    def __init__(self, engine: LocalEngine, index: Index, uid: str, abort: bool) -> None:
        self._engine = engine
        self._index = index
        self._uid = uid
        self._abort = abort
        self._skipped = 0
        self._first_fault = ""

    def save(self, **changes: Any) -> bool:
        """Change the import's record unless it has ended; return whether it goes on."""
        project = self._engine.project
        with project.lock:
            row: ImportRow | None = project.imports.get(self._uid)
            if row is None or row.status not in ("Pending", "InProgress"):
                return False
            row = msgspec.structs.replace(row, **changes)
            with project.keep("import", row.uid, row):
                pass
            project.imports[row.uid] = row
            return True

    def run(self, files: list[tuple[str, Path]]) -> None:
        records = 0
        for namespace, file in files:
            for rows in rows_of(file):
                vectors = self._fitting(rows)
                if vectors:
                    block = read_block(self._index.row, vectors)
                    self._index.data.add(namespace, block, self._engine.clock())
                    records += len(vectors)
                if not self.save(status="InProgress", records=records):
                    return
        changes: dict[str, Any] = {
            "status": "Completed",
            "finished": self._engine.clock(),
            "records": records,
        }
        if self._skipped:
            changes["error"] = f"{self._skipped} rows were left out; the first: {self._first_fault}"
        self.save(**changes)

    def _fitting(self, rows: list[dict[str, Any]]) -> list[VectorIn]:
        fitting: list[VectorIn] = []
        for row in rows:
            try:
                vector = msgspec.convert(row, VectorIn)
                read_block(self._index.row, [vector])
            except (ApiFault, msgspec.ValidationError) as error:
                if self._abort:
                    raise
                self._skipped += 1
                self._first_fault = self._first_fault or f"{row.get('id')!r}: {error}"
            else:
                fitting.append(vector)
        return fitting
