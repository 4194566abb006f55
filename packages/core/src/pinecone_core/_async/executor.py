"""The one loop that sends operations: headers, deadline, transport, retries, parsing."""

from __future__ import annotations

import random
import warnings
from typing import TYPE_CHECKING, Any, TypeVar

from .._version import __version__
from ..config import Timeout
from ..errors import PineconeClosedError, PineconeConnectionError, PineconeError, PineconeTimeoutError
from ..headers import fold, request_headers, sdk_headers
from ..hosts import is_loopback, split_base_url, validate_host
from ..operation import Operation
from ..retry import RetryBudget, RetryConfig, may_repeat, retry_cost, retry_delay
from ..transport import Body, Request, Response
from .concurrency import AsyncClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import EllipsisType

    from ..config import PineconeConfig
    from ..observe import Observation, Observer
    from ..transport import AsyncResponseStream, AsyncTransport

__all__ = ["AsyncExecutor"]

T = TypeVar("T")


class AsyncConnections:
    """What all executors of one client share: the transport, and the retry budgets by host."""

    def __init__(
        self,
        config: PineconeConfig,
        transport: AsyncTransport | None,
        observers: tuple[Observer, ...],
        clock: AsyncClock,
    ) -> None:
        self.config = config
        self.given = transport
        self.observers = observers
        self.clock = clock
        self.owner_closed = False
        self._own: dict[str, AsyncTransport] = {}
        self._budgets: dict[str, RetryBudget] = {}

    def transport(self) -> AsyncTransport:
        """Return the transport, making the default one on first use."""
        if self.given is not None:
            return self.given
        own = self._own.get("transport")
        if own is None:
            from .transport import AsyncHttpTransport

            # setdefault keeps one when two threads come here at once; making one opens nothing.
            own = self._own.setdefault("transport", AsyncHttpTransport(self.config, clock=self.clock))
        return own

    def budget(self, origin: str) -> RetryBudget:
        """Return the retry budget of a host."""
        budget = self._budgets.get(origin)
        if budget is None:
            budget = self._budgets.setdefault(origin, RetryBudget())
        return budget

    async def aclose(self) -> None:
        """Drop the connections of the default transport; a given one is its owner's to close."""
        own = self._own.get("transport")
        if own is not None:
            await own.aclose()

    def __getstate__(self) -> dict[str, Any]:
        # A copy opens connections of its own.
        return {
            "config": self.config,
            "given": self.given,
            "observers": self.observers,
            "clock": self.clock,
            "owner_closed": self.owner_closed,
            "_own": {},
            "_budgets": {},
        }


