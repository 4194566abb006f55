"""Many items in few requests: how they are split, and what became of each. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from .drafts import Draft, piece_size
from .errors import (
    ApiError,
    ForbiddenError,
    NotFoundError,
    PaymentRequiredError,
    PineconeClosedError,
    PineconeError,
    UnauthorizedError,
)

if TYPE_CHECKING:
    from .operation import Operation
    from .transport import Request

__all__ = [
    "MAX_REQUEST_BYTES",
    "MOST_IN_FLIGHT",
    "Batch",
    "Failure",
    "Outcome",
    "Pace",
    "Piece",
    "Progress",
    "Splitter",
    "TooLargeError",
    "halve",
    "stops_all",
]

T = TypeVar("T")
R = TypeVar("R")

MAX_REQUEST_BYTES = 2_000_000
"""The most bytes a request may have at the service."""

MOST_IN_FLIGHT = 64
"""The most requests that bulk calls send to a host at a time."""


class TooLargeError(Exception):
    """A request turned out, when it was written, to be larger than one may be. It was not sent."""


# Not looked at by the garbage collector: no item knows its piece.
class Piece(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """One item on its way.

    Attributes:
        position: Its place in the input, from 0.
        item: The item as it was given.
        data: Its encoded form.
    """

    position: int
    item: T
    data: bytes | Draft


class Batch(msgspec.Struct, Generic[T], frozen=True):
    """The items of one request.

    Attributes:
        index: Its place among the batches, from 0; the halves of a batch keep its number.
        pieces: The items, in order.
    """

    index: int
    pieces: list[Piece[T]]

    @property
    def items(self) -> list[T]:
        """The items as they were given."""
        return [piece.item for piece in self.pieces]

    @property
    def data(self) -> list[bytes | Draft]:
        """The items encoded."""
        return [piece.data for piece in self.pieces]

    @property
    def position(self) -> int:
        """The place of the first item in the input."""
        return self.pieces[0].position

    @property
    def size(self) -> int:
        """The bytes of all items, and of what parts them."""
        return sum(piece_size(piece.data) for piece in self.pieces) + len(self.pieces) - 1


class Splitter(Generic[T]):
    """Puts items together into batches that respect both limits, in order.

    Args:
        max_items: The most items a batch, or None.
        max_bytes: The most bytes a request.
        overhead: The bytes of a request besides its items.
    """

    __slots__ = ("_index", "_max_bytes", "_max_items", "_pieces", "_position", "_size")

    def __init__(
        self, max_items: int | None = None, max_bytes: int = MAX_REQUEST_BYTES, overhead: int = 0
    ) -> None:
        self._max_items = max_items
        self._max_bytes = max_bytes - overhead
        self._pieces: list[Piece[T]] = []
        self._size = 0
        self._index = 0
        self._position = 0

    @property
    def position(self) -> int:
        """The place that the next item has in the input."""
        return self._position

    def add(self, item: T, data: bytes | Draft) -> list[Batch[T]]:
        """Take one item; return the batches that are complete with it, none, one or two.

        An item that is alone over the limit becomes a batch of its own: the service decides.
        """
        full = []
        size = len(data) if isinstance(data, bytes) else data.size
        if self._pieces and self._size + size > self._max_bytes:
            full += self.end()
        self._pieces.append(Piece(self._position, item, data))
        self._size += size + 1
        self._position += 1
        if self._max_items is not None and len(self._pieces) >= self._max_items:
            full += self.end()
        return full

    def end(self) -> list[Batch[T]]:
        """Return what is left, as one batch or none."""
        if not self._pieces:
            return []
        batch = Batch(self._index, self._pieces)
        self._index += 1
        self._pieces = []
        self._size = 0
        return [batch]


def halve(batch: Batch[T]) -> tuple[Batch[T], Batch[T]]:
    """Split a batch of two items or more into two of about the same number of items."""
    middle = len(batch.pieces) // 2
    return Batch(batch.index, batch.pieces[:middle]), Batch(batch.index, batch.pieces[middle:])


class Failure(msgspec.Struct, Generic[T]):
    """Items that were not stored, or of which it is not known.

    Attributes:
        index: The number of their batch.
        position: The place of the first of them in the input.
        items: The items as they were given; they can be sent again as they are.
        error: Why.
        sent: Whether they were sent at all.
    """

    index: int
    position: int
    items: list[T]
    error: Exception
    sent: bool = True


class Progress(msgspec.Struct, frozen=True):
    """How far a bulk call has come.

    Attributes:
        items: Items done, stored or failed.
        failed: Items among them that failed.
        batches: Batches done.
        total: Items there are, or None when that is not known.
    """

    items: int
    failed: int
    batches: int
    total: int | None = None


class Outcome(msgspec.Struct, Generic[T, R]):
    """What became of every item.

    Attributes:
        results: Position of the first item and the answer, for each request that succeeded, in order.
        failures: What failed, in order.
        item_count: Items read.
        succeeded: Items stored.
        batch_count: Batches made.
        failed_batches: Batches of which something failed.
    """

    results: list[tuple[int, R]] = msgspec.field(default_factory=list)
    failures: list[Failure[T]] = msgspec.field(default_factory=list)
    item_count: int = 0
    succeeded: int = 0
    batch_count: int = 0
    failed_batches: int = 0

    def settle(self) -> None:
        """Put everything into the order of the input and count the batches that failed."""
        self.results.sort(key=lambda result: result[0])
        self.failures.sort(key=lambda failure: failure.position)
        self.failed_batches = len({failure.index for failure in self.failures})

    @property
    def failed_items(self) -> Iterator[T]:
        """The items that failed, in order."""
        return (item for failure in self.failures for item in failure.items)


def stops_all(error: BaseException) -> bool:
    """Say whether what failed for one batch fails for every other too."""
    fatal = (UnauthorizedError, PaymentRequiredError, ForbiddenError, NotFoundError, PineconeClosedError)
    return isinstance(error, fatal)


class Pace:
    """How many requests may be in flight: halved when the service asks to slow down, raised one by one.

    One pace may serve several calls, so that they learn from each other. As an observer
    (``executor.watched_by(pace)``) it also learns of requests that were put off and repeated.

    Args:
        ceiling: The most at once.

    Attributes:
        ceiling: The most at once.
        limit: How many there may be now.
    """

    __slots__ = ("_calm", "_settling", "ceiling", "limit")

    def __init__(self, ceiling: int) -> None:
        self.ceiling = ceiling
        self._calm = 0
        self._settling = 0
        self.limit = ceiling

    def note(self, error: Exception | None, in_flight: int | None = None) -> None:
        """Take note of how a request ended, or was put off.

        Args:
            error: Why it failed; None when it did not.
            in_flight: How many there were at that time; None for as many as there may be.
        """
        if isinstance(error, ApiError) and error.status_code in (429, 503):
            self._calm = 0
            if self._settling:  # those sent before the last halving say nothing new
                self._settling -= 1
                return
            now = self.limit if in_flight is None else min(self.limit, max(1, in_flight))
            self.limit = max(1, now // 2)
            self._settling = now - 1
            return
        self._settling = max(0, self._settling - 1)
        if error is None:
            self._calm += 1
            if self._calm >= self.limit and self.limit < self.ceiling:
                self.limit += 1
                self._calm = 0

    def start(self, operation: Operation[object], request: Request) -> Pace:
        """Watch a call."""
        return self

    def retrying(self, error: PineconeError, attempt: int, delay: float) -> None:
        """Take note of a request that was put off."""
        self.note(error)

    def finished(self, status: int, headers: dict[str, str]) -> None:
        """Do nothing: the bulk call takes note of the end."""

    def failed(self, error: BaseException) -> None:
        """Do nothing: the bulk call takes note of the end."""
