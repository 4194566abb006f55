"""Graphs where things go wrong: files that were changed, disks that are full, readers that come late."""

from __future__ import annotations

import random
import threading
from functools import partial
from typing import Any

import faiss
import numpy as np
import pytest

from pinecone_local import LocalEngine
from pinecone_local.search.exact import dense_search
from pinecone_local.search.graph import Graph
from pinecone_local.state import graphs as policy
from pinecone_local.state.namespace import Namespace, RecordBlock
from pinecone_local.store.graph_files import GraphDamagedError, graph_path, read_graph, write_graph

from .test_approximate import DIMENSION, built, clustered, counted, fill, queries

__all__ = ["counted"]  # the fixture


def block(vectors: Any, first: int = 0) -> RecordBlock:
    count = len(vectors)
    return RecordBlock([f"v{first + n}" for n in range(count)], vectors, [None] * count, [None] * count)


def never() -> bool:
    return False


@pytest.mark.parametrize("spoil", ["cut", "zeros", "bit"])
def test_no_byte_of_a_file_can_be_wrong_unnoticed(spoil, tmp_path):
    path = graph_path(tmp_path, 1)
    names = ("about", "metric", "ceiling", "positions", "marks", "graph")
    arrays: dict[str, Any] = {name: np.arange(20) + n for n, name in enumerate(names)}
    write_graph(path, arrays)
    whole = path.read_bytes()
    chance = random.Random(0)
    damaged = 0
    for at in range(len(whole)):
        bit = bytes([whole[at] ^ 1 << chance.randrange(8)])
        changed = {"cut": b"", "zeros": bytes(8) + whole[at + 8 :], "bit": bit + whole[at + 1 :]}[spoil]
        path.write_bytes(whole[:at] + changed)
        try:
            read = read_graph(path)
        except GraphDamagedError:
            damaged += 1
        else:
            # Dates and the like may change; the numbers may not.
            assert all(np.array_equal(read[name], arrays[name]) for name in names)
    assert damaged > len(whole) / 2


@pytest.mark.parametrize("what", ["about", "graph"])
def test_a_whole_file_of_another_version_is_made_anew(what, wire_of, counted, tmp_path):
    with LocalEngine(tmp_path, approximate_from=1000) as engine:
        index = wire_of(engine).index(dimension=DIMENSION)
        fill(index, clustered(2000))
        built(engine, index)
    (path,) = (tmp_path / "graphs").iterdir()
    arrays = read_graph(path)
    strange = {"about": np.array([2, 0, 0, 0, 0]), "graph": np.frombuffer(b"another" * 100, np.uint8)}
    write_graph(path, {**arrays, what: strange[what]})
    with LocalEngine(tmp_path, approximate_from=1000) as engine:
        index.wire.engine = engine
        built(engine, index)
        assert index.ids(vector=queries(1)[0])
        assert counted.pop()
    assert len(read_graph(path)["about"]) == 3


def test_a_graph_that_cannot_be_kept_is_used_all_the_same(wire_of, counted, tmp_path, monkeypatch, caplog):
    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(policy, "write_graph", full)
    with LocalEngine(tmp_path, approximate_from=1000) as engine:
        index = wire_of(engine).index(dimension=DIMENSION)
        fill(index, clustered(2000))
        built(engine, index)
        assert index.ids(vector=queries(1)[0])
        assert counted.pop()
    assert "No space left on device" in caplog.text


def test_a_library_that_fails_is_not_asked_again_and_again(wire_of, counted, monkeypatch, caplog):
    tries: list[int] = []

    def fails(*arguments: Any) -> Any:
        tries.append(1)
        raise RuntimeError("out of something")

    monkeypatch.setattr(faiss, "IndexHNSWSQ", fails)
    with LocalEngine(approximate_from=1000) as engine:
        index = wire_of(engine).index(dimension=DIMENSION)
        fill(index, clustered(2000))
        for _ in range(3):
            built(engine, index)
            assert len(index.ids(vector=queries(1)[0])) == 10
        assert tries == [1]
        fill(index, clustered(2000, seed=4), first=2000)
        built(engine, index)
        assert tries == [1, 1]
    assert not any(counted)
    assert "out of something" in caplog.text


def test_a_reader_older_than_the_graph_looks_at_every_row():
    vectors = clustered(6000)
    records = Namespace(DIMENSION)
    records.add(block(vectors[:5000]))
    old = records.snapshot()
    # A record that is replaced has one row for readers from before and another one for those after.
    records.add(block(vectors[5000:]))
    now = records.snapshot()
    graph = Graph.build(now, "cosine", None, never)
    assert graph is not None
    assert graph.settle(now, never)
    asked = [np.array(query, np.float32) for query in queries(30)]
    for snapshot in (old, now, old, now):
        found = [graph.candidates(snapshot, query, 10) for query in asked]
        assert [rows is None for rows in found] == [snapshot is old] * len(asked)


def test_readers_on_both_sides_of_a_compaction():
    records = Namespace(DIMENSION)
    records.add(block(clustered(12_000)))
    graph = Graph.build(records.snapshot(), "cosine", None, never)
    assert graph is not None
    assert graph.settle(records.snapshot(), never)
    before = records.snapshot()
    records.kill([f"v{row}" for row in range(4100)])
    after = records.snapshot()
    assert after.history is not before.history
    for snapshot in (before, after, before, after):
        assert snapshot.matrix is not None
        hits = 0
        for query in queries(40):
            asked = np.array(query, np.float32)
            search = partial(dense_search, snapshot.matrix, snapshot.norms, asked, "cosine", 10)
            among = graph.candidates(snapshot, asked, 10)
            hits += len(np.intersect1d(search().rows, search(among=among).rows))
        assert hits >= 0.98 * 400


def test_readers_and_writers_at_once():
    records = Namespace(DIMENSION)
    vectors = clustered(9000)
    records.add(block(vectors))
    held = policy.Graphs(1000, lambda work: work(), never, None)
    asked = [np.array(query, np.float32) for query in queries(20)]
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            for query in asked:
                snapshot = records.snapshot()
                among = held.candidates(records, snapshot, "cosine", query, 10)
                assert snapshot.matrix is not None
                try:
                    found = dense_search(
                        snapshot.matrix, snapshot.norms, query, "cosine", 10, snapshot.keep, among=among
                    )
                    ids = {snapshot.id(row) for row in found.rows.tolist()}
                    if len(ids) != 10 or (among is not None and among.max() >= snapshot.rows):
                        wrong.append(ids)
                except Exception as error:
                    wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for start in range(0, 9000, 1500):  # replaced piece by piece, so that the rows move now and then
            records.add(block(vectors[start : start + 1500], start))
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert wrong == []
