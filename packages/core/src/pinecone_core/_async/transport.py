"""The default transport: HTTP.

HTTP/1.1 runs over connections of our own (``http1``), kept on a stack for each host: the one used
last is used next, so that few stay warm and the rest can go. HTTP/2, SOCKS and proxies that are
spoken to under TLS run over the HTTP library's pools (``library``). Once a program has loaded that
library, every request passes through its ``handle_async_request``, so that tools which intercept it,
such as respx, see it; nobody can have replaced a method of what is not loaded.
"""

from __future__ import annotations

import os
import socket
import ssl
import sys
from typing import TYPE_CHECKING, Any

from ..config import environment, may_name_proxies
from ..errors import PineconeError, PineconeTimeoutError, PineconeValueError
from ..hosts import is_loopback, machine_and_port
from ..http1 import NotHttpError
from ..routes import Proxy, Route, login_of
from ..transport import Request, Response
from .concurrency import AsyncHome, AsyncSlots, time_limit
from .http1 import AsyncAnswer, AsyncConnection, AsyncExchange

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from ..config import PineconeConfig
    from ..inflate import Inflater
    from .concurrency import AsyncClock

__all__ = ["AsyncHttpTransport"]

_DEFAULT_CONNECTIONS = 64
_IDLE_SECONDS = 50.0


def _library() -> Any:
    """Return the part that needs the HTTP library if the program has loaded that library, or None."""
    if "httpcore" not in sys.modules:
        return None
    from . import library

    return library


def _translated(error: BaseException, exchange: AsyncExchange, route: Route | None) -> PineconeError:
    from .failures import translated  # mostly nothing fails

    return translated(error, exchange, route)


def _failures() -> tuple[type[BaseException], ...]:
    """Return what may go wrong with a connection."""
    library = _library()
    if library is None:
        return (OSError, NotHttpError)
    # A tool that intercepts the library may have failures of the layer above it raised.
    httpx = sys.modules.get("httpx")
    return (OSError, NotHttpError, *library.FAILURES, *(() if httpx is None else (httpx.TransportError,)))


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
        self.size = size
        self.slots = AsyncSlots(size)
        self.idle: dict[str, list[AsyncConnection]] = {}
        self.open: set[AsyncConnection] = set()
        self.libraries: dict[str, Any] = {}
        self.closed = False

    async def warm(self, origin: str, now: float) -> AsyncConnection | None:
        """Take the connection used last that still stands."""
        while (connection := self._pop(origin, -1)) is not None:
            if now - connection.idle_since < _IDLE_SECONDS and not connection.is_stale():
                return connection
            await self.drop(connection)
        return None

    async def drop(self, connection: AsyncConnection) -> None:
        """Close a connection for good."""
        self.open.discard(connection)
        await connection.aclose()

    def _pop(self, origin: str, position: int) -> AsyncConnection | None:
        try:
            return self.idle[origin].pop(position)
        except (KeyError, IndexError):
            return None  # with threads, somebody else may have been quicker

    async def make_room(self, now: float) -> None:
        """Before a new one is opened, close what is too old, and one more where there are too many."""
        for origin, stack in list(self.idle.items()):
            # A copy of the first one: with threads, it may be gone by the next line.
            while (oldest := stack[:1]) and now - oldest[0].idle_since >= _IDLE_SECONDS:
                await self._close_oldest(origin)
        if len(self.open) >= self.size:
            for origin, stack in list(self.idle.items()):
                if stack:
                    await self._close_oldest(origin)
                    return

    async def _close_oldest(self, origin: str) -> None:
        connection = self._pop(origin, 0)
        if connection is not None:
            await self.drop(connection)

    async def give_back(self, origin: str, connection: AsyncConnection, now: float) -> None:
        """Keep a connection for the next request."""
        connection.idle_since = now
        self.idle.setdefault(origin, []).append(connection)
        if self.closed:  # looked at last, so that none is left behind by whoever closes meanwhile
            await self.aclose()

    async def aclose(self) -> None:
        self.closed = True
        for origin in list(self.idle):
            while (connection := self._pop(origin, -1)) is not None:
                await self.drop(connection)
        while self.libraries:
            await self.libraries.popitem()[1].aclose()


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


