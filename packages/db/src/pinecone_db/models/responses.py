"""What the data plane answers with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from pinecone_core.response_info import ResponseInfo
from pinecone_core.structs import DictLikeStruct, StructDictMixin, plain

from .batch import BatchError
from .pagination import Pagination
from .vector import ScoredVector, Vector

__all__ = [
    "DescribeIndexStatsResponse",
    "FetchByMetadataResponse",
    "FetchResponse",
    "ListItem",
    "ListResponse",
    "NamespaceSummary",
    "QueryResponse",
    "UpdateResponse",
    "UpsertRecordsResponse",
    "UpsertResponse",
    "Usage",
    "merged_fetch",
]


class Usage(msgspec.Struct, kw_only=True, rename="camel"):
    """What a request cost.

    Attributes:
        read_units: Read units, or None.
        write_units: Write units, or None.
    """

    read_units: int | None = None
    write_units: int | None = None


class UpsertResponse(DictLikeStruct, kw_only=True, rename="camel"):
    """What became of the vectors of an upsert.

    Attributes:
        upserted_count: Vectors stored.
        response_info: The answer's headers; of a batched call, the highest log sequence numbers.
        total_item_count: Vectors there were; 0 when one request held them all.
        failed_item_count: Vectors not stored, or not known to be.
        total_batch_count: Batches there were; 0 when one request held them all.
        successful_batch_count: Batches of which everything was stored.
        failed_batch_count: Batches of which something failed.
        errors: What failed, in the order of the input.
    """

    upserted_count: int
    response_info: ResponseInfo | None = None
    total_item_count: int = 0
    failed_item_count: int = 0
    total_batch_count: int = 0
    successful_batch_count: int = 0
    failed_batch_count: int = 0
    errors: list[BatchError] = msgspec.field(default_factory=list)

    @property
    def _response_info(self) -> ResponseInfo | None:
        return self.response_info

    @property
    def has_errors(self) -> bool:
        """Whether anything failed."""
        return bool(self.errors)

    @property
    def error_count(self) -> int:
        """How many vectors failed."""
        return self.failed_item_count

    @property
    def success_count(self) -> int:
        """How many vectors were stored."""
        return self.upserted_count

    @property
    def successful_item_count(self) -> int:
        """How many vectors were stored."""
        return self.upserted_count

    @property
    def failed_items(self) -> list[Any]:
        """The vectors that failed, in order, as they were given; upsert them again as they are."""
        return [item for error in self.errors for item in error.items]

    def __repr__(self) -> str:
        if not self.total_batch_count:
            return f"UpsertResponse(upserted_count={self.upserted_count})"
        outcome = "PARTIAL FAILURE" if self.errors else "SUCCESS"
        return (
            f"UpsertResponse({outcome}: {self.upserted_count}/{self.total_item_count} items, "
            f"{self.successful_batch_count}/{self.total_batch_count} batches)"
        )


class UpsertRecordsResponse(StructDictMixin, kw_only=True):
    """What became of the records of an upsert.

    Attributes:
        record_count: Records sent.
        response_info: The answer's headers.
    """

    record_count: int
    response_info: ResponseInfo | None = None

    @property
    def _response_info(self) -> ResponseInfo | None:
        return self.response_info

    @classmethod
    def of(cls, count: int, headers: dict[str, str]) -> UpsertRecordsResponse:
        """Make one from the number of records sent and the answer's headers; its body says nothing."""
        return cls(record_count=count, response_info=ResponseInfo(raw_headers=headers))


class QueryResponse(DictLikeStruct, kw_only=True, rename="camel"):
    """What a query found.

    Attributes:
        matches: What was found, best first.
        namespace: Where it was found.
        usage: What it cost, or None.
        response_info: The answer's headers.
    """

    __vectors__: ClassVar[str] = "matches"

    matches: list[ScoredVector] = msgspec.field(default_factory=list)
    namespace: str = ""
    usage: Usage | None = None
    response_info: ResponseInfo | None = None

    @property
    def _response_info(self) -> ResponseInfo | None:
        return self.response_info


class FetchResponse(DictLikeStruct, kw_only=True, rename="camel"):
    """Vectors by id.

    Attributes:
        vectors: The vectors that there are; unknown ids are absent.
        namespace: Where they are.
        usage: What it cost, or None.
        response_info: The answer's headers.
    """

    __vectors__: ClassVar[str] = "vectors"

    vectors: dict[str, Vector] = msgspec.field(default_factory=dict)
    namespace: str = ""
    usage: Usage | None = None
    response_info: ResponseInfo | None = None

    @property
    def _response_info(self) -> ResponseInfo | None:
        return self.response_info


