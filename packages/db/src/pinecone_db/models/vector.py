"""Vectors as they are stored and as they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from pinecone_core.codec import RawJson
from pinecone_core.display import abbreviate_list
from pinecone_core.errors import PineconeValueError
from pinecone_core.lazy_values import LazyValues, read_when_asked
from pinecone_core.structs import DictLikeStruct

__all__ = ["ScoredVector", "SparseValues", "Vector"]


class SparseValues(DictLikeStruct):
    """A sparse vector.

    Attributes:
        indices: Where it is not zero: integers from 0 to 2**32 - 1.
        values: What stands there, as many numbers as indices.

    Example:
        >>> SparseValues([1, 7], [0.5, 0.25])
        SparseValues(indices=[1, 7], values=[0.5, 0.25])
    """

    indices: list[int]
    values: list[float]

    @staticmethod
    def from_dict(sparse_values_dict: dict[str, Any]) -> SparseValues:
        """Make one from a dict with ``indices`` and ``values``."""
        return SparseValues(indices=sparse_values_dict["indices"], values=sparse_values_dict["values"])

    def __repr__(self) -> str:
        return f"SparseValues(indices={abbreviate_list(self.indices)}, values={abbreviate_list(self.values)})"


class Vector(LazyValues, rename="camel"):
    """A vector to store, or one that was fetched.

    Attributes:
        id: What it is called, ASCII.
        values: The dense values; empty for a sparse vector. Anything vector-like is accepted.
        sparse_values: The sparse values, or None.
        metadata: What filters can ask about: strings, numbers, booleans and lists of strings.

    Raises:
        PineconeValueError: It has neither dense nor sparse values.

    Example:
        >>> Vector("a", [0.1, 0.2], metadata={"genre": "drama"}).metadata["genre"]
        'drama'
    """

    id: str
    if TYPE_CHECKING:
        values: list[float] = []
    else:
        values: RawJson = msgspec.field(default_factory=list)
    sparse_values: SparseValues | None = None
    metadata: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.sparse_values is None and self.has_no_values():
            raise PineconeValueError(
                "Vector must have at least one of non-empty dense values or sparse values", "values"
            )

    @staticmethod
    def from_dict(vector_dict: dict[str, Any]) -> Vector:
        """Make one from a dict with the names of the fields as keys."""
        sparse = vector_dict.get("sparse_values")
        return Vector(
            id=vector_dict["id"],
            values=vector_dict.get("values") or [],
            sparse_values=SparseValues.from_dict(sparse) if isinstance(sparse, dict) else sparse,
            metadata=vector_dict.get("metadata"),
        )

    def __repr__(self) -> str:
        metadata = "" if self.metadata is None else f", metadata={self.metadata!r}"
        values = _shown(self.values)
        return f"Vector(id={self.id!r}, values={values}, sparse_values={self.sparse_values!r}{metadata})"


class ScoredVector(LazyValues, kw_only=True, rename="camel"):
    """A vector that was found, and how well it fits.

    Attributes:
        id: What it is called.
        score: How well it fits, by the metric of the index; 0 when the service leaves it out.
        values: The dense values, when they were asked for.
        sparse_values: The sparse values, when there are any and they were asked for.
        metadata: The metadata, when it was asked for.
    """

    id: str
    score: float = 0.0
    if TYPE_CHECKING:
        values: list[float] = []
    else:
        values: RawJson = msgspec.field(default_factory=list)
    sparse_values: SparseValues | None = None
    metadata: dict[str, Any] | None = None

    def __repr__(self) -> str:
        sparse = "" if self.sparse_values is None else f", sparse_values={self.sparse_values!r}"
        metadata = "" if self.metadata is None else f", metadata={self.metadata!r}"
        values = _shown(self.values)
        return f"ScoredVector(id={self.id!r}, score={self.score!r}, values={values}{sparse}{metadata})"


read_when_asked(Vector)
read_when_asked(ScoredVector)


def _shown(values: Any) -> str:
    return abbreviate_list(values) if isinstance(values, list | tuple) else repr(values)
