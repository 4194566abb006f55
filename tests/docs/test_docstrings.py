"""The examples of docstrings run on the embedded engine, also those that doctest passes over.

Each has a world of its own: a client ``pc`` with the index ``movies``, its handle ``index``, ``inference``,
and an assistant with a file. Those of the control plane and the preview have tests of their own, in tests/db.
"""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import io
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from pinecone import Pinecone, ServerlessSpec
from pinecone_local import LocalEngine

PACKAGES = Path(__file__).parents[2] / "packages"
ELSEWHERE = {"backups", "collections", "control", "indexes", "preview", "restore_jobs"}
ELSEWHERE |= {f"preview_{name}" for name in ("documents", "index", "indexes")}

# What an example must not find there, or needs beside the engine.
WITHOUT_FILMS = {"Namespaces.create_namespace"}
NEEDS = {
    "Upserts.upsert_from_dataframe": "pandas",
    "Reads.export_parquet": "pyarrow",
    "Imports.start_import": "pyarrow",
    "Imports.describe_import": "pyarrow",
    "Imports.cancel_import": "pyarrow",
}


def examples() -> list[Any]:
    found = []
    for file in sorted(PACKAGES.glob("*/src/*/**/*.py")):
        package = next(folder for folder in file.parents if folder.parent.name == "src")
        if "_async" in file.parts or file.stem == "__main__":
            continue  # the examples in _sync are made from those in _async
        if package.name == "pinecone_db" and file.stem in ELSEWHERE and "_sync" in file.parts:
            continue
        parts = file.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        for test in doctest.DocTestFinder().find(importlib.import_module(name)):
            if test.examples:
                found.append(pytest.param(test, id=test.name))
    return found


def world(pc: Any, folder: Path, name: str) -> dict[str, Any]:
    """Return the names that the examples use."""
    if "._sync." not in name and not name.startswith("pinecone._grpc"):
        return {}
    spec = ServerlessSpec(cloud="aws", region="us-east-1")
    if ".index_records." in name:
        embed = {"model": "llama-text-embed-v2", "field_map": {"text": "text"}}
        pc.create_index_for_model(name="movies", cloud="aws", region="us-east-1", embed=embed)
        return {"pc": pc, "index": pc.index("movies")}
    pc.create_index(name="movies", dimension=2, spec=spec)
    index = pc.index("movies")
    vectors = [("a", [0.1, 0.2], {"genre": "drama"}), ("doc1#1", [0.2, 0.1])]
    index.upsert(vectors=vectors)
    if not name.endswith(tuple(WITHOUT_FILMS)):
        index.upsert(vectors=vectors, namespace="films")
    found = {"pc": pc, "index": index, "inference": pc.inference}
    if "pinecone_assistant" in name:
        (folder / "pump.txt").write_text("The filter is changed every month.")
        if not name.endswith(".create"):
            pc.assistants.create(name="manuals")
            file = pc.assistants.upload_file(assistant_name="manuals", file_path="pump.txt", file_id="f-1")
            assert file.id == "f-1"
    if "Imports." in name and importlib.util.find_spec("pyarrow"):
        (folder / "folder").mkdir()
        index.export_parquet(folder / "folder" / "vectors.parquet")
        if not name.endswith(".start_import"):
            assert index.start_import("s3://bucket/folder/").id == "1"
    if NEEDS.get(name.rpartition("_sync.")[2].partition(".")[2]) == "pandas":
        pandas = importlib.import_module("pandas")
        found["df"] = pandas.DataFrame({"id": ["x"], "values": [[0.5, 0.5]]})
    return found


def run(test: doctest.DocTest, names: dict[str, Any]) -> None:
    globs = {**test.globs, **names}
    checker = doctest.OutputChecker()
    for number, example in enumerate(test.examples):
        out = io.StringIO()
        with redirect_stdout(out):
            exec(compile(example.source, f"{test.name}[{number}]", "single"), globs)
        if example.want:
            same = checker.check_output(example.want, out.getvalue(), doctest.ELLIPSIS)
            assert same, f"{test.name} gives\n{out.getvalue()}and not\n{example.want}"


@pytest.mark.parametrize("test", examples())
def test_the_example_runs(test: doctest.DocTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = NEEDS.get(test.name.rpartition("_sync.")[2].partition(".")[2])
    if needed and importlib.util.find_spec(needed) is None:
        pytest.skip(f"needs {needed}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "displayhook", sys.__displayhook__)
    with LocalEngine(buckets={"bucket": tmp_path}) as engine:
        pc = Pinecone(api_key="local", transport=engine.transport())
        run(test, world(pc, tmp_path, test.name))
