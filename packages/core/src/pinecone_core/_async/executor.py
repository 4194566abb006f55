"""The one loop that sends operations: headers, deadline, transport, retries, parsing."""

from __future__ import annotations

import pinecone_core as core

from ..config import Timeout
from ..hosts import checked_target, is_loopback, split_base_url, validate_host
from ..on_demand import kept, replaced

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import EllipsisType
    from typing import Any, TypeVar

    from ..batching import Pace
    from ..config import PineconeConfig, RetryConfig
    from ..errors import PineconeError
    from ..headers import Folded
    from ..observe import Observer
    from ..operation import Operation
    from ..retry import RetryBudget
    from ..transport import AsyncResponseStream, AsyncTransport, Request, Response
    from .concurrency import AsyncClock

    T = TypeVar("T")

__all__ = ["AsyncExecutor"]


class AsyncConnections:
    """What all executors of one client share: the transport, and the retry budgets by host."""

    def __init__(
        self,
        config: PineconeConfig,
        transport: AsyncTransport | None,
        observers: tuple[Observer, ...],
        clock: AsyncClock | None,
    ) -> None:
        self.config = config
        self.given = transport
        self.observers = observers
        self._clock = clock
        self.owner_closed = False
        self._own: dict[str, AsyncTransport] = {}
        self._budgets: dict[str, RetryBudget] = {}
        self._paces: dict[str, Pace] = {}

    @property
    def clock(self) -> AsyncClock:
        """The time as the client sees it."""
        if self._clock is None:
            from .concurrency import AsyncClock

            self._clock = AsyncClock()
        return self._clock

    @kept
    def told(self) -> tuple[Observer, ...]:
        """Who is told about every call: the client's observers, and what logs."""
        return (*self.observers, core.call_log.call_log())

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
            budget = self._budgets.setdefault(origin, core.retry.RetryBudget())
        return budget

    def pace(self, origin: str) -> Pace:
        """Return how many bulk requests a host bears."""
        pace = self._paces.get(origin)
        if pace is None:
            most = getattr(self.given, "most_at_once", core.batching.MOST_IN_FLIGHT)
            pace = self._paces.setdefault(origin, core.batching.Pace(most))
        return pace

    async def aclose(self) -> None:
        """Drop the connections of the default transport; a given one is its owner's to close."""
        own = self._own.get("transport")
        if own is not None:
            await own.aclose()

    def __deepcopy__(self, memo: dict[int, Any]) -> AsyncConnections:
        # A given transport stays the one that was given: it may be an embedded engine full of data.
        copy = type(self)(self.config, self.given, self.observers, self._clock)
        copy.owner_closed = self.owner_closed
        return copy

    def __getstate__(self) -> dict[str, Any]:
        # A copy opens connections of its own.
        return {
            "config": self.config,
            "given": self.given,
            "observers": self.observers,
            "_clock": self._clock,
            "owner_closed": self.owner_closed,
            "_own": {},
            "_budgets": {},
            "_paces": {},
        }


