"""Where requests go: the control plane, each assistant's own host, and the evaluation's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinecone_core._async.client import AsyncClient
from pinecone_core._async.concurrency import AsyncLock
from pinecone_core._async.executor import AsyncExecutor
from pinecone_core.checks import non_empty_string
from pinecone_core.config import DEFAULT_HOST, PineconeConfig, environment
from pinecone_core.errors import PineconeError, PineconeTypeError, PineconeValueError
from pinecone_core.hosts import path
from pinecone_core.operation import Operation
from pinecone_core.retry import may_have_moved

from .._protocol.hosts import chosen_data_url, control_url, evaluation_url
from ..models.assistant import AssistantModel

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Awaitable, Callable, Mapping
    from types import EllipsisType

    from typing_extensions import Self

    from pinecone_core._async.concurrency import AsyncClock
    from pinecone_core.config import RetryConfig, Timeout
    from pinecone_core.observe import Observer
    from pinecone_core.transport import AsyncResponseStream, AsyncTransport, Response

__all__ = ["AsyncDataHosts", "AsyncHostedClient"]


class AsyncDataHosts:
    """The hosts of assistants that were asked for; each is asked for once, however many want it."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._locks: dict[str, AsyncLock] = {}

    async def get(self, name: str, look: Callable[[str], Awaitable[str]]) -> str:
        """Return where an assistant's data is, looking it up the first time."""
        known = self._known.get(name)
        if known is not None:
            return known
        async with self._locks.setdefault(name, AsyncLock()):
            known = self._known.get(name)
            if known is None:
                known = self._known[name] = await look(name)
        self._locks.pop(name, None)
        return known

    def forget(self, name: str) -> None:
        """Look it up again the next time."""
        self._known.pop(name, None)

    def __getstate__(self) -> dict[str, Any]:
        return {"_known": dict(self._known), "_locks": {}}


