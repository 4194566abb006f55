"""Results of one query over several namespaces, merged."""

from __future__ import annotations

from typing import Any

import msgspec

from pinecone_core.checks import enum_value, one_of, positive_integer
from pinecone_core.errors import PineconeValueError
from pinecone_core.structs import StructDictMixin

from .responses import QueryResponse, Usage
from .vector import ScoredVector

__all__ = ["QueryNamespacesResults", "QueryResultsAggregator", "QueryResultsAggregatorInvalidTopKError"]

METRICS = ("cosine", "euclidean", "dotproduct")


class QueryNamespacesResults(StructDictMixin, kw_only=True):
    """What one query found over several namespaces.

    Attributes:
        matches: The best of all, best first; equal scores in the order of the namespaces.
        usage: What it cost in all.
        ns_usage: What it cost by namespace.
    """

    matches: list[ScoredVector] = msgspec.field(default_factory=list)
    usage: Usage = msgspec.field(default_factory=Usage)
    ns_usage: dict[str, Usage] = msgspec.field(default_factory=dict)


class QueryResultsAggregatorInvalidTopKError(PineconeValueError):
    """``top_k`` is not 1 or more."""

    def __init__(self, top_k: int) -> None:
        super().__init__(f"top_k must be at least 1 to merge the results of several queries, got {top_k}")
        self.top_k = top_k


class QueryResultsAggregator:
    """Merges the answers of queries into one list.

    Args:
        metric: ``cosine``, ``euclidean`` or ``dotproduct``: says whether a higher score is a better one.
        top_k: How many matches to keep.

    Raises:
        PineconeValueError: The metric is unknown.
        QueryResultsAggregatorInvalidTopKError: ``top_k`` is below 1.

    Example:
        >>> merged = QueryResultsAggregator(metric="cosine", top_k=1)
        >>> merged.add_results("a", QueryResponse(matches=[ScoredVector(id="x", score=0.5)]))
        >>> merged.add_results("b", QueryResponse(matches=[ScoredVector(id="y", score=0.9)]))
        >>> [match.id for match in merged.get_results().matches]
        ['y']
    """

    def __init__(self, *, metric: str, top_k: int = 10) -> None:
        self._lower_is_better = one_of("metric", enum_value(metric), METRICS) == "euclidean"
        if not isinstance(top_k, int) or top_k < 1:
            raise QueryResultsAggregatorInvalidTopKError(top_k)
        self._top_k = positive_integer("top_k", top_k)
        self._matches: list[ScoredVector] = []
        self._read_units = 0
        self._ns_usage: dict[str, Usage] = {}
        self._done = False

    def add_results(self, namespace: str, response: QueryResponse) -> None:
        """Take in the answer of one namespace.

        Raises:
            PineconeValueError: The results were asked for already.
        """
        if self._done:
            raise PineconeValueError("Cannot add results after get_results() was called")
        self._matches.extend(response.matches)
        if response.usage is not None:
            self._read_units += response.usage.read_units or 0
            self._ns_usage[namespace] = response.usage

    def get_results(self) -> QueryNamespacesResults:
        """Return the best matches of all that was taken in."""
        self._done = True
        # Sorting is stable, so equal scores stay in the order in which they were added.
        ordered = sorted(self._matches, key=self._rank)
        return QueryNamespacesResults(
            matches=ordered[: self._top_k],
            usage=Usage(read_units=self._read_units),
            ns_usage=dict(self._ns_usage),
        )

    def _rank(self, match: Any) -> float:
        score = float(match.score)
        return score if self._lower_is_better else -score
