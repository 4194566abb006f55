# Made from ../_async/client.py by tools/make_sync.py; do not edit.
"""What every client has: one constructor, closing, copying, options, and a door for raw requests."""

from __future__ import annotations

import pinecone_core as core

from ..config import DEFAULT_HOST, PineconeConfig, Timeout, mask_key
from .executor import Executor

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Callable, Mapping
    from types import EllipsisType
    from typing import Any, ClassVar

    from typing_extensions import Self

    from ..config import RetryConfig
    from ..observe import Observer
    from ..transport import Response, Transport
    from .concurrency import Clock

__all__ = ["Client"]


class Client:
    """A client of the service. Making one does no I/O and loads no networking code.

    Args:
        api_key: The key; falls back to ``PINECONE_API_KEY``.
        host: The control plane's host; falls back to ``PINECONE_CONTROLLER_HOST``, then to the
            public service.
        additional_headers: Sent with every request; falls back to ``PINECONE_ADDITIONAL_HEADERS``.
        source_tag: Names your integration in the user agent.
        proxy_url: ``http://[user:password@]host:port``; https and socks5 too.
        proxy_headers: Sent to the proxy.
        ssl_ca_certs: A file or folder of CA certificates, or an ``ssl.SSLContext``.
        ssl_verify: False accepts any certificate.
        timeout: Seconds for a whole call with all its tries, a ``Timeout``, or None for no limit.
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

    _needs_key: ClassVar[bool] = True

    def __init__(
        self,
        api_key: str | None = None,
        *,
        host: str | None = None,
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
        transport: Transport | None = None,
        observers: tuple[Observer, ...] = (),
        clock: Clock | None = None,
    ) -> None:
        config = PineconeConfig(
            api_key=api_key or "",
            host=host or "",
            timeout=timeout,
            additional_headers=dict(additional_headers or {}),
            source_tag=source_tag or "",
            proxy_url=proxy_url or "",
            proxy_headers=dict(proxy_headers or {}),
            ssl_ca_certs=ssl_ca_certs,
            ssl_verify=ssl_verify,
            connection_pool_maxsize=connection_pool_maxsize,
            retry_config=retry_config,
            client_cert=client_cert,
            trust_env=trust_env,
            http2=http2,
        )
        if self._needs_key and not config.api_key:
            raise core.errors.PineconeValueError(
                "No API key provided. Pass api_key='...' or set the PINECONE_API_KEY environment variable."
            )
        self._executor = Executor(
            config,
            config.host or DEFAULT_HOST,
            transport=transport,
            observers=observers,
            clock=clock,
        )

    @classmethod
    def over(cls, executor: Executor) -> Self:
        """Return a client that shares another one's settings and connections.

        Args:
            executor: What sends its operations, already aimed at the right host.
        """
        self = cls.__new__(cls)
        self._executor = executor
        return self

    @property
    def config(self) -> PineconeConfig:
        """The configuration this client was made with."""
        return self._executor.config

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
        return self.over(
            self._executor.with_options(
                timeout=timeout, max_retries=max_retries, headers=headers, on_response=on_response
            )
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        returns: Any = object,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        repeat_safe: bool | None = None,
        timeout: Timeout | float | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Send any request with this client's key, retries and errors.

        Args:
            method: The HTTP verb.
            path: The path, percent-encoded, starting with ``/``.
            returns: A type to read the answer into; None ignores it.
            body: What to send as JSON.
            query: Query parameters.
            repeat_safe: Whether sending it twice does no harm; by default only for reading verbs.
            timeout: Seconds for the whole call; None for the client's.
            extra_headers: Headers for this call alone.

        Returns:
            The answer, read into ``returns``.

        Raises:
            PineconeError: As every other call.
        """
        return self._executor.request(
            method,
            path,
            returns=returns,
            body=body,
            query=query,
            repeat_safe=repeat_safe,
            timeout=timeout,
            extra_headers=extra_headers,
        )

    def close(self) -> None:
        """Drop the connections. May be called twice; calls after it raise ``PineconeClosedError``."""
        self._executor.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    def __repr__(self) -> str:
        key = mask_key(self.config.api_key)
        return f"{type(self).__name__}(api_key={key!r}, host={self._executor.base_url!r})"
