"""Documents, and how they are scored and answered with."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import msgspec

from pinecone_core.codec import to_json_text
from pinecone_core.display import render_table, safe_display
from pinecone_core.errors import PineconeValueError
from pinecone_core.response_info import ResponseInfo
from pinecone_core.structs import DictLikeStruct

from .schema import TaggedStruct

__all__ = [
    "PreviewDenseVectorQuery",
    "PreviewDocument",
    "PreviewDocumentFetchResponse",
    "PreviewDocumentSearchResponse",
    "PreviewDocumentUpsertResponse",
    "PreviewQueryStringQuery",
    "PreviewScoreByQuery",
    "PreviewSparseValues",
    "PreviewSparseVectorQuery",
    "PreviewTextQuery",
    "PreviewUsage",
]


class PreviewSparseValues(DictLikeStruct):
    """A sparse vector.

    Attributes:
        indices: The positions of what is not zero.
        values: What stands there.
    """

    indices: list[int]
    values: list[float]


class PreviewTextQuery(TaggedStruct, kw_only=True, omit_defaults=True, tag_field="type", tag="text"):
    """Score documents by the words of a text.

    Attributes:
        query: The text.
        fields: The fields to look in.
        field: Deprecated; one field to look in. Reads as None, being moved to ``fields``.
    """

    query: str
    fields: list[str] | None = None
    field: str | None = None

    def __post_init__(self) -> None:
        if (self.fields is None) == (self.field is None):
            given = "neither" if self.fields is None else "both"
            raise PineconeValueError(f"Exactly one of fields and field must be given, got {given}")
        if self.field is not None:
            message = "PreviewTextQuery(field=...) is deprecated; use fields=[...]"
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            self.fields, self.field = [self.field], None


class PreviewQueryStringQuery(TaggedStruct, kw_only=True, tag_field="type", tag="query_string"):
    """Score documents by a query in Lucene's language.

    Attributes:
        query: The query, such as ``"title:(machine learning)"``.
    """

    query: str


class PreviewDenseVectorQuery(TaggedStruct, kw_only=True, tag_field="type", tag="dense_vector"):
    """Score documents by their nearness to a dense vector.

    Attributes:
        field: The field to compare with.
        values: The vector.
    """

    field: str
    values: list[float]


class PreviewSparseVectorQuery(TaggedStruct, kw_only=True, tag_field="type", tag="sparse_vector"):
    """Score documents by their nearness to a sparse vector.

    Attributes:
        field: The field to compare with.
        sparse_values: The vector.
    """

    field: str
    sparse_values: PreviewSparseValues


PreviewScoreByQuery = (
    PreviewTextQuery | PreviewQueryStringQuery | PreviewDenseVectorQuery | PreviewSparseVectorQuery
)


class PreviewDocument:
    """A document that was found: its fields as attributes.

    Args:
        data: The document as the service gave it, with ``_id`` and perhaps ``_score``.

    Example:
        >>> found = PreviewDocument({"_id": "1", "_score": 0.5, "title": "Ran"})
        >>> found.id, found.score, found.title
        ('1', 0.5, 'Ran')
    """

    __slots__ = ("_data",)
    _data: dict[str, Any]

    def __init__(self, data: dict[str, Any]) -> None:
        object.__setattr__(self, "_data", data)

    @property
    def id(self) -> str:
        """What the document is known by."""
        return self._known_by()

    @property
    def score(self) -> float | None:
        """How well it fits; None when it was not scored."""
        value = self._data.get("_score")
        return None if value is None else float(value)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a field, or ``default`` when there is none. Works for every name."""
        return self._data.get(key, default)

    def to_dict(self) -> dict[str, Any]:
        """Return the document as a new dict."""
        return dict(self._data)

    def to_json(self) -> str:
        """Return the document as JSON text."""
        return to_json_text(self._data)

    def _known_by(self) -> str:
        value = self._data.get("_id")
        if not value:
            raise AttributeError("the document has no '_id'")
        return str(value)

    def __getattr__(self, name: str) -> Any:
        if name in ("_id", "id"):  # the property's own error leads here too
            return self._known_by()
        if name == "_score":
            return self.score
        if not name.startswith("__") and name in self._data:
            return self._data[name]
        raise AttributeError(f"the document has no field {name!r}")

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __eq__(self, other: object) -> bool:
        return self._data == other._data if isinstance(other, PreviewDocument) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._data,)

    @safe_display
    def __repr__(self) -> str:
        more = ", ..." if len(self._data.keys() - {"_id", "_score"}) else ""
        return f"PreviewDocument(_id={self._data.get('_id')!r}, score={self.score!r}{more})"


