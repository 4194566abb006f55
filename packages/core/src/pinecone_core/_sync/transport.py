# Made from ../_async/transport.py by tools/make_sync.py; do not edit.
"""The default transport: HTTP. The only file, with its twin, that knows the HTTP library.

Single connections of the HTTP library are kept on a stack for each host: the one used last is
used next, so that few stay warm and the rest can go. Time limits are resolved at each read and
write, which lets one deadline bound a whole exchange however slowly a server drips.
"""

from __future__ import annotations

import os
import socket
import ssl
import urllib.request
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from ..errors import (
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    PineconeValueError,
    ResponseParsingError,
)
from ..hosts import is_loopback
from ..inflate import Inflater
from ..transport import Request, Response
from .concurrency import Home, Slots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..config import PineconeConfig
    from .concurrency import Clock

__all__ = ["HttpTransport"]

_DEFAULT_CONNECTIONS = 64
_IDLE_SECONDS = 50.0


class _Limit:
    """A time limit that is resolved when it is used: a part of its own, and the call's deadline."""

    __slots__ = ("_clock", "_deadline", "_part")

    def __init__(self, part: float | None, deadline: float | None, clock: Clock) -> None:
        self._part = part
        self._deadline = deadline
        self._clock = clock

    def left(self) -> float | None:
        if self._deadline is None:
            return self._part
        left = max(0.0, self._deadline - self._clock.now())
        return left if self._part is None else min(left, self._part)


def _left(timeout: Any) -> float | None:
    return timeout.left() if isinstance(timeout, _Limit) else timeout


class _TimedStream(httpcore.NetworkStream):
    """A network stream that resolves time limits at each step."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: Any = None) -> bytes:
        seconds = _left(timeout)
        if seconds == 0.0:
            raise httpcore.ReadTimeout
        return self._stream.read(max_bytes, seconds)

    def write(self, buffer: bytes, timeout: Any = None) -> None:
        seconds = _left(timeout)
        if seconds == 0.0:
            raise httpcore.WriteTimeout
        self._stream.write(buffer, seconds)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: Any = None
    ) -> httpcore.NetworkStream:
        seconds = _left(timeout)
        if seconds == 0.0:
            raise httpcore.ConnectTimeout
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, seconds))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _TimedBackend(httpcore.NetworkBackend):
    """A network backend whose streams resolve time limits at each step."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: Any = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        seconds = _left(timeout)
        if seconds == 0.0:
            raise httpcore.ConnectTimeout
        return _TimedStream(self._backend.connect_tcp(host, port, seconds, local_address, _socket_options()))


def _socket_options() -> list[tuple[int, int, int]]:
    """Have the system notice dead peers, which it otherwise does only after hours."""
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 30), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, name):
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    return options


