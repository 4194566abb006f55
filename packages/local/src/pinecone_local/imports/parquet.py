"""Parquet files: which there are under a URI, and their rows as vectors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from ..http import ApiFault, bad_request, not_found

__all__ = ["files_under", "require_reader", "rows_of"]


def require_reader() -> None:
    """Refuse when Parquet cannot be read here.

    Raises:
        ApiFault: 501.
    """
    if find_spec("pyarrow") is None:
        raise ApiFault(
            501,
            "UNIMPLEMENTED",
            "Imports need pyarrow to read Parquet files: pip install 'pinecone-local[parquet]'.",
        )


def _folder(uri: str, buckets: Mapping[str, Path]) -> Path:
    parts = urlsplit(uri)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    if parts.scheme in ("s3", "gs", "az", "https") and parts.netloc:
        root = buckets.get(parts.netloc)
        if root is None:
            raise ApiFault(
                501,
                "UNIMPLEMENTED",
                f"The engine reads no object storage; map the bucket {parts.netloc!r} to a folder "
                f"(buckets={{{parts.netloc!r}: FOLDER}}) or use a file:// URI.",
            )
        folder = (root / unquote(parts.path).lstrip("/")).resolve()
        if not folder.is_relative_to(root.resolve()):
            raise bad_request(f"The URI {uri!r} leads out of its bucket.")
        return folder
    raise bad_request(f"uri must begin with file://, s3://, gs:// or https://, got {uri!r}.")


def files_under(uri: str, buckets: Mapping[str, Path]) -> list[tuple[str, Path]]:
    """Return the Parquet files that a URI names, each with its namespace.

    A file directly in the folder goes to the default namespace, one in a sub-folder to the namespace
    of the sub-folder's name.

    Raises:
        ApiFault: 404 when there is none.
    """
    folder = _folder(uri, buckets)
    if folder.is_file():
        return [("", folder)]
    found = [
        ("" if file.parent == folder else file.parent.name, file)
        for file in sorted([*folder.glob("*.parquet"), *folder.glob("*/*.parquet")])
    ]
    if not found:
        raise not_found(
            f"There are no Parquet files at {uri!r} (files go there, or into a folder a namespace)."
        )
    return found


def rows_of(file: Path, rows: int = 1000) -> Iterator[list[dict[str, Any]]]:
    """Read a file's rows as the wire form of vectors, some at a time."""
    parquet = import_module("pyarrow.parquet")
    with parquet.ParquetFile(file) as opened:
        for batch in opened.iter_batches(batch_size=rows):
            yield [_vector(row) for row in batch.to_pylist()]


def _vector(row: dict[str, Any]) -> dict[str, Any]:
    vector: dict[str, Any] = {"id": row.get("id"), "values": row.get("values")}
    if row.get("sparse_values") is not None:
        vector["sparseValues"] = row["sparse_values"]
    metadata = row.get("metadata")
    if isinstance(metadata, str | bytes):
        metadata = json.loads(metadata) if metadata else None
    if metadata is not None:
        vector["metadata"] = {key: value for key, value in metadata.items() if value is not None}
    return vector
