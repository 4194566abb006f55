"""Large namespaces searched by a graph: what it finds, what it may not miss, and what survives."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

import numpy as np
import pytest

from pinecone_local import EngineError, LocalEngine
from pinecone_local.search.graph import Graph
from pinecone_local.state import graphs as policy
from pinecone_local.store.sqlite import SqliteStore

ROWS, DIMENSION = 6000, 32
METRICS = ("cosine", "dotproduct", "euclidean")


def clustered(rows: int = ROWS, seed: int = 0) -> Any:
    """Return vectors that lie as embeddings do: in clusters, on a surface of fewer dimensions."""
    chance = np.random.default_rng(seed)
    centers = chance.standard_normal((60, 12))
    plane = np.random.default_rng(1).standard_normal((12, DIMENSION))
    inner = centers[chance.integers(0, 60, rows)] + 0.6 * chance.standard_normal((rows, 12))
    return (inner @ plane + 0.2 * chance.standard_normal((rows, DIMENSION))).astype(np.float32)


def fill(index: Any, vectors: Any, first: int = 0, **metadata: Any) -> None:
    for start in range(0, len(vectors), 1000):
        index.upsert(
            *(
                {
                    "id": f"v{first + start + number}",
                    "values": values,
                    "metadata": {"tag": (first + start + number) % 100, **metadata},
                }
                for number, values in enumerate(vectors[start : start + 1000].tolist())
            )
        )


def queries(count: int = 60) -> Any:
    first, second = clustered(count, seed=7), clustered(count, seed=8)
    return (0.9 * first + 0.1 * second).tolist()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note of each search whether the graph named its candidates."""
    asked: list[bool] = []
    candidates = policy.Graphs.candidates

    def noted(self: Any, *arguments: Any) -> Any:
        found = candidates(self, *arguments)
        asked.append(found is not None)
        return found

    monkeypatch.setattr(policy.Graphs, "candidates", noted)
    return asked


def built(engine: LocalEngine, index: Any) -> None:
    index.query(vector=queries(1)[0])
    engine.join()


def recall(near: Any, exact: Any, filter_: Any = None, asked: Any = None) -> float:
    body: dict[str, Any] = {} if filter_ is None else {"filter": filter_}
    hits, asked = 0, queries() if asked is None else asked
    for vector in asked:
        wanted = exact.query(vector=vector, **body)["matches"]
        found = near.query(vector=vector, **body)["matches"]
        scores = {match["id"]: match["score"] for match in found}
        shared = [match for match in wanted if match["id"] in scores]
        assert all(match["score"] == scores[match["id"]] for match in shared)
        hits += len(shared)
    return hits / (10 * len(asked))


@pytest.mark.parametrize("metric", METRICS)
def test_it_finds_what_the_exact_search_finds(metric, wire_of, counted):
    with LocalEngine(approximate_from=1000) as engine, LocalEngine() as plain:
        near, exact = (wire_of(one).index(metric=metric, dimension=DIMENSION) for one in (engine, plain))
        for index in (near, exact):
            fill(index, clustered())
        built(engine, near)
        counted.clear()
        assert recall(near, exact) >= 0.98
        assert all(counted)
        for kept in (50, 30):
            counted.clear()
            assert recall(near, exact, {"tag": {"$lt": kept}}) >= 0.98
            assert all(counted)
        # So narrow a filter leaves few rows: looking at each of them is quicker and exact.
        counted.clear()
        assert recall(near, exact, {"tag": {"$lt": 10}}) == 1.0
        assert not any(counted)


def sided(index: Any) -> Any:
    """Fill an index with records that say on which side they lie, 0 to 99; return the queries of one end."""
    vectors, asked = clustered(), np.array(queries(300), np.float32)
    across = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)[2][0]
    sides = np.argsort(np.argsort(vectors @ across)) * 100 // ROWS
    for start in range(0, ROWS, 1000):
        index.upsert(
            *(
                {"id": f"v{row}", "values": vectors[row].tolist(), "metadata": {"side": int(sides[row])}}
                for row in range(start, start + 1000)
            )
        )
    return sides, asked[np.argsort(asked @ across)[:60]].tolist()


@pytest.mark.parametrize("metric", METRICS)
def test_a_filter_or_a_deletion_that_leaves_only_what_is_far_away(metric, wire_of, counted):
    with LocalEngine(approximate_from=1000) as engine, LocalEngine() as plain:
        near, exact = (wire_of(one).index(metric=metric, dimension=DIMENSION) for one in (engine, plain))
        sides, far = sided(near)
        sided(exact)
        built(engine, near)
        for least in (30, 50, 70):
            assert recall(near, exact, {"side": {"$gte": least}}, far) >= 0.98
        counted.clear()
        assert recall(near, exact, {"side": {"$gte": 3}}, far) >= 0.98
        assert any(counted)  # what is far away is looked for in the graph as long as that pays
        gone = [f"v{row}" for row in np.flatnonzero(sides < 25)]
        for index in (near, exact):
            for start in range(0, len(gone), 1000):
                index.ask("POST", "/vectors/delete", {"ids": gone[start : start + 1000]})
        assert recall(near, exact, asked=far) >= 0.98


