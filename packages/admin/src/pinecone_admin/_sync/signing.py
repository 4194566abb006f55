# Made from ../_async/signing.py by tools/make_sync.py; do not edit.
"""Tokens: fetched when first needed, renewed in time and once when refused, shared by all callers."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from pinecone_core._sync.concurrency import Home, Slots
from pinecone_core._sync.executor import Executor
from pinecone_core.config import Timeout
from pinecone_core.errors import ApiError, PineconeError, PineconeTimeoutError, UnauthorizedError
from pinecone_core.hosts import is_loopback

from .._protocol.tokens import token_request, use_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_core._sync.concurrency import Clock
    from pinecone_core.config import PineconeConfig
    from pinecone_core.observe import Observer
    from pinecone_core.operation import Operation
    from pinecone_core.transport import Response, ResponseStream, Transport

__all__ = ["SigningExecutor", "Tokens"]

T = TypeVar("T")

_NEXT_RENEWAL = 30.0


class _Held(NamedTuple):
    """A token, from when on it is to be renewed, and when it ends; None for never."""

    token: str
    renew: float | None
    end: float | None


class _Limit:
    """The time one call has, for its token and all that follows."""

    def __init__(self, limits: Timeout, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._end = None if limits.total is None else clock.now() + limits.total

    def rest(self, part: float = 1.0) -> Timeout:
        """Return the limits of the next step, which may take a part of the time left."""
        if self._end is None:
            return self._limits
        left = (self._end - self._clock.now()) * part
        if left <= 0:
            raise PineconeTimeoutError(
                f"The call took longer than its {self._limits.total:g} seconds", sent=False
            )
        return replace(self._limits, total=left)


def _one_place() -> Slots:
    return Slots(1)


class Tokens:
    """The token of one client and of all its copies.

    Args:
        base_url: The token server.
        client_id: The service account's client id.
        client_secret: Its secret.
    """

    def __init__(self, base_url: str, client_id: str, client_secret: str) -> None:
        self.base_url = base_url
        self._credentials = (client_id, client_secret)
        self._forget()

    def _forget(self) -> None:
        # One field, so that another thread never sees a token with another token's time.
        self._held: _Held | None = None
        self._places = Home()

    def get(self, executor: SigningExecutor, limit: _Limit, *, refused: str | None = None) -> str:
        """Return a token that is good, fetching one when there is none.

        Args:
            executor: What sends the token request.
            limit: The time the call has.
            refused: A token the service did not take; another one is returned.
        """
        held = self._good(executor, refused)
        if held is not None:
            return held
        place = self._places.get(_one_place)
        if not place.acquire(limit.rest().total):
            raise PineconeTimeoutError("No token was there before the time of the call ran out", sent=False)
        try:
            return self._good(executor, refused) or self._renew(executor, limit, refused)
        finally:
            place.release()

    def _renew(self, executor: SigningExecutor, limit: _Limit, refused: str | None) -> str:
        old, now = self._held, executor.clock.now()
        if old is None or old.token == refused or (old.end is not None and now >= old.end):
            return self._fetch(executor, limit.rest())
        try:
            # The old token is still good: the call itself must have time left.
            return self._fetch(executor, limit.rest(0.5))
        except PineconeError:
            now = executor.clock.now()
            if old.end is not None and now >= old.end:
                raise
            self._held = old._replace(renew=now + _NEXT_RENEWAL)
            return old.token

    def _fetch(self, executor: SigningExecutor, timeout: Timeout) -> str:
        answer = executor.send_bare(token_request(self.base_url, *self._credentials), timeout=timeout)
        if not answer.access_token:
            raise ApiError("OAuth response missing access_token", 200)
        seconds, now = use_for(answer.expires_in), executor.clock.now()
        if seconds is None or answer.expires_in is None:
            self._held = _Held(answer.access_token, None, None)
        else:
            self._held = _Held(answer.access_token, now + seconds, now + answer.expires_in)
        return answer.access_token

    def _good(self, executor: SigningExecutor, refused: str | None) -> str | None:
        held = self._held
        if held is None or held.token == refused:
            return None
        now = executor.clock.now()
        in_time = (held.renew is None or now < held.renew) and (held.end is None or now < held.end)
        return held.token if in_time else None

    def __getstate__(self) -> dict[str, Any]:
        # Locks cannot be copied; a copy fetches a token of its own.
        return {"base_url": self.base_url, "_credentials": self._credentials}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._forget()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r})"


class SigningExecutor(Executor):
    """Sends operations with a token instead of a key."""

    def __init__(
        self,
        config: PineconeConfig,
        base_url: str,
        tokens: Tokens,
        *,
        transport: Transport | None = None,
        observers: tuple[Observer, ...] = (),
        clock: Clock | None = None,
    ) -> None:
        super().__init__(config, base_url, transport=transport, observers=observers, clock=clock)
        self._tokens: Tokens | None = tokens
        # The environment may hold a key, which is not for these calls.
        self._sdk = {name: pair for name, pair in self._sdk.items() if name != "api-key"}
        self._warn_when_plain(tokens.base_url)

    def _warn_when_plain(self, url: str) -> None:
        if url.startswith("http://") and not is_loopback(url) and self._connections.given is None:
            warnings.warn(
                f"Credentials will be sent unencrypted to {url}; use https:// outside trusted networks",
                RuntimeWarning,
                stacklevel=4,
            )

    # Under send and stream alike, so that both are signed.
    def _exchange(
        self,
        operation: Operation[Any],
        timeout: Timeout | float | None,
        extra_headers: Mapping[str, str] | None,
        *,
        streamed: bool,
    ) -> Response | ResponseStream:
        given = {*self._additional, *(name.lower() for name in extra_headers or ())}
        tokens = self._tokens
        if tokens is None or self._closed or "authorization" in given:
            return super()._exchange(operation, timeout, extra_headers, streamed=streamed)
        limit = _Limit(self._limits if timeout is None else Timeout.of(timeout), self.clock)
        token = tokens.get(self, limit)
        signed = _signed(token, extra_headers)
        try:
            return super()._exchange(operation, limit.rest(), signed, streamed=streamed)
        except UnauthorizedError:
            fresh = tokens.get(self, limit, refused=token)
            if fresh == token:
                raise
        signed = _signed(fresh, extra_headers)
        return super()._exchange(operation, limit.rest(), signed, streamed=streamed)

    def _unsigned(self) -> SigningExecutor:
        copy = cast("SigningExecutor", self._copy())
        copy._tokens = None
        return copy

    def send_bare(self, operation: Operation[T], *, timeout: Timeout) -> T:
        """Carry out an operation without a token, the caller's headers and the caller's ``on_response``."""
        bare = self._unsigned()
        bare._additional = {}
        bare._on_response = None
        return bare.send(operation, timeout=timeout)

    def send_with_key(self, operation: Operation[T], key: str) -> T:
        """Carry out an operation with an API key instead of a token."""
        keyed = self._unsigned()
        keyed._additional = {k: v for k, v in self._additional.items() if k != "authorization"}
        return keyed.send(operation, extra_headers={"Api-Key": key})


def _signed(token: str, headers: Mapping[str, str] | None) -> dict[str, str]:
    return {**(headers or {}), "Authorization": f"Bearer {token}"}