class _Pool:
    """The connections of one event loop."""

    def __init__(self, size: int) -> None:
        self.slots = Slots(size)
        self.idle: dict[str, list[httpcore.ConnectionInterface]] = {}
        self.makers: dict[tuple[str, str], httpcore.ConnectionPool] = {}
        self.closed = False

    def warm(self, origin: str) -> httpcore.ConnectionInterface | None:
        """Take the connection used last that still stands."""
        stack = self.idle.get(origin)
        while stack:
            connection = stack.pop()
            if not connection.has_expired():
                return connection
            connection.close()
        return None

    def give_back(self, origin: str, connection: httpcore.ConnectionInterface) -> None:
        """Keep a connection for the next request, if it can be used again."""
        if self.closed or not connection.is_idle():
            connection.close()
        else:
            self.idle.setdefault(origin, []).append(connection)

    def close(self) -> None:
        self.closed = True
        stacks = list(self.idle.values())
        self.idle.clear()
        for stack in stacks:
            for connection in stack:
                connection.close()
        for maker in self.makers.values():
            maker.close()


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
        self._home = Home()
        self._tls: dict[str, ssl.SSLContext] = {}
        self._routes: dict[str, tuple[bytes, bytes, int, str]] = {}

    # ---- sending ---------------------------------------------------------------------------

    def send(self, request: Request) -> Response:
        """Send a request and read the whole answer."""
        stream = self.stream(request)
        try:
            pieces = [piece for piece in stream.chunks()]
        finally:
            stream.close()
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return Response(stream.status, stream.headers, body, stream.reason)

    def stream(self, request: Request) -> HttpStream:
        """Send a request and return once the headers of the answer are in."""
        pool = self._home.get(lambda: _Pool(self._size))
        wait = _Limit(request.pool, request.deadline, self._clock).left()
        if not pool.slots.acquire(wait):
            raise PineconeTimeoutError(
                f"Timed out waiting for a free connection to {request.origin}: all {self._size} are in "
                "use; raise connection_pool_maxsize or lower the concurrency",
                sent=False,
            )
        try:
            return self._begin(pool, request)
        except BaseException:
            pool.slots.release()
            raise

    def _begin(self, pool: _Pool, request: Request) -> HttpStream:
        route = self._route(request.origin)
        try:
            outgoing = self._outgoing(request, route)
            maker = self._maker(pool, route)
            if self._config.http2:
                answer = maker.handle_request(outgoing)
                return HttpStream(pool, request.origin, None, answer)
            connection = pool.warm(request.origin)
            if connection is None:
                connection = maker.create_connection(outgoing.url.origin)
            answer = connection.handle_request(outgoing)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            _translate(error, request.origin)
        except httpcore.ProxyError as error:
            raise PineconeConnectionError(
                f"The proxy refused to connect to {request.origin}: {error}",
                sent=False,
                permanent=str(error).startswith("4"),
            ) from error
        return HttpStream(pool, request.origin, connection, answer)

    def _outgoing(self, request: Request, route: tuple[bytes, bytes, int, str]) -> httpcore.Request:
        scheme, host, port, _ = route
        body = request.body
        authority = request.origin.partition("://")[2]
        headers = [(b"Host", authority.encode("ascii"))]
        for name, value in request.headers:
            headers.append((name.encode("ascii"), value.encode("ascii")))
        content: Any = b""
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
        limits = {
            name: _Limit(part, request.deadline, self._clock)
            for name, part in (
                ("connect", request.connect),
                ("read", request.read),
                ("write", request.write),
            )
        }
        return httpcore.Request(
            request.method,
            httpcore.URL(scheme=scheme, host=host, port=port, target=request.target.encode("ascii")),
            headers=headers,
            content=content,
            extensions={"timeout": limits},
        )

    # ---- where to, and how -------------------------------------------------------------------

    def _route(self, origin: str) -> tuple[bytes, bytes, int, str]:
        """Return scheme, host, port and proxy of an origin."""
        route = self._routes.get(origin)
        if route is None:
            parts = urlsplit(origin)
            host = parts.hostname or ""
            port = parts.port or (443 if parts.scheme == "https" else 80)
            if len(self._routes) > 1024:
                self._routes.clear()
            route = (parts.scheme.encode(), host.encode("ascii"), port, self._proxy(origin, host))
            self._routes[origin] = route
        return route

    def _proxy(self, origin: str, host: str) -> str:
        if self._config.proxy_url or not self._config.trust_env:
            return self._config.proxy_url
        if is_loopback(origin) or urllib.request.proxy_bypass(host):
            return ""
        proxies = urllib.request.getproxies()
        found = proxies.get(origin.partition("://")[0]) or proxies.get("all") or ""
        return found if not found or "://" in found else f"http://{found}"

    def _maker(self, pool: _Pool, route: tuple[bytes, bytes, int, str]) -> httpcore.ConnectionPool:
        """Return what makes connections for a scheme and proxy."""
        scheme, _, _, proxy = route
        key = (scheme.decode(), proxy)
        maker = pool.makers.get(key)
        if maker is None:
            maker = pool.makers[key] = self._new_maker(secure=scheme == b"https", proxy=proxy)
        return maker

    def _new_maker(self, *, secure: bool, proxy: str) -> httpcore.ConnectionPool:
        settings: dict[str, Any] = {
            "ssl_context": self._context() if secure else None,
            "max_connections": self._size,
            "keepalive_expiry": _IDLE_SECONDS,
            "http2": self._config.http2,
            "network_backend": _TimedBackend(),
        }
        if not proxy:
            return httpcore.ConnectionPool(**settings)
        parts = urlsplit(proxy)
        auth = None
        if parts.username is not None:
            auth = (unquote(parts.username).encode(), unquote(parts.password or "").encode())
        address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        if parts.scheme in ("socks5", "socks5h"):
            return httpcore.SOCKSProxy(address.replace("socks5h:", "socks5:"), proxy_auth=auth, **settings)
        return httpcore.HTTPProxy(
            address,
            proxy_auth=auth,
            proxy_headers=self._config.proxy_headers,
            proxy_ssl_context=self._context() if parts.scheme == "https" else None,
            **settings,
        )

    def _context(self) -> ssl.SSLContext:
        """Return the one TLS context of this client, making it on first use."""
        context = self._tls.get("context")
        if context is None:
            context = self._tls.setdefault("context", _tls_context(self._config))
        return context

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
        origin: str,
        connection: httpcore.ConnectionInterface | None,
        answer: httpcore.Response,
    ) -> None:
        self._pool = pool
        self._origin = origin
        self._connection = connection
        self._answer = answer
        self._closed = False
        self.status: int = answer.status
        self.reason: str = answer.extensions.get("reason_phrase", b"").decode("ascii", "replace")
        self.headers: dict[str, str] = {}
        for raw_name, raw_value in answer.headers:
            name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1")
            known = self.headers.get(name)
            self.headers[name] = value if known is None else f"{known}, {value}"

    def chunks(self) -> Iterator[bytes]:
        """Yield the body in pieces, content encoding undone."""
        inflater = Inflater(self.headers.get("content-encoding", ""))
        try:
            for data in self._answer.iter_stream():
                for piece in inflater.feed(data):
                    yield piece
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            _translate(error, self._origin, answered=True)
        inflater.end()

    def close(self) -> None:
        """Give the connection back, or drop it when the body was not read to its end."""
        if self._closed:
            return
        self._closed = True
        try:
            self._answer.close()
            if self._connection is not None:
                self._pool.give_back(self._origin, self._connection)
        finally:
            self._pool.slots.release()


