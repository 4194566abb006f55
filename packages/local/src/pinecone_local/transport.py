"""The engine as a transport: what a client sends is answered in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, NoReturn, TypeVar
from urllib.parse import urlsplit

from pinecone_core.errors import PineconeConnectionError
from pinecone_core.transport import Request, Response

from .errors import ConnectionCutError, EngineClosedError
from .http import Call, Reply

if TYPE_CHECKING:
    from .engine import LocalEngine

__all__ = ["LocalTransport", "ReplyStream"]

R = TypeVar("R")


class ReplyStream:
    """An answer read piece by piece, blocking or asynchronously."""

    def __init__(self, reply: Reply) -> None:
        self.status = reply.status
        self.headers = {name.lower(): value for name, value in reply.headers.items()}
        self.reason = ""
        self._pieces: Iterator[bytes] = iter((reply.body,) if isinstance(reply.body, bytes) else reply.body)

    def chunks(self) -> Iterator[bytes]:
        """Yield the body in pieces."""
        yield from self._pieces

    def close(self) -> None:
        """Drop what was not read. May be called twice."""
        close = getattr(self._pieces, "close", None)
        self._pieces = iter(())
        if close is not None:
            close()

    async def achunks(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces, each made off the event loop."""
        pieces = self._pieces
        while True:
            piece = await _off_loop(lambda: next(pieces, None))
            if piece is None:
                return
            yield piece

    async def aclose(self) -> None:
        """Drop what was not read. May be called twice."""
        self.close()


class LocalTransport:
    """Answer requests with an engine; blocking and asynchronous in one object.

    Any host may be asked: a path under ``/_index/<label>`` or a host ``<label>.*`` leads to an index,
    everything else to the control plane. API keys count only where the engine has an account.
    Asynchronous calls run in worker threads, so that the event loop is never held up.

    Args:
        engine: The engine that answers. It stays open when the transport is closed.
    """

    #: Writing and reading a request are work of one interpreter: several bulk requests at a time would
    #: only take turns, and each a tenth longer.
    most_at_once = 1

    def __init__(self, engine: LocalEngine) -> None:
        self.engine = engine

    # ---- blocking

    def send(self, request: Request) -> Response:
        """Answer a request as a whole."""
        return self._whole(request, _read(request))

    def stream(self, request: Request) -> ReplyStream:
        """Answer a request piece by piece."""
        return ReplyStream(self._reply(request, _read(request)))

    def close(self) -> None:
        """Do nothing: there is no connection, and the engine is its owner's to close."""

    # ---- asynchronous

    async def asend(self, request: Request) -> Response:
        """Answer a request as a whole, off the event loop."""
        body = await _aread(request)
        return await _off_loop(lambda: self._whole(request, body))

    async def astream(self, request: Request) -> ReplyStream:
        """Answer a request piece by piece, off the event loop."""
        body = await _aread(request)
        return ReplyStream(await _off_loop(lambda: self._reply(request, body)))

    async def aclose(self) -> None:
        """Do nothing: there is no connection, and the engine is its owner's to close."""

    # ---- both

    def _reply(self, request: Request, body: bytes) -> Reply:
        call = Call.make(
            request.method,
            request.target,
            dict(request.headers),
            body,
            host=urlsplit(request.origin).netloc.lower(),
        )
        try:
            return self.engine.handle(call)
        except EngineClosedError as error:
            raise PineconeConnectionError(str(error), sent=False, permanent=True) from error
        except ConnectionCutError as cut:
            raise PineconeConnectionError(str(cut), sent=cut.sent) from cut

    def _whole(self, request: Request, body: bytes) -> Response:
        reply = self._reply(request, body)
        headers = {name.lower(): value for name, value in reply.headers.items()}
        return Response(reply.status, headers, reply.read())

    def __copy__(self) -> LocalTransport:
        return LocalTransport(self.engine)

    def __deepcopy__(self, memo: dict[int, object]) -> LocalTransport:
        return LocalTransport(self.engine)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A transport of an embedded engine cannot be pickled: the engine lives in this process. "
            "Serve it with `pinecone-local serve` and connect to the server instead."
        )

    def __repr__(self) -> str:
        return f"LocalTransport({self.engine!r})"


def _read(request: Request) -> bytes:
    body = request.body
    if body is None or isinstance(body, bytes):
        return body or b""
    return b"".join(body.chunks())


async def _aread(request: Request) -> bytes:
    body = request.body
    if body is None or isinstance(body, bytes):
        return body or b""
    return b"".join([piece async for piece in body.achunks()])


async def _off_loop(function: Callable[[], R]) -> R:
    from anyio import to_thread

    return await to_thread.run_sync(function)
