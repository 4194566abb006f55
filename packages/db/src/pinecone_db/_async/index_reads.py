"""Reading vectors: queries, fetches, listings, statistics and exports."""

from __future__ import annotations

import pinecone_core as core
import pinecone_db as db
from pinecone_core.checks import one_of, positive_integer, seconds

from .. import _protocol as protocol

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import (
        AsyncIterator,
        Mapping,
        Sequence,
    )
    from pathlib import Path
    from typing import Any

    from pinecone_core._async.executor import AsyncExecutor
    from pinecone_core.filters import Condition
    from pinecone_core.response_info import ResponseInfo

    from ..models.aggregate import QueryNamespacesResults
    from ..models.responses import (
        DescribeIndexStatsResponse,
        FetchByMetadataResponse,
        FetchResponse,
        ListResponse,
        QueryResponse,
    )
    from ..models.vector import SparseValues, Vector
    from .later import AsyncLater

    VectorLike = (
        Vector
        | tuple[str, Sequence[float]]
        | tuple[str, Sequence[float], Mapping[str, Any] | None]
        | Mapping[str, Any]
    )

__all__ = ["AsyncReads"]

_NAMESPACES_AT_ONCE = 16
_EXPORTED_AT_ONCE = 100
_FETCHES_AT_ONCE = 4
_ROWS_A_GROUP = 1000


