"""A namespace is written to a Parquet file and read back the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import pytest

from pinecone_db import AsyncPineconeDB, PineconeDB, ServerlessSpec
from pinecone_local import LocalEngine


def test_a_namespace_goes_out_and_comes_back(tmp_path: Path) -> None:
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    rows = [(f"v{n:03}", [float(n), 0.5], {"n": n}) for n in range(250)]
    with LocalEngine() as engine:
        pc = PineconeDB(api_key="local", transport=engine.transport())
        pc.create_index("a", ServerlessSpec(cloud="aws", region="us-east-1"), dimension=2)
        index = pc.index("a")
        index.upsert(vectors=rows)
        assert index.export_parquet(tmp_path / "sync.parquet") == 250

        async def main() -> int:
            async with AsyncPineconeDB(api_key="local", transport=engine.transport()) as apc:
                handle = await apc.index("a")
                return await handle.export_parquet(tmp_path / "async.parquet", prefix="v00")

        assert anyio.run(main) == 10
        found = parquet.read_table(tmp_path / "sync.parquet").to_pylist()
        assert [(row["id"], row["values"], json.loads(row["metadata"])) for row in found] == rows
        assert {row["sparse_values"] for row in found} == {None}
        index.upsert_from_dataframe(parquet.read_table(tmp_path / "async.parquet"), namespace="again")
        assert index.describe_index_stats().namespaces["again"].vector_count == 10


def test_an_export_that_fails_leaves_the_earlier_file(tmp_path: Path) -> None:
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    from pinecone_db import Vector
    from pinecone_db.parquet import ParquetWriter

    file = tmp_path / "a.parquet"
    with ParquetWriter(file) as writer:
        writer.write([Vector("whole", [1.0])])

    def fail_half_way() -> None:
        with ParquetWriter(file) as writer:
            writer.write([Vector("part", [1.0])])
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail_half_way()
    assert parquet.read_table(file)["id"].to_pylist() == ["whole"]
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from pinecone_db.parquet import ParquetWriter

    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"pip install 'pinecone-db\[parquet\]'"):
        ParquetWriter(tmp_path / "x")
