"""What the operations on indexes send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pinecone_core.checks import at_least, between, enum_value, non_empty_string, one_of, resource_name
from pinecone_core.errors import PineconeTypeError, PineconeValueError

from ..models.specs import ByocSpec, EmbedConfig, IndexEmbed, IntegratedSpec, PodSpec, ServerlessSpec
from .arguments import as_mapping, deletion_protection, metadata_schema, read_capacity, tags

if TYPE_CHECKING:
    from ..models.enums import DeletionProtection, Metric, VectorType

__all__ = ["configure_body", "create_body", "embed_config", "integrated_body", "is_integrated"]

_KINDS = ("serverless", "pod", "byoc")
_METRICS = ("cosine", "euclidean", "dotproduct")
_EMBED_KEYS = ("model", "field_map", "dimension", "metric", "read_parameters", "write_parameters")


def is_integrated(spec: Any) -> bool:
    """Say whether a spec brings an embedding model, which has an operation of its own."""
    if isinstance(spec, IntegratedSpec):
        return True
    return isinstance(spec, Mapping) and "embed" in spec and not any(kind in spec for kind in _KINDS)


def create_body(
    *,
    name: str,
    spec: ServerlessSpec | PodSpec | ByocSpec | Mapping[str, Any],
    dimension: int | None,
    metric: Metric | str,
    vector_type: VectorType | str,
    protection: DeletionProtection | str,
    tag_values: Mapping[str, str] | None,
    schema: Mapping[str, Any] | None,
    capacity: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the body of ``POST /indexes``.

    Sparse indexes know only the dot product, so the default metric means that one for them.
    """
    name = resource_name("name", name)
    if spec is None:
        raise PineconeValueError(
            "spec is required: pass a ServerlessSpec, PodSpec, ByocSpec or IntegratedSpec"
        )
    vectors = one_of("vector_type", vector_type, ("dense", "sparse"))
    body: dict[str, Any] = {
        "name": name,
        "metric": _metric(metric, vectors),
        "vector_type": vectors,
        "deletion_protection": deletion_protection(protection),
        "spec": _spec(spec, schema, capacity),
    }
    if vectors == "sparse" and dimension is not None:
        raise PineconeValueError("dimension must not be provided for sparse indexes")
    if vectors == "dense":
        if dimension is None:
            raise PineconeValueError("dimension is required for dense indexes")
        body["dimension"] = between("dimension", dimension, 1, 20_000)
    if tag_values is not None:
        body["tags"] = tags(tag_values)
    return body


def _metric(metric: Any, vectors: str) -> str:
    plain = one_of("metric", metric, _METRICS)
    if vectors == "dense":
        return plain
    if plain == "euclidean":
        raise PineconeValueError("metric must be 'dotproduct' for sparse indexes, got 'euclidean'")
    return "dotproduct"


def _spec(spec: Any, schema: Any, capacity: Any) -> dict[str, Any]:
    if isinstance(spec, ServerlessSpec | PodSpec | ByocSpec):
        given = spec.asdict()
    elif isinstance(spec, Mapping):
        given = dict(spec)
    else:
        raise PineconeTypeError(
            "spec must be a ServerlessSpec, PodSpec, ByocSpec, IntegratedSpec or dict, "
            f"got {type(spec).__name__}"
        )
    kinds = [kind for kind in _KINDS if kind in given]
    if not kinds:
        raise PineconeValueError("spec dict must contain a 'serverless', 'pod', or 'byoc' key")
    if len(kinds) > 1:
        raise PineconeValueError(f"spec dict must contain only one of {', '.join(map(repr, kinds))}")
    kind = kinds[0]
    inner = given[kind]
    if isinstance(inner, ServerlessSpec | PodSpec | ByocSpec):
        inner = next(iter(inner.asdict().values()))
    return {**given, kind: _inner_spec(kind, as_mapping(f"spec[{kind!r}]", inner), schema, capacity)}


def _inner_spec(kind: str, inner: dict[str, Any], schema: Any, capacity: Any) -> dict[str, Any]:
    for key in ("environment",) if kind != "serverless" else ("cloud", "region"):
        non_empty_string(key, inner.get(key))
    if kind == "pod":
        for name, value in (("schema", schema), ("read_capacity", capacity)):
            if value is not None:
                raise PineconeValueError(
                    f"{name} is not available for pod indexes; leave it out"
                    + (" or use PodSpec(metadata_config=...)" if name == "schema" else "")
                )
        return inner
    schema = inner.get("schema") if schema is None else schema
    if schema is not None:
        inner["schema"] = metadata_schema(schema)
    capacity = inner.get("read_capacity") if capacity is None else capacity
    if capacity is not None:
        inner["read_capacity"] = read_capacity("read_capacity", capacity)
    return inner


def embed_config(embed: Any) -> EmbedConfig:
    """Read how an index embeds, in any accepted form.

    Args:
        embed: An ``EmbedConfig``, an ``IndexEmbed``, or a mapping with the fields of the former.
    """
    if isinstance(embed, EmbedConfig):
        return embed
    if isinstance(embed, IndexEmbed):
        return EmbedConfig(
            model=embed.model,
            field_map={key: str(value) for key, value in embed.field_map.items()},
            metric=embed.metric,
            read_parameters=embed.read_parameters or None,
            write_parameters=embed.write_parameters or None,
        )
    if not isinstance(embed, Mapping):
        raise PineconeTypeError(
            f"embed must be an EmbedConfig, IndexEmbed or dict, got {type(embed).__name__}"
        )
    unknown = [str(key) for key in embed if key not in _EMBED_KEYS]
    if unknown:
        raise PineconeTypeError(
            f"embed has unknown keys {', '.join(unknown)}; it may have {', '.join(_EMBED_KEYS)}"
        )
    return EmbedConfig(**{"model": None, "field_map": None, **embed})


