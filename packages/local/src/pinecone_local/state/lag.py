"""Eventual consistency on purpose: what reads see stays some time behind what was written."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from .namespace import Namespace

__all__ = ["Lag"]


class Lag:
    """What readers of one index see.

    Every write is noted here once it is committed, and done again on a second set of namespaces when its
    time has come. That costs the memory of the records once more.

    Args:
        clock: Seconds since the epoch.
        delay: Seconds until a write is seen; infinity waits for ``advance``.
        lsn: The number of the last write that is seen.
    """

    def __init__(self, clock: Callable[[], float], delay: float, lsn: int) -> None:
        self._clock = clock
        self._delay = delay
        self._lock = threading.RLock()
        self._waiting: deque[tuple[float, int, Callable[[dict[str, Namespace]], object]]] = deque()
        self._seen: dict[str, Namespace] = {}
        self._lsn = lsn

    def note(self, lsn: int, write: Callable[[dict[str, Namespace]], object]) -> None:
        """Take a write that was committed."""
        with self._lock:
            self._waiting.append((self._clock() + self._delay, lsn, write))

    def has(self, name: str) -> bool:
        """Say whether a namespace was ever seen or waits to be."""
        with self._lock:
            return name in self._seen

    def start(self, name: str, records: Namespace) -> None:
        """Show a namespace as it was before the first write."""
        with self._lock:
            self._seen.setdefault(name, records)

    def advance(self) -> None:
        """Show every write."""
        self._show(float("inf"))

    def _show(self, until: float) -> None:
        with self._lock:
            while self._waiting and self._waiting[0][0] <= until:
                _, self._lsn, write = self._waiting.popleft()
                write(self._seen)

    def seen(self) -> dict[str, Namespace]:
        """Return the namespaces as readers see them now."""
        with self._lock:
            self._show(self._clock())
            return self._seen.copy()

    @property
    def lsn(self) -> int:
        """The number of the last write that readers see now."""
        with self._lock:
            self._show(self._clock())
            return self._lsn
