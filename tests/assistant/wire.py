"""A transport that answers from a script, a clock that only moves when told, and both kinds of client."""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import anyio

import pinecone_assistant
from pinecone_core._async.concurrency import AsyncClock
from pinecone_core._sync.concurrency import Clock
from pinecone_core.config import RetryConfig
from pinecone_core.transport import Body, Request, Response

FLAVOURS = ("sync", "asyncio", "trio")
HOST = "https://data.example.com"
READY = {"name": "manuals", "status": "Ready", "host": HOST, "instructions": None, "metadata": None}


class Stream:
    """An answer in given pieces; counts how often it was closed."""

    reason = "OK"

    def __init__(self, pieces: list[bytes], failure: Exception | None = None, status: int = 200) -> None:
        self.status = status
        self.headers = {"content-type": "text/event-stream"}
        self.pieces = pieces
        self.failure = failure
        self.closed = 0
        self.waits_forever = False

    def chunks(self) -> Iterator[bytes]:
        yield from self.pieces
        if self.failure:
            raise self.failure

    async def achunks(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await anyio.lowlevel.checkpoint()
            yield piece
        if self.waits_forever:
            await anyio.sleep_forever()
        if self.failure:
            raise self.failure

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


class Wire:
    """Answers requests from a script, or by a function, and keeps them.

    The description of the assistant "manuals" is answered by itself, unless it is in the script.
    """

    def __init__(self, *answers: Any, by: Callable[[Request], Any] | None = None) -> None:
        self.answers = list(answers)
        self.by = by
        self.requests: list[Request] = []
        self.contents: list[bytes] = []

    def _answer(self, request: Request) -> Any:
        self.requests.append(request)
        answer = self.by(request) if self.by else self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Stream):
            return answer
        status, body = answer
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return Response(status, {"content-type": "application/json"}, content)

    def send(self, request: Request) -> Response:
        body = request.body
        self.contents.append(b"".join(body.chunks()) if isinstance(body, Body) else body or b"")
        return self._answer(request)  # type: ignore[no-any-return]

    async def asend(self, request: Request) -> Response:
        body = request.body
        if isinstance(body, Body):
            self.contents.append(b"".join([piece async for piece in body.achunks()]))
        else:
            self.contents.append(body or b"")
        return self._answer(request)  # type: ignore[no-any-return]

    def stream(self, request: Request) -> Stream:
        assert not isinstance(request.body, Body)
        self.contents.append(request.body or b"")
        return self._answer(request)  # type: ignore[no-any-return]

    async def astream(self, request: Request) -> Stream:
        return self.stream(request)

    def close(self) -> None:
        pass

    async def aclose(self) -> None:
        pass

    @property
    def lines(self) -> list[str]:
        return [f"{request.method} {request.origin}{request.target}" for request in self.requests]

    def body(self, position: int = -1) -> Any:
        content = self.contents[position]
        return json.loads(content) if content else None


def headers_of(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers}


class StillClock(Clock):
    """A clock that moves only by sleeping."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class AsyncStillClock(AsyncClock):
    """The same for tasks."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
        await anyio.lowlevel.checkpoint()


class Bench:
    """One kind of client over a scripted wire, and what runs its calls."""

    def __init__(self, flavour: str, wire: Wire, **options: Any) -> None:
        self.flavour = flavour
        self.wire = wire
        self.clock: Any = StillClock() if flavour == "sync" else AsyncStillClock()
        kind: Any = pinecone_assistant.Assistants if flavour == "sync" else pinecone_assistant.AsyncAssistants
        options.setdefault("retry_config", RetryConfig(max_retries=0))
        self.pc = kind(api_key="key-1234", transport=wire, clock=self.clock, **options)

    def run(self, value: Any) -> Any:
        """Return the value, or the result of awaiting it."""
        if not inspect.isawaitable(value):
            return value

        async def main() -> Any:
            return await value

        return anyio.run(main, backend=self.flavour)

    def walk(self, made: Callable[[], Any]) -> list[Any]:
        """Make something to iterate over, and read it to its end."""
        if self.flavour == "sync":
            return list(made())

        async def main() -> list[Any]:
            found = made()
            if inspect.isawaitable(found):
                found = await found
            return [item async for item in found]

        return anyio.run(main, backend=self.flavour)
