"""What is sent for every argument, and what is refused before anything is sent."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from pinecone_core.codec import decode, encode
from pinecone_core.errors import NotFoundError, PineconeTypeError, PineconeValueError, ServiceError
from pinecone_core.transport import Request, Response
from pinecone_inference import (
    AsyncInference,
    EmbeddingsList,
    EmbedModel,
    Inference,
    ModelInfo,
    ModelInfoList,
    RerankModel,
    RerankResult,
)

from ..db.openapi import FOLDER, described

DENSE = {"vector_type": "dense", "values": [0.5, 1.0]}
SPARSE = {"vector_type": "sparse", "sparse_values": [0.5], "sparse_indices": [7]}
INFO = {
    "model": "m",
    "short_description": "d",
    "type": "embed",
    "supported_parameters": [],
    "max_batch_size": 50,
    "novelty": 1,
}


class Wire:
    """Answers from a function and keeps what it was asked, for both kinds of client."""

    def __init__(self, answer: Callable[[str, Any], Any]) -> None:
        self.answer = answer
        self.asked: list[tuple[str, Any]] = []

    def send(self, request: Request) -> Response:
        assert isinstance(request.body, bytes | None)
        body = json.loads(request.body) if request.body else None
        line = f"{request.method} {request.target}"
        self.asked.append((line, body))
        headers = {name.lower(): value for name, value in request.headers}
        assert headers["x-pinecone-api-version"] == "2025-10"
        assert headers["api-key"] == "key"
        if FOLDER.exists():
            described("inference_2025-10.oas.yaml").check_request(
                request.method, request.target, headers, body
            )
        content = json.dumps(self.answer(line, body)).encode()
        return Response(200, {"content-type": "application/json"}, content)

    async def asend(self, request: Request) -> Response:
        return self.send(request)

    def stream(self, request: Request) -> Any:
        raise NotImplementedError

    async def astream(self, request: Request) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        pass

    async def aclose(self) -> None:
        pass


def service(line: str, body: Any) -> Any:
    if line == "POST /embed":
        texts = [item["text"] for item in body["inputs"]]
        data = [{"vector_type": "dense", "values": [float(len(text)), 0.5]} for text in texts]
        return {
            "model": body["model"],
            "vector_type": "dense",
            "data": data,
            "usage": {"total_tokens": len(texts)},
        }
    if line == "POST /rerank":
        rows = [{"index": 1, "score": 0.9, "document": {"text": "b"}}, {"index": 0, "score": 0.1}]
        return {"model": body["model"], "data": rows, "usage": {"rerank_units": 1}}
    return {"models": [INFO]} if line.startswith("GET /models?") or line == "GET /models" else INFO


@pytest.fixture(params=["sync", "asyncio", "trio"])
def call(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Give a function that calls a method of one kind of client."""

    def run(wire: Wire, method: str, *args: Any, **kwargs: Any) -> Any:
        if request.param == "sync":
            return getattr(Inference(api_key="key", transport=wire), method)(*args, **kwargs)

        async def main() -> Any:
            async with AsyncInference(api_key="key", transport=wire) as client:
                return await getattr(client, method)(*args, **kwargs)

        return anyio.run(main, backend=request.param)

    return run


@pytest.mark.parametrize(
    ("inputs", "sent"),
    [
        ("hello", [{"text": "hello"}]),
        (["a", "b"], [{"text": "a"}, {"text": "b"}]),
        ([{"text": "a"}], [{"text": "a"}]),
        (dict.fromkeys("ab").keys(), [{"text": "a"}, {"text": "b"}]),
    ],
)
def test_inputs_in_every_form(call: Any, inputs: Any, sent: Any) -> None:
    wire = Wire(service)
    found = call(wire, "embed", EmbedModel.Multilingual_E5_Large, inputs, {"input_type": "query"})
    body = {"model": "multilingual-e5-large", "inputs": sent, "parameters": {"input_type": "query"}}
    assert wire.asked == [("POST /embed", body)]
    assert len(found) == len(sent)


def test_a_long_list_is_split_by_what_the_model_takes(call: Any) -> None:
    wire = Wire(service)
    texts = ["x" * number for number in range(1, 131)]
    found = call(wire, "embed", "m", texts)
    assert wire.asked[0] == ("GET /models/m", None)
    assert sorted(len(body["inputs"]) for line, body in wire.asked[1:]) == [30, 50, 50]
    assert [item.values[0] for item in found] == [float(len(text)) for text in texts]
    assert found.usage.total_tokens == 130


