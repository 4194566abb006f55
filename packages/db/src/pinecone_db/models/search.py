"""Searching records by text: what is asked, and what is found."""

from __future__ import annotations

from typing import Any, TypedDict

import msgspec

from pinecone_core.response_info import ResponseInfo
from pinecone_core.structs import DictLikeStruct, StructDictMixin

__all__ = [
    "Hit",
    "RerankConfig",
    "SearchInputs",
    "SearchQuery",
    "SearchQueryVector",
    "SearchRecordsResponse",
    "SearchRerank",
    "SearchResult",
    "SearchUsage",
]


class SearchInputs(TypedDict, total=False):
    """What to embed and search with: ``{"text": "..."}``."""

    text: str


class _RerankNeeds(TypedDict):
    model: str
    rank_fields: list[str]


class RerankConfig(_RerankNeeds, total=False):
    """How hits are reranked.

    ``model`` and ``rank_fields``, and if wanted ``top_n``, ``parameters`` and ``query``.
    """

    top_n: int
    parameters: dict[str, Any]
    query: str


class _Given(DictLikeStruct):
    def to_dict(self) -> dict[str, Any]:
        """Return what was given as a dict; what is None is left out."""
        return {key: value for key, value in super().to_dict().items() if value is not None}

    def as_dict(self) -> dict[str, Any]:
        """Return ``to_dict()``."""
        return self.to_dict()


class SearchQuery(_Given, kw_only=True):
    """What to search for, as ``search`` takes it apart: ``index.search(**query.to_dict())``.

    Attributes:
        inputs: What to embed, such as ``{"text": "..."}``.
        top_k: How many hits.
        filter: A metadata filter, or None.
        vector: A vector to search with, or None.
        id: The id of a record to search with, or None.
        match_terms: Terms that hits must contain, or None.
    """

    inputs: dict[str, Any]
    top_k: int
    filter: dict[str, Any] | None = None
    vector: dict[str, Any] | None = None
    id: str | None = None
    match_terms: dict[str, Any] | None = None


class SearchQueryVector(_Given, kw_only=True):
    """A vector to search records with.

    Attributes:
        values: The dense values, or None.
        sparse_values: The sparse values, or None.
        sparse_indices: Their indices, or None.
    """

    values: list[float] | None = None
    sparse_values: list[float] | None = None
    sparse_indices: list[int] | None = None


class SearchRerank(_Given, kw_only=True):
    """How hits are reranked.

    Attributes:
        model: The reranking model.
        top_n: How many hits to keep, or None.
        rank_fields: The fields to read, or None.
        parameters: The model's parameters, or None.
        query: What to rank by, when it is not what was searched for.
    """

    model: str
    top_n: int | None = None
    rank_fields: list[str] | None = None
    parameters: dict[str, Any] | None = None
    query: str | None = None


_HIT_KEYS = {"id": "id_", "_id": "id_", "score": "score_", "_score": "score_"}


class Hit(StructDictMixin, kw_only=True):
    """A record that was found.

    Attributes:
        id_: Its id; ``id`` is the same.
        score_: How well it fits; ``score`` is the same.
        fields: The fields that were asked for.
    """

    id_: str = msgspec.field(name="_id")
    score_: float = msgspec.field(name="_score")
    fields: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id."""
        return self.id_

    @property
    def score(self) -> float:
        """How well it fits."""
        return self.score_

    def __getitem__(self, key: str) -> Any:
        return super().__getitem__(_HIT_KEYS.get(key, key))

    def __contains__(self, key: object) -> bool:
        return key in _HIT_KEYS or super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the field called ``key``, or ``default`` when there is none."""
        return super().get(_HIT_KEYS.get(key, key), default)

    def __repr__(self) -> str:
        return f"Hit(id={self.id_!r}, score={self.score_!r}, fields={self.fields!r})"


class SearchUsage(StructDictMixin, kw_only=True):
    """What a search cost.

    Attributes:
        read_units: Read units.
        embed_total_tokens: Tokens that were embedded, or None.
        rerank_units: Rerank units, or None.
    """

    read_units: int
    embed_total_tokens: int | None = None
    rerank_units: int | None = None


class SearchResult(StructDictMixin, kw_only=True):
    """The hits of a search.

    Attributes:
        hits: What was found, best first.
    """

    hits: list[Hit] = msgspec.field(default_factory=list)


class SearchRecordsResponse(StructDictMixin, kw_only=True):
    """What a search found.

    Attributes:
        result: The hits.
        usage: What it cost.
        response_info: The answer's headers.
    """

    result: SearchResult
    usage: SearchUsage
    response_info: ResponseInfo | None = None