class AsyncHostedClient(AsyncClient):
    """A client that knows where assistants live.

    Args:
        config: A whole configuration, or an API key; the other arguments of the connection then count
            for nothing but ``transport``, ``observers`` and ``clock``. Left out, they count.
        api_key: The key; falls back to ``PINECONE_API_KEY``.
        host: The control plane's host; falls back to ``PINECONE_CONTROLLER_HOST``, then to
            ``PINECONE_PLUGIN_ASSISTANT_CONTROL_HOST``, then to the public service.
        data_host: Where files and chats go; falls back to ``PINECONE_PLUGIN_ASSISTANT_DATA_HOST``, then
            to what the service says for each assistant.
        evaluation_host: Where evaluations go; falls back to ``PINECONE_PLUGIN_ASSISTANT_DATA_HOST``,
            then to ``host`` where that is not the public service, then to the public service.
        additional_headers: Sent with every request; falls back to ``PINECONE_ADDITIONAL_HEADERS``.
        source_tag: Names your integration in the user agent.
        proxy_url: ``http://[user:password@]host:port``; https and socks5 too.
        proxy_headers: Sent to the proxy.
        ssl_ca_certs: A file or folder of CA certificates, or an ``ssl.SSLContext``.
        ssl_verify: False accepts any certificate.
        timeout: Seconds for a whole call with all its tries, a ``Timeout``, or None for no limit.
            Chats have 300 seconds where this is left as it is; uploads have it for each piece.
        connection_pool_maxsize: The most connections at once; 0 chooses.
        retry_config: How failed requests are repeated.
        client_cert: A certificate file, or a pair of certificate and key files.
        trust_env: Whether proxies and certificates named by the environment are used.
        http2: Whether to offer HTTP/2.
        transport: What moves requests instead of HTTP, such as an embedded engine's.
        observers: Who is told about every call, for logging and tracing.
        clock: The time; for tests.

    Raises:
        PineconeValueError: There is no key, or an argument cannot be used.
        PineconeTypeError: An argument has the wrong type.
    """

    def __init__(
        self,
        config: PineconeConfig | str | None = None,
        *,
        api_key: str | None = None,
        host: str | None = None,
        data_host: str | None = None,
        evaluation_host: str | None = None,
        additional_headers: Mapping[str, str] | None = None,
        source_tag: str | None = None,
        proxy_url: str | None = None,
        proxy_headers: Mapping[str, str] | None = None,
        ssl_ca_certs: str | os.PathLike[str] | ssl.SSLContext | None = None,
        ssl_verify: bool = True,
        timeout: Timeout | float | None = 30.0,
        connection_pool_maxsize: int = 0,
        retry_config: RetryConfig | None = None,
        client_cert: str | tuple[str, str] | None = None,
        trust_env: bool = True,
        http2: bool = False,
        transport: AsyncTransport | None = None,
        observers: tuple[Observer, ...] = (),
        clock: AsyncClock | None = None,
    ) -> None:
        if isinstance(config, PineconeConfig):
            if not config.api_key:
                raise PineconeValueError("config has no api_key; pass PineconeConfig(api_key='...')")
            self._executor = AsyncExecutor(
                config,
                config.host or DEFAULT_HOST,
                transport=transport,
                observers=observers,
                clock=clock,
            )
        elif config is None or isinstance(config, str):
            super().__init__(
                api_key or config,
                host=host,
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
                clock=clock,
            )
        else:
            raise PineconeTypeError(
                f"config must be a PineconeConfig or an API key, got {type(config).__name__}"
            )
        self._is_shared = False
        self._aim(data_host, evaluation_host, AsyncDataHosts())

    @classmethod
    def over(cls, executor: AsyncExecutor) -> Self:
        """Return a client that shares another one's settings and connections.

        Args:
            executor: What sends its operations, aimed at the control plane (without ``/assistant``).
        """
        self = super().over(executor)
        self._is_shared = True
        self._aim(None, None, AsyncDataHosts())
        return self

    def _aim(self, data_host: str | None, evaluation_host: str | None, hosts: AsyncDataHosts) -> None:
        self._data_host = data_host
        self._evaluation_host = evaluation_host
        self._hosts = hosts
        self._given_data_url = chosen_data_url(data_host, environment("PINECONE_PLUGIN_ASSISTANT_DATA_HOST"))
        self._control_url = control_url(
            self._executor.base_url,
            self.config.host,
            environment("PINECONE_PLUGIN_ASSISTANT_CONTROL_HOST"),
        )

    def with_options(
        self,
        *,
        timeout: Timeout | float | EllipsisType | None = ...,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
        on_response: Callable[[Response], None] | None = None,
    ) -> Self:
        """Return a copy with other settings that shares this client's connections.

        Args:
            timeout: Seconds for a whole call, a ``Timeout``, or None for no limit; left out, as is.
            max_retries: Repeats after the first try; None, as is.
            headers: Further headers for every request.
            on_response: Called with every whole answer of the service (status, headers, body).

        Returns:
            A client of the same kind.
        """
        copy = super().with_options(
            timeout=timeout, max_retries=max_retries, headers=headers, on_response=on_response
        )
        copy._aim(self._data_host, self._evaluation_host, self._hosts)
        return copy

    async def close(self) -> None:
        """Drop the connections. May be called twice; calls after it raise ``PineconeClosedError``.

        A client that shares another one's connections leaves them to that one.
        """
        if self._is_shared:
            self._executor = self._executor.at(self._executor.base_url)
        await self._executor.aclose()

    def _evaluation_url(self, region: str) -> str:
        chosen = self._evaluation_host or environment("PINECONE_PLUGIN_ASSISTANT_DATA_HOST")
        return evaluation_url(chosen, self._executor.base_url, region)

    async def _data_url(self, name: str) -> str:
        """Return where an assistant's files and chats are."""
        non_empty_string("assistant_name", name)
        return self._given_data_url or await self._hosts.get(name, self._look_up)

    async def _look_up(self, name: str) -> str:
        model = await self._describe(name)
        if not model.host:
            raise PineconeValueError(
                f"Assistant '{name}' has no data-plane host (its status is '{model.status}'); wait until it "
                "is ready, or pass data_host='...'"
            )
        return f"{model.host}/assistant"

    async def _describe(self, name: str, limit: float | None = None) -> AssistantModel:
        where = path("/assistants/{}", name)
        return await self._executor.send(
            Operation("describe_assistant", "GET", where, AssistantModel, base_url=self._control_url),
            timeout=limit,
        )

    async def _send(
        self, name: str, operation: Operation[Any], timeout: Timeout | float | None = None
    ) -> Any:
        """Send an operation to an assistant's host; where that has moved, look it up the next time."""
        try:
            return await self._executor.send(operation, timeout=timeout)
        except PineconeError as error:
            if may_have_moved(error):
                self._hosts.forget(name)
            raise

    async def _open(
        self, name: str, operation: Operation[Any], timeout: Timeout | float | None
    ) -> AsyncResponseStream:
        """Send an operation whose answer is read piece by piece."""
        try:
            return await self._executor.stream(operation, timeout=timeout)
        except PineconeError as error:
            if may_have_moved(error):
                self._hosts.forget(name)
            raise

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
