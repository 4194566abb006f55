"""Calls that run later: for tasks there are none, they are awaited.

Written by hand, as is its counterpart for threads: here the two truly differ.
"""

from __future__ import annotations

from pinecone_core.errors import PineconeTypeError

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["AsyncLater"]


class AsyncLater:
    """Refuses ``async_req`` and ``pool_threads``, which belong to threads.

    Args:
        threads: Must be None.
    """

    def __init__(self, threads: int | None = None) -> None:
        if threads is not None:
            raise PineconeTypeError("pool_threads is for the synchronous index; await the calls instead")

    def run(self, function: Callable[..., Any], **arguments: Any) -> Any:
        """Refuse."""
        raise PineconeTypeError("async_req is for the synchronous index; await the call instead")

    def close(self) -> None:
        """Do nothing."""

    def __reduce__(self) -> tuple[Any, ...]:
        return AsyncLater, ()
