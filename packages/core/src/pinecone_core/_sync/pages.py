# Made from ../_async/pages.py by tools/make_sync.py; do not edit.
"""Walking over the pages of a listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ..checks import integer
from ..pages import Page, Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

__all__ = ["Paginator"]

T = TypeVar("T")


class Paginator(Generic[T]):
    """The items of a listing, fetched page by page as they are asked for.

    Every ``for`` starts again from the beginning. Nothing is fetched before it is needed,
    and no more than is needed.

    Args:
        fetch_page: Called with a token, or None for the first page; returns a page.
        initial_token: Where to begin; None for the first page.
        limit: The most items to yield; None for all.

    Example:
        >>> def main():
        ...     def fetch(token):
        ...         return Page(items=[1, 2], pagination_token=None)
        ...     print(Paginator(fetch_page=fetch).to_list())
        >>> main()
        [1, 2]
    """

    def __init__(
        self,
        *,
        fetch_page: Callable[[str | None], Page[T]],
        initial_token: str | None = None,
        limit: int | None = None,
    ) -> None:
        self._fetch_page = fetch_page
        self._initial_token = initial_token
        self._limit = None if limit is None else integer("limit", limit)
        self._token = initial_token
        self._fetched = False

    @property
    def pagination_token(self) -> str | None:
        """Where the walk that fetched last would go on; None at the end.

        Pass it to the listing to go on exactly there, also after ``limit`` ended the walk in the
        middle of a page.
        """
        return self._token

    def pages(self) -> Generator[Page[T], None]:
        """Yield page by page, the last one cut where ``limit`` ends."""
        walk: Walk[T] = Walk(self._initial_token, self._limit)
        while not walk.done:
            page = walk.take(self._fetch_page(walk.request_token))
            self._token = walk.resume_token
            self._fetched = True
            yield page

    def __iter__(self) -> Generator[T, None]:
        for page in self.pages():
            for item in page.items:
                yield item

    def to_list(self) -> list[T]:
        """Return all items."""
        return [item for item in self]

    def __repr__(self) -> str:
        limit = "" if self._limit is None else f", limit={self._limit}"
        has_more = (self._token is not None) if self._fetched else None
        return f"{type(self).__name__}(has_more={has_more}{limit})"