def test_what_is_known_of_a_model_is_asked_once() -> None:
    wire = Wire(service)
    client = Inference(api_key="key", transport=wire)
    client.model.list(type="embed")
    client.embed("m", ["x"] * 100)
    client.embed("m", ["x"] * 100)
    client.model.list(type="embed")
    client.model.get("m")
    assert [line for line, _ in wire.asked if line.startswith("GET")] == ["GET /models?type=embed"]
    client.get_model(model="m", refresh=True)
    client.list_models(type="embed", refresh=True)
    assert [line for line, _ in wire.asked if line.startswith("GET")][1:] == [
        "GET /models/m",
        "GET /models?type=embed",
    ]


def test_what_was_embedded_before_a_failure_is_not_lost(call: Any) -> None:
    def failing(line: str, body: Any) -> Any:
        if line == "POST /embed" and body["inputs"][0]["text"] == "50":
            raise ServiceError("broken", 500)
        return service(line, body)

    wire = Wire(failing)
    with pytest.raises(ServiceError) as caught:
        call(wire, "embed", "m", [str(number) for number in range(600)])
    parts = caught.value.response
    assert len(parts) == 12
    assert parts[1] is None
    assert len(parts[0]) == 50
    assert len(wire.asked) - 1 < 12


def test_reranking(call: Any) -> None:
    wire = Wire(service)
    found = call(wire, "rerank", RerankModel.Bge_Reranker_V2_M3, "q", ["a", "b"], top_n=2)
    [(line, body)] = wire.asked
    assert line == "POST /rerank"
    assert body == {
        "model": "bge-reranker-v2-m3",
        "query": "q",
        "documents": [{"text": "a"}, {"text": "b"}],
        "rank_fields": ["text"],
        "return_documents": True,
        "top_n": 2,
    }
    assert [row.index for row in found] == [1, 0]
    assert found[1].document is None
    assert len(found) == 2


def test_a_field_alone_and_dicts(call: Any) -> None:
    wire = Wire(service)
    call(wire, "rerank", "m", "q", [{"title": "a"}], "title", False, None, {"truncate": "END"})
    body = wire.asked[0][1]
    assert body["rank_fields"] == ["title"]
    assert body["return_documents"] is False
    assert body["parameters"] == {"truncate": "END"}


def test_models(call: Any) -> None:
    wire = Wire(service)
    found = call(wire, "list_models", type="embed", vector_type="dense")
    assert found.names() == ["m"]
    assert call(wire, "get_model", model="a/../b?x").name == "m"
    assert call(wire, "get_model", model_name="m")["description"] == "d"
    assert [line for line, _ in wire.asked] == [
        "GET /models?type=embed&vector_type=dense",
        "GET /models/a%2F..%2Fb%3Fx",
        "GET /models/m",
    ]