class AsyncExecutor:
    """Sends operations to one base URL with one client's settings.

    Copies made by ``at`` and ``with_options`` share the client's transport and retry budgets.

    Args:
        config: The client's configuration.
        base_url: Where operations go, ``scheme://host[:port][/prefix]``.
        transport: What moves requests; None for HTTP.
        observers: Who is told about every call.
        clock: The time; None for the system's.
    """

    def __init__(
        self,
        config: PineconeConfig,
        base_url: str,
        *,
        transport: AsyncTransport | None = None,
        observers: tuple[Observer, ...] = (),
        clock: AsyncClock | None = None,
    ) -> None:
        self._connections = AsyncConnections(config, transport, observers, clock)
        self._limits = config.limits
        self._retry: RetryConfig = config.retry_config
        self._on_response: Callable[[Response], None] | None = None
        self._watching: tuple[Observer, ...] = ()
        self._is_owner = True
        self._closed = False
        self._aim(base_url)

    @kept
    def _sdk(self) -> Folded:
        return core.headers.sdk_headers(self.config)

    @kept
    def _additional(self) -> Folded:
        return core.headers.fold(self.config.additional_headers)

    def _aim(self, base_url: str) -> None:
        url = validate_host(base_url)
        self._warn_when_plain(url)
        self._base_url = url
        self._origin, self._prefix = split_base_url(url)

    def _warn_when_plain(self, url: str) -> None:
        exposed = url.startswith("http://") and not is_loopback(url)
        if exposed and self._connections.given is None and self._connections.config.api_key:
            import warnings

            warnings.warn(
                f"The API key will be sent unencrypted to {url}; use https:// outside trusted networks",
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

    @property
    def limits(self) -> Timeout:
        """How long a call may take when it has no limit of its own."""
        return self._limits

    @property
    def pace(self) -> Pace:
        """How many bulk requests this host bears, as all bulk calls of the client have learnt."""
        return self._connections.pace(self._origin)

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

    def watched_by(self, observer: Observer) -> AsyncExecutor:
        """Return a copy whose calls one more observer is told about."""
        copy = self._copy()
        copy._watching = (*self._watching, observer)
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
        copy = self._copy()
        if timeout is not ...:
            copy._limits = Timeout.of(timeout)
        if max_retries is not None:
            copy._retry = replaced(self._retry, max_retries=max_retries)
        if headers:
            copy._additional = {
                **self._additional,
                **core.headers.fold(core.headers.checked("headers", headers)),
            }
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
        try:
            return operation.result(response.headers, response.body)  # type: ignore[union-attr]
        except core.errors.PineconeError as error:
            error.host = error.host or self._origin
            raise

    async def stream(
        self,
        operation: Operation[Any],
        *,
        timeout: Timeout | float | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncResponseStream:
        """Carry out an operation whose answer is read piece by piece; the caller closes it.

        Raises what ``send`` raises. Once the answer has begun, nothing is repeated, and the time
        limit bounds each wait for the next piece.
        """
        answer = await self._exchange(operation, timeout, extra_headers, streamed=True)
        return answer  # type: ignore[return-value]

    async def request(
        self,
        method: str,
        path: str,
        *,
        returns: Any = object,
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
        checked_target(path)
        operation: Operation[Any] = core.operation.Operation(
            f"{verb} {path}", verb, path, returns, body, query, repeat_safe=repeat_safe
        )
        return await self.send(operation, timeout=timeout, extra_headers=extra_headers)

    def _request(
        self,
        operation: Operation[Any],
        limits: Timeout,
        extra_headers: Mapping[str, str] | None,
        *,
        streamed: bool,
    ) -> Request:
        body = operation.encoded_body()
        if extra_headers:
            core.headers.checked("extra_headers", extra_headers)
        origin, prefix = self._origin, self._prefix
        if operation.base_url is not None:
            url = validate_host(operation.base_url, "base_url")
            self._warn_when_plain(url)
            origin, prefix = split_base_url(url)
        read = limits.read
        if streamed and read is None:
            read = limits.total
        deadline = None if limits.total is None else self._connections.clock.now() + limits.total
        return core.transport.Request(
            operation.method,
            origin,
            operation.target(prefix),
            core.headers.request_headers(self._sdk, operation, body, self._additional, extra_headers),
            None if body is None else body.content,
            limits.connect,
            read,
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
            raise core.errors.PineconeClosedError("Cannot send a request, as the client has been closed.")
        limits = self._limits if timeout is None else Timeout.of(timeout)
        transport = self._connections.transport()
        request = self._request(operation, limits, extra_headers, streamed=streamed)
        watchers = core.watchers.Watchers((*self._connections.told, *self._watching), operation, request)
        budget = self._connections.budget(request.origin)
        attempt = 0
        stale = 2  # how often a connection kept too long is replaced without its counting as a try
        lost = False  # whether an earlier try may have been carried out without our learning of it
        try:
            while True:
                outcome = await self._attempt(transport, operation, request, streamed=streamed)
                if lost and isinstance(outcome, core.errors.NotFoundError) and operation.method == "DELETE":
                    # What was to go is gone: the earlier try was carried out.
                    outcome = core.transport.Response(outcome.status_code, dict(outcome.headers or {}))
                if not isinstance(outcome, core.errors.PineconeError):
                    budget.succeed()
                    watchers.finished(outcome.status, outcome.headers)
                    return outcome
                lost = lost or core.retry.may_have_acted(outcome)
                if stale and self._is_stale(outcome, operation, request):
                    stale -= 1
                    continue
                delay = self._next_delay(outcome, operation, request, budget, attempt)
                if delay is None:
                    raise _final(outcome, attempt)
                watchers.retrying(outcome, attempt + 1, delay)
                await self._connections.clock.sleep(delay)
                attempt += 1
        except BaseException as error:
            if isinstance(error, core.errors.PineconeError):
                error.operation, error.host = operation.name, request.origin
            watchers.failed(error)
            raise

    async def _attempt(
        self, transport: AsyncTransport, operation: Operation[Any], request: Request, *, streamed: bool
    ) -> Response | AsyncResponseStream | PineconeError:
        """Send once; return the answer, or the failure that a repeat might mend."""
        try:
            if streamed:
                answer = await self._begun(transport, request)
            else:
                answer = await transport.asend(request)
        except (core.errors.PineconeConnectionError, core.errors.PineconeTimeoutError) as error:
            return error
        succeeded = answer.status // 100 == 2
        if self._on_response is not None and not (streamed and succeeded):
            self._on_response(answer)  # type: ignore[arg-type]
        if succeeded:
            return answer
        return operation.error(
            answer.status,
            answer.headers,
            answer.body,  # type: ignore[union-attr]
            reason=answer.reason,
            now=self._connections.clock.wall(),
        )

    @staticmethod
    async def _begun(transport: AsyncTransport, request: Request) -> Response | AsyncResponseStream:
        """Return an answer that is to be read piece by piece; a refusal is read to its end."""
        stream = await transport.astream(request)
        if stream.status // 100 == 2:
            return stream
        try:
            body = b"".join([chunk async for chunk in stream.achunks()])
        finally:
            await stream.aclose()
        return core.transport.Response(stream.status, stream.headers, body, stream.reason)

    @staticmethod
    def _is_stale(error: PineconeError, operation: Operation[Any], request: Request) -> bool:
        """Say whether a kept connection had ended, so that the request can go out again at once."""
        repeatable = operation.may_be_repeated and _is_replayable(request)
        return isinstance(error, core.errors.PineconeConnectionError) and error.stale and repeatable

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
        if not core.retry.may_repeat(self._retry, error, repeat_safe=operation.may_be_repeated):
            return None
        if not _is_replayable(request):
            return None
        delay = core.retry.retry_delay(self._retry, error, attempt=attempt, jitter=_jitter())
        if request.deadline is not None and self._connections.clock.now() + delay >= request.deadline:
            return None
        return delay if budget.take(core.retry.retry_cost(error)) else None

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


def _is_replayable(request: Request) -> bool:
    return not isinstance(request.body, core.transport.Body) or request.body.replayable


def _final(error: PineconeError, attempt: int) -> PineconeError:
    if attempt and isinstance(error, core.errors.PineconeConnectionError | core.errors.PineconeTimeoutError):
        error.message = f"{error.message} (after {attempt + 1} tries)"
        error.args = (error.message,)
    return error


def _jitter() -> float:
    """Return a number drawn evenly from 0 to 1."""
    import random  # rarely needed

    return random.random()
