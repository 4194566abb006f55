"""How long to wait for the service to finish something, and which faults meanwhile to pass over. Pure."""

from __future__ import annotations

from typing import Any

from .errors import (
    NotFoundError,
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    RateLimitError,
    ServiceError,
)

__all__ = ["NOT_SEEN_YET", "Patience"]

NOT_SEEN_YET = 60.0
"""Seconds for which the service may not yet show what was done."""

_LONGEST_DELAY = 5.0
_MOST_FAULTS = 5
_LEAST_LOOK = 1.0
_TRANSIENT = (PineconeConnectionError, PineconeTimeoutError, ServiceError, RateLimitError)


class Patience:
    """Decides, between one look at a resource and the next, whether and how long to wait.

    Looks come quickly at first and every five seconds later; none comes after the deadline. Single
    faults of the network or the service do not end the wait, several in a row do. A resource that has
    not been seen yet may be unknown to the service for a while after it was made.

    Args:
        timeout: Seconds to wait in all; None for as long as it takes.
        started: The clock when the wait began.
        late: What to say when the time is over.
    """

    def __init__(self, timeout: float | None, started: float, late: str) -> None:
        self._timeout = timeout
        self._started = started
        self._late = late
        self._looks = 0
        self._faults = 0
        self._seen = False

    def look_limit(self, now: float, usual: float | None) -> float | None:
        """Return how many seconds the next look may take, or None for the client's usual limit."""
        if self._timeout is None:
            return None
        left = max(self._timeout - (now - self._started), _LEAST_LOOK)
        return left if usual is None or left < usual else None

    def saw(self) -> None:
        """Take note that the resource was found."""
        self._seen = True
        self._faults = 0

    def forgive(self, error: PineconeError, now: float) -> bool:
        """Say whether a failed look may be followed by another."""
        if isinstance(error, NotFoundError):
            return not self._seen and now - self._started < NOT_SEEN_YET
        if not isinstance(error, _TRANSIENT) or getattr(error, "permanent", False):
            return False
        self._faults += 1
        return self._faults < _MOST_FAULTS

    def delay(self, now: float, last: Any = None) -> float:
        """Return the seconds until the next look.

        Args:
            now: The clock.
            last: What was seen last, for the error.

        Raises:
            PineconeTimeoutError: The time is over.
        """
        wanted = min(0.5 * 2.0**self._looks, _LONGEST_DELAY)
        self._looks = min(self._looks + 1, 10)
        if self._timeout is None:
            return wanted
        left = self._timeout - (now - self._started)
        if left <= 0:
            raise PineconeTimeoutError(self._late, sent=True, response=last)
        return min(wanted, left)
