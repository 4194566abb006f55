"""Writing vectors to a Parquet file, in the form that bulk imports read. Needs the extra ``parquet``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinecone_core.codec import to_json_text

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from types import TracebackType

    from typing_extensions import Self

    from .models.vector import Vector

__all__ = ["ParquetWriter"]


class ParquetWriter:
    """Writes vectors to one file, a group of rows at a time.

    The columns are ``id``, ``values`` (float32), ``sparse_values`` (indices and values) and ``metadata``
    (JSON text). The rows go to a file beside ``path`` that ends in ``.part``; closing puts it in place, and
    a ``with`` that ends in an error removes it, so that what stands at ``path`` is always whole.

    Args:
        path: The file; it is replaced when the writer is closed.

    Raises:
        ImportError: pyarrow is not installed.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        try:
            pyarrow: Any = import_module("pyarrow")
            parquet: Any = import_module("pyarrow.parquet")
        except ImportError as error:
            raise ImportError("Writing Parquet needs pyarrow: pip install 'pinecone-db[parquet]'") from error
        numbers = pyarrow.list_(pyarrow.float32())
        sparse = pyarrow.struct([("indices", pyarrow.list_(pyarrow.uint32())), ("values", numbers)])
        columns = [("id", pyarrow.string()), ("values", numbers), ("sparse_values", sparse)]
        self._arrow: Any = pyarrow
        self._schema: Any = pyarrow.schema([*columns, ("metadata", pyarrow.string())])
        self._path = Path(path)
        self._part = self._path.with_name(f"{self._path.name}.part")
        self._writer: Any = parquet.ParquetWriter(self._part, self._schema)
        self.count = 0

    def write(self, vectors: Sequence[Vector]) -> None:
        """Write some vectors as one group of rows."""
        if not vectors:
            return
        rows = {
            "id": [vector.id for vector in vectors],
            "values": [vector.values_array() or None for vector in vectors],
            "sparse_values": [
                None
                if vector.sparse_values is None
                else {"indices": vector.sparse_values.indices, "values": vector.sparse_values.values}
                for vector in vectors
            ],
            "metadata": [
                None if vector.metadata is None else to_json_text(vector.metadata) for vector in vectors
            ],
        }
        self._writer.write_table(self._arrow.table(rows, schema=self._schema))
        self.count += len(vectors)

    def close(self) -> None:
        """Finish the file and put it in place. May be called twice."""
        if self._writer.is_open:
            self._writer.close()
            self._part.replace(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        elif self._writer.is_open:
            self._writer.close()
            self._part.unlink()
