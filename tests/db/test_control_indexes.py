"""Operations on indexes: what is sent, and what is refused before anything is sent."""

from __future__ import annotations

import types
from typing import Any

import pytest

from pinecone_core.errors import (
    ConflictError,
    PineconeTypeError,
    PineconeValueError,
    ResponseParsingError,
)
from pinecone_db import (
    ByocSpec,
    DeletionProtection,
    EmbedConfig,
    IndexEmbed,
    IndexModel,
    IntegratedSpec,
    Metric,
    PodSpec,
    ServerlessSpec,
    VectorType,
)

from .openapi import described
from .wire import FLAVOURS, Bench, Wire, body_of, headers_of

SERVERLESS = ServerlessSpec(cloud="aws", region="us-east-1")
DEDICATED = {
    "mode": "Dedicated",
    "dedicated": {"node_type": "b1", "scaling": "Manual", "manual": {"replicas": 2, "shards": 1}},
}
EMBED = EmbedConfig(model="multilingual-e5-large", field_map={"text": "body"})


def index(name: str = "movies", *, ready: bool = True, state: str = "Ready", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "metric": "cosine",
        "dimension": 3,
        "vector_type": "dense",
        "host": f"{name}-abc.svc.pinecone.io",
        "deletion_protection": "disabled",
        "status": {"ready": ready, "state": state},
        "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}},
        **more,
    }


def sent(wire: Wire) -> dict[str, Any]:
    """Check every request against the API description, and return the last body."""
    contract = described("db_control_2025-10.oas.yaml")
    for request in wire.requests:
        headers = headers_of(request)
        assert headers["x-pinecone-api-version"] == "2025-10"
        assert headers["api-key"] == "key-1234"
        contract.check_request(request.method, request.target, headers, body_of(request))
    body = wire.bodies[-1]
    return body if isinstance(body, dict) else {}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_reading(flavour: str) -> None:
    bench = Bench(flavour, Wire((200, {"indexes": [index("a"), index("b")]}), (200, index()), (404, {})))
    listed = bench.run(bench.pc.indexes.list())
    assert listed.names() == ["a", "b"]
    assert listed["b"].host == "https://b-abc.svc.pinecone.io"
    assert bench.run(bench.pc.indexes.exists("movies")) is True
    assert bench.run(bench.pc.has_index("films")) is False
    assert bench.wire.lines == ["GET /indexes", "GET /indexes/movies", "GET /indexes/films"]
    sent(bench.wire)


CREATED: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "serverless": (
        {"spec": SERVERLESS, "dimension": 3},
        "/indexes",
        {
            "metric": "cosine",
            "vector_type": "dense",
            "deletion_protection": "disabled",
            "dimension": 3,
            "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}},
        },
    ),
    "enums": (
        {
            "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}},
            "dimension": 3,
            "metric": Metric.EUCLIDEAN,
            "vector_type": VectorType.DENSE,
            "deletion_protection": DeletionProtection.ENABLED,
            "tags": types.MappingProxyType({"team": "search"}),
        },
        "/indexes",
        {
            "metric": "euclidean",
            "vector_type": "dense",
            "deletion_protection": "enabled",
            "dimension": 3,
            "tags": {"team": "search"},
            "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}},
        },
    ),
    "sparse": (
        {"spec": SERVERLESS, "vector_type": "sparse"},
        "/indexes",
        {
            "metric": "dotproduct",
            "vector_type": "sparse",
            "deletion_protection": "disabled",
            "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}},
        },
    ),
    "schema and capacity": (
        {
            "spec": SERVERLESS,
            "dimension": 3,
            "schema": {"genre": {"filterable": True}},
            "read_capacity": DEDICATED,
        },
        "/indexes",
        {
            "metric": "cosine",
            "vector_type": "dense",
            "deletion_protection": "disabled",
            "dimension": 3,
            "spec": {
                "serverless": {
                    "cloud": "aws",
                    "region": "us-east-1",
                    "schema": {"fields": {"genre": {"filterable": True}}},
                    "read_capacity": DEDICATED,
                }
            },
        },
    ),
    "pod": (
        {"spec": PodSpec(environment="us-east1-gcp", source_collection="old"), "dimension": 3},
        "/indexes",
        {
            "metric": "cosine",
            "vector_type": "dense",
            "deletion_protection": "disabled",
            "dimension": 3,
            "spec": {
                "pod": {
                    "environment": "us-east1-gcp",
                    "pod_type": "p1.x1",
                    "replicas": 1,
                    "shards": 1,
                    "pods": 1,
                    "source_collection": "old",
                }
            },
        },
    ),
    "byoc, sparse": (
        {
            "spec": ByocSpec(environment="mine", schema={"fields": {"a": {"filterable": True}}}),
            "vector_type": "sparse",
        },
        "/indexes",
        {
            "metric": "dotproduct",
            "vector_type": "sparse",
            "deletion_protection": "disabled",
            "spec": {"byoc": {"environment": "mine", "schema": {"fields": {"a": {"filterable": True}}}}},
        },
    ),
    "integrated": (
        {"spec": IntegratedSpec(cloud="aws", region="us-east-1", embed=EMBED)},
        "/indexes/create-for-model",
        {
            "cloud": "aws",
            "region": "us-east-1",
            "embed": {"model": "multilingual-e5-large", "field_map": {"text": "body"}},
        },
    ),
    "integrated, all given": (
        {
            "spec": IntegratedSpec(
                cloud="aws",
                region="us-east-1",
                embed={  # type: ignore[arg-type]
                    "model": "multilingual-e5-large",
                    "field_map": {"text": "body"},
                    "read_parameters": {},
                },
            ),
            "dimension": 512,
            "metric": "dotproduct",
            "deletion_protection": "enabled",
            "tags": {},
            "schema": {"genre": {"filterable": True}},
            "read_capacity": {"mode": "OnDemand"},
        },
        "/indexes/create-for-model",
        {
            "cloud": "aws",
            "region": "us-east-1",
            "embed": {
                "model": "multilingual-e5-large",
                "field_map": {"text": "body"},
                "dimension": 512,
                "metric": "dotproduct",
                "read_parameters": {},
            },
            "deletion_protection": "enabled",
            "tags": {},
            "schema": {"fields": {"genre": {"filterable": True}}},
            "read_capacity": {"mode": "OnDemand"},
        },
    ),
}


