"""Reading from a socket: how much at once, and whether something waits there."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

__all__ = ["LITTLE", "MUCH", "Readiness", "read_size"]

LITTLE = 1 << 16
"""How many bytes are read at once; for more, memory comes from the system at every read."""

MUCH = 1 << 18
"""How many bytes are read at once while that much comes."""


def read_size(before: int) -> int:
    """Return how many bytes to read at once after a read of ``before`` bytes."""
    return MUCH if before >= LITTLE else LITTLE


class Readiness:
    """Says whether reading from a socket would return at once.

    Args:
        raw: The socket.
    """

    __slots__ = ("_ask", "_raw")

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw
        self._ask: Callable[[int], list[Any]] | None = None

    def __call__(self) -> bool:
        """Say it; from a closed socket, reading fails at once."""
        number = self._raw.fileno()
        if number < 0:
            return True
        if self._ask is None:
            self._ask = _asking(number)
        return bool(self._ask(0))


def _asking(number: int) -> Callable[[int], list[Any]]:
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(number, select.POLLIN)
        return poll.poll
    return lambda wait: select.select([number], [], [], wait)[0]  # on Windows