class AsyncHttpTransport:
    """Moves requests over HTTP/1.1, or HTTP/2 where asked for.

    Nothing is opened, no TLS context included, before the first request that needs it.

    Args:
        config: Proxy, TLS and pool settings are taken from it.
        clock: The clock that deadlines are measured on.
    """

    def __init__(self, config: PineconeConfig, *, clock: AsyncClock) -> None:
        self._config = config
        self._clock = clock
        self._size = config.connection_pool_maxsize or _DEFAULT_CONNECTIONS
        self._options = _socket_options()
        self._home = AsyncHome()
        self._tls = _Tls(config)
        self._routes: dict[str, Route] = {}

    # ---- sending ---------------------------------------------------------------------------

    async def asend(self, request: Request) -> Response:
        """Send a request and read the whole answer."""
        exchange = AsyncExchange(request, self._clock)
        pool = self._home.get(self._new_pool)
        if not pool.slots.acquire_now():
            await self._wait_for_slot(pool, exchange)
        try:
            with time_limit(exchange.left()):
                stream = await self._begin(pool, exchange)
                try:
                    body = await stream.whole()
                finally:
                    await stream.leave()
        except PineconeError:
            raise
        except _failures() as error:
            raise _translated(error, exchange, self._routes.get(request.origin)) from error
        finally:
            pool.slots.release()
        return Response(stream.status, stream.headers, body, stream.reason)

    async def astream(self, request: Request) -> AsyncHttpStream:
        """Send a request and return once the headers of the answer are in."""
        exchange = AsyncExchange(request, self._clock)
        pool = self._home.get(self._new_pool)
        if not pool.slots.acquire_now():
            await self._wait_for_slot(pool, exchange)
        try:
            with time_limit(exchange.left()):
                stream = await self._begin(pool, exchange)
        except BaseException as error:
            pool.slots.release()
            if isinstance(error, _failures()) and not isinstance(error, PineconeError):
                raise _translated(error, exchange, self._routes.get(request.origin)) from error
            raise
        exchange.begun()
        return stream

    def _new_pool(self) -> _Pool:
        return _Pool(self._size)

    async def _wait_for_slot(self, pool: _Pool, exchange: AsyncExchange) -> None:
        request = exchange.request
        left = exchange.left()
        wait = left if request.pool is None else request.pool if left is None else min(left, request.pool)
        if not await pool.slots.acquire(wait):
            raise PineconeTimeoutError(
                f"Timed out waiting for a free connection to {request.origin}: all {self._size} are in "
                "use; raise connection_pool_maxsize or lower the concurrency",
                sent=False,
            )

    async def _begin(self, pool: _Pool, exchange: AsyncExchange) -> AsyncHttpStream:
        request = exchange.request
        route = self._route(request.origin)
        if route.pooled is not None:
            return AsyncHttpStream(pool, exchange, await self._ask_library(pool, exchange, route), None)
        now = self._clock.now()
        connection = await pool.warm(request.origin, now)
        if connection is None:
            await pool.make_room(now)
            connection = AsyncConnection(route, self._tls.context, self._options)
            pool.open.add(connection)
        library = _library()
        try:
            if library is None:
                answer: Any = await connection.ask(exchange)
            else:
                answer = await library.ask_through_the_door(connection, exchange, route)
        except BaseException:
            pool.open.discard(connection)  # it has closed itself
            raise
        return AsyncHttpStream(pool, exchange, answer, connection)

    async def _ask_library(self, pool: _Pool, exchange: AsyncExchange, route: Route) -> Any:
        from .library import library_pool, library_request

        key = route.pooled or ""
        served = pool.libraries.get(key)
        if served is None:
            made = library_pool(
                self._config, route, self._size, self._tls.context, self._options, _IDLE_SECONDS
            )
            served = pool.libraries.setdefault(key, made)
        exchange.phase = "wait"
        return await served.handle_async_request(library_request(exchange, route))

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
        host, port = machine_and_port(origin)
        secure = origin.startswith("https://")
        port = port or (443 if secure else 80)
        authority = origin.partition("://")[2]
        address = self._proxy(origin, host)
        if self._config.http2 or (address and not address.startswith("http://")):
            return Route(secure, host, port, authority, None, f"{secure} {address}")
        proxy = None
        if address:
            machine, entry = machine_and_port(address)
            proxy = Proxy.of(machine, entry or 80, login_of(address), self._config.proxy_headers.items())
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

    async def aclose(self) -> None:
        """Drop every connection of the running event loop. May be called twice."""
        pool = self._home.take()
        if pool is not None:
            await pool.aclose()


