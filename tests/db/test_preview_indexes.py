"""The preview of indexes with a schema."""

from __future__ import annotations

from typing import Any

import pytest

import pinecone_db
from pinecone_core.config import PineconeConfig
from pinecone_core.errors import (
    PineconeClosedError,
    PineconeTimeoutError,
    PineconeTypeError,
    PineconeValueError,
)
from pinecone_db import (
    PreviewByocDeployment,
    PreviewDenseVectorField,
    PreviewIndexes,
    PreviewIndexModel,
    PreviewReadCapacityDedicatedResponse,
    PreviewSchemaBuilder,
    PreviewStringField,
    SchemaBuilder,
    UnknownItem,
)

from .openapi import described
from .test_control_backups import backup
from .test_control_models import read
from .wire import FLAVOURS, Bench, Wire, body_of, headers_of

SCHEMA: dict[str, Any] = {
    "fields": {
        "embedding": {"type": "dense_vector", "dimension": 3, "metric": "cosine"},
        "body": {"type": "string", "full_text_search": {"language": "en"}},
    }
}
BACKUP = {**backup(), "created_at": "2026-01-01T00:00:00Z"}


def index(name: str = "articles", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "host": f"{name}-abc.svc.pinecone.io",
        "status": {"ready": True, "state": "Ready"},
        "schema": SCHEMA,
        "deployment": {"deployment_type": "managed", "cloud": "aws", "region": "us-east-1"},
        "deletion_protection": "disabled",
        **more,
    }


def sent(wire: Wire, file: str = "db_control_2026-01.alpha.oas.yaml") -> Any:
    """Check every request against the API description, and return the last body."""
    contract = described(file)
    for request in wire.requests:
        headers = headers_of(request)
        assert headers["x-pinecone-api-version"] == "2026-01.alpha"
        contract.check_request(request.method, request.target, headers, body_of(request))
    return wire.bodies[-1]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_indexes(flavour: str) -> None:
    bench = Bench(
        flavour,
        Wire(
            (201, index()),
            (200, index()),
            (200, {"indexes": [index("a"), {"name": "unreadable"}, index("b")]}),
            (202, index(tags={"a": "b"})),
            (404, {}),
            (202, None),
            (200, index()),
            (404, {}),
        ),
    )
    indexes = bench.pc.preview.indexes
    assert bench.run(indexes.create(schema=SCHEMA, name="articles", tags={"a": "b"})).name == "articles"
    assert sent(bench.wire) == {"schema": SCHEMA, "name": "articles", "tags": {"a": "b"}}
    model = bench.run(indexes.describe("articles"))
    assert isinstance(model.schema.fields["embedding"], PreviewDenseVectorField)
    assert [item.name for item in bench.walk(indexes.list())] == ["a", "b"]
    assert bench.run(indexes.configure("articles", tags={"a": "b"})).tags == {"a": "b"}
    assert bench.run(indexes.exists("films")) is False
    assert bench.run(indexes.delete("articles")) is None
    assert bench.wire.lines == [
        "POST /indexes",
        "GET /indexes/articles",
        "GET /indexes",
        "PATCH /indexes/articles",
        "GET /indexes/films",
        "DELETE /indexes/articles",
        "GET /indexes/articles",
        "GET /indexes/articles",
    ]
    sent(bench.wire)


