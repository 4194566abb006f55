"""What the service tells about an index with a schema."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from pinecone_core.display import render_table, safe_display
from pinecone_core.hosts import normalize_host
from pinecone_core.structs import DictLikeStruct
from pinecone_core.unknown import UnknownItem

from .schema import PreviewSchema, TaggedStruct

__all__ = [
    "PreviewByocDeployment",
    "PreviewDeployment",
    "PreviewIndexList",
    "PreviewIndexModel",
    "PreviewIndexStatus",
    "PreviewManagedDeployment",
    "PreviewPodDeployment",
    "PreviewReadCapacity",
    "PreviewReadCapacityDedicatedInner",
    "PreviewReadCapacityDedicatedResponse",
    "PreviewReadCapacityManualScaling",
    "PreviewReadCapacityOnDemandResponse",
    "PreviewReadCapacityStatus",
]


class PreviewIndexStatus(DictLikeStruct, kw_only=True):
    """Whether an index can be used.

    Attributes:
        ready: Whether it answers requests.
        state: What it is doing.
    """

    ready: bool
    state: str


class PreviewManagedDeployment(TaggedStruct, kw_only=True, tag_field="deployment_type", tag="managed"):
    """An index that the service runs.

    Attributes:
        cloud: The cloud.
        region: The region.
        environment: The environment, where the service names one.
    """

    cloud: str
    region: str
    environment: str | None = None


class PreviewPodDeployment(TaggedStruct, kw_only=True, tag_field="deployment_type", tag="pod"):
    """An index on pods.

    Attributes:
        environment: Where it runs.
        pod_type: Kind and size of the pods.
        pods: How many pods in all.
        replicas: How many copies serve queries.
        shards: Over how many pods the data is spread.
    """

    environment: str
    pod_type: str
    pods: int | None = None
    replicas: int | None = None
    shards: int | None = None


class PreviewByocDeployment(TaggedStruct, kw_only=True, tag_field="deployment_type", tag="byoc"):
    """An index in a cloud account of your own.

    Attributes:
        environment: The environment.
        cloud: The cloud.
        region: The region.
    """

    environment: str
    cloud: str | None = None
    region: str | None = None


PreviewDeployment = PreviewManagedDeployment | PreviewPodDeployment | PreviewByocDeployment


class PreviewReadCapacityStatus(DictLikeStruct, kw_only=True):
    """How a change of read capacity stands.

    Attributes:
        state: ``"Ready"``, ``"Scaling"``, ``"Migrating"`` or ``"Error"``.
        current_shards: Shards now.
        current_replicas: Replicas now.
        error_message: What went wrong.
    """

    state: str
    current_shards: int | None = None
    current_replicas: int | None = None
    error_message: str | None = None


class PreviewReadCapacityManualScaling(DictLikeStruct, kw_only=True):
    """A read capacity that you set.

    Attributes:
        shards: Over how many nodes the data is spread.
        replicas: How many copies serve queries.
    """

    shards: int
    replicas: int


class PreviewReadCapacityDedicatedInner(DictLikeStruct, kw_only=True):
    """Nodes of your own for reading.

    Attributes:
        node_type: Kind of node.
        scaling: ``"Manual"`` or another.
        manual: Set by you.
        auto: Set by the service.
    """

    node_type: str
    scaling: str
    manual: PreviewReadCapacityManualScaling | None = None
    auto: dict[str, Any] | None = None


class PreviewReadCapacityOnDemandResponse(TaggedStruct, kw_only=True, tag_field="mode", tag="OnDemand"):
    """A read capacity that is shared.

    Attributes:
        status: How it stands.
    """

    status: PreviewReadCapacityStatus


class PreviewReadCapacityDedicatedResponse(TaggedStruct, kw_only=True, tag_field="mode", tag="Dedicated"):
    """A read capacity of your own.

    Attributes:
        dedicated: What it is.
        status: How it stands.
    """

    dedicated: PreviewReadCapacityDedicatedInner
    status: PreviewReadCapacityStatus


PreviewReadCapacity = PreviewReadCapacityOnDemandResponse | PreviewReadCapacityDedicatedResponse


class _IndexWire(msgspec.Struct, kw_only=True):
    name: str
    status: PreviewIndexStatus
    deployment: PreviewDeployment
    schema: PreviewSchema = msgspec.field(default_factory=lambda: PreviewSchema(fields={}))
    deletion_protection: str = "disabled"
    host: str | None = None
    read_capacity: PreviewReadCapacity | None = None
    tags: dict[str, str] | None = None
    private_host: str | None = None
    source_collection: str | None = None
    source_backup_id: str | None = None
    cmek_id: str | None = None


class PreviewIndexModel(DictLikeStruct, kw_only=True):
    """An index with a schema.

    Kinds of deployment and read capacity that this version does not know are an ``UnknownItem``.

    Attributes:
        name: What it is called.
        status: Whether it can be used.
        schema: Its fields.
        deployment: Where it runs.
        deletion_protection: ``"enabled"`` or ``"disabled"``.
        host: Where its data plane answers, with scheme; None while it is being made.
        read_capacity: Its read capacity.
        tags: Tags of your own.
        private_host: The host inside a private network.
        source_collection: The collection it was made from.
        source_backup_id: The backup it was made from.
        cmek_id: The key of your own that it is encrypted with.
    """

    name: str
    status: PreviewIndexStatus
    schema: PreviewSchema
    deployment: PreviewDeployment
    deletion_protection: str
    host: str | None = None
    read_capacity: PreviewReadCapacity | None = None
    tags: dict[str, str] | None = None
    private_host: str | None = None
    source_collection: str | None = None
    source_backup_id: str | None = None
    cmek_id: str | None = None

    __wire__: ClassVar[type[_IndexWire]] = _IndexWire

    def __post_init__(self) -> None:
        if self.host is not None:
            self.host = normalize_host(self.host)
        if self.private_host is not None:
            self.private_host = normalize_host(self.private_host)

    @classmethod
    def from_wire(cls, wire: _IndexWire) -> PreviewIndexModel:
        """Make one from the service's answer."""
        return cls(**{name: getattr(wire, name) for name in wire.__struct_fields__})

    def _facts(self) -> list[tuple[str, Any]]:
        place = self.deployment
        kind = place.type if isinstance(place, UnknownItem) else place.__struct_config__.tag
        facts: list[tuple[str, Any]] = [
            ("name", self.name),
            ("status", self.status.state),
            ("host", self.host),
            ("deployment", kind),
            ("deletion_protection", self.deletion_protection),
            ("schema_fields", len(self.schema.fields)),
        ]
        if self.tags:
            facts.append(("tags", self.tags))
        return facts

    @safe_display
    def __repr__(self) -> str:
        return f"PreviewIndexModel({', '.join(f'{name}={value!r}' for name, value in self._facts())})"

    def __dir__(self) -> list[str]:
        return sorted(name for name in super().__dir__() if not name.startswith("_"))

    @safe_display
    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text("PreviewIndexModel(...)" if cycle else repr(self))

    @safe_display
    def _repr_html_(self) -> str:
        return render_table(
            "PreviewIndexModel",
            [(name.replace("_", " ").capitalize(), value) for name, value in self._facts()],
        )


class _IndexesWire(msgspec.Struct):
    indexes: list[_IndexWire] = []


class PreviewIndexList:
    """The indexes of one answer; one that cannot be read is left out, with a warning in the log.

    Args:
        indexes: The indexes.
    """

    __wire__: ClassVar[type[_IndexesWire]] = _IndexesWire

    def __init__(self, indexes: list[PreviewIndexModel]) -> None:
        self.indexes = indexes

    @classmethod
    def from_wire(cls, wire: _IndexesWire) -> PreviewIndexList:
        """Make one from the service's answer."""
        return cls([PreviewIndexModel.from_wire(item) for item in wire.indexes])
