"""What the service says about an index or a job while one waits for it."""

from __future__ import annotations

from typing import Any

from pinecone_core.errors import (
    IndexInitFailedError,
    IndexTerminatedError,
    PineconeError,
    ResponseParsingError,
)

__all__ = ["has_ended", "index_is_late", "index_still_exists", "is_ready", "mark_created"]

_BAD_ENDS = ("Failed", "Cancelled", "InitializationFailed", "Terminating")


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
