"""What was answered is on the disk, whatever happens to the process."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from pinecone_local import (
    EngineClosedError,
    FolderInUseError,
    LocalEngine,
    StoreDamagedError,
    StoreVersionError,
)
from pinecone_local.cli import main
from pinecone_local.http import Call
from pinecone_local.store import sqlite
from pinecone_local.store.sqlite import FILE_NAME

# Upserts for ever; prints every id once it was acknowledged.
WRITER = """
import json, sys
from pinecone_local import LocalEngine
from pinecone_local.http import Call

engine = LocalEngine(sys.argv[1])
prefix = "/_index/" + engine.project.indexes["demo"].row.label
for number in range(10**9):
    vectors = [{"id": f"{number}-{i}", "values": [number + 1, i, 1]} for i in range(20)]
    body = json.dumps({"vectors": vectors, "namespace": f"n{number % 3}"}).encode()
    reply = engine.handle(Call.make("POST", prefix + "/vectors/upsert", {}, body))
    assert reply.status == 200, reply.read()
    if number % 5 == 4:
        body = json.dumps({"ids": [f"{number}-0"], "namespace": f"n{number % 3}"}).encode()
        engine.handle(Call.make("POST", prefix + "/vectors/delete", {}, body))
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path, wire_of):
    with LocalEngine(tmp_path) as engine:
        wire_of(engine).index()
    chance = random.Random(4)
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        with writer.stdout as told:
            for _ in range(chance.randrange(10, 60)):
                last = int(told.readline())
            writer.kill()
            rest = [int(line) for line in told.read().splitlines(keepends=True) if line.endswith(b"\n")]
        writer.wait()
        last = rest[-1] if rest else last
        with LocalEngine(tmp_path) as engine:
            data = engine.project.indexes["demo"].data
            for number in range(last + 1):
                records = data.records(f"n{number % 3}")
                assert records is not None
                first = 1 if number % 5 == 4 else 0
                assert len(records.find_all([f"{number}-{i}" for i in range(20)])) == 20 - first
            assert engine.store.verify() == []


def test_all_that_was_made_is_there_again(tmp_path, wire_of):
    with LocalEngine(tmp_path) as engine:
        wire = wire_of(engine)
        index = wire.index(metric="dotproduct", tags={"a": "b"})
        sparse = {"indices": [3, 2**32 - 1], "values": [0.5, 1.5]}
        index.upsert({"id": "a", "values": [0.1, 2, 3], "sparseValues": sparse, "metadata": {"k": ["x"]}})
        index.upsert({"id": "b", "values": [1, 1, 1]}, namespace="n")
        index.ask("POST", "/namespaces", {"name": "s", "schema": {"fields": {"k": {"filterable": True}}}})
        wire.ask("POST", "/indexes/demo/backups", {"name": "one"}, status=201)
        described = wire.ask("GET", "/indexes/demo")
        fetched = index.ask("GET", "/vectors/fetch?ids=a")
        backups = wire.ask("GET", "/backups")
        namespaces = index.ask("GET", "/namespaces")
    with LocalEngine(tmp_path) as engine:
        wire = wire_of(engine)
        index = type(index)(wire, wire.ask("GET", "/indexes/demo"))
        assert index.described == described
        assert index.ask("GET", "/vectors/fetch?ids=a") == fetched
        assert index.ask("GET", "/namespaces") == namespaces
        assert wire.ask("GET", "/backups") == backups
        index.upsert({"id": "c", "values": [1, 1, 1]})
        assert wire.headers["x-pinecone-request-lsn"] == "4"
        wire.ask("DELETE", "/indexes/demo", status=202)
    with LocalEngine(tmp_path) as engine:
        assert wire_of(engine).ask("GET", "/indexes") == {"indexes": []}


