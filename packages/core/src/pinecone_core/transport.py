"""What travels between a client and a server, and the protocol a transport speaks.

A transport moves one request and brings back one answer. It does not retry, does not look at
statuses and does not decode bodies; the executor does. Anything that has these methods can be
passed as ``transport=``: the default over HTTP, the embedded engine, or a test double.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import msgspec

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

__all__ = [
    "AsyncResponseStream",
    "AsyncTransport",
    "Body",
    "Request",
    "Response",
    "ResponseStream",
    "Transport",
]


@runtime_checkable
class Body(Protocol):
    """A request body that is produced piece by piece.

    ``length`` is the size in bytes, or None when it is not known before sending. ``replayable``
    says whether the pieces can be produced a second time, which a retry needs.
    """

    @property
    def length(self) -> int | None:
        """The size in bytes, or None."""
        ...

    @property
    def replayable(self) -> bool:
        """Whether the pieces can be produced again."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """Produce the pieces."""
        ...

    def achunks(self) -> AsyncIterator[bytes]:
        """Produce the pieces, for a transport on an event loop."""
        ...


class Request(msgspec.Struct):
    """One HTTP request, ready to send.

    Attributes:
        method: The verb, upper case.
        origin: Scheme, host and port, without a trailing slash (``https://api.pinecone.io``).
        target: Path and query, percent-encoded, starting with ``/``.
        headers: Name and value pairs, without ``Host`` and ``Content-Length``.
        body: The bytes to send, a body produced in pieces, or None.
        connect: Seconds a connection attempt may take, or None.
        read: Seconds between two pieces of the answer, or None.
        write: Seconds one write may take, or None.
        pool: Seconds to wait for a free connection, or None.
        deadline: Moment on the client's monotonic clock by which all must be done, or None.
    """

    method: str
    origin: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes | Body | None = None
    connect: float | None = None
    read: float | None = None
    write: float | None = None
    pool: float | None = None
    deadline: float | None = None

    @property
    def url(self) -> str:
        """The whole address."""
        return self.origin + self.target

    # Headers hold keys, and bodies hold what is private.
    def __repr__(self) -> str:
        return f"Request({self.method} {self.url})"


class Response(msgspec.Struct):
    """One whole answer.

    Attributes:
        status: The HTTP status code.
        headers: Lower-case names; repeated headers are joined with a comma and a space.
        body: The bytes of the body, with any content encoding already undone.
        reason: The reason phrase, often empty.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""
    reason: str = ""

    def __repr__(self) -> str:
        return f"Response({self.status}, {len(self.body)} bytes)"


class ResponseStream(Protocol):
    """An answer whose body is read piece by piece; close it when done."""

    status: int
    headers: dict[str, str]
    reason: str

    def chunks(self) -> Iterator[bytes]:
        """Yield the body in pieces, content encoding undone."""
        ...

    def close(self) -> None:
        """Give the connection back, or drop it when the body was not read to its end."""
        ...


class AsyncResponseStream(Protocol):
    """An answer whose body is read piece by piece; close it when done."""

    status: int
    headers: dict[str, str]
    reason: str

    def achunks(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces, content encoding undone."""
        ...

    async def aclose(self) -> None:
        """Give the connection back, or drop it when the body was not read to its end."""
        ...


@runtime_checkable
class Transport(Protocol):
    """The blocking side. Safe to share between threads.

    Failures are raised as ``PineconeConnectionError`` or ``PineconeTimeoutError``, whose ``sent``
    says whether any byte of the request may have reached the server. With an attribute ``most_at_once``
    a transport bounds how many requests of bulk calls it is given at a time.
    """

    def send(self, request: Request) -> Response:
        """Send a request and read the whole answer."""
        ...

    def stream(self, request: Request) -> ResponseStream:
        """Send a request and return once the headers of the answer are in."""
        ...

    def close(self) -> None:
        """Drop every connection. May be called twice."""
        ...


@runtime_checkable
class AsyncTransport(Protocol):
    """The asynchronous side: the same three, under names that let one object offer both."""

    async def asend(self, request: Request) -> Response:
        """Send a request and read the whole answer."""
        ...

    async def astream(self, request: Request) -> AsyncResponseStream:
        """Send a request and return once the headers of the answer are in."""
        ...

    async def aclose(self) -> None:
        """Drop every connection. May be called twice."""
        ...
