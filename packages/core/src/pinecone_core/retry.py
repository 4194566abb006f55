"""Whether a failed request is tried again, and after how long. Pure: no clock, no randomness."""

from __future__ import annotations

import pinecone_core as core

from .config import RETRYABLE_STATUS_CODES

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from .config import RetryConfig
    from .errors import PineconeError

__all__ = [
    "RetryBudget",
    "may_have_acted",
    "may_have_moved",
    "may_repeat",
    "parse_retry_after",
    "retry_cost",
    "retry_delay",
]

# Statuses with which a service turns a request away before it does any work.
_REFUSED = frozenset({429, 503})

# The ceiling of the first wait in seconds: faults pass quickly, throttling does not.
_FAULT_BASE = 0.1
_THROTTLE_BASE = 1.0


def parse_retry_after(text: str | None, now: float) -> float | None:
    """Read a ``Retry-After`` header.

    Args:
        text: The header's value: seconds, or an HTTP date.
        now: The wall clock, in seconds since the epoch.

    Returns:
        Seconds to wait, 0 or more, or None when there is no usable value.
    """
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            from email.utils import parsedate_to_datetime  # slow to load, and rarely needed

            seconds = max(0.0, parsedate_to_datetime(text).timestamp() - now)
        except (TypeError, ValueError, OverflowError):
            return None
    return seconds if 0 <= seconds < float("inf") else None


def may_repeat(config: RetryConfig, error: PineconeError, *, repeat_safe: bool) -> bool:
    """Say whether sending the request again can help and can do no harm.

    Args:
        config: The policy.
        error: How the last try failed.
        repeat_safe: Whether doing the operation twice has the effect of doing it once.

    Returns:
        True when a repeat is allowed, were there tries, time and tokens left.
    """
    if isinstance(error, core.errors.ApiError):
        if error.status_code not in config.retryable_status_codes:
            return False
        return repeat_safe or error.status_code in _REFUSED
    if isinstance(error, core.errors.PineconeConnectionError):
        return not error.permanent and (repeat_safe or not error.sent)
    if isinstance(error, core.errors.PineconeTimeoutError):
        return repeat_safe or not error.sent
    return False


def may_have_acted(error: PineconeError) -> bool:
    """Say whether the service may have carried out a request that ended like this."""
    if isinstance(error, core.errors.ApiError):
        return error.status_code not in _REFUSED and error.status_code in RETRYABLE_STATUS_CODES
    return (
        not isinstance(error, core.errors.PineconeConnectionError | core.errors.PineconeTimeoutError)
        or error.sent
    )


def may_have_moved(error: BaseException) -> bool:
    """Say whether what was asked for may be at another host by now."""
    if isinstance(error, core.errors.PineconeTimeoutError):
        return not error.sent
    return isinstance(error, core.errors.NotFoundError | core.errors.PineconeConnectionError)


def retry_delay(config: RetryConfig, error: PineconeError, *, attempt: int, jitter: float) -> float:
    """Return how long to wait before the next try.

    Args:
        config: The policy.
        error: How the last try failed.
        attempt: How many repeats were made before (0 after the first try).
        jitter: A number drawn evenly from 0 to 1.

    Returns:
        Seconds. What the service asks for by ``Retry-After``, up to ``max_wait``, plus up to a
        quarter so that clients do not return together; else a draw between 0 and the ceiling.
    """
    asked = error.retry_after if isinstance(error, core.errors.ApiError) else None
    if asked is not None:
        return min(asked, config.max_wait) * (1.0 + 0.25 * jitter)
    throttled = isinstance(error, core.errors.ApiError) and error.status_code == 429
    base = _THROTTLE_BASE if throttled else _FAULT_BASE
    try:
        ceiling = base * max(config.backoff_factor, 1.0) ** attempt
    except OverflowError:
        ceiling = config.max_wait
    return float(min(ceiling, config.max_wait) * jitter)


# A fault costs ten times what a throttled answer costs per repeat: a server that answers 429 is
# alive and says when to come back; one that fails gets little more than one request a call.
_CAPACITY = 100.0
_FAULT_COST = 10.0
_THROTTLE_COST = 2.0
_SUCCESS_GAIN = 1.0


def retry_cost(error: PineconeError) -> float:
    """Return what a repeat after this failure costs, in tokens."""
    throttled = isinstance(error, core.errors.ApiError) and error.status_code == 429
    return _THROTTLE_COST if throttled else _FAULT_COST


class RetryBudget:
    """The tokens that a client's calls to one host share for their repeats.

    A full budget allows ten repeats after faults (or fifty after throttling); every success gives
    a tenth of a repeat back. First tries are never limited.
    """

    __slots__ = ("_tokens",)

    def __init__(self) -> None:
        self._tokens = _CAPACITY

    @property
    def tokens(self) -> float:
        """What is left."""
        return self._tokens

    def take(self, cost: float) -> bool:
        """Pay for a repeat; False, and nothing paid, when too little is left."""
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True

    def succeed(self) -> None:
        """Take note of a success."""
        if self._tokens < _CAPACITY:
            self._tokens = min(_CAPACITY, self._tokens + _SUCCESS_GAIN)
