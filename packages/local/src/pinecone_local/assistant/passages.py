"""Text to passages of a bounded size, and to sentences. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from .documents import Document

__all__ = ["Passage", "cut", "sentences", "token_count"]

# Words a passage; a token is about three quarters of a word.
PASSAGE_WORDS = 160

_PARAGRAPHS = re.compile(r"\n\s*\n")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9\u00c0-\u024f])|\n\s*\n")
# A line of a few words without an end, before one that begins anew.
_HEADINGS = re.compile(r"(?m)^(\S+(?: \S+){0,5})(?<![.!?,;:])\n(?=[A-Z])")


class Passage(msgspec.Struct):
    """A piece of a file.

    Attributes:
        text: The text.
        first_page: The page it begins on, from 1.
        last_page: The page it ends on.
    """

    text: str
    first_page: int = 1
    last_page: int = 1

    @property
    def pages(self) -> list[int]:
        """Every page it touches."""
        return list(range(self.first_page, self.last_page + 1))


def token_count(text: str) -> int:
    """Return about how many tokens a language model would count."""
    return max(1, round(len(text.split()) * 4 / 3))


def sentences(text: str) -> list[str]:
    """Cut a text into sentences; line breaks inside one become spaces."""
    text = _HEADINGS.sub(r"\1\n\n", text)
    return [" ".join(part.split()) for part in _SENTENCE_ENDS.split(text) if part and part.strip()]


def cut(document: Document, words: int = PASSAGE_WORDS) -> list[Passage]:
    """Cut a document into passages along paragraphs, then sentences, then words.

    Args:
        document: The document.
        words: The most words a passage.

    Returns:
        The passages in order; together they hold every word.
    """
    passages: list[Passage] = []
    size = 0
    for number, page in enumerate(document.pages, 1):
        for piece in _pieces(page, words):
            length = len(piece.split())
            # A passage stays on one page, so that a citation names the page it is on.
            if passages and passages[-1].last_page == number and size + length <= words:
                passages[-1].text += f"\n\n{piece}"
                size += length
            else:
                passages.append(Passage(piece, number, number))
                size = length
    return passages


def _pieces(page: str, words: int) -> Iterator[str]:
    for paragraph in _PARAGRAPHS.split(page):
        paragraph = paragraph.strip()
        if not paragraph:
            continue
        if len(paragraph.split()) <= words:
            yield paragraph
            continue
        for sentence in sentences(paragraph):
            run = sentence.split()
            yield from (" ".join(run[i : i + words]) for i in range(0, len(run), words))
