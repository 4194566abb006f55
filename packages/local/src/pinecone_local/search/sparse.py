"""Dot products of one sparse query with many sparse rows, over posting lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from ..state.sparse_table import SparseRow, SparseView

__all__ = ["sparse_scores"]


def sparse_scores(
    view: SparseView, query: SparseRow
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Score every row against a sparse query.

    Args:
        view: The rows.
        query: Its indices, each at most once, and values.

    Returns:
        The dot product of each row, and whether the row shares an index with the query at all.
    """
    order = np.argsort(query[0])
    indices, weights = query[0][order], query[1][order].astype(np.float64)
    scores = np.zeros(view.rows, np.float64)
    touched = np.zeros(view.rows, np.bool_)
    for postings in view.postings:
        places = np.searchsorted(postings.terms, indices)
        for place, index, weight in zip(places.tolist(), indices, weights, strict=True):
            if place == len(postings.terms) or postings.terms[place] != index:
                continue
            span = slice(int(postings.starts[place]), int(postings.starts[place + 1]))
            rows = postings.rows[span]  # each row at most once, so += adds every entry
            scores[rows] += weight * postings.values[span]
            touched[rows] = True
    _score_tail(view, indices, weights, scores, touched)
    return scores, touched


def _score_tail(
    view: SparseView,
    indices: npt.NDArray[np.uint32],
    weights: npt.NDArray[np.float64],
    scores: npt.NDArray[np.float64],
    touched: npt.NDArray[np.bool_],
) -> None:
    bounds = view.bounds[view.tail_row :]
    start = int(bounds[0])
    entries = view.indices[start : int(bounds[-1])]
    if not len(entries) or not len(indices):
        return
    places = np.minimum(np.searchsorted(indices, entries), len(indices) - 1)
    hit = np.flatnonzero(indices[places] == entries)
    if not len(hit):
        return
    rows = np.searchsorted(bounds, hit + start, side="right") - 1
    parts = weights[places[hit]] * view.values[start:][hit]
    scores[view.tail_row :] += np.bincount(rows, parts, minlength=len(bounds) - 1)
    touched[view.tail_row + rows] = True