@pytest.mark.parametrize("case", CREATED)
def test_creating(case: str) -> None:
    arguments, path, expected = CREATED[case]
    bench = Bench("sync", Wire((201, index())))
    made = bench.pc.indexes.create(name="movies", timeout=-1, **arguments)
    assert isinstance(made, IndexModel)
    assert bench.wire.lines == [f"POST {path}"]
    assert sent(bench.wire) == {"name": "movies", **expected}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_flat_form_sends_the_same(flavour: str) -> None:
    bench = Bench(flavour, Wire(*[(201, index())] * 4))
    bench.run(bench.pc.create_index("movies", SERVERLESS, 3, None, -1, None))
    bench.run(bench.pc.indexes.create(name="movies", spec=SERVERLESS, dimension=3, timeout=-1))
    assert bench.wire.bodies[0] == bench.wire.bodies[1]
    embed = IndexEmbed("multilingual-e5-large", {"text": "body"}, "cosine")
    bench.run(bench.pc.create_index_for_model("movies", "aws", "us-east-1", embed, timeout=-1))
    bench.run(
        bench.pc.indexes.create_for_model(
            name="movies",
            cloud="aws",
            region="us-east-1",
            embed={"model": "multilingual-e5-large", "field_map": {"text": "body"}, "metric": "cosine"},
            timeout=-1,
        )
    )
    assert bench.wire.bodies[2] == bench.wire.bodies[3]
    sent(bench.wire)


