# Made from ../_async/http1.py by tools/make_sync.py; do not edit.
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
from .concurrency import Socket, step_limit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from ..routes import Proxy, Route
    from ..transport import Request
    from .concurrency import Clock

__all__ = ["Answer", "Connection", "Exchange"]

_ONE_WRITE = 1 << 16
_MOST_AHEAD = 1 << 25  # bytes made room for because an answer says how long it will be


class _BrokenPipeError(Exception):
    """Sending failed; what the server has to say about it may still be there to read."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


class Exchange:
    """One request on its way: its limits, and how far it has come."""

    __slots__ = ("_clock", "_deadline", "_request", "phase", "reused")

    def __init__(self, request: Request, clock: Clock) -> None:
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


class Connection:
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
        self._socket: Socket | None = None
        self._writer = HeadWriter(route)
        self.idle_since = 0.0

    def ask(self, exchange: Exchange) -> Answer:
        """Send a request and read the head of its answer. After a failure the connection is closed."""
        try:
            head = self._writer.head(exchange.request)
            link = self._socket
            exchange.reused = link is not None
            if link is None:
                link = self._open(exchange)
            exchange.phase = "send"
            failure = None
            try:
                self._send(link, head, exchange)
            except _BrokenPipeError as broken:
                failure = broken.error  # a server may refuse a request before it has read all of it
            exchange.phase = "wait"
            answer = Answer(self, exchange)
            try:
                while not answer.reader.status:
                    answer.advance()
            except OSError:
                if failure is not None:
                    raise failure from None
                raise
        except BaseException:
            self.close()
            raise
        if failure is not None:
            answer.reader.reusable = False
        return answer

    def _send(self, link: Socket, data: bytes, exchange: Exchange) -> None:
        body = exchange.request.body
        if body is None or isinstance(body, bytes):
            # Copying a large body only to save one write would cost more than it saves.
            if body and len(body) > _ONE_WRITE:
                self._put(link, data, exchange)
                data = body
            elif body:
                data += body
            self._put(link, data, exchange)
            return
        self._put(link, data, exchange)
        self._send_pieces(link, body, exchange)

    def _put(self, link: Socket, data: bytes, exchange: Exchange) -> None:
        try:
            link.send(data, exchange.step(exchange.request.write))
        except TimeoutError:
            raise
        except OSError as error:
            raise _BrokenPipeError(error) from error

    def _send_pieces(self, link: Socket, body: Body, exchange: Exchange) -> None:
        length, left = body.length, body.length or 0
        source: Any = body.chunks()
        try:
            while (piece := self._next_piece(source)) is not None:
                if length is not None and len(piece) > left:
                    raise PineconeValueError("the request body is longer than it said")
                left -= len(piece)
                if piece:  # an empty chunk would end the body
                    framed = piece if length is not None else b"%x\r\n%b\r\n" % (len(piece), piece)
                    self._put(link, framed, exchange)
        finally:
            if hasattr(source, "close"):
                source.close()
        if length is None:
            self._put(link, b"0\r\n\r\n", exchange)
        elif left:
            raise PineconeValueError("the request body is shorter than it said")

    def _next_piece(self, source: Any) -> bytes | None:
        try:
            piece: bytes | None = next(source, None)
        except OSError as error:
            raise PineconeValueError(f"the request body cannot be read: {error}") from error
        return piece

    def _open(self, exchange: Exchange) -> Socket:
        route, limit = self._route, exchange.request.connect
        peer = route.proxy or route
        link = Socket.connect(peer.host, peer.port, self._options, exchange.step(limit))
        self._socket = link
        if route.secure:
            if route.proxy is not None:
                self._tunnel(link, route.proxy, exchange)
            link.start_tls(self._context(), route.host, exchange.step(limit))
        return link

    def _tunnel(self, link: Socket, proxy: Proxy, exchange: Exchange) -> None:
        route, limit = self._route, exchange.request.connect
        host = f"[{route.host}]" if ":" in route.host else route.host
        target = f"{host}:{route.port}"
        headers = [("Host", target), ("Accept", "*/*"), *proxy.headers]
        link.send(request_head("CONNECT", target, headers), exchange.step(limit))
        reader = AnswerReader("CONNECT")
        while not reader.status:
            data = link.receive(exchange.step(limit))
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

    def link(self) -> Socket:
        """Return the socket, while there is one."""
        if self._socket is None:
            raise ConnectionResetError("the connection was closed")
        return self._socket

    def is_stale(self) -> bool:
        """Say whether the peer has ended this idle connection."""
        return self._socket is None or self._socket.is_readable()

    def close(self) -> None:
        """Close the connection. May be called twice."""
        link, self._socket = self._socket, None
        if link is not None:
            link.close()


class Answer:
    """An answer of which the head has come, and the way to the rest of it."""

    __slots__ = ("_connection", "_exchange", "_pieces", "_read", "reader")

    def __init__(self, connection: Connection, exchange: Exchange) -> None:
        self._connection = connection
        self._exchange = exchange
        self._read = exchange.request.read
        self._pieces: list[bytes] = []
        self.reader = AnswerReader(exchange.request.method)

    def advance(self) -> None:
        """Read once."""
        reader = self.reader
        data = self._connection.link().receive(self._exchange.step(self._read))
        if data:
            self._pieces += reader.feed(data)
        elif not reader.end():
            raise ConnectionResetError(
                "the server closed it before the answer was complete"
                if reader.begun
                else "the server closed it without an answer"
            )

    def whole(self) -> bytes:
        """Read to the end and return the body."""
        reader = self.reader
        if reader.complete:
            return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        # In one place from the start: many pieces and then their copy would be twice as much new memory.
        known = sum(map(len, self._pieces)) + reader.left
        body = BytesIO(bytes(min(known, _MOST_AHEAD)))
        while not reader.complete:
            body.writelines(self.some())
        return body.getvalue()

    def some(self) -> list[bytes]:
        """Return the pieces of the body that came next; none only at the end."""
        while not self._pieces and not self.reader.complete:
            self.advance()
        pieces, self._pieces = self._pieces, []
        return pieces

    @property
    def reusable(self) -> bool:
        """Whether the connection can carry another exchange."""
        return self.reader.complete and self.reader.reusable
