# Made from ../_async/signing.py by tools/make_sync.py; do not edit.
"""Tokens: fetched when first needed, renewed in time and once when refused, shared by all callers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pinecone_core._sync.concurrency import Home, Lock
from pinecone_core._sync.executor import Executor
from pinecone_core.errors import ApiError, UnauthorizedError

from .._protocol.tokens import token_request, use_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_core._sync.concurrency import Clock
    from pinecone_core.config import PineconeConfig, Timeout
    from pinecone_core.observe import Observer
    from pinecone_core.operation import Operation
    from pinecone_core.transport import Transport

__all__ = ["SigningExecutor", "Tokens"]

T = TypeVar("T")


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
        self._held: tuple[str, float | None] | None = None
        self._locks = Home()

    def get(self, executor: SigningExecutor, *, refused: str | None = None) -> str:
        """Return a token that is good, fetching one when there is none.

        Args:
            executor: What sends the token request.
            refused: A token the service did not take; another one is returned.
        """
        held = self._good(executor, refused)
        if held is not None:
            return held
        with self._locks.get(Lock):
            held = self._good(executor, refused)
            if held is not None:
                return held
            answer = executor.send_bare(token_request(self.base_url, *self._credentials))
            if not answer.access_token:
                raise ApiError("OAuth response missing access_token", 200)
            seconds = use_for(answer.expires_in)
            until = None if seconds is None else executor.clock.now() + seconds
            self._held = (answer.access_token, until)
            return answer.access_token

    def _good(self, executor: SigningExecutor, refused: str | None) -> str | None:
        held = self._held
        if held is None or held[0] == refused:
            return None
        return held[0] if held[1] is None or executor.clock.now() < held[1] else None

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
        product: str,
        observers: tuple[Observer, ...] = (),
        clock: Clock | None = None,
    ) -> None:
        super().__init__(
            config, base_url, transport=transport, product=product, observers=observers, clock=clock
        )
        self._tokens = tokens
        # The environment may hold a key, which is not for these calls.
        self._sdk = {name: pair for name, pair in self._sdk.items() if name != "api-key"}

    def send(
        self,
        operation: Operation[T],
        *,
        timeout: Timeout | float | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> T:
        """Carry out an operation, signed; once more with a new token when the token is refused."""
        given = {name.lower() for name in extra_headers or ()}
        if "authorization" in self._additional or "authorization" in given:
            return super().send(operation, timeout=timeout, extra_headers=extra_headers)
        token = self._tokens.get(self)
        try:
            return super().send(operation, timeout=timeout, extra_headers=_signed(token, extra_headers))
        except UnauthorizedError:
            fresh = self._tokens.get(self, refused=token)
            if fresh == token:
                raise
        return super().send(operation, timeout=timeout, extra_headers=_signed(fresh, extra_headers))

    def send_bare(self, operation: Operation[T]) -> T:
        """Carry out an operation without a token and without the caller's headers."""
        bare = self._copy()
        bare._additional = {}
        return Executor.send(bare, operation)

    def send_with_key(self, operation: Operation[T], key: str) -> T:
        """Carry out an operation with an API key instead of a token."""
        keyed = self._copy()
        keyed._additional = {k: v for k, v in self._additional.items() if k != "authorization"}
        return Executor.send(keyed, operation, extra_headers={"Api-Key": key})


def _signed(token: str, headers: Mapping[str, str] | None) -> dict[str, str]:
    return {**(headers or {}), "Authorization": f"Bearer {token}"}