def test_a_callers_dict_is_left_alone() -> None:
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1", "schema": {"a": {"filterable": True}}}}
    bench = Bench("sync", Wire((201, index())))
    bench.pc.indexes.create(name="movies", spec=spec, dimension=3, timeout=-1)
    assert spec["serverless"]["schema"] == {"a": {"filterable": True}}
    assert sent(bench.wire)["spec"]["serverless"]["schema"] == {"fields": {"a": {"filterable": True}}}


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"name": " "}, PineconeValueError, "name must be a non-empty string"),
    ({"name": 5}, PineconeTypeError, "name must be a string, got int"),
    ({"name": "x" * 46}, PineconeValueError, "name is too long"),
    ({"name": "Movies"}, PineconeValueError, "only lowercase letters, digits, and hyphens"),
    ({"name": "-movies"}, PineconeValueError, "must not start with a hyphen"),
    ({"spec": None}, PineconeValueError, "spec is required"),
    ({"spec": "serverless"}, PineconeTypeError, "spec must be a ServerlessSpec"),
    ({"spec": {"cloud": "aws"}}, PineconeValueError, "must contain a 'serverless', 'pod', or 'byoc' key"),
    ({"spec": {"pod": {}, "byoc": {}}}, PineconeValueError, "only one of 'pod', 'byoc'"),
    ({"spec": {"serverless": 3}}, PineconeTypeError, r"spec\['serverless'\] must be a dict"),
    ({"spec": ByocSpec(environment="")}, PineconeValueError, "environment must be a non-empty string"),
    ({"metric": "manhattan"}, PineconeValueError, "metric must be one of"),
    ({"vector_type": "binary"}, PineconeValueError, "vector_type must be one of"),
    ({"deletion_protection": None}, PineconeValueError, "deletion_protection must be one of"),
    ({"dimension": "3"}, PineconeTypeError, "dimension must be an integer, got str"),
    ({"dimension": True}, PineconeTypeError, "dimension must be an integer, got bool"),
    ({"dimension": 0}, PineconeValueError, "dimension must be between 1 and 20000"),
    ({"dimension": None}, PineconeValueError, "dimension is required for dense indexes"),
    ({"vector_type": "sparse"}, PineconeValueError, "must not be provided for sparse"),
    (
        {"vector_type": "sparse", "dimension": None, "metric": "euclidean"},
        PineconeValueError,
        "metric must be 'dotproduct' for sparse",
    ),
    ({"tags": {"a": 1}}, PineconeTypeError, r"tags\['a'\] must be a string"),
    ({"tags": {"a b": "c"}}, PineconeValueError, "tags key 'a b'"),
    ({"tags": {"a\n": "c"}}, PineconeValueError, "tags key"),
    ({"tags": {"a": "c" * 121}}, PineconeValueError, r"tags\['a'\] must be at most 120"),
    ({"timeout": -2}, PineconeValueError, "timeout must be None"),
    ({"timeout": "5"}, PineconeTypeError, "timeout must be a number"),
    ({"schema": 3}, PineconeTypeError, "schema must be a dict"),
    (
        {"spec": PodSpec(environment="e"), "schema": {"a": {"filterable": True}}},
        PineconeValueError,
        "schema is not available for pod indexes",
    ),
    (
        {"spec": PodSpec(environment="e"), "read_capacity": {"mode": "OnDemand"}},
        PineconeValueError,
        "read_capacity is not available for pod indexes",
    ),
    ({"read_capacity": {}}, PineconeValueError, "must contain a 'mode' key"),
    ({"read_capacity": {"mode": "Dedicated"}}, PineconeValueError, "must contain a 'dedicated' dict"),
    (
        {"read_capacity": {"mode": "Dedicated", "dedicated": {"node_type": "b1"}}},
        PineconeValueError,
        "must contain a 'scaling' string",
    ),
    (
        {
            "read_capacity": {
                "mode": "Dedicated",
                "dedicated": {"node_type": "b1", "scaling": "Manual", "manual": {"shards": 0}},
            }
        },
        PineconeValueError,
        "manual.shards must be >= 1",
    ),
]


