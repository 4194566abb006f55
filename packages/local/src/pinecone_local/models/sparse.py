"""Sparse embedding: stemmed words as 32-bit ids, weighted like BM25 weighs them.

There is no corpus to learn from, so the length that counts as average is fixed and there are no
inverse document frequencies: function words are dropped, every other word of a query counts alike.
The dot product of a query and a passage is then the BM25 score without frequencies.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from .words import content_terms, split_words, term_id

__all__ = ["SparseVector", "encode_sparse"]

K1 = 1.2
B = 0.75
AVERAGE_TERMS = 48


@dataclass(frozen=True, slots=True)
class SparseVector:
    """One sparse vector.

    Attributes:
        indices: Ids from 0 to 4294967295, each once, in the order the terms first appear.
        values: Their positive weights.
        tokens: The stems behind them.
    """

    indices: list[int]
    values: list[float]
    tokens: list[str]


def encode_sparse(text: str, input_type: Literal["query", "passage"], limit: int) -> tuple[SparseVector, int]:
    """Embed one text.

    Args:
        text: Any text. One without a letter or digit gives an empty vector.
        input_type: ``passage`` weighs terms by how often they occur and how long the text is,
            ``query`` gives each term the same weight.
        limit: Words that count, from the start.

    Returns:
        The vector, and how many words the text has.
    """
    words = split_words(text)
    counts = Counter(content_terms(words[:limit]))
    length = 1 - B + B * counts.total() / AVERAGE_TERMS
    weights: dict[int, float] = {}
    tokens: dict[int, str] = {}
    for term, count in counts.items():
        place = term_id(term)
        weight = 1.0 if input_type == "query" else count * (K1 + 1) / (count + K1 * length)
        # Two terms that share an id share a place.
        weights[place] = weights.get(place, 0.0) + weight
        tokens.setdefault(place, term)
    values = [round(weight, 6) for weight in weights.values()]
    return SparseVector(list(weights), values, list(tokens.values())), len(words)