class AsyncReads:
    """What an index handle reads."""

    _executor: AsyncExecutor
    if TYPE_CHECKING:

        @property
        def _later(self) -> AsyncLater: ...

    async def query(
        self,
        *,
        top_k: int,
        vector: Sequence[float] | None = None,
        id: str | None = None,
        namespace: str = "",
        filter: Condition | Mapping[str, Any] | None = None,
        include_values: bool = False,
        include_metadata: bool = False,
        sparse_vector: SparseValues | Mapping[str, Any] | None = None,
        scan_factor: float | None = None,
        max_candidates: int | None = None,
        timeout: float | None = None,
        async_req: bool = False,
    ) -> QueryResponse:
        """Find the vectors nearest to a vector, or to the one with an id.

        Args:
            top_k: How many to find, 1 to 10,000.
            vector: The dense vector to be near to, in any vector-like form.
            id: The id of a stored vector to be near to, instead.
            namespace: Where to look.
            filter: What the metadata must meet: ``Field("genre") == "drama"`` or a dict.
            include_values: Whether to return the vectors' values.
            include_metadata: Whether to return their metadata.
            sparse_vector: The sparse vector, alone or beside ``vector``.
            scan_factor: For dedicated read nodes: how much to scan, 0.5 to 4.
            max_candidates: For dedicated read nodes: how many to score exactly, 1 to 100,000.
            timeout: Seconds for the whole call; None for the client's.
            async_req: Synchronous only: return at once, with a result to ``get()`` later.

        Returns:
            What was found, best first.

        Raises:
            PineconeValueError: Nothing, or too much, says what to be near to.
            NotFoundError: There is no such namespace or index.

        Example:
            >>> found = await index.query(vector=[0.1, 0.2], top_k=3)  # doctest: +SKIP

        Wire: ``POST /query``
        """
        body = protocol.queries.query_body(
            top_k=top_k,
            vector=vector,
            id=id,
            namespace=namespace,
            filter=filter,
            include_values=include_values,
            include_metadata=include_metadata,
            sparse_vector=sparse_vector,
            scan_factor=scan_factor,
            max_candidates=max_candidates,
        )
        if async_req:
            return self._later.run(self._query, body=body, timeout=timeout)  # type: ignore[no-any-return]
        return await self._query(body, timeout)

    async def _query(self, body: dict[str, Any], timeout: float | None) -> QueryResponse:
        return await self._executor.send(
            core.operation.Operation("query", "POST", "/query", db.QueryResponse, body, repeat_safe=True),
            timeout=timeout,
        )

    async def query_namespaces(
        self,
        *,
        vector: Sequence[float] | None = None,
        namespaces: Sequence[str],
        metric: str,
        top_k: int | None = None,
        filter: Condition | Mapping[str, Any] | None = None,
        include_values: bool = False,
        include_metadata: bool = False,
        sparse_vector: SparseValues | Mapping[str, Any] | None = None,
        scan_factor: float | None = None,
        max_candidates: int | None = None,
        timeout: float | None = None,
    ) -> QueryNamespacesResults:
        """Ask the same of several namespaces, some at a time, and merge what is found exactly.

        Args:
            vector: The dense vector to be near to.
            namespaces: Where to look; one named twice is asked once.
            metric: The metric of the index: ``cosine``, ``euclidean`` or ``dotproduct``.
            top_k: How many to find in all; None for 10.
            filter: What the metadata must meet.
            include_values: Whether to return the vectors' values.
            include_metadata: Whether to return their metadata.
            sparse_vector: The sparse vector, alone or beside ``vector``.
            scan_factor: For dedicated read nodes.
            max_candidates: For dedicated read nodes.
            timeout: Seconds for each query; None for the client's.

        Returns:
            The best of all, equal scores in the order of the namespaces, and what it cost.

        Raises:
            PineconeValueError: There is no namespace or no vector, or the metric is unknown.

        Example:
            >>> await index.query_namespaces(  # doctest: +SKIP
            ...     vector=[0.1, 0.2], namespaces=["a", "b"], metric="cosine", top_k=5
            ... )

        Wire: ``POST /query`` for each namespace
        """
        from pinecone_core._async.concurrency import run_bounded

        if isinstance(namespaces, str) or not namespaces:
            raise core.errors.PineconeValueError("namespaces must be a non-empty list of names")
        if vector is None and sparse_vector is None:
            raise core.errors.PineconeValueError("One of vector or sparse_vector must be given")
        from ..models.aggregate import METRICS

        merged = db.QueryResultsAggregator(
            metric=one_of("metric", metric, METRICS), top_k=10 if top_k is None else top_k
        )
        names = [protocol.queries.text(f"namespaces[{place}]", name) for place, name in enumerate(namespaces)]
        names = list(dict.fromkeys(names))
        asked = protocol.queries.query_body(
            top_k=10 if top_k is None else top_k,
            vector=vector,
            id=None,
            namespace="",
            filter=filter,
            include_values=include_values,
            include_metadata=include_metadata,
            sparse_vector=sparse_vector,
            scan_factor=scan_factor,
            max_candidates=max_candidates,
        )
        bodies = [asked | {"namespace": name} if name else asked for name in names]

        async def ask(body: dict[str, Any]) -> QueryResponse:
            return await self._query(body, timeout)

        answers = await run_bounded(ask, bodies, limit=_NAMESPACES_AT_ONCE)
        for name, answer in zip(names, answers, strict=True):
            merged.add_results(name, answer)
        return merged.get_results()

    async def fetch(
        self, *, ids: Sequence[str], namespace: str = "", timeout: float | None = None
    ) -> FetchResponse:
        """Return vectors by id. Ids that are too many for one request are asked for in several.

        Args:
            ids: Their ids, 1 or more.
            namespace: Where they are.
            timeout: Seconds for each request with all its tries; None for the client's.

        Returns:
            The vectors that there are, by id.

        Example:
            >>> (await index.fetch(ids=["a"])).vectors["a"].values  # doctest: +SKIP

        Wire: ``GET /vectors/fetch``
        """
        name = protocol.queries.text("namespace", namespace) or None

        async def ask(group: Sequence[str]) -> FetchResponse:
            query = {"ids": group, "namespace": name}
            return await self._executor.send(
                core.operation.Operation("fetch", "GET", "/vectors/fetch", db.FetchResponse, query=query),
                timeout=timeout,
            )

        groups = protocol.queries.id_groups(protocol.queries.id_list(ids))
        if len(groups) == 1:
            return await ask(groups[0])
        from pinecone_core._async.concurrency import run_bounded

        from ..models.responses import merged_fetch

        return merged_fetch(await run_bounded(ask, groups, limit=_FETCHES_AT_ONCE))

    async def fetch_by_metadata(
        self,
        *,
        filter: Condition | Mapping[str, Any],
        namespace: str = "",
        limit: int | None = None,
        pagination_token: str | None = None,
        timeout: float | None = None,
    ) -> FetchByMetadataResponse:
        """Return one page of the vectors whose metadata meets a filter.

        Args:
            filter: What the metadata must meet.
            namespace: Where they are.
            limit: The most vectors on the page; None for the service's default, 100.
            pagination_token: Where the page begins: the ``pagination.next`` of the page before.
            timeout: Seconds for the whole call; None for the client's.

        Returns:
            The vectors by id, and where the next page begins.

        Example:
            >>> await index.fetch_by_metadata(filter={"genre": "drama"})  # doctest: +SKIP

        Wire: ``POST /vectors/fetch_by_metadata``
        """
        body = protocol.queries.fetch_by_metadata_body(
            filter=filter, namespace=namespace, limit=limit, pagination_token=pagination_token
        )
        return await self._executor.send(
            core.operation.Operation(
                "fetch_by_metadata",
                "POST",
                "/vectors/fetch_by_metadata",
                db.FetchByMetadataResponse,
                body,
                repeat_safe=True,
            ),
            timeout=timeout,
        )

    async def list_paginated(
        self,
        *,
        prefix: str | None = None,
        limit: int | None = None,
        pagination_token: str | None = None,
        namespace: str = "",
        timeout: float | None = None,
        async_req: bool = False,
    ) -> ListResponse:
        """Return one page of the ids of a namespace.

        Args:
            prefix: What the ids begin with; None for all.
            limit: The most ids on the page, 1 to 100; None for the service's default.
            pagination_token: Where the page begins: the ``pagination.next`` of the page before.
            namespace: Where they are.
            timeout: Seconds for the whole call; None for the client's.
            async_req: Synchronous only: return at once, with a result to ``get()`` later.

        Returns:
            The ids, and where the next page begins.

        Example:
            >>> (await index.list_paginated(prefix="doc1#")).ids()  # doctest: +SKIP

        Wire: ``GET /vectors/list``
        """
        if async_req:
            return self._later.run(  # type: ignore[no-any-return]
                self.list_paginated,
                prefix=prefix,
                limit=limit,
                pagination_token=pagination_token,
                namespace=namespace,
                timeout=timeout,
            )
        query = {
            "namespace": protocol.queries.text("namespace", namespace),
            "prefix": prefix,
            "limit": limit if limit is None else positive_integer("limit", limit),
            "paginationToken": pagination_token,
        }
        return await self._executor.send(
            core.operation.Operation("list", "GET", "/vectors/list", db.ListResponse, query=query),
            timeout=timeout,
        )

    async def list(
        self,
        *,
        prefix: str | None = None,
        limit: int | None = None,
        namespace: str = "",
        timeout: float | None = None,
    ) -> AsyncIterator[ListResponse]:
        """Yield the ids of a namespace page by page, each fetched when it is asked for.

        Args:
            prefix: What the ids begin with; None for all.
            limit: The most ids on a page, 1 to 100; None for the service's default.
            namespace: Where they are.
            timeout: Seconds for each page; None for the client's.

        Yields:
            Pages with at least one id.

        Example:
            >>> async for page in index.list(prefix="doc1#"):  # doctest: +SKIP
            ...     print(page.ids())

        Wire: ``GET /vectors/list``, repeatedly
        """
        token: str | None = None
        seen: set[str] = set()
        while True:
            page = await self.list_paginated(
                prefix=prefix, limit=limit, pagination_token=token, namespace=namespace, timeout=timeout
            )
            if page.vectors:
                yield page
            token = page.pagination.next if page.pagination is not None else None
            # A token that comes again would lead round in a circle.
            if not token or token in seen:
                return
            seen.add(token)

    async def describe_index_stats(
        self,
        *,
        filter: Condition | Mapping[str, Any] | None = None,
        timeout: float | None = None,
        async_req: bool = False,
    ) -> DescribeIndexStatsResponse:
        """Say how much the index holds.

        Args:
            filter: What the counted vectors' metadata must meet; only pod indexes offer it.
            timeout: Seconds for the whole call; None for the client's.
            async_req: Synchronous only: return at once, with a result to ``get()`` later.

        Returns:
            Counts in all and by namespace, dimension and metric.

        Example:
            >>> (await index.describe_index_stats()).total_vector_count  # doctest: +SKIP

        Wire: ``POST /describe_index_stats``
        """
        if async_req:
            return self._later.run(self.describe_index_stats, filter=filter, timeout=timeout)  # type: ignore[no-any-return]
        from pinecone_core.filters import as_filter

        asked = as_filter(filter)
        body = {} if asked is None else {"filter": asked}
        return await self._executor.send(
            core.operation.Operation(
                "describe_index_stats",
                "POST",
                "/describe_index_stats",
                db.DescribeIndexStatsResponse,
                body,
                repeat_safe=True,
            ),
            timeout=timeout,
        )

    async def wait_until(
        self, written: int | ResponseInfo | Any, *, timeout: float | None = 60.0, interval: float = 0.2
    ) -> None:
        """Wait until reads of this index reflect a write.

        Args:
            written: What the write answered, its ``response_info``, or a log sequence number.
            timeout: Seconds to wait at most; None for no limit.
            interval: Seconds between two looks.

        Raises:
            PineconeValueError: The write's answer names no log sequence number.
            PineconeTimeoutError: The time ran out.

        Example:
            >>> response = await index.upsert(vectors=[("a", [0.1, 0.2])])  # doctest: +SKIP
            >>> await index.wait_until(response)  # doctest: +SKIP

        Wire: ``POST /describe_index_stats``, repeatedly
        """
        info = getattr(written, "response_info", written)
        target = info if isinstance(info, int) else getattr(info, "lsn_committed", None)
        if target is None:
            raise core.errors.PineconeValueError(
                "written names no log sequence number (x-pinecone-request-lsn)"
            )
        seconds("interval", interval)
        clock = self._executor.clock
        deadline = None if timeout is None else clock.now() + seconds("timeout", timeout)
        while True:
            left = None if deadline is None else deadline - clock.now()
            own = self._executor.limits.total
            stats = await self.describe_index_stats(
                timeout=left if own is None or left is None else min(own, left)
            )
            if stats.response_info is not None and stats.response_info.is_reconciled(target):
                return
            if deadline is not None and clock.now() + interval >= deadline:
                raise core.errors.PineconeTimeoutError(
                    f"The write {target} was not visible after {timeout} s"
                )
            await clock.sleep(interval)

    async def export(
        self, *, namespace: str = "", prefix: str | None = None, timeout: float | None = None
    ) -> AsyncIterator[Vector]:
        """Yield every vector of a namespace with its values and metadata, in the order of the ids.

        Args:
            namespace: What to export.
            prefix: What the ids begin with; None for all.
            timeout: Seconds for each request; None for the client's.

        Yields:
            The vectors; one that is deleted meanwhile may be missing.

        Example:
            >>> async for vector in index.export(namespace="films"):  # doctest: +SKIP
            ...     print(vector.id)

        Wire: ``GET /vectors/list`` and ``GET /vectors/fetch``, repeatedly
        """
        async for page in self.list(
            prefix=prefix, limit=_EXPORTED_AT_ONCE, namespace=namespace, timeout=timeout
        ):
            ids = page.ids()
            found = await self.fetch(ids=ids, namespace=namespace, timeout=timeout)
            for id_ in ids:
                if id_ in found.vectors:
                    yield found.vectors[id_]

    async def export_parquet(
        self,
        path: str | Path,
        *,
        namespace: str = "",
        prefix: str | None = None,
        timeout: float | None = None,
    ) -> int:
        """Write every vector of a namespace to a Parquet file, in the form that bulk imports read.

        Args:
            path: The file; it is replaced once every vector is written, and left alone if that fails.
            namespace: What to export.
            prefix: What the ids begin with; None for all.
            timeout: Seconds for each request; None for the client's.

        Returns:
            How many vectors were written.

        Raises:
            ImportError: pyarrow is not installed: ``pip install 'pinecone-db[parquet]'``.

        Example:
            >>> await index.export_parquet("films.parquet", namespace="films")  # doctest: +SKIP

        Wire: ``GET /vectors/list`` and ``GET /vectors/fetch``, repeatedly
        """
        from pinecone_core._async.concurrency import run_blocking

        from ..parquet import ParquetWriter

        with ParquetWriter(path) as writer:
            group: Any = []
            async for vector in self.export(namespace=namespace, prefix=prefix, timeout=timeout):
                group.append(vector)
                if len(group) == _ROWS_A_GROUP:
                    await run_blocking(writer.write, group)
                    group = []
            await run_blocking(writer.write, group)
        return writer.count
