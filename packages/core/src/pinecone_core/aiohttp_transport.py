"""A transport over aiohttp, for event loops of asyncio (``pip install pinecone-core[aiohttp]``)."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Any

import aiohttp
from yarl import URL

from ._async.concurrency import AsyncClock, AsyncHome, time_limit
from ._async.transport import _tls_context
from .config import PineconeConfig
from .errors import (
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    PineconeValueError,
    ResponseParsingError,
)
from .inflate import Inflater
from .transport import Request, Response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["AiohttpTransport"]

_DEFAULT_CONNECTIONS = 64
_IDLE_SECONDS = 50.0
_FAILURES = (aiohttp.ClientError, OSError, ValueError, TimeoutError, asyncio.TimeoutError)


class AiohttpTransport:
    """Moves requests with aiohttp; pass it to an asynchronous client as ``transport=``.

    Nothing is opened before the first request. A client leaves closing it to whoever made it.

    Args:
        config: Proxy, TLS and pool settings are taken from it; None for the defaults.
        clock: The clock that deadlines are measured on; the client's, if that has one of its own.

    Example:
        >>> transport = AiohttpTransport(PineconeConfig(connection_pool_maxsize=32))
    """

    def __init__(self, config: PineconeConfig | None = None, *, clock: AsyncClock | None = None) -> None:
        self._config = config or PineconeConfig()
        self._clock = clock or AsyncClock()
        self._home = AsyncHome()
        self._context: ssl.SSLContext | None = None

    async def asend(self, request: Request) -> Response:
        """Send a request and read the whole answer."""
        session = self._session()
        try:
            with time_limit(self._left(request)):
                answer = AiohttpStream(await self._begin(session, request), request)
                try:
                    body = b"".join([piece async for piece in answer.achunks()])
                finally:
                    await answer.aclose()
        except PineconeError:
            raise
        except _FAILURES as error:
            raise _translated(error, request) from error
        return Response(answer.status, answer.headers, body, answer.reason)

    async def astream(self, request: Request) -> AiohttpStream:
        """Send a request and return once the headers of the answer are in."""
        session = self._session()
        try:
            with time_limit(self._left(request)):
                return AiohttpStream(await self._begin(session, request), request)
        except PineconeError:
            raise
        except _FAILURES as error:
            raise _translated(error, request) from error

    async def _begin(self, session: aiohttp.ClientSession, request: Request) -> aiohttp.ClientResponse:
        headers = list(request.headers)
        body: Any = request.body
        if body is not None and not isinstance(body, bytes):
            if body.length is not None:
                headers.append(("Content-Length", str(body.length)))
            body = body.achunks()
        secure = request.origin.startswith("https:")
        return await session.request(
            request.method,
            URL(request.url, encoded=True),
            headers=headers,
            data=body,
            allow_redirects=False,
            proxy=self._config.proxy_url or None,
            proxy_headers=self._config.proxy_headers or None,
            ssl=self._tls() if secure else True,
            timeout=aiohttp.ClientTimeout(
                total=None, connect=request.pool, sock_connect=request.connect, sock_read=request.read
            ),
        )

    def _session(self) -> aiohttp.ClientSession:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise PineconeValueError(
                "AiohttpTransport needs an event loop of asyncio; leave transport= out to run on another"
            ) from None
        return self._home.get(self._new_session)

    def _new_session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._config.connection_pool_maxsize or _DEFAULT_CONNECTIONS,
                keepalive_timeout=_IDLE_SECONDS,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            trust_env=self._config.trust_env,
        )

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = _tls_context(self._config)
        return self._context

    def _left(self, request: Request) -> float | None:
        return None if request.deadline is None else max(0.0, request.deadline - self._clock.now())

    async def aclose(self) -> None:
        """Drop every connection of the running event loop. May be called twice."""
        session = self._home.take()
        if session is not None:
            await session.close()


class AiohttpStream:
    """An answer of which the headers are in. Close it to give the connection back."""

    def __init__(self, answer: aiohttp.ClientResponse, request: Request) -> None:
        self._answer = answer
        self._request = request
        self.status = answer.status
        self.reason = answer.reason or ""
        self.headers: dict[str, str] = {}
        for name, value in answer.headers.items():
            known = self.headers.get(name.lower())
            self.headers[name.lower()] = value if known is None else f"{known}, {value}"

    async def achunks(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces, content encoding undone."""
        inflater = Inflater(self.headers.get("content-encoding", ""))
        try:
            async for data in self._answer.content.iter_any():
                for piece in inflater.feed(data):
                    yield piece
        except PineconeError:
            raise
        except _FAILURES as error:
            raise _translated(error, self._request) from error
        inflater.end()

    async def aclose(self) -> None:
        """Give the connection back, or drop it when the body was not read to its end."""
        if self._answer.content.at_eof():
            self._answer.release()
        else:
            self._answer.close()


def _translated(error: Exception, request: Request) -> PineconeError:
    """Return a failure of the network or of aiohttp as one of ours."""
    origin = request.origin
    said = f": {error}" if str(error) else ""
    connecting = isinstance(error, getattr(aiohttp, "ConnectionTimeoutError", ()))
    if isinstance(error, TimeoutError | asyncio.TimeoutError):
        what = "connecting to" if connecting else "waiting for an answer from"
        return PineconeTimeoutError(f"Timed out {what} {origin}", sent=not connecting)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return PineconeConnectionError(
            f"The certificate of {origin} was refused{said}. "
            "If the service has a certificate of your own, pass its CA as ssl_ca_certs",
            sent=False,
            permanent=True,
        )
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return PineconeConnectionError(
            f"The proxy refused to connect to {origin}: {error.status} {error.message}",
            sent=False,
            permanent=400 <= error.status < 500,
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        return PineconeConnectionError(f"Cannot connect to {origin}{said}", sent=False)
    if isinstance(error, aiohttp.ClientResponseError):
        return ResponseParsingError(f"{origin} did not answer in HTTP: {error.message}")
    if isinstance(error, ValueError):
        # The text may quote a header's value, which may be a key.
        return PineconeValueError("The request has a header, path or body that HTTP does not allow")
    return PineconeConnectionError(f"The connection to {origin} broke{said}")
