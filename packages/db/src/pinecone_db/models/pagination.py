"""Where the next page of a listing begins."""

from __future__ import annotations

from pinecone_core.structs import StructDictMixin

__all__ = ["Pagination"]


class Pagination(StructDictMixin, kw_only=True):
    """Where the next page of a listing begins.

    Attributes:
        next: The token to ask for it with; None at the end.
    """

    next: str | None = None