class AsyncExecutor:
    """Sends operations to one base URL with one client's settings.

    Copies made by ``at`` and ``with_options`` share the client's transport and retry budgets.

    Args:
        config: The client's configuration.
        base_url: Where operations go, ``scheme://host[:port][/prefix]``.
        transport: What moves requests; None for HTTP.
        product: What leads the user agent.
        observers: Who is told about every call.
        clock: The time; None for the system's.
    """

    def __init__(
        self,
        config: PineconeConfig,
        base_url: str,
        *,
        transport: AsyncTransport | None = None,
        product: str = f"python-client-{__version__}",
        observers: tuple[Observer, ...] = (),
        clock: AsyncClock | None = None,
    ) -> None:
        self._connections = AsyncConnections(config, transport, observers, clock or AsyncClock())
        self._sdk = sdk_headers(config, product)
        self._additional = fold(config.additional_headers)
        self._limits = config.limits
        self._retry: RetryConfig = config.retry_config
        self._on_response: Callable[[Response], None] | None = None
        self._is_owner = True
        self._closed = False
        self._aim(base_url)

    def _aim(self, base_url: str) -> None:
        url = validate_host(base_url)
        self._warn_when_plain(url)
        self._base_url = url
        self._origin, self._prefix = split_base_url(url)

    def _warn_when_plain(self, url: str) -> None:
        exposed = url.startswith("http://") and not is_loopback(url)
        if exposed and self._connections.given is None and self._connections.config.api_key:
            warnings.warn(
                f"The API key will be sent unencrypted to {url}; use https:// unless this is a trusted network",
                RuntimeWarning,
                stacklevel=4,
            )

    @property
    def config(self) -> PineconeConfig:
        """The client's configuration."""
        return self._connections.config

    @property
    def base_url(self) -> str:
        """Where operations go."""
        return self._base_url

    @property
    def clock(self) -> AsyncClock:
        """The time as this client sees it."""
        return self._connections.clock

    def _copy(self) -> AsyncExecutor:
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy._is_owner = False
        copy._closed = False
        return copy

    def at(self, base_url: str) -> AsyncExecutor:
        """Return a copy that sends to another base URL."""
        copy = self._copy()
        copy._aim(base_url)
        return copy

    def with_options(
        self,
        *,
        timeout: Timeout | float | EllipsisType | None = ...,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
        on_response: Callable[[Response], None] | None = None,
    ) -> AsyncExecutor:
        """Return a copy with other settings.

        Args:
            timeout: Seconds for a whole call, a ``Timeout``, or None for no limit; left out, as is.
            max_retries: Repeats after the first try; None, as is.
            headers: Further headers for every request.
            on_response: Called with every whole answer of the service, of whatever status.

        Returns:
            A copy that shares connections and retry budgets.
        """
        from dataclasses import replace

        copy = self._copy()
        if timeout is not ...:
            copy._limits = Timeout.of(timeout)
        if max_retries is not None:
            copy._retry = replace(self._retry, max_retries=max_retries)
        if headers:
            copy._additional = {**self._additional, **fold(headers)}
        if on_response is not None:
            copy._on_response = on_response
        return copy

    async def send(
        self,
        operation: Operation[T],
        *,
        timeout: Timeout | float | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> T:
        """Carry out an operation.

        Args:
            operation: What to do.
            timeout: Seconds for the whole call with all its tries; None for the client's.
            extra_headers: Headers for this call alone.

        Returns:
            What the operation returns.

        Raises:
            ApiError: The service refused or failed; subclasses by status.
            PineconeTimeoutError: The time ran out.
            PineconeConnectionError: The service could not be reached, or the connection broke.
            ResponseParsingError: The answer was not of the expected shape.
            PineconeTypeError: An argument has no JSON form.
        """
        response = await self._exchange(operation, timeout, extra_headers, streamed=False)
        return operation.result(response.headers, response.body)  # type: ignore[union-attr]

    async def stream(
        self,
        operation: Operation[Any],
        *,
        timeout: Timeout | float | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncResponseStream:
        """Carry out an operation whose answer is read piece by piece; the caller closes it.

        Raises what ``send`` raises. Once the answer has begun, nothing is repeated.
        """
        answer = await self._exchange(operation, timeout, extra_headers, streamed=True)
        return answer  # type: ignore[return-value]

    async def request(
        self,
        method: str,
        path: str,
        *,
        returns: Any = Any,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        repeat_safe: bool | None = None,
        timeout: Timeout | float | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Send any request with this client's key, retries and errors.

        Args:
            method: The HTTP verb.
            path: The path, percent-encoded, starting with ``/``.
            returns: A type to read the answer into; None ignores it.
            body: What to send as JSON.
            query: Query parameters.
            repeat_safe: Whether sending it twice does no harm; by default only for reading verbs.
            timeout: Seconds for the whole call; None for the client's.
            extra_headers: Headers for this call alone.

        Returns:
            The answer, read into ``returns``.
        """
        verb = method.upper()
        operation: Operation[Any] = Operation(
            f"{verb} {path}", verb, path, returns, body, query, repeat_safe=repeat_safe
        )
        return await self.send(operation, timeout=timeout, extra_headers=extra_headers)

    def _request(
        self, operation: Operation[Any], limits: Timeout, extra_headers: Mapping[str, str] | None
    ) -> Request:
        body = operation.encoded_body()
        origin, prefix = self._origin, self._prefix
        if operation.base_url is not None:
            self._warn_when_plain(operation.base_url)
            origin, prefix = split_base_url(operation.base_url)
        deadline = None if limits.total is None else self._connections.clock.now() + limits.total
        return Request(
            operation.method,
            origin,
            operation.target(prefix),
            request_headers(self._sdk, operation, body, self._additional, extra_headers),
            None if body is None else body.content,
            limits.connect,
            limits.read,
            limits.write,
            limits.pool,
            deadline,
        )

    async def _exchange(
        self,
        operation: Operation[Any],
        timeout: Timeout | float | None,
        extra_headers: Mapping[str, str] | None,
        *,
        streamed: bool,
    ) -> Response | AsyncResponseStream:
        if self._closed:
            raise PineconeClosedError("Cannot send a request, as the client has been closed.")
        limits = self._limits if timeout is None else Timeout.of(timeout)
        transport = self._connections.transport()
        request = self._request(operation, limits, extra_headers)
        watchers = self._watchers(operation, request)
        budget = self._connections.budget(request.origin)
        attempt = 0
        try:
            while True:
                try:
                    answer = await self._open(transport, request, streamed=streamed)
                    if answer.status // 100 == 2:
                        budget.succeed()
                        for watcher in watchers:
                            watcher.finished(answer.status, answer.headers)
                        return answer
                    error: PineconeError = operation.error(
                        answer.status,
                        answer.headers,
                        answer.body,  # type: ignore[union-attr]
                        reason=answer.reason,
                        now=self._connections.clock.wall(),
                    )
                except (PineconeConnectionError, PineconeTimeoutError) as caught:
                    error = caught
                delay = self._next_delay(error, operation, request, budget, attempt)
                if delay is None:
                    raise self._final(error, operation, request, attempt)
                for watcher in watchers:
                    watcher.retrying(error, attempt + 1, delay)
                await self._connections.clock.sleep(delay)
                attempt += 1
        except BaseException as error:
            for watcher in watchers:
                watcher.failed(error)
            raise

    async def _open(
        self, transport: AsyncTransport, request: Request, *, streamed: bool
    ) -> Response | AsyncResponseStream:
        if not streamed:
            response = await transport.asend(request)
            if self._on_response is not None:
                self._on_response(response)
            return response
        stream = await transport.astream(request)
        if stream.status // 100 == 2:
            return stream
        try:
            body = b"".join([chunk async for chunk in stream.achunks()])
        finally:
            await stream.aclose()
        return Response(stream.status, stream.headers, body, stream.reason)

    def _next_delay(
        self,
        error: PineconeError,
        operation: Operation[Any],
        request: Request,
        budget: RetryBudget,
        attempt: int,
    ) -> float | None:
        """Return how long to wait before another try, or None to give up."""
        if attempt >= self._retry.max_retries:
            return None
        if not may_repeat(self._retry, error, repeat_safe=operation.may_be_repeated):
            return None
        if isinstance(request.body, Body) and not request.body.replayable:
            return None
        delay = retry_delay(self._retry, error, attempt=attempt, jitter=random.random())
        if request.deadline is not None and self._connections.clock.now() + delay >= request.deadline:
            return None
        return delay if budget.take(retry_cost(error)) else None

    def _final(
        self, error: PineconeError, operation: Operation[Any], request: Request, attempt: int
    ) -> PineconeError:
        error.operation = operation.name
        error.host = request.origin
        if attempt and isinstance(error, PineconeConnectionError | PineconeTimeoutError):
            error.message = f"{error.message} (after {attempt + 1} tries)"
            error.args = (error.message,)
        return error

    def _watchers(self, operation: Operation[Any], request: Request) -> list[Observation]:
        observers = self._connections.observers
        if not observers:
            return []
        started = [observer.start(operation, request) for observer in observers]
        return [watcher for watcher in started if watcher is not None]

    async def aclose(self) -> None:
        """Refuse further calls, and drop the connections. May be called twice.

        A copy leaves the connections to the others as long as the one it was made from is open. A
        copy that is used after that opens new ones, which its own closing drops.
        """
        self._closed = True
        self._connections.owner_closed |= self._is_owner
        if self._connections.owner_closed:
            await self._connections.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._base_url!r})"