def test_what_is_created() -> None:
    bench = Bench("sync", Wire(*[(201, index())] * 2))
    given: dict[str, Any] = {
        "fields": {"tag": {"type": "string", "description": None}, "body": SCHEMA["fields"]["body"]}
    }
    bench.pc.preview.indexes.create(
        schema=given,
        deployment={"deployment_type": "managed", "cloud": "aws", "region": "us-east-1", "environment": None},
        read_capacity={"mode": "OnDemand"},
        deletion_protection="enabled",
        source_backup_id="b-1",
        cmek_id="c-1",
    )
    # The reference makes such a field filterable, which the API description does not know.
    assert bench.wire.bodies[0] == {
        "schema": {
            "fields": {"tag": {"type": "string", "filterable": True}, "body": given["fields"]["body"]}
        },
        "deployment": {"deployment_type": "managed", "cloud": "aws", "region": "us-east-1"},
        "read_capacity": {"mode": "OnDemand"},
        "deletion_protection": "enabled",
        "source_backup_id": "b-1",
        "cmek_id": "c-1",
    }
    assert given["fields"]["tag"] == {"type": "string", "description": None}
    # What was answered can be sent again.
    bench.wire.requests.clear()
    model = read(index(), PreviewIndexModel)
    bench.pc.preview.indexes.create(schema=model.schema, name="twin", deployment=model.deployment)
    body = sent(bench.wire)
    assert body["schema"]["fields"]["embedding"] == SCHEMA["fields"]["embedding"]
    assert body["deployment"] == {"deployment_type": "managed", "cloud": "aws", "region": "us-east-1"}


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda i: i.create(schema={}), PineconeValueError, "schema must be"),
        (lambda i: i.create(schema={"fields": {}}), PineconeValueError, "at least one field"),
        (lambda i: i.create(schema=3), PineconeTypeError, "schema must be a dict"),
        (lambda i: i.create(schema={"fields": {"a": 1}}), PineconeTypeError, r"schema\['fields'\]\['a'\]"),
        (lambda i: i.create(schema=SCHEMA, name="A"), PineconeValueError, "only lowercase"),
        (
            lambda i: i.create(schema=SCHEMA, tags={str(n): "" for n in range(21)}),
            PineconeValueError,
            "tags must not be more than 20",
        ),
        (lambda i: i.create(schema=SCHEMA, deletion_protection="x"), PineconeValueError, "must be one of"),
        (lambda i: i.configure("a"), PineconeValueError, "at least one of"),
        (lambda i: i.configure("a", tags={}), PineconeValueError, "tags cannot be an empty dict"),
        (
            lambda i: i.configure("a", schema=SCHEMA),
            PineconeValueError,
            "only fields of type 'semantic_text'",
        ),
        (lambda i: i.describe(" "), PineconeValueError, "name must be"),
        (lambda i: i.exists(""), PineconeValueError, "name must be"),
        (lambda i: i.delete("a", timeout=-3), PineconeValueError, "timeout must be"),
        (lambda i: i.list(limit=0), PineconeValueError, "limit must be"),
        (lambda i: i.list_backups("a", limit=-1), PineconeValueError, "limit must be"),
        (lambda i: i.describe_backup(""), PineconeValueError, "backup_id must be"),
    ],
)
def test_refusing(call: Any, kind: type[Exception], words: str) -> None:
    bench = Bench("sync", Wire())
    with pytest.raises(kind, match=words):
        call(bench.pc.preview.indexes)
    assert not bench.wire.requests


def test_changing_a_semantic_field() -> None:
    bench = Bench("sync", Wire((202, index())))
    schema = {"fields": {"body": {"type": "semantic_text", "read_parameters": {"input_type": "query"}}}}
    bench.pc.preview.indexes.configure("articles", schema=schema, deletion_protection="disabled")
    assert bench.wire.bodies == [{"schema": schema, "deletion_protection": "disabled"}]


def test_not_gone_in_time() -> None:
    bench = Bench("sync", Wire(by=lambda request: (200, index())))
    with pytest.raises(PineconeTimeoutError, match="still exists after 5s"):
        bench.pc.preview.indexes.delete("articles", timeout=5)
    assert sum(bench.clock.slept) == pytest.approx(5)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_backups(flavour: str) -> None:
    bench = Bench(
        flavour,
        Wire(
            (201, BACKUP),
            (200, {"data": [BACKUP, BACKUP], "pagination": {"next": "t"}}),
            (200, {"data": [BACKUP], "pagination": None}),
            (200, BACKUP),
        ),
    )
    indexes = bench.pc.preview.indexes
    assert bench.run(indexes.create_backup("articles")).backup_id == "b-1"
    assert bench.wire.requests[0].body == b"{}"
    assert len(bench.walk(indexes.list_backups("articles"))) == 3
    assert bench.run(indexes.describe_backup("b-1")).status == "Ready"
    assert bench.wire.lines == [
        "POST /indexes/articles/backups",
        "GET /indexes/articles/backups",
        "GET /indexes/articles/backups?paginationToken=t",
        "GET /backups/b-1",
    ]
    sent(bench.wire)


def test_kinds() -> None:
    model = read(
        index(
            deployment={"deployment_type": "byoc", "environment": "mine"},
            read_capacity={
                "mode": "Dedicated",
                "dedicated": {"node_type": "b1", "scaling": "Manual", "manual": {"shards": 1, "replicas": 2}},
                "status": {"state": "Ready"},
            },
        ),
        PreviewIndexModel,
    )
    assert model.deployment == PreviewByocDeployment(environment="mine")
    assert isinstance(model.read_capacity, PreviewReadCapacityDedicatedResponse)
    manual = model.read_capacity.dedicated.manual
    assert manual is not None
    assert manual.replicas == 2
    assert model.to_dict()["read_capacity"]["mode"] == "Dedicated"


