"""Whether something waits to be read from a socket."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

__all__ = ["Readiness"]


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
        """Say so; a closed socket has nothing to wait for."""
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
