"""The documents API of a later version: known, and refused in a sentence."""

from __future__ import annotations

from ..http import Route, unsupported

__all__ = ["DATA_ROUTES", "ROUTES"]

_REFUSED = unsupported(
    "The documents API is not offered by this version of pinecone-local; use vectors or records."
)

ROUTES: list[Route] = []

DATA_ROUTES = [
    Route("POST", f"/namespaces/{{namespace}}/documents/{verb}", _REFUSED)
    for verb in ("upsert", "search", "fetch", "delete", "update", "list")
]