def test_a_second_engine_on_a_folder_is_refused(tmp_path):
    with LocalEngine(tmp_path):
        with pytest.raises(FolderInUseError, match=f"process {os.getpid()}"):
            LocalEngine(tmp_path)
        code = "import sys; from pinecone_local import LocalEngine; LocalEngine(sys.argv[1])"
        other = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)
        assert "FolderInUseError" in other.stderr
    LocalEngine(tmp_path).close()


def filled(folder: Path, wire_of) -> Path:
    with LocalEngine(folder) as engine:
        index = wire_of(engine).index(dimension=64)
        vectors = [{"id": f"{i}", "values": [i + 1, *range(63)]} for i in range(500)]
        index.upsert(*vectors)
    return folder / FILE_NAME


def test_a_file_that_was_cut_off_is_not_opened(tmp_path, wire_of):
    file = filled(tmp_path, wire_of)
    whole = file.read_bytes()
    for size in (len(whole) - 1, len(whole) // 2, 100, 7):
        file.write_bytes(whole[:size])
        with pytest.raises(StoreDamagedError, match=r"damaged|cannot be read"):
            LocalEngine(tmp_path)
    file.write_bytes(whole)
    LocalEngine(tmp_path).close()


def test_a_changed_byte_is_found_before_it_gives_a_wrong_answer(tmp_path, wire_of, capsys):
    file = filled(tmp_path, wire_of)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE vectors SET dense = zeroblob(256) WHERE id = '7'")
    with LocalEngine(tmp_path) as engine:
        wire = wire_of(engine)
        prefix = wire.ask("GET", "/indexes/demo")["host"].removeprefix("http://localhost")
        refused = wire.ask("POST", f"{prefix}/query", {"topK": 1, "vector": [1] * 64}, status=500)
        assert refused["code"] == 15
        assert "not what was written" in refused["message"]
    assert main(["verify", str(tmp_path)]) == 1
    assert "'7' is not what was written" in capsys.readouterr().out


def test_what_is_no_store_is_left_alone(tmp_path):
    file = tmp_path / FILE_NAME
    file.write_text("my shopping list, with more than sixteen letters")
    with pytest.raises(StoreDamagedError, match="not a store"):
        LocalEngine(tmp_path)
    assert file.read_text().startswith("my shopping")
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE mine (x)")
    with pytest.raises(StoreDamagedError, match="not a store of this engine"):
        LocalEngine(tmp_path)


def test_a_newer_format_is_refused_and_an_older_one_brought_up(tmp_path, wire_of, monkeypatch):
    file = filled(tmp_path, wire_of)
    monkeypatch.setattr(sqlite, "FORMAT_VERSION", 3)
    steps = {
        1: lambda connection: connection.execute("ALTER TABLE lsns ADD COLUMN one"),
        2: lambda connection: connection.execute("ALTER TABLE lsns ADD COLUMN two"),
    }
    monkeypatch.setattr(sqlite, "MIGRATIONS", steps)
    LocalEngine(tmp_path).close()
    with closing(sqlite3.connect(file)) as connection:
        assert [row[1] for row in connection.execute("PRAGMA table_info(lsns)")][-2:] == ["one", "two"]
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)
    monkeypatch.setattr(sqlite, "FORMAT_VERSION", 1)
    with pytest.raises(StoreVersionError, match="upgrade pinecone-local"):
        LocalEngine(tmp_path)


