"""One page of a listing, and where the next one begins. Pure."""

from __future__ import annotations

from typing import Generic, TypeVar

from .errors import PineconeValueError

__all__ = ["Page", "Walk"]

T = TypeVar("T")


class Page(Generic[T]):
    """One page of a listing.

    Args:
        items: What is on it.
        pagination_token: Where the next page begins, or None at the end.
    """

    __slots__ = ("items", "pagination_token")

    def __init__(self, *, items: list[T], pagination_token: str | None) -> None:
        self.items = items
        self.pagination_token = pagination_token

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.pagination_token is not None

    def __repr__(self) -> str:
        return f"Page(items={self.items!r}, pagination_token={self.pagination_token!r})"


class Walk(Generic[T]):
    """Decides, page by page, what a walk over a listing yields and where it goes on.

    A token names the beginning of a page, so a walk that a limit ends in the middle of a page can
    only be resumed by fetching that page again and passing over what was taken from it. The token
    it gives for that says both: ``skip:<n>:<token of the page>``.

    Args:
        token: Where to begin: None, a token of the service, or one of this class.
        limit: The most items to yield, or None.
    """

    __slots__ = ("_left", "_seen", "_skip", "done", "request_token", "resume_token")

    def __init__(self, token: str | None, limit: int | None) -> None:
        self._skip = 0
        self._left = limit
        self._seen: set[str] = set()
        if token is not None and token.startswith("skip:"):
            count, _, rest = token[len("skip:") :].partition(":")
            if not count.isdigit():
                raise PineconeValueError(f"pagination_token {token!r} is not one that a listing gave out")
            self._skip, token = int(count), rest
        self.request_token: str | None = token or None
        self.resume_token: str | None = token or None
        self.done = limit is not None and limit <= 0

    def take(self, page: Page[T]) -> Page[T]:
        """Take in a fetched page and return the part of it to yield; sets ``done`` at the end."""
        fetched_with = self.request_token
        items = page.items[self._skip :] if self._skip else page.items
        after = page.pagination_token or None
        # A token that comes again would lead round in a circle.
        if after is not None and (after in self._seen or after == fetched_with):
            after = None
        if self._left is not None and len(items) > self._left:
            taken = self._skip + self._left
            self.resume_token = f"skip:{taken}:{fetched_with or ''}"
            self.done = True
            return Page(items=items[: self._left], pagination_token=self.resume_token)
        if self._left is not None:
            self._left -= len(items)
        if after is not None:
            self._seen.add(after)
        self._skip = 0
        self.request_token = self.resume_token = after
        self.done = after is None or self._left == 0
        return Page(items=items, pagination_token=after)
