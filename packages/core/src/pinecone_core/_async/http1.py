"""One connection and one exchange over it: HTTP/1.1, directly or through an HTTP proxy.

A whole exchange is one write and, for a small answer, one read. The deadline of a call bounds it
from outside for tasks and at each step for threads (see ``concurrency``).
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from ..errors import PineconeConnectionError, PineconeValueError
from ..http1 import AnswerReader, HeadWriter, request_head
from ..transport import Body
from .concurrency import AsyncSocket, step_limit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from ..routes import Proxy, Route
    from ..transport import Request
    from .concurrency import AsyncClock

__all__ = ["AsyncAnswer", "AsyncConnection", "AsyncExchange"]

_ONE_WRITE = 1 << 16
_MOST_AHEAD = 1 << 25  # bytes made room for because an answer says how long it will be


class _BrokenPipeError(Exception):
    """Sending failed; what the server has to say about it may still be there to read."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


class AsyncExchange:
    """One request on its way: its limits, and how far it has come."""

    __slots__ = ("_clock", "_deadline", "_request", "phase", "reused")

    def __init__(self, request: Request, clock: AsyncClock) -> None:
        self._request = request
        self._deadline = request.deadline
        self._clock = clock
        self.phase = "connect"
        self.reused = False

    @property
    def request(self) -> Request:
        """What is sent."""
        return self._request

    def now(self) -> float:
        """Return the time on the clock that deadlines are measured on."""
        return self._clock.now()

    def left(self) -> float | None:
        """Return the seconds to the deadline."""
        return None if self._deadline is None else max(0.0, self._deadline - self._clock.now())

    def step(self, part: float | None) -> float | None:
        """Return the limit of the next step, whose kind has the limit ``part``."""
        return step_limit(part, self.left)

    def begun(self) -> None:
        """Take note that the answer has begun: from here on only each wait for more is bounded."""
        self._deadline = None


