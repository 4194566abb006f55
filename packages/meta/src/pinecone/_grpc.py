"""The names of the gRPC client, over HTTP: the same signatures and the same futures.

There is no gRPC distribution yet; code written for ``pinecone.grpc`` runs, and answers are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pinecone_core.config import Timeout
from pinecone_core.errors import PineconeClosedError, PineconeTimeoutError, PineconeValueError
from pinecone_core.hosts import validate_host
from pinecone_db._sync.index import Index

from ._sync.client import Pinecone

if TYPE_CHECKING:
    from pinecone_core.filters import Condition
    from pinecone_db.models.responses import FetchResponse, QueryResponse, UpdateResponse, UpsertResponse
    from pinecone_db.models.vector import SparseValues

__all__ = ["GRPCClientConfig", "GrpcIndex", "PineconeFuture", "PineconeGRPC", "over_http"]

_T = TypeVar("_T")

_THREADS = 10


class PineconeFuture(Future, Generic[_T]):  # type: ignore[type-arg]
    """The result of a call that goes on in the background.

    Args:
        underlying: The future of the thread that makes the call.
    """

    def __init__(self, underlying: Future[_T]) -> None:
        super().__init__()
        self._underlying = underlying
        # What waits for several futures looks into each, so this one must end as the other does.
        underlying.add_done_callback(self._end)

    def _end(self, ended: Future[_T]) -> None:
        if ended.cancelled():
            super().cancel()
            self.set_running_or_notify_cancel()
        elif (error := ended.exception()) is not None:
            self.set_exception(error)
        else:
            self.set_result(ended.result())

    def cancel(self) -> bool:
        """Cancel the call if it has not begun; say whether that worked."""
        return self._underlying.cancel()

    def running(self) -> bool:
        """Say whether the call is being made."""
        return self._underlying.running()

    def result(self, timeout: float | None = 5.0) -> _T:
        """Wait for the call and return what it returned.

        Args:
            timeout: Seconds to wait; None for as long as it takes.

        Raises:
            PineconeTimeoutError: It has not ended yet; it goes on.
        """
        result: _T = self._wait(super().result, timeout)
        return result

    def exception(self, timeout: float | None = 5.0) -> BaseException | None:
        """Wait for the call and return what it raised, or None.

        Args:
            timeout: Seconds to wait; None for as long as it takes.

        Raises:
            PineconeTimeoutError: It has not ended yet; it goes on.
        """
        error: BaseException | None = self._wait(super().exception, timeout)
        return error

    def _wait(self, wait: Callable[[float | None], Any], timeout: float | None) -> Any:
        try:
            return wait(timeout)
        except FutureTimeoutError as error:
            # The call's own time-out may be of the same class; only an unfinished call was waited for.
            if self.done():
                raise
            raise PineconeTimeoutError(f"The call has not ended after {timeout} s; it goes on") from error


@dataclass(frozen=True)
class GRPCClientConfig:
    """Settings of the gRPC client of earlier generations. Over HTTP they are accepted and not used."""

    secure: bool = True
    timeout: float = 20.0
    conn_timeout: float = 1.0
    reuse_channel: bool = True
    retry_config: Any = None
    grpc_channel_options: dict[str, Any] | None = None
    additional_metadata: dict[str, str] | None = None


class GrpcIndex(Index):
    """A handle on one index with the methods of the gRPC client. It works over HTTP.

    Args:
        host: Where the index is.
        api_key: The key; falls back to ``PINECONE_API_KEY``.
        api_version: Accepted for compatibility; every operation names its own.
        source_tag: Names your integration in the user agent.
        secure: False speaks ``http://`` to a host without a scheme.
        timeout: Seconds for a whole call.
        connect_timeout: Seconds to make a connection.
        kwargs: What ``Index`` takes besides.
    """

    def __init__(
        self,
        *,
        host: str,
        api_key: str | None = None,
        api_version: str = "2025-10",
        source_tag: str | None = None,
        secure: bool = True,
        timeout: float = 20.0,
        connect_timeout: float = 1.0,
        **kwargs: Any,
    ) -> None:
        plain = host.strip() if isinstance(host, str) else host
        if not secure and isinstance(plain, str) and "://" not in plain:
            plain = f"http://{plain}"
        limits = Timeout(total=timeout, connect=connect_timeout)
        super().__init__(
            host=validate_host(plain), api_key=api_key, source_tag=source_tag, timeout=limits, **kwargs
        )

    @cached_property
    def _futures(self) -> ThreadPoolExecutor:
        # setdefault gives two threads that come here at once the same one.
        pool: ThreadPoolExecutor = self.__dict__.setdefault(
            "_futures", ThreadPoolExecutor(_THREADS, thread_name_prefix="pinecone-future")
        )
        return pool

    def _begin(self, call: Callable[..., _T], **arguments: Any) -> PineconeFuture[_T]:
        try:
            return PineconeFuture(self._futures.submit(call, **arguments))
        except RuntimeError as error:
            raise PineconeClosedError("Cannot begin a call, as the index has been closed.") from error

    def close(self) -> None:
        """Wait for the calls that were begun and drop the connections. May be called twice."""
        self._futures.shutdown(wait=True)  # it stays where it is, so that no further one is made
        super().close()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_futures"}

    def upsert_from_dataframe(  # type: ignore[override] # the gRPC client's own default namespace
        self, df: Any, namespace: str = "", batch_size: int = 500, show_progress: bool = True, **kwargs: Any
    ) -> UpsertResponse:
        """Store the rows of a data frame, in batches; see ``Index.upsert_from_dataframe``."""
        return super().upsert_from_dataframe(df, namespace, batch_size, show_progress, **kwargs)

    def upsert_async(
        self, *, vectors: Sequence[Any], namespace: str = "", timeout: float | None = None
    ) -> PineconeFuture[UpsertResponse]:
        """Begin an ``upsert``; return its future. Wire: ``POST /vectors/upsert``."""
        return self._begin(self.upsert, vectors=vectors, namespace=namespace, timeout=timeout)

    def query_async(
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
    ) -> PineconeFuture[QueryResponse]:
        """Begin a ``query``; return its future. Wire: ``POST /query``."""
        return self._begin(
            self.query,
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
            timeout=timeout,
        )

    def fetch_async(
        self, *, ids: Sequence[str], namespace: str = "", timeout: float | None = None
    ) -> PineconeFuture[FetchResponse]:
        """Begin a ``fetch``; return its future. Wire: ``GET /vectors/fetch``."""
        return self._begin(self.fetch, ids=ids, namespace=namespace, timeout=timeout)

    def update_async(
        self,
        *,
        id: str | None = None,
        values: Sequence[float] | None = None,
        sparse_values: SparseValues | Mapping[str, Any] | None = None,
        set_metadata: Mapping[str, Any] | None = None,
        filter: Condition | Mapping[str, Any] | None = None,
        namespace: str = "",
        dry_run: bool = False,
        timeout: float | None = None,
    ) -> PineconeFuture[UpdateResponse]:
        """Begin an ``update``; return its future. Wire: ``POST /vectors/update``."""
        return self._begin(
            self.update,
            id=id,
            values=values,
            sparse_values=sparse_values,
            set_metadata=set_metadata,
            filter=filter,
            namespace=namespace,
            dry_run=dry_run,
            timeout=timeout,
        )

    def delete_async(
        self,
        *,
        ids: Sequence[str] | None = None,
        delete_all: bool = False,
        filter: Condition | Mapping[str, Any] | None = None,
        namespace: str = "",
        timeout: float | None = None,
    ) -> PineconeFuture[None]:
        """Begin a ``delete``; return its future. Wire: ``POST /vectors/delete``."""
        return self._begin(
            self.delete,
            ids=ids,
            delete_all=delete_all,
            filter=filter,
            namespace=namespace,
            timeout=timeout,
        )


def over_http(handle: Any) -> GrpcIndex:
    """Return a handle with the methods of the gRPC client over the connections of another handle."""
    if not isinstance(handle, Index):
        raise PineconeValueError("grpc=True is for the synchronous client; await the calls instead")
    return GrpcIndex.over(handle._executor)


class PineconeGRPC(Pinecone):
    """The client whose index handles have the methods of the gRPC client. It works over HTTP."""

    def Index(self, name: str = "", host: str = "", **kwargs: Any) -> GrpcIndex:  # noqa: N802 - known so
        """Return a handle on an index, by name or host."""
        unknown = sorted(set(kwargs) - {"pool_threads", "grpc_config"})
        if unknown:
            raise TypeError(f"PineconeGRPC.Index() got unexpected keyword arguments: {unknown}")
        if not name and not host:
            raise PineconeValueError("Either name or host must be specified")
        return over_http(self.index(name, host=host))
