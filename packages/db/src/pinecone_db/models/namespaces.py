"""Namespaces of an index."""

from __future__ import annotations

import msgspec

from pinecone_core.structs import StructDictMixin

from .pagination import Pagination
from .responses import ListLike

__all__ = [
    "IndexedFields",
    "ListNamespacesResponse",
    "NamespaceDescription",
    "NamespaceFieldConfig",
    "NamespaceSchema",
]


class NamespaceFieldConfig(StructDictMixin, kw_only=True):
    """How a metadata field is treated.

    Attributes:
        filterable: Whether filters may ask about it.
    """

    filterable: bool = False


class NamespaceSchema(StructDictMixin, kw_only=True):
    """Which metadata fields a namespace indexes.

    Attributes:
        fields: Each field's configuration, by name.
    """

    fields: dict[str, NamespaceFieldConfig] = msgspec.field(default_factory=dict)


class IndexedFields(StructDictMixin, kw_only=True):
    """The metadata fields that are indexed.

    Attributes:
        fields: Their names.
    """

    fields: list[str] = msgspec.field(default_factory=list)


class NamespaceDescription(StructDictMixin, kw_only=True):
    """A namespace.

    Attributes:
        name: What it is called.
        record_count: Records in it.
        schema: Which metadata fields it indexes, or None for all.
        indexed_fields: The names of the fields that are indexed, or None.
    """

    name: str = ""
    record_count: int = 0
    schema: NamespaceSchema | None = None
    indexed_fields: IndexedFields | None = None


class ListNamespacesResponse(ListLike, kw_only=True):
    """One page of the namespaces of an index.

    Attributes:
        namespaces: The namespaces.
        pagination: Where the next page begins, or None.
        total_count: How many there are on all pages.
    """

    namespaces: list[NamespaceDescription] = msgspec.field(default_factory=list)
    pagination: Pagination | None = None
    total_count: int = 0