@pytest.mark.parametrize(("change", "kind", "words"), REFUSED)
def test_refusing(change: dict[str, Any], kind: type[Exception], words: str) -> None:
    bench = Bench("sync", Wire())
    with pytest.raises(kind, match=words):
        bench.pc.indexes.create(**{"name": "movies", "spec": SERVERLESS, "dimension": 3, **change})
    assert not bench.wire.requests


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cloud": " "}, "cloud is required for integrated indexes"),
        ({"region": ""}, "region is required for integrated indexes"),
        ({"embed": {"field_map": {"text": "a"}}}, "embed model is required"),
        ({"embed": {"model": "m", "field_map": {}}}, "embed field_map is required"),
        ({"embed": {"model": "m", "field_map": {"text": "a"}, "metric": "x"}}, "embed.metric must be one of"),
    ],
)
def test_refusing_a_model(change: dict[str, Any], words: str) -> None:
    bench = Bench("sync", Wire())
    given = {"name": "movies", "cloud": "aws", "region": "r", "embed": EMBED, **change}
    with pytest.raises(PineconeValueError, match=words):
        bench.pc.indexes.create_for_model(**given)
    with pytest.raises(PineconeTypeError, match="unknown keys modle"):
        bench.pc.indexes.create_for_model(**{**given, "cloud": "a", "region": "b", "embed": {"modle": "m"}})
    assert not bench.wire.requests


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dimension": 3, "embed": {"dimension": 4}}, "dimension 3 contradicts embed.dimension 4"),
        ({"metric": "euclidean", "embed": {"metric": "cosine"}}, "metric 'euclidean' contradicts"),
    ],
)
def test_refusing_contradictions(change: dict[str, Any], words: str) -> None:
    embed = {"model": "m", "field_map": {"text": "a"}, **change.pop("embed")}
    bench = Bench("sync", Wire())
    with pytest.raises(PineconeValueError, match=words):
        bench.pc.indexes.create(name="a", spec={"cloud": "aws", "region": "r", "embed": embed}, **change)
    assert not bench.wire.requests


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_configuring(flavour: str) -> None:
    bench = Bench(flavour, Wire(*[(202, index(tags={"a": "b"}))] * 6))
    configure = bench.pc.indexes.configure
    changed = bench.run(configure("movies", replicas=2, pod_type="p1.x2", tags={"a": "b", "old": ""}))
    assert changed.tags == {"a": "b"}
    assert sent(bench.wire) == {
        "spec": {"pod": {"replicas": 2, "pod_type": "p1.x2"}},
        "tags": {"a": "b", "old": ""},
    }
    bench.run(configure("movies", read_capacity=DEDICATED))
    assert sent(bench.wire) == {"spec": {"byoc": {"read_capacity": DEDICATED}}}
    bench.run(configure("movies", serverless_read_capacity={"mode": "OnDemand"}))
    assert sent(bench.wire) == {"spec": {"serverless": {"read_capacity": {"mode": "OnDemand"}}}}
    bench.run(bench.pc.configure_index("movies", None, None, "enabled", None, {"model": "m"}))
    assert sent(bench.wire) == {"deletion_protection": "enabled", "embed": {"model": "m"}}
    bench.run(configure("movies", embed=EMBED))
    assert sent(bench.wire) == {"embed": {"model": "multilingual-e5-large", "field_map": {"text": "body"}}}
    bench.run(configure("movies"))
    assert bench.wire.lines == ["PATCH /indexes/movies"] * 5 + ["GET /indexes/movies"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"replicas": 1, "read_capacity": DEDICATED}, "Cannot specify both pod fields"),
        ({"serverless_read_capacity": DEDICATED, "pod_type": "p1.x1"}, "Cannot specify serverless_read"),
        ({"serverless_read_capacity": DEDICATED, "read_capacity": DEDICATED}, "Cannot specify serverless"),
        ({"replicas": 0}, "replicas must be >= 1"),
        ({"deletion_protection": "on"}, "deletion_protection must be one of"),
    ],
)
def test_refusing_to_configure(change: dict[str, Any], words: str) -> None:
    bench = Bench("sync", Wire())
    with pytest.raises(PineconeValueError, match=words):
        bench.pc.indexes.configure("movies", **change)
    assert not bench.wire.requests


def test_names_stay_one_segment_of_the_path() -> None:
    bench = Bench("sync", Wire(*[(202, index())] * 3))
    bench.pc.indexes.describe("a/b?c#d")
    bench.pc.indexes.delete("../collections/x", timeout=-1)
    assert bench.wire.lines == [
        "GET /indexes/a%2Fb%3Fc%23d",
        "DELETE /indexes/..%2Fcollections%2Fx",
    ]
    for call in (bench.pc.indexes.describe, bench.pc.indexes.exists, bench.pc.indexes.delete):
        with pytest.raises(PineconeValueError, match="name must be a non-empty string"):
            call("")
        with pytest.raises(PineconeTypeError, match="name must be a string"):
            call(7)


def test_an_unreadable_answer_says_that_the_index_was_made() -> None:
    bench = Bench("sync", Wire((201, {"name": "movies"})))
    with pytest.raises(ResponseParsingError, match="index 'movies' was created all the same"):
        bench.pc.indexes.create(name="movies", spec=SERVERLESS, dimension=3)


def test_a_create_is_not_repeated_after_it_may_have_been_carried_out() -> None:
    from pinecone_core.config import RetryConfig
    from pinecone_core.errors import PineconeConnectionError

    lost = PineconeConnectionError("reset", sent=True)
    bench = Bench("sync", Wire(lost, (201, index())), retry_config=RetryConfig(max_retries=3))
    with pytest.raises(PineconeConnectionError):
        bench.pc.indexes.create(name="movies", spec=SERVERLESS, dimension=3)
    assert len(bench.wire.requests) == 1


def test_errors_of_the_service_come_through() -> None:
    taken = {"error": {"code": "ALREADY_EXISTS", "message": "Resource already exists"}, "status": 409}
    bench = Bench("sync", Wire((409, taken)))
    with pytest.raises(ConflictError, match="Resource already exists") as caught:
        bench.pc.indexes.create(name="movies", spec=SERVERLESS, dimension=3)
    assert caught.value.operation == "create_index"
