"""Words: how text is cut, folded and stemmed wherever matching is by word.

The sparse model, the lexical part of reranking and the lexical embedder all see the same terms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

__all__ = ["content_terms", "split_words", "stem", "term_id"]

_RUN = re.compile(r"[^\W_]+")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Kana, Han and Hangul: written without spaces, so a run is cut into overlapping pairs.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")

_STOP_TEXT = """
    a about after all also am an and any are as at be because been before being but by can could d did do
    does doing down each for from further had has have having he her here hers him his how i if in into is
    it its itself just ll m me more most my no nor not of off on once only or other our out over own re s
    same she should so some such t than that the their them then there these they this those through to too
    under until up us ve very was we were what when where which while who whom why will with would you your
    """
STOP_WORDS = frozenset(_STOP_TEXT.split())


def split_words(text: str) -> list[str]:
    """Cut a text into lower-case words.

    ``csv.DictReader`` gives ``csv``, ``dict``, ``reader``; ``read_file`` gives ``read``, ``file``.
    Text without spaces between words (Chinese, Japanese) gives overlapping pairs of characters.

    Args:
        text: Any text.

    Returns:
        The words in order, repeats kept.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return [word for run in _RUN.findall(_HUMPS.sub(" ", text)) for word in _unspaced(run.casefold())]


def _unspaced(run: str) -> Iterator[str]:
    if run.isascii() or not _UNSPACED.search(run):
        yield run
        return
    start = 0
    for found in _UNSPACED.finditer(run):
        if found.start() > start:
            yield run[start : found.start()]
        piece = found.group()
        if len(piece) == 1:
            yield piece
        else:
            yield from (piece[i : i + 2] for i in range(len(piece) - 1))
        start = found.end()
    if start < len(run):
        yield run[start:]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Strip the common English endings, so that ``parsing``, ``parsed`` and ``parse`` meet.

    Args:
        word: One lower-case word.

    Returns:
        Its stem; words of three letters or fewer, and words with digits, stay as they are.
    """
    if len(word) <= 3 or not word.isalpha() or not word.isascii():
        return word
    word = _singular(word)
    for ending in ("ingly", "edly", "ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and any(letter in "aeiouy" for letter in rest):
            if rest[-1] == rest[-2] and rest[-1] not in "lsz":
                rest = rest[:-1]
            word = rest
            break
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    return word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def content_terms(words: list[str]) -> list[str]:
    """Stem the words and drop the ones that carry no content.

    Args:
        words: Lower-case words, as from ``split_words``.

    Returns:
        The stems in order, repeats kept. Words that are all stop words are kept, so that a text
        such as "to be or not to be" still has terms.
    """
    kept = [stem(word) for word in words if word not in STOP_WORDS]
    return kept or [stem(word) for word in words]


@lru_cache(maxsize=262144)
def term_id(term: str) -> int:
    """Return the 32-bit number that stands for a term in a sparse vector, the same in every process."""
    return int.from_bytes(blake2b(term.encode("utf-8", "replace"), digest_size=4).digest(), "little")
