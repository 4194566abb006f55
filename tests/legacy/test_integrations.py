"""What integrations written for generations 6 to 10 import and call still works."""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import Iterator
from multiprocessing.pool import ApplyResult
from typing import Any

import pytest

import pinecone
from pinecone_local import LocalEngine

IMPORTS = [
    ("pinecone", "Pinecone PineconeAsyncio PineconeApiException ServerlessSpec PodSpec Vector SparseValues"),
    ("pinecone", "NotFoundException PineconeException IndexModel GRPCIndex Index IndexEmbed AwsRegion"),
    ("pinecone.data.features.inference.inference", "Inference"),
    ("pinecone.core.openapi.inference.model.embeddings_list", "EmbeddingsList"),
    ("pinecone.core.openapi.shared.exceptions", "PineconeApiException NotFoundException ServiceException"),
    (
        "pinecone.core.openapi.shared.exceptions",
        "PineconeApiTypeError PineconeApiValueError PineconeException",
    ),
    ("pinecone.exceptions", "NotFoundException PineconeApiException PineconeConfigurationError"),
    ("pinecone.db_data.index", "Index ApplyResult"),
    ("pinecone.db_data.index_asyncio", "_IndexAsyncio"),
    ("pinecone.db_data", "_Index _IndexAsyncio"),
    ("pinecone.db_data.types", "VectorTypedDict VectorMetadataTypedDict FilterTypedDict VectorTuple"),
    ("pinecone.db_data.dataclasses", "Vector SparseValues SearchQuery SearchRerank FetchResponse"),
    ("pinecone.utils.error_handling", "ProtocolError"),
    ("pinecone.grpc", "PineconeGRPC GRPCIndex GRPCVector GRPCClientConfig PineconeGrpcFuture"),
    ("pinecone.control", "ServerlessSpec PodSpec IndexModel CollectionDescription"),
    ("pinecone.data", "Index IndexAsyncio Vector QueryResponse"),
    ("pinecone.models", "ServerlessSpec IndexModel BatchResult ChatResponse"),
]


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module, names in IMPORTS for name in names.split()]
)
def test_the_import(module: str, name: str) -> None:
    assert getattr(importlib.import_module(module), name) is not None


def test_old_names_are_the_classes_of_today() -> None:
    old = importlib.import_module("pinecone.core.openapi.shared.exceptions")
    assert old.NotFoundException is pinecone.NotFoundError
    assert issubclass(pinecone.PineconeConnectionError, ConnectionError)
    assert importlib.import_module("pinecone.db_data.index").ApplyResult is ApplyResult
    assert pinecone.PineconeAsyncio is pinecone.AsyncPinecone


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    with LocalEngine() as engine:
        pc = pinecone.Pinecone(api_key="local", transport=engine.transport())
        spec = pinecone.ServerlessSpec(cloud="aws", region="us-east-1")
        pc.create_index("films", spec, 2, "cosine")
        yield engine


@pytest.fixture
def index(engine: LocalEngine) -> Any:
    return pinecone.Pinecone(api_key="local", transport=engine.transport()).Index("films", pool_threads=4)


def test_calls_that_run_later(index: Any) -> None:
    vectors = [{"id": str(n), "values": [1.0, n], "metadata": {"n": n}} for n in range(4)]
    begun = [index.upsert(vectors=[vector], async_req=True) for vector in vectors]
    assert all(isinstance(call, ApplyResult) for call in begun)
    assert [call.get(timeout=10).upserted_count for call in begun] == [1] * 4
    assert index.query(vector=[1.0, 0.0], top_k=2, async_req=True).result().matches[0].id == "0"
    assert index.describe_index_stats(async_req=True).get().total_vector_count == 4
    assert index.list_paginated(async_req=True).get().vectors
    index.close()
    index.close()


def test_a_handle_knows_its_configuration(index: Any, engine: LocalEngine) -> None:
    assert index.config.api_key == "local"
    assert index.config.host == index.host
    assert index.config.host.startswith("http")


def test_every_answer_becomes_a_dict(index: Any) -> None:
    index.upsert(vectors=[("a", [1.0, 0.0], {"n": 1})])
    answers = [
        index.query(vector=[1.0, 0.0], top_k=1, include_values=True, include_metadata=True),
        index.fetch(ids=["a"]),
        index.describe_index_stats(),
        index.list_paginated(),
        index.update(id="a", set_metadata={"n": 2}),
        index.upsert(vectors=[("b", [0.0, 1.0])]),
    ]
    for answer in answers:
        assert json.loads(json.dumps(answer.to_dict())) == answer.to_dict()
    assert answers[0]["matches"][0]["metadata"] == {"n": 1}
    assert answers[0].to_dict()["matches"][0]["values"] == [1.0, 0.0]


def test_pages_are_iterated(index: Any) -> None:
    index.upsert(vectors=[(f"v{n}", [1.0, 0.0]) for n in range(5)])
    [page] = list(index.list(prefix="v", namespace=""))
    assert [item.id for item in page] == [item["id"] for item in page.vectors] == [f"v{n}" for n in range(5)]
    assert len(page) == 5


def test_lists_of_indexes(engine: LocalEngine) -> None:
    pc = pinecone.Pinecone(api_key="local", transport=engine.transport())
    assert pc.list_indexes().names() == ["films"]
    assert [info["name"] for info in pc.list_indexes()] == ["films"]
    assert pc.describe_index("films").status["ready"] is True
    assert "films" in [info.name for info in pc.list_indexes().indexes]


def test_the_asynchronous_spellings(engine: LocalEngine) -> None:
    async def main() -> None:
        async with pinecone.PineconeAsyncio(api_key="local", transport=engine.transport()) as pc:
            host = (await pc.describe_index("films")).host
            async with pc.IndexAsyncio(host=host, transport=engine.transport()) as index:
                await index.upsert(vectors=[("a", [1.0, 0.0])])
                assert (await index.query(vector=[1.0, 0.0], top_k=1)).matches[0].id == "a"

    asyncio.run(main())


def test_records_and_models(engine: LocalEngine) -> None:
    pc = pinecone.Pinecone(api_key="local", transport=engine.transport())
    embed = {"model": "multilingual-e5-large", "field_map": {"text": "text"}}
    pc.create_index_for_model(name="notes", cloud="aws", region="us-east-1", embed=embed)
    index = pc.Index(name="notes")
    index.upsert_records(namespace="n", records=[{"id": "1", "text": "a quiet sea"}])
    found = index.search_records(namespace="n", top_k=1, inputs={"text": "sea"})
    assert found["result"]["hits"][0]["_id"] == "1"
    assert pc.inference.embed(
        model="multilingual-e5-large", inputs=["x"], parameters={"input_type": "query"}
    ).data