@pytest.mark.parametrize(
    ("method", "args", "error", "message"),
    [
        ("embed", ("", "x"), PineconeValueError, "model must be a non-empty string"),
        ("embed", (None, "x"), PineconeValueError, "model must be a non-empty string"),
        ("embed", (3, "x"), PineconeTypeError, "model must be a string, got int"),
        ("embed", ("m", []), PineconeValueError, "inputs must not be empty"),
        ("embed", ("m", None), PineconeTypeError, "got NoneType"),
        ("embed", ("m", {"text": "a"}), PineconeTypeError, "got dict"),
        ("embed", ("m", b"a"), PineconeTypeError, "got bytes"),
        ("embed", ("m", ["a", 1]), PineconeTypeError, r"at inputs\[1\]: .* got int"),
        ("embed", ("m", ["a", {"text": "b"}]), PineconeTypeError, "all of one kind"),
        ("embed", ("m", "a", "END"), PineconeTypeError, "parameters must be a dict, got str"),
        ("rerank", ("m", " ", ["a"]), PineconeValueError, "query must be a non-empty string"),
        ("rerank", ("m", "q", "a"), PineconeTypeError, "documents must be a Sequence"),
        ("rerank", ("m", "q", []), PineconeValueError, "documents must not be empty"),
        (
            "rerank",
            ("m", "q", ["a"], ["text"], True, 0),
            PineconeValueError,
            "top_n must be a positive integer",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(call: Any, method: str, args: Any, error: Any, message: str) -> None:
    wire = Wire(service)
    with pytest.raises(error, match=message):
        call(wire, method, *args)
    assert wire.asked == []


@pytest.mark.parametrize(
    ("method", "kwargs", "error", "message"),
    [
        ("list_models", {"type": "chat"}, PineconeValueError, "type must be one of 'embed', 'rerank'"),
        ("list_models", {"vector_type": "wide"}, PineconeValueError, "vector_type must be one of"),
        ("list_models", {"type": "rerank", "vector_type": "dense"}, PineconeValueError, "not supported when"),
        ("get_model", {"model": "a", "model_name": "b"}, PineconeValueError, "not both"),
        ("get_model", {}, PineconeValueError, "model must be a non-empty string"),
        ("get_model", {"name": "a"}, TypeError, r"unexpected keyword arguments: \['name'\]"),
    ],
)
def test_bad_questions_about_models(call: Any, method: str, kwargs: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call(Wire(service), method, **kwargs)


def test_every_documented_answer_is_read(caplog: pytest.LogCaptureFixture) -> None:
    models: dict[str, Any] = {
        "list_models": ModelInfoList,
        "get_model": ModelInfo,
        "embed": EmbeddingsList,
        "rerank": RerankResult,
    }
    examples = list(described("inference_2025-10.oas.yaml").answers())
    assert examples
    for operation, example in examples:
        assert decode(json.dumps(example).encode(), models[operation]) is not None
    assert not caplog.records


def answered(**answer: Any) -> EmbeddingsList:
    return Inference(api_key="key", transport=Wire(lambda line, body: answer)).embed("m", "x")


def test_dense_values_stay_undecoded_until_read() -> None:
    found = answered(model="m", vector_type="dense", data=[DENSE], usage={"total_tokens": 1})
    assert not isinstance(found[0].held_values(), list)
    assert list(found[0].values_array()) == [0.5, 1.0]
    assert found[0].values == [0.5, 1.0]
    assert found.to_dict()["data"][0] == {"values": [0.5, 1.0], "vector_type": "dense"}


def test_each_vector_is_read_as_what_it_is() -> None:
    found = answered(model="m", data=[SPARSE], usage=None)
    assert found.vector_type == "sparse"
    assert found[0].sparse_indices == [7]
    assert found.usage.total_tokens == 0
    mixed = answered(model="m", vector_type="new-kind", data=[DENSE, SPARSE])
    assert [type(item).__name__ for item in mixed] == ["DenseEmbedding", "SparseEmbedding"]
    assert mixed.vector_type == "new-kind"
    token_level = {"vector_type": "multi", "rows": [[0.5, 1.0]]}
    kept = answered(model="m", vector_type="multi", data=[DENSE, token_level, SPARSE])
    assert [type(item).__name__ for item in kept] == ["DenseEmbedding", "UnknownItem", "SparseEmbedding"]
    assert kept[1].rows == [[0.5, 1.0]]
    assert kept.to_dict()["data"][1] == token_level
    alone = answered(model="m", data=[{"rows": []}])
    assert (alone.vector_type, alone[0].type) == ("dense", "")


def test_long_answers_are_read_like_short_ones() -> None:
    numbers = [0.12345678, -0.00012345678] * 300
    dense = {"vector_type": "dense", "values": numbers}
    odd = {"vector_type": {"new": 1}, "values": numbers}
    text = {"vector_type": {"new": 1}, "values": "none"}
    found = answered(model="m", data=[dense, odd, text, SPARSE])
    assert json.loads(encode(found[0])) == dense
    assert (found[0].values, list(found[0].values_array())) == (numbers, list(array("f", numbers)))
    assert [item.to_dict() for item in (found[1], found[2])] == [odd, text]
    assert found[3].sparse_indices == [7]


def test_lists_are_read_like_lists_and_like_dicts() -> None:
    found = answered(model="m", vector_type="dense", data=[DENSE, DENSE], usage={"total_tokens": 3})
    assert found["model"] == "m"
    assert found[-1] == found[0]
    assert len(found[0:1]) == 1
    assert found[0] in found
    assert "usage" in found
    assert found.response_info is not None
    with pytest.raises(KeyError):
        found["nothing"]
    expected = "EmbeddingsList(model='m', vector_type='dense', count=2, usage=EmbedUsage(total_tokens=3))"
    assert repr(found) == expected
    assert "<table" in found._repr_html_()


def test_on_the_embedded_engine() -> None:
    local = pytest.importorskip("pinecone_local")
    with local.LocalEngine() as engine:
        client = Inference(api_key="local", transport=engine.transport())
        model = "llama-text-embed-v2"
        parameters = {"input_type": "passage", "dimension": 384}
        found = client.embed(model, [f"text {number}" for number in range(200)], parameters)
        assert {len(item.values) for item in found} == {384}
        alone = client.embed(model, "text 150", parameters)
        assert alone[0].values == pytest.approx(found[150].values, abs=1e-6)
        sparse = client.embed(client.EmbedModel.Pinecone_Sparse_English_V0, "a word", {"input_type": "query"})
        assert sparse.vector_type == "sparse"
        ranked = client.rerank("bge-reranker-v2-m3", "which one is tall?", ["a rug", "a tall tree"])
        assert ranked[0].index == 1
        with pytest.raises(NotFoundError):
            client.get_model(model="nothing")
