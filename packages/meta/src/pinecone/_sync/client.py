# Made from ../_async/client.py by tools/make_sync.py; do not edit.
"""One client for everything: the rooms' clients over one set of connections."""

from __future__ import annotations

from pinecone_core._sync.client import Client
from pinecone_db._sync.control import ControlPlane

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pinecone_assistant import Assistants
    from pinecone_core._sync.concurrency import Clock
    from pinecone_core.config import RetryConfig, Timeout
    from pinecone_core.observe import Observer
    from pinecone_core.transport import Transport
    from pinecone_db._sync.index import Index
    from pinecone_inference import Inference

__all__ = ["AssistantProxy", "Pinecone"]


class Pinecone(ControlPlane, Client):
    """The client of all of Pinecone. Making one does no I/O.

    Args:
        api_key: The key; falls back to ``PINECONE_API_KEY``.
        host: The control plane's host; falls back to ``PINECONE_CONTROLLER_HOST``.
        additional_headers: Sent with every request.
        source_tag: Names your integration in the user agent.
        proxy_url: ``http://[user:password@]host:port``.
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
        pool_threads: Threads of the ``async_req`` calls of the index handles; None for 10.
        kwargs: Nothing else; named so that a mistake is told by name.

    Raises:
        PineconeValueError: There is no key, or an argument cannot be used.

    Example:
        >>> Pinecone(api_key="0123456789").config.api_key
        '0123456789'
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        host: str | None = None,
        additional_headers: Mapping[str, str] | None = None,
        source_tag: str | None = None,
        proxy_url: str | None = None,
        proxy_headers: Mapping[str, str] | None = None,
        ssl_ca_certs: Any = None,
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
        pool_threads: int | None = None,
        **kwargs: Any,
    ) -> None:
        if kwargs:
            raise TypeError(f"{type(self).__name__}() got unexpected keyword arguments: {sorted(kwargs)}")
        super().__init__(
            api_key,
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
        self._pool_threads = pool_threads

    def _room(self, name: str, distribution: str, make: str) -> Any:
        """Return the client of another room over the same connections, making it on first use."""
        made = self.__dict__.get(name)
        if made is None:
            from importlib import import_module

            try:
                room = import_module(distribution.replace("-", "_"))
            except ModuleNotFoundError as error:
                message = f"{name} needs {distribution}, which is not installed: pip install {distribution}"
                raise ImportError(message, name=error.name) from error
            made = self.__dict__.setdefault(name, getattr(room, make).over(self._executor))
        return made

    @property
    def inference(self) -> Inference:
        """Embed, rerank, and the hosted models."""
        room: Inference = self._room("_inference", "pinecone-inference", "Inference")
        return room

    @property
    def assistants(self) -> Assistants:
        """Assistants, their files, and chat."""
        room: Assistants = self._room("_assistants", "pinecone-assistant", "Assistants")
        return room

    @property
    def assistant(self) -> AssistantProxy:
        """The assistants under their older name: ``pc.assistant("name")`` describes one."""
        return AssistantProxy(self.assistants)

    def index(
        self, name: str = "", *, host: str = "", grpc: bool = False, pool_threads: int | None = None
    ) -> Index:
        """Return a handle on an index. It shares this client's connections and settings.

        Args:
            name: What the index is called; its host is asked for once and remembered.
            host: Where it is, which saves the question; ``name`` is not used then.
            grpc: Synchronous only: return a handle with the methods of the gRPC client, which work over
                HTTP here.
            pool_threads: Threads of the ``async_req`` calls; None for the client's.

        Returns:
            The handle; several may be used at once.

        Raises:
            NotFoundError: There is no such index.
            PineconeValueError: Neither name nor host was given, or the index has no host yet.

        Example:
            >>> index = pc.index("movies")  # doctest: +SKIP

        Wire: ``GET /indexes/{name}`` unless the host is known
        """
        handle = super().index(name, host=host)
        if grpc:
            from .._grpc import over_http

            return over_http(handle)  # type: ignore[return-value] # a subclass of the synchronous handle
        if (threads := pool_threads or self.__dict__.get("_pool_threads")) is not None:
            from pinecone_db._sync.later import Later

            handle._later = Later(threads)
        return handle

    def Index(self, name: str = "", host: str = "", **kwargs: Any) -> Any:  # noqa: N802 - known so
        """Return a handle on an index; an older spelling of ``index``."""
        unknown = sorted(set(kwargs) - {"pool_threads"})
        if unknown:
            raise TypeError(f"{type(self).__name__}.Index() got unexpected keyword arguments: {unknown}")
        return self.index(name, host=host, **kwargs)

    def IndexAsyncio(self, host: str, **kwargs: Any) -> Any:  # noqa: N802 - known so
        """Return a synchronous handle on an index by its host; an older spelling of ``index``.

        It has this client's settings; what is given besides replaces them. That of a synchronous client
        shares its connections, unless something is given.
        """
        from .._handles import task_handle

        return task_handle(self, host, kwargs)


class AssistantProxy:
    """The assistants, which can also be called: ``pc.assistant("name")``.

    Args:
        assistants: The assistants.
    """

    def __init__(self, assistants: Assistants) -> None:
        self._assistants = assistants

    def __call__(self, name: str) -> Any:
        """Describe an assistant. Wire: ``GET /assistants/{name}``."""
        return self._assistants.describe(name=name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._assistants, name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self._assistants!r}>"
