"""Embeddings: texts turned into vectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from pinecone_core.codec import RawJson, decode, decode_any
from pinecone_core.display import abbreviate_list, render_table, safe_display
from pinecone_core.errors import ResponseParsingError
from pinecone_core.lazy_values import LazyValues, hold_letters, read_when_asked, with_numbers
from pinecone_core.response_info import ResponseInfo
from pinecone_core.structs import StructDictMixin
from pinecone_core.unknown import UnknownItem

from .access import Fields

__all__ = ["DenseEmbedding", "EmbedUsage", "Embedding", "EmbeddingsList", "SparseEmbedding"]


class EmbedUsage(StructDictMixin, kw_only=True):
    """What embedding cost.

    Attributes:
        total_tokens: Tokens of all texts.
    """

    total_tokens: int = 0


class DenseEmbedding(LazyValues, kw_only=True):
    """A dense vector.

    Attributes:
        values: Its numbers. They are decoded when they are first read; ``values_array()`` gives them
            without a Python float each.
        vector_type: ``dense``.
    """

    if TYPE_CHECKING:
        values: list[float]
    else:
        values: RawJson
    vector_type: str = "dense"

    def __repr__(self) -> str:
        return f"DenseEmbedding(values={abbreviate_list(self.values)}, vector_type={self.vector_type!r})"


read_when_asked(DenseEmbedding)


class SparseEmbedding(StructDictMixin, kw_only=True):
    """A sparse vector.

    Attributes:
        sparse_values: What stands at the indices.
        sparse_indices: Where it is not zero.
        sparse_tokens: The word behind each index, when asked for.
        vector_type: ``sparse``.
    """

    sparse_values: list[float]
    sparse_indices: list[int]
    sparse_tokens: list[str] | None = None
    vector_type: str = "sparse"

    def __repr__(self) -> str:
        tokens = "" if self.sparse_tokens is None else f"sparse_tokens={self.sparse_tokens!r}, "
        return (
            f"SparseEmbedding(sparse_indices={abbreviate_list(self.sparse_indices)}, "
            f"sparse_values={abbreviate_list(self.sparse_values)}, {tokens}vector_type={self.vector_type!r})"
        )


Embedding = DenseEmbedding | SparseEmbedding
"""Either kind of vector."""


class _Wire(msgspec.Struct):
    model: str
    data: RawJson
    vector_type: str | None = None
    usage: EmbedUsage | None = None
    response_info: ResponseInfo | None = None


class EmbeddingsList(Fields, kw_only=True):
    """The vectors of some texts, in the order of the texts; read it like a list.

    Attributes:
        model: The model that made them.
        vector_type: ``dense`` or ``sparse``.
        data: The vectors. One of a kind that this version does not know is an ``UnknownItem``.
        usage: What it cost.
        response_info: The headers of the (last) answer.
    """

    __wire__: ClassVar[type[_Wire]] = _Wire
    __vectors__: ClassVar[str] = "data"

    model: str
    vector_type: str
    data: list[DenseEmbedding] | list[SparseEmbedding]
    usage: EmbedUsage
    response_info: ResponseInfo | None = None

    @classmethod
    def from_wire(cls, wire: _Wire) -> EmbeddingsList:
        """Make one from what the service answered; each vector is read as the kind it is."""
        data = _read_all(bytes(wire.data), wire.vector_type)
        hold_letters(data)
        kind = wire.vector_type or (getattr(data[0], "vector_type", None) if data else None) or "dense"
        return cls(model=wire.model, vector_type=kind, data=data, usage=wire.usage or EmbedUsage())

    @classmethod
    def joined(cls, parts: list[EmbeddingsList]) -> EmbeddingsList:
        """Put the answers to the parts of one list together, in order, their usage summed."""
        data: list[Any] = [item for part in parts for item in part.data]
        total = sum(part.usage.total_tokens for part in parts)
        last = parts[-1]
        return cls(
            model=last.model,
            vector_type=last.vector_type,
            data=data,
            usage=EmbedUsage(total_tokens=total),
            response_info=last.response_info,
        )

    def __getitem__(self, key: Any) -> Any:
        return self.data[key] if isinstance(key, int | slice) else super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) if isinstance(key, str) else key in self.data

    def __len__(self) -> int:
        return len(self.data)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.data)

    def __repr__(self) -> str:
        return (
            f"EmbeddingsList(model={self.model!r}, vector_type={self.vector_type!r}, "
            f"count={len(self.data)}, usage={self.usage!r})"
        )

    @safe_display
    def _repr_html_(self) -> str:
        rows = [("model", self.model), ("vector_type", self.vector_type), ("count", len(self.data))]
        return render_table("EmbeddingsList", [*rows, ("total_tokens", self.usage.total_tokens)])


def _read_all(text: bytes, overall: str | None) -> list[Any]:
    # Nearly always all are of one kind. The key of a sparse vector's numbers settles which, even where
    # the answer as a whole does not say.
    kind: Any = list[SparseEmbedding] if b'"sparse_indices"' in text else list[DenseEmbedding]
    try:
        found: list[Any] = decode(text, kind, lenient=False)
        return found
    except ResponseParsingError:
        return [_read(bytes(item), overall) for item in decode(text, list[RawJson])]


def _read(text: bytes, overall: str | None) -> Any:
    sparse = overall == "sparse" or b'"sparse_indices"' in text
    kind: Any = SparseEmbedding if sparse else DenseEmbedding
    try:
        return decode(text, kind)
    except ResponseParsingError:
        # Kept in its place: without it, the others would no longer stand where their texts do.
        return UnknownItem.keep(with_numbers(decode_any(text)), "vector_type")
