"""Indexes that embed text themselves: the ``embed`` part of an index, and embedding for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..http import ApiFault, bad_request
from ..models import embedder_id, find_model
from ..models.catalog import check_parameters
from ..state.resources import IndexRow

__all__ = ["ModelIndex", "changed_embed", "check_embedder", "new_embed", "shown_embed", "text_field"]

#: Names the embedder that filled a dense index; kept with the index, never shown.
_EMBEDDER = "_embedder"


@dataclass(frozen=True)
class ModelIndex:
    """What a model makes of an index.

    Attributes:
        metric: The index's metric.
        vector_type: ``dense`` or ``sparse``.
        dimension: The dimension, or None for a sparse index.
        embed: The ``embed`` part to keep.
    """

    metric: str
    vector_type: str
    dimension: int | None
    embed: dict[str, Any]


def _object(embed: dict[str, Any], key: str) -> dict[str, Any]:
    value = embed.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad_request(f"embed.{key} must be an object.")
    return value


def _field_map(embed: dict[str, Any]) -> dict[str, str]:
    field_map = _object(embed, "field_map")
    if set(field_map) != {"text"} or not isinstance(field_map["text"], str) or not field_map["text"]:
        raise bad_request("embed.field_map must be {'text': NAME}, NAME being the field with the text.")
    return {"text": field_map["text"]}


def _parameters(model: str, given: dict[str, Any], input_type: str) -> dict[str, Any]:
    spec = find_model(model, "embed")
    full = {"input_type": input_type, **given}
    check_parameters(spec, full)
    full.setdefault("truncate", "END")
    return full


def new_embed(embed: dict[str, Any]) -> ModelIndex:
    """Read the ``embed`` part of a request that makes an index.

    Raises:
        ApiFault: 404 for an unknown model, 400 when something does not fit.
    """
    name = embed.get("model")
    if not isinstance(name, str) or not name:
        raise bad_request("embed.model is required and must be a string.")
    spec = find_model(name, "embed")
    metric = embed.get("metric") or spec.metrics[0]
    if metric not in spec.metrics:
        raise bad_request(f"The model {name} is for the metrics {', '.join(spec.metrics)}, got {metric!r}.")
    dimension = embed.get("dimension")
    if dimension is None:
        dimension = spec.dimension
    elif dimension not in spec.dimensions:
        offered = ", ".join(map(str, spec.dimensions)) or "none"
        raise bad_request(f"The model {name} offers the dimensions {offered}, got {dimension!r}.")
    write, read = _object(embed, "write_parameters"), _object(embed, "read_parameters")
    if dimension is not None and len(spec.dimensions) > 1:
        write, read = {"dimension": dimension, **write}, {"dimension": dimension, **read}
        if not write["dimension"] == read["dimension"] == dimension:
            raise bad_request("embed.dimension, and dimension in read and write parameters, must be equal.")
    vector_type = spec.vector_type or "dense"
    kept = {
        "model": name,
        "field_map": _field_map(embed),
        "read_parameters": _parameters(name, read, "query"),
        "write_parameters": _parameters(name, write, "passage"),
    }
    if vector_type == "dense":
        kept[_EMBEDDER] = embedder_id()
    return ModelIndex(metric, vector_type, dimension, kept)


def changed_embed(row: IndexRow, change: dict[str, Any]) -> dict[str, Any]:
    """Return the ``embed`` part of an index with what a configure request changes.

    Raises:
        ApiFault: 400 when the index cannot be changed so.
    """
    old = row.embed
    if old is not None and change.get("model") not in (None, old["model"]):
        raise bad_request(f"The index's model is {old['model']} and cannot be changed; make a new index.")
    joined = {**{key: old[key] for key in ("model", "field_map") if old}, **change} if old else dict(change)
    for key in ("read_parameters", "write_parameters"):
        joined[key] = {**(old[key] if old else {}), **_object(change, key)}
    joined["metric"], joined["dimension"] = row.metric, row.dimension
    model = new_embed(joined)
    if model.vector_type != row.vector_type or model.dimension != row.dimension:
        raise bad_request(
            f"The model {model.embed['model']} makes {model.vector_type} vectors of dimension "
            f"{model.dimension}; the index has {row.vector_type} ones of dimension {row.dimension}."
        )
    if old is not None and _EMBEDDER in old:
        model.embed[_EMBEDDER] = old[_EMBEDDER]
    return model.embed


def shown_embed(row: IndexRow) -> dict[str, Any]:
    """Show the ``embed`` part of an index as the API does."""
    shown = {key: value for key, value in (row.embed or {}).items() if key != _EMBEDDER}
    shown["metric"], shown["vector_type"] = row.metric, row.vector_type
    if row.dimension is not None:
        shown["dimension"] = row.dimension
    return shown


def check_embedder(row: IndexRow) -> dict[str, Any]:
    """Return the ``embed`` part of an index whose texts can be embedded now.

    Raises:
        ApiFault: 400 for an index without a model, 412 when another embedder filled the index.
    """
    if row.embed is None:
        raise bad_request(
            f"Integrated inference is not configured for this index ({row.name}). Make the index "
            "for a model, or embed the text and upsert vectors."
        )
    filled_by = row.embed.get(_EMBEDDER)
    if filled_by is not None and filled_by != embedder_id():
        raise ApiFault(
            412,
            "FAILED_PRECONDITION",
            f"The index {row.name} was filled by the embedder {filled_by!r}, and this engine has "
            f"{embedder_id()!r}: their vectors cannot be compared. Install or remove "
            "'pinecone-local[embedder]' as it was, or make a new index.",
        )
    return row.embed


def text_field(embed: dict[str, Any]) -> str:
    """Return the name of the record field that holds the text."""
    return str(embed["field_map"]["text"])
