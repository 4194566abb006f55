"""A transport that answers from a script, a clock that only moves when told, and both kinds of client."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

import anyio

import pinecone_db
from pinecone_core._async.concurrency import AsyncClock
from pinecone_core._sync.concurrency import Clock
from pinecone_core.config import RetryConfig
from pinecone_core.transport import Request, Response

FLAVOURS = ("sync", "asyncio", "trio")
Answer = tuple[int, Any] | Exception


class Wire:
    """Answers requests from a script, or by a function, and keeps them."""

    def __init__(self, *answers: Answer, by: Callable[[Request], Answer] | None = None) -> None:
        self.answers = list(answers)
        self.by = by
        self.requests: list[Request] = []

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.by(request) if self.by else self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return Response(status, {"content-type": "application/json"}, content)

    async def asend(self, request: Request) -> Response:
        return self.send(request)

    def stream(self, request: Request) -> Any:
        raise AssertionError("nothing here is streamed")

    async def astream(self, request: Request) -> Any:
        raise AssertionError("nothing here is streamed")

    def close(self) -> None:
        pass

    async def aclose(self) -> None:
        pass

    @property
    def lines(self) -> list[str]:
        return [f"{request.method} {request.target}" for request in self.requests]

    @property
    def bodies(self) -> list[Any]:
        return [body_of(request) for request in self.requests]


def body_of(request: Request) -> Any:
    if request.body is None:
        return None
    assert isinstance(request.body, bytes)
    return json.loads(request.body)


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

    def __init__(self, flavour: str, wire: Any, *, portal: Any = None, **options: Any) -> None:
        self.flavour = flavour
        self.wire: Any = wire
        self.portal = portal  # an event loop in a thread, for clients that hold connections
        self.clock: Any = StillClock() if flavour == "sync" else AsyncStillClock()
        kind: Any = pinecone_db.PineconeDB if flavour == "sync" else pinecone_db.AsyncPineconeDB
        options.setdefault("retry_config", RetryConfig(max_retries=0))
        self.pc = kind(api_key="key-1234", transport=wire, clock=self.clock, **options)

    def run(self, value: Any) -> Any:
        """Return the value, or the result of awaiting it."""
        if not inspect.isawaitable(value):
            return value

        async def main() -> Any:
            return await value

        return self.portal.call(main) if self.portal else anyio.run(main, backend=self.flavour)

    def whole(self, items: Any) -> list[Any]:
        """Read a generator of either kind to its end."""
        if not inspect.isasyncgen(items):
            return list(items)

        async def main() -> list[Any]:
            return [item async for item in items]

        return list(self.run(main()))

    def walk(self, paginator: Any) -> list[Any]:
        """Read a paginator to its end."""
        return list(self.run(paginator.to_list()))
