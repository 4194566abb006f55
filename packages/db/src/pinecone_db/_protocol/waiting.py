"""How long to wait for the service to finish something, and how to read what it says meanwhile."""

from __future__ import annotations

from typing import Any

from pinecone_core.errors import (
    IndexInitFailedError,
    IndexTerminatedError,
    NotFoundError,
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    RateLimitError,
    ResponseParsingError,
    ServiceError,
)

__all__ = ["Patience", "has_ended", "index_is_late", "index_still_exists", "is_ready", "mark_created"]

_LONGEST_DELAY = 5.0
_MOST_FAULTS = 5
_NOT_SEEN_YET = 60.0
_LEAST_POLL = 1.0
_BAD_ENDS = ("Failed", "Cancelled", "InitializationFailed", "Terminating")


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

    def poll_timeout(self, now: float, usual: float | None) -> float | None:
        """Return how many seconds the next look may take, or None for the client's usual limit."""
        if self._timeout is None:
            return None
        left = max(self._timeout - (now - self._started), _LEAST_POLL)
        return left if usual is None or left < usual else None

    def saw(self) -> None:
        """Take note that the resource was found."""
        self._seen = True
        self._faults = 0

    def forgive(self, error: PineconeError, now: float) -> bool:
        """Say whether a failed look may be followed by another."""
        if isinstance(error, NotFoundError):
            return not self._seen and now - self._started < _NOT_SEEN_YET
        if not isinstance(
            error, PineconeConnectionError | PineconeTimeoutError | ServiceError | RateLimitError
        ):
            return False
        if getattr(error, "permanent", False):
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


def is_ready(name: str, status: Any) -> bool:
    """Say whether an index can be used.

    Raises:
        IndexInitFailedError: It never will be.
        IndexTerminatedError: It is going away.
    """
    if status.ready:
        return True
    if status.state == "InitializationFailed":
        raise IndexInitFailedError(name)
    if status.state in ("Terminating", "Disabled"):
        raise IndexTerminatedError(name, status.state)
    return False


def index_is_late(name: str, timeout: float | None) -> str:
    """Say that an index was not ready in time."""
    return (
        f"Index '{name}' not ready after {timeout or 0:g}s; it is still being made, "
        f"see describe_index(name='{name}')"
    )


def index_still_exists(name: str, timeout: float | None) -> str:
    """Say that an index was not gone in time."""
    return f"Index '{name}' still exists after {timeout or 0:g}s; its deletion was accepted and goes on"


def mark_created(error: ResponseParsingError, name: str) -> ResponseParsingError:
    """Add to an error about an unreadable answer that the index was made all the same."""
    error.message = f"{error.message}; the index {name!r} was created all the same"
    error.args = (error.message,)
    return error


def has_ended(kind: str, identifier: str, status: str, done: str) -> bool:
    """Say whether a collection, backup or restore job has come to its good end.

    Raises:
        PineconeError: It never will.
    """
    if status == done:
        return True
    if status in _BAD_ENDS:
        raise PineconeError(f"{kind} {identifier!r} ended as {status!r}, not {done!r}")
    return False
