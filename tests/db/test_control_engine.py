"""The control plane against the embedded engine, which answers as the service does."""

from __future__ import annotations

from typing import Any

import pytest

from pinecone_core.errors import ConflictError, ForbiddenError, NotFoundError
from pinecone_db import IndexModel, PodSpec, ServerlessSpec

from .wire import Bench

SPEC = ServerlessSpec(cloud="aws", region="us-east-1")


def test_the_life_of_an_index(bench: Bench) -> None:
    pc, run = bench.pc, bench.run
    made = run(pc.indexes.create(name="movies", dimension=3, spec=SPEC, tags={"a": "b"}))
    assert (made.status.ready, made.dimension, made.tags) == (True, 3, {"a": "b"})
    with pytest.raises(ConflictError):
        run(pc.indexes.create(name="movies", dimension=3, spec=SPEC))
    assert run(pc.indexes.describe("movies")) == made
    assert run(pc.indexes.list()).names() == ["movies"]
    changed = run(pc.indexes.configure("movies", tags={"a": "", "c": "d"}, deletion_protection="enabled"))
    assert (changed.tags, changed.deletion_protection) == ({"c": "d"}, "enabled")
    with pytest.raises(ForbiddenError):
        run(pc.indexes.delete("movies"))
    run(pc.indexes.configure("movies", deletion_protection="disabled"))
    run(pc.indexes.delete("movies"))
    assert run(pc.indexes.exists("movies")) is False
    with pytest.raises(NotFoundError):
        run(pc.indexes.delete("movies"))


@pytest.mark.parametrize(
    "arguments",
    [
        {"spec": SPEC, "vector_type": "sparse"},
        {"spec": SPEC, "dimension": 3, "schema": {"genre": {"filterable": True}}},
        {
            "spec": SPEC,
            "dimension": 3,
            "read_capacity": {
                "mode": "Dedicated",
                "dedicated": {"node_type": "b1", "scaling": "Manual", "manual": {"replicas": 1, "shards": 1}},
            },
        },
        {"spec": PodSpec(environment="us-east1-gcp"), "dimension": 3},
        {"spec": {"byoc": {"environment": "mine"}}, "dimension": 3, "metric": "euclidean"},
        {
            "spec": {
                "cloud": "aws",
                "region": "us-east-1",
                "embed": {"model": "multilingual-e5-large", "field_map": {"text": "body"}},
            }
        },
    ],
)
def test_kinds_of_index(bench: Bench, arguments: dict[str, Any]) -> None:
    made = bench.run(bench.pc.indexes.create(name="movies", **arguments))
    assert isinstance(made, IndexModel)
    assert bench.run(bench.pc.indexes.describe("movies")) == made


def test_backups_and_restores(bench: Bench) -> None:
    pc, run = bench.pc, bench.run
    run(pc.indexes.create(name="movies", dimension=3, spec=SPEC))
    names = [f"b-{number}" for number in range(3)]
    for name in names:
        run(pc.backups.create(index_name="movies", name=name))
    page = run(pc.backups.list(index_name="movies", limit=2))
    rest = run(pc.backups.list(index_name="movies", limit=2, pagination_token=page.next_token))
    assert sorted(page.names() + rest.names()) == names
    assert len(bench.walk(pc.backups.iter_backups())) == 3
    backup = run(pc.backups.wait_until_ready(backup_id=page[0].backup_id))
    again = run(pc.create_index_from_backup(name="movies-2", backup_id=backup.backup_id))
    assert (again.name, again.dimension) == ("movies-2", 3)
    job = run(pc.restore_jobs.list())[0]
    assert run(pc.restore_jobs.wait_until_completed(job_id=job.restore_job_id)).status == "Completed"
    run(pc.backups.delete(backup_id=backup.backup_id))
    with pytest.raises(NotFoundError):
        run(pc.backups.describe(backup_id=backup.backup_id))


def test_collections(bench: Bench) -> None:
    pc, run = bench.pc, bench.run
    run(pc.indexes.create(name="films", dimension=3, spec=PodSpec(environment="us-east1-gcp")))
    run(pc.collections.create(name="films-2023", source="films"))
    assert run(pc.collections.wait_until_ready("films-2023")).dimension == 3
    spec = PodSpec(environment="us-east1-gcp", source_collection="films-2023")
    made = run(pc.indexes.create(name="copy", dimension=3, spec=spec))
    assert made.spec.pod.source_collection == "films-2023"
    run(pc.collections.delete("films-2023"))
    assert len(run(pc.collections.list())) == 0
