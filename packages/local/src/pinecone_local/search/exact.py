"""Exact nearest neighbours: score fast in float32, then settle the best few in float64.

Scores follow the service: cosine and dot product, higher is better; euclidean is the squared
distance, lower is better. The float32 pass carries a bound on its own rounding error, so every row
that could belong to the result is scored again in float64; the result is therefore the one exact
arithmetic would give. Scores are rounded to float32, and equal scores are ordered by row, that is,
the record written earlier comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from ..state.arrays import MatrixView

__all__ = ["Found", "Metric", "best_of", "dense_search", "worst_first"]

Metric = Literal["cosine", "dotproduct", "euclidean"]
F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Below this share of rows kept, copying the kept rows together beats scoring all and masking.
GATHER_BELOW = 0.2

_ROUNDING = 2.0**-24
_BLOCK_ROWS = 8192


@dataclass(frozen=True, slots=True)
class Found:
    """Rows, best first, and the score of each."""

    rows: I64
    scores: F32


def worst_first(metric: Metric) -> bool:
    """Say whether a higher score is a worse one."""
    return metric == "euclidean"


def dense_search(
    matrix: MatrixView,
    norms: F32,
    query: F32,
    metric: Metric,
    top_k: int,
    keep: Mask | None = None,
    bonus: F64 | None = None,
    among: I64 | None = None,
) -> Found:
    """Find the rows nearest to a query.

    Args:
        matrix: The vectors.
        norms: The length of each vector.
        query: The query, float32, of the matrix's dimension.
        metric: How nearness is measured.
        top_k: How many rows to find at most.
        keep: Which rows may be found; None means all.
        bonus: What to add to each row's dot product (the sparse part of a hybrid query).
        among: The only rows to look at, ascending; ``keep`` lets them all through.

    Returns:
        At most ``top_k`` rows, best first.
    """
    if among is not None:
        kept, keep = len(among), None
    else:
        kept = matrix.rows if keep is None else int(np.count_nonzero(keep))
    if kept == 0 or top_k < 1:
        return Found(np.empty(0, np.int64), np.empty(0, np.float32))
    rows = among
    if keep is not None and kept < GATHER_BELOW * matrix.rows:
        rows = np.flatnonzero(keep)
        keep = None
    if kept <= top_k:
        candidates = rows if rows is not None else _all_rows(matrix.rows, keep)
    else:
        candidates = _candidates(matrix, norms, query, metric, top_k, rows, keep, bonus)
    scores = _exact_scores(matrix, query, metric, candidates, bonus)
    return best_of(candidates, scores, top_k, lower=worst_first(metric))


def best_of(rows: I64, scores: F32, top_k: int, *, lower: bool = False) -> Found:
    """Order rows (given ascending) by score, equal scores by row, and keep the first ``top_k``."""
    order = np.argsort(scores if lower else -scores, kind="stable")[:top_k]
    return Found(rows[order], scores[order])


def _all_rows(rows: int, keep: Mask | None) -> I64:
    return np.arange(rows, dtype=np.int64) if keep is None else np.flatnonzero(keep)


def _candidates(
    matrix: MatrixView,
    norms: F32,
    query: F32,
    metric: Metric,
    top_k: int,
    rows: I64 | None,
    keep: Mask | None,
    bonus: F64 | None,
) -> I64:
    """Return, ascending, all rows that could be among the best ``top_k``."""
    with np.errstate(over="ignore", invalid="ignore"):
        if rows is None:
            rough = _dot_all(matrix, query)
        else:
            rough = _dot_some(matrix, query, rows)
            norms = norms[rows]
            bonus = None if bonus is None else bonus[rows]
        doubt = _goodness(rough, norms, query, metric, bonus)
        if not (np.isfinite(rough.max()) and np.isfinite(rough.min())):
            return rows if rows is not None else _all_rows(matrix.rows, keep)
        if keep is not None:
            rough[~keep] = -np.inf
        sure = rough - doubt
        threshold = np.partition(sure, len(sure) - top_k)[len(sure) - top_k]
        close = np.flatnonzero(rough + doubt >= threshold)
    return close if rows is None else rows[close]


def _dot_all(matrix: MatrixView, query: F32) -> F32:
    dots = np.empty(matrix.rows, np.float32)
    for start, part in matrix.parts():
        np.dot(part, query, out=dots[start : start + len(part)])
    return dots


def _dot_some(matrix: MatrixView, query: F32, rows: I64) -> F32:
    dots = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), _BLOCK_ROWS):
        block = rows[start : start + _BLOCK_ROWS]
        np.dot(matrix.take(block), query, out=dots[start : start + len(block)])
    return dots


def _goodness(dots: F32, norms: F32, query: F32, metric: Metric, bonus: F64 | None) -> F32 | np.float32:
    """Turn dot products, in place, into "higher is better", and return a bound on their error."""
    unit = np.float32((len(query) + 16) * _ROUNDING)
    length = np.float32(np.linalg.norm(query))
    if metric == "cosine":
        np.divide(dots, norms, out=dots, where=norms > 0)
        return np.float32(2 * unit * length)
    if metric == "euclidean":
        squares = norms * norms
        doubt = (squares + 2 * length * norms) * (2 * unit)
        dots *= 2
        dots -= squares
        return doubt
    if bonus is not None:
        dots += bonus.astype(np.float32)
        # The sum is rounded once more, relative to its parts.
        return norms * (2 * unit * length) + np.abs(bonus).astype(np.float32) * (4 * unit)
    return norms * (2 * unit * length)


def _exact_scores(matrix: MatrixView, query: F32, metric: Metric, rows: I64, bonus: F64 | None) -> F32:
    exact = query.astype(np.float64)
    scores = np.empty(len(rows), np.float32)
    length = float(np.sqrt(np.sum(exact * exact)))
    for start in range(0, len(rows), _BLOCK_ROWS):
        mine = rows[start : start + _BLOCK_ROWS]
        block = matrix.take(mine).astype(np.float64)
        # Products summed row by row: the same vector gets the same score wherever it stands.
        if metric == "euclidean":
            block -= exact
            block *= block
            settled = block.sum(axis=1)
        else:
            settled = (block * exact).sum(axis=1)
            if metric == "cosine":
                block *= block
                lengths = np.sqrt(block.sum(axis=1)) * length
                settled = np.divide(settled, lengths, out=np.zeros_like(settled), where=lengths > 0)
            elif bonus is not None:
                settled = settled + bonus[mine]
        with np.errstate(over="ignore"):
            scores[start : start + len(mine)] = settled
    return scores
