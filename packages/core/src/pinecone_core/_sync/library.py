# Made from ../_async/library.py by tools/make_sync.py; do not edit.
"""What needs the HTTP library: tools that intercept it, HTTP/2, SOCKS, and proxies under TLS.

Loaded when there is such a need: a tool that intercepts requests has loaded the library before.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import httpcore

from ..errors import PineconeValueError
from ..http1 import framed_headers
from ..routes import login_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

    from ..config import PineconeConfig
    from ..routes import Route
    from .http1 import Connection, Exchange

__all__ = ["FAILURES", "ask_through_the_door", "library_pool", "library_request"]

FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
)
"""What the library raises when something goes wrong with a connection."""


class _Limit:
    """A limit that the HTTP library passes around, resolved when it is used."""

    __slots__ = ("exchange", "part")

    def __init__(self, exchange: Exchange, part: float | None) -> None:
        self.exchange = exchange
        self.part = part


def _left(timeout: Any) -> float | None:
    return timeout.exchange.step(timeout.part) if isinstance(timeout, _Limit) else timeout


class _TimedStream(httpcore.NetworkStream):
    """A network stream that resolves time limits at each step."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: Any = None) -> bytes:
        seconds = _left(timeout)
        if seconds is not None and seconds <= 0:
            raise httpcore.ReadTimeout
        return self._stream.read(max_bytes, seconds)

    def write(self, buffer: bytes, timeout: Any = None) -> None:
        seconds = _left(timeout)
        if seconds is not None and seconds <= 0:
            raise httpcore.WriteTimeout
        self._stream.write(buffer, seconds)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: Any = None
    ) -> httpcore.NetworkStream:
        seconds = _left(timeout)
        if seconds is not None and seconds <= 0:
            raise httpcore.ConnectTimeout
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, seconds))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _TimedBackend(httpcore.NetworkBackend):
    """A network backend whose streams resolve time limits at each step."""

    def __init__(self, options: list[tuple[int, int, int]]) -> None:
        self._backend: Any = httpcore.SyncBackend()
        self._options = options

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: Any = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        seconds = _left(timeout)
        if seconds is not None and seconds <= 0:
            raise httpcore.ConnectTimeout
        return _TimedStream(self._backend.connect_tcp(host, port, seconds, local_address, self._options))


class _NoLock:
    """Stands where the HTTP library guards a connection that several may use; ours has one user."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: object) -> None:
        pass


class _Behind:
    """What the library takes for its own connection: ours, with what to ask of it."""

    def __init__(self, connection: Connection, exchange: Exchange) -> None:
        self._connection = connection
        self._exchange = exchange

    def info(self) -> str:
        """Say what it is, for the ``repr`` of the library's connection around it."""
        return "HTTP/1.1"

    def handle_request(self, request: httpcore.Request) -> Any:
        return self._connection.ask(self._exchange)


class _Intercepted(httpcore.HTTPConnection):
    """The library's door, which interceptors replace, before a connection of ours."""

    def __init__(self, behind: _Behind) -> None:
        self._connection: Any = behind
        self._request_lock: Any = _NoLock()

    def can_handle_request(self, origin: httpcore.Origin) -> bool:
        return True


def ask_through_the_door(connection: Connection, exchange: Exchange, route: Route) -> Any:
    """Send a request over a connection of ours, through the method of the library that tools replace."""
    door = _Intercepted(_Behind(connection, exchange))
    return door.handle_request(library_request(exchange, route))


def library_request(exchange: Exchange, route: Route) -> httpcore.Request:
    """Return a request as the library has it.

    Raises:
        PineconeValueError: A header or the path is not ASCII.
    """
    request = exchange.request
    content: Any = request.body
    if content is not None and not isinstance(content, bytes):
        content = content.chunks()
    try:
        headers = [
            (name.encode("ascii"), value.encode("ascii"))
            for name, value in framed_headers(request, route.authority)
        ]
        target = request.target.encode("ascii")
    except UnicodeEncodeError:
        raise PineconeValueError(
            "The request has a header or path that is not ASCII; percent-encode it"
        ) from None
    url = httpcore.URL(
        scheme=b"https" if route.secure else b"http",
        host=route.host.encode("ascii"),
        port=route.port,
        target=target,
    )
    timeout = {
        "connect": _Limit(exchange, request.connect),
        "read": _Limit(exchange, request.read),
        "write": _Limit(exchange, request.write),
    }
    made = httpcore.Request(request.method, url, content=content, extensions={"timeout": timeout})
    made.headers = headers  # given at once, each of them would be checked to be the bytes it is
    return made


def library_pool(
    config: PineconeConfig,
    route: Route,
    size: int,
    context: Callable[[], ssl.SSLContext],
    options: list[tuple[int, int, int]],
    idle: float,
) -> httpcore.ConnectionPool:
    """Return a pool of the library for a route that only it can serve.

    Args:
        config: The proxy's headers, and whether HTTP/2 is offered, are taken from it.
        route: The route.
        size: The most connections.
        context: Makes the TLS context.
        options: Socket options.
        idle: Seconds that an idle connection is kept.

    Raises:
        PineconeValueError: It needs a package that is not installed.
    """
    proxy = (route.pooled or "").partition(" ")[2]
    if config.http2 and find_spec("h2") is None:
        raise PineconeValueError("http2=True needs one more package: pip install 'pinecone-core[http2]'")
    settings: dict[str, Any] = {
        "ssl_context": context() if route.secure else None,
        "max_connections": size,
        "keepalive_expiry": idle,
        "http2": config.http2,
        "network_backend": _TimedBackend(options),
    }
    if not proxy:
        return httpcore.ConnectionPool(**settings)
    scheme, _, rest = proxy.partition("://")
    login = login_of(proxy)
    auth = None if login is None else (login[0].encode(), login[1].encode())
    address = f"{scheme}://{rest.rpartition('@')[2]}"
    if scheme in ("socks5", "socks5h"):
        try:
            return httpcore.SOCKSProxy(f"socks5://{address.partition('://')[2]}", proxy_auth=auth, **settings)
        except (ImportError, RuntimeError) as error:
            raise PineconeValueError(
                "A SOCKS proxy needs one more package: pip install 'pinecone-core[socks]'"
            ) from error
    return httpcore.HTTPProxy(
        address,
        proxy_auth=auth,
        proxy_headers=list(config.proxy_headers.items()),
        proxy_ssl_context=context() if scheme == "https" else None,
        **settings,
    )
