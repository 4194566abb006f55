"""A handle on an index with a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinecone_core._async.executor import AsyncExecutor
from pinecone_core.config import DEFAULT_HOST
from pinecone_core.hosts import validate_host

from .._protocol.preview import at_once, config_and_host
from .preview_documents import AsyncPreviewDocuments

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from typing_extensions import Self

    from pinecone_core.config import PineconeConfig

__all__ = ["AsyncPreviewIndex"]


class AsyncPreviewIndex:
    """A handle on an index with a schema; make one with ``pc.preview.index(...)``.

    Args:
        given: Configuration and host by position, in either order.
        config: The client's configuration.
        host: Where the index is.
        _host_provider: Finds the host when it is not given.
    """

    def __init__(
        self,
        *given: PineconeConfig | str | None,
        config: PineconeConfig | None = None,
        host: str | None = None,
        _host_provider: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        settings, where = config_and_host(given, config, host)
        self._begin(AsyncExecutor(settings, where or settings.host or DEFAULT_HOST), where, _host_provider)

    @classmethod
    def over(
        cls,
        executor: AsyncExecutor,
        *,
        host: str | None = None,
        find: Callable[[], Awaitable[str]] | None = None,
    ) -> Self:
        """Return a handle that shares a client's settings and connections.

        Args:
            executor: What sends the client's operations.
            host: Where the index is.
            find: Finds the host when it is not given.
        """
        self = cls.__new__(cls)
        self._begin(executor.with_options(), host, find)
        return self

    def _begin(
        self, executor: AsyncExecutor, host: str | None, find: Callable[[], Awaitable[str]] | None
    ) -> None:
        self._executor = executor
        self._host = None if host is None else validate_host(host)
        self._find = find
        self._documents = AsyncPreviewDocuments.over(executor, self.resolve)

    async def resolve(self) -> str:
        """Return where the index is, finding out first if need be."""
        if self._host is None:
            assert self._find is not None
            self._host = validate_host(await self._find())
        return self._host

    @property
    def host(self) -> str:
        """Where the index is.

        Raises:
            RuntimeError: It is not known before the first call; ``await index.resolve()`` finds out.
        """
        host = self._host or at_once(self.resolve())
        if host is None:
            raise RuntimeError("The host is not known before the first call; await index.resolve() first")
        return str(host)

    @property
    def documents(self) -> AsyncPreviewDocuments:
        """Upsert, search, fetch and delete documents."""
        return self._documents

    async def close(self) -> None:
        """Refuse further calls. May be called twice."""
        await self._executor.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *args: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(host={self._host!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self._executor, self._host, self._find)


def _again(
    cls: type[AsyncPreviewIndex],
    executor: AsyncExecutor,
    host: str | None,
    find: Callable[[], Awaitable[str]] | None,
) -> AsyncPreviewIndex:
    return cls.over(executor, host=host, find=find)
