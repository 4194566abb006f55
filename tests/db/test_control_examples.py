"""The examples in docstrings: the control plane's on the embedded engine, the preview's on a script."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path
from typing import Any

import pytest

import pinecone_db
from pinecone_core.transport import Request
from pinecone_db import PineconeDB, PodSpec, ServerlessSpec

from .test_preview_documents import FOUND
from .test_preview_indexes import BACKUP, index
from .wire import Wire, body_of

FINDER = doctest.DocTestFinder()
NAMES = {
    name: getattr(pinecone_db, name)
    for name in ("ServerlessSpec", "PreviewSchemaBuilder", "PreviewTextQuery")
}


def examples(*modules: str) -> list[Any]:
    found = []
    for module in modules:
        loaded = importlib.import_module(f"pinecone_db.{module}")
        found += [test for test in FINDER.find(loaded) if test.examples]
    return [pytest.param(test, id=test.name.removeprefix("pinecone_db.")) for test in found]


def run(test: doctest.DocTest, **names: Any) -> None:
    said: list[str] = []
    test.globs = {**test.globs, **NAMES, **names}
    result = doctest.DocTestRunner(verbose=False).run(test, out=said.append, clear_globs=False)
    assert not result.failed, "".join(said)


@pytest.mark.parametrize(
    "test", examples("_sync.indexes", "_sync.collections", "_sync.backups", "_sync.restore_jobs")
)
def test_on_the_embedded_engine(test: doctest.DocTest) -> None:
    local = pytest.importorskip("pinecone_local")
    with local.LocalEngine() as engine:
        pc = PineconeDB(api_key="local", transport=engine.transport())
        pc.create_index("movies", ServerlessSpec(cloud="aws", region="us-east-1"), 3)
        backup = pc.create_backup(index_name="movies", backup_name="nightly")
        pc.create_index_from_backup(name="films", backup_id=backup.backup_id)
        pc.delete_index("films")
        pc.create_index("films", PodSpec(environment="us-east1-gcp"), 3)
        pc.create_collection("films-2023", "films")
        run(test, pc=pc)


def answer(request: Request) -> tuple[int, Any]:
    """Play the service that the preview's examples talk to."""
    path = request.target.partition("?")[0]
    if request.method == "DELETE":
        return 202, None
    if path.endswith("/upsert"):
        return 202, {"upserted_count": len(body_of(request)["documents"])}
    if path.endswith("/search"):
        return 200, FOUND
    if path.endswith("/fetch"):
        return 200, {"documents": {"1": {"_id": "1", "title": "Ran"}}}
    if path == "/indexes" and request.method == "GET":
        return 200, {"indexes": [index()]}
    if path.endswith("/backups") and request.method == "GET":
        return 200, {"data": [BACKUP]}
    return 200, BACKUP if "backups" in path else index()


@pytest.mark.parametrize(
    "test",
    examples(
        "_sync.preview_indexes",
        "_sync.preview_documents",
        "_sync.preview",
        "_protocol.schema_builder",
        "_protocol.hosts",
        "models.specs",
        "models.index",
        "models.preview.documents",
    ),
)
def test_on_a_script(test: doctest.DocTest) -> None:
    gone = False

    def by(request: Request) -> tuple[int, Any]:
        nonlocal gone
        if gone:
            return 404, {}
        gone = request.method == "DELETE"
        return answer(request)

    pc = PineconeDB(api_key="key-1234", transport=Wire(by=by))
    run(test, pc=pc, index=pc.preview.index(host="articles-abc.svc.pinecone.io"))


def test_the_readme() -> None:
    local = pytest.importorskip("pinecone_local")
    readme = Path(__file__).resolve().parents[2] / "packages" / "db" / "README.md"
    code = readme.read_text("utf-8").split("```python\n")[1].split("```")[0]
    with local.LocalEngine() as engine:
        code = code.replace('api_key="..."', 'api_key="local", transport=engine.transport()')
        names: dict[str, Any] = {"engine": engine}
        said: list[tuple[Any, ...]] = []
        names["print"] = lambda *words: said.append(words)
        exec(code, names)
    assert [words[0] for words in said] == ["1", "2"]
    assert said[0][2] == {"year": 1985}