def _tls_context(config: PineconeConfig) -> ssl.SSLContext:
    ca: Any = config.ssl_ca_certs
    if isinstance(ca, ssl.SSLContext):
        context = ca
    elif ca is not None:
        context = ssl.create_default_context(
            cafile=None if os.path.isdir(ca) else ca, capath=ca if os.path.isdir(ca) else None
        )
    else:
        context = httpx.create_ssl_context(verify=config.ssl_verify, trust_env=config.trust_env)
    if config.client_cert is not None:
        files = (config.client_cert,) if isinstance(config.client_cert, str) else config.client_cert
        context.load_cert_chain(*files)
    return context


def _translate(error: Exception, origin: str, *, answered: bool = False) -> NoReturn:
    """Raise the HTTP library's failure as ours."""
    raise _translated(error, origin, answered=answered) from error


def _translated(error: Exception, origin: str, *, answered: bool) -> PineconeError:
    said = f": {error}" if str(error) else ""
    if isinstance(error, httpcore.ConnectTimeout):
        return PineconeTimeoutError(f"Timed out connecting to {origin}", sent=False)
    if isinstance(error, httpcore.WriteTimeout):
        return PineconeTimeoutError(f"Timed out sending the request to {origin}")
    if isinstance(error, httpcore.TimeoutException):
        what = "reading the answer of" if answered else "waiting for an answer from"
        return PineconeTimeoutError(f"Timed out {what} {origin}; raise timeout= if it needs longer")
    if isinstance(error, httpcore.ConnectError):
        return _cannot_connect(error, origin, said)
    if isinstance(error, httpcore.LocalProtocolError):
        # The text may quote a header's value, which may be a key.
        return PineconeValueError("The request has a header, path or body length that HTTP does not allow")
    if isinstance(error, httpcore.RemoteProtocolError):
        if answered or "disconnected" in str(error):
            return PineconeConnectionError(f"The connection to {origin} broke{said}")
        return ResponseParsingError(f"{origin} did not answer in HTTP{said}", error)
    return PineconeConnectionError(f"The connection to {origin} broke{said}")


def _cannot_connect(error: Exception, origin: str, said: str) -> PineconeError:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return PineconeConnectionError(
            f"The certificate of {origin} was refused: {cause.verify_message}. "
            "If the service has a certificate of your own, pass its CA as ssl_ca_certs",
            sent=False,
            permanent=True,
        )
    if cause is not None:
        return PineconeConnectionError(
            f"TLS with {origin} failed{said}. Does the host speak plain http://?", sent=False
        )
    return PineconeConnectionError(f"Cannot connect to {origin}{said}", sent=False)
