"""The embedded engine beside a bare numpy scan, qdrant-client's local mode and chromadb's, in one run.

    hatch run bench-engine [--rows 100000] [--dimension 384] [--json FILE]
    hatch run bench-engine --memory [--rows 1000000]     what loading, closing and reopening takes

Each is a process in an environment of its own, with the same vectors, asked in turns. Trust the ratios, not
the single figures. One thread of the linear algebra library is used.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from environments import CannotBuildError, build

HERE = Path(__file__).parent
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
ENVIRONMENTS = {"ours": "ours+engine", "qdrant": "qdrant", "chromadb": "chromadb"}
ROUNDS = 3
#: Contender, way, and the share of records that the filter keeps.
QUERIES: dict[str, tuple[str, str, int | None]] = {
    "bare numpy scan": ("ours", "bare", None),
    "ours, exact": ("ours", "exact", None),
    "ours, exact, over HTTP": ("ours", "http", None),
    "ours, 1 % kept": ("ours", "exact", 1),
    "ours, 10 % kept": ("ours", "exact", 10),
    "ours, 50 % kept": ("ours", "exact", 50),
    "qdrant-client local": ("qdrant", "exact", None),
    "qdrant-client local, 10 % kept": ("qdrant", "exact", 10),
    "chromadb": ("chromadb", "exact", None),
    "chromadb, 10 % kept": ("chromadb", "exact", 10),
}


class Worker:
    def __init__(self, kind: str, python: Path, rows: int, dimension: int) -> None:
        self._process = subprocess.Popen(
            [str(python), str(HERE / "engine_worker.py"), kind, str(rows), str(dimension)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=CLEAN,
        )
        self.loaded = self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args} failed")
        return json.loads(line)

    def ask(self, way: str, kept: int | None) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"way": way, "kept": kept}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def shared(found: list[list[str]], wanted: list[list[str]]) -> float:
    """Return the share of the exact ten best that was found."""
    pairs = list(zip(found, wanted, strict=False))
    return sum(len(set(one) & set(other)) for one, other in pairs) / (10 * len(pairs))


def compare(rows: int, dimension: int) -> dict[str, Any]:
    workers: dict[str, Worker] = {}
    for kind, environment in ENVIRONMENTS.items():
        try:
            workers[kind] = Worker(kind, build(environment), rows, dimension)
        except CannotBuildError as error:
            print(f"Without {kind}, whose environment cannot be made: {str(error).splitlines()[-1]}")
            if kind == "ours":
                raise SystemExit(2) from error
    try:
        return measured(workers)
    finally:
        for worker in workers.values():
            worker.close()


def measured(workers: dict[str, Worker]) -> dict[str, Any]:
    times: dict[str, list[float]] = {}
    ids: dict[str, list[list[str]]] = {}
    # The approximate index comes last: once it is there, it answers.
    asked = {**QUERIES, "ours, approximate": ("ours", "approximate", None)}
    asked["ours, approximate, 50 % kept"] = ("ours", "approximate", 50)
    late = [name for name in asked if name not in QUERIES]
    for names in (list(QUERIES), late):
        for _ in range(ROUNDS):
            for name in names:
                kind, way, kept = asked[name]
                if kind in workers:
                    answer = workers[kind].ask(way, kept)
                    times.setdefault(name, []).append(answer["ms"])
                    ids[name] = answer["ids"]
    truth = {None: "ours, exact", 1: "ours, 1 % kept", 10: "ours, 10 % kept", 50: "ours, 50 % kept"}
    rows = []
    for name in times:
        kept = asked[name][2]
        ms = statistics.median(times[name])
        rows.append(
            {
                "name": name,
                "ms": ms,
                "of_scan": ms / statistics.median(times["bare numpy scan"]),
                "of_exact": ms / statistics.median(times["ours, exact"]),
                "recall": shared(ids[name], ids[truth[kept]]),
            }
        )
    loaded = {kind: worker.loaded for kind, worker in workers.items()}
    return {"queries": rows, "loaded": loaded}


def show(found: dict[str, Any]) -> None:
    print(f"LocalEngine() after the import: {found['loaded']['ours']['started']:.1f} ms")
    for kind, loaded in found["loaded"].items():
        print(f"load, {kind}: {loaded['rate']:,.0f} vectors a second through its client")
    print(f"{'query, top 10':34}{'ms':>9}{'of scan':>9}{'of exact':>9}{'recall':>8}")
    for row in found["queries"]:
        print(
            f"{row['name']:34}{row['ms']:9.2f}{row['of_scan']:9.2f}{row['of_exact']:9.2f}{row['recall']:8.3f}"
        )


# ---- memory

MEMORY = """
import gc, sys, time
from pathlib import Path
sys.path.insert(0, {here!r})
from engine_worker import vectors
from pinecone import Pinecone, ServerlessSpec
from pinecone_local import LocalEngine

def peak():
    return 1024 * int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])

rows, dimension, folder = {rows}, {dimension}, {folder!r}
vectors(10, dimension)
engine = LocalEngine(folder)
pc = Pinecone(api_key="local", transport=engine.transport())
if {load}:
    spec = ServerlessSpec(cloud="aws", region="local")
    pc.create_index(name="bench", dimension=dimension, metric="dotproduct", spec=spec)
index = pc.index("bench")
gc.collect()
before, begun = peak(), time.perf_counter()
if {load}:
    for start in range(0, rows, 10_000):
        block = vectors(10_000, dimension, seed=start)
        for at in range(0, 10_000, 500):
            some = enumerate(block[at : at + 500], start + at)
            index.upsert(vectors=[(f"v{{number}}", row) for number, row in some])
found = index.query(vector=vectors(1, dimension, seed=3)[0], top_k=10).matches
assert len(found) == 10
took = time.perf_counter() - begun
print(peak() - before, took, engine.project.indexes["bench"].data.count)
engine.close()
"""


def memory(rows: int, dimension: int) -> dict[str, Any]:
    raw = 4 * rows * dimension
    python = build("ours+engine")
    found: dict[str, Any] = {"raw": raw}
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
        for what, load in (("load", True), ("reopen", False)):
            code = MEMORY.format(here=str(HERE), rows=rows, dimension=dimension, folder=folder, load=load)
            done = subprocess.run(
                [python, "-c", code], env=CLEAN, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise SystemExit(done.stderr)
            peak, seconds, count = done.stdout.split()
            assert int(count) == rows
            found[what] = {"of_raw": int(peak) / raw, "seconds": float(seconds)}
            print(f"{what}: {int(peak) / raw:.2f} times the raw vectors at the peak, {float(seconds):.0f} s")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--memory", action="store_true", help="what loading and reopening takes")
    parser.add_argument("--json", type=Path, help="keep the figures")
    options = parser.parse_args()
    if options.memory:
        found = memory(options.rows or 1_000_000, options.dimension)
    else:
        found = compare(options.rows or 100_000, options.dimension)
        show(found)
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    sys.exit(main())
