# Made from ../_async/waiting.py by tools/make_sync.py; do not edit.
"""The loop that looks at a resource until it is as wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pinecone_core.errors import NotFoundError, PineconeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pinecone_core._sync.executor import Executor

    from .._protocol.waiting import Patience

__all__ = ["wait_until", "wait_until_gone"]

T = TypeVar("T")


def wait_until(
    done: Callable[[T], bool],
    look: Callable[[float | None], T],
    patience: Patience,
    executor: Executor,
) -> T:
    """Look at a resource until it is as wanted.

    Args:
        done: Says whether it is; raises when it never will be.
        look: Fetches it, in so many seconds, or None for the client's usual limit.
        patience: Decides about faults and delays.
        executor: Whose clock and limits count.

    Returns:
        What was seen last.
    """
    clock, usual = executor.clock, executor.config.limits.total
    while True:
        seen: T | None = None
        try:
            seen = look(patience.poll_timeout(clock.now(), usual))
        except PineconeError as error:
            if not patience.forgive(error, clock.now()):
                raise
        else:
            patience.saw()
            if done(seen):
                return seen
        clock.sleep(patience.delay(clock.now(), seen))


def wait_until_gone(look: Callable[[float | None], object], patience: Patience, executor: Executor) -> None:
    """Look at a resource until the service does not know it any more.

    Args:
        look: Fetches it, in so many seconds, or None for the client's usual limit.
        patience: Decides about faults and delays.
        executor: Whose clock and limits count.
    """
    clock, usual = executor.clock, executor.config.limits.total
    while True:
        seen: object = None
        try:
            seen = look(patience.poll_timeout(clock.now(), usual))
            patience.saw()
        except NotFoundError:
            return
        except PineconeError as error:
            if not patience.forgive(error, clock.now()):
                raise
        clock.sleep(patience.delay(clock.now(), seen))
