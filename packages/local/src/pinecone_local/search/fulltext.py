"""Full-text search: how a field's text is cut into terms, and BM25 over them.

Frequencies are those of the living documents, whatever a filter leaves of them, so a document's score
does not depend on the filter.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..models.words import STOP_WORDS, stem

__all__ = ["Analyzer", "Hits", "TextColumn"]

Mask = npt.NDArray[np.bool_]
F64 = npt.NDArray[np.float64]

K1 = 1.2
B = 0.75

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Analyzer:
    """How a field's text becomes terms.

    Attributes:
        stemming: Whether English endings are cut off.
        stop_words: Whether frequent small English words are left out.
        max_term_len: Longer terms are cut to as many characters.
    """

    stemming: bool = False
    stop_words: bool = False
    max_term_len: int = 40

    @classmethod
    def of(cls, config: dict[str, Any]) -> Analyzer:
        """Make the analyzer that a field's ``full_text_search`` describes."""
        return cls(config["stemming"], config["stop_words"], config["max_term_len"])

    def terms(self, text: str) -> list[str]:
        """Return a text's terms in order, repeats kept."""
        words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
        if self.stop_words:
            words = [word for word in words if word not in STOP_WORDS]
        if self.stemming:
            words = [stem(word) for word in words]
        return [word[: self.max_term_len] for word in words]


@dataclass(frozen=True, slots=True)
class Hits:
    """Which documents a query finds, and their scores (zero elsewhere)."""

    found: Mask
    scores: F64

    @classmethod
    def none(cls, rows: int) -> Hits:
        """Return no hits."""
        return cls(np.zeros(rows, np.bool_), np.zeros(rows, np.float64))

    def either(self, other: Hits) -> Hits:
        """Return what either finds; scores add up."""
        return Hits(self.found | other.found, self.scores + other.scores)

    def both(self, other: Hits) -> Hits:
        """Return what both find; scores add up."""
        found = self.found & other.found
        return Hits(found, np.where(found, self.scores + other.scores, 0.0))

    def without(self, other: Hits) -> Hits:
        """Return what this finds and the other does not."""
        found = self.found & ~other.found
        return Hits(found, np.where(found, self.scores, 0.0))


class TextColumn:
    """One field's terms over all rows, growing at the end."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.analyzer = analyzer
        self._terms: list[list[str]] = []
        self._rows: dict[str, list[int]] = {}
        self._counts: dict[str, list[int]] = {}

    def append(self, text: str | None) -> None:
        """Put a document's text at the end; None when it has no such field."""
        row = len(self._terms)
        terms = [] if text is None else self.analyzer.terms(text)
        self._terms.append(terms)
        for term, count in Counter(terms).items():
            self._rows.setdefault(term, []).append(row)
            self._counts.setdefault(term, []).append(count)

    def holding(self, terms: list[str], *, every: bool) -> Mask:
        """Return the rows that hold any, or every one, of some terms."""
        if not terms:
            return np.zeros(len(self._terms), np.bool_)
        masks = []
        for term in terms:
            mask = np.zeros(len(self._terms), np.bool_)
            mask[self._rows.get(term, [])] = True
            masks.append(mask)
        joined: Mask = np.logical_and.reduce(masks) if every else np.logical_or.reduce(masks)
        return joined

    def phrase_counts(self, terms: list[str]) -> dict[int, int]:
        """Return how often each row holds the terms one after another; rows without are left out."""
        width = len(terms)
        found = {}
        for row in np.flatnonzero(self.holding(terms, every=True)).tolist():
            held = self._terms[row]
            count = sum(held[at : at + width] == terms for at in range(len(held) - width + 1))
            if count:
                found[row] = count
        return found

    def score_terms(self, terms: list[str], alive: Mask) -> Hits:
        """Score by BM25: any of the terms; a term that is asked for twice counts twice."""
        hits = Hits.none(len(self._terms))
        for term in terms:
            rows = np.array(self._rows.get(term, []), np.int64)
            counts = np.array(self._counts.get(term, []), np.float64)
            self._score(hits, rows, counts, self._rarity(term, alive), alive)
        return hits

    def score_phrase(self, terms: list[str], alive: Mask) -> Hits:
        """Score by BM25 of a phrase, which counts as one term as rare as its terms together."""
        hits = Hits.none(len(self._terms))
        counted = self.phrase_counts(terms)
        rows = np.array(list(counted), np.int64)
        counts = np.array(list(counted.values()), np.float64)
        rarity = sum(self._rarity(term, alive) for term in terms)
        self._score(hits, rows, counts, rarity, alive)
        return hits

    def _rarity(self, term: str, alive: Mask) -> float:
        holding = int(np.count_nonzero(alive[self._rows.get(term, [])]))
        living = int(np.count_nonzero(alive))
        return math.log1p((living - holding + 0.5) / (holding + 0.5))

    def _score(
        self, hits: Hits, rows: npt.NDArray[np.int64], counts: F64, rarity: float, alive: Mask
    ) -> None:
        living = alive[rows]
        rows, counts = rows[living], counts[living]
        if not len(rows):
            return
        sizes = np.array([len(terms) for terms in self._terms], np.float64)
        held = sizes[alive & (sizes > 0)]
        length = K1 * (1 - B + B * sizes[rows] / held.mean())
        hits.scores[rows] += rarity * counts * (K1 + 1) / (counts + length)
        hits.found[rows] = True