class AsyncConnection:
    """A connection that carries one exchange at a time.

    Args:
        route: Where it leads.
        context: Makes the TLS context, for a route that needs one.
        options: Socket options.
    """

    def __init__(
        self, route: Route, context: Callable[[], ssl.SSLContext], options: list[tuple[int, int, int]]
    ) -> None:
        self._route = route
        self._context = context
        self._options = options
        self._socket: AsyncSocket | None = None
        self._writer = HeadWriter(route)
        self.idle_since = 0.0

    async def ask(self, exchange: AsyncExchange) -> AsyncAnswer:
        """Send a request and read the head of its answer. After a failure the connection is closed."""
        try:
            head = self._writer.head(exchange.request)
            link = self._socket
            exchange.reused = link is not None
            if link is None:
                link = await self._open(exchange)
            exchange.phase = "send"
            failure = None
            try:
                await self._send(link, head, exchange)
            except _BrokenPipeError as broken:
                failure = broken.error  # a server may refuse a request before it has read all of it
            exchange.phase = "wait"
            answer = AsyncAnswer(self, exchange)
            try:
                while not answer.reader.status:
                    await answer.advance()
            except OSError:
                if failure is not None:
                    raise failure from None
                raise
        except BaseException:
            await self.aclose()
            raise
        if failure is not None:
            answer.reader.reusable = False
        return answer

    async def _send(self, link: AsyncSocket, data: bytes, exchange: AsyncExchange) -> None:
        body = exchange.request.body
        if body is None or isinstance(body, bytes):
            # Copying a large body only to save one write would cost more than it saves.
            if body and len(body) > _ONE_WRITE:
                await self._put(link, data, exchange)
                data = body
            elif body:
                data += body
            await self._put(link, data, exchange)
            return
        await self._put(link, data, exchange)
        await self._send_pieces(link, body, exchange)

    async def _put(self, link: AsyncSocket, data: bytes, exchange: AsyncExchange) -> None:
        try:
            await link.send(data, exchange.step(exchange.request.write))
        except TimeoutError:
            raise
        except OSError as error:
            raise _BrokenPipeError(error) from error

    async def _send_pieces(self, link: AsyncSocket, body: Body, exchange: AsyncExchange) -> None:
        length, left = body.length, body.length or 0
        source: Any = body.achunks()
        try:
            while (piece := await self._next_piece(source)) is not None:
                if length is not None and len(piece) > left:
                    raise PineconeValueError("the request body is longer than it said")
                left -= len(piece)
                if piece:  # an empty chunk would end the body
                    framed = piece if length is not None else b"%x\r\n%b\r\n" % (len(piece), piece)
                    await self._put(link, framed, exchange)
        finally:
            if hasattr(source, "aclose"):
                await source.aclose()
        if length is None:
            await self._put(link, b"0\r\n\r\n", exchange)
        elif left:
            raise PineconeValueError("the request body is shorter than it said")

    async def _next_piece(self, source: Any) -> bytes | None:
        try:
            piece: bytes | None = await anext(source, None)
        except OSError as error:
            raise PineconeValueError(f"the request body cannot be read: {error}") from error
        return piece

    async def _open(self, exchange: AsyncExchange) -> AsyncSocket:
        route, limit = self._route, exchange.request.connect
        peer = route.proxy or route
        link = await AsyncSocket.connect(peer.host, peer.port, self._options, exchange.step(limit))
        self._socket = link
        if route.secure:
            if route.proxy is not None:
                await self._tunnel(link, route.proxy, exchange)
            await link.start_tls(self._context(), route.host, exchange.step(limit))
        return link

    async def _tunnel(self, link: AsyncSocket, proxy: Proxy, exchange: AsyncExchange) -> None:
        route, limit = self._route, exchange.request.connect
        host = f"[{route.host}]" if ":" in route.host else route.host
        target = f"{host}:{route.port}"
        headers = [("Host", target), ("Accept", "*/*"), *proxy.headers]
        await link.send(request_head("CONNECT", target, headers), exchange.step(limit))
        reader = AnswerReader("CONNECT")
        while not reader.status:
            data = await link.receive(exchange.step(limit))
            if not data:
                raise ConnectionResetError("the proxy closed the connection")
            reader.feed(data)
        if reader.status // 100 != 2:
            raise PineconeConnectionError(
                f"The proxy {proxy.host}:{proxy.port} refused to connect to {target}: "
                f"{reader.status} {reader.reason}".rstrip(),
                sent=False,
                permanent=400 <= reader.status < 500,
            )

    def link(self) -> AsyncSocket:
        """Return the socket, while there is one."""
        if self._socket is None:
            raise ConnectionResetError("the connection was closed")
        return self._socket

    def is_stale(self) -> bool:
        """Say whether the peer has ended this idle connection."""
        return self._socket is None or self._socket.is_readable()

    async def aclose(self) -> None:
        """Close the connection. May be called twice."""
        link, self._socket = self._socket, None
        if link is not None:
            await link.aclose()


class AsyncAnswer:
    """An answer of which the head has come, and the way to the rest of it."""

    __slots__ = ("_connection", "_exchange", "_pieces", "_read", "reader")

    def __init__(self, connection: AsyncConnection, exchange: AsyncExchange) -> None:
        self._connection = connection
        self._exchange = exchange
        self._read = exchange.request.read
        self._pieces: list[bytes] = []
        self.reader = AnswerReader(exchange.request.method)

    async def advance(self) -> None:
        """Read once."""
        reader = self.reader
        data = await self._connection.link().receive(self._exchange.step(self._read))
        if data:
            self._pieces += reader.feed(data)
        elif not reader.end():
            raise ConnectionResetError(
                "the server closed it before the answer was complete"
                if reader.begun
                else "the server closed it without an answer"
            )

    async def whole(self) -> bytes:
        """Read to the end and return the body."""
        reader = self.reader
        if reader.complete:
            return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        # In one place from the start: many pieces and then their copy would be twice as much new memory.
        known = sum(map(len, self._pieces)) + reader.left
        body = BytesIO(bytes(min(known, _MOST_AHEAD)))
        while not reader.complete:
            body.writelines(await self.some())
        return body.getvalue()

    async def some(self) -> list[bytes]:
        """Return the pieces of the body that came next; none only at the end."""
        while not self._pieces and not self.reader.complete:
            await self.advance()
        pieces, self._pieces = self._pieces, []
        return pieces

    @property
    def reusable(self) -> bool:
        """Whether the connection can carry another exchange."""
        return self.reader.complete and self.reader.reusable
