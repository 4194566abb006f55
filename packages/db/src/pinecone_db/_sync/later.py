"""Calls that run later, in threads: the ``async_req`` of earlier generations.

Written by hand, as is its counterpart for tasks: here the two truly differ.
"""

from __future__ import annotations

from _thread import allocate_lock  # what threading.Lock is, without the rest

from pinecone_core.checks import positive_integer
from pinecone_core.errors import PineconeClosedError

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["Later"]

_DEFAULT_THREADS = 10
_RESULT_CLASS: list[type] = []  # made when the first call begins


class Later:
    """Runs calls in a pool of threads that is made at the first of them.

    Args:
        threads: How many calls run at a time; None for 10.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._threads = _DEFAULT_THREADS if threads is None else positive_integer("pool_threads", threads)
        self._pool: Any = None
        self._lock = allocate_lock()
        self._closed = False

    def run(self, function: Callable[..., Any], **arguments: Any) -> Any:
        """Begin a call; return a result with ``get(timeout)``, ``result``, ``wait`` and ``ready``."""
        with self._lock:
            if self._closed:
                raise PineconeClosedError("Cannot begin a call, as the index has been closed.")
            if self._pool is None:
                from multiprocessing.pool import ThreadPool

                self._pool = ThreadPool(self._threads)
            begun = self._pool.apply_async(function, kwds=arguments)
        begun.__class__ = _result_class()
        return begun

    def close(self) -> None:
        """Wait for the calls that were begun, and refuse further ones. May be called twice."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()
            pool.join()

    def __reduce__(self) -> tuple[Any, ...]:
        return Later, (self._threads,)


def _result_class() -> type:
    """Return the class of results: that of the pool, with a method that callers know from futures."""
    if not _RESULT_CLASS:
        from multiprocessing.pool import ApplyResult

        _RESULT_CLASS.append(type("LaterResult", (ApplyResult,), {"result": ApplyResult.get}))
    return _RESULT_CLASS[0]
