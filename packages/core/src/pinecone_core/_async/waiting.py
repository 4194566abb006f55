"""The loop that looks at something until it is as wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ..errors import NotFoundError, PineconeError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ..patience import Patience
    from .executor import AsyncExecutor

__all__ = ["wait_until", "wait_until_gone"]

T = TypeVar("T")


async def wait_until(
    done: Callable[[T], bool],
    look: Callable[[float | None], Awaitable[T]],
    patience: Patience,
    executor: AsyncExecutor,
) -> T:
    """Look at something until it is as wanted.

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
            seen = await look(patience.look_limit(clock.now(), usual))
        except PineconeError as error:
            if not patience.forgive(error, clock.now()):
                raise
        else:
            patience.saw()
            if done(seen):
                return seen
        await clock.sleep(patience.delay(clock.now(), seen))


async def wait_until_gone(
    look: Callable[[float | None], Awaitable[T]],
    patience: Patience,
    executor: AsyncExecutor,
    gone: Callable[[T, float], bool] | None = None,
) -> None:
    """Look at something until the service does not know it any more.

    Args:
        look: Fetches it, in so many seconds, or None for the client's usual limit.
        patience: Decides about faults and delays.
        executor: Whose clock and limits count.
        gone: Says, with the clock's time, whether it is as good as gone; raises when it never will be.
    """
    clock, usual = executor.clock, executor.config.limits.total
    while True:
        seen: T | None = None
        try:
            seen = await look(patience.look_limit(clock.now(), usual))
        except NotFoundError:
            return
        except PineconeError as error:
            if not patience.forgive(error, clock.now()):
                raise
        else:
            patience.saw()
            if gone is not None and gone(seen, clock.now()):
                return
        await clock.sleep(patience.delay(clock.now(), seen))
