# Made from ../_async/transport.py by tools/make_sync.py; do not edit.
"""The default transport: HTTP. The only file, with its twin, that knows the HTTP library.

HTTP/1.1 runs over connections of our own (``http1``), kept on a stack for each host: the one used
last is used next, so that few stay warm and the rest can go. HTTP/2, SOCKS and proxies that are
spoken to under TLS run over the library's pools. Every request passes through the library's
``handle_request`` all the same, so that tools which intercept it, such as respx, see it.
"""

from __future__ import annotations

import socket
import ssl
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import httpcore

from ..config import environment, may_name_proxies
from ..errors import PineconeError, PineconeTimeoutError, PineconeValueError
from ..hosts import is_loopback
from ..http1 import NotHttpError
from ..inflate import Inflater
from ..routes import Proxy, Route
from ..transport import Request, Response
from .concurrency import Home, Slots, time_limit
from .failures import translated
from .http1 import Answer, Connection, Exchange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..config import PineconeConfig
    from .concurrency import Clock

__all__ = ["HttpTransport"]

_DEFAULT_CONNECTIONS = 64
_IDLE_SECONDS = 50.0

_FAILURES = (
    OSError,
    NotHttpError,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
)


def _failures() -> tuple[type[BaseException], ...]:
    """Return what may go wrong with a connection."""
    # A tool that intercepts the HTTP library may have failures of the layer above raised; without one,
    # that layer is not worth its loading.
    httpx = sys.modules.get("httpx")
    return _FAILURES if httpx is None else (*_FAILURES, httpx.TransportError)


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


def _socket_options() -> list[tuple[int, int, int]]:
    """Have the system notice dead peers, which it otherwise does only after hours."""
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 30), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, name):
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    return options


class _NoLock:
    """Stands where the HTTP library guards a connection that several may use; ours has one user."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: object) -> None:
        pass


class _Intercepted(httpcore.HTTPConnection):
    """The HTTP library's door, which interceptors replace, before a connection of ours."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Any = connection
        self._request_lock: Any = _NoLock()

    def can_handle_request(self, origin: httpcore.Origin) -> bool:
        return True


