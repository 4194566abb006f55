"""What a project may hold, and what is refused beyond it."""

from __future__ import annotations

import pytest

from pinecone_local import LocalEngine, Quotas

POD = {"pod": {"environment": "us-east1-gcp", "pod_type": "p1.x1", "pods": 2, "replicas": 2, "shards": 1}}


def test_no_more_than_the_quota_says(wire_of):
    with LocalEngine(quotas=Quotas(indexes=3, pods=3, collections=1, backups=1)) as engine:
        wire = wire_of(engine)
        wire.index("a")
        wire.index("p", spec=POD)
        request = {"name": "q", "dimension": 3, "spec": POD}
        refused = wire.ask("POST", "/indexes", request, status=403)["error"]
        assert refused["code"] == "FORBIDDEN"
        assert "more pods. Maximum allowed is 3; there are 2, and 2 more would be made." in refused["message"]
        wire.ask("POST", "/collections", {"name": "c", "source": "p"}, status=201)
        wire.ask("POST", "/collections", {"name": "d", "source": "p"}, status=403)
        wire.ask("POST", "/indexes/a/backups", {}, status=201)
        wire.ask("POST", "/indexes/a/backups", {}, status=403)
        wire.index("b")
        refused = wire.ask("POST", "/indexes", {"name": "c", "dimension": 3, "spec": POD}, status=403)
        assert "more indexes" in refused["error"]["message"]
        wire.ask("DELETE", "/indexes/b", status=202)
        wire.index("c")


def test_limits_must_be_numbers():
    for wrong in (-1, True, "5"):
        with pytest.raises(ValueError, match="indexes must be a whole number"):
            Quotas(indexes=wrong)  # type: ignore[arg-type]