class PreviewUsage(DictLikeStruct, kw_only=True):
    """What a call cost.

    Attributes:
        read_units: Read units.
    """

    read_units: int


class PreviewDocumentUpsertResponse(DictLikeStruct, kw_only=True):
    """What an upsert did.

    Attributes:
        upserted_count: How many documents were written.
        response_info: Headers of the answer.
    """

    upserted_count: int
    response_info: ResponseInfo | None = None


class _SearchWire(msgspec.Struct):
    matches: list[dict[str, Any]] = []
    namespace: str = ""
    usage: PreviewUsage | None = None


class _FetchWire(msgspec.Struct):
    documents: dict[str, dict[str, Any]] = {}
    namespace: str = ""
    usage: PreviewUsage | None = None


class PreviewDocumentSearchResponse(DictLikeStruct):
    """What a search found.

    Attributes:
        matches: The documents, best first.
        namespace: Where they are.
        usage: What it cost.
        response_info: Headers of the answer.
    """

    matches: list[PreviewDocument]
    namespace: str
    usage: PreviewUsage | None = None
    response_info: ResponseInfo | None = None

    __wire__: ClassVar[type[_SearchWire]] = _SearchWire

    @classmethod
    def from_wire(cls, wire: _SearchWire) -> PreviewDocumentSearchResponse:
        """Make one from the service's answer."""
        return cls([PreviewDocument(item) for item in wire.matches], wire.namespace, wire.usage)

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dict, documents turned into dicts too."""
        return {**super().to_dict(), "matches": [item.to_dict() for item in self.matches]}

    @safe_display
    def __repr__(self) -> str:
        return (
            f"SearchResponse(matches={len(self.matches)}, namespace={self.namespace!r}, usage={self.usage!r})"
        )

    @safe_display
    def _repr_html_(self) -> str:
        rows = [(str(item.get("_id")), item.score) for item in self.matches]
        return render_table(f"SearchResponse ({len(rows)} matches)", rows)


class PreviewDocumentFetchResponse(DictLikeStruct):
    """The documents that were asked for.

    Attributes:
        documents: The documents that exist, by id.
        namespace: Where they are.
        usage: What it cost.
        response_info: Headers of the answer.
    """

    documents: dict[str, PreviewDocument]
    namespace: str
    usage: PreviewUsage | None = None
    response_info: ResponseInfo | None = None

    __wire__: ClassVar[type[_FetchWire]] = _FetchWire

    @classmethod
    def from_wire(cls, wire: _FetchWire) -> PreviewDocumentFetchResponse:
        """Make one from the service's answer."""
        found = {name: PreviewDocument(item) for name, item in wire.documents.items()}
        return cls(found, wire.namespace, wire.usage)

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dict, documents turned into dicts too."""
        found = {name: item.to_dict() for name, item in self.documents.items()}
        return {**super().to_dict(), "documents": found}

    @safe_display
    def __repr__(self) -> str:
        return (
            f"FetchResponse(documents={len(self.documents)}, namespace={self.namespace!r}, "
            f"usage={self.usage!r})"
        )

    @safe_display
    def _repr_html_(self) -> str:
        rows = [(name, ", ".join(item.to_dict())) for name, item in self.documents.items()]
        return render_table(f"FetchResponse ({len(rows)} documents)", rows)
