"""A handle on one index: its vectors."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinecone_core._async.bulk import run_bulk
from pinecone_core._async.client import AsyncClient
from pinecone_core._async.concurrency import AsyncLock, aiterate, run_blocking, run_bounded
from pinecone_core.batching import Outcome, Progress
from pinecone_core.checks import between, one_of, positive_integer, seconds
from pinecone_core.errors import PineconeError, PineconeTimeoutError, PineconeValueError
from pinecone_core.hosts import validate_host
from pinecone_core.operation import Operation
from pinecone_core.progress import ProgressBar

from .._protocol import vectors as forms
from .._protocol.bulk import (
    Watermark,
    other_vectors,
    read_checkpoint,
    shifted,
    upsert_response,
    write_checkpoint,
)
from .._protocol.frames import rows
from .._protocol.queries import (
    delete_body,
    fetch_by_metadata_body,
    id_groups,
    id_list,
    query_body,
    text,
    update_body,
)
from ..models.aggregate import METRICS, QueryNamespacesResults, QueryResultsAggregator
from ..models.responses import (
    DescribeIndexStatsResponse,
    FetchByMetadataResponse,
    FetchResponse,
    ListResponse,
    QueryResponse,
    UpdateResponse,
    UpsertResponse,
    merged_fetch,
)
from .index_imports import AsyncImports
from .index_namespaces import AsyncNamespaces
from .index_records import AsyncRecords
from .later import AsyncLater

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterable,
        AsyncIterator,
        Callable,
        Iterable,
        Mapping,
        Sequence,
    )

    from pinecone_core._async.executor import AsyncExecutor
    from pinecone_core.batching import Batch
    from pinecone_core.config import Timeout
    from pinecone_core.filters import Condition
    from pinecone_core.response_info import ResponseInfo
    from pinecone_core.retry import RetryConfig
    from pinecone_core.transport import AsyncTransport

    from ..models.vector import SparseValues, Vector

    VectorLike = (
        Vector
        | tuple[str, Sequence[float]]
        | tuple[str, Sequence[float], Mapping[str, Any] | None]
        | Mapping[str, Any]
    )

__all__ = ["AsyncIndex"]

_NAMESPACES_AT_ONCE = 16
_EXPORTED_AT_ONCE = 100
_FETCHES_AT_ONCE = 4


class AsyncIndex(AsyncRecords, AsyncNamespaces, AsyncImports, AsyncClient):
    """A handle on one index. Several may be used at once; those of one client share its connections.

    Args:
        host: Where the index is, as ``describe_index`` says.
        api_key: The key; falls back to ``PINECONE_API_KEY``.
        additional_headers: Sent with every request.
        timeout: Seconds for a whole call with all its tries, a ``Timeout``, or None for no limit.
        proxy_url: ``http://[user:password@]host:port``.
        proxy_headers: Sent to the proxy.
        ssl_ca_certs: A file or folder of CA certificates, or an ``ssl.SSLContext``.
        ssl_verify: False accepts any certificate.
        source_tag: Names your integration in the user agent.
        connection_pool_maxsize: The most connections at once; 0 chooses.
        pool_threads: Threads of the ``async_req`` calls; None for 10.
        retry_config: How failed requests are repeated.
        transport: What moves requests instead of HTTP, such as an embedded engine's.

    Raises:
        PineconeValueError: There is no key, or an argument cannot be used.

    Example:
        >>> AsyncIndex(host="movies-abc.svc.pinecone.io", api_key="key")
        AsyncIndex(host='https://movies-abc.svc.pinecone.io')
    """

    def __init__(
        self,
        *,
        host: str,
        api_key: str | None = None,
        additional_headers: Mapping[str, str] | None = None,
        timeout: Timeout | float | None = 30.0,
        proxy_url: str | None = None,
        proxy_headers: Mapping[str, str] | None = None,
        ssl_ca_certs: Any = None,
        ssl_verify: bool = True,
        source_tag: str | None = None,
        connection_pool_maxsize: int = 0,
        pool_threads: int | None = None,
        retry_config: RetryConfig | None = None,
        transport: AsyncTransport | None = None,
        **kwargs: Any,
    ) -> None:
        if kwargs:
            raise TypeError(f"{type(self).__name__}() got unexpected keyword arguments: {sorted(kwargs)}")
        super().__init__(
            api_key,
            host=validate_host(host),
            additional_headers=additional_headers,
            source_tag=source_tag,
            proxy_url=proxy_url,
            proxy_headers=proxy_headers,
            ssl_ca_certs=ssl_ca_certs,
            ssl_verify=ssl_verify,
            timeout=timeout,
            connection_pool_maxsize=connection_pool_maxsize,
            retry_config=retry_config,
            transport=transport,
        )
        self._later = AsyncLater(pool_threads)

    @cached_property
    def _later(self) -> AsyncLater:
        return AsyncLater()

    @property
    def host(self) -> str:
        """Where the index is."""
        return self._executor.base_url

    def __repr__(self) -> str:
        return f"{type(self).__name__}(host={self.host!r})"

    async def close(self) -> None:
        """Wait for ``async_req`` calls and drop the connections, unless they are a client's.

        May be called twice; calls after it raise ``PineconeClosedError``.
        """
        self._later.close()
        await super().close()

    # ---- upsert -----------------------------------------------------------------------------

    async def upsert(
        self,
        *,
        vectors: Iterable[
            Vector
            | tuple[str, Sequence[float]]
            | tuple[str, Sequence[float], Mapping[str, Any]]
            | Mapping[str, Any]
        ]
        | AsyncIterable[Any],
        namespace: str = "",
        batch_size: int | None = None,
        show_progress: bool = True,
        max_concurrency: int = 4,
        timeout: float | None = None,
        total_timeout: float | None = None,
        checkpoint: str | Path | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        async_req: bool = False,
    ) -> UpsertResponse:
        """Store vectors, replacing those with the same ids.

        A list that fits into one request is sent as one, and a failure is raised. With ``batch_size``,
        and for an iterator, vectors are sent in batches of at most that many and 2 MB, some at a time;
        a batch that fails does not stop the others and is reported. An iterator is read only as fast as
        it is sent.

        Args:
            vectors: Each a ``Vector``, a tuple ``(id, values)`` or ``(id, values, metadata)``, or a dict
                with ``id``, ``values``, ``sparse_values`` and ``metadata``. Values may be anything
                vector-like: lists, arrays, numpy, columns of data frames.
            namespace: Where they go.
            batch_size: Vectors in a request, or None.
            show_progress: Whether to show a progress bar on a terminal, when there are batches.
            max_concurrency: Requests at a time, 1 to 64.
            timeout: Seconds for each request with all its tries; None for the client's.
            total_timeout: Seconds after which no further batch is begun; None for no limit.
            checkpoint: A file that keeps how far it has come. After a crash the same call, with the
                vectors in the same order, goes on where it stopped. Remove it to begin anew.
            on_progress: Called after every batch with how far it has come.
            async_req: Synchronous only: return at once, with a result to ``get()`` later.

        Returns:
            How many were stored and, of batches, what failed.

        Raises:
            PineconeTypeError: A vector has a part of a wrong type; ``path`` says which.
            PineconeValueError: A vector has a part that cannot be used; likewise. ``response`` holds what
                was stored of an iterator before it.
            ApiError: The service refused the one request, or one of those that a list was too large for.

        Example:
            >>> await index.upsert(vectors=[("a", [0.1, 0.2], {"genre": "drama"})])  # doctest: +SKIP
            UpsertResponse(upserted_count=1)

        Wire: ``POST /vectors/upsert``
        """
        if async_req:
            if batch_size is not None:
                raise PineconeValueError("async_req is not supported when batch_size is provided.")
            return self._later.run(  # type: ignore[no-any-return]
                self.upsert,
                vectors=vectors,
                namespace=namespace,
                show_progress=show_progress,
                max_concurrency=max_concurrency,
                timeout=timeout,
                total_timeout=total_timeout,
                checkpoint=checkpoint,
                on_progress=on_progress,
            )
        size = None if batch_size is None else positive_integer("batch_size", batch_size)
        name = text("namespace", namespace)
        limit = None if total_timeout is None else seconds("total_timeout", total_timeout)
        pieces = forms.one_request(vectors, name) if size is None and checkpoint is None else None
        if pieces is not None:
            answer = await self._upsert(self._executor, pieces, name, timeout)
            if on_progress is not None:
                on_progress(Progress(len(pieces), 0, 1, len(pieces)))
            return answer
        forms.check_forms(vectors)
        bar = ProgressBar(None if show_progress else False, then=on_progress)
        try:
            outcome = await self._upsert_all(
                vectors,
                name,
                max_items=size or forms.MAX_VECTORS,
                max_concurrency=between("max_concurrency", max_concurrency, 1, 64),
                timeout=timeout,
                total_timeout=limit,
                checkpoint=None if checkpoint is None else Path(checkpoint),
                on_progress=bar,
            )
        finally:
            bar.close()
        response = upsert_response(outcome)
        if response.errors and size is None and isinstance(vectors, list | tuple):
            # Who sends one list expects one answer: a part that failed is raised, not only reported.
            error = response.errors[0].error
            error.response = response  # type: ignore[attr-defined]
            raise error
        return response

    async def _upsert(
        self, executor: AsyncExecutor, pieces: Iterable[bytes], namespace: str, timeout: float | None
    ) -> UpsertResponse:
        return await executor.send(
            Operation(
                "upsert",
                "POST",
                "/vectors/upsert",
                UpsertResponse,
                forms.upsert_body(pieces, namespace),
                repeat_safe=True,
            ),
            timeout=timeout,
        )

    async def _upsert_all(
        self,
        vectors: Iterable[Any] | AsyncIterable[Any],
        namespace: str,
        *,
        max_items: int,
        max_concurrency: int,
        timeout: float | None,
        total_timeout: float | None,
        checkpoint: Path | None,
        on_progress: Callable[[Progress], None],
    ) -> Outcome[Any, UpsertResponse]:
        pace = self._executor.pace
        executor = self._executor.watched_by(pace)  # what is put off and repeated slows the others too
        mark = self._mark(checkpoint, namespace)
        before = mark.stored
        marking = AsyncLock()

        async def send(batch: Batch[Any]) -> UpsertResponse:
            answer = await self._upsert(executor, batch.data, namespace, timeout)
            if checkpoint is not None:
                async with marking:
                    known = mark.stored
                    last = forms.id_of(batch.pieces[-1].item)
                    if mark.add(before + batch.position, len(batch.pieces), last) > known:
                        await run_blocking(self._keep, checkpoint, namespace, mark)
            return answer

        try:
            return await run_bulk(
                _after(vectors, before, mark.last, checkpoint),
                encode=lambda item, place: forms.vector_bytes(item, before + place),
                send=send,
                clock=self._executor.clock,
                max_items=max_items,
                overhead=forms.overhead(namespace),
                max_concurrency=max_concurrency,
                total_timeout=total_timeout,
                on_progress=lambda progress: on_progress(shifted(progress, before)),
                pace=pace,
            )
        except PineconeError as error:
            if isinstance(error.response, Outcome):
                error.response = upsert_response(error.response)
            raise

    def _mark(self, path: Path | None, namespace: str) -> Watermark:
        if path is None:
            return Watermark()
        if not path.exists():
            # A place that cannot be written shows before anything is sent.
            self._keep(path, namespace, Watermark())
            return Watermark()
        return read_checkpoint(path.read_text("utf-8"), str(path), self.host, namespace)

    def _keep(self, path: Path, namespace: str, mark: Watermark) -> None:
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_text(write_checkpoint(self.host, namespace, mark), "utf-8")
        fresh.replace(path)  # whole or not at all, whenever the process ends

    async def upsert_from_dataframe(
        self,
        df: Any,
        namespace: str | None = None,
        batch_size: int = 500,
        show_progress: bool = True,
        timeout: float | None = None,
        max_concurrency: int = 4,
        total_timeout: float | None = None,
    ) -> UpsertResponse:
        """Store the rows of a data frame, in batches.

        Args:
            df: A pandas or polars data frame, an arrow table, record batch or reader of batches, with the
                columns ``id`` and ``values`` and, if wanted, ``sparse_values`` and ``metadata``. Missing
                cells count as absent.
            namespace: Where they go.
            batch_size: Rows in a request.
            show_progress: Whether to show a progress bar on a terminal.
            timeout: Seconds for each request with all its tries; None for the client's.
            max_concurrency: Requests at a time, 1 to 64.
            total_timeout: Seconds after which no further batch is begun; None for no limit.

        Returns:
            How many were stored, and what failed.

        Raises:
            PineconeTypeError: It is no data frame.
            PineconeValueError: A column is missing, or a cell cannot be used.

        Example:
            >>> await index.upsert_from_dataframe(df, namespace="films")  # doctest: +SKIP

        Wire: ``POST /vectors/upsert``, repeatedly
        """
        return await self.upsert(
            vectors=rows(df),
            namespace=namespace or "",
            batch_size=batch_size,
            show_progress=show_progress,
            timeout=timeout,
            max_concurrency=max_concurrency,
            total_timeout=total_timeout,
        )

    # ---- reads ------------------------------------------------------------------------------

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
        body = query_body(
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
            Operation("query", "POST", "/query", QueryResponse, body, repeat_safe=True), timeout=timeout
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
        if isinstance(namespaces, str) or not namespaces:
            raise PineconeValueError("namespaces must be a non-empty list of names")
        if vector is None and sparse_vector is None:
            raise PineconeValueError("One of vector or sparse_vector must be given")
        merged = QueryResultsAggregator(
            metric=one_of("metric", metric, METRICS), top_k=10 if top_k is None else top_k
        )
        names = [text(f"namespaces[{place}]", name) for place, name in enumerate(namespaces)]
        names = list(dict.fromkeys(names))
        asked = query_body(
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
        name = text("namespace", namespace) or None

        async def ask(group: Sequence[str]) -> FetchResponse:
            query = {"ids": group, "namespace": name}
            return await self._executor.send(
                Operation("fetch", "GET", "/vectors/fetch", FetchResponse, query=query), timeout=timeout
            )

        groups = id_groups(id_list(ids))
        if len(groups) == 1:
            return await ask(groups[0])
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
        body = fetch_by_metadata_body(
            filter=filter, namespace=namespace, limit=limit, pagination_token=pagination_token
        )
        return await self._executor.send(
            Operation(
                "fetch_by_metadata",
                "POST",
                "/vectors/fetch_by_metadata",
                FetchByMetadataResponse,
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
            "namespace": text("namespace", namespace),
            "prefix": prefix,
            "limit": limit if limit is None else positive_integer("limit", limit),
            "paginationToken": pagination_token,
        }
        return await self._executor.send(
            Operation("list", "GET", "/vectors/list", ListResponse, query=query), timeout=timeout
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
            Operation(
                "describe_index_stats",
                "POST",
                "/describe_index_stats",
                DescribeIndexStatsResponse,
                body,
                repeat_safe=True,
            ),
            timeout=timeout,
        )

    # ---- changes ----------------------------------------------------------------------------

    async def update(
        self,
        *,
        id: str | None = None,
        values: Sequence[float] | None = None,
        sparse_values: SparseValues | Mapping[str, Any] | None = None,
        set_metadata: Mapping[str, Any] | None = None,
        namespace: str = "",
        filter: Condition | Mapping[str, Any] | None = None,
        dry_run: bool = False,
        timeout: float | None = None,
    ) -> UpdateResponse:
        """Change one vector by id, or the metadata of all that meet a filter.

        Args:
            id: The vector to change.
            values: Its new dense values; None leaves them.
            sparse_values: Its new sparse values; None leaves them.
            set_metadata: Fields to set; others stay.
            namespace: Where it is.
            filter: Instead of ``id``: what the metadata of those to change must meet.
            dry_run: With ``filter``: only count them.
            timeout: Seconds for the whole call; None for the client's.

        Returns:
            With ``filter``, how many met it.

        Example:
            >>> await index.update(id="a", set_metadata={"seen": True})  # doctest: +SKIP

        Wire: ``POST /vectors/update``
        """
        body = update_body(
            id=id,
            values=values,
            sparse_values=sparse_values,
            set_metadata=set_metadata,
            namespace=namespace,
            filter=filter,
            dry_run=dry_run,
        )
        return await self._executor.send(
            Operation("update", "POST", "/vectors/update", UpdateResponse, body, repeat_safe=True),
            timeout=timeout,
        )

    async def delete(
        self,
        *,
        ids: Sequence[str] | None = None,
        delete_all: bool = False,
        filter: Condition | Mapping[str, Any] | None = None,
        namespace: str = "",
        timeout: float | None = None,
    ) -> None:
        """Delete vectors by id, by filter, or all of a namespace.

        Args:
            ids: The ids of those to delete; unknown ones are passed over.
            delete_all: Whether to delete everything in the namespace.
            filter: What the metadata of those to delete must meet.
            namespace: Where they are.
            timeout: Seconds for the whole call; None for the client's.

        Raises:
            PineconeValueError: Not exactly one of ``ids``, ``delete_all`` and ``filter`` was given.

        Example:
            >>> await index.delete(ids=["a", "b"])  # doctest: +SKIP

        Wire: ``POST /vectors/delete``
        """
        body = delete_body(ids=ids, delete_all=delete_all, filter=filter, namespace=namespace)
        await self._executor.send(
            Operation("delete", "POST", "/vectors/delete", None, body, repeat_safe=True), timeout=timeout
        )

    # ---- more -------------------------------------------------------------------------------

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
            raise PineconeValueError("written names no log sequence number (x-pinecone-request-lsn)")
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
                raise PineconeTimeoutError(f"The write {target} was not visible after {timeout} s")
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


def _after(items: Any, count: int, last: str | None, checkpoint: Path | None) -> Any:
    """Return what comes after the first ``count`` items, of which the last has the id ``last``."""
    if count == 0:
        return items
    if not isinstance(items, list | tuple):
        return _passing(items, count, last, checkpoint)
    if len(items) < count or last not in (None, forms.id_of(items[count - 1])):
        raise other_vectors(checkpoint)
    return items[count:]


async def _passing(
    items: Iterable[Any] | AsyncIterable[Any], count: int, last: str | None, checkpoint: Path | None
) -> AsyncGenerator[Any, None]:
    passed = 0
    source: Any = aiterate(items)  # a generator, closed at the end
    try:
        async for item in source:
            passed += 1
            if passed > count:
                yield item
            elif passed == count and last not in (None, forms.id_of(item)):
                raise other_vectors(checkpoint)
    finally:
        await source.aclose()
    if passed < count:
        raise other_vectors(checkpoint)