class _Pool:
    """The connections of one event loop."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.slots = Slots(size)
        self.idle: dict[str, list[Connection]] = {}
        self.open: set[Connection] = set()
        self.libraries: dict[str, httpcore.ConnectionPool] = {}
        self.closed = False

    def warm(self, origin: str, now: float) -> Connection | None:
        """Take the connection used last that still stands."""
        while (connection := self._pop(origin, -1)) is not None:
            if now - connection.idle_since < _IDLE_SECONDS and not connection.is_stale():
                return connection
            self.drop(connection)
        return None

    def drop(self, connection: Connection) -> None:
        """Close a connection for good."""
        self.open.discard(connection)
        connection.close()

    def _pop(self, origin: str, position: int) -> Connection | None:
        try:
            return self.idle[origin].pop(position)
        except (KeyError, IndexError):
            return None  # with threads, somebody else may have been quicker

    def make_room(self, now: float) -> None:
        """Before a new one is opened, close what is too old, and one more where there are too many."""
        for origin, stack in list(self.idle.items()):
            # A copy of the first one: with threads, it may be gone by the next line.
            while (oldest := stack[:1]) and now - oldest[0].idle_since >= _IDLE_SECONDS:
                self._close_oldest(origin)
        if len(self.open) >= self.size:
            for origin, stack in list(self.idle.items()):
                if stack:
                    self._close_oldest(origin)
                    return

    def _close_oldest(self, origin: str) -> None:
        connection = self._pop(origin, 0)
        if connection is not None:
            self.drop(connection)

    def give_back(self, origin: str, connection: Connection, now: float) -> None:
        """Keep a connection for the next request."""
        connection.idle_since = now
        self.idle.setdefault(origin, []).append(connection)
        if self.closed:  # looked at last, so that none is left behind by whoever closes meanwhile
            self.close()

    def close(self) -> None:
        self.closed = True
        for origin in list(self.idle):
            while (connection := self._pop(origin, -1)) is not None:
                self.drop(connection)
        while self.libraries:
            self.libraries.popitem()[1].close()


class _Tls:
    """The one TLS context of a client. Apart from the transport, so that connections do not refer to it."""

    def __init__(self, config: PineconeConfig) -> None:
        self._config = config
        self._made: dict[str, ssl.SSLContext] = {}

    def context(self) -> ssl.SSLContext:
        """Return the context, making it on first use."""
        context = self._made.get("context")
        if context is None:
            context = self._made.setdefault("context", _tls_context(self._config))
        return context


class HttpTransport:
    """Moves requests over HTTP/1.1, or HTTP/2 where asked for.

    Nothing is opened, no TLS context included, before the first request that needs it.

    Args:
        config: Proxy, TLS and pool settings are taken from it.
        clock: The clock that deadlines are measured on.
    """

    def __init__(self, config: PineconeConfig, *, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._size = config.connection_pool_maxsize or _DEFAULT_CONNECTIONS
        self._options = _socket_options()
        self._home = Home()
        self._tls = _Tls(config)
        self._routes: dict[str, Route] = {}

    # ---- sending ---------------------------------------------------------------------------

    def send(self, request: Request) -> Response:
        """Send a request and read the whole answer."""
        exchange = Exchange(request, self._clock)
        pool = self._enter(exchange)
        try:
            with time_limit(exchange.left()):
                stream = self._begin(pool, exchange)
                try:
                    body = stream.whole()
                finally:
                    stream.leave()
        except PineconeError:
            raise
        except _failures() as error:
            raise translated(error, exchange, self._routes.get(request.origin)) from error
        finally:
            pool.slots.release()
        return Response(stream.status, stream.headers, body, stream.reason)

    def stream(self, request: Request) -> HttpStream:
        """Send a request and return once the headers of the answer are in."""
        exchange = Exchange(request, self._clock)
        pool = self._enter(exchange)
        try:
            with time_limit(exchange.left()):
                stream = self._begin(pool, exchange)
        except BaseException as error:
            pool.slots.release()
            if isinstance(error, _failures()) and not isinstance(error, PineconeError):
                raise translated(error, exchange, self._routes.get(request.origin)) from error
            raise
        exchange.begun()
        return stream

    def _enter(self, exchange: Exchange) -> _Pool:
        """Wait for a place."""
        request = exchange.request
        pool = self._home.get(lambda: _Pool(self._size))
        left = exchange.left()
        wait = left if request.pool is None else request.pool if left is None else min(left, request.pool)
        if not pool.slots.acquire(wait):
            raise PineconeTimeoutError(
                f"Timed out waiting for a free connection to {request.origin}: all {self._size} are in "
                "use; raise connection_pool_maxsize or lower the concurrency",
                sent=False,
            )
        return pool

    def _begin(self, pool: _Pool, exchange: Exchange) -> HttpStream:
        request = exchange.request
        route = self._route(request.origin)
        outgoing = _outgoing(exchange, route)
        if route.pooled is not None:
            library = pool.libraries.get(route.pooled)
            if library is None:
                library = self._library(route)
                library = pool.libraries.setdefault(route.pooled, library)
            exchange.phase = "wait"
            answer = library.handle_request(outgoing)
            return HttpStream(pool, exchange, answer, None)
        now = self._clock.now()
        connection = pool.warm(request.origin, now)
        if connection is None:
            pool.make_room(now)
            connection = Connection(route, self._tls.context, self._options)
            pool.open.add(connection)
        try:
            answer = _Intercepted(connection).handle_request(outgoing)
        except BaseException:
            pool.open.discard(connection)  # it has closed itself
            raise
        return HttpStream(pool, exchange, answer, connection)

    # ---- where to, and how -------------------------------------------------------------------

    def _route(self, origin: str) -> Route:
        """Return where an origin is and how it is reached."""
        route = self._routes.get(origin)
        if route is None:
            if len(self._routes) > 1024:
                self._routes.clear()
            route = self._routes[origin] = self._new_route(origin)
        return route

    def _new_route(self, origin: str) -> Route:
        parts = urlsplit(origin)
        host = parts.hostname or ""
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        authority = origin.partition("://")[2].encode("ascii")
        address = self._proxy(origin, host)
        if self._config.http2 or (address and not address.startswith("http://")):
            return Route(secure, host, port, authority, None, f"{secure} {address}")
        proxy = None
        if address:
            told = urlsplit(address)
            proxy = Proxy.of(
                told.hostname or "", told.port or 80, _login(address), self._config.proxy_headers.items()
            )
        return Route(secure, host, port, authority, proxy, None)

    def _proxy(self, origin: str, host: str) -> str:
        if self._config.proxy_url or not self._config.trust_env:
            return self._config.proxy_url
        if is_loopback(origin) or not may_name_proxies():
            return ""
        import urllib.request  # slow to load

        if urllib.request.proxy_bypass(host):
            return ""
        proxies = urllib.request.getproxies()
        found = proxies.get(origin.partition("://")[0]) or proxies.get("all") or ""
        return found if not found or "://" in found else f"http://{found}"

    def _library(self, route: Route) -> httpcore.ConnectionPool:
        """Return a pool of the HTTP library for a route that only it can serve."""
        proxy = (route.pooled or "").partition(" ")[2]
        if self._config.http2 and find_spec("h2") is None:
            raise PineconeValueError("http2=True needs one more package: pip install 'pinecone-core[http2]'")
        settings: dict[str, Any] = {
            "ssl_context": self._tls.context() if route.secure else None,
            "max_connections": self._size,
            "keepalive_expiry": _IDLE_SECONDS,
            "http2": self._config.http2,
            "network_backend": _TimedBackend(self._options),
        }
        if not proxy:
            return httpcore.ConnectionPool(**settings)
        scheme, _, rest = proxy.partition("://")
        login = _login(proxy)
        auth = None if login is None else (login[0].encode(), login[1].encode())
        address = f"{scheme}://{rest.rpartition('@')[2]}"
        if scheme in ("socks5", "socks5h"):
            try:
                return httpcore.SOCKSProxy(
                    f"socks5://{address.partition('://')[2]}", proxy_auth=auth, **settings
                )
            except (ImportError, RuntimeError) as error:
                raise PineconeValueError(
                    "A SOCKS proxy needs one more package: pip install 'pinecone-core[socks]'"
                ) from error
        return httpcore.HTTPProxy(
            address,
            proxy_auth=auth,
            proxy_headers=list(self._config.proxy_headers.items()),
            proxy_ssl_context=self._tls.context() if scheme == "https" else None,
            **settings,
        )

    def close(self) -> None:
        """Drop every connection of the running event loop. May be called twice."""
        pool = self._home.take()
        if pool is not None:
            pool.close()


class HttpStream:
    """An answer of which the headers are in. Close it to give the connection back."""

    def __init__(
        self,
        pool: _Pool,
        exchange: Exchange,
        answer: Any,
        connection: Connection | None,
    ) -> None:
        self._pool = pool
        self._exchange = exchange
        self._connection = connection
        self._closed = False
        self._answer: Answer | None = None
        self._foreign: httpcore.Response | None = None
        self._source: Any = None
        self._inflater: Inflater | None = None
        self._ready: list[bytes] = []
        self._ended = False
        if isinstance(answer, Answer):
            self._answer = answer
            self.status: int = answer.reader.status
            self.reason: str = answer.reader.reason
            self.headers: dict[str, str] = answer.reader.headers
        else:
            self._foreign = answer
            self._source = answer.iter_stream()
            self.status = answer.status
            self.reason = answer.extensions.get("reason_phrase", b"").decode("ascii", "replace")
            self.headers = _joined(answer.headers)

    def whole(self) -> bytes:
        """Return the whole body, content encoding undone."""
        self._exchange.phase = "read"
        if self._answer is not None and "content-encoding" not in self.headers:
            pieces = self._answer.whole()
        else:
            pieces = []
            while not self._ended:
                pieces += self._some()
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def chunks(self) -> Iterator[bytes]:
        """Yield the body in pieces, content encoding undone."""
        return self

    # An iterator rather than a generator: one that is left early needs no tidying up.
    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._exchange.phase = "read"
        while not self._ready and not self._ended:
            try:
                self._ready = self._some()
            except PineconeError:
                raise
            except _failures() as error:
                raise translated(error, self._exchange, None) from error
        if not self._ready:
            raise StopIteration
        return self._ready.pop(0)

    def _some(self) -> list[bytes]:
        """Return what comes next of the body; sets ``_ended`` at the end."""
        if self._inflater is None:
            self._inflater = Inflater(self.headers.get("content-encoding", ""))
        if self._answer is not None:
            found = self._answer.some()
        else:
            piece = next(self._source, None)
            found = [] if piece is None else [piece]
        if not found:
            self._inflater.end()
            self._ended = True
        return [piece for data in found for piece in self._inflater.feed(data)]

    def leave(self) -> None:
        """Give the connection back, or drop it when the body was not read to its end."""
        if self._foreign is not None:
            self._source.close()
            self._foreign.close()
        connection, answer = self._connection, self._answer
        if connection is not None:
            if answer is not None and answer.reusable:
                self._pool.give_back(self._exchange.request.origin, connection, self._exchange.now())
            else:
                self._pool.drop(connection)

    def close(self) -> None:
        """Give the connection back, or drop it when the body was not read to its end."""
        if self._closed:
            return
        self._closed = True
        try:
            self.leave()
        finally:
            self._pool.slots.release()


def _outgoing(exchange: Exchange, route: Route) -> httpcore.Request:
    request = exchange.request
    body = request.body
    headers = [(b"Host", route.authority)]
    try:
        target = request.target.encode("ascii")
        for name, value in request.headers:
            if len(name) == 4 and name.lower() == "host":
                headers[0] = (b"Host", value.encode("ascii"))
            else:
                headers.append((name.encode("ascii"), value.encode("ascii")))
    except UnicodeEncodeError:
        raise PineconeValueError(
            "The request has a header or path that is not ASCII; percent-encode it"
        ) from None
    content: Any = None
    if isinstance(body, bytes):
        content = body
        headers.append((b"Content-Length", b"%d" % len(body)))
    elif body is not None:
        content = body.chunks()
        length = body.length
        headers.append(
            (b"Transfer-Encoding", b"chunked") if length is None else (b"Content-Length", b"%d" % length)
        )
    elif request.method in ("POST", "PUT", "PATCH"):
        headers.append((b"Content-Length", b"0"))
    extensions: dict[str, Any] = {"exchange": exchange}
    if route.pooled is not None:
        extensions["timeout"] = {
            "connect": _Limit(exchange, request.connect),
            "read": _Limit(exchange, request.read),
            "write": _Limit(exchange, request.write),
        }
    url = httpcore.URL(
        scheme=b"https" if route.secure else b"http",
        host=route.host.encode("ascii"),
        port=route.port,
        target=target,
    )
    outgoing = httpcore.Request(request.method.encode("ascii"), url, content=content, extensions=extensions)
    outgoing.headers = headers  # given at once, each of them would be checked to be the bytes it is
    return outgoing


def _login(address: str) -> tuple[str, str] | None:
    parts = urlsplit(address)
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")


def _joined(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1")
        known = headers.get(name)
        headers[name] = value if known is None else f"{known}, {value}"
    return headers


def _usual_context(config: PineconeConfig) -> ssl.SSLContext:
    """Trust whom the environment names, or else the usual authorities."""
    if not config.ssl_verify:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if config.trust_env and (file := environment("SSL_CERT_FILE")):
        return ssl.create_default_context(cafile=file)
    if config.trust_env and (folder := environment("SSL_CERT_DIR")):
        return ssl.create_default_context(capath=folder)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _tls_context(config: PineconeConfig) -> ssl.SSLContext:
    ca: Any = config.ssl_ca_certs
    try:
        if isinstance(ca, ssl.SSLContext):
            context = ca
        elif ca is not None:
            folder = Path(ca).is_dir()
            context = ssl.create_default_context(cafile=None if folder else ca, capath=ca if folder else None)
        else:
            context = _usual_context(config)
        if config.client_cert is not None:
            files = (config.client_cert,) if isinstance(config.client_cert, str) else config.client_cert
            context.load_cert_chain(*files)
    except (OSError, ValueError) as error:
        raise PineconeValueError(f"ssl_ca_certs or client_cert cannot be used: {error}") from error
    context.set_alpn_protocols(["http/1.1", "h2"] if config.http2 else ["http/1.1"])
    return context
