from __future__ import annotations

import json
import sys

import pytest

from pinecone_local import LocalEngine
from pinecone_local.cli import main


def test_without_a_reader_imports_are_refused(wire, monkeypatch):
    monkeypatch.setattr("pinecone_local.imports.parquet.find_spec", lambda name: None)
    refused = wire.index().ask("POST", "/bulk/imports", {"uri": "file:///tmp/x"}, status=501)
    assert "pinecone-local[parquet]" in refused["message"]


@pytest.fixture
def folder(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")

    def write(path, ids, **columns):
        path.parent.mkdir(parents=True, exist_ok=True)
        table = {"id": ids, "values": [[float(i), 1.0, 2.0] for i in range(len(ids))], **columns}
        parquet.write_table(pyarrow.table(table), path)

    metadata = [json.dumps({"k": i}) for i in range(2500)]
    write(tmp_path / "in" / "0.parquet", [f"a{i}" for i in range(2500)], metadata=metadata)
    write(tmp_path / "in" / "n" / "0.parquet", ["b", "c", "é"])
    return tmp_path / "in"


def done(index, id_, wait_until):
    wait_until(lambda: index.ask("GET", f"/bulk/imports/{id_}")["status"] not in ("Pending", "InProgress"))
    return index.ask("GET", f"/bulk/imports/{id_}")


def test_a_folder_is_imported_namespace_by_namespace(wire, folder, wait_until):
    index = wire.index()
    started = index.ask(
        "POST", "/bulk/imports", {"uri": folder.as_uri(), "errorMode": {"onError": "continue"}}
    )
    job = done(index, started["id"], wait_until)
    assert (job["status"], job["recordsImported"], job["percentComplete"]) == ("Completed", 2502, 100.0)
    assert "1 rows were left out" in job["error"]
    assert index.stats()["namespaces"] == {"": {"vectorCount": 2500}, "n": {"vectorCount": 2}}
    assert index.ids(vector=[1, 1, 1], filter={"k": 7}) == ["a7"]
    assert index.ask("GET", "/bulk/imports")["data"] == [job]
    assert index.ask("DELETE", f"/bulk/imports/{job['id']}") == {}
    assert index.ask("GET", f"/bulk/imports/{job['id']}")["status"] == "Completed"


def test_an_import_may_end_at_the_first_fault(wire, folder, wait_until):
    index = wire.index()
    started = index.ask("POST", "/bulk/imports", {"uri": folder.as_uri(), "errorMode": {"onError": "abort"}})
    job = done(index, started["id"], wait_until)
    assert job["status"] == "Failed"
    assert "ASCII" in job["error"]


def test_buckets_stand_for_folders(folder, wire_of, wait_until):
    with LocalEngine(buckets={"mine": folder}) as engine:
        index = wire_of(engine).index()
        started = index.ask("POST", "/bulk/imports", {"uri": "s3://mine/n"})
        assert done(index, started["id"], wait_until)["recordsImported"] == 2
        index.ask("POST", "/bulk/imports", {"uri": "s3://other/n"}, status=501)
        index.ask("POST", "/bulk/imports", {"uri": "s3://mine/../.."}, status=400)
        index.ask("POST", "/bulk/imports", {"uri": "s3://mine/none"}, status=404)
        index.ask("POST", "/bulk/imports", {"uri": "ftp://mine"}, status=400)


def test_the_command_imports_a_file(folder, tmp_path, wire_of, capsys):
    store = tmp_path / "store"
    with LocalEngine(store) as engine:
        wire_of(engine).index()
    assert main(["import", str(store), "demo", str(folder / "0.parquet")]) == 0
    assert "Imported 2,500 records" in capsys.readouterr().out
    assert main(["import", str(store), "none", str(folder)]) == 1
    assert sys.stdout is not None
