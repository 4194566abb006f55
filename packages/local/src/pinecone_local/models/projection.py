"""Present vectors of one width in another."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["present", "unit_rows"]


def present(vectors: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """Give unit vectors another dimension.

    Wider: a fixed matrix with orthonormal rows turns them into the wider space, so every cosine and
    every distance stays what it was. Narrower: the first ``dimension`` values are kept and scaled
    back to unit length. That suits models trained for it (Matryoshka), whose first values carry
    most; cosines then change a little, the more so the fewer values are kept.

    Args:
        vectors: Unit rows, shape ``(n, width)``.
        dimension: The number of values wanted a row.

    Returns:
        Unit rows, shape ``(n, dimension)``.
    """
    width = vectors.shape[1]
    if dimension == width:
        return vectors
    if dimension < width:
        return unit_rows(np.ascontiguousarray(vectors[:, :dimension]))
    return unit_rows(vectors @ _rotation(width, dimension))


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale each row to length one; a row of zeros becomes the first unit vector."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    empty = lengths[:, 0] == 0
    if empty.any():
        rows = rows.copy()
        rows[empty, 0] = 1
        lengths[empty] = 1
    return np.asarray(rows / lengths, dtype=np.float32)


@lru_cache(maxsize=8)
def _rotation(width: int, dimension: int) -> NDArray[np.float32]:
    """Make the first ``width`` rows of the orthonormal cosine transform, with the columns' signs shuffled.

    A formula rather than random numbers: the same on every machine and with every numpy. The signs
    keep neighbouring values from following each other smoothly.
    """
    row = np.arange(width, dtype=np.float64)[:, None]
    column = np.arange(dimension, dtype=np.float64)[None, :]
    matrix = np.cos(np.pi * (column + 0.5) * row / dimension) * np.sqrt(2.0 / dimension)
    matrix[0] = np.sqrt(1.0 / dimension)
    blocks = range((dimension + 511) // 512)
    noise = b"".join(
        blake2b(block.to_bytes(4, "little"), person=b"pinecone-local").digest() for block in blocks
    )
    signs = np.unpackbits(np.frombuffer(noise, dtype=np.uint8))[:dimension].astype(np.float64) * 2 - 1
    return np.ascontiguousarray(matrix * signs, dtype=np.float32)
