"""What a new index is to be like: where it runs, and how it embeds text."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec

from pinecone_core.checks import enum_value
from pinecone_core.structs import StructDictMixin

__all__ = ["ByocSpec", "EmbedConfig", "IndexEmbed", "IntegratedSpec", "PodSpec", "ServerlessSpec"]


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


class ServerlessSpec(StructDictMixin, frozen=True, kw_only=True):  # type: ignore[misc]
    """An index that grows and shrinks by itself in a cloud's region.

    Attributes:
        cloud: The cloud, such as ``"aws"``.
        region: The region, such as ``"us-east-1"``.
        read_capacity: ``{"mode": "OnDemand"}`` or ``{"mode": "Dedicated", "dedicated": {...}}``.
        schema: Which metadata fields can be filtered by, ``{"genre": {"filterable": True}}``; None
            for all.

    Example:
        >>> ServerlessSpec(cloud="aws", region="us-east-1").asdict()
        {'serverless': {'cloud': 'aws', 'region': 'us-east-1'}}
    """

    cloud: str
    region: str
    read_capacity: dict[str, Any] | None = None
    schema: dict[str, Any] | None = None

    def asdict(self) -> dict[str, Any]:
        """Return the spec under its kind, without what is not set."""
        return {
            "serverless": {
                "cloud": self.cloud,
                "region": self.region,
                **_given(read_capacity=self.read_capacity, schema=self.schema),
            }
        }


class PodSpec(StructDictMixin, frozen=True, kw_only=True):  # type: ignore[misc]
    """An index on pods of a fixed kind and number.

    Attributes:
        environment: Where it runs, such as ``"us-east1-gcp"``.
        pod_type: Kind and size of the pods.
        replicas: How many copies serve queries.
        shards: Over how many pods the data is spread.
        pods: How many pods in all, ``replicas * shards``.
        metadata_config: ``{"indexed": ["genre"]}`` to filter by these metadata fields only.
        source_collection: A collection to fill the index from.
    """

    environment: str
    pod_type: str = "p1.x1"
    replicas: int = 1
    shards: int = 1
    pods: int = 1
    metadata_config: dict[str, Any] | None = None
    source_collection: str | None = None

    def asdict(self) -> dict[str, Any]:
        """Return the spec under its kind, without what is not set."""
        return {
            "pod": {
                "environment": self.environment,
                "pod_type": self.pod_type,
                "replicas": self.replicas,
                "shards": self.shards,
                "pods": self.pods,
                **_given(metadata_config=self.metadata_config, source_collection=self.source_collection),
            }
        }


class ByocSpec(StructDictMixin, frozen=True, kw_only=True):  # type: ignore[misc]
    """An index in a cloud account of your own.

    Attributes:
        environment: The environment that was set up there.
        read_capacity: As in ``ServerlessSpec``.
        schema: As in ``ServerlessSpec``.
    """

    environment: str
    read_capacity: dict[str, Any] | None = None
    schema: dict[str, Any] | None = None

    def asdict(self) -> dict[str, Any]:
        """Return the spec under its kind, without what is not set."""
        return {
            "byoc": {
                "environment": self.environment,
                **_given(read_capacity=self.read_capacity, schema=self.schema),
            }
        }


class EmbedConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How an index with an embedding model embeds.

    Attributes:
        model: The model, such as ``"multilingual-e5-large"``.
        field_map: Which field of a record holds the text, ``{"text": "chunk_text"}``.
        dimension: Components of a vector; None for the model's default.
        metric: The metric; None for the model's default.
        read_parameters: Parameters of the model for queries.
        write_parameters: Parameters of the model for upserts.
    """

    model: str
    field_map: dict[str, str]
    dimension: int | None = None
    metric: str | None = None
    read_parameters: dict[str, Any] | None = None
    write_parameters: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dict of plain values, without a metric and dimension that are not set."""
        return {
            "model": enum_value(self.model),
            "field_map": self.field_map,
            **_given(dimension=self.dimension, metric=enum_value(self.metric)),
            "read_parameters": {} if self.read_parameters is None else self.read_parameters,
            "write_parameters": {} if self.write_parameters is None else self.write_parameters,
        }


class IntegratedSpec(StructDictMixin, frozen=True, kw_only=True):  # type: ignore[misc]
    """A serverless index with an embedding model of its own.

    Attributes:
        cloud: The cloud, such as ``"aws"``.
        region: The region, such as ``"us-east-1"``.
        embed: The model and how it is used.
    """

    cloud: str
    region: str
    embed: EmbedConfig


@dataclasses.dataclass(frozen=True)
class IndexEmbed:
    """How an index with an embedding model embeds, in the form of earlier generations.

    Attributes:
        model: The model.
        field_map: Which field of a record holds the text.
        metric: The metric; None for the model's default.
        read_parameters: Parameters of the model for queries.
        write_parameters: Parameters of the model for upserts.
    """

    model: str
    field_map: dict[str, Any]
    metric: str | None = None
    read_parameters: dict[str, Any] = dataclasses.field(default_factory=dict)
    write_parameters: dict[str, Any] = dataclasses.field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as a new dict."""
        return dict(self.__dict__)
