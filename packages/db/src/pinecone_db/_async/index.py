"""A handle on one index: its vectors."""

from __future__ import annotations

import pinecone_core as core
import pinecone_db as db
from pinecone_core._async.client import AsyncClient
from pinecone_core.hosts import validate_host
from pinecone_core.on_demand import kept, replaced

from .. import _protocol as protocol
from .index_imports import AsyncImports
from .index_namespaces import AsyncNamespaces
from .index_reads import AsyncReads
from .index_records import AsyncRecords
from .index_upserts import AsyncUpserts

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import (
        Mapping,
        Sequence,
    )
    from typing import Any

    from pinecone_core.config import PineconeConfig, RetryConfig, Timeout
    from pinecone_core.filters import Condition
    from pinecone_core.observe import Observer
    from pinecone_core.transport import AsyncTransport

    from ..models.responses import UpdateResponse
    from ..models.vector import SparseValues, Vector
    from .later import AsyncLater

    VectorLike = (
        Vector
        | tuple[str, Sequence[float]]
        | tuple[str, Sequence[float], Mapping[str, Any] | None]
        | Mapping[str, Any]
    )

__all__ = ["AsyncIndex"]


class AsyncIndex(AsyncUpserts, AsyncReads, AsyncRecords, AsyncNamespaces, AsyncImports, AsyncClient):
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
        client_cert: A certificate file, or a pair of certificate and key files.
        trust_env: Whether proxies and certificates named by the environment are used.
        http2: Whether to offer HTTP/2.
        transport: What moves requests instead of HTTP, such as an embedded engine's.
        observers: Who is told about every call, for logging and tracing.

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
        client_cert: str | tuple[str, str] | None = None,
        trust_env: bool = True,
        http2: bool = False,
        transport: AsyncTransport | None = None,
        observers: tuple[Observer, ...] = (),
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
            client_cert=client_cert,
            trust_env=trust_env,
            http2=http2,
            transport=transport,
            observers=observers,
        )
        if pool_threads is not None:
            from .later import AsyncLater

            self._later = AsyncLater(pool_threads)

    @kept
    def _later(self) -> AsyncLater:
        from .later import AsyncLater

        return AsyncLater()

    @property
    def config(self) -> PineconeConfig:
        """The configuration of this handle: the client's, with the index's own host."""
        return replaced(super().config, host=self.host)

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
        body = protocol.queries.update_body(
            id=id,
            values=values,
            sparse_values=sparse_values,
            set_metadata=set_metadata,
            namespace=namespace,
            filter=filter,
            dry_run=dry_run,
        )
        return await self._executor.send(
            core.operation.Operation(
                "update", "POST", "/vectors/update", db.UpdateResponse, body, repeat_safe=True
            ),
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
        body = protocol.queries.delete_body(
            ids=ids, delete_all=delete_all, filter=filter, namespace=namespace
        )
        await self._executor.send(
            core.operation.Operation("delete", "POST", "/vectors/delete", None, body, repeat_safe=True),
            timeout=timeout,
        )
