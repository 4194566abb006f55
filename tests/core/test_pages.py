from __future__ import annotations

from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core._async.pages import AsyncPaginator
from pinecone_core._sync.pages import Paginator
from pinecone_core.errors import PineconeTypeError, PineconeValueError
from pinecone_core.pages import Page

PAGES: dict[Any, tuple[list[int], Any]] = {
    None: ([1, 2, 3], "t1"),
    "t1": ([], "t2"),
    "t2": ([4, 5], "t3"),
    "t3": ([6], None),
}


class Listing:
    """A listing over pages; counts what is fetched."""

    def __init__(self, pages: dict[Any, tuple[list[int], Any]] = PAGES) -> None:
        self.pages = pages
        self.fetched: list[Any] = []

    def fetch(self, token: Any) -> Page[int]:
        self.fetched.append(token)
        items, after = self.pages[token]
        return Page(items=items, pagination_token=after)

    def walk(self, **options: Any) -> Paginator[int]:
        return Paginator(fetch_page=self.fetch, **options)

    def async_walk(self, **options: Any) -> AsyncPaginator[int]:
        async def fetch(token: Any) -> Page[int]:
            return self.fetch(token)

        return AsyncPaginator(fetch_page=fetch, **options)


def test_all_of_it_lazily() -> None:
    listing = Listing()
    pages = listing.walk()
    assert listing.fetched == []
    assert repr(pages) == "Paginator(has_more=None)"
    items = iter(pages)
    assert next(items) == 1
    assert listing.fetched == [None]
    assert pages.pagination_token == "t1"
    assert list(items) == [2, 3, 4, 5, 6]
    assert listing.fetched == [None, "t1", "t2", "t3"]
    assert pages.pagination_token is None
    assert repr(pages) == "Paginator(has_more=False)"
    assert pages.to_list() == [1, 2, 3, 4, 5, 6]
    with pytest.raises(TypeError):
        next(pages)


@pytest.mark.parametrize(
    ("limit", "items", "fetches", "token"),
    [
        (0, [], 0, None),
        (-1, [], 0, None),
        (2, [1, 2], 1, "skip:2:"),
        (3, [1, 2, 3], 1, "t1"),
        (4, [1, 2, 3, 4], 3, "skip:1:t2"),
        (5, [1, 2, 3, 4, 5], 3, "t3"),
        (6, [1, 2, 3, 4, 5, 6], 4, None),
        (9, [1, 2, 3, 4, 5, 6], 4, None),
    ],
)
def test_a_limit_fetches_no_more_than_it_needs(
    limit: int, items: list[int], fetches: int, token: Any
) -> None:
    listing = Listing()
    walk = listing.walk(limit=limit)
    assert walk.to_list() == items
    assert len(listing.fetched) == fetches
    assert walk.pagination_token == token
    assert not fetches or f"has_more={token is not None}" in repr(walk)
    rest = listing.walk(initial_token=walk.pagination_token)
    assert items + (rest.to_list() if limit > 0 and token else []) == (
        [1, 2, 3, 4, 5, 6] if limit > 0 else []
    )


@given(
    st.lists(st.lists(st.integers(), max_size=4), min_size=1, max_size=6),
    st.lists(st.integers(1, 5), max_size=9),
)
def test_walking_on_step_by_step_loses_nothing(chunks: list[list[int]], steps: list[int]) -> None:
    pages = {
        (None if i == 0 else f"p{i}"): (chunk, f"p{i + 1}" if i + 1 < len(chunks) else None)
        for i, chunk in enumerate(chunks)
    }
    listing, token, items = Listing(pages), None, []
    for step in steps:
        walk = listing.walk(initial_token=token, limit=step)
        found = walk.to_list()
        assert len(found) <= step
        items += found
        token = walk.pagination_token
        if token is None:
            break
    else:
        items += listing.walk(initial_token=token).to_list()
    assert items == [item for chunk in chunks for item in chunk]


@pytest.mark.parametrize(
    ("pages", "items"),
    [
        ({None: ([1], "")}, [1]),
        ({None: ([1], "t"), "t": ([2], "t")}, [1, 2]),
        ({None: ([1], "a"), "a": ([2], "b"), "b": ([3], "a")}, [1, 2, 3]),
        ({None: ([], None)}, []),
    ],
)
def test_where_it_ends(pages: Any, items: list[int]) -> None:
    walk = Listing(pages).walk()
    assert walk.to_list() == items
    assert walk.pagination_token is None


def test_pages() -> None:
    found = list(Listing().walk(limit=4).pages())
    assert [page.items for page in found] == [[1, 2, 3], [], [4]]
    assert found[-1].has_more
    assert found[-1].pagination_token == "skip:1:t2"
    assert repr(Page(items=[1], pagination_token="t")) == "Page(items=[1], pagination_token='t')"
    assert not Page(items=[], pagination_token=None).has_more


def test_a_failure_leaves_the_walk_usable() -> None:
    listing = Listing({None: ([1], "gone")})
    walk = listing.walk()
    with pytest.raises(KeyError):
        walk.to_list()
    listing.pages["gone"] = ([2], None)
    assert walk.to_list() == [1, 2]


def test_bad_arguments() -> None:
    with pytest.raises(PineconeTypeError, match="limit"):
        Listing().walk(limit="5")
    with pytest.raises(PineconeValueError, match="pagination_token 'skip:x:t'"):
        Listing().walk(initial_token="skip:x:t").to_list()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_asynchronous_twin(backend: str) -> None:
    async def scenario() -> None:
        listing = Listing()
        walk = listing.async_walk(limit=4)
        assert repr(walk) == "AsyncPaginator(has_more=None, limit=4)"
        assert await walk.to_list() == [1, 2, 3, 4]
        assert walk.pagination_token == "skip:1:t2"
        assert repr(walk) == "AsyncPaginator(has_more=True, limit=4)"
        assert [page.items async for page in walk.pages()] == [[1, 2, 3], [], [4]]
        assert await listing.async_walk(initial_token="skip:1:t2").to_list() == [5, 6]

    anyio.run(scenario, backend=backend)