def integrated_body(
    *,
    name: str,
    spec: IntegratedSpec | Mapping[str, Any],
    dimension: int | None,
    metric: Metric | str,
    vector_type: VectorType | str,
    protection: DeletionProtection | str,
    tag_values: Mapping[str, str] | None,
    schema: Mapping[str, Any] | None,
    capacity: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the body of ``POST /indexes/create-for-model``.

    Whether the vectors are dense or sparse is the model's own matter, so it is not sent.
    """
    name = resource_name("name", name)
    one_of("vector_type", vector_type, ("dense", "sparse"))
    if isinstance(spec, IntegratedSpec):
        cloud, region, embed = spec.cloud, spec.region, spec.embed
    else:
        cloud, region, embed = spec.get("cloud", ""), spec.get("region", ""), spec.get("embed")  # type: ignore[assignment]
    body: dict[str, Any] = {
        "name": name,
        "cloud": _required("cloud", cloud),
        "region": _required("region", region),
        "embed": _embed(embed_config(embed), dimension, one_of("metric", metric, _METRICS)),
    }
    plain = deletion_protection(protection)
    if plain != "disabled":
        body["deletion_protection"] = plain
    if tag_values is not None:
        body["tags"] = tags(tag_values)
    if schema is not None:
        body["schema"] = metadata_schema(schema)
    if capacity is not None:
        body["read_capacity"] = read_capacity("read_capacity", capacity)
    return body


def _required(name: str, value: Any) -> str:
    plain = enum_value(value)
    if plain is None or (isinstance(plain, str) and not plain.strip()):
        raise PineconeValueError(f"{name} is required for integrated indexes")
    return non_empty_string(name, plain)


def _embed(embed: EmbedConfig, dimension: int | None, metric: str) -> dict[str, Any]:
    out: dict[str, Any] = {"model": _required("embed model", embed.model)}
    if not embed.field_map:
        raise PineconeValueError(
            "embed field_map is required for integrated indexes, such as {'text': 'chunk_text'}"
        )
    out["field_map"] = as_mapping("embed field_map", embed.field_map)
    if dimension is not None and embed.dimension is not None and dimension != embed.dimension:
        raise PineconeValueError(
            f"dimension {dimension} contradicts embed.dimension {embed.dimension}; pass only one of them"
        )
    wanted = embed.dimension if dimension is None else dimension
    if wanted is not None:
        out["dimension"] = between("dimension", wanted, 1, 20_000)
    # The default of create() cannot be told from a wish, so only another metric counts as one.
    own = enum_value(embed.metric)
    if metric != "cosine":
        if own is not None and own != metric:
            raise PineconeValueError(
                f"metric {metric!r} contradicts embed.metric {own!r}; pass only one of them"
            )
        own = metric
    if own is not None:
        out["metric"] = one_of("embed.metric", own, _METRICS)
    for key in ("read_parameters", "write_parameters"):
        value = getattr(embed, key)
        if value is not None:
            out[key] = as_mapping(f"embed {key}", value)
    return out


def configure_body(
    *,
    replicas: int | None,
    pod_type: str | None,
    protection: DeletionProtection | str | None,
    tag_values: Mapping[str, str] | None,
    embed: EmbedConfig | IndexEmbed | Mapping[str, Any] | None,
    capacity: Mapping[str, Any] | None,
    serverless_capacity: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the body of ``PATCH /indexes/{name}``; empty when nothing is to change."""
    pod = replicas is not None or pod_type is not None
    if pod and capacity is not None:
        raise PineconeValueError(
            "Cannot specify both pod fields (replicas, pod_type) and read_capacity; an index has either"
        )
    if serverless_capacity is not None and (pod or capacity is not None):
        raise PineconeValueError(
            "Cannot specify serverless_read_capacity together with replicas, pod_type or read_capacity"
        )
    body: dict[str, Any] = {}
    if pod:
        body["spec"] = {"pod": _pod_changes(replicas, pod_type)}
    if capacity is not None:
        body["spec"] = {"byoc": {"read_capacity": read_capacity("read_capacity", capacity)}}
    if serverless_capacity is not None:
        checked = read_capacity("serverless_read_capacity", serverless_capacity)
        body["spec"] = {"serverless": {"read_capacity": checked}}
    if protection is not None:
        body["deletion_protection"] = deletion_protection(protection)
    if tag_values is not None:
        body["tags"] = tags(tag_values)
    if embed is not None:
        body["embed"] = _embed_changes(embed)
    return body


def _embed_changes(embed: Any) -> dict[str, Any]:
    if not isinstance(embed, EmbedConfig | IndexEmbed):
        return as_mapping("embed", embed)
    # Dimension and metric stay what they were when the index was made.
    keys = ("model", "field_map", "read_parameters", "write_parameters")
    return {key: value for key in keys if (value := getattr(embed, key))}


def _pod_changes(replicas: int | None, pod_type: str | None) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if replicas is not None:
        changes["replicas"] = at_least("replicas", replicas, 1)
    if pod_type is not None:
        changes["pod_type"] = non_empty_string("pod_type", pod_type)
    return changes
