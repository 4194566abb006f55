"""What stands for a part of an answer that this version has no model for."""

from __future__ import annotations

from typing import Any

import msgspec

from pinecone_core.display import abbreviate_dict
from pinecone_core.structs import StructDictMixin

from .card import Card, Parts, Rows

__all__ = ["UnknownItem"]


class UnknownItem(Card, StructDictMixin, kw_only=True):
    """A snippet, block or chunk of a kind that came after this version, or that could not be read.

    Its keys can be read as attributes too.

    Attributes:
        type: What the service calls the kind; empty when it does not say.
        data: The whole of it, as decoded JSON; text that is not JSON stands under ``"text"``.
    """

    type: str = ""
    data: dict[str, Any] = msgspec.field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name in self.data:
            return self.data[name]
        raise AttributeError(f"an UnknownItem of type {self.type!r} has no {name!r}")

    def to_dict(self) -> dict[str, Any]:
        """Return what the service sent."""
        return dict(self.data)

    def _parts(self, limit: int) -> Parts:
        return [("type", repr(self.type)), ("data", abbreviate_dict(self.data))]

    def _rows(self) -> Rows:
        return [("Type:", self.type), ("Data:", abbreviate_dict(self.data))]
