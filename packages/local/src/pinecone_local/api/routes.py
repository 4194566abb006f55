"""The two tables of operations: the project's own (control plane) and an index host's (data plane)."""

from __future__ import annotations

from functools import cache

from ..http import Router

__all__ = ["control_router", "data_router"]


@cache
def control_router() -> Router:
    """Return the operations of the project's host."""
    from .. import inference
    from . import admin, assistant, backups, collections, documents, indexes, steering

    tables = (indexes, collections, backups, inference, assistant, documents, steering, admin)
    return Router([route for table in tables for route in table.ROUTES])


@cache
def data_router() -> Router:
    """Return the operations of an index's host."""
    from . import documents, imports, namespaces, query, records, vectors

    tables = (vectors, query, records, namespaces, imports)
    return Router([*(route for table in tables for route in table.ROUTES), *documents.DATA_ROUTES])
