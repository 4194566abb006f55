"""Records: text that the index embeds by itself."""

from __future__ import annotations

import pinecone_core as core
import pinecone_db as db
from pinecone_core.hosts import path

from .. import _protocol as protocol

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from pinecone_core._async.executor import AsyncExecutor
    from pinecone_core.filters import Condition

    from ..models.responses import UpsertRecordsResponse
    from ..models.search import RerankConfig, SearchInputs, SearchRecordsResponse

__all__ = ["AsyncRecords"]


class AsyncRecords:
    """What an index handle does with records."""

    _executor: AsyncExecutor

    async def upsert_records(
        self, *, records: Sequence[Mapping[str, Any]], namespace: str, timeout: float | None = None
    ) -> UpsertRecordsResponse:
        """Store records; the index embeds the text in them.

        Args:
            records: Dicts, each with an ``_id`` (or ``id``) and the field that the index embeds; all
                other fields become metadata. At most 96 a call at the service.
            namespace: Where they go.
            timeout: Seconds for the whole call; None for the client's.

        Returns:
            How many were sent.

        Raises:
            PineconeValueError: A record has no id; ``path`` says which.

        Example:
            >>> await index.upsert_records(  # doctest: +SKIP
            ...     namespace="films", records=[{"_id": "1", "text": "A drama on Mars"}]
            ... )

        Wire: ``POST /records/namespaces/{namespace}/upsert``
        """
        where = path("/records/namespaces/{}/upsert", protocol.queries.namespace_name(namespace))
        body, count = protocol.queries.records_body(records)
        seen = protocol.headers.HeadersSeen()
        await self._executor.watched_by(seen).send(
            core.operation.Operation("upsert_records", "POST", where, None, body, repeat_safe=True),
            timeout=timeout,
        )
        return db.UpsertRecordsResponse.of(count, seen.headers)

    async def search(
        self,
        *,
        namespace: str,
        top_k: int,
        inputs: SearchInputs | Mapping[str, Any] | None = None,
        vector: Sequence[float] | Mapping[str, Any] | None = None,
        id: str | None = None,
        filter: Condition | Mapping[str, Any] | None = None,
        fields: Sequence[str] | None = None,
        rerank: RerankConfig | Mapping[str, Any] | None = None,
        match_terms: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> SearchRecordsResponse:
        """Find records by text, by vector, or by the id of a record.

        Args:
            namespace: Where to look.
            top_k: How many to find.
            inputs: What the index embeds and searches with: ``{"text": "..."}``.
            vector: A vector to search with, or a dict with ``values``, ``sparse_indices`` and
                ``sparse_values``.
            id: The id of a record to search with.
            filter: What the metadata must meet.
            fields: The fields to return; None for all.
            rerank: How to rerank the hits: ``model`` and ``rank_fields``, and if wanted ``top_n``.
            match_terms: Terms that hits must contain: ``{"strategy": "all", "terms": [...]}``.
            timeout: Seconds for the whole call; None for the client's.

        Returns:
            The hits, best first, and what it cost.

        Raises:
            PineconeValueError: Nothing says what to search for, or ``rerank`` lacks a part.

        Example:
            >>> found = await index.search(  # doctest: +SKIP
            ...     namespace="films", top_k=3, inputs={"text": "space drama"}
            ... )

        Wire: ``POST /records/namespaces/{namespace}/search``
        """
        where = path("/records/namespaces/{}/search", protocol.queries.namespace_name(namespace))
        body = protocol.queries.search_body(
            top_k=top_k,
            inputs=inputs,
            vector=vector,
            id=id,
            filter=filter,
            fields=fields,
            rerank=rerank,
            match_terms=match_terms,
        )
        return await self._executor.send(
            core.operation.Operation(
                "search", "POST", where, db.SearchRecordsResponse, body, repeat_safe=True
            ),
            timeout=timeout,
        )

    search_records = search
