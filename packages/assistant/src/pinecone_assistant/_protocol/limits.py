"""How long calls may take that are longer than others by their nature."""

from __future__ import annotations

from dataclasses import replace

from pinecone_core.config import Timeout

__all__ = ["chat_limits", "upload_limits"]

_DEFAULT = Timeout()
_LONG = 300.0


def chat_limits(configured: Timeout, given: float | Timeout | None) -> Timeout:
    """Return the limits of a question: of a whole answer, or of each wait for a piece of it.

    Args:
        configured: The client's limits; the default ones, made for short calls, become 300 seconds.
        given: This call's limit, or None.
    """
    if given is not None:
        return Timeout.of(given)
    return replace(configured, total=_LONG) if configured.total == _DEFAULT.total else configured


def upload_limits(configured: Timeout) -> Timeout:
    """Return the limits of an upload: each piece has the client's whole time, the upload has none."""
    total = configured.total
    if total is None:
        return configured
    return replace(
        configured,
        total=None,
        connect=configured.connect or total,
        pool=configured.pool or total,
        write=configured.write or total,
        read=configured.read or max(total, _LONG),
    )
