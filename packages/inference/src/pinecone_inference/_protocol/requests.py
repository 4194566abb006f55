"""Texts, documents and model names in whatever form a caller has them, to what goes over the wire. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pinecone_core.checks import enum_value, non_empty_string, one_of, positive_integer
from pinecone_core.errors import PineconeTypeError, PineconeValueError

__all__ = ["embed_body", "embed_inputs", "model_name", "models_query", "rerank_body"]


def model_name(model: Any) -> str:
    """Return the name of a model; enum members go by value."""
    return non_empty_string("model", enum_value(model))


def _texts(name: str, given: Any) -> list[dict[str, Any]]:
    """Return strings, or dicts, as dicts."""
    if isinstance(given, bytes | bytearray | Mapping) or not isinstance(given, Iterable):
        raise PineconeTypeError(
            f"{name}: Expected str, Sequence[str], or Sequence[Mapping[str, Any]], got {type(given).__name__}"
        )
    items = list(given)
    if not items:
        raise PineconeValueError(f"{name} must not be empty")
    shown = []
    for place, item in enumerate(items):
        if isinstance(item, str):
            shown.append({"text": item})
        elif isinstance(item, Mapping):
            shown.append(dict(item))
        else:
            raise PineconeTypeError(
                f"each of {name} must be a string or mapping, got {type(item).__name__}", f"{name}[{place}]"
            )
    if len({isinstance(item, str) for item in items}) > 1:
        raise PineconeTypeError(f"each of {name} must be a string or mapping, all of one kind")
    return shown


def embed_inputs(inputs: Any) -> list[dict[str, Any]]:
    """Return texts to embed; one string alone counts as a list of one."""
    return _texts("inputs", [inputs] if isinstance(inputs, str) else inputs)


def embed_body(
    model: str, inputs: list[dict[str, Any]], parameters: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return the body that embeds."""
    body: dict[str, Any] = {"model": model, "inputs": inputs}
    return body if parameters is None else body | {"parameters": _parameters(parameters)}


def _parameters(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise PineconeTypeError(f"parameters must be a dict, got {type(given).__name__}")
    return {key: enum_value(value) for key, value in given.items()}


def rerank_body(
    *,
    model: Any,
    query: Any,
    documents: Any,
    rank_fields: Any,
    return_documents: bool,
    top_n: Any,
    parameters: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the body that reranks."""
    body: dict[str, Any] = {"model": model_name(model), "query": non_empty_string("query", query)}
    if isinstance(documents, str):
        raise PineconeTypeError("documents must be a Sequence of strings or Sequence of mappings, got str")
    body["documents"] = _texts("documents", documents)
    # One field's name alone is what most people mean by a bare string.
    body["rank_fields"] = [rank_fields] if isinstance(rank_fields, str) else list(rank_fields)
    body["return_documents"] = bool(return_documents)
    if top_n is not None:
        body["top_n"] = positive_integer("top_n", top_n)
    return body if parameters is None else body | {"parameters": _parameters(parameters)}


def models_query(type: Any, vector_type: Any) -> dict[str, Any]:
    """Return the query that lists models of a type."""
    kind = None if type is None else one_of("type", type, ("embed", "rerank"))
    vectors = None if vector_type is None else one_of("vector_type", vector_type, ("dense", "sparse"))
    if kind == "rerank" and vectors is not None:
        raise PineconeValueError("vector_type is not supported when type='rerank'")
    return {"type": kind, "vector_type": vectors}
