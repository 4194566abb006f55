"""Turn the source of an asynchronous module into that of its synchronous twin.

Code is rewritten token by token. Strings, f-strings and comments are rewritten word by word, so that
docstrings and their examples follow. `make_sync.py` applies this to the tree.
"""

from __future__ import annotations

import io
import keyword
import re
import tokenize
from collections.abc import Callable
from typing import NamedTuple

RENAMES = {
    "AnyIOBackend": "SyncBackend",
    "StopAsyncIteration": "StopIteration",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "_async": "_sync",
    "achunks": "chunks",
    "aclose": "close",
    "aiter_stream": "iter_stream",
    "aiterate": "iterate",
    "alist": "listed",
    "anext": "next",
    "asend": "send",
    "astream": "stream",
    "handle_async_request": "handle_request",
}
"""Names that differ by more than the prefix `Async`. One that is never used fails the check."""

TEXT_RULES: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    (r"(?m)^[ \t]*(?:>>> )?import asyncio\n(?:[ \t]*\n)?", ""),
    (r"\basyncio\.run\((.*)\)", r"\1"),
    (r"\(await ([\w.]+\([^()]*\))\)(?=[.\[])", r"\1"),
    (r"\b([Aa])n asynchronous\b", r"\1 synchronous"),
    (r"\b([Aa])n (`*)(?:async |Async)(?=`*[B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z])", r"\1 \2"),
    (r"\b(?:async|await)[ \t]+", ""),
    (r"\bAsync (\w)", lambda match: match[1].upper()),
    (r"\basynchronous", "synchronous"),
    (r"\bAsynchronous", "Synchronous"),
]
"""What happens, in this order, inside strings and comments; `RENAMES` follow."""

LEFT_OVER = re.compile(
    r"\b(?:async|await|asyncio|anyio|trio|Awaitable|Coroutine|asynccontextmanager|aclosing|aclose|aiter|anext"
    r"|__a(?:enter|exit|iter|next)__|(?!IndexAsyncio\b)\w*Async\w*)\b"
)
"""What must not stand in a synchronous file, be it code or text. Both have a method ``IndexAsyncio``."""


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def to_sync(source: str, used: set[str]) -> str:
    """Rewrite one module; the names of the `RENAMES` it needed are added to `used`."""
    tokens = read_tokens(source)
    pairs = match_brackets(tokens)
    edits: dict[tuple[int, int], str] = {}
    for index, (kind, text, start, end) in enumerate(tokens):
        if text in {"async", "await"}:
            edits[start, tokens[index + 1].start] = ""
        elif text == "Awaitable" and tokens[index + 1].text == "[":
            for dropped in (index, index + 1, pairs[index + 1]):
                edits[tokens[dropped][2:]] = ""
        elif index in pairs and text == "(" and serves_only_await(tokens, pairs, index):
            edits[start, end] = edits[tokens[pairs[index]][2:]] = ""
        elif kind == "NAME":
            edits[start, end] = rename(text, used)
        elif kind in {"STRING", "COMMENT"}:
            edits[start, end] = rewrite_text(source[start:end], used)
    for (start, end), replacement in sorted(edits.items(), reverse=True):
        source = source[:start] + replacement + source[end:]
    return source


def rename(name: str, used: set[str]) -> str:
    used.update({name} & RENAMES.keys())
    return RENAMES.get(name) or re.sub(r"^(_*)Async(?=[A-Z])", r"\1", name)


def rewrite_text(text: str, used: set[str]) -> str:
    for pattern, replacement in TEXT_RULES:
        text = re.sub(pattern, replacement, text)
    return re.sub(r"\w+", lambda match: rename(match[0], used), text)


def read_tokens(source: str) -> list[Token]:
    """Split the source; an f-string is one token on every Python."""
    starts = [0]
    for line in io.StringIO(source):
        starts.append(starts[-1] + len(line))
    tokens: list[Token] = []
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
        if depth:
            tokens[-1] = tokens[-1]._replace(end=end)
        elif kind.endswith("STRING_START"):
            tokens.append(Token("STRING", "", start, end))
        else:
            tokens.append(Token(kind, token.string, start, end))
        depth += kind.endswith("STRING_START") - kind.endswith("STRING_END")
    return tokens


def match_brackets(tokens: list[Token]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind == "OP" and token.text in "([{":
            stack.append(index)
        elif token.kind == "OP" and token.text in ")]}":
            pairs[stack.pop()] = index
    return pairs


def serves_only_await(tokens: list[Token], pairs: dict[int, int], at: int) -> bool:
    """Say whether `(await x.y(z)).w` opens at this token: without `await` it needs no parentheses."""
    before, after = tokens[at - 1], tokens[pairs[at] + 1]
    is_call = before.text in {")", "]"} or (before.kind == "NAME" and not keyword.iskeyword(before.text))
    if is_call or tokens[at + 1].text != "await" or after.text not in {".", "[", "("}:
        return False
    index = at + 2
    while index < pairs[at]:
        kind, text = tokens[index][:2]
        if index not in pairs and text != "." and (kind != "NAME" or keyword.iskeyword(text)):
            return False
        index = pairs.get(index, index) + 1
    return True
