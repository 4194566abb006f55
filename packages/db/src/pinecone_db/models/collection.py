"""What the service tells about a collection: a still copy of a pod index."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

import msgspec

from pinecone_core.structs import StructDictMixin

from .listing import Listing

__all__ = ["CollectionDescription", "CollectionList", "CollectionModel"]


class CollectionModel(StructDictMixin, kw_only=True):
    """A collection.

    Attributes:
        name: What it is called.
        status: ``"Initializing"``, ``"Ready"`` or ``"Terminating"``.
        environment: Where it is.
        size: Bytes, once known.
        dimension: Components of a vector.
        vector_count: How many vectors, once known.
    """

    name: str
    status: str
    environment: str
    size: int | None = None
    dimension: int | None = None
    vector_count: int | None = None


class _Envelope(msgspec.Struct):
    collections: list[CollectionModel] = []


class CollectionList(Listing[CollectionModel]):
    """The collections of a project.

    Args:
        collections: The collections.
    """

    __wire__: ClassVar[type[_Envelope]] = _Envelope

    def __init__(self, collections: list[CollectionModel]) -> None:
        super().__init__(collections)

    @classmethod
    def from_wire(cls, wire: _Envelope) -> CollectionList:
        """Make one from the service's answer."""
        return cls(wire.collections)

    @property
    def collections(self) -> list[CollectionModel]:
        """The collections."""
        return self._items

    def _cells(self, item: CollectionModel) -> dict[str, Any]:
        return {"name": item.name, "status": item.status}


class CollectionDescription(NamedTuple):
    """Name and source of a collection, as earlier generations described one.

    Attributes:
        name: What it is called.
        source: The index it was made from.
    """

    name: str
    source: str
