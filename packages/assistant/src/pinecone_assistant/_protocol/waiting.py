"""How long to wait for the service to finish something, and how to read what it says meanwhile."""

from __future__ import annotations

from typing import Any

from pinecone_core.errors import (
    NotFoundError,
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    RateLimitError,
    ServiceError,
)

from ..models.assistant import AssistantModel
from ..models.file import AssistantFileModel
from ..models.operation import OperationModel

__all__ = ["Deletion", "Patience", "assistant_is_ready", "file_is_there", "operation_is_done"]

_LONGEST_DELAY = 5.0
_MOST_FAULTS = 5
_GRACE = 60.0
_LEAST_LOOK = 1.0
_TRANSIENT = (PineconeConnectionError, PineconeTimeoutError, ServiceError, RateLimitError)


class Patience:
    """Decides, between one look and the next, whether and how long to wait.

    Looks come quickly at first and every five seconds later, none after the deadline. Single faults
    of the network or the service do not end the wait, several in a row do. What has not been seen
    yet may be unknown to the service for a minute after it was made.

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
        """Take note that it was found."""
        self._seen = True
        self._faults = 0

    def forgive(self, error: PineconeError, now: float) -> bool:
        """Say whether a failed look may be followed by another."""
        if isinstance(error, NotFoundError):
            return not self._seen and now - self._started < _GRACE
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


class Deletion:
    """Decides whether a deletion that was accepted can still come to its end.

    For a while after it was accepted the service may still show what was there before.

    Args:
        started: The clock when it was accepted.
    """

    def __init__(self, started: float) -> None:
        self._started = started
        self._began = False

    def of_assistant(self, seen: AssistantModel, now: float) -> bool:
        """Say whether an assistant is as good as gone.

        Raises:
            PineconeError: It will not be.
        """
        if seen.status in ("Failed", "InitializationFailed") and self._is_stuck(now):
            raise PineconeError(
                f"Assistant '{seen.name}' could not be deleted: it is still there with status '{seen.status}'"
            )
        self._began |= seen.status == "Terminating"
        return seen.status == "Terminated"

    def of_file(self, seen: AssistantFileModel, now: float) -> bool:
        """Say that a file is still there.

        Raises:
            PineconeError: It will be.
        """
        if seen.status not in (None, "Deleting") and self._is_stuck(now):
            raise PineconeError(
                f"File deletion failed for '{seen.id}': {seen.error_message or 'Unknown deletion error'}"
            )
        self._began |= seen.status == "Deleting"
        return False

    def _is_stuck(self, now: float) -> bool:
        return self._began or now - self._started >= _GRACE


def assistant_is_ready(seen: AssistantModel) -> bool:
    """Say whether an assistant can be used.

    Raises:
        PineconeError: It never will be.
    """
    if seen.status in ("Failed", "InitializationFailed", "Terminated", "Terminating"):
        raise PineconeError(f"Assistant '{seen.name}' entered terminal state '{seen.status}'")
    return seen.status == "Ready"


def file_is_there(seen: AssistantFileModel) -> bool:
    """Say whether a file has been taken in. One whose status is not told counts as taken in.

    Raises:
        PineconeError: It never will be.
    """
    if seen.status == "ProcessingFailed":
        raise PineconeError(
            f"File processing failed for '{seen.id}': {seen.error_message or 'Unknown processing error'}"
        )
    if seen.status == "Deleting":
        raise PineconeError(f"File processing failed for '{seen.id}': the file is being deleted")
    return seen.status in (None, "Available")


def operation_is_done(seen: OperationModel) -> bool:
    """Say whether an upsert has come to its end.

    Raises:
        PineconeError: It failed.
    """
    if seen.status == "Failed":
        raise PineconeError(
            f"Upsert operation failed for operation '{seen.operation_id}': "
            f"{seen.error or 'Unknown operation error'}"
        )
    return seen.status != "Processing"
