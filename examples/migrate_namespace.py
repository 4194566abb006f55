"""Move a namespace from one engine to another: export here, upsert there, compare.

    hatch run example migrate_namespace

Either side may be the cloud: leave out its `transport=` and give its key.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from pinecone import Pinecone, ServerlessSpec
from pinecone_local import LocalEngine

COUNT = 5_000
SPEC = ServerlessSpec(cloud="aws", region="us-east-1")


def main() -> None:
    """Fill one engine, copy its namespace to another, and check every vector."""
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalEngine(Path(folder, "old")) as old,
        LocalEngine(Path(folder, "new")) as new,
    ):
        source = Pinecone(api_key="old", transport=old.transport())
        target = Pinecone(api_key="new", transport=new.transport())
        for pc in (source, target):
            pc.create_index("films", SPEC, dimension=8)
        before, after = source.index("films"), target.index("films")
        before.upsert(
            vectors=((f"id-{n:05d}", [n % 7 + 1.0] * 7 + [float(n)], {"n": n}) for n in range(COUNT)),
            namespace="2024",
            show_progress=False,
        )

        # `export` reads page by page and `upsert` as fast as it sends, so the size does not matter to memory.
        # The checkpoint lets a migration that was killed go on where it stopped.
        checkpoint = Path(folder, "migration.checkpoint")
        done = after.upsert(
            vectors=before.export(namespace="2024"),
            namespace="2024",
            batch_size=500,
            checkpoint=checkpoint,
            show_progress=False,
        )
        print(f"copied {done.upserted_count:,} vectors in {done.total_batch_count} requests")

        pairs = zip(before.export(namespace="2024"), after.export(namespace="2024"), strict=True)
        assert all(one == other for one, other in pairs)
        print(f"all {after.describe_index_stats().total_vector_count:,} are the same on both sides")


if __name__ == "__main__":
    main()