def test_a_write_is_found_at_once_and_what_is_gone_is_not(wire_of, counted):
    with LocalEngine(approximate_from=1000) as engine, LocalEngine() as plain:
        near, exact = (wire_of(one).index(dimension=DIMENSION) for one in (engine, plain))
        for index in (near, exact):
            fill(index, clustered())
        built(engine, near)
        target = queries(1)[0]
        near.upsert({"id": "new", "values": target})
        assert near.ids(vector=target)[0] == "new"
        near.ask("POST", "/vectors/delete", {"ids": ["new"]})
        assert "new" not in near.ids(vector=target)
        # A third of all is replaced, so much that the rows move together and the graph is brought up to date.
        for index in (near, exact):
            fill(index, clustered(2500, seed=3), first=500)
            index.ask("POST", "/vectors/delete", {"ids": [f"v{number}" for number in range(400)]})
        assert recall(near, exact) >= 0.98
        engine.join()
        counted.clear()
        assert recall(near, exact) >= 0.98
        assert all(counted)


def test_small_namespaces_and_large_answers_are_exact(wire_of, counted):
    with LocalEngine(approximate_from=ROWS) as engine:
        index = wire_of(engine).index(dimension=DIMENSION)
        fill(index, clustered(ROWS - 1))
        built(engine, index)
        index.query(vector=queries(1)[0])
        assert not any(counted)
        fill(index, clustered(10, seed=2), first=ROWS)
        built(engine, index)
        assert len(index.query(vector=queries(1)[0], topK=2000)["matches"]) == 2000
        assert not any(counted)
        index.query(vector=queries(1)[0])
        assert counted.pop()


def test_data_that_no_graph_serves_is_searched_exactly(wire_of, counted):
    noise = np.random.default_rng(0).standard_normal((4000, 512)).astype(np.float32)
    with LocalEngine(approximate_from=1000) as engine:
        index = wire_of(engine).index(dimension=512, metric="euclidean")
        for start in range(0, 4000, 100):
            block = noise[start : start + 100].tolist()
            index.upsert(*({"id": f"v{start + n}", "values": values} for n, values in enumerate(block)))
        index.query(vector=noise[0].tolist())
        engine.join()
        index.query(vector=noise[0].tolist())
        assert not any(counted)


def test_it_survives_the_engine_and_is_not_built_again(wire_of, counted, tmp_path, monkeypatch):
    with LocalEngine(tmp_path, approximate_from=1000) as engine:
        index = wire_of(engine).index(dimension=DIMENSION)
        fill(index, clustered())
        built(engine, index)
        before = [index.ids(vector=vector) for vector in queries()]
    assert [path.suffix for path in (tmp_path / "graphs").iterdir()] == [".npz"]
    monkeypatch.setattr(Graph, "build", None)
    with LocalEngine(tmp_path, approximate_from=1000) as engine:
        index.wire.engine = engine
        built(engine, index)
        counted.clear()
        assert [index.ids(vector=vector) for vector in queries()] == before
        assert all(counted)


@pytest.mark.parametrize("spoil", ["cut", "changed", "emptied"])
def test_a_torn_file_is_told_and_made_anew(spoil, wire_of, counted, tmp_path, capsys):
    with LocalEngine(tmp_path, approximate_from=1000) as engine:
        index = wire_of(engine).index(dimension=DIMENSION)
        fill(index, clustered())
        built(engine, index)
    (path,) = (tmp_path / "graphs").iterdir()
    whole = path.read_bytes()
    middle = len(whole) // 2
    torn = {"cut": whole[:middle], "changed": whole[:middle] + b"\x00" * 64 + whole[middle + 64 :]}
    path.write_bytes(torn.get(spoil, b""))
    store = SqliteStore(tmp_path)
    assert any("search graph" in fault and "built anew" in fault for fault in store.verify())
    store.close()
    with LocalEngine(tmp_path, approximate_from=1000) as engine:
        index.wire.engine = engine
        built(engine, index)
        counted.clear()
        index.query(vector=queries(1)[0])
        assert counted == [True]
    store = SqliteStore(tmp_path)
    assert store.verify() == []
    store.close()


def test_a_graph_of_other_vectors_is_not_trusted(wire_of, counted, tmp_path):
    with LocalEngine(tmp_path, approximate_from=1000) as engine, LocalEngine() as plain:
        near, exact = (wire_of(one).index(dimension=DIMENSION) for one in (engine, plain))
        fill(near, clustered())
        built(engine, near)
        # Emptied, a namespace uses its positions again.
        near.ask("POST", "/vectors/delete", {"deleteAll": True})
        for index in (near, exact):
            fill(index, clustered(seed=5))
        near.wire.engine.close()
        with LocalEngine(tmp_path, approximate_from=1000) as again:
            near.wire.engine = again
            built(again, near)
            assert recall(near, exact) >= 0.98


