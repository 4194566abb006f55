"""Load a Parquet file that takes long enough to be interrupted, and go on where it stopped.

    hatch run example bulk_parquet

The program makes a file, starts to load it in a process that is killed half way, and runs it again.
With the cloud: leave out `transport=` and give your key.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as dataset
import pyarrow.parquet as parquet

from pinecone import Pinecone, ServerlessSpec
from pinecone_local import LocalEngine

COUNT, DIMENSION = 20_000, 32


def make_file(path: Path) -> None:
    """Write a file with the columns id, values and metadata."""
    chance = random.Random(7)
    ids = [f"row-{number:06d}" for number in range(COUNT)]
    values = [[chance.uniform(-1, 1) for _ in range(DIMENSION)] for _ in ids]
    metadata = [{"n": number, "even": number % 2 == 0} for number in range(COUNT)]
    table = pa.table({"id": ids, "values": values, "metadata": metadata})
    parquet.write_table(table, path, row_group_size=1000)


def load(folder: Path) -> None:
    """Load the file into the engine of the folder, keeping account in a checkpoint."""
    with LocalEngine(folder / "engine") as engine:
        pc = Pinecone(api_key="local", transport=engine.transport())
        if not pc.has_index("rows"):
            pc.create_index("rows", ServerlessSpec(cloud="aws", region="us-east-1"), dimension=DIMENSION)
        index = pc.index("rows")
        before = index.describe_index_stats().total_vector_count
        print(f"stored before: {before:,}", flush=True)
        reader = dataset.dataset(folder / "rows.parquet").scanner(batch_size=1000).to_reader()
        done = index.upsert_from_dataframe(
            reader, batch_size=200, show_progress=False, checkpoint=folder / "load.checkpoint"
        )
        total = index.describe_index_stats().total_vector_count
        print(f"loaded {done.upserted_count:,} now, {total:,} in all", flush=True)


def main() -> None:
    """Load, be killed, and load the rest."""
    if len(sys.argv) > 1:
        load(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_file(folder / "rows.parquet")
        print(f"{COUNT:,} rows in {(folder / 'rows.parquet').stat().st_size / 1e6:.1f} MB of Parquet")
        process = subprocess.Popen([sys.executable, __file__, str(folder)])
        mark = folder / "load.checkpoint"
        while process.poll() is None and not (mark.exists() and '"stored":0' not in mark.read_text()):
            time.sleep(0.01)  # noqa: TID251 - until something is stored
        process.kill()
        process.wait()
        print("killed half way; once more:")
        load(folder)


if __name__ == "__main__":
    main()