def test_a_migration_that_fails_changes_nothing(tmp_path, wire_of, monkeypatch):
    file = filled(tmp_path, wire_of)

    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE lsns")
        raise RuntimeError("half way")

    monkeypatch.setattr(sqlite, "FORMAT_VERSION", 2)
    monkeypatch.setattr(sqlite, "MIGRATIONS", {1: broken})
    with pytest.raises(RuntimeError, match="half way"):
        LocalEngine(tmp_path)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM lsns").fetchone() == (1,)
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_write_that_the_disk_refuses_is_not_shown(tmp_path, wire_of, monkeypatch):
    with LocalEngine(tmp_path) as engine:
        index = wire_of(engine).index()
        index.upsert({"id": "a", "values": [1, 2, 3]})

        def full(self, number, rows):
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(sqlite._SqliteBatch, "append", full)
            refused = index.upsert(
                {"id": "a", "values": [3, 2, 1]}, {"id": "b", "values": [1, 1, 1]}, status=500
            )
        assert "nothing was changed" in refused["message"]
        assert index.ask("GET", "/vectors/fetch?ids=a")["vectors"]["a"]["values"] == [1, 2, 3]
        assert index.stats()["totalVectorCount"] == 1
        index.upsert({"id": "b", "values": [1, 1, 1]})
    with LocalEngine(tmp_path) as engine:
        assert engine.project.indexes["demo"].data.count == 2


def test_a_closed_engine_says_so(wire):
    wire.engine.close()
    wire.engine.close()
    with pytest.raises(EngineClosedError, match="closed"):
        wire.engine.handle(Call.make("GET", "/indexes"))
    assert repr(wire.engine) == "LocalEngine(in memory, closed)"


# ---- the command


def test_dump_and_load_copy_indexes(tmp_path, wire_of, capsysbinary, monkeypatch):
    one, other = tmp_path / "one", tmp_path / "other"
    with LocalEngine(one) as engine:
        wire = wire_of(engine)
        index = wire.index(metric="dotproduct", tags={"a": "b"}, deletion_protection="enabled")
        sparse = {"indices": [3], "values": [0.5]}
        index.upsert({"id": "a", "values": [0.1, 2, 3], "sparseValues": sparse, "metadata": {"k": 1}})
        index.upsert(*[{"id": f"{i:04}", "values": [i, 1, 1]} for i in range(1000)], namespace="n")
        index.ask("POST", "/namespaces", {"name": "s", "schema": {"fields": {"k": {"filterable": True}}}})
        wire.index("thin", vector_type="sparse").upsert({"id": "a", "sparseValues": sparse})
    assert main(["dump", str(one)]) == 0
    dumped = capsysbinary.readouterr().out
    assert all(len(json.loads(line)) == 1 for line in dumped.splitlines())
    file = tmp_path / "dump.jsonl"
    file.write_bytes(dumped)
    with file.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert main(["load", str(other)]) == 0
    assert main(["dump", str(other)]) == 0
    assert capsysbinary.readouterr().out == dumped
    with file.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert main(["load", str(other)]) == 1
    assert b"Line 1 cannot be loaded" in capsysbinary.readouterr().err
    assert main(["stats", str(other)]) == 0
    assert b"demo  (dense, 3, dotproduct)  1,001 records" in capsysbinary.readouterr().out
    assert main(["verify", str(other)]) == 0


def test_the_command_wants_a_store(tmp_path, capsys):
    for name in ("stats", "verify", "dump"):
        assert main([name, str(tmp_path / "none")]) == 1
        assert "There is no store" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_served_folder_stops_in_good_order(tmp_path, number):
    command = [sys.executable, "-m", "pinecone_local", "serve", "--port", "0", "--data-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "Serving from" in server.stdout.readline()
        server.send_signal(number)
        _, error = server.communicate(timeout=20)
    assert (server.returncode, error) == (0, "")
    LocalEngine(tmp_path).close()


def test_a_server_can_log_its_requests():
    command = [sys.executable, "-m", "pinecone_local", "serve", "--port", "0", "--log", "--api-key", "secret"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split(" at ")[1].split()[0]
        request = urllib.request.Request(f"{url}/indexes", headers={"Api-Key": "secret"})
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer) == {"indexes": []}
        server.terminate()
        _, error = server.communicate(timeout=20)
    [logged] = [json.loads(line) for line in error.splitlines()]
    assert (logged["method"], logged["path"], logged["status"]) == ("GET", "/indexes", 200)
    assert "secret" not in error