def test_graphs_of_dropped_namespaces_go(wire_of, tmp_path):
    with LocalEngine(tmp_path, approximate_from=1000) as engine:
        index = wire_of(engine).index(dimension=DIMENSION)
        fill(index, clustered())
        built(engine, index)
        index.ask("DELETE", "/namespaces/__default__")
    (tmp_path / "graphs" / "9.partial").write_bytes(b"what a killed writer leaves")
    LocalEngine(tmp_path, approximate_from=1000).close()
    assert not list((tmp_path / "graphs").iterdir())


def test_nobody_waits_for_the_building(wire_of, counted, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    build = Graph.build.__func__  # type: ignore[attr-defined]

    def slow(cls: Any, *arguments: Any) -> Any:
        begun.set()
        assert go_on.wait(30)
        return build(cls, *arguments)

    monkeypatch.setattr(Graph, "build", classmethod(slow))
    with LocalEngine(approximate_from=1000) as engine:
        index = wire_of(engine).index(dimension=DIMENSION)
        fill(index, clustered(2000))
        index.query(vector=queries(1)[0])
        assert begun.wait(30)
        for _ in range(3):
            assert index.ids(vector=queries(1)[0])
        index.upsert({"id": "meanwhile", "values": queries(1)[0]})
        assert index.ids(vector=queries(1)[0])[0] == "meanwhile"
        assert not any(counted)
        go_on.set()
        engine.join()
        assert index.ids(vector=queries(1)[0])[0] == "meanwhile"
        assert counted.pop()


def test_an_engine_that_closes_stops_the_building(wire_of, monkeypatch):
    added: list[int] = []
    with LocalEngine(approximate_from=1000) as engine:
        index = wire_of(engine).index(dimension=DIMENSION)
        fill(index, clustered())
        stopping = engine.graphs
        assert stopping is not None
        kept = Graph.build.__func__  # type: ignore[attr-defined]

        def watched(cls: Any, snapshot: Any, metric: Any, known: Any, stopped: Any) -> Any:
            def told() -> bool:
                added.append(1)
                return True

            return kept(cls, snapshot, metric, known, told)

        monkeypatch.setattr(Graph, "build", classmethod(watched))
        index.query(vector=queries(1)[0])
    assert added == [1]


@pytest.mark.parametrize("rows", [0, -5])
def test_a_threshold_that_is_none(rows):
    with pytest.raises(ValueError, match="approximate_from must be"):
        LocalEngine(approximate_from=rows)


def test_without_the_library_it_says_what_to_install():
    code = "from pinecone_local import LocalEngine; LocalEngine(approximate_from=10)"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.modules['faiss'] = None; {code}",
        ],
        capture_output=True,
        text=True,
    )
    assert "pinecone-local[approximate]" in done.stderr
    assert EngineError.__name__ in done.stderr


@pytest.mark.anyio
async def test_the_event_loop_goes_on_while_it_builds(anyio_backend):
    import anyio

    from pinecone import AsyncPinecone, ServerlessSpec

    with LocalEngine(approximate_from=1000) as engine:
        async with AsyncPinecone(api_key="local", transport=engine.transport()) as pc:
            spec = ServerlessSpec(cloud="aws", region="local")
            await pc.create_index(name="demo", dimension=DIMENSION, spec=spec)
            index = await pc.index("demo")
            vectors = clustered(3000)
            await index.upsert(vectors=[(f"v{n}", row) for n, row in enumerate(vectors)])
            turns = 0

            async def turn() -> None:
                nonlocal turns
                while True:
                    turns += 1
                    await anyio.lowlevel.checkpoint()

            async with anyio.create_task_group() as group:
                group.start_soon(turn)
                for vector in queries(5):
                    assert (await index.query(vector=vector, top_k=3)).matches
                await anyio.to_thread.run_sync(engine.join)
                group.cancel_scope.cancel()
            assert turns > 10


def test_a_namespace_of_which_everything_went(wire_of, counted):
    with LocalEngine(approximate_from=1000) as engine:
        index = wire_of(engine).index(dimension=DIMENSION)
        fill(index, clustered(1500))
        for start in (0, 750):
            ids = [f"v{number}" for number in range(start, start + 750)]
            index.ask("POST", "/vectors/delete", {"ids": ids})
        assert index.ids(vector=queries(1)[0]) == []
        engine.join()
        fill(index, clustered(2000), first=5000)
        built(engine, index)
        assert len(index.ids(vector=queries(1)[0])) == 10
        assert counted.pop()


def test_a_namespace_filled_again_with_some_of_the_same(wire_of, counted, tmp_path):
    vectors = clustered(2000)
    with LocalEngine(tmp_path, approximate_from=1000) as engine:
        index = wire_of(engine).index(dimension=DIMENSION)
        fill(index, vectors)
        # A row that is gone when the graph is built has no node.
        index.ask("POST", "/vectors/delete", {"ids": ["v7"]})
        built(engine, index)
        index.ask("POST", "/vectors/delete", {"deleteAll": True})
        fill(index, vectors)
    with LocalEngine(tmp_path, approximate_from=1000) as engine:
        index.wire.engine = engine
        built(engine, index)
        assert index.ids(vector=vectors[7].tolist())[0] == "v7"
        assert counted.pop()
