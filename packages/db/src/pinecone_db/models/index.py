"""What the service tells about an index."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from pinecone_core.display import render_table, safe_display
from pinecone_core.hosts import normalize_host
from pinecone_core.structs import StructDictMixin

from .listing import Listing

__all__ = [
    "ByocSpecInfo",
    "IndexList",
    "IndexModel",
    "IndexSpec",
    "IndexStatus",
    "IndexTags",
    "ModelIndexEmbed",
    "PodSpecInfo",
    "ServerlessSpecInfo",
]


class IndexTags(dict[str, str]):
    """The tags of an index."""

    def to_dict(self) -> dict[str, str]:
        """Return a plain dict."""
        return dict(self)


class IndexStatus(StructDictMixin, kw_only=True):
    """Whether an index can be used.

    Attributes:
        ready: Whether it answers requests.
        state: What it is doing: ``"Initializing"``, ``"Ready"``, ``"Terminating"`` and others.
    """

    ready: bool
    state: str


class ServerlessSpecInfo(StructDictMixin, kw_only=True):
    """Where a serverless index runs.

    Attributes:
        cloud: The cloud.
        region: The region.
        read_capacity: Mode and state of the read capacity.
        source_collection: The collection it was filled from.
        schema: Which metadata fields can be filtered by; None for all.
    """

    cloud: str
    region: str
    read_capacity: dict[str, Any] | None = None
    source_collection: str | None = None
    schema: dict[str, Any] | None = None


class PodSpecInfo(StructDictMixin, kw_only=True):
    """Where and on what a pod index runs.

    Attributes:
        environment: Where.
        pod_type: Kind and size of the pods.
        replicas: How many copies serve queries.
        shards: Over how many pods the data is spread.
        pods: How many pods in all.
        metadata_config: Which metadata fields can be filtered by.
        source_collection: The collection it was filled from.
    """

    environment: str
    pod_type: str
    replicas: int | None = None
    shards: int | None = None
    pods: int | None = None
    metadata_config: dict[str, list[str]] | None = None
    source_collection: str | None = None


class ByocSpecInfo(StructDictMixin, kw_only=True):
    """Where an index in an account of your own runs.

    Attributes:
        environment: The environment.
        read_capacity: Mode and state of the read capacity.
        schema: Which metadata fields can be filtered by; None for all.
    """

    environment: str
    read_capacity: dict[str, Any] | None = None
    schema: dict[str, Any] | None = None


class IndexSpec(StructDictMixin, kw_only=True):
    """Where an index runs; one of the three is set.

    Attributes:
        serverless: A serverless index.
        pod: A pod index.
        byoc: An index in an account of your own.
    """

    serverless: ServerlessSpecInfo | None = None
    pod: PodSpecInfo | None = None
    byoc: ByocSpecInfo | None = None


class ModelIndexEmbed(StructDictMixin, kw_only=True):
    """How an index with an embedding model embeds.

    Attributes:
        model: The model.
        metric: The metric.
        dimension: Components of a vector.
        vector_type: ``"dense"`` or ``"sparse"``.
        field_map: Which field of a record holds the text.
        read_parameters: Parameters of the model for queries.
        write_parameters: Parameters of the model for upserts.
    """

    model: str
    metric: str | None = None
    dimension: int | None = None
    vector_type: str | None = None
    field_map: dict[str, str] | None = None
    read_parameters: dict[str, Any] | None = None
    write_parameters: dict[str, Any] | None = None


class IndexModel(StructDictMixin, kw_only=True):
    """An index: what it is called, holds, and where it is.

    Attributes:
        name: What it is called.
        metric: How near two vectors are to each other.
        status: Whether it can be used.
        spec: Where it runs.
        host: Where its data plane answers, with scheme; None while it is being made.
        private_host: The same inside a private network.
        vector_type: ``"dense"`` or ``"sparse"``.
        dimension: Components of a vector; None for sparse ones.
        deletion_protection: ``"enabled"`` or ``"disabled"``.
        tags: Tags of your own.
        embed: How it embeds text; None when it does not.
        created_at: When it was made, RFC 3339, where the service says so.
    """

    name: str
    metric: str
    status: IndexStatus
    spec: IndexSpec
    host: str | None = None
    private_host: str | None = None
    vector_type: str = "dense"
    dimension: int | None = None
    deletion_protection: str = "disabled"
    tags: dict[str, str] | None = None
    embed: ModelIndexEmbed | None = None
    created_at: str | None = None

    def __post_init__(self) -> None:
        if self.host is not None:
            self.host = normalize_host(self.host)
        if self.private_host is not None:
            self.private_host = normalize_host(self.private_host)
        if self.tags is not None and not isinstance(self.tags, IndexTags):
            self.tags = IndexTags(self.tags)

    @safe_display
    def _repr_html_(self) -> str:
        rows: list[tuple[str, Any]] = [
            ("Name", self.name),
            ("Status", self.status.state),
            ("Dimension", self.dimension),
            ("Metric", self.metric),
            ("Vector type", self.vector_type),
            ("Host", self.host or "not yet assigned"),
            ("Deletion protection", self.deletion_protection),
        ]
        if self.embed is not None:
            rows.append(("Model", self.embed.model))
        if self.tags:
            rows.append(("Tags", ", ".join(f"{key}={value}" for key, value in self.tags.items())))
        return render_table("IndexModel", rows)


class _Envelope(msgspec.Struct):
    indexes: list[IndexModel] = []


class IndexList(Listing[IndexModel]):
    """The indexes of a project.

    Args:
        indexes: The indexes.

    Example:
        >>> IndexList([]).names()
        []
    """

    __wire__: ClassVar[type[_Envelope]] = _Envelope

    def __init__(self, indexes: list[IndexModel]) -> None:
        super().__init__(indexes)

    @classmethod
    def from_wire(cls, wire: _Envelope) -> IndexList:
        """Make one from the service's answer."""
        return cls(wire.indexes)

    @property
    def indexes(self) -> list[IndexModel]:
        """The indexes."""
        return self._items

    def _cells(self, item: IndexModel) -> dict[str, Any]:
        return {"name": item.name, "dim": item.dimension, "ready": item.status.ready}
