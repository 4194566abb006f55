"""A small program to be tested."""

from __future__ import annotations

from typing import Any


def best_title(index: Any, vector: list[float]) -> str:
    """Return the title nearest to a vector."""
    found = index.query(vector=vector, top_k=1, include_metadata=True)
    return str(found.matches[0].metadata["title"])
