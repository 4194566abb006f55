"""What becomes of asynchronous code and of the text in it."""

from __future__ import annotations

import pytest

from to_sync import LEFT_OVER, to_sync


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # Keywords.
        ("async def f(): return await g()", "def f(): return g()"),
        ("async with a as b, await c() as d: pass", "with a as b, c() as d: pass"),
        ("async for x in y: pass", "for x in y: pass"),
        ("[x async for x in y if await z(x)]", "[x for x in y if z(x)]"),
        (
            "{k: [v async for v in await w(k)] async for k in keys()}",
            "{k: [v for v in w(k)] for k in keys()}",
        ),
        ("async def f():\n    yield await g()\n", "def f():\n    yield g()\n"),
        ("x = (\n    await\n    f()\n)", "x = (\n    \n    f()\n)"),
        # Names.
        ("class AsyncIndexes(_AsyncThing): ...", "class Indexes(_Thing): ..."),
        ("def f() -> AsyncIterator[Page]: ...", "def f() -> Iterator[Page]: ..."),
        ("httpcore.AsyncConnectionPool()", "httpcore.ConnectionPool()"),
        ("from pinecone_core._async.pages import AsyncPages", "from pinecone_core._sync.pages import Pages"),
        ("from .._async import pages", "from .._sync import pages"),
        ("async def __aenter__(self): ...", "def __enter__(self): ..."),
        ("async def __aexit__(self, *e): ...", "def __exit__(self, *e): ..."),
        ("except StopAsyncIteration: pass", "except StopIteration: pass"),
        ("await s.aclose()", "s.close()"),
        ("asynchrony = my_async = Asynchronous = 1", "asynchrony = my_async = Asynchronous = 1"),
        # Awaitable results.
        ("f: Callable[[A], Awaitable[list[B]]]", "f: Callable[[A], list[B]]"),
        # Parentheses that only `await` needed, and others.
        ("x = (await self.send(op, a=(1, 2))).items", "x = self.send(op, a=(1, 2)).items"),
        ("return (await f(x))[0]", "return f(x)[0]"),
        ("return (await (a or b)).c", "return (a or b).c"),
        ("return (await a or b).c", "return (a or b).c"),
        ("f(await g()).h", "f(g()).h"),
        ("print((await g()))", "print((g()))"),
        # String annotations and f-strings.
        ('def f(a: "AsyncIndex") -> "AsyncPage": ...', 'def f(a: "Index") -> "Page": ...'),
        ('f"{await x()!r:>{await y()}} {{async with}} AsyncIndex"', 'f"{x()!r:>{y()}} {{with}} Index"'),
        ("f'{[a async for a in b]}'", "f'{[a for a in b]}'"),
        ('__all__ = ["AsyncIndex"]', '__all__ = ["Index"]'),
        # Comments and prose.
        ("x = 1  # see AsyncIndex.aclose", "x = 1  # see Index.close"),
        ('"""An async client, an `AsyncIndex`."""', '"""A client, an `Index`."""'),
        ('"""An `AsyncPinecone`, an ``AsyncPage``."""', '"""A `Pinecone`, a ``Page``."""'),
        (
            '"""Async reading of an asynchronous file."""',
            '"""Reading of a synchronous file."""',
        ),
        ('"""Asynchronous twin."""', '"""Synchronous twin."""'),
        # Nothing to do.
        ("x = {'a': [1, (2, 3)]}  # plain\n", "x = {'a': [1, (2, 3)]}  # plain\n"),
    ],
)
def test_one_line(source: str, expected: str) -> None:
    assert to_sync(source, set()) == expected


def test_an_example_in_a_docstring() -> None:
    source = '''
class AsyncIndex:
    """Reads and writes vectors.

    Example:
        import asyncio

        from pinecone import AsyncPinecone

        async def main() -> None:
            async with AsyncPinecone(api_key="k") as pc:
                index = await pc.index("docs")
                print((await index.query(vector=[1.0, 2.0])).matches)
                async for page in index.list():
                    print(page)

        asyncio.run(main())
    """
'''
    expected = '''
class Index:
    """Reads and writes vectors.

    Example:
        from pinecone import Pinecone

        def main() -> None:
            with Pinecone(api_key="k") as pc:
                index = pc.index("docs")
                print(index.query(vector=[1.0, 2.0]).matches)
                for page in index.list():
                    print(page)

        main()
    """
'''
    assert to_sync(source, set()) == expected


def test_what_was_renamed_is_noted() -> None:
    used: set[str] = set()
    to_sync('async def __aenter__(self):\n    """See `aclose`."""', used)
    assert used == {"__aenter__", "aclose"}


def test_text_after_a_line_separator_is_still_found() -> None:
    assert to_sync('a = "\u2028\x0c"; await b()', set()) == 'a = "\u2028\x0c"; b()'


@pytest.mark.parametrize(
    "line",
    [
        "await x",
        "async def",
        "`AsyncIndex`",
        "import asyncio",
        "__aiter__",
        "Awaitable[int]",
        "PineconeAsyncio",
    ],
)
def test_left_over_is_found(line: str) -> None:
    assert LEFT_OVER.search(line)


@pytest.mark.parametrize("line", ["../_async/x.py", "is_async", "synchronous", "asynchronous", "awaiting"])
def test_what_only_resembles_it_is_not(line: str) -> None:
    assert not LEFT_OVER.search(line)
