"""The few things of earlier generations that are more than another name for something of today."""

from __future__ import annotations

from typing import Any, NamedTuple, TypedDict, TypeVar, Union

from pinecone_assistant.models.streaming import (
    StreamCitationChunk,
    StreamContentChunk,
    StreamMessageEnd,
    StreamMessageStart,
)
from pinecone_core.config import DEFAULT_HOST, environment, mask_key
from pinecone_core.errors import PineconeError

__all__ = [
    "BaseStreamChatResponseChunk",
    "Config",
    "CreateIndexForModelEmbedTypedDict",
    "FilterTypedDict",
    "IndexClientInstantiationError",
    "ListResponseTuple",
    "PaginationTuple",
    "PineconeConfigBuilder",
    "ResponseInfoDict",
    "SearchQueryTypedDict",
    "SearchRerankTypedDict",
    "SparseVectorTypedDict",
    "T",
    "VectorMetadataTypedDict",
    "VectorTuple",
    "VectorTupleWithMetadata",
    "VectorTypedDict",
]

T = TypeVar("T")

BaseStreamChatResponseChunk = Union[  # noqa: UP007 - as a value, in 3.10 too
    StreamMessageStart, StreamContentChunk, StreamCitationChunk, StreamMessageEnd
]
"""What a chat stream yields."""


class Config(NamedTuple):
    """A client's configuration, as earlier generations had it."""

    api_key: str = ""
    host: str = ""
    proxy_url: str | None = None
    proxy_headers: dict[str, str] | None = None
    ssl_ca_certs: str | None = None
    ssl_verify: bool | None = None
    additional_headers: dict[str, str] = {}  # noqa: RUF012 - the default that callers see
    source_tag: str | None = None

    def __repr__(self) -> str:
        shown = {
            **self._asdict(),
            "api_key": mask_key(self.api_key),
            "proxy_url": "***" if self.proxy_url else None,
        }
        return f"Config({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


class PineconeConfigBuilder:
    """Builds a ``Config``, as earlier generations did."""

    @staticmethod
    def build(
        api_key: str = "", host: str = "", additional_headers: dict[str, str] | None = None, **kwargs: Any
    ) -> Config:
        """Return a configuration; the host falls back to the environment and the public service."""
        known = {name: value for name, value in kwargs.items() if name in Config._fields}
        return Config(
            api_key=api_key,
            host=host or environment("PINECONE_CONTROLLER_HOST") or DEFAULT_HOST,
            additional_headers=dict(additional_headers or {}),
            **known,
        )


class PaginationTuple(NamedTuple):
    """Where the next page of a listing begins."""

    next: str


class ListResponseTuple(NamedTuple):
    """One page of ids."""

    namespace: str
    vectors: list[object]
    pagination: PaginationTuple | None


class ResponseInfoDict(TypedDict, total=False):
    """The headers of an answer."""

    raw_headers: dict[str, str]


class IndexClientInstantiationError(PineconeError):
    """An index handle was made in a way that cannot work."""


class SparseVectorTypedDict(TypedDict):
    """A sparse vector as a dict."""

    indices: list[int]
    values: list[float]


class VectorTypedDict(TypedDict, total=False):
    """A vector as a dict."""

    id: str
    values: list[float]
    sparse_values: SparseVectorTypedDict
    metadata: dict[str, Any]


VectorMetadataTypedDict = dict[str, Any]
FilterTypedDict = dict[str, Any]
VectorTuple = tuple[str, list[float]]
VectorTupleWithMetadata = tuple[str, list[float], dict[str, Any]]


class SearchQueryTypedDict(TypedDict, total=False):
    """What to search for, as a dict."""

    inputs: dict[str, Any]
    top_k: int
    filter: dict[str, Any]
    vector: dict[str, Any]
    id: str


class SearchRerankTypedDict(TypedDict, total=False):
    """How to rerank, as a dict."""

    model: str
    rank_fields: list[str]
    top_n: int
    parameters: dict[str, Any]


class CreateIndexForModelEmbedTypedDict(TypedDict, total=False):
    """How an index embeds, as a dict."""

    model: str
    field_map: dict[str, str]
    metric: str
    read_parameters: dict[str, Any]
    write_parameters: dict[str, Any]