def test_kinds_of_the_future_are_kept() -> None:
    schema = {"fields": {"shape": {"type": "polygon", "srid": 4326}, "body": {"type": "string"}}}
    model = read(
        index(schema=schema, deployment={"deployment_type": "moon"}, read_capacity={"mode": "Psychic"}),
        PreviewIndexModel,
    )
    assert model.schema.fields["shape"] == UnknownItem(type="polygon", data={"type": "polygon", "srid": 4326})
    assert isinstance(model.schema.fields["body"], PreviewStringField)
    assert isinstance(model.deployment, UnknownItem)
    assert isinstance(model.read_capacity, UnknownItem)
    assert (model.deployment.type, model.read_capacity.type) == ("moon", "Psychic")
    assert model.to_dict()["deployment"] == {"deployment_type": "moon"}
    assert "deployment='moon'" in repr(model)


def test_how_an_index_looks() -> None:
    model = read(index(tags={"a": "<b>"}), PreviewIndexModel)
    assert repr(model) == (
        "PreviewIndexModel(name='articles', status='Ready', host='https://articles-abc.svc.pinecone.io', "
        "deployment='managed', deletion_protection='disabled', schema_fields=2, tags={'a': '<b>'})"
    )
    assert "&lt;b&gt;" in model._repr_html_()
    assert "name" in dir(model)
    assert not [name for name in dir(model) if name.startswith("_")]


def test_an_own_client_from_a_configuration() -> None:
    indexes = PreviewIndexes(PineconeConfig(api_key="key-1234"))
    assert indexes._executor.base_url == "https://api.pinecone.io"
    indexes.close()
    indexes.close()
    with pytest.raises(PineconeClosedError):
        indexes.describe("a")


def test_closing_the_preview_leaves_the_client_open() -> None:
    bench = Bench("sync", Wire((200, {"indexes": []})))
    bench.pc.preview.close()
    with pytest.raises(PineconeClosedError):
        bench.pc.preview.indexes.describe("a")
    assert len(bench.pc.indexes.list()) == 0


# ---- the builder ----------------------------------------------------------------------------


def test_building_a_schema() -> None:
    builder = (
        PreviewSchemaBuilder()
        .add_dense_vector_field("v", dimension=3, metric="cosine", description="d", extra=1)
        .add_sparse_vector_field("s")
        .add_string_field("t", full_text_search={"lowercase": True}, language="German", stemming=True)
        .add_string_field("u", filterable=True)
        .add_string_list_field("l", filterable=True)
        .add_boolean_field("b")
        .add_float_field("n", filterable=False)
        .add_custom_field("c", {"type": "new"})
    )
    schema = builder.build()
    assert schema == {
        "fields": {
            "v": {
                "type": "dense_vector",
                "dimension": 3,
                "metric": "cosine",
                "description": "d",
                "extra": 1,
            },
            "s": {"type": "sparse_vector", "metric": "dotproduct"},
            "t": {
                "type": "string",
                "full_text_search": {"lowercase": True, "language": "de", "stemming": True},
            },
            "u": {"type": "string", "filterable": True},
            "l": {"type": "string_list", "filterable": True},
            "b": {"type": "boolean"},
            "n": {"type": "float"},
            "c": {"type": "new"},
        }
    }
    schema["fields"].clear()
    assert len(builder.build()["fields"]) == 8
    replaced = builder.add_boolean_field("v").build()["fields"]["v"]
    assert replaced == {"type": "boolean"}


@pytest.mark.parametrize(
    ("language", "code"), [("EN", "en"), ("turkish", "tr"), ("Klingon", "Klingon"), (None, None)]
)
def test_languages(language: str | None, code: str | None) -> None:
    field = PreviewSchemaBuilder().add_string_field("a", full_text_search=True, language=language).build()
    assert field["fields"]["a"]["full_text_search"] == ({} if code is None else {"language": code})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda b: b.add_boolean_field(""), "name must be a non-empty string"),
        (lambda b: b.add_boolean_field("_id"), "must not start with"),
        (lambda b: b.add_custom_field("$a", {}), "must not start with"),
        (lambda b: b.add_boolean_field("é" * 33), "at most 64 bytes"),
        (lambda b: b.add_boolean_field("a", description="é" * 129), "at most 256 bytes"),
        (lambda b: b.add_string_field("a", stop_words=True), "stop_words needs stemming=True"),
        (lambda b: b.add_string_field("a", full_text_search=False, language="en"), "contradicts language"),
    ],
)
def test_refusing_to_build(call: Any, words: str) -> None:
    with pytest.raises(PineconeValueError, match=words):
        call(PreviewSchemaBuilder())


def test_the_builders_other_name() -> None:
    assert SchemaBuilder is pinecone_db.PreviewSchemaBuilder