def merged_fetch(answers: list[FetchResponse]) -> FetchResponse:
    """Return the answers of several requests for parts of the ids as one.

    Its ``response_info`` is that of the answer that reflects the fewest writes.
    """
    units = [answer.usage.read_units or 0 for answer in answers if answer.usage is not None]
    infos = [answer.response_info for answer in answers if answer.response_info is not None]
    return FetchResponse(
        vectors={id_: vector for answer in answers for id_, vector in answer.vectors.items()},
        namespace=answers[0].namespace,
        usage=Usage(read_units=sum(units)) if units else None,
        response_info=min(infos, key=lambda info: info.lsn_reconciled or 0, default=None),
    )


class FetchByMetadataResponse(DictLikeStruct, kw_only=True, rename="camel"):
    """One page of the vectors that meet a filter.

    Attributes:
        vectors: The vectors, by id.
        namespace: Where they are.
        usage: What it cost, or None.
        pagination: Where the next page begins, or None.
        response_info: The answer's headers.
    """

    __vectors__: ClassVar[str] = "vectors"

    vectors: dict[str, Vector] = msgspec.field(default_factory=dict)
    namespace: str = ""
    usage: Usage | None = None
    pagination: Pagination | None = None
    response_info: ResponseInfo | None = None

    @property
    def _response_info(self) -> ResponseInfo | None:
        return self.response_info


class UpdateResponse(DictLikeStruct, kw_only=True, rename="camel"):
    """What an update changed.

    Attributes:
        matched_records: Records that met the filter, or None for an update by id.
        response_info: The answer's headers.
    """

    matched_records: int | None = None
    response_info: ResponseInfo | None = None

    @property
    def _response_info(self) -> ResponseInfo | None:
        return self.response_info


class NamespaceSummary(StructDictMixin, kw_only=True, rename="camel"):
    """How much a namespace holds.

    Attributes:
        vector_count: Vectors in it.
    """

    vector_count: int = 0


class DescribeIndexStatsResponse(StructDictMixin, kw_only=True, rename="camel"):
    """How much an index holds.

    Attributes:
        namespaces: Each namespace's summary, by name.
        dimension: Numbers a dense vector, or None.
        index_fullness: From 0 to 1; 0 for serverless indexes.
        total_vector_count: Vectors in all namespaces.
        metric: How nearness is measured, or None.
        vector_type: ``dense`` or ``sparse``, or None.
        memory_fullness: From 0 to 1, or None.
        storage_fullness: From 0 to 1, or None.
        response_info: The answer's headers.
    """

    namespaces: dict[str, NamespaceSummary] = msgspec.field(default_factory=dict)
    dimension: int | None = None
    index_fullness: float = 0.0
    total_vector_count: int = 0
    metric: str | None = None
    vector_type: str | None = None
    memory_fullness: float | None = msgspec.field(default=None, name="memory_fullness")
    storage_fullness: float | None = msgspec.field(default=None, name="storage_fullness")
    response_info: ResponseInfo | None = None

    @property
    def _response_info(self) -> ResponseInfo | None:
        return self.response_info

    def __repr__(self) -> str:
        parts = [f"dimension={self.dimension}"] if self.dimension is not None else []
        parts.append(f"total_vector_count={self.total_vector_count}")
        parts += [f"metric={self.metric!r}"] if self.metric is not None else []
        parts.append(f"namespaces={len(self.namespaces)}")
        return f"DescribeIndexStatsResponse({', '.join(parts)})"


class ListItem(StructDictMixin, kw_only=True):
    """The id of a vector.

    Attributes:
        id: The id.
    """

    id: str | None = None


class ListLike(StructDictMixin):
    """A model that is read like the list it holds: ``len``, iteration, position and membership."""

    def _inner(self) -> list[Any]:
        return list(getattr(self, self.__struct_fields__[0]))

    def __len__(self) -> int:
        return len(self._inner())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._inner())

    def __getitem__(self, key: int | str | slice) -> Any:
        return super().__getitem__(key) if isinstance(key, str) else self._inner()[key]

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) if isinstance(key, str) else key in self._inner()

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a new dict, models inside it turned into dicts too."""
        return {name: plain(getattr(self, name)) for name in self.__struct_fields__}


class ListResponse(ListLike, kw_only=True, rename="camel"):
    """One page of the ids of a namespace.

    Attributes:
        vectors: The ids, each in a ``ListItem``.
        pagination: Where the next page begins, or None.
        namespace: Where they are.
        usage: What it cost, or None.
        response_info: The answer's headers.
    """

    vectors: list[ListItem] = msgspec.field(default_factory=list)
    pagination: Pagination | None = None
    namespace: str = ""
    usage: Usage | None = None
    response_info: ResponseInfo | None = None

    @property
    def _response_info(self) -> ResponseInfo | None:
        return self.response_info

    def ids(self) -> list[str]:
        """Return the ids alone."""
        return [item.id for item in self.vectors if item.id is not None]
