"""The inference API: embed, rerank, and the list of models.

``ROUTES`` joins the engine's route table. The models themselves are in ``pinecone_local.models``; they
load at the first request that needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from . import models
from .http import Call, Reply, Route, bad_request, json_reply

if TYPE_CHECKING:
    from .engine import LocalEngine

__all__ = ["ROUTES", "describe_model", "embed", "list_models", "rerank"]


class EmbedInput(msgspec.Struct):
    """One text to embed."""

    text: str


class EmbedRequest(msgspec.Struct):
    """The body of ``POST /embed``."""

    model: str
    inputs: list[EmbedInput]
    parameters: dict[str, Any] | None = None


class RerankRequest(msgspec.Struct):
    """The body of ``POST /rerank``."""

    model: str
    query: str
    documents: list[dict[str, Any]]
    top_n: int | None = None
    return_documents: bool | None = None
    rank_fields: list[str] | None = None
    parameters: dict[str, Any] | None = None


def embed(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /embed``."""
    request = call.read(EmbedRequest)
    spec = models.find_model(request.model, "embed")
    _check_batch("inputs", len(request.inputs), spec.max_batch, spec.name)
    found = models.embed_texts(
        spec.name, [given.text for given in request.inputs], parameters=request.parameters
    )
    if isinstance(found, models.DenseEmbeddings):
        from .float_text import shortest_doubles

        vector_type = "dense"
        data: list[dict[str, Any]] = [
            {"values": values, "vector_type": vector_type}
            for values in shortest_doubles(found.values).tolist()
        ]
    else:
        vector_type = "sparse"
        data = [_sparse_item(vector, with_tokens=found.with_tokens) for vector in found.vectors]
    return json_reply(
        {
            "model": spec.name,
            "vector_type": vector_type,
            "data": data,
            "usage": {"total_tokens": found.total_tokens},
        }
    )


def rerank(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /rerank``."""
    request = call.read(RerankRequest)
    spec = models.find_model(request.model, "rerank")
    _check_batch("documents", len(request.documents), spec.max_batch, spec.name)
    if not request.query.strip():
        raise bad_request("query must hold at least one word.")
    if request.top_n is not None and request.top_n < 1:
        raise bad_request(f"top_n must be at least 1, got {request.top_n}.")
    found = models.rerank_documents(
        spec.name,
        request.query,
        request.documents,
        rank_fields=("text",) if request.rank_fields is None else request.rank_fields,
        top_n=request.top_n,
        parameters=request.parameters,
    )
    data: list[dict[str, Any]] = [{"index": one.index, "score": one.score} for one in found.ranked]
    if request.return_documents is not False:
        for item in data:
            item["document"] = request.documents[item["index"]]
    return json_reply(
        {"model": spec.name, "data": data, "usage": {"rerank_units": found.rerank_units}},
    )


def list_models(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /models``. A vector type says nothing about rerank models and is ignored for them."""
    kind: Literal["embed", "rerank"] | None = None
    match call.param("type"):
        case None:
            pass
        case "embed" | "rerank" as kind:
            pass
        case other:
            raise bad_request(f"type must be 'embed' or 'rerank', got {other!r}.")
    vector_type: Literal["dense", "sparse"] | None = None
    match call.param("vector_type"):
        case None:
            pass
        case "dense" | "sparse" as vector_type:
            pass
        case other:
            raise bad_request(f"vector_type must be 'dense' or 'sparse', got {other!r}.")
    found = models.list_models(kind, None if kind == "rerank" else vector_type)
    return json_reply({"models": [spec.as_wire() for spec in found]})


def describe_model(engine: LocalEngine, call: Call, model_name: str) -> Reply:
    """Answer ``GET /models/{model_name}``."""
    return json_reply(models.find_model(model_name).as_wire())


ROUTES = [
    Route("POST", "/embed", embed),
    Route("POST", "/rerank", rerank),
    Route("GET", "/models", list_models),
    Route("GET", "/models/{model_name}", describe_model),
]


def _check_batch(name: str, count: int, most: int, model: str) -> None:
    if count == 0:
        raise bad_request(f"{name} must hold at least one item.")
    if count > most:
        raise bad_request(f"{model} takes at most {most} {name} a request, got {count}. Split them.")


def _sparse_item(vector: models.SparseVector, *, with_tokens: bool) -> dict[str, Any]:
    item: dict[str, Any] = {
        "sparse_values": vector.values,
        "sparse_indices": vector.indices,
        "vector_type": "sparse",
    }
    if with_tokens:
        item["sparse_tokens"] = vector.tokens
    return item
