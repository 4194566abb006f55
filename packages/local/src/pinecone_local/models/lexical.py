"""Dense embedding without a model: words, pairs of words and pieces of words, hashed.

Texts are near when they share words, or words that are spelled alike. It knows nothing of meaning;
it needs nothing but numpy, and gives the same vectors on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .embedder import Encoded, Keep
from .projection import unit_rows
from .word_vectors import position_weights
from .words import content_terms, split_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LEXICAL_ID", "LexicalEmbedder"]

LEXICAL_ID = "lexical-hash/1"

#: Width of the space in which rerank compares; embedding hashes straight into the width asked for.
WIDTH = 1024
PAIR_WEIGHT = 0.5
PIECES_WEIGHT = 0.5

# Characters of a text that are looked at for each word that may count.
LONGEST_WORD = 64


class LexicalEmbedder:
    """The embedder that is always there."""

    @property
    def id(self) -> str:
        """The name of these vectors."""
        return LEXICAL_ID

    def encode(self, texts: Sequence[str], *, dimension: int, limit: int, keep: Keep) -> Encoded:
        """Embed texts; see ``Embedder.encode``. Tokens are words."""
        vectors = np.empty((len(texts), dimension), dtype=np.float32)
        counts: list[int] = []
        for row, text in enumerate(texts):
            words, count = _words(text, limit, keep)
            counts.append(count)
            vectors[row] = _vector(words, dimension)
        return Encoded(unit_rows(vectors), counts)

    def similarity(
        self, query: str, documents: Sequence[str], *, limit: int
    ) -> tuple[NDArray[np.float64], list[int], int]:
        """Compare documents with a query by cosine; see ``Embedder.similarity``."""
        encoded = self.encode([query, *documents], dimension=WIDTH, limit=limit, keep="start")
        scores = np.clip((encoded.vectors[1:] @ encoded.vectors[0]).astype(np.float64), 0.0, 1.0)
        scores[[count == 0 for count in encoded.counts[1:]]] = 0.0
        if encoded.counts[0] == 0:
            scores[:] = 0.0
        return scores, encoded.counts[1:], encoded.counts[0]


def _words(text: str, limit: int, keep: Keep) -> tuple[list[str], int]:
    room = (limit + 1) * LONGEST_WORD
    if len(text) > room:
        text = text[:room] if keep == "start" else text[-room:]
    # Signs alone ("!?") are one word, so that only a blank text has none.
    words = split_words(text) or text.split()
    return (words[:limit] if keep == "start" else words[-limit:]), len(words)


def _vector(words: list[str], dimension: int) -> NDArray[np.float32]:
    terms = content_terms(words)
    weights = position_weights(len(terms))
    numbers = [_features(term) for term in terms]
    strengths = [_strengths(len(found)) * weight for found, weight in zip(numbers, weights, strict=True)]
    if len(terms) > 1:
        numbers.append(np.array([_hash(f"{one} {two}") for one, two in pairwise(terms)], dtype=np.uint64))
        strengths.append(weights[1:] * np.float32(PAIR_WEIGHT))
    if not numbers:
        return np.zeros(dimension, dtype=np.float32)
    hashed = np.concatenate(numbers)
    signs = 1.0 - 2.0 * (hashed >> np.uint64(63)).astype(np.float64)
    places = (hashed % np.uint64(dimension)).astype(np.intp)
    return np.bincount(places, weights=signs * np.concatenate(strengths), minlength=dimension).astype(
        np.float32
    )


@lru_cache(maxsize=65536)
def _features(term: str) -> NDArray[np.uint64]:
    """Hash the term itself, then its pieces of three and four characters."""
    edged = f"<{term}>"
    pieces = [edged[i : i + size] for size in (3, 4) for i in range(len(edged) - size + 1)]
    return np.array([_hash(term), *(_hash("#" + piece) for piece in pieces)], dtype=np.uint64)


@lru_cache(maxsize=256)
def _strengths(count: int) -> NDArray[np.float32]:
    strengths = np.full(count, PIECES_WEIGHT / max(count - 1, 1) ** 0.5, dtype=np.float32)
    strengths[0] = 1.0
    return strengths


def _hash(feature: str) -> int:
    return int.from_bytes(blake2b(feature.encode("utf-8", "replace"), digest_size=8).digest(), "little")