class AsyncHttpStream:
    """An answer of which the headers are in. Close it to give the connection back."""

    __slots__ = (
        "_answer",
        "_closed",
        "_connection",
        "_ended",
        "_exchange",
        "_foreign",
        "_inflater",
        "_pool",
        "_ready",
        "_source",
        "headers",
        "reason",
        "status",
    )

    def __init__(
        self,
        pool: _Pool,
        exchange: AsyncExchange,
        answer: Any,
        connection: AsyncConnection | None,
    ) -> None:
        self._pool = pool
        self._exchange = exchange
        self._connection = connection
        self._closed = False
        self._answer: AsyncAnswer | None = None
        self._foreign: Any = None  # an answer of the HTTP library, or of whoever stood in for it
        self._source: Any = None
        self._inflater: Inflater | None = None
        self._ready: list[bytes] = []
        self._ended = False
        if isinstance(answer, AsyncAnswer):
            self._answer = answer
            self.status: int = answer.reader.status
            self.reason: str = answer.reader.reason
            self.headers: dict[str, str] = answer.reader.headers
        else:
            self._foreign = answer
            self._source = answer.aiter_stream()
            self.status = answer.status
            self.reason = answer.extensions.get("reason_phrase", b"").decode("ascii", "replace")
            self.headers = _joined(answer.headers)

    async def whole(self) -> bytes:
        """Return the whole body, content encoding undone."""
        self._exchange.phase = "read"
        if self._answer is not None and "content-encoding" not in self.headers:
            return await self._answer.whole()
        pieces: list[bytes] = []
        while not self._ended:
            pieces += await self._some()
        return b"".join(pieces)

    def achunks(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces, content encoding undone."""
        return self

    # An iterator rather than a generator: one that is left early needs no tidying up.
    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        self._exchange.phase = "read"
        while not self._ready and not self._ended:
            try:
                self._ready = await self._some()
            except PineconeError:
                raise
            except _failures() as error:
                raise _translated(error, self._exchange, None) from error
        if not self._ready:
            raise StopAsyncIteration
        return self._ready.pop(0)

    async def _some(self) -> list[bytes]:
        """Return what comes next of the body; sets ``_ended`` at the end."""
        if self._inflater is None:
            from ..inflate import Inflater

            self._inflater = Inflater(self.headers.get("content-encoding", ""))
        if self._answer is not None:
            found = await self._answer.some()
        else:
            piece = await anext(self._source, None)
            found = [] if piece is None else [piece]
        if not found:
            self._inflater.end()
            self._ended = True
        return [piece for data in found for piece in self._inflater.feed(data)]

    async def leave(self) -> None:
        """Give the connection back, or drop it when the body was not read to its end."""
        if self._foreign is not None:
            await self._source.aclose()
            await self._foreign.aclose()
        connection, answer = self._connection, self._answer
        if connection is not None:
            if answer is not None and answer.reusable:
                await self._pool.give_back(self._exchange.request.origin, connection, self._exchange.now())
            else:
                await self._pool.drop(connection)

    async def aclose(self) -> None:
        """Give the connection back, or drop it when the body was not read to its end."""
        if self._closed:
            return
        self._closed = True
        try:
            await self.leave()
        finally:
            self._pool.slots.release()


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
            folder = os.path.isdir(ca)  # noqa: PTH112 - pathlib is slow to load
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
